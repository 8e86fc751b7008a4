"""Home to folders and files that appear whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ytterby.store.disk import settle, told
from ytterby.terms.errors import StoreError, YtterbyError

MARK = ".part-"
"""What stands in the name of everything unfinished."""


@contextmanager
def folder(path: Path) -> Iterator[Path]:
    """Build a folder in a temporary sibling that takes the name `path` only when the block ends without an error.

    Raises `StoreError` when `path` exists already or the disk refuses; on any error the temporary folder is removed.
    Errors of our own (`YtterbyError`) and interrupts pass through as they are.
    """
    path = Path(path)
    if path.exists() or path.is_symlink():
        raise StoreError("it is there already and is never written over", place=str(path), remedy="choose another name")
    work = _begin(path)
    try:
        yield work
        for part in sorted(work.rglob("*")):
            if part.is_file() and not part.is_symlink():
                settle(part)
        settle(work)
        os.rename(work, path)
    except BaseException as error:
        _drop(work)
        refusal = _refusal(error)
        if refusal is None:
            raise
        raise told(refusal, "write the folder", path) from error
    with suppress(OSError):
        settle(path.parent)


def write(path: Path, content: bytes) -> None:
    """Write a file whole: a temporary sibling, through to the disk, then renamed over `path`. Raises `StoreError`."""
    path = Path(path)
    work: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        work = _beside(path)
        with work.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(work, path)
    except OSError as error:
        _drop(work)
        raise told(error, "write the file", path) from error
    except BaseException:
        _drop(work)
        raise
    with suppress(OSError):
        settle(path.parent)


def sweep(parent: Path, older_than: float = 86_400.0) -> tuple[Path, ...]:
    """Remove what killed processes left in `parent` at least `older_than` seconds ago; returns the paths."""
    swept: list[Path] = []
    for part in sorted(Path(parent).glob(f".*{MARK}*")):
        with suppress(OSError):
            if time.time() - part.stat().st_mtime >= older_than:
                _drop(part)
                swept.append(part)
    return tuple(swept)


def _begin(path: Path) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        work = _beside(path)
        work.mkdir()
        return work
    except OSError as error:
        raise told(error, "write the folder", path) from error


def _beside(path: Path) -> Path:
    """A name for unfinished work; made by hand because tempfile's files are closed to everybody else."""
    return path.with_name(f".{path.name[:40]}{MARK}{secrets.token_hex(6)}")


def _refusal(error: BaseException | None, depth: int = 8) -> OSError | None:
    """The system's refusal in or behind an error: libraries wrap a full disk into errors of their own."""
    if error is None or depth == 0 or isinstance(error, YtterbyError):
        return None
    if isinstance(error, OSError):
        return error
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else (error.__cause__, error.__context__)
    found = (_refusal(one, depth - 1) for one in inner)
    return next((one for one in found if one is not None), None)


def _drop(work: Path | None) -> None:
    if work is None:
        return
    if work.is_dir() and not work.is_symlink():
        shutil.rmtree(work, ignore_errors=True)
    else:
        with suppress(OSError):
            work.unlink()
