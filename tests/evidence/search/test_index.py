"""The index stays whole: all or none, old databases caught up, bad entries refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from ytterby.evidence.documents import Document
from ytterby.evidence.search import Entry, clear, due, missing, put, put_document, search
from ytterby.evidence.search import replace as refill
from ytterby.store import searches
from ytterby.store.database import Database
from ytterby.terms.errors import BadValue, UnknownName, YtterbyError


def test_a_bad_entry_changes_nothing(db: Database) -> None:
    good = Entry("rule", "r", "公告", "第61号")
    put(db, [good])
    for bad in (replace(good, text="broken \ud800"), replace(good, type="poem"), replace(good, id="")):
        with pytest.raises(YtterbyError) as told:
            put(db, [replace(good, text="第62号"), bad])
        assert told.value.cause
    assert [hit.quote for hit in search(db, "公告")] == ["第61号"]


def test_errors_name_the_entry(db: Database) -> None:
    with pytest.raises(UnknownName, match="poem"):
        put(db, [Entry("poem", "p", "", "x")])
    with pytest.raises(BadValue, match="entry p"):
        put(db, [Entry("rule", "p", "", "\ud800")])


def test_inside_another_transaction(db: Database, article: Callable[..., Document]) -> None:
    def interrupted() -> None:
        with db.transaction():
            put_document(db, article("d", "镝"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        interrupted()
    assert search(db, "镝") == []
    assert searches.count(db) == 0


def test_catching_up(db: Database, article: Callable[..., Document]) -> None:
    put_document(db, article("a", "镝"))
    assert missing(db, ["a", "b"]) == ["b"]
    clear(db)
    assert missing(db, ["a"]) == ["a"]
    put_document(db, article("a", "镝"))
    assert [hit.id for hit in search(db, "镝")] == ["a"]


def test_refilling_a_type(db: Database) -> None:
    refill(db, "rule", [Entry("rule", name, "", f"公告 {name}") for name in ("one", "two")])
    refill(db, "rule", [Entry("rule", "two", "", "公告 two"), Entry("rule", "six", "", "公告 six")])
    assert {hit.id for hit in search(db, "公告")} == {"two", "six"}


def test_days_in_every_form(db: Database) -> None:
    days = {"day": "2025-04-09", "month": "2025-04", "year": "2025", "none": "", "odd": "~2025"}
    put(db, [Entry("rule", name, "", "公告", date=day) for name, day in days.items()])
    assert {hit.id for hit in search(db, "公告 since:2025-04 until:2025-04")} == {"day", "month"}
    assert {hit.id for hit in search(db, "公告 since:2025")} == {"day", "month", "year"}
    assert len(search(db, "公告")) == 5


def _row(db: Database, name: str, version: int = 1) -> None:
    from ytterby.store import documents

    fields = ("path", "title", "publisher", "author", "date", "lang", "url", "blob", "media")
    documents.put(db, {"id": name, "work": "w", "version": version, **dict.fromkeys(fields, "")})


def test_what_came_or_changed_is_due(db: Database, article: Callable[..., Document]) -> None:
    _row(db, "a")
    _row(db, "b")
    assert due(db) == ["a", "b"]
    put_document(db, article("a", "镝"))
    assert due(db) == ["b"]
    _row(db, "a", version=3)
    assert due(db) == ["a", "b"]
    put_document(db, article("a", "镝"))
    put_document(db, article("b", "铽"), old=True)
    assert due(db) == []
    assert search(db, "铽", lang="zh") == search(db, "铽") == []
    assert [hit.id for hit in search(db, "铽", old=True)] == ["b"]
    clear(db)
    assert due(db) == ["a", "b"]


def test_the_same_again_writes_nothing(db: Database) -> None:
    rules = [Entry("rule", f"r{n}", "", f"公告 {n}") for n in range(5)]
    refill(db, "rule", rules)
    before = searches.given(db)
    refill(db, "rule", rules)
    assert searches.given(db) == before
    refill(db, "rule", [replace(rules[0], places=("JP",)), *rules[1:]])
    assert searches.given(db) > before
    assert [hit.id for hit in search(db, "公告 place:JP")] == ["r0"]
