"""Home to the log: what was done, when; rows are added and never touched again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ytterby.store.database import Database
from ytterby.store.records import as_json, now


def append(db: Database, kind: str, detail: Mapping[str, Any] | None = None) -> None:
    """Add an entry; raises `BadValue` for a detail that JSON cannot hold."""
    db.execute(
        "INSERT INTO log (at, kind, detail) VALUES (?, ?, ?)", (now(), kind, as_json(detail or {}, f"log {kind}"))
    )


def all(db: Database, *, kind: str | None = None) -> list[dict[str, Any]]:  # noqa: A001
    """Entries, oldest first: number, at, kind, detail."""
    where, values = (" WHERE kind = ?", (kind,)) if kind is not None else ("", ())
    found = db.rows(f"SELECT number, at, kind, detail FROM log{where} ORDER BY number", values)
    return [{**row, "detail": json.loads(row["detail"])} for row in found]
