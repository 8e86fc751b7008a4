"""Home to the moment: a time as the words name it, before the day of the document places it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Anchor = Literal["", "before", "same", "sameday", "month", "year", "quarter", "week", "day", "weekday", "decade"]
"""How a moment is placed: ``""`` by its own numbers; ``before`` in the period spoken of last, shifted by `shift`;
``same`` the period spoken of last, in the moment's own year; ``sameday`` the day spoken of last; ``month``, ``year``,
``quarter``, ``week`` and ``day`` count `shift` of them from the document's day; ``weekday`` is the latest such day."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Words of time, ``text[start:end]``, taken apart."""

    start: int
    end: int
    year: int | None = None
    """The year itself; None where it is left out or relative."""
    years: int | None = None
    """Years from the document's own; None where the year is stated or left out."""
    first: int = 0
    """First month, 0 where none is named."""
    last: int = 0
    day: int = 0
    fuzzy: bool = False
    anchor: Anchor = ""
    shift: int = 0
    until: Moment | None = None
    """The other end of a range."""
    fiscal: bool = False

    @property
    def dated(self) -> bool:
        """Whether it says its year."""
        return self.year is not None or self.years is not None


def through(first: Moment, last: Moment) -> Moment:
    """The range from one moment to another, which may leave the year or the month to its neighbour."""
    if not last.dated and not last.anchor and first.dated:
        crosses = bool(last.first) and bool(first.first) and last.first < first.first
        last = replace(
            last,
            year=first.year + crosses if first.year is not None else None,
            years=first.years + crosses if first.years is not None else None,
        )
    elif not first.dated and not first.anchor and last.dated and last.first:
        crosses = bool(first.first) and last.first < first.first
        first = replace(
            first,
            year=last.year - crosses if last.year is not None else None,
            years=last.years - crosses if last.years is not None else None,
        )
    if last.day and not last.first:
        last = replace(last, first=first.first, last=first.last)
    return replace(first, end=last.end, until=last, fuzzy=first.fuzzy or last.fuzzy)
