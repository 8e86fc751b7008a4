"""Home to the plane: named points of several kinds between two axes that say what they measure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ytterby.figures.axes import level, tick_texts, upright, value_ticks
from ytterby.figures.base import Rows, checked
from ytterby.figures.letters import SIZES, clean, cut, measure
from ytterby.figures.paper import Box, Key, Paper, text_box
from ytterby.figures.scales import Linear, number, spell
from ytterby.terms.errors import BadValue

Marks = Mapping[str, tuple[str, str]]
"""Kind of a point -> its mark and tone; what comes later is drawn above."""


@dataclass(frozen=True)
class Point:
    """A named point."""

    label: str
    x: float
    y: float
    kind: str


@dataclass(frozen=True)
class Plane:
    """Where points lie on a paper."""

    box: Box
    x: Linear
    y: Linear


def points_of(rows: Rows, figure: str, marks: Marks, across: str, up: str, what: str = "point") -> list[Point]:
    """The points of a figure's rows, those without a number left out.

    Args:
        rows: ``label``, ``kind`` and the two numbers.
        figure: its name, for errors.
        marks: the kinds it knows.
        across: the column of the level axis.
        up: the column of the upright axis.
        what: what a point is, for errors.

    Raises:
        BadValue: a kind nobody knows, a number that is none.
    """
    found = []
    for row, place in checked(rows, ("label", "kind"), figure):
        kind = str(row["kind"])
        if kind not in marks:
            raise BadValue(f"a {what} of kind '{kind:.40}'", place=place, remedy=f"known: {', '.join(marks)}")
        point = Point(clean(row["label"]), number(row, across, place), number(row, up, place), kind)
        if not (math.isnan(point.x) or math.isnan(point.y)):
            found.append(point)
    return found


def keys(paper: Paper, points: Sequence[Point], marks: Marks, word: str) -> list[Key]:
    """The legend's entries of the kinds there are; the word of a kind is called `word` and the kind."""
    kinds = {point.kind for point in points}
    return [Key(paper.word(f"{word}_{kind}"), mark, tone) for kind, (mark, tone) in marks.items() if kind in kinds]


def laid(paper: Paper, xs: Sequence[float], ys: Sequence[float], axes: Sequence[str], tall: float) -> Plane:
    """Axes from zero over all of `xs` and `ys`, `tall` px high, with what they say at their ends."""
    count = 3 if paper.narrow else 5
    across, up = (value_ticks(list(values), zero=True, count=count) for values in (xs, ys))
    size = SIZES["label"]
    paper.y += size * 1.5
    paper.text(cut(f"↑ {clean(axes[1])}", paper.right - paper.left), paper.left, paper.y - size * 0.3, tone="soft")
    gutter = max(measure(words, "tick") for words in tick_texts(up)) + 10
    box = Box(paper.left + gutter, paper.y + 8, paper.right - 14, paper.y + 8 + tall)
    y = upright(paper, box, up)
    x = level(paper, box, across, box.bottom + 16)
    paper.y = box.bottom + 20 + size * 1.3
    words = cut(f"{clean(axes[0])} →", paper.right - paper.left)
    paper.text(words, paper.right, paper.y - size * 0.2, "label", "end", tone="soft")
    paper.y += 4
    return Plane(box, x, y)


def draw(paper: Paper, points: Sequence[Point], plane: Plane, marks: Marks, small: str) -> None:
    """Draw the points, those of the kind `small` smaller, and their names where there is room."""
    order = sorted(points, key=lambda point: list(marks).index(point.kind))
    for one in order:
        mark, tone = marks[one.kind]
        x, y = plane.x(one.x), plane.y(one.y)
        hint = f"{one.label}: {spell(one.x)}, {spell(one.y)}"
        paper.mark(mark, x, y, 4.0 if one.kind == small else 5.6, tone, hint=hint)
        paper.reserve(Box(x - 5, y - 5, x + 5, y + 5))
    unnamed = 0
    for one in reversed(order):
        words = cut(one.label, (plane.box.right - plane.box.left) * 0.6)
        unnamed += not _named(paper, words, plane.x(one.x), plane.y(one.y), plane.box)
    if unnamed:
        paper.notes.append(paper.word("unlabelled", n=unnamed))


def _named(paper: Paper, words: str, x: float, y: float, box: Box) -> bool:
    drop = SIZES["label"] * 0.33
    # aslant first: axes and edges mostly leave a mark level or upright
    spots = [(x + a, y + b, anchor) for b in (-9, 16) for a, anchor in ((8, "start"), (-8, "end"))]
    spots += [(x + 10, y + drop, "start"), (x - 10, y + drop, "end"), (x, y - 10, "middle"), (x, y + 18, "middle")]
    return paper.place(words, [spot for spot in spots if box.holds(text_box(words, *spot[:2], "label", spot[2]))])
