"""Home to the database's schema, as numbered steps that each run once, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any, Protocol


class Base(Protocol):
    """What a step needs of a database."""

    def execute(self, sql: str, values: tuple[Any, ...] = (), /) -> None:
        """Run one statement."""

    def rows(self, sql: str, values: tuple[Any, ...] = (), /) -> list[dict[str, Any]]:
        """Rows of a query."""

    def transaction(self) -> AbstractContextManager[Any]:
        """All or nothing."""


Step = Callable[[Base], None]
STEPS: dict[int, tuple[str, Step]] = {}
"""Number to name and step, in order."""


def migration(number: int, name: str) -> Callable[[Step], Step]:
    """Enter a step under the next number."""

    def enter(step: Step) -> Step:
        if number != len(STEPS) + 1:
            raise ValueError(f"migration {number} ({name}) must have number {len(STEPS) + 1}")
        STEPS[number] = (name, step)
        return step

    return enter


def apply(database: Base) -> tuple[int, ...]:
    """Run the steps that this database has not seen; returns their numbers."""
    done: list[int] = []
    for number, (name, step) in STEPS.items():
        if _version(database) >= number:
            continue
        with database.transaction():
            # Another process may have run it while this one waited for the lock.
            if _version(database) >= number:
                continue
            step(database)
            now = datetime.now(UTC).isoformat(timespec="seconds")
            database.execute("INSERT INTO migrations (number, name, applied) VALUES (?, ?, ?)", (number, name, now))
            database.execute(f"PRAGMA user_version = {number}")
            done.append(number)
    return tuple(done)


def _version(database: Base) -> int:
    return int(database.rows("PRAGMA user_version")[0]["user_version"])


def _append_only(database: Base, table: str) -> None:
    """Triggers that refuse to change or remove rows, or to put a row in the place of another."""
    refuse = f"SELECT RAISE(ABORT, '{table} is append-only')"
    for change in ("UPDATE", "DELETE"):
        database.execute(f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} BEGIN {refuse}; END")
    database.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE number = NEW.number) BEGIN {refuse}; END"
    )


@migration(1, "first tables")
def _first(database: Base) -> None:
    database.execute(
        "CREATE TABLE migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied TEXT NOT NULL) STRICT"
    )
    database.execute(
        "CREATE TABLE documents (id TEXT PRIMARY KEY, path TEXT NOT NULL, title TEXT NOT NULL, "
        "publisher TEXT NOT NULL, date TEXT NOT NULL, lang TEXT NOT NULL, url TEXT NOT NULL, blob TEXT NOT NULL) STRICT"
    )
    database.execute(
        "CREATE TABLE claims (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, "
        "parameter TEXT NOT NULL, document TEXT NOT NULL, known TEXT NOT NULL, status TEXT NOT NULL, "
        "record TEXT NOT NULL CHECK (json_valid(record))) STRICT"
    )
    for column in ("kind", "parameter", "document", "known", "status"):
        database.execute(f"CREATE INDEX claims_{column} ON claims ({column})")
    database.execute(
        "CREATE TABLE reviews (number INTEGER PRIMARY KEY AUTOINCREMENT, claim TEXT NOT NULL REFERENCES claims (id), "
        "status TEXT NOT NULL, reviewer TEXT NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL) STRICT"
    )
    database.execute("CREATE INDEX reviews_claim ON reviews (claim)")
    database.execute(
        "CREATE TABLE log (number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, kind TEXT NOT NULL, "
        "detail TEXT NOT NULL CHECK (json_valid(detail))) STRICT"
    )
    database.execute(
        "CREATE TABLE runs (id TEXT PRIMARY KEY, scenario TEXT NOT NULL, path TEXT NOT NULL, created TEXT NOT NULL, "
        "seed INTEGER NOT NULL, draws INTEGER NOT NULL) STRICT"
    )
    _append_only(database, "log")
    _append_only(database, "reviews")


@migration(2, "documents as versions of a work, with what was read in them")
def _versions(database: Base) -> None:
    for column, kind in (
        ("work", "TEXT NOT NULL DEFAULT ''"),
        ("version", "INTEGER NOT NULL DEFAULT 1"),
        ("author", "TEXT NOT NULL DEFAULT ''"),
        ("media", "TEXT NOT NULL DEFAULT ''"),
        ("read_at", "TEXT NOT NULL DEFAULT ''"),
        ("extractor", "TEXT NOT NULL DEFAULT ''"),
    ):
        database.execute(f"ALTER TABLE documents ADD COLUMN {column} {kind}")
    database.execute("CREATE INDEX documents_work ON documents (work, version)")
    database.execute(
        "CREATE TABLE readings (document TEXT PRIMARY KEY REFERENCES documents (id), text TEXT NOT NULL, "
        "record TEXT NOT NULL CHECK (json_valid(record))) STRICT"
    )
    database.execute(
        "CREATE TABLE paths (path TEXT PRIMARY KEY, document TEXT NOT NULL, etag TEXT NOT NULL DEFAULT '', "
        "modified TEXT NOT NULL DEFAULT '', seen TEXT NOT NULL DEFAULT '', status TEXT NOT NULL DEFAULT 'read', "
        "error TEXT NOT NULL DEFAULT '') STRICT"
    )
    database.execute("CREATE INDEX paths_document ON paths (document)")
    database.execute("CREATE INDEX documents_title ON documents (publisher, title)")
    database.execute("CREATE INDEX documents_url ON documents (url)")
    # Why a claim no longer counts: its document has a newer version, or a newer reader no longer finds it.
    database.execute("ALTER TABLE claims ADD COLUMN superseded TEXT NOT NULL DEFAULT ''")


@migration(3, "search over entries")
def _search(database: Base) -> None:
    database.execute(
        "CREATE TABLE entries (number INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT NOT NULL, id TEXT NOT NULL, "
        "document TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, folded TEXT NOT NULL, lang TEXT NOT NULL, "
        "date TEXT NOT NULL, start INTEGER NOT NULL, passages TEXT NOT NULL CHECK (json_valid(passages)), "
        "current INTEGER NOT NULL DEFAULT 1) STRICT"
    )
    database.execute("CREATE INDEX entries_id ON entries (type, id)")
    database.execute("CREATE INDEX entries_document ON entries (document)")
    # Words come cut already (store.searches); an index without positions and sizes is a third of FTS5's own.
    for table in ("document_words", "record_words"):
        database.execute(
            f"CREATE VIRTUAL TABLE {table} USING fts5 (title, body, marks, content = '', columnsize = 0, "
            "detail = column, tokenize = \"ascii tokenchars '_'\")"
        )


@migration(4, "what the search has not seen yet")
def _due(database: Base) -> None:
    database.execute("CREATE TABLE search_due (document TEXT PRIMARY KEY) STRICT")
    database.execute("CREATE TABLE search_state (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT")
    database.execute("INSERT INTO search_due SELECT id FROM documents")
    for table, column in (("documents", "id"), ("readings", "document")):
        for change in ("INSERT", "UPDATE"):
            database.execute(
                f"CREATE TRIGGER {table}_{change.lower()}_due AFTER {change} ON {table} "
                # Not OR IGNORE: the statement that fires a trigger imposes its own way with conflicts.
                f"BEGIN INSERT INTO search_due SELECT NEW.{column} "
                f"WHERE NOT EXISTS (SELECT 1 FROM search_due WHERE document = NEW.{column}); END"
            )


@migration(5, "what people decided about names of parties")
def _screenings(database: Base) -> None:
    database.execute(
        "CREATE TABLE screenings (number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, name TEXT NOT NULL, "
        "party TEXT NOT NULL, list TEXT NOT NULL, reviewer TEXT NOT NULL, reason TEXT NOT NULL, "
        "at TEXT NOT NULL) STRICT"
    )
    database.execute("CREATE INDEX screenings_key ON screenings (key)")
    _append_only(database, "screenings")


@migration(6, "what watches did")
def _watches(database: Base) -> None:
    database.execute(
        "CREATE TABLE watches (number INTEGER PRIMARY KEY AUTOINCREMENT, workflow TEXT NOT NULL, step TEXT NOT NULL, "
        "key TEXT NOT NULL, record TEXT NOT NULL CHECK (json_valid(record)), at TEXT NOT NULL) STRICT"
    )
    # A step is done once: whoever comes second finds it done.
    database.execute("CREATE UNIQUE INDEX watches_once ON watches (workflow, step, key)")
    _append_only(database, "watches")


NEWEST = len(STEPS)
"""Number of the newest schema."""
