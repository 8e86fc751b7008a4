"""Home to the weights of entries: how much of each basis a piece brings, for many pieces at once; NaN = not told.

The same rules as `amounts`, in columns.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ytterby.custody.book.book import Book
from ytterby.custody.book.layout import ADD, OBJECT, OUTPUT, TRANSFORMATION, WHAT
from ytterby.custody.genealogy.amounts import BASES, MASS, VALUE
from ytterby.custody.genealogy.knots import Floats, Ints, Knots, Marks


class Weights:
    """Weights of entries of a book."""

    def __init__(self, book: Book, knots: Knots) -> None:
        self.book, self.knots = book, knots
        self._counts = ~book.mistaken
        self._whole = bool(book["moves.whole"].any())
        self._born: Floats | None = None
        self._prices: Floats | None = None

    def told(self) -> tuple[int, ...]:
        """Bases that anything is told of, in the order of `BASES`."""
        elements = np.flatnonzero(np.bincount(self.book["assays.element"])).tolist()
        valued = bool((self.book["events.value"] >= 0).any())
        return (*elements, MASS, *((VALUE,) if valued else ()))

    def of(self, basis: int, entries: Ints) -> Floats:
        """The weights of these entries by a basis."""
        knots, book = self.knots, self.book
        row = knots.row[entries]
        mass = self._mass(row)
        if len(knots.mass):
            own = knots.mass[knots.overridden[entries]]
            mass = np.where(np.isnan(own), mass, np.where(own < 0, np.nan, own))
        if basis != MASS:
            lot = book["moves.lot"][row]
            each = self._price()[lot] if basis == VALUE else self._ppb(basis, row)
            lone = knots.out[entries] & ~knots.filled[lot]
            # A lot is one composition: where nothing else is in it, mass will do.
            mass = mass * np.where(lone & (np.isnan(each) | (basis == VALUE)), 1.0, each)
        fillings = np.flatnonzero(row < 0)
        if len(fillings):
            mass[fillings] = self._fillings(basis, knots.source[entries[fillings]])
        return mass

    def _fillings(self, basis: int, units: Ints) -> Floats:
        """What is in containers, together."""
        inside = np.flatnonzero(np.isin(self.knots.target, units))
        weights = self.of(basis, inside)
        sums = np.bincount(self.knots.target[inside], weights, minlength=self.knots.units)
        return np.asarray(sums[units], "f8")

    def _mass(self, rows: Ints) -> Floats:
        """Mass of these pieces, that of whole instances filled in."""
        told = self.book["moves.mass"][rows]
        mass = np.where(told >= 0, told, np.nan)
        if self._whole:
            missing = np.flatnonzero((told < 0) & (self.book["moves.whole"][rows] > 0))
            mass[missing] = self._births()[self.book["moves.lot"][rows[missing]]]
        return mass

    def _births(self) -> Floats:
        """The mass each lot came into being with."""
        if self._born is None:
            book = self.book
            lot, role, event, told = (book[f"moves.{c}"] for c in ("lot", "role", "event", "mass"))
            mass = np.where(told >= 0, told, np.nan)
            kind = book["events.kind"]
            outputs = (self._counts & (kind == TRANSFORMATION))[event] & (role == OUTPUT)
            added = (self._counts & (kind == OBJECT) & (book["events.action"] == ADD))[event] & (role == WHAT)
            made, came = (self._summed(lot, mass, rows, book.lots) for rows in (added, outputs))
            self._born = np.where(np.bincount(lot[outputs], minlength=book.lots) > 0, came, made)
        return self._born

    @staticmethod
    def _summed(lot: Ints, mass: Floats, rows: Marks, lots: int) -> Floats:
        """Sums over lots; NaN where a part is, or where there is none."""
        summed = np.bincount(lot[rows], mass[rows], minlength=lots)
        return np.where(np.bincount(lot[rows], minlength=lots) > 0, summed, np.nan)

    def _ppb(self, element: int, rows: Ints) -> Floats:
        """Mass fraction of an element in these pieces: their own assay, else the lot's latest."""
        book = self.book
        mine = book["assays.element"] == element
        if not self._counts.all():
            mine &= self._counts[book["assays.event"]]
        lot, ppb = book["assays.lot"][mine], book["assays.ppb"][mine]
        latest = np.full(book.lots, np.nan)
        latest[lot] = ppb
        if np.count_nonzero(~np.isnan(latest)) == len(lot):
            # Where every lot was assayed once, that one is its latest and its pieces' own.
            found: Floats = latest[book["moves.lot"][rows]]
            return found
        latest = _latest(lot, book["events.time"][book["assays.event"][mine]], ppb.astype("f8"), book.lots)
        told = np.full(len(book["moves.lot"]), -1.0)
        np.maximum.at(told, book["assays.move"][mine], ppb)
        own = told[rows]
        return np.where(own >= 0, own, latest[book["moves.lot"][rows]])

    def _price(self) -> Floats:
        """Cents per microgram of each lot, by the latest event that tells a value."""
        if self._prices is None:
            book = self.book
            event = book["moves.event"]
            valued = self._counts & (book["events.value"] >= 0)
            rows = np.flatnonzero(valued[event] & (book["moves.role"] == WHAT))
            total = np.bincount(event[rows], self._mass(rows), minlength=len(book))
            with np.errstate(divide="ignore", invalid="ignore"):
                each = np.where(total > 0, book["events.value"] / total, np.nan)[event[rows]]
            rows, each = rows[~np.isnan(each)], each[~np.isnan(each)]
            self._prices = _latest(book["moves.lot"][rows], book["events.time"][event[rows]], each, book.lots)
        return self._prices


def _latest(lot: Ints, time: Ints, value: Floats, lots: int) -> Floats:
    """Of each lot the value of the latest time, of one instant the highest; NaN where there is none."""
    last = np.full(lots, np.iinfo("i8").min)
    np.maximum.at(last, lot, time)
    final = time == last[lot]
    found = np.full(lots, -np.inf)
    np.maximum.at(found, lot[final], value[final])
    return np.where(np.isneginf(found), np.nan, found)


def names(bases: Sequence[int]) -> tuple[str, ...]:
    """What bases are called."""
    return tuple(BASES[basis] for basis in bases)
