"""Home to what a text states, so that two texts can be compared: figures by value and unit, and the times it names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from ytterby.evidence.grammar import bases, quantities, times
from ytterby.terms.errors import InputError
from ytterby.terms.periods import parse_period
from ytterby.terms.text import fold
from ytterby.terms.units import convert

_EITHER = frozenset(("on the month before", "on the quarter before", "on the year before"))
_CLOSE = 1e-9
_YEARLY = re.compile(r"annual|a year|per year|yearly|/yr|每年|年产|一年|产能|年度|capacity", re.IGNORECASE)
_RATES = {"t/yr": "t", "kg/yr": "kg", "unit/yr": "count", "kt/yr": "kt"}


@dataclass(frozen=True, slots=True)
class Stated:
    """One figure of a text."""

    start: int
    end: int
    low: float | None
    high: float | None
    """Both the value itself where there is one; None where no number is said."""
    comparator: str
    unit: str
    dimension: str

    @property
    def none(self) -> bool:
        """True where no number is said (several weeks)."""
        return self.low is None


def day(label: str) -> date | None:
    """The last day a date label covers; None where there is none."""
    if not label:
        return None
    try:
        return parse_period(label).end
    except InputError:
        return None


@lru_cache(maxsize=2048)
def _figures(folded: str) -> tuple[Stated, ...]:
    return tuple(
        Stated(
            one.start,
            one.end,
            one.value if one.value is not None else one.low,
            one.value if one.value is not None else one.high,
            one.comparator,
            one.unit,
            one.dimension,
        )
        for one in quantities(folded)
    )


def stated(text: str, today: str = "") -> list[Stated]:
    """The figures of a text, in order."""
    return list(_figures(fold(text)))


@lru_cache(maxsize=2048)
def _times(folded: str, today: str) -> frozenset[str]:
    return frozenset(one.period for one in times(folded, day(today)) if one.period and one.role != "vs")


@lru_cache(maxsize=2048)
def _bases(folded: str, today: str) -> frozenset[str]:
    return frozenset(one.basis or one.against for one in bases(folded, day(today)) if one.basis or one.against)


def compared(text: str, today: str = "") -> set[str]:
    """What the changes in a text are measured against: a basis ("on the month before") or the period it names."""
    return set(_bases(fold(text), today))


def compares(source: set[str], basis: str) -> bool:
    """Whether a source measures changes against a basis; "from November" may be the month or the year before."""
    return basis in source or (basis in _EITHER and bool(source - _EITHER))


def named_times(text: str, today: str | None) -> set[str]:
    """Labels of the times a text names, resolved on the day it was published; bases of comparison are `compared`."""
    return set(_times(fold(text), today or ""))


def says(figures: Iterable[Stated], wanted: Stated, *, annual: bool = False) -> bool:
    """Whether a figure is among `figures`: same value, unit and comparator.

    Args:
        figures: of the source.
        wanted: of the brief.
        annual: a yearly rate may stand for an amount (the source says "200 tons … annually").
    """
    return any(same(one, wanted, annual=annual) for one in figures)


def yearly(text: str) -> bool:
    """Whether a text speaks of a year's worth, so that its amounts may be rates."""
    return _YEARLY.search(fold(text)) is not None


def same(one: Stated, other: Stated, *, annual: bool = False) -> bool:
    """Whether two figures say the same."""
    if one.comparator != other.comparator:
        return False
    units = one.unit, other.unit
    if annual:
        units = _RATES.get(one.unit, one.unit), _RATES.get(other.unit, other.unit)
    factor = _factor(*units)
    return factor is not None and _near(one.low, other.low, factor) and _near(one.high, other.high, factor)


def same_value(one: Stated, other: Stated) -> bool:
    """Whether two figures have the same bare numbers, whatever their units and comparators."""
    return _near(one.low, other.low) and _near(one.high, other.high)


def _near(one: float | None, other: float | None, factor: float = 1.0) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other * factor) <= _CLOSE * max(abs(one), abs(other * factor), 1e-12)


@lru_cache(maxsize=512)
def _factor(to: str, unit: str) -> float | None:
    if unit == to:
        return 1.0
    if not unit or not to or "pp" in (unit, to):
        # A percentage point is not a percent, though both are hundredths.
        return None
    try:
        return convert(1.0, unit, to)
    except InputError:
        return None
