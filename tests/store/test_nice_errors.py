"""Every refusal of the store has a cause, a place and a remedy, and a really full disk is no different."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ytterby.store import atomic, blobs, claims, database, folder
from ytterby.terms.errors import StoreError, YtterbyError


def _foreign(root: Path) -> None:
    (root / "letter.txt").write_text("dear reader")
    folder.init(root)


def _missing(root: Path) -> None:
    folder.find(root / "nowhere")


def _truncated(root: Path) -> None:
    home = folder.init(root / "p")
    database.open(home).close()
    home.database.write_bytes(home.database.read_bytes()[:5000])
    database.open(home)


def _taken(root: Path) -> None:
    with atomic.folder(root):
        pass


def _file_in_the_way(root: Path) -> None:
    (root / "file").write_text("x")
    atomic.write(root / "file" / "below", b"x")


def _no_blob(root: Path) -> None:
    blobs.get(folder.init(root / "p"), "0" * 64)


def _bad_record(root: Path) -> None:
    with database.open(folder.init(root / "p")) as db:
        claims.put(db, [{"id": "x", "value": float("nan")}])


@pytest.mark.parametrize(
    "refused",
    [_foreign, _missing, _truncated, _taken, _file_in_the_way, _no_blob, _bad_record],
    ids=lambda f: f.__name__,
)
def test_cause_place_and_remedy(tmp_path: Path, refused: Callable[[Path], None]) -> None:
    with pytest.raises(YtterbyError) as caught:
        refused(tmp_path)
    error = caught.value
    assert error.cause
    assert error.place
    assert error.remedy
    assert len(str(error).splitlines()) == 2
    assert "Traceback" not in str(error)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of half a megabyte, where the machine lets us have one."""
    mount = tmp_path / "disk"
    mount.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(mount)]
    try:
        made = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        made = False
    if not made:
        pytest.skip("no right to mount a small disk")
    yield mount
    subprocess.run(["umount", "-l", str(mount)], check=True)


def test_a_really_full_disk(small_disk: Path) -> None:
    home = folder.init(small_disk / "p")
    with database.open(home) as db:
        claims.put(db, [{"id": "kept"}])
        with pytest.raises(StoreError, match="full"):
            claims.put(db, ({"id": f"n{n}", "note": os.urandom(500).hex()} for n in range(2000)))
        assert [record["id"] for record in claims.all(db)] == ["kept"]
    with pytest.raises(StoreError, match="disk is full"), atomic.folder(home.runs / "r1") as work:
        (work / "metrics").write_bytes(bytes(10**6))
    with pytest.raises(StoreError, match="disk is full"):
        blobs.put(home, bytes(10**6))
    assert list(home.runs.iterdir()) == []
    assert [p for p in home.blobs.rglob("*") if p.is_file()] == []
    with database.open(home, read_only=True) as db:
        assert claims.count(db) == 1
