"""Home to exposure: how much of a thing, by value and by mass, comes from where, exactly, and how far from each line.

Everything is counted in whole numbers over common denominators, so that a share is a fraction and never a float: a
product that holds exactly 0.1 % holds 0.1 %.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Any, Literal

from ytterby.rules.bills import Bill, Thing, in_order
from ytterby.terms.errors import BadValue, UnknownName

LISTED = ("Sm", "Gd", "Tb", "Dy", "Lu", "Sc", "Y")
"""Elements of Announcement 61's Annex 1 Part 1 (and of Announcement 18), 2025."""

COVERED = ("Nd", "Pr", "Sm")
"""Rare earths of the magnets DFARS 252.225-7052 covers."""

Basis = Literal["value", "mass"]


@dataclass(frozen=True)
class Line:
    """A threshold some text draws."""

    id: str
    what: str
    at: Fraction
    side: Literal["at_least", "at_most"]
    """`at_least`: the clause bites from `at` on; `at_most`: the share may not pass `at`."""
    source: str
    doubt: str = ""


LINES = (
    Line("cn-61-value", "value of Chinese listed items over the value of the product", Fraction(1, 1000), "at_least",
         "cn-61-2025.1a", "price at which stage, in which currency of which day, is not defined"),
    Line("cn-18-mass", "mass of Dy and Tb over the mass of the magnets", Fraction(1, 1000), "at_least",
         "cn-18-2025.practice", "a practice of the trade, not in the text"),
    Line("us-25-value", "value from one origin over the value of the product", Fraction(1, 4), "at_least",
         "US foreign-content practice", "from memory; which rule it serves depends on the programme"),
    Line("eu-65-value", "share of one third country in a strategic raw material", Fraction(65, 100), "at_most",
         "eu-crma-2024.5", "a benchmark of the Union for 2030, not a duty of a firm"),
    Line("eu-25-recycled", "recycled share of the rare earths in the magnets", Fraction(1, 4), "at_least",
         "eu-crma-2024.5", "a benchmark of the Union for 2030, not a duty of a firm"),
    Line("us-50-cots", "mass of covered magnets over the mass of the item", Fraction(1, 2), "at_least",
         "us-dfars-7052.mined", "the exemption of off-the-shelf items ends at half covered material by weight"),
)  # fmt: skip


@dataclass(frozen=True)
class Share:
    """A share with what is not known: it lies from `low` to `high`, and is exact where the two are one."""

    low: Fraction
    high: Fraction

    @property
    def exact(self) -> bool:
        """Whether nothing is missing."""
        return self.low == self.high

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values: fractions as text, floats beside them."""
        return {"low": float(self.low), "high": float(self.high), "exact": str(self.low) if self.exact else None}


@dataclass(frozen=True)
class Margin:
    """A share against a line."""

    line: Line
    origin: str
    share: Share
    verdict: Literal["reached", "below", "undetermined"]
    """Whether the share reaches the line; undetermined where what is missing decides."""

    @property
    def margin(self) -> tuple[Fraction, Fraction]:
        """Share minus line, from lowest to highest."""
        return self.share.low - self.line.at, self.share.high - self.line.at

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        low, high = self.margin
        return {
            "line": self.line.id,
            "what": self.line.what,
            "at": float(self.line.at),
            "origin": self.origin,
            "share": self.share.to_dict(),
            "margin": [float(low), float(high)],
            "verdict": self.verdict,
            "source": self.line.source,
            "doubt": self.line.doubt,
        }


@dataclass(frozen=True)
class Exposure:
    """One product, rolled up."""

    root: str
    value: Fraction
    """USD a piece: as told for the product, else the sum of its parts."""
    mass: Fraction
    """kg a piece."""
    by_origin: Mapping[str, tuple[Fraction, Fraction]]
    """Origin (empty: not told) to USD and kg a piece, of the parts that are made of nothing else."""
    elements: Mapping[str, Fraction]
    """Element to kg a piece."""
    listed: Mapping[str, Fraction]
    """Origin to USD of parts that hold a listed element."""
    magnets: Fraction
    """kg of magnets."""
    recycled: Fraction
    """kg of rare earths from recycling."""
    technology: Mapping[str, tuple[str, ...]]
    """Technology origin to the parts made with it: a taint is not a share."""
    missing: tuple[tuple[str, str], ...]
    """(part, what nobody told)."""

    def origin_share(self, origin: str, basis: Basis = "value") -> Share:
        """The share of one origin; parts of untold origin count from not at all to wholly.

        Raises:
            BadValue: the product has no value or mass.
        """
        at = 0 if basis == "value" else 1
        whole = self.value if basis == "value" else self.mass
        if not whole:
            raise BadValue(
                f"the {basis} of {self.root} is not told", place=self.root, remedy=f"give its parts a {basis}"
            )
        sure = self.by_origin.get(origin, (Fraction(0), Fraction(0)))[at] / whole
        dark = self.by_origin.get("", (Fraction(0), Fraction(0)))[at] / whole
        return Share(sure, min(sure + dark, Fraction(1)))

    def margins(self, origin: str = "CN", lines: Sequence[Line] = LINES) -> tuple[Margin, ...]:
        """Each line with the product's share and the room left; lines whose base the product lacks are left out."""
        found = []
        for line in lines:
            share = _share_of(self, line, origin)
            if share is not None:
                found.append(Margin(line, origin, share, _side(share, line)))
        return tuple(found)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, as ``ytterby exposure --json`` prints them."""
        return {
            "root": self.root,
            "value_usd": float(self.value),
            "mass_kg": float(self.mass),
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
            "missing": [{"part": part, "what": what} for part, what in self.missing],
        }


def roll_up(bill: Bill, root: str | None = None) -> Exposure:
    """One product of a bill, rolled up over every level.

    Raises:
        UnknownName: no such thing in the bill.
        BadValue: several products and none named.
        Unbalanced: a thing that is part of itself; the loop is named.
    """
    chosen = _root(bill, root)
    counts = pieces(bill, chosen)
    parents = {parent for parent, _, _ in bill.uses}
    leaves = {name: count for name, count in counts.items() if name not in parents}
    sums = _Sums()
    for name, count in leaves.items():
        sums.add(bill.things[name], count)
    for name in counts.keys() - leaves.keys():
        if bill.things[name].technology:
            sums.technology.setdefault(bill.things[name].technology, []).append(name)
    told = bill.things[chosen]
    return Exposure(
        root=chosen,
        value=told.value if told.value is not None and chosen not in leaves else sums.value,
        mass=told.mass if told.mass is not None and chosen not in leaves else sums.mass,
        by_origin={origin: (value, mass) for origin, (value, mass) in sums.by_origin.items()},
        elements=sums.elements,
        listed=sums.listed,
        magnets=sums.magnets,
        recycled=sums.recycled,
        technology={name: tuple(sorted(parts)) for name, parts in sums.technology.items()},
        missing=tuple(sums.missing),
    )


def pieces(bill: Bill, root: str) -> dict[str, Fraction]:
    """How many of each thing one `root` holds, itself included, through every level.

    Counts are whole numbers over powers of one denominator: fractions are made once, at the end.
    """
    order = in_order(bill, root)
    inside = set(order)
    denominator = lcm(*{count.denominator for _, _, count in bill.uses} or {1})
    uses: dict[str, list[tuple[str, int]]] = {}
    for parent, child, count in bill.uses:
        if parent in inside:
            uses.setdefault(parent, []).append((child, count.numerator * (denominator // count.denominator)))
    amounts: dict[str, int] = {root: 1}
    depth: dict[str, int] = {root: 0}
    for parent in order:
        amount, below = amounts[parent], depth[parent] + 1
        for child, each in uses.get(parent, ()):
            had, at = amounts.get(child, 0), depth.get(child, below)
            level = max(at, below)
            # Both sides in the deeper denominator.
            amounts[child] = had * denominator ** (level - at) + amount * each * denominator ** (level - below)
            depth[child] = level
    return {name: Fraction(amounts[name], denominator ** depth[name]) for name in order}


@dataclass
class _Sums:
    value: Fraction = Fraction(0)
    mass: Fraction = Fraction(0)
    magnets: Fraction = Fraction(0)
    recycled: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        self.by_origin: dict[str, tuple[Fraction, Fraction]] = {}
        self.elements: dict[str, Fraction] = {}
        self.listed: dict[str, Fraction] = {}
        self.technology: dict[str, list[str]] = {}
        self.missing: list[tuple[str, str]] = []

    def add(self, thing: Thing, count: Fraction) -> None:
        """Adds `count` pieces of a part that is made of nothing else."""
        value = count * thing.value if thing.value is not None else Fraction(0)
        mass = count * thing.mass if thing.mass is not None else Fraction(0)
        facts = (("value_usd", thing.value), ("mass_kg", thing.mass), ("origin", thing.origin or None))
        self.missing += [(thing.id, name) for name, had in facts if had is None]
        self.value += value
        self.mass += mass
        had = self.by_origin.get(thing.origin, (Fraction(0), Fraction(0)))
        self.by_origin[thing.origin] = (had[0] + value, had[1] + mass)
        if thing.technology:
            self.technology.setdefault(thing.technology, []).append(thing.id)
        for symbol, part in thing.composition or ():
            self.elements[symbol] = self.elements.get(symbol, Fraction(0)) + mass * part
        inside = {symbol for symbol, part in thing.composition or () if part}
        if inside & set(LISTED):
            self.listed[thing.origin] = self.listed.get(thing.origin, Fraction(0)) + value
        if thing.material.startswith("magnet") or inside & set(COVERED):
            self.magnets += mass
            self.recycled += mass * (thing.recycled or 0)


def _root(bill: Bill, root: str | None) -> str:
    if root is not None:
        if root not in bill.things:
            raise UnknownName(root, list(bill.things), "thing", bill.name)
        return root
    roots = bill.roots
    if not roots:
        in_order(bill, next(iter(bill.things)))  # every thing is part of another: a loop, which this names
    if len(roots) != 1:
        shown = ", ".join(roots[:4]) + (" …" if len(roots) > 4 else "")
        raise BadValue(f"{len(roots)} products: {shown}", place=bill.name, remedy="name one: --root NAME")
    return roots[0]


def _share_of(one: Exposure, line: Line, origin: str) -> Share | None:
    zero = Fraction(0)
    if line.id == "cn-61-value" and one.value:
        sure, dark = one.listed.get(origin, zero), one.listed.get("", zero)
        return Share(sure / one.value, (sure + dark) / one.value)
    if line.id == "cn-18-mass" and one.magnets:
        both = one.elements.get("Dy", zero) + one.elements.get("Tb", zero)
        return Share(both / one.magnets, both / one.magnets)
    if line.id in ("us-25-value", "eu-65-value") and one.value:
        return one.origin_share(origin, "value")
    if line.id == "eu-25-recycled" and one.magnets:
        return Share(one.recycled / one.magnets, one.recycled / one.magnets)
    if line.id == "us-50-cots" and one.mass:
        return Share(one.magnets / one.mass, one.magnets / one.mass)
    return None


def _side(share: Share, line: Line) -> Literal["reached", "below", "undetermined"]:
    def reached(part: Fraction) -> bool:
        return part >= line.at if line.side == "at_least" else part > line.at

    low, high = reached(share.low), reached(share.high)
    return "undetermined" if low != high else "reached" if low else "below"


def by_price_date(
    bill: Bill, prices: Mapping[date, Mapping[str, Fraction]], root: str | None = None, origin: str = "CN"
) -> list[tuple[date, tuple[Margin, ...]]]:
    """The margins with the materials valued at the prices of each day: the same parts, another answer.

    `prices` are USD per kg by day and material id; a part whose material has a price is worth its mass times it.
    """
    found = []
    for day in sorted(prices):
        things = {name: _priced(thing, prices[day]) for name, thing in bill.things.items()}
        # The product's own told price holds for one day only; its parts carry it here.
        valued = Bill(things, bill.uses, bill.name)
        chosen = _root(valued, root)
        things[chosen] = _moved(bill, valued, chosen)
        found.append((day, roll_up(valued, chosen).margins(origin)))
    return found


def crossings(series: Iterable[tuple[date, Sequence[Margin]]]) -> list[tuple[str, date, str, str]]:
    """(line, day, verdict before, verdict from that day on) wherever a price date changes which side a share is on."""
    before: dict[str, str] = {}
    found: list[tuple[str, date, str, str]] = []
    for day, margins in series:
        for margin in margins:
            had = before.get(margin.line.id)
            if had is not None and had != margin.verdict:
                found.append((margin.line.id, day, had, margin.verdict))
            before[margin.line.id] = margin.verdict
    return found


def _priced(thing: Thing, prices: Mapping[str, Fraction]) -> Thing:
    if thing.material in prices and thing.mass is not None:
        return replace(thing, value=thing.mass * prices[thing.material])
    return thing


def _moved(bill: Bill, valued: Bill, root: str) -> Thing:
    """The product with its told value moved by what its parts moved."""
    told = bill.things[root]
    if told.value is None:
        return told
    counts = pieces(bill, root)
    moved = sum(
        ((valued.things[name].value or 0) - (bill.things[name].value or 0)) * count
        for name, count in counts.items()
        if name != root
    )
    return replace(told, value=told.value + moved)
