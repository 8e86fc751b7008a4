"""Home to the payoff matrix: a box for each pair of policies with what both sides get, equilibria framed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ytterby.figures.base import Caption, Rows, checked, status
from ytterby.figures.letters import SIZES, clean, cut, measure, wrap
from ytterby.figures.paper import Box, Key, Paper, shape
from ytterby.figures.scales import number, spell
from ytterby.figures.words import percent
from ytterby.terms.errors import BadValue

_TONES = ("nd", "tb")
"""Tone of the side that picks the row, of the one that picks the column."""


@dataclass(frozen=True)
class _Cell:
    row: str
    column: str
    payoffs: tuple[float, float]
    framed: bool
    share: float
    agreed: float
    sure: str


def matrix(rows: Rows, caption: Caption, *, sides: Sequence[str] = ("1", "2"), width: float = 720) -> str:
    """Draw what each pair of policies gives.

    Args:
        rows: ``row``, ``column`` (the policies' names), ``first``, ``second`` (payoffs); ``equilibrium`` true where
            neither side gains by moving alone; ``share`` of draws (0 to 1) in which that is so; ``agreed`` the weight
            (0 to 1) that a bargain gives the pair; ``assumed`` or ``contested``.
        sides: the name of who picks the row, and of who picks the column.
        caption: the finding and what stands around it.
        width: px of the figure.

    Raises:
        BadValue: a pair that stands twice, a share outside 0 to 1, a policy without a name, not two sides.
    """
    if len(sides) != 2:
        raise BadValue(f"{len(sides)} sides", place="figure matrix", remedy="name the two sides")
    paper = Paper(caption, width)
    found = [_cell(row, place) for row, place in checked(rows, ("row", "column"), "matrix")]
    if not found:
        return paper.nothing()
    _refuse_twice(found)
    names = list(dict.fromkeys(cell.row for cell in found))
    columns = list(dict.fromkeys(cell.column for cell in found))
    paper.legend(_keys(paper, found, sides))
    lead = 0.0 if paper.narrow else min(max(measure(name, "strong") for name in names) + 14, paper.width * 0.26)
    pitch = (paper.right - paper.left - lead) / len(columns)
    top = _heads(paper, columns, paper.left + lead, pitch)
    size = SIZES["label"]
    tall = size * 4.6
    at = {(cell.row, cell.column): cell for cell in found}
    for name in names:
        if paper.narrow:
            top += size * 1.7
            paper.text(
                cut(name, paper.right - paper.left, "strong"), paper.left, top - size * 0.45, "strong", tone="nd"
            )
        else:
            lines = wrap(name, lead - 12, "strong", 3)
            base = top + tall / 2 - (len(lines) - 1) * size * 0.6 + size * 0.33
            for k, line in enumerate(lines):
                paper.text(line, paper.left, base + k * size * 1.2, "strong", tone="nd")
        for k, column in enumerate(columns):
            left = paper.left + lead + k * pitch
            if (name, column) in at:
                _draw(paper, at[name, column], Box(left + 2, top, left + pitch - 2, top + tall), sides)
        top += tall + 4
    paper.y = top + 4
    return paper.finish()


def _refuse_twice(found: Sequence[_Cell]) -> None:
    seen: set[tuple[str, str]] = set()
    for cell in found:
        if (cell.row, cell.column) in seen:
            raise BadValue(
                f"'{cell.row}' against '{cell.column}' twice", place="figure matrix", remedy="give each pair once"
            )
        seen.add((cell.row, cell.column))


def _cell(row: Mapping[str, Any], place: str) -> _Cell:
    names = clean(row["row"]), clean(row["column"])
    if not all(names):
        raise BadValue("a policy without a name", place=place, remedy="name the row and the column")
    shares = [number(row, key, place) for key in ("share", "agreed")]
    for share in shares:
        if not math.isnan(share) and not -1e-9 <= share <= 1 + 1e-9:
            raise BadValue(f"a share of {share:g}", place=place, remedy="write it as a fraction from 0 to 1")
    payoffs = (number(row, "first", place), number(row, "second", place))
    return _Cell(names[0], names[1], payoffs, bool(row.get("equilibrium")), shares[0], shares[1], status(row))


def _keys(paper: Paper, found: Sequence[_Cell], sides: Sequence[str]) -> list[Key]:
    keys = [Key(clean(side), "fill", tone) for side, tone in zip(sides, _TONES, strict=True)]
    if any(cell.framed for cell in found):
        keys.append(Key(paper.word("equilibrium"), "line", "er"))
    if any(cell.agreed > 0 for cell in found):
        keys.append(Key(paper.word("agreed"), "diamond", "pr"))
    if any(cell.share > 0 for cell in found):
        keys.append(Key(paper.word("equilibrium_in"), "none", "grey"))
    return keys + [Key(paper.word(word), "hatch", "grey") for word in sorted({cell.sure for cell in found} - {""})]


def _heads(paper: Paper, columns: Sequence[str], left: float, pitch: float) -> float:
    """The other side's policies above their columns; the height below them."""
    size = SIZES["strong"]
    heads = [wrap(name, pitch - 8, "strong", 3) for name in columns]
    most = max(len(lines) for lines in heads)
    for k, lines in enumerate(heads):
        for n, line in enumerate(lines):
            base = paper.y + size * (1.2 * (most - len(lines) + n + 1))
            paper.text(line, left + pitch * (k + 0.5), base, "strong", "middle", tone="tb")
    return paper.y + size * 1.2 * most + 8


def _draw(paper: Paper, cell: _Cell, box: Box, sides: Sequence[str]) -> None:
    told = ", ".join(f"{clean(side)} {spell(value)}" for side, value in zip(sides, cell.payoffs, strict=True))
    hint = f"{cell.row} / {cell.column}: {told}"
    paper.rect(box, "f-surface s-rule hair", hint, hatch="grey" if cell.sure else "")
    if cell.framed:
        for inset in (1.0, 2.2):
            left, top, right, bottom = box.left + inset, box.top + inset, box.right - inset, box.bottom - inset
            paper.line([(left, top), (right, top), (right, bottom), (left, bottom), (left, top)], "line s-er")
    size, room = SIZES["strong"], box.right - box.left - 12
    for k, (value, tone) in enumerate(zip(cell.payoffs, _TONES, strict=True)):
        words = cut(f"+{spell(value)}" if value > 0 else spell(value), room, "strong")
        x, anchor = (box.left + 7, "start") if k == 0 else (box.right - 7, "end")
        paper.text(words, x, box.top + size * (1.4 + 1.25 * k), "strong", anchor, halo=True, tone=tone)
    base = box.bottom - 6
    if cell.agreed > 0:
        words = percent(paper.caption.language, cell.agreed)
        if measure(words, "tick") + 14 <= room:
            paper.path(shape("diamond", box.left + 11, base - 4, 4.2), "f-pr s-surface hair")
            edge = paper.text(words, box.left + 18, base, "tick", halo=True, tone="pr").right
        else:
            edge = box.left
    else:
        edge = box.left
    if cell.share > 0:
        words = percent(paper.caption.language, cell.share)
        if box.right - 7 - measure(words, "tick") > edge + 4:
            paper.text(words, box.right - 7, base, "tick", "end", halo=True, tone="soft")
