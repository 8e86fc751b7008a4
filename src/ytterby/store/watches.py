"""Home to what standing watches did: each step of a workflow once, appended and never changed.

A step is named by its workflow, its kind and a key; entering one that is there changes nothing. A watch that was killed
reads here what it had finished, and does the rest.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ytterby.store.database import Database
from ytterby.store.records import as_json, now


def enter(db: Database, workflow: str, step: str, key: str, record: Mapping[str, Any]) -> bool:
    """Keeps a step; False where it was kept before, and then nothing changes.

    Raises `BadValue` for a record that JSON cannot hold.
    """
    text = as_json(record, f"watch {workflow}, {step} {key}")
    with db.transaction():
        if find(db, workflow, step, key) is not None:
            return False
        db.execute(
            "INSERT INTO watches (workflow, step, key, record, at) VALUES (?, ?, ?, ?, ?)",
            (workflow, step, key, text, now()),
        )
    return True


def find(db: Database, workflow: str, step: str, key: str) -> dict[str, Any] | None:
    """A step by its name: number, workflow, step, key, record, at; None where it was not done."""
    found = _rows(db, "workflow = ? AND step = ? AND key = ?", (workflow, step, key))
    return found[0] if found else None


def all(db: Database, workflow: str, step: str) -> list[dict[str, Any]]:  # noqa: A001
    """The steps of one kind of a workflow, oldest first."""
    return _rows(db, "workflow = ? AND step = ?", (workflow, step))


def everywhere(db: Database, step: str) -> list[dict[str, Any]]:
    """The steps of one kind of every workflow, oldest first."""
    return _rows(db, "step = ?", (step,))


def workflows(db: Database) -> list[str]:
    """The workflows that ever did a step, in order of name."""
    return [str(row["workflow"]) for row in db.rows("SELECT DISTINCT workflow FROM watches ORDER BY workflow")]


def keys(db: Database, workflow: str, step: str) -> frozenset[str]:
    """The keys of the steps of one kind, without their records."""
    sql = "SELECT key FROM watches WHERE workflow = ? AND step = ?"
    return frozenset(str(row["key"]) for row in db.rows(sql, (workflow, step)))


def _rows(db: Database, where: str, values: tuple[str, ...]) -> list[dict[str, Any]]:
    sql = f"SELECT number, workflow, step, key, record, at FROM watches WHERE {where} ORDER BY number"
    return [{**row, "record": json.loads(row["record"])} for row in db.rows(sql, values)]
