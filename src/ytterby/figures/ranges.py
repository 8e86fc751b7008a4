"""Home to the ranges: a dot for the median and a whisker from 5 to 95 %, one row each, for days until a line stops.

A line that does not stop in most draws has no median; its row shows an open mark at the far end and the share that
stops.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ytterby.figures.axes import level
from ytterby.figures.base import Caption, Rows, checked, status
from ytterby.figures.letters import SIZES, clean, cut, measure
from ytterby.figures.paper import Box, Key, Paper, shape
from ytterby.figures.scales import Linear, nice_ticks, number, spell
from ytterby.figures.words import percent
from ytterby.terms.errors import BadValue

_GUTTER = 10.0
"""Where open marks stand, px beyond the axis: they have no place on it."""


@dataclass(frozen=True)
class _Row:
    label: str
    low: float
    median: float
    high: float
    share: float
    sure: str


def ranges(
    rows: Rows, caption: Caption, *, most: int = 30, zero: bool = True, largest: bool = False, width: float = 720
) -> str:
    """Draw medians with their 5 to 95 % range, the soonest first.

    Args:
        rows: ``label`` (or ``product`` and ``country``), ``median``, ``p05``, ``p95``, and ``share`` of draws (0 to
            1) in which it
            happens at all; a NaN median is drawn open at the end; ``assumed`` or ``contested``.
        most: how many rows are drawn; the note counts the others.
        zero: whether the axis begins at zero.
        largest: whether the largest median stands first, for what is not a time.
        caption: the finding and what stands around it.
        width: px of the figure.

    Raises:
        BadValue: a range that runs backwards, a share outside 0 to 1, a row without a label.
    """
    paper = Paper(caption, width)
    found = sorted((_row(row, place) for row, place in checked(rows, (), "ranges")), key=_rank)
    if largest:
        found.sort(key=lambda row: math.inf if math.isnan(row.median) else -row.median)
    shown = found[: max(1, most)]
    if len(shown) < len(found):
        paper.notes.append(paper.word("more", n=len(found) - len(shown)))
    if not shown:
        return paper.nothing()
    known = [v for row in shown for v in (row.low, row.median, row.high) if not math.isnan(v)] or [0.0, 1.0]
    ticks = nice_ticks(
        min(0.0, *known) if zero else min(known), max(0.0, *known) if zero else max(known), 3 if paper.narrow else 6
    )
    paper.legend(_keys(paper, shown))
    shares = [_share(paper, row) for row in shown]
    tail = max(measure(words) for words in shares) + 12 if any(shares) else 0.0
    labels = (
        0.0 if paper.narrow else min(max(measure(row.label) for row in shown) + 12, (paper.right - paper.left) * 0.4)
    )
    pitch = 36.0 if paper.narrow else 23.0
    top = paper.y + 22
    plot = Box(paper.left + labels + 8, top, paper.right - tail - 12, top + pitch * len(shown))
    scale = level(paper, plot, ticks, top - 7)
    for index, (row, words) in enumerate(zip(shown, shares, strict=True)):
        y = top + pitch * (index + 0.5)
        _draw(paper, row, scale, plot, y + (8 if paper.narrow else 0))
        base = y + SIZES["label"] * 0.33 - (8 if paper.narrow else 0)
        room = paper.right - paper.left - tail if paper.narrow else labels - 6
        paper.text(cut(row.label, room), paper.left, base, halo=True)
        paper.text(words, paper.right, base if paper.narrow else y + SIZES["label"] * 0.33, "label", "end", halo=True)
    paper.y = plot.bottom + 8
    return paper.finish()


def _row(row: Mapping[str, Any], place: str) -> _Row:
    label = clean(row.get("label") or " · ".join(str(row[k]) for k in ("product", "country") if row.get(k)))
    if not label:
        raise BadValue("a row without a label", place=place, remedy="give 'label', or 'product' and 'country'")
    low, median, high = (number(row, key, place) for key in ("p05", "median", "p95"))
    share = number(row, "share", place)
    if not math.isnan(share) and not -1e-9 <= share <= 1 + 1e-9:
        raise BadValue(f"a share of {share:g}", place=place, remedy="write it as a fraction from 0 to 1")
    known = [v for v in (low, median, high) if not math.isnan(v)]
    if known != sorted(known):
        raise BadValue(
            f"the range runs backwards: {', '.join(f'{v:g}' for v in known)}",
            place=place,
            remedy="p05 ≤ median ≤ p95 must hold",
        )
    return _Row(label, low, median, high, share, status(row))


def _rank(row: _Row) -> tuple[float, float, str]:
    """The soonest first, then what stops most often, then by name."""
    share = 0.0 if math.isnan(row.share) else row.share
    return (math.inf if math.isnan(row.median) else row.median, -share, row.label)


def _share(paper: Paper, row: _Row) -> str:
    if math.isnan(row.share):
        return paper.word("not_stopped") if math.isnan(row.median) else ""
    return paper.word("not_stopped") if row.share <= 0 else percent(paper.caption.language, row.share)


def _keys(paper: Paper, rows: list[_Row]) -> list[Key]:
    keys = [Key(f"{paper.word('median')}, {paper.word('range')}", "whisker", "er")]
    if any(math.isnan(row.median) for row in rows):
        keys.append(Key(paper.word("open"), "ring", "er"))
    keys += [
        Key(paper.word(word), "dash" if word == "assumed" else "dots", "er")
        for word in sorted({r.sure for r in rows} - {""})
    ]
    if any(not math.isnan(row.share) for row in rows):
        keys.append(Key(f"%: {paper.word('share')}", "none", "grey"))
    return keys


def _draw(paper: Paper, row: _Row, scale: Linear, plot: Box, y: float) -> None:
    spread = f"{spell(row.low)}–{spell(row.high)}"
    hint = f"{row.label}: {spell(row.median)} ({spread})" + (f", {paper.word(row.sure)}" if row.sure else "")
    start = row.low if not math.isnan(row.low) else row.median
    # With draws in which it never happens a missing 95 % point lies beyond the axis, not at the median.
    end = row.median if math.isnan(row.high) and not row.share < 1 else row.high
    dash = {"assumed": " dash", "contested": " dots"}.get(row.sure, "")
    if not math.isnan(start):
        right = plot.right + _GUTTER if math.isnan(end) else scale(end)
        paper.line([(scale(start), y), (right, y)], f"line s-er{dash}", hint)
        for x in [scale(start)] if math.isnan(end) else [scale(start), right]:
            paper.line([(x, y - 4), (x, y + 4)], "line s-er")
    if math.isnan(row.median):
        paper.path(
            shape("circle", plot.right + _GUTTER, y, 4.2),
            "f-surface s-er line",
            f"{row.label}: {paper.word('not_stopped')}",
        )
    else:
        paper.mark("circle", scale(row.median), y, 4.6, "er", sure=row.sure, hint=hint)
