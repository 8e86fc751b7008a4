"""Home to amounts: how much of an element, of material and of value one piece of a lot brings, as whole fractions.

A lot is one composition: where a piece has no assay of its own the lot's latest holds. A piece that is one whole
instance with no mass told brings all the mass the instance came into being with. Anything else that is not told is
None, and never taken from somewhere else.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from fractions import Fraction

from ytterby.custody.book.layout import ADD, BESIDE, DOWN, OBJECT, OUTPUT, UP, WHAT
from ytterby.custody.genealogy.links import Links
from ytterby.terms.elements import ELEMENTS

MASS, VALUE = len(ELEMENTS), len(ELEMENTS) + 1
BASES: tuple[str, ...] = (*ELEMENTS, "mass", "value")
"""What shares are taken of: each element, the material as traded, what it was worth."""


class Amounts:
    """Amounts of the pieces of a book, one at a time."""

    def __init__(self, links: Links) -> None:
        self.links, book = links, links.book
        self._move, self._element, self._ppb = (book[f"assays.{c}"].data for c in ("move", "element", "ppb"))
        self._value = book["events.value"].data
        self._latest: dict[int, dict[int, int]] = {}

    def told(self, row: int) -> dict[int, int]:
        """The assay told with one piece: element → parts per billion; of several the highest."""
        found: dict[int, int] = {}
        at = bisect_left(self._move, row)
        while at < len(self._move) and self._move[at] == row:
            element = self._element[at]
            found[element] = max(found.get(element, 0), self._ppb[at])
            at += 1
        return found

    def assay(self, lot: int) -> dict[int, int]:
        """Of each element the latest assay told of a lot."""
        if lot not in self._latest:
            latest: dict[int, tuple[int, int]] = {}
            for row in self._rows(lot):
                time = self.links.time[self.links.event[row]]
                for element, ppb in self.told(row).items():
                    latest[element] = max(latest.get(element, (time, ppb)), (time, ppb))
            self._latest[lot] = {element: ppb for element, (_, ppb) in latest.items()}
        return self._latest[lot]

    def ppb(self, row: int, element: int) -> int | None:
        """Parts per billion of an element in a piece."""
        own = self.told(row).get(element)
        return own if own is not None else self.assay(self.links.lot[row]).get(element)

    def born(self, lot: int) -> int | None:
        """The mass a lot came into being with, micrograms: out of transformations, else by commissioning."""
        links = self.links
        rows = [r for r in links.strand(lot, UP) if links.role[r] == OUTPUT]
        rows = rows or list(self.commissionings(lot))
        masses = [links.mass[row] for row in rows]
        return sum(masses) if masses and min(masses) >= 0 else None

    def commissionings(self, lot: int) -> Iterator[int]:
        """The pieces by which a lot was commissioned."""
        links = self.links
        for row in links.strand(lot, BESIDE):
            event = links.event[row]
            if links.kind[event] == OBJECT and links.action[event] == ADD:
                yield row

    def mass(self, row: int) -> int | None:
        """Micrograms of a piece."""
        told = self.links.mass[row]
        if told >= 0:
            return int(told)
        return self.born(self.links.lot[row]) if self.links.whole[row] else None

    def price(self, lot: int) -> Fraction | None:
        """Cents per microgram, by the latest event that tells what this lot, or it and others, were worth."""
        found: tuple[int, Fraction] | None = None
        links = self.links
        for row in links.strand(lot, BESIDE):
            event = links.event[row]
            value = self._value[event]
            masses = [self.mass(r) for r in links.pieces(event) if links.role[r] == WHAT]
            told = [m for m in masses if m is not None]
            if value >= 0 and len(told) == len(masses) and sum(told) > 0:
                found = max(found or (links.time[event], Fraction(0)), (links.time[event], Fraction(value, sum(told))))
        return None if found is None else found[1]

    def priced(self, lots: Iterable[int]) -> bool:
        """Whether a value was told of any of these lots."""
        links = self.links
        return any(self._value[links.event[row]] >= 0 for lot in lots for row in links.strand(lot, BESIDE))

    def amount(self, row: int, basis: int, mass: int | None = None) -> Fraction | None:
        """What a piece (or `mass` of it) brings of a basis, in units that are the same for all pieces of that basis."""
        mass = self.mass(row) if mass is None else mass
        if mass is None or basis == MASS:
            return None if mass is None else Fraction(mass)
        of = self.price(self.links.lot[row]) if basis == VALUE else self.ppb(row, basis)
        return None if of is None else mass * Fraction(of)

    def _rows(self, lot: int) -> Iterator[int]:
        for strand in (UP, DOWN, BESIDE):
            yield from self.links.strand(lot, strand)
