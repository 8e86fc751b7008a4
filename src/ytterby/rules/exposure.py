"""Home to exposure: how much of a thing, by value and by mass, comes from where, exactly, and how far from each line.

A share is a fraction and never a float: a product that holds exactly 0.1 % holds 0.1 %. What nobody told makes it an
interval (see `rules.rollup`), and a line that lies inside the interval is undetermined.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from ytterby.rules import annexes
from ytterby.rules.annexes import both, comes_from
from ytterby.rules.bills import Amount, Bill, Thing
from ytterby.rules.rollup import (
    ALL_OR_NONE,
    NO,
    YES,
    Share,
    Tree,
    by_key,
    of_amount,
    roll,
    scaled,
    tree,
)  # fmt: skip
from ytterby.terms.elements import ELEMENTS
from ytterby.terms.errors import BadValue, UnknownName, shown

Side = Literal["at_least", "more_than"]
Verdict = Literal["reached", "below", "undetermined", "nothing"]


@dataclass(frozen=True)
class Line:
    """A threshold some text draws."""

    id: str
    what: str
    at: Fraction
    side: Side
    """`at_least`: reached from `at` on; `more_than`: reached beyond it."""
    source: str
    doubt: str = ""


LINES = (
    Line("cn-61-value", "value of Chinese items of Annex 1 over the value of the product", Fraction(1, 1000),
         "at_least", "cn-61-2025.1a", "both parts of the annex counted, as those do who read it to reach assemblies; "
         "the price at which stage, in which currency of which day, is not defined"),
    Line("cn-61-part-1", "value of Chinese items of Annex 1 Part 1 over the value of the product", Fraction(1, 1000),
         "at_least", "cn-61-2025.1a", "the text's own share, for magnets and targets made abroad: metals, alloys and "
         "oxides; what a bought magnet holds of them has no price of its own"),
    Line("cn-18-mass", "Dy and Tb by mass, in the magnet that holds most", Fraction(1, 1000), "more_than",
         "cn-18-2025.practice", "a practice of the trade, not in the text; no more than 0.1 % is declared as free"),
    Line("eu-65-mass", "rare earths from this origin over all rare earths, by mass", Fraction(65, 100), "more_than",
         "eu-crma.benchmarks", "a benchmark of the Union for 2030 per stage, not a duty of a firm"),
    Line("eu-25-recycled", "recycled rare earths over all rare earths, by mass", Fraction(1, 4), "at_least",
         "eu-crma.benchmarks", "a benchmark of the Union for 2030, not a duty of a firm"),
    Line("us-50-cots", "covered magnets, tungsten and tantalum over the mass of the product", Fraction(1, 2),
         "at_least", "us-dfars-7052", "the exemption of off-the-shelf items ends at half covered material by weight"),
)  # fmt: skip


@dataclass(frozen=True)
class Margin:
    """A share against a line."""

    line: Line
    origin: str
    share: Share | None
    """None where there is nothing to take a share of."""
    verdict: Verdict
    """Whether the share reaches the line; undetermined where what is missing decides; nothing: no base."""
    note: str = ""
    """Which part decides, or what there is nothing of."""

    @property
    def margin(self) -> tuple[Fraction, Fraction] | None:
        """Share minus line, from lowest to highest."""
        return None if self.share is None else (self.share.low - self.line.at, self.share.high - self.line.at)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "line": self.line.id,
            "what": self.line.what,
            "at": float(self.line.at),
            "origin": self.origin,
            "share": None if self.share is None else self.share.to_dict(),
            "margin": None if self.margin is None else [float(end) for end in self.margin],
            "verdict": self.verdict,
            "note": self.note,
            "source": self.line.source,
            "doubt": self.line.doubt,
        }


@dataclass(frozen=True)
class Taint:
    """Whether a technology is in a thing: no share is asked, one part is enough."""

    origin: str
    verdict: Verdict
    parts: tuple[str, ...]
    """Listed parts made with it."""
    untold: tuple[str, ...]
    """Listed parts of which nobody told the technology."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"origin": self.origin, "verdict": self.verdict, "parts": list(self.parts), "untold": list(self.untold)}


@dataclass(frozen=True)
class Exposure:
    """One product, rolled up."""

    root: str
    value: Fraction | None
    """USD a piece: as told for the product, else the sum of its parts; None where some part's is not told."""
    mass: Fraction | None
    """kg a piece, likewise."""
    by_origin: Mapping[str, tuple[Fraction, Fraction]]
    """Origin (empty: not told) to USD and kg a piece; what a thing adds to its parts stands under its own origin."""
    elements: Mapping[str, Fraction]
    """Element to kg a piece, of the parts whose composition is told."""
    technology: Mapping[str, tuple[str, ...]]
    """Technology origin to the parts made with it: a taint is not a share."""
    missing: tuple[tuple[str, str], ...]
    """(part, what nobody told)."""
    cots: bool | None
    """Whether the product is told to be a commercial off-the-shelf item."""
    tree: Tree = field(repr=False, compare=False)

    def origin_share(self, origin: str, basis: Amount = "value") -> Share:
        """The share of one origin; what is not told counts from not at all to wholly.

        Raises:
            BadValue: the product has no value or mass at all.
        """
        said = comes_from(origin)
        found = roll(self.tree, of_amount(self.tree, basis), said, added=said).share
        if found is None:
            cause = f"the {basis} of {shown(self.root)} is 0"
            raise BadValue(cause, place=self.root, remedy=f"give its parts a {basis}")
        return found

    def margins(self, origin: str = "CN", lines: Sequence[Line] = LINES) -> tuple[Margin, ...]:
        """Each line with the product's share and the room left."""
        return tuple(_margin(self, line, origin) for line in lines)

    def taint(self, origin: str = "CN") -> Taint:
        """Whether listed items in it were made with an origin's technology (Announcement 61, second limb)."""
        listed = annexes.listed(self.tree.bill)
        parts, untold = [], []
        for thing in self.tree.things:
            if listed(thing) == NO and not (thing.technology == origin and thing.form == "assembly"):
                continue
            if thing.technology == origin:
                parts.append(thing.id)
            elif not thing.technology and listed(thing) != NO:
                untold.append(thing.id)
        verdict: Verdict = "reached" if parts else "undetermined" if untold else "below"
        return Taint(origin, verdict, tuple(sorted(parts)), tuple(sorted(untold)))

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, as ``ytterby exposure --json`` prints them."""
        return {
            "root": self.root,
            "value_usd": None if self.value is None else float(self.value),
            "mass_kg": None if self.mass is None else float(self.mass),
            "origins": [
                {
                    "origin": origin or None,
                    "value_usd": float(value),
                    "mass_kg": float(mass),
                    "value_share": str(value / self.value) if self.value else None,
                    "mass_share": str(mass / self.mass) if self.mass else None,
                }
                for origin, (value, mass) in sorted(self.by_origin.items())
            ],
            "elements_kg": {name: float(mass) for name, mass in sorted(self.elements.items())},
            "technology": {name: list(parts) for name, parts in sorted(self.technology.items())},
            "cots": self.cots,
            "missing": [{"part": part, "what": what} for part, what in self.missing],
        }


def roll_up(bill: Bill, root: str | None = None) -> Exposure:
    """One product of a bill, rolled up over every level.

    Raises:
        UnknownName: no such thing in the bill.
        BadValue: several products and none named; parts that are worth more than their whole.
    """
    chosen = product(bill, root)
    one = tree(bill, chosen)
    value, mass = of_amount(one, "value"), of_amount(one, "mass")
    (values, worth), (masses, weight) = by_key(one, value, _origin), by_key(one, mass, _origin)
    origins = values.keys() | masses.keys()
    technology: dict[str, list[str]] = {}
    for thing in one.things:
        if thing.technology:
            technology.setdefault(thing.technology, []).append(thing.id)
    return Exposure(
        root=chosen,
        value=worth,
        mass=weight,
        by_origin={
            origin: found
            for origin in origins
            if any(found := (values.get(origin, Fraction(0)), masses.get(origin, Fraction(0))))
        },
        elements=_elements(one),
        technology={name: tuple(sorted(parts)) for name, parts in technology.items()},
        missing=tuple(_missing(one)),
        cots=bill.things[chosen].cots,
        tree=one,
    )


def product(bill: Bill, root: str | None = None) -> str:
    """The thing to roll up: the one named, else the only one that is part of nothing.

    Raises:
        UnknownName: no such thing in the bill.
        BadValue: several products and none named.
    """
    if root is not None:
        if root not in bill.things:
            raise UnknownName(root, bill.things, "thing", bill.name)
        return root
    if len(bill.roots) != 1:
        names = ", ".join(shown(name) for name in bill.roots[:4]) + (" …" if len(bill.roots) > 4 else "")
        raise BadValue(f"{len(bill.roots)} products: {names}", place=bill.name, remedy="name one: --root NAME")
    return bill.roots[0]


def _origin(thing: Thing) -> str:
    return thing.origin


def _all(thing: Thing) -> int:
    return YES


def _elements(one: Tree) -> dict[str, Fraction]:
    """Kg of each element in one piece of the product."""
    found: dict[str, Fraction] = {}
    whole = one.scale[0]
    for thing, count, own, kids in zip(one.things, one.counts, one.scale, one.kids, strict=True):
        if not kids and thing.mass and thing.composition:
            kg = count * own * thing.mass / whole
            for symbol, part in thing.composition:
                found[symbol] = found.get(symbol, Fraction(0)) + kg * part
    return found


def _missing(one: Tree) -> list[tuple[str, str]]:
    """What is not told of the parts that are made of nothing else."""
    found = []
    listed = annexes.listed(one.bill)
    for thing, kids in zip(one.things, one.kids, strict=True):
        if kids:
            continue
        facts = (("value_usd", thing.value), ("mass_kg", thing.mass), ("origin", thing.origin or None),
                 ("composition", one.bill.elements(thing)))  # fmt: skip
        found += [(thing.id, name) for name, had in facts if had is None]
        if not thing.technology and listed(thing) == YES:
            found.append((thing.id, "technology_origin"))
    return found


def _margin(one: Exposure, line: Line, origin: str) -> Margin:
    share, note = _SHARES[line.id](one, origin)
    if share is None:
        return Margin(line, origin, None, "nothing", note)
    return Margin(line, origin, share, _verdict(share, line), note)


def _verdict(share: Share, line: Line) -> Verdict:
    def reached(part: Fraction) -> bool:
        return part >= line.at if line.side == "at_least" else part > line.at

    low, high = reached(share.low), reached(share.high)
    return "undetermined" if low != high else "reached" if low else "below"


Found = tuple[Share | None, str]


def _annex(one: Exposure, origin: str, item: Callable[[Thing], int]) -> Found:
    there = comes_from(origin)

    def caught(thing: Thing) -> int:
        # What an assembly or a thing of untold form holds is told by its parts.
        return both(item(thing), there(thing)) if thing.form not in ("", "assembly") else NO

    def within(thing: Thing) -> int:
        return both(item(thing), there(thing))

    return roll(one.tree, of_amount(one.tree, "value"), within, caught=caught).share, "the product has no value"


def _value(one: Exposure, origin: str) -> Found:
    return _annex(one, origin, annexes.listed(one.tree.bill))


def _first_part(one: Exposure, origin: str) -> Found:
    return _annex(one, origin, annexes.first_part(one.tree.bill))


def _strongest(one: Exposure, origin: str) -> Found:
    """Dy and Tb of the magnet that holds most of them: each magnet is tested by itself."""
    best: Share | None = None
    where = "no magnets in it"
    for at in sorted(_magnets(one.tree), key=one.tree.names.__getitem__):
        found = _dy_tb(one.tree.bill, one.tree.names[at], leaf=one.tree.leaf(at))
        if best is None or (found.low, found.high) > (best.low, best.high):
            where = one.tree.names[at]
        best = found if best is None else Share(max(best.low, found.low), max(best.high, found.high))
    return best, where


def _magnets(one: Tree) -> list[int]:
    """The magnets one meets first on each way down."""
    things, found, seen = one.things, [], {0}
    waiting = [0]
    while waiting:
        at = waiting.pop()
        if annexes.magnet(one.bill, things[at]) != NO and (things[at].form or one.leaf(at)):
            found.append(at)
            continue
        for kid, _ in one.kids[at]:
            if kid not in seen:
                seen.add(kid)
                waiting.append(kid)
    return found


def _dy_tb(bill: Bill, name: str, *, leaf: bool) -> Share:
    """Dy and Tb over the mass of one magnet."""
    thing = bill.things[name]
    inside = bill.elements(thing)
    if inside is None and thing.carries and not thing.carries & {"Dy", "Tb"}:
        inside = ()
    if inside is not None and (leaf or thing.composition):
        both_of_them = sum((part for symbol, part in inside if symbol in ("Dy", "Tb")), Fraction(0))
        magnet = annexes.magnet(bill, thing)
        return Share(both_of_them if magnet == YES else Fraction(0), both_of_them)
    if leaf:
        return ALL_OR_NONE
    own = tree(bill, name)
    masses = [_part_mass(bill, part, ("Dy", "Tb")) if own.leaf(at) else None for at, part in enumerate(own.things)]
    whole = thing.mass if thing.mass is not None else roll(own, of_amount(own, "mass"), _all).total
    held = roll(own, scaled(own, masses), _all).total
    if held is None or not whole:
        return ALL_OR_NONE
    return Share(held / whole, held / whole) if held <= whole else ALL_OR_NONE


def _part_mass(bill: Bill, thing: Thing, symbols: Sequence[str]) -> Fraction | None:
    """Kg of some elements in one piece of a part; None where it is not told."""
    inside = bill.elements(thing)
    if inside is None:
        return Fraction(0) if thing.carries and not thing.carries & set(symbols) else None
    part = sum((share for symbol, share in inside if symbol in symbols), Fraction(0))
    return part * thing.mass if part and thing.mass is not None else None if part else part


def _rare_earths(one: Tree) -> list[Fraction | None]:
    """Kg of rare earths in each part that is made of nothing else; None where it is not told."""
    return [_part_mass(one.bill, thing, ELEMENTS) if one.leaf(at) else None for at, thing in enumerate(one.things)]


def _third_country(one: Exposure, origin: str) -> Found:
    return roll(one.tree, scaled(one.tree, _rare_earths(one.tree)), comes_from(origin)).share, "no rare earths in it"


def _recycled(one: Exposure, origin: str) -> Found:
    kg = _rare_earths(one.tree)
    whole = roll(one.tree, scaled(one.tree, kg), _all)
    if whole.share is None:
        return None, "no rare earths in it"
    if not whole.total:
        return ALL_OR_NONE, ""

    def with_untold(share: Fraction) -> Fraction:
        parts = [
            None if mass is None else mass * (share if thing.recycled is None else thing.recycled)
            for thing, mass in zip(one.tree.things, kg, strict=True)
        ]
        return (roll(one.tree, scaled(one.tree, parts), _all).total or Fraction(0)) / (whole.total or 1)

    return Share(with_untold(Fraction(0)), with_untold(Fraction(1))), ""


def _off_the_shelf(one: Exposure, origin: str) -> Found:
    note = "" if one.cots is not False else "told to be no off-the-shelf item: the exemption does not arise"
    item = annexes.covered(one.tree.bill)

    def caught(thing: Thing) -> int:
        return item(thing) if thing.form == "magnet" else NO

    share = roll(one.tree, of_amount(one.tree, "mass"), item, caught=caught).share
    return share, note if share is not None else "the product has no mass"


_SHARES: Mapping[str, Callable[[Exposure, str], Found]] = {
    "cn-61-value": _value,
    "cn-61-part-1": _first_part,
    "cn-18-mass": _strongest,
    "eu-65-mass": _third_country,
    "eu-25-recycled": _recycled,
    "us-50-cots": _off_the_shelf,
}
