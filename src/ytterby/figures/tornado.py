"""Home to the tornado: how far an outcome moves when one input stands at its low or at its high end, widest first."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ytterby.figures.axes import level
from ytterby.figures.base import Caption, Rows, checked, status
from ytterby.figures.letters import SIZES, clean, cut, measure
from ytterby.figures.paper import Box, Key, Paper
from ytterby.figures.scales import Linear, nice_ticks, number, spell
from ytterby.terms.errors import BadValue

_DOWN, _UP = "↓", "↑"
"""Stand before the ends, so that low and high are told apart without colour."""
_BETWEEN = "  "


@dataclass(frozen=True)
class _Row:
    label: str
    range: str
    low: float
    high: float
    sure: str

    @property
    def reach(self) -> float:
        """The larger of the two changes."""
        return max((abs(v) for v in (self.low, self.high) if not math.isnan(v)), default=0.0)


def tornado(rows: Rows, caption: Caption, *, most: int = 12, sort: bool = True, width: float = 720) -> str:
    """Draw one bar for each input, from the outcome's change at its low end to that at its high end.

    Args:
        rows: ``label``; ``low`` and ``high``, the outcome's change when the input stands at its low and at its high
            end; ``range``, what these ends are, in words; ``assumed`` or ``contested``.
        most: how many rows are drawn; the note counts the others.
        sort: whether the widest stands first.
        caption: the finding and what stands around it.
        width: px of the figure.

    Raises:
        BadValue: a number that is none, a row without a label.
    """
    paper = Paper(caption, width)
    found = [_row(row, place) for row, place in checked(rows, ("label",), "tornado")]
    found = [row for row in found if not math.isnan(row.low) or not math.isnan(row.high)]
    if sort:
        found.sort(key=lambda row: (-row.reach, row.label))
    shown = found[: max(1, most)]
    if len(shown) < len(found):
        paper.notes.append(paper.word("more", n=len(found) - len(shown)))
    if not shown:
        return paper.nothing()
    values = [v for row in shown for v in (row.low, row.high) if not math.isnan(v)]
    ticks = nice_ticks(min(0.0, *values), max(0.0, *values), 3 if paper.narrow else 5)
    paper.legend(_keys(paper, shown))
    full = paper.right - paper.left
    wanted = max(max(measure(row.label), measure(row.range, "tick")) for row in shown) + 12
    names = 0.0 if paper.narrow else min(wanted, 0.44 * full)
    # What stands at the ends needs its width on both sides of the bars.
    ends = [_ends(row) for row in shown]
    if sum(_rims(ends)) > 0.42 * full:
        ends = [[(side, words.rpartition(_BETWEEN)[2]) for side, words in told] for told in ends]
    rims = _rims(ends)
    pitch = (46.0 if paper.narrow else 34.0) if any(row.range for row in shown) else (38.0 if paper.narrow else 24.0)
    top = paper.y + 22
    plot = Box(paper.left + names + rims[0], top, paper.right - rims[1], top + pitch * len(shown))
    scale = level(paper, plot, ticks, top - 7)
    for index, row in enumerate(shown):
        middle = top + pitch * index + (pitch - 9 if paper.narrow else pitch / 2)
        _name(paper, row, top + pitch * index, middle, names or full)
        _draw(paper, row, scale, middle, ends[index])
    paper.y = plot.bottom + 8
    return paper.finish()


def _row(row: Mapping[str, Any], place: str) -> _Row:
    label = clean(row["label"])
    if not label:
        raise BadValue("a row without a label", place=place, remedy="name the input")
    low, high = (number(row, key, place) for key in ("low", "high"))
    return _Row(label, clean(row.get("range") or ""), low, high, status(row))


def _keys(paper: Paper, shown: list[_Row]) -> list[Key]:
    keys = [Key(f"{_DOWN} {paper.word('low')}", "band2", "tb"), Key(f"{_UP} {paper.word('high')}", "fill", "er")]
    return keys + [Key(paper.word(word), "hatch", "grey") for word in sorted({row.sure for row in shown} - {""})]


def _ends(row: _Row) -> list[tuple[int, str]]:
    """(side, words) at the ends of the bar; two ends on one side share a place, the longer one last."""
    ends = [(row.low, f"{_DOWN}\u00a0{_signed(row.low)}"), (row.high, f"{_UP}\u00a0{_signed(row.high)}")]
    told = []
    for side in (-1, 1):
        here = sorted((abs(v), words) for v, words in ends if not math.isnan(v) and (v < 0) == (side < 0))
        if here:
            told.append((side, _BETWEEN.join(words for _, words in here)))
    return told


def _rims(ends: list[list[tuple[int, str]]]) -> tuple[float, float]:
    widths = {side: [measure(words) for told in ends for at, words in told if at == side] for side in (-1, 1)}
    return max(widths[-1], default=0.0) + 8, max(widths[1], default=0.0) + 8


def _signed(value: float) -> str:
    words = spell(value)
    return f"+{words}" if value > 0 and words != "0" else words


def _name(paper: Paper, row: _Row, top: float, middle: float, room: float) -> None:
    """The input and what its ends are: beside the bar, above it on a phone."""
    lines = [words for words in (row.label, row.range) if words]
    first = top + 13 if paper.narrow else middle + SIZES["label"] * 0.33 - 6.5 * (len(lines) - 1)
    for index, words in enumerate(lines):
        kind = "label" if index == 0 else "tick"
        paper.text(cut(words, room - 6, kind), paper.left, first + 13 * index, kind, halo=True)


def _draw(paper: Paper, row: _Row, scale: Linear, y: float, told: list[tuple[int, str]]) -> None:
    zero = scale(0.0)
    ends = [(row.low, "tb", "low"), (row.high, "er", "high")]
    # The longer is drawn first, so that the shorter on the same side stays to be seen.
    for value, tone, name in sorted((e for e in ends if not math.isnan(e[0])), key=lambda e: -abs(e[0])):
        x = scale(value)
        tall = 6.5 if name == "high" else 4.5
        box = Box(min(zero, x), y - tall, max(zero, x, min(zero, x) + 0.8), y + tall)
        hint = f"{row.label}, {paper.word(name)}: {_signed(value)}" + (f" ({paper.word(row.sure)})" if row.sure else "")
        solid = f"f-{tone}" if name == "high" else f"f-{tone} s-{tone} hair o4"
        paper.rect(box, f"s-{tone} hair" if row.sure else solid, hint, hatch=tone if row.sure else "")
    for side, words in told:
        reach = [v for v in (row.low, row.high) if not math.isnan(v) and (v < 0) == (side < 0)]
        x = scale(max(reach, key=abs)) + 5 * side
        paper.text(words, x, y + SIZES["label"] * 0.33, "label", "start" if side > 0 else "end", halo=True)
