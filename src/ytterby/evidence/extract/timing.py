"""Home to the time of a figure: the period it covers, the day it is due by, the period a change is measured against."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

from ytterby.evidence.extract.context import Figure, Sentence
from ytterby.evidence.extract.topic import Topic
from ytterby.evidence.grammar import Base, Time
from ytterby.terms.errors import InputError
from ytterby.terms.periods import Period, parse_period

_COVERS = ("in", "from", "since")


def period(figure: Figure, topic: Topic, *, carry: bool = True) -> str:
    """The period a figure covers, as its nearest time says; carried over from before where `carry`."""
    base = base_of(figure)
    if levelled(figure) and base is not None and base.against:
        return base.against
    best: Time | None = None
    least = 900
    for one in _free(figure.sentence):
        if one.role not in _COVERS or not one.period:
            continue
        if _elsewhere(figure, one):
            continue
        cost = figure.cost(one.start, one.end)
        if one.start >= figure.segment.end and one.start > figure.quantity.end and not figure.sentence.chinese:
            cost += 20
        if cost < least:
            best, least = one, cost
    if best is not None:
        return best.period
    return topic.period if carry and not _ahead(topic) else ""


def _ahead(topic: Topic) -> bool:
    """Whether the period last told lies in years to come: what is reported next does not."""
    year = topic.period[:4]
    return topic.today is not None and year.isdigit() and int(year) > topic.today.year


_AGAINST = re.compile(
    r"\b(?:up|down|higher|lower|more|less|rise|fall|increase|decline|drop|growth)\s+(?:on|from|over|than|versus)\s+$",
    re.IGNORECASE,
)
_ONWARD = re.compile(r"[^,。;]{0,4}(?:增|升|降|跌|减|涨|提|扩|翻)[^,。;]{0,4}[至到为]")
"""Between a figure that a change starts from and the time of the one it leads to."""
_START = re.compile(r"[^,。]{0,14}[由从自]|\s*(?:\w+\s+){0,3}from\b", re.IGNORECASE)


def _elsewhere(figure: Figure, one: Time) -> bool:
    """Whether a time belongs to what the figure is compared with, or to the figure a change starts from."""
    text = figure.sentence.text
    if _AGAINST.search(text[max(figure.clause.start, one.start - 24) : one.start]):
        return True
    if one.start >= figure.end and _ONWARD.fullmatch(text, figure.end, one.start):
        return True
    for other in figure.sentence.figures:
        if other.start == figure.start or not other.segment.start <= one.start < other.segment.end:
            continue
        if (
            other.clause == figure.clause
            and other.end <= figure.start
            and _START.match(text[other.segment.start : one.start + 1])
        ):
            return True
        if other.clause == figure.clause and re.search(r"[由从自]$|\bfrom\s*$", text[other.segment.start : one.start]):
            return True
    return False


def compared(figure: Figure) -> str:
    """The period behind "up on", "down from" where that is a time of its own; else empty."""
    text = figure.sentence.text
    for one in figure.sentence.times:
        if one.start >= figure.clause.start and _AGAINST.search(
            text[max(figure.clause.start, one.start - 24) : one.start]
        ):
            return one.period
    return ""


def due(figure: Figure) -> str:
    """The time a figure is to be reached by: a "by 2030" nearest to it, its own segment and clause only."""
    best = ""
    least = 320
    for one in figure.sentence.times:
        if one.role != "by" or not one.period:
            continue
        if one.end <= figure.segment.start and _FROM.match(
            figure.sentence.text[figure.segment.start : figure.start].lstrip() or "x"
        ):
            continue
        cost = figure.cost(one.start, one.end)
        if cost < least:
            best, least = one.period, cost
    return best


def base_of(figure: Figure) -> Base | None:
    """The base a change is measured against: in its segment, else in its clause."""
    best: Base | None = None
    least = 160
    for one in figure.sentence.bases:
        cost = figure.cost(one.start, one.end)
        if cost < least:
            best, least = one, cost
    return best


def levelled(figure: Figure) -> bool:
    """Whether the figure is itself the level that a change is measured against ("than the 305 t of November")."""
    text = figure.sentence.text
    for one in figure.sentence.bases:
        if one.end <= figure.quantity.start and not text[one.end : figure.quantity.start].strip(" 的之,"):
            return figure.quantity.dimension in _LEVELS
        if (
            figure.quantity.dimension in _LEVELS
            and 0 <= one.start - figure.quantity.end < 12
            and _FROM.search(text[figure.segment.start : figure.quantity.start])
        ):
            return True
    return False


_LEVELS = ("mass", "mass_rate", "count", "money", "price", "other")
_FROM = re.compile(r"\b(?:from|than|against|versus|vs|compared (?:with|to))\s+(?:\w+\s+)?$", re.IGNORECASE)


_POSSESSED = re.compile(r"(?:['’]s|['’])\s*(?:\w+\s+){0,2}$|[年月度期]的?(?:约|近|逾)?$")


def possessed(figure: Figure) -> bool:
    """Whether the figure is another time's, beside the one spoken of ("after January's 6,357", 低于2月的5,200吨)."""
    text = figure.sentence.text
    return any(
        one.end <= figure.quantity.start
        and one.start >= figure.clause.start
        and _POSSESSED.fullmatch(text, one.end, figure.quantity.start) is not None
        and _BESIDE.search(text, max(figure.sentence.start, one.start - 16), one.start) is not None
        for one in figure.sentence.times
    )


_BESIDE = re.compile(
    r"\b(?:after|than|from|behind|against|below|above|beating|since|topping|exceeding|to|on|over)\s+$|(?:低于|高于|不及|超过|少于"
    r"|多于|仅次于|由|从|自|较|逊于)$",
    re.IGNORECASE,
)


def settle(topic: Topic, sentence: Sentence) -> None:
    """What period the sentences behind this one are about: one ahead of the text's day holds for its own sentence only,
    and one of a year told in a text on months or quarters gives these back.

    Half a sentence settles nothing. Of a month and its year in one sentence ("5,952 t in December and 57,392 t in the
    whole of 2025") the month is what the text is about.
    """
    label = topic.period
    if not label or sentence.words.endswith((";", ",")):
        return
    told = [one.period for one in _free(sentence) if one.role in _COVERS and 27 < _days(one.period) <= 150]
    if told and _days(label) > 150 and not _coming(told[0], topic.today):
        topic.narrow = told[0]
    days = _days(label)
    ahead = _coming(label, topic.today)
    if not ahead and 27 < days <= 150:
        topic.narrow, topic.wide = label, ""
    elif topic.narrow and (ahead or days > 150):
        topic.wide, topic.period = label, topic.narrow


def reopen(topic: Topic, words: str) -> None:
    """A sentence on parts of what was just told ("of which ...", 其中) goes on about its period."""
    if topic.wide and _GOES_ON.match(words):
        topic.period = topic.wide
    topic.wide = ""


_GOES_ON = re.compile(r"\s*(?:其中|当中|同期|of (?:which|that|these|this)\b|among (?:them|these)\b)", re.IGNORECASE)


def _coming(label: str, today: date | None) -> bool:
    return today is not None and label[:4].isdigit() and int(label[:4]) > today.year


@lru_cache(maxsize=2048)
def _span(label: str) -> Period | None:
    try:
        return parse_period(label)
    except InputError:
        return None


def _days(label: str) -> int:
    span = _span(label)
    return span.days if span is not None else 0


def shifted(period_label: str, basis: str) -> str:
    """The period a month, quarter or year before, where a basis says so and the period is one of those."""
    if not period_label or not basis:
        return ""
    span = _span(period_label)
    if span is None:
        return ""
    if "year" in basis:
        return _year_before(period_label)
    if "month" in basis and span.days <= 31:
        return (span.start - timedelta(days=1)).strftime("%Y-%m")
    if "quarter" in basis and "-Q" in period_label:
        year, _, number = period_label.partition("-Q")
        return f"{int(year) - 1}-Q4" if number == "1" else f"{year}-Q{int(number) - 1}"
    return ""


def _year_before(label: str) -> str:
    parts = label.split("..")
    made = []
    for part in parts:
        year, rest = part[:4], part[4:]
        if not year.isdigit():
            return ""
        made.append(f"{int(year) - 1:04}{rest}")
    return "..".join(made)


def _free(sentence: Sentence) -> list[Time]:
    """The times that are not part of a comparison."""
    if not sentence.bases:
        return list(sentence.times)
    return [
        one
        for one in sentence.times
        if one.role != "vs" and not any(base.start <= one.start and one.end <= base.end for base in sentence.bases)
    ]


def free_times(sentence: Sentence) -> list[Time]:
    """The times of a sentence that are not part of a comparison."""
    return _free(sentence)


def day(label: str) -> date | None:
    """The day of an ISO label, else None."""
    try:
        return date.fromisoformat(label)
    except ValueError:
        return None
