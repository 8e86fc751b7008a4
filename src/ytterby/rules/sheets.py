"""Home to sheets: rows of named cells from CSV, JSON or Excel files, each with the place it stands at.

Numbers of JSON and Excel come as they are written there (``0.1`` is text), so that no float is in between. Empty cells
are left out.
"""

from __future__ import annotations

import csv
import io
import json
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ytterby.terms.errors import BadValue, InputError, UnknownName, shown

Row = tuple[str, Mapping[str, Any]]
"""Where a row stands, and its cells by column."""

LARGEST = 200_000_000
"""Bytes a file may have."""


def rows(path: Path) -> Iterator[Row]:
    """The rows of a ``.csv``, ``.json`` or ``.xlsx`` file.

    Raises:
        BadValue: a file that cannot be read, or is not what its name says; with file and line.
        UnknownName: another suffix.
        InputError: Excel, and the part that reads it is not installed.
    """
    readers: dict[str, Callable[[Path], Iterable[Row]]] = {".csv": _csv, ".json": _json, ".xlsx": _excel}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise UnknownName(path.suffix or path.name, readers, "kind of file", str(path))
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise BadValue(f"a file of {size:,} bytes", place=str(path), remedy=f"at most {LARGEST:,}: split it")
        yield from reader(path)
    except OSError as error:
        cause = f"cannot read it: {error.strerror or error}"
        raise BadValue(cause, place=str(path), remedy="check name and rights") from None
    except UnicodeDecodeError as error:
        raise BadValue(f"not UTF-8 at byte {error.start}", place=str(path), remedy="save it as UTF-8") from None


def _csv(path: Path) -> Iterator[Row]:
    text = path.read_text(encoding="utf-8-sig")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    heads: list[str] | None = None
    try:
        for cells in reader:
            where = f"{path.name}, line {reader.line_num}"
            if heads is None:
                heads = _heads(cells, where)
            elif any(cells):
                if len(cells) > len(heads):
                    raise BadValue("more cells than columns", place=where, remedy="mend the line")
                yield where, {head: cell for head, cell in zip(heads, cells, strict=False) if cell}
    except csv.Error as error:
        place = f"{path.name}, line {reader.line_num}"
        raise BadValue(f"not CSV: {error}", place=place, remedy="mend the line, or save the sheet again") from None


def _delimiter(text: str) -> str:
    """What the first line parts its columns by: sheets of half of Europe are saved with semicolons."""
    first = text.split("\n", 1)[0]
    return max(",;\t", key=lambda mark: (first.count(mark), -",;\t".index(mark)))


def _heads(cells: Sequence[Any], where: str) -> list[str]:
    heads = ["" if cell is None else str(cell).strip() for cell in cells]
    twice = next((head for at, head in enumerate(heads) if head and head in heads[:at]), "")
    if twice:
        raise BadValue(f"column '{shown(twice)}' twice", place=where, remedy="keep one of the two")
    return heads


def _json(path: Path) -> Iterator[Row]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            twice = next(key for at, (key, _) in enumerate(pairs) if key in dict(pairs[:at]))
            raise BadValue(f"key '{shown(twice)}' twice", place=path.name, remedy="keep one of the two")
        return found

    try:
        text = path.read_text(encoding="utf-8-sig")
        read = json.loads(text, parse_float=str, parse_int=str, object_pairs_hook=once)
    except (json.JSONDecodeError, RecursionError) as error:
        raise BadValue(f"not JSON: {error}", place=path.name, remedy="mend the file") from None
    lines = read.get("lines") if isinstance(read, dict) else read
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
        raise BadValue("no list of lines", place=path.name, remedy='write [{"parent": …, "child": …, "quantity": …}]')
    for number, line in enumerate(lines, 1):
        where = f"{path.name}, entry {number}"
        nested = next((key for key, cell in line.items() if isinstance(cell, (dict, list))), None)
        if nested is not None:
            raise BadValue(f"'{shown(nested)}' is no single value", place=where, remedy="write text or a number")
        yield where, line


def _excel(path: Path) -> Iterator[Row]:
    try:
        from openpyxl import load_workbook
    except ImportError:
        remedy = 'pip install "ytterby[excel]", or save the sheet as CSV'
        raise InputError(
            "reading Excel needs openpyxl, which is not installed", place=path.name, remedy=remedy
        ) from None
    with path.open("rb") as file:
        try:
            with warnings.catch_warnings():
                # Styles and validations that it does not keep are nothing to us.
                warnings.simplefilter("ignore")
                book = load_workbook(file, read_only=True, data_only=True)
                lines = list(book.worksheets[0].iter_rows(values_only=True))
                book.close()
        except Exception as error:  # the parts of a broken workbook fail in as many ways as there are parts
            cause = f"not an Excel sheet: {shown(str(error))}"
            raise BadValue(cause, place=path.name, remedy="save it as .xlsx again, or as CSV") from None
    heads = _heads(lines[0], f"{path.name}, row 1") if lines else []
    for number, line in enumerate(lines[1:], 2):
        if any(cell is not None and str(cell).strip() for cell in line):
            yield (
                f"{path.name}, row {number}",
                {head: cell for head, cell in zip(heads, line, strict=False) if head or cell is not None},
            )
