"""Home to prices in exposure: the same parts valued on another day, and where that moves a share over a line.

No text says on which day's price a share of value is taken; what a day's choice does is therefore shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from ytterby.rules import sheets
from ytterby.rules.bills import Bill, Thing, in_order, number_of
from ytterby.rules.exposure import Margin, product, roll_up
from ytterby.terms.errors import BadValue, InputError, UnknownName, shown
from ytterby.terms.materials import material

Prices = Mapping[date, Mapping[str, Fraction]]
"""USD per kg by day and material; a day's prices hold until the next of the same material."""

COLUMNS = ("date", "material", "usd_per_kg")


@dataclass(frozen=True)
class Priced:
    """The margins with the materials at one day's prices."""

    on: date
    margins: tuple[Margin, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "date": self.on.isoformat(),
            "lines": [
                {
                    "line": one.line.id,
                    "low": None if one.share is None else float(one.share.low),
                    "high": None if one.share is None else float(one.share.high),
                    "verdict": one.verdict,
                }
                for one in self.margins
            ],
        }


@dataclass(frozen=True)
class Crossing:
    """A day whose prices put a share on the other side of a line."""

    line: str
    on: date
    before: str
    after: str

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"line": self.line, "date": self.on.isoformat(), "before": self.before, "after": self.after}


def load(path: Path) -> Prices:
    """Prices from a file of `date`, `material` and `usd_per_kg` (CSV, JSON or Excel).

    Raises:
        BadValue, UnknownName: with file, line and column.
    """
    found: dict[date, dict[str, Fraction]] = {}
    for where, row in sheets.rows(path):
        unknown = next((name for name in row if name not in COLUMNS), None)
        if unknown is not None:
            raise UnknownName(unknown, COLUMNS, "column", where)
        texts = {name: str(row.get(name) or "").strip() for name in COLUMNS}
        empty = next((name for name, text in texts.items() if not text), None)
        if empty is not None:
            raise BadValue(f"no {empty}", place=where, remedy="give date, material and usd_per_kg")
        try:
            day = date.fromisoformat(texts["date"][:10])
        except ValueError:
            cause = f"'{shown(texts['date'])}' is no date"
            raise BadValue(cause, place=f"{where}, column date", remedy="write 2025-06-30") from None
        price = number_of(texts["usd_per_kg"], where, "usd_per_kg")
        if price < 0:
            raise BadValue(f"a price of {texts['usd_per_kg']}", place=where, remedy="give a number of 0 or more")
        name = named(texts["material"])
        if found.setdefault(day, {}).setdefault(name, price) != price:
            raise BadValue(f"two prices of {shown(name)} on {day}", place=where, remedy="keep one")
    if not found:
        raise BadValue("no prices", place=path.name, remedy="give lines of date, material and usd_per_kg")
    return found


def named(written: str) -> str:
    """The id of a material, or what was written where `terms.materials` has no such thing (steel)."""
    try:
        return material(written).id
    except InputError:
        return written


def by_price_date(bill: Bill, prices: Prices, root: str | None = None, origin: str = "CN") -> tuple[Priced, ...]:
    """The margins with the materials valued at the prices of each day: the same parts, another answer.

    A part whose material has a price by then is worth its mass times it; what a thing is told to be worth moves by what
    its parts move, so that what it adds to them stays.
    """
    chosen = product(bill, root)
    order = in_order(bill, chosen)
    at: dict[str, Fraction] = {}
    found = []
    for day in sorted(prices):
        at.update(prices[day])
        valued = _valued(bill, order, at)
        found.append(Priced(day, roll_up(valued, chosen).margins(origin)))
    return tuple(found)


def _valued(bill: Bill, order: Sequence[str], prices: Mapping[str, Fraction]) -> Bill:
    things: dict[str, Thing] = dict(bill.things)
    moved: dict[str, Fraction] = {}
    for name in reversed(order):
        thing, parts = bill.things[name], bill.parts.get(name)
        if parts is None:
            if thing.mass is not None and thing.material in prices:
                worth = thing.mass * prices[thing.material]
                moved[name] = worth - thing.value if thing.value is not None else Fraction(0)
                things[name] = replace(thing, value=worth)
            continue
        shift = sum((moved[child] * count for child, count in parts if child in moved), Fraction(0))
        if shift:
            moved[name] = shift
            if thing.value is not None:
                things[name] = replace(thing, value=max(thing.value + shift, Fraction(0)))
    return Bill(things, bill.uses, bill.name)


def crossings(series: Iterable[Priced]) -> tuple[Crossing, ...]:
    """Wherever a price date changes which side of a line a share is on."""
    before: dict[str, str] = {}
    found = []
    for one in series:
        for margin in one.margins:
            had = before.get(margin.line.id)
            if had is not None and had != margin.verdict:
                found.append(Crossing(margin.line.id, one.on, had, margin.verdict))
            before[margin.line.id] = margin.verdict
    return tuple(found)
