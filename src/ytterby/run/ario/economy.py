"""Home to `Economy`: the economy on the contract of the ensemble, with uncertain behaviour and shocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, final

import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

import ytterby.run.precision  # noqa: F401 - for what it sets
from ytterby.run.ario.behaviour import Behaviour
from ytterby.run.ario.preparing import Ground, first
from ytterby.run.ario.shocks import Destruction, Gate, Path, Shock
from ytterby.run.ario.state import Constants, Forcing, State
from ytterby.run.ario.stepping import Layout, step
from ytterby.run.ario.table import Table
from ytterby.run.base import Grid, Inputs, Model, Series
from ytterby.run.draws import Parameter
from ytterby.terms.errors import BadValue, UnknownName

Floats = NDArray[np.float64]
PREFIX = "economy:"
PLAIN = ("psi", "overproduction_base", "overproduction_max", "overproduction_days")
"""Uncertain as they are."""
SCALED = ("inventory_days", "restoration_days")
"""Uncertain by a factor on every sector's."""
OF_SHOCKS = ("size", "duration", "recovery_days", "passes")
"""Uncertain of a shock: a factor on what is lost, days, or the share let through."""
DRAW = PREFIX + "draw"
"""The draw of another model's run that a world goes on from; given to the ensemble as `fitted`."""


@final
@dataclass(frozen=True, eq=False)
class Economy(Model[Constants, State, Forcing]):
    """An economy under shocks, from `start` for `steps` steps.

    `uncertain` names what varies: ``economy:psi``, ``economy:inventory_days`` (a factor),
    ``economy:shock:NAME:size`` and so on. A `Path` with a draw axis goes on from the draws of another run: give
    `following(draws)` to the ensemble as `fitted`.
    """

    table: Table
    shocks: tuple[Shock, ...] = ()
    behaviour: Behaviour = Behaviour()  # noqa: RUF009 - frozen
    start: date = date(2025, 1, 1)
    steps: int = 365
    uncertain: tuple[Parameter, ...] = ()
    dtype: str = "float64"

    def __post_init__(self) -> None:
        named = {shock.name for shock in self.shocks}
        if len(named) < len(self.shocks) and any(":shock:" in p.name for p in self.uncertain):
            raise BadValue("two shocks have one name", place="shocks", remedy="name each, or vary none")
        known = [
            *(PREFIX + name for name in (*PLAIN, *SCALED)),
            *(f"{PREFIX}shock:{name}:{what}" for name in sorted(named) for what in OF_SHOCKS),
        ]
        for parameter in self.uncertain:
            if parameter.name not in known:
                raise UnknownName(parameter.name, known=known, what="uncertain parameter", place="Economy")

    @property
    def grid(self) -> Grid:
        return Grid(self.start, self.steps, float(self.behaviour.step_days))

    @property
    def precision(self) -> str:
        return self.dtype

    @cached_property
    def ground(self) -> Ground:
        """The table as arrays of a step."""
        return Ground(self.table, self.behaviour, self.dtype)

    @cached_property
    def follows(self) -> bool:
        """Whether a path has draws of its own."""
        return any(isinstance(s, Path) and np.ndim(s.lost) == 3 for s in self.shocks)

    @cached_property
    def layout(self) -> Layout:
        """What a step is compiled for: the same for every chunk."""
        drawn = {p.name: np.array([p.low, p.median, p.high]) for p in self.parameters()}
        shocks, behaviour = self._varied(drawn)
        return self.ground.prepared(shocks, self.steps, 3, behaviour).layout

    def parameters(self) -> tuple[Parameter, ...]:
        return (*self.uncertain, *((Parameter(DRAW, 0.0, 0.0, 0.0),) if self.follows else ()))

    def following(self, draws: int) -> dict[str, Floats]:
        """What makes world k go on from draw k of the run that the paths are from."""
        return {DRAW: np.arange(draws, dtype=np.float64)} if self.follows else {}

    def inputs(self, drawn: Mapping[str, Floats]) -> Inputs[Constants, Forcing]:
        draws = len(next(iter(drawn.values()))) if drawn else 1
        shocks, behaviour = self._varied(drawn)
        return self.ground.prepared(shocks, self.steps, draws, behaviour).inputs

    def initial(self, constants: Constants) -> State:
        return first(self.layout, constants)

    def step(self, constants: Constants, state: State, forcing: Forcing) -> tuple[State, dict[str, Array]]:
        new, seen = step(self.layout, constants, state, forcing)
        shared = constants.shared
        made = seen["production"] * (1.0 - seen["crashed"])
        normal = jnp.broadcast_to(shared.normal[:, None], made.shape)
        inputs = (shared.per_output * shared.normal).sum(axis=1)
        held = jnp.einsum("pf,pfb->pb", shared.per_output, state.stock) * self.behaviour.step_days
        return new, {
            "demand": normal,
            "output": made,
            "value_lost": (normal - made) * shared.value_added[:, None],
            "struck": (normal - seen["capacity"] / seen["stretch"]) * shared.value_added[:, None],
            "unmet": seen["unmet"],
            "orders": seen["orders"],
            "rebuild": seen["rebuild"],
            "missing": seen["missing"],
            "cover": jnp.where(inputs[:, None] > 0.0, held / jnp.where(inputs > 0.0, inputs, 1.0)[:, None], 0.0),
            "flow": made.reshape(self.layout.regions, self.layout.inputs, -1).sum(axis=0),
            "residual": seen["residual"],
            "crashed": seen["crashed"],
        }

    def series(self) -> tuple[Series, ...]:
        names, sectors, money = self.table.names, self.table.sectors, self.table.unit or "money"
        return (
            Series("demand", names, money, "flow", "output as it was before the shocks"),
            Series("output", names, money, "flow", "output"),
            Series("value_lost", names, money, "flow", "value added lost against what it was before the shocks"),
            Series("struck", names, money, "flow", "value added of the capacity that shocks took, were it all used"),
            Series("unmet", names, money, "flow", "final demand not met, by customers' region and sector"),
            Series("orders", names, money, "flow", "orders of industries, by supplier"),
            Series("rebuild", names, money, "flow", "orders for rebuilding, by supplier"),
            Series("missing", names, money, "level", "capital missing"),
            Series(
                "cover", sectors, "day", "level", "stocks of an input over its normal use; 0 where they never limit"
            ),
            Series("flow", sectors, money, "flow", "output by sector"),
            Series("residual", sectors, money, "flow", "output less deliveries"),
            Series("crashed", ("world",), "", "ratio", "1 once stocks would have gone negative"),
        )

    def _varied(self, drawn: Mapping[str, Floats]) -> tuple[list[Shock], Behaviour]:
        changes: dict[str, Any] = {}
        for name in PLAIN:
            if PREFIX + name in drawn:
                changes[name] = drawn[PREFIX + name]
        for name in SCALED:
            if PREFIX + name in drawn:
                days = self.behaviour.by_sector(self.table, name)
                changes[name] = days[:, None] * drawn[PREFIX + name]
        return [self._shock(shock, drawn) for shock in self.shocks], replace(self.behaviour, **changes)

    def _shock(self, shock: Shock, drawn: Mapping[str, Floats]) -> Shock:
        value = {what: drawn.get(f"{PREFIX}shock:{shock.name}:{what}") for what in OF_SHOCKS}
        if isinstance(shock, Path):
            lost = np.asarray(shock.lost, dtype=np.float64)
            lost = lost[..., drawn[DRAW].astype(int)] if lost.ndim == 3 and DRAW in drawn else lost
            size = value["size"]
            if size is not None:
                lost = np.minimum((lost if lost.ndim == 3 else lost[..., None]) * size, 1.0)
            return replace(shock, lost=lost)
        changes: dict[str, Any] = {}
        for what in ("duration", "recovery_days", "passes"):
            if value[what] is not None and hasattr(shock, what):
                changes[what] = value[what]
        if "duration" in changes:
            changes["duration"] = np.maximum(np.round(changes["duration"]), 1.0)
        if value["size"] is not None and not isinstance(shock, Gate):
            most = np.inf if isinstance(shock, Destruction) and not shock.share else 1.0
            changes["lost"] = {key: np.minimum(v * value["size"], most) for key, v in shock.lost.items()}
        return replace(shock, **changes)
