"""Home to the weights of entries: how much of each basis a piece brings, for many pieces at once; NaN = not told.

The same rules as `amounts`, in columns.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ytterby.custody.book.book import Book
from ytterby.custody.book.layout import ADD, OBJECT, OUTPUT, TRANSFORMATION, WHAT
from ytterby.custody.genealogy.amounts import MASS, VALUE
from ytterby.custody.genealogy.knots import Floats, Ints, Knots, Marks
from ytterby.terms.elements import ELEMENTS

BLOCK = 1 << 18
"""Rows of assays gone through at a time: as many as stay near the processor."""


class Weights:
    """Weights of entries. What is taken of the knots is copied, so that they need not be kept."""

    def __init__(self, told: Told, knots: Knots, entries: Ints) -> None:
        self._told = told
        rows = np.take(knots.row, entries)
        self._fillings = np.flatnonzero(rows < 0)
        self._rows = rows
        self._lot = np.take(told.book["moves.lot"], rows)
        self._mass = told.mass(rows)
        if len(knots.mass):
            own = knots.mass[knots.overridden[entries]]
            self._mass = np.where(np.isnan(own), self._mass, np.where(own < 0, np.nan, own))
        # A lot is one composition: where nothing else is in it, mass will do.
        self._lone = np.take(knots.out, entries) & ~np.take(knots.filled, self._lot)
        self._inside: tuple[Weights, Ints, Ints] | None = None
        if len(self._fillings):
            units, number = np.unique(knots.source[entries[self._fillings]], return_inverse=True)
            inside = np.flatnonzero(np.isin(knots.target, units))
            owner = np.searchsorted(units, knots.target[inside])
            self._inside = Weights(told, knots, inside), owner, number

    def of(self, basis: int) -> Floats:
        """The weights of all entries by a basis."""
        if basis == MASS:
            weight = self._mass.copy()
        else:
            each = self._told.prices[self._lot] if basis == VALUE else self._told.ppb(basis, self._rows, self._lot)
            weight = self._mass * np.where(self._lone & (np.isnan(each) | (basis == VALUE)), 1.0, each)
        if self._inside is not None:
            within, owner, number = self._inside
            weight[self._fillings] = np.bincount(owner, within.of(basis))[number]
        return weight


class Told:
    """What a book tells of masses, assays and values."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._counts = ~book.mistaken
        self._whole = bool(book["moves.whole"].any())

    @cached_property
    def bases(self) -> tuple[int, ...]:
        """Bases that anything is told of, in the order of `BASES`."""
        valued = bool((self.book["events.value"] >= 0).any())
        return (*self._elements, MASS, *((VALUE,) if valued else ()))

    def mass(self, rows: Ints) -> Floats:
        """Mass of these pieces, that of whole instances filled in."""
        told = np.take(self.book["moves.mass"], rows)
        mass = np.where(told >= 0, told, np.nan)
        if self._whole:
            missing = np.flatnonzero((told < 0) & (self.book["moves.whole"][rows] > 0))
            mass[missing] = self._births[self.book["moves.lot"][rows[missing]]]
        return mass

    @cached_property
    def _births(self) -> Floats:
        """The mass each lot came into being with."""
        book = self.book
        lot, role, event, told = (book[f"moves.{c}"] for c in ("lot", "role", "event", "mass"))
        mass = np.where(told >= 0, told, np.nan)
        kind = book["events.kind"]
        outputs = (self._counts & (kind == TRANSFORMATION))[event] & (role == OUTPUT)
        added = (self._counts & (kind == OBJECT) & (book["events.action"] == ADD))[event] & (role == WHAT)
        made, came = (self._summed(lot, mass, rows, book.lots) for rows in (added, outputs))
        born: Floats = np.where(np.bincount(lot[outputs], minlength=book.lots) > 0, came, made)
        return born

    @staticmethod
    def _summed(lot: Ints, mass: Floats, rows: Marks, lots: int) -> Floats:
        """Sums over lots; NaN where a part is, or where there is none."""
        summed = np.bincount(lot[rows], mass[rows], minlength=lots)
        return np.where(np.bincount(lot[rows], minlength=lots) > 0, summed, np.nan)

    @property
    def _elements(self) -> tuple[int, ...]:
        return self._assays[0]

    @cached_property
    def _assays(self) -> tuple[tuple[int, ...], NDArray[np.int32], Marks]:
        """Elements assayed; (lots × elements,) some assay of each, -1 for none; of which elements it is the only one.

        A mass fraction is at most 10⁹ parts per billion, which four bytes hold.
        """
        book = self.book
        element, lot, ppb = (book[f"assays.{c}"] for c in ("element", "lot", "ppb"))
        blocks = [slice(at, at + BLOCK) for at in range(0, len(element), BLOCK)]
        there = np.zeros(len(ELEMENTS), bool)
        for b in blocks:
            there[element[b]] = True
        elements = np.flatnonzero(there)
        wide, column = len(elements), np.cumsum(there, dtype="i4") - np.int32(1)
        found = np.full(book.lots * wide, -1, "i4")
        counted, rows = self._counts.all(), 0
        for b in blocks:
            cell, value = lot[b] * np.int64(wide) + column[element[b]], ppb[b]
            if not counted:
                stands = self._counts[book["assays.event"][b]]
                cell, value = cell[stands], value[stands]
            found[cell] = value
            rows += len(cell)
        if np.count_nonzero(found >= 0) == rows:
            return tuple(elements.tolist()), found, np.ones(wide, bool)
        times = np.bincount(element[self._counts[book["assays.event"]]], minlength=len(ELEMENTS))
        cells = np.count_nonzero(found.reshape(-1, wide) >= 0, axis=0)
        return tuple(elements.tolist()), found, np.asarray(cells == times[elements])

    def ppb(self, element: int, rows: Ints, lots: Ints) -> Floats:
        """Mass fraction of an element in these pieces of these lots: their own assay, else the lot's latest."""
        elements, found, only = self._assays
        at = elements.index(element)
        if only[at]:  # then that one is the lot's latest and its pieces' own
            some = np.take(found, lots * np.int64(len(elements)) + at)
            each: Floats = np.where(some < 0, np.nan, some)
            return each
        book = self.book
        mine = np.flatnonzero(book["assays.element"] == element)
        mine = mine[self._counts[book["assays.event"][mine]]]
        lot, ppb = book["assays.lot"][mine], book["assays.ppb"][mine]
        latest = _latest(lot, book["events.time"][book["assays.event"][mine]], ppb.astype("f8"), book.lots)
        told = np.full(len(book["moves.lot"]), -1, "i4")
        np.maximum.at(told, book["assays.move"][mine], ppb.astype("i4"))
        own = told[rows]
        return np.where(own >= 0, own, latest[lots])

    @cached_property
    def prices(self) -> Floats:
        """Cents per microgram of each lot, by the latest event that tells a value."""
        book = self.book
        event = book["moves.event"]
        valued = self._counts & (book["events.value"] >= 0)
        rows = np.flatnonzero(valued[event] & (book["moves.role"] == WHAT))
        total = np.bincount(event[rows], self.mass(rows), minlength=len(book))
        with np.errstate(divide="ignore", invalid="ignore"):
            each = np.where(total > 0, book["events.value"] / total, np.nan)[event[rows]]
        rows, each = rows[~np.isnan(each)], each[~np.isnan(each)]
        return _latest(book["moves.lot"][rows], book["events.time"][event[rows]], each, book.lots)


def _latest(lot: Ints, time: Ints, value: Floats, lots: int) -> Floats:
    """Of each lot the value of the latest time, of one instant the highest; NaN where there is none."""
    last = np.full(lots, np.iinfo("i8").min)
    np.maximum.at(last, lot, time)
    final = time == last[lot]
    found = np.full(lots, -np.inf)
    np.maximum.at(found, lot[final], value[final])
    return np.where(np.isneginf(found), np.nan, found)
