"""Home to loading: tables of an economy from data frames, from CSV and Parquet files, and from what pymrio parses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytterby.run.ario.table import Table
from ytterby.terms.errors import BadValue, InputError

LONG = ("from_region", "from_sector", "to_region")
REMEDY = (
    "give region and sector in the first two columns and rows, or one delivery a line: "
    "from_region, from_sector, to_region, to_sector (final demand: use), value"
)


def from_frames(Z: Any, Y: Any, x: Any = None, *, unit: str = "", assumed: bool = False) -> Table:
    """A table from data frames whose rows and columns are labelled (region, sector); Y's columns (region, use).

    Raises:
        BadValue: labels that do not match between Z's rows and columns, Y and x. And see `Table.of`.
    """
    rows, columns = _labels(Z.index), _labels(Z.columns)
    if sorted(rows) != sorted(columns):
        odd = sorted(set(rows) ^ set(columns))[:3]
        raise BadValue(
            f"rows and columns of Z differ: {', '.join('|'.join(label) for label in odd)}",
            place="Z",
            remedy="label both with the same (region, sector)",
        )
    if sorted(rows) != sorted(_labels(Y.index)):
        odd = sorted(set(rows) ^ set(_labels(Y.index)))[:3]
        raise BadValue(
            f"rows of Z and Y differ: {', '.join('|'.join(label) for label in odd)}",
            place="Y",
            remedy="label both with the same (region, sector)",
        )
    order = {label: k for k, label in enumerate(columns)}
    deliveries = _numbers(Z, "Z")[:, [order[label] for label in rows]]
    at = {label: k for k, label in enumerate(_labels(Y.index))}
    demand = _numbers(Y, "Y")[[at[label] for label in rows]]
    output = None
    if x is not None:
        made = x.iloc[:, 0] if getattr(x, "ndim", 1) == 2 else x
        where = {label: k for k, label in enumerate(_labels(made.index))}
        if sorted(where) != sorted(rows):
            raise BadValue("rows of Z and x differ", place="x", remedy="label both with the same (region, sector)")
        output = _numbers(made, "x")[[where[label] for label in rows]]
    return Table.of(deliveries, demand, output, rows, _labels(Y.columns), unit=unit, assumed=assumed)


def from_pymrio(system: Any, *, assumed: bool = False) -> Table:
    """A table from anything with Z, Y and x as pymrio's `IOSystem` has them.

    Raises:
        BadValue: one of them is missing. And see `from_frames`.
    """
    Z, Y, x = (getattr(system, name, None) for name in ("Z", "Y", "x"))
    if Z is None or Y is None:
        raise BadValue("the system has no Z or no Y", place="pymrio", remedy="call calc_all() on it first")
    unit = getattr(system, "unit", None)
    named = str(unit.iloc[0, 0]) if unit is not None and len(unit) else ""
    return from_frames(Z, Y, x, unit=named, assumed=assumed)


def read(Z: str | Path, Y: str | Path, x: str | Path | None = None, *, unit: str = "", assumed: bool = False) -> Table:
    """A table from files, CSV or Parquet, wide (two labels a row and a column) or long (one delivery a line).

    Raises:
        InputError: a file is missing, unreadable, or of another form. And see `from_frames`.
    """
    frames = [None if path is None else _frame(Path(path), final=path is Y) for path in (Z, Y, x)]
    return from_frames(frames[0], frames[1], frames[2], unit=unit, assumed=assumed)


def _frame(path: Path, *, final: bool) -> Any:
    import pandas as pd

    if not path.is_file():
        raise InputError("there is no such file", place=str(path), remedy="check the path")
    try:
        if path.suffix == ".parquet":
            whole = pd.read_parquet(path)
        else:
            apart = "\t" if path.suffix == ".txt" else ","
            head = pd.read_csv(path, nrows=0, sep=apart)
            if set(LONG[:2]) <= set(head.columns):
                whole = pd.read_csv(path, sep=apart)
            elif len(head.columns) == 3:
                return pd.read_csv(path, index_col=[0, 1], sep=apart)
            else:
                return pd.read_csv(path, index_col=[0, 1], header=[0, 1], sep=apart)
    except ImportError as error:
        raise InputError("Parquet needs pyarrow", place=str(path), remedy="pip install pyarrow") from error
    except (ValueError, IndexError, OSError) as error:
        raise InputError(f"not a table: {error}", place=str(path), remedy=REMEDY) from error
    if not set(LONG[:2]) <= set(whole.columns):
        return whole
    if "value" not in whole.columns:
        raise InputError("the column value is missing", place=str(path), remedy=REMEDY)
    if "to_region" not in whole.columns:
        return whole.set_index(list(LONG[:2]))["value"]
    last = "use" if final else "to_sector"
    if last not in whole.columns:
        raise InputError(f"the column {last} is missing", place=str(path), remedy=REMEDY)
    wide = whole.pivot_table(index=list(LONG[:2]), columns=["to_region", last], values="value", aggfunc="sum")
    return wide.fillna(0.0)


def _numbers(frame: Any, place: str) -> NDArray[np.float64]:
    """The cells of a frame, the first that is no number named."""
    try:
        return np.asarray(frame.to_numpy(dtype=float))
    except (TypeError, ValueError) as error:
        cells = frame.to_numpy(dtype=object)
        for at in np.ndindex(cells.shape):
            try:
                float(cells[at])
            except (TypeError, ValueError):
                row = "|".join(map(str, np.atleast_1d(frame.index[at[0]])))
                raise BadValue(
                    f"'{str(cells[at])[:40]}' is no number",
                    place=f"{place}, row {row}" + (f", column {at[1]}" if len(at) > 1 else ""),
                    remedy="put a number of 0 or more there",
                ) from error
        raise


def _labels(index: Any) -> list[tuple[str, str]]:
    made = []
    for label in index:
        parts = label.split("|") if isinstance(label, str) else label
        if not isinstance(parts, tuple | list) or len(parts) != 2:
            raise BadValue(f"{label!r} is no (region, sector)", place="labels", remedy=REMEDY)
        made.append((str(parts[0]), str(parts[1])))
    return made
