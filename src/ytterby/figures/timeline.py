"""Home to the timeline: what was decided and what was in force, a row for each, oldest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ytterby.figures.axes import calendar
from ytterby.figures.base import Caption, Rows, checked, status
from ytterby.figures.letters import SIZES, clean, measure, wrap
from ytterby.figures.palette import stage_tones
from ytterby.figures.paper import Box, Key, Paper
from ytterby.figures.scales import Linear, span_of
from ytterby.terms.errors import DateOrder


@dataclass(frozen=True)
class _Item:
    start: float
    end: float
    label: str
    kind: str
    sure: str
    open: bool


def timeline(rows: Rows, caption: Caption, *, today: str = "", width: float = 720) -> str:
    """Draw dated events and spans.

    Args:
        rows: ``date``, ``label``, and ``until`` for a span (a date, or ``open`` for one that still runs); ``kind``
            gives the colour;
            ``assumed`` or ``contested``.
        today: a day to draw a line at, and to which open spans reach.
        caption: the finding and what stands around it.
        width: px of the figure.

    Raises:
        BadValue: a date that is none.
        DateOrder: a span that ends before it begins.
    """
    paper = Paper(caption, width)
    named = checked(rows, ("date", "label"), "timeline")
    if not named:
        return paper.nothing()
    starts = [span_of(row["date"], place)[0] for row, place in named]
    stop = span_of(today, "timeline, today")[0] if today else max(starts)
    items = sorted((_item(row, place, stop) for row, place in named), key=lambda i: (i.start, i.end, i.label))
    low, high = min([stop, *(i.start for i in items)]), max([stop, *(i.end for i in items)])
    pad = max(3.0, (high - low) * 0.02)
    kinds = tuple(dict.fromkeys(i.kind for i in items))
    tones = stage_tones(kinds)
    keys = [Key(kind, "fill", tones[kind]) for kind in kinds if kind]
    paper.legend([*keys, *(Key(paper.word(w), "hatch", "grey") for w in sorted({i.sure for i in items} - {""}))])
    top = paper.y + 6
    scale = Linear(max(1.0, low - pad), high + pad, paper.left + 4, paper.right - 4)
    drawn = [(item, *_label(paper, item, scale)) for item in items]
    tall = sum(_height(lines) for _, lines, _, _ in drawn)
    plot = Box(scale.start, top, scale.end, top + tall)
    calendar(paper, plot, scale.low, scale.high, hairs=True)
    if today:
        x = scale(span_of(today, "timeline, today")[0])
        paper.line([(x, plot.top), (x, plot.bottom)], "line s-er dots")
    y = top
    for item, lines, x, anchor in drawn:
        _draw(paper, item, scale, y, lines, x, anchor, tones[item.kind])
        y += _height(lines)
    paper.y = plot.bottom + 26
    return paper.finish()


def _item(row: Mapping[str, Any], place: str, stop: float) -> _Item:
    start, last = span_of(row["date"], place)
    until = row.get("until")
    running = isinstance(until, str) and until.strip().lower() == "open"
    end = max(start, stop) if running else span_of(until, place)[1] if until else last
    if end < start:
        remedy = "swap date and until, or write until: open for what still runs"
        raise DateOrder(f"'{clean(row['label'])}' ends before it begins", place=place, remedy=remedy)
    return _Item(start, end, clean(row["label"]), clean(row.get("kind") or ""), status(row), running)


def _height(lines: list[str]) -> float:
    return 11 + 13 * len(lines)


def _label(paper: Paper, item: _Item, scale: Linear) -> tuple[list[str], float, str]:
    """Lines of the label and where they stand: beside the mark on the roomier side, on one line if that can be."""
    words = item.label + (f" ({paper.word(item.sure)})" if item.sure else "")
    left, right = scale(item.start), max(scale(item.end), scale(item.start) + 9)
    after, before = paper.right - right - 8, left - paper.left - 8
    if measure(words) <= after:
        return [words], right + 8, "start"
    if measure(words) <= before:
        return [words], left - 8, "end"
    if max(after, before) > 0.34 * (paper.right - paper.left):
        x, anchor = (right + 8, "start") if after >= before else (left - 8, "end")
        return wrap(words, max(after, before), most=3) or [""], x, anchor
    # A span over most of the width: the label stands below it.
    lines = wrap(words, paper.right - paper.left, most=3)
    return ["", *lines], min(left, paper.right - max(map(measure, lines), default=0.0)), "start"


def _draw(
    paper: Paper, item: _Item, scale: Linear, y: float, lines: list[str], x: float, anchor: str, tone: str
) -> None:
    left, right, middle = scale(item.start), scale(item.end), y + 11
    hint = item.label
    if right - left < 7:
        paper.mark(
            "diamond", (left + right) / 2 if right > left else left, middle, 4.2, tone, sure=item.sure, hint=hint
        )
    else:
        box = Box(left, middle - 5, right, middle + 5)
        paper.rect(box, f"s-{tone} hair" if item.sure else f"f-{tone} o3", hint, hatch=tone if item.sure else "")
        if item.open:
            paper.line([(right - 4, middle - 5), (right, middle), (right - 4, middle + 5)], f"line s-{tone}")
    for index, words in enumerate(lines):
        paper.text(words, x, middle + SIZES["label"] * 0.33 + 13 * index, "label", anchor, halo=True)
