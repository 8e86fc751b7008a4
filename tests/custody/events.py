"""Home to events for the tests of capture and of the interface: a little chain, mine to oxide, as EPCIS JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"ytt": "https://ytterby.org/epcis/"}]


def lot(n: int) -> str:
    """Address of the n-th lot."""
    return f"https://example.org/lots/{n}"


def _base(kind: str, name: str, n: int) -> dict[str, Any]:
    minute = f"{8 + n // 3600:02d}:{n // 60 % 60:02d}:{n % 60:02d}"
    return {
        "type": kind,
        "eventID": name or f"urn:uuid:00000000-0000-4000-8000-{n:012x}",
        "eventTime": f"2026-03-01T{minute}.000Z",
        "eventTimeZoneOffset": "+08:00",
        "bizLocation": {"id": f"https://example.org/places/{n % 4}"},
    }


def born(n: int, kg: float = 100, name: str = "", at: int | None = None) -> dict[str, Any]:
    """Lot n comes into being."""
    told = [{"epcClass": lot(n), "quantity": kg, "uom": "KGM"}]
    return _base("ObjectEvent", name, n if at is None else at) | {
        "action": "ADD", "bizStep": "commissioning", "quantityList": told,
    }  # fmt: skip


def turned(n: int, inputs: list[int], output: int, kg: float = 10) -> dict[str, Any]:
    """Lots become another."""
    return _base("TransformationEvent", "", n) | {
        "bizStep": "commissioning",
        "inputQuantityList": [{"epcClass": lot(one), "quantity": kg, "uom": "KGM"} for one in inputs],
        "outputQuantityList": [{"epcClass": lot(output), "quantity": kg * len(inputs) * 0.9, "uom": "KGM"}],
    }


def chain(count: int) -> Iterator[dict[str, Any]]:
    """Lots that are born and turned into others, by turns."""
    for n in range(count):
        yield born(n) if n % 3 < 2 else turned(n, [n - 1, n - 2], n)


def document(events: list[dict[str, Any]]) -> dict[str, Any]:
    """A document of events."""
    return {
        "@context": CONTEXT, "type": "EPCISDocument", "schemaVersion": "2.0",
        "creationDate": "2026-03-02T00:00:00Z", "epcisBody": {"eventList": events},
    }  # fmt: skip
