"""Home to verifying: every brief is checked before it is shown, and what does not stand is dropped and counted.

Of every point, whoever made it: each citation leads to a passage; each figure stands in a passage cited with its unit
and comparator; each time, each name and each quotation stands there too. Beyond that, what rules have made must be
certified: the passage's own sentences less what may be left out, the very words its claims are told in, or a quotation
with its glosses. What a language model has made is free in its words and is held to `paraphrase` instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ytterby.evidence.briefs import called
from ytterby.evidence.briefs.certify import certified, spoken, units
from ytterby.evidence.briefs.gloss import glossed
from ytterby.evidence.briefs.paraphrase import Ground, differs
from ytterby.evidence.briefs.quotes import quoted, stands_in
from ytterby.evidence.briefs.render import Renderer, quotable
from ytterby.evidence.briefs.shape import Brief, Dropped, Group, Point
from ytterby.evidence.briefs.stated import compared, compares, named_times, says, stated, yearly
from ytterby.evidence.briefs.support import covered
from ytterby.evidence.briefs.themes import TITLES
from ytterby.evidence.briefs.tokens import is_chinese
from ytterby.evidence.claims import Claim
from ytterby.evidence.documents import Document
from ytterby.terms.errors import BadValue


def verify(made: Brief, document: Document, claims: Iterable[Claim] | None = None) -> tuple[Brief, tuple[Dropped, ...]]:
    """The brief without what does not stand, and what was dropped from it with why.

    Args:
        made: any brief of the document.
        document: the document it is of.
        claims: claims read from the document, for sentences told in the other language; None = read them now.

    Raises `BadValue` where the brief is of another document.
    """
    if made.document != document.id:
        raise BadValue(
            f"this brief is of document {made.document[:12]}, not of {document.id[:12]}",
            remedy="verify it against the document it was made from",
        )
    check = _Check(made, document, claims)
    dropped: list[Dropped] = []
    core = made.core
    if core.text and (why := check.fault(core)):
        dropped.append(Dropped(core.text, why))
        core = Point("")
    groups: list[Group] = []
    for group in made.groups:
        kept: list[Point] = []
        for point in group.points:
            why = check.fault(point)
            if why:
                dropped.append(Dropped(point.text, why))
            else:
                kept.append(point)
        if kept:
            title, fault = check.title(group.title, kept)
            if fault:
                dropped.append(Dropped(group.title, fault))
            groups.append(Group(title, tuple(kept)))
    lost = tuple(dropped)
    whole = replace(made, core=core, groups=tuple(groups), dropped=(*made.dropped, *lost))
    return whole.with_passages({p.n: document.words(p) for p in document.passages}), lost


class _Check:
    """One brief against its document."""

    def __init__(self, made: Brief, document: Document, claims: Iterable[Claim] | None) -> None:
        self.made = made
        self.document = document
        self._given = None if claims is None else tuple(claims)
        self._renderer: Renderer | None = None

    def fault(self, point: Point) -> str:
        """Why a point does not stand; empty where it does."""
        fault = self._citations(point) or self._figures(point) or self._quotations(point)
        if fault or certified(point.text, self.document, point.cites) or self._pieced(point):
            # The passages' own words name what they name, also where out of their place they would be read otherwise.
            return fault
        fault = self._named(point)
        if fault or not self.made.maker.startswith("model"):
            return fault or "words: not those of the passages cited"
        return differs(point.text, self._ground(point))

    def title(self, title: str, points: Sequence[Point]) -> tuple[str, str]:
        """A heading, or a neutral one and why: a heading may not say more than its points."""
        known = {words for both in TITLES.values() for words in both.values()}
        known |= {passage.group for passage in self.document.passages} | {part.title for part in self.document.parts}
        if title in known:
            return title, ""
        lang = "zh" if self.made.lang == "zh" else "en"
        cites = sorted({n for point in points for n in point.cites})
        fault = "title: too long" if len(title) > 120 else self._stands(Point(title, tuple(cites)))
        return (TITLES["other"][lang], fault) if fault else (title, "")

    def _citations(self, point: Point) -> str:
        if not point.text.strip():
            return "empty"
        if not point.cites:
            return "citation: none"
        for n in point.cites:
            passage = self.document.passage(n)
            if passage is None or passage.kind == "noise":
                return f"citation: there is no passage {n}"
            if self.made.part and passage.part != self.made.part:
                return f"citation: passage {n} belongs to another article"
        return "" if spoken(self.document, point.cites) else "citation: none of the passages states anything"

    def _source(self, point: Point) -> list[str]:
        found = [self.document.passage(n) for n in point.cites]
        return [self.document.words(passage) for passage in found if passage is not None]

    def _stands(self, point: Point) -> str:
        return self._figures(point) or self._quotations(point) or self._named(point)

    def _figures(self, point: Point) -> str:
        """Figures against those of the passages cited."""
        texts = self._source(point)
        today = self._day(point)
        figures = [one for text in texts for one in stated(text, today)]
        annual = any(yearly(text) for text in texts)
        own = _without_glosses(point.text)
        for one in stated(own, today):
            if not says(figures, one, annual=annual):
                return f"figure: '{own[one.start : one.end]}' stands in no passage cited"
        return ""

    def _quotations(self, point: Point) -> str:
        texts = self._source(point)
        for quote in quoted(point.text):
            if not any(stands_in(quote, text) for text in texts):
                return f"quote: '{quote[:60]}' stands in no passage cited"
        return ""

    def _named(self, point: Point) -> str:
        """Times, bases of comparison and names against those of the passages cited."""
        texts = self._source(point)
        today = self._day(point)
        own = _without_glosses(point.text)
        times: set[str] = set().union(*(named_times(text, today) for text in texts))
        for label in sorted(named_times(own, today)):
            if not covered(label, times):
                return f"time: {label} stands in no passage cited"
        bases: set[str] = set().union(*(compared(text, today) for text in texts))
        for basis in sorted(compared(own, today)):
            if not compares(bases, basis):
                return f"time: no passage cited compares {basis}"
        names: set[str] = set().union(*(called.keys(text) for text in texts))
        for key, found in called.keys(own).items():
            if key not in names:
                return f"name: '{own[found[0].start : found[0].end]}' stands in no passage cited"
        return ""

    def _pieced(self, point: Point) -> bool:
        """Whether a point is put together of its passages' sentences, quoted and glossed, and of claims as told."""
        renderer = self._render()
        stop, join = ("。", "；") if renderer.lang == "zh" else (".", "; ")
        pieces: list[tuple[str, frozenset[int]]] = []
        for passage in spoken(self.document, point.cites):
            for unit in units(self.document, passage):
                pieces.append((glossed(quotable(unit.text), renderer.lang), frozenset((unit.n,))))
        for claim in renderer.claims:
            if claim.passage in point.cites and (one := renderer.sentence(claim)) is not None:
                pieces += [(one[0] + mark, frozenset(one[1])) for mark in (stop, join)]
        return _laid(point, pieces)

    def _ground(self, point: Point) -> Ground:
        own = [u for passage in spoken(self.document, point.cites) for u in units(self.document, passage)]
        return Ground(
            tuple((unit.n, unit.text) for unit in own),
            tuple(claim for claim in self._claims() if claim.passage in point.cites)
            if any(is_chinese(unit.text) != (self.made.lang == "zh") for unit in own)
            else (),
            self._day(point),
            tuple(point.cites),
        )

    def _render(self) -> Renderer:
        if self._renderer is None:
            self._renderer = Renderer(self.document, self._claims(), "zh" if self.made.lang == "zh" else "en")
        return self._renderer

    def _claims(self) -> tuple[Claim, ...]:
        if self._given is None:
            from ytterby.evidence.extract import extract

            self._given = tuple(extract(self.document))
        return self._given

    def _day(self, point: Point) -> str:
        for n in point.cites:
            passage = self.document.passage(n)
            if passage is not None:
                return self.document.part(passage).date or self.document.date
        return self.document.date


def _laid(point: Point, pieces: Sequence[tuple[str, frozenset[int]]]) -> bool:
    """Whether pieces, none of them twice, lie end to end as the point's text, and cite all it cites."""
    todo: list[tuple[int, frozenset[int], frozenset[str]]] = [(0, frozenset(), frozenset())]
    seen = set(todo)
    while todo:
        at, used, said = todo.pop()
        if at >= len(point.text):
            if used == frozenset(point.cites):
                return True
            continue
        at += point.text[at] == " " and at > 0
        for text, cites in pieces:
            bare = text.rstrip("。；.; ")
            state = (at + len(text), used | cites, said | {bare})
            if bare not in said and point.text.startswith(text, at) and state not in seen:
                seen.add(state)
                todo.append(state)
    return False


def _without_glosses(text: str) -> str:
    """A point without the glosses behind its quotation: they are names given again, not said of anything."""
    return re.sub(r"(?<=[」”])\s?[（(][^（）()]*[:：][^（）()]*[）)]\s*$", "", text)
