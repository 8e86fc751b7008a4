"""Home to the bargaining set: one side's payoff against the other's, the edge of what both can have, and where they
may meet.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ytterby.figures import plane
from ytterby.figures.base import Caption, Rows
from ytterby.figures.paper import Key, Paper
from ytterby.terms.errors import BadValue

MARKS: dict[str, tuple[str, str]] = {
    "cell": ("circle", "grey"),
    "equilibrium": ("square", "er"),
    "threat": ("triangle", "ho"),
    "nash": ("diamond", "pr"),
    "fair": ("hexagon", "nd"),
}
"""Kind of a point -> its mark and tone."""


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
    points = plane.points_of(rows, "deal", MARKS, "first", "second")
    chain = _chain(edge)
    if not points:
        return paper.nothing()
    edges = [Key(paper.word("deal_edge"), "line", "pr")] if len(chain) > 1 else []
    paper.legend([*plane.keys(paper, points, MARKS, "deal"), *edges])
    xs, ys = [p.x for p in points] + [p[0] for p in chain], [p.y for p in points] + [p[1] for p in chain]
    laid = plane.laid(paper, xs, ys, sides, height or (260.0 if paper.narrow else 320.0))
    _lines(paper, points, chain, laid)
    plane.draw(paper, points, laid, MARKS, small="cell")
    return paper.finish()


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


def _lines(
    paper: Paper, points: Sequence[plane.Point], chain: Sequence[tuple[float, float]], laid: plane.Plane
) -> None:
    x, y = laid.x, laid.y
    if len(chain) > 1:
        paper.line([(x(a), y(b)) for a, b in chain], "line s-pr")
    threat = next((p for p in points if p.kind == "threat"), None)
    if threat is not None:
        # what is better for both than the threat lies to the right of it and above
        corner = [(x(threat.x), laid.box.top), (x(threat.x), y(threat.y)), (laid.box.right, y(threat.y))]
        paper.line(corner, "line s-ho dash")
