"""Home to comparison bases: the words that say what a change is measured against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Base:
    """Words of comparison: ``text[start:end]``."""

    start: int
    end: int
    against: str
    """The period compared with, where it can be told; else empty."""
    basis: str
    """``on the month before``, ``on the quarter before``, ``on the year before`` or ``against 2019``."""


def bases(text: str, today: date | None, lang: str = "") -> list[Base]:
    """The comparison bases of a folded text, in order."""
    return []
