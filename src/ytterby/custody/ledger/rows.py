"""Home to what the index keeps of events, as columns: made where events are read, and only carried on from there."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytterby.custody.event import KINDS, ROLES, Event
from ytterby.custody.headings import Headings, headings

ACTIONS = ("", "ADD", "OBSERVE", "DELETE")
KIND_OF: dict[str, int] = {kind: number for number, kind in enumerate(KINDS)}
ACTION_OF = {action: number for number, action in enumerate(ACTIONS)}
ROLE_OF = {role: number for number, role in enumerate(ROLES)}
NEVER = -(2**62)
"""The moment of an error declaration of events that are none."""

CELLS = np.dtype([
    ("start", "<i8"), ("recorded", "<i8"), ("time", "<i8"), ("name", "<i8"), ("transformation", "<i8"),
    ("mistake", "<i8"), ("step", "<i4"), ("disposition", "<i4"), ("read_point", "<i4"), ("location", "<i4"),
    ("kind", "u1"), ("action", "u1"),
])  # fmt: skip
"""An event: where its frame begins, microseconds of UTC, keys of names, codes of words."""
WORDED = ("step", "disposition", "read_point", "location")
PIECES = np.dtype([("lot", "<i8"), ("event", "<i4"), ("role", "u1")])
"""So much as the index has to know of a piece: key of the lot, row of the event in its batch, role."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A batch of events for the index."""

    cells: NDArray[Any]
    """(events,) of `CELLS`; words are codes of `words`."""
    pieces: NDArray[Any]
    """(pieces,) of `PIECES`."""
    words: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.cells)

    def only(self, keep: NDArray[np.bool_]) -> Rows:
        """Just those events."""
        stay = keep[self.pieces["event"]]
        pieces = self.pieces[stay]
        pieces["event"] = (np.cumsum(keep) - 1)[pieces["event"]]
        return Rows(self.cells[keep], pieces, self.words)


def key(name: str) -> int:
    """64 bits that stand for a name."""
    raw = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    return int.from_bytes(raw[:8], "little", signed=True)


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys of the names in a batch of events, where they are known already."""

    names: NDArray[np.int64]
    """(events,) of ids."""
    transformations: NDArray[np.int64]
    """(events,), 0 where an event has none."""
    lots: NDArray[np.int64]
    """(pieces of all events, one after the other,)."""


def keys(events: Sequence[Event]) -> Keys:
    """The keys of the names in events."""
    lots: dict[str, int] = {}
    named = [piece.lot for event in events for piece in event.pieces]
    for lot in named:
        if lot not in lots:
            lots[lot] = key(lot)
    return Keys(
        np.array([key(event.id) for event in events], "i8"),
        np.array([key(event.transformation) if event.transformation else 0 for event in events], "i8"),
        np.array([lots[lot] for lot in named], "i8"),
    )


def rows(events: Sequence[Event], known: Keys | None = None, heads: Headings | None = None) -> Rows:
    """What the index keeps of events; their keys and headings where they are known already."""
    known = keys(events) if known is None else known
    heads = headings(events) if heads is None else heads
    words: dict[str, int] = {}
    made = np.zeros(len(events), CELLS)
    for name in WORDED:
        told = [words.setdefault(getattr(one, name), len(words)) for one in heads.distinct]
        made[name] = np.array(told, "i4")[heads.of]
    made["kind"] = np.array([KIND_OF[one.kind] for one in heads.distinct], "u1")[heads.of]
    made["action"] = np.array([ACTION_OF[one.action] for one in heads.distinct], "u1")[heads.of]
    made["time"] = [event.time for event in events]
    made["mistake"] = [event.mistake.time if event.mistake else NEVER for event in events]
    made["name"], made["transformation"] = known.names, known.transformations
    pieces = np.zeros(len(known.lots), PIECES)
    pieces["lot"] = known.lots
    pieces["event"] = np.repeat(np.arange(len(events)), [len(event.pieces) for event in events])
    pieces["role"] = [ROLE_OF[piece.role] for event in events for piece in event.pieces]
    return Rows(made, _distinct(pieces), tuple(words))


def _distinct(pieces: NDArray[Any]) -> NDArray[Any]:
    """Each once: an event may tell of a lot in one role in two lines."""
    ordered = pieces[np.lexsort((pieces["role"], pieces["lot"], pieces["event"]))]
    first = np.ones(len(ordered), bool)
    first[1:] = ordered[1:] != ordered[:-1]
    once: NDArray[Any] = ordered[first]
    return once


def again(body: bytes, name: str) -> Event:
    """The event that a canonical form tells; it was checked when it came."""
    import orjson

    from ytterby.custody.epcis.meaning import meaning

    return meaning(orjson.loads(body), name)


def of_canonical(bodies: Sequence[bytes], names: Sequence[str]) -> Rows:
    """What the index keeps of events in their canonical form, by their ids."""
    return rows([again(body, name) for body, name in zip(bodies, names, strict=True)])
