"""Home to the state of an economy, and to what a chunk of draws runs on; the draw axis is last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax

from ytterby.run.ario.structure import Shared


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class State:
    """What a step hands to the next. Every number is 0 or more."""

    stock: Any
    """(n, N, draw) stocks over normal use: steps of normal use times normal output; 0 where infinite."""
    wanted: Any
    """(n, N, draw) u, the customers' part of the orders."""
    reach: Any
    """(N, draw) kappa of the step the orders were made in: what suppliers could make over normal."""
    orders: Any
    """(N, draw) orders of industries, money a step; what a gate may hold is in `held`."""
    held: Any
    """(k, m, draw) orders by gated industry and customers' region."""
    let: Any
    """(k, m, draw) what the gates let through when these orders were made (1 where customers do not look at them)."""
    stretch: Any
    """(N, draw) alpha: output an industry could stretch to over its normal one."""
    made: Any
    """(N, draw) production of the last step."""
    left: Any
    """(e, m, N, draw) part of what each supplier was asked to rebuild in each region that is still to be done."""
    crashed: Any
    """(draw,) 1 once stocks would have gone negative; nothing moves any more."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Constants:
    """What holds for a chunk of draws."""

    shared: Shared
    psi: Any
    inventory: Any
    """(n, draw) target stock, steps of use; 0 where infinite."""
    limited: Any
    """(n, draw) 1 over the target stock; 0 where it is infinite, where the input never limits."""
    unlimited: Any
    """(n, draw) endless where the stock is, else 0."""
    restoration: Any
    """(n, draw) steps in which a gap is ordered."""
    base: Any
    most: Any
    pace: Any
    lost: Any
    """(e, k, draw) capacity lost at the worst."""
    money: Any
    """(e, k, draw) capital lost at the worst."""
    capital: Any
    """(N,) capital."""
    rebuild_lost: Any
    """(e, N, draw) capital to be rebuilt."""
    rebuild_asked: Any
    """(e, m, N, draw) asked of each supplier in all, by customers' region."""
    rebuild_split: Any
    """(e, m, n, N) split of what is rebuilt in a region's n industries over suppliers."""
    rebuild_factor: Any
    """(e,)"""
    passes: Any
    """(gate, draw) share let through."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Forcing:
    """What befalls each step, (step, …)."""

    number: Any
    """(step,)"""
    part: Any
    """(step, e, draw) part of the capacity loss that holds."""
    recovers: Any
    money_part: Any
    money_recovers: Any
    path: Any
    """(step, k, draw)"""
    begun: Any
    """(step, e, draw)"""
    rebuilt: Any
    """(step, e, draw) part of what is left that is asked for."""
    shut: Any
    """(step, gate, draw)"""
