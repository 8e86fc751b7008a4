"""Home to flows between columns of stages: rows gathered into nodes and flows, the small ones merged, nothing lost."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ytterby.figures.base import Rows, checked, status
from ytterby.figures.letters import clean
from ytterby.figures.scales import number, spell
from ytterby.terms.errors import BadValue, UnknownName

Place = tuple[int, str]
"""A node: index of its column, and its name."""


@dataclass(frozen=True)
class Flow:
    """What moves from one node to another; `sure` is ``assumed``, ``contested`` or nothing."""

    source: Place
    target: Place
    value: float
    sure: str


@dataclass(frozen=True)
class Columns:
    """Flows gathered by node: `sizes` is the larger of what enters and what leaves, `order` the names top to bottom."""

    stages: tuple[str, ...]
    flows: tuple[Flow, ...]
    sizes: dict[Place, float]
    order: tuple[tuple[str, ...], ...]
    merged: dict[Place, int]
    """How many small ones a merged node stands for."""

    def total(self, column: int) -> float:
        """Sum of the sizes in one column."""
        return sum(self.sizes[column, name] for name in self.order[column])


def gather(rows: Rows, figure: str, stages: Sequence[str], most: int, least: float, others: str) -> Columns:
    """Rows of ``stage source next_stage target value`` as columns.

    Args:
        rows: the flows; equal pairs are added up, assumed ones kept apart.
        figure: its name, for errors.
        stages: order of the columns; empty = as the rows have it.
        most: largest number of nodes in a column.
        least: share of the largest column below which a node joins the others.
        others: name of the merged node, with ``{n}`` for how many it holds.

    Raises:
        BadValue: a negative flow, or a stage that feeds itself or runs in a circle.
    """
    named = checked(rows, ("stage", "source", "next_stage", "target"), figure)
    columns = tuple(clean(stage) for stage in stages) or _sorted_stages(
        [(clean(row["stage"]), clean(row["next_stage"])) for row, _ in named], figure
    )
    sums: dict[tuple[Place, Place, str], float] = defaultdict(float)
    for row, place in named:
        value = number(row, "value", place)
        if value < 0:
            raise BadValue(f"a flow of {value:g}", place=place, remedy="turn the row around: flows are 0 or more")
        source, target = (_column(columns, clean(row[key]), place) for key in ("stage", "next_stage"))
        if source >= target:
            remedy = "a return flow needs a stage of its own, left of where it goes"
            raise BadValue(f"'{columns[source]}' does not come before '{columns[target]}'", place=place, remedy=remedy)
        if value > 0 and not math.isnan(value):
            sums[(source, clean(row["source"])), (target, clean(row["target"])), status(row)] += value
    return _merged(columns, sums, most, least, others)


def _column(columns: tuple[str, ...], stage: str, place: str) -> int:
    if stage not in columns:
        raise UnknownName(stage, columns, "stage", place=place)
    return columns.index(stage)


def _sorted_stages(pairs: list[tuple[str, str]], figure: str) -> tuple[str, ...]:
    """Stages so that every flow runs to the right; those that could stand anywhere keep the order of the rows."""
    found = list(dict.fromkeys(stage for pair in pairs for stage in pair))
    before: dict[str, set[str]] = {stage: {a for a, b in pairs if b == stage} for stage in found}
    ordered: list[str] = []
    while found:
        ready = next((stage for stage in found if before[stage] <= set(ordered)), None)
        if ready is None:
            remedy = "give the order of the stages, and a return flow a stage of its own"
            raise BadValue(f"the stages run in a circle: {', '.join(found)}", place=f"figure {figure}", remedy=remedy)
        ordered.append(ready)
        found.remove(ready)
    return tuple(ordered)


def _sizes(sums: dict[tuple[Place, Place, str], float]) -> dict[Place, float]:
    enters: dict[Place, float] = defaultdict(float)
    leaves: dict[Place, float] = defaultdict(float)
    for (source, target, _), value in sums.items():
        leaves[source] += value
        enters[target] += value
    return {place: max(enters[place], leaves[place]) for place in {**leaves, **enters}}


def _merged(
    columns: tuple[str, ...], sums: dict[tuple[Place, Place, str], float], most: int, least: float, others: str
) -> Columns:
    sizes = _sizes(sums)
    largest = max((sum(v for (c, _), v in sizes.items() if c == column) for column in range(len(columns))), default=0.0)
    names: dict[Place, Place] = {}
    merged: dict[Place, int] = {}
    for column in range(len(columns)):
        ranked = sorted((place for place in sizes if place[0] == column), key=lambda p: (-sizes[p], p[1]))
        kept = [p for index, p in enumerate(ranked) if index < most and sizes[p] >= least * largest]
        small = [p for p in ranked if p not in set(kept)]
        if small and len(kept) == most:
            small.insert(0, kept.pop())
        if len(small) > 1:
            together = (column, others.format(n=len(small)))
            merged[together] = len(small)
            names |= dict.fromkeys(small, together)
    joined: dict[tuple[Place, Place, str], float] = defaultdict(float)
    for (source, target, sure), value in sums.items():
        joined[names.get(source, source), names.get(target, target), sure] += value
    final = _sizes(joined)
    order = tuple(
        tuple(n for c, n in sorted(final, key=lambda p: (p in merged, -final[p], p[1])) if c == column)
        for column in range(len(columns))
    )
    flows = tuple(Flow(source, target, value, sure) for (source, target, sure), value in _in_order(joined, order))
    return Columns(columns, flows, final, order, merged)


def _in_order(
    joined: dict[tuple[Place, Place, str], float], order: tuple[tuple[str, ...], ...]
) -> list[tuple[tuple[Place, Place, str], float]]:
    rank = {(column, name): index for column, names in enumerate(order) for index, name in enumerate(names)}
    return sorted(joined.items(), key=lambda kv: (kv[0][0][0], rank[kv[0][0]], kv[0][1][0], rank[kv[0][1]], kv[0][2]))


def hint(flow: Flow, sure: str) -> str:
    """The words of a flow for a hover; `sure` is the translated status."""
    return f"{flow.source[1]} → {flow.target[1]}: {spell(flow.value)}" + (f" ({sure})" if sure else "")
