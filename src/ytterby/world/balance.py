"""Home to the static balance: what every plant does when demand is met, found through shares and recipes.

Demand pulls: makers order magnets, magnet makers alloy, and so on to the mines; co-products (Nd left over, La, Ce,
swarf) come along and are counted against what the driving recipes of the same plant must still make. Capacity is
reported, not enforced.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ytterby.world.network import Network

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EPOCH_YEAR = 1970
DAYS = 365.25
ROUNDS = 200
TOLERANCE = 1e-12
"""Relative change of the rates at which the fixed point is taken as found."""


@dataclass(frozen=True)
class Steady:
    """A world at rest. Rates are per day, in the units of the network."""

    year: float
    activity: Floats  # (activity,) units per day
    use: Floats  # (in_slot,) material taken in
    flow: Floats  # (link,) material shipped
    orders: Floats  # (out_slot,) material ordered
    made: Floats  # (out_slot,) material made; collected scrap included
    load: Floats  # (facility,) capacity used
    capacity: Floats  # (facility,) capacity that runs in that year, ramps included
    demand: Floats  # (group,) units of product

    @property
    def short(self) -> Floats:
        """Load above capacity (facility,)."""
        return np.maximum(self.load - self.capacity, 0.0)


def running(network: Network, year: float) -> Floats:
    """Capacity per day at a time in decimal years (facility,): nameplate times how far its ramp has come."""
    day = (year - EPOCH_YEAR) * DAYS
    with np.errstate(invalid="ignore"):
        ramp = (day - network.ramp_start) / np.maximum(network.ramp_days, 1.0)
    started = np.where(np.isneginf(network.ramp_start), 1.0, np.clip(ramp, 0.0, 1.0))
    return np.where(np.isfinite(network.capacity), network.capacity * started, np.inf)


def demand_at(network: Network, year: float) -> Floats:
    """Units per day of every group at a time in decimal years (group,), straight between anchors."""
    return np.array([np.interp(year, network.demand_years, row) for row in network.demand])


def steady(network: Network, year: float) -> Steady:
    """The balance at a time in decimal years, e.g. 2024.5 for the mean of 2024."""
    n = network
    demand = demand_at(n, year)
    activity = np.zeros(len(n.activities))
    activity[n.terminal_activity] = demand[n.terminal_group] * n.terminal_share
    terminal = activity.copy()
    drive_coef = _drive_coef(n)
    driven = n.activity_drive >= 0
    gathered = collected(n, demand)
    orders, use, flow = np.zeros(len(n.out_slot_facility)), np.zeros(len(n.in_slot_facility)), np.zeros(len(n.link_out))
    for _ in range(ROUNDS):
        use = _sum(n.input_slot, n.input_coef * activity[n.input_activity], len(n.in_slot_facility))
        flow = n.link_share * use[n.link_in]
        orders = _sum(n.link_out, flow, len(n.out_slot_facility))
        by_product = _by_product(n, activity)
        wanted = np.maximum(orders - by_product, 0.0)
        rate = terminal.copy()
        rate[driven] = wanted[n.activity_drive[driven]] * n.activity_share[driven] / drive_coef[driven]
        moved = np.abs(rate - activity).max(initial=0.0)
        activity = rate
        if moved <= TOLERANCE * max(np.abs(rate).max(initial=0.0), 1.0):
            break
    made = _sum(n.output_slot, n.output_coef * activity[n.output_activity], len(n.out_slot_facility)) + gathered
    load = _sum(n.activity_facility, n.activity_load * activity, len(n.facilities))
    return Steady(year, activity, use, flow, orders, made, load, running(n, year), demand)


def _sum(rows: Ints, values: Floats, size: int) -> Floats:
    """Sum of values by row."""
    return np.bincount(rows, values, size).astype(np.float64)


def _drive_coef(n: Network) -> Floats:
    """Amount of its drive an activity makes per unit (activity,); 1 for terminal ones."""
    coef = np.ones(len(n.activities))
    own = n.output_slot == n.activity_drive[n.output_activity]
    coef[n.output_activity[own]] = n.output_coef[own]
    return coef


def _by_product(n: Network, activity: Floats) -> Floats:
    """What each out-slot gets from activities that run for something else (out_slot,)."""
    other = n.output_slot != n.activity_drive[n.output_activity]
    return _sum(n.output_slot[other], (n.output_coef * activity[n.output_activity])[other], len(n.out_slot_facility))


def magnets_per_unit(n: Network, materials: Collection[str] | None = None) -> Floats:
    """Tonnes of magnets, all or those of `materials`, in a unit of each product, designs in nominal shares (group,)."""
    wanted = np.array(
        [stage == "magnet" and (materials is None or name in materials) for name, stage in _staged(n)], dtype=bool
    )[n.in_slot_material[n.input_slot]]
    held = _sum(n.input_activity[wanted], n.input_coef[wanted], len(n.activities))
    return _sum(n.terminal_group, n.terminal_share * held[n.terminal_activity], len(n.groups))


def _staged(n: Network) -> Iterable[tuple[str, str]]:
    return zip(n.materials, n.material_stage, strict=True)


def collected(n: Network, demand: Floats) -> Floats:
    """Scrap of worn-out products that is collected (out_slot,).

    What was made a life ago at today's growth, times the share collected.
    """
    first, second = np.maximum(n.demand[:, 0], 1e-300), n.demand[:, 1]
    growth = np.maximum(second / first, 1.0)[n.terminal_group]
    life = n.terminal_life_days / DAYS
    retired = demand[n.terminal_group] * n.terminal_share * growth**-life * n.terminal_collect * (life > 0)
    return _sum(n.scrap_slot, n.scrap_coef * retired[n.scrap_terminal], len(n.out_slot_facility))
