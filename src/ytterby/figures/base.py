"""Home to the contract of a figure: plain rows and a caption in, one SVG text out.

Every member of the family is one file with one function ``(rows, caption, *, width=720, ...) -> str`` where

- `rows` is a sequence of mappings with the keys named in the member's docstring; missing or NaN numbers are left out,
  wrong ones raise `BadValue` that names the row, and no rows at all give a figure that says so;
- `caption` says what was found, in what unit and on what basis, and from which sources;
- `width` is in px; 720 suits a desk, 360 a phone. Text keeps its size: narrow figures are laid out anew, not shrunk;
- the result is one ``<svg role="img">`` with ``<title>``, ``<desc>`` and its own ``<style>``, light and dark, without
  script or
  outside address, to be put into a page or saved as it is;
- rows with a true ``assumed`` or ``contested`` are drawn hatched or dashed and the legend says the word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ytterby.terms.errors import BadValue, UnknownName

Rows = Sequence[Mapping[str, Any]]
"""Plain rows, as `run.metrics` and the desk give them."""

NARROWEST, WIDEST = 280.0, 2400.0
"""Widths, px, between which a figure can be laid out."""


@dataclass(frozen=True)
class Caption:
    """What stands around a figure.

    Raises:
        BadValue: no title, or sources given as one text.
        UnknownName: a language other than ``en`` and ``zh``.
    """

    title: str
    """The finding, as a sentence."""
    basis: str = ""
    """Unit · date · basis, one line."""
    sources: Sequence[str] = ()
    """Short titles of the sources."""
    note: str = ""
    """What the reader must know to read it right."""
    language: str = "en"
    description: str = ""
    """For those who cannot see it; by default made from title and basis."""

    bare: bool = False
    """Whether the drawing leaves the title to the page around it; it stays in ``<title>``."""

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise BadValue("a figure without a title", place="caption", remedy="write the finding as its title")
        if isinstance(self.sources, str):
            raise BadValue("sources is one text", place="caption", remedy='write them as ("USGS MCS 2026", ...)')
        if self.language not in ("en", "zh"):
            raise UnknownName(self.language, ("en", "zh"), "language of a figure", place="caption")


def checked(rows: Rows, needed: tuple[str, ...], figure: str) -> list[tuple[Mapping[str, Any], str]]:
    """Each row with the words that name it in an error.

    Raises:
        BadValue: `rows` is not a sequence of mappings, or one lacks a key of `needed`.
    """
    if isinstance(rows, (str, bytes, Mapping)) or not isinstance(rows, Sequence):
        raise BadValue(
            f"rows are a {type(rows).__name__}", place=f"figure {figure}", remedy="give a list of mappings, one per row"
        )
    named: list[tuple[Mapping[str, Any], str]] = []
    for index, row in enumerate(rows, start=1):
        place = f"figure {figure}, row {index}"
        if not isinstance(row, Mapping):
            raise BadValue(
                f"a row is a {type(row).__name__}",
                place=place,
                remedy="give a mapping such as {'label': 'Nd', 'value': 1.0}",
            )
        missing = [key for key in needed if row.get(key) is None]
        if missing:
            raise BadValue(f"no '{missing[0]}'", place=place, remedy=f"needed keys: {', '.join(needed)}")
        named.append((row, place))
    return named


def status(row: Mapping[str, Any]) -> str:
    """``assumed``, ``contested`` or nothing: how sure a row is."""
    return "assumed" if row.get("assumed") else "contested" if row.get("contested") else ""
