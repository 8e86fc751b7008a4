"""Home to licences: what was applied for and granted, drawn down by shipments, and how far planned orders are covered.

Quantities are whole grams. An individual licence serves one exporter and one end user and cannot be split over two
modes of freight; a general licence serves the end users it names. Practice as told in 2025 (one licence per order,
freight mode fixed): Goudsmit Magnetics, July 2025.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from ytterby.rules import facts, pages
from ytterby.rules.clauses import Form, Record, Symbol, Word, backwards
from ytterby.rules.columns import columns
from ytterby.rules.parties import spelt
from ytterby.rules.verdicts import OUTCOMES, Law, judge
from ytterby.terms.errors import BadValue

GRAMS = 1000
"""Grams per kg."""

Mode = Literal["", "sea", "air", "rail", "road", "courier"]


class Permit(Record):
    """One licence, applied for or granted."""

    id: Word
    kind: Literal["individual", "general", "certificate"] = "individual"
    status: Literal["applied", "granted", "refused", "revoked", "withdrawn"] = "granted"
    exporter: Word
    end_users: tuple[Word, ...] = Field(min_length=1)
    elements: tuple[Symbol, ...] = ()
    """None named = whatever the form holds."""
    forms: tuple[Form, ...] = ()
    material: str = ""
    quantity_kg: Annotated[Decimal, Field(gt=0, lt=Decimal(10) ** 12)]
    applied: date | None = None
    since: date | None = Field(None, alias="from")
    until: date | None = None
    """Last day of validity."""
    mode: Mode = ""
    """Mode of freight it was granted for; an individual licence without one takes that of its first shipment."""

    @model_validator(mode="after")
    def _forward(self) -> Permit:
        if self.since is not None and self.until is not None and self.until < self.since:
            raise backwards(self.since, self.until)
        return self

    @property
    def grams(self) -> int:
        """Quantity granted."""
        return round(self.quantity_kg * GRAMS)


class Shipment(Record):
    """What was sent, or is planned to be."""

    id: Word
    day: date = Field(alias="date")
    exporter: Word
    end_user: Word
    elements: tuple[Symbol, ...] = ()
    form: Form
    material: str = ""
    quantity_kg: Annotated[Decimal, Field(gt=0, lt=Decimal(10) ** 12)]
    mode: Mode = ""
    facts: Mapping[str, Any] = Field(default_factory=dict)
    """What the law asks besides: ``from``, ``to``, ``origin``, ``end_use`` ..., as in `rules.facts`."""
    permit: str = ""
    """Licence named on the declaration; without it the one that expires first is drawn down."""

    @property
    def grams(self) -> int:
        """Quantity sent."""
        return round(self.quantity_kg * GRAMS)


class Stock(Record):
    """A stock that the orders feed."""

    name: Word
    kg: Annotated[Decimal, Field(ge=0, lt=Decimal(10) ** 12)]
    use_kg_a_day: Annotated[Decimal, Field(ge=0, lt=Decimal(10) ** 12)]
    orders: tuple[Word, ...] = ()
    """Orders that feed it; none named = all."""
    transit_days: Annotated[int, Field(ge=0, le=1000)] = 0


class Holdings(Record):
    """A file of licences, shipments, planned orders and stocks."""

    permits: tuple[Permit, ...] = ()
    shipments: tuple[Shipment, ...] = ()
    orders: tuple[Shipment, ...] = ()
    stocks: tuple[Stock, ...] = ()


@dataclass(frozen=True)
class Drawn:
    """One shipment against the licences."""

    shipment: str
    permit: str
    """The licence it drew on; empty where none covers it."""
    grams: int
    why: str
    """Why it is not covered, with the nearest licence; empty where it is."""


@dataclass(frozen=True)
class Balance:
    """One licence after the shipments."""

    permit: Permit
    drawn: int
    """Grams."""
    mode: Mode

    @property
    def left(self) -> int:
        """Grams that may still be shipped while it is valid."""
        return self.permit.grams - self.drawn

    def to_dict(self, on: date, review_days: float = 0.0) -> dict[str, Any]:
        """Plain JSON values as of a day; `review_days` is how long a renewal takes."""
        one = self.permit
        due = None if one.until is None else one.until - timedelta(days=round(review_days))
        return {
            "id": one.id,
            "kind": one.kind,
            "status": standing(one, on),
            "exporter": one.exporter,
            "end_users": list(one.end_users),
            "quantity_kg": str(one.quantity_kg),
            "drawn_kg": str(Decimal(self.drawn) / GRAMS),
            "left_kg": str(Decimal(self.left) / GRAMS),
            "until": None if one.until is None else one.until.isoformat(),
            "apply_for_renewal_by": None if due is None else due.isoformat(),
            "renewal_overdue": due is not None and due < on,
        }


@dataclass(frozen=True)
class Ledger:
    """Licences with what shipments drew, in the order of the shipments' days."""

    balances: tuple[Balance, ...]
    drawn: tuple[Drawn, ...]

    @property
    def uncovered(self) -> tuple[Drawn, ...]:
        """Shipments that no licence covers."""
        return tuple(one for one in self.drawn if one.why)


def load(path: Path) -> Holdings:
    """Licences, shipments and orders from a YAML file; errors name file, line and key."""
    return pages.read(path, Holdings)


def standing(permit: Permit, on: date) -> str:
    """``pending``, ``valid``, ``not yet valid``, ``expired``, or why there is none."""
    if permit.status != "granted":
        return {"applied": "pending"}.get(permit.status, permit.status)
    if permit.since is not None and on < permit.since:
        return "not yet valid"
    return "expired" if permit.until is not None and on > permit.until else "valid"


def draw_down(permits: Iterable[Permit], shipments: Iterable[Shipment]) -> Ledger:
    """Draws shipments from the licences that cover them, oldest first; of several the one that expires first.

    A shipment is covered whole or not at all: a part of it without a licence is a shipment without a licence.

    Raises:
        BadValue: a licence or a shipment twice.
    """
    held = {one.id: Balance(one, 0, one.mode) for one in _once(permits, "licence")}
    drawn: list[Drawn] = []
    for shipment in sorted(_once(shipments, "shipment"), key=lambda one: (one.day, one.id)):
        told = [(balance, _why_not(balance, shipment)) for balance in held.values()]
        if shipment.permit:
            told = [(balance, why) for balance, why in told if balance.permit.id == shipment.permit]
        fit = sorted((b for b, why in told if not why), key=lambda b: (b.permit.until or date.max, b.permit.id))
        if fit:
            best = fit[0]
            held[best.permit.id] = replace(
                best, drawn=best.drawn + shipment.grams, mode=best.mode or _mode(best, shipment)
            )
            drawn.append(Drawn(shipment.id, best.permit.id, shipment.grams, ""))
        else:
            drawn.append(Drawn(shipment.id, "", shipment.grams, _nearest(told, shipment)))
    return Ledger(tuple(held.values()), tuple(drawn))


def _mode(balance: Balance, shipment: Shipment) -> Mode:
    return shipment.mode if balance.permit.kind == "individual" else ""


def _once(records: Iterable[Any], what: str) -> list[Any]:
    kept: dict[str, Any] = {}
    for one in records:
        if one.id in kept:
            raise BadValue(f"{what} '{one.id}' twice", place=f"{what}s", remedy="give each its own id")
        kept[one.id] = one
    return list(kept.values())


_ORDER = ("names another exporter", "names another end user", "is about other goods", "is for freight by")
"""From the farthest miss to the nearest: what a reader wants to hear of is the licence that nearly fits."""


def _why_not(balance: Balance, shipment: Shipment) -> str:
    permit = balance.permit
    if spelt(permit.exporter) != spelt(shipment.exporter):
        return "names another exporter"
    if spelt(shipment.end_user) not in {spelt(name) for name in permit.end_users}:
        return "names another end user"
    if permit.forms and shipment.form not in permit.forms:
        return "is about other goods"
    if permit.material and permit.material != shipment.material:
        return "is about other goods"
    if permit.elements and not set(shipment.elements) <= set(permit.elements):
        beyond = ", ".join(sorted(set(shipment.elements) - set(permit.elements)))
        return f"is about other goods ({beyond} not named)"
    state = standing(permit, shipment.day)
    if state != "valid":
        return f"is {state} on {shipment.day}"
    if balance.mode and shipment.mode and balance.mode != shipment.mode:
        return f"is for freight by {balance.mode}, not {shipment.mode}"
    if shipment.grams > balance.left:
        return f"has {Decimal(balance.left) / GRAMS} kg left of {permit.quantity_kg}"
    return ""


def _nearest(told: Sequence[tuple[Balance, str]], shipment: Shipment) -> str:
    if not told:
        return f"no licence '{shipment.permit}' is held" if shipment.permit else "no licence is held"

    def near(item: tuple[Balance, str]) -> int:
        return next((at for at, start in enumerate(_ORDER) if item[1].startswith(start)), len(_ORDER))

    balance, why = max(told, key=near)
    return f"{balance.permit.id} {why}"


@dataclass(frozen=True)
class Covered:
    """A planned order: what the law wants and whether a licence is there."""

    order: str
    day: date
    outcome: str
    permit: str
    why: str
    """Why it may not go; empty where it may."""


Judge = Callable[[Shipment], str]
"""What the law says of an order: ``free``, ``reported``, ``licence``, ``refused`` or ``undetermined``."""


def coverage(holdings: Holdings, judge: Judge) -> tuple[Covered, ...]:
    """Each planned order against the law and the licences that are left after the shipments."""
    outcomes = {order.id: judge(order) for order in holdings.orders}
    needing = [order for order in holdings.orders if outcomes[order.id] == "licence"]
    ledger = draw_down(holdings.permits, [*holdings.shipments, *needing])
    drawn = {one.shipment: one for one in ledger.drawn}
    found = []
    for order in sorted(holdings.orders, key=lambda one: (one.day, one.id)):
        outcome = outcomes[order.id]
        permit, why = "", ""
        if outcome == "licence":
            permit, why = drawn[order.id].permit, drawn[order.id].why
        elif outcome not in ("free", "reported"):
            why = "the law refuses it" if outcome == "refused" else "facts are missing: ask check"
        found.append(Covered(order.id, order.day, outcome, permit, why))
    return tuple(found)


@dataclass(frozen=True)
class Changed:
    """An order whose fate differs between the case as it is and a what-if."""

    order: str
    before: str
    after: str
    why: str


def what_if(before: Sequence[Covered], after: Sequence[Covered]) -> tuple[Changed, ...]:
    """Orders that go in one case and not in the other, or under another outcome."""
    then = {one.order: one for one in after}
    found = []
    for one in before:
        other = then[one.order]
        if (one.outcome, bool(one.why)) != (other.outcome, bool(other.why)):
            found.append(Changed(one.order, _fate(one), _fate(other), other.why or one.why))
    return tuple(found)


def _fate(one: Covered) -> str:
    return f"{one.outcome}, {'does not go' if one.why else 'goes'}"


def revoked(holdings: Holdings, permit: str) -> Holdings:
    """The same holdings with one licence revoked.

    Raises:
        BadValue: no such licence.
    """
    if permit not in {one.id for one in holdings.permits}:
        held = ", ".join(one.id for one in holdings.permits) or "none"
        raise BadValue(f"no licence '{permit}'", place="permits", remedy=f"held: {held}")
    changed = [p.model_copy(update={"status": "revoked"}) if p.id == permit else p for p in holdings.permits]
    return holdings.model_copy(update={"permits": tuple(changed)})


def runs_out(
    stock: Stock, covered: Sequence[Covered], orders: Iterable[Shipment], start: date, horizon_days: int = 730
) -> date | None:
    """First day on which a stock is empty, fed by the orders that go; None where it lasts the horizon."""
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


def facts_of(order: Shipment) -> dict[str, Any]:
    """An order as facts for `rules.facts.of`."""
    item: dict[str, Any] = {"form": order.form}
    if order.material:
        item["material"] = order.material
    if order.elements:
        item["composition"] = dict.fromkeys(order.elements, 0.01)
    return {"item": item, "exporter": order.exporter, "end_user": order.end_user, **order.facts}


@dataclass(frozen=True)
class Position:
    """Where one stands on a day."""

    on: date
    ledger: Ledger
    orders: tuple[Covered, ...]
    stocks: tuple[tuple[str, date | None], ...]
    """(stock, first empty day)."""
    review_days: float
    """Days within which nine of ten renewals were decided."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, as ``ytterby licence --json`` prints them."""
        return {
            "on": self.on.isoformat(),
            "licences": [balance.to_dict(self.on, self.review_days) for balance in self.ledger.balances],
            "uncovered": [{"shipment": one.shipment, "why": one.why} for one in self.ledger.uncovered],
            "orders": [
                {"order": o.order, "date": o.day.isoformat(), "outcome": o.outcome, "licence": o.permit, "why": o.why}
                for o in self.orders
            ],
            "stocks": [{"stock": name, "empty": None if day is None else day.isoformat()} for name, day in self.stocks],
        }


def position(holdings: Holdings, on: date, held: Law, review_days: float = 0.0) -> Position:
    """Draws down the shipments, judges the orders and follows the stocks."""

    def judged(order: Shipment) -> str:
        told = facts.of(facts_of(order), f"order {order.id}")
        return OUTCOMES[int(judge(held, columns([told], [order.day])).rank[0])]

    covered = coverage(holdings, judged)
    empty = tuple((stock.name, runs_out(stock, covered, holdings.orders, on)) for stock in holdings.stocks)
    return Position(on, draw_down(holdings.permits, holdings.shipments), covered, empty, review_days)
