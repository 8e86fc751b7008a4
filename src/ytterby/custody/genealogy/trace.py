"""Home to the answer to "where is this from, and where did it go": the trace of one lot, in names and not in codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from ytterby.custody.book.book import Book
from ytterby.custody.epcis.identifiers import address
from ytterby.custody.event import MICROGRAMS
from ytterby.custody.genealogy.amounts import BASES, MASS, VALUE
from ytterby.custody.genealogy.exact import UNTOLD, Exact
from ytterby.custody.genealogy.holdings import holdings
from ytterby.custody.genealogy.links import Links
from ytterby.custody.genealogy.tracing import Traced, downstream, roots, upstream
from ytterby.custody.registry import Registry
from ytterby.terms.errors import UnknownName

UNKNOWN = "untold"
"""What the origin of that which nobody told is called."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A place something came into being at, and how much of the lot is from there."""

    facility: str
    """Id of the registry, else the address; `UNKNOWN` for what is not told."""
    place: str
    """ISO 3166 alpha-2 as the registry says, else empty."""
    address: str
    share: Mapping[str, Fraction]
    """Element, ``mass`` or ``value`` → share."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has something of what is to be called back."""

    lot: str
    state: str
    place: str
    """Address; where it goes, while under way."""
    party: str
    container: str
    kg: float | None
    since: str
    """ISO date and time, UTC."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What is known of a lot's descent, or of what became of it."""

    lot: str
    origins: tuple[Origin, ...]
    error: Mapping[str, float]
    """Of each basis the most by which a share may be off; 0 = exact."""
    events: int
    lots: int
    """Lots it came of, or that came of it."""
    first: tuple[str, ...]
    """Lots at the beginning: those that came of no other."""
    holders: tuple[Holder, ...]
    """Who holds what now; only where the trace goes down."""
    verdicts: tuple[Any, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The trace as plain values: shares as numbers."""
        return {
            "lot": self.lot,
            "origins": [
                {"facility": o.facility, "place": o.place, "address": o.address,
                 "share": {basis: float(share) for basis, share in o.share.items()}}
                for o in self.origins
            ],
            "error": dict(self.error),
            "events": self.events,
            "lots": self.lots,
            "first": list(self.first),
            "holders": [{name: getattr(h, name) for name in Holder.__slots__} for h in self.holders],
            "verdicts": list(self.verdicts),
        }  # fmt: skip


def trace(book: Book, lot: str, *, down: bool = False, registry: Registry | None = None) -> Trace:
    """The trace of a lot: what it came of, or with `down` what became of it and who holds that.

    Raises `UnknownName` for a lot that no event names.
    """
    code = book.lot(lot)
    if code < 0:
        lot = address(lot)  # however it was spelled
        code = book.lot(lot)
    if code < 0:
        raise UnknownName(
            lot, what="lot", remedy="no captured event names it: check the address, or capture its events"
        )
    links = Links(book)
    traced = downstream(links, code) if down else upstream(links, code)
    exact = Exact(links)
    bases = (*exact.elements(code), MASS)
    bases += (VALUE,) if exact.amounts.priced(traced.lots) else ()
    origins, error = _origins(book, exact, code, bases, registry)
    first = sorted(roots(links, traced.lots)) if not down else []
    return Trace(
        lot=lot,
        origins=origins,
        error=error,
        events=len(traced.events(links)),
        lots=len(traced.lots) - 1,
        first=tuple(book.lot_name(one) for one in first),
        holders=_holders(links, traced) if down else (),
    )


def _origins(
    book: Book, exact: Exact, lot: int, bases: tuple[int, ...], registry: Registry | None
) -> tuple[tuple[Origin, ...], dict[str, float]]:
    shares: dict[int, dict[str, Fraction]] = {}
    error = {}
    for basis in bases:
        told = exact.origins(lot, basis)
        error[BASES[basis]] = float(told.error)
        for place, share in told.shares.items():
            shares.setdefault(place, {})[BASES[basis]] = share
    found = []
    for place, by_basis in shares.items():
        address = book.place_name(place)
        known = registry.facility(address) if registry is not None and place != UNTOLD else None
        name = UNKNOWN if place == UNTOLD else (known.id if known else address)
        found.append(Origin(name, known.place if known else "", address, by_basis))
    found.sort(key=lambda o: (o.facility == UNKNOWN, -max(o.share.values()), o.facility))
    return tuple(found), error


def _holders(links: Links, traced: Traced) -> tuple[Holder, ...]:
    book = links.book
    return tuple(
        Holder(
            lot=book.lot_name(one.lot),
            state=one.state,
            place=book.place_name(one.place),
            party=book.party_name(one.party),
            container=book.lot_name(one.container),
            kg=None if one.mass is None else one.mass / MICROGRAMS,
            since=datetime.fromtimestamp(one.since / 1e6, UTC).isoformat(),
        )
        for lot in sorted(traced.lots)
        for one in holdings(links, lot)
    )
