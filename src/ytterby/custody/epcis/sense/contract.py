"""Home to the contract of a check of sense: what it sees, what it says, and how grave that is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from ytterby.custody.event import Event

Grade: TypeAlias = Literal["refuse", "doubt"]


@dataclass(slots=True)
class Seen:
    """What checks look at."""

    event: Event
    form: Mapping[str, Any]
    """Its canonical form."""
    raw: Mapping[str, Any]
    """As it was written."""
    now: int
    """Microseconds since 1970."""
    hashed: str = ""
    """Its event hash, where it was made."""


@dataclass(frozen=True, slots=True)
class Check:
    """One question asked of every event."""

    name: str
    grade: Grade
    asks: str
    """What it refuses or doubts, for the documentation."""
    find: Callable[[Seen], str]
    """What it found; empty where nothing."""


def check(name: str, grade: Grade, asks: str) -> Callable[[Callable[[Seen], str]], Check]:
    """Make a check of a function that says what it found."""

    def made(find: Callable[[Seen], str]) -> Check:
        return Check(name, grade, asks, find)

    return made
