"""Home to the network: who delivers to whom, drawn by country (or facility) in columns of stages, the largest links
only.

Hundreds of facilities drawn one by one are a sieve; what is left out here is counted in the note below.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from ytterby.figures.base import Caption, Rows, checked
from ytterby.figures.columns import Columns, Flow, Place, gather, hint
from ytterby.figures.letters import SIZES, cut, measure
from ytterby.figures.palette import stage_tones
from ytterby.figures.paper import Key, Paper, px
from ytterby.figures.sankey import head_steps, heads
from ytterby.figures.scales import spell
from ytterby.figures.words import percent
from ytterby.terms.errors import UnknownName

_ROW, _NARROW_ROW = 34.0, 48.0
"""Height of a node's row, px, on a page and on a phone."""


def network(
    rows: Rows,
    caption: Caption,
    *,
    by: str = "country",
    stages: Sequence[str] = (),
    most_links: int = 40,
    most_nodes: int = 10,
    short: Mapping[str, str] | None = None,
    width: float = 720,
) -> str:
    """Draw the links between stages, gathered by country.

    Args:
        rows: ``source``, ``source_stage``, ``source_country``, ``target``, ``target_stage``, ``target_country``,
            ``value``,
            ``assumed`` or ``contested``.
        by: ``country`` adds up the facilities of a country at a stage; ``facility`` keeps them apart.
        stages: order of the columns; empty = as the links have it.
        most_links: how many links are drawn, largest first.
        most_nodes: how many nodes a column shows before the rest are drawn together.
        short: short names, used where the full one does not fit.
        caption: the finding and what stands around it.
        width: px of the figure.

    Raises:
        BadValue: a negative or backward flow, or stages in a circle.
        UnknownName: `by` is neither ``country`` nor ``facility``.
    """
    if by not in ("country", "facility"):
        raise UnknownName(by, ("country", "facility"), "grouping of a network")
    needed = (
        "source_stage",
        "target_stage",
        *(("source_country", "target_country") if by == "country" else ("source", "target")),
    )
    plain = [_row(row, by) for row, _ in checked(rows, needed, "network")]
    paper = Paper(caption, width)
    columns = gather(plain, "network", stages, max(2, most_nodes), 0.0, paper.word("others", n="{n}"))
    if not columns.flows:
        return paper.nothing()
    drawn = sorted(columns.flows, key=lambda f: -f.value)[: max(1, most_links)]
    if len(drawn) < len(columns.flows):
        share = percent(caption.language, sum(f.value for f in drawn) / sum(f.value for f in columns.flows))
        paper.notes.append(paper.word("hidden", shown=len(drawn), all=len(columns.flows), share=share))
    sure = {flow.sure for flow in drawn} - {""}
    paper.legend([Key(paper.word(word), "dash", "ink") for word in sorted(sure)])
    tail = min((paper.right - paper.left) * 0.24, 110)
    pitch = (paper.right - paper.left - 10 - tail) / max(1, len(columns.stages) - 1)
    lefts = [paper.left + pitch * column for column in range(len(columns.stages))]
    top = paper.y + 11 + 15 * head_steps(paper, columns.stages, lefts)
    spots, bottom = _spots(paper, columns, lefts, top)
    tones, largest = stage_tones(columns.stages), max(columns.sizes.values())
    for flow in reversed(drawn):
        _link(paper, flow, spots, drawn[0].value, tones[columns.stages[flow.source[0]]])
    heads(paper, columns.stages, lefts, top - 8)
    for column, stage in enumerate(columns.stages):
        for name in columns.order[column]:
            _node(paper, (column, name), spots, columns.sizes[column, name], largest, tones[stage], pitch, short or {})
    paper.y = bottom
    return paper.finish()


def _row(row: Mapping[str, object], by: str) -> dict[str, object]:
    ends = ("source_country", "target_country") if by == "country" else ("source", "target")
    return {
        **row,
        "stage": row["source_stage"],
        "source": row[ends[0]],
        "next_stage": row["target_stage"],
        "target": row[ends[1]],
    }


def _spots(
    paper: Paper, columns: Columns, lefts: Sequence[float], top: float
) -> tuple[dict[Place, tuple[float, float]], float]:
    """Centre of each node, and the lower edge."""
    deepest = max(len(names) for names in columns.order)
    row = _NARROW_ROW if paper.narrow else _ROW
    spots: dict[Place, tuple[float, float]] = {}
    for column, names in enumerate(columns.order):
        for index, name in enumerate(names):
            # Short columns are spread over the height, so that links do not all run uphill.
            y = top + row * (index + (0.3 if paper.narrow else 0.5)) * (deepest / len(names)) ** 0.6
            spots[column, name] = (lefts[column] + 10, y)
    bottom = max(y for _, y in spots.values()) + row * 0.7
    return spots, bottom


def _link(paper: Paper, flow: Flow, spots: dict[Place, tuple[float, float]], largest: float, tone: str) -> None:
    (x0, y0), (x1, y1) = spots[flow.source], spots[flow.target]
    bend = (x0 + x1) / 2
    thick = max(0.8, 11 * flow.value / largest)
    d = f"M{px(x0)} {px(y0)}C{px(bend)} {px(y0)} {px(bend)} {px(y1)} {px(x1)} {px(y1)}"
    dash = " dash" if flow.sure else ""
    words = hint(flow, paper.word(flow.sure) if flow.sure else "")
    paper.path(d, f"none s-{tone} o2{dash}", words, f' style="stroke-width:{thick:.1f}px"')


def _node(
    paper: Paper,
    place: Place,
    spots: dict[Place, tuple[float, float]],
    size: float,
    largest: float,
    tone: str,
    pitch: float,
    short: Mapping[str, str],
) -> None:
    x, y = spots[place]
    radius = max(2.5, (6 if paper.narrow else 10) * math.sqrt(size / largest))
    value = spell(size)
    paper.mark("circle", x, y, radius, tone, hint=f"{place[1]}: {value}")
    last = place[0] == max(column for column, _ in spots)
    # On a phone the name stands below its mark, which leaves it the whole column.
    left, base = (x - 5, y + radius + 11) if paper.narrow else (x + radius + 4, y - 1)
    room = paper.right - left if last else pitch - 8 if paper.narrow else pitch - radius - 16
    name = place[1] if measure(place[1]) <= room else short.get(place[1], place[1])
    paper.text(cut(name, room), left, base, "label", halo=True)
    paper.text(cut(value, room, "tick"), left, base + SIZES["tick"] * 1.15, "tick", halo=True)
