"""Home to people in office: who held what and when, and where a text gives a person an office they did not hold.

A person named with an office ("财政部长耶伦", "Tesla chief Elon Musk") is looked up in the table of terms of office, on
the day the sentence tells of or else on the day of the document. A word that looks
back or ahead (former, 前, 时任, designate) frees the sentence; an office without a person is never doubted, nor is a
person whose terms the table does not know.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from ytterby.evidence.claims import Claim
from ytterby.evidence.documents import Document
from ytterby.evidence.names import find
from ytterby.evidence.names.entities import read_rows
from ytterby.evidence.names.titles import Title, office_name, titles
from ytterby.terms.errors import YtterbyError
from ytterby.terms.periods import parse_period
from ytterby.terms.text import fold

SLACK = timedelta(days=2)
"""A change of office reaches a text in another time zone, or printed overnight, up to so much later."""

ENOUGH = 0.1
"""Share of a month or year that a term must cover for a text of that month or year to be right."""

_STOPS = frozenset("。！？!?\n；;")
_JUST_AFTER = 28
_LONGEST_SENTENCE = 300


@dataclass(frozen=True, slots=True)
class Term:
    """One term of office."""

    person: str
    """Id of the person in the dictionary of names."""
    office: str
    """Id of the office in the table of offices."""
    of: str
    """Country code, or id of the body led."""
    start: date
    end: date | None
    """Last day; None where it had not ended when the table was last looked after."""

    def held(self, first: date, last: date) -> bool:
        """Whether it covers enough of the days from `first` to `last`."""
        begins = max(first, self.start)
        ends = min(last, (self.end or date.max - SLACK) + SLACK)
        days = (last - first).days + 1
        return (ends - begins).days + 1 >= max(1, ENOUGH * days)

    def __str__(self) -> str:
        return f"{self.start.isoformat()} to {self.end.isoformat() if self.end else 'now'}"


@dataclass(frozen=True, slots=True)
class OfficeDoubt:
    """A person given an office that, on the day told of, was not theirs."""

    start: int
    end: int
    """Characters of office and person in the document's text."""
    person: str
    """English name."""
    office: str
    """English name of the office."""
    held: str
    """When the person held it ("2021-01-26 to 2025-01-20"); empty where never."""
    on: str
    """The day, month or year told of."""
    cause: str
    scope: tuple[int, int]
    """Characters of the sentence it stands in."""


def terms(person: str | None = None) -> list[Term]:
    """All terms of office the table knows, or those of one person by id."""
    return list(_terms()) if person is None else list(_by_person().get(person, ()))


def holders(office: str, of: str, on: date) -> list[str]:
    """Ids of those who held an office on a day, as far as the table knows."""
    return [term.person for term in _terms() if (term.office, term.of) == (office, of) and term.held(on, on)]


def check(document: Document) -> list[OfficeDoubt]:
    """Every person of the document who is given an office that was not theirs on the day told of."""
    doubts: list[OfficeDoubt] = []
    for start, end, day in _stretches(document):
        text = fold(document.text[start:end])
        for one in check_text(text, day):
            first, last = one.scope
            doubts.append(
                OfficeDoubt(
                    one.start + start,
                    one.end + start,
                    one.person,
                    one.office,
                    one.held,
                    one.on,
                    one.cause,
                    (first + start, last + start),
                )
            )
    return doubts


def check_text(text: str, day: str) -> list[OfficeDoubt]:
    """The doubts of a folded text that was written on `day` (ISO day, month or year; empty where not told)."""
    named = find(text)
    people = [one for one in named if one.entity.kind == "person" and one.entity.id in _by_person()]
    if not people:
        return []
    doubts = []
    for title in titles(text, named, people):
        if title.freed:
            continue
        scope = _sentence(text, title.start, title.end)
        # Right on the day of writing, or on one of the days told of, is right; reading those is the dear part.
        written = _span(day)
        if written is not None and _doubt(title, written, scope) is None:
            continue
        told = [_doubt(title, on, scope) for on in _days(text, title, scope, day)]
        if told and told[0] is not None and all(told):
            doubts.append(told[0])
    return doubts


def flags_for(claim: Claim, doubts: Sequence[OfficeDoubt]) -> tuple[str, ...]:
    """The causes that touch a claim: those of its own sentence, and of the person it is attributed to."""
    found = []
    for doubt in doubts:
        first, last = doubt.scope
        inside = claim.start is not None and claim.end is not None and claim.start < last and claim.end > first
        said = bool(claim.attributed_to) and claim.attributed_to in (doubt.person, doubt.person.split()[-1])
        if inside or said:
            found.append(f"office: {doubt.cause}")
    return tuple(dict.fromkeys(found))


def _doubt(title: Title, on: tuple[str, date, date], scope: tuple[int, int]) -> OfficeDoubt | None:
    told, first, last = on
    person = title.person.entity
    own = [term for term in _by_person()[person.id] if _same_office(term, title)]
    if any(term.held(first, last) for term in own):
        return None
    held = ", ".join(map(str, own))
    if own:
        office = office_name(own[0].office, own[0].of)
        cause = f"{person.en} was {office} {held}, not in {told}"
    else:
        others = _others(title, first, last)
        if not others or person.id in others:
            return None
        office = office_name(title.offices[0], title.of)
        names = " and ".join(_names()[other] for other in others)
        cause = f"{office} ({title.of_en}) in {told} was {names}, not {person.en}"
    return OfficeDoubt(title.start, title.end, person.en, office, held, told, cause, scope)


def _same_office(term: Term, title: Title) -> bool:
    return term.office in title.offices and (not title.of or term.of == title.of)


def _others(title: Title, first: date, last: date) -> list[str]:
    """Who held the office on those days, where its country or body is told and the office is one only."""
    if len(title.offices) != 1 or not title.of or title.shared:
        return []
    office = title.offices[0]
    return list(
        dict.fromkeys(
            term.person for term in _terms() if (term.office, term.of) == (office, title.of) and term.held(first, last)
        )
    )


def _days(text: str, title: Title, scope: tuple[int, int], day: str) -> list[tuple[str, date, date]]:
    """The days a sentence tells of, the nearest first, then the day it was written: right on one is right."""
    written = _span(day)
    found = [one for one in _times(text, title, scope, day) if one is not None]
    # A year that holds the day of writing says no more than that day does.
    found = [
        written if written and first <= written[1] and written[2] <= last else (told, first, last)
        for told, first, last in found
    ]
    if written and written not in found:
        found.append(written)
    return found


def _times(text: str, title: Title, scope: tuple[int, int], day: str) -> list[tuple[str, date, date] | None]:
    from ytterby.evidence.grammar.dates import times

    first, last = scope
    written = _span(day)
    near = []
    for one in times(text[first:last], written[2] if written else None):
        start, end = one.start + first, one.end + first
        before = end <= title.start
        after = title.end <= start <= title.end + _JUST_AFTER and not _breaks(text[title.end : start])
        if (before or after) and one.role != "vs":
            near.append((abs(start - title.start), _span(one.period)))
    near.sort(key=_nearest)
    return [span for _, span in near]


def _nearest(one: tuple[int, object]) -> int:
    return one[0]


def _breaks(text: str) -> bool:
    return any(mark in text for mark in ',，、:：“"「')


def _span(label: str) -> tuple[str, date, date] | None:
    if not label:
        return None
    try:
        period = parse_period(label)
    except (YtterbyError, ValueError):
        return None
    return label, period.start, period.end


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    first, last = start, end
    least, most = max(0, start - _LONGEST_SENTENCE), min(len(text), end + _LONGEST_SENTENCE)
    while first > least and not _ends(text, first - 1):
        first -= 1
    while last < most and not _ends(text, last):
        last += 1
    return first, last


def _ends(text: str, at: int) -> bool:
    if text[at] in _STOPS:
        return True
    return text[at] == "." and text[at + 1 : at + 2] in ("", " ", "\n") and text[max(0, at - 2) : at - 1] != "."


def _stretches(document: Document) -> Iterable[tuple[int, int, str]]:
    if not document.passages:
        yield 0, len(document.text), document.date
    for passage in document.passages:
        if passage.kind not in ("head", "noise"):
            yield passage.start, passage.end, document.part(passage).date or document.date


@cache
def _terms() -> tuple[Term, ...]:
    return tuple(
        Term(
            row["id"],
            row["office"],
            row["country"],
            date.fromisoformat(row["from"]),
            date.fromisoformat(row["to"]) if row["to"] else None,
        )
        for row in read_rows("people")
        if row["office"]
    )


@cache
def _by_person() -> dict[str, tuple[Term, ...]]:
    found: dict[str, list[Term]] = {}
    for term in _terms():
        found.setdefault(term.person, []).append(term)
    return {person: tuple(own) for person, own in found.items()}


@cache
def _names() -> dict[str, str]:
    return {row["id"]: row["en"] for row in read_rows("people")}
