"""Home to the arithmetic between claims: months against the year, changes against levels, shares against the whole.

A check compares two figures that must agree whatever the world does; its tolerance is what rounding of the printed
digits allows, nothing more. Findings that hold are returned too, so that a report can say what was checked.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ytterby.evidence.claims import Claim
from ytterby.evidence.contested import half_unit

BASKET_SLACK = 1.5
"""Percentage points by which printed baskets and compositions may miss 100 (published tables do)."""

_PART_MONTHS = {"JanFeb": (1, 2), "Q1": (1, 3), "Q2": (4, 6), "Q3": (7, 9), "Q4": (10, 12), "H1": (1, 6), "H2": (7, 12)}


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

    def __str__(self) -> str:
        word = "holds" if self.holds else "fails"
        return f"{self.about}: {self.found:g} against {self.expected:g} {self.unit} (± {self.tolerance:.3g}), {word}"


def check_arithmetic(claims: Iterable[Claim]) -> list[Finding]:
    """All findings over the claims that state a figure and are not stand-ins."""
    stated = [claim for claim in claims if claim.value is not None and not claim.carried_from]
    return [*months_against_year(stated), *changes_against_levels(stated), *shares_against_whole(stated)]


def months_against_year(claims: Sequence[Claim]) -> Iterator[Finding]:
    """Where the parts of a year fill it exactly once, their sum against the year's own figure."""
    for (subject, _, _, _, unit, year), parts in sorted(_by_year(claims).items()):
        whole = parts.pop((1, 12), None)
        chosen = _cover(parts)
        if whole is None or chosen is None:
            continue
        yield Finding(
            "months",
            f"{subject} {whole.place} → {whole.counterpart} {year}",
            _value(whole),
            sum(_value(part) for part in chosen),
            half_unit(_value(whole)) + sum(half_unit(_value(part)) for part in chosen),
            unit,
            (whole.id, *(part.id for part in chosen)),
        )


def changes_against_levels(claims: Sequence[Claim]) -> Iterator[Finding]:
    """A change on the year before against the two levels, where both stand."""
    levels: dict[tuple[str, ...], list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.kind == "trade_volume":
            levels[(claim.subject, claim.place, claim.counterpart, claim.period)].append(claim)
    for change in claims:
        if change.kind != "trade_change" or change.basis != "on the year before" or not change.period[:4].isdigit():
            continue
        before = f"{int(change.period[:4]) - 1}{change.period[4:]}"
        key = (change.subject, change.place, change.counterpart)
        for now in levels.get((*key, change.period), ()):
            for then in levels.get((*key, before), ()):
                if now.unit == then.unit and _value(then):
                    yield _change(change, now, then)


def shares_against_whole(claims: Sequence[Claim]) -> Iterator[Finding]:
    """Shares of one stage, year and basis may not pass one; baskets and compositions may not pass 100 %."""
    groups: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        head, *rest = claim.parameter.split(":")
        if head == "share" and len(rest) == 4 and "+" not in rest[1] and claim.stage:
            groups[f"shares of {rest[0]} {rest[2]} ({rest[3]})"].append(claim)
        elif head in ("basket", "composition"):
            groups[f"{head} of {rest[0]}"].append(claim)
    for about, members in sorted(groups.items()):
        yield _whole(about, members)


def _whole(about: str, members: Sequence[Claim]) -> Finding:
    percent = members[0].unit in ("wt%", "%")
    largest: dict[str, Claim] = {}
    for claim in members:
        # Rival figures for one country are alternatives, not parts: the largest is the hardest test.
        if claim.parameter not in largest or _value(claim) > _value(largest[claim.parameter]):
            largest[claim.parameter] = claim
    found = sum(_value(claim) for claim in largest.values())
    limit = 100.0 if percent else 1.0
    slack = BASKET_SLACK if percent else sum(half_unit(_value(claim)) for claim in largest.values())
    return Finding(
        "shares",
        about,
        min(found, limit),
        found,
        slack + 1e-9,
        members[0].unit,
        tuple(claim.id for claim in largest.values()),
    )


def _change(change: Claim, now: Claim, then: Claim) -> Finding:
    found = _value(now) / _value(then) - 1.0
    slack = half_unit(_value(change)) + (1.0 + abs(found)) * (
        half_unit(_value(now)) / abs(_value(now) or 1.0) + half_unit(_value(then)) / abs(_value(then))
    )
    about = f"change of {change.subject} {change.place} → {change.counterpart} {change.period}"
    return Finding("change", about, _value(change), found, slack, change.unit, (change.id, now.id, then.id))


def _by_year(claims: Sequence[Claim]) -> dict[tuple[str, ...], dict[tuple[int, int], Claim]]:
    groups: dict[tuple[str, ...], dict[tuple[int, int], Claim]] = defaultdict(dict)
    for claim in claims:
        span = _months(claim.period)
        if claim.kind != "trade_volume" or span is None:
            continue
        key = (claim.subject, claim.place, claim.counterpart, claim.basis, claim.unit, claim.period[:4])
        rival = groups[key].get(span)
        if rival is None or claim.confidence < rival.confidence:
            groups[key][span] = claim
    return groups


def _cover(parts: dict[tuple[int, int], Claim]) -> list[Claim] | None:
    """Parts that run from January to December without gap or overlap, finest first; None where there are none."""

    def onward(month: int) -> list[Claim] | None:
        if month == 13:
            return []
        for (first, last), claim in sorted(parts.items()):
            if first == month:
                rest = onward(last + 1)
                if rest is not None:
                    return [claim, *rest]
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
    return _PART_MONTHS.get(part)


def _value(claim: Claim) -> float:
    assert claim.value is not None
    return claim.value
