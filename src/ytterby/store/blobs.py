"""Home to raw documents, kept by the SHA-256 of their bytes and never changed."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path

from ytterby.store import atomic
from ytterby.store.disk import told
from ytterby.store.folder import Folder
from ytterby.terms.errors import BadValue, StoreError


def put(folder: Folder, content: bytes) -> str:
    """Keep `content`; returns its SHA-256 (64 hex digits). Raises `StoreError` when the disk refuses."""
    name = hashlib.sha256(content).hexdigest()
    path = _path(folder, name)
    if not _whole(path, name):
        atomic.write(path, content)
    return name


def get(folder: Folder, name: str) -> bytes:
    """The bytes kept under `name`; raises `StoreError` when they are missing or no longer what they were."""
    path = _path(folder, name)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise StoreError(f"no blob {name[:12]} is kept", place=str(path), remedy="read the document again") from None
    except OSError as error:
        raise told(error, "read the blob", path) from error
    if hashlib.sha256(content).hexdigest() != name:
        remedy = "move the file aside and read the document again"
        raise StoreError(f"the blob {name[:12]} is damaged: its hash differs", place=str(path), remedy=remedy)
    return content


def arrived(folder: Folder, name: str) -> str:
    """When the bytes under `name` were first kept, ISO in UTC; empty where they are missing."""
    try:
        told = _path(folder, name).stat()
    except OSError:
        return ""
    return datetime.fromtimestamp(told.st_mtime, UTC).isoformat(timespec="seconds")


def _whole(path: Path, name: str) -> bool:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == name
    except OSError:
        return False


def _path(folder: Folder, name: str) -> Path:
    if not re.fullmatch(r"[0-9a-f]{64}", name):
        raise BadValue(f"'{name[:80]}' is not a SHA-256", place=str(folder.blobs), remedy="give 64 hex digits")
    return folder.blobs / name[:2] / name
