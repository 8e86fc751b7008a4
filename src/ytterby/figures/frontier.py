"""Home to the frontier: mean cost of plans against their cost when it goes badly, and where rivals lie."""

from __future__ import annotations

from collections.abc import Sequence

from ytterby.figures import plane
from ytterby.figures.base import Caption, Rows
from ytterby.figures.paper import Paper
from ytterby.terms.errors import BadValue

MARKS: dict[str, tuple[str, str]] = {
    "budget": ("circle", "nd"),
    "leaning": ("triangle", "tb"),
    "rival": ("square", "er"),
    "plan": ("diamond", "pr"),
}
"""Kind of a plan -> its mark and tone."""


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
    points = plane.points_of(rows, "frontier", MARKS, "tail", "expected", "plan")
    if not points:
        return paper.nothing()
    paper.legend(plane.keys(paper, points, MARKS, "front"))
    tall = 240.0 if paper.narrow else 300.0
    laid = plane.laid(paper, [p.x for p in points], [p.y for p in points], axes, tall)
    budgets = [(laid.x(p.x), laid.y(p.y)) for p in points if p.kind == "budget"]
    if len(budgets) > 1:
        paper.line(budgets, "line s-nd")
    plane.draw(paper, points, laid, MARKS, small="budget")
    return paper.finish()
