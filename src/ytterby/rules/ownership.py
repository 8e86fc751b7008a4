"""Home to ownership: which firms listed parties hold by half or more, through any number of firms between.

Two conventions, both without multiplying shares along a chain:

- ``aggregate``: a firm is reached where listed and reached owners *together* hold the floor or more (so counts the
  Affiliates rule of the US Bureau of Industry and Security);
- ``chain``: a firm is reached where *one* listed or reached owner alone holds the floor or more (the plain sense of
  "subsidiaries held by 50 % or more" in section 2 of Announcement 61).

What ``chain`` reaches, ``aggregate`` reaches too. Circles of holdings reach nobody by themselves: the answer is the
smallest set that the listed parties force. Shares are exact fractions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from ytterby.rules.parties import spelt
from ytterby.terms.errors import BadValue, UnknownName, shown

Convention = Literal["aggregate", "chain"]
CONVENTIONS: tuple[Convention, ...] = ("aggregate", "chain")
HALF = Fraction(1, 2)

WRITTEN = re.compile(
    r"(?P<number>[+-]?(?:\d{1,40}/(?P<under>\d{1,40})|(?:\d{1,40}\.?\d{0,40}|\.\d{1,40})(?:[eE][+-]?\d{1,3})?))"
    r"\s*(?P<percent>[%％]?)",
    re.ASCII,
)

Given = Fraction | int | float | Decimal | str
"""A share as people write it: ``0.5``, ``"50 %"``, ``"1/2"``, a fraction."""


@dataclass(frozen=True, slots=True)
class Holding:
    """One owner's part of one firm."""

    owner: str
    owned: str
    share: Fraction

    def __str__(self) -> str:
        return f"{self.owner} holds {told(self.share)} of {self.owned}"


@dataclass(frozen=True, slots=True)
class Reach:
    """A firm that listed parties reach, with the evidence."""

    party: str
    share: Fraction
    """What the counted owners hold together, or the largest of them under ``chain``."""
    path: tuple[Holding, ...]
    """From a listed party down to the firm, by the largest counted owner of each step."""
    counted: tuple[Holding, ...]
    """Every holding of the firm itself that counts."""

    @property
    def root(self) -> str:
        """The listed party the path starts from."""
        return self.path[0].owner

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; shares as fractions in text."""
        return {
            "party": self.party,
            "share": str(self.share),
            "path": [str(step) for step in self.path],
            "counted": [{"owner": one.owner, "share": str(one.share)} for one in self.counted],
        }


def told(share: Fraction) -> str:
    """A share in per cent, exact where that is short.

    >>> told(Fraction(1, 2)), told(Fraction(1, 3))
    ('50 %', '1/3')
    """
    percent = share * 100
    scaled = percent * 10**6
    return f"{float(percent):g} %" if scaled.denominator == 1 else str(share)


def exact(share: Given, place: str = "") -> Fraction:
    """A share as an exact fraction from 0 to 1; decimals mean what they say.

    >>> exact("33.4 %"), exact(0.1), exact("1/3")
    (Fraction(167, 500), Fraction(1, 10), Fraction(1, 3))

    Raises:
        BadValue: no number, negative, or above the whole.
    """
    text = share.strip() if isinstance(share, str) else str(share)
    written = WRITTEN.fullmatch(text)
    if isinstance(share, bool) or written is None or (written["under"] and not int(written["under"])):
        raise BadValue(f"'{shown(text)}' is no share", place=place, remedy='write 0.5, "50 %" or "1/2"')
    value = Fraction(written["number"]) / (100 if written["percent"] else 1)
    if value < 0:
        raise BadValue(f"a negative share of {text}", place=place, remedy="write a share from 0 to 1")
    if value > 1:
        raise BadValue(
            f"a share of {text}: more than the whole", place=place, remedy=f'write "{text} %" or a part of 1'
        )
    return value


def holdings(raw: Mapping[str, Mapping[str, Given]]) -> tuple[Holding, ...]:
    """Holdings from ``{owned: {owner: share}}``, looked over; holdings of nothing are left out.

    Raises:
        BadValue: a share that cannot be, owners with more than the whole together, a firm that owns itself, or a firm
            or owner given twice under two spellings.
    """
    firms: dict[str, str] = {}
    found = []
    for owned, owners in raw.items():
        key = _key(owned, "the holdings")
        if key in firms:
            cause = f"'{shown(owned)}' and '{shown(firms[key])}' are one firm, given twice"
            raise BadValue(cause, place="the holdings", remedy="give each firm's owners once")
        firms[key] = owned
        found += _of_firm(owned, key, owners)
    names: dict[str, str] = {}
    for one in found:
        for name in (one.owned, one.owner):
            names.setdefault(spelt(name), name)
    return tuple(Holding(names[spelt(one.owner)], names[spelt(one.owned)], one.share) for one in found)


def _of_firm(owned: str, key: str, owners: Mapping[str, Given]) -> list[Holding]:
    place = f"owners of {shown(owned)}"
    seen: dict[str, str] = {}
    found = []
    for owner, given in owners.items():
        own = _key(owner, place)
        if own == key:
            remedy = "leave its own shares out, and give the others' parts of what remains"
            raise BadValue("a firm cannot own itself", place=place, remedy=remedy)
        if own in seen:
            cause = f"'{shown(owner)}' and '{shown(seen[own])}' are one owner, given twice"
            raise BadValue(cause, place=place, remedy="give one share for each owner")
        seen[own] = owner
        share = exact(given, f"{place}, {shown(owner)}")
        if share > 0:
            found.append(Holding(owner, owned, share))
    whole = sum((one.share for one in found), Fraction(0))
    if whole > 1:
        raise BadValue(
            f"the shares sum to {told(whole)}: more than the whole", place=place, remedy="mend the wrong one"
        )
    return found


def _key(name: object, place: str) -> str:
    key = spelt(name) if isinstance(name, str) else ""
    if not key:
        raise BadValue(f"'{shown(str(name))}' is no name", place=place, remedy="name the firm")
    return key


def reached(
    held: Mapping[str, Mapping[str, Given]],
    listed: Iterable[str],
    floor: Given = HALF,
    convention: Convention = "aggregate",
) -> dict[str, Reach]:
    """Every firm that the listed parties reach, by name; the listed parties themselves are not among them.

    Args:
        held: ``{owned: {owner: share}}``.
        listed: names of listed parties; spelling is compared without case, blanks and punctuation.
        floor: the share from which on a firm is reached.
        convention: see the module.

    Raises:
        BadValue: see `holdings`; a floor of 0 or above the whole.
        UnknownName: a convention nobody knows.
    """
    if convention not in CONVENTIONS:
        raise UnknownName(convention, CONVENTIONS, "convention of ownership")
    line = exact(floor, "the floor")
    if line == 0:
        raise BadValue("a floor of 0 reaches everybody", place="the floor", remedy="give a share above 0")
    by_owned: dict[str, list[Holding]] = {}
    for one in holdings(held):
        by_owned.setdefault(spelt(one.owned), []).append(one)
    counted = {_key(name, "the listed parties"): 0 for name in listed}
    rounds = 0
    while True:
        rounds += 1
        new = [
            key
            for key, owners in by_owned.items()
            if key not in counted and _share([one for one in owners if spelt(one.owner) in counted], convention) >= line
        ]
        if not new:
            break
        counted.update(dict.fromkeys(new, rounds))
    found = (
        _reach(key, by_owned, counted, convention) for key, when in sorted(counted.items()) if when and key in by_owned
    )
    return {one.party: one for one in found}


def _share(counting: Iterable[Holding], convention: Convention) -> Fraction:
    shares = [one.share for one in counting]
    return max(shares, default=Fraction(0)) if convention == "chain" else sum(shares, Fraction(0))


def _reach(
    key: str, by_owned: Mapping[str, list[Holding]], counted: Mapping[str, int], convention: Convention
) -> Reach:
    holders = sorted((one for one in by_owned[key] if spelt(one.owner) in counted), key=_largest_first)
    steps = []
    at = key
    while counted[at]:
        # Only owners reached in an earlier round: a circle cannot be its own evidence.
        earlier = [one for one in by_owned[at] if counted.get(spelt(one.owner), counted[at]) < counted[at]]
        step = min(earlier, key=_largest_first)
        steps.append(step)
        at = spelt(step.owner)
    return Reach(holders[0].owned, _share(holders, convention), tuple(reversed(steps)), tuple(holders))


def _largest_first(one: Holding) -> tuple[Fraction, str]:
    return -one.share, spelt(one.owner)


def listed_owners(
    held: Mapping[str, Mapping[str, Given]], firm: str, listed: Iterable[str], floor: Given = HALF
) -> dict[str, Fraction]:
    """What counts against `firm`, put down to the listed parties behind it: the fact ``owners`` of a transfer.

    The shares sum to the floor or more exactly where `reached` reaches the firm by aggregation.
    """
    names = {spelt(name): name for name in listed}
    behind = {spelt(name): reach.root for name, reach in reached(held, names.values(), floor).items()}
    found: dict[str, Fraction] = {}
    for one in holdings(held):
        if spelt(one.owned) == spelt(firm):
            owner = spelt(one.owner)
            root = names.get(owner) or behind.get(owner)
            if root is not None:
                found[root] = found.get(root, Fraction(0)) + one.share
    return found
