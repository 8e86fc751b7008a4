"""Home to putting entries where they can be found, and taking them away."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from ytterby.evidence.claims import Claim
from ytterby.evidence.documents import Document
from ytterby.evidence.search.entries import TYPES, Entry, of_claims, of_document
from ytterby.evidence.search.tokens import lowered, mark, tokens
from ytterby.store import searches
from ytterby.store.database import Database
from ytterby.store.searches import Words
from ytterby.terms.errors import UnknownName

MAKER = "entries/1"
"""Changes when words are cut or marked in another way."""
OWN = mark("own", "1")
"""Marks what does not stand in a document."""


def put(db: Database, entries: Iterable[Entry]) -> int:
    """Make entries findable, in the place of those with their type and id; returns how many.

    All or none: raises `UnknownName` for a type that is none, `BadValue` for text that cannot be kept.
    """
    made = list(entries)
    for entry in made:
        if entry.type not in TYPES:
            raise UnknownName(entry.type, TYPES, "type of entry", f"entry {entry.id}")
    with db.transaction():
        for kind in TYPES:
            searches.drop(db, type=kind, ids=dict.fromkeys(entry.id for entry in made if entry.type == kind))
        for is_document, group in groupby(made, key=lambda entry: entry.type == "document"):
            searches.put(db, "documents" if is_document else "records", _rows(group))
    return len(made)


def put_document(
    db: Database,
    document: Document,
    claims: Iterable[Claim] = (),
    *,
    replaces: Iterable[str] = (),
    old: bool = False,
) -> int:
    """Make a document and its claims findable, and no longer `due`; returns how many entries that took.

    `replaces` are the ids of older versions of the same work: they are found from now on only where old ones are asked
    for; `old` says that this one is such a version. Reading the same document again takes the place of what was there.
    Stands well inside another transaction.
    """
    kept = [claim for claim in claims if claim.quote]
    entries = [*of_document(document, kept), *of_claims(kept, title=document.title, lang=document.lang)]
    with db.transaction():
        searches.drop_document(db, document.id)
        for older in replaces:
            if older != document.id:
                searches.supersede(db, older)
        count = put(db, entries)
        if old:
            searches.supersede(db, document.id)
        searches.done(db, document.id)
    return count


def due(db: Database) -> list[str]:
    """Ids of documents that came or changed since they were last made findable; costs nothing where there are none."""
    return searches.due(db)


def supersede(db: Database, documents: Iterable[str], *, current: bool = False) -> None:
    """Mark documents and their claims as old versions (or, with `current`, as the newest again)."""
    with db.transaction():
        for document in documents:
            searches.supersede(db, document, current=current)


def replace(db: Database, type: str, entries: Iterable[Entry]) -> int:  # noqa: A002 - the word of the field
    """Make `entries` all there is of a type outside documents (rules, facilities, baseline claims); says how many.

    Where they are the same as last time nothing is written.
    """
    made = list(entries)
    mark_of = hashlib.sha256(repr((MAKER, made)).encode("utf-8", "replace")).hexdigest()
    if searches.state(db, f"all {type}") == mark_of:
        return len(made)
    with db.transaction():
        searches.note(db, f"all {type}", mark_of)
        gone = searches.ids(db, type, own=True) - {entry.id for entry in made}
        searches.drop(db, type=type, ids=sorted(gone))
        return put(db, made)


def missing(db: Database, documents: Iterable[str]) -> list[str]:
    """Those of the documents' ids that cannot be found yet: read before there was a search, or by another hand."""
    there = searches.documents(db)
    return [document for document in documents if document not in there]


def clear(db: Database) -> None:
    """Forget everything; needed before all is put anew, for the index only grows."""
    searches.clear(db)


def _rows(entries: Iterable[Entry]) -> Iterator[tuple[dict[str, Any], Words]]:
    for entry in entries:
        low = lowered(entry.text if not entry.words else f"{entry.text}\n{entry.words}")
        title = lowered(entry.title)
        passages = entry.passages
        if not passages and entry.passage is not None:
            passages = ((entry.passage, entry.start, entry.start + len(entry.text), True),)
        record = {
            "type": entry.type,
            "id": entry.id,
            "document": entry.document,
            "title": entry.title,
            "text": entry.text,
            "folded": low,
            "lang": entry.lang,
            "date": entry.date,
            "start": entry.start,
            "passages": passages,
        }
        yield record, Words(tokens(title), tokens(low), " ".join(_marks(entry)))


def _marks(entry: Entry) -> Iterator[str]:
    yield mark("type", entry.type)
    if entry.lang:
        yield mark("lang", entry.lang.partition("-")[0])
        if "-" in entry.lang:
            yield mark("lang", entry.lang)
    for kind, values in (("place", entry.places), ("stage", entry.stages), ("kind", entry.kinds)):
        for value in values:
            yield mark(kind, value)
    if not entry.document:
        yield OWN
