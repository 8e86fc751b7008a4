"""Home to the shape of a quantity: what every file of the grammar hands on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Comparator = Literal["=", "~", "<", ">", "≤", "≥"]
Dimension = Literal[
    "percent",
    "ratio",
    "mass",
    "mass_rate",
    "money",
    "price",
    "per_share",
    "duration",
    "count",
    "rank",
    "length",
    "power",
    "energy",
    "points",
    "zero",
    "other",
]


@dataclass(frozen=True, slots=True)
class Quantity:
    """One figure: ``text[start:end]`` with the words that compare it, ``text[number_start:end]`` without them."""

    start: int
    end: int
    number_start: int
    """Where the figure itself (or its currency sign) begins."""
    number_end: int
    """Where the figure ends and its magnitude and unit begin."""
    value: float | None
    """Magnitude multiplied out, unit not converted; None for a range and where no number is said (several weeks)."""
    low: float | None
    high: float | None
    """Ends of a range; both None for a single figure."""
    comparator: Comparator
    unit: str
    """As ``t``, ``t/yr``, ``USD/kg``, ``%``, ``pp``, ``x``, ``count``, ``rank``; empty for a bare number."""
    dimension: Dimension
    noun: str = ""
    """What a count counts (家, plants); ``high`` or ``low`` for a "six-month high"."""
    basis: str = ""
    """Words of basis next to the unit, e.g. ``REO``."""


def listed(words: str) -> tuple[str, ...]:
    """The words of a table kept as one line of text."""
    return tuple(words.split())
