"""Home to where a lot is: who holds how much of it now, told by the events that moved it.

Commissioning and output put it at a place, input and decommissioning take it away, shipping sends it on its way and
receiving lets it arrive; packed, it is where its container is. A movement that tells no mass moves all there is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ytterby.custody.book.layout import (
    ADD,
    BESIDE,
    CHILD,
    DELETE,
    DOWN,
    INPUT,
    OBJECT,
    OUTPUT,
    PARENT,
    TRANSACTION,
    TRANSFORMATION,
    UP,
    WHAT,
)
from ytterby.custody.genealogy.links import FOREVER, Links

State = Literal["held", "under way", "packed"]


@dataclass(frozen=True, slots=True)
class Holding:
    """So much of a lot somewhere."""

    lot: int
    state: State
    place: int
    """Code of the place; where it goes, while it is under way. -1: not told."""
    party: int
    """Who it goes to, while it is under way; -1: not told."""
    container: int
    """The lot it is packed in, -1 where it is not."""
    mass: int | None
    """Micrograms; None = not told."""
    since: int
    """Microseconds UTC."""


class _Tally:
    """Masses by key; None is an amount nobody told."""

    def __init__(self) -> None:
        self.amounts: dict[tuple[int, int], tuple[int | None, int]] = {}

    def put(self, key: tuple[int, int], mass: int | None, time: int) -> None:
        old, _ = self.amounts.get(key, (0, 0))
        self.amounts[key] = (None if old is None or mass is None else old + mass, time)

    def take(self, key: tuple[int, int], mass: int | None) -> int | None:
        """Take so much, or all; returns what was taken, as far as it is told."""
        if key not in self.amounts:
            return mass
        held, since = self.amounts[key]
        if mass is None or held is None or mass >= held:
            # What was not told may be all of it; a place that sent some of an unknown amount may hold the rest.
            if held is not None or mass is None:
                del self.amounts[key]
            return held if mass is None else mass
        self.amounts[key] = (held - mass, since)
        return mass


def holdings(links: Links, lot: int) -> tuple[Holding, ...]:
    """Where all of a lot is now."""
    rows = [row for strand in (UP, DOWN, BESIDE) for row in links.strand(lot, strand)]
    order = {OUTPUT: 0, WHAT: 1, PARENT: 1, CHILD: 2, INPUT: 3}
    rows.sort(key=lambda r: (links.time[links.event[r]], order[links.role[r]], links.event[r]))
    held, way = _Tally(), _Tally()
    for row in rows:
        _moved(links, row, held, way)
    found = [Holding(lot, "held", key[0], -1, -1, mass, since) for key, (mass, since) in held.amounts.items()]
    found += [Holding(lot, "under way", key[0], key[1], -1, mass, since) for key, (mass, since) in way.amounts.items()]
    parents = {
        links.lot[piece]
        for row in links.strand(lot, DOWN)
        if links.role[row] == CHILD
        for piece in links.pieces(links.event[row])
        if links.role[piece] == PARENT
    }
    for parent in sorted(parents):
        found += [
            Holding(lot, "packed", -1, -1, parent, stay.mass if stay.mass >= 0 else None, stay.since)
            for stay in links.stays(parent)
            if stay.child == lot and stay.until == FOREVER
        ]
    return tuple(found)


def _moved(links: Links, row: int, held: _Tally, way: _Tally) -> None:
    """One piece's part in where the lot is."""
    event, role = links.event[row], links.role[row]
    kind, action, time = links.kind[event], links.action[event], links.time[event]
    book = links.book
    here = (int(book["events.place"].data[event]), -1)
    mass = links.mass[row] if links.mass[row] >= 0 else None
    if role == OUTPUT or (kind == OBJECT and action == ADD):
        held.put(here, mass, time)
    elif role == INPUT or (kind in (OBJECT, TRANSACTION) and action == DELETE):
        _away(held, way, here, mass)
    elif role == CHILD and kind != TRANSFORMATION:
        if action == ADD:
            _away(held, way, here, mass)
        elif action == DELETE:
            held.put(here, mass, time)
    elif role in (WHAT, PARENT):
        step = book.name("steps", book["events.step"].data[event])
        if step == "shipping":
            to = (int(book["events.destination_place"].data[event]), int(book["events.destination"].data[event]))
            way.put(to, _away(held, way, here, mass), time)
        elif step in ("receiving", "accepting"):
            if way.amounts or step == "receiving":
                at = next((key for key in way.amounts if key[0] == here[0]), next(iter(way.amounts), None))
                held.put(here, _away(held, way, here, mass) if at is None else way.take(at, mass), time)
        elif role == PARENT and action == ADD and not held.amounts and not way.amounts:
            held.put(here, mass, time)


def _away(held: _Tally, way: _Tally, here: tuple[int, int], mass: int | None) -> int | None:
    """Take from a place; where nobody told that it came there, from wherever it was told to be last."""
    for tally, key in ((held, here), *((one, last) for one in (way, held) for last in reversed(one.amounts))):
        if key in tally.amounts:
            return tally.take(key, mass)
    return mass
