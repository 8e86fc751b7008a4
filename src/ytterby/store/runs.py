"""Home to the list of runs; each run itself is a folder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ytterby.store.database import Database
from ytterby.store.records import now, text_of
from ytterby.terms.errors import BadValue


def put(db: Database, record: Mapping[str, Any]) -> None:
    """Keep a run's entry by id: id, scenario, path, seed, draws, created (now, when missing). Raises `BadValue`."""
    place = f"run {record.get('id') or ''}".strip()
    numbers = [record.get(field) for field in ("seed", "draws")]
    if any(not isinstance(number, int) or isinstance(number, bool) for number in numbers):
        raise BadValue("'seed' and 'draws' must be whole numbers", place=place, remedy="give both")
    created = text_of(record, "created", place, "") or now()
    names = [text_of(record, field, place) for field in ("id", "scenario", "path")]
    db.execute(
        "INSERT INTO runs (id, scenario, path, created, seed, draws) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET scenario = excluded.scenario, path = excluded.path",
        (*names, created, *numbers),
    )


def all(db: Database) -> list[dict[str, Any]]:  # noqa: A001
    """All entries, oldest first."""
    return db.rows("SELECT * FROM runs ORDER BY created, id")
