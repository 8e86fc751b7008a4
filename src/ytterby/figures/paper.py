"""Home to the sheet a figure is drawn on: title, basis and legend above, note and sources below, marks between.

A `Paper` lives while one figure is drawn. It remembers the box of every text, so that a label can look for a free spot.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ytterby.figures.base import NARROWEST, WIDEST, Caption
from ytterby.figures.letters import ASCENT, DESCENT, SIZES, chinese, clean, cut, escape, measure, wrap
from ytterby.figures.palette import LIGHT_DARK, STYLE
from ytterby.figures.words import say
from ytterby.terms.errors import BadValue

MARGIN = 14.0
"""Free rim on all sides, px."""

_UID = "\ue000"
"""Stands for the figure's own id until its content is known; `clean` never lets it through from outside."""


@dataclass(frozen=True)
class Box:
    """A rectangle on the sheet, px, y downward."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box, gap: float = 0.0) -> bool:
        """Whether the two overlap, or come nearer than `gap`."""
        apart_x = self.right + gap <= other.left or other.right + gap <= self.left
        return not (apart_x or self.bottom + gap <= other.top or other.bottom + gap <= self.top)

    def holds(self, other: Box) -> bool:
        """Whether `other` lies wholly inside."""
        inside_x = self.left <= other.left and other.right <= self.right
        return inside_x and self.top <= other.top and other.bottom <= self.bottom


@dataclass(frozen=True)
class Key:
    """One entry of a legend: a mark and what it stands for."""

    text: str
    mark: str
    """``fill``, ``hatch``, ``band1``, ``band2``, ``line``, ``dash``, ``dots``, ``dot``, ``ring``, ``whisker``, a
    shape of `shape`, or ``none``.
    """
    tone: str = "nd"


def px(value: float) -> str:
    """A coordinate with at most one decimal."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def text_box(text: str, x: float, y: float, kind: str = "label", anchor: str = "start") -> Box:
    """The box that `text` fills with its baseline at (`x`, `y`)."""
    width, size = measure(text, kind), SIZES[kind]
    left = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
    return Box(left, y - ASCENT * size, left + width, y + DESCENT * size)


def shape(name: str, x: float, y: float, radius: float) -> str:
    """Path of a mark with the area of a circle of `radius`: circle, square, diamond, triangle or hexagon."""
    if name == "circle":
        r = px(radius)
        return f"M{px(x - radius)} {px(y)}a{r} {r} 0 1 0 {px(2 * radius)} 0a{r} {r} 0 1 0 {px(-2 * radius)} 0Z"
    corners, turn = {"square": (4, 0.5), "diamond": (4, 0.0), "triangle": (3, 0.0), "hexagon": (6, 0.0)}[name]
    reach = radius * math.sqrt(2 * math.pi / (corners * math.sin(2 * math.pi / corners)))
    angles = [2 * math.pi * (k + turn) / corners for k in range(corners)]
    points = [(x + reach * math.sin(angle), y - reach * math.cos(angle)) for angle in angles]
    return "M" + "L".join(f"{px(a)} {px(b)}" for a, b in points) + "Z"


class Paper:
    """The sheet while one figure is drawn: marks are added, `finish` gives the SVG text.

    Args:
        caption: what stands above and below the marks.
        width: px, from `NARROWEST` to `WIDEST`.
    """

    def __init__(self, caption: Caption, width: float) -> None:
        if not NARROWEST <= width <= WIDEST:
            remedy = f"choose {NARROWEST:g} (a phone) to {WIDEST:g} (a wall); a page is 720"
            raise BadValue(f"a figure {width:g} px wide", place="width", remedy=remedy)
        self.caption = caption
        self.width = float(width)
        self.left, self.right = MARGIN, self.width - MARGIN
        self.y = MARGIN
        self.parts: list[str] = []
        self.boxes: list[Box] = []
        self.notes: list[str] = [caption.note] if caption.note else []
        self._hatched: set[str] = set()
        for kind, words in (("title", "" if caption.bare else caption.title), ("basis", caption.basis)):
            self.paragraph(words, kind)
        self.y += 6

    @property
    def narrow(self) -> bool:
        """Whether to lay out for a phone."""
        return self.width < 520

    def word(self, key: str, **parts: object) -> str:
        """One of the figure's own words in its language."""
        return say(self.caption.language, key, **parts)

    def paragraph(self, words: str, kind: str, most: int = 6) -> None:
        """Set `words` over the full width at the current height and move below them."""
        size = SIZES[kind]
        for line in wrap(words, self.right - self.left, kind, most):
            self.y += size * 1.22
            self.text(line, self.left, self.y - DESCENT * size, kind)
        if words:
            self.y += size * 0.22

    def text(
        self,
        words: str,
        x: float,
        y: float,
        kind: str = "label",
        anchor: str = "start",
        *,
        halo: bool = False,
        tone: str = "",
    ) -> Box:
        """Write `words` with the baseline at (`x`, `y`) and return the box they fill."""
        words = clean(words)
        box = text_box(words, x, y, kind, anchor)
        if not words:
            return box
        marks = f"t-{kind}" + (" halo" if halo else "") + (f" f-{tone}" if tone else "")
        at = "" if anchor == "start" else f' text-anchor="{anchor}"'
        told = self._tongue(words)
        self.parts.append(f'<text class="{marks}" x="{px(x)}" y="{px(y)}"{at}{told}>{escape(words)}</text>')
        self.boxes.append(box)
        return box

    def _tongue(self, words: str) -> str:
        """The attribute that says a text is Chinese, in a figure that is not."""
        return "" if self.caption.language == "zh" or not chinese(words) else ' lang="zh"'

    def free(self, box: Box, within: Box | None = None, gap: float = 2.0) -> bool:
        """Whether `box` lies on the sheet (or `within`) and meets no text or reserved spot."""
        area = within or Box(self.left, 0, self.right, math.inf)
        return area.holds(box) and not any(box.meets(other, gap) for other in self.boxes)

    def place(
        self, words: str, spots: Iterable[tuple[float, float, str]], kind: str = "label", within: Box | None = None
    ) -> bool:
        """Write `words` with a halo at the first free spot (x, baseline, anchor); False if there is none."""
        words = clean(words)
        for x, y, anchor in spots:
            if self.free(text_box(words, x, y, kind, anchor), within):
                self.text(words, x, y, kind, anchor, halo=True)
                return True
        return False

    def reserve(self, box: Box) -> None:
        """Keep later labels out of `box`."""
        self.boxes.append(box)

    def path(self, d: str, marks: str, hint: str = "", extra: str = "") -> None:
        """A path with the style classes `marks`; `hint` shows on hover."""
        inside = f"><title{self._tongue(hint)}>{escape(hint)}</title></path>" if hint else "/>"
        self.parts.append(f'<path class="{marks}" d="{d}"{extra}{inside}')

    def line(self, points: Sequence[tuple[float, float]], marks: str, hint: str = "") -> None:
        """A line through `points`."""
        if len(points) > 1:
            self.path("M" + "L".join(f"{px(x)} {px(y)}" for x, y in points), marks, hint)

    def rect(self, box: Box, marks: str, hint: str = "", hatch: str = "") -> None:
        """A filled rectangle; with `hatch` (a tone) it is hatched instead."""
        d = f"M{px(box.left)} {px(box.top)}H{px(box.right)}V{px(box.bottom)}H{px(box.left)}Z"
        self.path(d, marks, hint, self.hatch(hatch) if hatch else "")

    def hatch(self, tone: str, *, over: bool = False) -> str:
        """Attribute that fills with the hatching of `tone`, the sign for what is assumed; `over` draws its lines only,
        so that what lies below shows.
        """
        name = f"{tone}-over" if over else tone
        self._hatched.add(name)
        return f' style="fill:url(#h{_UID}-{name})"'

    def mark(self, name: str, x: float, y: float, radius: float, tone: str, *, sure: str = "", hint: str = "") -> None:
        """A mark of the shape `name`; hatched and dashed when `sure` is ``assumed``, open when ``contested``."""
        d = shape(name, x, y, radius)
        if sure == "assumed":
            self.path(d, f"s-{tone} hair", hint, self.hatch(tone))
        elif sure == "contested":
            self.path(d, f"f-surface s-{tone} dash hair", hint)
        else:
            self.path(d, f"f-{tone} s-surface hair", hint)

    def legend(self, keys: Sequence[Key]) -> None:
        """Set the keys in rows that wrap, at the current height, and move below them."""
        if not keys:
            return
        size, x = SIZES["label"], self.left
        self.y += 16
        for key in keys:
            lead = 0 if key.mark == "none" else 22
            words = cut(clean(key.text), self.right - self.left - 24)
            need = lead + measure(words)
            if x > self.left and x + need > self.right:
                x, self.y = self.left, self.y + 18
            if lead:
                self._sample(key, x, self.y - size * 0.34)
            self.text(words, x + lead, self.y)
            x += need + 16
        self.y += 8

    def _sample(self, key: Key, x: float, y: float) -> None:
        tone, middle = key.tone, x + 8
        if key.mark in ("line", "dash", "dots"):
            self.line([(x, y), (x + 16, y)], f"line s-{tone} {key.mark}")
        elif key.mark in ("band1", "band2"):
            self.rect(Box(x, y - 5, x + 16, y + 5), f"f-{tone} " + ("o1" if key.mark == "band1" else "o2"))
        elif key.mark == "fill":
            self.rect(Box(x + 2, y - 5, x + 14, y + 5), f"f-{tone}")
        elif key.mark == "hatch":
            self.rect(Box(x + 1, y - 5, x + 15, y + 5), f"s-{tone} hair", hatch=tone)
        elif key.mark == "dot":
            self.mark("circle", middle, y, 3.6, tone)
        elif key.mark == "ring":
            self.path(shape("circle", middle, y, 3.6), f"f-surface s-{tone} line")
        elif key.mark == "whisker":
            self.line([(x, y), (x + 16, y)], f"line s-{tone}")
            self.mark("circle", middle, y, 3.6, tone)
        else:
            self.mark(key.mark, middle, y, 5, tone)

    def nothing(self) -> str:
        """The figure that says there is no data."""
        self.y += 34
        self.text(self.word("empty"), self.width / 2, self.y, "label", "middle")
        self.y += 26
        return self.finish()

    def finish(self) -> str:
        """Note and sources below the marks, then the SVG text."""
        for note in self.notes:
            self.paragraph(note, "note")
        if self.caption.sources:
            self.y += 4
            self.paragraph(self._sources(), "note", most=3)
        height = math.ceil(self.y + MARGIN * 0.6)
        body = "".join(self.parts)
        title = escape(self.caption.title)
        told = " · ".join(part for part in map(clean, (self.caption.basis, *self.notes)) if part)
        about = escape(self.caption.description) or escape(told) or title
        uid = hashlib.sha256((title + about + body).encode()).hexdigest()[:10]
        svg = (
            f'<svg class="yt-fig" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {px(self.width)} {height}" '
            f'width="{px(self.width)}" height="{height}" role="img" lang="{self.caption.language}" '
            f'aria-labelledby="t{_UID} d{_UID}"><title id="t{_UID}">{title}</title><desc id="d{_UID}">{about}</desc>'
            f"<style>{STYLE}</style>{self._patterns()}"
            f'<rect class="f-surface" width="{px(self.width)}" height="{height}"/>{body}</svg>'
        )
        return svg.replace(_UID, uid)

    def _sources(self) -> str:
        """As many sources as fit in three lines, and how many more there are."""
        names = [clean(name) for name in self.caption.sources]
        joint = "、" if self.caption.language == "zh" else ", "
        for kept in range(len(names), 0, -1):
            rest = [self.word("more", n=len(names) - kept)] if kept < len(names) else []
            line = self.word("sources", list=joint.join([*names[:kept], *rest]))
            if kept == 1 or len(wrap(line, self.right - self.left, "note")) <= 3:
                return line
        return ""

    def _patterns(self) -> str:
        made = [
            f'<pattern id="h{_UID}-{name}" width="6" height="6" patternUnits="userSpaceOnUse" '
            f'patternTransform="rotate(45)">{ground}<rect class="f-{tone} o4" width="2.2" height="6"/></pattern>'
            for tone in LIGHT_DARK
            for name, ground in (
                (
                    tone,
                    f'<rect class="f-surface" width="6" height="6"/><rect class="f-{tone} o1" width="6" height="6"/>',
                ),
                (f"{tone}-over", ""),
            )
            if name in self._hatched
        ]
        return f"<defs>{''.join(made)}</defs>" if made else ""
