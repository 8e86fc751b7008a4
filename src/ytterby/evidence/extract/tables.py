"""Home to rows of tables: figures under headed columns, whose heading tells what they count.

A row's first cell names whose figures they are, the row of headings gives each column its year; the words over the
table (its heading, or the sentence before it) say what is counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ytterby.evidence.claims import Kind
from ytterby.evidence.extract import cues as cue_words
from ytterby.evidence.extract import naming
from ytterby.evidence.extract.actors import ACTING, subject_name
from ytterby.evidence.extract.topic import Found, Topic
from ytterby.evidence.grammar import quantities, times
from ytterby.evidence.names import find

_BAR = re.compile(r"\s*[|\t]\s*")
_THEMES: tuple[tuple[str, Kind], ...] = (
    ("quota", "quota"),
    ("capacity", "capacity"),
    ("reserve", "reserve"),
    ("export", "trade_volume"),
    ("import", "trade_volume"),
    ("price", "price"),
    ("demand", "demand"),
    ("share", "share"),
    ("production", "production"),
)
_FITS = {"percent": ("share",), "price": ("price",)}


@dataclass(frozen=True, slots=True)
class Columns:
    """The headings of a table, and what the words over it say is counted."""

    periods: tuple[str, ...]
    titles: tuple[str, ...]
    over: str


def headings(text: str, over: str, today: date | None, lang: str) -> Columns | None:
    """The columns a row of headings names; None where the row is none (it holds figures with units)."""
    cells = _cells(text)
    if len(cells) < 2 or any(
        one.dimension != "other" and one.unit not in ("", "count") for one in quantities(text, lang)
    ):
        return None
    periods = []
    for start, end in cells:
        found = times(text[start:end], today, lang)
        bare = re.fullmatch(r"(?:19|20)\d\d", text[start:end].strip())
        periods.append(bare[0] if bare else (found[0].period if found else ""))
    return Columns(tuple(periods), tuple(text[start:end].strip() for start, end in cells), over)


def row(text: str, columns: Columns, topic: Topic, lang: str) -> Iterator[Found]:
    """The figures of one row."""
    cells = _cells(text)
    names = find(text)
    first = cells[0] if cells else (0, 0)
    who = next((one.entity for one in names if one.start < first[1] and one.entity.kind in ACTING), None)
    thing = next((one.entity for one in find(columns.over) if one.entity.kind == "material"), topic.material)
    thing = next((one.entity for one in names if one.entity.kind == "material"), thing)
    for quantity in quantities(text, lang):
        column = next((at for at, (start, end) in enumerate(cells) if start <= quantity.start < end), 0)
        if not column or column >= len(columns.periods):
            continue
        kind, what = _kind(f"{columns.over} {columns.titles[column]}", quantity.dimension)
        if kind is None or who is None:
            continue
        start = cells[0][0]
        yield Found(
            kind,
            start,
            quantity.end,
            value=quantity.value,
            low=quantity.low,
            high=quantity.high,
            unit=quantity.unit,
            comparator=quantity.comparator,
            subject=subject_name(who) if kind != "price" else "market",
            object=naming.material_words(thing),
            material=thing,
            place=who.place if kind != "share" else "WLD",
            period=columns.periods[column],
            theme=what,
            actor=who,
            basis=quantity.basis,
        )


def _kind(words: str, dimension: str) -> tuple[Kind | None, str]:
    tags = frozenset().union(*(cue.tags for cue in cue_words.find(words)))
    for tag, kind in _THEMES:
        if tag in tags and (dimension not in _FITS or tag in _FITS[dimension]):
            if dimension in ("mass", "mass_rate", "count", "other") and kind in ("share", "price"):
                continue
            return kind, tag
    return None, ""


def _cells(text: str) -> list[tuple[int, int]]:
    """Where the cells of a row stand."""
    found, at = [], 0
    for bar in _BAR.finditer(text):
        if bar.start() > at:
            found.append((at, bar.start()))
        at = bar.end()
    if at < len(text):
        found.append((at, len(text)))
    return found
