"""Home to the alarm on licences: a shipment without the licence the law asks for, or on one that does not cover it.

Where the law is at hand, every shipment out of a place that licenses is judged on its day; one that needs a licence and
names none is called. Licences that are named are drawn down as granted: unknown numbers, more than was granted (beyond
six standard uncertainties of the weighings), a day outside its validity, another exporter, end user or material.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from ytterby.custody.alarms.alarm import CALLED, Alarm, Detector, Settings, iso
from ytterby.custody.alarms.overdrawn import SIGMAS
from ytterby.custody.balance import Ground
from ytterby.custody.book.layout import REFERENCES
from ytterby.custody.movements import Flow
from ytterby.rules import licences, tabled
from ytterby.rules.facts import Facts, Item
from ytterby.terms.materials import materials

KINDS = {
    "names another exporter": "licence_other",
    "names another end user": "licence_other",
    "is about other goods": "licence_other",
    "is of kind": "licence_other",
    "is expired": "licence_invalid",
    "is revoked": "licence_invalid",
    "is refused": "licence_invalid",
    "is withdrawn": "licence_invalid",
    "is pending": "licence_invalid",
    "is not yet valid": "licence_invalid",
    "has ": "licence_exceeded",
    "no licence": "licence_unknown",
}


@dataclass(frozen=True, slots=True)
class Sent:
    """What one event sent of one material from one facility to another."""

    event: int
    time: int
    sender: int
    receiver: int
    material: int
    mass: int
    """Micrograms."""

    @property
    def day(self) -> datetime.date:
        """The day, UTC."""
        return datetime.date.fromisoformat(iso(self.time)[:10])


def sent(at: Ground, settings: Settings) -> list[Sent]:
    """Shipments out of a place that licenses, by event and material, in the order of time."""
    moves = at.movements
    rows = np.flatnonzero(moves.flow == Flow.SHIPPED)
    from_, to = at.place[at.site[rows]], at.place[at.counterpart[rows]]
    leaving = np.isin(from_, settings.licensed_from) & ~np.isin(to, settings.licensed_from)
    rows = rows[leaving]
    if not len(rows):
        return []
    keys = np.stack([moves.time[rows], moves.event[rows], at.site[rows], at.counterpart[rows], moves.material[rows]])
    groups, inverse = np.unique(keys, axis=1, return_inverse=True)
    mass = np.zeros(groups.shape[1], dtype=np.int64)
    np.add.at(mass, inverse.reshape(-1), moves.mass[rows])
    return [
        Sent(event, time, sender, receiver, material, kilograms)
        for (time, event, sender, receiver, material), kilograms in zip(groups.T.tolist(), mass.tolist(), strict=True)
    ]


def find(at: Ground, settings: Settings) -> Sequence[Alarm]:
    """Shipments without a licence, and licences that do not cover what rests on them."""
    shipments = sent(at, settings)
    return [*_missing(at, shipments), *_uncovered(at, settings, shipments)]


def _missing(at: Ground, shipments: Sequence[Sent]) -> Iterator[Alarm]:
    licensed = at.resting_on("licence")
    bare = [one for one in shipments if not licensed[one.event] and _material(at, one) in materials()]
    if at.law is None or not bare:
        return
    table = {
        "from": [str(at.place[one.sender]) for one in bare],
        "to": [str(at.place[one.receiver]) for one in bare],
        "item.material": [_material(at, one) for one in bare],
        "origin": [str(at.place[one.sender]) for one in bare],
        "date": [one.day for one in bare],
    }
    judged = tabled.verdicts(table, at.law)
    found: dict[tuple[int, int], list[tuple[Sent, str]]] = defaultdict(list)
    for one, outcome, clauses in zip(bare, judged.outcome, judged.clauses, strict=True):
        if outcome == "licence":
            found[one.sender, one.receiver].append((one, str(clauses)))
    for (sender, receiver), said in found.items():
        who, whom = at.sites.names[sender], at.sites.names[receiver]
        first, clauses = said[0]
        total = sum(one.mass for one, _ in said) / 1e9
        yield Alarm(
            kind="licence_missing", facility=who, counterpart=whom, about="shipments", grade="law",
            since=first.time, called=first.time, mass=total, score=99.0,
            why=f"{_many(said)} to {whom}, {total:,.1f} kg, without a licence that {clauses} asks for",
            evidence=tuple(_line(one, f"{_material(at, one)}, {why}") for one, why in said[:CALLED]),
            events=tuple(one.event for one, _ in said[:CALLED]),
        )  # fmt: skip


def _many(said: Sequence[object]) -> str:
    return "one shipment" if len(said) == 1 else f"{len(said):,} shipments"


def _line(one: Sent, told: str) -> str:
    return f"{iso(one.time)[:10]}: {one.mass / 1e9:,.2f} kg, {told}"


def _material(at: Ground, one: Sent) -> str:
    return at.book.name("materials", one.material)


def _uncovered(at: Ground, settings: Settings, shipments: Sequence[Sent]) -> Iterator[Alarm]:
    if not at.permits:
        return
    named = _named(at)
    by_licence: dict[str, list[Sent]] = defaultdict(list)
    for one in shipments:
        for number in named.get(one.event, ()):
            by_licence[number].append(one)
    permits = {one.id: _at_site(at, one) for one in at.permits}
    for number, drawn in sorted(by_licence.items()):
        yield from _drawn(at, settings, number, permits.get(number), drawn)


def _named(at: Ground) -> dict[int, list[str]]:
    """Event -> the licences it rests on."""
    book = at.book
    rows = book["references.kind"] == REFERENCES.index("licence")
    found: dict[int, list[str]] = defaultdict(list)
    pairs = zip(book["references.event"][rows].tolist(), book["references.name"][rows].tolist(), strict=True)
    for event, name in pairs:
        found[event].append(book.name("names", name))
    return found


def _at_site(at: Ground, permit: licences.Permit) -> licences.Permit:
    """The licence with its firms by the ids of the registry, as the events' are."""
    return permit.model_copy(
        update={
            "exporter": _site(at, permit.exporter),
            "end_users": tuple(_site(at, name) for name in permit.end_users),
        }
    )


def _site(at: Ground, name: str) -> str:
    facility, party = at.registry.facility(name), at.registry.party(name)
    return facility.id if facility is not None else party.id if party is not None else name


def _drawn(
    at: Ground, settings: Settings, number: str, permit: licences.Permit | None, drawn: Sequence[Sent]
) -> Iterator[Alarm]:
    shipments = {f"{one.time:020d}.{k:06d}": one for k, one in enumerate(drawn)}
    if permit is not None and _covers(at, permit, drawn):
        return
    if permit is None:
        told = [(one, f"no licence '{number}' is held") for one in drawn]
    else:
        slack = Decimal(SIGMAS * settings.weighing)
        granted = permit.quantity_kg
        loose = permit if granted is None else permit.model_copy(update={"quantity_kg": granted * (1 + slack)})
        ledger = licences.draw_down([loose], (_shipment(at, name, one) for name, one in shipments.items()))
        told = [(shipments[one.shipment], one.why.removeprefix(f"{number} ")) for one in ledger.uncovered]
    by_kind: dict[str, list[tuple[Sent, str]]] = defaultdict(list)
    for one, why in told:
        by_kind[next((kind for start, kind in KINDS.items() if why.startswith(start)), "licence_other")].append(
            (one, why)
        )
    for kind, said in by_kind.items():
        first, why = said[0]
        total = sum(one.mass for one, _ in said) / 1e9
        yield Alarm(
            kind=kind, facility=at.sites.names[first.sender], counterpart=at.sites.names[first.receiver], about=number,
            grade="law", since=first.time, called=first.time, mass=total, score=99.0,
            why=f"{_many(said)}, {total:,.1f} kg, on licence {number}, which {why}"
            if permit is not None else f"{_many(said)}, {total:,.1f} kg, on licence {number}: {why}",
            evidence=tuple(_line(one, reason) for one, reason in said[:CALLED]),
            events=tuple(one.event for one, _ in said[:CALLED]),
        )  # fmt: skip


def _covers(at: Ground, permit: licences.Permit, drawn: Sequence[Sent]) -> bool:
    """Whether all is plainly well, by its sums: `licences.draw_down` says what is wrong where it is not."""
    granted, days = permit.micrograms, (drawn[0].day, drawn[-1].day)
    return (
        {at.sites.names[one.sender] for one in drawn} == {permit.exporter}
        and {at.sites.names[one.receiver] for one in drawn if one.receiver >= 0} <= set(permit.end_users)
        and all(one.receiver >= 0 for one in drawn)
        and bool(permit.material)
        and {_material(at, one) for one in drawn} == {permit.material}
        and not permit.forms
        and not permit.elements
        and (granted is None or sum(one.mass for one in drawn) <= granted)
        and all(licences.standing(permit, day) == "valid" for day in days)
    )


def _shipment(at: Ground, name: str, one: Sent) -> licences.Shipment:
    material = _material(at, one)
    # the form follows from the material, as for one transfer
    form = Facts(item=Item(material=material)).form if material in materials() else "other"
    return licences.Shipment.model_validate(
        {
            "id": name,
            "date": one.day,
            "exporter": at.sites.names[one.sender],
            "end_user": at.sites.names[one.receiver] if one.receiver >= 0 else "nobody named",
            "form": form or "other",
            "material": material,
            "elements": _elements(material),
            "quantity_kg": Decimal(max(one.mass, 1)) / licences.MICROGRAMS,
        }
    )


def _elements(material: str) -> tuple[str, ...]:
    return materials()[material].elements if material in materials() else ()


DETECTOR = Detector(
    "licences",
    ("Licences missing, exceeded or of another", "许可证缺失、超额或不符"),
    find,
    "the law as the instruments have it, and licences as granted; weighings allow six standard uncertainties",
    tuple(dict.fromkeys(("licence_missing", *KINDS.values()))),
)
