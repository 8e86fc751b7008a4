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
from ytterby.figures.sankey import descends, head_steps, heads
from ytterby.figures.scales import spell
from ytterby.figures.words import percent
from ytterby.terms.errors import UnknownName

_ROW, _NARROW_ROW = 34.0, 48.0
"""Height of a node's row, px, on a page and on a phone."""
DOWN_NODES, _STEP = 5, 82.0
"""Where the stages stand one below the other: nodes of a stage, and px from one to the next."""
_SWEEPS, _LOWER = 6, 9.0


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
    down = paper.narrow and descends({str(row[end]) for row in plain for end in ("stage", "next_stage")})
    most = max(2, min(most_nodes, DOWN_NODES) if down else most_nodes)
    columns = gather(plain, "network", stages, most, 0.0, paper.word("others", n="{n}"))
    if not columns.flows:
        return paper.nothing()
    links = bundled(columns.flows)
    drawn = links[: max(1, most_links)]
    met = {place for flow in drawn for place in (flow.source, flow.target)}
    if len(drawn) < len(links):
        share = percent(caption.language, sum(f.value for f in drawn) / sum(f.value for f in links))
        paper.notes.append(paper.word("hidden", shown=len(drawn), all=len(links), share=share))
    if len(met) < len(columns.sizes):
        paper.notes.append(paper.word("unlinked", n=len(columns.sizes) - len(met)))
    sure = {flow.sure for flow in drawn} - {""}
    paper.legend([Key(paper.word(word), "dash", "ink") for word in sorted(sure)])
    order = untangled(columns, drawn, met)
    draw = _downward if down else _across
    draw(paper, columns, order, drawn, short or {})
    return paper.finish()


def bundled(flows: Sequence[Flow]) -> list[Flow]:
    """The flows between two nodes as one link, largest first; it is assumed where most of it is."""
    sums: dict[tuple[Place, Place], dict[str, float]] = {}
    for flow in flows:
        kinds = sums.setdefault((flow.source, flow.target), {})
        kinds[flow.sure] = kinds.get(flow.sure, 0.0) + flow.value
    links = [
        Flow(source, target, sum(kinds.values()), max(sorted(kinds), key=lambda kind: kinds[kind]))
        for (source, target), kinds in sums.items()
    ]
    return sorted(links, key=lambda link: (-link.value, link.source, link.target))


def untangled(columns: Columns, drawn: Sequence[Flow], met: set[Place]) -> tuple[tuple[str, ...], ...]:
    """The names of each column that have a drawn link, top to bottom, so that links cross less than by size alone.

    The largest stays on top and the others merged at the end; between them each stands at the mean height of those it
    is tied to (barycentre sweeps after Sugiyama, Tagawa, Toda 1981), and the best of the sweeps is taken.
    """
    order = [[name for name in names if (column, name) in met] for column, names in enumerate(columns.order)]
    best, least = order, _crossings(order, drawn)
    for sweep in range(_SWEEPS):
        heights = {
            (column, name): index / max(1, len(names))
            for column, names in enumerate(order)
            for index, name in enumerate(names)
        }
        ahead = sweep % 2 == 0
        pulls: dict[Place, list[float]] = {}
        for flow in drawn:
            here, there = (flow.target, flow.source) if ahead else (flow.source, flow.target)
            pull = pulls.setdefault(here, [0.0, 0.0])
            pull[0] += flow.value * heights[there]
            pull[1] += flow.value
        order = [_settled(columns, column, names, pulls) for column, names in enumerate(order)]
        found = _crossings(order, drawn)
        if found < least:
            best, least = order, found
    return tuple(tuple(names) for names in best)


def _settled(columns: Columns, column: int, names: list[str], pulls: Mapping[Place, list[float]]) -> list[str]:
    last = [name for name in names if (column, name) in columns.merged]
    plain = [name for name in names if (column, name) not in columns.merged]
    ranked = list(enumerate(plain))
    fixed = max(plain, key=lambda name: (columns.sizes[column, name], name), default="")

    def height(at: int, name: str) -> float:
        pull = pulls.get((column, name))
        return at / max(1, len(names)) if pull is None or pull[1] <= 0 else pull[0] / pull[1]

    ranked.sort(key=lambda one: (one[1] != fixed, height(*one), one[0]))
    return [name for _, name in ranked] + last


def _crossings(order: Sequence[Sequence[str]], drawn: Sequence[Flow]) -> int:
    """How many pairs of links between the same two columns cross."""
    at = {(column, name): index for column, names in enumerate(order) for index, name in enumerate(names)}
    between: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for flow in drawn:
        ends = (at[flow.source], at[flow.target])
        between.setdefault((flow.source[0], flow.target[0]), []).append(ends)
    return sum(
        (a - c) * (b - d) < 0
        for ends in between.values()
        for index, (a, b) in enumerate(ends)
        for c, d in ends[index + 1 :]
    )


def _row(row: Mapping[str, object], by: str) -> dict[str, object]:
    ends = ("source_country", "target_country") if by == "country" else ("source", "target")
    return {
        **row,
        "stage": row["source_stage"],
        "source": row[ends[0]],
        "next_stage": row["target_stage"],
        "target": row[ends[1]],
    }


def _across(
    paper: Paper,
    columns: Columns,
    order: Sequence[Sequence[str]],
    drawn: Sequence[Flow],
    short: Mapping[str, str],
) -> None:
    """Stages side by side."""
    tail = min((paper.right - paper.left) * 0.24, 110)
    pitch = (paper.right - paper.left - 10 - tail) / max(1, len(columns.stages) - 1)
    lefts = [paper.left + pitch * column for column in range(len(columns.stages))]
    top = paper.y + 11 + 15 * head_steps(paper, columns.stages, lefts)
    spots, bottom = _spots(paper, order, lefts, top)
    tones, largest = stage_tones(columns.stages), max(columns.sizes.values())
    for flow in reversed(drawn):
        _link(paper, flow, spots, drawn[0].value, tones[columns.stages[flow.source[0]]])
    heads(paper, columns.stages, lefts, top - 8)
    for place in spots:
        tone = tones[columns.stages[place[0]]]
        _node(paper, place, spots, columns.sizes[place], largest, tone, pitch, short)
    paper.y = bottom


def _spots(
    paper: Paper, order: Sequence[Sequence[str]], lefts: Sequence[float], top: float
) -> tuple[dict[Place, tuple[float, float]], float]:
    """Centre of each node, and the lower edge."""
    deepest = max(len(names) for names in order)
    row = _NARROW_ROW if paper.narrow else _ROW
    spots: dict[Place, tuple[float, float]] = {}
    for column, names in enumerate(order):
        for index, name in enumerate(names):
            # Short columns are spread over the height, so that links do not all run uphill.
            y = top + row * ((0.3 if paper.narrow else 0.5) + index * (deepest / len(names)) ** 0.6)
            # Every other column stands lower: a link that passes a stage by is not taken for one of its own.
            y += _LOWER * (column % 2)
            spots[column, name] = (lefts[column] + 10, y)
    bottom = max(y for _, y in spots.values()) + row * 0.7
    return spots, bottom


def _link(paper: Paper, flow: Flow, spots: dict[Place, tuple[float, float]], largest: float, tone: str) -> None:
    (x0, y0), (x1, y1) = spots[flow.source], spots[flow.target]
    bend = (x0 + x1) / 2
    _stroke(paper, flow, f"M{px(x0)} {px(y0)}C{px(bend)} {px(y0)} {px(bend)} {px(y1)} {px(x1)} {px(y1)}", largest, tone)


def _stroke(paper: Paper, flow: Flow, d: str, largest: float, tone: str) -> None:
    thick = max(0.8, 10 * flow.value / largest)
    words = hint(flow, paper.word(flow.sure) if flow.sure else "")
    if flow.sure and thick > 2.5:
        # Dashes as wide as that would be blocks: the band stays pale, its middle is dashed.
        paper.path(d, f"none s-{tone} o1", words, f' style="stroke-width:{thick:.1f}px"')
        paper.path(d, f"none s-{tone} o4 dash", words, ' style="stroke-width:1.2px"')
    else:
        dash = " dash" if flow.sure else ""
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
    # On a phone the name stands below its mark, which leaves it the whole column; else above the link that leaves it.
    left, base = (x - 5, y + radius + 11) if paper.narrow else (x + radius + 4, y - 3.5)
    room = paper.right - left if last else pitch - 8 if paper.narrow else pitch - radius - 16
    name = place[1] if measure(place[1]) <= room else short.get(place[1], place[1])
    paper.text(cut(name, room), left, base, "label", halo=True)
    below = base + SIZES["tick"] * 1.15 if paper.narrow else y + 10.5
    paper.text(cut(value, room, "tick"), left, below, "tick", halo=True)


def _downward(
    paper: Paper,
    columns: Columns,
    order: Sequence[Sequence[str]],
    drawn: Sequence[Flow],
    short: Mapping[str, str],
) -> None:
    """Stages one below the other: on a phone a name gets a fifth of the width, not an eighth."""
    tones, largest = stage_tones(columns.stages), max(columns.sizes.values())
    spots: dict[Place, tuple[float, float]] = {}
    slot = (paper.right - paper.left) / max(DOWN_NODES, *map(len, order))
    top = paper.y + 14
    for row, names in enumerate(order):
        for index, name in enumerate(names):
            spots[row, name] = (paper.left + slot * (index + 0.5), top + _STEP * row + 22)
    for flow in reversed(drawn):
        (x0, y0), (x1, y1) = spots[flow.source], spots[flow.target]
        bend = (y0 + y1) / 2
        d = f"M{px(x0)} {px(y0)}C{px(x0)} {px(bend)} {px(x1)} {px(bend)} {px(x1)} {px(y1)}"
        _stroke(paper, flow, d, drawn[0].value, tones[columns.stages[flow.source[0]]])
    for row, stage in enumerate(columns.stages):
        words = cut(stage, paper.right - paper.left, "head")
        paper.text(words, paper.left, top + _STEP * row + 4, "head", halo=True)
        for name in order[row]:
            x, y = spots[row, name]
            size = columns.sizes[row, name]
            radius, value = max(2.5, 8 * math.sqrt(size / largest)), spell(size)
            paper.mark("circle", x, y, radius, tones[stage], hint=f"{name}: {value}")
            shown = name if measure(name) <= slot - 4 else short.get(name, name)
            paper.text(cut(shown, slot - 4), x, y + 20, "label", "middle", halo=True)
            paper.text(cut(value, slot - 4, "tick"), x, y + 32, "tick", "middle", halo=True)
    paper.y = top + _STEP * len(order) - 12
