"""Home to checking what a model says it read: the words stand there, the number stands in them, the terms are known.

A record that fails a check is refused with the reason and counted; nothing of it is mended. What passes becomes a
claim like the rules' own.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pydantic import ValidationError

from ytterby.evidence.briefs.cues import directions
from ytterby.evidence.claims import KINDS, Claim, Source
from ytterby.evidence.documents import SPOKEN, Document, Part, Passage
from ytterby.evidence.grammar import Quantity, quantities, times
from ytterby.evidence.modelling.wording import COMPARATORS, FIGURES, MODALITIES, TEXTS
from ytterby.evidence.names import Entity, find, lookup
from ytterby.terms.elements import RECORDS
from ytterby.terms.errors import YtterbyError
from ytterby.terms.materials import material
from ytterby.terms.periods import Period, parse_period
from ytterby.terms.places import place
from ytterby.terms.stages import STAGES
from ytterby.terms.text import fold
from ytterby.terms.units import convert, parse

LONGEST_QUOTE = 600
"""Characters; a longer quote states more than one figure."""

LONGEST_FIELD = 200
"""Characters of any other text."""

_BARE_UNITS = frozenset({"%", "pp", "x", "count", "rank", "year", "date", "nm", "layer", "degC", "unit", ""})
_COUNTED = frozenset({"count", "unit", "unit/yr"})
_NO_FIGURE = frozenset({"date", "measure", "forecast", "dependency", "rank"})
_CLOSE = 1e-9
_TIMES = ("period", "as_of", "by", "against")


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that did not pass, or a question that had no answer."""

    reason: str
    """Its first word names the check: shape, quote, kind, number, sign, unit, place, material, name, time, twice."""
    quote: str = ""
    record: str = ""
    """The record itself, cut short."""


class _Fault(Exception):
    """A check that failed."""


def check(records: Iterable[Any], document: Document, name: str) -> tuple[list[Claim], list[Refused]]:
    """The claims among a model's records for a document, and what was refused.

    Args:
        records: what stood in the answer's list.
        document: the document that was read.
        name: the model's name, for the claims' extractor.
    """
    material_read = _Read(document)
    claims: list[Claim] = []
    refused: list[Refused] = []
    seen: set[tuple[object, ...]] = set()
    for record in records:
        try:
            claim = _claim(record, material_read, name)
            key = (claim.start, claim.end, claim.kind, claim.value, claim.low, claim.high, claim.unit, claim.as_of)
            if key in seen:
                raise _Fault("twice: the same figure of the same words")
            seen.add(key)
            claims.append(claim)
        except _Fault as fault:
            quote = record.get("quote", "") if isinstance(record, Mapping) else ""
            refused.append(Refused(str(fault), str(quote)[:LONGEST_FIELD], repr(record)[:LONGEST_FIELD]))
    return claims, refused


class _Read:
    """A document with what its checks need, worked out once."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.folded = fold(document.text)
        self.lowered = self.folded.casefold()
        self._named: frozenset[str] | None = None
        self._quantities: dict[int, list[Quantity]] = {}
        self._periods: dict[int, list[Period]] = {}

    @property
    def named(self) -> frozenset[str]:
        """Ids of everything the document names, and of the countries those belong to."""
        if self._named is None:
            found = {one.entity for one in find(self.folded)}
            self._named = frozenset({one.id for one in found} | {one.place for one in found if one.place})
        return self._named

    def figures(self, passage: Passage) -> list[Quantity]:
        """The quantities of a passage, at offsets within it."""
        if passage.n not in self._quantities:
            self._quantities[passage.n] = quantities(self.folded[passage.start : passage.end])
        return self._quantities[passage.n]

    def periods(self, passage: Passage) -> list[Period]:
        """The times that the passage's article tells of, and the day it was written."""
        if passage.part not in self._periods:
            day = _period(self.document.part(passage).date or self.document.date)
            found = [day]
            for one in self.document.passages:
                if one.part == passage.part and one.kind not in ("head", "noise"):
                    found += [_period(time.period) for time in times(self.folded[one.start : one.end], _last(day))]
            self._periods[passage.part] = [period for period in found if period is not None]
        return self._periods[passage.part]


def _claim(record: Any, read: _Read, name: str) -> Claim:
    if not isinstance(record, Mapping):
        raise _Fault("shape: a claim is no object")
    texts = {field: _text(record, field) for field in TEXTS}
    figures = {field: _figure(record, field) for field in FIGURES}
    kind = record.get("kind")
    if kind not in KINDS:
        raise _Fault(f"kind: '{kind}' is none")
    passage, start, end = _found(record, read)
    _stated(figures, texts["unit"], str(kind), passage, start, end, read)
    _terms(texts, read)
    _dated(texts, passage, start, end, str(kind), read)
    part = read.document.part(passage)
    fields: dict[str, Any] = {
        **texts,
        **figures,
        "place": _code(texts["place"]),
        "counterpart": _code(texts["counterpart"]),
        "elements": _elements(record),
        "comparator": _choice(record, "comparator", COMPARATORS, "="),
        "modality": _choice(record, "modality", MODALITIES, "asserted"),
    }
    try:
        return Claim(
            document=read.document.id,
            path=read.document.path,
            passage=passage.n,
            start=start,
            end=end,
            quote=read.document.text[start:end],
            kind=kind,
            known=_last(_period(part.date or read.document.date)),
            source=_source(part, read.document),
            access="read",
            extractor=f"model:{name}",
            **fields,
        )
    except ValidationError as error:
        raise _Fault(f"shape: {error.errors()[0]['msg']}") from None


def _found(record: Mapping[str, Any], read: _Read) -> tuple[Passage, int, int]:
    """Where the quote stands: in the passage named, else the place nearest to it, else the only one there is."""
    quote = record.get("quote")
    if not isinstance(quote, str) or not quote.strip():
        raise _Fault("quote: there is none")
    quote = quote.strip()
    if len(quote) > LONGEST_QUOTE:
        raise _Fault(f"quote: longer than {LONGEST_QUOTE} characters")
    starts = _occurrences(fold(quote), read.folded)
    if not starts:
        raise _Fault("quote: the words do not stand in the document")
    number = record.get("passage")
    told = read.document.passage(number) if isinstance(number, int) and not isinstance(number, bool) else None
    inside = [at for at in starts if told is not None and told.start <= at and at + len(quote) <= told.end]
    if not inside and told is None and len(starts) > 1:
        raise _Fault(f"quote: the words stand {len(starts)} times, and no passage is told")
    if len(inside) > 1:
        raise _Fault(f"quote: the words stand {len(inside)} times in the passage")
    at = inside[0] if inside else min(starts, key=_nearness(told))
    passage = read.document.passage_at(at)
    if passage is None or at + len(quote) > passage.end:
        raise _Fault("quote: the words cross passages")
    if passage.kind not in SPOKEN:
        raise _Fault("quote: the words stand in a title or in page furniture")
    return passage, at, at + len(quote)


def _nearness(passage: Passage | None) -> Any:
    return lambda at: abs(at - passage.start) if passage is not None else 0


def _occurrences(quote: str, text: str) -> list[int]:
    found: list[int] = []
    at = text.find(quote)
    while at >= 0 and len(found) < 50:
        found.append(at)
        at = text.find(quote, at + 1)
    return found


def _stated(
    figures: Mapping[str, float | None], unit: str, kind: str, passage: Passage, start: int, end: int, read: _Read
) -> None:
    """Every figure stands in the quote, in its unit or in one that converts; raises otherwise."""
    told = [value for value in figures.values() if value is not None]
    if not told and kind not in _NO_FIGURE:
        raise _Fault("number: a figure's kind without a figure")
    if unit not in _BARE_UNITS and not unit.startswith("direction:"):
        try:
            parse(unit.replace("/unit", "/t").replace("unit/", "t/"))
        except YtterbyError:
            raise _Fault(f"unit: '{unit}' is none") from None
    if told and not unit:
        raise _Fault("unit: a figure without a unit")
    inside = [
        one
        for one in read.figures(passage)
        if passage.start + one.number_start >= start and passage.start + one.number_end <= end
    ]
    years = {one.start.year for one in _periods_in(read.folded[start:end], passage, read)} if unit == "year" else set()
    for value in told:
        if value in years or any(_same(value, unit, one) for one in inside):
            continue
        raise _Fault(f"number: {value:g} {unit} does not stand in the quote".replace("  ", " "))
    if told:
        _signed(told, kind, read.folded[start:end])


def _signed(told: Sequence[float], kind: str, words: str) -> None:
    """A change has the sign of its verb."""
    said = directions(words)
    if min(told) < 0 and "down" not in said:
        raise _Fault("sign: nothing falls in the quote")
    if min(told) > 0 and kind in ("trade_change", "price_change") and said == {"down"}:
        raise _Fault("sign: the quote tells of a fall")


def _same(value: float, unit: str, one: Quantity) -> bool:
    """Whether a value is one that the quantity states; the sign of a change is the verb's, not the number's."""
    for stated in (one.value, one.low, one.high):
        if stated is None:
            continue
        if _near(value, stated) and (unit in _COUNTED and one.dimension == "count"):
            return True
        if _near(value, stated) and (one.unit == unit or (unit.startswith(f"{one.unit}/") and one.unit)):
            return True
        if one.unit and unit and one.unit != unit:
            try:
                if _near(value, convert(stated, one.unit, unit)):
                    return True
            except YtterbyError:
                continue
    return False


def _near(one: float, other: float) -> bool:
    return math.isclose(abs(one), abs(other), rel_tol=_CLOSE, abs_tol=0.0)


def _terms(texts: Mapping[str, str], read: _Read) -> None:
    """Materials and stages are known ones; the names of those who act or speak stand in the document."""
    if texts["material"]:
        try:
            material(texts["material"])
        except YtterbyError:
            raise _Fault(f"material: '{texts['material']}' is none") from None
    if texts["stage"] and texts["stage"] not in {one.id for one in STAGES}:
        raise _Fault(f"material: '{texts['stage']}' is no stage")
    for field in ("subject", "attributed_to"):
        name = texts[field]
        if name and name != "market" and not _is_named(name, read):
            raise _Fault(f"name: {field} '{name}' does not stand in the document")


def _is_named(name: str, read: _Read) -> bool:
    if fold(name).casefold() in read.lowered:
        return True
    entities = [lookup(name)] if lookup(name) else [lookup(part) for part in name.split("/")]
    return all(one is not None and _meant(one, read) for one in entities)


def _meant(one: Entity, read: _Read) -> bool:
    """Whether an entity is named; a state also by its capital, its adjective or one of its agencies."""
    return one.id in read.named or (one.kind in ("country", "government") and one.place in read.named)


def _dated(texts: Mapping[str, str], passage: Passage, start: int, end: int, kind: str, read: _Read) -> None:
    """Every time given is one the article tells of, or lies within one; a date's own day stands in the quote."""
    told = read.periods(passage)
    for field in _TIMES:
        if not texts[field]:
            continue
        period = _period(texts[field])
        if period is None:
            raise _Fault(f"time: {field} '{texts[field]}' is none")
        known = [*told, *(earlier for one in told for earlier in _before(one))] if field == "against" else told
        if not any(one.contains(period) or period.contains(one) for one in known):
            raise _Fault(f"time: {field} '{texts[field]}' does not stand in the article")
    if kind == "date":
        day = _period(texts["as_of"])
        inside = _periods_in(read.folded[start:end], passage, read)
        if day is None or not any(one.contains(day) for one in inside):
            raise _Fault("time: the day does not stand in the quote")


def _before(period: Period) -> list[Period]:
    """What a period is measured against without being named: the year before, and the stretch just before it."""
    stretch = Period(period.start - timedelta(days=period.days), period.start - timedelta(days=1))
    try:
        return [stretch, Period(_year_before(period.start), _year_before(period.end))]
    except ValueError:
        return [stretch]


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _periods_in(words: str, passage: Passage, read: _Read) -> list[Period]:
    day = _last(_period(read.document.part(passage).date or read.document.date))
    found = [_period(one.period) for one in times(words, day)]
    return [one for one in found if one is not None]


def _period(label: str) -> Period | None:
    if not label:
        return None
    try:
        return parse_period(label)
    except (YtterbyError, ValueError):
        return None


def _last(period: Period | None) -> date | None:
    return period.end if period is not None else None


def _code(text: str) -> str:
    if not text:
        return ""
    try:
        return place(text).code
    except YtterbyError:
        raise _Fault(f"place: '{text}' is none") from None


def _elements(record: Mapping[str, Any]) -> tuple[str, ...]:
    told = record.get("elements") or ()
    if (
        not isinstance(told, Sequence)
        or isinstance(told, str)
        or any(not isinstance(one, str) or one not in RECORDS for one in told)
    ):
        raise _Fault("material: elements are no list of symbols")
    return tuple(dict.fromkeys(told))


def _text(record: Mapping[str, Any], field: str) -> str:
    value = record.get(field)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > LONGEST_FIELD or not all(map(str.isprintable, value)):
        raise _Fault(f"shape: {field} is no short text")
    return " ".join(value.split())


def _figure(record: Mapping[str, Any], field: str) -> float | None:
    value = record.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e30:
        raise _Fault(f"shape: {field} is no number")
    return float(value)


def _choice(record: Mapping[str, Any], field: str, known: Sequence[str], usual: str) -> str:
    value = record.get(field) or usual
    if value not in known:
        raise _Fault(f"shape: {field} '{value}' is none")
    return str(value)


def _source(part: Part, document: Document) -> Source:
    day = _period(part.date or document.date)
    return Source(
        publisher=part.publisher or document.publisher,
        title=part.title or document.title,
        year=day.start.year if day is not None else None,
        url=part.url or document.url,
    )
