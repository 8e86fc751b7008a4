"""Home to what the index keeps of events, as columns: made where events are read, and only carried on from there."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytterby.custody.event import KINDS, ROLES, Event

ACTIONS = ("", "ADD", "OBSERVE", "DELETE")
KIND_OF = {kind: number for number, kind in enumerate(KINDS)}
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


_key = lru_cache(maxsize=65_536)(key)
"""Of what comes again: lots."""


def rows(events: Sequence[Event], names: NDArray[np.int64] | None = None) -> Rows:
    """What the index keeps of events; `names` are the keys of their ids, where they are known already."""
    words: dict[str, int] = {}
    cells: list[tuple[int, ...]] = []
    pieces: set[tuple[int, int, int]] = set()
    code = words.setdefault
    for at, event in enumerate(events):
        cells.append((
            0, 0, event.time, 0 if names is not None else key(event.id),
            key(event.transformation) if event.transformation else 0,
            event.mistake.time if event.mistake else NEVER,
            code(event.step, len(words)), code(event.disposition, len(words)),
            code(event.read_point, len(words)), code(event.location, len(words)),
            KIND_OF[event.kind], ACTION_OF[event.action],
        ))  # fmt: skip
        for piece in event.pieces:
            pieces.add((_key(piece.lot), at, ROLE_OF[piece.role]))
    made = np.array(cells, CELLS)
    if names is not None:
        made["name"] = names
    return Rows(made, np.array(list(pieces), PIECES), tuple(words))


def again(body: bytes, name: str) -> Event:
    """The event that a canonical form tells; it was checked when it came."""
    import orjson

    from ytterby.custody.epcis.meaning import meaning

    return meaning(orjson.loads(body), name)


def of_canonical(bodies: Sequence[bytes], names: Sequence[str]) -> Rows:
    """What the index keeps of events in their canonical form, by their ids."""
    return rows([again(body, name) for body, name in zip(bodies, names, strict=True)])
