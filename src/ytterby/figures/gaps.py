"""Home to the gaps: what a balance leaves unexplained, month by month, each with its interval."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ytterby.figures.axes import tick_texts, upright, value_ticks
from ytterby.figures.base import Caption, Rows, checked
from ytterby.figures.letters import clean, measure
from ytterby.figures.paper import Box, Key, Paper
from ytterby.figures.scales import Linear, number, spell
from ytterby.terms.errors import BadValue


@dataclass(frozen=True)
class _Gap:
    period: str
    value: float
    low: float
    high: float
    counted: bool

    @property
    def stands_out(self) -> bool:
        """Whether nothing is outside the interval."""
        return not self.low <= 0.0 <= self.high


def gaps(rows: Rows, caption: Caption, *, names: tuple[str, str, str], width: float = 720) -> str:
    """Draw a mark with its interval for each period, in the order given.

    Args:
        rows: ``period``, ``value``, ``low`` and ``high``; a false ``counted`` is drawn open.
        names: what the legend calls an interval that holds zero, one that does not, and a period without a count.
        caption: the finding and what stands around it.
        width: px of the figure.

    Raises:
        BadValue: a number that is none, an interval that runs backwards.
    """
    paper = Paper(caption, width)
    found = [_gap(row, place) for row, place in checked(rows, ("period", "value"), "gaps")]
    found = [one for one in found if not math.isnan(one.value)]
    if not found:
        return paper.nothing()
    paper.legend(_keys(found, names))
    known = [v for one in found for v in (one.value, one.low, one.high) if not math.isnan(v)]
    ticks = value_ticks(known, zero=True, count=4 if paper.narrow else 5)
    left = paper.left + max(measure(words, "tick") for words in tick_texts(ticks)) + 8
    plot = Box(left, paper.y + 12, paper.right - 4, paper.y + 12 + (180 if paper.narrow else 220))
    scale = upright(paper, plot, ticks)
    pitch = (plot.right - plot.left) / len(found)
    edge = -1e9
    for at, one in enumerate(found):
        x = plot.left + pitch * (at + 0.5)
        _draw(paper, one, x, scale)
        half = measure(one.period, "tick") / 2
        if x - half > edge and x + half <= paper.right:
            paper.text(one.period, x, plot.bottom + 17, "tick", "middle")
            edge = x + half + 8
    paper.y = plot.bottom + 26
    return paper.finish()


def _gap(row: Mapping[str, Any], place: str) -> _Gap:
    value, low, high = (number(row, key, place) for key in ("value", "low", "high"))
    if low > value or value > high:
        raise BadValue(f"{value:g} is not in {low:g}..{high:g}", place=place, remedy="low ≤ value ≤ high must hold")
    return _Gap(clean(row["period"]), value, low, high, bool(row.get("counted", True)))


def _keys(found: list[_Gap], names: tuple[str, str, str]) -> list[Key]:
    told = []
    if any(not one.stands_out for one in found):
        told.append(Key(names[0], "whisker", "tb"))
    if any(one.stands_out for one in found):
        told.append(Key(names[1], "whisker", "er"))
    if any(not one.counted for one in found):
        told.append(Key(names[2], "ring", "grey"))
    return told


def _draw(paper: Paper, one: _Gap, x: float, scale: Linear) -> None:
    tone = "er" if one.stands_out else "tb"
    y = scale(one.value)
    words = f"{one.period}: {spell(one.value)} ({spell(one.low)}–{spell(one.high)})"
    if not math.isnan(one.low):
        ends = scale(one.low), scale(one.high)
        paper.line([(x, ends[0]), (x, ends[1])], f"line s-{tone}", words)
        for end in ends:
            paper.line([(x - 3, end), (x + 3, end)], f"line s-{tone}")
    paper.mark("circle", x, y, 3.8, tone, sure="" if one.counted else "contested", hint=words)
