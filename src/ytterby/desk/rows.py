"""Home to rows for programs: what a page says, as JSON and as CSV."""

from __future__ import annotations

import csv
import dataclasses
import datetime
import io
import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ytterby.desk.blocks import Rows, flat


def plain(value: Any) -> Any:
    """`value` as JSON knows it: records become objects, days ISO text, NaN null.

    >>> plain({"day": datetime.date(2025, 4, 4), "share": float("nan"), "elements": ("Dy", "Tb")})
    {'day': '2025-04-04', 'share': None, 'elements': ['Dy', 'Tb']}
    """
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if hasattr(value, "to_dict"):
        return plain(value.to_dict())
    if hasattr(value, "model_dump"):
        return plain(value.model_dump())
    if flat(value) is not value and isinstance(flat(value), str) and not isinstance(value, (list, tuple)):
        return flat(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, Iterable):
        return [plain(item) for item in value]
    return str(value)


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
