"""Home to the words of time in a text: Chinese and English moments together, ranges drawn into one."""

from __future__ import annotations

import re
from functools import lru_cache

from ytterby.evidence.grammar.moments import Moment, through
from ytterby.evidence.grammar.moments_en import moments_en
from ytterby.evidence.grammar.moments_zh import moments_zh

_RANGE = re.compile(r"\s?(?:-|\u2013|\u2014|~|至|到|\bto\b|\bthrough\b|\buntil\b)\s?")

_ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]+")


@lru_cache(maxsize=16)
def moments(text: str) -> tuple[Moment, ...]:
    """The moments of a folded text in order, none overlapping another, ranges joined."""
    found: list[Moment] = []
    if not text.isascii():
        found.extend(moments_zh(text))
    english = moments_en(text)
    if english:
        found.extend(english)
        found.sort(key=lambda moment: (moment.start, -moment.end))
    kept: list[Moment] = []
    links = addresses(text)
    for moment in found:
        if kept and moment.start < kept[-1].end:
            continue
        if links and any(start <= moment.start < end for start, end in links):
            continue
        if kept and _one_range(text, kept[-1], moment):
            kept[-1] = through(kept[-1], moment)
        else:
            kept.append(moment)
    return tuple(kept)


def spans(text: str) -> list[tuple[int, int]]:
    """Where the times and addresses of a text stand, so that nothing in them is read as a figure."""
    found = [(moment.start, moment.end) for moment in moments(text)]
    links = addresses(text)
    return sorted([*found, *links]) if links else found


def addresses(text: str) -> list[tuple[int, int]]:
    """Where web addresses stand, whose digits say nothing."""
    if "://" not in text and "www." not in text:
        return []
    return [match.span() for match in _ADDRESS.finditer(text)]


def _one_range(text: str, first: Moment, last: Moment) -> bool:
    if last.start - first.end > 9 or first.until is not None or last.until is not None:
        return False
    if first.anchor or last.anchor:
        return False
    if _RANGE.fullmatch(text, first.end, last.start) is None:
        return False
    if first.day and not (last.day or last.first):
        return False
    ordered = (first.year or 0, first.first, first.day) < (last.year or 9999, last.first or 99, last.day or 99)
    return ordered or (first.year is None and first.first > 0)
