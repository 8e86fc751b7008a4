"""Home to what people decided about claims: appended, never changed."""

from __future__ import annotations

import json
from typing import Any

from ytterby.store.database import Database
from ytterby.store.records import as_json, now
from ytterby.terms.errors import BadValue, UnknownName

STATUSES = ("pending", "accepted", "rejected")


def add(db: Database, claim: str, status: str, *, reviewer: str, reason: str = "", when: str = "") -> None:
    """Enter a verdict and let the claim carry it.

    Raises `UnknownName` for a claim that is not kept or a status that is none, `BadValue` without a reviewer.
    """
    if status not in STATUSES:
        raise UnknownName(status, STATUSES, "status", f"review of {claim}")
    if not reviewer.strip():
        raise BadValue("a review needs a reviewer", place=f"review of {claim}", remedy="say who decided")
    at = when or now()
    with db.transaction():
        found = db.rows("SELECT record FROM claims WHERE id = ?", (claim,))
        if not found:
            raise UnknownName(claim, (), "claim", str(db.path))
        record: dict[str, Any] = json.loads(found[0]["record"])
        record |= _fields(status, reviewer, reason, at)
        db.execute(
            "INSERT INTO reviews (claim, status, reviewer, reason, at) VALUES (?, ?, ?, ?, ?)",
            (claim, status, reviewer, reason, at),
        )
        db.execute(
            "UPDATE claims SET status = ?, record = ? WHERE id = ?",
            (status, as_json(record, f"claim {claim}"), claim),
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
