"""Home to disagreement: which claims conflict, and which only look as if they did.

Two claims conflict when subject, basis, place, stage and period are the same and their intervals do not meet after
unit conversion and rounding (half a unit of the last digit printed; round numbers are read as rounded). Where the
basis, the material counted, the period or the edition differ, or a basis is not stated, the pair is a scope difference:
shown with its reason, never called a conflict.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from ytterby.evidence.claims import Claim
from ytterby.terms.errors import InputError
from ytterby.terms.units import convert

APPROXIMATE = 0.05
"""Relative half-width given to a figure said with "about"."""

_TIMELESS = frozenset({"share", "price", "intensity", "dependency"})
"""Kinds whose figures over a month and over its year may be compared; amounts may not."""


@dataclass(frozen=True)
class Contest:
    """Two claims that do not meet: a conflict where `why` is empty, else a scope difference."""

    first: str
    second: str
    why: str = ""


@dataclass(frozen=True)
class Interval:
    """A closed interval in some unit."""

    low: float
    high: float

    def meets(self, other: Interval) -> bool:
        """True where the two share a point, up to float noise."""
        slack = 1e-9 * max(abs(x) for x in (self.low, self.high, other.low, other.high, 0.0) if math.isfinite(x))
        return self.low <= other.high + slack and other.low <= self.high + slack


def half_unit(value: float) -> float:
    """Half a unit of the last digit printed.

    >>> half_unit(0.61), half_unit(5952.0), half_unit(240000.0)
    (0.005, 0.5, 5000.0)
    """
    if value == 0:
        return 0.5
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return float(Decimal(5).scaleb(exponent - 1))


def interval(claim: Claim) -> Interval | None:
    """What a claim says, as an interval in its own unit; None where it states no figure."""
    low, high, value = claim.low, claim.high, claim.value
    if value is not None:
        around = half_unit(value) if claim.spread != "exact" else 0.0
        if claim.comparator == "~":
            around = max(around, APPROXIMATE * abs(value))
        low = value - around if low is None else min(low, value - around)
        high = value + around if high is None else max(high, value + around)
    if claim.comparator in (">", "≥"):
        high = math.inf
    elif claim.comparator in ("<", "≤"):
        low = -math.inf
    if low is None and high is None:
        return None
    return Interval(-math.inf if low is None else low, math.inf if high is None else high)


def contests(claims: Iterable[Claim]) -> list[Contest]:
    """Every pair that does not meet, conflicts and scope differences, in a stable order."""
    found = {(one.first, one.second): one for pair in _pairs(claims) if (one := contest(*pair)) is not None}
    return [found[key] for key in sorted(found)]


def contest(a: Claim, b: Claim) -> Contest | None:
    """How two claims on one subject disagree; None where they meet or cannot be compared."""
    here, there = interval(a), interval(b)
    if here is None or there is None or a.id == b.id:
        return None
    moved = _in_unit_of(a, b, there)
    if moved is None:
        why = f"unit: {a.unit} / {b.unit}" if a.parameter and a.parameter == b.parameter else ""
        return _between(a, b, why) if why else None
    if here.meets(moved):
        return None
    return _between(a, b, _why(a, b))


def _between(a: Claim, b: Claim, why: str) -> Contest:
    return Contest(min(a.id, b.id), max(a.id, b.id), why)


def _pairs(claims: Iterable[Claim]) -> Iterator[tuple[Claim, Claim]]:
    groups: dict[tuple[object, ...], list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.value is None and claim.low is None and claim.high is None:
            continue
        groups[(claim.kind, claim.subject, claim.elements, claim.place, claim.stage, claim.counterpart)].append(claim)
    for members in groups.values():
        for a, b in combinations(members, 2):
            if a.period == b.period or (a.kind in _TIMELESS and _within(a.period, b.period)):
                yield a, b


def _within(a: str, b: str) -> bool:
    """Whether one period label is a part of the other (a month of a year, a day of a month)."""
    return bool(a) and bool(b) and (a.startswith(b) or b.startswith(a))


def _in_unit_of(a: Claim, b: Claim, said: Interval) -> Interval | None:
    if a.unit == b.unit:
        return said
    if not a.unit or not b.unit:
        return None
    try:
        factor = convert(1.0, b.unit, a.unit)
    except InputError:
        return None
    return Interval(said.low * factor, said.high * factor)


def _why(a: Claim, b: Claim) -> str:
    if a.basis != b.basis:
        return f"basis: {a.basis or 'not stated'} / {b.basis or 'not stated'}"
    if "not stated" in a.basis:
        return "basis: not stated in either"
    if a.material != b.material:
        return f"material: {a.material or 'not stated'} / {b.material or 'not stated'}"
    if a.period != b.period:
        return f"period: {a.period} / {b.period}"
    same_hand = bool(a.source.originator) and a.source.originator == b.source.originator
    if same_hand and a.source.year != b.source.year and a.source.year and b.source.year:
        return f"edition: {max(a.source.year, b.source.year)} revises {min(a.source.year, b.source.year)}"
    return ""
