"""Home to the monthly report of flows: per facility and material what came, what was made, used and sent, and to whom.

It is due by the 10th of the month after, a working day or not: no rule that moves it was found. Months are of UTC, as
in the balances; masses are of the material as traded, exact to the microgram. Opening and closing are those of
`custody.balance`: counted at the last stock-taking or by a declared count, carried on by the movements since.

    opening + received + commissioned + made − used − shipped − removed − counted_short = closing

Names may be withheld (`custody.disclosure`). The report names the head of the ledger it was made from.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ytterby.custody import months
from ytterby.custody.balance import Ground
from ytterby.custody.book.layout import REFERENCES
from ytterby.custody.disclosure import Disclosure, plain
from ytterby.custody.movements import Flow, Movements
from ytterby.custody.shortfalls import shortfall
from ytterby.rules.licences import in_kg
from ytterby.terms.errors import BadValue, UnknownName

FORM = "ytterby monthly flow report 1"
DUE_DAY = 10
KINDS = ("facility", "counterparty", "licence", "customs")
"""Kinds of names that may be withheld."""


@dataclass(frozen=True, slots=True)
class Stock:
    """One material at one facility over a month, micrograms."""

    facility: str
    material: str
    """Id; empty where no event tells it."""
    opening: int
    received: int
    commissioned: int
    made: int
    used: int
    shipped: int
    removed: int
    counted_short: int
    """What this month's stock-taking and declared counts found less than the books said; negative: more."""
    closing: int
    counted: bool
    """Whether a stock was taken in this month, or a count of this declared."""
    declared: bool
    """Whether closing rests on a declared count: the registry's word, which the ledger has not."""

    def to_dict(self) -> dict[str, Any]:
        """Plain values; masses as kg, exact, in text."""
        masses = {name: getattr(self, name) for name in _MASSES}
        return {
            "material": self.material,
            **{f"{name}_kg": in_kg(mass) for name, mass in masses.items()},
            "counted": self.counted,
            "declared": self.declared,
        }


_MASSES = (
    "opening", "received", "commissioned", "made", "used", "shipped", "removed", "counted_short", "closing",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Traded:
    """What went between a facility and one counterparty over a month."""

    facility: str
    material: str
    direction: str
    """``received`` or ``shipped``."""
    counterparty: str
    """Id of the registry, else the address; empty where it is not told."""
    mass: int
    events: int
    licences: tuple[str, ...]
    customs: tuple[str, ...]


@dataclass(frozen=True)
class Monthly:
    """The report of a month."""

    month: str
    made: datetime.datetime
    """When, UTC."""
    head: Mapping[str, Any]
    stocks: tuple[Stock, ...]
    trades: tuple[Traded, ...]
    unweighed: int
    """Pieces of the whole book that told no mass, and move nothing here."""
    places: Mapping[str, str] = field(default_factory=dict)
    """Facility or counterparty to country."""
    facility: str = ""

    @property
    def due(self) -> datetime.date:
        """By when it has to be in."""
        number = months.number(self.month) + 1
        return datetime.date(1970 + number // 12, number % 12 + 1, DUE_DAY)

    @property
    def provisional(self) -> bool:
        """Whether it was made before the month was over."""
        return not ended(self.month, self.made.date())

    @property
    def status(self) -> str:
        """``provisional``, ``due``, or ``late``."""
        return "provisional" if self.provisional else "due" if self.made.date() <= self.due else "late"

    def to_dict(self, disclosure: Disclosure | None = None) -> dict[str, Any]:
        """Plain values, names withheld as told."""
        shown = disclosure or Disclosure()
        trades: dict[str, list[dict[str, Any]]] = {}
        for one in self.trades:
            trades.setdefault(one.facility, []).append(
                {
                    "material": one.material,
                    "direction": one.direction,
                    "counterparty": shown.name("counterparty", one.counterparty),
                    "place": self.places.get(one.counterparty, ""),
                    "kg": in_kg(one.mass),
                    "events": one.events,
                    "licences": [shown.name("licence", name) for name in one.licences],
                    "customs": [shown.name("customs", name) for name in one.customs],
                }
            )
        stocks: dict[str, list[dict[str, Any]]] = {}
        for line in self.stocks:
            stocks.setdefault(line.facility, []).append(line.to_dict())
        return {
            "form": FORM,
            "month": self.month,
            "facility": shown.name("facility", self.facility),
            "made": self.made.isoformat(timespec="seconds").replace("+00:00", "Z"),
            "due": self.due.isoformat(),
            "status": self.status,
            "days_left": (self.due - self.made.date()).days,
            "head": dict(self.head),
            "facilities": [
                {
                    "facility": shown.name("facility", name),
                    "place": self.places.get(name, ""),
                    "materials": lines,
                    "trades": trades.get(name, []),
                }
                for name, lines in stocks.items()
            ],
            "unweighed": self.unweighed,
        }


def ended(month: str, today: datetime.date) -> bool:
    """Whether a month is over on a day."""
    return (today.year - 1970) * 12 + today.month - 1 > months.number(month)


def monthly(
    at: Ground,
    month: str,
    head: Mapping[str, Any],
    *,
    facility: str | None = None,
    now: datetime.datetime | None = None,
    provisional: bool = False,
) -> Monthly:
    """The report of a month.

    Args:
        at: book and registry.
        month: ``2025-04``.
        head: the head of the ledger that the book was read from.
        facility: of one facility only.
        now: when it is made; this moment without it.
        provisional: also of a month that is not over.

    Raises:
        BadValue: the month is none, or not over.
        UnknownName: no event took place at the facility.
    """
    moment = now or datetime.datetime.now(datetime.UTC)
    wanted = months.number(month)
    month = months.written(wanted)
    if not provisional and not ended(month, moment.date()):
        remedy = "wait until it is over, or ask for a provisional report"
        raise BadValue(f"{month} is not over on {moment.date()}", place="month", remedy=remedy)
    codes = range(len(at.sites.names))
    if facility is not None:
        known = at.registry.facility(facility)
        name = known.id if known else facility
        if name not in at.sites.codes:
            raise UnknownName(facility, at.sites.names, "facility", "the events captured")
        facility, codes = name, range(at.sites.codes[name], at.sites.codes[name] + 1)
    stocks: list[Stock] = []
    trades: list[Traded] = []
    named = _named(at)
    for code in sorted(codes, key=lambda one: at.sites.names[one]):
        rows = at.at_site(code)
        here = rows[at.month[rows] <= wanted]
        if len(here):
            stocks += _stocks(at, code, at.movements.only(here), at.month[here], wanted)
            trades += _trades(at, code, at.movements.only(here[at.month[here] == wanted]), named)
    places = {one.id: one.place for one in at.registry.parties if one.place}
    places |= {one.id: one.place for one in at.registry.facilities if one.place}
    return Monthly(
        month, moment, dict(head), tuple(stocks), tuple(trades), at.movements.unweighed, places, facility or ""
    )


def _stocks(at: Ground, code: int, here: Movements, month: Any, wanted: int) -> Iterable[Stock]:
    before, after = shortfall(at, code, wanted - 1), shortfall(at, code, wanted)
    codes = {at.book.name("materials", int(one)): int(one) for one in np.unique(here.material)}
    now = month == wanted
    none = np.zeros(len(here), dtype=bool)
    for name in sorted({*codes, *before.short, *after.short}):
        mine = here.material == codes[name] if name in codes else none
        flows = {flow: int(here.mass[mine & now & (here.flow == flow)].sum()) for flow in Flow}
        moved = here.signed * mine
        past, present = before.short.get(name, 0), after.short.get(name, 0)
        line = Stock(
            facility=at.sites.names[code],
            material=name,
            opening=int(moved[~now].sum()) - past,
            received=flows[Flow.RECEIVED],
            commissioned=flows[Flow.COMMISSIONED],
            made=flows[Flow.MADE],
            used=flows[Flow.USED],
            shipped=flows[Flow.SHIPPED],
            removed=flows[Flow.REMOVED],
            counted_short=present - past,
            closing=int(moved.sum()) - present,
            counted=after.taken or name in after.declared,
            declared=name in after.declared,
        )
        if any(getattr(line, mass) for mass in _MASSES):
            yield line


def _trades(at: Ground, code: int, here: Movements, named: Mapping[str, Mapping[int, Sequence[str]]]) -> list[Traded]:
    found: dict[tuple[str, str, str], Traded] = {}
    seen: set[tuple[tuple[str, str, str], int]] = set()
    rows = np.flatnonzero((here.flow == Flow.RECEIVED) | (here.flow == Flow.SHIPPED)).tolist()
    for row in rows:
        other, event = int(here.counterpart[row]), int(here.event[row])
        name = at.sites.names[at.sites.of_party[other]] if other >= 0 else ""
        if other >= 0 and (party := at.registry.party(at.book.party_name(other))) is not None:
            name = party.id
        direction = "received" if here.flow[row] == Flow.RECEIVED else "shipped"
        key = (at.book.name("materials", int(here.material[row])), direction, name)
        old = found.get(key) or Traded(at.sites.names[code], *key, 0, 0, (), ())
        fresh = (key, event) not in seen
        seen.add((key, event))
        found[key] = replace(
            old,
            mass=old.mass + int(here.mass[row]),
            events=old.events + fresh,
            licences=_with(old.licences, named["licence"].get(event, ())),
            customs=_with(old.customs, named["customs"].get(event, ())),
        )
    return [found[key] for key in sorted(found)]


def _with(old: tuple[str, ...], more: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted({*old, *more})) if more else old


def _named(at: Ground) -> dict[str, dict[int, list[str]]]:
    """Numbers of licences and customs declarations by event."""
    found: dict[str, dict[int, list[str]]] = {"licence": {}, "customs": {}}
    book = at.book
    for what, into in found.items():
        rows = book["references.kind"] == REFERENCES.index(what)
        pairs = zip(book["references.event"][rows].tolist(), book["references.name"][rows].tolist(), strict=True)
        for event, name in pairs:
            into.setdefault(event, []).append(book.name("names", name))
    return found


def tables(report: Mapping[str, Any]) -> dict[str, str]:
    """A report as two tables, CSV by name: ``stocks`` and ``trades``. A withheld name is told by 12 hex digits."""
    stocks, trades = [], []
    for site in report["facilities"]:
        head = {"month": report["month"], "facility": plain(site["facility"]), "place": site["place"]}
        stocks += [{**head, **line} for line in site["materials"]]
        for one in site["trades"]:
            names = {key: " ".join(plain(name) for name in one[key]) for key in ("licences", "customs")}
            other = {"counterparty": plain(one["counterparty"]), "counterparty_place": one["place"]}
            trades.append({**one, **head, **other, **names})
    return {"stocks": _csv(stocks), "trades": _csv(trades)}


def _csv(rows: Sequence[Mapping[str, Any]]) -> str:
    out = io.StringIO()
    if rows:
        heading = sorted(rows[0], key=lambda name: name not in ("month", "facility", "place"))
        writer = csv.DictWriter(out, heading, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return out.getvalue()
