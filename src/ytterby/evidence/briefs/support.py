"""Home to support: which passages back a sentence told from a claim, and whether they back all of it.

A claim's fields are read with an eye on what was said before; a sentence told from them names what its source leaves
out. A place or an actor is taken from before only where it is the one the article speaks of most, a time only where
the sentence before names no other: else the sentence is not told.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property

from ytterby.evidence.briefs import called
from ytterby.evidence.briefs.roles import roles_at
from ytterby.evidence.briefs.stated import Stated, named_times, says, stated, yearly
from ytterby.evidence.claims import Claim
from ytterby.evidence.documents import SPOKEN, Document, Passage
from ytterby.evidence.grammar import sentences
from ytterby.terms.errors import InputError
from ytterby.terms.periods import parse_period
from ytterby.terms.text import fold

MOST_BACK = 40
"""Passages before its own that a claim may take a name from."""

_YEARS = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_POINTS_BACK = re.compile(
    r"\b(?:it|its|the (?:company|firm|miner|producer|group|plant|ministry))\b|公司|其|该|集团", re.IGNORECASE
)
_PLACES = frozenset(("country", "government"))
_BODIES = frozenset(("company", "agency", "organisation", "person"))


class Support:
    """What the passages of one document name and state."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._held: dict[int, tuple[set[str], set[str], list[Stated]]] = {}

    def passages(self, claim: Claim, said: str) -> tuple[int, ...] | None:
        """The claim's passage and those before it (or the title) that a told sentence needs; None where none do."""
        passage = self.document.passage(claim.passage or 0)
        if passage is None or not self._kept(claim, said, passage):
            return None
        names, times, figures = self._holds(passage.n)
        annual = yearly(self.document.words(passage))
        if not all(says(figures, one, annual=annual) for one in stated(said)):
            return None
        sentence = self._sentence(claim, passage)
        missing = set(called.keys(said)) - set(called.keys(sentence))
        if any(not self._may_carry(key, passage.part, sentence) for key in missing):
            return None
        missing -= names
        today = self.document.part(passage).date or self.document.date
        open_times = {label for label in named_times(said, today) if not covered(label, times)}
        cites = [passage.n]
        for place, n in enumerate(self._before(passage)):
            if not missing and not open_times:
                break
            has, when, _ = self._holds(n)
            found = missing & has
            timed = {label for label in open_times if place == 0 and when == {label}}
            if found or timed:
                cites.append(n)
                missing -= found
                open_times -= timed
        words = " ".join(self.document.words(self.document.passages[n - 1]) for n in cites)
        if missing or open_times or not set(_YEARS.findall(fold(said))) <= set(_YEARS.findall(fold(words))):
            return None
        return tuple(sorted(cites))

    def _kept(self, claim: Claim, said: str, passage: Passage) -> bool:
        """Whether a told sentence names every actor of the claim's words and every place said before its figure."""
        kept = set(called.keys(said))
        for key, named in called.keys(claim.quote).items():
            kinds = {entry.entity.kind for entry in named}
            if key not in kept and (claim.kind == "measure" or kinds & (_PLACES | _BODIES)):
                return False
        before = fold(self.document.text[passage.start : claim.end or passage.end])
        part = re.split(r"[。;!?]|\.\s", before)[-1]
        return all(
            key in kept or not {entry.entity.kind for entry in named} & {"country"}
            for key, named in called.keys(part).items()
        )

    def _sentence(self, claim: Claim, passage: Passage) -> str:
        words = self.document.words(passage)
        at = (claim.start or passage.start) - passage.start
        for span in sentences(fold(words)):
            if span.start <= at < span.end:
                return words[span.start : span.end]
        return words

    def _may_carry(self, key: str, part: int, sentence: str) -> bool:
        """Whether a name may be taken from before: of places and of actors only the one spoken of most."""
        if key == "place:WLD":
            return False
        counts = self._spoken_of.get(part, Counter())
        kind = self._kinds.get(key, "")
        if kind in _BODIES and not _POINTS_BACK.search(fold(sentence)):
            return False
        family = _PLACES if kind in _PLACES else _BODIES if kind in _BODIES else frozenset()
        rivals = [count for other, count in counts.items() if self._kinds[other] in family and other != "place:WLD"]
        return not family or (key in counts and counts[key] == max(rivals))

    def _before(self, passage: Passage) -> list[int]:
        """Passages before one, nearest first; the head comes last."""
        earlier = [p for p in reversed(self.document.passages[: passage.n - 1]) if p.part == passage.part]
        return [p.n for p in earlier if p.kind != "noise"][:MOST_BACK]

    def _holds(self, n: int) -> tuple[set[str], set[str], list[Stated]]:
        """Of one passage: keys of names, labels of times, figures."""
        if n not in self._held:
            passage = self.document.passages[n - 1]
            words = self.document.words(passage)
            today = self.document.part(passage).date or self.document.date
            self._held[n] = (set(called.keys(words)), named_times(words, today), stated(words))
        return self._held[n]

    @cached_property
    def _spoken_of(self) -> dict[int, Counter[str]]:
        """By article: how often each name stands in it; what an agency does, its state does."""
        counts: dict[int, Counter[str]] = {}
        for passage in self.document.passages:
            if passage.kind not in (*SPOKEN, "title", "head"):
                continue
            of_part = counts.setdefault(passage.part, Counter())
            words = self.document.words(passage)
            # A place that goods go to is spoken of, but it is not whose goods they are.
            taking = {start for start, (role, _) in roles_at(words).items() if role == "destination"}
            for key, named in called.keys(words).items():
                of_part[key] += sum(one.start not in taking for one in named)
                self._kinds[key] = named[0].entity.kind
                state = named[0].entity.place
                if named[0].entity.kind == "agency" and state:
                    of_part[f"place:{state}"] += len(named)
                    self._kinds.setdefault(f"place:{state}", "country")
        return counts

    @cached_property
    def _kinds(self) -> dict[str, str]:
        return {}


def covered(label: str, others: set[str]) -> bool:
    """Whether a time is named by one of `others`, or lies around one of them."""
    if label in others:
        return True
    try:
        wanted = parse_period(label)
    except InputError:
        return False
    for other in others:
        try:
            if wanted.contains(parse_period(other)):
                return True
        except InputError:
            continue
    return False
