"""Home to crossings: what was shipped from one country to another, a row for each event and material.

A container stands for its contents. Shipments within one country are left out; those of which a country is not told
stay in, and the verdict on them names it. Days are of UTC.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import isnan
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from ytterby.custody.balance import Ground
from ytterby.custody.book.layout import REFERENCES
from ytterby.custody.movements import Flow
from ytterby.custody.registry import Registry
from ytterby.custody.shipments.descent import STAGES, TECHNOLOGY, Descent, country, descent
from ytterby.rules.calendar import EPOCH
from ytterby.rules.clauses import EndUse
from ytterby.rules.facts import Facts, of
from ytterby.terms.elements import ELEMENTS
from ytterby.terms.errors import InputError
from ytterby.terms.materials import material
from ytterby.terms.places import place

DAY = 86_400_000_000
NAMED = frozenset({"CN", "IR", "KP", "RU"})
"""Countries that clauses name: of a mixed origin, a part from one of them is what they ask for."""
USES = frozenset(get_args(EndUse))


@dataclass(frozen=True, slots=True)
class Crossing:
    """One shipment of one material."""

    id: str
    """Sequence number of its event in the ledger, and the material where the event moved several."""
    event: int
    """Row in the book."""
    sequence: int
    day: datetime.date
    material: str
    """Id of `terms.materials`; empty where it is none, or not told."""
    mass: int
    """Micrograms."""
    lots: tuple[int, ...]
    """Codes of the book."""
    since: str
    """ISO 3166 alpha-2 of the country it leaves; empty: not told."""
    to: str
    exporter: str
    """Id of the registry's party, else the address."""
    end_user: str
    consignee: str = ""
    end_use: str = ""
    technology: str = ""
    origin: str = ""
    """Where it was made last."""
    stages: tuple[tuple[str, str], ...] = ()
    """(stage, country); of a mix the country that clauses name."""
    fractions: tuple[tuple[str, float], ...] = ()
    """(element, mass fraction), where every lot's is known."""
    owners: Mapping[str, float] = field(default_factory=dict)
    value: int | None = None
    """Cents."""
    china_share: float | None = None
    """0 where nothing Chinese is in it for certain; None = not told."""
    licences: tuple[str, ...] = ()
    """Numbers named on it."""
    customs: tuple[str, ...] = ()
    stuff: str = ""
    """The material as the events name it, also where that is no id of ours."""

    def record(self) -> dict[str, Any]:
        """The facts as plain values under the keys of a facts file; what is not told is left out."""
        item = {
            "material": self.material or None,
            "composition": dict(self.fractions) or None,
            "value_usd": None if self.value is None else self.value / 100,
        }
        told = {
            "item": {key: value for key, value in item.items() if value is not None},
            "from": self.since,
            "to": self.to,
            "origin": self.origin,
            "technology_origin": self.technology,
            "stages": dict(self.stages),
            "exporter": self.exporter,
            "consignee": self.consignee,
            "end_user": self.end_user,
            "end_use": self.end_use,
            "owners": dict(self.owners),
            "china_value_share": self.china_share,
        }
        return {key: value for key, value in told.items() if value not in ("", None, {})}

    def facts(self) -> Facts:
        """What the law is asked about."""
        return of(self.record(), f"shipment {self.id}")


def crossings(at: Ground, *, events: NDArray[np.bool_] | None = None, made: Descent | None = None) -> list[Crossing]:
    """The shipments of a book across borders, in the order of time.

    Args:
        at: book and registry.
        events: (event,) only these.
        made: descent of the lots, where it is known already.

    Raises:
        UnknownName: a place of the registry nobody knows.
    """
    rows = np.flatnonzero(at.movements.flow == Flow.SHIPPED)
    if events is not None:
        rows = rows[events[at.movements.event[rows]]]
    ends = _Ends(at)
    rows = rows[ends.crossing[at.movements.event[rows]]]
    if not len(rows):
        return []
    event, stuff = at.movements.event[rows], at.movements.material[rows]
    order = np.lexsort((rows, stuff, event, at.movements.time[rows]))
    rows, event, stuff = rows[order], event[order], stuff[order]
    starts = np.flatnonzero(np.concatenate([[True], (event[1:] != event[:-1]) | (stuff[1:] != stuff[:-1])]))
    lone = np.bincount(event[starts], minlength=len(at.book)) == 1
    return list(_rows(at, made or descent(at), ends, rows, starts, lone))


def firm(registry: Registry, address: str) -> str:
    """The id of a party, or of whoever runs the facility of that address; an address nobody knows stands for itself."""
    one, site = registry.party(address), registry.facility(address)
    if one is None and site is not None and site.party:
        one = registry.party(site.party)
    return one.id if one else (site.party or site.id if site else address)


def runs(registry: Registry, address: str) -> str:
    """Who runs a place: the id of the registry, else its address."""
    site = registry.facility(address)
    return site.party or site.id if site else address


class _Ends:
    """Where shipments leave from and go to, and between whom."""

    def __init__(self, at: Ground) -> None:
        book, registry = at.book, at.registry
        self.at = at
        sites = [registry.facility(book.place_name(k)) for k in range(len(book.names["places"]))]
        self.runs = [*(runs(registry, book.place_name(k)) for k in range(len(sites))), ""]
        of_place = [country(one.place, one.id) if one else "" for one in sites]
        self.known: dict[str, tuple[str, str, Mapping[str, float], str]] = {}
        parties = [self.party(book.party_name(k)) for k in range(len(book.names["parties"]))]
        codes = sorted({"", *of_place, *(one[1] for one in parties)})
        number = {code: k for k, code in enumerate(codes)}
        places = np.array([*(number[code] for code in of_place), 0])
        firms = np.array([*(number[one[1]] for one in parties), 0])
        since = np.where(book["events.source_place"] >= 0, book["events.source_place"], book["events.place"])
        aim = np.where(book["events.destination_place"] >= 0, places[book["events.destination_place"]], 0)
        self.codes = codes
        self.since = places[since]
        self.to = np.where(aim > 0, aim, firms[book["events.destination"]])
        self.crossing = (self.since != self.to) | (self.since == 0)

    def party(self, address: str) -> tuple[str, str, Mapping[str, float], str]:
        """Id, country, owners and end use of a party."""
        found = self.known.get(address)
        if found is None:
            registry = self.at.registry
            one, site = registry.party(address), registry.facility(address)
            if one is None and site is not None and site.party:
                one = registry.party(site.party)
            where = (site.place if site else "") or (one.place if one else "")
            name = firm(registry, address)
            use = one.end_use if one and one.end_use in USES else ""
            found = self.known[address] = (name, country(where, name), one.owners if one else {}, use)
        return found


def _rows(
    at: Ground,
    made: Descent,
    ends: _Ends,
    rows: NDArray[np.int64],
    starts: NDArray[np.int64],
    lone: NDArray[np.bool_],
) -> Iterable[Crossing]:
    book, moved = at.book, at.movements
    told = _References(at)
    bounds = [*starts.tolist(), len(rows)]
    lots, masses = moved.lot[rows], moved.mass[rows]
    heavy = np.add.reduceat(masses, starts)
    with np.errstate(invalid="ignore"):
        shares = np.add.reduceat(masses[:, None] * at.contents.share[lots], starts) / np.maximum(heavy, 1)[:, None]
    bits = {name: _at_starts(column[lots], starts) for name, column in made.passed.items()}
    origin = _at_starts(made.made[lots], starts)
    of = moved.event[rows[starts]]
    names = [*(book.name("materials", code) for code in range(len(book.names["materials"]))), ""]
    stuff = [names[code] for code in moved.material[rows[starts]].tolist()]
    sequences, days, values, sources, aims, places = (
        column[of].tolist()
        for column in (book["events.sequence"], book["events.time"] // DAY, book["events.value"],
                       book["events.source"], book["events.destination"], book["events.place"])
    )  # fmt: skip
    alone, since, to, weights = lone[of].tolist(), ends.since[of].tolist(), ends.to[of].tolist(), heavy.tolist()
    firms = [ends.party(book.party_name(code)) for code in range(len(book.names["parties"]))] + [ends.party("")]
    for k, (event, name, sequence, value) in enumerate(zip(of.tolist(), stuff, sequences, values, strict=True)):
        user = ends.party(told.user[event]) if event in told.user else firms[aims[k]]
        mixes = tuple(bits[stage][k] for stage in (*STAGES, TECHNOLOGY))
        made_in, passed, technology, chinese = _told_of(made, origin[k], mixes)
        yield Crossing(
            id=f"{sequence}" if alone[k] else f"{sequence}/{name}",
            event=event,
            sequence=sequence,
            day=EPOCH + datetime.timedelta(days=days[k]),
            material=_material(name),
            mass=weights[k],
            lots=tuple(dict.fromkeys(lots[bounds[k] : bounds[k + 1]].tolist())),
            since=ends.codes[since[k]],
            to=ends.codes[to[k]],
            exporter=firms[sources[k]][0] if sources[k] >= 0 else ends.runs[places[k]],
            end_user=user[0],
            consignee=firms[aims[k]][0],
            end_use=told.use.get(event, "") or user[3],
            technology=told.technology.get(event, "") or technology,
            origin=made_in,
            stages=passed,
            fractions=_fractions(shares[k].tolist()),
            owners=user[2],
            value=value if value >= 0 and alone[k] else None,
            china_share=None if chinese or not made_in else 0.0,
            licences=tuple(told.licences.get(event, ())),
            customs=tuple(told.customs.get(event, ())),
            stuff=name,
        )


def _at_starts(column: NDArray[np.uint64], starts: NDArray[np.int64]) -> list[int]:
    found: list[int] = np.bitwise_or.reduceat(column, starts).tolist()
    return found


@lru_cache(maxsize=65_536)
def _told_of(made: Descent, origin: int, mixes: tuple[int, ...]) -> tuple[str, tuple[tuple[str, str], ...], str, bool]:
    """Origin, stages, technology, and whether anything in it may be Chinese; most shipments share theirs."""
    passed = [(stage, made.one(bits, NAMED)) for stage, bits in zip(STAGES, mixes, strict=False)]
    everywhere = {code for bits in (origin, *mixes[: len(STAGES)]) for code in made.all(bits)}
    return (
        made.one(origin, ()),
        tuple((stage, code) for stage, code in passed if code),
        made.one(mixes[-1], NAMED),
        bool({"", "CN"} & everywhere),
    )


def _fractions(share: list[float]) -> tuple[tuple[str, float], ...]:
    """Mass fractions of one shipment; assays of what is pure may come to a trifle over the whole."""
    if isnan(share[0]):
        return ()
    whole = max(sum(share), 1.0)
    found = tuple((symbol, part / whole) for symbol, part in zip(ELEMENTS, share, strict=True) if part > 0)
    return found or ((ELEMENTS[0], 0.0),)


@lru_cache(maxsize=4096)
def _material(name: str) -> str:
    try:
        return material(name).id if name else ""
    except InputError:
        return ""


class _References:
    """What events name besides: end user, end use, technology, licences, customs declarations."""

    def __init__(self, at: Ground) -> None:
        self.user: dict[int, str] = {}
        self.use: dict[int, str] = {}
        self.technology: dict[int, str] = {}
        self.licences: dict[int, list[str]] = {}
        self.customs: dict[int, list[str]] = {}
        book = at.book
        kind, event = book["references.kind"], book["references.event"]
        texts: dict[int, str] = {}
        for what, into in (("end_user", self.user), ("end_use", self.use), ("technology", self.technology)):
            rows = np.flatnonzero(kind == REFERENCES.index(what))
            for one, name in zip(event[rows].tolist(), book["references.name"][rows].tolist(), strict=True):
                text = texts[name] = texts.get(name) or book.name("names", name)
                into[one] = text if what == "end_user" else _word(text, what)
        for what, lists in (("licence", self.licences), ("customs", self.customs)):
            rows = np.flatnonzero(kind == REFERENCES.index(what))
            for one, name in zip(event[rows].tolist(), book["references.name"][rows].tolist(), strict=True):
                lists.setdefault(one, []).append(book.name("names", name))


@lru_cache(maxsize=4096)
def _word(text: str, what: str) -> str:
    """An end use the law knows, or the country of a technology; empty for any other word."""
    if what == "end_use":
        return text if text in USES else ""
    try:
        return place(text).code
    except InputError:
        return ""


def table(found: Sequence[Crossing]) -> dict[str, list[Any]]:
    """Crossings as a table that `rules.tabled` judges."""
    columns: dict[str, list[Any]] = {
        "date": [one.day for one in found],
        "from": [one.since for one in found],
        "to": [one.to for one in found],
        "origin": [one.origin for one in found],
        "technology_origin": [one.technology for one in found],
        "item.material": [one.material for one in found],
        "exporter": [one.exporter for one in found],
        "consignee": [one.consignee for one in found],
        "end_user": [one.end_user for one in found],
        "end_use": [one.end_use for one in found],
        "owners": [one.owners or None for one in found],
        "china_value_share": [one.china_share for one in found],
        "item.value_usd": [None if one.value is None else one.value / 100 for one in found],
    }
    for stage in STAGES:
        columns[f"stages.{stage}"] = [dict(one.stages).get(stage, "") for one in found]
    shares = [dict(one.fractions) for one in found]
    for symbol in sorted({symbol for one in shares for symbol in one}):
        columns[f"item.composition.{symbol}"] = [one.get(symbol) for one in shares]
    return columns
