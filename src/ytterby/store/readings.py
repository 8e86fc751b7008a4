"""Home to what was read in a document: its text and, as JSON, its parts and passages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ytterby.store.database import Database
from ytterby.store.records import as_json


def put(db: Database, document: str, text: str, record: Mapping[str, Any]) -> None:
    """Keep the reading of a document, in the place of an earlier one; raises `BadValue` for what JSON cannot hold."""
    db.execute(
        "INSERT INTO readings (document, text, record) VALUES (?, ?, ?) "
        "ON CONFLICT (document) DO UPDATE SET text = excluded.text, record = excluded.record",
        (document, text, as_json(record, f"reading of {document[:12]}")),
    )


def get(db: Database, document: str) -> tuple[str, dict[str, Any]] | None:
    """Text and record of a document's reading, or None."""
    found = db.rows("SELECT text, record FROM readings WHERE document = ?", (document,))
    return (found[0]["text"], json.loads(found[0]["record"])) if found else None
