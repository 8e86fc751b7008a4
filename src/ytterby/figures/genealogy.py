"""Home to the genealogy: what a lot came of and what became of it, generation by generation, with the way each went.

What stands side by side is of one generation; a line is as thick as what went over it. Generations with more than fit
are shortened to the largest and the rest as one, which the box counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ytterby.figures.base import Caption, Rows, checked
from ytterby.figures.columns import Columns, Flow, Place, gather, hint
from ytterby.figures.letters import SIZES, clean, cut, measure
from ytterby.figures.network import bundled, untangled
from ytterby.figures.paper import Box, Paper, px

_TALL = 36.0
"""Height of a box, px."""
_ROW = 46.0
_GAP = 22.0
"""Least room between two columns for their lines, px."""


def genealogy(
    rows: Rows,
    caption: Caption,
    *,
    stages: Sequence[str],
    own: str,
    notes: Mapping[tuple[str, str], str] | None = None,
    most: int = 8,
    width: float = 720,
) -> str:
    """Draw the generations from the first lots to the last.

    Args:
        rows: ``stage source next_stage target value``: so much of one went into the other; ``assumed``.
        stages: names of the generations, the earliest first.
        own: name of the one that was asked about; it is drawn full.
        notes: (generation, name) -> second line in its box.
        most: boxes in a generation; of the others the smallest are drawn as one.
        caption: the finding and what stands around it.
        width: px of the figure.

    Raises:
        BadValue: a negative flow, or one that runs against the order of the generations.
        UnknownName: a generation that is not among `stages`.
    """
    paper = Paper(caption, width)
    plain = [row for row, _ in checked(rows, ("stage", "source", "next_stage", "target"), "genealogy")]
    used = {clean(row[end]) for row in plain for end in ("stage", "next_stage")}
    columns = gather(
        plain,
        "genealogy",
        [one for one in stages if clean(one) in used],
        min(most, 3) if paper.narrow else most,
        0.0,
        paper.word("others", n="{n}"),
    )
    if not columns.flows:
        return paper.nothing()
    links = bundled(columns.flows)
    met = {place for flow in links for place in (flow.source, flow.target)}
    order = untangled(columns, links, met)
    spots = _down(paper, columns, order) if paper.narrow else _across(paper, columns, order)
    largest = max(flow.value for flow in links)
    for flow in reversed(links):
        _line(paper, flow, spots, largest)
    told = {(clean(stage), clean(name)): note for (stage, name), note in (notes or {}).items()}
    for place, box in spots.items():
        note = told.get((columns.stages[place[0]], place[1]), "")
        _box(paper, place, box, note, full=place[1] == clean(own))
    paper.y = max(box.bottom for box in spots.values()) + 10
    return paper.finish()


def _across(paper: Paper, columns: Columns, order: Sequence[Sequence[str]]) -> dict[Place, Box]:
    """Generations side by side, each in the middle of the height."""
    count = len(order)
    room = paper.right - paper.left
    pitch = room / count
    wide = min(168.0, pitch - _GAP)
    deepest = max(map(len, order))
    top = paper.y + 26
    spots = {}
    for column, names in enumerate(order):
        left = paper.left + (0.0 if count == 1 else (room - wide) * column / (count - 1))
        anchor, x = "middle", left + wide / 2
        if column in (0, count - 1):
            anchor, x = ("end", left + wide) if column else ("start", left)
        paper.text(cut(columns.stages[column], pitch - 8, "head"), x, top - 10, "head", anchor)
        free = (deepest - len(names)) * _ROW / 2
        for row, name in enumerate(names):
            y = top + free + row * _ROW
            spots[column, name] = Box(left, y, left + wide, y + _TALL)
    return spots


def _down(paper: Paper, columns: Columns, order: Sequence[Sequence[str]]) -> dict[Place, Box]:
    """Generations one below the other: on a phone a box gets a third of the width."""
    room, y = paper.right - paper.left, paper.y + 8
    spots = {}
    for column, names in enumerate(order):
        paper.text(cut(columns.stages[column], room, "head"), paper.left, y + SIZES["head"], "head", halo=True)
        wide = min(150.0, (room - 6 * (len(names) - 1)) / len(names))
        for at, name in enumerate(names):
            left = paper.left + at * (wide + 6)
            spots[column, name] = Box(left, y + 20, left + wide, y + 20 + _TALL)
        y += _TALL + 50
    return spots


def _line(paper: Paper, flow: Flow, spots: Mapping[Place, Box], largest: float) -> None:
    one, other = spots[flow.source], spots[flow.target]
    if paper.narrow:
        x0, y0, x1, y1 = (one.left + one.right) / 2, one.bottom, (other.left + other.right) / 2, other.top
        bend = (y0 + y1) / 2
        d = f"M{px(x0)} {px(y0)}C{px(x0)} {px(bend)} {px(x1)} {px(bend)} {px(x1)} {px(y1)}"
    else:
        x0, y0, x1, y1 = one.right, (one.top + one.bottom) / 2, other.left, (other.top + other.bottom) / 2
        bend = (x0 + x1) / 2
        d = f"M{px(x0)} {px(y0)}C{px(bend)} {px(y0)} {px(bend)} {px(y1)} {px(x1)} {px(y1)}"
    thick = max(1.0, 9.0 * flow.value / largest)
    dash = " dash" if flow.sure else ""
    words = hint(flow, paper.word(flow.sure) if flow.sure else "")
    paper.path(d, f"none s-tb o3{dash}", words, f' style="stroke-width:{thick:.1f}px"')


def _box(paper: Paper, place: Place, box: Box, note: str, *, full: bool) -> None:
    name = place[1]
    paper.rect(box, "f-surface s-nd line" if full else "f-surface s-soft hair", f"{name}{': ' if note else ''}{note}")
    room = box.right - box.left - 10
    kind = "strong" if full else "label"
    base = box.top + (15 if note else 22)
    words = cut(name, room, kind)
    if measure(words, kind) <= room:
        paper.text(words, box.left + 5, base, kind)
    if note:
        paper.text(cut(note, room, "tick"), box.left + 5, box.top + 29, "tick")
