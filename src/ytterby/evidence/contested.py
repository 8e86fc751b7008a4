"""Home to disagreement: which claims conflict, and which only look as if they did.

Two claims conflict when subject, basis, place, stage and period are the same and their intervals do not meet after
unit conversion and rounding (half a unit of the last digit printed; round numbers are read as rounded). Where the
basis, the material counted, the baseline of a change, the period or the edition differ, or a basis is not stated, the
pair is a scope difference: shown with its reason, never called a conflict. What a claim counts is its sense (see
`senses`): claims that were read and rows of tables are compared in the same words. Figures of one passage never
contradict each other (a level and the level before), nor does an outcome contradict the forecast it belies: that is
for the `ledger`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import combinations

from ytterby.evidence.claims import Claim
from ytterby.evidence.naming import factor, is_read, sense_of
from ytterby.evidence.senses import Sense

APPROXIMATE = 0.05
"""Relative half-width given to a figure said with "about"."""

NEAR_YEARS = 2
"""How many years apart two shares may have been written for them to be set side by side where one names no year."""

CROWD = 64
"""Above so many claims about one thing, those that say the very same are shown by the one known first."""
FLOOD = 200
"""Figures on one subject and time beyond which those of one document are not set against each other: who gives hundreds
of them tells apart what we do not, as the lines of a table do."""

_TIMELESS = frozenset({"share", "price", "intensity", "dependency"})
"""Kinds whose figures over a month and over its year may be compared; amounts may not."""
_STANDING = frozenset({"share", "dependency", "capacity", "reserve"})
"""Kinds that hold until something changes: without a period of their own they speak of the year of writing."""
_CHANGES = frozenset({"trade_change", "price_change"})
_FORESEEN = frozenset({"forecast", "target"})


@dataclass(frozen=True, slots=True)
class _Heard:
    """A claim with its sense and interval."""

    claim: Claim
    sense: Sense
    says: Interval
    read: bool


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


@lru_cache(maxsize=1 << 16)
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


def figure(claim: Claim) -> float | None:
    """The claim's central figure: its value, else the middle of its range (geometric where both ends are positive)."""
    if claim.value is not None:
        return claim.value
    if claim.low is None or claim.high is None:
        return None
    return math.sqrt(claim.low * claim.high) if claim.low > 0 else (claim.low + claim.high) / 2


def contests(claims: Iterable[Claim]) -> list[Contest]:
    """Every pair that does not meet, conflicts and scope differences, in a stable order."""
    every = list(claims)
    revised = _revised(every)
    found: dict[tuple[str, str], Contest] = {}
    for a, b in _pairs(every):
        one = _contest(a, b)
        if one is not None:
            old = next((why for heard in (a, b) if a.read != b.read and (why := revised.get(heard.claim.id))), "")
            found[one.first, one.second] = one if one.why or not old else Contest(one.first, one.second, old)
    return [found[key] for key in sorted(found)]


def _revised(claims: Iterable[Claim]) -> dict[str, str]:
    """Rows that a newer edition of the same hand replaces, with the words for it: nothing read conflicts with them."""
    hands: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.parameter and claim.source.year and not is_read(claim):
            hands[claim.parameter, claim.source.originator].append(claim)
    return {
        claim.id: f"edition: {newest} revises {claim.source.year}"
        for members in hands.values()
        for newest in (max(claim.source.year or 0 for claim in members),)
        for claim in members
        if claim.source.year != newest
    }


def contest(a: Claim, b: Claim) -> Contest | None:
    """How two claims on one subject disagree; None where they meet or cannot be compared."""
    here, there = _heard(a), _heard(b)
    return _contest(here, there) if here is not None and there is not None else None


def _heard(claim: Claim) -> _Heard | None:
    says = interval(claim)
    return None if says is None else _Heard(claim, sense_of(claim), says, is_read(claim))


def _contest(a: _Heard, b: _Heard) -> Contest | None:
    if a.claim.id == b.claim.id:
        return None
    both = _in_one_unit(a, b)
    if both is None:
        shared = a.claim.parameter and a.claim.parameter == b.claim.parameter
        return _between(a, b, f"unit: {a.claim.unit} / {b.claim.unit}") if shared else None
    if both[0].meets(both[1]):
        return None
    return _between(a, b, _why(a, b))


def _between(a: _Heard, b: _Heard, why: str) -> Contest:
    return Contest(min(a.claim.id, b.claim.id), max(a.claim.id, b.claim.id), why)


def _pairs(claims: Iterable[Claim]) -> Iterator[tuple[_Heard, _Heard]]:
    groups: dict[tuple[object, ...], list[_Heard]] = defaultdict(list)
    named: dict[str, list[_Heard]] = defaultdict(list)
    for claim in claims:
        heard = _heard(claim)
        if heard is not None:
            groups[_subject(heard.sense)].append(heard)
            if heard.sense.parameter:
                named[heard.sense.parameter].append(heard)
    for members in groups.values():
        for together in _of_one_time(_thinned(members)):
            flood = len(together) > FLOOD
            for a, b in combinations(together, 2):
                if not (flood and a.claim.document == b.claim.document) and _comparable(a, b):
                    yield a, b
    for members in named.values():
        # What was read may bear the name of a row whose subject is told in other words.
        if any(one.read for one in members):
            for a, b in combinations(_thinned(members), 2):
                if (a.read or b.read) and _subject(a.sense) != _subject(b.sense) and not _one_passage(a, b):
                    yield a, b


def _thinned(members: list[_Heard]) -> list[_Heard]:
    if len(members) <= CROWD:
        return members
    said: dict[tuple[object, ...], _Heard] = {}
    for one in sorted(members, key=lambda one: (one.claim.known or date.max, one.claim.id)):
        said.setdefault((one.sense, one.says, one.claim.unit, one.claim.modality in _FORESEEN, one.read), one)
    return list(said.values())


def _of_one_time(members: list[_Heard]) -> Iterable[list[_Heard]]:
    """The claims on one subject, by period where only figures of one period are set side by side."""
    if members[0].sense.kind in _TIMELESS | _STANDING:
        return [members]
    by_period: dict[str, list[_Heard]] = defaultdict(list)
    for one in members:
        by_period[one.sense.period].append(one)
    return by_period.values()


def _subject(sense: Sense) -> tuple[object, ...]:
    # Two products of one maker are two subjects; magnets with and without alloys are one, counted in two ways.
    made = sense.material if sense.kind == "production" and "magnets" not in sense.material else ""
    return (sense.kind, sense.subject, made, sense.elements, sense.place, sense.stage, sense.counterpart)


def _one_passage(a: _Heard, b: _Heard) -> bool:
    if not (a.read and b.read) or a.claim.passage is None:
        return False
    return a.claim.document == b.claim.document and a.claim.passage == b.claim.passage


def _comparable(a: _Heard, b: _Heard) -> bool:
    """Whether two figures of one subject hold for the same time, so that they may be set side by side."""
    one, other = a.sense, b.sense
    if not (a.read or b.read):
        return one.period == other.period or (one.kind in _TIMELESS and _within(one.period, other.period))
    if _one_passage(a, b):
        return False
    if one.kind == "intensity":
        return True
    if one.kind in _STANDING and not (one.stated and other.stated):
        return _near(one.period, other.period)
    if not one.period or not other.period:
        return False
    return one.period == other.period or (one.kind in _TIMELESS and _within(one.period, other.period))


def _near(a: str, b: str) -> bool:
    if not (a[:4].isdigit() and b[:4].isdigit()):
        return False
    return abs(int(a[:4]) - int(b[:4])) <= NEAR_YEARS


def _within(a: str, b: str) -> bool:
    """Whether one period label is a part of the other (a month of a year, a day of a month)."""
    return bool(a) and bool(b) and (a.startswith(b) or b.startswith(a))


def _in_one_unit(a: _Heard, b: _Heard) -> tuple[Interval, Interval] | None:
    """Both intervals in the unit of one of the two; None where their units do not meet."""
    times = factor(b.claim, a.claim.unit) if a.claim.unit != b.claim.unit else 1.0
    if times is not None:
        return a.says, Interval(b.says.low * times, b.says.high * times)
    times = factor(a.claim, b.claim.unit)
    if times is not None:
        return Interval(a.says.low * times, a.says.high * times), b.says
    return None


def _why(a: _Heard, b: _Heard) -> str:
    one, other = a.sense, b.sense
    # A name that was worked out has basis and material in it already.
    same_name = (a.read or b.read) and bool(one.parameter) and one.parameter == other.parameter
    if one.basis != other.basis and not same_name:
        word = "baseline" if one.kind in _CHANGES else "basis"
        return f"{word}: {one.basis or 'not stated'} / {other.basis or 'not stated'}"
    if one.basis != other.basis and ("not stated" in one.basis or "not stated" in other.basis):
        return f"basis: {one.basis} / {other.basis}"
    if "not stated" in one.basis:
        return "baseline: not stated in either" if one.kind in _CHANGES else "basis: not stated in either"
    untold = (a.read and not one.material) or (b.read and not other.material)
    if one.material != other.material and not same_name and not untold:
        return f"material: {one.material or 'not stated'} / {other.material or 'not stated'}"
    if one.period != other.period and not _timeless(a, b, same_name=same_name):
        return f"period: {_when(one)} / {_when(other)}"
    if one.kind in _STANDING and (a.read or b.read) and _years_apart(a, b):
        return f"period: {_year(a)} / {_year(b)}"
    if (a.read or b.read) and (a.claim.modality in _FORESEEN) != (b.claim.modality in _FORESEEN):
        return f"modality: {a.claim.modality} / {b.claim.modality}"
    return _edition(a.claim, b.claim)


def _year(one: _Heard) -> str:
    """The year a standing figure is of: that of its period, else of its statement."""
    return one.sense.period[:4] or one.claim.as_of[:4]


def _years_apart(a: _Heard, b: _Heard) -> bool:
    return bool(_year(a)) and bool(_year(b)) and _year(a) != _year(b)


def _timeless(a: _Heard, b: _Heard, *, same_name: bool) -> bool:
    """Whether two labels of time are no reason to keep two figures apart."""
    one, other = a.sense, b.sense
    if same_name and (_within(one.period, other.period) or not (one.period and other.period)):
        return True
    return one.kind == "intensity" and (a.read or b.read) and not (one.period and other.period)


def _when(sense: Sense) -> str:
    return sense.period if sense.stated else f"not stated (written in {sense.period})"


def _edition(a: Claim, b: Claim) -> str:
    same_hand = bool(a.source.originator) and a.source.originator == b.source.originator
    # Two articles of one paper are not two editions of one table.
    tables = not (is_read(a) or is_read(b))
    if same_hand and tables and a.source.year != b.source.year and a.source.year and b.source.year:
        return f"edition: {max(a.source.year, b.source.year)} revises {min(a.source.year, b.source.year)}"
    return ""
