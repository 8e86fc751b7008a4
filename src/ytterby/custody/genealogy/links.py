"""Home to the links between lots: what came of what, read straight from the book's strands.

A transformation links each of its inputs to each of its outputs, and is kept as one knot of them: a melt of a thousand
lots into a thousand is two thousand links, not a million. Events that share a transformationID are one knot. What is
packed into a container or fitted into an asset is linked to it for as long as it stays there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ytterby.custody.book.book import Book
from ytterby.custody.book.layout import ADD, ASSOCIATION, CHILD, DELETE, DOWN, INPUT, OUTPUT, PARENT, TRANSFORMATION, UP

FOREVER = 1 << 62


@dataclass(frozen=True, slots=True)
class Stay:
    """One lot in one container, from packing to unpacking."""

    child: int
    parent: int
    since: int
    """Microseconds UTC."""
    until: int
    """`FOREVER` while it is still there."""
    mass: int
    """Micrograms put in, less what was taken out again; -1 = not told."""
    row: int
    """The piece that says so."""
    whole: bool
    """An instance: all there is of it."""
    fitted: bool
    """Fitted into an asset, not packed."""


class Links:
    """The book seen as links; made anew when the book has grown (it costs microseconds)."""

    __slots__ = (
        "_stays", "action", "book", "event", "first", "heads", "kind", "lot", "mass", "mistaken", "moves", "previous",
        "role", "sibling", "siblings", "time", "transformation", "whole",
    )  # fmt: skip

    def __init__(self, book: Book) -> None:
        self.book = book
        # Plain views: reading one number from them is several times faster than from an array.
        self.event, self.lot, self.role, self.previous, self.mass, self.whole = (
            book[f"moves.{c}"].data for c in ("event", "lot", "role", "previous", "mass", "whole")
        )
        self.first, self.kind, self.action, self.time, self.transformation, self.sibling = (
            book[f"events.{c}"].data for c in ("first", "kind", "action", "time", "transformation", "sibling")
        )
        self.mistaken = book.mistaken.data
        self.heads, self.siblings = book.strands.rows.data, book.siblings.rows.data
        self.moves = len(self.lot)
        self._stays: dict[int, tuple[Stay, ...]] = {}

    def head(self, lot: int, strand: int) -> int:
        """The latest piece of a lot on a strand, -1 where there is none."""
        at = 3 * lot + strand
        return int(self.heads[at]) if at < self.book.strands.size else -1

    def pieces(self, event: int) -> range:
        """The rows of an event's pieces."""
        after = event + 1
        return range(self.first[event], self.first[after] if after < len(self.first) else self.moves)

    def strand(self, lot: int, strand: int) -> Iterator[int]:
        """The rows of a lot on a strand, of events that count, latest captured first."""
        row, event, mistaken, previous = self.head(lot, strand), self.event, self.mistaken, self.previous
        while row >= 0:
            if not mistaken[event[row]]:
                yield row
            row = previous[row]

    def knot(self, event: int) -> tuple[int, ...]:
        """The events of one transformation, those that count, in the order captured."""
        name = self.transformation[event]
        if name < 0:
            return (event,)
        found, at = [], self.siblings[name]
        while at >= 0:
            if not self.mistaken[at] and self.kind[at] == TRANSFORMATION:
                found.append(at)
            at = self.sibling[at]
        return tuple(reversed(found))

    def knots(self, lot: int, strand: int) -> list[tuple[int, ...]]:
        """The transformations a lot came of (UP) or went into (DOWN), each once."""
        found: dict[int, tuple[int, ...]] = {}
        kind, event = self.kind, self.event
        for row in self.strand(lot, strand):
            if kind[event[row]] == TRANSFORMATION:
                knot = self.knot(event[row])
                found[knot[0]] = knot
        return list(found.values())

    def sources(self, lot: int, at: int | None = None) -> list[tuple[int, int | None, int]]:
        """What a lot came of directly: (lot, instant it was used at, event); of a container what was in it `at`."""
        found: list[tuple[int, int | None, int]] = []
        done: set[int] | None = None
        event, role, lots, kind, mistaken = self.event, self.role, self.lot, self.kind, self.mistaken
        row, packed = self.head(lot, UP), False
        while row >= 0:
            came, row = event[row], self.previous[row]
            if mistaken[came]:
                continue
            if kind[came] != TRANSFORMATION:
                packed = True
                continue
            knot = (came,) if self.transformation[came] < 0 else self.knot(came)
            if row >= 0 or done is not None:
                done = done or set()
                if knot[0] in done:
                    continue
                done.add(knot[0])
            for one in knot:
                at_use = self.time[one]
                found += [(lots[piece], at_use, one) for piece in self.pieces(one) if role[piece] == INPUT]
        if packed:
            for stay in self.contents(lot, at):
                then = at if at is not None or stay.until == FOREVER else stay.until
                found.append((stay.child, then, event[stay.row]))
        return found

    def products(self, lot: int, since: int = -FOREVER, until: int = FOREVER) -> list[tuple[int, int, int, int]]:
        """What a lot went into directly between two instants: (lot, since, until, event).

        The instants of what is found bound how long it held the lot; for what was made of it they are unbounded.
        """
        found: list[tuple[int, int, int, int]] = []
        done: set[int] = set()
        for row in self.strand(lot, DOWN):
            event = self.event[row]
            if self.kind[event] == TRANSFORMATION:
                knot = self.knot(event)
                if since <= self.time[event] <= until and knot[0] not in done:
                    done.add(knot[0])
                    found += [(self.lot[piece], -FOREVER, FOREVER, event) for piece in self.rows(knot, OUTPUT)]
                continue
            for parent in {self.lot[piece] for piece in self.pieces(event) if self.role[piece] == PARENT}:
                for stay in self.stays(parent):
                    if stay.child == lot and stay.row == row and stay.since <= until and stay.until >= since:
                        found.append((parent, max(since, stay.since), min(until, stay.until), event))
        return found

    def holds(self, lot: int) -> bool:
        """Whether anything was ever packed into or fitted into a lot."""
        return any(self.kind[self.event[row]] != TRANSFORMATION for row in self.strand(lot, UP))

    def rows(self, knot: tuple[int, ...], role: int) -> list[int]:
        """The pieces of a transformation that stand in it as inputs, or outputs."""
        return [row for event in knot for row in self.pieces(event) if self.role[row] == role]

    def stays(self, parent: int) -> tuple[Stay, ...]:
        """What was ever packed into or fitted into a lot, in order of time; empty where it holds nothing of others."""
        if parent not in self._stays:
            rows = self.strand(parent, UP)
            events = {self.event[row] for row in rows if self.kind[self.event[row]] != TRANSFORMATION}
            self._stays[parent] = self._replayed(parent, events) if events else ()
        return self._stays[parent]

    def _replayed(self, parent: int, events: set[int]) -> tuple[Stay, ...]:
        there: dict[int, Stay] = {}
        over: list[Stay] = []
        # Order of capture must not matter: events of one instant are taken in the order add, observe, delete.
        for event in sorted(events, key=lambda e: (self.time[e], self.action[e])):
            rows = [row for row in self.pieces(event) if self.role[row] == CHILD]
            at = self.time[event]
            if self.action[event] == DELETE:
                for child in [self.lot[row] for row in rows] if rows else list(there):
                    left = self._taken(there, child, next((self.mass[r] for r in rows if self.lot[r] == child), -1))
                    if left is not None:
                        over.append(_with(left, until=at))
                continue
            for row in rows:
                old = there.get(self.lot[row])
                fitted = self.kind[event] == ASSOCIATION
                mass = self.mass[row]
                if old is None:
                    whole = bool(self.whole[row])
                    there[self.lot[row]] = Stay(self.lot[row], parent, at, FOREVER, mass, row, whole, fitted)
                elif self.action[event] == ADD:
                    more = old.mass + mass if old.mass >= 0 and mass >= 0 else -1
                    there[self.lot[row]] = _with(old, mass=more)
        return tuple(sorted((*over, *there.values()), key=lambda s: (s.since, s.until, s.row)))

    @staticmethod
    def _taken(there: dict[int, Stay], child: int, mass: int) -> Stay | None:
        """Take a child out; returns its stay where that ended it."""
        stay = there.get(child)
        if stay is None:
            return None
        if 0 <= mass < stay.mass:
            there[child] = _with(stay, mass=stay.mass - mass)
            return None
        return there.pop(child)

    def contents(self, parent: int, at: int | None = None) -> tuple[Stay, ...]:
        """What is in a lot at an instant; with none told what is in it, or, now that it is empty, was in it last."""
        stays = self.stays(parent)
        if at is not None:
            return tuple(s for s in stays if s.since <= at <= s.until)
        standing = tuple(s for s in stays if s.until == FOREVER)
        if standing or not stays:
            return standing
        filling: list[Stay] = []
        emptied = stays[0].until
        for stay in stays:
            if stay.since > emptied:
                filling = []
            filling.append(stay)
            emptied = max(emptied, stay.until)
        return tuple(filling)

    def refilled(self, parent: int) -> bool:
        """Whether something was put in after something was taken out: what went on from it before is then unsure."""
        stays = self.stays(parent)
        return bool(stays) and max(s.since for s in stays) > min(s.until for s in stays)


def _with(stay: Stay, **changed: Any) -> Stay:
    told = {name: getattr(stay, name) for name in Stay.__slots__}
    return Stay(**(told | changed))
