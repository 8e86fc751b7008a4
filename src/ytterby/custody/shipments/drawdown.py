"""Home to draw-down: the verdict on each shipment on its day, the licence it draws on, and what is left of that.

A shipment is judged by the facts its events tell, with the law as known on one day under one reading. One that needs a
licence, or names one, draws on it: on the licence it names where that is held, else on the one that fits and expires
first (`rules.licences.Held`). One that needs none and names none draws nothing. Those of one day draw as they were
captured.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from ytterby.custody.registry import Registry
from ytterby.custody.shipments.crossings import Crossing, table
from ytterby.custody.shipments.descent import form_of
from ytterby.rules import licences, tabled
from ytterby.rules.judging import Law
from ytterby.rules.licences import MICROGRAMS, Balance, Miss, Permit, Shipment, in_kg
from ytterby.rules.parties import spelt

POLICY = "policy.yaml"

State = Literal["free", "covered", "declared", "uncovered", "refused", "undetermined"]
STATES: tuple[State, ...] = ("free", "covered", "declared", "uncovered", "refused", "undetermined")
"""``declared``: it needs a licence and names one, and no file of licences says whether that holds."""
STOPPED: frozenset[State] = frozenset({"uncovered", "refused"})
"""What may not go."""


class Policy(BaseModel):
    """What becomes of shipments that may not go, in ``custody/policy.yaml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    shipments: Literal["flag", "block"] = "flag"
    """``flag``: shown; ``block``: refused at capture, and kept with the reason."""
    undetermined: Literal["pass", "block"] = "pass"
    """What becomes of those on which a fact is missing, where others are blocked."""
    reading: str = ""
    """How unsettled texts are read."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One shipment, judged."""

    crossing: Crossing
    state: State
    outcome: str
    kinds: tuple[str, ...]
    """Kinds of licence that would do."""
    clauses: tuple[str, ...]
    missing: tuple[str, ...]
    """Facts to find out."""
    confidence: str
    licence: str = ""
    """The licence it drew on."""
    left: int | None = None
    """Micrograms left of that after it; None = without bound, or none drawn."""
    why: str = ""
    """Why it may not go, or why it cannot be said."""
    miss: Miss | None = None
    """Why the licence it names, or the nearest there is, does not cover it; also where the law asks for none."""

    @property
    def stopped(self) -> bool:
        """Whether it may not go."""
        return self.state in STOPPED

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, as ``ytterby shipments --json`` prints them."""
        one = self.crossing
        return {
            "shipment": one.id,
            "sequence": one.sequence,
            "date": one.day.isoformat(),
            "from": one.since,
            "to": one.to,
            "exporter": one.exporter,
            "end_user": one.end_user,
            "material": one.material,
            "kg": in_kg(one.mass),
            "origin": one.origin,
            "state": self.state,
            "outcome": self.outcome,
            "licence_kinds": list(self.kinds),
            "clauses": list(self.clauses),
            "missing": list(self.missing),
            "confidence": self.confidence,
            "named": list(one.licences),
            "customs": list(one.customs),
            "licence": self.licence,
            "left_kg": in_kg(self.left),
            "why": self.why,
        }


@dataclass(frozen=True)
class Shipments:
    """The shipments of a book, and the licences after them."""

    sent: tuple[Sent, ...]
    balances: tuple[Balance, ...]
    reading: str
    known: datetime.date

    def counts(self) -> dict[str, int]:
        """How many are in each state."""
        found = Counter(one.state for one in self.sent)
        return {state: found[state] for state in STATES}

    def to_dict(self, on: datetime.date) -> dict[str, Any]:
        """Plain JSON values as of a day."""
        return {
            "reading": self.reading,
            "known": self.known.isoformat(),
            "counts": self.counts(),
            "shipments": [one.to_dict() for one in self.sent],
            "licences": [one.to_dict(on) for one in self.balances],
        }


def policy(folder: Path) -> Policy:
    """The policy in ``custody/policy.yaml``; without the file shipments are flagged.

    Raises:
        BadValue: what is wrong in the file, with its line and key.
    """
    from ytterby.rules import pages

    path = folder / POLICY
    if not path.is_file():
        return Policy()
    return pages.typed(pages.compose(pages.text_of(path), path.name), Policy)


def drawn(
    found: Sequence[Crossing], held: Law, granted: Sequence[Permit] | None = None, registry: Registry | None = None
) -> Shipments:
    """Judges shipments and draws them down.

    Args:
        found: the shipments.
        held: the law.
        granted: licences applied for and granted; None where nobody keeps them.
        registry: under which names exporters and end users stand in licences.

    Raises:
        UnknownName: a word of the registry that the law does not know.
    """
    if not found:
        return Shipments((), _untouched(granted), held.reading, held.known)
    told = verdicts(found, held)
    drawing, balances = _drawn(found, told, granted, registry or Registry())
    sent = tuple(
        settled(one, said, drawing.get(one.id, UNDRAWN), kept=granted is not None)
        for one, said in zip(found, told, strict=True)
    )
    return Shipments(sent, balances, held.reading, held.known)


class Verdict(NamedTuple):
    """What the law says of one shipment, licences aside."""

    outcome: str
    kinds: tuple[str, ...]
    clauses: tuple[str, ...]
    missing: tuple[str, ...]
    confidence: str


def verdicts(found: Sequence[Crossing], held: Law) -> list[Verdict]:
    """What the law says of each shipment.

    Raises:
        UnknownName: a word of the registry that the law does not know.
    """
    if not found:
        return []
    said = tabled.verdicts(table(found), held)
    rows = zip(said.outcome.tolist(), said.licence.tolist(), said.clauses, said.missing, said.confidence, strict=True)
    return [
        Verdict(
            outcome, tuple(kinds.split(" or ")) if kinds else (), tuple(clauses.split()), tuple(missing.split()), sure
        )
        for outcome, kinds, clauses, missing, sure in rows
    ]


class Draw(NamedTuple):
    """What one shipment drew."""

    licence: str
    left: int | None
    """Micrograms left of it after that."""
    miss: Miss | None


UNDRAWN = Draw("", None, None)


def settled(one: Crossing, said: Verdict, draw: Draw, *, kept: bool) -> Sent:
    """A shipment, its verdict and what it drew, together; `kept`: somebody keeps the licences."""
    state, why = _state(one, said.outcome, draw.licence, draw.miss, kept=kept)
    if state == "refused":
        why = f"refused by {', '.join(said.clauses)}"
    elif state == "undetermined":
        why = f"not told: {', '.join(said.missing)}"
    return Sent(one, state, said.outcome, said.kinds, said.clauses, said.missing, said.confidence,
                draw.licence, draw.left, why, draw.miss)  # fmt: skip


def _state(one: Crossing, outcome: str, licence: str, miss: Miss | None, *, kept: bool) -> tuple[State, str]:
    if outcome == "refused":
        return "refused", ""
    if outcome == "licence":
        if licence:
            return "covered", ""
        if one.licences and not kept:
            return "declared", "no file of licences says whether the one it names holds"
        return "uncovered", "it names no licence" if miss is None else str(miss)
    if outcome == "undetermined":
        return "undetermined", ""  # also with a licence: what is missing may be why it is refused
    return "free", ""


def _drawn(
    found: Sequence[Crossing], told: Sequence[Verdict], granted: Sequence[Permit] | None, registry: Registry
) -> tuple[dict[str, Draw], tuple[Balance, ...]]:
    """By id of a shipment what it drew; and the licences after all."""
    if granted is None:
        return {}, ()
    terms = Terms(granted, registry)
    held = licences.Held(terms.permits)
    wanted = [(one.id, terms.wanted(one, said)) for one, said in zip(found, told, strict=True)]
    taken = sorted(((name, want) for name, want in wanted if want is not None), key=lambda one: one[1].order)
    return {name: want.drawn(held) for name, want in taken}, held.balances


class Wanted(NamedTuple):
    """What a shipment would draw."""

    order: tuple[datetime.date, int, str]
    """Day, number in the ledger, material: licences are drawn down in this order."""
    shipment: Shipment
    kinds: tuple[str, ...]
    """Kinds of licence that the law takes."""

    def drawn(self, held: licences.Held) -> Draw:
        """Draws it."""
        drawn = held.draw(self.shipment, self.kinds)
        return Draw(drawn.permit, held.left(drawn.permit) if drawn.permit else None, drawn.miss)


class Terms:
    """Licences and shipments under the names of the registry: one firm is one name."""

    def __init__(self, granted: Sequence[Permit], registry: Registry) -> None:
        self.names = _Names(registry)
        self.permits = tuple(self.names.permit(one) for one in granted)
        self._known = {one.id for one in granted}

    def exporter(self, name: str) -> str:
        """Under which name an exporter's licences are looked up."""
        return spelt(self.names.of(name))

    def wanted(self, one: Crossing, said: Verdict) -> Wanted | None:
        """What a shipment would draw; None where it draws nothing."""
        if one.mass <= 0 or not (said.outcome == "licence" or (one.licences and said.outcome != "refused")):
            return None
        named = next((name for name in one.licences if name in self._known), "".join(one.licences[:1]))
        kinds = said.kinds if said.outcome == "licence" else ()
        return Wanted((one.day, one.sequence, one.stuff), _shipment(one, self.names, named), kinds)


def _untouched(granted: Sequence[Permit] | None) -> tuple[Balance, ...]:
    return tuple(Balance(one, 0, one.mode) for one in granted or ())


class _Names:
    """Under which one name a firm stands, whether a licence has its id, its name or its address."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._ids = {
            name: one.id for one in registry.parties for name in (one.id, one.name, one.name_zh) if name
        } | {site.id: site.party for site in registry.facilities if site.party}  # fmt: skip
        self._found: dict[str, str] = {}

    def of(self, name: str) -> str:
        """The id of a firm; a name nobody knows stands for itself."""
        found = self._found.get(name)
        if found is None:
            one = self._registry.party(name)
            site = self._registry.facility(name)
            found = one.id if one else self._ids.get(name) or (site.party or site.id if site else name)
            self._found[name] = found
        return found

    def permit(self, one: Permit) -> Permit:
        """A licence with ids for names."""
        users = tuple(dict.fromkeys(self.of(name) for name in one.end_users))
        return one.model_copy(update={"exporter": self.of(one.exporter), "end_users": users})


def _shipment(one: Crossing, names: _Names, named: str) -> Shipment:
    """A crossing as the licences see it; its parts were looked over when they were captured."""
    return Shipment.model_construct(
        id=one.id,
        day=one.day,
        exporter=names.of(one.exporter),
        end_user=names.of(one.end_user),
        elements=(),
        form=form_of(one.material) or "other",  # type: ignore[arg-type]
        material=one.material or one.stuff,
        composition=dict(one.fractions),  # type: ignore[arg-type]
        quantity_kg=Decimal(one.mass) / MICROGRAMS,
        mode="",
        facts={},
        permit=named,
    )


def totals(sent: Iterable[Sent]) -> Mapping[tuple[str, str, str], tuple[int, int]]:
    """(state, from, to) to shipments and micrograms."""
    found: dict[tuple[str, str, str], tuple[int, int]] = {}
    for one in sent:
        key = (one.state, one.crossing.since, one.crossing.to)
        many, mass = found.get(key, (0, 0))
        found[key] = (many + 1, mass + one.crossing.mass)
    return found
