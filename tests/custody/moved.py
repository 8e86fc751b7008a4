"""Home to events for the tests of movements, balances and alarms: a firm's papers, told one line an event."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from ytterby.custody.balance import Ground, ground
from ytterby.custody.book.book import Book
from ytterby.custody.book.chunk import chunk
from ytterby.custody.event import MICROGRAMS, WHOLE, Assay, Event, Piece
from ytterby.custody.registry import Facility, Party, Recipe, Registry

KG = MICROGRAMS
DAY = 86_400_000_000
FIRST = (datetime.date(2026, 1, 1) - datetime.date(1970, 1, 1)).days * DAY
BASE = "https://moved.example"
_count = iter(range(10**9))


def where(name: str) -> str:
    return f"{BASE}/at/{name}"


def lot(name: str) -> str:
    return f"{BASE}/lot/{name}"


def piece(name: str, kg: float | None, material: str = "", role: str = "what", **assays: float) -> Piece:
    told = tuple(Assay(element, round(share * WHOLE), round(share * WHOLE / 250)) for element, share in assays.items())
    mass = None if kg is None else round(kg * KG)
    return Piece(lot(name), role, mass, material=material, assays=told)  # type: ignore[arg-type]


def event(day: float, kind: str, place: str, pieces: Sequence[Piece], **more: Any) -> Event:
    name = more.pop("id", None) or f"{BASE}/event/{next(_count)}"
    return Event(
        name, kind, FIRST + round(day * DAY), 0, tuple(pieces), read_point=where(place), location=where(place), **more
    )  # type: ignore[arg-type]


def born(day: float, place: str, *pieces: Piece, **more: Any) -> Event:
    return event(day, "object", place, pieces, action="ADD", step="commissioning", **more)


def gone(day: float, place: str, *pieces: Piece, **more: Any) -> Event:
    return event(day, "object", place, pieces, action="DELETE", step="decommissioning", **more)


def counted(day: float, place: str, *pieces: Piece) -> Event:
    return event(day, "object", place, pieces, action="OBSERVE", step="stock_taking")


def _between(sender: str, taker: str) -> dict[str, Any]:
    return {
        "sources": (("possessing_party", where(sender)),),
        "destinations": (("possessing_party", where(taker)),),
    }


def sent(day: float, sender: str, taker: str, *pieces: Piece, **more: Any) -> Event:
    told = {**_between(sender, taker), **more}
    return event(day, "object", sender, pieces, action="OBSERVE", step="shipping", **told)


def taken(day: float, sender: str, taker: str, *pieces: Piece, **more: Any) -> Event:
    told = {**_between(sender, taker), **more}
    return event(day, "object", taker, pieces, action="OBSERVE", step="receiving", **told)


def turned(day: float, place: str, inputs: Iterable[Piece], outputs: Iterable[Piece], **more: Any) -> Event:
    pieces = [
        Piece(one.lot, role, one.mass, material=one.material, assays=one.assays)  # type: ignore[arg-type]
        for role, side in (("input", inputs), ("output", outputs))
        for one in side
    ]
    return event(day, "transformation", place, pieces, step="commissioning", **more)


def book(folder: Path, events: Sequence[Event]) -> Book:
    made = Book.open(folder / "book", write=True)
    made.add(chunk(events), 0)
    return made


def facility(name: str, place: str = "", **more: Any) -> Facility:
    return Facility(id=name, addresses=(where(name),), place=place, **more)


PLACES = {"mine": "CN", "sep": "CN", "magnets": "CN", "maker": "DE", "trader": "KZ"}


def registry(**more: Any) -> Registry:
    told: dict[str, Any] = {
        "facilities": tuple(
            facility(name, place, stage="mine" if name == "mine" else "", party=name) for name, place in PLACES.items()
        ),
        "parties": tuple(Party(id=name, place=place) for name, place in PLACES.items()),
        "recipes": (Recipe(id="melt", yields={"": (0.93, 0.97)}),),
    }
    return Registry(**{**told, **more})


def grounded(folder: Path, events: Sequence[Event], known: Registry | None = None, **more: Any) -> Ground:
    return ground(book(folder, events), known or registry(), **more)
