"""Home to sources taken apart: files, folders, feeds, addresses and standard input as single items with their bytes.

An item that cannot be had carries its error; the others go on.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ytterby.evidence import feeds
from ytterby.evidence.addresses import canonical, is_address
from ytterby.evidence.gather import Door
from ytterby.evidence.reading.read import LARGEST, too_large
from ytterby.terms.errors import InputError, shown

STDIN = "-"

_NOT_DOCUMENTS = (
    ".json", ".jsonl", ".ndjson", ".py", ".pyc", ".ipynb", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".lock", ".db",
    ".db-wal", ".db-shm", ".sqlite", ".parquet", ".npy", ".npz", ".css", ".js", ".map", ".sh", ".log", ".bib",
)  # fmt: skip
"""Data and code that a folder may hold beside its documents; named by itself such a file is read all the same."""
_OWN_PAPERS = ("readme", "license", "licence", "changelog", "contributing", "copying", "makefile")
_NOTICE = "notice"
"""A paper of a repository without a suffix only: ministries publish notices."""

Visit = Callable[[str], tuple[str, str]]
"""ETag and Last-Modified of the last visit to an address."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to read."""

    path: str
    """As the user, the folder or the feed names it."""
    key: str
    """Absolute path or canonical address: what names it next time."""
    content: bytes = b""
    url: str = ""
    media: str = ""
    charset: str = ""
    etag: str = ""
    modified: str = ""
    unchanged: bool = False
    """The server says that nothing changed since the last visit."""
    error: InputError | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A source that is one file, address or stream; or an error about one."""

    path: str
    key: str
    error: InputError | None = None


def named(sources: Iterable[str | Path]) -> list[Named]:
    """Sources with folders opened: each file once, in order of name; hidden files and data left out."""
    found: dict[str, Named] = {}
    for source in sources:
        path = str(source)
        if path == STDIN:
            found.setdefault(STDIN, Named(STDIN, STDIN))
        elif is_address(path):
            found.setdefault(canonical(path), Named(path, canonical(path)))
        else:
            for one in _walk(path):
                found.setdefault(one.key, one)
    return list(found.values())


def items(sources: Iterable[Named], door: Door, visit: Visit) -> Iterator[Item]:
    """The items of some sources with their bytes, one after the other; feeds are opened into their entries."""
    for source in sources:
        if source.error:
            yield Item(source.path, source.key, error=source.error)
            continue
        try:
            if source.key == STDIN:
                first = _stdin()
            elif is_address(source.path):
                door.name(source.path)
                first = _visited(source.path, source.key, door, visit, whole=False)
            else:
                first = Item(source.path, source.key, _file(Path(source.path)))
        except InputError as error:
            yield Item(source.path, source.key, error=error)
            continue
        if feeds.is_feed(first.content):
            yield from _entries(first, door, visit)
        else:
            yield first


def _walk(path: str) -> Iterator[Named]:
    root = Path(os.path.expanduser(path))
    try:
        if root.is_dir():
            yield from _below(path, root)
        elif root.exists() or root.is_symlink():
            yield Named(str(root) if path.startswith("~") else path, os.path.abspath(root))
        else:
            error = InputError(
                "there is no such file or folder",
                place=shown(path, 160),
                remedy="check the path; addresses begin with https://",
            )
            yield Named(path, os.path.abspath(root), error)
    except (OSError, ValueError) as problem:
        error = InputError(
            f"the path cannot be used: {shown(str(problem), 100)}", place=shown(path, 160), remedy="check it"
        )
        yield Named(path, path, error)


def _below(path: str, root: Path) -> Iterator[Named]:
    """Files of a folder and the folders in it. A folder is entered once, whichever links lead there."""
    entered: set[tuple[int, int]] = set()
    closed: list[OSError] = []
    top = path if not path.startswith("~") else str(root)
    for folder, folders, files in os.walk(top, onerror=closed.append, followlinks=True):
        about = os.stat(folder)
        if (about.st_dev, about.st_ino) in entered:
            folders.clear()
            continue
        entered.add((about.st_dev, about.st_ino))
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__")))
        for name in sorted(files):
            low = name.lower()
            hidden = name.startswith((".", "~$")) or low.endswith(_NOT_DOCUMENTS)
            if not hidden and low != _NOTICE and low.split(".")[0] not in _OWN_PAPERS:
                whole = os.path.join(folder, name)
                yield Named(whole, os.path.abspath(whole))
    for problem in closed:
        place = str(problem.filename or path)
        cause = f"the folder cannot be read: {(problem.strerror or '').lower()}"
        yield Named(place, os.path.abspath(place), InputError(cause, place=place, remedy="check your rights to it"))


def _file(path: Path) -> bytes:
    try:
        about = path.stat()
        # A pipe or a device has no end, so it is not even opened.
        if not stat.S_ISREG(about.st_mode):
            remedy = "name a file, a folder or an address"
            raise InputError("this is no file with content of its own", place=str(path), remedy=remedy)
        if about.st_size > LARGEST:
            raise too_large(about.st_size, str(path))
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise InputError(
            f"the file cannot be read: {(error.strerror or str(error)).lower()}",
            place=str(path),
            remedy="check that it is there and that you may read it",
        ) from None


def _stdin() -> Item:
    content = sys.stdin.buffer.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise too_large(len(content), "standard input")
    return Item(STDIN, STDIN, content)


def _visited(path: str, key: str, door: Door, visit: Visit, *, whole: bool) -> Item:
    etag, modified = visit(key)
    page = door.fetch(path, etag=etag, modified=modified, cut=None if whole else feeds.is_feed)
    return Item(
        path, key, page.content, page.final_url, page.media, page.charset, page.etag, page.modified, page.unchanged
    )


def _entries(feed: Item, door: Door, visit: Visit) -> Iterator[Item]:
    """The articles of a feed and of its further pages, up to a limit; one that fails does not stop the next."""
    seen = {feed.key}
    taken = 0
    page: Item | None = feed
    for _ in range(feeds.MOST_PAGES):
        if page is None:
            return
        try:
            found = feeds.parse(page.content, place=page.url or page.path)
        except InputError as error:
            yield Item(page.path, page.key, error=error)
            return
        for entry in found.entries:
            key = canonical(entry.address)
            if key not in seen and taken < feeds.MOST_ENTRIES:
                seen.add(key)
                taken += 1
                yield _entry(entry, key, door, visit)
        onward = canonical(found.onward) if found.onward else ""
        if not onward or onward in seen or taken >= feeds.MOST_ENTRIES:
            return
        seen.add(onward)
        try:
            page = _visited(found.onward, onward, door, lambda _: ("", ""), whole=False)
        except InputError as error:
            yield Item(found.onward, onward, error=error)
            return
        page = page if feeds.is_feed(page.content) else None


def _entry(entry: feeds.Entry, key: str, door: Door, visit: Visit) -> Item:
    try:
        return _visited(entry.address, key, door, visit, whole=True)
    except InputError as error:
        if entry.page:
            # The page cannot be had, but the feed carries the article itself.
            return Item(entry.address, key, entry.page, entry.address, "text/html", "utf-8")
        return Item(entry.address, key, error=error)
