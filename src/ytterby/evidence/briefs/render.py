"""Home to rendering: one line of a document as a point of the brief, in the brief's language, with its citations."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ytterby.evidence.briefs.compress import compress
from ytterby.evidence.briefs.cues import strength
from ytterby.evidence.briefs.gloss import glossed
from ytterby.evidence.briefs.lines import Line
from ytterby.evidence.briefs.shape import Point
from ytterby.evidence.briefs.support import Support
from ytterby.evidence.briefs.tell import Time, tell
from ytterby.evidence.briefs.wording import Tongue
from ytterby.evidence.claims import Claim
from ytterby.evidence.documents import Document
from ytterby.terms.text import fold

LEAST_CARRIED = 0.3
"""Share of a line's characters its claims' words must cover for the line to be told by them."""

TIMES: tuple[Time, ...] = ("full", "short", "none")

MOST_TOLD = 5
"""Claims of one line that are told in one point."""

_STOP = {"zh": "。", "en": "."}
_JOIN = {"zh": "；", "en": "; "}


class Renderer:
    """Words for the lines of one document in one language."""

    def __init__(self, document: Document, claims: Sequence[Claim], lang: Tongue) -> None:
        self.document = document
        self.claims = claims
        self.lang = lang
        self._support = Support(document)
        self._told: dict[tuple[int, int], Point | None] = {}
        self._sentences: dict[int, tuple[str, tuple[int, ...]] | None] = {}

    def point(self, line: Line, most: int | None = None) -> Point:
        """The line shortened where it speaks the brief's language, else told from its claims, else quoted."""
        if line.lang == self.lang:
            return Point(compress(line.text, most), (line.n,))
        return self.told(line) or Point(glossed(quotable(line.text), self.lang), (line.n,))

    def told(self, line: Line) -> Point | None:
        """The line's claims as sentences; None where they cannot be told, or not without losing how they are meant."""
        key = (line.start, line.end)
        if key not in self._told:
            self._told[key] = self._tell(line) if line.claims else None
        return self._told[key]

    def sentence(self, claim: Claim) -> tuple[str, tuple[int, ...]] | None:
        """One claim as a sentence without its stop, and the passages that name all it names; None where none do."""
        if id(claim) not in self._sentences:
            self._sentences[id(claim)] = self._sentence(claim)
        return self._sentences[id(claim)]

    def _sentence(self, claim: Claim) -> tuple[str, tuple[int, ...]] | None:
        for period in TIMES:
            said = tell(claim, self.lang, period=period)
            cites = None if said is None else self._support.passages(claim, said)
            if said is not None and cites is not None:
                return said, cites
        return None

    def _tell(self, line: Line) -> Point | None:
        figured = [claim for claim in line.claims if claim.kind not in ("count", "date", "threshold")]
        if not figured or len(figured) > MOST_TOLD or not all(faithful(claim, line.text) for claim in figured):
            return None
        if _carried(figured) < LEAST_CARRIED * len(line.text):
            return None
        said: list[str] = []
        cites: set[int] = {line.n}
        for claim in figured:
            one = self.sentence(claim)
            if one is None:
                return None
            if one[0] not in said:
                said.append(one[0])
                cites |= set(one[1])
        if len({re.sub(r"\d[\d,.]*", "", one) for one in said}) < len(said):
            # Two figures of one thing: what tells them apart is not in the claims' fields.
            return None
        return Point(_JOIN[self.lang].join(said) + _STOP[self.lang], tuple(sorted(cites)))


def _carried(claims: Sequence[Claim]) -> int:
    """Characters that the quotes of some claims cover together."""
    covered_: set[int] = set()
    for claim in claims:
        covered_ |= set(range(claim.start or 0, claim.end or 0))
    return len(covered_)


def quotable(text: str) -> str:
    """What of a line is quoted in the other language: all of it, letter for letter, so that it is found again."""
    return " ".join(text.split())


def faithful(claim: Claim, sentence: str) -> bool:
    """Whether a claim's fields hold how its words and its sentence are meant."""
    own, whole = strength(fold(claim.quote)), strength(fold(sentence))
    if own & {"negated", "conditional"}:
        return False
    if own & {"open", "aimed"} and claim.modality not in ("forecast", "target", "claimed"):
        return False
    if "claimed" in whole and claim.modality != "claimed":
        return False
    return not ("told" in whole and not claim.attributed_to and claim.modality not in ("reported", "claimed"))
