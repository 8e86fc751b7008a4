"""Home to the maps: plants as marks of their stage, or countries shaded by a figure, on the Equal Earth projection."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from ytterby.figures.base import Caption, Rows, checked, status
from ytterby.figures.letters import SIZES, clean, measure
from ytterby.figures.outlines import EU27, Ring, outlines
from ytterby.figures.palette import SHAPES, stage_id, stage_tones
from ytterby.figures.paper import MARGIN, Box, Key, Paper, px
from ytterby.figures.projection import equal_earth
from ytterby.figures.scales import nice_ticks, number, spell
from ytterby.terms.errors import BadValue

_SOUTH, _NORTH = -56.0, 83.7
"""Latitudes the map shows: no mine stands beyond them."""

_FINEST = 0.8
"""Px between two points of an outline that are told apart."""
_SHADES = ("o1", "o2", "o3", "o4", "")
_SPARE_SHAPES = ("circle", "square", "diamond", "triangle", "hexagon")


@dataclass(frozen=True)
class Sheet:
    """Where the world lies on the paper: `scale` px per unit of the projection."""

    box: Box
    scale: float

    def __call__(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Position of a place, px."""
        x, y = equal_earth(longitude, min(_NORTH, max(_SOUTH, latitude)))
        top = equal_earth(0, _NORTH)[1]
        return (self.box.left + self.box.right) / 2 + x * self.scale, self.box.top + (top - y) * self.scale


@dataclass(frozen=True)
class _Plant:
    name: str
    stage: str
    x: float
    y: float
    radius: float
    value: float
    sure: str


def dots(
    rows: Rows,
    caption: Caption,
    *,
    stages: Sequence[str] = (),
    names: int = 12,
    outline_file: str | Path | None = None,
    width: float = 720,
) -> str:
    """Draw places as marks whose area is their value.

    Args:
        rows: ``name``, ``lat``, ``lon``, ``value`` (>= 0), ``stage``, ``assumed`` or ``contested``; rows without
            coordinates are counted.
        stages: order of the legend; empty = as the rows have it.
        names: how many of the largest are named, where there is room.
        outline_file: outlines to draw instead of the package's.
        caption: the finding and what stands around it.
        width: px of the figure.

    Raises:
        BadValue: a negative value, or coordinates that are none.
    """
    paper = Paper(caption, width)
    plain = [(row, place, _coordinates(row, place)) for row, place in checked(rows, ("name",), "map")]
    plain = [(row, place, at) for row, place, at in plain if _size(row, place) > 0]
    placed = [(row, place, at) for row, place, at in plain if at]
    if len(placed) < len(plain):
        paper.notes.append(paper.word("unplaced", n=len(plain) - len(placed)))
    if not placed:
        return paper.nothing()
    found = tuple(dict.fromkeys([clean(s) for s in stages] + [clean(row.get("stage") or "") for row, *_ in placed]))
    tones = stage_tones(found)
    shapes = {
        stage: SHAPES.get(stage_id(stage), _SPARE_SHAPES[i % len(_SPARE_SHAPES)]) for i, stage in enumerate(found)
    }
    sure = sorted({status(row) for row, *_ in placed} - {""})
    keys = [Key(stage, shapes[stage], tones[stage]) for stage in found if stage]
    paper.legend([*keys, *(Key(paper.word(w), "hatch" if w == "assumed" else "ring", "grey") for w in sure)])
    largest = max(_size(row, place) for row, place, _ in placed)
    reach = 9.0 if paper.narrow else 15.0
    # A triangle reaches half as far again as a circle of its area.
    sheet = _world(paper, outlines(outline_file), {}, rim=max(0.0, 1.56 * reach - MARGIN))
    plants = [_plant(row, place, at, sheet, largest, reach) for row, place, at in placed]
    plants.sort(key=lambda p: -p.value)
    for p in plants:
        hint = f"{p.name}: {spell(p.value)}" + (f" ({paper.word(p.sure)})" if p.sure else "")
        paper.mark(shapes[p.stage], p.x, p.y, p.radius, tones[p.stage], sure=p.sure, hint=hint)
    _sizes(paper, largest, reach)
    _names(paper, plants, names, sheet.box)
    return paper.finish()


def shades(
    rows: Rows,
    caption: Caption,
    *,
    groups: Mapping[str, Sequence[str]] | None = None,
    limits: Sequence[float] = (),
    tone: str = "nd",
    outline_file: str | Path | None = None,
    width: float = 720,
) -> str:
    """Shade countries by a figure, in five steps with round limits.

    Args:
        rows: ``country`` (ISO 3166 alpha-2, or a key of `groups`), ``value``, ``assumed`` or ``contested``.
        groups: code -> members, painted where a member has no row of its own; ``EU`` is known.
        limits: of the steps, three to six values upward; empty = round ones, closer at the lower end where one
            country dwarfs the rest.
        tone: the colour.
        outline_file: outlines to draw instead of the package's.
        caption: the finding and what stands around it.
        width: px of the figure.

    Raises:
        BadValue: a number that is none, or a country twice.
    """
    paper = Paper(caption, width)
    values: dict[str, tuple[float, str]] = {}
    for row, place in checked(rows, ("country",), "map"):
        code, value = clean(row["country"]), number(row, "value", place)
        if code in values:
            raise BadValue(f"country '{code}' stands twice", place=place, remedy="add its rows up first")
        if not math.isnan(value):
            values[code] = (value, status(row))
    if not values:
        return paper.nothing()
    limits = _limits([value for value, _ in values.values()], limits)
    _scale_key(paper, limits, tone, sorted({s for _, s in values.values()} - {""}))
    shapes, known = outlines(outline_file), {"EU": EU27} | {k: tuple(v) for k, v in (groups or {}).items()}
    fills: dict[str, tuple[str, str, str]] = {}
    missing: list[str] = []
    for code, (value, sure) in sorted(values.items(), key=lambda kv: kv[0] not in known):
        members = [m for m in known.get(code, (code,)) if m in shapes and (m == code or m not in values)]
        fill = (f"f-{tone} {_SHADES[_class(value, limits)]}".strip(), sure, f"{code}: {spell(value)}")
        fills |= dict.fromkeys(members, fill)
        if not members:
            missing.append(f"{code} {spell(value)}")
    if missing:
        paper.notes.append(paper.word("not_drawn", list=", ".join(missing)))
    _world(paper, shapes, fills)
    return paper.finish()


def _limits(values: list[float], wanted: Sequence[float]) -> list[float]:
    """Limits of at most five shades that cover `values`."""
    if wanted:
        given = [float(v) for v in wanted]
        if not 3 <= len(given) <= 6 or any(not a < b for a, b in pairwise(given)):
            raise BadValue(
                f"limits {given}", place="map", remedy="give three to six values, each larger than the one before"
            )
        return given
    low, high = min(values), max(values)
    if low >= 0 and high > 4 * sorted(values)[len(values) // 2]:
        top = nice_ticks(0.0, high, 2)[-1]
        return [0.0, 0.01 * top, 0.05 * top, 0.2 * top, 0.5 * top, top]
    ticks = nice_ticks(min(low, 0.0), high, 4)
    return ticks if len(ticks) <= 6 else [*ticks[:5], ticks[-1]]


def _class(value: float, limits: list[float]) -> int:
    """Index of the shade of `value`."""
    return min(sum(value >= limit for limit in limits[1:-1]), len(_SHADES) - 1)


def _coordinates(row: Mapping[str, Any], place: str) -> tuple[float, float] | None:
    latitude, longitude = number(row, "lat", place), number(row, "lon", place)
    if math.isnan(latitude) or math.isnan(longitude):
        return None
    if abs(latitude) > 90 or abs(longitude) > 180:
        remedy = "latitude is -90 to 90, longitude -180 to 180, degrees"
        raise BadValue(
            f"no place on Earth at latitude {latitude:g}, longitude {longitude:g}", place=place, remedy=remedy
        )
    return longitude, latitude


def _size(row: Mapping[str, Any], place: str) -> float:
    value = number(row, "value", place)
    if value < 0:
        raise BadValue(
            f"a value of {value:g} has no area",
            place=place,
            remedy="marks show values of 0 or more; use bars for signed ones",
        )
    return 0.0 if math.isnan(value) else value


def _plant(
    row: Mapping[str, Any], place: str, at: tuple[float, float], sheet: Sheet, largest: float, reach: float
) -> _Plant:
    value = _size(row, place)
    x, y = sheet(*at)
    return _Plant(
        clean(row["name"]),
        clean(row.get("stage") or ""),
        x,
        y,
        max(2.2, reach * math.sqrt(value / largest)),
        value,
        status(row),
    )


def _world(
    paper: Paper, shapes: Mapping[str, Sequence[Ring]], fills: Mapping[str, tuple[str, str, str]], rim: float = 0.0
) -> Sheet:
    """Draw the land `rim` px inside the margins, the filled countries over it, and move below the map."""
    half = equal_earth(180, 0)[0]
    scale = (paper.right - paper.left - 2 * rim) / (2 * half)
    top = paper.y + 6
    deep = (equal_earth(0, _NORTH)[1] - equal_earth(0, _SOUTH)[1]) * scale
    sheet = Sheet(Box(paper.left, top, paper.right, top + deep), scale)
    plain = "".join(_outline(rings, sheet) for code, rings in shapes.items() if code not in fills)
    paper.path(plain, "f-land s-coast", extra=' style="stroke-width:.5px"')
    for code, (fill, sure, hint) in sorted(fills.items()):
        d = _outline(shapes[code], sheet)
        if d:
            # Land below, so that a light shade keeps its ground.
            paper.path(d, "f-land s-coast", extra=' style="stroke-width:.5px"')
            paper.path(d, fill, "" if sure else hint)
            if sure:
                # Lines over the shade: what is assumed still says how much it is.
                dark = fill.partition(" ")[2] in _SHADES[3:]
                paper.path(d, "s-soft hair", hint, paper.hatch("surface" if dark else "soft", over=True))
    paper.y = top + deep + 10
    return sheet


def _outline(rings: Sequence[Ring], sheet: Sheet) -> str:
    """Path of a country; points nearer than `_FINEST` px are left out, islands smaller than that too."""
    parts: list[str] = []
    for ring in rings:
        if all(latitude < _SOUTH for latitude in ring[1::2]):
            continue
        # Tenths of a px, so that the steps between them add up.
        kept: list[tuple[int, int]] = []
        for longitude, latitude in zip(ring[::2], ring[1::2], strict=True):
            x, y = (round(10 * value) for value in sheet(longitude, latitude))
            if not kept or abs(x - kept[-1][0]) + abs(y - kept[-1][1]) > 10 * _FINEST:
                kept.append((x, y))
        if len(kept) > 2:
            first = f"M{px(kept[0][0] / 10)} {px(kept[0][1] / 10)}l"
            steps = (end - start for a, b in pairwise(kept) for start, end in zip(a, b, strict=True))
            parts.append(first + _tight(steps) + "Z")
    return "".join(parts)


def _tight(tenths: Iterable[int]) -> str:
    """Numbers, given in tenths, as short as a path may have them: ``1.2-.3 0``."""
    words: list[str] = []
    for value in tenths:
        whole, rest = divmod(abs(value), 10)
        digits = f"{whole or ''}.{rest}" if rest else str(whole)
        words.append(f"-{digits}" if value < 0 else f" {digits}" if words else digits)
    return "".join(words)


def _scale_key(paper: Paper, limits: list[float], tone: str, sure: list[str]) -> None:
    """The legend of shades: steps wide enough to read, their limits below."""
    cells = len(limits) - 1
    wide = min(64.0, (paper.right - paper.left - 30) / cells)
    y = paper.y + 8
    edge = -1e9
    for index, limit in enumerate(limits):
        x = paper.left + 2 + wide * index
        if index < cells:
            box = Box(x, y, x + wide - 2, y + 14)
            paper.rect(box, "f-land")
            paper.rect(box, f"f-{tone} {_SHADES[min(index, len(_SHADES) - 1)]}".strip())
        words = spell(limit)
        half = measure(words, "tick") / 2
        middle = max(x - 1, paper.left + half)
        if middle - half > edge:
            paper.text(words, middle, y + 28, "tick", "middle")
            edge = middle + half + 6
    paper.y = y + 30
    land = Key(paper.word("no_data"), "fill", "land")
    paper.legend([land, *(Key(paper.word(word), "hatch", tone) for word in sure)])


def _sizes(paper: Paper, largest: float, reach: float) -> None:
    """Three circles with their values: how to read the area."""
    x, y = paper.left + reach, paper.y + reach
    for share in (1.0, 0.25, 0.04):
        # A round value near the share, and the circle that it has.
        value = float(f"{largest * share:.1g}")
        value = value if value <= largest else float(f"{largest * share * 0.6:.1g}")
        radius = max(1.0, reach * math.sqrt(value / largest)) if largest else 1.0
        words = spell(value)
        paper.mark("circle", x, y, radius, "grey")
        paper.text(words, x + radius + 5, y + SIZES["tick"] * 0.33, "tick")
        x += radius + 5 + measure(words, "tick") + 18 + reach * math.sqrt(share)
    paper.y = y + reach + 6


def _names(paper: Paper, plants: list[_Plant], most: int, sea: Box) -> None:
    """Name the largest where a free spot lies beside them; say how many bear none."""
    for p in plants[:most]:
        paper.reserve(Box(p.x - p.radius, p.y - p.radius, p.x + p.radius, p.y + p.radius))
    named = 0
    size = SIZES["label"]
    for p in plants[:most]:
        gap, middle = p.radius + 4, p.y + size * 0.33
        spots = [
            (p.x + gap, middle, "start"),
            (p.x - gap, middle, "end"),
            (p.x, p.y - gap, "middle"),
            (p.x, p.y + gap + size * 0.8, "middle"),
        ]
        spots += [(p.x + gap * 0.7, p.y - gap * 0.8, "start"), (p.x + gap * 0.7, p.y + gap * 0.8 + size * 0.7, "start")]
        named += paper.place(p.name, spots, "label", within=Box(paper.left, sea.top, paper.right, sea.bottom))
    if named < len(plants):
        paper.notes.append(paper.word("unlabelled", n=len(plants) - named))
