"""Home to the history of clauses: when each holds, by the day it was known and by how unsettled texts are read."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from ytterby.rules.clauses import Clause, Interval
    from ytterby.rules.judging import Law

Spans: TypeAlias = "tuple[tuple[datetime.date, datetime.date | None, str], ...]"
"""(first day, last day, ``in force`` or ``suspended``); None = as far as is known."""


@dataclass(frozen=True, slots=True)
class Lane:
    """What one who knew what was known on a day, and read so, held of some clauses."""

    known: datetime.date
    readings: tuple[str, ...]
    """Empty where all readings agree."""
    spans: Spans


@dataclass(frozen=True, slots=True)
class History:
    """Clauses that share one history."""

    clauses: tuple[str, ...]
    lanes: tuple[Lane, ...]

    def now(self, known: datetime.date) -> tuple[Lane, ...]:
        """The lanes of one who knows what is known on a day."""
        last = max((lane.known for lane in self.lanes if lane.known <= known), default=None)
        return tuple(lane for lane in self.lanes if lane.known == last)


def histories(law: Law, instrument: str, readings: Sequence[str]) -> list[History]:
    """The histories of an instrument's clauses, those that are alike together; lanes by day of knowledge."""
    near = _near(law, instrument)
    own = next(one for one in near.instruments if one.id == instrument)
    edges = sorted({interval.known for clause in own.clauses for interval in _reaching(near, clause)})
    told = {
        (known, reading): _spans(replace(near, known=known, reading=reading), instrument)
        for known in edges
        for reading in readings
    }
    found: dict[tuple[Lane, ...], list[str]] = {}
    for clause in own.clauses:
        by = {key: spans.get(clause.id, ()) for key, spans in told.items()}
        found.setdefault(_lanes(by, edges, readings), []).append(clause.id)
    return [History(tuple(names), lanes) for lanes, names in found.items()]


def _near(law: Law, instrument: str) -> Law:
    """The law without what neither is this instrument nor suspends it."""
    kept = tuple(
        one
        for one in law.instruments
        if one.id == instrument or any(suspension.instrument == instrument for suspension in one.suspends)
    )
    return replace(law, instruments=kept, lists={})


def _reaching(law: Law, clause: Clause) -> Iterable[Interval]:
    yield from clause.in_force
    for one in law.instruments:
        for suspension in one.suspends:
            if suspension.reaches(clause):
                yield from suspension.intervals


def _spans(law: Law, instrument: str) -> Mapping[str, Spans]:
    from ytterby.rules import replay

    days = [day for one in law.clauses for interval in _reaching(law, one) for day in (interval.since, interval.until)]
    told = [day for day in days if day is not None]
    first, last = min(told), max(told) + datetime.timedelta(days=2)
    found: dict[str, list[tuple[datetime.date, datetime.date | None, str]]] = {}
    for span in replay.timeline(law, first, last):
        if span.instrument == instrument:
            found.setdefault(span.clause, []).append((span.since, span.until, span.state))
    return {name: tuple(spans) for name, spans in found.items()}


def _lanes(
    by: Mapping[tuple[datetime.date, str], Spans], edges: Sequence[datetime.date], readings: Sequence[str]
) -> tuple[Lane, ...]:
    """Readings that agree share a lane; a day that taught nothing new about the clause has none."""
    lanes: list[Lane] = []
    before: object = None
    for known in edges:
        alike: dict[Spans, list[str]] = {}
        for reading in readings:
            alike.setdefault(by[known, reading], []).append(reading)
        if alike == before or not any(alike):
            continue
        before = alike
        lanes += [Lane(known, () if len(alike) == 1 else tuple(names), spans) for spans, names in alike.items()]
    return tuple(lanes)
