"""Home to roll-ups: how much of a thing some portion of its parts makes up, exactly, through every level.

Amounts are whole numbers over common denominators, so that nothing is rounded. Where something is not told the answer
is an interval that holds for whatever it may be:

- a thing told to be worth more than its parts adds the rest itself, at its own origin;
- if some of its parts are not told, the rest may be theirs;
- where nothing bounds what is not told, a share may reach from nothing to the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm

from ytterby.rules.bills import Amount, Bill, Thing, in_order
from ytterby.terms.errors import BadValue, shown

Number = int | Fraction

WIDEST = 4096
"""Bits a common denominator may have: beyond it, fractions are cheaper."""

YES, NO, MAYBE = 1, 0, -1

Answer = Callable[[Thing], int]
"""`YES`, `NO` or `MAYBE` of a thing."""


@dataclass(frozen=True)
class Share:
    """A share with what is not known: it lies from `low` to `high`, and is exact where the two are one."""

    low: Fraction
    high: Fraction

    @property
    def exact(self) -> bool:
        """Whether nothing is missing."""
        return self.low == self.high

    def to_dict(self) -> dict[str, float | str | None]:
        """Plain JSON values: floats, and the fraction as text where it is exact."""
        return {"low": float(self.low), "high": float(self.high), "exact": str(self.low) if self.exact else None}


ALL_OR_NONE = Share(Fraction(0), Fraction(1))


@dataclass(frozen=True)
class Tree:
    """One product of a bill: its things, parents first, with scaled counts."""

    bill: Bill
    names: tuple[str, ...]
    kids: tuple[tuple[tuple[int, Number], ...], ...]
    """By thing: (number of the part, how many), in the scale of the thing."""
    scale: tuple[Number, ...]
    """By thing: what its amounts are multiplied by, so that all counts below it are whole numbers."""

    @cached_property
    def things(self) -> tuple[Thing, ...]:
        """The things, parents first."""
        return tuple(self.bill.things[name] for name in self.names)

    @cached_property
    def counts(self) -> list[Number]:
        """How often each thing's scaled amount goes into the product's."""
        found: list[Number] = [0] * len(self.names)
        found[0] = 1
        for at, kids in enumerate(self.kids):
            own = found[at]
            for kid, each in kids:
                found[kid] += own * each
        return found

    def leaf(self, at: int) -> bool:
        """Whether a thing is made of nothing else."""
        return not self.kids[at]


def tree(bill: Bill, root: str) -> Tree:
    """The product `root` with all its parts."""
    names = in_order(bill, root)
    number = {name: at for at, name in enumerate(names)}
    parts = [bill.parts.get(name, ()) for name in names]
    each = _common(count for uses in parts for _, count in uses)
    height = [0] * len(names)
    for at in range(len(names) - 1, -1, -1):
        for child, _ in parts[at]:
            height[at] = max(height[at], height[number[child]] + 1)
    powers: list[Number] = [1]
    while len(powers) <= height[0]:
        powers.append(powers[-1] * each)
    kids = tuple(
        tuple(
            (number[child], _times(count, each) * powers[height[at] - 1 - height[number[child]]])
            for child, count in uses
        )
        for at, uses in enumerate(parts)
    )
    return Tree(bill, tuple(names), kids, tuple(powers[one] for one in height))


def pieces(bill: Bill, root: str) -> dict[str, Fraction]:
    """How many of each thing one `root` holds, itself included, through every level."""
    one = tree(bill, root)
    whole = one.scale[0]
    return {
        name: Fraction(count * own) / whole for name, count, own in zip(one.names, one.counts, one.scale, strict=True)
    }


def _common(amounts: Iterable[Fraction]) -> int:
    """The common denominator; 1 where it would be too long to gain anything."""
    found = 1
    for denominator in {amount.denominator for amount in amounts}:
        found = lcm(found, denominator)
        if found.bit_length() > WIDEST:
            return 1
    return found


def _times(amount: Fraction, each: int) -> Number:
    """`amount` in a scale; a whole number where the scale is a multiple of its denominator."""
    whole, rest = divmod(each, amount.denominator)
    return amount * each if rest else amount.numerator * whole


@dataclass(frozen=True)
class Scaled:
    """An amount of each thing of a tree: told or not, as whole numbers."""

    told: tuple[Number | None, ...]
    unit: Number
    """What the product's own number is divided by to get the amount back."""
    tight: bool = True
    """Whether parts may not come to more than the whole that is told (a price); else the more is the whole (a mass,
    of which some is cut away)."""


def scaled(one: Tree, amounts: Sequence[Fraction | None], *, tight: bool = False) -> Scaled:
    """Some amount a piece of each thing, in the tree's scale."""
    each = _common(amount for amount in amounts if amount is not None)
    told = tuple(
        None if amount is None else _times(amount, each) * own for amount, own in zip(amounts, one.scale, strict=True)
    )
    return Scaled(told, each * one.scale[0], tight)


def of_amount(one: Tree, amount: Amount) -> Scaled:
    """The told values or masses."""
    return scaled(one, [thing.told(amount) for thing in one.things], tight=amount == "value")


@dataclass(slots=True)
class _Open:
    """A sum that is not settled: a portion and everything else, each from low to high (None: without bound)."""

    low: Number
    high: Number | None
    rest_low: Number
    rest_high: Number | None
    total: Number | None
    """The two together, where that is known."""

    @property
    def least(self) -> Number:
        """The least that the two come to together."""
        return self.low + self.rest_low if self.total is None else self.total

    @property
    def claim(self) -> int:
        """Whether what is beyond the least belongs to the portion."""
        return YES if self.rest_high is not None else NO if self.high is not None else MAYBE

    def add(self, other: _Open, each: Number) -> None:
        """Adds some pieces of a part."""
        self.low += other.low * each
        self.rest_low += other.rest_low * each
        self.high = _plus(self.high, other.high, each)
        self.rest_high = _plus(self.rest_high, other.rest_high, each)
        self.total = _plus(self.total, other.total, each)


def _plus(one: Number | None, other: Number | None, each: Number) -> Number | None:
    return None if one is None or other is None else one + other * each


@dataclass(frozen=True)
class Rolled:
    """A portion of a product."""

    share: Share | None
    """Of the whole; None where the whole is nothing."""
    low: Fraction
    """Amount of the portion."""
    high: Fraction | None
    """None: nothing bounds it."""
    total: Fraction | None
    """Amount of the whole; None where it is not settled."""


def roll(
    one: Tree, amount: Scaled, within: Answer, added: Answer | None = None, caught: Answer | None = None
) -> Rolled:
    """The portion of a product's amount that the parts make up for which `within` answers yes.

    Args:
        one: the product.
        amount: what is summed.
        within: whether a part that is made of nothing else belongs to the portion.
        added: whether what a thing adds to its parts belongs to it; without it, never.
        caught: whether a thing that is made of others belongs to it as a whole; without it, never.

    Raises:
        BadValue: parts that come to more than their whole, where the amount is a price.
    """
    things = one.things
    lows: list[Number] = [0] * len(things)
    totals: list[Number] = [0] * len(things)
    opened: dict[int, _Open] = {}
    for at in range(len(things) - 1, -1, -1):
        kids, told = one.kids[at], amount.told[at]
        if not kids:
            said = within(things[at])
            if told is None or said == MAYBE:
                opened[at] = _leaf(told, said)
            else:
                totals[at], lows[at] = told, told if said == YES else 0
            continue
        low: Number = 0
        total: Number = 0
        unsure: list[tuple[_Open, Number]] = []
        for kid, each in kids:
            if kid in opened:
                unsure.append((opened[kid], each))
            else:
                low += lows[kid] * each
                total += totals[kid] * each
        rest, whole = _rest(one, amount, at, total, unsure)
        said = NO if added is None or not rest else added(things[at])
        hit = NO if caught is None else caught(things[at])
        if unsure or said == MAYBE or hit == MAYBE:
            parts = _Open(low, low, total - low, total - low, total)
            for part, each in unsure:
                parts.add(part, each)
            opened[at] = _catch(_close(parts, rest, whole, said, [part for part, _ in unsure]), hit)
        else:
            totals[at] = total + (rest or 0)
            lows[at] = totals[at] if hit == YES else low + (rest or 0 if said == YES else 0)
    low, total = lows[0], totals[0]
    return _rolled(opened.get(0) or _Open(low, low, total - low, total - low, total), amount)


def _rest(
    one: Tree, amount: Scaled, at: int, total: Number, unsure: Sequence[tuple[_Open, Number]]
) -> tuple[Number | None, Number]:
    """What a thing is told to come to beyond its parts (None where it is not told), and to what it then comes."""
    told = amount.told[at]
    least = total + sum(each * part.least for part, each in unsure)
    if told is None:
        return None, least
    if told >= least:
        return told - least, told
    if amount.tight:
        unit = amount.unit * one.scale[at] / Fraction(one.scale[0])
        cause = f"{shown(one.names[at])} is told to be worth {float(told / unit):,.6g}"
        cause += f" and its parts come to {float(least / unit):,.6g}"
        place = one.bill.things[one.names[at]].place
        raise BadValue(cause, place=place, remedy="mend the value of the whole or of a part, or leave the whole out")
    return (None if any(part.total is None for part, _ in unsure) else 0), least


def _leaf(told: Number | None, said: int) -> _Open:
    if told is not None:
        return _Open(0, told, 0, told, told)
    return _Open(0, 0 if said == NO else None, 0, 0 if said == YES else None, None)


def _close(parts: _Open, rest: Number | None, total: Number, said: int, unsure: Sequence[_Open]) -> _Open:
    """A thing's sum once it is known that it comes to `total`; `rest` is what that leaves beyond its parts."""
    if rest is None:
        return parts
    # The rest is the thing's own, or of parts that nobody told: it belongs to the portion for certain only if all who
    # may claim it do.
    claims = [said] + [part.claim for part in unsure if part.total is None]
    low = parts.low + (rest if all(claim == YES for claim in claims) else 0)
    most = total - parts.rest_low
    if parts.high is not None:
        most = min(most, parts.high + (rest if any(claim != NO for claim in claims) else 0))
    return _Open(low, most, total - most, total - low, total)


def _catch(one: _Open, hit: int) -> _Open:
    """A thing that belongs to the portion as a whole, or may."""
    if hit == NO:
        return one
    if one.total is not None:
        low = one.total if hit == YES else one.low
        return _Open(low, one.total, 0, one.total - low, one.total)
    if hit == YES:
        return _Open(one.least, None, 0, 0, None)
    return _Open(one.low, None, 0, one.rest_high, None)


def _rolled(found: _Open, amount: Scaled) -> Rolled:
    def back(number: Number | None) -> Fraction | None:
        return None if number is None else Fraction(number) / amount.unit

    return Rolled(_share(found), Fraction(found.low) / amount.unit, back(found.high), back(found.total))


def _share(found: _Open) -> Share | None:
    if found.total is not None:
        whole = found.total
        return Share(Fraction(found.low) / whole, Fraction(found.high or 0) / whole) if whole else None
    if found.rest_high is None:
        low = Fraction(0)
    else:
        low = Fraction(found.low) / (found.low + found.rest_high) if found.rest_high else Fraction(1)
    if found.high is None:
        return Share(low, Fraction(1))
    return Share(low, Fraction(found.high) / (found.high + found.rest_low) if found.high else Fraction(0))


def by_key(
    one: Tree, amount: Scaled, key: Callable[[Thing], str], unknown: str = ""
) -> tuple[dict[str, Fraction], Fraction | None]:
    """The amounts that are told, summed by a key of the parts, and their total where it is settled.

    What a thing adds to its parts stands under its own key; what cannot be told apart (a rest that may be that of parts
    nobody told) under `unknown`.

    Raises:
        BadValue: parts that come to more than their whole, where the amount is a price.
    """
    totals: list[Number] = [0] * len(one.names)
    blind: set[int] = set()
    sums: dict[str, Number] = {}
    for at in range(len(one.names) - 1, -1, -1):
        told, kids = amount.told[at], one.kids[at]
        own: Number = told or 0
        name = key(one.things[at])
        missing = told is None and not kids
        if kids:
            total: Number = sum(totals[kid] * each for kid, each in kids)
            missing = bool(blind) and any(kid in blind for kid, _ in kids)
            own = 0
            if told is not None:
                rest, _ = _rest(one, amount, at, total, ())
                own = rest or 0
            totals[at] = total + own
            name = unknown if missing else name
        else:
            totals[at] = own
        if missing and told is None:
            blind.add(at)
        if own:
            sums[name] = sums.get(name, 0) + own * one.counts[at]
    found = {name: Fraction(total) / amount.unit for name, total in sums.items()}
    return found, None if 0 in blind else Fraction(totals[0]) / amount.unit
