"""Home to the exact origins of one lot: fractions of whole micrograms and parts per billion, nothing rounded.

What comes out of a transformation has the mix of what went in, element by element; losses take of it alike. A lot that
came of nothing else has the place where it was commissioned for its origin. What is not told is the origin `UNTOLD`:

- a lot nobody commissioned;
- of a mix in which some amount is not told, or nothing of the element is told to be, everything but the least that
  each origin has in whatever could weigh all;
- what came out of a container that is filled again and again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ytterby.custody.book.layout import INPUT, OUTPUT, UP
from ytterby.custody.genealogy.amounts import MASS, VALUE, Amounts
from ytterby.custody.genealogy.links import Links, Stay

UNTOLD = -1
"""The origin of what nobody told; other origins are codes of places."""
LONGEST = 20_000
"""Bits of a denominator beyond which a share is rounded, to `ROUNDED` bits."""
ROUNDED = 200

Mix = Mapping[int, Fraction]
"""Origin → share; sums to one."""


@dataclass(frozen=True, slots=True)
class Origins:
    """Where a lot comes from, by one basis."""

    shares: Mix
    error: Fraction
    """The most by which any share may be off: 0 where they are exact."""


class Exact:
    """Origins of lots of one book, each worked out once."""

    def __init__(self, links: Links) -> None:
        self.links, self.amounts = links, Amounts(links)
        self._mixes: dict[tuple[int, int], Mix] = {}
        self._knots: dict[tuple[int, int], Mix] = {}
        self._rounded: dict[int, int] = {}

    def origins(self, lot: int, basis: int) -> Origins:
        """The origins of a lot by an element, by mass or by value."""
        shares = self._of(lot, basis)
        # Every rounding moves a share by at most 2**-ROUNDED, and mixing never makes a difference larger.
        return Origins(shares, Fraction(self._rounded.get(basis, 0) * 4, 2**ROUNDED))

    def elements(self, lot: int) -> tuple[int, ...]:
        """Elements that a lot is told to hold; with no assay of its own, those of what it came of."""
        todo, seen, found = [lot], {lot}, set[int]()
        while todo:
            one = todo.pop()
            assay = self.amounts.assay(one)
            found |= {element for element, ppb in assay.items() if ppb > 0}
            if assay:
                continue
            for source, _, _ in self.links.sources(one):
                if source not in seen:
                    seen.add(source)
                    todo.append(source)
        return tuple(sorted(found))

    def _of(self, lot: int, basis: int) -> Mix:
        """Worked out from the origins on: no recursion, since a history may be thousands of steps deep."""
        todo = [lot]
        while todo:
            one = todo[-1]
            if (one, basis) in self._mixes:
                todo.pop()
                continue
            missing = [s for s in self._needs(one) if (s, basis) not in self._mixes]
            if missing:
                todo += missing
                continue
            todo.pop()
            self._mixes[one, basis] = self._made(one, basis)
        return self._mixes[lot, basis]

    def _needs(self, lot: int) -> set[int]:
        links = self.links
        needed = {links.lot[row] for knot in links.knots(lot, UP) for row in links.rows(knot, INPUT)}
        return needed | {stay.child for stay in links.contents(lot)}

    def _made(self, lot: int, basis: int) -> Mix:
        links = self.links
        knots, contents = links.knots(lot, UP), links.contents(lot)
        parts: list[tuple[Fraction | int | None, Mix]] = [
            (self._came(row, basis, alone=not contents), self._knot(knot, basis))
            for knot in knots
            for row in links.rows(knot, OUTPUT)
            if links.lot[row] == lot
        ]
        if contents:
            held = [(self._held(stay, basis), self._source(stay.row, basis)) for stay in contents]
            told = [amount for amount, _ in held if amount is not None]
            parts.append((sum(told, Fraction(0)) if len(told) == len(held) else None, self._mix(held, basis)))
        if parts:
            return self._mix(parts, basis)
        places = links.book["events.place"].data
        born = [(self._came(row, basis, alone=True), {places[links.event[row]]: Fraction(1)})
                for row in self.amounts.commissionings(lot)]  # fmt: skip
        return self._mix(born or [(None, {UNTOLD: Fraction(1)})], basis)

    def _came(self, row: int, basis: int, *, alone: bool) -> Fraction | None:
        """How much of a lot came by one piece; a lot is one composition, so where nothing is in it mass will do."""
        mass = self.amounts.mass(row)
        of: Fraction | int | None
        if basis == MASS:
            of = 1
        elif basis == VALUE:
            of = 1 if alone else self.amounts.price(self.links.lot[row])
        else:
            told = self.amounts.ppb(row, basis)
            of = 1 if alone and told is None else told
        return None if mass is None or of is None else Fraction(mass) * of

    def _held(self, stay: Stay, basis: int) -> Fraction | None:
        if stay.mass < 0 and not stay.whole:
            return None
        return self.amounts.amount(stay.row, basis, stay.mass if stay.mass >= 0 else None)

    def _source(self, row: int, basis: int) -> Mix:
        lot = self.links.lot[row]
        return {UNTOLD: Fraction(1)} if self.links.refilled(lot) else self._mixes[lot, basis]

    def _knot(self, knot: tuple[int, ...], basis: int) -> Mix:
        found = self._knots.get((knot[0], basis))
        if found is None:
            rows = self.links.rows(knot, INPUT)
            if rows:
                found = self._mix([(self.amounts.amount(r, basis), self._source(r, basis)) for r in rows], basis)
            else:
                first = min(knot, key=lambda e: (self.links.time[e], self.links.book["events.place"].data[e]))
                found = {self.links.book["events.place"].data[first]: Fraction(1)}
            self._knots[knot[0], basis] = found
        return found

    def _mix(self, parts: Sequence[tuple[Fraction | int | None, Mix]], basis: int) -> Mix:
        mixed = mix(parts)
        if max(share.denominator.bit_length() for share in mixed.values()) <= LONGEST:
            return mixed
        self._rounded[basis] = self._rounded.get(basis, 0) + 1
        rounded = {o: Fraction(int(share * 2**ROUNDED), 2**ROUNDED) for o, share in mixed.items()}
        rounded[UNTOLD] = rounded.get(UNTOLD, Fraction(0)) + 1 - sum(rounded.values())
        return rounded


def mix(parts: Iterable[tuple[Fraction | int | None, Mix]]) -> Mix:
    """Shares of a mix of parts, each so much (None: not told) of a mix of its own."""
    parts = list(parts)
    if len(parts) == 1:
        return parts[0][1]
    known = [(Fraction(amount), shares) for amount, shares in parts if amount]
    total = sum((amount for amount, _ in known), Fraction(0))
    sure: dict[int, Fraction] = {}
    for amount, shares in known:
        for origin, share in shares.items():
            sure[origin] = sure.get(origin, Fraction(0)) + share * amount / total
    unsure = [shares for amount, shares in parts if amount is None or not known]
    if unsure:
        # Whichever of them weighs most, an origin has at least the least share it has in any.
        rivals = [*unsure, sure] if sure else unsure
        named = set().union(*rivals) - {UNTOLD}
        sure = {o: least for o in named if (least := min(r.get(o, Fraction(0)) for r in rivals)) > 0}
        sure[UNTOLD] = 1 - sum(sure.values(), Fraction(0))
    return {o: s for o, s in sure.items() if s}
