"""Home to the contract of a custody model: what a lot may claim of its origin, why, and what breaks the claim.

Source: ISO 22095:2020, Chain of custody, General terminology and models (identity preserved, segregated, controlled
blending, mass balance with rolling average percentage and credit methods; book and claim, which needs no link between
lots, is not one of ours).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from typing import ClassVar

from ytterby.custody.book.layout import INPUT, OUTPUT, TRANSFORMATION, UP
from ytterby.custody.genealogy.amounts import MASS
from ytterby.custody.genealogy.exact import UNTOLD, Exact
from ytterby.custody.genealogy.links import Links
from ytterby.custody.genealogy.tracing import upstream


@dataclass(frozen=True, slots=True)
class Break:
    """An event that a claim fails on."""

    event: int
    """Its sequence number in the ledger."""
    reason: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What a lot may say of itself under one model."""

    model: str
    lot: str
    holds: bool
    share: Fraction
    """The most it may claim; 0 where it may claim nothing."""
    why: str
    broken_by: tuple[Break, ...] = ()


@dataclass(frozen=True)
class Terms:
    """What the claim is about."""

    eligible: frozenset[str]
    """Addresses of the places whose material has the property claimed (of one origin, conforming, recycled ...)."""
    basis: int = MASS
    """Of `amounts.BASES`."""
    declared: Mapping[str, Fraction] = field(default_factory=dict)
    """Lot → the share its papers claim. A lot that claims nothing takes nothing."""


class Histories:
    """What models ask of a genealogy, worked out once for many claims."""

    def __init__(self, links: Links, terms: Terms) -> None:
        self.links, self.terms, self.exact = links, terms, Exact(links)
        self.book = links.book
        self._eligible = frozenset(self.book.place(one) for one in terms.eligible) - {UNTOLD}

    def eligible(self, lot: int) -> Fraction:
        """The least share of a lot that surely comes from eligible places."""
        shares = self.exact.origins(lot, self.terms.basis).shares
        return sum((share for place, share in shares.items() if place in self._eligible), Fraction(0))

    def origins(self, lot: int) -> frozenset[int]:
        """Codes of the places a lot comes from, `UNTOLD` among them where something is not told."""
        return frozenset(self.exact.origins(lot, self.terms.basis).shares)

    def foreign(self, origins: frozenset[int]) -> frozenset[int]:
        """Those among the origins that are not eligible."""
        return origins - self._eligible

    def ancestry(self, lot: int) -> list[int]:
        """Lots it came of and itself."""
        return sorted(upstream(self.links, lot).lots)

    def named(self, origins: frozenset[int]) -> str:
        """Origins in words."""
        return ", ".join(sorted(self.book.place_name(one) or "a place not told" for one in origins))

    def declared(self, lot: int) -> Fraction:
        """The share a lot's papers claim."""
        return self.terms.declared.get(self.book.lot_name(lot), Fraction(0))

    def sequence(self, event: int) -> int:
        """The event's number in the ledger."""
        return int(self.book["events.sequence"].data[event])

    def site(self, lot: int) -> int:
        """The place at which a transformation made a lot, the latest of several; `UNTOLD` where none did."""
        knots = self.links.knots(lot, UP)
        if not knots:
            return UNTOLD
        last = max((event for knot in knots for event in knot), key=lambda e: self.links.time[e])
        return int(self.book["events.place"].data[last])

    def works(self, site: int) -> list[int]:
        """The transformations at a place, in order of time."""
        book = self.book
        rows = ((book["events.place"] == site) & (book["events.kind"] == TRANSFORMATION) & ~book.mistaken).nonzero()[0]
        return sorted(rows.tolist(), key=lambda e: (self.links.time[e], self.sequence(e)))

    def flows(self, event: int, role: int) -> list[tuple[int, Fraction | None]]:
        """Inputs or outputs of an event: lot, amount by the basis."""
        links = self.links
        rows = [row for row in links.pieces(event) if links.role[row] == role]
        return [(links.lot[row], self.exact.amounts.amount(row, self.terms.basis)) for row in rows]

    def inputs(self, event: int) -> list[tuple[int, Fraction | None]]:
        """What an event took in."""
        return self.flows(event, INPUT)

    def outputs(self, event: int) -> list[tuple[int, Fraction | None]]:
        """What an event put out."""
        return self.flows(event, OUTPUT)

    def entitled(self, lot: int) -> Fraction:
        """The share an input brings into an account: what its papers claim, else what surely is eligible in it."""
        name = self.book.lot_name(lot)
        return self.terms.declared[name] if name in self.terms.declared else self.eligible(lot)


class Model(ABC):
    """One model of custody."""

    name: ClassVar[str]

    @abstractmethod
    def claim(self, histories: Histories, lot: int) -> Claim:
        """What this lot may claim."""

    def made(self, histories: Histories, lot: int, share: Fraction, why: str, broken: tuple[Break, ...] = ()) -> Claim:
        """A claim of this model; it holds where nothing breaks it and there is something to claim."""
        return Claim(self.name, histories.book.lot_name(lot), not broken and share > 0, share, why, broken)


def month(time: int) -> int:
    """The month of an instant: months since year 0, UTC."""
    day = datetime.fromtimestamp(time / 1e6, UTC)
    return day.year * 12 + day.month - 1
