"""Home to lines: the sentences a brief chooses from, each with its claims and names, and how much each is worth.

Worth is what a sentence carries (claims, names), where it stands, how much of the title it takes up, and how much the
rest of the document speaks of the same (its share in a walk over sentences that share words). Two sentences that say
the same are not both chosen.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

from ytterby.evidence.briefs.tokens import content, is_chinese
from ytterby.evidence.claims import Claim
from ytterby.evidence.documents import SPOKEN, Document, Part, Passage
from ytterby.evidence.grammar import sentences
from ytterby.evidence.names import find
from ytterby.terms.text import fold

MOST_LINES = 240
"""Of a longer document only the lines that look best at first sight are compared with each other."""

WEIGHTS = {"claims": 1.0, "names": 0.5, "title": 1.0, "place": 0.7, "centre": 1.0, "length": 0.6}
"""What each side of a line's worth counts."""

DIVERSITY = 0.9
"""How much a line loses that says all of what a chosen line says."""

_CARRIES = {"date": 0.4, "count": 0.4, "rank": 0.6, "measure": 1.0}
_CLUTTER = re.compile(
    r"^(?:https?://|www\.|source:|date:|lang:|title:|来源:|日期:|作者:|责任?编辑|记者|图:|photo|image)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence (of a brief: one point) of a document."""

    n: int
    """Its passage."""
    part: int
    start: int
    end: int
    """Where it stands in the document's text."""
    text: str
    group: str
    core: bool
    """True where the page itself calls it its core."""
    listed: bool
    """True where the page itself makes it a point."""
    claims: tuple[Claim, ...]
    names: frozenset[str]
    about: frozenset[str]
    """What it is about, in rough word stems and pairs of characters."""

    @property
    def lang(self) -> str:
        """Language of its own words."""
        return "zh" if is_chinese(self.text) else "en"


def lines(document: Document, claims: Iterable[Claim], part: int = 0) -> list[Line]:
    """The sentences of a document's speaking passages, in order; points of briefs stay whole.

    Args:
        document: the document.
        claims: claims read from it; each goes to the line its quote begins in.
        part: number of the article asked for; 0 = all.
    """
    by_passage: dict[int, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.start is not None:
            place = claim.passage or (found.n if (found := document.passage_at(claim.start)) else 0)
            by_passage[place].append(claim)
    made: list[Line] = []
    seen: set[str] = set()
    for passage in document.passages:
        if passage.kind not in SPOKEN or (part and passage.part != part):
            continue
        for start, end in _spans(document, passage):
            text = document.text[start:end]
            key = "".join(fold(text).split())
            if len(key) < 8 or key in seen or _CLUTTER.match(text):
                continue
            seen.add(key)
            inside = tuple(claim for claim in by_passage[passage.n] if start <= (claim.start or 0) < end)
            made.append(_line(passage, start, end, text, inside))
    return made


def worths(found: Sequence[Line], parts: Sequence[Part], title: str) -> dict[int, float]:
    """What each line is worth, by its place in `found`."""
    kept = _first_sight(found)
    centre = _centrality([found[index].about for index in kept])
    share = dict(zip(kept, centre, strict=True))
    titles = {part.number: frozenset(content(part.title)) for part in parts}
    position: Counter[int] = Counter()
    worth: dict[int, float] = {}
    for index, line in enumerate(found):
        about_title = titles.get(line.part) or frozenset(content(title))
        overlap = len(line.about & about_title) / (len(about_title) or 1)
        place = 1.0 / (1.0 + 0.3 * position[line.part])
        position[line.part] += 1
        worth[index] = (
            WEIGHTS["claims"] * _carried(line)
            + WEIGHTS["names"] * min(len(line.names), 5) / 5
            + WEIGHTS["title"] * min(overlap * 1.5, 1.0)
            + WEIGHTS["place"] * place
            + WEIGHTS["centre"] * share.get(index, 0.0)
            - WEIGHTS["length"] * _misfit(line)
        )
    return worth


def choose(found: Sequence[Line], worth: dict[int, float], most: int, taken: Sequence[int] = ()) -> list[int]:
    """Places of the `most` lines that are worth most beside what is `taken`, best first."""
    chosen: list[int] = []
    likeness = {index: max((alike(found[index], found[one]) for one in taken), default=0.0) for index in worth}
    open_ = [index for index in worth if index not in set(taken)]
    while open_ and len(chosen) < most:
        best = max(open_, key=lambda index: (worth[index] - DIVERSITY * _steep(likeness[index]) * 2, -index))
        open_.remove(best)
        if likeness[best] > 0.9:
            continue
        chosen.append(best)
        for index in open_:
            likeness[index] = max(likeness[index], alike(found[index], found[best]))
    return chosen


def alike(one: Line, other: Line) -> float:
    """How much two lines say the same: from 0 to 1."""
    if not one.about or not other.about:
        return 0.0
    # Twin sentences with other figures are two facts: figures count twice.
    shared = one.about & other.about
    digits = sum(word[0].isdigit() for word in one.about ^ other.about)
    return len(shared) / (min(len(one.about), len(other.about)) + digits)


def _steep(likeness: float) -> float:
    return likeness * likeness


def _line(passage: Passage, start: int, end: int, text: str, claims: tuple[Claim, ...]) -> Line:
    return Line(
        passage.n,
        passage.part,
        start,
        end,
        text,
        passage.group,
        passage.kind == "core",
        passage.kind == "point",
        claims,
        frozenset(named.entity.id for named in find(fold(text))),
        frozenset(content(text)),
    )


def _spans(document: Document, passage: Passage) -> list[tuple[int, int]]:
    if passage.kind in ("core", "point", "row"):
        return [(passage.start, passage.end)]
    folded = fold(document.text[passage.start : passage.end])
    return [(passage.start + span.start, passage.start + span.end) for span in sentences(folded)]


def _carried(line: Line) -> float:
    return min(sum(_CARRIES.get(claim.kind, 1.0) for claim in line.claims), 3.0) / 2.0


def _misfit(line: Line) -> float:
    """How far a line is too short or too long to be read as one thing: from 0 to 1."""
    size = len(line.text) * (2.2 if line.lang == "zh" else 1.0)
    if size < 30:
        return 1.0
    return min(max(size - 320, 0) / 400, 1.0)


def _first_sight(found: Sequence[Line]) -> list[int]:
    if len(found) <= MOST_LINES:
        return list(range(len(found)))
    ranked = sorted(
        range(len(found)), key=lambda index: (-_carried(found[index]) - 0.1 * len(found[index].names), index)
    )
    return sorted(ranked[:MOST_LINES])


def _centrality(abouts: Sequence[frozenset[str]]) -> list[float]:
    """Share of a random walk over sentences that share words, the largest scaled to 1."""
    size = len(abouts)
    if size < 3:
        return [1.0] * size
    by_word: dict[str, list[int]] = defaultdict(list)
    for index, about in enumerate(abouts):
        for word in about:
            by_word[word].append(index)
    weights: list[dict[int, float]] = [defaultdict(float) for _ in abouts]
    for places in by_word.values():
        if 2 <= len(places) <= 60:
            rare = log(1 + size / len(places))
            for one in places:
                for other in places:
                    if one != other:
                        weights[one][other] += rare
    scaled = [
        {other: weight / (log(2 + len(abouts[one])) + log(2 + len(abouts[other]))) for other, weight in row.items()}
        for one, row in enumerate(weights)
    ]
    totals = [sum(row.values()) for row in scaled]
    rank = [1.0 / size] * size
    for _ in range(20):
        fresh = [0.15 / size] * size
        for one, row in enumerate(scaled):
            if totals[one]:
                push = 0.85 * rank[one] / totals[one]
                for other, weight in row.items():
                    fresh[other] += push * weight
        rank = fresh
    top = max(rank) or 1.0
    return [value / top for value in rank]


def place_of(found: Sequence[Line], offset: int) -> int | None:
    """Place of the line that holds the character at `offset`; lines are in order of the text."""
    at = bisect_right([line.start for line in found], offset) - 1
    return at if at >= 0 and offset < found[at].end else None
