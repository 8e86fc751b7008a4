"""Home to the order of hits: how well an entry meets a wish, and which of its sentences does.

An entry earns, for each thing asked for, its rarity times the weight of the way it is met, more where it stands in the
title and often; what it leaves unmet costs it; the exact words in a row, things met in one sentence and a late date
add to that.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ytterby.evidence.grammar.sentences import sentences
from ytterby.evidence.search.needles import Needle
from ytterby.evidence.search.tokens import lowered
from ytterby.evidence.search.wishes import Wish
from ytterby.store.searches import Found, ordinal
from ytterby.terms.text import fold

_OFTEN = 0.6
"""Occurrences at which a word earns half of what it can."""
_TITLE = 0.45
_WHOLE = 0.5
_TOGETHER = 0.6
_LATE = 0.04
_HALF_LIFE = 365.0
_UNSPOKEN = 0.4
"""What a sentence of a heading, title or page furniture counts beside one that states something."""


@dataclass(slots=True)
class Scored:
    """An entry with what it earned."""

    found: Found
    score: float
    exact: bool
    """The very words of the query stand in it."""
    met: tuple[tuple[float, Needle], ...]
    """The best way each group is met, with what it is worth; groups that are not met are left out."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The sentence that meets a wish best."""

    passage: int | None
    quote: str
    start: int
    """In the entry's text."""
    end: int
    met: float
    """Share of the wish it meets."""


def rarity(count: int, total: int) -> float:
    """Inverse document frequency, above zero for a word that stands everywhere."""
    return math.log(1.0 + (total + 1.0) / (count + 0.5))


def score(wish: Wish, found: Found, weights: float = 1.0) -> Scored | None:
    """What an entry earns; None where it meets nothing or holds what must not be there."""
    low, text = found.folded, found.text
    if any(needle.count(low, text) for needle in wish.without):
        return None
    title = lowered(found.title)
    whole = sum(group.idf * group.share for group in wish.groups)
    earned = met = 0.0
    ways: list[tuple[float, Needle]] = []
    for group in wish.groups:
        needle, times = group.best(low, text)
        in_title, _ = group.best(title, found.title)
        worth = group.idf * group.share
        best = max(needle.weight if needle else 0.0, in_title.weight if in_title else 0.0)
        often = times / (times + _OFTEN) * (1.0 + _OFTEN) / 2.0 if times else 0.4
        earned += worth * (best * (0.5 + 0.5 * often) + (_TITLE * in_title.weight if in_title else 0.0))
        met += worth * best
        if needle:
            ways.append((worth * needle.weight / (whole or 1.0), needle))
    exact = all(needle.count(low, text) or needle.count(title, found.title) for needle in wish.whole)
    if not met and not exact:
        return None
    share = met / whole if whole else 1.0
    total = (earned / whole if whole else 1.0) * (0.3 + 0.7 * share)
    if exact:
        total += _WHOLE
        if all(needle.count(title, found.title) for needle in wish.whole):
            total += _TITLE
    return Scored(found, total * weights, exact, tuple(ways))


def lateness(day: str, newest: str) -> float:
    """What a date adds: a little for the newest, half of it for each year before."""
    if not day or not newest:
        return 0.0
    return _LATE * math.exp2(-(max(0, ordinal(newest) - ordinal(day)) / _HALF_LIFE))


def together(answer: Answer) -> float:
    """What a sentence adds that meets much of the wish by itself."""
    return _TOGETHER * answer.met


def answer(wish: Wish, scored: Scored) -> Answer:
    """The sentence of an entry that meets most of a wish, the earliest of the best."""
    found = scored.found
    passages, start = json.loads(found.passages), found.start
    text = found.text
    low = found.folded[: len(text)]
    best: Answer | None = None
    best_worth = -1.0
    for first, last, number, spoken in _sentences(fold(text), passages, start):
        piece, raw = low[first:last], text[first:last]
        met = sum(worth for worth, needle in scored.met if needle.count(piece, raw))
        exact = sum(1 for needle in wish.whole if needle.count(piece, raw)) / len(wish.whole)
        worth = (met + 0.5 * exact) * (1.0 if spoken else _UNSPOKEN)
        if worth > best_worth + 1e-12:
            best_worth = worth
            best = Answer(number, raw, first, last, met if spoken else met * _UNSPOKEN)
    if best is not None and best_worth > 0:
        return best
    return _across(wish, text, low, passages, start) or best or Answer(None, "", 0, 0, 0.0)


def _across(wish: Wish, text: str, low: str, passages: Sequence[Sequence[int]], start: int) -> Answer | None:
    """The line around words that no sentence holds: they stand between passages, or across a line's end."""
    needles: Iterator[Needle] = (needle for group in wish.groups for needle in group.needles)
    for needle in (*wish.whole, *needles):
        for first, last in needle.spans(low, text):
            begin = text.rfind("\n", 0, first) + 1
            end = text.find("\n", last)
            end = len(text) if end < 0 else end
            if end - begin > 600:
                begin, end = max(begin, first - 200), min(end, last + 200)
            while begin < first and text[begin].isspace():
                begin += 1
            while end > last and text[end - 1].isspace():
                end -= 1
            number = next((int(n) for n, a, b, *_ in passages if a <= first + start < b), None)
            return Answer(number, text[begin:end], begin, end, 0.0)
    return None


def _sentences(
    folded: str, passages: Sequence[Sequence[int]], start: int
) -> Iterator[tuple[int, int, int | None, bool]]:
    """Sentences in the entry's text: first and last character, passage, and whether the passage states things."""
    if not passages:
        for span in sentences(folded):
            yield span.start, span.end, None, True
    for number, first, last, spoken in passages:
        inner = folded[max(0, first - start) : last - start]
        for span in sentences(inner, max(0, first - start)):
            yield span.start, span.end, int(number), bool(spoken)
