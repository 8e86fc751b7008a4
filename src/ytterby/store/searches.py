"""Home to what can be searched: entries as they were handed in, and an index of their words.

The words come cut already: a row of the index holds, for a title, a body and the marks of an entry, tokens of ASCII
letters and digits or of other letters, with blanks between (`evidence.search.tokens` cuts them). The index keeps no
text of its own. Its row numbers order entries by day, the latest last, so that the newest matches come first without
sorting and a span of dates is a span of rows.

Two indexes: ``documents`` and ``records`` (claims, rules, facilities), so that records do not slow the search for
documents. An entry that is dropped leaves its index row behind; the row leads nowhere and goes with `clear`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from ytterby.store.database import Database
from ytterby.store.records import as_json, text_of
from ytterby.terms.errors import BadValue

Index = Literal["documents", "records"]

_TABLES: Mapping[Index, str] = {"documents": "document_words", "records": "record_words"}
_BITS = 28
"""Bits of an index row's number that hold the entry's number; the day stands above them."""
_MOST = (1 << _BITS) - 1
_COLUMNS = (
    "e.number, e.type, e.id, e.document, e.title, e.text, e.folded, e.lang, e.date, e.current, e.start, e.passages"
)
_LAST_DAY = date.max.toordinal()


@dataclass(frozen=True, slots=True)
class Words:
    """The tokens of an entry, each once, blanks between."""

    title: str
    body: str
    marks: str


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that an index row led to."""

    row: int
    """Number of the index row; later days have larger numbers."""
    number: int
    type: str
    id: str
    document: str
    title: str
    text: str
    folded: str
    lang: str
    date: str
    current: bool
    start: int
    """Offset of `text` in the document."""
    passages: str
    """As handed in, JSON."""


def put(db: Database, index: Index, entries: Iterable[tuple[Mapping[str, Any], Words]]) -> int:
    """Keep entries with their words; returns how many. All or none.

    An entry is a mapping of type, id, document, title, text, folded, lang, date (ISO or empty), start and passages (a
    list). Raises `BadValue` for one that cannot be kept and for more than 268 million.
    """
    count = 0
    with db.transaction():
        for record, words in entries:
            number = _keep(db, record)
            values = (_row(number, str(record["date"])), words.title, words.body, words.marks)
            db.execute(f"INSERT INTO {_TABLES[index]} (rowid, title, body, marks) VALUES (?, ?, ?, ?)", values)
            count += 1
    return count


def drop(db: Database, *, type: str, ids: Iterable[str]) -> None:  # noqa: A002 - the word of the table
    """Forget the entries of these ids."""
    db.execute_many("DELETE FROM entries WHERE type = ? AND id = ?", [(type, one) for one in ids])


def drop_document(db: Database, document: str) -> None:
    """Forget every entry of a document: its text and its claims."""
    db.execute("DELETE FROM entries WHERE document = ?", (document,))


def clear(db: Database) -> None:
    """Forget every entry and every word; every document is due again."""
    with db.transaction():
        db.execute("DELETE FROM search_state")
        db.execute("INSERT OR IGNORE INTO search_due SELECT id FROM documents")
        db.execute("DELETE FROM entries")
        for table in _TABLES.values():
            db.execute(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")


def supersede(db: Database, document: str, *, current: bool = False) -> None:
    """Mark the entries of a document as of an old version of its work, or take the mark away."""
    db.execute("UPDATE entries SET current = ? WHERE document = ?", (int(current), document))


def has(db: Database, type: str, one: str) -> bool:  # noqa: A002
    """Whether an entry of that type and id is kept."""
    return bool(db.rows("SELECT 1 AS there FROM entries WHERE type = ? AND id = ? LIMIT 1", (type, one)))


def documents(db: Database) -> frozenset[str]:
    """Ids of the documents that can be searched."""
    return frozenset(row["id"] for row in db.rows("SELECT DISTINCT id FROM entries WHERE type = 'document'"))


def ids(db: Database, type: str, *, own: bool = False) -> frozenset[str]:  # noqa: A002
    """Ids of the entries of a type; with `own`, of those that stand in no document."""
    only = " AND document = ''" if own else ""
    return frozenset(row["id"] for row in db.rows(f"SELECT DISTINCT id FROM entries WHERE type = ?{only}", (type,)))


def count(db: Database) -> int:
    """How many entries are kept, the pieces of long documents counted one by one."""
    return int(db.rows("SELECT count(*) AS n FROM entries")[0]["n"])


def due(db: Database) -> list[str]:
    """Ids of documents that came or changed since they were last made findable."""
    return [row["document"] for row in db.rows("SELECT document FROM search_due ORDER BY document")]


def done(db: Database, document: str) -> None:
    """A document is findable as it stands."""
    db.execute("DELETE FROM search_due WHERE document = ?", (document,))


def state(db: Database, name: str) -> str:
    """What was noted under a name, or nothing."""
    found = db.rows("SELECT value FROM search_state WHERE name = ?", (name,))
    return str(found[0]["value"]) if found else ""


def note(db: Database, name: str, value: str) -> None:
    """Note a value under a name."""
    sql = "INSERT INTO search_state VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
    db.execute(sql, (name, value))


def given(db: Database) -> int:
    """How many entries were ever kept; at hand without counting."""
    return int(db.rows("SELECT coalesce(max(seq), 0) AS n FROM sqlite_sequence WHERE name = 'entries'")[0]["n"])


def match(
    db: Database,
    index: Index,
    expression: str,
    *,
    limit: int,
    since: str = "",
    until: str = "",
    before: int | None = None,
    old: bool = False,
) -> list[Found]:
    """Entries whose words fit an FTS5 expression of quoted tokens, newest first.

    Args:
        db: the project's database.
        index: where to look.
        expression: as FTS5 reads it; made by `evidence.search`, never taken from a user.
        limit: most entries returned.
        since: first day, ISO; the undated are left out then.
        until: last day, ISO.
        before: only index rows below this number: what follows a page that ended there.
        old: also entries of superseded versions.
    """
    table = _TABLES[index]
    low, high = _span(since, until, before)
    fresh = "" if old else " AND e.current = 1"
    sql = (
        f"SELECT w.rowid AS row, {_COLUMNS} "
        f"FROM {table} AS w CROSS JOIN entries AS e ON e.number = (w.rowid & {_MOST}){fresh} "
        f"WHERE w.{table} MATCH ? AND w.rowid >= ? AND w.rowid < ? ORDER BY w.rowid DESC LIMIT ?"
    )
    return [Found(**{**row, "current": bool(row["current"])}) for row in db.rows(sql, (expression, low, high, limit))]


def rows(db: Database, index: Index, expression: str, *, limit: int, since: str = "", until: str = "") -> list[int]:
    """Numbers of the index rows that fit, newest first: as `match`, but only looking at the words."""
    table = _TABLES[index]
    low, high = _span(since, until, None)
    sql = f"SELECT rowid AS row FROM {table} WHERE {table} MATCH ? AND rowid >= ? AND rowid < ? "
    found = db.rows(f"{sql}ORDER BY rowid DESC LIMIT ?", (expression, low, high, limit))
    return [row["row"] for row in found]


def count_up_to(db: Database, index: Index, expression: str, *, limit: int, since: str = "", until: str = "") -> int:
    """How many index rows fit, counted up to `limit`."""
    table = _TABLES[index]
    low, high = _span(since, until, None)
    inner = f"SELECT 1 FROM {table} WHERE {table} MATCH ? AND rowid >= ? AND rowid < ? LIMIT ?"
    return int(db.rows(f"SELECT count(*) AS n FROM ({inner})", (expression, low, high, limit))[0]["n"])


def at(db: Database, found: Iterable[int], *, old: bool = False) -> list[Found]:
    """The entries that index rows lead to, in order; rows that lead nowhere are passed over."""
    fresh = "" if old else " AND e.current = 1"
    sql = (
        f"SELECT j.value AS row, {_COLUMNS} FROM json_each(?) AS j "
        f"CROSS JOIN entries AS e ON e.number = (j.value & {_MOST}){fresh} ORDER BY j.key"
    )
    return [Found(**{**row, "current": bool(row["current"])}) for row in db.rows(sql, (json.dumps(list(found)),))]


def _keep(db: Database, record: Mapping[str, Any]) -> int:
    place = f"entry {record.get('id') or ''}".strip()
    required = [text_of(record, field, place) for field in ("type", "id")]
    texts = [text_of(record, field, place, "") for field in ("document", "title", "text", "folded", "lang", "date")]
    start = record.get("start", 0)
    if not isinstance(start, int) or isinstance(start, bool):
        raise BadValue("'start' must be a whole number", place=place, remedy="give the offset of the text")
    # One JSON value of the whole proves that SQLite can hold every text of it.
    as_json({field: record[field] for field in ("title", "text", "folded")}, place)
    passages = json.dumps(record.get("passages", []))
    made = db.rows(
        "INSERT INTO entries (type, id, document, title, text, folded, lang, date, start, passages) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING number",
        (*required, *texts, start, passages),
    )
    number = int(made[0]["number"])
    if number > _MOST:
        raise BadValue(f"more than {_MOST} entries", place=place, remedy="clear the index and build it anew")
    return number


def _row(number: int, day: str) -> int:
    return (ordinal(day) << _BITS) | number


def ordinal(day: str) -> int:
    """Day number of an ISO date, its first day where only month or year is known; 0 where it is none."""
    padded = day if len(day) == 10 else day + "0001-01-01"[len(day) :]
    try:
        return date.fromisoformat(padded).toordinal() if day else 0
    except ValueError:
        return 0


def _span(since: str, until: str, before: int | None) -> tuple[int, int]:
    low = ordinal(since) << _BITS if since else 0
    high = (ordinal(until) + 1 if until else _LAST_DAY + 1) << _BITS
    return low, high if before is None else min(high, before)
