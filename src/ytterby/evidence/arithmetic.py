"""Home to the arithmetic between claims: months against the year, changes against levels, shares against the whole.

A check compares two figures that must agree whatever the world does; its tolerance is what rounding of the printed
digits allows, and 5 % where a figure is given as "about". Findings that hold are returned too, so that a report can say
what was checked. Claims that were read are checked with the rows of our tables, in the same words (see `senses`);
figures that several claims repeat are checked once.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import product

from ytterby.evidence import spans
from ytterby.evidence.claims import Claim
from ytterby.evidence.contested import APPROXIMATE, half_unit
from ytterby.evidence.naming import factor, is_read, sense_of
from ytterby.evidence.senses import Sense

BASKET_SLACK = 1.5
"""Percentage points by which printed baskets and compositions may miss 100 (published tables do)."""

_PART_MONTHS = {"JanFeb": (1, 2), "Q1": (1, 3), "Q2": (4, 6), "Q3": (7, 9), "Q4": (10, 12), "H1": (1, 6), "H2": (7, 12)}
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LEVELS = {"trade_volume": "trade_change", "production": "trade_change", "price": "price_change"}
"""Kind of level to the kind of its change."""
_BASES = ("on the year before", "on the quarter before", "on the month before")


@dataclass(frozen=True)
class Finding:
    """One check: what was expected, what was found, and the claims it rests on."""

    check: str
    """``months``, ``change`` or ``shares``."""
    about: str
    expected: float
    found: float
    tolerance: float
    unit: str
    claims: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """True where the two agree within rounding."""
        return abs(self.expected - self.found) <= self.tolerance

    def to_dict(self) -> dict[str, object]:
        """Plain JSON values by field name."""
        return {**asdict(self), "claims": list(self.claims), "holds": self.holds}

    def __str__(self) -> str:
        word = "holds" if self.holds else "fails"
        return f"{self.about}: {self.found:g} against {self.expected:g} {self.unit} (± {self.tolerance:.3g}), {word}"


@dataclass(frozen=True, slots=True)
class _Stated:
    """A claim with its sense and its figure in one unit per kind: shares as shares, the rest as printed."""

    claim: Claim
    sense: Sense
    value: float
    half: float
    """Half a unit of the last digit, 5 % where the claim says "about"."""
    unit: str


def check_arithmetic(claims: Iterable[Claim]) -> list[Finding]:
    """All findings over the claims that state a figure, are not rejected and are not stand-ins."""
    stated = [claim for claim in claims if claim.value is not None and not claim.carried_from]
    stated = [claim for claim in stated if claim.status != "rejected"]
    return [
        *months_against_year(stated),
        *changes_against_levels(stated),
        *changes_within_passages(stated),
        *shares_against_whole(stated),
    ]


def months_against_year(claims: Sequence[Claim]) -> Iterator[Finding]:
    """Where the parts of a year fill it exactly once, their sum against the year's own figure."""
    for (subject, _, _, _, unit, year), parts in sorted(_by_year(claims).items()):
        whole = parts.pop((1, 12), None)
        chosen = _cover(parts)
        if whole is None or chosen is None:
            continue
        yield Finding(
            "months",
            f"{subject} {whole.sense.place} → {whole.sense.counterpart} {year}",
            whole.value,
            sum(part.value for part in chosen),
            whole.half + sum(part.half for part in chosen),
            unit,
            (whole.claim.id, *(part.claim.id for part in chosen)),
        )


def changes_against_levels(claims: Sequence[Claim]) -> Iterator[Finding]:
    """A change on the year, quarter or month before against the two levels, where both stand."""
    levels: dict[tuple[str, ...], dict[tuple[float, str], _Stated]] = defaultdict(dict)
    changes: dict[tuple[object, ...], _Stated] = {}
    for claim in claims:
        one = _stated(claim)
        if one is None or claim.modality in ("forecast", "target"):
            continue
        about = (*_of(one.sense), one.sense.period)
        if one.sense.kind in _LEVELS:
            levels[(_LEVELS[one.sense.kind], *about)].setdefault((one.value, one.unit), one)
        elif one.sense.kind in _LEVELS.values() and one.sense.basis in _BASES:
            changes.setdefault((one.sense.kind, *about, one.sense.basis, one.value), one)
    for change in changes.values():
        sense = change.sense
        key = (sense.kind, *_of(sense))
        here = levels.get((*key, sense.period), {})
        there = levels.get((*key, spans.before(sense.period, sense.basis)), {})
        for now, then in product(here.values(), there.values()):
            if now.unit == then.unit and then.value:
                yield _change(change, now, then)


def changes_within_passages(claims: Sequence[Claim]) -> Iterator[Finding]:
    """A change against the only two levels of its passage ("from X to Y"), where no period tells them apart.

    Which of the two came first nobody says: a rise leads from the smaller to the larger.
    """
    levels: dict[tuple[object, ...], dict[float, _Stated]] = defaultdict(dict)
    changes: list[_Stated] = []
    for claim in claims:
        one = _stated(claim) if is_read(claim) and claim.passage is not None else None
        if one is None:
            continue
        if one.sense.kind in (*_LEVELS, "capacity"):
            kind = _LEVELS.get(one.sense.kind, "trade_change")
            levels[(kind, claim.document, claim.passage, *_of(one.sense), one.unit)].setdefault(one.value, one)
        elif one.sense.kind in _LEVELS.values() and one.unit == "share":
            changes.append(one)
    for change in changes:
        about = (change.sense.kind, change.claim.document, change.claim.passage, *_of(change.sense))
        pairs = [tuple(found.values()) for key, found in levels.items() if key[:-1] == about and len(found) == 2]
        if len(pairs) != 1:
            continue
        less, more = sorted(pairs[0], key=lambda one: one.value)
        told_apart = less.sense.period != more.sense.period and less.sense.stated and more.sense.stated
        if less.value > 0 and not told_apart:
            yield _change(change, *((more, less) if change.value >= 0 else (less, more)))


def shares_against_whole(claims: Sequence[Claim]) -> Iterator[Finding]:
    """Shares of one stage, year and basis may not pass one; baskets and compositions may not pass 100 %."""
    groups: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        head, *rest = claim.parameter.split(":")
        if head == "share" and len(rest) == 4 and "+" not in rest[1] and sense_of(claim).stage:
            groups[f"shares of {rest[0]} {rest[2]} ({rest[3]})"].append(claim)
        elif head in ("basket", "composition"):
            groups[f"{head} of {rest[0]}"].append(claim)
    for about, members in sorted(groups.items()):
        yield _whole(about, members)


def _stated(claim: Claim) -> _Stated | None:
    """A claim on its way into a check; None for one that states a bound or a figure in no unit of ours."""
    if claim.value is None or (is_read(claim) and claim.comparator not in ("=", "~")):
        return None
    sense = sense_of(claim)
    times, unit = 1.0, claim.unit
    if is_read(claim) and sense.unit:
        wanted = factor(claim, sense.unit)
        times, unit = (wanted, sense.unit) if wanted is not None else (times, unit)
    half = half_unit(claim.value)
    if claim.comparator == "~":
        half = max(half, APPROXIMATE * abs(claim.value))
    return _Stated(claim, sense, claim.value * times, half * times, unit)


def _of(sense: Sense) -> tuple[str, ...]:
    """What a level and its change share: "output of lynas" and "production of lynas" are one."""
    subject = re.sub(r"^(?:output|production|capacity) of ", "output of ", sense.subject)
    return (subject, sense.material, sense.place, sense.counterpart)


def _whole(about: str, members: Sequence[Claim]) -> Finding:
    percent = not about.startswith("shares of") and all(claim.unit in ("wt%", "%") for claim in members)
    unit = members[0].unit if percent else "share"
    largest: dict[str, tuple[Claim, float, float]] = {}
    for claim in members:
        times = factor(claim, unit)
        if claim.value is None or times is None:
            continue
        # Rival figures for one country are alternatives, not parts: the largest is the hardest test.
        if claim.parameter not in largest or claim.value * times > largest[claim.parameter][1]:
            largest[claim.parameter] = claim, claim.value * times, half_unit(claim.value) * times
    found = sum(value for _, value, _ in largest.values())
    limit = 100.0 if percent else 1.0
    slack = BASKET_SLACK if percent else sum(half for *_, half in largest.values())
    ids = tuple(claim.id for claim, *_ in largest.values())
    return Finding("shares", about, min(found, limit), found, slack + 1e-9, unit, ids)


def _change(change: _Stated, now: _Stated, then: _Stated) -> Finding:
    found = now.value / then.value - 1.0
    slack = change.half + (1.0 + abs(found)) * (now.half / abs(now.value or 1.0) + then.half / abs(then.value))
    sense = change.sense
    about = f"change of {sense.subject} {sense.place} → {sense.counterpart} {sense.period}"
    if sense.basis != "on the year before":
        about += f" {sense.basis}"
    ids = (change.claim.id, now.claim.id, then.claim.id)
    return Finding("change", about, change.value, found, slack, change.unit, ids)


def _by_year(claims: Sequence[Claim]) -> dict[tuple[str, ...], dict[tuple[int, int], _Stated]]:
    groups: dict[tuple[str, ...], dict[tuple[int, int], _Stated]] = defaultdict(dict)
    for claim in claims:
        one = _stated(claim)
        span = _months(one.sense.period) if one is not None else None
        if one is None or one.sense.kind != "trade_volume" or span is None:
            continue
        sense = one.sense
        key = (sense.subject, sense.place, sense.counterpart, sense.basis, one.unit, sense.period[:4])
        rival = groups[key].get(span)
        if rival is None or _order(one) < _order(rival):
            groups[key][span] = one
    return groups


def _order(one: _Stated) -> tuple[bool, str]:
    """Rows of tables before what was read, then by confidence."""
    return is_read(one.claim), one.claim.confidence


def _cover(parts: dict[tuple[int, int], _Stated]) -> list[_Stated] | None:
    """Parts that run from January to December without gap or overlap, finest first; None where there are none."""

    def onward(month: int) -> list[_Stated] | None:
        if month == 13:
            return []
        for (first, last), one in sorted(parts.items(), key=lambda item: item[0]):
            if first == month:
                rest = onward(last + 1)
                if rest is not None:
                    return [one, *rest]
        return None

    return onward(1)


def _months(period: str) -> tuple[int, int] | None:
    match = re.fullmatch(r"(\d{4})(?:-(\d\d|\w+))?", period)
    if match is None:
        return None
    part = match[2]
    if part is None:
        return (1, 12)
    if part.isdigit():
        return (int(part), int(part)) if 1 <= int(part) <= 12 else None
    if len(part) == 6 and part[:3].casefold() in _NAMES and part[3:].casefold() in _NAMES:
        first, last = _NAMES.index(part[:3].casefold()) + 1, _NAMES.index(part[3:].casefold()) + 1
        return (first, last) if first <= last else None
    return _PART_MONTHS.get(part)
