"""Home to exchange rates between levers: how much of one side's lever a unit of the other's is worth, at the margin."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ytterby.decisions.bargain.games import Floats


@dataclass(frozen=True, slots=True)
class Terms:
    """Amounts of the lever for one unit in return, between which both sides gain."""

    low: float
    """Less is not worth the unit to the side that pays it."""
    high: float
    """More costs the side that gives it more than the unit brings; infinite where giving costs it nothing."""

    @property
    def middle(self) -> float | None:
        """The amount that maximises the product of both gains, (low + high) / 2; None where there is no upper end.

        The gains are g - t L and t G - c: the derivative of their product is zero at t = (g / L + c / G) / 2.
        """
        return (self.low + self.high) / 2.0 if math.isfinite(self.high) else None


def terms(cost: float, gain: float, bought: float, paid: float) -> Terms | None:
    """Between which amounts t of a lever both sides gain from giving it for one unit; None where there are none.

    The giver gains ``bought - t * cost``, the other side ``t * gain - paid``.

    Args:
        cost: what a unit of the lever costs its giver (below 0 where giving pays by itself).
        gain: what it brings the other side.
        bought: what the unit in return is worth to the giver of the lever.
        paid: what it costs the other side (below 0 where it would give it anyway).
    """
    low, high = 0.0, math.inf
    for slope, offset in ((-cost, bought), (gain, -paid)):  # slope * t + offset >= 0
        if slope > 0.0:
            low = max(low, -offset / slope)
        elif slope < 0.0:
            high = min(high, offset / -slope)
        elif offset < 0.0:
            return None
    return Terms(low, high) if low <= high and high > 0.0 else None


@dataclass(frozen=True, slots=True)
class Exchange:
    """A lever against a payment, on the mean and over the draws."""

    amount: Floats
    """(draw,) units of the lever's measure, a year, that the small change moved."""
    cost: Floats
    """(draw,) USD bn a year per unit that it cost the giver."""
    gain: Floats
    """(draw,) USD bn a year per unit that it brought the other side."""
    mean: Terms | None
    """On the means of all four."""
    exists: float
    """Share of draws in which both can gain."""
    lows: Floats
    """Lower ends of those draws (some,)."""
    highs: Floats
    """Upper ends of those draws, infinite ones too (some,)."""


def exchange(amount: Floats, giver: Floats, taker: Floats, bought: Floats, paid: Floats) -> Exchange:
    """From what a small change of the lever did, and what a unit in return is worth.

    Args:
        amount: (draw,) of the lever's measure that the change moved.
        giver: (draw,) change of the giver's payoff, USD bn a year.
        taker: (draw,) change of the other side's.
        bought: (draw,) worth of a unit in return to the giver of the lever.
        paid: (draw,) what the unit costs the other side.
    """
    moved = np.abs(amount) > 1e-9 * max(float(np.abs(amount).max()), 1e-12)
    safe = np.where(moved, amount, np.nan)
    cost, gain = -giver / safe, taker / safe
    whole = float(amount.mean())
    mean = None
    if abs(whole) > 0.0:
        mean = terms(
            -float(giver.mean()) / whole, float(taker.mean()) / whole, float(bought.mean()), float(paid.mean())
        )
    found = [
        terms(float(c), float(g), float(b), float(p))
        for c, g, b, p, ok in zip(cost, gain, bought, paid, moved, strict=True)
        if ok
    ]
    good = [one for one in found if one is not None]
    return Exchange(
        amount, cost, gain, mean, len(good) / len(amount), np.array([one.low for one in good]),
        np.array([one.high for one in good]),
    )  # fmt: skip
