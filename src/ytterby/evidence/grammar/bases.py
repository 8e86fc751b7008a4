"""Home to comparison bases: the words that say what a change is measured against."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from datetime import date

from ytterby.evidence.grammar.dates import Resolved, resolved
from ytterby.evidence.grammar.placing import Placed


@dataclass(frozen=True, slots=True)
class Base:
    """Words of comparison: ``text[start:end]``."""

    start: int
    end: int
    against: str
    """The period compared with, where it can be told; else empty."""
    basis: str
    """``on the month before``, ``on the quarter before``, ``on the year before`` or ``against 2019``."""


MONTH, QUARTER, YEAR = "on the month before", "on the quarter before", "on the year before"
_Told = list[tuple[int, Placed]]
_NEAR = 8
_SPANS = {MONTH: 1, QUARTER: 3, YEAR: 12}
_WORDS = re.compile(
    r"(?P<month>环比|月(?:增|减|涨|跌|升|降)(?!值)|按月|(?:较|比)(?:上个?月|前一个?月|前月)"
    r"|\b(?:month[- ]on[- ]month|month[- ]over[- ]month|[Mm]o[Mm]\b|m/m|MoM|on the month\b|on month\b|sequentially))"
    r"|(?P<year>同比|(?<![今去明前后每全上本当数多近年])年(?:增|减|涨|跌|升|降)(?!值|产|至|到)|按年|(?:与|较|比"
    r"|相较于?)(?:去年|上年|前一年)(?:同期|同月)?(?:相比)?(?![0-9一二三四五六七八九十年底末初的])"
    r"|\b(?:year[- ]on[- ]year|year[- ]over[- ]year|[Yy]o[Yy]\b|y/y|on the year\b|on year\b|on an annual basis"
    r"|annual(?= (?:fall|rise|drop|decline|increase|growth|gain"
    r"|decrease|jump|surge|slump|change))))"
    r"|(?P<quarter>季(?:增|减|涨|跌|升|降)|按季|(?:较|比)(?:上一?季度?|前一季度?)"
    r"|\b(?:quarter[- ]on[- ]quarter|quarter[- ]over[- ]quarter|[Qq]o[Qq]\b|q/q|on (?:the )?(?:previous|prior"
    r"|last) quarter|on the quarter\b))"
)
_STEMS = (
    "环比", "同比", "比", "较", "按月", "按年", "按季", "月增", "月减", "月涨", "月跌", "月升", "月降", "年增", "年减",
    "年涨", "年跌", "年升", "年降", "季增", "季减", "季涨", "季跌", "季升", "季降", "onth-", "ear-", "uarter-", "onth ",
    "on the", "on year", "on previous", "on prior", "on last", "ear on", "ear over", "uarter on", "uarter over",
    "oM", "om", "OM", "m/m", "oY", "oy", "y/y", "oQ", "oq", "q/q", "annual", "sequentially",
)  # fmt: skip
"""A text without any of these has no word of comparison in it."""
_LEAD = re.compile(
    r"(?:(?:与|和|跟)?(?:相较于?|相比于?|较|比|高于|低于)(?:于)?"
    r"|\b(?:than(?: in)?|from|compared (?:with|to)|versus|vs\.?|against|on|over)(?: the)?\s)\Z",
    re.IGNORECASE,
)
_TRAIL = re.compile(r"\s(?:levels?|figures?)\b|相比|水平")


def bases(text: str, today: date | None, lang: str = "") -> list[Base]:
    """The comparison bases of a folded text, in order, none overlapping another.

    >>> [(b.basis, b.against) for b in bases("8月出口月增10.2%、年增15.4%", date(2025, 9, 22))]
    [('on the month before', '2025-07'), ('on the year before', '2024-08')]
    """
    known = resolved(text, today)
    told = [(item.moment.start, item.place) for item in known if item.place is not None and _tells(item)]
    found = [_by_word(match, told) for match in _WORDS.finditer(text)] if any(stem in text for stem in _STEMS) else []
    found += [_by_time(text, item, told) for item in known if item.role == "vs"]
    found.sort(key=lambda base: (base.start, -base.end))
    kept: list[Base] = []
    for base in found:
        if not kept or base.start >= kept[-1].end:
            kept.append(base)
    return kept


def _by_word(match: re.Match[str], told: _Told) -> Base:
    spoken = _spoken(match.start(), told)
    basis = {"month": MONTH, "year": YEAR, "quarter": QUARTER}[match.lastgroup or "year"]
    if match[0] == "环比" and spoken is not None and spoken.shape == "quarter":
        basis = QUARTER
    against = spoken.moved(-_SPANS[basis]).label if spoken is not None and _fits(spoken, basis) else ""
    return Base(match.start(), match.end(), against, basis)


def _by_time(text: str, item: Resolved, told: _Told) -> Base:
    moment, place, spoken = item.moment, item.place, item.spoken
    start, end = moment.start, moment.end
    lead = _LEAD.search(text, max(0, start - 20), start)
    if lead is not None:
        start = lead.start()
    trail = _TRAIL.match(text, end)
    if trail is not None:
        end = trail.end()
    label = place.label if place is not None else ""
    if place is not None and spoken is not None and place.shape != spoken.shape:
        # "1-5月累计…,较4月…": a month is compared with the month spoken of, not with the sum between.
        spoken = _like(place, moment.start, told) or spoken
    shift = -moment.shift if moment.anchor == "before" else _apart(place, spoken)
    basis = {1: MONTH, 3: QUARTER, 12: YEAR}.get(shift)
    if basis is None:
        basis = (
            f"against {label}" if label else {"month": MONTH, "year": YEAR, "quarter": QUARTER}.get(moment.anchor, YEAR)
        )
    return Base(start, end, label, basis)


def _tells(item: Resolved) -> bool:
    """Whether a moment sets the period that a change is told of."""
    if item.role != "in" or item.place is None or item.place.day:
        return False
    return item.moment.anchor not in ("before", "day", "weekday", "decade")


def _spoken(at: int, told: _Told) -> Placed | None:
    last = bisect_left(told, at, key=lambda item: item[0])
    return told[last - 1][1] if last else None


def _like(place: Placed, at: int, told: _Told) -> Placed | None:
    """The last period of the same shape spoken of shortly before `at`."""
    last = bisect_left(told, at, key=lambda item: item[0])
    near = (spoken for _, spoken in reversed(told[max(0, last - _NEAR) : last]) if spoken.shape == place.shape)
    return next(near, None)


def _fits(spoken: Placed, basis: str) -> bool:
    shape = spoken.shape
    if shape == "day" or spoken.until is not None:
        return False
    if basis == MONTH:
        return shape == "month"
    return basis == YEAR or shape == "quarter"


def _apart(place: Placed | None, spoken: Placed | None) -> int:
    """Months between the period spoken of and the one compared with, where both are of one shape; else 0."""
    if place is None or spoken is None or place.shape != spoken.shape:
        return 0
    return (spoken.year - place.year) * 12 + spoken.first - place.first
