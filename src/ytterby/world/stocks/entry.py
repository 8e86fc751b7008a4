"""Home to when within its period an inflow enters the stock, on which all ages hang.

A stock is counted at the end of its period. What enters at the `start` is one period old by then, in the `middle` half
a period, at the `end` not at all: that is the table of ODYM (Pauliuk and Heeren 2020, doi:10.1111/jiec.12952), whose
ages begin with 0. `through` spreads the inflow evenly over the period and integrates by Gauss-Lobatto quadrature, as
flodym does where it is given points. On a normal lifetime of a few years the conventions differ by several percent:
whoever compares two models says which one they follow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.polynomial import legendre

from ytterby.terms.errors import BadValue
from ytterby.world.stocks.lifetime import Floats

MOST_POINTS = 10


@dataclass(frozen=True, slots=True)
class Entry:
    """Points within a period (0 its start, 1 its end) at which its inflow enters, and how much at each."""

    name: str
    points: tuple[float, ...]
    weights: tuple[float, ...]


START = Entry("start", (0.0,), (1.0,))
MIDDLE = Entry("middle", (0.5,), (1.0,))
END = Entry("end", (1.0,), (1.0,))


def through(points: int = 5) -> Entry:
    """Evenly through the period, integrated with `points` points, both ends among them.

    Exact for a survival that is a polynomial of degree 2 points - 3 (Abramowitz and Stegun 1964, 25.4.32).

    Raises:
        BadValue: fewer than 2 points or more than 10.
    """
    if not 2 <= points <= MOST_POINTS:
        raise BadValue(f"{points} points", place="entry through", remedy=f"give 2 to {MOST_POINTS}")
    last = np.zeros(points)
    last[-1] = 1.0
    inner = np.sort(np.real(legendre.legroots(legendre.legder(last))))
    nodes = np.concatenate(([-1.0], inner, [1.0]))
    weights = 2.0 / (points * (points - 1) * legendre.legval(nodes, last) ** 2)
    return Entry("through", tuple((nodes + 1.0) / 2.0), tuple(weights / 2.0))


def ages(bounds: Floats, cohort: int, point: float) -> Floats:
    """Ages at the ends of the periods from `cohort` on of what entered there at `point`; `bounds` are the ends."""
    entered = point * bounds[cohort + 1] + (1.0 - point) * bounds[cohort]
    return np.asarray(bounds[cohort + 1 :] - entered)
