"""Folders, files and blobs: there whole, or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.store import atomic, blobs, folder
from ytterby.terms.errors import BadValue, RunError, StoreError


@given(st.dictionaries(st.text("abc", min_size=1, max_size=5), st.binary(max_size=200), max_size=5))
def test_a_folder_arrives_with_everything(content: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as root:
        target = Path(root) / "deep" / "run"
        with atomic.folder(target) as work:
            assert not target.exists()
            (work / "sub").mkdir()
            for name, data in content.items():
                (work / "sub" / name).write_bytes(data)
        assert {p.name: p.read_bytes() for p in (target / "sub").iterdir()} == content
        assert list(target.parent.iterdir()) == [target]


def _stopped_by(error: BaseException, target: Path) -> None:
    with atomic.folder(target) as work:
        (work / "half").write_text("half")
        raise error


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EIO, errno.EMLINK])
def test_a_refusing_disk_leaves_nothing_and_says_what_to_do(tmp_path: Path, code: int) -> None:
    with pytest.raises(StoreError) as caught:
        _stopped_by(OSError(code, os.strerror(code)), tmp_path / "run")
    assert caught.value.place == str(tmp_path / "run")
    assert caught.value.remedy
    assert "nothing half-written" in caught.value.cause
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("wrap", ["cause", "context", "group"])
def test_a_full_disk_behind_another_error_is_still_a_full_disk(tmp_path: Path, wrap: str) -> None:
    full = OSError(errno.ENOSPC, "No space left on device")

    def fail() -> None:
        if wrap == "group":
            raise ExceptionGroup("writers", [ValueError("a"), full])
        if wrap == "cause":
            raise RuntimeError("could not store chunk") from full
        try:
            raise full
        except OSError:
            raise RuntimeError("could not store chunk")  # noqa: B904 - an error raised while handling another

    with pytest.raises(StoreError, match="disk is full"), atomic.folder(tmp_path / "run"):
        fail()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("error", [RunError("zero draws"), KeyboardInterrupt(), ValueError("a fault of ours")])
def test_other_errors_pass_and_leave_nothing(tmp_path: Path, error: BaseException) -> None:
    with pytest.raises(type(error)):
        _stopped_by(error, tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    with pytest.raises(StoreError, match="there already"), atomic.folder(tmp_path / "run"):
        raise AssertionError("the block must not start")
    assert list((tmp_path / "run").iterdir()) == []


def test_a_disk_that_fills_at_the_last_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "kept").write_bytes(b"old")
    for step in ("fsync", "rename", "replace"):
        with monkeypatch.context() as patch:
            patch.setattr(os, step, full)
            if step != "replace":
                with pytest.raises(StoreError, match="disk is full"), atomic.folder(tmp_path / "run") as work:
                    (work / "half").write_text("half")
            if step != "rename":
                with pytest.raises(StoreError, match="disk is full"):
                    atomic.write(tmp_path / "kept", b"new")
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"kept": b"old"}


def test_what_is_written_is_open_to_those_the_umask_lets(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        atomic.write(tmp_path / "file", b"x")
        with atomic.folder(tmp_path / "run"):
            pass
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o644
    assert stat.S_IMODE((tmp_path / "run").stat().st_mode) == 0o755


KILLED = """
import os, signal, sys
from pathlib import Path
from ytterby.store import atomic
with atomic.folder(Path(sys.argv[1])) as work:
    (work / "half").write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_a_killed_writer_leaves_no_folder_and_its_rest_can_be_swept(tmp_path: Path) -> None:
    target = tmp_path / "run"
    done = subprocess.run([sys.executable, "-c", KILLED, str(target)], capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert not target.exists()
    assert [p for p in tmp_path.iterdir() if atomic.MARK not in p.name] == []
    assert atomic.sweep(tmp_path) == ()
    assert len(atomic.sweep(tmp_path, older_than=-1)) == 1
    assert list(tmp_path.iterdir()) == []


@given(st.binary(max_size=5000))
def test_a_blob_comes_back_under_its_hash(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as root:
        home = folder.init(Path(root) / "p")
        name = blobs.put(home, content)
        assert name == hashlib.sha256(content).hexdigest()
        assert blobs.put(home, content) == name
        assert blobs.get(home, name) == content
        assert len([p for p in home.blobs.rglob("*") if p.is_file()]) == 1


def test_a_damaged_blob_is_seen_and_mended_by_putting_it_again(tmp_path: Path) -> None:
    home = folder.init(tmp_path / "p")
    name = blobs.put(home, b"the ministry said")
    (home.blobs / name[:2] / name).write_bytes(b"the ministry denied")
    with pytest.raises(StoreError, match="damaged"):
        blobs.get(home, name)
    assert blobs.put(home, b"the ministry said") == name
    assert blobs.get(home, name) == b"the ministry said"


def test_a_full_disk_keeps_no_half_blob(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = folder.init(tmp_path / "p")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="disk is full"):
        blobs.put(home, b"x" * 10_000)
    assert [p for p in home.blobs.rglob("*") if p.is_file()] == []


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 65])
def test_only_hashes_name_blobs(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadValue, match="not a SHA-256"):
        blobs.get(folder.init(tmp_path / "p"), name)


def test_a_missing_blob_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no blob") as caught:
        blobs.get(folder.init(tmp_path / "p"), "0" * 64)
    assert caught.value.remedy
