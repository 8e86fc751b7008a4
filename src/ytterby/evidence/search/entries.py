"""Home to the entry: what can be found, and the hit: what was found, with the sentence that answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ytterby.evidence.claims import Claim
from ytterby.evidence.documents import SPOKEN, Document

TYPES: tuple[str, ...] = ("document", "claim", "rule", "facility")
"""What can be searched for."""

STRETCH = 6_000
"""Characters after which a long document is cut, at the next passage, into another entry of the same id."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to be found; several entries of one type and id are pieces of one text."""

    type: str
    id: str
    title: str
    text: str
    """The words it is found by and quoted from."""
    lang: str = ""
    """``zh``, ``zh-Hant``, ``en`` or empty."""
    date: str = ""
    """ISO day, month or year; empty = undated."""
    places: tuple[str, ...] = ()
    """Codes as in `terms.places`."""
    stages: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    """Kinds of claim it makes; of a rule or facility, whatever its room calls a kind."""
    passage: int | None = None
    """Number of the passage it stands in."""
    document: str = ""
    """Id of the document it was read from; empty for rules, facilities and baseline claims."""
    start: int = 0
    """Offset of `text` in the document."""
    passages: tuple[tuple[int, int, int, bool], ...] = ()
    """Passages inside: number, first character and end in the document, and whether they state things."""
    words: str = ""
    """More words it is found by, which are not quoted."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found."""

    type: str
    id: str
    title: str
    passage: int | None
    quote: str
    """The sentence that answers: characters `start` to `end` of the document, or of the entry's text without one."""
    start: int
    end: int
    score: float
    """Higher is better; comparable within one search only."""
    lang: str
    date: str
    document: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The fields of the machine interface."""
        fields = ("type", "id", "title", "passage", "quote", "score", "lang", "date", "start", "end", "document")
        return {field: getattr(self, field) for field in fields}


def of_document(document: Document, claims: Iterable[Claim] = ()) -> Iterator[Entry]:
    """A document as entries: the whole of its text, in one piece or, where it is long, in several.

    Its claims say which places, stages and kinds it speaks of.
    """
    made = list(claims)
    places = _each(place for claim in made for place in (claim.place, claim.counterpart))
    for first, last, inside in _stretches(document):
        yield Entry(
            type="document",
            id=document.id,
            title=document.title,
            text=document.text[first:last],
            lang=document.lang,
            date=document.date,
            places=places,
            stages=_each(claim.stage for claim in made),
            kinds=_each(claim.kind for claim in made),
            document=document.id,
            start=first,
            passages=inside,
        )


def of_claims(claims: Iterable[Claim], *, title: str = "", lang: str = "") -> Iterator[Entry]:
    """Claims as entries: found by their quote, subject, object and names; a claim without quote is told in words."""
    for claim in claims:
        read = claim.start is not None and bool(claim.quote)
        more = (claim.subject, claim.object, claim.material, *claim.elements, claim.attributed_to, claim.parameter)
        yield Entry(
            type="claim",
            id=claim.id,
            title=title or claim.source.title,
            text=claim.quote or told(claim),
            lang=lang or ("" if claim.quote else "en"),
            date=claim.known.isoformat() if claim.known else "",
            places=_each((claim.place, claim.counterpart)),
            stages=_each((claim.stage,)),
            kinds=(claim.kind,),
            passage=claim.passage,
            document=claim.document if read else "",
            start=claim.start or 0,
            words="\n".join(dict.fromkeys(word for word in (*more, claim.source.publisher) if word)),
        )


def told(claim: Claim) -> str:
    """A claim in a line of words: subject, object, figure, unit, place, period."""
    if claim.value is not None:
        figure = f"{claim.value:,.6g} {claim.unit}"
    elif claim.low is not None or claim.high is not None:
        ends = [f"{end:,.6g}" for end in (claim.low, claim.high) if end is not None]
        figure = f"{'-'.join(ends)} {claim.unit}"
    else:
        figure = ""
    where = " → ".join(place for place in (claim.place, claim.counterpart) if place)
    about = claim.object or claim.material or claim.kind
    parts = (claim.subject, about, figure.strip(), where, claim.basis, claim.period or claim.as_of, claim.note)
    return " · ".join(dict.fromkeys(part for part in parts if part)) or claim.id


def _each(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _stretches(document: Document) -> Iterator[tuple[int, int, tuple[tuple[int, int, int, bool], ...]]]:
    """The text in pieces without gap or overlap, each with its passages; cut only where a passage begins."""
    first = 0
    inside: list[tuple[int, int, int, bool]] = []
    for passage in document.passages:
        if inside and passage.end - first > STRETCH and passage.start >= inside[-1][2]:
            yield first, passage.start, tuple(inside)
            first, inside = passage.start, []
        inside.append((passage.n, passage.start, passage.end, passage.kind in SPOKEN))
    if first < len(document.text) or not document.passages:
        yield first, len(document.text), tuple(inside)
