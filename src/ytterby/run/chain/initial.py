"""Home to the first state: the chain as it would stand if demand had always been what it is on the first day.

Flows are carried upstream from final demand through shares and recipes until nothing changes (a linear fixed point; its
depth is the length of the chain plus the scrap loop), separately for every draw.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ytterby.run.chain.state import BUILD_STAGES, TRANSIT_STAGES, USE_STAGES, State
from ytterby.run.chain.structure import Structure
from ytterby.world.network import Network

Floats = NDArray[np.float64]

ROUNDS = 60
"""Most rounds of the fixed point: several times the longest chain (mine to maker and the scrap loop)."""

CLOSE = 1e-10
"""Relative change at which the flows count as settled."""


def flows(n: Network, demand: Floats, yields: Floats) -> tuple[Floats, Floats, Floats]:
    """Steady use (in_slot, draw), orders (out_slot, draw) and link flows (link, draw), per day.

    `demand` is units per day (group, draw); `yields` the factor on outputs (activity, draw).
    """
    draws = demand.shape[1]
    terminal = np.zeros((len(n.activities), draws))
    terminal[n.terminal_activity] = demand[n.terminal_group] * n.terminal_share[:, None]
    drive = np.maximum(n.activity_drive, 0)
    runs_for = n.activity_drive >= 0
    coef = np.ones(len(n.activities))
    driven = n.activity_drive[n.output_activity] == n.output_slot
    coef[n.output_activity[driven]] = n.output_coef[driven]
    pull = np.where(runs_for, n.activity_share, 0.0)
    total = np.bincount(drive, weights=pull, minlength=len(n.out_slot_facility))
    pull = np.divide(pull, total[drive], out=np.zeros_like(pull), where=total[drive] > 0)
    weight = (pull / coef)[:, None] / np.maximum(yields, 1e-9)

    orders = np.zeros((len(n.out_slot_facility), draws))
    besides = np.zeros_like(orders)
    by_product = ~driven & runs_for[n.output_activity]
    for _ in range(ROUNDS):
        # what comes along with other products need not be made on purpose
        run = terminal + np.where(runs_for[:, None], weight * np.maximum(orders - besides, 0.0)[drive], 0.0)
        made = (n.output_coef[:, None] * (run * yields)[n.output_activity])[by_product]
        besides = _sum(made, n.output_slot[by_product], len(orders))
        use = _sum(n.input_coef[:, None] * run[n.input_activity], n.input_slot, len(n.in_slot_facility))
        link = n.link_share[:, None] * use[n.link_in]
        new = _sum(link, n.link_out, len(n.out_slot_facility))
        change = np.max(np.abs(new - orders), initial=0.0)
        orders = new
        if change <= CLOSE * np.max(orders, initial=0.0):
            break
    return use, orders, link


def _sum(values: Floats, index: NDArray[np.int64], size: int) -> Floats:
    """Rows of `values` summed into `size` rows, in their order: `np.add.at`, in a tenth of its time."""
    rows = len(index)
    return np.asarray(csr_array((np.ones(rows), (index, np.arange(rows))), shape=(size, rows)) @ values)


def first_state(
    structure: Structure,
    demand: Floats,
    growth: Floats,
    cover: Floats,
    lead: Floats,
    handling: Floats,
    yields: Floats,
    ramp: Floats,
    floor: Floats,
    review_stages: int,
) -> State:
    """State at the start (NumPy arrays): stocks at target, pipelines full, products in use as past growth left them.

    `demand` (group, draw) units/day, `growth` (group,) per year, `cover` (in_slot, draw) and `lead` (link, draw) days,
    `handling` (draw,) days, `ramp` (facility, draw), `floor` (price, zone) ln of the price floor.
    """
    n = structure.network
    draws = demand.shape[1]
    use, orders, link = flows(n, demand, yields)
    zeros = lambda *shape: np.zeros((*shape, draws))  # noqa: E731
    past = np.exp(-growth[n.terminal_group] * n.terminal_life_days / 365.25 / USE_STAGES)
    built = demand[n.terminal_group] * n.terminal_share[:, None]
    ages = np.arange(USE_STAGES)[:, None] + 0.5
    in_use = built[None] * (n.terminal_life_days / USE_STAGES * past**ages)[:, :, None]
    price = np.maximum(zeros(len(structure.priced), len(n.zones)), floor[..., None])
    return State(
        stock_in=cover * use,
        stock_out=n.out_slot_cover[:, None] * orders,
        stockpile=zeros(len(n.out_slot_facility)),
        unfilled=zeros(len(n.out_slot_facility)),
        backlog=link * handling,
        share=np.repeat(n.link_share[:, None], draws, axis=1),
        success=np.ones((len(n.link_out), draws)),
        transit=np.repeat((link * lead / TRANSIT_STAGES)[None], TRANSIT_STAGES, axis=0),
        review=zeros(review_stages, len(structure.crossing)),
        allowance=zeros(len(structure.crossing)),
        expected_use=use,
        expected_orders=orders,
        ramp=ramp,
        added=zeros(len(n.facilities)),
        building=zeros(BUILD_STAGES, len(n.facilities)),
        log_price=price,
        received=_sum(use, structure.in_slot_price.astype(np.int64), price[..., 0].size + 1)[:-1].reshape(price.shape),
        used_to=np.zeros_like(price),
        mix=np.repeat(n.terminal_share[:, None], draws, axis=1),
        supplied=np.ones((len(n.terminal_activity), draws)),
        arrears=zeros(len(n.groups)),
        in_use=in_use,
        mass=zeros(len(n.elements)),
    )
