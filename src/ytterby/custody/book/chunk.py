"""Home to the chunk: a batch of events as columns, made in whichever process read them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytterby.custody.book.layout import ACTIONS, ASSIGNED, CODED, REFERENCES, STRINGS, TABLES
from ytterby.custody.event import KINDS, ROLES, Event
from ytterby.terms.elements import INDEX

Column = NDArray[Any]

_KIND = {name: code for code, name in enumerate(KINDS)}
_ACTION = {name: code for code, name in enumerate(ACTIONS)}
_ROLE = {name: code for code, name in enumerate(ROLES)}
_REFERENCE = {name: code for code, name in enumerate(REFERENCES)}
_INSTANCE = re.compile(r"/(?:00|21|235|8003|8004|8011)/[^/]+$").search
_PARTY, _OWNER, _SITE = "possessing_party", "owning_party", "location"


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


def chunk(events: Sequence[Event]) -> Chunk:
    """The columns of a batch of events."""
    codes = {name: _Codes() for name in STRINGS}
    rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in TABLES}
    ids: list[bytes] = []
    told, moves, assays = rows["events"].append, rows["moves"], rows["assays"]
    steps, dispositions, places, parties, materials, lots, transformations = (
        codes[n] for n in ("steps", "dispositions", "places", "parties", "materials", "lots", "transformations")
    )
    for at, event in enumerate(events):
        ids.append(blake2b(event.id.encode("utf-8", "surrogatepass"), digest_size=16).digest()[:8])
        out, into = dict(event.sources), dict(event.destinations)
        told((
            event.time, _KIND[event.kind], _ACTION[event.action], event.mistake is not None,
            steps[event.step], dispositions[event.disposition], places[event.location or event.read_point],
            parties[out.get(_PARTY) or out.get(_OWNER, "")], parties[into.get(_PARTY) or into.get(_OWNER, "")],
            parties[out.get(_OWNER, "")], parties[into.get(_OWNER, "")],
            places[out.get(_SITE, "")], places[into.get(_SITE, "")],
            transformations[event.transformation], -1 if event.value_usd is None else event.value_usd,
        ))  # fmt: skip
        for piece in event.pieces:
            lot, mass, count = lots[piece.lot], piece.mass, piece.count
            if piece.assays:
                assays += [(at, lot, len(moves), INDEX[a.element], a.ppb, a.sigma) for a in piece.assays]
            moves.append((at, lot, _ROLE[piece.role], -1 if mass is None else mass,
                          np.nan if count is None else count, mass is None and _is_instance(piece.lot),
                          materials[piece.material]))  # fmt: skip
        for element, mass in event.losses:
            rows["losses"].append((at, INDEX[element] if element else -1, mass))
        _refer(event, at, codes["names"], rows["references"])
        if event.doubts:
            rows["doubts"] += [(at, codes["names"][name]) for name in dict.fromkeys(name for name, _ in event.doubts)]
    columns = {name: column for table, told_rows in rows.items() for name, column in _turned(table, told_rows)}
    columns["events.identity"] = np.frombuffer(b"".join(ids), "<u8")
    return Chunk(columns, {name: strings(c for c in table if c) for name, table in codes.items()})


def _refer(event: Event, at: int, names: _Codes, into: list[tuple[Any, ...]]) -> None:
    for what, told in (
        ("licence", event.licences), ("customs", event.customs),
        ("transaction", [address for _, address in event.transactions]) if event.transactions else ("", ()),
        ("end_user", (event.end_user,)), ("end_use", (event.end_use,)), ("process", (event.process,)),
        ("transformation", (event.transformation,)), ("technology", (event.technology_origin,)),
    ):  # fmt: skip
        into += [(at, _REFERENCE[what], names[one]) for one in told if one]


def _turned(table: str, rows: list[tuple[Any, ...]]) -> list[tuple[str, Column]]:
    """Rows to columns, in the order of the layout."""
    own = [(c, kind) for c, kind in TABLES[table].items() if f"{table}.{c}" not in ASSIGNED and c != "identity"]
    if not rows:
        return [(f"{table}.{name}", np.zeros(0, kind)) for name, kind in own]
    wide = len(own)
    flat = list(chain.from_iterable(rows))
    return [(f"{table}.{name}", np.array(flat[k::wide], kind)) for k, (name, kind) in enumerate(own)]


assert {name.partition(".")[0] for name in CODED} <= set(TABLES)
