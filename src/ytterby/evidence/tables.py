"""Home to reading tables of figures: what the columns mean and a reader that names file, line and column of a fault.

`data/baseline/tables.yaml` says of every column its type and meaning. Types: ``text``, ``label`` (a period as written),
``number``, ``int``, ``flag`` (0, 1 or blank), ``day`` (ISO date), ``iso`` (a place), ``unit``, ``access``, ``grade``,
``range``. A blank cell is "not found" and reads as None (text: "").
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import get_args

import yaml

from ytterby.evidence.claims import Access, Confidence, Spread
from ytterby.terms.errors import BadValue, UnknownName, shown

Cell = str | float | bool | date | None

CHOICES: dict[str, tuple[str, ...]] = {
    "access": get_args(Access),
    "grade": get_args(Confidence),
    "range": get_args(Spread),
}
"""Type of a column whose cells are one of a few words -> the words."""
_PLAIN = ("text", "label")


@dataclass(frozen=True)
class Column:
    """One column: its name, type and meaning."""

    name: str
    type: str
    description: str


@dataclass(frozen=True)
class Table:
    """One table: its name, what a row is, its columns and those that may not be missing."""

    name: str
    about: str
    columns: tuple[Column, ...]
    required: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One row, read and typed; `place` says where it stands."""

    table: str
    file: str
    line: int
    cells: Mapping[str, Cell]

    def place(self, column: str = "") -> str:
        """File, line and column, for errors."""
        return f"{self.file} line {self.line}" + (f", column {column}" if column else "")

    def text(self, column: str) -> str:
        """A text cell, "" where it is blank or the column is left out."""
        cell = self.cells.get(column)
        return "" if cell is None else str(cell)

    def number(self, column: str) -> float | None:
        """A number, None where it is blank."""
        cell = self.cells.get(column)
        return float(cell) if isinstance(cell, (int, float)) else None

    def year(self, column: str) -> int | None:
        """A whole number, None where it is blank."""
        cell = self.number(column)
        return None if cell is None else int(cell)

    def flag(self, column: str) -> bool:
        """True where the cell holds 1."""
        return self.cells.get(column) is True

    def day(self, column: str) -> date | None:
        """A date, None where it is blank."""
        cell = self.cells.get(column)
        return cell if isinstance(cell, date) else None


@cache
def schema() -> dict[str, Table]:
    """The tables of the baseline by name, and ``overlay``, the claims a project may add."""
    text = files("ytterby").joinpath("data", "baseline", "tables.yaml").read_text(encoding="utf-8")
    told = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    columns = {name: Column(name, said["type"], said["description"]) for name, said in told["columns"].items()}
    tables = {**told["tables"], "overlay": told["overlay"]}
    return {
        name: Table(
            name,
            said["about"],
            tuple(columns[column] for column in said["columns"]),
            tuple(said.get("required", said["columns"])),
        )
        for name, said in tables.items()
    }


def read_package(name: str) -> list[Row]:
    """Rows of a baseline table that comes with the package."""
    text = files("ytterby").joinpath("data", "baseline", f"{name}.csv").read_text(encoding="utf-8")
    return list(parse(text, schema()[name], f"{name}.csv"))


def read_file(path: Path, table: Table, shown_as: str = "") -> list[Row]:
    """Rows of a file on disk; raises `BadValue` or `UnknownName` naming file, line and column."""
    label = shown_as or str(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadValue(
            f"byte {error.start} is not UTF-8 text", place=label, remedy="save the table as CSV in UTF-8"
        ) from None
    except OSError as error:
        raise BadValue(
            f"the table cannot be read: {error.strerror or error}",
            place=label,
            remedy="check that it is a readable file",
        ) from None
    return list(parse(text, table, label))


def parse(text: str, table: Table, file: str) -> Iterator[Row]:
    """Rows of CSV text, typed by the table's columns; blank lines are skipped."""
    if "\0" in text:
        raise BadValue("the table holds a NUL byte", place=file, remedy="save it as plain CSV in UTF-8")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        names = [name.strip() for name in next(reader, [])]
        kinds = _check_header(names, table, file)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(names):
                raise BadValue(
                    f"{len(cells)} cells where the head has {len(names)} columns",
                    place=f"{file} line {reader.line_num}",
                    remedy="quote cells that hold commas",
                )
            read = {
                name: _cell(cell.strip(), kinds[name], f"{file} line {reader.line_num}, column {name}")
                for name, cell in zip(names, cells, strict=True)
            }
            yield Row(table.name, file, reader.line_num, read)
    except csv.Error as error:
        raise BadValue(
            f"not a well-formed table: {error}",
            place=f"{file} line {reader.line_num}",
            remedy="check quotes and commas",
        ) from None


def _check_header(names: list[str], table: Table, file: str) -> dict[str, str]:
    known = {column.name: column.type for column in table.columns}
    for name in names:
        if name not in known:
            raise UnknownName(name, known, "column", f"{file} line 1")
        if names.count(name) > 1:
            raise BadValue(f"column '{name}' stands twice", place=f"{file} line 1", remedy="keep one of them")
    for name in table.required:
        if name not in names:
            raise BadValue(
                f"column '{name}' is missing",
                place=f"{file} line 1",
                remedy=f"add it; needed are {', '.join(table.required)}",
            )
    return {name: known[name] for name in names}


def _cell(text: str, kind: str, place: str) -> Cell:
    if kind in _PLAIN:
        return text
    if not text:
        return None
    if kind in ("number", "int"):
        return _number(text, kind, place)
    if kind == "flag":
        if text not in ("0", "1"):
            raise BadValue(f"'{shown(text)}' is neither 0 nor 1", place=place, remedy="write 1 for yes, 0 for no")
        return text == "1"
    if kind == "day":
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise BadValue(f"'{shown(text)}' is not a date", place=place, remedy="write it as 2025-04-04") from None
    if kind in CHOICES:
        if text not in CHOICES[kind]:
            raise UnknownName(text, CHOICES[kind], kind, place)
        return text
    return _term(text, kind, place)


def _number(text: str, kind: str, place: str) -> float:
    try:
        value = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or (kind == "int" and value != int(value)):
        raise BadValue(
            f"'{shown(text)}' is not a {'whole ' if kind == 'int' else ''}number",
            place=place,
            remedy="write digits only, with a point for decimals and no unit; leave it blank where unknown",
        )
    return value


def _term(text: str, kind: str, place: str) -> str:
    from ytterby.terms import places, units

    if kind == "unit":
        units.parse(text, place)
        return text
    return places.place(text, place).code
