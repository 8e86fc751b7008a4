"""Home to the bargaining set: one side's payoff against the other's, the edge of what both can have, and where they
may meet.
"""

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
    "cell": ("circle", "grey"),
    "equilibrium": ("square", "er"),
    "threat": ("triangle", "ho"),
    "nash": ("diamond", "pr"),
    "fair": ("hexagon", "nd"),
}
"""Kind of a point -> its mark and tone."""


@dataclass(frozen=True)
class _Point:
    label: str
    x: float
    y: float
    kind: str


def deal(
    rows: Rows, caption: Caption, *, edge: Sequence[tuple[float, float]] = (), sides: Sequence[str] = ("1", "2"),
    width: float = 720, height: float = 0,
) -> str:  # fmt: skip
    """Draw what two sides can have together.

    Args:
        rows: ``label``, ``first`` (level axis), ``second`` (upright axis), ``kind``: one of `MARKS`; a row without a
            number is left out.
        edge: the corners of the chain that neither side can better without cost to the other, from left to right.
        sides: the name of whose payoff lies on the level axis, and on the upright one.
        caption: the finding and what stands around it.
        width: px of the figure.
        height: px of the plot; 0 chooses.

    Raises:
        BadValue: a kind nobody knows, a number that is none, an edge that runs backwards.
    """
    if len(sides) != 2:
        raise BadValue(f"{len(sides)} sides", place="figure deal", remedy="name the two sides")
    paper = Paper(caption, width)
    points = [_point(row, place) for row, place in checked(rows, ("label", "kind"), "deal")]
    points = [p for p in points if not (math.isnan(p.x) or math.isnan(p.y))]
    chain = _chain(edge)
    if not points:
        return paper.nothing()
    paper.legend(_keys(paper, points, chain))
    xs, ys = [p.x for p in points] + [p[0] for p in chain], [p.y for p in points] + [p[1] for p in chain]
    count = 3 if paper.narrow else 5
    across, up = value_ticks(xs, zero=True, count=count), value_ticks(ys, zero=True, count=count)
    size = SIZES["label"]
    paper.y += size * 1.5
    paper.text(cut(f"↑ {clean(sides[1])}", paper.right - paper.left), paper.left, paper.y - size * 0.3, tone="soft")
    gutter = max(measure(words, "tick") for words in tick_texts(up)) + 10
    tall = height or (260.0 if paper.narrow else 320.0)
    plot = Box(paper.left + gutter, paper.y + 8, paper.right - 14, paper.y + 8 + tall)
    y = upright(paper, plot, up)
    x = level(paper, plot, across, plot.bottom + 16)
    _draw(paper, points, chain, x, y, plot)
    paper.y = plot.bottom + 20 + size * 1.3
    words = cut(f"{clean(sides[0])} →", paper.right - paper.left)
    paper.text(words, paper.right, paper.y - size * 0.2, "label", "end", tone="soft")
    paper.y += 4
    return paper.finish()


def _point(row: Mapping[str, Any], place: str) -> _Point:
    kind = str(row["kind"])
    if kind not in MARKS:
        raise BadValue(f"a point of kind '{kind:.40}'", place=place, remedy=f"known: {', '.join(MARKS)}")
    return _Point(clean(row["label"]), number(row, "first", place), number(row, "second", place), kind)


def _chain(edge: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    chain = [(float(a), float(b)) for a, b in edge]
    flat = [v for point in chain for v in point]
    if not all(math.isfinite(v) and abs(v) < 1e15 for v in flat):
        raise BadValue("a corner of the edge is no number", place="figure deal, edge", remedy="give finite numbers")
    if chain != sorted(chain):
        raise BadValue(
            "the edge runs backwards", place="figure deal, edge", remedy="give its corners from left to right"
        )
    return chain


def _keys(paper: Paper, points: Sequence[_Point], chain: Sequence[tuple[float, float]]) -> list[Key]:
    kinds = {p.kind for p in points}
    keys = [Key(paper.word(f"deal_{kind}"), mark, tone) for kind, (mark, tone) in MARKS.items() if kind in kinds]
    return keys + ([Key(paper.word("deal_edge"), "line", "pr")] if len(chain) > 1 else [])


def _draw(
    paper: Paper, points: Sequence[_Point], chain: Sequence[tuple[float, float]], x: Linear, y: Linear, plot: Box
) -> None:
    if len(chain) > 1:
        paper.line([(x(a), y(b)) for a, b in chain], "line s-pr")
    threat = next((p for p in points if p.kind == "threat"), None)
    if threat is not None:
        # what is better for both than the threat lies to the right of it and above
        paper.line([(x(threat.x), plot.top), (x(threat.x), y(threat.y)), (plot.right, y(threat.y))], "line s-ho dash")
    order = sorted(points, key=lambda p: list(MARKS).index(p.kind))
    for p in order:
        mark, tone = MARKS[p.kind]
        hint = f"{p.label}: {spell(p.x)}, {spell(p.y)}"
        paper.mark(mark, x(p.x), y(p.y), 4.0 if p.kind == "cell" else 5.6, tone, hint=hint)
        paper.reserve(Box(x(p.x) - 5, y(p.y) - 5, x(p.x) + 5, y(p.y) + 5))
    unnamed = 0
    for p in reversed(order):
        words = cut(p.label, (plot.right - plot.left) * 0.6)
        unnamed += not _named(paper, words, x(p.x), y(p.y), plot)
    if unnamed:
        paper.notes.append(paper.word("unlabelled", n=unnamed))


def _named(paper: Paper, words: str, x: float, y: float, plot: Box) -> bool:
    drop = SIZES["label"] * 0.33
    # aslant first: axes and the edge mostly leave a mark level or upright
    spots = [(x + a, y + b, anchor) for b in (-9, 16) for a, anchor in ((8, "start"), (-8, "end"))]
    spots += [(x + 10, y + drop, "start"), (x - 10, y + drop, "end"), (x, y - 10, "middle"), (x, y + 18, "middle")]
    fits = [spot for spot in spots if plot.holds(text_box(words, *spot[:2], "label", spot[2]))]
    return paper.place(words, fits)
