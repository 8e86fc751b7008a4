"""Home to the list of documents that were read, version by version; their bytes are blobs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ytterby.store.database import Database
from ytterby.store.records import text_of
from ytterby.terms.errors import BadValue

_FIELDS = (
    *("id", "path", "title", "publisher", "date", "lang", "url", "blob"),
    *("work", "author", "media", "read_at", "extractor"),
)
_NEWEST = (
    "NOT EXISTS (SELECT 1 FROM documents AS later "
    "WHERE later.work = documents.work AND later.version > documents.version)"
)


def put(db: Database, record: Mapping[str, Any]) -> None:
    """Keep a document's entry by id (the SHA-256 of its bytes); raises `BadValue` where the id is missing.

    `work` is what versions of one document share (the id itself where it is not given), `version` counts from 1.
    """
    place = f"document {record.get('path') or record.get('id') or ''}".strip()
    known = {"work": record.get("id"), **{field: value for field, value in record.items() if value}}
    values: list[Any] = [text_of(known, field, place, None if field == "id" else "") for field in _FIELDS]
    version = record.get("version", 1)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise BadValue("'version' must be a number from 1", place=place, remedy="leave it out, or count from 1")
    renewed = ", ".join(f"{field} = excluded.{field}" for field in (*_FIELDS[1:], "version"))
    slots = ", ".join("?" * (len(_FIELDS) + 1))
    insert = f"INSERT INTO documents ({', '.join(_FIELDS)}, version) VALUES ({slots})"
    db.execute(f"{insert} ON CONFLICT (id) DO UPDATE SET {renewed}", [*values, version])


def get(db: Database, document: str) -> dict[str, Any] | None:
    """The entry with that id, or None."""
    found = db.rows("SELECT * FROM documents WHERE id = ?", (document,))
    return found[0] if found else None


def all(db: Database, *, newest: bool = False) -> list[dict[str, Any]]:  # noqa: A001
    """All entries, by date and id; with `newest` only the newest version of each work."""
    where = f" WHERE {_NEWEST}" if newest else ""
    return db.rows(f"SELECT * FROM documents{where} ORDER BY date, id")


def versions(db: Database, work: str) -> list[dict[str, Any]]:
    """The versions of a work, oldest first."""
    return db.rows("SELECT * FROM documents WHERE work = ? ORDER BY version", (work,))


def at(db: Database, url: str) -> list[dict[str, Any]]:
    """Newest versions at an address."""
    return db.rows(f"SELECT * FROM documents WHERE url = ? AND {_NEWEST} ORDER BY id", (url,))


def alike(
    db: Database, *, publisher: str, title: str, date: str, url: str = "", most: int = 20
) -> list[dict[str, Any]]:
    """Newest versions with that publisher, title and date; those of another address than `url` are left out."""
    if not (publisher and title):
        return []
    tests = "publisher = ? AND title = ? AND date = ? AND (url = '' OR ? = '' OR url = ?)"
    values = (publisher, title, date, url, url, most)
    return db.rows(f"SELECT * FROM documents WHERE {tests} AND {_NEWEST} ORDER BY id LIMIT ?", values)


def beginning(db: Database, prefix: str) -> list[dict[str, Any]]:
    """Entries whose id begins so; eight at most."""
    upto = prefix[:-1] + chr(ord(prefix[-1]) + 1) if prefix else ""
    return db.rows("SELECT * FROM documents WHERE id >= ? AND id < ? ORDER BY id LIMIT 8", (prefix, upto))


def renumber(db: Database, document: str, version: int) -> None:
    """Give an entry another number among the versions of its work."""
    db.execute("UPDATE documents SET version = ? WHERE id = ?", (version, document))
