"""Home to the project's database: one SQLite file in WAL mode, looked over before it is written to.

A file that is cut short, is no SQLite file, belongs to something else or was made by a later Ytterby is refused with a
`StoreError` and left exactly as it is.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from ytterby.store import migrations
from ytterby.store.disk import settle, told
from ytterby.store.folder import Folder
from ytterby.terms.errors import StoreError

APPLICATION = 0x59747472
"""Written into the file's header: the database is Ytterby's ("Yttr")."""

_MAGIC = b"SQLite format 3\0"
_HEADER = 100
_OUTER = ("BEGIN IMMEDIATE", "COMMIT", ("ROLLBACK",))
_NESTED = ("SAVEPOINT inner", "RELEASE inner", ("ROLLBACK TO inner", "RELEASE inner"))
_PAUSES = (0.02, 0.08, 0.3)
"""Seconds between looks at a file that seems damaged."""
_ALWAYS_CHECKED = 32 * 2**20
"""Files up to this many bytes are checked page by page at every opening; it takes some milliseconds."""


_GONE = (0, 0)
_OPEN: Counter[tuple[int, int]] = Counter()
"""Connections of this process by device and inode. Where one is open the file is not read beside SQLite: closing any
handle on it would drop the locks of all (POSIX), and another process could then write over what this one writes."""
_COUNTING = threading.Lock()


def _key(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return _GONE
    return found.st_dev, found.st_ino


class Database:
    """An open database; a context manager that closes it."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self.connection = connection
        self._counted = _key(path)
        with _COUNTING:
            _OPEN[self._counted] += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; closing twice does nothing."""
        self.connection.close()
        with _COUNTING:
            _OPEN[self._counted] -= self._counted != _GONE
            self._counted = _GONE

    def execute(self, sql: str, values: Sequence[Any] = ()) -> None:
        """Run one statement; raises `StoreError`."""
        with _telling(self.path):
            self.connection.execute(sql, values)

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for many rows; raises `StoreError`."""
        with _telling(self.path):
            self.connection.executemany(sql, rows)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Rows of a query as dicts by column; raises `StoreError`."""
        with _telling(self.path):
            return [dict(row) for row in self.connection.execute(sql, values)]

    @contextmanager
    def transaction(self) -> Iterator[Self]:
        """All statements of the block or none of them, also when it stands inside another transaction."""
        inside = self.connection.in_transaction
        begin, commit, undo = _NESTED if inside else _OUTER
        self.execute(begin)
        try:
            yield self
            self.execute(commit)
        except BaseException:
            # A full disk makes SQLite undo everything by itself; then there is nothing left to undo.
            if self.connection.in_transaction:
                with suppress(sqlite3.Error):
                    for statement in undo:
                        self.connection.execute(statement)
            raise


def open(folder: Folder, *, read_only: bool = False, wait: float = 10.0) -> Database:  # noqa: A001
    """The project's database, made when missing, brought to the newest schema.

    Where nobody can write into its folder (a read-only or full disk, another's project) it is opened for reading, and
    the first change says so.

    Args:
        folder: the project.
        read_only: refuse every change.
        wait: seconds to wait for another process that is writing.

    Raises `StoreError` when the file is damaged, foreign, of a later schema, locked, or cannot be written to.
    """
    path = folder.database
    if not path.exists():
        if read_only:
            raise StoreError(
                "there is no database yet", place=str(path), remedy="run a command that reads or writes claims"
            )
        _create(path)
    if not _OPEN[_key(path)]:
        _look_over(path)
    if read_only:
        return Database(path, _connect(path, _reading(path), wait))
    if not os.access(path.parent, os.W_OK):
        return _shut(path, _reading(path), wait)
    try:
        return _ready(path, wait)
    except StoreError as error:
        if not _without_room(path, error):
            raise
        return _shut(path, _ALONE, wait)


def _ready(path: Path, wait: float) -> Database:
    database = Database(path, _connect(path, "mode=rw", wait))
    try:
        database.execute("PRAGMA journal_mode = WAL")
        migrations.apply(database)
    except BaseException:
        database.close()
        raise
    return database


def _shut(path: Path, how: str, wait: float) -> Database:
    """A database that can only be read; one of an older schema cannot, for it would have to be changed first."""
    database = Database(path, _connect(path, how, wait))
    try:
        schema = database.rows("PRAGMA user_version")[0]["user_version"]
        if schema < migrations.NEWEST:
            cause = f"the database is of an older Ytterby (schema {schema}), and cannot be written to"
            raise StoreError(cause, place=str(path), remedy="make its folder writable, or copy the project elsewhere")
    except BaseException:
        database.close()
        raise
    return database


def _connect(path: Path, how: str, wait: float) -> sqlite3.Connection:
    with _telling(path):
        connection = sqlite3.connect(f"{path.as_uri()}?{how}", uri=True, isolation_level=None, timeout=wait)
        connection.row_factory = sqlite3.Row
        connection.execute(f"PRAGMA busy_timeout = {int(wait * 1000)}")
        connection.execute("PRAGMA foreign_keys = ON")
        # Without this, INSERT OR REPLACE would slip past the triggers that keep the log append-only.
        connection.execute("PRAGMA recursive_triggers = ON")
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection


def _create(path: Path) -> None:
    """Make the file whole beside its place, then give it its name: an empty file is therefore always damage."""
    work = path.with_name(f".{path.name}.part-{secrets.token_hex(6)}")
    try:
        database = Database(work, _connect(work, "mode=rwc", 1.0))
        try:
            database.execute(f"PRAGMA application_id = {APPLICATION}")
            database.execute("PRAGMA journal_mode = WAL")
            migrations.apply(database)
        finally:
            database.close()
        settle(work)
        try:
            os.link(work, path)
        except FileExistsError:
            return
        except OSError:
            os.rename(work, path)
        settle(path.parent)
    except OSError as error:
        raise told(error, "make the database", path) from error
    except StoreError as error:
        raise StoreError(error.cause, place=str(path), remedy=error.remedy) from error
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):
            with suppress(OSError):
                work.with_name(work.name + ending).unlink()


def _look_over(path: Path) -> None:
    """Refuse a file that must not be written to; nothing is changed in any case."""
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER)
        size = path.stat().st_size
        unclean = any(_size(path, ending) for ending in ("-wal", "-journal"))
    except OSError as error:
        raise told(error, "read the database", path) from error
    if size < _HEADER and _MAGIC.startswith(header[:16]):
        raise _damaged(path, f"it is cut short: {size} bytes are left")
    if not header.startswith(_MAGIC):
        raise StoreError(
            "the file is not an SQLite database",
            place=str(path),
            remedy="move it aside and put a copy of the database back, or run again to start a new one",
        )
    pages = _pages(header)
    if pages and size < pages[0] * pages[1] and not unclean:
        raise _damaged(path, f"it is cut short: {size} of {pages[0] * pages[1]} bytes are left")
    thorough = unclean or size <= _ALWAYS_CHECKED
    for pause in _PAUSES:
        try:
            return _inspect(path, _reading(path), thorough=thorough)
        except StoreError:
            # It may have been half of somebody's change, who opened or closed the file while it was looked at: whether
            # there is a WAL was asked a moment before. What is really damaged stays so.
            time.sleep(pause)
            thorough = True
    # The last look takes SQLite's own lock, so that nobody writes meanwhile.
    try:
        return _inspect(path, "mode=ro" if os.access(path.parent, os.W_OK) else _reading(path), thorough=True)
    except StoreError as error:
        if not _without_room(path, error):
            raise
        return _inspect(path, _ALONE, thorough=True)


def _inspect(path: Path, how: str, *, thorough: bool) -> None:
    connection = _connect(path, how, 10.0)
    try:
        with _telling(path):
            application = connection.execute("PRAGMA application_id").fetchone()[0]
            schema = connection.execute("PRAGMA user_version").fetchone()[0]
            verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0] if thorough else "ok"
    finally:
        connection.close()
    if application != APPLICATION:
        remedy = "move it aside; run again to start a new database"
        raise StoreError("the database belongs to another program", place=str(path), remedy=remedy)
    if verdict != "ok":
        raise _damaged(path, " ".join(str(verdict).splitlines()[:2]))
    if schema > migrations.NEWEST:
        raise StoreError(
            f"the database was made by a later Ytterby (schema {schema}, this one knows {migrations.NEWEST})",
            place=str(path),
            remedy="install the later version; the file was left as it is",
        )


def _reading(path: Path) -> str:
    """How to open for reading: without a WAL beside it a file needs no lock, and then a read-only disk will do."""
    return "mode=ro" if path.with_name(path.name + "-wal").exists() else _ALONE


def _size(path: Path, ending: str) -> int:
    beside = path.with_name(path.name + ending)
    return beside.stat().st_size if beside.exists() else 0


def _pages(header: bytes) -> tuple[int, int] | None:
    """Page size and number of pages as the header has them; None where it does not vouch for the number."""
    (size,) = struct.unpack(">H", header[16:18])
    changed, count = struct.unpack(">II", header[24:32])
    (valid_for,) = struct.unpack(">I", header[92:96])
    return (65_536 if size == 1 else size, count) if changed == valid_for and count else None


def _damaged(path: Path, how: str) -> StoreError:
    return StoreError(
        f"the database is damaged: {how}",
        place=str(path),
        remedy="put a copy back, or move the file aside and run again to start a new one; it was left as it is",
    )


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    """Errors of SQLite told as `StoreError`."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise _told(error, path) from error


_ALONE = "mode=ro&immutable=1"
"""How to open a file for reading without any beside it."""
_NO_ROOM = frozenset({sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY})


def _without_room(path: Path, error: StoreError) -> bool:
    """Whether only the files that SQLite lays beside a database found no room: the database itself still can be read,
    unless what was last written stands in one of them.
    """
    return _code(error.__cause__) in _NO_ROOM and not _size(path, "-wal") and not _size(path, "-journal")


def _code(error: BaseException | None) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _told(error: sqlite3.DatabaseError, path: Path) -> StoreError:
    code = _code(error)
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return _damaged(path, str(error))
    cause, remedy = {
        sqlite3.SQLITE_BUSY: ("another process is writing to the database", "wait for it to end and try again"),
        sqlite3.SQLITE_LOCKED: ("the database is locked", "wait for the other command to end and try again"),
        sqlite3.SQLITE_READONLY: (
            "the database cannot be written to; nothing was changed",
            "check the rights of the file and its folder, and the room on the disk",
        ),
        sqlite3.SQLITE_FULL: ("the disk is full; nothing was changed", "free some space and try again"),
        sqlite3.SQLITE_CANTOPEN: ("the database cannot be opened", "check the rights of the file and its folder"),
        sqlite3.SQLITE_IOERR: ("the disk failed while reading or writing; nothing was changed", "check the disk"),
        sqlite3.SQLITE_CONSTRAINT: (f"the database refused the change: {error}", "nothing was changed"),
    }.get(code, (f"the database refused: {error}", "nothing was changed"))
    return StoreError(cause, place=str(path), remedy=remedy)
