"""Home to the layout of the book: which tables it has, which columns, what their codes mean.

A row number is the place of an event, or of a piece of one, in the order it was captured. Columns that name something
(lot, place, step ...) hold codes of the string table of that name; -1 is "not told" everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ytterby.custody.event import KINDS, ROLES

VERSION: Final = 2
"""A book of another version is made again from the ledger."""

ACTIONS: Final = ("", "ADD", "OBSERVE", "DELETE")
REFERENCES: Final = (
    "licence", "customs", "transaction", "end_user", "end_use", "process", "transformation", "technology",
)  # fmt: skip
UP, DOWN, BESIDE = 0, 1, 2
"""Strands of a lot: pieces it came of, pieces it went into, pieces in which it merely stands."""
STRAND: Final = tuple({"output": UP, "parent": UP, "input": DOWN, "child": DOWN, "what": BESIDE}[r] for r in ROLES)
"""Of each role."""

OBJECT, AGGREGATION, TRANSACTION, TRANSFORMATION, ASSOCIATION = (KINDS.index(k) for k in KINDS)
WHAT, INPUT, OUTPUT, CHILD, PARENT = (ROLES.index(r) for r in ROLES)
ADD, OBSERVE, DELETE = (ACTIONS.index(a) for a in ACTIONS[1:])

EVENTS: Final[Mapping[str, str]] = {
    "sequence": "i8",  # of the ledger
    "time": "i8",  # microseconds UTC
    "identity": "u8",  # first 64 bits of BLAKE2b of the event's id
    "kind": "i1",  # of KINDS
    "action": "i1",  # of ACTIONS
    "declares": "i1",  # 1: an error declaration, which counts nowhere itself
    "step": "i4",
    "disposition": "i4",
    "place": "i4",
    "source": "i4",  # party it leaves: possessing, else owning
    "destination": "i4",
    "source_owner": "i4",  # party of type owning_party
    "destination_owner": "i4",
    "source_place": "i4",  # place of type location
    "destination_place": "i4",
    "transformation": "i4",
    "value": "i8",  # cents of what moved
    "first": "i4",  # its first row in moves
    "sibling": "i4",  # the event before it with the same transformationID
}
MOVES: Final[Mapping[str, str]] = {
    "event": "i4",
    "lot": "i4",
    "role": "i1",  # of ROLES
    "mass": "i8",  # micrograms
    "count": "f8",  # NaN: not told
    "whole": "i1",  # 1: one instance with no mass told: all there is of it
    "material": "i4",
    "previous": "i4",  # the row before it of the same lot and strand
}
ASSAYS: Final[Mapping[str, str]] = {
    "event": "i4", "lot": "i4", "move": "i4", "element": "i1", "ppb": "i8", "sigma": "i8",
}  # fmt: skip
LOSSES: Final[Mapping[str, str]] = {"event": "i4", "element": "i1", "mass": "i8"}
"""Element -1: of the material as a whole."""
NAMED: Final[Mapping[str, str]] = {"event": "i4", "kind": "i1", "name": "i4"}
"""Kind: of REFERENCES; name: a code of the table `names`."""
DOUBTS: Final[Mapping[str, str]] = {"event": "i4", "check": "i4"}
"""Check: a code of the table `names`. What was doubted when the event was read; of an event that was read again from
the ledger, only what its canonical form still shows.
"""

TABLES: Final[Mapping[str, Mapping[str, str]]] = {
    "events": EVENTS,
    "moves": MOVES,
    "assays": ASSAYS,
    "losses": LOSSES,
    "references": NAMED,
    "doubts": DOUBTS,
}
STRINGS: Final = ("lots", "steps", "dispositions", "places", "parties", "materials", "names", "transformations")
"""String tables; each is a table of `end`, `low`, `high` and one of bytes."""

CODED: Final[Mapping[str, str]] = {
    "events.step": "steps",
    "events.disposition": "dispositions",
    "events.place": "places",
    "events.source_place": "places",
    "events.destination_place": "places",
    "events.source": "parties",
    "events.destination": "parties",
    "events.source_owner": "parties",
    "events.destination_owner": "parties",
    "events.transformation": "transformations",
    "moves.lot": "lots",
    "moves.material": "materials",
    "assays.lot": "lots",
    "references.name": "names",
    "doubts.check": "names",
}
"""Which string table a column's codes are of."""

ASSIGNED: Final = frozenset(("events.sequence", "events.first", "events.sibling", "moves.previous"))
"""Columns a chunk does not have: they are known once it is added."""
