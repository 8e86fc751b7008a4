"""Home to the ledger's index: where each event stands, and which ones a question is about. SQLite in WAL mode.

Nothing is in it that the log does not say: whenever it is lost, behind or damaged it is made again from the log. Names
of events and lots stand in it as hashes of 64 bits; whoever looks one up makes sure in the event itself. Events lie in
blocks of columns (a row of SQLite for each would take longer than reading the event did).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from ytterby.custody.ledger import runs, seal
from ytterby.custody.ledger.rows import CELLS, PIECES, WORDED, Rows
from ytterby.terms.errors import StoreError

LAYOUT = 1
AT = 8
"""A lot stands at `sequence * AT + role`."""
TAIL = 50_000
"""Newest events whose names and lots are not yet in the sorted runs."""
TAIL_BLOCKS = 256
"""So many small blocks at the most before they become one."""
_PAGES = 8_000
"""Pages that gather beside the file before they are moved into it: each then moves once, not once a batch."""

_TABLES = f"""
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE words (code INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE);
CREATE TABLE blocks (
  first INTEGER PRIMARY KEY, count INTEGER NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL,
  cells BLOB NOT NULL, pieces BLOB NOT NULL
);
{runs.TABLE.format(name="names")}
{runs.TABLE.format(name="lots")}
CREATE TABLE parts (digest BLOB PRIMARY KEY, events INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE refusals (digest BLOB PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
"""


class Block(NamedTuple):
    """Consecutive events."""

    first: int
    cells: NDArray[Any]


@final
class Index:
    """The open index."""

    size: int
    """Events in it."""
    refused: int
    """Refusals in it."""
    sorted: int
    """Events whose names and lots are in the runs."""

    def __init__(self, path: Path, *, write: bool = False, ledger: str = "") -> None:
        """Opens the index; for writing it is made where it is missing, damaged or of another ledger.

        Raises:
            StoreError: it cannot be read.
        """
        self.path = path
        self.write = write
        self._counted = False
        if write:
            seal.lift(path)
        try:
            self._open(ledger)
        except (sqlite3.DatabaseError, _Foreign) as error:
            self._drop()
            if not write:
                raise StoreError(
                    f"the ledger's index cannot be read: {error}",
                    place=str(path),
                    remedy="'ytterby ledger verify' says more; the next capture makes it again from the log",
                ) from error
            self._anew(ledger)

    def _open(self, ledger: str) -> None:
        self._connection = self._connected()
        if self.write:
            self._prepared(ledger)
        found = dict(self._connection.execute("SELECT name, value FROM meta"))
        if found.get("layout") != LAYOUT or (ledger and found.get("ledger") != ledger):
            raise _Foreign("it belongs to another ledger")
        self._words: dict[str, int] = dict(self._connection.execute("SELECT word, code FROM words"))
        self.size, self.refused, self.sorted = (int(found[name]) for name in ("size", "refused", "sorted"))
        self._names = runs.Runs(self._connection, "names")
        self._lots = runs.Runs(self._connection, "lots")
        self._tail = np.zeros(0, "<i8")
        if self.write:
            self._names.hold()
            newest = [block.cells["name"] for block in self.blocks(self.sorted)]
            self._tail = np.sort(np.concatenate([self._tail, *newest]))

    def _connected(self) -> sqlite3.Connection:
        how = "rwc" if self.write else "rw"
        if not self.write and not os.access(self.path.parent, os.W_OK):
            how = "ro" if self.path.with_name(self.path.name + "-wal").exists() else "ro&immutable=1"
        address = f"{self.path.absolute().as_uri()}?mode={how}"
        connection = sqlite3.connect(address, uri=True, isolation_level=None, timeout=20.0, check_same_thread=False)
        seal.opened(self.path)
        self._counted = True
        if not self.write:
            connection.execute("PRAGMA query_only = ON")
        return connection

    def _prepared(self, ledger: str) -> None:
        db = self._connection
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute(f"PRAGMA wal_autocheckpoint = {_PAGES}")
        if db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
            db.executescript(f"BEGIN;{_TABLES}COMMIT;")
            values = (("ledger", ledger), ("layout", LAYOUT), ("size", 0), ("refused", 0), ("sorted", 0))
            db.executemany("INSERT INTO meta VALUES (?, ?)", values)

    def _anew(self, ledger: str) -> None:
        for ending in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                self.path.with_name(self.path.name + ending).unlink()
        self._open(ledger)

    def clear(self) -> None:
        """Forgets everything, to be made again."""
        ledger = str(dict(self._connection.execute("SELECT name, value FROM meta"))["ledger"])
        self._drop()
        self._anew(ledger)

    def _drop(self) -> None:
        if self._counted:
            self._connection.close()
            seal.closed(self.path)
            self._counted = False

    def close(self) -> None:
        """Closes the index; a writer that leaves it whole seals it."""
        was_open = self._counted
        self._drop()
        if self.write and was_open:
            seal.put(self.path)

    # writing

    def add(self, batch: Rows, starts: Sequence[int], recorded: int, parts: Iterable[tuple[bytes, int]] = ()) -> None:
        """Takes in the next events of the ledger, and which parts of which sources are in it whole.

        Raises:
            StoreError: the disk refuses; then nothing was taken in.
        """
        cells = batch.cells.copy()
        cells["start"], cells["recorded"] = starts, recorded
        size = self.size + len(cells)
        with self._transaction() as db:
            if len(cells):
                codes = np.array([self._code(word) for word in batch.words], "<i4")
                for column in WORDED:
                    cells[column] = codes[cells[column]]
                self._put(self.size, cells, batch.pieces)
            db.executemany("INSERT OR REPLACE INTO parts VALUES (?, ?)", parts)
            self._note("size", size)
        self.size = size
        self._tail = np.sort(np.concatenate([self._tail, cells["name"]]))
        if size - self.sorted >= TAIL:
            self._sort()
        elif self._small() >= TAIL_BLOCKS:
            self._join()

    def _put(self, first: int, cells: NDArray[Any], pieces: NDArray[Any]) -> None:
        times = cells["time"]
        values = (first, len(cells), int(times.min()), int(times.max()), cells.tobytes(), pieces.tobytes())
        self._connection.execute("INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?)", values)

    def _small(self) -> int:
        asked = "SELECT count(*) FROM blocks WHERE first >= ?"
        return int(self._connection.execute(asked, (self.sorted,)).fetchone()[0])

    def _joined(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """The blocks that are not in the runs yet, as one."""
        asked = "SELECT first, cells, pieces FROM blocks WHERE first >= ? ORDER BY first"
        cells, pieces = [], []
        for first, some, others in self._connection.execute(asked, (self.sorted,)).fetchall():
            cells.append(np.frombuffer(some, CELLS))
            moved = np.frombuffer(others, PIECES).copy()
            moved["event"] += first - self.sorted
            pieces.append(moved)
        return np.concatenate(cells), np.concatenate(pieces)

    def _join(self) -> None:
        with self._transaction() as db:
            cells, pieces = self._joined()
            db.execute("DELETE FROM blocks WHERE first >= ?", (self.sorted,))
            self._put(self.sorted, cells, pieces)

    def _sort(self) -> None:
        """Puts the names and lots of the newest events into the runs; their pieces are then no longer needed."""
        with self._transaction() as db:
            cells, pieces = self._joined()
            db.execute("DELETE FROM blocks WHERE first >= ?", (self.sorted,))
            self._put(self.sorted, cells, pieces[:0])
            sequences = np.arange(self.sorted, self.size, dtype="<i8")
            self._names.add(cells["name"].astype("<i8"), sequences)
            self._lots.add(pieces["lot"].astype("<i8"), sequences[pieces["event"]] * AT + pieces["role"])
            self._note("sorted", self.size)
        self.sorted = self.size
        self._tail = self._tail[:0]

    def _note(self, name: str, value: int) -> None:
        self._connection.execute("UPDATE meta SET value = ? WHERE name = ?", (value, name))

    def _code(self, word: str) -> int:
        code = self._words.get(word)
        if code is None:
            code = self._words[word] = len(self._words)
            self._connection.execute("INSERT INTO words VALUES (?, ?)", (code, word))
        return code

    def add_refusals(self, digests: Sequence[bytes]) -> None:
        """Takes in the next entries of the log of what was refused."""
        count = self.refused + len(digests)
        with self._transaction() as db:
            numbered = [(digest, number) for number, digest in enumerate(digests, self.refused)]
            db.executemany("INSERT OR IGNORE INTO refusals VALUES (?, ?)", numbered)
            self._note("refused", count)
        self.refused = count

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        words = dict(self._words)
        with self._telling():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                self._words = words
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            remedy = "free some space or mend the disk; the log is whole and the index is made again from it"
            raise StoreError(f"the ledger's index: {error}", place=str(self.path), remedy=remedy) from error

    # asking

    def blocks(self, first: int = 0, low: int | None = None, high: int | None = None) -> Iterator[Block]:
        """Events from one sequence number on, block by block; only blocks that have events of those times."""
        asked = "SELECT first, cells FROM blocks WHERE first + count > ?"
        values = [first]
        if low is not None:
            asked, values = f"{asked} AND high >= ?", [*values, low]
        if high is not None:
            asked, values = f"{asked} AND low < ?", [*values, high]
        for begin, raw in self.rows(f"{asked} ORDER BY first", values):
            cells = np.frombuffer(raw, CELLS)
            yield Block(max(begin, first), cells[max(0, first - begin) :])

    def known(self, names: NDArray[np.int64]) -> NDArray[np.bool_]:
        """(names,) which keys of names are in the ledger; of an index that is written."""
        there = self._names.known(names)
        if len(self._tail):
            at = np.minimum(np.searchsorted(self._tail, names), len(self._tail) - 1)
            there |= self._tail[at] == names
        return there

    def named(self, names: Sequence[int]) -> dict[int, list[int]]:
        """Key of a name -> sequence numbers of the events that may have it."""
        with self._telling():
            found = self._names.places(names)
        wanted = np.array(names, "<i8")
        for block in self.blocks(self.sorted):
            for at in np.flatnonzero(np.isin(block.cells["name"], wanted)).tolist():
                found.setdefault(int(block.cells["name"][at]), []).append(block.first + at)
        return found

    def holding(self, lots: Sequence[int], roles: Sequence[int]) -> NDArray[np.int64]:
        """Sequence numbers of the events in which one of the lots stands in one of the roles, sorted."""
        with self._telling():
            sorted_away = self._lots.places(lots)
        found = {place // AT for places in sorted_away.values() for place in places if place % AT in roles}
        asked = "SELECT first, pieces FROM blocks WHERE first >= ?"
        for first, raw in self.rows(asked, (self.sorted,)):
            pieces = np.frombuffer(raw, PIECES)
            fits = np.isin(pieces["lot"], np.array(lots, "<i8")) & np.isin(pieces["role"], roles)
            found.update((first + pieces["event"][fits].astype("i8")).tolist())
        return np.array(sorted(found), "<i8")

    def cells(self, sequences: Sequence[int]) -> NDArray[Any]:
        """(sequences,) of `CELLS`."""
        found = np.zeros(len(sequences), CELLS)
        wanted = np.asarray(sequences, "i8")
        asked = "SELECT first, count FROM blocks WHERE first <= ? ORDER BY first DESC LIMIT 1"
        left = np.ones(len(wanted), bool)
        while left.any():
            one = int(wanted[left][0])
            where = next(self.rows(asked, (one,)), None)
            if where is None or one >= where[0] + where[1]:
                raise StoreError("the ledger's index is behind", place=str(self.path), remedy="try again")
            inside = left & (wanted >= where[0]) & (wanted < where[0] + where[1])
            with self._telling(), self._connection.blobopen("blocks", "cells", where[0], readonly=True) as blob:
                for at in np.flatnonzero(inside):
                    blob.seek(int(wanted[at] - where[0]) * CELLS.itemsize)
                    found[at] = np.frombuffer(blob.read(CELLS.itemsize), CELLS)[0]
            left &= ~inside
        return found

    def parts(self) -> dict[bytes, int]:
        """Digests of the parts of sources that are in the ledger whole, with how many events each has."""
        return dict(self.rows("SELECT digest, events FROM parts"))

    def was_refused(self, digest: bytes) -> bool:
        """Whether the very same thing was refused before for the very same reason."""
        return any(self.rows("SELECT 1 FROM refusals WHERE digest = ?", (digest,)))

    def words(self, column: str) -> list[str]:
        """The words that stand in a column (step, disposition, read_point, location), sorted."""
        codes = set().union(*(np.unique(block.cells[column]).tolist() for block in self.blocks()))
        told = dict(self.rows("SELECT code, word FROM words"))
        return sorted(told[code] for code in codes if told[code])

    def codes(self, words: Iterable[str]) -> list[int]:
        """The codes of words; those that stand nowhere have none."""
        return [code for word in words for (code,) in self.rows("SELECT code FROM words WHERE word = ?", (word,))]

    def told(self) -> dict[int, str]:
        """Code -> word, all of them."""
        return dict(self.rows("SELECT code, word FROM words"))

    def rows(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Rows of a query."""
        with self._telling():
            yield from self._connection.execute(sql, values)

    def sound(self) -> str:
        """What SQLite finds wrong with the file; empty where it finds nothing."""
        with self._telling():
            verdict = self._connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        return "" if verdict == "ok" else str(verdict)


class _Foreign(Exception):
    pass
