"""Home to lanes: spans of several things over time, one row for each thing, as a law in force, then suspended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ytterby.figures.axes import calendar
from ytterby.figures.base import Caption, Rows, checked
from ytterby.figures.letters import SIZES, clean, cut, measure
from ytterby.figures.palette import stage_tones
from ytterby.figures.paper import Box, Key, Paper
from ytterby.figures.scales import span_of
from ytterby.terms.errors import DateOrder

ROW = 17.0
"""Height of a lane, px."""
WIDEST = 0.34
"""Share of the width that the names of the lanes may take."""


@dataclass(frozen=True)
class _Span:
    lane: str
    start: float
    end: float
    kind: str
    halted: bool
    hint: str


def lanes(rows: Rows, caption: Caption, *, today: str = "", width: float = 720) -> str:
    """Draw spans in lanes, the lanes in the order they first come.

    Args:
        rows: ``lane``, ``date``, ``until`` (a date), ``kind`` (gives the colour and stands in the legend), ``halted``
            (hatched: does not run meanwhile) and ``hint`` (shown on hover).
        caption: the finding and what stands around it.
        today: a day to draw a line at.
        width: px of the figure.

    Raises:
        BadValue: a date that is none.
        DateOrder: a span that ends before it begins.
    """
    paper = Paper(caption, width)
    spans = [_span(row, place) for row, place in checked(rows, ("lane", "date", "until"), "lanes")]
    if not spans:
        return paper.nothing()
    names = list(dict.fromkeys(one.lane for one in spans))
    kinds = {one.kind: one.halted for one in spans}
    tones = stage_tones(tuple(kinds))
    paper.legend([Key(kind, "hatch" if kinds[kind] else "fill", tones[kind]) for kind in kinds if kind])
    days = [day for one in spans for day in (one.start, one.end)]
    now = span_of(today, "lanes, today")[0] if today else None
    low, high = min(days if now is None else [*days, now]), max(days if now is None else [*days, now])
    room = WIDEST * (paper.right - paper.left)
    left = paper.left + min(max(measure(name, "tick") for name in names), room) + 10
    plot = Box(left, paper.y + 6, paper.right - 4, paper.y + 6 + ROW * len(names))
    scale = calendar(paper, plot, low, max(high, low + 1.0), hairs=True)
    for at, name in enumerate(names):
        middle = plot.top + ROW * (at + 0.5)
        paper.text(cut(name, room, "tick"), left - 8, middle + SIZES["tick"] * 0.33, "tick", "end")
        for one in (one for one in spans if one.lane == name):
            # The last day counts whole; a single day is still to be seen.
            right = min(max(scale(one.end + 1.0), scale(one.start) + 1.5), plot.right)
            box = Box(scale(one.start), middle - 5, right, middle + 5)
            tone = tones[one.kind]
            paper.rect(box, f"s-{tone} hair" if one.halted else f"f-{tone} o3", one.hint, tone if one.halted else "")
    if now is not None:
        paper.line([(scale(now), plot.top), (scale(now), plot.bottom)], "line s-er dots", today)
    paper.y = plot.bottom + 26
    return paper.finish()


def _span(row: Mapping[str, Any], place: str) -> _Span:
    start, end = span_of(row["date"], place)[0], span_of(row["until"], place)[1]
    lane = clean(row["lane"])
    if end < start:
        raise DateOrder(f"'{lane}' ends before it begins", place=place, remedy="swap date and until")
    return _Span(lane, start, end, clean(row.get("kind") or ""), bool(row.get("halted")), clean(row.get("hint") or ""))
