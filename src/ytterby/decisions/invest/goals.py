"""Home to goals: how self-sufficient a region is to be, by when, and how long its makers are to last without China."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ytterby.terms.errors import BadValue, UnknownName

Kind = Literal["share", "days"]
KINDS: tuple[Kind, ...] = ("share", "days")
FORM = "share=0.4@2030 or days=180@2028"
_TEXT = re.compile(r"\s*([a-z]+)\s*=\s*([0-9.eE+-]+)\s*(%?)\s*@\s*(\d{4})\s*")


@dataclass(frozen=True, slots=True, order=True)
class Goal:
    """``share``: of the magnets wanted at home, those made at home through a chain of the region and its partners.

    ``days``: how long makers at home run at full rate when nothing comes from China any more.
    """

    year: int
    kind: Kind
    value: float

    def __str__(self) -> str:
        return f"{self.kind}={self.value:g}@{self.year}"


def read(text: str) -> Goal:
    """A goal as a person writes it: ``share=0.4@2030``, ``share=40%@2030``, ``days=180@2028``.

    Raises:
        UnknownName: neither ``share`` nor ``days``.
        BadValue: not of this form, a share outside 0 to 1, days below 0.
    """
    found = _TEXT.fullmatch(text)
    if found is None:
        raise BadValue(f"'{text[:40]}' is no goal", place="goal", remedy=f"write it as {FORM}")
    kind, written, percent, year = found.groups()
    if kind not in KINDS:
        raise UnknownName(kind, KINDS, what="goal", place=f"goal '{text[:40]}'")
    try:
        value = float(written) / (100.0 if percent else 1.0)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < 0 or (kind == "share" and value > 1):
        remedy = "a share lies between 0 and 1" if kind == "share" else "give days of 0 or more"
        raise BadValue(f"'{written}{percent}' is no {kind} to aim for", place=f"goal '{text[:40]}'", remedy=remedy)
    return Goal(int(year), "share" if kind == "share" else "days", value)


def together(goals: Iterable[Goal]) -> tuple[Goal, ...]:
    """Goals in the order of their years, each once.

    Raises:
        BadValue: two values for the same kind and year.
    """
    found = sorted(set(goals))
    seen: dict[tuple[int, str], Goal] = {}
    for goal in found:
        other = seen.setdefault((goal.year, goal.kind), goal)
        if other is not goal:
            raise BadValue(f"{other} and {goal} exclude each other", place="goals", remedy="keep one of them")
    return tuple(found)
