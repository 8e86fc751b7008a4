"""Home to what the disk may answer: system errors told as `StoreError`, and files made to stay."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from ytterby.terms.errors import StoreError

_TOLD: dict[int, tuple[str, str]] = {
    errno.ENOSPC: ("the disk is full", "free some space and try again"),
    errno.EDQUOT: ("the disk quota is used up", "free some space or raise the quota, and try again"),
    errno.EROFS: ("the disk is read-only", "choose a project folder that can be written to"),
    errno.EACCES: ("permission was denied", "give yourself the right to write there, or choose another folder"),
    errno.EPERM: ("permission was denied", "give yourself the right to write there, or choose another folder"),
    errno.ENAMETOOLONG: ("the name is too long", "choose a shorter one"),
    errno.ENOTDIR: ("a part of the path is a file", "choose another folder"),
    errno.EISDIR: ("it is a folder where a file should be", "move it aside"),
    errno.ENOENT: ("it is not there", "check the path"),
    errno.EIO: ("the disk reports an input/output error", "check the disk; restore from a copy if it fails again"),
}


def told(error: OSError, doing: str, place: Path | str) -> StoreError:
    """A system error as a `StoreError`: what was being done, why it failed, where, and the remedy."""
    cause, remedy = _TOLD.get(error.errno or 0, (error.strerror or str(error) or "the system refused", "try again"))
    return StoreError(f"cannot {doing}: {cause}; nothing half-written was kept", place=str(place), remedy=remedy)


def settle(path: Path) -> None:
    """Have the system write a file, or a folder's list of names, through to the disk."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
