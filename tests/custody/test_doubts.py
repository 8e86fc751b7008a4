"""What was doubted when events were captured stays with them: in the book, in the alarms, and in a book made again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ytterby.custody.alarms.finding import alarms
from ytterby.custody.alarms.line import ENGLISH
from ytterby.custody.balance import ground
from ytterby.custody.book import Book
from ytterby.custody.book.doubting import AS_WRITTEN
from ytterby.custody.capture import BOOK, capture
from ytterby.custody.epcis.sense import CHECKS
from ytterby.custody.verify import verify

PLAIN: dict[str, Any] = {
    "type": "ObjectEvent",
    "eventTime": "2026-01-05T08:00:00.000+08:00",
    "eventTimeZoneOffset": "+08:00",
    "action": "ADD",
    "bizStep": "commissioning",
    "bizLocation": {"id": "https://moved.example/place/sep"},
    "quantityList": [{"epcClass": "https://moved.example/lot/a", "quantity": 5, "uom": "KGM"}],
}
DOUBTFUL = {
    "place": {"bizLocation": None},
    "action": {"action": "OBSERVE"},
    "unit": {"quantityList": [{"epcClass": "https://moved.example/lot/a", "quantity": 5, "uom": "ZZ9"}]},
    "offset": {"eventTimeZoneOffset": "+01:00"},
}


def written(folder: Path, *changes: dict[str, Any]) -> Path:
    path = folder / "events.jsonl"
    every = [{**PLAIN, "eventID": f"urn:uuid:{k}", **change} for k, change in enumerate(changes)]
    rows = [{key: value for key, value in one.items() if value is not None} for one in every]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def doubted(folder: Path) -> dict[str, list[int]]:
    book = Book.open(folder / "custody" / BOOK)
    found = {one.about: [int(book["events.sequence"][row]) for row in one.events] for one in alarms(ground(book))
             if one.kind == "doubt"}  # fmt: skip
    assert all(one.grade == "record" and one.mass == 0 for one in alarms(ground(book)) if one.kind == "doubt")
    book.close()
    return found


def test_a_doubt_is_an_alarm_on_the_records_and_survives_the_book(tmp_path: Path) -> None:
    path = written(tmp_path, {}, *DOUBTFUL.values(), DOUBTFUL["place"])
    done = capture(tmp_path / "custody", [path], workers=0)
    assert (done.captured, done.refused) == (6, ())
    found = doubted(tmp_path)
    assert set(found) == set(DOUBTFUL)
    assert found["place"] == [1, 5]
    (tmp_path / "custody" / BOOK / "manifest.json").unlink()
    verify(tmp_path / "custody", rebuild=True)
    capture(tmp_path / "custody", [written(tmp_path, {})], workers=0)
    again = doubted(tmp_path)
    assert {name: rows for name, rows in found.items() if name not in AS_WRITTEN} == again


def test_plain_events_are_not_doubted_and_mistaken_ones_no_more(tmp_path: Path) -> None:
    wrong = {"errorDeclaration": {"declarationTime": "2026-02-01T00:00:00Z", "reason": "did_not_occur"}}
    capture(tmp_path / "custody", [written(tmp_path, {}, {})], workers=0)
    assert doubted(tmp_path) == {}
    capture(tmp_path / "custody", [written(tmp_path, {}, {}, DOUBTFUL["place"])], workers=0)
    assert set(doubted(tmp_path)) == {"place"}
    path = tmp_path / "wrong.jsonl"
    told = {**PLAIN, "eventID": "urn:uuid:2", **wrong}
    del told["bizLocation"]
    path.write_text(json.dumps(told), encoding="utf-8")
    assert capture(tmp_path / "custody", [path], workers=0).captured == 1
    assert doubted(tmp_path) == {}


@pytest.mark.parametrize("name", [check.name for check in CHECKS if check.grade == "doubt"])
def test_every_doubt_has_words(name: str) -> None:
    assert f"doubt_{name}" in ENGLISH
