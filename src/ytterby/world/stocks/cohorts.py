"""Home to the cohort models: a stock from what flows into it, and the inflow that a stock asks for.

With survival `s[t, c]`, the share of cohort `c` still in use at the end of period `t`,

    stock[t] = sum over c <= t of s[t, c] * inflow[c] * length[c]
    outflow[t] * length[t] = inflow[t] * length[t] - (stock[t] - stock[t - 1])

read forwards (inflow-driven) or solved for the inflow period by period (stock-driven). Müller, D. B. (2006), Stock
dynamics for forecasting material flows, Ecological Economics 59, doi:10.1016/j.ecolecon.2005.09.025.

No (period, cohort) table is kept: a cohort's survival is laid over the later periods as it is reached. Memory is that
of the results; series are taken in blocks that stay in a core's cache.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ytterby.terms.errors import BadValue
from ytterby.world.stocks.entry import MIDDLE, Entry, ages
from ytterby.world.stocks.lifetime import Floats, Lifetime

BLOCK = 256
"""Series laid over time together: some hundred periods of them fit a core's cache."""


@dataclass(frozen=True, slots=True)
class Cohorts:
    """A stock, what flowed into it and what left it, all (period, ...)."""

    stock: Floats
    """At the end of each period."""
    inflow: Floats
    """Per year."""
    outflow: Floats
    """Per year, whatever left: worn out, or (with `early`) scrapped before its time."""
    kept: Floats | None
    """Share of older cohorts that was not scrapped early in each period; None where nothing was."""
    bounds: Floats
    """Ends of the periods, years (period + 1,)."""
    lifetime: Lifetime
    entry: Entry

    @property
    def lengths(self) -> Floats:
        """Years of each period, (period,)."""
        return np.diff(self.bounds)

    def stock_by_cohort(self) -> Floats:
        """What of each cohort is in use at the end of each period, (period, cohort, ...): the large table."""
        periods, shape = len(self.stock), self.stock.shape[1:]
        lifetime = self.lifetime.flattened(shape, periods)
        made = np.zeros((periods, periods, int(np.prod(shape))))
        entered = _by_length(self.inflow, self.lengths).reshape(periods, -1)
        kept = None if self.kept is None else self.kept.reshape(periods, -1)
        for c, table in _survivals(lifetime, self.bounds, self.entry, entered.shape[1]):
            made[c:, c] = table * entered[c]
            if kept is not None:
                made[c + 1 :, c] *= np.cumprod(kept[c + 1 :], axis=0)
        return made.reshape(periods, periods, *shape)

    def outflow_by_cohort(self) -> Floats:
        """What of each cohort left in each period, per year, (period, cohort, ...)."""
        there = self.stock_by_cohort()
        before = np.concatenate([np.zeros_like(there[:1]), there[:-1]])
        each = np.arange(len(there))
        before[each, each] = _by_length(self.inflow, self.lengths)
        return np.asarray(_by_length(before - there, 1.0 / self.lengths))


def stock_driven(
    stock: ArrayLike,
    lifetime: Lifetime,
    *,
    years: ArrayLike | None = None,
    entry: Entry = MIDDLE,
    early: bool = False,
) -> Cohorts:
    """The inflow that keeps up a stock, and what leaves it.

    Args:
        stock: (period, ...) at the end of each period; before the first there is none.
        lifetime: how long products serve.
        years: middle of each period (period,), at any distance; without it periods of one year. A period reaches half
            way to its neighbours.
        entry: when within its period an inflow enters.
        early: where a stock falls faster than its products wear out, scrap the surplus, the same share of every
            cohort. Without it the inflow is negative there.

    Raises:
        BadValue: no numbers, years that do not rise, or products of which nothing lives to the end of a period.
    """
    levels = _numbers(stock, "stock")
    bounds = _bounds(years, len(levels))
    flat = levels.reshape(len(levels), -1)
    told = lifetime.flattened(levels.shape[1:], len(levels))
    entered, kept = np.empty_like(flat), np.ones_like(flat) if early else None
    for part in _parts(flat.shape[1]):
        left = flat[:, part].copy()  # what of the stock no older cohort fills
        held = np.zeros_like(left)
        for c, table in _survivals(told.series(part, flat.shape[1]), bounds, entry, left.shape[1]):
            if not np.all(table[0] > 0.0):
                raise BadValue(
                    f"nothing made in period {c} lives to its end, so no inflow can keep up a stock",
                    place="stock_driven, lifetime",
                    remedy="take shorter periods, a longer lifetime, or let the inflow enter at the end",
                )
            if kept is not None:
                kept[c, part] = _scrapped(left, held, flat[:, part], c)
            entered[c, part] = left[c] / table[0]
            gone = table * entered[c, part]
            left[c:] -= gone
            if kept is not None:
                held[c:] += gone
    inflow = _by_length(entered, 1.0 / np.diff(bounds)).reshape(levels.shape)
    scrapped = None if kept is None or np.all(kept == 1.0) else kept.reshape(levels.shape)
    return _closed(levels, inflow, scrapped, bounds, lifetime, entry)


def inflow_driven(
    inflow: ArrayLike, lifetime: Lifetime, *, years: ArrayLike | None = None, entry: Entry = MIDDLE
) -> Cohorts:
    """The stock that an inflow builds up, and what leaves it.

    Args:
        inflow: (period, ...) per year.
        lifetime: how long products serve.
        years: middle of each period, as for `stock_driven`.
        entry: when within its period an inflow enters.

    Raises:
        BadValue: no numbers, or years that do not rise.
    """
    given = _numbers(inflow, "inflow")
    bounds = _bounds(years, len(given))
    entered = _by_length(given, np.diff(bounds)).reshape(len(given), -1)
    told = lifetime.flattened(given.shape[1:], len(given))
    stock = np.zeros_like(entered)
    for part in _parts(entered.shape[1]):
        held = np.zeros_like(entered[:, part])
        for c, table in _survivals(told.series(part, entered.shape[1]), bounds, entry, held.shape[1]):
            held[c:] += table * entered[c, part]
        stock[:, part] = held
    return _closed(stock.reshape(given.shape), given, None, bounds, lifetime, entry)


def _closed(
    stock: Floats, inflow: Floats, kept: Floats | None, bounds: Floats, lifetime: Lifetime, entry: Entry
) -> Cohorts:
    change = np.diff(stock, axis=0, prepend=np.zeros_like(stock[:1]))
    outflow = inflow - _by_length(change, 1.0 / np.diff(bounds))
    return Cohorts(stock, inflow, outflow, kept, bounds, lifetime, entry)


def _scrapped(left: Floats, held: Floats, stock: Floats, c: int) -> Floats:
    """Scrap in period `c` what older cohorts hold beyond the stock: the share of each that stays, (series,)."""
    beyond = left[c] < 0.0
    share = np.ones(left.shape[1])
    if beyond.any():
        share[beyond] = stock[c, beyond] / held[c, beyond]
        held[c:, beyond] *= share[beyond]
        left[c:, beyond] = stock[c:, beyond] - held[c:, beyond]
        left[c, beyond] = 0.0
    return share


def _survivals(lifetime: Lifetime, bounds: Floats, entry: Entry, width: int) -> Iterator[tuple[int, Floats]]:
    """Each cohort with its survival at the ends of the periods from its own on, (period - cohort, series).

    Where periods are even and no cohort lives longer than another, one table serves all of them.
    """
    periods = len(bounds) - 1
    lengths = np.diff(bounds)
    even = not lifetime.by_cohort and bool(np.all(lengths == lengths[0]))
    table = _survival(lifetime, bounds, entry, 0, width) if even else None
    for c in range(periods):
        yield c, _survival(lifetime.cohort(c), bounds, entry, c, width) if table is None else table[: periods - c]


def _survival(lifetime: Lifetime, bounds: Floats, entry: Entry, cohort: int, width: int) -> Floats:
    made = np.zeros((len(bounds) - 1 - cohort, width))
    for point, weight in zip(entry.points, entry.weights, strict=True):
        made += weight * lifetime.survival(ages(bounds, cohort, point)[:, None])
    return made


def _parts(width: int) -> Iterator[slice]:
    for first in range(0, width, BLOCK):
        yield slice(first, first + BLOCK)


def _by_length(values: Floats, lengths: Floats) -> Floats:
    return np.asarray(values * lengths.reshape(-1, *([1] * (values.ndim - 1))))


def _numbers(values: ArrayLike, what: str) -> Floats:
    try:
        made = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise BadValue(f"the {what} is no array of numbers", place=what, remedy="give (period, ...)") from None
    if made.ndim == 0 or not len(made):
        raise BadValue(f"the {what} has no period", place=what, remedy="give one row for each period")
    if not np.all(np.isfinite(made)):
        row = int(np.argwhere(~np.isfinite(made))[0][0])
        raise BadValue(f"the {what} is not a number in period {row}", place=what, remedy="fill or drop the gap")
    return made


def _bounds(years: ArrayLike | None, periods: int) -> Floats:
    """Ends of the periods: half way between their middles; the first and the last are as long as their neighbours."""
    if years is None:
        return np.arange(periods + 1, dtype=np.float64)
    middles = _numbers(years, "years")
    if middles.shape != (periods,) or periods < 2 or np.any(np.diff(middles) <= 0.0):
        raise BadValue(
            f"{middles.size} years for {periods} periods, or they do not rise",
            place="years",
            remedy="give the middle of each period, rising, at least two",
        )
    between = (middles[:-1] + middles[1:]) / 2.0
    inner = np.diff(between) if periods > 2 else np.diff(middles)
    return np.concatenate(([between[0] - inner[0]], between, [between[-1] + inner[-1]]))
