"""Claims at rest: what goes in comes out, by id, in order, and never goes away."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.store import claims, database, documents, folder, log, reviews, runs
from ytterby.terms.errors import BadValue, StoreError, UnknownName

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False) | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=6,
)
records = st.builds(
    lambda more, fields: {**more, **fields},
    st.dictionaries(text.filter(lambda k: k not in {"kind", "parameter", "document", "known", "status"}), values),
    st.fixed_dictionaries(
        {"id": text.filter(bool), "kind": st.sampled_from(["share", "price", ""]), "parameter": text},
        optional={"known": st.dates().map(str), "status": st.sampled_from(["pending", "accepted"])},
    ),
)


@contextmanager
def opened() -> Iterator[database.Database]:
    with tempfile.TemporaryDirectory() as root, database.open(folder.init(Path(root) / "p")) as db:
        yield db


@pytest.fixture
def db(tmp_path: Path) -> Iterator[database.Database]:
    with database.open(folder.init(tmp_path / "p")) as found:
        yield found


@given(st.lists(records, max_size=8))
def test_what_goes_in_comes_out(batch: list[dict[str, Any]]) -> None:
    latest = {record["id"]: record for record in batch}
    with opened() as db:
        assert claims.put(db, iter(batch)) == len(batch)
        claims.put(db, batch)
        found = claims.all(db)
        assert {record["id"]: record for record in found} == latest
        assert [record["id"] for record in found] == list(latest)
        for kind in ("share", "price", ""):
            assert {r["id"] for r in claims.all(db, kind=kind)} == {i for i, r in latest.items() if r["kind"] == kind}
        day = "2025-06-30"
        assert {r["id"] for r in claims.all(db, known=day)} == {
            i for i, r in latest.items() if r.get("known") and r["known"] <= day
        }


def test_conditions_join_and_a_date_is_a_date(db: database.Database) -> None:
    claims.put(
        db,
        [
            {"id": "a", "kind": "share", "parameter": "p", "known": "2025-04-04", "document": "d"},
            {"id": "b", "kind": "share", "parameter": "q", "known": "2025-07-01", "status": "pending"},
            {"id": "c", "kind": "price", "parameter": "p", "known": ""},
        ],
    )
    assert [r["id"] for r in claims.all(db, kind="share", known=date(2025, 6, 30))] == ["a"]
    assert [r["id"] for r in claims.all(db, parameter="p")] == ["a", "c"]
    assert [r["id"] for r in claims.all(db, document="d", kind="share")] == ["a"]
    assert [r["id"] for r in claims.all(db, status="pending")] == ["b"]
    assert claims.all(db, kind="nothing") == []
    assert claims.get(db, "nothing") is None


@pytest.mark.parametrize(
    "bad",
    [
        {"kind": "share"},
        {"id": ""},
        {"id": 7},
        {"id": "x", "kind": 7},
        {"id": "x", "value": math.nan},
        {"id": "x", "value": math.inf},
        {"id": "x", "value": {1, 2}},
        {"id": "x", "note": "\ud800"},
    ],
)
def test_a_bad_record_changes_nothing(db: database.Database, bad: dict[str, Any]) -> None:
    claims.put(db, [{"id": "kept", "value": 1}])
    with pytest.raises(BadValue) as caught:
        claims.put(db, [{"id": "kept", "value": 2}, {"id": "new"}, bad])
    assert caught.value.place in {"record 3", "claim x", "claim "}
    assert caught.value.remedy
    assert claims.all(db) == [{"id": "kept", "value": 1}]


def test_a_review_stands_when_the_claim_comes_again(db: database.Database) -> None:
    record = {"id": "a", "status": "accepted", "value": 3}
    claims.put(db, [record])
    reviews.add(db, "a", "rejected", reviewer="A. Reader", reason="kilograms, not tonnes", when="2026-01-02")
    claims.put(db, [record])
    found = claims.get(db, "a")
    assert found == {**record, "status": "rejected", "reviewer": "A. Reader", "reason": "kilograms, not tonnes"} | {
        "when": "2026-01-02"
    }
    assert [r["id"] for r in claims.all(db, status="rejected")] == ["a"]
    reviews.add(db, "a", "accepted", reviewer="B. Reader")
    assert [r["status"] for r in reviews.of(db, "a")] == ["rejected", "accepted"]
    found = claims.get(db, "a")
    assert found is not None
    assert found["status"] == "accepted"


def test_a_claim_cannot_vanish_from_under_its_review(db: database.Database) -> None:
    claims.put(db, [{"id": "a"}])
    reviews.add(db, "a", "accepted", reviewer="A. Reader")
    with pytest.raises(StoreError, match="refused the change"):
        db.execute("DELETE FROM claims")


def test_reviews_refuse_what_they_do_not_know(db: database.Database) -> None:
    claims.put(db, [{"id": "a"}])
    with pytest.raises(UnknownName, match="unknown claim"):
        reviews.add(db, "b", "accepted", reviewer="A. Reader")
    with pytest.raises(UnknownName, match="unknown status"):
        reviews.add(db, "a", "acepted", reviewer="A. Reader")
    with pytest.raises(BadValue, match="reviewer"):
        reviews.add(db, "a", "accepted", reviewer=" ")
    assert reviews.of(db, "a") == []
    assert claims.get(db, "a") == {"id": "a"}


def test_documents_runs_and_log_come_back(db: database.Database) -> None:
    documents.put(db, {"id": "d" * 64, "path": "12.txt", "title": "稀土", "lang": "zh"})
    documents.put(db, {"id": "d" * 64, "path": "12.txt", "title": "稀土出口", "lang": "zh"})
    assert [row["title"] for row in documents.all(db)] == ["稀土出口"]
    runs.put(db, {"id": "r1", "scenario": "april-2025", "path": "runs/r1", "seed": 0, "draws": 1000})
    assert runs.all(db)[0]["draws"] == 1000
    with pytest.raises(BadValue, match="whole numbers"):
        runs.put(db, {"id": "r2", "scenario": "s", "path": "p", "seed": 0.5, "draws": 10})
    log.append(db, "run", {"id": "r1"})
    log.append(db, "report")
    assert [(row["kind"], row["detail"]) for row in log.all(db)] == [("run", {"id": "r1"}), ("report", {})]
    assert [row["number"] for row in log.all(db, kind="report")] == [2]
