"""Home to what was made once and still holds: pages, and what pages are made of, until the project changes."""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ytterby import __version__

PARTS = (
    *("overlay", "regimes", "parties", "topics", "scenarios", "fits", "runs", "shipments", "holdings"),
    *("decisions", "companies", "bargains"),
)
"""Folders of a project whose files decide what pages say."""
CUSTODY = ("heads.jsonl", "registry.yaml", "permits.yaml", "triage.jsonl")
"""Files of the folder ``custody/`` that do. Logs and columns only follow the heads, and readers touch the index."""
ROOM = 64 * 2**20
"""Bytes of pages that are kept."""
SMALL = 600
"""Bytes below which compressing does not pay."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A page ready to be sent."""

    status: int
    media: str
    body: bytes
    packed: bytes
    """The body under gzip; empty where that does not pay."""
    etag: str
    name: str = ""
    """What it is saved as, where it is a file and no page."""
    to: str = ""
    """Where the browser is led instead."""


def ready(status: int, media: str, body: bytes) -> Ready:
    """A body made ready: compressed where it pays, and named by its content."""
    packed = gzip.compress(body, 5, mtime=0) if len(body) > SMALL else b""
    return Ready(status, media, body, packed, f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"')


def stamp(project: Path) -> str:
    """Changes whenever something a page is made of may have changed: the database, a folder's files, its
    finished runs, the day.
    """
    found: list[object] = [__version__, date.today()]
    for name in ("ytterby.toml", "ytterby.db", "ytterby.db-wal", *(f"custody/{name}" for name in CUSTODY)):
        found.append(standing(project / name))
    for part in PARTS:
        folder = project / part
        if folder.is_dir():
            # Editing a file leaves its folder as it was, so each is looked at; what is unfinished begins with a dot.
            found += [(part, path.name, standing(path)) for path in sorted(folder.iterdir()) if path.name[0] != "."]
    return hashlib.blake2b(repr(found).encode(), digest_size=12).hexdigest()


def standing(path: Path) -> tuple[int, int] | None:
    """When a file was last written and how long it is; None where it is not there, or empty."""
    try:
        told = path.stat()
    except OSError:
        return None
    # The write-ahead file comes and goes with its readers; empty it says nothing.
    return (told.st_mtime_ns, told.st_size) if told.st_size else None


class Shelf:
    """Pages and their parts by name, for one standing of the project; safe for threads, nothing is made twice at
    once.
    """

    def __init__(self, project: Path) -> None:
        self.project = project
        self._lock = threading.Lock()
        self._making: dict[tuple[str, str], threading.Lock] = {}
        self._stamp = ""
        self._parts: dict[str, Any] = {}
        self._pages: OrderedDict[str, Ready] = OrderedDict()
        self._held = 0

    def kept(self, name: str, make: Callable[[], Any]) -> Any:
        """What `make` gives; made again only when the project has changed."""
        now = self.stamp()
        with self._lock:
            if name in self._parts and self._stamp == now:
                return self._parts[name]
        with self._one_at_a_time("part", name):
            with self._lock:
                if name in self._parts and self._stamp == now:
                    return self._parts[name]
            made = make()
            # Where the project changed meanwhile (a first search makes things findable) nobody knows which of the two
            # standings this tells of: it is made again when next asked for.
            if self.stamp() == now:
                with self._lock:
                    if self._stamp == now:
                        self._parts[name] = made
            return made

    def page(self, name: str, make: Callable[[], Ready]) -> Ready:
        """The page kept under `name`, or the one `make` gives; only pages that could be shown are kept."""
        now = self.stamp()
        with self._lock:
            found = self._pages.get(name)
            if found is not None:
                self._pages.move_to_end(name)
                return found
        with self._one_at_a_time("page", name):
            with self._lock:
                if (found := self._pages.get(name)) is not None and self._stamp == now:
                    return found
            made = make()
            if made.status == 200:
                self._keep(name, made, now)
            return made

    def stamp(self) -> str:
        """The standing of the project now; whatever was kept of another one is dropped."""
        now = stamp(self.project)
        with self._lock:
            if now != self._stamp:
                self._stamp, self._held = now, 0
                self._parts.clear()
                self._pages.clear()
        return now

    def _keep(self, name: str, made: Ready, began: str) -> None:
        now = self.stamp()
        size = len(made.body) + len(made.packed)
        with self._lock:
            if not began == now == self._stamp or size > ROOM // 8 or name in self._pages:
                return
            self._pages[name] = made
            self._held += size
            while self._held > ROOM:
                _, gone = self._pages.popitem(last=False)
                self._held -= len(gone.body) + len(gone.packed)

    def _one_at_a_time(self, kind: str, name: str) -> threading.Lock:
        with self._lock:
            if len(self._making) > 4000:
                self._making = {key: lock for key, lock in self._making.items() if lock.locked()}
            return self._making.setdefault((kind, name), threading.Lock())
