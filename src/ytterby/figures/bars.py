"""Home to the bars: signed values from zero, or the two ends of a tornado, the largest first."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ytterby.figures.axes import level
from ytterby.figures.base import Caption, Rows, checked, status
from ytterby.figures.letters import SIZES, clean, cut, measure
from ytterby.figures.paper import Box, Key, Paper
from ytterby.figures.scales import Linear, nice_ticks, number, spell
from ytterby.terms.errors import BadValue


@dataclass(frozen=True)
class _Bar:
    label: str
    value: float
    low: float
    high: float
    sure: str

    @property
    def ends(self) -> list[float]:
        """The values the bar reaches from zero."""
        return [v for v in (self.value, self.low, self.high) if not math.isnan(v)]


def bars(rows: Rows, caption: Caption, *, most: int = 25, sort: bool = True, width: float = 720) -> str:
    """Draw one bar for each row.

    Args:
        rows: ``label`` and ``value`` (signed), or ``low`` and ``high`` for a tornado: the outcome's change when an
            input is at its
            low and at its high end; ``assumed`` or ``contested``.
        most: how many rows are drawn; the note counts the others.
        sort: whether the largest reach stands first.
        caption: the finding and what stands around it.
        width: px of the figure.

    Raises:
        BadValue: a number that is none.
    """
    paper = Paper(caption, width)
    found = [_bar(row, place) for row, place in checked(rows, ("label",), "bars")]
    found = [bar for bar in found if bar.ends]
    if sort:
        found.sort(key=lambda b: (-max(map(abs, b.ends)), b.label))
    shown = found[: max(1, most)]
    if len(shown) < len(found):
        paper.notes.append(paper.word("more", n=len(found) - len(shown)))
    if not shown:
        return paper.nothing()
    values = [v for bar in shown for v in bar.ends]
    ticks = nice_ticks(min(0.0, *values), max(0.0, *values), 3 if paper.narrow else 5)
    paper.legend(_keys(paper, shown))
    labels = 0.0 if paper.narrow else min(max(measure(b.label) for b in shown) + 10, (paper.right - paper.left) * 0.46)
    # Value labels stand outside the bars, so both sides need their width.
    rims = [
        max((measure(spell(v)) for v in values if (v < 0) == negative), default=0.0) + 6 for negative in (True, False)
    ]
    pitch = 38.0 if paper.narrow else 24.0
    top = paper.y + 22
    plot = Box(paper.left + labels + rims[0], top, paper.right - rims[1], top + pitch * len(shown))
    scale = level(paper, plot, ticks, top - 7)
    for index, bar in enumerate(shown):
        middle = top + pitch * (index + 0.5)
        base = middle + SIZES["label"] * 0.33
        room = paper.right - paper.left if paper.narrow else labels - 4
        paper.text(cut(bar.label, room), paper.left, base - (9 if paper.narrow else 0), halo=True)
        _draw(paper, bar, scale, middle + (8 if paper.narrow else 0))
    paper.y = plot.bottom + 8
    return paper.finish()


def _bar(row: Mapping[str, Any], place: str) -> _Bar:
    label = clean(row["label"])
    if not label:
        raise BadValue("a row without a label", place=place, remedy="name what the bar stands for")
    value, low, high = (number(row, key, place) for key in ("value", "low", "high"))
    if not math.isnan(value) and not math.isnan(low + high):
        raise BadValue(
            "a row with value, low and high", place=place, remedy="give a value, or low and high for a tornado"
        )
    return _Bar(label, value, low, high, status(row))


def _keys(paper: Paper, shown: list[_Bar]) -> list[Key]:
    keys = []
    if any(not math.isnan(bar.low) or not math.isnan(bar.high) for bar in shown):
        keys = [Key(paper.word("low"), "fill", "tb"), Key(paper.word("high"), "fill", "er")]
    return keys + [Key(paper.word(word), "hatch", "grey") for word in sorted({bar.sure for bar in shown} - {""})]


def _draw(paper: Paper, bar: _Bar, scale: Linear, y: float) -> None:
    zero = scale(0.0)
    ends = [(bar.value, "nd"), (bar.low, "tb"), (bar.high, "er")]
    drawn = sorted(((v, tone) for v, tone in ends if not math.isnan(v)), key=lambda e: -abs(e[0]))
    for value, tone in drawn:
        x = scale(value)
        box = Box(min(zero, x), y - 7, max(zero, x, min(zero, x) + 0.8), y + 7)
        hint = f"{bar.label}: {spell(value)}" + (f" ({paper.word(bar.sure)})" if bar.sure else "")
        paper.rect(box, f"s-{tone} hair" if bar.sure else f"f-{tone}", hint, hatch=tone if bar.sure else "")
    for side in (-1, 1):
        # Two ends on one side share the label of the longer, which is the bar one sees.
        reach = [v for v, _ in drawn if (v < 0) == (side < 0)]
        if reach:
            value = reach[0]
            paper.text(
                spell(value),
                scale(value) + 4 * side,
                y + SIZES["label"] * 0.33,
                "label",
                "start" if side > 0 else "end",
                halo=True,
            )
