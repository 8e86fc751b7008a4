"""Home to a step of the economy: shocks, stretch, production, deliveries, orders, in this order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from numpy.typing import NDArray

import ytterby.run.precision  # noqa: F401 - for what it sets
from ytterby.run.ario.shocks import CAPACITY_PLACES, MONEY_PLACES
from ytterby.run.ario.state import Constants, Forcing, State
from ytterby.run.ario.structure import RELATIVE

Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Layout:
    """What is fixed when a step is compiled: sizes, rows, and which parts there are at all."""

    regions: int
    inputs: int
    alternative: bool
    short_cuts: bool
    may_crash: bool
    loss_rows: Rows
    money_rows: Rows
    path_rows: Rows
    gate_rows: Rows
    gate_where: NDArray[np.float64]
    """(gate, k, m)"""
    rebuilds: bool

    @property
    def industries(self) -> int:
        """N."""
        return self.regions * self.inputs


def step(l: Layout, c: Constants, s: State, f: Forcing) -> tuple[State, Mapping[str, Array]]:  # noqa: E741
    """One step: the next state, and everything that can be seen of it."""
    open_ = _open(l, c, f)
    capacity_left, missing = _capacity_left(l, c, s, f)
    asked, rebuild = _demand(l, c, s, f, open_)
    stretch = _stretch(c, s, f, asked)
    capacity = c.shared.normal[:, None] * capacity_left * stretch
    best = jnp.minimum(asked, capacity)
    limit = jnp.min(s.stock * c.limited[:, None] + (c.shared.free[..., None] + c.unlimited[:, None]), axis=0) / c.psi
    made = lax.optimization_barrier(jnp.minimum(best, limit))
    met = jnp.where(asked > 0.0, made / jnp.where(asked > 0.0, asked, 1.0), 0.0)

    arrived = s.wanted * _split(l, c, s.reach * met, s.let * open_)
    stock, crashed = _stock(l, c, s, arrived, made)
    given = rebuild * met[None] if l.gate_rows.size == 0 else rebuild * met[None] * _everywhere(l, open_)
    left = _left(l, c, s, f, met, open_) if l.rebuilds else s.left
    still = asked - given.sum(axis=0)

    reach = _reach(l, c, capacity)
    # made once an industry, not again for each of its inputs
    planned = lax.optimization_barrier(jnp.minimum(still, capacity))
    wanted = _wanted(l, c, stock, made, planned, reach, open_)
    orders, held = _orders(l, c, wanted, reach, open_)
    let = open_ if l.alternative else jnp.ones_like(open_)
    new = State(stock, wanted, reach, orders, held, let, stretch, made, left, s.crashed)
    if l.may_crash:
        stopped = jnp.maximum(s.crashed, crashed)
        new = jax.tree.map(lambda old, now: jnp.where(stopped > 0.0, old, now), replace(s, crashed=stopped), new)
    delivered = jnp.einsum("pf,pfb->pb", c.shared.per_output, arrived)
    final, unmet = _final(l, c, met, open_)
    seen = {
        "production": made,
        "capacity": capacity,
        "demand": asked,
        "orders": s.orders + (_onto(l, s.held.sum(axis=1)) if l.gate_rows.size else 0.0),
        "stretch": stretch,
        "unmet": unmet,
        "rebuild": jnp.broadcast_to(rebuild.sum(axis=0), made.shape),
        "missing": missing,
        "stocks": s.stock,
        "residual": made.reshape(l.regions, l.inputs, -1).sum(axis=0)
        - delivered
        - final.reshape(l.regions, l.inputs, -1).sum(axis=0)
        - given.sum(axis=0).reshape(l.regions, l.inputs, -1).sum(axis=0),
        "crashed": s.crashed[None],
    }
    return new, seen


def rounded(values: Array, recovers: Array, places: int) -> Array:
    """Values rounded where they recover, as the model of reference does; the gradient passes as if they were not."""
    near = jnp.maximum(jnp.round(values * 10.0**places) / 10.0**places, 0.0)
    return jnp.where(recovers > 0.0, values + lax.stop_gradient(near - values), values)


def _capacity_left(l: Layout, c: Constants, s: State, f: Forcing) -> tuple[Array, Array]:  # noqa: E741
    """Part of normal capacity that is left, and capital missing, both (N, draw)."""
    zero = jnp.zeros((l.industries, s.made.shape[-1]), dtype=s.made.dtype)
    gone, missing = zero, zero
    if l.loss_rows.size:
        held = rounded(c.lost * f.part[:, None], f.recovers[:, None], CAPACITY_PLACES)
        gone = gone.at[l.loss_rows].max(held.max(axis=0))
    if l.path_rows.size:
        gone = gone.at[l.path_rows].max(f.path)
    if l.money_rows.size:
        held = rounded(c.money * f.money_part[:, None], f.money_recovers[:, None], MONEY_PLACES)
        missing = missing.at[l.money_rows].add(held.sum(axis=0))
    if l.rebuilds:
        undone = jnp.einsum("emfr,emrb->emfb", c.rebuild_split, s.left).reshape(len(c.rebuild_factor), l.industries, -1)
        missing = missing + (undone * c.rebuild_lost * f.begun[:, None]).sum(axis=0)
    if l.money_rows.size or l.rebuilds:
        capital = c.capital[:, None]
        gone = jnp.maximum(gone, jnp.where(capital > 0.0, missing / jnp.where(capital > 0.0, capital, 1.0), 0.0))
    return 1.0 - gone, missing


def _open(l: Layout, c: Constants, f: Forcing) -> Array:  # noqa: E741
    """(k, m, draw) share that gated industries may send to each region."""
    if not l.gate_rows.size:
        return jnp.ones((0, l.regions, c.psi.shape[-1]), dtype=c.psi.dtype)
    barred = (f.shut * (1.0 - c.passes))[:, None, None] * l.gate_where[..., None]
    return 1.0 - barred.max(axis=0)


def _everywhere(l: Layout, open_: Array) -> Array:  # noqa: E741
    """(m, N, draw): `open_` by customers' region for every industry, 1 where there is no gate."""
    whole = jnp.ones((l.industries, *open_.shape[1:]), dtype=open_.dtype)
    return whole.at[l.gate_rows].set(open_).transpose(1, 0, 2)


def _onto(l: Layout, rows: Array) -> Array:  # noqa: E741
    """(k, draw) of the gated industries among all, (N, draw)."""
    return jnp.zeros((l.industries, rows.shape[-1]), dtype=rows.dtype).at[l.gate_rows].set(rows)


def _demand(l: Layout, c: Constants, s: State, f: Forcing, open_: Array) -> tuple[Array, Array]:  # noqa: E741
    """What may be delivered, (N, draw), and rebuilding asked for by customers' region, (m, N, draw)."""
    if l.rebuilds:
        rebuild = (c.rebuild_asked * s.left * f.rebuilt[:, None, None]).sum(axis=0)
    else:
        rebuild = jnp.zeros((1, 1, 1), dtype=s.made.dtype)
    asked = s.orders + rebuild.sum(axis=0)
    if not l.gate_rows.size:
        return asked + c.shared.final.sum(axis=1)[:, None], rebuild
    behind = s.held + c.shared.final[l.gate_rows][..., None]
    if l.rebuilds:
        behind = behind + rebuild[:, l.gate_rows].transpose(1, 0, 2)
    ungated = asked + c.shared.final.sum(axis=1)[:, None]
    return ungated.at[l.gate_rows].set((behind * open_).sum(axis=1)), rebuild


def _stretch(c: Constants, s: State, f: Forcing, asked: Array) -> Array:
    short = jnp.where(asked > 0.0, (asked - s.made) / jnp.where(asked > 0.0, asked, 1.0), 0.0)
    relaxed = jnp.where(short == 0.0, c.base - s.stretch, 0.0)
    moved = s.stretch + ((c.most - s.stretch) * short + relaxed) * c.pace
    return jnp.where(f.number > 1, jnp.maximum(moved, 1.0), s.stretch)


def _split(l: Layout, c: Constants, weight: Array, let: Array) -> Array:  # noqa: E741
    """(n, N, draw) suppliers' weights (N, draw) over the split of every customer, behind the gates."""
    free = weight.at[l.gate_rows].set(0.0) if l.gate_rows.size else weight
    by_input = free.reshape(l.regions, l.inputs, -1).transpose(1, 0, 2)
    found = jnp.matmul(c.shared.split, by_input)
    if l.gate_rows.size:
        # what passes is added, not what is held subtracted: a closed gate must leave exactly nothing
        split = _gated_split(l, c)
        passed = jnp.repeat(let, l.inputs, axis=1) * weight[l.gate_rows][:, None]
        found = found.at[l.gate_rows % l.inputs].add(split[..., None] * passed)
    return found


def _gated_split(l: Layout, c: Constants) -> Array:  # noqa: E741
    return c.shared.split[l.gate_rows % l.inputs, :, l.gate_rows // l.inputs]


def _stock(l: Layout, c: Constants, s: State, arrived: Array, made: Array) -> tuple[Array, Array]:  # noqa: E741
    moved = s.stock + (arrived - made[None])
    if l.short_cuts:
        apart = jnp.abs(arrived - made[None]) > c.shared.near[..., None] + RELATIVE * made[None]
        moved = jnp.where(jnp.any(apart, axis=(0, 1)), moved, s.stock)
    infinite = c.unlimited > 0.0
    held = (c.shared.per_output[..., None] > 0.0) & ~infinite[:, None]
    moved = jnp.where(held, moved, 0.0)
    if not l.may_crash:
        return moved, jnp.zeros_like(s.crashed)
    return moved, jnp.any(moved < 0.0, axis=(0, 1)).astype(s.crashed.dtype)


def _left(l: Layout, c: Constants, s: State, f: Forcing, met: Array, open_: Array) -> Array:  # noqa: E741
    done = f.rebuilt[:, None, None] * met[None, None]
    if l.gate_rows.size:
        done = done * _everywhere(l, open_)[None]
    return s.left * (1.0 - done)


def _reach(l: Layout, c: Constants, capacity: Array) -> Array:  # noqa: E741
    if not l.alternative:
        return jnp.ones_like(capacity)
    normal = c.shared.normal[:, None]
    return jnp.where(normal > 0.0, capacity / jnp.where(normal > 0.0, normal, 1.0), 1.0)


def _wanted(
    l: Layout,  # noqa: E741
    c: Constants,
    stock: Array,
    made: Array,
    planned: Array,
    reach: Array,
    open_: Array,
) -> Array:
    goal = c.inventory[:, None] * planned[None]
    gap = jnp.maximum(goal - stock, 0.0)
    if l.short_cuts:
        apart = jnp.abs(stock - goal) > c.shared.near[..., None] + RELATIVE * goal
        gap = jnp.where(jnp.any(apart, axis=(0, 1)), gap, 0.0)
    need = gap / c.restoration[:, None] + made[None]
    if not l.alternative:
        return jnp.where(c.shared.per_output[..., None] > 0.0, need, 0.0)
    found = _split(l, c, reach, open_)
    return jnp.where(found > 0.0, need / jnp.where(found > 0.0, found, 1.0), 0.0)


def _orders(l: Layout, c: Constants, wanted: Array, reach: Array, open_: Array) -> tuple[Array, Array]:  # noqa: E741
    """Orders by supplier, (N, draw), and those of gated ones by customers' region, (k, m, draw)."""
    asked = jnp.matmul(c.shared.bought, wanted).transpose(1, 0, 2).reshape(l.industries, -1) * reach
    if not l.gate_rows.size:
        return asked, jnp.zeros((0, l.regions, asked.shape[-1]), dtype=asked.dtype)
    kind, home = l.gate_rows % l.inputs, l.gate_rows // l.inputs
    each = c.shared.bought[kind, home][..., None] * wanted[kind]
    held = each.reshape(len(l.gate_rows), l.regions, l.inputs, -1).sum(axis=2) * reach[l.gate_rows][:, None]
    held = held * open_ if l.alternative else held
    return asked.at[l.gate_rows].set(0.0), held


def _final(l: Layout, c: Constants, met: Array, open_: Array) -> tuple[Array, Array]:  # noqa: E741
    """Final demand delivered by supplier, and not met by customers' region and sector, both (N, draw)."""
    whole = c.shared.final
    if l.gate_rows.size:
        share = met[None] * _everywhere(l, open_)
        given = whole.T[..., None] * share
        lacking = (whole.T[..., None] - given).reshape(l.regions, l.regions, l.inputs, -1).sum(axis=1)
        return given.sum(axis=0), lacking.reshape(l.industries, -1)
    by_input = whole.reshape(l.regions, l.inputs, l.regions).transpose(1, 2, 0)
    lacking = jnp.matmul(by_input, (1.0 - met).reshape(l.regions, l.inputs, -1).transpose(1, 0, 2))
    return whole.sum(axis=1)[:, None] * met, lacking.transpose(1, 0, 2).reshape(l.industries, -1)
