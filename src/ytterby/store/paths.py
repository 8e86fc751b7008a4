"""Home to paths: which document each file and address held when it was last looked at, or why it was refused."""

from __future__ import annotations

from typing import Any

from ytterby.store.database import Database
from ytterby.store.records import now


def note(
    db: Database,
    path: str,
    *,
    document: str = "",
    status: str = "read",
    error: str = "",
    etag: str = "",
    modified: str = "",
) -> None:
    """Enter what a path holds now. A refusal keeps the document of an earlier visit, and forgets its ETag."""
    kept = "CASE WHEN excluded.document = '' THEN paths.document ELSE excluded.document END"
    db.execute(
        "INSERT INTO paths (path, document, etag, modified, seen, status, error) VALUES (?, ?, ?, ?, ?, ?, ?) "
        f"ON CONFLICT (path) DO UPDATE SET document = {kept}, etag = excluded.etag, modified = excluded.modified, "
        "seen = excluded.seen, status = excluded.status, error = excluded.error",
        (path, document, etag, modified, now(), status, error),
    )


def get(db: Database, path: str) -> dict[str, Any] | None:
    """The entry of a path: document, etag, modified, seen, status, error; or None."""
    found = db.rows("SELECT * FROM paths WHERE path = ?", (path,))
    return found[0] if found else None


def of(db: Database, document: str) -> list[str]:
    """The paths a document was found at."""
    return [row["path"] for row in db.rows("SELECT path FROM paths WHERE document = ? ORDER BY path", (document,))]


def all(db: Database, *, status: str | None = None) -> list[dict[str, Any]]:  # noqa: A001
    """All entries, or those of one status, by path."""
    where, values = (" WHERE status = ?", (status,)) if status is not None else ("", ())
    return db.rows(f"SELECT * FROM paths{where} ORDER BY path", values)
