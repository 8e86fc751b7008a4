"""Home to the numbers of the network that no parameter is drawn for: a factor on each, and what the outcome owes it.

A capacity, a lead, a target stock, a yield, a demand and a pace enter what a run is given as they are, so their
derivatives come out of the same reverse pass: local ones as inner products, those that move the first state (demands,
yields) by central differences of the flows it is made from.
"""

from __future__ import annotations

from dataclasses import dataclass

import jax
import numpy as np
from numpy.typing import NDArray

from ytterby.run.base import Inputs
from ytterby.run.chain.forcing import Forced, growth
from ytterby.run.chain.initial import first_state
from ytterby.run.chain.state import Constants, Forcing, State
from ytterby.run.gradient.adjoint import Slopes
from ytterby.run.gradient.tangents import AT_ONCE, NUDGE

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Numbers:
    """One kind of number: all of its rows."""

    kind: str
    """``capacity``, ``lead``, ``cover``, ``yield``, ``demand``, ``pace``."""
    unit: str
    labels: tuple[str, ...]
    value: Floats  # (row,)
    by_factor: Floats  # (row,) derivative of the outcome by a factor on the number, at 1
    spread: Floats  # (row,) standard deviation of the logarithm that its claims give it, NaN without


def numbers(forced: Forced, inputs: Inputs[Constants, Forcing], slopes: Slopes, draw: int = 0) -> tuple[Numbers, ...]:
    """What the outcome of one draw owes to each number of the network.

    Args:
        forced: the scenario on its network.
        inputs: what the draws ran on (NumPy).
        slopes: of the reverse pass over them.
        draw: which of them.
    """
    s, n = forced.structure, forced.structure.network
    c = jax.tree.map(lambda a: np.asarray(a)[..., draw], inputs.constants)
    g = jax.tree.map(lambda a: np.asarray(a)[..., draw], slopes.constants)
    spread = _spreads(forced)
    limited = np.isfinite(c.capacity)
    capacity = np.where(limited, g.capacity * np.where(limited, c.capacity, 0.0), 0.0)
    lead = g.lead * c.lead + g.pipeline[n.link_in] * n.link_share * c.lead
    lead = lead + (g.initial.transit * c.initial.transit).sum(axis=0)
    cover = g.cover * c.cover + g.initial.stock_in * c.initial.stock_in
    pace = (slopes.forcing["speed"][..., draw] * inputs.forcing.speed[..., draw]).sum(axis=0)
    demand, yields = _through_flows(forced, inputs, slopes, draw)
    plant = lambda slot, row: f"{n.facilities[slot[row]]}"  # noqa: E731
    ins, outs = n.in_slot_facility, n.out_slot_facility
    links = tuple(
        f"{plant(outs, o)}>{plant(ins, i)}:{n.materials[n.out_slot_material[o]]}"
        for o, i in zip(n.link_out, n.link_in, strict=True)
    )
    slots = tuple(f"{n.facilities[f]}:{n.materials[m]}" for f, m in zip(ins, n.in_slot_material, strict=True))
    rows = np.flatnonzero(limited)
    served = np.unique(s.gate_region)
    none = np.full(len(served), np.nan)
    return (
        Numbers(
            "capacity",
            "load/day",
            tuple(n.facilities[k] for k in rows),
            c.capacity[rows],
            capacity[rows],
            spread[n.capacity_by[rows]],
        ),
        Numbers("lead", "day", links, c.lead, lead, spread[n.lead_by]),
        Numbers("cover", "day", slots, c.cover, cover, spread[n.cover_by]),
        Numbers("yield", "", n.activities, c.yields, yields, spread[n.yield_by]),
        Numbers("demand", "", n.groups, c.demand_factor, demand, spread[n.demand_by]),
        Numbers(
            "pace",
            "",
            tuple(n.regions[r] for r in served),
            inputs.forcing.speed[..., draw].mean(axis=0)[served],
            pace[served],
            none,
        ),
    )


def _spreads(forced: Forced) -> Floats:
    """Standard deviation of the logarithm of every row of the uncertainty table (parameter,); NaN where certain."""
    from ytterby.run.draws import Z95

    known = {p.name: p for p in forced.parameters}
    found = np.full(len(forced.structure.network.uncertainty), np.nan)
    for row, entry in enumerate(forced.structure.network.uncertainty[1:], start=1):
        p = known[entry.name]
        if p.kind != "point" and p.low > 0.0:
            found[row] = np.log(p.high / p.low) / (2.0 * Z95)
    return found


def _through_flows(
    forced: Forced, inputs: Inputs[Constants, Forcing], slopes: Slopes, draw: int
) -> tuple[Floats, Floats]:
    """Derivatives by a factor on each group's demand (group,) and each activity's yield (activity,)."""
    n = forced.structure.network
    c = jax.tree.map(lambda a: np.asarray(a)[..., draw], inputs.constants)
    g: State = jax.tree.map(lambda a: np.asarray(a)[..., draw], slopes.constants.initial)
    flat = np.concatenate([a.reshape(-1) for a in jax.tree.leaves(g)])
    wanted, used = inputs.forcing.demand[0, :, draw] * c.demand_factor, c.yields

    def along(demand: Floats, yields: Floats) -> Floats:
        columns = demand.shape[1]
        wide = lambda a: np.repeat(a[..., None], columns, axis=-1)  # noqa: E731
        state = first_state(
            forced.structure,
            demand,
            growth(n),
            wide(c.cover),
            wide(c.lead),
            wide(c.behaviour["handling_days"]),
            yields,
            wide(c.initial.ramp),
            np.maximum(inputs.forcing.floor[0], -50.0),
            forced.scenario.licensing.review_stages,
        )
        made = np.concatenate([a.reshape(-1, columns) for a in jax.tree.leaves(state)])
        return np.asarray(flat @ (made - made[:, :1]))

    def each(size: int, at: Floats, other: Floats, *, first: bool) -> Floats:
        found = np.empty(size)
        for start in range(0, size, AT_ONCE // 2):
            rows = np.arange(start, min(start + AT_ONCE // 2, size))
            moved = np.repeat(at[:, None], 2 * len(rows), axis=1)
            moved[rows, np.arange(len(rows))] *= 1.0 - NUDGE
            moved[rows, len(rows) + np.arange(len(rows))] *= 1.0 + NUDGE
            still = np.repeat(other[:, None], 2 * len(rows), axis=1)
            told = along(moved, still) if first else along(still, moved)
            found[rows] = (told[len(rows) :] - told[: len(rows)]) / (2.0 * NUDGE)
        return found

    demand = each(len(n.groups), wanted, used, first=True)
    yields = each(len(n.activities), used, wanted, first=False)
    own = jax.tree.map(lambda a: np.asarray(a)[..., draw], slopes.constants)
    return demand + own.demand_factor * c.demand_factor, yields + own.yields * c.yields
