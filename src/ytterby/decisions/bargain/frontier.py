"""Home to the bargaining set: what two sides can have together, and the points of Nash and of Kalai and Smorodinsky.

Sides may agree on a lottery over pairs of policies, so what they can have is the convex hull of the payoffs, and less
(nobody is kept from giving away). Its edge toward more is a chain of straight pieces; everything below is exact on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ytterby.decisions.bargain.games import Floats
from ytterby.terms.errors import BadValue

Payoffs = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Agreed:
    """A point both can agree on."""

    payoffs: Payoffs
    mixture: tuple[tuple[int, float], ...]
    """Points it is a lottery over, each with its probability; empty where there is no deal."""
    rate: tuple[float, float]
    """What the second side gains for each unit that the first gives up along the edge: just below, just above the
    point (they differ at a corner). 0 and infinity at the ends of the chain."""


@dataclass(frozen=True, slots=True)
class Frontier:
    """The chain of points that neither side can better without cost to the other."""

    corners: tuple[int, ...]
    """Rows of the points, from the second side's best to the first side's."""
    points: tuple[Payoffs, ...]
    """Their payoffs: the first rises, the second falls."""


def frontier(points: Floats) -> Frontier:
    """The Pareto edge of the convex hull of payoffs (point, side), by Andrew's monotone chain (1979).

    Raises:
        BadValue: no point, or one that is no pair of numbers.
    """
    table = np.asarray(points, dtype=np.float64)
    if table.ndim != 2 or table.shape[1] != 2 or not len(table) or not np.isfinite(table).all():
        raise BadValue(f"payoffs of shape {table.shape}", place="bargaining set", remedy="give (point, side), finite")
    order = sorted(range(len(table)), key=lambda k: (-table[k, 0], -table[k, 1], k))
    chain: list[int] = []
    for k in order:
        if chain and table[k, 1] <= table[chain[-1], 1]:
            continue  # the last one is at least as good for both
        while len(chain) > 1 and _turn(table[chain[-2]], table[chain[-1]], table[k]) <= 0.0:
            chain.pop()
        chain.append(k)
    corners = tuple(reversed(chain))
    return Frontier(corners, tuple((float(table[k, 0]), float(table[k, 1])) for k in corners))


def _turn(a: Floats, b: Floats, c: Floats) -> float:
    """Above 0 where the way a, b, c turns to the left: going from right to left, b then stands out of the chain."""
    return float((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))


def ideal(edge: Frontier, threat: Payoffs) -> Payoffs:
    """The most each side can have while the other has what it threatens with; the threat's own where there is none."""
    return (
        max(threat[0], *(p[0] for p in _within(edge.points, threat[1], side=1)), threat[0]),
        max(threat[1], *(p[1] for p in _within(edge.points, threat[0], side=0)), threat[1]),
    )


def _within(points: Sequence[Payoffs], least: float, side: int) -> list[Payoffs]:
    """Corners of the chain where a side has at least `least`, with the point where it crosses that."""
    kept = [p for p in points if p[side] >= least]
    for a, b in pairwise(points):
        low, high = min(a[side], b[side]), max(a[side], b[side])
        if low < least < high:
            share = (least - a[side]) / (b[side] - a[side])
            kept.append((a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])))
    return kept


def nash_point(edge: Frontier, threat: Payoffs) -> Agreed:
    """The point that maximises the product of both gains over the threat (Nash 1950, The bargaining problem,
    Econometrica 18), in closed form on each straight piece; the threat itself where no point is better for both.
    """
    best, where, share = 0.0, -1, 0.0
    for k, (p, q) in enumerate(pairwise((*edge.points, edge.points[-1]))):
        t, product = _best_product(p, q, threat)
        if product > best:
            best, where, share = product, k, t
    if where < 0:
        return Agreed(threat, (), (0.0, 0.0))
    return _agreed(edge, where, share)


def _best_product(p: Payoffs, q: Payoffs, threat: Payoffs) -> tuple[float, float]:
    """Share of the way from p to q with the largest product of gains, and that product; 0 where a gain is missing."""
    a, b = (p[0] - threat[0], p[1] - threat[1]), (q[0] - p[0], q[1] - p[1])
    # only where both gain: a0 + t b0 >= 0 with b0 >= 0, and a1 + t b1 >= 0 with b1 <= 0
    low = max(0.0, -a[0] / b[0]) if b[0] > 0.0 else 0.0
    high = min(1.0, -a[1] / b[1]) if b[1] < 0.0 else 1.0
    if low > high:
        return 0.0, 0.0
    curve = 2.0 * b[0] * b[1]
    t = min(max(-(a[0] * b[1] + a[1] * b[0]) / curve, low), high) if curve else low
    return t, max(a[0] + t * b[0], 0.0) * max(a[1] + t * b[1], 0.0)


def kalai_smorodinsky(edge: Frontier, threat: Payoffs) -> Agreed:
    """The point on the edge at which both gain the same share of the most they could (Kalai and Smorodinsky 1975,
    Other solutions to Nash's bargaining problem, Econometrica 43).
    """
    top = ideal(edge, threat)
    reach = (top[0] - threat[0], top[1] - threat[1])
    if min(reach) <= 0.0:
        return Agreed(threat, (), (0.0, 0.0))
    # the share by which the first side's gain outruns the second's rises along the chain: it is zero at the point
    ahead = [(p[0] - threat[0]) / reach[0] - (p[1] - threat[1]) / reach[1] for p in edge.points]
    for k, (one, two) in enumerate(pairwise(ahead)):
        if one <= 0.0 <= two:
            return _agreed(edge, k, -one / (two - one) if two > one else 0.0)
    return _agreed(edge, 0 if ahead[0] > 0.0 else len(ahead) - 1, 0.0)


def _agreed(edge: Frontier, where: int, share: float) -> Agreed:
    p, q = edge.points[where], edge.points[min(where + 1, len(edge.points) - 1)]
    told = (p[0] + share * (q[0] - p[0]), p[1] + share * (q[1] - p[1]))
    if share <= 0.0:
        mixture: tuple[tuple[int, float], ...] = ((edge.corners[where], 1.0),)
    elif share >= 1.0:
        mixture = ((edge.corners[where + 1], 1.0),)
    else:
        mixture = ((edge.corners[where], 1.0 - share), (edge.corners[where + 1], share))
    return Agreed(told, mixture, _rate(edge, where, share))


def _rate(edge: Frontier, where: int, share: float) -> tuple[float, float]:
    steep = [-(q[1] - p[1]) / (q[0] - p[0]) for p, q in pairwise(edge.points)]
    if 0.0 < share < 1.0:
        return steep[where], steep[where]
    corner = where if share <= 0.0 else where + 1
    return ([0.0, *steep])[corner], ([*steep, float("inf")])[corner]
