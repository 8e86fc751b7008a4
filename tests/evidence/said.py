"""Claims as extraction makes them, for tests: short to write, in the spelling of the extractor."""

from __future__ import annotations

from datetime import date
from typing import Any

from ytterby.evidence.claims import Claim, Source

DOCUMENT = "d" * 64


def said(kind: str, value: float | None = None, unit: str = "", **fields: Any) -> Claim:
    """A claim read from a document by a news agency on 20 January 2026, pending."""
    publisher = fields.pop("publisher", "Reuters")
    filled: dict[str, Any] = {
        "document": DOCUMENT,
        "known": date(2026, 1, 20),
        "access": "read",
        "confidence": "B",
        "source": Source(publisher=publisher, year=2026),
        **fields,
    }
    return Claim(kind=kind, value=value, unit=unit, **filled)  # type: ignore[arg-type]


def exports(value: float, period: str = "2025-12", to: str = "JP", **fields: Any) -> Claim:
    """Chinese magnet exports to a country in a month, in tonnes."""
    about = "rare earth magnet exports" if to == "WLD" else f"rare earth magnet exports to {to}"
    told = {"subject": "China", "object": about, "place": "CN", "counterpart": to, "period": period}
    return said("trade_volume", value, "t", **{**told, **fields})


def change(value: float, basis: str, period: str = "2025-12", to: str = "JP", **fields: Any) -> Claim:
    """A change of Chinese magnet exports, in percent."""
    about = f"rare earth magnet exports to {to}"
    told = {"subject": "China", "object": about, "place": "CN", "counterpart": to, "period": period, "basis": basis}
    return said("trade_change", value, "%", **{**told, **fields})


def content(value: float | None, unit: str, about: str, **fields: Any) -> Claim:
    """What an F-35 holds."""
    return said("intensity", value, unit, **{"subject": "F-35", "object": about, "place": "US", **fields})


def held(value: float, about: str, **fields: Any) -> Claim:
    """China's share of something in the world, in percent."""
    return said("share", value, "%", **{"subject": "China", "object": about, "place": "WLD", **fields})
