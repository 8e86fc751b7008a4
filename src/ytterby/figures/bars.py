"""Home to the bars: signed values from zero, the largest first."""

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
    sure: str


def bars(rows: Rows, caption: Caption, *, most: int = 25, sort: bool = True, width: float = 720) -> str:
    """Draw one bar for each row.

    Args:
        rows: ``label`` and ``value`` (signed); ``assumed`` or ``contested``.
        most: how many rows are drawn; the note counts the others.
        sort: whether the largest reach stands first.
        caption: the finding and what stands around it.
        width: px of the figure.

    Raises:
        BadValue: a number that is none.
    """
    paper = Paper(caption, width)
    found = [_bar(row, place) for row, place in checked(rows, ("label",), "bars")]
    found = [bar for bar in found if not math.isnan(bar.value)]
    if sort:
        found.sort(key=lambda b: (-abs(b.value), b.label))
    shown = found[: max(1, most)]
    if len(shown) < len(found):
        paper.notes.append(paper.word("more", n=len(found) - len(shown)))
    if not shown:
        return paper.nothing()
    values = [bar.value for bar in shown]
    ticks = nice_ticks(min(0.0, *values), max(0.0, *values), 3 if paper.narrow else 5)
    paper.legend([Key(paper.word(word), "hatch", "grey") for word in sorted({bar.sure for bar in shown} - {""})])
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
    return _Bar(label, number(row, "value", place), status(row))


def _draw(paper: Paper, bar: _Bar, scale: Linear, y: float) -> None:
    zero, x = scale(0.0), scale(bar.value)
    box = Box(min(zero, x), y - 7, max(zero, x, min(zero, x) + 0.8), y + 7)
    hint = f"{bar.label}: {spell(bar.value)}" + (f" ({paper.word(bar.sure)})" if bar.sure else "")
    paper.rect(box, "s-nd hair" if bar.sure else "f-nd", hint, hatch="nd" if bar.sure else "")
    side, anchor = (-1, "end") if bar.value < 0 else (1, "start")
    paper.text(spell(bar.value), x + 4 * side, y + SIZES["label"] * 0.33, "label", anchor, halo=True)
