"""Home to marking: a document's own words, with every stretch a claim was read from marked and leading to the claim."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from ytterby.desk import figured
from ytterby.desk.blocks import Inline, Mark, Passage, Tone

if TYPE_CHECKING:
    from ytterby.desk.page import Asked
    from ytterby.evidence.claims import Claim
    from ytterby.evidence.documents import Document
    from ytterby.evidence.documents import Passage as Said

_LOUDEST: tuple[Tone, ...] = ("contested", "pending", "accepted", "rejected")


def passages(
    asked: Asked,
    document: Document,
    claims: Sequence[Claim],
    contested: Collection[str] = (),
    shown: Sequence[Said] | None = None,
) -> list[Passage]:
    """Passages of a document (all, or those `shown`) with their marks; the pieces of each together are exactly its
    words.
    """
    found = []
    for one in document.passages if shown is None else shown:
        inside = [
            claim
            for claim in claims
            if claim.start is not None and claim.end is not None and claim.start < one.end and claim.end > one.start
        ]
        found.append(
            Passage(
                n=one.n,
                pieces=pieces(asked, document.text, one.start, one.end, inside, contested),
                heading=one.kind in ("title", "heading"),
                quiet=one.kind in ("head", "noise"),
            )
        )
    return found


def pieces(
    asked: Asked, text: str, start: int, end: int, claims: Sequence[Claim], contested: Collection[str] = ()
) -> list[Inline]:
    """The words ``text[start:end]``, cut where a claim begins or ends; what claims share is marked once."""
    spans = [(max(start, claim.start or 0), min(end, claim.end or 0), claim) for claim in claims]
    cuts = sorted({start, end, *(at for first, last, _ in spans for at in (first, last))})
    found: list[Inline] = []
    for first, last in pairwise(cuts):
        over = sorted(
            (one for one in spans if one[0] <= first and one[1] >= last), key=lambda one: (one[1] - one[0], one[2].id)
        )
        words = text[first:last]
        found.append(_mark(asked, words, first, [claim for _, _, claim in over], contested) if over else words)
    return found


def _mark(asked: Asked, words: str, at: int, claims: Sequence[Claim], contested: Collection[str]) -> Mark:
    tones = {figured.tone(claim, contested=claim.id in contested) for claim in claims}
    hints = dict.fromkeys(
        f"{figured.kind(one.kind, asked.lang)}: {figured.figure(one, asked.lang)}".strip(": ") for one in claims
    )
    begun = next((claim.id for claim in claims if claim.start == at), "")
    return Mark(
        words,
        next(tone for tone in (*_LOUDEST, *tones) if tone in tones),
        asked.to("claim", claims[0].id),
        hint="; ".join(hints),
        anchor=begun,
    )
