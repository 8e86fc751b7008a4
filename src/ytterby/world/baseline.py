"""Home to the tables of the world: what stands in `data/world`, line by line, with its place for every error.

A table is a CSV with a header; a cell that stands for a number holds a plain number, a parameter name or a sum of
them (see `parameters`). `docs/data.md` describes every column. A project's overlay uses the same columns.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files

from ytterby.terms.errors import BadValue, UnknownName
from ytterby.world.parameters import Value

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "affinity": ("row", "CN", "US", "DE", "EU", "JP", "KR", "VN", "IN", "ZZ", "why"),
    "assumptions": ("parameter", "value", "low", "high", "unit", "why", "confidence", "known"),
    "classes": ("class", "grade", "weight", "name", "name_zh", "why"),
    "demand": ("product", "region", "year", "units_per_year", "why"),
    "designs": ("product", "design", "share", "share_max", "switch_days", "material", "kg_per_unit", "why"),
    "excluded": ("id", "why"),
    "facilities": (
        *("id", "name", "name_zh", "stage", "country", "process", "basket", "capacity", "basis", "start", "full"),
        *("dates", "known", "lat", "lon", "tech", "invests", "note"),
    ),
    "feeds": ("supplier", "separator", "share", "drive", "why"),
    "links": ("material", "buyer", "region", "supplier", "share", "kind", "why"),
    "paths": ("path", "kind", "year", "value", "why"),
    "prices": ("material", "china", "world", "why"),
    "products": (
        *("id", "name", "name_zh", "unit", "demand", "demand_in", "spread", "split", "cover", "qualify", "elasticity"),
        *("magnet", "military", "life_years", "collect", "tilt", "path"),
    ),
    "recipes": ("recipe", "process", "direction", "material", "coef", "drive", "yield_by", "note"),
    "regions": ("code", "name", "name_zh", "zone", "members", "use", "auto_stock", "note"),
    "routes": ("from", "to", "lead"),
    "separations": ("process", "light", "heavy", "heavy_as", "yield_by", "note"),
    "totals": ("id", "element", "stage", "value", "unit", "why"),
    "stages": (
        *("stage", "in_cover", "in_cover_abroad", "out_cover", "adjust", "lead", "qualify", "build", "ramp", "margin"),
        "note",
    ),
}
"""Columns of each table, in order."""


@dataclass(frozen=True)
class Line:
    """One line of a table: cells by column, and where it stands."""

    cells: Mapping[str, str]
    file: str
    number: int

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def place(self, column: str = "") -> str:
        """Where a cell stands, for errors."""
        return f"{self.file} line {self.number}" + (f", column {column}" if column else "")

    def day(self, column: str) -> date | None:
        """A date cell; None when empty. Raises BadValue for text that is no ISO date."""
        text = self[column]
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise BadValue(
                f"'{text[:40]}' is not a date", place=self.place(column), remedy="write it as 2026-03-15"
            ) from error

    def plain(self, column: str, default: float = math.nan) -> float:
        """A cell that must be a plain number; `default` when empty. Raises BadValue for text."""
        text = self[column]
        if not text:
            return default
        try:
            number = float(text)
        except ValueError as error:
            raise BadValue(
                f"'{text[:40]}' is not a number", place=self.place(column), remedy="write a plain number such as 0.35"
            ) from error
        if not math.isfinite(number):
            raise BadValue(f"{text} is not finite", place=self.place(column), remedy="write a plain number")
        return number


@dataclass(frozen=True)
class Tables:
    """All tables of the world."""

    tables: Mapping[str, tuple[Line, ...]]

    def __getitem__(self, name: str) -> tuple[Line, ...]:
        return self.tables[name]

    def having(self, **changed: tuple[Line, ...]) -> Tables:
        """A copy with some tables replaced."""
        return replace(self, tables={**self.tables, **changed})


def lines(text: str, table: str, file: str) -> tuple[Line, ...]:
    """Lines of a CSV text.

    Raises BadValue for a missing column or a line with too many cells, UnknownName for a column nobody reads.
    """
    reader = csv.reader(text.splitlines())
    header = [cell.strip() for cell in next(reader, [])]
    columns = COLUMNS[table]
    for position, column in enumerate(header):
        if column not in columns:
            raise UnknownName(column, columns, what="column", place=f"{file} line 1, column {position + 1}")
    missing = [column for column in columns if column not in header and column not in OPTIONAL]
    if missing:
        raise BadValue(
            f"column {missing[0]} is missing",
            place=f"{file} line 1",
            remedy=f"the header must read {','.join(columns)}",
        )
    return tuple(_lines(reader, header, file))


OPTIONAL = frozenset(
    (
        *(
            "why",
            "note",
            "name",
            "name_zh",
            "lat",
            "lon",
            "tech",
            "invests",
            "known",
            "dates",
            "start",
            "full",
            "basket",
        ),
        *("yield_by", "drive", "confidence", "low", "high", "unit", "kind", "region", "stage", "country", "process"),
        *("basis", "capacity"),
    )
)
"""Columns that may be left out of an overlay's table."""


def _lines(reader: Iterator[list[str]], header: list[str], file: str) -> Iterator[Line]:
    for number, cells in enumerate(reader, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header):
            raise BadValue(
                f"{len(cells)} cells under {len(header)} columns",
                place=f"{file} line {number}",
                remedy="put cells that hold a comma in double quotes",
            )
        padded = [*cells, *[""] * (len(header) - len(cells))]
        yield Line({column: cell.strip() for column, cell in zip(header, padded, strict=True)}, file, number)


def load() -> Tables:
    """The tables that come with the package."""
    folder = files("ytterby").joinpath("data", "world")
    return Tables(
        {
            name: lines(folder.joinpath(f"{name}.csv").read_text(encoding="utf-8"), name, f"{name}.csv")
            for name in COLUMNS
        }
    )


def overruling(tables: Tables) -> frozenset[str]:
    """Parameters a project's overlay states itself: they count before any claim."""
    return frozenset(line["parameter"] for line in tables["assumptions"] if line.file.startswith("overlay/"))


def assumptions(tables: Tables, known: date) -> dict[str, Value]:
    """Our own rows as values, those known by the day `known`; all are marked as assumed.

    Raises BadValue for a number that is none or a range that does not hold its value.
    """
    found: dict[str, Value] = {}
    for line in tables["assumptions"]:
        since = line.day("known")
        if since is not None and since > known:
            continue
        value = line.plain("value")
        low, high = line.plain("low", value), line.plain("high", value)
        if math.isnan(value):
            raise BadValue("no value", place=line.place("value"), remedy="write a number")
        if not low <= value <= high:
            raise BadValue(
                f"{value:g} is not between low {low:g} and high {high:g}",
                place=line.place("low" if low > value else "high"),
                remedy="give low <= value <= high",
            )
        kind = "point" if low == high else "beta" if line["unit"] == "share" and high < 1 else "lognormal"
        name = line["parameter"]
        found[name] = Value(name, value, low, high, line["unit"], kind, assumed=True)
    return found
