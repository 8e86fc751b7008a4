"""Home to the frontier: mean cost of plans against their cost when it goes badly, and where rivals lie."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ytterby.figures.axes import level, tick_texts, upright, value_ticks
from ytterby.figures.base import Caption, Rows, checked
from ytterby.figures.letters import SIZES, clean, cut, measure
from ytterby.figures.paper import Box, Key, Paper, text_box
from ytterby.figures.scales import Linear, number, spell
from ytterby.terms.errors import BadValue

MARKS: dict[str, tuple[str, str]] = {
    "budget": ("circle", "nd"),
    "leaning": ("triangle", "tb"),
    "rival": ("square", "er"),
    "plan": ("diamond", "pr"),
}
"""Kind of a plan -> its mark and tone."""


@dataclass(frozen=True)
class _Point:
    label: str
    x: float
    y: float
    kind: str


def frontier(rows: Rows, caption: Caption, *, axes: Sequence[str] = ("", ""), width: float = 720) -> str:
    """Draw plans by mean cost and cost of the tail; those of kind ``budget`` are joined in the order given.

    Args:
        rows: ``label``, ``tail`` (level axis), ``expected`` (upright axis), ``kind``: one of `MARKS`; a row without a
            number is left out.
        caption: the finding and what stands around it.
        axes: what the level and the upright axis say.
        width: px of the figure.

    Raises:
        BadValue: a kind nobody knows, a number that is none, axes that are not two.
    """
    if len(axes) != 2:
        raise BadValue(f"{len(axes)} axes", place="figure frontier", remedy="name the level and the upright one")
    paper = Paper(caption, width)
    points = [_point(row, place) for row, place in checked(rows, ("label", "kind"), "frontier")]
    points = [p for p in points if not (math.isnan(p.x) or math.isnan(p.y))]
    if not points:
        return paper.nothing()
    kinds = {p.kind for p in points}
    paper.legend(
        [Key(paper.word(f"front_{kind}"), mark, tone) for kind, (mark, tone) in MARKS.items() if kind in kinds]
    )
    count = 3 if paper.narrow else 5
    across, up = (
        value_ticks(values, zero=True, count=count) for values in ([p.x for p in points], [p.y for p in points])
    )
    size = SIZES["label"]
    paper.y += size * 1.5
    paper.text(cut(f"↑ {clean(axes[1])}", paper.right - paper.left), paper.left, paper.y - size * 0.3, tone="soft")
    gutter = max(measure(words, "tick") for words in tick_texts(up)) + 10
    tall = 240.0 if paper.narrow else 300.0
    plot = Box(paper.left + gutter, paper.y + 8, paper.right - 14, paper.y + 8 + tall)
    y = upright(paper, plot, up)
    x = level(paper, plot, across, plot.bottom + 16)
    _draw(paper, points, x, y, plot)
    paper.y = plot.bottom + 20 + size * 1.3
    words = cut(f"{clean(axes[0])} →", paper.right - paper.left)
    paper.text(words, paper.right, paper.y - size * 0.2, "label", "end", tone="soft")
    paper.y += 4
    return paper.finish()


def _point(row: Mapping[str, Any], place: str) -> _Point:
    kind = str(row["kind"])
    if kind not in MARKS:
        raise BadValue(f"a plan of kind '{kind:.40}'", place=place, remedy=f"known: {', '.join(MARKS)}")
    return _Point(clean(row["label"]), number(row, "tail", place), number(row, "expected", place), kind)


def _draw(paper: Paper, points: Sequence[_Point], x: Linear, y: Linear, plot: Box) -> None:
    line = [(x(p.x), y(p.y)) for p in points if p.kind == "budget"]
    if len(line) > 1:
        paper.line(line, "line s-nd")
    order = sorted(points, key=lambda p: list(MARKS).index(p.kind))
    for p in order:
        mark, tone = MARKS[p.kind]
        paper.mark(mark, x(p.x), y(p.y), 4.0 if p.kind == "budget" else 5.6, tone,
                   hint=f"{p.label}: {spell(p.y)}, {spell(p.x)}")  # fmt: skip
        paper.reserve(Box(x(p.x) - 5, y(p.y) - 5, x(p.x) + 5, y(p.y) + 5))
    drop, unnamed = SIZES["label"] * 0.33, 0
    for p in reversed(order):
        words, px, py = cut(p.label, (plot.right - plot.left) * 0.6), x(p.x), y(p.y)
        spots = [(px + 10, py + drop, "start"), (px - 10, py + drop, "end"), (px, py - 10, "middle")]
        spots += [(px + a, py + b, side) for b in (-9, 16) for a, side in ((8, "start"), (-8, "end"))]
        unnamed += not paper.place(words, [s for s in spots if plot.holds(text_box(words, *s[:2], "label", s[2]))])
    if unnamed:
        paper.notes.append(paper.word("unlabelled", n=unnamed))
