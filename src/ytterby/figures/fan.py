"""Home to the fan: a median with its 50 % and 90 % bands over time, what was observed, what happened, and rival
forecasts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ytterby.figures.axes import calendar, tick_texts, upright, value_ticks
from ytterby.figures.base import Caption, Rows, checked, status
from ytterby.figures.letters import SIZES, clean, cut, measure
from ytterby.figures.paper import Box, Key, Paper, shape, text_box
from ytterby.figures.scales import Linear, day_of, number, separate, spell
from ytterby.terms.errors import BadValue

_QUANTILES = ("p05", "p25", "median", "p75", "p95")
_REFERENCE_TONES = (("er", "dash"), ("ho", "dots"), ("pr", "dash"), ("grey", "dots"))


@dataclass(frozen=True)
class _Point:
    """One period of the fan: its day (ordinal) and quantiles, NaN where unknown."""

    day: float
    period: str
    p05: float
    p25: float
    median: float
    p75: float
    p95: float


@dataclass(frozen=True)
class _Seen:
    """One observation: its day, value, the words for a hover, and how it is drawn."""

    day: float
    value: float
    hint: str
    mark: str  # observed, fitted, held_out, assumed, contested


def fan(
    rows: Rows,
    caption: Caption,
    *,
    observed: Rows = (),
    events: Rows = (),
    references: Sequence[Mapping[str, Any]] = (),
    zero: bool = True,
    width: float = 720,
    height: float = 0,
) -> str:
    """Draw a forecast by period.

    Args:
        rows: ``period``, ``median`` and any of ``p05 p25 p75 p95``, all in the unit the caption names.
        observed: ``period``, ``value``; ``fitted`` true or false tells what the fit has seen; ``assumed`` or
            ``contested``.
        events: ``date``, ``label``: a vertical line each.
        references: ``name`` and ``rows`` of (``period``, ``value``): a rival forecast each, at most four.
        zero: whether the value axis begins at zero.
        caption: the finding and what stands around it.
        width: px of the figure.
        height: px of the plot; 0 chooses.

    Raises:
        BadValue: a number that is none, quantiles that run backwards, a date that is none.
    """
    paper = Paper(caption, width)
    points = sorted((_point(row, place) for row, place in checked(rows, ("period",), "fan")), key=lambda p: p.day)
    seen = [_seen(row, place) for row, place in checked(observed, ("period",), "fan, observed")]
    seen = [one for one in seen if not math.isnan(one.value)]
    lines = [_reference(reference, index) for index, reference in enumerate(references, start=1)]
    values = [v for p in points for v in (p.p05, p.p25, p.median, p.p75, p.p95)] + [s.value for s in seen]
    values = [v for v in values + [v for _, line in lines for _, v in line] if not math.isnan(v)]
    if not values:
        return paper.nothing()
    marks = _events(events)
    paper.legend(_keys(paper, points, seen, lines))
    ticks = value_ticks(values, zero=zero, count=4 if paper.narrow else 5)
    days = [p.day for p in points] + [s.day for s in seen] + [d for _, line in lines for d, _ in line]
    ends = _end_labels(paper, points)
    left = paper.left + max(measure(words, "tick") for words in tick_texts(ticks)) + 8
    right = paper.right - (max((measure(w, k) for w, k, _ in ends), default=0.0) + 10 if ends else 4)
    low, high = min(days) - 3, max(days) + 3
    lanes = _lanes(paper, marks, Linear(low, high, left, right), Box(left, 0, paper.right, 0), low, high)
    top = paper.y + 12 + 15 * (max((lane for *_, lane in lanes), default=-1) + 1)
    plot = Box(left, top, right, top + (height or (210 if paper.narrow else 270)))
    scale_y, scale_x = upright(paper, plot, ticks), calendar(paper, plot, low, high)
    _draw_events(paper, lanes, plot)
    _draw_bands(paper, points, scale_x, scale_y)
    for index, (name, line) in enumerate(lines):
        tone, dash = _REFERENCE_TONES[index % len(_REFERENCE_TONES)]
        paper.line([(scale_x(d), scale_y(v)) for d, v in line], f"line s-{tone} {dash}", name)
    _draw_seen(paper, seen, scale_x, scale_y)
    _draw_ends(paper, ends, plot, scale_y)
    paper.y = plot.bottom + 26
    return paper.finish()


def _point(row: Mapping[str, Any], place: str) -> _Point:
    low5, low25, median, high75, high95 = (number(row, key, place) for key in _QUANTILES)
    known = [v for v in (low5, low25, median, high75, high95) if not math.isnan(v)]
    # Rounded quantiles may cross by their last digit; more than that is a row put together wrongly.
    slack = 1e-6 * max((abs(v) for v in known), default=0.0)
    if any(after < before - slack for before, after in pairwise(known)):
        remedy = "p05 ≤ p25 ≤ median ≤ p75 ≤ p95 must hold"
        raise BadValue(f"quantiles run backwards: {', '.join(f'{v:g}' for v in known)}", place=place, remedy=remedy)
    return _Point(day_of(row["period"], place), clean(row["period"]), low5, low25, median, high75, high95)


def _seen(row: Mapping[str, Any], place: str) -> _Seen:
    value, fitted = number(row, "value", place), row.get("fitted")
    mark = status(row) or ("observed" if fitted is None else "fitted" if fitted else "held_out")
    return _Seen(day_of(row["period"], place), value, f"{clean(row['period'])}: {spell(value)}", mark)


def _reference(reference: Mapping[str, Any], index: int) -> tuple[str, list[tuple[float, float]]]:
    place = f"fan, reference {index}"
    if index > len(_REFERENCE_TONES):
        raise BadValue(f"more than {len(_REFERENCE_TONES)} reference lines", place=place, remedy="draw the best ones")
    if not reference.get("name"):
        raise BadValue("a reference line without a name", place=place, remedy="give it the name its legend shows")
    line = [
        (day_of(row["period"], where), number(row, "value", where))
        for row, where in checked(reference.get("rows", ()), ("period",), place)
    ]
    return clean(reference["name"]), sorted((d, v) for d, v in line if not math.isnan(v))


def _events(events: Rows) -> list[tuple[float, str]]:
    return sorted(
        (day_of(row["date"], place), clean(row["label"]))
        for row, place in checked(events, ("date", "label"), "fan, events")
    )


def _keys(
    paper: Paper, points: list[_Point], seen: list[_Seen], lines: list[tuple[str, list[tuple[float, float]]]]
) -> list[Key]:
    keys: list[Key] = []
    if any(not math.isnan(p.median) for p in points):
        keys.append(Key(paper.word("median"), "line"))
    if any(not math.isnan(p.p25 + p.p75) for p in points):
        keys.append(Key(paper.word("band50"), "band2"))
    if any(not math.isnan(p.p05 + p.p95) for p in points):
        keys.append(Key(paper.word("band90"), "band1"))
    drawn = {s.mark for s in seen}
    for mark, sample in (
        ("observed", "dot"),
        ("fitted", "dot"),
        ("held_out", "ring"),
        ("assumed", "hatch"),
        ("contested", "ring"),
    ):
        if mark in drawn:
            keys.append(Key(paper.word(mark), sample, "ho" if mark == "contested" else "ink"))
    for (name, _), (tone, dash) in zip(lines, _REFERENCE_TONES, strict=False):
        keys.append(Key(name, dash, tone))
    return keys


def _lanes(
    paper: Paper, marks: list[tuple[float, str]], scale: Linear, room: Box, low: float, high: float
) -> list[tuple[float, str, str, int]]:
    """(x, label, anchor, lane) of each event inside the axis; labels of one lane never touch."""
    placed: list[tuple[float, str, str, int]] = []
    taken: list[tuple[float, float, int]] = []
    # From right to left, each label climbs over the lines that would cross it, as stairs do.
    for day, label in reversed([mark for mark in marks if low <= mark[0] <= high]):
        x = scale(day)
        after, before = room.right - x - 8, x - paper.left - 8
        anchor = "start" if measure(label, "tick") <= after or after >= before else "end"
        words = cut(label, after if anchor == "start" else before, "tick")
        size = measure(words, "tick") + 8
        span = (x, x + size) if anchor == "start" else (x - size, x)
        crossed = [lane for at, _, _, lane in placed if span[0] < at < span[1]]
        lane = max(crossed, default=-1) + 1
        while any(lane == other and span[0] < right and left < span[1] for left, right, other in taken):
            lane += 1
        taken.append((*span, lane))
        placed.append((x, words, anchor, lane))
    return placed


def _draw_events(paper: Paper, lanes: list[tuple[float, str, str, int]], plot: Box) -> None:
    for x, label, _, lane in lanes:
        paper.line([(x, plot.top - 17 - 15 * lane), (x, plot.bottom)], "hair dash s-soft", label)
    for x, label, anchor, lane in lanes:
        start, y = x + (4 if anchor == "start" else -4), plot.top - 8 - 15 * lane
        # Ground behind the letters keeps out the line of an event that stands higher.
        box = text_box(label, start, y, "tick", anchor)
        paper.rect(Box(max(paper.left, box.left), box.top, box.right, box.bottom), "f-surface")
        paper.text(label, start, y, "tick", anchor)


def _draw_bands(paper: Paper, points: list[_Point], scale_x: Linear, scale_y: Linear) -> None:
    for low, high, depth in (("p05", "p95", "o1"), ("p25", "p75", "o2")):
        for run in _runs(points, (low, high)):
            upper = [(scale_x(p.day), scale_y(getattr(p, high))) for p in run]
            lower = [(scale_x(p.day), scale_y(getattr(p, low))) for p in reversed(run)]
            if len(run) == 1:
                x = upper[0][0]
                upper, lower = (
                    [(x - 3, upper[0][1]), (x + 3, upper[0][1])],
                    [(x + 3, lower[0][1]), (x - 3, lower[0][1])],
                )
            corners = [f"{x:.1f} {y:.1f}" for x, y in upper + lower]
            paper.path("M" + "L".join(corners) + "Z", f"f-nd {depth}")
    for run in _runs(points, ("median",)):
        paper.line([(scale_x(p.day), scale_y(p.median)) for p in run], "line s-nd")
        for p in run if len(run) == 1 or len(points) <= 60 else []:
            hint = f"{p.period}: {spell(p.median)} ({spell(p.p05)}–{spell(p.p95)})"
            paper.mark("circle", scale_x(p.day), scale_y(p.median), 2.2 if len(run) > 1 else 3.6, "nd", hint=hint)


def _runs(points: list[_Point], keys: tuple[str, ...]) -> list[list[_Point]]:
    """Unbroken stretches of points on which all `keys` are known."""
    runs: list[list[_Point]] = [[]]
    for point in points:
        if any(math.isnan(getattr(point, key)) for key in keys):
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]


def _draw_seen(paper: Paper, seen: list[_Seen], scale_x: Linear, scale_y: Linear) -> None:
    for one in seen:
        x, y = scale_x(one.day), scale_y(one.value)
        if one.mark == "held_out":
            paper.path(shape("circle", x, y, 3.4), "f-surface s-ink line", one.hint)
        elif one.mark == "contested":
            paper.path(shape("circle", x, y, 3.4), "f-surface s-ho line", one.hint)
        else:
            paper.mark("circle", x, y, 3.8, "ink", sure="assumed" if one.mark == "assumed" else "", hint=one.hint)


def _end_labels(paper: Paper, points: list[_Point]) -> list[tuple[str, str, float]]:
    """(words, kind, value) written at the right end of the fan."""
    last = next((p for p in reversed(points) if not math.isnan(p.median)), None)
    if last is None:
        return []
    labels = [(f"{spell(last.median)} {paper.word('median')}", "strong", last.median)]
    if not math.isnan(last.p95) and not math.isnan(last.p05) and last.p95 > last.p05:
        labels.insert(0, (f"{spell(last.p95)} · 95\u00a0%", "tick", last.p95))
        labels.append((f"{spell(last.p05)} · 5\u00a0%", "tick", last.p05))
    if paper.narrow:
        labels = [(words.split(" ")[0], kind, value) for words, kind, value in labels]
    return labels


def _draw_ends(paper: Paper, ends: list[tuple[str, str, float]], plot: Box, scale: Linear) -> None:
    heights = separate([scale(value) for *_, value in ends], 15, plot.top, plot.bottom)
    for (words, kind, _), y in zip(ends, heights, strict=True):
        box = text_box(words, plot.right + 8, y + SIZES[kind] * 0.33, kind)
        paper.text(words, box.left, y + SIZES[kind] * 0.33, kind)
