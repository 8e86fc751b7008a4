"""Home to rows for programs: what a page says, as JSON and as CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, final, overload

from ytterby.desk.blocks import Rows, flat
from ytterby.terms import plain as terms

Thing = TypeVar("Thing")


@final
class Told(Sequence[Mapping[str, Any]]):
    """Rows of many things, made only where somebody reads them: a page shows thirty of sixty thousand."""

    def __init__(self, things: Sequence[Thing], row: Callable[[Thing], Mapping[str, Any]]) -> None:
        self._things, self._row = things, row

    def __len__(self) -> int:
        return len(self._things)

    @overload
    def __getitem__(self, at: int) -> Mapping[str, Any]: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Mapping[str, Any]]: ...
    def __getitem__(self, at: int | slice) -> Mapping[str, Any] | Sequence[Mapping[str, Any]]:
        if isinstance(at, slice):
            return [self._row(one) for one in self._things[at]]
        return self._row(self._things[at])


def plain(value: Any) -> Any:
    """`value` as JSON knows it; what a page shows inline (a link, a chip) is its text."""
    return terms.plain(value, _inline)


def _inline(value: Any) -> Any:
    told = flat(value)
    return told if isinstance(told, str) and not isinstance(value, (list, tuple)) else value


def as_json(value: Any) -> bytes:
    """One JSON value; what is not a number becomes null."""
    text = json.dumps(plain(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # A lone surrogate has no bytes; it can only come from what somebody typed.
    return text.encode("utf-8", "replace")


def as_csv(rows: Rows) -> bytes:
    """Comma-separated rows under the names of their columns; lists joined by semicolons, nothing as nothing.

    Text that a spreadsheet would take for a formula gets an apostrophe before it: documents are written by strangers.
    """
    names = list(dict.fromkeys(str(name) for row in rows for name in row))
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(plain(row.get(name))) for name in names])
    return written.getvalue().encode("utf-8", "replace")


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and not any(isinstance(one, (dict, list)) for one in value):
        value = ";".join("" if one is None else str(one) for one in value)
    elif isinstance(value, (dict, list)):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, str):
        value = value.replace("\x00", "")
        return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") and len(value) > 1 else value
    return value
