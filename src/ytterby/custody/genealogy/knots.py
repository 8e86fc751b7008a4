"""Home to the columns of who came of what: every lot and transformation as a unit, every piece as an entry between two.

A unit with one entry has the origins of what it came of; only units of several are mixes, and only they cost anything.
Units: origins (0 = untold, then places), then lots, then transformations and fillings of containers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytterby.custody.book.book import Book
from ytterby.custody.book.layout import ADD, ASSOCIATION, CHILD, INPUT, OBJECT, OUTPUT, PARENT, TRANSFORMATION, WHAT
from ytterby.custody.book.layout import AGGREGATION as AGG
from ytterby.custody.genealogy.links import Links

Ints = NDArray[np.integer[Any]]
Floats = NDArray[np.float64]
Marks = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Knots:
    """Entries: unit `target` came of unit `source`, by piece `row` of the book (-1: none)."""

    origins: int
    """Units 0 to this are origins: untold, and places by code + 1."""
    lots: int
    units: int
    target: Ints
    source: Ints
    row: Ints
    overridden: Ints
    """Of each entry a place in `mass`."""
    mass: Floats
    """Micrograms instead of what the piece tells; NaN: as it tells; negative: not told after all. Empty: as told."""
    out: Marks
    """Entries by which a lot came into being: where no assay is told mass will do."""
    filled: Marks
    """Of lots: something is in it."""
    fallback: Ints
    """Of units without entries: the origin they are."""

    def lot(self, code: Any) -> Any:
        """The unit of a lot."""
        return self.origins + code


def knots(book: Book) -> Knots:
    """The entries of a whole book."""
    event, lot, role = book["moves.event"], book["moves.lot"], book["moves.role"]
    kind, places = book["events.kind"], book["events.place"]
    origins, lots = len(book.names["places"]) + 1, book.lots
    counts = ~book.mistaken
    transforms = counts & (kind == TRANSFORMATION)
    knot_of, firsts = _numbered(book, transforms)
    stands = np.take(transforms, event)
    base = origins + lots
    inputs = np.flatnonzero(stands & (role == INPUT)).astype("i4")
    outputs = np.flatnonzero(stands & (role == OUTPUT)).astype("i4")
    del stands
    holding = _Filling(book, counts, base + len(firsts))
    made = np.take(lot, outputs)
    came = np.zeros(lots, bool)
    came[made] = True
    came[holding.parents] = True
    added = counts & (kind == OBJECT) & (book["events.action"] == ADD)
    born = np.flatnonzero(np.take(added, event) & (role == WHAT)).astype("i4")
    born = np.compress(~np.take(came, np.take(lot, born)), born)
    source = np.take(lot, inputs) + np.int32(origins)
    if len(holding.refilled):
        source[np.isin(source - origins, holding.refilled)] = 0
    fallback = np.zeros(base + len(firsts) + len(holding.parents), "i4")
    fallback[:origins] = np.arange(origins)
    fallback[base : base + len(firsts)] = places[firsts] + 1
    filled = np.zeros(lots, bool)
    filled[holding.parents] = True
    nothing = np.full(len(holding.parents), -1)
    first, place = np.int32(base), np.take(places, np.take(event, born)) + np.int32(1)
    target = [np.take(knot_of, np.take(event, inputs)) + first, made + np.int32(origins),
              np.take(lot, born) + np.int32(origins), holding.target, origins + holding.parents]  # fmt: skip
    sources = [source, np.take(knot_of, np.take(event, outputs)) + first, place, holding.source, holding.fillings]
    rows = [inputs, outputs, born, holding.row, nothing]
    lengths = [len(one) for one in rows]
    overridden = np.zeros(sum(lengths) if len(holding.row) else 0, "i4")
    overridden[sum(lengths[:3]) : sum(lengths[:4])] = 1 + np.arange(len(holding.row))
    return Knots(
        origins=origins,
        lots=lots,
        units=len(fallback),
        target=_end_to_end(target),
        source=_end_to_end(sources),
        row=_end_to_end(rows),
        overridden=overridden,
        mass=np.append(np.nan, holding.mass) if len(holding.row) else holding.mass,
        out=np.repeat([False, True, True, False, False], lengths),
        filled=filled,
        fallback=fallback,
    )


def _end_to_end(parts: list[Any]) -> Ints:
    return np.concatenate([np.asarray(part, "i4") for part in parts])


def _numbered(book: Book, transforms: Marks) -> tuple[Ints, Ints]:
    """Of each event the number of its transformation, and of each transformation its first event."""
    named = book["events.transformation"]
    of = np.cumsum(transforms, dtype="i4") - np.int32(1)
    firsts = np.flatnonzero(transforms)
    shared = np.flatnonzero(transforms & (named >= 0))
    if len(shared):
        # The first in time stands for all; of one instant that at the first place, so that order does not matter.
        order = shared[np.lexsort((book["events.place"][shared], book["events.time"][shared], named[shared]))]
        names = named[order]
        begins = np.flatnonzero(np.concatenate([[True], names[1:] != names[:-1]]))
        lead = np.repeat(order[begins], np.diff(np.append(begins, len(order))))
        of[order] = of[lead]
    return of, firsts


class _Filling:
    """What is in containers and assets: entries of a unit for each filling."""

    def __init__(self, book: Book, counts: Marks, first: int) -> None:
        event, lot, role = book["moves.event"], book["moves.lot"], book["moves.role"]
        kind, action = book["events.kind"], book["events.action"]
        packs = counts & ((kind == AGG) | (kind == ASSOCIATION))
        heads = np.flatnonzero(packs[event] & (role == PARENT)) if packs.any() else np.zeros(0, "i8")
        plain = np.zeros(book.lots, bool)
        plain[lot[heads]] = True
        # Filled in one event and never touched again: the pieces are the contents. Others are gone through one by one.
        times = np.bincount(lot[heads], minlength=book.lots)
        plain[lot[heads[(times[lot[heads]] > 1) | (action[event[heads]] != ADD)]]] = False
        parent_of = np.full(len(book), -1, "i8")
        simple = heads[plain[lot[heads]]]
        parent_of[event[simple]] = lot[simple]
        children = np.flatnonzero((parent_of[event] >= 0) & (role == CHILD)) if len(simple) else np.zeros(0, "i8")
        links = Links(book)
        stays = [s for one in np.unique(lot[heads][~plain[lot[heads]]]).tolist() for s in links.contents(one)]
        owner = np.concatenate([parent_of[event[children]], np.array([s.parent for s in stays], "i8")])
        self.parents, number = np.unique(owner, return_inverse=True)
        self.fillings = first + np.arange(len(self.parents))
        self.target = first + number
        self.row = np.concatenate([children, np.array([s.row for s in stays], "i8")])
        put = [np.nan if s.mass < 0 and s.whole else s.mass for s in stays]
        self.mass = np.concatenate([np.full(len(children), np.nan), np.array(put, "f8")])
        again = np.unique([s.parent for s in stays]).astype("i8").tolist()
        self.refilled = np.array([p for p in again if links.refilled(p)], "i8")
        inner = lot[self.row]
        unit = len(book.names["places"]) + 1 + inner.astype("i8")
        self.source = np.where(np.isin(inner, self.refilled), 0, unit) if len(self.refilled) else unit
