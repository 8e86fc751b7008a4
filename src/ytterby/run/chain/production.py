"""Home to production: the least of capacity, orders plus restocking, and what each input's stock allows."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from ytterby.run.chain.state import Constants, State
from ytterby.run.chain.structure import Structure
from ytterby.run.minima import fulfilment, least, longer, positive

SCARCE = 0.02
"""A feed that has run dry keeps this weight, so that orders for it never stop."""


@dataclass(frozen=True)
class Produced:
    """What a step of production did."""

    run: Array  # (activity, draw) units of activity
    desire: Array  # (activity, draw) per day, within capacity
    need: Array  # (in_slot, draw) per day, what `desire` asks of each input
    used: Array  # (in_slot, draw) taken from stock
    made: Array  # (out_slot, draw) put into stock


def plan(structure: Structure, constants: Constants, state: State, building: Array, width: float) -> Array:
    """Activity each plant would run if capacity and inputs allowed, per day (activity, draw).

    A plant runs for the orders of its driving product plus the gap to its target stock; where several feeds give the
    same product, they share by nominal share and by how much of each is at hand.
    """
    n = structure.network
    slots = len(n.out_slot_facility)
    cover = jnp.asarray(n.out_slot_cover)[:, None]
    adjust = constants.behaviour["smoothing_days"]
    gap = cover * state.expected_orders + state.unfilled - state.stock_out
    want = positive(state.expected_orders + gap / adjust, state.expected_orders, width)
    want = least(want, constants.behaviour["order_cap"] * state.expected_orders + state.unfilled / adjust, width)

    drive = np.maximum(n.activity_drive, 0)
    at_hand = fulfilment(state.stock_in, constants.cover * state.expected_use, width)
    feed = _least_input(structure, at_hand, width)
    # final uses run for no out-slot: without this they would all crowd the first one
    nominal = np.where(n.activity_drive >= 0, n.activity_share, 0.0)
    pull = jnp.asarray(nominal)[:, None] * (SCARCE + (1.0 - SCARCE) * feed)
    total = jax.ops.segment_sum(pull, drive, slots)
    share = pull / jnp.where(total > 0.0, total, 1.0)[drive]
    planned = want[drive] * share / jnp.asarray(_drive_coef(structure))[:, None]
    is_terminal = np.zeros(len(n.activities), dtype=bool)
    is_terminal[n.terminal_activity] = True
    row = np.zeros(len(n.activities), dtype=np.int64)
    row[n.terminal_activity] = np.arange(len(n.terminal_activity))
    return jnp.where(is_terminal[:, None], building[row], planned)


def produce(
    structure: Structure,
    constants: Constants,
    state: State,
    planned: Array,
    capacity: Array,
    yields: Array,
    dt: float,
    width: float,
) -> Produced:
    """Run the plants for a step; `capacity` is load per day (facility, draw), `yields` a factor (activity, draw)."""
    n = structure.network
    load = jax.ops.segment_sum(planned * n.activity_load[:, None], n.activity_facility, len(n.facilities))
    limited = jnp.isfinite(capacity)
    able = jnp.where(limited, fulfilment(jnp.where(limited, capacity, 1.0), load, width), 1.0)
    desire = planned * able[n.activity_facility]
    slots = len(n.in_slot_facility)
    asked = n.input_coef[:, None] * desire[n.input_activity]
    need = jax.ops.segment_sum(asked, n.input_slot, slots)
    # A terminal slot stands for many firms whose stocks differ: some stop before the common stock is gone.
    spread = longer(constants.behaviour["stop_spread"] * constants.cover, dt, width)
    days = jnp.where(structure.in_slot_terminal[:, None], spread, dt)
    enough = fulfilment(state.stock_in, need * days, width)
    run = desire * dt * _least_input(structure, enough, width)
    used = jax.ops.segment_sum(n.input_coef[:, None] * run[n.input_activity], n.input_slot, slots)
    out = n.output_coef[:, None] * (run * yields)[n.output_activity]
    made = jax.ops.segment_sum(out, n.output_slot, len(n.out_slot_facility))
    return Produced(run, desire, need, used, made)


def _least_input(structure: Structure, ratio: Array, width: float) -> Array:
    """Smallest of a ratio over the inputs of each activity, 1 for those without inputs (activity, draw)."""
    n = structure.network
    values = ratio[n.input_slot]
    if width == 0.0:
        low = jax.ops.segment_min(values, n.input_activity, len(n.activities))
        return jnp.minimum(low, 1.0)
    logs = jnp.log(jnp.maximum(values, 1e-12))
    # relative to the least of them, which cancels out: powers of it alone would overflow for a small width
    low = jax.lax.stop_gradient(jax.ops.segment_min(logs, n.input_activity, len(n.activities)))
    fed = jnp.isfinite(low)
    low = jnp.where(fed, low, 0.0)
    total = jax.ops.segment_sum(jnp.exp((low[n.input_activity] - logs) / width), n.input_activity, len(n.activities))
    return jnp.where(fed, jnp.exp(low) * jnp.where(fed, total, 1.0) ** (-width), 1.0)


def _drive_coef(structure: Structure) -> np.ndarray:
    """Units of the driving product per unit of activity, 1 for terminal activities (activity,)."""
    n = structure.network
    coef = np.ones(len(n.activities))
    drives = n.activity_drive[n.output_activity] == n.output_slot
    coef[n.output_activity[drives]] = n.output_coef[drives]
    return coef
