"""The database: damage is seen and left alone, changes are whole, the log only grows."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from ytterby.store import claims, database, folder, log, migrations, reviews
from ytterby.terms.errors import StoreError

RECORDS = [{"id": f"c{n}", "kind": "share", "parameter": "p", "value": n, "note": "x" * 200} for n in range(300)]


@pytest.fixture
def home(tmp_path: Path) -> folder.Folder:
    made = folder.init(tmp_path / "p")
    with database.open(made) as db:
        claims.put(db, RECORDS)
    return made


def test_it_is_wal_with_foreign_keys_and_knows_its_schema(home: folder.Folder) -> None:
    with database.open(home) as db:
        assert db.rows("PRAGMA journal_mode") == [{"journal_mode": "wal"}]
        assert db.rows("PRAGMA foreign_keys") == [{"foreign_keys": 1}]
        assert db.rows("PRAGMA busy_timeout")[0]["timeout"] > 0
        assert db.rows("PRAGMA application_id") == [{"application_id": database.APPLICATION}]
        done = db.rows("SELECT number FROM migrations")
    assert [row["number"] for row in done] == list(migrations.STEPS) == list(range(1, migrations.NEWEST + 1))


def test_nothing_but_the_database_is_left(home: folder.Folder) -> None:
    assert [p.name for p in home.path.iterdir() if "ytterby.db" in p.name] == ["ytterby.db"]


@pytest.mark.parametrize("share", [0.0, 0.0001, 0.001, 0.03, 0.25, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_refused_and_left_alone(home: folder.Folder, share: float) -> None:
    whole = home.database.read_bytes()
    cut = whole[: int(len(whole) * share)]
    home.database.write_bytes(cut)
    with pytest.raises(StoreError) as caught:
        database.open(home)
    assert "cut short" in caught.value.cause
    assert caught.value.place == str(home.database)
    assert "copy" in caught.value.remedy
    assert home.database.read_bytes() == cut
    assert not [p for p in home.path.iterdir() if p.name.endswith(("-wal", "-shm"))]


def test_every_cut_at_a_page_is_seen(home: folder.Folder) -> None:
    whole = home.database.read_bytes()
    page = int.from_bytes(whole[16:18], "big")
    for length in range(page, len(whole), page * 7):
        home.database.write_bytes(whole[:length])
        with pytest.raises(StoreError, match="cut short"):
            database.open(home)
    home.database.write_bytes(whole)
    with database.open(home) as db:
        assert claims.count(db) == len(RECORDS)


def test_a_cut_beside_a_write_ahead_log_is_seen_and_left_alone(home: folder.Folder) -> None:
    # an unclean end: the log holds a change that the file does not have yet
    db = database.open(home)
    claims.put(db, [{"id": "late"}])
    wal = home.database.with_name("ytterby.db-wal").read_bytes()
    assert wal
    db.close()
    whole = home.database.read_bytes()
    cut = whole[: len(whole) // 2 // 4096 * 4096]
    home.database.write_bytes(cut)
    home.database.with_name("ytterby.db-wal").write_bytes(wal)
    with pytest.raises(StoreError, match="damaged"):
        database.open(home)
    assert home.database.read_bytes() == cut
    assert home.database.with_name("ytterby.db-wal").read_bytes() == wal


def test_a_page_of_rubbish_is_seen(home: folder.Folder) -> None:
    whole = bytearray(home.database.read_bytes())
    whole[4096 * 12 : 4096 * 14] = os.urandom(8192)
    home.database.write_bytes(whole)
    with pytest.raises(StoreError, match="damaged"):
        database.open(home)
    assert home.database.read_bytes() == bytes(whole)


@pytest.mark.parametrize("content", [b"dear reader, this is a letter" * 99, b"PK\x03\x04" + bytes(5000), b"x"])
def test_what_is_no_sqlite_file_is_refused(home: folder.Folder, content: bytes) -> None:
    home.database.write_bytes(content)
    with pytest.raises(StoreError, match="not an SQLite database") as caught:
        database.open(home)
    assert "move it aside" in caught.value.remedy
    assert home.database.read_bytes() == content


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    home = folder.init(tmp_path / "p")
    other = sqlite3.connect(home.database)
    other.execute("CREATE TABLE recipes (cake TEXT)")
    other.commit()
    other.close()
    before = home.database.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        database.open(home)
    assert home.database.read_bytes() == before


def test_a_later_schema_is_refused(home: folder.Folder) -> None:
    with database.open(home) as db:
        db.execute(f"PRAGMA user_version = {migrations.NEWEST + 1}")
    before = home.database.read_bytes()
    with pytest.raises(StoreError, match="later Ytterby") as caught:
        database.open(home)
    assert "install" in caught.value.remedy
    assert home.database.read_bytes() == before


def test_a_migration_is_whole_or_not_at_all(home: folder.Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(db: migrations.Base) -> None:
        db.execute("CREATE TABLE lots (id TEXT)")
        raise StoreError("stopped half-way")

    number = migrations.NEWEST + 1
    monkeypatch.setitem(migrations.STEPS, number, ("half", half))
    with pytest.raises(StoreError, match="half-way"):
        database.open(home)
    monkeypatch.delitem(migrations.STEPS, number)
    with database.open(home) as db:
        assert db.rows("PRAGMA user_version") == [{"user_version": migrations.NEWEST}]
        assert not db.rows("SELECT 1 FROM sqlite_master WHERE name = 'lots'")


def test_a_migration_runs_once(home: folder.Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    number = migrations.NEWEST + 1
    monkeypatch.setattr(migrations, "NEWEST", number)
    monkeypatch.setitem(migrations.STEPS, number, ("lots", lambda db: db.execute("CREATE TABLE lots (id TEXT)")))
    for _ in range(2):
        with database.open(home) as db:
            assert [row["name"] for row in db.rows("SELECT name FROM migrations")][-1] == "lots"
            assert claims.count(db) == len(RECORDS)


def test_numbers_of_migrations_have_no_gap() -> None:
    with pytest.raises(ValueError, match="must have number"):
        migrations.migration(migrations.NEWEST + 2, "too far")(lambda _: None)
    assert list(migrations.STEPS) == list(range(1, migrations.NEWEST + 1))


def test_a_locked_database_says_so(home: folder.Folder) -> None:
    with database.open(home) as one, database.open(home, wait=0.05) as other, one.transaction():
        one.execute("DELETE FROM runs")
        with pytest.raises(StoreError) as caught:
            claims.put(other, [{"id": "new"}])
    assert "another process is writing" in caught.value.cause
    assert "wait" in caught.value.remedy


def test_a_read_only_opening_refuses_to_write_and_leaves_no_trace(home: folder.Folder) -> None:
    before = sorted(p.name for p in home.path.iterdir())
    with database.open(home, read_only=True) as db:
        assert claims.count(db) == len(RECORDS)
        with pytest.raises(StoreError, match="cannot be written to"):
            claims.put(db, [{"id": "new"}])
    assert sorted(p.name for p in home.path.iterdir()) == before


def test_reading_what_is_not_there_says_so(tmp_path: Path) -> None:
    home = folder.init(tmp_path / "p")
    with pytest.raises(StoreError, match="no database yet"):
        database.open(home, read_only=True)
    assert not home.database.exists()


def _half_a_change(db: database.Database) -> None:
    with db.transaction():
        claims.put(db, [{"id": "new"}])
        log.append(db, "half")
        raise RuntimeError


def test_a_transaction_is_whole_or_not_at_all(home: folder.Folder) -> None:
    with database.open(home) as db:
        with pytest.raises(RuntimeError):
            _half_a_change(db)
        assert claims.get(db, "new") is None
        assert log.all(db) == []


def test_a_change_inside_another_is_undone_alone(home: folder.Folder) -> None:
    with database.open(home) as db:
        with db.transaction():
            claims.put(db, [{"id": "outer"}])
            with pytest.raises(RuntimeError):
                _half_a_change(db)
            claims.put(db, [{"id": "after"}])
        assert claims.get(db, "new") is None
        assert log.all(db) == []
        assert claims.count(db) == len(RECORDS) + 2


@pytest.mark.parametrize("table", ["log", "reviews"])
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE {t} SET at = 'never'",
        "DELETE FROM {t}",
        "DELETE FROM {t} WHERE number = 1",
        "REPLACE INTO {t} SELECT * FROM {t}",
        "INSERT OR REPLACE INTO {t} SELECT * FROM {t} LIMIT 1",
    ],
)
def test_what_is_append_only_cannot_be_changed(home: folder.Folder, table: str, change: str) -> None:
    with database.open(home) as db:
        log.append(db, "opened", {"by": "test"})
        reviews.add(db, "c1", "rejected", reviewer="A. Reader", reason="misread")
        before = db.rows(f"SELECT * FROM {table}")
        with pytest.raises(StoreError, match="append-only"):
            db.execute(change.format(t=table))
        assert db.rows(f"SELECT * FROM {table}") == before


def test_append_only_holds_against_a_plain_connection_too(home: folder.Folder) -> None:
    with database.open(home) as db:
        log.append(db, "opened")
    other = sqlite3.connect(home.database)
    for change in ("DELETE FROM log", "UPDATE log SET kind = 'x'", "REPLACE INTO log SELECT * FROM log"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            other.execute(change)
    other.close()


KILLED = """
import os, signal, sys
from ytterby.store import claims, database, folder
home = folder.find(sys.argv[1])
db = database.open(home)
claims.put(db, [{"id": "before"}])
def records():
    for n in range(5000):
        yield {"id": f"k{n}", "note": "y" * 500}
with db.transaction():
    claims.put(db, records())
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_a_killed_writer_leaves_what_was_whole(home: folder.Folder) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(home.path)], capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    with database.open(home) as db:
        assert claims.get(db, "before") == {"id": "before"}
        assert claims.count(db) == len(RECORDS) + 1
        assert db.rows("PRAGMA integrity_check") == [{"integrity_check": "ok"}]


def test_a_creation_that_fails_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = folder.init(tmp_path / "p")
    before = sorted(home.path.iterdir())

    def full(_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(database, "settle", full)
    with pytest.raises(StoreError, match="disk is full"):
        database.open(home)
    assert sorted(home.path.iterdir()) == before


def test_two_creations_at_once_keep_the_first(tmp_path: Path) -> None:
    home = folder.init(tmp_path / "p")
    with database.open(home) as db:
        claims.put(db, [{"id": "first"}])
        database._create(home.database)
        assert claims.count(db) == 1
    with database.open(home) as db:
        assert claims.get(db, "first") == {"id": "first"}
