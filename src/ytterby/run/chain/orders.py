"""Home to orders: what each buyer orders, from whom, and how shares drift toward suppliers that deliver."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array

from ytterby.run.chain import capacity
from ytterby.run.chain.state import Constants, Forcing, State, in_all_stages
from ytterby.run.chain.structure import Structure
from ytterby.run.minima import least, positive, ratio

RETURN = 0.1
"""Share of the drift speed at which shares fall back to the nominal ones (contracts, habit, price)."""


def expected(old: Array, signal: Array, days: Array | float, dt: float) -> Array:
    """Exponential smoothing with a time constant in days, exact for any step."""
    return old + dt / (dt + days) * (signal - old)


def place(
    structure: Structure, constants: Constants, state: State, forcing: Forcing, use: Array, dt: float, width: float
) -> Array:
    """Orders of a step by link (link, draw).

    Anchor and adjust (Sterman 1989, doi:10.1287/mnsc.35.3.321): expected use plus the gaps of stock and supply line
    to their targets, each closed over the slot's adjustment time, never negative and never more than a multiple of use.
    """
    n = structure.network
    slots = len(n.in_slot_facility)
    ahead = forcing.outlook[structure.in_slot_group]
    use = use * jnp.where(structure.in_slot_terminal[:, None], ahead, 1.0)
    on_order = jax.ops.segment_sum(state.backlog + in_all_stages(state.transit), n.link_in, slots)
    restock = jnp.where(structure.in_slot_abroad[:, None], forcing.restock, 1.0)
    adjust = jnp.asarray(n.in_slot_adjust)[:, None]
    gap = constants.cover * restock * use - state.stock_in + constants.pipeline * use - on_order
    order = least(positive(use + gap / adjust, use, width), constants.behaviour["order_cap"] * use, width)
    # orders to China are placed ahead of the Spring Festival, and are missing after it
    rush = 1.0 + constants.behaviour["festival_rush"] * forcing.rush
    return state.share * order[n.link_in] * jnp.where(structure.link_leaves_china[:, None], rush, 1.0) * dt


def drift(
    structure: Structure,
    constants: Constants,
    state: State,
    forcing: Forcing,
    shipped: Array,
    ready: Array,
    dt: float,
    width: float = 0.0,
) -> tuple[Array, Array]:
    """New shares and smoothed success of each link (link, draw) each.

    Replicator dynamics at the speed of qualification: a link gains on its rivals by how much better it delivers.
    Buyers who have promised to buy at home move there on top of that.
    """
    n = structure.network
    delivered = ratio(shipped, ready, state.success, width)
    success = expected(state.success, delivered, constants.behaviour["smoothing_days"], dt)
    mean = jax.ops.segment_sum(state.share * success, n.link_in, len(n.in_slot_facility))
    pace = (n.link_drift * dt)[:, None]
    share = state.share * (1.0 + pace * (success - mean[n.link_in]))
    share = share + RETURN * pace * (n.link_share[:, None] - state.share)
    if structure.offtakes:
        share = _promised(structure, constants, state, forcing, share, success, dt, width)
    return share, success


def _promised(
    structure: Structure,
    constants: Constants,
    state: State,
    forcing: Forcing,
    share: Array,
    success: Array,
    dt: float,
    width: float,
) -> Array:
    """Shares moved toward plants at home as far as was promised and these deliver, by the capacity that runs."""
    n = structure.network
    seller, buyer = n.out_slot_facility[n.link_out], n.in_slot_facility[n.link_in]
    home = (n.facility_region[seller] == n.facility_region[buyer])[:, None]
    slots = len(n.in_slot_facility)
    able = capacity.available(structure, constants, state, forcing)[seller]
    able = jnp.where(home & jnp.isfinite(able), able, 0.0)
    serves = able * jnp.minimum(success, 1.0)
    whole = jax.ops.segment_sum(able, n.link_in, slots)[n.link_in]
    serving = jax.ops.segment_sum(serves, n.link_in, slots)[n.link_in]
    promised = forcing.offtake[:, None][n.link_in]
    bound = promised * serving / jnp.where(whole > 0.0, whole, 1.0)
    now = jax.ops.segment_sum(jnp.where(home, share, 0.0), n.link_in, slots)[n.link_in]
    moved = dt / (dt + constants.behaviour["smoothing_days"]) * positive(bound - now, promised, width)
    toward = serves / jnp.where(serving > 0.0, serving, 1.0)
    rest = jnp.where(now < 1.0, 1.0 - now, 1.0)
    return jnp.where(home, share + moved * toward, share * (1.0 - moved / rest))
