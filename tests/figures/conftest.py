"""Home to the reader of drawings: what an SVG text holds, read back from its letters alone."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from ytterby.figures.letters import ASCENT, DESCENT, SIZES, measure

SVG = "{http://www.w3.org/2000/svg}"
_TOKEN = re.compile(r"[MLlHVCAaZ]|-?(?:\d+(?:\.\d+)?|\.\d+)(?:e-?\d+)?")


@dataclass(frozen=True)
class Text:
    words: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Drawing:
    root: ET.Element
    width: float
    height: float
    points: list[tuple[float, float]]
    texts: list[Text]

    def outside(self, slack: float = 0.6) -> list[object]:
        """Points and texts that leave the sheet."""
        lost: list[object] = [
            p
            for p in self.points
            if not (-slack <= p[0] <= self.width + slack and -slack <= p[1] <= self.height + slack)
        ]
        lost += [
            t
            for t in self.texts
            if t.left < -slack or t.right > self.width + slack or t.top < -slack or t.bottom > self.height + slack
        ]
        return lost

    def overlaps(self, slack: float = 0.3) -> list[tuple[str, str]]:
        """Pairs of texts whose boxes share ground."""
        found = []
        for i, a in enumerate(self.texts):
            for b in self.texts[i + 1 :]:
                wide = min(a.right, b.right) - max(a.left, b.left)
                tall = min(a.bottom, b.bottom) - max(a.top, b.top)
                if wide > slack and tall > slack:
                    found.append((a.words, b.words))
        return found

    def words(self) -> str:
        return "\n".join(text.words for text in self.texts)


def _path_points(d: str) -> list[tuple[float, float]]:
    """All points a path names, its control points too: the hull of what it inks."""
    tokens = _TOKEN.findall(d)
    points: list[tuple[float, float]] = []
    at, verb, i = (0.0, 0.0), "", 0
    while i < len(tokens):
        if tokens[i].isalpha():
            verb = tokens[i]
            i += 1
        if verb == "Z":
            continue
        if verb in "HV":
            value = float(tokens[i])
            at = (value, at[1]) if verb == "H" else (at[0], value)
            i += 1
        elif verb == "a":
            radius, dx, dy = float(tokens[i]), float(tokens[i + 5]), float(tokens[i + 6])
            middle = (at[0] + dx / 2, at[1] + dy / 2)
            points += [(middle[0], middle[1] - radius), (middle[0], middle[1] + radius)]
            at = (at[0] + dx, at[1] + dy)
            i += 7
        else:
            x, y = float(tokens[i]), float(tokens[i + 1])
            at = (at[0] + x, at[1] + y) if verb == "l" else (x, y)
            i += 2
        points.append(at)
    return points


def _text(element: ET.Element) -> Text:
    kind = next(mark[2:] for mark in element.get("class", "").split() if mark.startswith("t-"))
    words = element.text or ""
    x, y, width = float(element.get("x", "0")), float(element.get("y", "0")), measure(words, kind)
    left = x - {"start": 0.0, "middle": width / 2, "end": width}[element.get("text-anchor", "start")]
    return Text(words, left, y - ASCENT * SIZES[kind], left + width, y + DESCENT * SIZES[kind])


def read(svg: str) -> Drawing:
    root = ET.fromstring(svg)
    assert root.tag == SVG + "svg"
    left, top, width, height = map(float, root.get("viewBox", "").split())
    assert (left, top) == (0, 0)
    patterns = {child for pattern in root.iter(SVG + "pattern") for child in pattern.iter()}
    points = [p for e in root.iter(SVG + "path") if e not in patterns for p in _path_points(e.get("d", ""))]
    return Drawing(root, width, height, points, [_text(e) for e in root.iter(SVG + "text")])


@pytest.fixture(scope="session")
def drawing() -> Callable[[str], Drawing]:
    return read
