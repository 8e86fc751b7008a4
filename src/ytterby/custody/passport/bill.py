"""Home to a lot's genealogy as a bill of materials, so that the rules roll value, mass and technology up it exactly.

A thing is one kilogram of a lot. A transformation spreads what went in over what came out by mass, as the genealogy
does for the material as traded; a container is made of what lies in it. Only lots that came of nothing else bring mass:
what a process loses it loses of all alike, and no part may weigh more than its whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from ytterby.custody.balance import Ground
from ytterby.custody.book.layout import INPUT, OUTPUT, UP
from ytterby.custody.event import WHOLE
from ytterby.custody.genealogy.amounts import Amounts
from ytterby.custody.genealogy.links import Links
from ytterby.custody.genealogy.tracing import upstream
from ytterby.custody.shipments.descent import TECHNOLOGY, Descent, form_of
from ytterby.rules.bills import Bill, Thing
from ytterby.terms.elements import ELEMENTS
from ytterby.terms.errors import InputError
from ytterby.terms.materials import material

MOST = 2_000
"""Lots beyond which shares are not rolled up: the fractions would fill memory."""
MICRO_USD = 10**7
"""Cents a microgram to US dollars a kilogram: 1e9 / 100."""


@dataclass(frozen=True)
class Made:
    """A bill, or what stands in the way of one."""

    bill: Bill | None
    root: str
    missing: tuple[str, ...] = ()
    """What nobody told, in words."""


def bill(at: Ground, links: Links, descent: Descent, lot: int) -> Made:
    """The bill of a lot."""
    lots = upstream(links, lot).lots
    named = at.book.lot_name
    root = named(lot)
    if len(lots) > MOST:
        return Made(None, root, (f"its history has {len(lots):,} lots, and at most {MOST:,} are rolled up",))
    amounts = Amounts(links)
    things: dict[str, Thing] = {}
    uses: list[tuple[str, str, Fraction]] = []
    missing: list[str] = []
    for one in sorted(lots):
        parts = list(_parts(links, amounts, one, missing))
        uses += [(named(one), named(child), count) for child, count in parts]
        things[named(one)] = _thing(at, amounts, descent, one, leaf=not parts)
    if missing:
        return Made(None, root, tuple(dict.fromkeys(missing)))
    return Made(Bill(things, tuple(uses), at.book.lot_name(lot)), root)


def _parts(links: Links, amounts: Amounts, lot: int, missing: list[str]) -> Iterable[tuple[int, Fraction]]:
    """Kilograms of each lot that went into one kilogram of this one."""
    found: dict[int, Fraction] = {}
    whole = Fraction(0)
    for knot in links.knots(lot, UP):
        inputs, outputs = links.rows(knot, INPUT), links.rows(knot, OUTPUT)
        if not inputs:
            continue
        out = _masses(links, amounts, outputs, missing)
        mine = _masses(links, amounts, [row for row in outputs if links.lot[row] == lot], missing)
        total = sum(out, Fraction(0))
        if not total:
            missing.append(f"what came out of the transformation that made {links.book.lot_name(lot)} weighs nothing")
            continue
        share = sum(mine, Fraction(0)) / total
        for row, mass in zip(inputs, _masses(links, amounts, inputs, missing), strict=True):
            found[links.lot[row]] = found.get(links.lot[row], Fraction(0)) + mass * share
        whole += sum(mine, Fraction(0))
    for stay in links.contents(lot):
        own = Fraction(stay.mass) if stay.mass >= 0 else Fraction(amounts.mass(stay.row) or 0)
        if not own:
            missing.append(f"how much of {links.book.lot_name(stay.child)} is in {links.book.lot_name(lot)}")
        found[stay.child] = found.get(stay.child, Fraction(0)) + own
        whole += own
    return [(child, mass / whole) for child, mass in found.items() if mass] if whole else []


def _masses(links: Links, amounts: Amounts, rows: Iterable[int], missing: list[str]) -> list[Fraction]:
    found = []
    for row in rows:
        mass = amounts.mass(row)
        if mass is None:
            missing.append(f"the mass of {links.book.lot_name(links.lot[row])} in a transformation")
        found.append(Fraction(mass or 0))
    return found


def _thing(at: Ground, amounts: Amounts, descent: Descent, lot: int, *, leaf: bool) -> Thing:
    name = material_of(at, lot)
    price = amounts.price(lot)
    inside = composition(at, amounts, lot)
    technology = descent.one(int(descent.passed[TECHNOLOGY][lot]), ("CN",))
    return Thing(
        id=at.book.lot_name(lot),
        value=None if price is None else price * MICRO_USD,
        mass=Fraction(1) if leaf else None,
        origin=descent.one(int(descent.made[lot]), ()),
        technology=technology,
        material=name,
        form=form_of(name),
        carries=frozenset(material(name).elements) if name else frozenset(),
        composition=tuple(inside.items()) if inside is not None else None,
        recycled=recycled(at, lot) if leaf else None,
        place=at.book.lot_name(lot),
    )


def material_of(at: Ground, lot: int) -> str:
    """Id of the material a lot is told to be; empty where nobody tells one that is known."""
    codes = at.book["moves.material"]
    for strand in range(3):
        for row in Links(at.book).strand(lot, strand):
            if codes[row] >= 0:
                try:
                    return material(at.book.name("materials", int(codes[row]))).id
                except InputError:
                    return ""
    return ""


def composition(at: Ground, amounts: Amounts, lot: int) -> Mapping[str, Fraction] | None:
    """Mass fractions of a lot, by its latest assays, else by the registry; None where nothing tells them."""
    told = amounts.assay(lot)
    if told:
        return {ELEMENTS[element]: Fraction(ppb, WHOLE) for element, ppb in sorted(told.items())}
    name = at.book.lot_name(lot)
    rules = [one for one in at.registry.lots if one.composition and name.startswith(one.prefix)]
    if not rules:
        return None
    best = max(rules, key=lambda one: len(one.prefix))
    return {symbol: Fraction(str(best.composition[symbol])) for symbol in ELEMENTS if symbol in best.composition}


def recycled(at: Ground, lot: int) -> Fraction | None:
    """1 for a lot that recycling brought into being, 0 for one of a mine, None where nobody tells."""
    links = Links(at.book)
    if form_of(material_of(at, lot)) == "scrap":
        return Fraction(1)
    for row in Amounts(links).commissionings(lot):
        site = at.registry.facility(at.book.place_name(int(at.book["events.place"][links.event[row]])))
        if site is not None and site.stage in ("recycling", "mine"):
            return Fraction(site.stage == "recycling")
    return None
