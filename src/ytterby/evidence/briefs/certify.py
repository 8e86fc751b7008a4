"""Home to certifying: whether a point is made of its cited passages' own sentences by the cuts that are allowed.

This is the strict check, for what rules have made: the point's tokens must be those of whole sentences (or points) of
the passages it cites, in order, less stretches that `compress` allows; every passage cited must have given one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from ytterby.evidence.briefs.compress import cuts
from ytterby.evidence.briefs.tokens import Token, tokens
from ytterby.evidence.documents import SPOKEN, Document, Passage
from ytterby.evidence.grammar import sentences
from ytterby.terms.text import fold

MOST_SENTENCES = 6
"""A point is put together of no more."""


class Unit:
    """One sentence of a passage: its tokens, and where a reader may jump ahead over what may be left out."""

    def __init__(self, n: int, text: str) -> None:
        self.n = n
        self.text = text
        found = tokens(text)
        self.tokens = [token.text for token in found]
        self.jumps: dict[int, set[int]] = {}
        for cut in cuts(text):
            inside = [index for index, token in enumerate(found) if _within(token, cut.start, cut.end)]
            if inside:
                self.jumps.setdefault(inside[0], set()).add(inside[-1] + 1)

    def ends(self, wanted: Sequence[str], start: int) -> set[int]:
        """Places in `wanted` that reading this unit from `start` can reach, having read or left out all of it."""
        # One set of places per place in the unit: reading goes forward in both, leaving out in the unit only.
        reach: list[set[int]] = [set() for _ in range(len(self.tokens) + 1)]
        reach[0].add(start)
        for at in range(len(self.tokens)):
            for place in reach[at]:
                if place < len(wanted) and self._reads(at, wanted, place, start):
                    reach[at + 1].add(place + 1)
            for to in self.jumps.get(at, ()):
                reach[to] |= reach[at]
        return {place for place in reach[-1] if place > start}

    def _reads(self, at: int, wanted: Sequence[str], place: int, start: int) -> bool:
        here, there = self.tokens[at], wanted[place]
        # The first letter is raised where an opening was cut off.
        return here == there or (place == start and here[:1].upper() + here[1:] == there)


def _within(token: Token, start: int, end: int) -> bool:
    return start <= token.start and token.end <= end


def units(document: Document, passage: Passage) -> list[Unit]:
    """The sentences a point may be made of: of a brief's core or point and of a table's row the whole."""
    return list(_units(passage.n, document.words(passage), passage.kind in ("core", "point", "row")))


@lru_cache(maxsize=4096)
def _units(n: int, words: str, whole: bool) -> tuple[Unit, ...]:  # noqa: FBT001
    if whole:
        return (Unit(n, words),)
    return tuple(Unit(n, words[span.start : span.end]) for span in sentences(fold(words)))


def spoken(document: Document, cites: Sequence[int]) -> list[Passage]:
    """The passages of some numbers that state things."""
    found = [document.passage(n) for n in cites]
    return [one for one in found if one is not None and one.kind in SPOKEN]


def certified(text: str, document: Document, cites: Sequence[int]) -> bool:
    """Whether a point is made of sentences of every passage it cites and of nothing else."""
    wanted = [token.text for token in tokens(text)]
    passages = spoken(document, cites)
    if not wanted or len(passages) != len(cites):
        return False
    choices = [unit for passage in passages for unit in units(document, passage)]
    todo: list[tuple[int, frozenset[int], int]] = [(0, frozenset(), 0)]
    seen: set[tuple[int, frozenset[int], int]] = set(todo)
    while todo:
        place, used, count = todo.pop()
        if place == len(wanted):
            if used == frozenset(cites):
                return True
            continue
        if count == MOST_SENTENCES:
            continue
        for unit in choices:
            for end in unit.ends(wanted, place):
                state = (end, used | {unit.n}, count + 1)
                if state not in seen:
                    seen.add(state)
                    todo.append(state)
    return False
