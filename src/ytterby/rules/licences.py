"""Home to licences: what was applied for and granted, drawn down by shipments, and how far planned orders are covered.

Quantities are whole micrograms, as in custody. An individual licence serves one exporter and one end user and cannot be
split over two modes of freight; a general licence serves the end users it names and may be without a quantity. Practice
as told in 2025 (one licence per order, freight mode fixed): Goudsmit Magnetics, July 2025.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from ytterby.rules import pages
from ytterby.rules.clauses import Form, Record, Share, Symbol, Word, backwards
from ytterby.rules.parties import spelt
from ytterby.rules.reasons import Reason, either, reason
from ytterby.terms.errors import BadValue, shown

MICROGRAMS = 10**9
"""Micrograms per kg."""

Quantity = Annotated[Decimal, Field(gt=0, lt=Decimal(10) ** 12, decimal_places=9)]
"""kg, no finer than a microgram."""

Mode = Literal["", "sea", "air", "rail", "road", "courier"]


def _wrong(text: str) -> PydanticCustomError:
    return PydanticCustomError("licence", "{text}", {"text": text})


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
    quantity_kg: Quantity | None = None
    """None = without bound; a general licence only."""
    applied: date | None = None
    since: date | None = Field(None, alias="from")
    until: date | None = None
    """Last day of validity."""
    revoked_on: date | None = None
    """First day on which it no longer holds; what went before stays covered."""
    mode: Mode = ""
    """Mode of freight it was granted for; an individual licence without one takes that of its first shipment."""

    @model_validator(mode="after")
    def _forward(self) -> Permit:
        if self.since is not None and self.until is not None and self.until < self.since:
            raise backwards(self.since, self.until)
        if self.kind != "general" and self.quantity_kg is None:
            raise _wrong(f"a licence of kind {self.kind} has a quantity: give quantity_kg")
        if self.kind == "individual" and len(self.end_users) > 1:
            raise _wrong("an individual licence names one end user: make it general, or leave one")
        return self

    @property
    def micrograms(self) -> int | None:
        """Quantity granted; None = without bound."""
        return None if self.quantity_kg is None else int(self.quantity_kg * MICROGRAMS)


class Shipment(Record):
    """What was sent, or is planned to be."""

    id: Word
    day: date = Field(alias="date")
    exporter: Word
    end_user: Word
    elements: tuple[Symbol, ...] = ()
    form: Form
    material: str = ""
    composition: Mapping[Symbol, Share] = Field(default_factory=dict)
    """Mass fractions, where they are told; without them the elements count as contained."""
    quantity_kg: Quantity
    mode: Mode = ""
    facts: Mapping[str, Any] = Field(default_factory=dict)
    """What the law asks besides: ``from``, ``to``, ``origin``, ``end_use`` ..., as in `rules.facts`."""
    permit: str = ""
    """Licence named on the declaration; without it the one that expires first is drawn down."""

    @property
    def micrograms(self) -> int:
        """Quantity sent."""
        return int(self.quantity_kg * MICROGRAMS)

    @property
    def content(self) -> frozenset[str]:
        """Elements in it at all."""
        return frozenset(self.elements) | {symbol for symbol, share in self.composition.items() if share > 0}


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

    @model_validator(mode="after")
    def _named(self) -> Holdings:
        for what, ids in (("licence", [one.id for one in self.permits]), ("stock", [one.name for one in self.stocks]),
                          ("shipment or order", [one.id for one in (*self.shipments, *self.orders)])):  # fmt: skip
            twice = next((name for at, name in enumerate(ids) if name in ids[:at]), None)
            if twice is not None:
                raise _wrong(f"{what} '{shown(twice)}' twice: give each its own name")
        known = {order.id for order in self.orders}
        strange = next((name for stock in self.stocks for name in stock.orders if name not in known), None)
        if strange is not None:
            raise _wrong(f"no order '{shown(strange)}' that a stock could be fed by")
        return self


Fault = Literal["exporter", "end_user", "goods", "kind", "freight", "standing", "quantity", "unknown", "none"]
"""From the farthest miss to the nearest, but for the last two: what a reader wants to hear of is the licence that
nearly fits."""


@dataclass(frozen=True, slots=True)
class Miss:
    """Why a licence does not cover a shipment."""

    fault: Fault
    permit: str = ""
    """The nearest licence; the one named, of those nobody holds; empty where there is none."""
    beyond: tuple[str, ...] = ()
    """Elements it does not name."""
    kind: str = ""
    """Of the licence, where the law takes others."""
    taken: tuple[str, ...] = ()
    """Kinds the law takes."""
    standing: str = ""
    day: date | None = None
    modes: tuple[str, str] = ("", "")
    """Mode of freight of the licence, and of the shipment."""
    left: int = 0
    """Micrograms."""
    granted: int = 0

    @property
    def reason(self) -> Reason:
        """The same as a key and its figures."""
        match self.fault:
            case "goods" if self.beyond:
                return reason("goods_beyond", licence=self.permit, beyond=self.beyond)
            case "kind":
                return reason("other_kind", licence=self.permit, kind=(self.kind,), taken=either(self.taken))
            case "standing":
                day = self.day or date.min
                return reason("no_standing", licence=self.permit, standing=(self.standing,), day=day)
            case "freight":
                granted, sent = self.modes
                return reason("other_freight", licence=self.permit, granted=(granted,), sent=(sent,))
            case "quantity":
                left, granted = in_kg(self.left) or "0", in_kg(self.granted) or "0"
                return reason("no_quantity", licence=self.permit, left=left, granted=granted)
            case "unknown":
                return reason("no_such_licence", licence=self.permit)
            case "none":
                return reason("no_licence")
        return reason(f"other_{self.fault}", licence=self.permit)

    def __str__(self) -> str:
        return str(self.reason)


@dataclass(frozen=True)
class Drawn:
    """One shipment against the licences."""

    shipment: str
    permit: str
    """The licence it drew on; empty where none covers it."""
    micrograms: int
    miss: Miss | None = None
    """Why it is not covered, with the nearest licence; None where it is."""

    @property
    def why(self) -> str:
        """The same in words; empty where it is covered."""
        return "" if self.miss is None else str(self.miss)


@dataclass(frozen=True)
class Balance:
    """One licence after the shipments."""

    permit: Permit
    drawn: int
    """Micrograms."""
    mode: Mode

    @property
    def left(self) -> int | None:
        """Micrograms that may still be shipped while it is valid; None = without bound."""
        granted = self.permit.micrograms
        return None if granted is None else granted - self.drawn

    def to_dict(self, on: date, review_days: float = 0.0) -> dict[str, Any]:
        """Plain JSON values as of a day; `review_days` is how long a decision takes."""
        one = self.permit
        review = timedelta(days=ceil(review_days))
        state = standing(one, on)
        due = one.until - review if one.until is not None and state in ("valid", "not yet valid") else None
        expected = one.applied + review if state == "pending" and one.applied is not None else None
        return {
            "id": one.id,
            "kind": one.kind,
            "status": state,
            "exporter": one.exporter,
            "end_users": list(one.end_users),
            "quantity_kg": None if one.quantity_kg is None else in_kg(one.micrograms),
            "drawn_kg": in_kg(self.drawn),
            "left_kg": in_kg(self.left),
            "until": None if one.until is None else one.until.isoformat(),
            "decision_by": None if expected is None else expected.isoformat(),
            "apply_for_renewal_by": None if due is None else due.isoformat(),
            "renewal_overdue": due is not None and due < on,
        }


def in_kg(micrograms: int | None) -> str | None:
    """Micrograms as kg, exactly, without needless zeros.

    >>> in_kg(1_500_000_000), in_kg(40 * 10**9), in_kg(None)
    ('1.5', '40', None)
    """
    if micrograms is None:
        return None
    text = f"{Decimal(micrograms) / MICROGRAMS:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True)
class Ledger:
    """Licences with what shipments drew, in the order of the shipments' days."""

    balances: tuple[Balance, ...]
    drawn: tuple[Drawn, ...]

    @property
    def uncovered(self) -> tuple[Drawn, ...]:
        """Shipments that no licence covers."""
        return tuple(one for one in self.drawn if one.miss is not None)


def load(path: Path) -> Holdings:
    """Licences, shipments and orders from a YAML file; errors name file, line and key."""
    return read(pages.text_of(path), path.name)


def read(text: str, where: str) -> Holdings:
    """The same from the text of a file, `where` its name."""
    return pages.typed(pages.compose(text, where), Holdings)


def standing(permit: Permit, on: date) -> str:
    """``pending``, ``valid``, ``not yet valid``, ``expired``, or why there is none."""
    if permit.status != "granted":
        return {"applied": "pending"}.get(permit.status, permit.status)
    if permit.revoked_on is not None and on >= permit.revoked_on:
        return "revoked"
    if permit.since is not None and on < permit.since:
        return "not yet valid"
    return "expired" if permit.until is not None and on > permit.until else "valid"


def draw_down(
    permits: Iterable[Permit], shipments: Iterable[Shipment], kinds: Mapping[str, Sequence[str]] | None = None
) -> Ledger:
    """Draws shipments from the licences that cover them, oldest first; of several the one that expires first.

    A shipment is covered whole or not at all: a part of it without a licence is a shipment without a licence.

    Args:
        permits: the licences.
        shipments: what went, in any order; those of one day are taken by id.
        kinds: by shipment id, the kinds of licence that the law takes for it; without it, any.

    Raises:
        BadValue: a licence or a shipment twice.
    """
    held = Held(permits)
    drawn = [
        held.draw(shipment, (kinds or {}).get(shipment.id, ()))
        for shipment in sorted(_once(shipments, "shipment"), key=lambda one: (one.day, one.id))
    ]
    return Ledger(held.balances, tuple(drawn))


class Held:
    """Licences that shipments are drawn from, one after the other.

    What one exporter ships changes its own licences alone: `of` an exporter is what of all this hangs on it.
    """

    def __init__(self, permits: Iterable[Permit]) -> None:
        """Raises `BadValue`: a licence twice."""
        self._held = {one.id: Balance(one, 0, one.mode) for one in _once(permits, "licence")}
        self._between, self._leaving = _addressed(one.permit for _, one in sorted(self._held.items()))
        self._first = sorted(self._held)[:1]

    @property
    def balances(self) -> tuple[Balance, ...]:
        """The licences as they are now."""
        return tuple(self._held.values())

    def left(self, permit: str) -> int | None:
        """Micrograms left of a licence; None = without bound."""
        return self._held[permit].left

    def of(self, exporter: str) -> dict[str, Balance]:
        """The licences of an exporter as they are now, by id; `exporter` as `spelt` has it."""
        return {name: self._held[name] for name in self._leaving.get(exporter, ())}

    def put_back(self, known: Mapping[str, Balance]) -> None:
        """Licences as they were when `of` was asked."""
        self._held |= known

    def draw(self, shipment: Shipment, kinds: Sequence[str] = ()) -> Drawn:
        """Draws one shipment; `kinds` of licence that the law takes for it, without it any."""
        held, exporter = self._held, spelt(shipment.exporter)
        # Only a licence for these two can cover it; of the others the nearest is told.
        names = self._between.get((exporter, spelt(shipment.end_user))) or self._leaving.get(exporter, self._first)[:1]
        if shipment.permit:
            names = [shipment.permit] if shipment.permit in held else []
        told = [(held[name], _why_not(held[name], shipment, kinds)) for name in names]
        fit = sorted((b for b, miss in told if miss is None), key=lambda b: (b.permit.until or date.max, b.permit.id))
        if not fit:
            return Drawn(shipment.id, "", shipment.micrograms, _nearest([m for _, m in told if m], shipment))
        best = fit[0]
        held[best.permit.id] = replace(
            best, drawn=best.drawn + shipment.micrograms, mode=best.mode or _mode(best, shipment)
        )
        return Drawn(shipment.id, best.permit.id, shipment.micrograms)


def _addressed(permits: Iterable[Permit]) -> tuple[dict[tuple[str, str], list[str]], dict[str, list[str]]]:
    """Licences by exporter and end user, and by exporter: a year has tens of thousands of shipments."""
    between: dict[tuple[str, str], list[str]] = {}
    leaving: dict[str, list[str]] = {}
    for one in permits:
        exporter = spelt(one.exporter)
        leaving.setdefault(exporter, []).append(one.id)
        for user in {spelt(name) for name in one.end_users}:
            between.setdefault((exporter, user), []).append(one.id)
    return between, leaving


def _mode(balance: Balance, shipment: Shipment) -> Mode:
    return shipment.mode if balance.permit.kind == "individual" else ""


def _once(records: Iterable[Any], what: str) -> list[Any]:
    kept: dict[str, Any] = {}
    for one in records:
        if one.id in kept:
            raise BadValue(f"{what} '{one.id}' twice", place=f"{what}s", remedy="give each its own id")
        kept[one.id] = one
    return list(kept.values())


_NEAR: tuple[str, ...] = get_args(Fault)


def _why_not(balance: Balance, shipment: Shipment, kinds: Sequence[str] = ()) -> Miss | None:
    permit = balance.permit
    if spelt(permit.exporter) != spelt(shipment.exporter):
        return Miss("exporter", permit.id)
    if spelt(shipment.end_user) not in {spelt(name) for name in permit.end_users}:
        return Miss("end_user", permit.id)
    if permit.forms and shipment.form not in permit.forms:
        return Miss("goods", permit.id)
    if permit.material and permit.material != shipment.material:
        return Miss("goods", permit.id)
    if permit.elements and not shipment.content <= set(permit.elements):
        return Miss("goods", permit.id, beyond=tuple(sorted(shipment.content - set(permit.elements))))
    if kinds and permit.kind not in kinds:
        return Miss("kind", permit.id, kind=permit.kind, taken=tuple(kinds))
    state = standing(permit, shipment.day)
    if state != "valid":
        return Miss("standing", permit.id, standing=state, day=shipment.day)
    if balance.mode and shipment.mode and balance.mode != shipment.mode:
        return Miss("freight", permit.id, modes=(balance.mode, shipment.mode))
    if balance.left is not None and shipment.micrograms > balance.left:
        return Miss("quantity", permit.id, left=balance.left, granted=permit.micrograms or 0)
    return None


def _nearest(told: Sequence[Miss], shipment: Shipment) -> Miss:
    if told:
        return max(told, key=lambda one: min(_NEAR.index(one.fault), _NEAR.index("standing")))
    return Miss("unknown", shipment.permit) if shipment.permit else Miss("none")
