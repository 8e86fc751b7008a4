"""Home to what happened: an event of EPCIS 2.0 as the tracking system understands it, whatever it was written in.

Everything counted is a whole number: masses are micrograms, mass fractions parts per billion, times microseconds of
UTC. An event as written (every field, extensions too) is kept beside this in its canonical form; here stands what the
ledger, the genealogy, the balances and the alarms ask of it.

Source: GS1 EPCIS 2.0 (ISO/IEC 19987:2024) and CBV 2.0 (ISO/IEC 19988:2024).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["object", "aggregation", "transaction", "transformation", "association"]
KINDS: tuple[Kind, ...] = ("object", "aggregation", "transaction", "transformation", "association")

Action: TypeAlias = Literal["", "ADD", "OBSERVE", "DELETE"]
"""Empty for a transformation, which has none."""

Role: TypeAlias = Literal["what", "input", "output", "child", "parent"]
ROLES: tuple[Role, ...] = ("what", "input", "output", "child", "parent")
"""How a piece stands in its event. Pieces of object and transaction events are `what`."""

MICROGRAMS = 1_000_000_000
"""In one kilogram."""
WHOLE = 1_000_000_000
"""Parts per billion in one."""


@dataclass(frozen=True, slots=True)
class Assay:
    """How much of an element is in a piece."""

    element: str
    """Symbol, one of `terms.elements`."""
    ppb: int
    """Mass fraction, parts per billion."""
    sigma: int = 0
    """Its standard uncertainty, parts per billion; 0 = not told."""


@dataclass(frozen=True, slots=True)
class Piece:
    """So much of one lot in one event."""

    lot: str
    """Address of the lot: a class-level identifier with lot (LGTIN, digital link with ``/10/``), or one instance."""
    role: Role
    mass: int | None = None
    """Micrograms of the material as traded; None = not told."""
    count: float | None = None
    """Pieces, where it is counted and not weighed."""
    material: str = ""
    """Id of `terms.materials`, where it is told."""
    assays: tuple[Assay, ...] = ()


@dataclass(frozen=True, slots=True)
class Mistake:
    """An error declaration: the event with this id was wrong."""

    time: int
    reason: str = ""
    corrections: tuple[str, ...] = ()
    """Ids of the events that stand in its place."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event, checked."""

    id: str
    """``eventID`` as given; an event without one is named by its digest (``ni:///sha-256;...?ver=CBV2.0``)."""
    kind: Kind
    time: int
    """Microseconds since 1970-01-01 UTC."""
    offset: int
    """Minutes east of UTC at the place."""
    pieces: tuple[Piece, ...]
    action: Action = ""
    step: str = ""
    """Business step, bare word of the vocabulary: ``commissioning``, ``shipping``, ``receiving`` ..."""
    disposition: str = ""
    read_point: str = ""
    location: str = ""
    """Business location: where things are after the event."""
    transformation: str = ""
    """``transformationID``: events that share it are one transformation."""
    sources: tuple[tuple[str, str], ...] = ()
    """(type, address): ``possessing_party``, ``owning_party``, ``location``."""
    destinations: tuple[tuple[str, str], ...] = ()
    transactions: tuple[tuple[str, str], ...] = ()
    """(type, address): purchase order, invoice, despatch advice ..."""
    mistake: Mistake | None = None
    # the extension vocabulary, https://ytterby.org/epcis/
    process: str = ""
    """Process or recipe that was run: an id of the world's recipes, or free."""
    losses: tuple[tuple[str, int], ...] = ()
    """(element, micrograms) declared lost in a transformation; element "" = of the material as a whole."""
    licences: tuple[str, ...] = ()
    """Numbers of export licences it rests on."""
    customs: tuple[str, ...] = ()
    """Numbers of customs declarations."""
    end_user: str = ""
    end_use: str = ""
    technology_origin: str = ""
    value_usd: int | None = None
    """Whole cents of what moved."""
    added: int = 0
    """Micrograms of material without a lot that went in beside the inputs, as declared: oxygen, water, iron, acid."""
    doubts: tuple[tuple[str, str], ...] = ()
    """(check, what it found): what seems wrong and is no reason to refuse the event; shown with the alarms."""

    @property
    def place(self) -> str:
        """Where it took place, as far as told: the business location, else the read point."""
        return self.location or self.read_point
