"""Home to the page of a topic: its documents with their briefs, its timeline, its claims and what is contested."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from ytterby.evidence.briefs.compose import brief
from ytterby.evidence.briefs.compress import compress
from ytterby.evidence.briefs.shape import Brief
from ytterby.evidence.briefs.stated import day
from ytterby.evidence.claims import Claim
from ytterby.evidence.contested import contests
from ytterby.evidence.documents import SPOKEN, Document
from ytterby.evidence.grammar import sentences, times
from ytterby.evidence.topics import Match, Topic, matches
from ytterby.terms.errors import InputError
from ytterby.terms.periods import parse_period
from ytterby.terms.text import fold

MOST_EVENTS_PER_DOCUMENT = 12
"""Dated sentences one document may give to the timeline."""

PAGE_POINTS = 6
"""Points of each document's brief on a topic's page."""

_DATED = frozenset(("day", "month", "range"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One document that answers the topic."""

    document: str
    title: str
    publisher: str
    date: str
    lang: str
    url: str
    score: float
    passages: tuple[int, ...]
    brief: Brief | None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "id": self.document,
            "title": self.title,
            "publisher": self.publisher,
            "date": self.date,
            "lang": self.lang,
            "url": self.url,
            "score": self.score,
            "passages": list(self.passages),
            "brief": self.brief.to_dict() if self.brief else None,
        }


@dataclass(frozen=True, slots=True)
class Event:
    """Something with a date, in the words of a document."""

    date: str
    """A day, a month or a period, by label."""
    text: str
    document: str
    passage: int
    kind: Literal["claim", "sentence"]
    claims: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "date": self.date,
            "text": self.text,
            "document": self.document,
            "passage": self.passage,
            "kind": self.kind,
            "claims": list(self.claims),
        }


@dataclass(frozen=True, slots=True)
class Contested:
    """Two claims that do not meet; a conflict where `why` is empty, else a scope difference."""

    first: Claim
    second: Claim
    why: str

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, with both quotes."""
        return {
            "claims": [self.first.id, self.second.id],
            "quotes": [self.first.quote, self.second.quote],
            "values": [_figure(self.first), _figure(self.second)],
            "why": self.why,
            "conflict": not self.why,
        }


@dataclass(frozen=True, slots=True)
class TopicPage:
    """All that is known of a topic."""

    topic: Topic
    documents: tuple[Entry, ...]
    """Newest first; those without a date last."""
    timeline: tuple[Event, ...]
    """In order of time."""
    claims: tuple[Claim, ...]
    """Newest first, then as they stand."""
    contested: tuple[Contested, ...]
    """Conflicts first."""
    counts: dict[str, int]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "topic": self.topic.id,
            "title": self.topic.title.model_dump(),
            "documents": [entry.to_dict() for entry in self.documents],
            "timeline": [event.to_dict() for event in self.timeline],
            "claims": [claim.to_dict() for claim in self.claims],
            "contested": [one.to_dict() for one in self.contested],
            "counts": dict(self.counts),
        }


def page(
    topic: Topic,
    documents: Iterable[Document],
    claims: Iterable[Claim],
    *,
    lang: Literal["zh", "en"] | None = None,
    briefs: int | None = 20,
) -> TopicPage:
    """The page of a topic over some documents and the claims read from them.

    Args:
        topic: the question.
        documents: all there are; those that do not answer are left out.
        claims: claims of any documents.
        lang: language of the briefs; None = each document's own.
        briefs: how many documents, newest first, get a brief; None = all.
    """
    by_document: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_document[claim.document].append(claim)
    found = sorted(matches(topic, documents), key=lambda pair: _newest(*pair))
    entries = tuple(
        _entry(document, match, by_document[document.id], lang, with_brief=briefs is None or index < briefs)
        for index, (document, match) in enumerate(found)
    )
    chosen = {document.id: _of_topic(document, match, by_document[document.id]) for document, match in found}
    kept = tuple(claim for document, _ in found for claim in chosen[document.id])
    events = [event for document, match in found for event in _events(document, match, chosen[document.id])]
    timeline = tuple(sorted(events, key=lambda event: (*_when(event.date), event.document, event.passage)))
    disputed = _contested(kept)
    counts = {
        "documents": len(entries),
        "claims": len(kept),
        "events": len(timeline),
        "conflicts": sum(not one.why for one in disputed),
        "scope_differences": sum(bool(one.why) for one in disputed),
    }
    by_lang = Counter("zh" if entry.lang.startswith("zh") else entry.lang or "other" for entry in entries)
    counts |= {f"documents_{name}": number for name, number in sorted(by_lang.items())}
    return TopicPage(topic, entries, timeline, kept, disputed, counts)


def _newest(document: Document, match: Match) -> tuple[int, float, str]:
    said = day(_date(document, match))
    return (-(said.toordinal() if said else 0), -match.score, document.id)


def _date(document: Document, match: Match) -> str:
    dates = [document.parts[n - 1].date for n in match.parts if n <= len(document.parts)]
    return max((one for one in dates if one), default=document.date)


def _entry(
    document: Document, match: Match, claims: Sequence[Claim], lang: Literal["zh", "en"] | None, *, with_brief: bool
) -> Entry:
    part = match.parts[0] if len(match.parts) == 1 and len(document.parts) > 1 else 0
    about = document.parts[part - 1] if part else None
    return Entry(
        document.id,
        (about.title if about else "") or document.title,
        (about.publisher if about else "") or document.publisher,
        _date(document, match),
        (about.lang if about else "") or document.lang,
        document.url,
        match.score,
        match.passages,
        brief(document, claims, lang=lang, points=PAGE_POINTS, part=part) if with_brief else None,
    )


def _of_topic(document: Document, match: Match, claims: Sequence[Claim]) -> list[Claim]:
    """Claims of the passages that name the topic."""
    inside = set(match.passages)
    kept = [claim for claim in claims if claim.passage in inside and claim.status != "rejected"]
    return sorted(kept, key=lambda claim: (claim.start or 0, claim.end or 0, claim.id))


def _events(document: Document, match: Match, claims: Sequence[Claim]) -> list[Event]:
    """Days that claims name, then sentences with a date that no such claim stands in."""
    made: list[Event] = []
    for claim in claims:
        for label in dict.fromkeys(_claimed_days(claim)):
            made.append(Event(label, claim.quote, document.id, claim.passage or 0, "claim", (claim.id,)))
    taken = [(claim.start or 0, claim.end or 0) for claim in claims if list(_claimed_days(claim))]
    told: list[Event] = []
    for n in match.passages:
        passage = document.passage(n)
        if passage is None or passage.kind not in SPOKEN:
            continue
        today = day(document.part(passage).date or document.date)
        folded = fold(document.words(passage))
        for span in sentences(folded):
            start, end = passage.start + span.start, passage.start + span.end
            if any(start <= first and last <= end for first, last in taken):
                continue
            label = _dated(folded[span.start : span.end], today)
            if label:
                inside = tuple(c.id for c in claims if start <= (c.start or 0) < end)
                told.append(Event(label, compress(document.text[start:end]), document.id, n, "sentence", inside))
    return made + told[:MOST_EVENTS_PER_DOCUMENT]


def _claimed_days(claim: Claim) -> Iterable[str]:
    if claim.kind == "date" and claim.as_of:
        yield claim.as_of
    if claim.measure is not None:
        measure = claim.measure
        days = (measure.issued, measure.in_force, measure.suspended_from, measure.suspended_until)
        yield from (label for label in days if label)


def _dated(sentence: str, today: date | None) -> str:
    """The first time a sentence names that is no longer than some months and is not a base of comparison."""
    for one in times(sentence, today):
        if one.kind in _DATED and one.role not in ("vs",) and one.period and _when(one.period)[0] != "9999":
            return one.period
    return ""


def _when(label: str) -> tuple[str, str]:
    try:
        found = parse_period(label)
    except InputError:
        return ("9999", label)
    return (found.start.isoformat(), found.end.isoformat())


def _contested(claims: Sequence[Claim]) -> tuple[Contested, ...]:
    by_id = {claim.id: claim for claim in claims}
    pairs = [Contested(by_id[one.first], by_id[one.second], one.why) for one in contests(claims)]
    return tuple(sorted(pairs, key=lambda one: (bool(one.why), one.first.id, one.second.id)))


def _figure(claim: Claim) -> str:
    value = (
        f"{claim.low:g}–{claim.high:g}" if claim.value is None and claim.low is not None and claim.high else claim.value
    )
    return f"{value:g} {claim.unit}".strip() if isinstance(value, float) else f"{value or ''} {claim.unit}".strip()
