"""Home to the scales of a figure: from values and days to px, with ticks a reader can count in."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ytterby.terms.errors import BadValue, InputError

LARGEST = 1e15
"""No tonnage, price or count of ours comes near it; what does is a mistake in the row."""

SMALLEST = 1e-15
"""A nanogram in tonnes: what is less counts as zero."""


@dataclass(frozen=True)
class Linear:
    """Maps `low`..`high` of the data onto `start`..`end` px (which may run downward)."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Position of `value`, px, held inside the range."""
        share = (value - self.low) / (self.high - self.low)
        return self.start + min(1.0, max(0.0, share)) * (self.end - self.start)


def number(row: Mapping[str, Any], key: str, place: str, default: float | None = None) -> float:
    """The number under `key`; NaN where it is missing or None and `default` is not given.

    Raises:
        BadValue: text, infinity, or beyond `LARGEST`; the message names the row.
    """
    value = row.get(key)
    if value is None or value == "":
        return math.nan if default is None else default
    try:
        result = float(value)
    except (TypeError, ValueError):
        raise BadValue(
            f"'{key}' is {value!r:.60}, not a number", place=place, remedy="give a number or leave it empty"
        ) from None
    if math.isinf(result) or abs(result) > LARGEST:
        remedy = "check the unit; figures draw tonnes, dollars, days and counts"
        raise BadValue(f"'{key}' is {result:g}, beyond {LARGEST:g}", place=place, remedy=remedy)
    return 0.0 if abs(result) < SMALLEST else result


def step_for(span: float, count: int) -> float:
    """The 1, 2, 2.5 or 5 times a power of ten that cuts `span` into about `count` parts."""
    raw = span / max(1, count)
    power = 10.0 ** math.floor(math.log10(raw))
    return next((m * power for m in (1.0, 2.0, 2.5, 5.0) if m * power >= raw * (1 - 1e-9)), 10.0 * power)


def nice_ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Round values that cover `low`..`high`: the first is at or below `low`, the last at or above `high`.

    >>> nice_ticks(0, 93)
    [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]
    """
    if high < low:
        low, high = high, low
    if high - low <= 1e-9 * max(abs(low), abs(high)) or high - low < 1e-12:
        pad = abs(high) * 0.5 or 1.0
        low, high = low - pad, high + pad
    step = step_for(high - low, count)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [index * step + 0.0 for index in range(first, last + 1)]


def spell(value: float, step: float | None = None) -> str:
    r"""A number for a label: three figures, hard spaces between thousands, a true minus; `step` fixes the decimals.

    >>> spell(58152.0).replace("\u00a0", "_"), spell(-0.1234), spell(2.0, step=0.5)
    ('58_152', '−0.123', '2.0')
    """
    if math.isnan(value):
        return "–"
    if abs(value) >= 1e9 and step is None:
        return f"{value:.3g}".replace("e+", "e").replace("-", "−")
    if step is not None and step > 0:
        decimals = next((d for d in range(9) if abs(round(step, d) - step) < step * 1e-6), 9)
    else:
        decimals = 0 if value == 0 or abs(value) >= 100 else min(9, 2 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{decimals}f}".replace(",", "\u00a0")
    if step is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    if not text.strip("-0.\u00a0"):
        text = text.lstrip("-")
    return text.replace("-", "−")


def day_of(text: object, place: str) -> float:
    """Middle day (proleptic ordinal) of a date or period as written: ``2025-04-04``, ``2025-04``, ``2025-Q1``,
    ``2025``.

    Raises:
        BadValue: not a period we know.
    """
    start, end = span_of(text, place)
    return (start + end) / 2


def span_of(text: object, place: str) -> tuple[float, float]:
    """First and last day (ordinals) of a date or period; see `day_of`."""
    # Imported here because a figure without dates need not know periods.
    from ytterby.terms.periods import parse_period

    if isinstance(text, date):
        return float(text.toordinal()), float(text.toordinal())
    if isinstance(text, (int, float)) and not isinstance(text, bool) and not math.isnan(float(text)):
        text = str(int(text))
    try:
        period = parse_period(str(text))
    except (InputError, ValueError) as error:
        remedy = "write it as 2025-04-04, 2025-04, 2025-Q1 or 2025"
        raise BadValue(f"{str(text)!r:.60} is not a date or period", place=place, remedy=remedy) from error
    return float(period.start.toordinal()), float(period.end.toordinal())


def _first_days(first: date, last: date, months: int) -> list[date]:
    """First days of every `months`-th month (from January) that lie in `first`..`last`."""
    found: list[date] = []
    index = first.year * 12 + first.month - 1
    index -= index % months
    while index // 12 <= min(last.year, date.max.year):
        day = date(max(1, index // 12), index % 12 + 1, 1)
        if first <= day <= last:
            found.append(day)
        index += months
    return found


def time_ticks(low: float, high: float, most: int) -> list[tuple[float, str]]:
    """At most about `most` (ordinal, label) ticks between two ordinals, on first days of months, quarters or years."""
    first, last = (
        date.fromordinal(max(1, math.floor(low))),
        date.fromordinal(min(date.max.toordinal(), math.ceil(high))),
    )
    for months in (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000):
        if (high - low) / (months * 30.44) > most:
            continue
        days = _first_days(first, last, months)
        if days:
            return [(float(d.toordinal()), str(d.year) if months >= 12 else f"{d.year}-{d.month:02d}") for d in days]
    return [((low + high) / 2, date.fromordinal(round((low + high) / 2)).isoformat())]


def separate(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Positions as near as may be to `wanted` (any order) with at least `gap` between them, inside `low`..`high`.

    Where they cannot all fit, the gap shrinks evenly; callers that must not overlap drop rows first.

    >>> separate([10.0, 11.0, 50.0], 10.0, 0.0, 100.0)
    [5.5, 15.5, 50.0]
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    if len(order) > 1:
        gap = min(gap, (high - low) / (len(order) - 1))
    # Blocks that touch are merged and sit at the mean of what their members want (pool adjacent violators).
    blocks: list[list[float]] = []
    for rank, index in enumerate(order):
        blocks.append([wanted[index] - rank * gap, 1.0])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            mean, size = blocks.pop()
            blocks[-1] = [(blocks[-1][0] * blocks[-1][1] + mean * size) / (blocks[-1][1] + size), blocks[-1][1] + size]
    top = high - gap * (len(order) - 1)
    placed = [0.0] * len(order)
    rank = 0
    for mean, size in blocks:
        for _ in range(round(size)):
            placed[order[rank]] = min(max(mean, low), max(low, top)) + rank * gap
            rank += 1
    return placed
