"""Home to bills of materials: which thing is made of how many of which, read from CSV, JSON or Excel.

One line per use: `parent`, `child`, `quantity` (how many of the child in one parent). What is known of a thing stands
on any line where it is the child, or on a line of its own without a parent: `value_usd` and `mass_kg` of one piece,
`origin`, `technology_origin`, `material`, mass fractions (`Dy`, `Tb`, `Nd` ...), `recycled` (mass fraction). Numbers
are read exactly, as written: ``0.1`` is one tenth.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from ytterby.rules.columns import SYMBOLS
from ytterby.terms.errors import BadValue, InputError, Unbalanced, UnknownName
from ytterby.terms.places import place

AMOUNTS = ("value_usd", "mass_kg", "recycled")
TEXTS = ("origin", "technology_origin", "material", "name", "cots")
COLUMNS = ("parent", "child", "quantity", *AMOUNTS, *TEXTS, *SYMBOLS)
"""Names a column may have; a symbol's column holds its mass fraction."""

LONGEST_NUMBER = 40
"""Characters a number may have: more digits than any price or weight, and no room for an exponent that fills memory."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What is known of one thing; None and empty text: not told."""

    id: str
    value: Fraction | None = None
    """USD a piece."""
    mass: Fraction | None = None
    """kg a piece."""
    origin: str = ""
    technology: str = ""
    material: str = ""
    composition: tuple[tuple[str, Fraction], ...] | None = None
    """Mass fractions by element."""
    recycled: Fraction | None = None
    place: str = ""
    """Where it stands in the file, for errors."""


@dataclass(frozen=True)
class Bill:
    """A bill of materials: things, and the uses of one in another."""

    things: Mapping[str, Thing]
    uses: tuple[tuple[str, str, Fraction], ...]
    """(parent, child, how many)."""
    name: str = "the bill"

    @property
    def roots(self) -> tuple[str, ...]:
        """Things that are part of nothing."""
        children = {child for _, child, _ in self.uses}
        return tuple(name for name in self.things if name not in children)


def load(path: Path) -> Bill:
    """The bill in a ``.csv``, ``.json`` or ``.xlsx`` file.

    Raises:
        BadValue, UnknownName: with file, line and column.
        Unbalanced: a thing that is, in the end, a part of itself.
    """
    readers = {".csv": _from_csv, ".json": _from_json, ".xlsx": _from_excel}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise UnknownName(path.suffix or path.name, readers, "kind of bill", str(path))
    try:
        return of(reader(path), path.name)
    except OSError as error:
        raise BadValue(f"cannot read it: {error.strerror}", place=str(path), remedy="check name and rights") from None
    except UnicodeDecodeError as error:
        raise BadValue(f"not UTF-8 at byte {error.start}", place=str(path), remedy="save it as UTF-8") from None


def of(rows: Iterable[Mapping[str, Any]], name: str = "the bill") -> Bill:
    """The bill of some rows; see `load` for the errors."""
    told: dict[str, dict[str, tuple[str, int]]] = {}
    uses: list[tuple[str, str, Fraction]] = []
    looked: set[str] = set()
    for number, row in enumerate(rows, 2):
        for column in row.keys() - looked:
            if column not in COLUMNS:
                raise UnknownName(str(column), COLUMNS, "column", f"{name}, line {number}")
            looked.add(column)
        child = _text(row.get("child"))
        if not child:
            raise BadValue("no child", place=f"{name}, line {number}", remedy="name the thing the line is about")
        about = told.setdefault(child, {})
        for column, cell in row.items():
            text = _text(cell)
            if text and column not in ("parent", "child", "quantity"):
                _tell(about, column, text, child, name, number)
        parent = _text(row.get("parent"))
        if parent:
            told.setdefault(parent, {})
            uses.append((parent, child, _quantity(row.get("quantity"), f"{name}, line {number}, column quantity")))
    if not told:
        raise BadValue("the bill is empty", place=name, remedy="give lines with parent, child and quantity")
    return Bill({child: _thing(child, about, name) for child, about in told.items()}, tuple(uses), name)


def _tell(about: dict[str, tuple[str, int]], column: str, text: str, child: str, name: str, number: int) -> None:
    before = about.setdefault(column, (text, number))
    if before[0] != text:
        cause = f"{column} of {child} is {text} here and {before[0]} on line {before[1]}"
        raise BadValue(cause, place=f"{name}, line {number}", remedy="one thing has one value: mend one of the lines")


def _thing(child: str, about: Mapping[str, tuple[str, int]], name: str) -> Thing:
    if not about:
        return Thing(child, place=name)

    def where(column: str) -> str:
        return f"{name}, line {about[column][1]}, column {column}"

    def share(column: str) -> Fraction:
        found = number_of(about[column][0], where(column))
        if not 0 <= found <= 1:
            raise BadValue(f"{about[column][0]} is no mass fraction", place=where(column), remedy="between 0 and 1")
        return found

    def amount(column: str) -> Fraction | None:
        if column not in about:
            return None
        found = number_of(about[column][0], where(column))
        if found < 0:
            raise BadValue(f"{column} is negative", place=where(column), remedy="give a number of 0 or more")
        return found

    inside = tuple((symbol, share(symbol)) for symbol in SYMBOLS if symbol in about)
    if sum(part for _, part in inside) > 1:
        raise BadValue(f"the mass fractions of {child} sum to more than 1", place=name, remedy="mend the composition")
    return Thing(
        id=child,
        value=amount("value_usd"),
        mass=amount("mass_kg"),
        origin=_code(about, "origin", where),
        technology=_code(about, "technology_origin", where),
        material=about["material"][0] if "material" in about else "",
        composition=inside or None,
        recycled=share("recycled") if "recycled" in about else None,
        place=f"{name}, line {min(number for _, number in about.values())}",
    )


def _code(about: Mapping[str, tuple[str, int]], column: str, where: Any) -> str:
    return place(about[column][0], where(column)).code if column in about else ""


def number_of(text: str, where: str) -> Fraction:
    """A number exactly as written (``0.05``, ``1/3``); raises `BadValue`."""
    if len(text) > LONGEST_NUMBER:
        raise BadValue(f"a number of {len(text)} characters", place=where, remedy=f"at most {LONGEST_NUMBER}")
    try:
        _, e, power = text.replace("E", "e").partition("e")
        if e and abs(int(power)) > LONGEST_NUMBER:
            raise ValueError
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise BadValue(f"'{text}' is no number", place=where, remedy="write it like 12, 0.05 or 1/3") from None


def _quantity(cell: Any, where: str) -> Fraction:
    text = _text(cell)
    if not text:
        raise BadValue("no quantity", place=where, remedy="say how many of the child one parent has")
    found = number_of(text, where)
    if found <= 0:
        raise BadValue(f"a quantity of {text}", place=where, remedy="give a number above 0, or leave the line out")
    return found


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()


def _from_csv(path: Path) -> Iterable[Mapping[str, Any]]:
    text = path.read_text(encoding="utf-8-sig")
    reader = csv.DictReader(io.StringIO(text, newline=""))
    for number, row in enumerate(reader, 2):
        if None in row:
            raise BadValue("more cells than columns", place=f"{path.name}, line {number}", remedy="mend the line")
        yield row


def _from_json(path: Path) -> Iterable[Mapping[str, Any]]:
    try:
        # Numbers stay text, so that 0.1 is one tenth and not the nearest float.
        read = json.loads(path.read_text(encoding="utf-8"), parse_float=str, parse_int=str)
    except (json.JSONDecodeError, RecursionError) as error:
        raise BadValue(f"not JSON: {error}", place=path.name, remedy="mend the file") from None
    rows = read.get("lines") if isinstance(read, dict) else read
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadValue("no list of lines", place=path.name, remedy='write [{"parent": …, "child": …, "quantity": …}]')
    return rows


def _from_excel(path: Path) -> Iterable[Mapping[str, Any]]:
    try:
        from openpyxl import load_workbook
    except ImportError:
        remedy = 'pip install "ytterby[excel]", or save the sheet as CSV'
        raise InputError(
            "reading Excel needs openpyxl, which is not installed", place=path.name, remedy=remedy
        ) from None
    try:
        sheet = load_workbook(path, read_only=True, data_only=True).worksheets[0]
        rows = list(sheet.iter_rows(values_only=True))
    except (KeyError, ValueError, EOFError) as error:
        raise BadValue(f"not an Excel sheet: {error}", place=path.name, remedy="save it as .xlsx again") from None
    except Exception as error:
        if type(error).__name__ in ("BadZipFile", "InvalidFileException"):
            raise BadValue("not an Excel file", place=path.name, remedy="save it as .xlsx again") from None
        raise
    heads = [_text(cell) for cell in (rows[0] if rows else ())]
    return [
        {head: cell for head, cell in zip(heads, row, strict=False) if head} for row in rows[1:] if any(map(_text, row))
    ]


def in_order(bill: Bill, root: str) -> list[str]:
    """The things in `root`, each after everything it is part of.

    Raises:
        Unbalanced: a thing that is, in the end, a part of itself; the loop is named.
    """
    parts: dict[str, list[str]] = {}
    for parent, child, _ in bill.uses:
        parts.setdefault(parent, []).append(child)
    order: list[str] = []
    state: dict[str, int] = {root: 1}
    path: list[tuple[str, int]] = [(root, 0)]
    while path:
        node, at = path[-1]
        children: Sequence[str] = parts.get(node, ())
        if at == len(children):
            path.pop()
            state[node] = 2
            order.append(node)
            continue
        path[-1] = (node, at + 1)
        child = children[at]
        if state.get(child) == 1:
            trail = [name for name, _ in path]
            loop = " → ".join([*trail[trail.index(child) :], child])
            raise Unbalanced(f"a thing is part of itself: {loop}", place=bill.name, remedy="take one of the uses out")
        if child not in state:
            state[child] = 1
            path.append((child, 0))
    order.reverse()
    return order
