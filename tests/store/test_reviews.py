"""Reviews: verdicts are entered, taken back and given in bulk; what stood on a day can be asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.store import claims, database, folder, reviews
from ytterby.terms.errors import BadValue, UnknownName


@pytest.fixture
def db(tmp_path: Path) -> Iterator[database.Database]:
    with database.open(folder.init(tmp_path / "p")) as found:
        claims.put(
            found,
            [
                {"id": "a", "kind": "share", "document": "one", "parameter": "p", "status": "pending"},
                {"id": "b", "kind": "price", "document": "one", "parameter": "q", "status": "pending"},
                {"id": "c", "kind": "share", "document": "two", "parameter": "p", "status": "pending"},
                {"id": "row", "kind": "share", "document": "baseline:x", "parameter": "p", "status": "accepted"},
            ],
        )
        yield found


def statuses(db: database.Database) -> dict[str, str]:
    return {record["id"]: record["status"] for record in claims.all(db)}


def test_a_verdict_can_be_taken_back_and_stays_on_record(db: database.Database) -> None:
    reviews.add(db, "a", "accepted", reviewer="A. Reader", when="2026-01-02T10:00:00")
    reviews.reopen(db, "a", reviewer="B. Reader", reason="the unit is in doubt", when="2026-01-03T10:00:00")
    assert statuses(db)["a"] == "pending"
    assert [row["status"] for row in reviews.of(db, "a")] == ["accepted", "pending"]
    record = claims.get(db, "a")
    assert record is not None
    assert (record["reviewer"], record["reason"]) == ("B. Reader", "the unit is in doubt")


def test_one_verdict_on_all_of_a_document_or_kind(db: database.Database) -> None:
    assert reviews.bulk(db, "accepted", reviewer="A. Reader", document="one", reason="checked") == ["a", "b"]
    assert statuses(db) == {"a": "accepted", "b": "accepted", "c": "pending", "row": "accepted"}
    assert reviews.bulk(db, "rejected", reviewer="A. Reader", kind="share") == ["c"], "only what waits"
    assert reviews.bulk(db, "rejected", reviewer="A. Reader", document="one", kind="price", waiting=False) == ["b"]
    assert statuses(db) == {"a": "accepted", "b": "rejected", "c": "rejected", "row": "accepted"}
    assert reviews.bulk(db, "accepted", reviewer="A. Reader", parameter="nobody's") == []


def test_a_bulk_review_must_name_something_and_somebody(db: database.Database) -> None:
    for call in (
        lambda: reviews.bulk(db, "accepted", reviewer="A. Reader"),
        lambda: reviews.bulk(db, "accepted", reviewer=" ", document="one"),
    ):
        with pytest.raises(BadValue) as refused:
            call()
        assert refused.value.remedy
    with pytest.raises(UnknownName, match="acepted"):
        reviews.bulk(db, "acepted", reviewer="A. Reader", document="one")
    assert set(statuses(db).values()) == {"pending", "accepted"}
    assert db.rows("SELECT * FROM reviews") == []


def test_a_day_sees_the_verdicts_of_its_evening(db: database.Database) -> None:
    reviews.add(db, "a", "accepted", reviewer="A. Reader", when="2026-01-02T10:00:00")
    reviews.add(db, "a", "rejected", reviewer="A. Reader", when="2026-01-04T10:00:00")
    reviews.add(db, "b", "accepted", reviewer="A. Reader", when="2026-01-04T10:00:00")
    now = claims.all(db)
    seen = {
        day: {record["id"]: record["status"] for record in reviews.as_of(db, now, day)}
        for day in ("2026-01-01", date(2026, 1, 2), "2026-01-03", "2026-01-04")
    }
    assert seen["2026-01-01"] == {"a": "pending", "b": "pending", "c": "pending", "row": "accepted"}
    assert seen[date(2026, 1, 2)] == seen["2026-01-03"] == {**seen["2026-01-01"], "a": "accepted"}
    assert seen["2026-01-04"] == {"a": "rejected", "b": "accepted", "c": "pending", "row": "accepted"}
    assert claims.all(db) == now, "asking changes nothing"
    before = {record["id"]: record for record in reviews.as_of(db, now, "2026-01-01")}
    assert (before["a"]["reviewer"], before["a"]["when"]) == ("", "")


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(reviews.STATUSES), st.integers(1, 9)), max_size=8))
def test_the_last_day_sees_what_stands_now(told: list[tuple[str, str, int]]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as root, database.open(folder.init(Path(root) / "p")) as db:
        claims.put(db, [{"id": name, "status": "pending"} for name in "abc"])
        for name, status, day in sorted(told, key=lambda one: one[2]):
            reviews.add(db, name, status, reviewer="A. Reader", when=f"2026-01-0{day}T08:00:00")
        assert reviews.as_of(db, claims.all(db), "2026-01-09") == claims.all(db)
        early = reviews.as_of(db, claims.all(db), "2025-12-31")
        assert {record["status"] for record in early} == {"pending"}
