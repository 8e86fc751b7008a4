"""Home to the small multiples: one little fan for each thing, all on the same axes, so that heights can be compared."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ytterby.figures.axes import tick_texts, value_ticks
from ytterby.figures.base import Caption, checked, status
from ytterby.figures.letters import SIZES, clean, cut, measure
from ytterby.figures.paper import Box, Key, Paper
from ytterby.figures.scales import Linear, day_of, number
from ytterby.terms.errors import BadValue

_QUANTILES = ("p05", "p25", "median", "p75", "p95")
_GAP = 16.0
"""Between two panels, px."""
_SLIM = 148.0
"""Least width of a panel, px; a phone holds two."""


@dataclass(frozen=True)
class _Point:
    day: float
    period: str
    at: tuple[float, ...]
    """By quantile, NaN where unknown."""


@dataclass(frozen=True)
class _Panel:
    name: str
    note: str
    points: tuple[_Point, ...]
    other: tuple[tuple[float, float], ...]
    sure: str

    @property
    def values(self) -> list[float]:
        """Every number drawn in it."""
        drawn = [v for point in self.points for v in point.at] + [v for _, v in self.other]
        return [v for v in drawn if not math.isnan(v)]

    @property
    def days(self) -> list[float]:
        """Every day drawn in it."""
        return [point.day for point in self.points] + [day for day, _ in self.other]


def multiples(
    panels: Sequence[Mapping[str, Any]],
    caption: Caption,
    *,
    names: tuple[str, str] = ("", ""),
    most: int = 16,
    zero: bool = True,
    width: float = 720,
) -> str:
    """Draw a panel for each thing, in the order given, with the same axes in all.

    Args:
        panels: ``name``; ``rows`` of ``period`` and any of ``p05 p25 median p75 p95``; ``other``, rows of ``period``
            and ``value`` drawn as a dotted line beside them; ``note``, a few words at the right of the name;
            ``assumed`` or ``contested``.
        caption: the finding and what stands around it.
        names: what the median and the other line are called in the legend.
        most: how many panels are drawn; the note counts the others.
        zero: whether the value axis begins at zero.
        width: px of the figure.

    Raises:
        BadValue: a number or a date that is none, a panel without a name.
    """
    paper = Paper(caption, width)
    found = [_panel(panel, place) for panel, place in checked(panels, (), "multiples")]
    found = [panel for panel in found if panel.values]
    shown = found[: max(1, most)]
    if len(shown) < len(found):
        paper.notes.append(paper.word("more", n=len(found) - len(shown)))
    if not shown:
        return paper.nothing()
    paper.legend(_keys(paper, shown, names))
    ticks = value_ticks([v for panel in shown for v in panel.values], zero=zero, count=3)
    days = [day for panel in shown for day in panel.days]
    low, high = min(days), max(days)
    texts = tick_texts(ticks)
    left = paper.left + max(measure(words, "tick") for words in texts) + 8
    room = paper.right - left
    columns = max(1, min(len(shown), int((room + _GAP) / (_SLIM - (20 if paper.narrow else 0) + _GAP))))
    slim = (room - _GAP * (columns - 1)) / columns
    tall, head = (64.0 if paper.narrow else 76.0), 20.0
    top = paper.y
    for index, panel in enumerate(shown):
        row, column = divmod(index, columns)
        begin = left + column * (slim + _GAP)
        upper = top + row * (head + tall + 12) + head
        plot = Box(begin, upper, begin + slim, upper + tall)
        scale_x = Linear(low - 1, high + 1, plot.left, plot.right)
        scale_y = Linear(ticks[0], ticks[-1], plot.bottom, plot.top)
        _frame(paper, panel, plot, ticks, texts if column == 0 else [], scale_y)
        _draw(paper, panel, scale_x, scale_y)
        if index + columns >= len(shown):
            _dates(paper, shown, plot)
    rows = -(-len(shown) // columns)
    paper.y = top + rows * (head + tall + 12) + 12
    return paper.finish()


def _panel(panel: Mapping[str, Any], place: str) -> _Panel:
    name = clean(panel.get("name") or "")
    if not name:
        raise BadValue("a panel without a name", place=place, remedy="give it the 'name' that stands above it")
    points = [
        _Point(day_of(row["period"], where), clean(row["period"]), tuple(number(row, key, where) for key in _QUANTILES))
        for row, where in checked(panel.get("rows", ()), ("period",), f"{place}, {name:.40}")
    ]
    other = [
        (day_of(row["period"], where), number(row, "value", where))
        for row, where in checked(panel.get("other", ()), ("period",), f"{place}, {name:.40}, other")
    ]
    return _Panel(
        name,
        clean(panel.get("note") or ""),
        tuple(sorted(points, key=lambda p: p.day)),
        tuple(sorted((day, value) for day, value in other if not math.isnan(value))),
        status(panel),
    )


def _keys(paper: Paper, shown: list[_Panel], names: tuple[str, str]) -> list[Key]:
    keys = [Key(names[0] or paper.word("median"), "line")]
    points = [point for panel in shown for point in panel.points]
    if any(not math.isnan(p.at[1] + p.at[3]) for p in points):
        keys.append(Key(paper.word("band50"), "band2"))
    if any(not math.isnan(p.at[0] + p.at[4]) for p in points):
        keys.append(Key(paper.word("band90"), "band1"))
    if names[1] and any(panel.other for panel in shown):
        keys.append(Key(names[1], "dots", "er"))
    return keys + [Key(paper.word(word), "dash", "nd") for word in sorted({p.sure for p in shown} - {""})]


def _frame(paper: Paper, panel: _Panel, plot: Box, ticks: Sequence[float], texts: Sequence[str], scale: Linear) -> None:
    """Name and note above, hairlines across; values only at the left of the first column."""
    for tick in ticks:
        strong = " s-soft" if tick == 0 else " s-rule"
        paper.line([(plot.left, scale(tick)), (plot.right, scale(tick))], "hair" + strong)
    for tick, words in zip(ticks, texts, strict=False):
        paper.text(words, plot.left - 6, scale(tick) + SIZES["tick"] * 0.33, "tick", "end")
    full, base = plot.right - plot.left, plot.top - 7
    note = cut(panel.note, full * 0.5, "tick")
    if note:
        paper.text(note, plot.right, base, "tick", "end")
    left = full - (measure(note, "tick") + 8 if note else 0.0)
    name = panel.name + (f" ({paper.word(panel.sure)})" if panel.sure else "")
    paper.text(cut(name, left, "label"), plot.left, base, "label")


def _draw(paper: Paper, panel: _Panel, scale_x: Linear, scale_y: Linear) -> None:
    for low, high, depth in ((0, 4, "o1"), (1, 3, "o2")):
        for stretch in _stretches(panel.points, (low, high)):
            edge = [(scale_x(p.day), scale_y(p.at[high])) for p in stretch]
            edge += [(scale_x(p.day), scale_y(p.at[low])) for p in reversed(stretch)]
            if len(stretch) > 1:
                paper.path("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in edge) + "Z", f"f-nd {depth}")
    if len(panel.other) > 1:
        paper.line([(scale_x(day), scale_y(value)) for day, value in panel.other], "line s-er dots", panel.name)
    dash = " dash" if panel.sure else ""
    for stretch in _stretches(panel.points, (2,)):
        places = [(scale_x(p.day), scale_y(p.at[2])) for p in stretch]
        paper.line(places, f"line s-nd{dash}", panel.name)
        if len(places) == 1:
            paper.mark("circle", *places[0], 3.2, "nd", sure=panel.sure, hint=f"{panel.name}, {stretch[0].period}")


def _stretches(points: Sequence[_Point], keys: tuple[int, ...]) -> list[list[_Point]]:
    """Unbroken stretches of points on which all of `keys` are known."""
    runs: list[list[_Point]] = [[]]
    for point in points:
        if any(math.isnan(point.at[key]) for key in keys):
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]


def _dates(paper: Paper, shown: list[_Panel], plot: Box) -> None:
    """First and last period below a panel; the last alone where both do not fit."""
    points = sorted((point for panel in shown for point in panel.points), key=lambda p: p.day)
    if not points:
        return
    first, last = (cut(point.period, plot.right - plot.left, "tick") for point in (points[0], points[-1]))
    y = plot.bottom + 15
    paper.text(last, plot.right, y, "tick", "end")
    if measure(first, "tick") + measure(last, "tick") + 10 <= plot.right - plot.left and first != last:
        paper.text(first, plot.left, y, "tick")
