"""Home to the report: findings with their figures, data and sources as one self-contained HTML page.

The page needs no script and asks no other host (its content policy forbids it); it reads on a phone and on a wall, in
light, dark and print. What it says is put together elsewhere; this is the frame.
"""

from __future__ import annotations

import math
import os
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from ytterby.figures.letters import clean
from ytterby.figures.palette import STYLE
from ytterby.figures.scales import spell
from ytterby.terms.errors import BadValue, StoreError, UnknownName

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

Cell = str | int | float | None
"""What a table cell holds; numbers are spelled with spaces between thousands, so write years and codes as text."""

_WORDS = {
    "en": {
        "run": "Run",
        "contents": "Findings",
        "data": "Data and sources",
        "sources": "Sources",
        "joint": "; ",
        "assumed": "assumed",
        "assumptions": "What is assumed",
        "assumptions_lead": "These inputs are not measured: nobody published them, or we could not check.",
        "method": "Method",
        "up": "Back to the top",
        "link": "Link to this finding",
    },
    "zh": {
        "run": "运行",
        "contents": "结论",
        "data": "数据与来源",
        "sources": "来源",
        "joint": "；",
        "assumed": "假设",
        "assumptions": "假设",
        "assumptions_lead": "以下输入并非实测：无人公布，或无法核实。",
        "method": "方法",
        "up": "回到顶部",
        "link": "本结论的链接",
    },
}


@dataclass(frozen=True)
class KeyFigure:
    """One number of the strip under the headline."""

    label: str
    value: Cell
    unit: str = ""
    note: str = ""
    """Its range or basis, e.g. ``5-95 %: 31-96``."""
    assumed: bool = False


@dataclass(frozen=True)
class Table:
    """Rows under a figure, each as long as `head`; `assumed` holds the indices (from 0) of rows that are assumed.

    Raises:
        BadValue: a row of another length, or an index beyond the rows.
    """

    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    caption: str = ""
    assumed: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        for index, row in enumerate(self.rows):
            if len(row) != len(self.head):
                cause = f"{len(row)} cells under {len(self.head)} columns"
                raise BadValue(
                    cause, place=f"table row {index + 1}", remedy="give one cell for each column, None for an empty one"
                )
        beyond = sorted(i for i in self.assumed if not 0 <= i < len(self.rows))
        if beyond:
            raise BadValue(
                f"row {beyond[0]} is marked as assumed",
                place="table",
                remedy=f"rows count from 0 to {len(self.rows) - 1}",
            )

    def numeric(self, column: int) -> bool:
        """Whether the cells of `column` are numbers, and so stand flush right."""
        cells = [row[column] for row in self.rows if row[column] is not None]
        return bool(cells) and all(isinstance(c, (int, float)) and not isinstance(c, bool) for c in cells)

    def prose(self, column: int) -> bool:
        """Whether the cells of `column` hold sentences, which need room to stand in."""
        return any(isinstance(row[column], str) and len(str(row[column])) > 36 for row in self.rows)


@dataclass(frozen=True)
class Source:
    """Where something was read."""

    title: str
    publisher: str = ""
    date: str = ""
    address: str = ""
    """http or https; the reader may follow it, the page never does."""
    assumed: bool = False
    """True for figures from memory or of grade C."""

    def __post_init__(self) -> None:
        if self.address and not self.address.lower().startswith(("https://", "http://")):
            raise BadValue(
                f"the address {self.address!r:.60} is none",
                place=f"source '{self.title}'",
                remedy="write https://... or nothing",
            )


@dataclass(frozen=True)
class Section:
    """One finding: its title says it, the figure shows it, the table holds the numbers."""

    title: str
    lead: str = ""
    figure: str = ""
    """SVG text from `ytterby.figures`."""
    narrow: str = ""
    """The same figure laid out for a phone (about 360 px); without it the wide one scrolls."""
    table: Table | None = None
    sources: Sequence[str] = ()
    note: str = ""
    mark: str = ""
    """Words of a chip before the note: what of the whole section is assumed."""
    warnings: Sequence[str] = ()
    """Sentences a reader must not miss, above the figure."""
    anchor: str = ""
    """Id in the page; by default ``s1``, ``s2`` ..."""


@dataclass(frozen=True)
class Report:
    """All a page says, as plain data; see `write`."""

    headline: str
    standfirst: str
    run: str
    """Id of the run it reports."""
    created: str
    """When, ISO."""
    language: str = "en"
    figures: Sequence[KeyFigure] = ()
    sections: Sequence[Section] = ()
    sources: Sequence[Source] = ()
    assumptions: Table | None = None
    method: Sequence[str] = ()
    """Paragraphs: model, data, limits."""

    def __post_init__(self) -> None:
        if not self.headline.strip():
            raise BadValue("a report without a headline", place="report", remedy="write the finding as its headline")
        if self.language not in _WORDS:
            raise UnknownName(self.language, _WORDS, "language of a report", place="report")
        if isinstance(self.method, str):
            raise BadValue("the method is one text", place="report", remedy='write it as ("first paragraph", ...)')
        anchors = [s.anchor or f"s{i}" for i, s in enumerate(self.sections, start=1)]
        taken = {"top", "assumptions", "method", "sources"}
        for anchor in anchors:
            if anchor in taken or not anchor.replace("-", "").isalnum():
                remedy = (
                    "use letters, digits and hyphens, each name once; top, assumptions, method and sources are taken"
                )
                raise BadValue(f"the anchor '{anchor}' cannot be used", place="report", remedy=remedy)
            taken.add(anchor)


def page(report: Report) -> str:
    """`report` as HTML text.

    Raises:
        BadValue: a figure that is not an SVG text of ours.
    """
    return (
        _environment()
        .get_template("page.html")
        .render(report=report, say=_WORDS[report.language], figure_style=STYLE, style=_text("page.css"))
    )


def write(report: Report, path: str | Path) -> Path:
    """Write `report` to `path` as one HTML file, whole or not at all; the folder is made if need be.

    Raises:
        BadValue: a figure that is not an SVG text of ours.
        StoreError: the file cannot be written.
    """
    text, target = page(report), Path(path)
    spare = ""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=target.parent, suffix=".part", delete=False
        ) as file:
            spare = file.name
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(spare, target)
    except OSError as error:
        if spare:
            Path(spare).unlink(missing_ok=True)
        remedy = "check that the folder exists, may be written and has space, or choose another path"
        raise StoreError(
            f"the report cannot be written ({error.strerror or error})", place=str(target), remedy=remedy
        ) from error
    return target


@lru_cache(maxsize=2)
def _text(name: str) -> str:
    return files("ytterby").joinpath(f"data/report/{name}").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(loader=FunctionLoader(_text), autoescape=True, undefined=StrictUndefined)
    environment.filters |= {"drawn": _drawn, "spelled": _spelled}
    return environment


def _drawn(svg: str) -> Markup:
    """A figure ready for the page: checked, and without the style sheet that the page holds once."""
    from markupsafe import Markup

    place, remedy = "figure of a section", "give the text that a function of ytterby.figures returned"
    if not svg.startswith('<svg class="yt-fig"'):
        raise BadValue("not a figure of ours", place=place, remedy=remedy)
    try:
        tags = {element.tag.rpartition("}")[2] for element in ET.fromstring(svg).iter()}
    except ET.ParseError as error:
        raise BadValue(f"the figure is not well-formed ({error})", place=place, remedy=remedy) from error
    if tags - {"svg", "title", "desc", "style", "defs", "pattern", "rect", "path", "text"}:
        raise BadValue("the figure holds more than marks and text", place=place, remedy=remedy)
    return Markup(svg.replace(f"<style>{STYLE}</style>", ""))  # nosec: only our own figures pass the checks above


def _spelled(cell: Cell) -> str:
    """A cell as text: numbers spelled, nothing as a dash."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return "–"
    if isinstance(cell, bool) or not isinstance(cell, (int, float)):
        return clean(cell)
    return spell(float(cell))
