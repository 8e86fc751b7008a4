"""Home to verdicts on tables: columns in, columns out, the same conditions as for one transfer.

A table is anything that hands out columns by name: a pandas or Arrow table, or a mapping of lists. Columns are named as
facts are (``from``, ``to``, ``end_use``, ``item.material``, ``item.form``, ``item.composition.Dy``,
``stages.mined``, ``china_value_share``, ``date``); empty cells are facts not told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from ytterby.rules.calendar import EPOCH
from ytterby.rules.clauses import EndUse, Form
from ytterby.rules.columns import SYMBOLS, WORDS, Columns, Floats, Ints, Words
from ytterby.rules.facts import WHOLE, Activity, Facts, of
from ytterby.rules.judging import FREE, OUTCOMES, Judgement, Law, judge
from ytterby.terms.errors import BadValue, UnknownName
from ytterby.terms.materials import material, materials
from ytterby.terms.places import place

Table = Any
Told = Mapping[str, Sequence[Any]]

STAGES = ("stages.mined", "stages.refined", "stages.melted", "stages.produced")
PLACES = ("from", "to", "origin", "technology_origin", *STAGES)
PLAIN = ("exporter", "consignee", "end_user", "contract", "item.hs", "item.control_code")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "end_use": get_args(EndUse),
    "item.form": get_args(Form),
    "activity": get_args(Activity),
}
NUMBERS = ("china_value_share", "item.value_usd")
FLAGS = ("cots", "helps_rare_earths_abroad")
COMPOSITION = "item.composition."
ACCEPTED = (*PLACES, *PLAIN, *CHOICES, *NUMBERS, *FLAGS, "item.material", "elements", "date", f"{COMPOSITION}Dy")
"""Names a column may have; every element has a composition column of its own. `elements` lists what is in it at all."""


@dataclass(frozen=True)
class Verdicts:
    """The verdicts of a table, one array per column, (shipment,)."""

    outcome: NDArray[np.object_]
    licence: NDArray[np.object_]
    """Kinds of licence that would do, joined by `` or ``."""
    clauses: NDArray[np.object_]
    """Deciding clauses, joined by a blank."""
    confidence: NDArray[np.object_]
    missing: NDArray[np.object_]
    """Facts to find out, joined by a blank."""
    next_change: NDArray[np.object_]
    """ISO day of the next change; empty where none is known, or none was asked for."""

    def to_columns(self) -> dict[str, list[str]]:
        """Plain lists by column name."""
        return {name: list(getattr(self, name)) for name in self.__dataclass_fields__}


def verdicts(table: Table, held: Law, on: date | None = None, *, next_change: bool = False) -> Verdicts:
    """The verdicts of one law on every row of a table.

    Args:
        table: pandas.DataFrame, pyarrow.Table, or a mapping of columns.
        held: the law, see `verdicts.law`.
        on: the day of every row that has no ``date`` of its own.
        next_change: also say when each answer changes next.

    Raises:
        UnknownName: a column, place, material or other word nobody knows, with the row.
        BadValue: a number out of range, a composition above the whole, or a row without a day.
    """
    shipments = read(table, on)
    found = judge(held, shipments)
    group, first = _groups(found)
    said = [_said(found, row) for row in first]
    columns = {name: np.array([one[name] for one in said], dtype=object)[group] for name in ("licence", "clauses")}
    changes = _changes(held, shipments, found) if next_change else np.full(len(shipments), "", dtype=object)
    return Verdicts(
        outcome=np.array(OUTCOMES, dtype=object)[found.rank],
        licence=columns["licence"],
        clauses=columns["clauses"],
        confidence=np.array([one["confidence"] for one in said], dtype=object)[group],
        missing=np.array([one["missing"] for one in said], dtype=object)[group],
        next_change=changes,
    )


def _groups(found: Judgement) -> tuple[Ints, Ints]:
    """Shipments that nothing tells apart: the group of each, and the first row of each group."""
    untold = np.array(list(found.columns.untold.values()), dtype=np.bool_)
    basis = found.decides | (found.near & (found.rank == FREE))
    grade = np.where(basis, found.grades, 0).max(axis=0, initial=0)
    fixed = np.stack([found.rank & bit > 0 for bit in (1, 2, 4)] + [grade & bit > 0 for bit in (1, 2)])
    early = (found.columns.days < (found.held.first - EPOCH).days)[None, :]
    marks = np.concatenate([found.decides, found.unknown, found.screened, fixed, early, untold])
    packed = np.ascontiguousarray(np.packbits(marks, axis=0).T)
    keys = packed.view(np.dtype((np.void, packed.shape[1]))).ravel()
    _, first, group = np.unique(keys, return_index=True, return_inverse=True)
    return group.astype(np.int64), first.astype(np.int64)


def _said(found: Judgement, row: int) -> dict[str, str]:
    return {
        "licence": " or ".join(found.licence(row)),
        "clauses": " ".join(clause.id for clause in found.deciding(row)),
        "confidence": found.confidence(row),
        "missing": " ".join(name for name, _ in found.missing(row)),
    }


def _changes(held: Law, shipments: Columns, found: Judgement) -> NDArray[np.object_]:
    """Per shipment the next day on which the answer differs: one pass over the law for each day it may turn."""
    changes = np.full(len(shipments), "", dtype=object)
    open_ = np.ones(len(shipments), dtype=np.bool_)
    start = EPOCH + timedelta(days=int(shipments.days.min(initial=0)))
    for turn in held.turns:
        if turn <= start:
            continue
        day = (turn - EPOCH).days
        rows = np.flatnonzero(open_ & (shipments.days < day))
        if not len(rows):
            continue
        later = judge(held, shipments.on(rows, day))
        moved = (later.rank != found.rank[rows]) | (later.decides != found.decides[:, rows]).any(axis=0)
        changes[rows[moved]] = turn.isoformat()
        open_[rows[moved]] = False
    return changes


# reading a table


def read(table: Table, on: date | None = None) -> Columns:
    """The columns of a table, looked over; see `verdicts` for the errors."""
    told = _columns(table)
    unknown = [name for name in told if name not in ACCEPTED and not _of_composition(name)]
    if unknown:
        raise UnknownName(unknown[0], ACCEPTED, "column", "the table of shipments")
    rows = max((len(cells) for cells in told.values()), default=0)
    named = _materials(told, rows)
    holds, fractions, composed = _content(told, named, rows)
    return Columns(
        days=_days(told, rows, on),
        words={name: _words(name, told, named, rows) for name in WORDS},
        holds=holds,
        fractions=fractions,
        composed=composed,
        china_value_share=_numbers(told, "china_value_share", rows, most=1.0),
        cots=_flags(told, "cots", rows),
        helps_abroad=_flags(told, "helps_rare_earths_abroad", rows),
        owners=({},) * rows,
    )


def _columns(table: Table) -> Told:
    if hasattr(table, "to_pydict"):
        return dict(table.to_pydict())
    if hasattr(table, "columns") and hasattr(table, "to_dict"):
        return {str(name): table[name].tolist() for name in table.columns}
    if isinstance(table, Mapping):
        return {str(name): list(cells) for name, cells in table.items()}
    raise BadValue(f"a {type(table).__name__} is no table", remedy="give a pandas or Arrow table, or a dict of lists")


def _of_composition(name: str) -> bool:
    return name.startswith(COMPOSITION) and name.removeprefix(COMPOSITION) in (*SYMBOLS, "B", "Fe")


def _empty(cell: Any) -> bool:
    return cell is None or cell == "" or (isinstance(cell, float) and cell != cell)


def _mapped(name: str, told: Told, rows: int, known: Callable[[str, str], str]) -> list[str]:
    """The cells of a column as known words; each distinct one is looked up once."""
    cells = told.get(name)
    if cells is None:
        return [""] * rows
    found: dict[Any, str] = {}
    out = []
    for row, cell in enumerate(cells, 1):
        if cell not in found:
            found[cell] = "" if _empty(cell) else known(str(cell).strip(), f"row {row}, column {name}")
        out.append(found[cell])
    return out


def _words(name: str, told: Told, named: Sequence[str], rows: int) -> Words:
    column = {"since": "from", "form": "item.form", "hs": "item.hs", "control_code": "item.control_code"}.get(
        name, name
    )
    column = f"stages.{column}" if column in ("mined", "refined", "melted", "produced") else column
    if column in PLACES:
        return Words.of(_mapped(column, told, rows, lambda text, where: place(text, where).code))
    if column in CHOICES:
        cells = _mapped(column, told, rows, lambda text, where: _choice(text, column, where))
        if name == "form":
            forms = {one: Facts.model_validate({"item": {"material": one}}).form if one else "" for one in set(named)}
            cells = [cell or forms[one] for cell, one in zip(cells, named, strict=True)]
        if name == "activity":
            cells = [cell or "goods" for cell in cells]
        return Words.of(cells)
    return Words.of(_mapped(column, told, rows, lambda text, _: text))


def _choice(text: str, column: str, where: str) -> str:
    if text not in CHOICES[column]:
        raise UnknownName(text, CHOICES[column], column.removeprefix("item."), where)
    return text


def _materials(told: Told, rows: int) -> list[str]:
    return _mapped("item.material", told, rows, lambda text, where: material(text, where).id)


def _content(told: Told, named: Sequence[str], rows: int) -> tuple[NDArray[np.bool_], Floats, NDArray[np.bool_]]:
    """What is in each item at all, its mass fractions, and where either is told."""
    fractions = np.full((rows, len(SYMBOLS)), np.nan)
    for at, symbol in enumerate(SYMBOLS):
        if f"{COMPOSITION}{symbol}" in told:
            fractions[:, at] = _numbers(told, f"{COMPOSITION}{symbol}", rows, most=1.0)
    measured = ~np.isnan(fractions).all(axis=1)
    fractions[measured] = np.nan_to_num(fractions[measured], nan=0.0)
    whole = np.where(measured, np.nan_to_num(fractions, nan=0.0).sum(axis=1), 0.0)
    if (whole > WHOLE).any():
        worst = int(np.argmax(whole > WHOLE))
        cause = f"the mass fractions sum to {whole[worst]:g}"
        raise BadValue(cause, place=f"row {worst + 1}", remedy="at most the whole: 1")
    holds = np.nan_to_num(fractions, nan=0.0) > 0
    listed = _mapped("elements", told, rows, lambda text, where: _elements(text, where))
    patterns = {(one, inside) for one, inside, done in zip(named, listed, measured, strict=True) if not done}
    known = {pattern: _pattern(*pattern) for pattern in patterns}
    composed = measured.copy()
    for row in np.flatnonzero(~measured).tolist():
        pattern = known[named[row], listed[row]]
        if pattern is not None:
            holds[row] = pattern
            composed[row] = True
    return holds, fractions, composed


def _elements(text: str, where: str) -> str:
    inside = text.replace("|", " ").replace(",", " ").split()
    for symbol in inside:
        if symbol not in SYMBOLS:
            raise UnknownName(symbol, SYMBOLS, "element", where)
    return " ".join(sorted(inside))


def _pattern(name: str, listed: str) -> NDArray[np.bool_] | None:
    inside: Iterable[str] = listed.split() or (materials()[name].elements if name else ())
    held = np.array([symbol in set(inside) for symbol in SYMBOLS], dtype=np.bool_)
    return held if held.any() else None


def _numbers(told: Told, name: str, rows: int, most: float) -> Floats:
    if name not in told:
        return np.full(rows, np.nan)
    try:
        numbers = np.array([np.nan if _empty(cell) else float(cell) for cell in told[name]], dtype=np.float64)
    except (TypeError, ValueError):
        raise BadValue("a cell is no number", place=f"column {name}", remedy="write plain numbers") from None
    wrong = (numbers < 0) | (numbers > most)
    if wrong.any():
        row = int(np.argmax(wrong))
        place = f"row {row + 1}, column {name}"
        raise BadValue(f"{numbers[row]:g} is no share", place=place, remedy=f"give a number between 0 and {most:g}")
    return numbers


def _flags(told: Told, name: str, rows: int) -> Ints:
    words = {True: 1, "true": 1, "yes": 1, False: 0, "false": 0, "no": 0}
    cells = told.get(name, [None] * rows)
    return np.array([-1 if _empty(cell) else words.get(cell, -1) for cell in cells], dtype=np.int64)


def _days(told: Told, rows: int, on: date | None) -> Ints:
    cells = told.get("date", [None] * rows)
    days = []
    for row, cell in enumerate(cells, 1):
        day = on if _empty(cell) else _day(cell, f"row {row}, column date")
        if day is None:
            raise BadValue("no day", place=f"row {row}", remedy="give the table a column date, or one day for all rows")
        days.append((day - EPOCH).days)
    return np.array(days, dtype=np.int64)


def _day(cell: Any, where: str) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    try:
        return date.fromisoformat(str(cell)[:10])
    except ValueError:
        raise BadValue(f"'{cell}' is no date", place=where, remedy="write 2026-11-21") from None


def of_facts(records: Sequence[Mapping[str, Any] | Facts]) -> list[Facts]:
    """Facts of many records; errors name the record's number."""
    return [of(record, f"record {number}") for number, record in enumerate(records, 1)]
