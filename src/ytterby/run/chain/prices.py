"""Home to prices: two zones that split where a gate does, moved by cover and input costs, above their floors."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from ytterby.run.chain.orders import expected
from ytterby.run.chain.state import Constants, Forcing, State
from ytterby.run.chain.structure import Structure
from ytterby.run.minima import clamp, positive, ratio

TIGHTEST, SLACKEST = 1.5, -0.5
"""Bounds of ln(target cover / cover): beyond them panic and glut move prices no faster."""

HABIT_DAYS = 120.0
"""Traders grow used to a lasting lack over about four months."""

CEILING = float(np.log(50.0))
"""ln of the highest price over base: the widest move on record here is yttrium oxide in Europe, 6 to 300 USD/kg."""

SHUT, FLOODED = 2.0, -0.5
"""Bounds of ln(use / arrivals): traders bid once arrivals fall short of use, long before stocks are gone."""


def move(
    structure: Structure,
    constants: Constants,
    state: State,
    forcing: Forcing,
    stock_in: Array,
    stock_out: Array,
    unfilled: Array,
    received: Array,
    openness: Array,
    dt: float,
    width: float = 0.0,
) -> Array:
    """ln(price / base) after a step (price, zone, draw).

    d ln P = speed x ln(target / cover) + alarm x (ln(use / arrivals) - what traders are used to)
    + return x (cost - ln P) + arbitrage x openness x (ln P_china - ln P), with cost the pass-through of the inputs'
    prices; never below the floor, never above the ceiling.
    """
    b = constants.behaviour
    push = b["price_speed"] * _tightness(structure, constants, state, stock_in, stock_out, unfilled, width)
    push = push + b["price_alarm"] * (cut(structure, state, received, width) - state.used_to)
    cost = b["pass_through"] * jnp.einsum("pzqy,qyd->pzd", structure.cost_weights, state.log_price)
    here = state.log_price
    drag = b["price_return"] * dt
    # China's price leads: trade pulls the other zones toward it, not the reverse
    abroad = (np.arange(here.shape[1]) > 0)[None, :, None]
    tie = jnp.where(abroad, b["arbitrage"] * dt * openness[:, None], 0.0)
    # implicit in the own price: stable for any step
    pushed = here + dt * push + drag * cost + tie * here[:, :1]
    new = pushed / (1.0 + drag + tie)
    floor = forcing.floor[..., None]
    if width > 0.0:
        new = CEILING - positive(CEILING - new, 1.0, width)
        some = jnp.isfinite(floor)
        least_ = jnp.where(some, floor, 0.0)
        return jnp.where(some, least_ + positive(new - least_, 1.0, width), new)
    return jnp.maximum(jnp.minimum(new, CEILING), floor)


def _tightness(
    structure: Structure,
    constants: Constants,
    state: State,
    stock_in: Array,
    stock_out: Array,
    unfilled: Array,
    width: float,
) -> Array:
    n = structure.network
    size, zones = len(structure.priced), len(n.zones)
    target_in = constants.cover * state.expected_use
    target_out = jnp.asarray(n.out_slot_cover)[:, None] * state.expected_orders + unfilled
    stock = _by_price(structure, stock_in, structure.in_slot_price) + _by_price(
        structure, stock_out, structure.out_slot_price
    )
    target = _by_price(structure, target_in, structure.in_slot_price)
    target = target + _by_price(structure, target_out, structure.out_slot_price)
    held = ratio(jnp.maximum(stock, 1e-9 * target), target, 1.0, width)
    return clamp(-jnp.log(held), SLACKEST, TIGHTEST, width).reshape(size, zones, -1)


def receive(structure: Structure, constants: Constants, state: State, arrived: Array, dt: float) -> Array:
    """Smoothed arrivals per day at the slots of each price and zone (price, zone, draw)."""
    rate = _by_price(structure, arrived, structure.in_slot_price).reshape(state.received.shape) / dt
    return expected(state.received, rate, constants.behaviour["smoothing_days"], dt)


def habit(state: State, lacking: Array, dt: float) -> Array:
    """The cut traders are used to after a step (price, zone, draw): alarm is about news, not a lasting lack."""
    return expected(state.used_to, lacking, HABIT_DAYS, dt)


def cut(structure: Structure, state: State, received: Array, width: float = 0.0) -> Array:
    """Use over smoothed arrivals, as a bounded logarithm (price, zone, draw)."""
    use = _by_price(structure, state.expected_use, structure.in_slot_price).reshape(received.shape)
    come = ratio(jnp.maximum(received, 1e-9 * use), use, 1.0, width)
    return clamp(-jnp.log(come), FLOODED, SHUT, width)


def _by_price(structure: Structure, amount: Array, row: np.ndarray) -> Array:
    """Sum slots into (price * zone, draw); slots without a price fall into a last row that is dropped."""
    rows = len(structure.priced) * len(structure.network.zones)
    return jax.ops.segment_sum(amount, row, rows + 1)[:rows]


def openness(structure: Structure, eligible: Array, ready: Array, width: float = 0.0) -> Array:
    """Share of what is ready to cross that may cross, by price row; 1 where nothing wants to cross (price, draw)."""
    crossing = structure.crossing
    rows = len(structure.priced)
    row = np.where(structure.crossing_price < 0, rows, structure.crossing_price)
    may = jax.ops.segment_sum(eligible[crossing], row, rows + 1)[:rows]
    all_ = jax.ops.segment_sum(ready[crossing], row, rows + 1)[:rows]
    return ratio(may, all_, 1.0, width)
