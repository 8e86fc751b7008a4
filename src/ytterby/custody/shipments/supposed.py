"""Home to what if: the shipments of a book under another law, counted against the law as it is."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ytterby.custody.shipments.crossings import Crossing, table
from ytterby.rules import regimes, tabled
from ytterby.rules.clauses import Assumption
from ytterby.rules.judging import Law
from ytterby.rules.licences import in_kg
from ytterby.terms.errors import BadValue, DateOrder, UnknownName, shown

WORDS = ("suspended", "resumed", "reading", "known")


@dataclass(frozen=True)
class Case:
    """Another law."""

    assume: tuple[Assumption, ...] = ()
    """Instruments or clauses that hold, or are suspended, on some days."""
    reading: str = ""
    known: datetime.date | None = None


def read(told: Iterable[str], start: datetime.date, end: datetime.date) -> Case:
    """A case written ``suspended=INSTRUMENT[@FROM[:UNTIL]]``, ``resumed=…``, ``reading=NAME``, ``known=DATE``.

    Args:
        told: any number of these.
        start: first day of what is suspended or resumed without one of its own.
        end: last day, likewise.

    Raises:
        BadValue: it is written otherwise.
    """
    case = Case()
    for one in told:
        word, equals, value = one.partition("=")
        if word not in WORDS or not equals or not value:
            remedy = "write suspended=INSTRUMENT@FROM:UNTIL, resumed=INSTRUMENT@FROM:UNTIL, reading=NAME or known=DATE"
            raise BadValue(f"'{shown(one)}' is no what-if", place="--what-if", remedy=remedy)
        if word == "reading":
            case = replace(case, reading=value)
        elif word == "known":
            case = replace(case, known=_day(value))
        else:
            case = replace(case, assume=(*case.assume, _assumed(value, start, end, suspended=word == "suspended")))
    return case


def _assumed(value: str, start: datetime.date, end: datetime.date, *, suspended: bool) -> Assumption:
    name, _, days = value.partition("@")
    first, _, last = days.partition(":")
    since, until = _day(first) if first else start, _day(last) if last else end if not days else None
    if until is not None and until < since:
        raise DateOrder(f"{until} is before {since}", place="--what-if", remedy="put the earlier date first")
    return Assumption.model_validate(
        {
            "instrument": name.partition(".")[0],
            "clause": name if "." in name else "",
            "suspended": suspended,
            "from": since,
            "until": until,
        }
    )


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise BadValue(f"'{shown(text)}' is no date", place="--what-if", remedy="write 2025-12-01") from None


def law(held: Law, case: Case) -> Law:
    """The law of a case.

    Raises:
        UnknownName: an instrument, clause or reading nobody knows.
    """
    names = list(regimes.readings(held.instruments))
    if case.reading and case.reading not in names:
        raise UnknownName(case.reading, names, "reading", "--what-if")
    return replace(
        held,
        instruments=regimes.chosen(held.instruments, assume=case.assume),
        reading=case.reading or held.reading,
        known=case.known or held.known,
    )


@dataclass(frozen=True, slots=True)
class Moved:
    """Shipments whose outcome differs alike."""

    before: str
    after: str
    clauses: tuple[str, ...]
    """Clauses that decide in one case and not in the other."""
    material: str
    since: str
    to: str
    shipments: int
    mass: int

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "before": self.before,
            "after": self.after,
            "clauses": list(self.clauses),
            "material": self.material,
            "from": self.since,
            "to": self.to,
            "shipments": self.shipments,
            "kg": in_kg(self.mass),
        }


@dataclass(frozen=True)
class Supposed:
    """What a case changes."""

    before: Mapping[str, int]
    """Outcome to shipments."""
    after: Mapping[str, int]
    moved: tuple[Moved, ...]
    """The most mass first."""
    changed: tuple[str, ...]
    """Ids of the shipments."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, as ``ytterby shipments --what-if … --json`` prints them."""
        return {
            "before": dict(self.before),
            "after": dict(self.after),
            "changed": len(self.changed),
            "moved": [one.to_dict() for one in self.moved],
        }


def compare(found: Sequence[Crossing], before: Law, after: Law) -> Supposed:
    """The outcomes under two laws; a shipment has moved where outcome or deciding clauses differ."""
    if not found:
        return Supposed({}, {}, (), ())
    rows = table(found)
    first, second = tabled.verdicts(rows, before), tabled.verdicts(rows, after)
    groups: dict[tuple[str, str, tuple[str, ...], str, str, str], tuple[int, int]] = {}
    changed = []
    said = zip(first.outcome, second.outcome, first.clauses, second.clauses, strict=True)
    for one, (was, now, here, there) in zip(found, said, strict=True):
        if was == now and here == there:
            continue
        changed.append(one.id)
        clauses = tuple(sorted({*here.split()} ^ {*there.split()}))
        key = (was, now, clauses, one.material, one.since, one.to)
        many, mass = groups.get(key, (0, 0))
        groups[key] = (many + 1, mass + one.mass)
    moved = [Moved(*key, many, mass) for key, (many, mass) in groups.items()]
    moved.sort(key=lambda one: (one.before == one.after, -one.mass, one.material, one.since, one.to, one.clauses))
    return Supposed(
        dict(Counter(first.outcome.tolist())), dict(Counter(second.outcome.tolist())), tuple(moved), tuple(changed)
    )
