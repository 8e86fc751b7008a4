"""Home to the axes: round values or days along a side of the plot, with hairlines and labels that keep apart."""

from __future__ import annotations

from collections.abc import Sequence

from ytterby.figures.letters import SIZES, measure
from ytterby.figures.paper import Box, Paper
from ytterby.figures.scales import Linear, nice_ticks, spell, time_ticks


def tick_texts(ticks: Sequence[float]) -> list[str]:
    """The labels of evenly spaced round values."""
    step = ticks[1] - ticks[0] if len(ticks) > 1 else None
    largest = max(abs(tick) for tick in ticks)
    return [spell(tick, None if largest >= 1e9 or (step is not None and step < 1e-6) else step) for tick in ticks]


def value_ticks(values: Sequence[float], *, zero: bool, count: int) -> list[float]:
    """Ticks that cover `values`, and zero if asked."""
    low, high = min(values), max(values)
    return nice_ticks(min(low, 0.0) if zero else low, max(high, 0.0) if zero else high, count)


def upright(paper: Paper, plot: Box, ticks: Sequence[float]) -> Linear:
    """Value axis at the left of `plot`: hairlines across, labels outside."""
    scale = Linear(ticks[0], ticks[-1], plot.bottom, plot.top)
    for tick, words in zip(ticks, tick_texts(ticks), strict=True):
        y = scale(tick)
        strong = " s-soft" if tick == 0 else " s-rule"
        paper.line([(plot.left, y), (plot.right, y)], "hair" + strong)
        paper.text(words, plot.left - 6, y + SIZES["tick"] * 0.33, "tick", "end")
    return scale


def level(paper: Paper, plot: Box, ticks: Sequence[float], label_y: float) -> Linear:
    """Value axis along `plot`'s width: hairlines down, labels with their baseline at `label_y`, the crowded ones left
    out.
    """
    scale = Linear(ticks[0], ticks[-1], plot.left, plot.right)
    edge = -1e9
    for tick, words in zip(ticks, tick_texts(ticks), strict=True):
        x, half = scale(tick), measure(words, "tick") / 2
        paper.line([(x, plot.top), (x, plot.bottom)], "hair" + (" s-soft" if tick == 0 else " s-rule"))
        middle = min(max(x, paper.left + half), paper.right - half)
        if middle - half > edge:
            paper.text(words, middle, label_y, "tick", "middle")
            edge = middle + half + 8
    return scale


def calendar(paper: Paper, plot: Box, low: float, high: float, *, hairs: bool = False) -> Linear:
    """Time axis (ordinals) below `plot`."""
    scale = Linear(low, high, plot.left, plot.right)
    edge = -1e9
    for day, words in time_ticks(low, high, max(2, int((plot.right - plot.left) / 72))):
        x, half = scale(day), measure(words, "tick") / 2
        top = plot.top if hairs else plot.bottom
        paper.line([(x, top), (x, plot.bottom + 4)], "hair s-rule")
        middle = min(max(x, paper.left + half), paper.right - half)
        if middle - half > edge:
            paper.text(words, middle, plot.bottom + 17, "tick", "middle")
            edge = middle + half + 8
    return scale
