"""Home to verdicts on tables: columns in, columns out, the same conditions as for one transfer.

A table is anything that hands out columns by name: a pandas or Arrow table, or a mapping of lists. Columns are named as
facts are (``from``, ``to``, ``end_use``, ``item.material``, ``item.form``, ``item.composition.Dy``,
``stages.mined``, ``china_value_share``, ``owners``, ``date``); empty cells are facts not told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from ytterby.rules.calendar import EPOCH
from ytterby.rules.clauses import EndUse, Form, Symbol
from ytterby.rules.columns import SYMBOLS, WORDS, Columns, Floats, Ints, Words
from ytterby.rules.facts import FILLERS, OWN_FORM, WHOLE, Activity, Facts, control_code, customs_code, of, share
from ytterby.rules.judging import FREE, OUTCOMES, Judgement, Law, judge
from ytterby.terms.errors import BadValue, UnknownName
from ytterby.terms.materials import material, materials
from ytterby.terms.places import place

Table = Any
Told = Mapping[str, Sequence[Any]]

STAGES = ("stages.mined", "stages.refined", "stages.melted", "stages.produced")
PLACES = ("from", "to", "origin", "technology_origin", *STAGES)
PLAIN = ("exporter", "consignee", "end_user", "item.hs", "item.control_code")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "end_use": get_args(EndUse),
    "item.form": get_args(Form),
    "activity": get_args(Activity),
    "contract": ("us_dod", "none"),
}
NUMBERS = ("china_value_share", "item.value_usd")
FLAGS = ("cots", "helps_rare_earths_abroad")
COMPOSITION = "item.composition."
AT_ONCE = 20_000
"""Shipments times days judged together in search of the next change."""
OTHERS = ("item.material", "elements", "owners", "date", f"{COMPOSITION}Dy")
ACCEPTED = (*PLACES, *PLAIN, *CHOICES, *NUMBERS, *FLAGS, *OTHERS)
"""Names a column may have; every element has a composition column of its own. `elements` lists what is in it at all;
`owners` holds mappings of name to share, or text such as ``Muster AG: 0.5; Beispiel AG: 20 %``."""


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
    grade = (found.grades * basis).max(axis=0, initial=0)
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
    """Per shipment the next day on which the answer differs: the law is asked for some days on which it may turn."""
    changes = np.full(len(shipments), "", dtype=object)
    start = EPOCH + timedelta(days=int(shipments.days.min(initial=0)))
    turns = np.array([(turn - EPOCH).days for turn in held.turns if turn > start], dtype=np.int64)
    open_ = np.arange(len(shipments))
    while len(open_) and len(turns):
        many = max(1, AT_ONCE // len(open_))
        days, turns = turns[:many], turns[many:]
        rows, day = np.repeat(open_, len(days)), np.tile(days, len(open_))
        later = judge(held, shipments.on(rows, day))
        moved = (later.rank != found.rank[rows]) | (later.decides != found.decides[:, rows]).any(axis=0)
        moved &= shipments.days[rows] < day
        hit = moved.reshape(len(open_), len(days))
        first, any_ = hit.argmax(axis=1), hit.any(axis=1)
        for row, at in zip(open_[any_].tolist(), first[any_].tolist(), strict=True):
            changes[row] = (EPOCH + timedelta(days=int(days[at]))).isoformat()
        open_ = open_[~any_]
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
    shipments = Columns(
        days=_days(told, rows, on),
        words={name: _words(name, told, named, rows) for name in WORDS},
        holds=holds,
        fractions=fractions,
        composed=composed,
        china_value_share=_numbers(told, "china_value_share", rows, most=1.0),
        cots=_flags(told, "cots", rows),
        helps_abroad=_flags(told, "helps_rare_earths_abroad", rows),
        owners=_owners(told, rows),
    )
    _refuse_contradictions(shipments)
    return shipments


def _columns(table: Table) -> Told:
    if hasattr(table, "to_pydict"):
        return dict(table.to_pydict())
    if hasattr(table, "columns") and hasattr(table, "to_dict"):
        return {str(name): table[name].tolist() for name in table.columns}
    if isinstance(table, Mapping):
        return {str(name): list(cells) for name, cells in table.items()}
    raise BadValue(f"a {type(table).__name__} is no table", remedy="give a pandas or Arrow table, or a dict of lists")


def _of_composition(name: str) -> bool:
    return name.startswith(COMPOSITION) and (
        name.removeprefix(COMPOSITION) in SYMBOLS or name.removeprefix(COMPOSITION) in FILLERS
    )


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
            forms = {pair: _form(*pair) for pair in set(zip(named, cells, strict=True))}
            cells = [forms[pair] for pair in zip(named, cells, strict=True)]
            kinds = _mapped("activity", told, rows, lambda text, where: _choice(text, "activity", where))
            cells = [cell or OWN_FORM.get(kind, "") for cell, kind in zip(cells, kinds, strict=True)]
        if name == "activity":
            shapes = _mapped("item.form", told, rows, lambda text, where: _choice(text, "item.form", where))
            cells = [
                cell or (shape if shape in ("technology", "service") else "goods")
                for cell, shape in zip(cells, shapes, strict=True)
            ]
        return Words.of(cells)
    tidy = {"hs": customs_code, "control_code": control_code}.get(name)
    return Words.of(_mapped(column, told, rows, lambda text, where: _tidy(text, tidy, where) if tidy else text))


def _form(name: str, told: str) -> str:
    """The form told, or that of the material; one that the material cannot have is refused."""
    try:
        return Facts.model_validate({"item": {"material": name, "form": told}}).form
    except ValidationError as error:
        cause = str(error.errors(include_url=False)[0]["msg"])
        raise BadValue(cause, place="columns item.material and item.form", remedy="mend the wrong one") from None


def _tidy(text: str, rule: Callable[[object], object], where: str) -> str:
    try:
        return str(rule(text))
    except PydanticCustomError as error:
        raise BadValue(error.message(), place=where, remedy="mend the cell, or leave it empty") from None


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
    for symbol in FILLERS:
        if f"{COMPOSITION}{symbol}" in told:
            whole += np.nan_to_num(_numbers(told, f"{COMPOSITION}{symbol}", rows, most=1.0), nan=0.0)
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
        numbers = np.array([_number(cell) for cell in told[name]], dtype=np.float64)
    except (TypeError, ValueError):
        raise BadValue("a cell is no number", place=f"column {name}", remedy="write plain numbers") from None
    wrong = (numbers < 0) | (numbers > most) | np.isinf(numbers)
    if wrong.any():
        row = int(np.argmax(wrong))
        place = f"row {row + 1}, column {name}"
        raise BadValue(f"{numbers[row]:g} is no share", place=place, remedy=f"give a number between 0 and {most:g}")
    return numbers


def _number(cell: Any) -> float:
    if _empty(cell):
        return float("nan")
    text = cell.strip() if isinstance(cell, str) else cell
    return float(text[:-1]) / 100 if isinstance(text, str) and text.endswith("%") else float(text)


def _flags(told: Told, name: str, rows: int) -> Ints:
    words = {"true": 1, "yes": 1, "1": 1, "false": 0, "no": 0, "0": 0}
    flags = np.full(rows, -1, dtype=np.int64)
    for row, cell in enumerate(told.get(name, ())):
        if not _empty(cell):
            word = str(cell).strip().casefold()
            if word not in words:
                where = f"row {row + 1}, column {name}"
                raise BadValue(f"'{cell}' is neither yes nor no", place=where, remedy="write true or false")
            flags[row] = words[word]
    return flags


def _owners(told: Told, rows: int) -> tuple[Mapping[str, float], ...]:
    cells = told.get("owners", ())
    return tuple(_holders(cell, f"row {row}, column owners") for row, cell in enumerate(cells, 1)) or ({},) * rows


def _holders(cell: Any, where: str) -> Mapping[str, float]:
    """Shares by owner."""
    if _empty(cell):
        return {}
    try:
        pairs = list(cell.items() if isinstance(cell, Mapping) else (part.rsplit(":", 1) for part in cell.split(";")))
        held = {str(name).strip(): share(part) for name, part in pairs if part is not None}
    except (TypeError, ValueError, AttributeError, PydanticCustomError) as error:
        said = error.message() if isinstance(error, PydanticCustomError) else f"'{cell}' names no owners"
        raise BadValue(said, place=where, remedy="write `Muster AG: 0.5; Beispiel AG: 0.2`") from None
    if sum(held.values()) > WHOLE:
        cause = f"the owners' shares sum to {sum(held.values()):g}: more than the whole"
        raise BadValue(cause, place=where, remedy="at most the whole: 1")
    return held


def _refuse_contradictions(shipments: Columns) -> None:
    """What `facts` refuses of one transfer is refused of a row."""
    origin, produced, form, kind = (shipments[name] for name in ("origin", "produced", "form", "activity"))
    rare = (np.nan_to_num(shipments.fractions[:, : len(get_args(Symbol))], nan=0.0) > 0).any(axis=1)
    said = kind.among(("technology", "service"))
    wrong = {
        "origin is CN and china_value_share is 0": origin.among({"CN"}) & (shipments.china_value_share == 0) & rare,
        "origin and stages.produced differ": ~origin.unknown & ~produced.unknown & ~origin.same(produced),
        "activity and item.form differ": (said & ~form.same(kind) & ~form.unknown & ~form.among({"other"}))
        | (kind.among({"goods"}) & form.among(("technology", "service"))),
    }
    for text, rows in wrong.items():
        if rows.any():
            where = f"row {int(np.argmax(rows)) + 1}"
            raise BadValue(f"{text}: they contradict each other", place=where, remedy="mend the one that is wrong")


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
