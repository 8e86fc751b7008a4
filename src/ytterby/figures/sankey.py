"""Home to the Sankey: stages side by side, ribbons as thick as what flows, nothing made or lost between the rows and
the ink.

After H. R. Sankey, Minutes of Proceedings of the Institution of Civil Engineers 134 (1898).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from ytterby.figures.base import Caption, Rows
from ytterby.figures.columns import Columns, Flow, Place, gather, hint
from ytterby.figures.letters import SIZES, cut, measure
from ytterby.figures.palette import stage_tones
from ytterby.figures.paper import Box, Key, Paper, px
from ytterby.figures.scales import separate, spell

_LINE = 14.0
"""Height a label needs, px."""
ABREAST = 4
"""Stages that a phone shows side by side; more stand one below the other."""
_STEP, _SHIFT, _LOOSE = 84.0, 22.0, 74.0
"""Where they do: px from one stage to the next, how far a name may stand right of a narrow bar, how wide it may be."""


@dataclass(frozen=True)
class Ribbon:
    """One drawn flow: where it leaves and arrives (top edge, px) and how thick it is."""

    flow: Flow
    leave: float
    arrive: float
    thick: float


@dataclass(frozen=True)
class Layout:
    """Where everything stands: `scale` px per unit, the box height of each node is its size times it."""

    scale: float
    tops: dict[Place, float]
    ribbons: tuple[Ribbon, ...]


def arrange(columns: Columns, top: float, height: float, gap: float = 9.0) -> Layout:
    """Stack the nodes of each column from `top`, largest first, and hang the ribbons on them."""
    rooms = [height - gap * max(0, len(names) - 1) for names in columns.order]
    scale = min((room / columns.total(i) for i, room in enumerate(rooms) if columns.total(i) > 0), default=0.0)
    tops: dict[Place, float] = {}
    for column, names in enumerate(columns.order):
        y = top
        for name in names:
            tops[column, name] = y
            y += columns.sizes[column, name] * scale + gap
    leave, arrive = dict(tops), dict(tops)
    starts: dict[Flow, float] = {}
    for flow in columns.flows:
        starts[flow] = leave[flow.source]
        leave[flow.source] += flow.value * scale
    ribbons: list[Ribbon] = []
    for flow in sorted(columns.flows, key=lambda f: (f.target, tops[f.target], f.source[0], tops[f.source], f.sure)):
        ribbons.append(Ribbon(flow, starts[flow], arrive[flow.target], flow.value * scale))
        arrive[flow.target] += flow.value * scale
    return Layout(scale, tops, tuple(ribbons))


def sankey(
    rows: Rows,
    caption: Caption,
    *,
    stages: Sequence[str] = (),
    short: Mapping[str, str] | None = None,
    least: float = 0.012,
    width: float = 720,
    height: float = 0,
) -> str:
    """Draw flows from stage to stage.

    Args:
        rows: ``stage``, ``source``, ``next_stage``, ``target``, ``value`` (>= 0, the caption's unit), ``assumed`` or
            ``contested``.
        stages: order of the columns, left to right; empty = as the flows have it.
        short: short names, used where the full one does not fit.
        least: share of the largest column below which nodes are drawn together as others.
        caption: the finding and what stands around it.
        width: px of the figure.
        height: px of the columns; 0 chooses.

    Raises:
        BadValue: a negative or backward flow, or stages in a circle.
        UnknownName: a stage that is not among `stages`.
    """
    paper = Paper(caption, width)
    height = height or (340 if paper.narrow else 380)
    most = max(2, int(height // (_LINE + 9)))
    columns = gather(rows, "sankey", stages, most, least, paper.word("others", n="{n}"))
    if not columns.flows:
        return paper.nothing()
    tones = stage_tones(columns.stages)
    sure = {flow.sure for flow in columns.flows} - {""}
    paper.legend([Key(paper.word(word), "hatch", "grey") for word in sorted(sure)])
    if paper.narrow and descends(columns.stages):
        _downward(paper, columns, tones, short or {})
        return paper.finish()
    bar = 6.0 if paper.narrow else 10.0
    tail = min((paper.right - paper.left) * 0.24, _tail(columns))
    pitch = (paper.right - tail - bar - paper.left) / max(1, len(columns.stages) - 1)
    lefts = [paper.left + pitch * i for i in range(len(columns.stages))]
    top = paper.y + 23 + 15 * head_steps(paper, columns.stages, lefts)
    layout = arrange(columns, top, height)
    _ribbons(paper, layout, lefts, bar, tones, columns)
    rooms = [pitch - bar - 8] * (len(lefts) - 1) + [paper.right - lefts[-1] - bar - 6]
    heads(paper, columns.stages, lefts, top - 22)
    for column, stage in enumerate(columns.stages):
        paper.text(cut(spell(columns.total(column)), rooms[column] + bar, "tick"), lefts[column], top - 8, "tick")
        for name in columns.order[column]:
            y = layout.tops[column, name]
            box = Box(lefts[column], y, lefts[column] + bar, y + max(1.0, columns.sizes[column, name] * layout.scale))
            paper.rect(box, f"f-{tones[stage]}", f"{stage} · {name}: {spell(columns.sizes[column, name])}")
        _labels(
            paper, columns, layout, column, lefts[column] + bar + 4, rooms[column], (top, top + height), short or {}
        )
    paper.y = top + height + 8
    return paper.finish()


def descends(stages: Collection[str]) -> bool:
    """Whether so many stages stand better one below the other on a phone."""
    return len(stages) > ABREAST


def _downward(paper: Paper, columns: Columns, tones: dict[str, str], short: Mapping[str, str]) -> None:
    """Stages one below the other: each bar has the whole width, its names stand above it."""
    layout = arrange(columns, paper.left, paper.right - paper.left, 5.0)
    top = paper.y + 16
    rows = [top + _STEP * row + 18 for row in range(len(columns.stages))]
    for ribbon in sorted(layout.ribbons, key=lambda r: -r.thick):
        flow = ribbon.flow
        y0, y1 = rows[flow.source[0]] + 7, rows[flow.target[0]]
        bend, a, b, t = (y0 + y1) / 2, ribbon.leave, ribbon.arrive, max(ribbon.thick, 0.3)
        d = (
            f"M{a:.2f} {px(y0)}C{a:.2f} {px(bend)} {b:.2f} {px(bend)} {b:.2f} {px(y1)}H{b + t:.2f}"
            f"C{b + t:.2f} {px(bend)} {a + t:.2f} {px(bend)} {a + t:.2f} {px(y0)}Z"
        )
        _band(paper, flow, d, tones[columns.stages[flow.source[0]]])
    for row, stage in enumerate(columns.stages):
        total = spell(columns.total(row))
        head = cut(stage, paper.right - paper.left - measure(total, "tick") - 8, "head")
        box = paper.text(head, paper.left, rows[row] - 18, "head", halo=True)
        paper.text(total, box.right + 6, rows[row] - 18, "tick", halo=True)
        edge, bare = -math.inf, []
        for name in columns.order[row]:
            left, size = layout.tops[row, name], columns.sizes[row, name]
            right = left + max(1.0, size * layout.scale)
            paper.rect(Box(left, rows[row], right, rows[row] + 7), f"f-{tones[stage]}", f"{name}: {spell(size)}")
            after = _above(paper, name, short.get(name, name), (left, right), edge, rows[row] - 4, spell(size))
            bare += [f"{short.get(name, name)} {spell(size)}"] if after == edge else []
            edge = after
        if bare:
            joint = "、" if paper.caption.language == "zh" else ", "
            paper.notes.append(paper.word("unnamed", stage=stage, list=joint.join(bare)))
    paper.y = rows[-1] + 16


def _above(
    paper: Paper, name: str, brief: str, span: tuple[float, float], edge: float, base: float, value: str
) -> float:
    """Name a bar above it, right of `edge` where the last name ends; what finds no room stays for hover and table."""
    left = max(span[0], edge + 6)
    room = paper.right - left
    if left > max(span[1], span[0] + _SHIFT):
        return edge
    inside = span[1] - left
    for words in (f"{name} {value}", name, brief):
        if measure(words) <= (inside if words.endswith(value) else min(room, max(inside, _LOOSE))):
            return paper.text(words, left, base, "label", halo=True).right
    return edge


def _tail(columns: Columns) -> float:
    """Room right of the last column for its labels, px."""
    last = len(columns.stages) - 1
    return (
        max(measure(f"{n} {spell(columns.sizes[last, n])}") for n in columns.order[last]) + 8
        if columns.order[last]
        else 40
    )


def _ribbons(
    paper: Paper, layout: Layout, lefts: list[float], bar: float, tones: dict[str, str], columns: Columns
) -> None:
    # Thick ones first, so that a thin one is never buried.
    for ribbon in sorted(layout.ribbons, key=lambda r: -r.thick):
        flow = ribbon.flow
        x0, x1 = lefts[flow.source[0]] + bar, lefts[flow.target[0]]
        bend, a, b, t = (x0 + x1) / 2, ribbon.leave, ribbon.arrive, max(ribbon.thick, 0.3)
        d = (
            f"M{px(x0)} {a:.2f}C{px(bend)} {a:.2f} {px(bend)} {b:.2f} {px(x1)} {b:.2f}V{b + t:.2f}"
            f"C{px(bend)} {b + t:.2f} {px(bend)} {a + t:.2f} {px(x0)} {a + t:.2f}Z"
        )
        _band(paper, flow, d, tones[columns.stages[flow.source[0]]])


def _band(paper: Paper, flow: Flow, d: str, tone: str) -> None:
    words = hint(flow, paper.word(flow.sure) if flow.sure else "")
    if flow.sure:
        paper.path(d, "o3", words, paper.hatch(tone))
    else:
        paper.path(d, f"f-{tone} o2", words)


def head_steps(paper: Paper, stages: Sequence[str], lefts: Sequence[float]) -> int:
    """How many steps the names of the columns need: 1, or 2 where a name is wider than its column."""
    ends = [*lefts[1:], paper.right]
    return 1 + any(measure(stage, "head") > end - x - 6 for stage, x, end in zip(stages, lefts, ends, strict=True))


def heads(paper: Paper, stages: Sequence[str], lefts: Sequence[float], bottom: float) -> None:
    """Name the columns above `bottom`; where they are too narrow the names stand on two steps, each over two
    columns.
    """
    steps = head_steps(paper, stages, lefts)
    for index, (stage, x) in enumerate(zip(stages, lefts, strict=True)):
        end = lefts[index + steps] if index + steps < len(lefts) else paper.right + 6
        paper.text(cut(stage, end - x - 6, "head"), x, bottom - (15 if steps == 2 and index % 2 == 0 else 0), "head")


def _labels(
    paper: Paper,
    columns: Columns,
    layout: Layout,
    column: int,
    x: float,
    room: float,
    span: tuple[float, float],
    short: Mapping[str, str],
) -> None:
    names = columns.order[column]
    centres = [layout.tops[column, n] + columns.sizes[column, n] * layout.scale / 2 for n in names]
    size = SIZES["label"]
    for name, y in zip(names, separate(centres, _LINE, span[0] + size / 2, span[1] - size / 2), strict=True):
        brief = f"+{columns.merged[column, name]}" if (column, name) in columns.merged else short.get(name, name)
        words = _fitting(name, brief, spell(columns.sizes[column, name]), room)
        paper.text(words, x, y + size * 0.33, "label", halo=True)


def _fitting(name: str, brief: str, value: str, room: float) -> str:
    """Name and value where they fit; else the short name with it, else a name alone: the hover and the table have the
    value.
    """
    choices = (f"{name} {value}", f"{brief} {value}", name, brief)
    return next((words for words in choices if measure(words) <= room), cut(brief, room))
