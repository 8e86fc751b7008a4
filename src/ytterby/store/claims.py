"""Home to claims at rest: plain records by id, never deleted.

Six fields are known here (`id`, `kind`, `parameter`, `document`, `known`, `status`); the rest is kept as given.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from ytterby.store import reviews
from ytterby.store.database import Database
from ytterby.store.records import as_json, text_of

_PUT = """
INSERT INTO claims (id, kind, parameter, document, known, status, record) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, parameter = excluded.parameter, document = excluded.document,
known = excluded.known, status = excluded.status, record = excluded.record
"""


def put(db: Database, records: Iterable[Mapping[str, Any]]) -> int:
    """Keep records, taking the place of those with the same id; returns how many.

    All or none: a bad record raises `BadValue` and nothing changes. The verdict of the latest review stands, whatever
    the new record says of its status.
    """
    with db.transaction():
        verdicts = reviews.latest(db)
        rows = [_row({**record, **verdicts.get(str(record.get("id")), {})}, at) for at, record in enumerate(records, 1)]
        db.execute_many(_PUT, rows)
    return len(rows)


def all(  # noqa: A001 - store.claims.all reads as it should
    db: Database,
    *,
    kind: str | None = None,
    parameter: str | None = None,
    document: str | None = None,
    status: str | None = None,
    known: date | str | None = None,
    superseded: bool | None = None,
) -> list[dict[str, Any]]:
    """Records that fit every condition given, in the order they first came.

    `superseded` keeps the claims that no longer count (True) or those that do (False); None keeps both.
    `known` keeps what was known on that day or before (ISO date); a record without such a date is then left out.
    """
    wanted = {"kind": kind, "parameter": parameter, "document": document, "status": status}
    given = {column: value for column, value in wanted.items() if value is not None}
    tests = [f"{column} = ?" for column in given]
    values = list(given.values())
    if known is not None:
        tests.append("known <> '' AND known <= ?")
        values.append(known if isinstance(known, str) else known.isoformat())
    if superseded is not None:
        tests.append("superseded <> ''" if superseded else "superseded = ''")
    where = f" WHERE {' AND '.join(tests)}" if tests else ""
    found = db.rows(f"SELECT record FROM claims{where} ORDER BY number", values)
    return [json.loads(row["record"]) for row in found]


def get(db: Database, claim: str) -> dict[str, Any] | None:
    """The record with that id, or None."""
    found = db.rows("SELECT record FROM claims WHERE id = ?", (claim,))
    return json.loads(found[0]["record"]) if found else None


def supersede(db: Database, document: str, why: str, keep: Iterable[str] = ()) -> None:
    """Say why a document's claims no longer count; empty `why` lets them count again. Those in `keep` count anyway."""
    kept = set(keep)
    db.execute("UPDATE claims SET superseded = ? WHERE document = ?", (why, document))
    db.execute_many("UPDATE claims SET superseded = '' WHERE id = ?", [(one,) for one in sorted(kept)])


def superseded(db: Database) -> dict[str, str]:
    """Why each claim that no longer counts does not, by id."""
    found = db.rows("SELECT id, superseded FROM claims WHERE superseded <> '' ORDER BY number")
    return {row["id"]: row["superseded"] for row in found}


def count(db: Database) -> int:
    """How many records are kept."""
    return int(db.rows("SELECT count(*) AS n FROM claims")[0]["n"])


def _row(record: dict[str, Any], at: int) -> tuple[str, ...]:
    place = f"claim {record['id']}" if isinstance(record.get("id"), str) else f"record {at}"
    name = text_of(record, "id", place)
    others = [text_of(record, field, place, "") for field in ("kind", "parameter", "document", "known", "status")]
    return (name, *others, as_json(record, place))
