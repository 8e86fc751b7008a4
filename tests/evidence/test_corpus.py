"""The corpus that ships and what was marked in it: every line stands in its document, in the words of the design."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from ytterby.evidence.claims import KINDS
from ytterby.evidence.documents import SPOKEN, Document
from ytterby.evidence.reading import read_bytes

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "src" / "ytterby" / "data" / "corpus"
GOLD = Path(__file__).with_name("gold")

KINDS_OF_A_READER = {*KINDS, "policy_measure", "demand_intensity"}
UNITS = {
    "%", "x", "t", "t/yr", "t/d", "kg", "kg/unit", "lb/unit", "kg/MW", "unit", "unit/yr", "count", "rank", "date",
    "year", "month", "week", "day", "workday", "USD", "CNY", "JPY", "EUR", "AUD", "INR", "CAD", "USD/t", "USD/kg",
    "CNY/t", "CNY/kg", "AUD/kg", "nm", "layer", "m3/d", "Wh/kg", "direction:up", "direction:down", "MW", "m", "km",
}  # fmt: skip
ENCODINGS = {
    "quotas-2024-zh.txt": "gb18030",
    "adamas-2024-exports-zh.txt": "gb18030",
    "notice-70-2025-hant.txt": "big5",
    "taiwan-supply-2025-hant.txt": "big5",
}


def files() -> list[Path]:
    return sorted(path for path in CORPUS.iterdir() if path.name != "README.md")


@cache
def decoded(name: str) -> str:
    return (CORPUS / name).read_bytes().decode(ENCODINGS.get(name, "utf-8"))


@cache
def document(name: str) -> Document:
    return read_bytes((CORPUS / name).read_bytes(), path=name)


def marked(half: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (GOLD / half).read_text(encoding="utf-8").splitlines()]


HALVES = ("dev.jsonl", "held_out.jsonl")


@pytest.mark.parametrize("half", HALVES)
def test_every_span_holds_its_sentence(half: str) -> None:
    for number, row in enumerate(marked(half), 1):
        start, end = row["span"]  # type: ignore[misc]
        assert decoded(str(row["doc"]))[start:end] == row["sentence"], f"{half} line {number}"


@pytest.mark.parametrize("half", HALVES)
def test_every_sentence_stands_where_claims_are_read_from(half: str) -> None:
    for row in marked(half):
        read = document(str(row["doc"]))
        sentence = str(row["sentence"])
        at = [read.passage_at(k) for k in range(len(read.text)) if read.text.startswith(sentence, k)]
        assert any(passage is not None and passage.kind in SPOKEN for passage in at), f"{row['doc']}: {sentence}"


@pytest.mark.parametrize("half", HALVES)
def test_kinds_and_units_are_known(half: str) -> None:
    for row in marked(half):
        assert row["kind"] in KINDS_OF_A_READER, row
        assert row["unit"] is None or row["unit"] in UNITS, row
        assert row["polarity"] in {"asserted", "forecast", "target", "claimed"}, row
        assert row.get("op", "=") in {"=", "~", "<", ">", "<=", ">="}, row


@pytest.mark.parametrize("half", HALVES)
def test_a_line_states_a_figure_a_day_a_direction_or_a_measure(half: str) -> None:
    for row in marked(half):
        figured = any(row.get(name) is not None for name in ("value", "low", "high"))
        assert figured or row["kind"] in ("forecast", "policy_measure"), row


def test_no_line_is_marked_twice() -> None:
    keys = [
        (row["doc"], *row["span"], row["kind"], row["object"], row.get("value"), row.get("low"))  # type: ignore[misc]
        for half in HALVES
        for row in marked(half)
    ]
    assert [key for key, count in Counter(keys).items() if count > 1] == []


def test_the_halves_share_no_document_and_leave_none_out() -> None:
    dev, held_out = ({str(row["doc"]) for row in marked(half)} for half in HALVES)
    assert not dev & held_out
    assert dev | held_out == {path.name for path in files()}


def test_there_are_enough_documents_of_each_script() -> None:
    langs = Counter(document(path.name).lang for path in files())
    assert sum(langs.values()) >= 48
    assert langs["en"] >= 20
    assert langs["zh"] >= 14
    assert langs["zh-Hant"] >= 8


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_every_document_reads_with_a_title_and_a_day(path: Path) -> None:
    read = document(path.name)
    assert read.parts
    assert all(part.title and part.date for part in read.parts)
    assert all(part.date <= "2026-11-21" for part in read.parts)
    assert any(passage.kind in SPOKEN for passage in read.passages)
    assert 280 <= len(read.text) <= 2500


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_a_plain_text_is_read_as_it_stands(path: Path) -> None:
    if path.suffix == ".txt":
        assert document(path.name).text == decoded(path.name)


def test_encodings_are_what_they_are_said_to_be() -> None:
    for path in files():
        if path.name in ENCODINGS:
            with pytest.raises(UnicodeDecodeError):
                path.read_bytes().decode("utf-8")
        else:
            path.read_bytes().decode("utf-8")
