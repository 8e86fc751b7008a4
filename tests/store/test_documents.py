"""Documents, readings and paths at rest: what is put comes back, versions count, refusals are told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.store import claims, database, documents, folder, paths, readings
from ytterby.store.database import Database
from ytterby.terms.errors import BadValue


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with database.open(folder.init(tmp_path / "p")) as opened:
        yield opened


def _put(db: Database, name: str, **fields: object) -> None:
    documents.put(db, {"id": name, **fields})


def test_what_is_put_comes_back(db: Database) -> None:
    told = {
        "title": "稀土",
        "publisher": "Wire",
        "date": "2025-08-20",
        "work": "w",
        "version": 2,
        "author": "J",
        "media": "x",
    }
    _put(db, "a1", **told)
    row = documents.get(db, "a1")
    assert row is not None
    assert {key: row[key] for key in told} == told
    assert documents.get(db, "none") is None
    _put(db, "a2")
    bare = documents.get(db, "a2")
    assert bare is not None
    assert (bare["work"], bare["version"]) == ("a2", 1)


def test_only_the_newest_versions_are_current(db: Database) -> None:
    for name, work, version in (("a1", "a", 1), ("a2", "a", 2), ("b1", "b", 1)):
        _put(db, name, work=work, version=version, url="https://a.example/" + work)
    assert [row["id"] for row in documents.all(db, newest=True)] == ["a2", "b1"]
    assert [row["id"] for row in documents.versions(db, "a")] == ["a1", "a2"]
    assert [row["id"] for row in documents.at(db, "https://a.example/a")] == ["a2"]
    documents.renumber(db, "a1", 3)
    assert [row["id"] for row in documents.all(db, newest=True)] == ["a1", "b1"]


def test_alike_wants_title_publisher_day_and_no_other_address(db: Database) -> None:
    same = {"title": "T", "publisher": "P", "date": "2025-08-20"}
    _put(db, "a", **same)
    _put(db, "b", **same, url="https://b.example/")
    _put(db, "c", **(same | {"date": "2025-09-20"}))
    found = documents.alike(db, publisher="P", title="T", date="2025-08-20", url="https://a.example/")
    assert [row["id"] for row in found] == ["a"]
    assert len(documents.alike(db, publisher="P", title="T", date="2025-08-20")) == 2
    assert documents.alike(db, publisher="", title="T", date="2025-08-20") == []


def test_beginnings(db: Database) -> None:
    for name in ("ab12", "ab13", "ac00"):
        _put(db, name)
    assert [row["id"] for row in documents.beginning(db, "ab1")] == ["ab12", "ab13"]
    assert documents.beginning(db, "ad") == []


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), st.integers(1, 9))
def test_readings_keep_every_character(text: str, n: int) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as place, database.open(folder.init(Path(place) / "p")) as db:
        _put(db, "a")
        readings.put(db, "a", text, {"passages": [n]})
        assert readings.get(db, "a") == (text, {"passages": [n]})
        readings.put(db, "a", "other", {})
        assert readings.get(db, "a") == ("other", {})
        assert readings.get(db, "b") is None


def test_a_refusal_keeps_the_document_of_the_last_visit(db: Database) -> None:
    paths.note(db, "/a", document="d", etag='"1"')
    paths.note(db, "/a", status="refused", error="it is gone")
    row = paths.get(db, "/a")
    assert row is not None
    assert (row["document"], row["status"], row["error"], row["etag"]) == ("d", "refused", "it is gone", "")
    assert [one["path"] for one in paths.all(db, status="refused")] == ["/a"]
    assert paths.of(db, "d") == ["/a"]
    assert paths.get(db, "/b") is None


def test_claims_that_no_longer_count(db: Database) -> None:
    claims.put(db, [{"id": name, "document": "d"} for name in ("x", "y")] + [{"id": "z", "document": "e"}])
    claims.supersede(db, "d", "version 2 was read", keep=["y"])
    assert [row["id"] for row in claims.all(db, superseded=False)] == ["y", "z"]
    assert claims.superseded(db) == {"x": "version 2 was read"}
    # Putting a claim again does not make it count; reading its document again does.
    claims.put(db, [{"id": "x", "document": "d"}])
    assert claims.superseded(db) == {"x": "version 2 was read"}
    claims.supersede(db, "d", "")
    assert claims.superseded(db) == {}


@pytest.mark.parametrize(
    "record", [{}, {"id": ""}, {"id": "a", "version": 0}, {"id": "a", "version": True}, {"id": "a", "title": 5}]
)
def test_nice_errors(db: Database, record: dict[str, object]) -> None:
    with pytest.raises(BadValue) as caught:
        documents.put(db, record)
    assert caught.value.place.startswith("document")
    assert caught.value.remedy
    assert documents.all(db) == []
