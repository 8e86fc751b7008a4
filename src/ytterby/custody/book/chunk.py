"""Home to the chunk: a batch of events as columns, made in whichever process read them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytterby.custody.book.layout import ACTIONS, ASSIGNED, CODED, REFERENCES, STRINGS, TABLES
from ytterby.custody.event import KINDS, ROLES, Event
from ytterby.custody.headings import Headings, headings
from ytterby.terms.elements import INDEX

Column = NDArray[Any]

_KIND: dict[str, int] = {name: code for code, name in enumerate(KINDS)}
_ACTION = {name: code for code, name in enumerate(ACTIONS)}
_ROLE = {name: code for code, name in enumerate(ROLES)}
_REFERENCE = {name: code for code, name in enumerate(REFERENCES)}
_INSTANCE = re.compile(r"/(?:00|21|235|8003|8004|8011)/[^/]+$").search
_TRANSACTION, _TRANSFORMATION = _REFERENCE["transaction"], _REFERENCE["transformation"]
_PARTY, _OWNER, _SITE = "possessing_party", "owning_party", "location"
_COLUMNS = [f"{t}.{c}" for t in TABLES for c in TABLES[t] if f"{t}.{c}" not in ASSIGNED]
_ALIKE = (
    "kind", "action", "step", "disposition", "place", "source", "destination", "source_owner", "destination_owner",
    "source_place", "destination_place",
)  # fmt: skip
"""Columns of events that follow from the heading."""
_besides = attrgetter("losses", "doubts", "licences", "customs", "end_user", "end_use", "process", "technology_origin")
_NOTHING = ((), (), (), (), "", "", "", "")


@dataclass(frozen=True, slots=True)
class Strings:
    """Distinct strings: their UTF-8 bytes end to end, where each ends, and 128 bits by which each is found."""

    text: bytes
    ends: NDArray[np.int64]
    keys: NDArray[np.uint64]
    """(strings, 2)"""

    def __len__(self) -> int:
        return len(self.ends)


@dataclass(frozen=True, slots=True)
class Chunk:
    """Columns of a batch of events, with string tables of its own; rows and codes count from 0."""

    columns: Mapping[str, Column]
    """``"table.column"`` of `layout.TABLES`, all but those assigned later."""
    strings: Mapping[str, Strings]

    def __len__(self) -> int:
        return len(self.columns["events.time"])

    def rows(self, table: str) -> int:
        """How many rows a table has."""
        return len(self.columns[f"{table}.{next(c for c in TABLES[table] if f'{table}.{c}' not in ASSIGNED)}"])

    def only(self, keep: NDArray[np.bool_]) -> Chunk:
        """The chunk with just those events; strings that nothing names any more stay out of the book."""
        new_event = np.cumsum(keep) - 1
        kept = {"events": keep} | {t: keep[self.columns[f"{t}.event"]] for t in TABLES if t != "events"}
        new_move = np.cumsum(kept["moves"]) - 1
        columns = {name: column[kept[name.partition(".")[0]]] for name, column in self.columns.items()}
        for table in TABLES:
            if table != "events":
                columns[f"{table}.event"] = new_event[columns[f"{table}.event"]].astype("i4")
        columns["assays.move"] = new_move[columns["assays.move"]].astype("i4")
        return Chunk(columns, self.strings)


def _is_instance(lot: str) -> bool:
    """Whether an address is that of one thing (serial number, SSCC, asset), not of a lot or class."""
    return lot.startswith("urn:epc:id:") or _INSTANCE(lot) is not None


def key(name: str) -> bytes:
    """The 16 bytes by which a string is found."""
    return blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def identity(name: str) -> int:
    """The 64 bits by which an event is found when it is declared wrong."""
    return int.from_bytes(key(name)[:8], "little")


def strings(names: Iterable[str]) -> Strings:
    """A table of distinct strings, in the order given."""
    coded = [name.encode("utf-8", "surrogatepass") for name in names]
    ends = np.cumsum([len(one) for one in coded], dtype="i8") if coded else np.zeros(0, "i8")
    keys = b"".join([blake2b(one, digest_size=16).digest() for one in coded])
    return Strings(b"".join(coded), ends, np.frombuffer(keys, "<u8").reshape(-1, 2))


class _Codes(dict[str, int]):
    """String to code, new ones as they come; the empty string is -1."""

    def __missing__(self, name: str) -> int:
        if not name:
            return -1
        code = self[name] = len(self)
        return code


def chunk(events: Sequence[Event], heads: Headings | None = None) -> Chunk:
    """The columns of a batch of events; `heads` are their headings, where they are known already."""
    codes = {name: _Codes() for name in STRINGS}
    columns = _events(events, headings(events) if heads is None else heads, codes)
    columns |= _pieces(events, codes)
    columns |= _told_besides(events, codes["names"])
    ordered = {name: columns[name] for name in _COLUMNS}
    return Chunk(ordered, {name: strings(c for c in table if c) for name, table in codes.items()})


def _events(events: Sequence[Event], heads: Headings, codes: Mapping[str, _Codes]) -> dict[str, Column]:
    steps, dispositions, places, parties = (codes[n] for n in ("steps", "dispositions", "places", "parties"))
    transformations = codes["transformations"]
    made = []
    for one in heads.distinct:
        out, into = dict(one.sources), dict(one.destinations)
        made.append((
            _KIND[one.kind], _ACTION[one.action], steps[one.step], dispositions[one.disposition],
            places[one.location or one.read_point],
            parties[out.get(_PARTY) or out.get(_OWNER, "")], parties[into.get(_PARTY) or into.get(_OWNER, "")],
            parties[out.get(_OWNER, "")], parties[into.get(_OWNER, "")],
            places[out.get(_SITE, "")], places[into.get(_SITE, "")],
        ))  # fmt: skip
    alike = np.array(made, "i4").reshape(-1, len(_ALIKE))[heads.of]
    told: dict[str, Any] = {name: alike[:, k] for k, name in enumerate(_ALIKE)}
    told["time"] = [event.time for event in events]
    told["declares"] = [event.mistake is not None for event in events]
    told["transformation"] = [transformations[event.transformation] for event in events]
    told["value"] = [-1 if event.value_usd is None else event.value_usd for event in events]
    columns = _typed("events", told)
    ids = [blake2b(event.id.encode("utf-8", "surrogatepass"), digest_size=16).digest()[:8] for event in events]
    columns["events.identity"] = np.frombuffer(b"".join(ids), "<u8")
    return columns


def _pieces(events: Sequence[Event], codes: Mapping[str, _Codes]) -> dict[str, Column]:
    lots, materials = codes["lots"], codes["materials"]
    pieces = [piece for event in events for piece in event.pieces]
    event_of = np.repeat(np.arange(len(events)), [len(event.pieces) for event in events])
    lot_of = [lots[piece.lot] for piece in pieces]
    unweighed = [at for at, piece in enumerate(pieces) if piece.mass is None]
    whole = np.zeros(len(pieces), "i1")
    whole[unweighed] = [_is_instance(pieces[at].lot) for at in unweighed]
    columns = _typed("moves", {
        "event": event_of, "lot": lot_of, "role": [_ROLE[piece.role] for piece in pieces],
        "mass": [-1 if piece.mass is None else piece.mass for piece in pieces],
        "count": [piece.count for piece in pieces],  # None becomes NaN
        "whole": whole, "material": [materials[piece.material] for piece in pieces],
    })  # fmt: skip
    tested = [(at, piece.assays) for at, piece in enumerate(pieces) if piece.assays]
    move = np.repeat(np.array([at for at, _ in tested], "i4"), [len(some) for _, some in tested])
    assays = [one for _, some in tested for one in some]
    return columns | _typed("assays", {
        "event": columns["moves.event"][move], "lot": columns["moves.lot"][move], "move": move,
        "element": [INDEX[one.element] for one in assays],
        "ppb": [one.ppb for one in assays], "sigma": [one.sigma for one in assays],
    })  # fmt: skip


def _told_besides(events: Sequence[Event], names: _Codes) -> dict[str, Column]:
    """What few events tell: losses, doubts, and names of papers and of whoever uses it."""
    losses: list[tuple[int, int, int]] = []
    references: list[tuple[int, int, int]] = []
    doubts: list[tuple[int, int]] = []
    for at, event in enumerate(events):
        if _besides(event) != _NOTHING:
            losses += [(at, INDEX[element] if element else -1, mass) for element, mass in event.losses]
            references += [(at, kind, names[one]) for kind, one in _references(event)]
            doubts += [(at, names[name]) for name in dict.fromkeys(name for name, _ in event.doubts)]
        else:
            for _, address in event.transactions:
                if address:
                    references.append((at, _TRANSACTION, names[address]))
            if event.transformation:
                references.append((at, _TRANSFORMATION, names[event.transformation]))
    return _table("losses", losses) | _table("references", references) | _table("doubts", doubts)


def _references(event: Event) -> Iterator[tuple[int, str]]:
    for what, told in (
        ("licence", event.licences), ("customs", event.customs),
        ("transaction", [address for _, address in event.transactions]),
        ("end_user", (event.end_user,)), ("end_use", (event.end_use,)), ("process", (event.process,)),
        ("transformation", (event.transformation,)), ("technology", (event.technology_origin,)),
    ):  # fmt: skip
        yield from ((_REFERENCE[what], one) for one in told if one)


def _typed(table: str, told: Mapping[str, Any]) -> dict[str, Column]:
    """Columns of a table in the types of the layout."""
    return {f"{table}.{name}": np.ascontiguousarray(told[name], TABLES[table][name]) for name in told}


def _table(table: str, rows: Sequence[tuple[int, ...]]) -> dict[str, Column]:
    """Rows to columns."""
    flat = list(chain.from_iterable(rows))
    wide = len(TABLES[table])
    return _typed(table, {name: flat[k::wide] for k, name in enumerate(TABLES[table])})


assert {name.partition(".")[0] for name in CODED} <= set(TABLES)
