"""Home to dates: what a text says about when, resolved against the day it was written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Role = Literal["in", "by", "from", "until", "since", "vs"]
TimeKind = Literal["day", "month", "year", "quarter", "half", "range", "relative"]


@dataclass(frozen=True, slots=True)
class Time:
    """A time of the text: ``text[start:end]`` and the period it names, as `terms.periods.parse_period` reads it."""

    start: int
    end: int
    period: str
    """``2025-04-04``, ``2025-12``, ``2025-Q1``, ``2025-JanMay``, ``2023-07..2024-04``; empty where it stays open."""
    role: Role = "in"
    kind: TimeKind = "month"
    approximate: bool = False


def times(text: str, today: date | None, lang: str = "") -> list[Time]:
    """The times of a folded text, in order, none overlapping another."""
    return []
