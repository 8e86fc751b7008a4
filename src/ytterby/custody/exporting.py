"""Home to exports: what custody knows as tables for other programs, Parquet where pyarrow is there, else CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np

from ytterby.custody.balance import Ground, balance
from ytterby.custody.book.layout import ACTIONS
from ytterby.custody.event import KINDS, ROLES
from ytterby.custody.shipments.drawdown import Sent
from ytterby.store import atomic
from ytterby.terms.errors import InputError

Form = Literal["parquet", "csv"]
Table = Mapping[str, Sequence[Any]]
"""Columns."""

TABLES = ("events", "moves", "balances", "shipments")


def tables(at: Ground, sent: Sequence[Sent]) -> dict[str, Table]:
    """Events, pieces of events, balances and shipments across borders, as columns of plain values."""
    return {
        "events": _events(at),
        "moves": _moves(at),
        "balances": _columns([one.to_dict() for one in balance(at)], _LINE),
        "shipments": _columns([_flat(one.to_dict()) for one in sent], _SENT),
    }


def export(at: Ground, sent: Sequence[Sent], folder: Path, form: Form) -> list[Path]:
    """Writes each table into a folder; what stands there is written over.

    Raises:
        InputError: Parquet is asked for and pyarrow is not there.
        StoreError: the disk refuses.
    """
    write = _parquet() if form == "parquet" else _csv
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for name, columns in tables(at, sent).items():
        path = folder / f"{name}.{form}"
        atomic.write(path, write(columns))
        found.append(path)
    return found


def _events(at: Ground) -> Table:
    book = at.book
    coded = {"step": "steps", "disposition": "dispositions", "place": "places", "source": "parties",
             "destination": "parties", "transformation": "transformations"}  # fmt: skip
    names = {name: _named(at, table)[book[f"events.{name}"]] for name, table in coded.items()}
    value = book["events.value"].tolist()
    return {
        "sequence": book["events.sequence"].tolist(),
        "time_us": book["events.time"].tolist(),
        "kind": np.array(KINDS, dtype=object)[book["events.kind"]].tolist(),
        "action": np.array(ACTIONS, dtype=object)[book["events.action"]].tolist(),
        **{name: column.tolist() for name, column in names.items()},
        "value_cents": [None if one < 0 else one for one in value],
        "declared_wrong": book.mistaken.tolist(),
    }


def _moves(at: Ground) -> Table:
    book = at.book
    count = book["moves.count"].tolist()
    return {
        "sequence": book["events.sequence"][book["moves.event"]].tolist(),
        "lot": _named(at, "lots")[book["moves.lot"]].tolist(),
        "role": np.array(ROLES, dtype=object)[book["moves.role"]].tolist(),
        "micrograms": [None if one < 0 else one for one in book["moves.mass"].tolist()],
        "count": [None if one != one else one for one in count],
        "material": _named(at, "materials")[book["moves.material"]].tolist(),
    }


def _named(at: Ground, table: str) -> Any:
    """Names of a string table by code, the last one for what is not told."""
    return np.array([*(at.book.name(table, code) for code in range(len(at.book.names[table]))), ""], dtype=object)


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: " ".join(one) if isinstance(one, list) else one for key, one in row.items()}


_LINE = (
    "facility", "month", "element", "in", "out", "opening", "closing", "loss", "unexplained", "low", "high", "p_value",
    "counted", "known",
)  # fmt: skip
_SENT = (
    "shipment", "sequence", "date", "from", "to", "exporter", "end_user", "material", "kg", "origin", "state",
    "outcome", "licence_kinds", "clauses", "missing", "confidence", "named", "customs", "licence", "left_kg", "why",
)  # fmt: skip


def _columns(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> Table:
    return {name: [row[name] for row in rows] for name in names}


def _csv(columns: Table) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(_rows(columns))
    return out.getvalue().encode("utf-8", "surrogatepass")


def _rows(columns: Table) -> Iterator[tuple[Any, ...]]:
    return zip(*(["" if one is None else one for one in column] for column in columns.values()), strict=True)


def _parquet() -> Callable[[Table], bytes]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        remedy = "install ytterby[custody], or export CSV with --csv"
        raise InputError("Parquet needs pyarrow, which is not installed", remedy=remedy) from None

    def write(columns: Table) -> bytes:
        out = pyarrow.BufferOutputStream()
        pyarrow.parquet.write_table(pyarrow.table(dict(columns)), out, compression="zstd")
        written: bytes = out.getvalue().to_pybytes()
        return written

    return write
