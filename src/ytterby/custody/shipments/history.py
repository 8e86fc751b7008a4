"""Home to the histories of what is sent: of a book's events those that tell of a lot what the law asks.

A lot's own, and of whatever it came of, however far back: what made it, brought it into being, packed or assayed it.
What else was made of its ancestors tells nothing of it and is left out, so that a history does not grow with the book.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ytterby.custody.book import Book, Chunk
from ytterby.custody.book.layout import (
    ADD,
    BESIDE,
    CHILD,
    DOWN,
    INPUT,
    OUTPUT,
    PARENT,
    TRANSFORMATION,
    UP,
    WHAT,
)
from ytterby.custody.genealogy.links import Links

Lots = set[int]
"""Codes of a book."""
Rows = set[int]
"""Rows of its events."""


class Fresh:
    """A batch that is not in the book yet, seen from there: lots that the book has not have codes of their own."""

    def __init__(self, book: Book, made: Chunk, added: NDArray[np.bool_]) -> None:
        """`added`: (event,) those of the chunk that are new."""
        self.book, self.made = book, made
        known = book.names["lots"].find(made.strings["lots"].keys).astype(np.int64)
        # below 0: a lot the book does not know yet
        self.code = np.where(known >= 0, known, -1 - np.arange(len(known)))
        self.columns = made.columns
        self.new = added

    @property
    def ups(self) -> Mapping[int, Lots]:
        """Lot to those it is made of or holds, by the batch."""
        return self._ties[0]

    @property
    def knots(self) -> Mapping[int, Lots]:
        """Transformation of the book to what the batch puts into it."""
        return self._ties[1]

    def lots(self, rows: Iterable[int]) -> Lots:
        """The lots that events of the chunk name."""
        chosen = np.zeros(len(self.made), bool)
        chosen[list(rows)] = True
        return set(self.code[self.columns["moves.lot"][chosen[self.columns["moves.event"]]]].tolist())

    @cached_property
    def _ties(self) -> tuple[dict[int, Lots], dict[int, Lots]]:
        ups: dict[int, Lots] = defaultdict(set)
        knots: dict[int, Lots] = defaultdict(set)
        event, role = self.columns["moves.event"], self.columns["moves.role"]
        lots = self.code[self.columns["moves.lot"]].tolist()
        shared = self.columns["events.transformation"]
        codes = self.book.names["transformations"].find(self.made.strings["transformations"].keys).tolist()
        into: dict[tuple[bool, int], Lots] = defaultdict(set)
        out: dict[tuple[bool, int], Lots] = defaultdict(set)
        for at in np.flatnonzero(self.new[event] & (role != WHAT)).tolist():
            own = int(shared[event[at]])
            knot = (True, own) if own >= 0 else (False, int(event[at]))
            if role[at] in (INPUT, CHILD):
                into[knot].add(lots[at])
                if own >= 0 and codes[own] >= 0:
                    knots[codes[own]].add(lots[at])
            else:
                out[knot].add(lots[at])
        links = Links(self.book)
        for knot, made_of in out.items():
            joined = set(into[knot])
            if knot[0] and codes[knot[1]] >= 0:
                joined |= {links.lot[row] for row in _knot_rows(links, codes[knot[1]]) if links.role[row] == INPUT}
            for lot in made_of:
                ups[lot] |= joined
        return ups, knots

    def news(self) -> tuple[Lots, Lots]:
        """Lots of the book of which the batch tells something new, with all that came of them; and those it names."""
        links = Links(self.book)
        event = self.columns["moves.event"]
        named = self.code[self.columns["moves.lot"][self.new[event] & (self.columns["moves.material"] >= 0)]]
        return downstream(links, {lot for lot in self.told(self.new) if lot >= 0}), set(named[named >= 0].tolist())

    def told(self, chosen: NDArray[np.bool_]) -> Lots:
        """Lots of which events of the chunk tell what the law asks: what they are of, hold, or have in them."""
        event, role = self.columns["moves.event"], self.columns["moves.role"]
        assayed = np.zeros(len(event), bool)
        assayed[self.columns["assays.move"]] = True
        tells = (role == OUTPUT) | (role == PARENT) | assayed
        tells |= (role == WHAT) & (self.columns["events.action"][event] == ADD)
        lots: Lots = set(self.code[self.columns["moves.lot"][chosen[event] & tells]].tolist())
        links = Links(self.book)
        for name in set(self.columns["events.transformation"][chosen].tolist()) - {-1}:
            code = self.book.names["transformations"].find(self.made.strings["transformations"].keys[name : name + 1])
            lots |= {links.lot[row] for row in _knot_rows(links, int(code[0]))}
        wrong = self.columns["events.identity"][chosen & (self.columns["events.declares"] > 0)]
        for one in np.flatnonzero(np.isin(self.book["events.identity"], wrong)).tolist() if len(wrong) else ():
            for each in {one, *links.knot(one)}:
                lots |= {links.lot[row] for row in links.pieces(each)}
        return lots


def _knot_rows(links: Links, transformation: int) -> list[int]:
    """Pieces of the events of one transformation."""
    found: list[int] = []
    at = links.siblings[transformation] if 0 <= transformation < len(links.siblings) else -1
    while at >= 0:
        found += links.pieces(at)
        at = links.sibling[at]
    return found


def downstream(links: Links, lots: Lots) -> Lots:
    """Lots and all that was ever made of them, or held them."""
    found, todo = set(lots), list(lots)
    while todo:
        for row in links.strand(todo.pop(), DOWN):
            for event in links.knot(links.event[row]):
                more = {links.lot[piece] for piece in links.pieces(event) if links.role[piece] in (OUTPUT, PARENT)}
                todo += more - found
                found |= more
    return found


def history(links: Links, lots: Iterable[int], fresh: Fresh | None = None, unnamed: Iterable[int] = ()) -> Rows:
    """Rows of the events that tell of some lots, and of what they came of, what the law asks.

    Args:
        links: the book.
        lots: codes of the book, or of `fresh`.
        fresh: a batch that comes on top.
        unnamed: those of the lots whose material has to be found wherever it, or that of what they hold, is told.
    """
    found: Rows = set()
    seen = set(lots)
    todo = list(seen)
    whole = _held(links, unnamed, fresh)
    assays = links.book["assays.event"]
    material = links.book["moves.material"].data
    while todo:
        lot = todo.pop()
        more = set(fresh.ups.get(lot, ())) if fresh is not None else set()
        for row in links.strand(lot, UP) if lot >= 0 else ():
            made_by = links.knot(links.event[row])
            found.update(made_by)
            more |= _came_of(links, made_by)
            more |= fresh.knots.get(links.transformation[links.event[row]], set()) if fresh is not None else set()
        for strand in (BESIDE, DOWN) if lot >= 0 else ():
            for row in links.strand(lot, strand):
                event = links.event[row]
                tells = (links.action[event] == ADD and strand == BESIDE) or (lot in whole and material[row] >= 0)
                if tells or _assayed(assays, event):
                    found.add(event)
        todo += more - seen
        seen |= more
    return found


def _came_of(links: Links, events: Iterable[int]) -> Lots:
    """What went into transformations, or into containers."""
    return {
        links.lot[row]
        for event in events
        for row in links.pieces(event)
        if links.role[row] == (INPUT if links.kind[event] == TRANSFORMATION else CHILD)
    }


def _held(links: Links, lots: Iterable[int], fresh: Fresh | None) -> Lots:
    """Lots and all that was ever in them."""
    found = set(lots)
    todo = list(found)
    while todo:
        lot = todo.pop()
        more = set(fresh.ups.get(lot, ())) if fresh is not None else set()
        for row in links.strand(lot, UP) if lot >= 0 else ():
            if links.kind[links.event[row]] != TRANSFORMATION:
                more |= _came_of(links, (links.event[row],))
        todo += more - found
        found |= more
    return found


def _assayed(assays: NDArray[np.int32], event: int) -> bool:
    """Whether an event has an assay; they stand in the order of events."""
    at = bisect_left(assays, event)
    return at < len(assays) and int(assays[at]) == event
