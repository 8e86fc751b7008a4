"""Home to dates: what a text says about when, resolved against the day it was written."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple

from ytterby.evidence.grammar.moments import Moment
from ytterby.evidence.grammar.placing import Placed, placed
from ytterby.evidence.grammar.timewords import moments

Role = Literal["in", "by", "from", "until", "since", "vs"]
TimeKind = Literal["day", "month", "year", "quarter", "half", "range", "relative"]


@dataclass(frozen=True, slots=True)
class Time:
    """A time of the text: ``text[start:end]`` and the period it names, as `terms.periods.parse_period` reads it."""

    start: int
    end: int
    period: str
    """``2025-04-04``, ``2025-12``, ``2025-Q1``, ``2025-JanMay``, ``2023-07..2024-04``; empty where it stays open."""
    role: Role = "in"
    kind: TimeKind = "month"
    approximate: bool = False


class Resolved(NamedTuple):
    """A moment with its role, its place and the period spoken of before it."""

    moment: Moment
    role: Role
    place: Placed | None
    spoken: Placed | None


def times(text: str, today: date | None, lang: str = "") -> list[Time]:
    """The times of a folded text, in order, none overlapping another.

    Args:
        text: folded text; offsets count its characters.
        today: the day it was written, which relative times are counted from; None leaves them open.
        lang: the language, where known; both grammars are read either way.

    >>> [(t.period, t.role) for t in times("去年12月出口下降,到2030年翻番", date(2026, 1, 20))]
    [('2025-12', 'in'), ('2030', 'by')]
    """
    found: list[Time] = []
    for moment, role, place, _ in resolved(text, today):
        period = place.label if place is not None else ""
        kind = place.shape if place is not None else "relative"
        found.append(Time(moment.start, moment.end, period, role, kind, moment.fuzzy))  # type: ignore[arg-type]
    return found


@lru_cache(maxsize=16)
def resolved(text: str, today: date | None) -> tuple[Resolved, ...]:
    """Every moment of a text with its role and place."""
    found: list[Resolved] = []
    spoken: Placed | None = None
    day: Placed | None = None
    for moment in moments(text):
        role = _role(text, moment)
        if role in ("from", "until") and moment.until is not None:
            role = "in"
        # "After January's 6,357" looks back at a figure; it opens no stretch of time.
        ahead = role in ("by", "from", "until") and text[moment.end : moment.end + 2] not in ("'s", "\u2019s")
        ahead = ahead or _looks_ahead(text, moment)
        meant = _compared(moment, spoken) if role == "vs" else moment
        place = placed(meant, today, spoken, day, ahead=ahead)
        found.append(Resolved(meant, role, place, spoken))
        if place is not None and place.day and place.until is None:
            day = place if role == "in" else day
        elif place is not None and _speaks(text, meant, role):
            spoken = place
    return tuple(found)


def _compared(moment: Moment, spoken: Placed | None) -> Moment:
    """Against "last month" means the month before the one spoken of, whatever day the text was written."""
    months = {"month": 1, "quarter": 3, "year": 12}.get(moment.anchor, 0)
    if spoken is None or not months or moment.shift >= 0 or moment.day:
        return moment
    return replace(moment, anchor="before", shift=months * moment.shift)


def _speaks(text: str, moment: Moment, role: Role) -> bool:
    """Whether a moment sets the period that "the same period" or "a year earlier" then refer to."""
    if moment.anchor in ("before", "day", "weekday", "decade") or (role != "in" and moment.until is None):
        return False
    return not (text.startswith("第", moment.end) and _NUMBERED.match(text, moment.end))


_NUMBERED = re.compile(r"第\s?[0-9一二三四五六七八九十百]+\s?号")
_PREFIX_ZH = re.compile(
    r"(?:(?P<vs>相较于?|相比于?|对比|较|(?<![占对相同环])比|高于|低于|多于|少于|不及|超过)|(?P<until>截至|截止到?"
    r"|直至|直到|迄|(?<![增升降减跌涨扩提推延达])至|为止至)"
    r"|(?P<from>自从|自|从|由|始于)|(?P<by>到|在?不[迟晚]于|最迟|最晚))(?:于|了|约)?\Z"
)
_SUFFIX_ZH = re.compile(
    r"(?:份|度|间)?(?:(?P<since>以来|(?<!本)来(?![看说自源]))|(?P<from>起(?!诉|草|码|初)|开始|以后|之后"
    r"|后(?![果续来方半])|正式?(?:实施|生效)起)"
    r"|(?P<by>之?以?前(?![三四五六七八九十两]|[0-9])|为限)|(?P<until>止|为止)|(?P<vs>相比|比较|的?水平))"
)
_PREFIX_EN = re.compile(
    r"\b(?:(?P<vs>than(?: in| the)?|compared (?:with|to)|versus|vs\.?|against|on top of)"
    r"|(?P<since>since(?: at least)?|ever since)"
    r"|(?P<until>until|till|through|up to|valid to|as of|as late as)|(?P<by>by|before|no later than|not later than"
    r"|ahead of)"
    r"|(?P<from>starting(?: in| on| from)?|beginning(?: in| on| from)?|effective(?: on| from)?|as from|after"
    r"|commencing(?: in| on)?"
    r"|from)|(?P<to>to))(?: the| early| late| about| around)?\s\Z",
    re.IGNORECASE,
)
_ONWARDS = re.compile(r"\s(?:until|through|onwards?|on)\b(?! the)")
_SINCE = re.compile(r"\bfrom\b")
_SUFFIX_EN = re.compile(r"\s(?:levels?|figures?|peak|record)\b")
_CHANGED = re.compile(
    r"%|percent|per cent|\d ?pc\b|\b(?:rose|fell|up|down|higher|lower|increase\w*|decrease\w*|declin\w+|drop\w*|grew"
    r"|growth|jump\w*"
    r"|surg\w+|gain\w*|slid|slump\w*|plung\w+|doubl\w+|tripl\w+|rise|fall|rising|falling|halv\w+|climb\w*|soar\w*|unchanged)\b",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"\b(?:will|would|expects?|expected|expecting|plans?|planned|due|aims?|target\w*|likely|forecasts?|scheduled"
    r"|set to|to start|to begin|intends?|hopes?|could|should|anticipat\w+|about to|upcoming)\b"
    r"|预计|将|计划|拟|有望|预期|力争|即将|料|可望|目标",
    re.IGNORECASE,
)
_STOPS = "。!?;\n"


def _role(text: str, moment: Moment) -> Role:
    start, end = moment.start, moment.end
    low = max(0, start - 28)
    before = text[start - 1] if start else ""
    after = _SUFFIX_ZH.match(text, end) if text[end : end + 1] > "\u2e80" else None
    if before > "\u2e80":
        match = _PREFIX_ZH.search(text, max(0, start - 6), start)
        if after is not None and after.lastgroup == "since":
            return "since"
        if match is not None:
            return _role_zh(match.lastgroup or "", after.lastgroup if after else None)
    elif before == " ":
        match = _PREFIX_EN.search(text, low, start)
        if match is not None:
            return _role_en(text, match, moment)
    if after is not None and after.lastgroup is not None:
        return after.lastgroup  # type: ignore[return-value]
    if moment.anchor == "before" and moment.shift < 0:
        return "vs"
    if moment.anchor == "same" and (moment.year is not None or moment.years is not None):
        return "vs"
    return "in"


def _role_zh(prefix: str, suffix: str | None) -> Role:
    if prefix == "from":
        return "since" if suffix == "since" else "from"
    if suffix == "by" and prefix in ("until", "by"):
        return "by"
    return prefix  # type: ignore[return-value]


def _role_en(text: str, match: re.Match[str], moment: Moment) -> Role:
    kind = match.lastgroup
    if kind == "to":
        return (
            "until" if moment.until is None and _SINCE.search(text, max(0, match.start() - 40), match.start()) else "in"
        )
    if kind == "from" and match["from"].lower() == "from":
        if moment.anchor in ("before", "same") or _SUFFIX_EN.match(text, moment.end):
            return "vs"
        return "vs" if _changes(text, match.start(), moment) else "from"
    if kind == "by" and match["by"].lower() == "before" and moment.anchor:
        return "by"
    return kind  # type: ignore[return-value]


def _changes(text: str, at: int, moment: Moment) -> bool:
    """Whether "from November" names what a change is measured against, not when something begins."""
    if _ONWARDS.match(text, moment.end):
        return False
    return _CHANGED.search(text, _sentence_start(text, at, 70), at) is not None


def _looks_ahead(text: str, moment: Moment) -> bool:
    if moment.dated or moment.anchor:
        return False
    if text[max(0, moment.start - 5) : moment.start].lower() == "next " or _COMES.match(text, moment.end):
        return True
    return _AHEAD.search(text, _sentence_start(text, moment.start, 80), moment.start) is not None


_COMES = re.compile(r"(?:起|后|前)?(?:正式|开始|全面)?(?:施行|实施|生效|执行|投产|到期|届满)")


def _sentence_start(text: str, at: int, most: int) -> int:
    low = max(0, at - most)
    for stop in _STOPS:
        low = max(low, text.rfind(stop, low, at))
    return max(low, text.rfind(". ", low, at))
