"""Home to planned orders: what the law wants of each, whether a licence is there, how far stocks reach, and what if.

A what-if changes the case from a day on: a licence revoked, a party listed, a suspension lapsed, another reading. What
went before that day stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from ytterby.rules import facts, regimes
from ytterby.rules.clauses import Assumption
from ytterby.rules.columns import columns
from ytterby.rules.judging import OUTCOMES, Law, judge
from ytterby.rules.licences import Holdings, Ledger, Shipment, Stock, draw_down
from ytterby.rules.parties import Party, PartyList
from ytterby.rules.reasons import Reason, reason
from ytterby.terms.errors import BadValue, UnknownName, shown

HORIZON = 730
"""Days for which stocks are followed."""

Said = tuple[str, tuple[str, ...]]
"""An outcome, and the kinds of licence that would do."""
Judge = Callable[[Sequence[Shipment]], Sequence[Said]]
"""What the law says of each order."""


@dataclass(frozen=True)
class Covered:
    """A planned order: what the law wants and whether a licence is there."""

    order: str
    day: date
    outcome: str
    kinds: tuple[str, ...]
    """Kinds of licence that would do."""
    permit: str
    why: Reason | None
    """Why it may not go; None where it may."""

    @property
    def fate(self) -> Reason:
        """Outcome, and whether it goes."""
        return reason("stays" if self.why else "goes", outcome=(self.outcome,))


def coverage(holdings: Holdings, said_of: Judge) -> tuple[Covered, ...]:
    """Each planned order against the law and the licences that are left after the shipments."""
    said = dict(zip((order.id for order in holdings.orders), said_of(holdings.orders), strict=True))
    needing = [order for order in holdings.orders if said[order.id][0] == "licence"]
    kinds = {order.id: said[order.id][1] for order in needing}
    ledger = draw_down(holdings.permits, [*holdings.shipments, *needing], kinds)
    drawn = {one.shipment: one for one in ledger.drawn}
    found = []
    for order in sorted(holdings.orders, key=lambda one: (one.day, one.id)):
        outcome, taken = said[order.id]
        permit, why = "", None
        if outcome == "licence":
            permit, miss = drawn[order.id].permit, drawn[order.id].miss
            why = None if miss is None else miss.reason
        elif outcome not in ("free", "reported"):
            why = reason("law_refuses" if outcome == "refused" else "ask_check")
        found.append(Covered(order.id, order.day, outcome, taken, permit, why))
    return tuple(found)


def by_law(held: Law) -> Judge:
    """The judge that asks the clauses, all orders at once."""

    def said_of(orders: Sequence[Shipment]) -> Sequence[Said]:
        told = [facts_of(order) for order in orders]
        asked = columns(told, [order.day for order in orders])
        # Elements without fractions: what they come to is unknown, not small.
        bare = np.array([not order.composition for order in orders], dtype=np.bool_)
        asked = replace(asked, fractions=np.where(bare[:, None], np.nan, asked.fractions))
        found = judge(held, asked)
        return [(OUTCOMES[int(rank)], found.licence(row)) for row, rank in enumerate(found.rank)]

    return said_of


PRESENT = 1e-6
"""A fraction that stands for any, taken out again before the clauses see it."""


def facts_of(order: Shipment) -> facts.Facts:
    """An order as facts.

    Raises:
        BadValue, UnknownName: facts of the order that cannot be, or that nobody knows.
    """
    item: dict[str, Any] = {"form": order.form}
    if order.material:
        item["material"] = order.material
    if order.content:
        item["composition"] = dict(order.composition) or dict.fromkeys(sorted(order.content), PRESENT)
    told = dict(order.facts)
    more = told.pop("item", {})
    if not isinstance(more, dict):
        raise BadValue("item is no mapping", place=f"order {order.id}", remedy="write item: {hs: ...}")
    named = {"item": {**item, **more}, "exporter": order.exporter, "end_user": order.end_user}
    return facts.of({**named, **told}, f"order {order.id}")


def runs_out(
    stock: Stock, covered: Sequence[Covered], orders: Iterable[Shipment], start: date, horizon_days: int = HORIZON
) -> date | None:
    """First day on which a stock falls short of its use, fed by the orders that go; None where it lasts the horizon.

    What was due before `start` is taken to be in the stock already.
    """
    goes = {one.order for one in covered if not one.why}
    arrivals: dict[date, Decimal] = {}
    for order in orders:
        if order.id in goes and (not stock.orders or order.id in stock.orders):
            day = order.day + timedelta(days=stock.transit_days)
            arrivals[day] = arrivals.get(day, Decimal(0)) + order.quantity_kg
    left = stock.kg
    for number in range(horizon_days):
        day = start + timedelta(days=number)
        left += arrivals.get(day, Decimal(0)) - stock.use_kg_a_day
        if left < 0:
            return day
    return None


@dataclass(frozen=True)
class Position:
    """Where one stands on a day."""

    on: date
    ledger: Ledger
    orders: tuple[Covered, ...]
    stocks: tuple[tuple[str, date | None], ...]
    """(stock, first day it falls short)."""
    review_days: float
    """Days within which nine of ten decisions fell, in practice."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, as ``ytterby licence --json`` prints them."""
        return {
            "on": self.on.isoformat(),
            "licences": [balance.to_dict(self.on, self.review_days) for balance in self.ledger.balances],
            "uncovered": [{"shipment": one.shipment, "why": one.why} for one in self.ledger.uncovered],
            "orders": [
                {
                    "order": one.order,
                    "date": one.day.isoformat(),
                    "outcome": one.outcome,
                    "kinds": list(one.kinds),
                    "licence": one.permit,
                    "why": "" if one.why is None else str(one.why),
                }
                for one in self.orders
            ],
            "stocks": [{"stock": name, "empty": None if day is None else day.isoformat()} for name, day in self.stocks],
        }


def position(holdings: Holdings, on: date, held: Law, review_days: float = 0.0) -> Position:
    """Draws down the shipments, judges the orders and follows the stocks."""
    covered = coverage(holdings, by_law(held))
    short = tuple((stock.name, runs_out(stock, covered, holdings.orders, on)) for stock in holdings.stocks)
    return Position(on, draw_down(holdings.permits, holdings.shipments), covered, short, review_days)


@dataclass(frozen=True)
class WhatIf:
    """What may happen on a day."""

    on: date
    revoke: tuple[str, ...] = ()
    """Licences that are revoked."""
    listed: tuple[tuple[str, str], ...] = ()
    """(party, list) that it is put on."""
    lapsed: tuple[str, ...] = ()
    """Instruments or clauses whose suspension lapses: they hold from that day on."""

    def __bool__(self) -> bool:
        return bool(self.revoke or self.listed or self.lapsed)


def supposed(case: WhatIf, holdings: Holdings, held: Law) -> tuple[Holdings, Law]:
    """Holdings and law after a what-if.

    Raises:
        UnknownName: a licence, list, instrument or clause nobody knows.
    """
    for name in case.revoke:
        holdings = _revoked(holdings, name, case.on)
    lists = dict(held.lists)
    for name, which in case.listed:
        if which not in lists:
            raise UnknownName(which, lists, "list of parties")
        lists[which] = _with(lists[which], name, case.on)
    assumed = [
        Assumption(instrument=name.partition(".")[0], clause=name if "." in name else "", since=case.on)
        for name in case.lapsed
    ]
    return holdings, replace(held, instruments=regimes.chosen(held.instruments, assume=assumed), lists=lists)


def _revoked(holdings: Holdings, permit: str, on: date) -> Holdings:
    if permit not in {one.id for one in holdings.permits}:
        raise UnknownName(permit, [one.id for one in holdings.permits], "licence", "permits")
    changed = [
        one.model_copy(update={"revoked_on": min(on, one.revoked_on or on)}) if one.id == permit else one
        for one in holdings.permits
    ]
    return holdings.model_copy(update={"permits": tuple(changed)})


def _with(one: PartyList, name: str, on: date) -> PartyList:
    if not name.strip():
        raise BadValue("a party without a name", place=f"list {shown(one.id)}", remedy="write NAME=LIST")
    country = one.members[0].country if one.members else "ZZ"
    party = Party(name=name, country=country, since=on, note="supposed")
    # Built anew: the names of a copy would still be those of the original.
    told = {name: getattr(one, name) for name in PartyList.model_fields}
    return PartyList.model_validate({**told, "members": (*one.members, party)})


@dataclass(frozen=True)
class Changed:
    """An order whose fate differs between the case as it is and a what-if."""

    order: str
    before: Reason
    """Outcome, and whether it goes."""
    after: Reason
    why: Reason | None
    """Why it does not go in one of the cases; None where it goes in both."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        told = {name: getattr(self, name) for name in ("before", "after", "why")}
        return {"order": self.order, **{name: "" if one is None else str(one) for name, one in told.items()}}


@dataclass(frozen=True)
class Compared:
    """What a what-if changes."""

    orders: tuple[Changed, ...]
    stocks: tuple[tuple[str, date | None, date | None], ...]
    """(stock, first short day before, and after); those that move."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "orders": [one.to_dict() for one in self.orders],
            "stocks": [
                {"stock": name, "before": None if was is None else was.isoformat(),
                 "after": None if now is None else now.isoformat()}
                for name, was, now in self.stocks
            ],
        }  # fmt: skip


def compare(before: Position, after: Position) -> Compared:
    """Orders that go in one case and not in the other, or under another outcome; stocks whose last day moves."""
    then = {one.order: one for one in after.orders}
    orders = []
    for one in before.orders:
        other = then[one.order]
        if (one.outcome, bool(one.why)) != (other.outcome, bool(other.why)):
            orders.append(Changed(one.order, one.fate, other.fate, other.why or one.why))
    ends = dict(after.stocks)
    moved = tuple((name, was, ends[name]) for name, was in before.stocks if was != ends[name])
    return Compared(tuple(orders), moved)
