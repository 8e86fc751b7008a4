"""Home to `simulate`: the economy from plain arrays to plain arrays, one scenario or an ensemble of them."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import jax
import numpy as np
from numpy.typing import NDArray

import ytterby.run.precision  # noqa: F401 - for what it sets
from ytterby.run.ario import shocks as told_shocks
from ytterby.run.ario.behaviour import Behaviour
from ytterby.run.ario.laying import together
from ytterby.run.ario.preparing import Ground, Prepared, first
from ytterby.run.ario.shocks import Shock, shock_of
from ytterby.run.ario.stability import RunawayWarning, Stability, judge
from ytterby.run.ario.state import Constants, Forcing, State
from ytterby.run.ario.stepping import Layout, step
from ytterby.run.ario.table import Table
from ytterby.terms.errors import BadValue, UnknownName

Floats = NDArray[np.float64]
SEEN = ("production", "capacity", "demand", "orders", "stretch", "unmet", "rebuild", "missing", "stocks")
"""What may be kept."""
USUAL = ("production", "orders", "stocks", "unmet")
SMALL = ("production", "unmet")
HELD = 2**15
"""Numbers in an array of a chunk: what the cache of a core holds beside the others."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What was seen, (step, row), or (step, row, draw) of an ensemble; what was not kept is None.

    Money a step, in the table's unit. From the step in which stocks would have gone negative on all is NaN.
    """

    industries: tuple[str, ...]
    """``region|sector`` of each row."""
    inputs: tuple[str, ...]
    """Sector of each input of `stocks`."""
    production: Floats | None
    capacity: Floats | None
    demand: Floats | None
    """What customers asked for and may be sent."""
    orders: Floats | None
    """Of industries, by supplier, before any gate."""
    stretch: Floats | None
    """Output an industry can stretch to, over its normal one."""
    unmet: Floats | None
    """Final demand not met, by customers' region and sector."""
    rebuild: Floats | None
    """Asked for rebuilding, by supplier."""
    missing: Floats | None
    """Capital missing."""
    stocks: Floats | None
    """(step, input, industry[, draw]) before production; infinite where the input never limits."""
    crashed: Any
    """Whether stocks would have gone negative: bool, or (draw,)."""
    stability: Stability

    def __getitem__(self, name: str) -> Any:
        """`outcome["production"]`.

        Raises:
            UnknownName: nothing of that name was kept.
        """
        known = [f.name for f in fields(self) if getattr(self, f.name) is not None]
        if name not in known:
            raise UnknownName(name, known=known, what="result", place="Outcome")
        return getattr(self, name)


def simulate(
    Z: Any,
    Y: Any = None,
    x: Any = None,
    labels: Sequence[Any] | None = None,
    parameters: Behaviour | Mapping[str, Any] | None = None,
    shocks: Sequence[Any] = (),
    steps: int = 365,
    *,
    demand_labels: Sequence[Any] | None = None,
    keep: Sequence[str] | None = None,
    chunk: int | None = None,
    dtype: str = "float64",
) -> Outcome:
    """Simulate an economy under shocks.

    Args:
        Z: (N, N) deliveries between industries, money a year; or a `Table`, then Y, x and labels are left out.
        Y: (N, k) final demand.
        x: (N,) output; left out: what is sold.
        labels: N pairs (region, sector), any order; what comes back is sorted by (region, sector).
        parameters: a `Behaviour` or a mapping of its fields; numbers may be (draw,).
        shocks: `Loss`, `Destruction`, `Gate`, `Path` or mappings with a ``kind``; numbers may be (draw,). A list of
            such lists is an ensemble, one scenario a draw.
        steps: how many steps (days, unless `step_days` says otherwise).
        demand_labels: k pairs (region, use), see `Table.of`.
        keep: names of `SEEN`; left out: `USUAL` for one scenario, `SMALL` for an ensemble.
        chunk: scenarios simulated at once; left out, as many as the cache of a core holds.
        dtype: ``float64`` or ``float32``.

    Raises:
        BadValue, Unbalanced, UnknownName, DateOrder: what was given cannot be; nothing was simulated.

    Warns:
        RunawayWarning: output keeps falling when all shocks are over: the ordering rule, not the shock, takes it down.
    """
    table = Z if isinstance(Z, Table) else Table.of(Z, Y, x, labels, demand_labels)
    behaviour = Behaviour.of(parameters)
    told = _told(shocks)
    draws = _draws(told, behaviour, shocks)
    kept = _kept(keep, draws)
    chunk = fitting(table) if chunk is None else chunk
    _sizes(steps, chunk, dtype)
    ground = Ground(table, behaviour, dtype)
    with jax.enable_x64(True):
        parts, over = [], []
        for begin in range(0, draws or 1, chunk):
            part = slice(begin, min(begin + chunk, draws or 1))
            prepared = ground.prepared(*_cut(told, behaviour, steps, part, draws))
            over.append(prepared.over)
            parts.append(_seen(prepared, tuple(dict.fromkeys((*kept, "production", "crashed")))))
    arrays = {name: np.concatenate([p[name] for p in parts], axis=-1) for name in parts[0]}
    return _outcome(ground, arrays, np.concatenate(over), kept, draws)


def fitting(table: Table) -> int:
    """Scenarios to simulate at once: a power of 2 from 16 to 128."""
    return int(np.clip(2 ** int(np.log2(max(HELD / (len(table.sectors) * len(table.x)), 1.0))), 16, 128))


def _told(shocks: Any) -> list[Shock]:
    if isinstance(shocks, str) or not isinstance(shocks, Sequence):
        raise BadValue(f"a {type(shocks).__name__} is no list of shocks", place="shocks", remedy="give a list")
    if _scenarios(shocks):
        return together([[shock_of(s) for s in scenario] for scenario in shocks])
    return [shock_of(s) for s in shocks]


def _scenarios(shocks: Sequence[Any]) -> bool:
    return len(shocks) > 0 and all(isinstance(s, Sequence) and not isinstance(s, str) for s in shocks)


def _draws(told: list[Shock], behaviour: Behaviour, shocks: Sequence[Any]) -> int | None:
    listed = len(shocks) if _scenarios(shocks) else None
    found = {d for d in (listed, told_shocks.draws_of(told), behaviour.draws()) if d is not None}
    if len(found) > 1:
        raise BadValue(
            f"{' and '.join(str(d) for d in sorted(found))} draws",
            place="parameters and shocks",
            remedy="give every array, and the list of scenarios, the same length",
        )
    return next(iter(found), None)


def _kept(keep: Sequence[str] | None, draws: int | None) -> tuple[str, ...]:
    names = keep if keep is not None else (USUAL if draws is None else SMALL)
    for name in names:
        if name not in SEEN:
            raise UnknownName(str(name), known=SEEN, what="result", place="keep")
    return tuple(names)


def _sizes(steps: Any, chunk: Any, dtype: str) -> None:
    for value, what in ((steps, "steps"), (chunk, "chunk")):
        if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < 1:
            raise BadValue(f"{value!r} {what}", place=what, remedy="give a whole number of 1 or more")
    if dtype not in ("float64", "float32"):
        raise BadValue(f"{dtype!r} is no precision", place="dtype", remedy="use float64 or float32")


def _cut(
    told: list[Shock], behaviour: Behaviour, steps: int, part: slice, draws: int | None
) -> tuple[list[Shock], int, int, Behaviour]:
    """Shocks and behaviour of some of the draws, as `Ground.prepared` takes them."""
    if draws is None:
        return told, steps, 1, behaviour
    return (
        [told_shocks.part_of(shock, part, draws) for shock in told],
        steps,
        part.stop - part.start,
        behaviour.part_of(part, draws),
    )


def _seen(prepared: Prepared, names: tuple[str, ...]) -> dict[str, Floats]:
    constants, forcing = prepared.inputs.constants, prepared.inputs.forcing
    found = _compiled(_Fixed.of(prepared.layout), names)(constants, forcing)
    return {name: np.asarray(values, dtype=np.float64) for name, values in found.items()}


@functools.lru_cache(maxsize=16)
def _compiled(fixed: _Fixed, names: tuple[str, ...]) -> Any:
    layout = fixed.layout

    def advance(constants: Constants, state: State, now: Forcing) -> tuple[State, dict[str, Any]]:
        new, seen = step(layout, constants, state, now)
        return new, {name: seen[name] for name in names}

    @jax.jit
    def run(constants: Constants, forcing: Forcing) -> dict[str, Any]:
        begun = first(layout, constants)
        return dict(jax.lax.scan(lambda s, f: advance(constants, s, f), begun, forcing)[1])

    return run


@dataclass(frozen=True)
class _Fixed:
    """A layout by its value, so that a second call with the same layout compiles nothing."""

    key: tuple[Any, ...]
    layout: Layout

    @staticmethod
    def of(layout: Layout) -> _Fixed:
        values = (getattr(layout, f.name) for f in fields(layout))
        return _Fixed(tuple((v.shape, v.tobytes()) if isinstance(v, np.ndarray) else v for v in values), layout)

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Fixed) and self.key == other.key


def _outcome(
    ground: Ground, arrays: dict[str, Floats], over: NDArray[np.int64], kept: tuple[str, ...], draws: int | None
) -> Outcome:
    table, behaviour = ground.table, ground.behaviour
    stopped = arrays["crashed"][:, 0] > 0.0
    stability = judge(ground, arrays["production"], over, stopped)
    if stability.runaway.any():
        warnings.warn(stability.told(), RunawayWarning, stacklevel=3)
    if "stocks" in kept:
        days = behaviour.laid(table, arrays["stocks"].shape[-1] if np.ndim(behaviour.inventory_days) == 2 else 1)
        infinite = ~np.isfinite(days["inventory"])
        arrays["stocks"] *= ground.structure.per_output[None, :, :, None]
        arrays["stocks"][:, infinite.any(axis=1)] = np.inf
    found: dict[str, Any] = dict.fromkeys(SEEN)
    for name in kept:
        values = arrays[name]
        if stopped.any():
            where = stopped.reshape(len(stopped), *(1,) * (values.ndim - 2), -1)
            values = np.where(np.broadcast_to(where, values.shape), np.nan, values)
        found[name] = values[..., 0] if draws is None else values
    crashed: NDArray[np.bool_] = np.any(stopped, axis=0)
    return Outcome(
        industries=table.names,
        inputs=table.sectors,
        crashed=bool(crashed[0]) if draws is None else crashed,
        stability=stability,
        **found,
    )
