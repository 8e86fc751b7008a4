"""Home to the stacks: what each thing is made up of, as parts of one whole; what is not known is hatched."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ytterby.figures.base import Caption, Rows, checked
from ytterby.figures.letters import SIZES, clean, cut, measure
from ytterby.figures.palette import TONES
from ytterby.figures.paper import Box, Key, Paper
from ytterby.figures.scales import number
from ytterby.figures.words import percent
from ytterby.terms.errors import BadValue

_UNKNOWN = "grey"


def stacks(rows: Rows, caption: Caption, *, unknown: str = "", most: int = 5, width: float = 720) -> str:
    """Draw one bar for each label, of parts that add up to one.

    Args:
        rows: ``label``, ``name`` of the part and its ``value`` (0 to 1).
        unknown: name of the part that stands for what nobody told; hatched, at the end.
        most: parts with a colour of their own, by their sum; the others are drawn as one.
        caption: the finding and what stands around it.
        width: px of the figure.

    Raises:
        BadValue: a number that is none, or a part outside 0 to 1.
    """
    paper = Paper(caption, width)
    labels, sums, parts = _parts(rows)
    if not labels:
        return paper.nothing()
    told = sorted((name for name in sums if name != unknown), key=lambda name: (-sums[name], name))
    own, rest = (told, []) if len(told) <= most + 1 else (told[:most], told[most:])
    others = paper.word("others", n=len(rest))
    tones = dict(zip(own, TONES, strict=False))
    keys = [Key(name, "fill", tones[name]) for name in own]
    keys += [Key(others, "fill", "soft")] if rest else []
    keys += [Key(unknown, "hatch", _UNKNOWN)] if unknown in sums else []
    paper.legend(keys)
    margin = min(max(measure(label) for label in labels) + 12, (paper.right - paper.left) * 0.34)
    plot = Box(paper.left + margin, paper.y + 10, paper.right - 6, paper.y + 10 + 24.0 * len(labels))
    for at, label in enumerate(labels):
        y = plot.top + 24.0 * at
        paper.text(cut(label, margin - 6), paper.left, y + 12 + SIZES["label"] * 0.33)
        shares = [(name, parts[label, name], tones[name]) for name in own if (label, name) in parts]
        together = sum(parts.get((label, name), 0.0) for name in rest)
        shares += [(others, together, "soft")] if together > 0 else []
        shares += [(unknown, parts[label, unknown], _UNKNOWN)] if (label, unknown) in parts else []
        _bar(paper, plot, y, label, shares, unknown)
    paper.y = plot.bottom + 8
    return paper.finish()


def _parts(rows: Rows) -> tuple[list[str], dict[str, float], dict[tuple[str, str], float]]:
    labels: dict[str, None] = {}
    sums: dict[str, float] = {}
    parts: dict[tuple[str, str], float] = {}
    for row, place in checked(rows, ("label", "name"), "stacks"):
        value = _share(row, place)
        label, name = clean(row["label"]), clean(row["name"])
        labels[label] = None
        if value > 0.0:
            sums[name] = sums.get(name, 0.0) + value
            parts[label, name] = parts.get((label, name), 0.0) + value
    return list(labels), sums, parts


def _share(row: Mapping[str, Any], place: str) -> float:
    value = number(row, "value", place)
    if math.isnan(value) or not -1e-9 <= value <= 1 + 1e-9:
        raise BadValue(f"a share of {value:g}", place=place, remedy="write it as a fraction from 0 to 1")
    return value


def _bar(paper: Paper, plot: Box, y: float, label: str, shares: Sequence[tuple[str, float, str]], unknown: str) -> None:
    x, room = plot.left, plot.right - plot.left
    whole = max(1.0, sum(value for _, value, _ in shares))
    for name, value, tone in shares:
        wide = room * value / whole
        box = Box(x, y + 3, x + wide, y + 21)
        said = percent(paper.caption.language, value)
        words = f"{label} · {name}: {said}"
        if name == unknown:
            paper.rect(box, f"s-{tone} hair", words, hatch=tone)
        else:
            paper.rect(box, f"f-{tone} s-surface hair", words)
        x += wide
