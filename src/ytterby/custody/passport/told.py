"""Home to what a passport tells of a lot: drawn from book and registry alone; whoever has both draws the same."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ytterby.custody.balance import Ground
from ytterby.custody.book.layout import BESIDE, DOWN, TRANSFORMATION, UP
from ytterby.custody.event import MICROGRAMS
from ytterby.custody.genealogy.amounts import BASES, MASS, VALUE
from ytterby.custody.genealogy.exact import UNTOLD, Exact
from ytterby.custody.genealogy.holdings import holdings
from ytterby.custody.genealogy.links import Links
from ytterby.custody.genealogy.models import Histories, Terms, models
from ytterby.custody.genealogy.tracing import path, upstream
from ytterby.custody.passport import regimes
from ytterby.custody.passport.accounts import claimed
from ytterby.custody.passport.bill import bill, composition, material_of
from ytterby.custody.passport.regimes import number
from ytterby.custody.shipments.crossings import NAMED
from ytterby.custody.shipments.descent import STAGES, TECHNOLOGY, Descent, descent, form_of
from ytterby.rules.judging import Law
from ytterby.terms.elements import ELEMENTS

LONGEST_WAY = 200
"""Steps of the way from the mine that are told."""


@dataclass(frozen=True)
class Asked:
    """What a passport is asked for."""

    lot: str
    on: datetime.date
    readings: tuple[str, ...]
    numbers: tuple[int, ...] = ()
    """Of every row of the book the number its event has in the ledger; without them the book's own hold."""

    def number(self, at: Ground, event: int) -> int:
        """The number of an event in the ledger."""
        return self.numbers[event] if self.numbers else int(at.book["events.sequence"].data[event])


def told(at: Ground, held: Law, asked: Asked) -> dict[str, Any]:
    """What is told of a lot, names in full, as plain values.

    Sections: ``item``, ``origins``, ``path``, ``models``, ``regimes``.
    """
    links = Links(at.book)
    lot = at.book.lot(asked.lot)
    made, exact = descent(at), Exact(links)
    return {
        "item": _item(at, links, exact, made, lot),
        "origins": _origins(at, links, exact, lot),
        "path": _path(at, links, exact, lot, asked),
        "models": _models(at, links, exact, lot, asked),
        "regimes": regimes.answers(_subject(at, links, exact, made, lot), held, asked.readings, asked.on),
    }


def verdicts(at: Ground, held: Law, asked: Asked) -> list[dict[str, Any]]:
    """What the regimes say of a lot, as in its passport."""
    links = Links(at.book)
    subject = _subject(at, links, Exact(links), descent(at), at.book.lot(asked.lot))
    return regimes.answers(subject, held, asked.readings, asked.on)


def _subject(at: Ground, links: Links, exact: Exact, made: Descent, lot: int) -> regimes.Item:
    """The lot as the regimes ask for it."""
    lies = {site(at, at.book.place_name(one.place))["country"] for one in holdings(links, lot)} - {""}
    one = lies.pop() if len(lies) == 1 else ""
    return regimes.Item(_facts(at, exact, made, lot), bill(at, links, made, lot), one)


def evidence(links: Links, lot: int) -> list[int]:
    """Rows of the events that a passport rests on: everything told of the lot and of whatever it came of."""
    found: set[int] = set()
    for one in upstream(links, lot).lots:
        for strand in (UP, DOWN, BESIDE):
            for row in links.strand(one, strand):
                event = links.event[row]
                found.update(links.knot(event) if links.kind[event] == TRANSFORMATION else (event,))
    return sorted(found)


def site(at: Ground, address: str) -> dict[str, str]:
    """A place in names: id of the registry, else the address; and its country."""
    known = at.registry.facility(address) if address else None
    return {"facility": known.id if known else address, "country": known.place if known else ""}


def _item(at: Ground, links: Links, exact: Exact, made: Descent, lot: int) -> dict[str, Any]:
    book = at.book
    name = material_of(at, lot)
    mass = exact.amounts.born(lot)
    assays = {ELEMENTS[element]: ppb for element, ppb in sorted(exact.amounts.assay(lot).items())}
    held = [
        {
            "state": one.state,
            **site(at, book.place_name(one.place)),
            "container": book.lot_name(one.container),
            "micrograms": one.mass,
        }
        for one in sorted(holdings(links, lot), key=lambda h: (h.state, book.place_name(h.place), h.container))
    ]
    price = exact.amounts.price(lot)
    return {
        "lot": book.lot_name(lot),
        "material": name,
        "form": form_of(name),
        "micrograms": mass,
        "assays_ppb": assays,
        "assays_from_registry": not assays and composition(at, exact.amounts, lot) is not None,
        "usd_per_kg": None if price is None else number(price * MICROGRAMS / 100)["value"],
        "made_in": list(made.all(int(made.made[lot]))),
        "stages": {stage: list(made.all(int(made.passed[stage][lot]))) for stage in STAGES},
        "technology": list(made.all(int(made.passed[TECHNOLOGY][lot]))),
        "held": held,
    }


def _facts(at: Ground, exact: Exact, made: Descent, lot: int) -> dict[str, Any]:
    """The lot under the keys of a facts file."""
    inside = composition(at, exact.amounts, lot)
    item: dict[str, Any] = {"material": material_of(at, lot)}
    if inside is not None:
        whole = max(sum(inside.values(), Fraction(0)), Fraction(1))
        item["composition"] = {symbol: float(share / whole) for symbol, share in inside.items()}
    told = {
        "item": {key: value for key, value in item.items() if value},
        "origin": made.one(int(made.made[lot]), ()),
        "technology_origin": made.one(int(made.passed[TECHNOLOGY][lot]), NAMED),
        "stages": {
            stage: code for stage in STAGES if (code := made.one(int(made.passed[stage][lot]), NAMED))
        },
    }  # fmt: skip
    return {key: value for key, value in told.items() if value}


def _origins(at: Ground, links: Links, exact: Exact, lot: int) -> list[dict[str, Any]]:
    bases = (*exact.elements(lot), MASS)
    bases += (VALUE,) if exact.amounts.priced(upstream(links, lot).lots) else ()
    shares: dict[int, dict[str, Any]] = {}
    for basis in bases:
        for place, share in exact.origins(lot, basis).shares.items():
            shares.setdefault(place, {})[BASES[basis]] = number(share)
    found = [
        {**(site(at, at.book.place_name(place)) if place != UNTOLD else {"facility": "", "country": ""}), "share": by}
        for place, by in shares.items()
    ]
    return sorted(found, key=lambda one: (not one["facility"], str(one["facility"])))


def _path(at: Ground, links: Links, exact: Exact, lot: int, asked: Asked) -> list[dict[str, Any]]:
    """The way from where most of the lot began to where it lies: one row an event."""
    book = at.book
    shares = exact.origins(lot, MASS).shares
    lots = upstream(links, lot).lots
    begun = [(one, row) for one in lots for row in exact.amounts.commissionings(one) if not links.sources(one)]
    most = [(shares.get(book["events.place"].data[links.event[row]], Fraction(0)), one, row) for one, row in begun]
    if not most:
        return []
    _, root, first = max(most, key=lambda one: (one[0], -one[1]))
    way = path(links, root, lot) or ((root, -1),)
    rows = [_step(at, root, links.event[first], asked)]
    for one, event in way:
        rows += [_step(at, one, moved, asked) for moved in _moves(at, links, one, event)]
        if event >= 0:
            rows.append(_step(at, one, event, asked))
    return sorted(rows, key=lambda one: (one["time"], one["sequence"]))[:LONGEST_WAY]


def _moves(at: Ground, links: Links, lot: int, used: int) -> list[int]:
    """The events by which a lot came to where it was used, or, where it was not yet, by which it moved at all."""
    place, steps = at.book["events.place"].data, at.book["events.step"].data
    sending, taking = (at.book.code("steps", name) for name in ("shipping", "receiving"))
    events = {links.event[row] for row in links.strand(lot, BESIDE)}
    moved = sorted((e for e in events if steps[e] in (sending, taking)), key=lambda e: (links.time[e], e))
    if used < 0:
        return moved
    found, here, came = [], place[used], False
    for event in reversed([e for e in moved if links.time[e] <= links.time[used]]):
        if steps[event] == taking and place[event] == here and not came:
            found.append(event)
            came = True
        elif steps[event] == sending and came:
            aim = at.book["events.destination_place"].data[event]
            if aim in (here, UNTOLD):
                found.append(event)
                here, came = place[event], False
    return found[::-1]


def _step(at: Ground, lot: int, event: int, asked: Asked) -> dict[str, Any]:
    book = at.book
    moment = datetime.datetime.fromtimestamp(int(book["events.time"].data[event]) / 1e6, datetime.UTC)
    return {
        "time": moment.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "step": book.name("steps", book["events.step"].data[event]),
        "kind": "transformation" if book["events.kind"].data[event] == TRANSFORMATION else "",
        "lot": book.lot_name(lot),
        **site(at, book.place_name(book["events.place"].data[event])),
        "sequence": asked.number(at, event),
    }


OWN = ("identity preserved", "segregated", "controlled blending")
"""Models that rest on the lot's own history; of the others tells `accounts`."""


def _models(at: Ground, links: Links, exact: Exact, lot: int, asked: Asked) -> list[dict[str, Any]]:
    """What the lot may claim of the country that most of it is from, by the models that rest on its own history."""
    country, places = claimed(at, exact, lot)
    if not country:
        return []
    histories = Histories(links, Terms(places))
    found = []
    rows = {int(at.book["events.sequence"].data[row]): row for row in evidence(links, lot)}
    for model in models():
        if model.name not in OWN:
            continue
        claim = model.claim(histories, lot)
        found.append({
            "model": claim.model, "claim": country, "holds": claim.holds, "share": number(claim.share),
            "broken_by": sorted(asked.number(at, rows[one.event]) for one in claim.broken_by),
        })  # fmt: skip
    return found
