"""Home to plain records on their way into the database: checked, and written as JSON with one spelling."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ytterby.terms.errors import BadValue, shown


def as_json(record: Mapping[str, Any], place: str) -> str:
    """A record as JSON; raises `BadValue` for what JSON cannot hold (NaN, infinity, objects, broken text)."""
    try:
        text = json.dumps(record, ensure_ascii=False, allow_nan=False, sort_keys=False)
        text.encode("utf-8")
    except (TypeError, ValueError, RecursionError) as error:
        raise BadValue(
            f"the record cannot be kept: {shown(str(error))}",
            place=place,
            remedy="give plain text, numbers, lists and null",
        ) from error
    return text


def text_of(record: Mapping[str, Any], field: str, place: str, default: str | None = None) -> str:
    """A text field of a record; raises `BadValue` where it is missing (without a default) or of another kind."""
    value = record.get(field, default)
    if value is None and default is not None:
        value = default
    if not isinstance(value, str) or (default is None and not value):
        raise BadValue(f"'{field}' must be text", place=place, remedy=f"give the record a field '{field}'")
    return value


def now() -> str:
    """The present moment, UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="microseconds")
