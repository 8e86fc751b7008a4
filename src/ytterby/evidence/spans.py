"""Home to the time a claim speaks of, under one spelling per span: "Jan-Dec 2025" and "2025" are one period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from ytterby.evidence.claims import Claim
from ytterby.terms.errors import InputError
from ytterby.terms.periods import Period, months_of, parse_period

_PARTS = {(1, 12): "", (1, 6): "-H1", (7, 12): "-H2", (1, 3): "-Q1", (4, 6): "-Q2", (7, 9): "-Q3", (10, 12): "-Q4"}


@dataclass(frozen=True, slots=True)
class Span:
    """The time of a claim: its label, and whether the claim states it or only its date of publication tells."""

    label: str
    stated: bool


def span(claim: Claim) -> Span:
    """When a claim's figure holds; the label is empty where neither claim nor date of publication says.

    A forecast or target holds on the day it is to be reached by, whatever period it starts from.
    """
    ahead = claim.modality in ("forecast", "target")
    for said in (claim.by, claim.period, claim.as_of) if ahead else (claim.period, claim.by, claim.as_of):
        if said and (label := canonical(said)):
            return Span(label, True)
    return Span(str(claim.known.year) if claim.known else "", False)


def year(label: str) -> int | None:
    """The year a period begins in."""
    return int(label[:4]) if label[:4].isdigit() else None


@lru_cache(maxsize=8192)
def read(label: str) -> Period | None:
    """The period of a label, None where it is none."""
    if not label:
        return None
    try:
        return parse_period(label)
    except InputError:
        return None


@lru_cache(maxsize=8192)
def canonical(label: str) -> str:
    """The one spelling of a period; empty where the label names none.

    >>> canonical("2025-01/2025-05"), canonical("2025-01..2025-12"), canonical("2025年上半年"), canonical("soon")
    ('2025-JanMay', '2025', '2025-H1', '')
    """
    found = read(label)
    if found is None:
        return ""
    if found.label.startswith("FY"):
        return found.label
    start, end = found.start, found.end
    whole = start.day == 1 and (end + timedelta(days=1)).day == 1
    if whole and start.year == end.year:
        part = _PARTS.get((start.month, end.month))
        return f"{start.year}{part}" if part is not None else months_of(start.year, start.month, end.month).label
    if start == end:
        return start.isoformat()
    if whole:
        return f"{start:%Y-%m}..{end:%Y-%m}"
    return f"{start}..{end}"


def whole_year(label: str) -> bool:
    """Whether a label names one calendar or fiscal year."""
    return len(label) == 4 or label.startswith("FY")


@lru_cache(maxsize=8192)
def before(label: str, basis: str) -> str:
    """The period a change is measured against; empty where the basis does not say.

    >>> before("2025-01", "on the month before"), before("2025-H1", "on the year before")
    ('2024-12', '2024-H1')
    """
    found = read(label)
    if found is None:
        return ""
    back = {"on the year before": 12, "on the quarter before": 3, "on the month before": 1}.get(basis)
    if back is None or found.start.day != 1 or (found.end + timedelta(days=1)).day != 1:
        return ""
    first, last = _months_back(found.start, back), _months_back(found.end.replace(day=1), back)
    return canonical(f"{first:%Y-%m}..{last:%Y-%m}")


def _months_back(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


def base(basis: str, against: str, label: str) -> str:
    """What a change is measured against, in the baseline's words; ``not stated`` where nobody says."""
    told = basis.casefold()
    for word, name in (("year", "year"), ("month", "month"), ("quarter", "quarter"), ("week", "week")):
        if told.startswith("on the ") and word in told:
            return f"on the {name} before"
    if against:
        other = canonical(against)
        for name in ("on the year before", "on the month before", "on the quarter before"):
            if other and other == before(label, name):
                return name
        return f"on {other or against}"
    return "not stated"
