"""Home to what Announcement 61's annexes and DFARS name, as answers about one part of a bill: yes, no or maybe.

Annex 1 Part 1 of Announcement 61: metals of seven elements, the alloys of samarium, terbium and dysprosium, the oxides
of dysprosium and terbium. Part 2: samarium-cobalt magnets, NdFeB magnets with terbium or dysprosium, targets. The
annex itself was not retrieved; this follows what those say who read it (cn-61-2025 and its doubts).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from ytterby.rules.bills import Bill, Thing
from ytterby.rules.rollup import MAYBE, NO, YES, Answer
from ytterby.terms.elements import ELEMENTS

SEVEN = frozenset({"Sm", "Gd", "Tb", "Dy", "Lu", "Sc", "Y"})
"""Elements of Announcement 18 and of Announcement 61's Annex 1, 2025."""
STRONG = frozenset({"Sm", "Tb", "Dy"})

PART_1: Mapping[str, frozenset[str]] = {"metal": SEVEN, "alloy": STRONG, "oxide": STRONG - {"Sm"}}
"""Elements by form."""
PART_2: Mapping[str, frozenset[str]] = {"magnet": STRONG, "target": SEVEN}
ANNEX = {**PART_1, **PART_2, "": SEVEN}
"""Both parts; a part whose form nobody tells and that holds one of the seven counts as one of them."""

MAGNETIC = frozenset({"Nd", "Pr", "Sm"})
"""Rare earths that make a part of untold form a magnet."""
HARD = frozenset({"W", "Ta"})
"""What else DFARS 252.225-7052 covers: tungsten powder and heavy alloys, tantalum."""
BEARING = frozenset({"concentrate", "compound", "oxide", "metal", "alloy", "target", "magnet", "scrap", "assembly"})
"""Forms that may hold rare earths though nobody tells a composition."""


def both(one: int, other: int) -> int:
    """Whether two answers hold together."""
    return NO if NO in (one, other) else YES if one == other == YES else MAYBE


def comes_from(origin: str) -> Answer:
    """Whether a thing is of an origin."""
    return lambda thing: YES if thing.origin == origin else NO if thing.origin else MAYBE


def holds(bill: Bill, thing: Thing, wanted: frozenset[str]) -> int:
    """Whether a thing holds one of some elements at all."""
    inside = bill.elements(thing)
    if inside is not None:
        return YES if any(symbol in wanted and part for symbol, part in inside) else NO
    if not thing.carries:
        return MAYBE
    if not thing.carries & wanted:
        return NO
    # NdFeB of no grade may do without Dy and Tb; a grade or an oxide names what it holds.
    return MAYBE if thing.material.endswith(".NdFeB") or thing.form == "assembly" else YES


def listed(bill: Bill) -> Answer:
    """Whether a thing is an item of Annex 1, either part."""

    def answer(thing: Thing) -> int:
        if thing.form in ANNEX:
            return holds(bill, thing, ANNEX[thing.form])
        return _inside(bill, thing, SEVEN)

    return answer


def first_part(bill: Bill) -> Answer:
    """Whether a thing is an item of Annex 1 Part 1; what others hold of them has a value that nobody tells."""

    def answer(thing: Thing) -> int:
        if thing.form in PART_1:
            return holds(bill, thing, PART_1[thing.form])
        if thing.form in ("", "magnet", "target"):
            return MAYBE if holds(bill, thing, SEVEN) != NO else NO
        return _inside(bill, thing, SEVEN)

    return answer


def _inside(bill: Bill, thing: Thing, wanted: frozenset[str]) -> int:
    """Assemblies may hold listed items, and are none themselves."""
    return MAYBE if thing.form == "assembly" and holds(bill, thing, wanted) != NO else NO


def magnet(bill: Bill, thing: Thing) -> int:
    """Whether a thing is a rare-earth magnet."""
    if thing.form:
        return YES if thing.form == "magnet" else NO
    return holds(bill, thing, MAGNETIC)


def covered(bill: Bill) -> Answer:
    """Whether a part is covered material of DFARS: a magnet, tungsten, tantalum."""

    def answer(thing: Thing) -> int:
        if thing.form == "assembly":
            return MAYBE if holds(bill, thing, MAGNETIC | HARD) != NO else NO
        hard = holds(bill, thing, HARD) if thing.form in ("", "metal", "alloy", "other") else NO
        found = magnet(bill, thing)
        return YES if YES in (found, hard) else MAYBE if MAYBE in (found, hard) else NO

    return answer


def rare_earths(bill: Bill, thing: Thing) -> Fraction | None:
    """Mass fraction of rare earths; None where nobody tells it."""
    inside = bill.elements(thing)
    if inside is not None:
        return sum((part for symbol, part in inside if symbol in ELEMENTS), Fraction(0))
    return Fraction(0) if thing.form and thing.form not in BEARING else None
