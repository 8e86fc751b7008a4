"""Home to preparing: table, behaviour and shocks as constants, forcing and first state of a chunk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

import ytterby.run.precision  # noqa: F401 - for what it sets
from ytterby.run.ario.behaviour import Behaviour
from ytterby.run.ario.laying import Laid, Losses, lay
from ytterby.run.ario.shocks import Shock
from ytterby.run.ario.state import Constants, Forcing, State
from ytterby.run.ario.stepping import Layout
from ytterby.run.ario.structure import ENDLESS, Structure
from ytterby.run.ario.table import Table
from ytterby.run.base import Inputs
from ytterby.terms.errors import BadValue

NOTHING = np.array([], dtype=np.int64)
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Prepared:
    """What a step is compiled for and runs on."""

    layout: Layout
    inputs: Inputs[Constants, Forcing]
    over: NDArray[np.int64]
    """(draw,) step from which nothing is lost any more."""


@dataclass(frozen=True, eq=False)
class Ground:
    """A table with what does not change from chunk to chunk."""

    table: Table
    behaviour: Behaviour
    dtype: str = "float64"

    @cached_property
    def structure(self) -> Structure:
        """The table as arrays of a step."""
        return Structure(self.table, int(self.behaviour.step_days), float(self.behaviour.year_days))

    @cached_property
    def shared(self) -> Any:
        """The arrays that all draws share, on the device."""
        return jax.tree.map(lambda a: jnp.asarray(a, dtype=self.dtype), self.structure.shared)

    @cached_property
    def capital(self) -> Floats:
        """(N,) capital, money."""
        return self.behaviour.capital_of(self.table)

    def prepared(self, shocks: Sequence[Shock], steps: int, draws: int, behaviour: Behaviour | None = None) -> Prepared:
        """Layout, constants and forcing of `draws` draws.

        Raises:
            BadValue, UnknownName, DateOrder: see `behaviour` and `shocks`.
        """
        told = behaviour or self.behaviour
        laid = lay(shocks, self.table, self.capital, steps, int(told.step_days), draws)
        made = told.laid(self.table, draws)
        layout = self._layout(laid, made, told)
        return Prepared(layout, Inputs(self._constants(laid, made), self._forcing(laid, steps, draws)), laid.over)

    def _layout(self, laid: Laid, made: dict[str, Floats], told: Behaviour) -> Layout:
        rows = lambda part: NOTHING if part is None else part.rows  # noqa: E731
        return Layout(
            regions=self.structure.regions,
            inputs=self.structure.inputs,
            alternative=told.order_rule == "alt",
            short_cuts=told.short_cuts,
            # more than the stock can be used in a step only where less than a step's use is enough to produce in full
            may_crash=bool((made["psi"] * made["inventory"] < 1.0 + 1e-9).any()),
            loss_rows=rows(laid.losses),
            money_rows=rows(laid.capital),
            path_rows=laid.path_rows,
            gate_rows=rows(laid.gates),
            gate_where=np.zeros((0, 0, 0)) if laid.gates is None else laid.gates.where,
            rebuilds=laid.rebuilding is not None,
        )

    def _constants(self, laid: Laid, made: dict[str, Floats]) -> Constants:
        one = lambda a: jnp.asarray(a, dtype=self.dtype)  # noqa: E731
        finite = np.isfinite(made["inventory"])
        target = np.where(finite, made["inventory"], 0.0)
        lost, asked, split, factor = self._rebuilding(laid)
        return Constants(
            shared=self.shared,
            psi=one(made["psi"]),
            inventory=one(target),
            limited=one(np.where(finite, 1.0 / np.where(finite, target, 1.0), 0.0)),
            unlimited=one(np.where(finite, 0.0, ENDLESS)),
            restoration=one(made["restoration"]),
            base=one(made["base"]),
            most=one(made["most"]),
            pace=one(made["pace"]),
            lost=one(_worst(laid.losses)),
            money=one(_worst(laid.capital)),
            capital=one(self.capital),
            rebuild_lost=one(lost),
            rebuild_asked=one(asked),
            rebuild_split=one(split),
            rebuild_factor=one(factor),
            passes=one(np.zeros(0) if laid.gates is None else laid.gates.passes),
        )

    def _rebuilding(self, laid: Laid) -> tuple[Floats, Floats, Floats, Floats]:
        told = laid.rebuilding
        if told is None:
            return np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0)
        s = self.structure
        m, n = s.regions, s.inputs
        # (event, supplier's region, supplier's sector, industry): how what an industry lost is spread over suppliers
        spread = told.sectors[:, None, :, None] * s.rebuilding_split()[None]
        if not np.allclose(spread.sum(axis=(1, 2)), 1.0):
            raise BadValue(
                "a sector that makes nothing anywhere is to rebuild", place="shocks, rebuilt_by", remedy="name another"
            )
        events = len(told.factor)
        flat = spread.reshape(events, m * n, m, n)
        asked = (
            np.einsum("erfi,efib->efrb", flat, told.lost.reshape(events, m, n, -1)) * told.factor[:, None, None, None]
        )
        return told.lost, asked, flat.transpose(0, 2, 3, 1), told.factor

    def _forcing(self, laid: Laid, steps: int, draws: int) -> Forcing:
        none = np.zeros((steps, 0, draws))
        one = lambda a: np.asarray(a, dtype=self.dtype)  # noqa: E731
        part = lambda told, name: none if told is None else getattr(told, name)  # noqa: E731
        return Forcing(
            number=np.arange(steps),
            part=one(part(laid.losses, "part")),
            recovers=one(part(laid.losses, "recovers")),
            money_part=one(part(laid.capital, "part")),
            money_recovers=one(part(laid.capital, "recovers")),
            path=one(laid.path),
            begun=one(part(laid.rebuilding, "begun")),
            rebuilt=one(part(laid.rebuilding, "pace")),
            shut=one(part(laid.gates, "shut")),
        )


def _worst(told: Losses | None) -> Floats:
    return np.zeros(0) if told is None else told.worst


def first(l: Layout, c: Constants) -> State:  # noqa: E741
    """The state before the first step: stocks on target, orders as in a normal step."""
    shared, draws = c.shared, c.psi.shape[-1]
    like = lambda a: jnp.broadcast_to(a[..., None], (*a.shape, draws))  # noqa: E731
    normal = like(shared.normal)
    bought = shared.per_output > 0.0
    wanted = like(jnp.where(bought, shared.normal[None], 0.0))
    orders = (shared.bought * jnp.where(bought, shared.normal[None], 0.0)[:, None]).sum(axis=2)
    orders = like(orders.T.reshape(l.industries))
    ones = jnp.ones((len(l.gate_rows), l.regions, draws), dtype=normal.dtype)
    held = ones[:, :, :0].sum(axis=2, keepdims=True) * ones
    if l.gate_rows.size:
        kind, home = l.gate_rows % l.inputs, l.gate_rows // l.inputs
        each = shared.bought[kind, home] * jnp.where(bought, shared.normal[None], 0.0)[kind]
        held = like(each.reshape(len(l.gate_rows), l.regions, l.inputs).sum(axis=2))
        orders = orders.at[l.gate_rows].set(0.0)
    stock = jnp.where(bought[..., None], c.inventory[:, None] * normal[None], 0.0)
    left = jnp.ones_like(c.rebuild_asked) if l.rebuilds else jnp.zeros((0, 0, 0, draws), dtype=normal.dtype)
    return State(
        stock=stock,
        wanted=wanted,
        reach=jnp.ones_like(normal),
        orders=orders,
        held=held,
        let=ones,
        stretch=jnp.broadcast_to(c.base, normal.shape),
        made=normal,
        left=left,
        crashed=jnp.zeros(draws, dtype=normal.dtype),
    )
