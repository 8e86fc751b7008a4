"""Home to the list of documents that were read; their bytes are blobs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ytterby.store.database import Database
from ytterby.store.records import text_of

_FIELDS = ("id", "path", "title", "publisher", "date", "lang", "url", "blob")


def put(db: Database, record: Mapping[str, Any]) -> None:
    """Keep a document's entry by id (the SHA-256 of its bytes); raises `BadValue` where the id is missing."""
    place = f"document {record.get('path') or record.get('id') or ''}".strip()
    values = [text_of(record, field, place, None if field == "id" else "") for field in _FIELDS]
    renewed = ", ".join(f"{field} = excluded.{field}" for field in _FIELDS[1:])
    db.execute(
        f"INSERT INTO documents ({', '.join(_FIELDS)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
        f"ON CONFLICT (id) DO UPDATE SET {renewed}",
        values,
    )


def all(db: Database) -> list[dict[str, Any]]:  # noqa: A001
    """All entries, by date and id."""
    return db.rows("SELECT * FROM documents ORDER BY date, id")
