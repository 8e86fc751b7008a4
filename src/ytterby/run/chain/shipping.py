"""Home to shipping: dividing a stock among orders by priority, and goods on their way."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
from jax import Array

from ytterby.run.chain.state import TRANSIT_STAGES, Constants, Forcing, State
from ytterby.run.chain.structure import Structure
from ytterby.run.minima import fulfilment, least, remainder

STOCKPILE_LIMIT = 0.5
"""A state's buyer takes at most this share of a stock in one step."""


@dataclass(frozen=True)
class Shipped:
    """What left each stock this step."""

    amount: Array  # (link, draw)
    ratio: Array  # (link, draw) share of the eligible amount that shipped
    stock_out: Array  # (out_slot, draw)
    stockpile: Array  # (out_slot, draw)
    unfilled: Array  # (out_slot, draw) eligible, but no stock


def allocate(
    structure: Structure, state: State, forcing: Forcing, made: Array, eligible: Array, dt: float, width: float
) -> Shipped:
    """Divide each out-slot's stock among its orders: military first while requisitioned, then in proportion."""
    n = structure.network
    slots = len(n.out_slot_facility)
    stock = state.stock_out + made
    asked = forcing.stockpile[:, None] * dt
    if width > 0.0:
        bought = least(jnp.maximum(asked, 0.0), STOCKPILE_LIMIT * stock, width)
        bought = bought - least(jnp.maximum(-asked, 0.0), state.stockpile, width)
    else:
        bought = jnp.clip(asked, -state.stockpile, STOCKPILE_LIMIT * stock)
    stock = stock - bought
    if structure.requisitions:
        buyer = n.facility_region[n.in_slot_facility[n.link_in]]
        first = jnp.where(n.link_military, forcing.requisition[buyer], 0.0)[:, None]
        total_first = jax.ops.segment_sum(eligible * first, n.link_out, slots)
        total_rest = jax.ops.segment_sum(eligible * (1.0 - first), n.link_out, slots)
        ratio_first = fulfilment(stock, total_first, width)
        left = remainder(stock - total_first * ratio_first, width)
        ratio_rest = fulfilment(left, total_rest, width)
        ratio = first * ratio_first[n.link_out] + (1.0 - first) * ratio_rest[n.link_out]
        total, gone = total_first + total_rest, total_first * ratio_first + total_rest * ratio_rest
    else:
        total = jax.ops.segment_sum(eligible, n.link_out, slots)
        served = fulfilment(stock, total, width)
        ratio, gone = served[n.link_out], total * served
    return Shipped(
        eligible * ratio,
        ratio,
        remainder(stock - gone, width),
        state.stockpile + bought,
        remainder(total - gone, width),
    )


def travel(
    structure: Structure, constants: Constants, state: State, shipped: Array, factor: Array | float, dt: float
) -> tuple[Array, Array]:
    """Goods on their way (stage, link, draw) and what arrives (in_slot, draw).

    Each Erlang stage passes on p = dt / (dt + lead / stages) of what it holds, newcomers included: the mean delay is
    the lead for every step and lead, and nothing can be overdrawn.
    """
    n = structure.network
    pace = dt / (dt + constants.lead * factor / TRANSIT_STAGES)
    moving, stages = shipped, []
    for stage in range(TRANSIT_STAGES):
        inside = state.transit[stage] + moving
        moving = inside * pace
        stages.append(inside - moving)
    return jnp.stack(stages), jax.ops.segment_sum(moving, n.link_in, len(n.in_slot_facility))
