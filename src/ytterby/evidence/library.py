"""Home to the library: what was read is kept with its bytes, its passages and its claims, version by version.

Documents enter in batches, each batch in one transaction, and are reported only when it is through: whoever is killed
in between has lost no document that was reported, and reads none twice.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Any, Literal

from ytterby.evidence import items, likeness
from ytterby.evidence.addresses import canonical, is_address, is_root
from ytterby.evidence.documents import Document, Part, Passage
from ytterby.evidence.gather import Door
from ytterby.evidence.items import Item
from ytterby.evidence.sharing import Entry, Extract, Hands, Reader
from ytterby.store import blobs, claims, documents, log, paths, readings
from ytterby.store.database import Database
from ytterby.store.folder import Folder
from ytterby.store.records import now
from ytterby.terms.errors import BadValue, UnknownName, shown

READER = "reading/1"
"""Version of the readers; another one reads every document anew."""
BATCH = 64
"""Documents per transaction."""
BYTES = 64 * 2**20
"""A batch is closed when its documents hold so many bytes."""
DAYS = 14
"""An article is edited within so many days of its publication; later the same title at one address is a new one."""
SECONDS = 2.0
"""A batch is closed after so many seconds, so that slow pages are reported as they come."""
_UNREAD = "read it first (ytterby read); 'ytterby documents' lists what was read"

Status = Literal["read", "new version", "unchanged", "refused"]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of one item."""

    path: str
    status: Status
    id: str = ""
    """Id of the document; empty where it was refused."""
    title: str = ""
    date: str = ""
    lang: str = ""
    error: str = ""
    """Cause, place and remedy of a refusal; of a document that was read, what is doubtful about it."""
    version: int = 1
    claims: int = 0
    """How many claims were taken from it now."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values by field name, `id` first."""
        fields = asdict(self)
        return {"id": fields.pop("id"), **fields}


class Library:
    """The documents of a project."""

    def __init__(self, folder: Folder, db: Database) -> None:
        self.folder = folder
        self.db = db

    # reading

    def read(
        self,
        sources: Iterable[str | Path],
        *,
        extract: Extract | None = None,
        extractor: str = "",
        allow_private: bool = False,
        door: Door | None = None,
        today: date | None = None,
        progress: Progress | None = None,
        batch: int = BATCH,
        hands: Hands | None = None,
    ) -> Iterator[Reading]:
        """Read files, folders, feeds, addresses and ``-`` (standard input); what is known already is not read again.

        Args:
            sources: paths and addresses.
            extract: takes the claims from a document; they are kept in the same transaction.
            extractor: name and version of `extract`; documents read by another one are read again.
            allow_private: whether an address named here may lead to a private network or this machine.
            door: the way out, where the caller has one.
            today: the day of reading; a later date of publication is dropped.
            progress: called with items done and items known of.
            batch: documents per transaction.
            hands: who turns bytes into documents and claims; this process without any. `extract` is sent to them, and
                has to be picklable. All else, and all writing, is done here, so that nothing differs.

        Yields:
            One reading per item, in order, each only when the store has it. An item that fails is reported as refused.

        Raises:
            RunError: the hands were lost again and again, or do not read as this process does.
        """
        door = door or Door(allow_private=allow_private)
        made_by = f"{READER} {extractor}".strip()
        named = items.named(sources)
        done, counts = 0, dict.fromkeys(("read", "new version", "unchanged", "refused"), 0)
        entries: list[Entry] = []
        held, began = 0, monotonic()
        reader = Reader(lambda name: self._has(name, made_by), extract, today, hands)
        for entry in reader.through(items.items(named, door, lambda key: self._visit(key, made_by))):
            entries.append(entry)
            held += len(entry.item.content)
            if len(entries) < batch and held < BYTES and monotonic() - began < SECONDS:
                continue
            for reading in self._kept(entries, made_by):
                counts[reading.status] += 1
                yield reading
            done += len(entries)
            if progress:
                progress(done, max(done, len(named)))
            entries, held, began = [], 0, monotonic()
        for reading in self._kept(entries, made_by):
            counts[reading.status] += 1
            yield reading
        if progress:
            progress(done + len(entries), done + len(entries))
        log.append(self.db, "read", {"sources": len(named), **counts})

    def _visit(self, key: str, made_by: str) -> tuple[str, str]:
        """What to ask a page with; nothing where it is to be read anew in any case."""
        at = paths.get(self.db, key)
        row = documents.get(self.db, at["document"]) if at and at["document"] else None
        return (at["etag"], at["modified"]) if at and row and row["extractor"] == made_by else ("", "")

    def _has(self, name: str, made_by: str) -> bool:
        """Whether the document of an id was read by these readers."""
        row = documents.get(self.db, name)
        return row is not None and row["extractor"] == made_by

    # keeping

    def _kept(self, entries: Sequence[Entry], made_by: str) -> list[Reading]:
        """The readings of a batch, after its transaction."""
        if not entries:
            return []
        # The disk settles many files at once about as fast as one; a blob without its document does no harm.
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda one: blobs.put(self.folder, one.item.content), [one for one in entries if one.read]))
        with self.db.transaction():
            made = [self._keep(entry, made_by) for entry in entries]
        return [one for one in made if one is not None]

    def _keep(self, entry: Entry, made_by: str) -> Reading | None:
        item = entry.item
        if entry.error is not None:
            paths.note(self.db, item.key, status="refused", error=str(entry.error))
            return Reading(item.path, "refused", error=str(entry.error))
        if item.unchanged:
            row = paths.get(self.db, item.key)
            known = documents.get(self.db, row["document"]) if row else None
            return _reading(item, known, "unchanged") if known else None
        row = documents.get(self.db, entry.id)
        before = paths.get(self.db, item.key)
        status: Status = "unchanged"
        if row is None and entry.read:
            status = self._enter(entry, entry.read.document, before, made_by)
        elif row is not None and entry.read and row["extractor"] != made_by:
            self._renew(entry, entry.read.document, row, made_by)
            status = "read"
        elif row is not None and self._came_back(row, before):
            status = "new version"
        paths.note(self.db, item.key, document=entry.id, status="read", etag=item.etag, modified=item.modified)
        row = documents.get(self.db, entry.id)
        doubts = "; ".join(entry.read.doubts) if entry.read else ""
        return _reading(item, row, status, doubts, len(entry.claims))

    def _enter(self, entry: Entry, document: Document, before: dict[str, Any] | None, made_by: str) -> Status:
        """Keep a document whose bytes are new: as the first version of a work or the next one of a known work."""
        older = self._earlier(entry.item, document, before)
        work = older["work"] if older else self._fresh_work(entry.item, document)
        version = 1
        if older:
            earlier = documents.versions(self.db, work)
            version = earlier[-1]["version"] + 1
            for one in earlier:
                claims.supersede(self.db, one["id"], f"version {version} of the document was read")
        self._write(entry, document, work, version, made_by)
        claims.put(self.db, entry.claims)
        return "new version" if older else "read"

    def _renew(self, entry: Entry, document: Document, row: dict[str, Any], made_by: str) -> None:
        """Read a known document again: its claims are taken anew, those no longer found stay and do not count."""
        latest = documents.versions(self.db, row["work"])[-1]["id"] == row["id"]
        self._write(entry, document, row["work"], row["version"], made_by)
        claims.put(self.db, entry.claims)
        if latest:
            kept = [str(one["id"]) for one in entry.claims]
            claims.supersede(self.db, entry.id, f"no longer found by {made_by}", kept)
        else:
            claims.supersede(self.db, entry.id, "a later version of the document was read")

    def _came_back(self, row: dict[str, Any], before: dict[str, Any] | None) -> bool:
        """Whether an edited article went back to an earlier version, which then is the newest again."""
        if before is None or before["document"] in ("", row["id"]):
            return False
        last = documents.versions(self.db, row["work"])[-1]
        if last["id"] != before["document"]:
            return False
        documents.renumber(self.db, row["id"], last["version"] + 1)
        claims.supersede(self.db, last["id"], f"version {last['version'] + 1} of the document was read")
        claims.supersede(self.db, row["id"], "")
        return True

    def _write(self, entry: Entry, document: Document, work: str, version: int, made_by: str) -> None:
        documents.put(
            self.db,
            {
                "id": document.id,
                "path": document.path,
                "title": document.title,
                "publisher": document.publisher,
                "author": document.author,
                "date": document.date,
                "lang": document.lang,
                "url": document.url,
                "blob": document.id,
                "work": work,
                "version": version,
                "media": document.media,
                "read_at": now(),
                "extractor": made_by,
            },
        )
        doubts = entry.read.doubts if entry.read else ()
        readings.put(self.db, document.id, document.text, _record(document, doubts))

    def _earlier(self, item: Item, document: Document, before: dict[str, Any] | None) -> dict[str, Any] | None:
        """The newest version of the work a new document belongs to; None where it begins one.

        The same path or address says so by itself. An address or a title that a text merely states needs near-same
        words too: a site prints many notices under one title, and many pages name their site as their source.
        """
        if before and before["document"] and item.key != items.STDIN:
            row = documents.get(self.db, before["document"])
            if row:
                return documents.versions(self.db, row["work"])[-1]
        if document.url and not is_root(document.url):
            for row in documents.at(self.db, document.url):
                near = likeness.days_apart(row["date"], document.date) <= DAYS
                alike = near and (row["title"] == document.title or row["date"] == document.date)
                if alike and likeness.edited(self._text(row), document.text):
                    return row
        if not document.date:
            return None
        for row in documents.alike(
            self.db, publisher=document.publisher, title=document.title, date=document.date, url=document.url
        ):
            # Without a common address two figures are two statements: only a copy that adds to them is an edit.
            text = self._text(row)
            if likeness.edited(text, document.text) and likeness.figures_kept(text, document.text):
                return row
        return None

    def _text(self, row: dict[str, Any]) -> str:
        kept = readings.get(self.db, row["id"])
        return kept[0] if kept else ""

    def _fresh_work(self, item: Item, document: Document) -> str:
        own = canonical(document.url) if document.url and not is_root(document.url) else item.key
        for name in (own, item.key, document.id):
            if name != items.STDIN and not documents.versions(self.db, name):
                return name
        return document.id

    # asking

    def document(self, name: str) -> Document:
        """The document of an id, the beginning of one, a path or an address; of a path the version it held last.

        Raises:
            UnknownName: no document has that name.
            BadValue: several have it.
        """
        row = self._row(name)
        kept = readings.get(self.db, row["id"])
        if kept is None:
            raise UnknownName(name, (), "document", str(self.db.path), _UNREAD)
        return _restored(row, *kept)

    def documents(self, *, newest: bool = True) -> list[Document]:
        """Every document, by date; with `newest` only the newest version of each work."""
        found = []
        for row in documents.all(self.db, newest=newest):
            kept = readings.get(self.db, row["id"])
            if kept is not None:
                found.append(_restored(row, *kept))
        return found

    def current(self) -> frozenset[str]:
        """Ids of the newest version of each work."""
        return frozenset(row["id"] for row in documents.all(self.db, newest=True))

    def superseded(self) -> dict[str, str]:
        """Claims that no longer count, by id, and why: a newer version, or a newer reader that no longer finds them."""
        return claims.superseded(self.db)

    def versions(self, name: str) -> list[Document]:
        """The versions of a document's work, oldest first."""
        rows = documents.versions(self.db, self._row(name)["work"])
        kept = [(row, readings.get(self.db, row["id"])) for row in rows]
        return [_restored(row, *one) for row, one in kept if one is not None]

    def refused(self) -> dict[str, str]:
        """Paths and addresses that could not be read when they were last tried, and why."""
        return {row["path"]: row["error"] for row in paths.all(self.db, status="refused")}

    def _row(self, name: str) -> dict[str, Any]:
        word = name.strip().lower()
        if len(word) >= 4 and all(char in "0123456789abcdef" for char in word):
            found = documents.beginning(self.db, word)
            if len(found) > 1:
                ids = ", ".join(row["id"][: len(word) + 4] for row in found[:4])
                raise BadValue(f"{len(found)} documents begin with '{word}'", place=ids, remedy="give more of the id")
            if found:
                return found[0]
        # A tilde before a name that is no user's is a letter like any other.
        key = canonical(name) if is_address(name) else os.path.abspath(os.path.expanduser(name))
        at = paths.get(self.db, key)
        row = documents.get(self.db, at["document"]) if at and at["document"] else None
        if row:
            return row
        every = documents.all(self.db)
        newest = sorted(every, key=lambda one: (one["work"], -one["version"]))
        by_name = [one for one in newest if Path(one["path"]).name == name]
        for fitting in ([one for one in newest if name in (one["path"], one["url"], one["work"])], by_name):
            hits = {one["work"]: one for one in reversed(fitting)}
            if len(hits) == 1:
                return next(iter(hits.values()))
            if hits:
                some = ", ".join(one["path"] for one in list(hits.values())[:4])
                raise BadValue(f"{len(hits)} documents are named '{shown(name)}'", place=some, remedy="give the path")
        known = {one["path"] for one in every} | {Path(one["path"]).name for one in every if one["path"]}
        raise UnknownName(name, known, "document", str(self.db.path), _UNREAD)


def _reading(item: Item, row: dict[str, Any] | None, status: Status, doubts: str = "", found: int = 0) -> Reading:
    if row is None:
        return Reading(item.path, status, error=doubts)
    return Reading(
        item.path, status, row["id"], row["title"], row["date"], row["lang"], doubts, int(row["version"]), found
    )


def _record(document: Document, doubts: Sequence[str]) -> dict[str, Any]:
    """Parts and passages as JSON; passages as rows in the order of their fields."""
    passages = [[p.n, p.start, p.end, p.kind, p.part, p.group, list(p.marks)] for p in document.passages]
    return {"parts": [asdict(part) for part in document.parts], "passages": passages, "doubts": list(doubts)}


def _restored(row: dict[str, Any], text: str, record: dict[str, Any]) -> Document:
    return Document(
        id=row["id"],
        text=text,
        passages=tuple(
            Passage(n, a, b, kind, part, under, tuple(m)) for n, a, b, kind, part, under, m in record["passages"]
        ),
        parts=tuple(Part(**one) for one in record["parts"]),
        path=row["path"],
        url=row["url"],
        title=row["title"],
        publisher=row["publisher"],
        author=row["author"],
        date=row["date"],
        lang=row["lang"],
        work=row["work"],
        version=int(row["version"]),
        media=row["media"],
    )
