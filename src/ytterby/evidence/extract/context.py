"""Home to the context of a figure: its sentence taken apart once, its clause, and the words that belong to it alone.

A *segment* is the stretch of a clause that goes with one figure: "fell 8% in December" and "to 280 metric tons" are two
segments of one clause. What a figure means is looked for in its segment first, then in its clause, then in the clauses
before it, then in what the text has been about (`topic`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from ytterby.evidence.extract import cues as cue_words
from ytterby.evidence.extract.cues import Cue
from ytterby.evidence.grammar import (
    Base,
    Quantity,
    Span,
    Time,
    bases,
    clauses,
    coordinated,
    quantities,
    sentences,
    times,
)
from ytterby.evidence.names import Named, find

_PROPER = frozenset({"company", "agency", "organisation", "outlet", "analyst", "person", "government"})
_FAR = 1000
_HAN = re.compile("[\u2e81-\U0010ffff]")


@dataclass(frozen=True, slots=True, eq=False)
class Sentence:
    """One sentence of a passage with everything that was found in it, in order; offsets are the passage's."""

    text: str
    """The folded passage."""
    start: int
    end: int
    clauses: tuple[Span, ...]
    quantities: tuple[Quantity, ...]
    times: tuple[Time, ...]
    bases: tuple[Base, ...]
    names: tuple[Named, ...]
    cues: tuple[Cue, ...]
    words: str = field(init=False)
    """The sentence's own words."""
    tags: Mapping[str, list[Cue]] = field(init=False)
    """Every tag that occurs, with its cues in order."""
    chinese: bool = field(init=False)
    """Whether it is written in Chinese."""
    figures: tuple[Figure, ...] = field(init=False)
    """Its figures, each with clause and segment."""

    def __post_init__(self) -> None:
        words = self.text[self.start : self.end]
        tags: dict[str, list[Cue]] = {}
        for cue in self.cues:
            for tag in cue.tags:
                tags.setdefault(tag, []).append(cue)
        # A quarter of the characters is enough: names and figures of Chinese text are often Latin.
        chinese = not words.isascii() and len(_HAN.findall(words)) * 4 > len(words)
        for name, made in (("words", words), ("tags", tags), ("chinese", chinese)):
            object.__setattr__(self, name, made)
        object.__setattr__(self, "figures", tuple(_figures(self)))

    def clause_at(self, offset: int) -> Span:
        """The clause that holds a character."""
        for clause in self.clauses:
            if offset < clause.end:
                return clause
        return self.clauses[-1] if self.clauses else Span(self.start, self.end)

    def cued(self, tag: str, start: int, end: int) -> list[Cue]:
        """The cues of a tag inside a stretch."""
        return [cue for cue in self.tags.get(tag, ()) if cue.start >= start and cue.end <= end]

    def has(self, tag: str, start: int | None = None, end: int | None = None) -> bool:
        """Whether a tag occurs in a stretch (default: the sentence)."""
        cues = self.tags.get(tag)
        if cues is None:
            return False
        low, high = self.start if start is None else start, self.end if end is None else end
        for cue in cues:  # noqa: SIM110  a generator would cost more than it saves here
            if cue.start >= low and cue.end <= high:
                return True
        return False

    def named(self, start: int, end: int, *kinds: str) -> list[Named]:
        """The names inside a stretch, of these kinds where kinds are given."""
        return [
            name
            for name in self.names
            if name.start >= start and name.end <= end and (not kinds or name.entity.kind in kinds)
        ]


@dataclass(frozen=True, slots=True)
class Figure:
    """One quantity where it stands."""

    quantity: Quantity
    sentence: Sentence
    clause: Span
    segment: Span
    head: Span | None = None
    """The member of a list that it is paired with (分别, respectively)."""
    start: int = field(init=False)
    """First character, words of comparison included."""
    end: int = field(init=False)
    """One past its last character."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", self.quantity.start)
        object.__setattr__(self, "end", self.quantity.end)

    @property
    def before(self) -> str:
        """The words of its clause up to the figure."""
        return self.sentence.text[self.clause.start : self.quantity.start]

    @property
    def after(self) -> str:
        """The words of its clause behind the figure."""
        return self.sentence.text[self.quantity.end : self.clause.end]

    def has(self, tag: str, where: str = "segment") -> bool:
        """Whether a tag occurs in its segment, its clause, or anywhere up to it in the sentence (``before``)."""
        if where == "segment":
            if self.head and self.sentence.has(tag, self.head.start, self.head.end):
                return True
            return self.sentence.has(tag, self.segment.start, self.quantity.start) or self.sentence.has(
                tag, self.quantity.end, self.segment.end
            )
        if where == "clause":
            return self.sentence.has(tag, self.clause.start, self.clause.end)
        return self.sentence.has(tag, self.sentence.start, self.quantity.start)

    def near(self, *tags: str, most: int = _FAR) -> Cue | None:
        """The cue of any of the tags that stands nearest, its own segment before all else; None beyond `most`.

        Cost: characters within the segment, 100 more in the clause before it, 300 in clauses before, 350 behind it.
        """
        best: Cue | None = None
        least = most + 1
        for tag in tags:
            for cue in self.sentence.tags.get(tag, ()):
                cost = self.cost(cue.start, cue.end)
                if cost < least:
                    best, least = cue, cost
        return best

    def cost(self, start: int, end: int) -> int:
        """How far a stretch of the sentence stands from the figure, in the steps `near` counts."""
        head = self.head
        if head is not None and start >= head.start and end <= head.end:
            return 0
        q = self.quantity
        if end <= q.end:
            away = max(0, q.start - end)
            if start >= self.segment.start:
                return away
            return (100 if start >= self.clause.start else 300) + away
        away = start - q.end
        if end <= self.segment.end:
            return away + 4
        return 350 + away if end <= self.clause.end else _FAR + away


def scene(text: str, today: date | None, lang: str) -> list[Sentence]:
    """The sentences of a folded passage, each with what was found in it."""
    spans = [piece for span in sentences(text) for piece in _pieces(text, span)]
    whens = times(text, today, lang)
    found = quantities(text, lang)
    against = bases(text, today, lang)
    names = find(text)
    found = _unnamed(found, names)
    words = _free(cue_words.find(text), names, whens)
    made = []
    for span in spans:
        made.append(
            Sentence(
                text,
                span.start,
                span.end,
                _joined(text, clauses(text, span), _inside(whens, span)) or (span,),
                tuple(_inside(found, span)),
                tuple(_inside(whens, span)),
                tuple(_inside(against, span)),
                tuple(_inside(names, span)),
                tuple(_inside(words, span)),
            )
        )
    return made


_LONGEST = 900


def _pieces(text: str, span: Span) -> list[Span]:
    """A sentence, or where it is longer than any sentence is, its stretches of clauses: so that work grows with the
    text and not with its square.
    """
    if span.end - span.start <= _LONGEST:
        return [span]
    made, start, last = [], span.start, span.start
    for clause in clauses(text, span):
        if clause.end - start > _LONGEST and last > start:
            made.append(Span(start, last))
            start = clause.start
        while clause.end - start > _LONGEST:
            made.append(Span(start, start + _LONGEST))
            start += _LONGEST
        last = clause.end
    if last > start:
        made.append(Span(start, last))
    return made


def _joined(text: str, parts: list[Span], whens: Sequence[Time]) -> tuple[Span, ...]:
    """Clauses, with the members of a list (、) and the parts of a date ("October 9, 2025") in one."""
    made: list[Span] = []
    for part in parts:
        if made and (
            text[made[-1].end : part.start].strip() == "、"
            or any(one.start < made[-1].end and part.start < one.end for one in whens)
        ):
            made[-1] = Span(made[-1].start, part.end)
        else:
            made.append(part)
    return tuple(made)


_Placed = TypeVar("_Placed", Quantity, Time, Base, Named, Cue)


def _inside(found: Sequence[_Placed], span: Span) -> Sequence[_Placed]:
    first = bisect_left(found, span.start, key=lambda one: one.start)
    last = bisect_left(found, span.end, key=lambda one: one.start)
    return found[first:last]


def _unnamed(found: list[Quantity], names: list[Named]) -> list[Quantity]:
    """The quantities that are no part of somebody's name (中科三环)."""
    proper = [name for name in names if name.entity.kind in _PROPER]
    if not proper:
        return found
    return [
        one
        for one in found
        if not any(name.start <= one.number_start and one.number_end <= name.end for name in proper)
    ]


def _free(words: list[Cue], names: list[Named], whens: Sequence[Time]) -> list[Cue]:
    """The cues that are not part of somebody's name, nor the month of May."""
    if any(cue.word == "may" for cue in words):
        words = [
            cue for cue in words if cue.word != "may" or not any(one.start <= cue.start < one.end for one in whens)
        ]
    proper = [name for name in names if name.entity.kind in _PROPER]
    if not proper:
        return words
    starts = [name.start for name in proper]
    free = []
    for cue in words:
        at = bisect_left(starts, cue.end) - 1
        if at < 0 or proper[at].end <= cue.start:
            free.append(cue)
    return free


_JOINS = re.compile(
    r"\b(?:and|but|while|whereas|or|versus|plus|including|followed by|compared with|then|yet)\b"
    r"|以及|其中|同时|而|并|和|及|与|或|、|,|;"
)
_LEADS = re.compile(
    r"(?:\b(?:to|from|at|with|of)\s+|(?:增至|升至|降至|减至|跌至|涨至|达到|达|至|到|为)"
    r"|\b(?:yet |but )?(?:up|down|rose|fell|higher|lower|gained|dropped)\s+(?:by\s+)?)(?:just |only |about )?$"
)


def _figures(sentence: Sentence) -> Iterator[Figure]:
    found = sentence.quantities
    if not found:
        return
    span = Span(sentence.start, sentence.end)
    heads: dict[int, Span] = {}
    if len(found) > 1:
        heads = {quantity.start: head for head, quantity in coordinated(sentence.text, span, list(found))}
    clause_of = [sentence.clause_at(one.start) for one in found]
    cuts: list[int] = []
    for index in range(len(found) - 1):
        cuts.append(_cut(sentence.text, found[index].end, found[index + 1].start))
    for index, one in enumerate(found):
        clause = clause_of[index]
        start, end = clause.start, max(clause.end, one.end)
        if index and found[index - 1].end > start:
            start = cuts[index - 1]
        if index + 1 < len(found) and found[index + 1].start < end:
            end = cuts[index]
        yield Figure(one, sentence, clause, Span(min(start, one.start), max(end, one.end)), heads.get(one.start))


def _cut(text: str, left: int, right: int) -> int:
    """Where the words of one figure end and those of the next begin."""
    between = text[left:right]
    joined = 0
    for match in _JOINS.finditer(between):
        joined = match.start() if match[0] not in ",、;" else match.end()
    if joined:
        return left + joined
    lead = _LEADS.search(between)
    if lead:
        return left + lead.start()
    # English says what a figure does behind it, Chinese before it.
    return right if between.isascii() else left
