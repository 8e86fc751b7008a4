"""Home to the Chinese working calendar: the clock of the licence review, make-up days included.

The State Council publishes each year's holidays and make-up days late in the year before; the published years come
with the `chinesecalendar` package. Later years are provisional: Monday to Friday less the holidays whose dates the
law fixes.

Source: Regulations on Public Holidays for National Annual Festivals and Memorial Days (State Council, 2025).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ytterby.terms.errors import BadValue, DateOrder

EPOCH = date(1970, 1, 1)

FIXED = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
"""Month and day of the holidays that fall on the same solar date each year (New Year, Labour Day, National Day)."""

LONGEST = 20_000
"""Most working days that may be counted in one go: about 80 years."""


@lru_cache(maxsize=1)
def published() -> tuple[int, int]:
    """First and last year whose holidays are published."""
    from chinese_calendar import constants

    return min(constants.holidays).year, max(constants.holidays).year


def provisional(day: date) -> str:
    """Why the answer for `day` may still change; empty for a published year."""
    first, last = published()
    if first <= day.year <= last:
        return ""
    return f"holidays of {day.year} are not published ({first} to {last} are): weekdays less fixed holidays counted"


@lru_cache(maxsize=50_000)
def is_working_day(day: date) -> bool:
    """Whether Chinese offices work on `day`; provisional for years not published, see `provisional`."""
    first, last = published()
    if first <= day.year <= last:
        from chinese_calendar import is_workday

        return bool(is_workday(day))
    return day.weekday() < 5 and (day.month, day.day) not in FIXED


def add_working_days(start: date, count: int) -> date:
    """The `count`-th working day after `start`; `start` itself is day 0.

    >>> add_working_days(date(2025, 4, 7), 45)
    datetime.date(2025, 6, 12)

    Raises:
        BadValue: a negative count, or one beyond `LONGEST`.
    """
    if not 0 <= count <= LONGEST:
        raise BadValue(f"{count} working days", remedy=f"count between 0 and {LONGEST}")
    day = start
    try:
        while count:
            day += timedelta(days=1)
            count -= is_working_day(day)
    except OverflowError:
        raise BadValue("the count runs past the year 9999", remedy="start earlier or count fewer days") from None
    return day


def working_days(start: date, end: date) -> int:
    """Working days after `start` up to and with `end`: the inverse of `add_working_days`.

    Raises:
        DateOrder: `end` before `start`.
    """
    if end < start:
        raise DateOrder(f"{end} is before {start}", remedy="put the earlier date first")
    days = (end - start).days
    return sum(is_working_day(start + timedelta(days=n)) for n in range(1, days + 1))


def seasonality(start: date, steps: int, step_days: float) -> NDArray[np.float64]:
    """Share of working days in each step over the mean of its year, (step,): 1 is a usual step, 0 a step of holidays.

    A step of part days counts the part of each day it covers. The mean is taken over the calendar year of the step's
    middle, so the steps of a whole year average to about 1.

    Raises:
        BadValue: no steps, or steps that are not longer than zero.
    """
    if steps < 1 or not 0 < step_days < 4000:
        raise BadValue(f"{steps} steps of {step_days} days", remedy="give at least one step of more than 0 days")
    length = int(np.ceil(steps * step_days)) + 1
    working = np.array([is_working_day(start + timedelta(days=n)) for n in range(length)], dtype=np.float64)
    total = np.concatenate([[0.0], np.cumsum(working)])
    edges = np.arange(steps + 1) * step_days
    share = np.diff(np.interp(edges, np.arange(length + 1), total)) / step_days
    middles = [start + timedelta(days=float(day)) for day in (edges[:-1] + edges[1:]) / 2]
    return np.asarray(share / np.array([_mean_of(day.year) for day in middles]), dtype=np.float64)


@lru_cache(maxsize=256)
def _mean_of(year: int) -> float:
    days = (date(year, 12, 31) - date(year, 1, 1)).days + 1
    return sum(is_working_day(date(year, 1, 1) + timedelta(days=n)) for n in range(days)) / days


@lru_cache(maxsize=64)
def spring_festival(year: int) -> date:
    """First day of the Spring Festival holiday.

    Of a year not published, the one 19 years earlier (Metonic cycle): a day or two off.

    >>> spring_festival(2025)
    datetime.date(2025, 1, 28)
    """
    from chinese_calendar import constants

    first, last = published()
    known = year
    while known > last:
        known -= 19
    while known < first:
        known += 19
    name = constants.Holiday.spring_festival.value
    eve: date = min(day for day, holiday in constants.holidays.items() if day.year == known and holiday == name)
    return eve.replace(year=year)


RUSH_DAYS = 28
"""Orders are pulled ahead of the Spring Festival, and made up for after it, over about four weeks each."""


def festival(start: date, steps: int, step_days: float) -> NDArray[np.float64]:
    """Share of each step in the weeks before the Spring Festival, less that in those from its first day (step,).

    >>> festival(date(2025, 1, 1), 2, 27.0)
    array([ 1., -1.])
    """
    begin = (start - EPOCH).days + step_days * np.arange(steps)
    total = np.zeros(steps)
    years = range(start.year, (start + timedelta(days=steps * step_days)).year + 2)
    for eve in ((spring_festival(year) - EPOCH).days for year in years):
        for sign, low, high in ((1.0, eve - RUSH_DAYS, eve), (-1.0, eve, eve + RUSH_DAYS)):
            overlap = np.minimum(begin + step_days, high) - np.maximum(begin, low)
            total += sign * np.clip(overlap, 0.0, None) / step_days
    return total
