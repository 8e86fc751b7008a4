"""Home to what people decided about claims: appended, never changed.

A review counts from the moment it is entered until the next one of the same claim. What stood on an earlier day can be
asked for (`as_of`): reviews are ours, claims are the world's, so a knowledge date looks at claims, and only who asks
for the reviews of a day gets those.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from ytterby.store.database import Database
from ytterby.store.records import as_json, now
from ytterby.terms.errors import BadValue, UnknownName

STATUSES = ("pending", "accepted", "rejected")


def add(db: Database, claim: str, status: str, *, reviewer: str, reason: str = "", when: str = "") -> None:
    """Enter a verdict and let the claim carry it.

    Raises `UnknownName` for a claim that is not kept or a status that is none, `BadValue` without a reviewer.
    """
    _check(status, reviewer, f"review of {claim}")
    with db.transaction():
        found = db.rows("SELECT record FROM claims WHERE id = ?", (claim,))
        if not found:
            raise UnknownName(claim, (), "claim", str(db.path))
        _enter(db, claim, found[0]["record"], _fields(status, reviewer, reason, when or now()))


def reopen(db: Database, claim: str, *, reviewer: str, reason: str = "", when: str = "") -> None:
    """Take a verdict back: the claim waits again. The verdict itself stays on record. Raises as `add`."""
    add(db, claim, "pending", reviewer=reviewer, reason=reason, when=when)


def bulk(
    db: Database,
    status: str,
    *,
    reviewer: str,
    reason: str = "",
    document: str | None = None,
    kind: str | None = None,
    parameter: str | None = None,
    waiting: bool = True,
    when: str = "",
) -> list[str]:
    """Enter one verdict on every claim that fits, all or none.

    Args:
        db: the project's database.
        status: the verdict.
        reviewer: who decided.
        reason: why.
        document: only claims of that document.
        kind: only claims of that kind.
        parameter: only claims of that parameter.
        waiting: only claims nobody has decided on; without it a verdict may be overturned.
        when: the moment, ISO; now without it.

    Returns:
        The ids decided on, in the order they were read. Raises as `add`, and `BadValue` where nothing is named: a
        verdict on everything at once is no review.
    """
    named = {"document": document, "kind": kind, "parameter": parameter}
    given = {column: value for column, value in named.items() if value}
    place = f"review of {', '.join(f'{column} {value}' for column, value in given.items())}"
    _check(status, reviewer, place)
    if not given:
        raise BadValue(
            "a review of many claims names none", place="review", remedy="name a document, kind or parameter"
        )
    tests = [f"{column} = ?" for column in given] + (["status = 'pending'"] if waiting else [])
    fields = _fields(status, reviewer, reason, when or now())
    with db.transaction():
        sql = f"SELECT id, record FROM claims WHERE {' AND '.join(tests)} ORDER BY number"
        found = db.rows(sql, list(given.values()))
        for row in found:
            _enter(db, row["id"], row["record"], fields)
    return [row["id"] for row in found]


def as_of(db: Database, records: Iterable[Mapping[str, Any]], day: date | str) -> list[dict[str, Any]]:
    """The records with the verdicts that stood at the end of a day (UTC); what was decided later is pending again.

    A record nobody ever reviewed keeps its status: rows of tables are accepted without a review.
    """
    stood = standing(db, day)
    return [{**record, **stood[record["id"]]} if record["id"] in stood else dict(record) for record in records]


def standing(db: Database, day: date | str) -> dict[str, dict[str, str]]:
    """Per claim that was ever reviewed, the fields of the verdict that stood at the end of a day or second (UTC).

    Where the first review came later: status `pending` and nothing else. A second is written ``2026-11-21T22:12:53``.
    """
    end = day if isinstance(day, str) else day.isoformat()
    rows = db.rows("SELECT claim, status, reviewer, reason, at FROM reviews ORDER BY number")
    blank = {row["claim"]: _fields("pending", "", "", "") for row in rows}
    return blank | {
        row["claim"]: _fields(row["status"], row["reviewer"], row["reason"], row["at"])
        for row in rows
        if row["at"][: len(end)] <= end
    }


def _check(status: str, reviewer: str, place: str) -> None:
    if status not in STATUSES:
        raise UnknownName(status, STATUSES, "status", place)
    if not reviewer.strip():
        raise BadValue("a review needs a reviewer", place=place, remedy="say who decided")


def _enter(db: Database, claim: str, kept: str, fields: Mapping[str, str]) -> None:
    record: dict[str, Any] = json.loads(kept) | fields
    db.execute(
        "INSERT INTO reviews (claim, status, reviewer, reason, at) VALUES (?, ?, ?, ?, ?)",
        (claim, fields["status"], fields["reviewer"], fields["reason"], fields["when"]),
    )
    db.execute(
        "UPDATE claims SET status = ?, record = ? WHERE id = ?",
        (fields["status"], as_json(record, f"claim {claim}"), claim),
    )


def of(db: Database, claim: str) -> list[dict[str, Any]]:
    """All reviews of a claim, oldest first: claim, status, reviewer, reason, at."""
    sql = "SELECT claim, status, reviewer, reason, at FROM reviews WHERE claim = ? ORDER BY number"
    return db.rows(sql, (claim,))


def latest(db: Database) -> dict[str, dict[str, str]]:
    """Per reviewed claim the fields its last review gives it: status, reviewer, reason, when."""
    found = db.rows("SELECT claim, status, reviewer, reason, at FROM reviews ORDER BY number")
    return {row["claim"]: _fields(row["status"], row["reviewer"], row["reason"], row["at"]) for row in found}


def _fields(status: str, reviewer: str, reason: str, at: str) -> dict[str, str]:
    return {"status": status, "reviewer": reviewer, "reason": reason, "when": at}
