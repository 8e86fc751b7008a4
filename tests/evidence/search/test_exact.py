"""Exact words are always found, whatever a segmenter would make of them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby.evidence.documents import Document
from ytterby.evidence.search import put_document, search
from ytterby.evidence.search.tokens import lowered, units
from ytterby.store import database, folder
from ytterby.store.database import Database

TEXTS = {
    "a": "海关总署数据显示，8月对美出口稀土磁铁590公噸，较7月减少4.7%。氧化镝每公斤230美元。",
    "b": "商務部公告2025年第61號規定，價值占比達到0.1%及以上的物項須申請許可，釤編碼為1C902。",
    "c": "Ministry of Commerce Announcement No. 61 covers NdFeB and SmCo (1C902.a), Dy and Tb, from 0.1% of value.",
    "d": "Each F-35 needs 920 lb; exports to the U.S. rose to 5,952 t, rare-earth\nmagnets of grade N52²included.",
}
TERMS = {
    "稀土": "a", "镝": "a", "鏑": "a", "对美": "ab"[:1], "土磁": "a", "数据显示": "a", "减少4.7%": "a", "590公噸": "a",
    "第61号": "b", "0.1%": "bc", "1C902": "bc", "1c902.a": "c", "Dy": "c", "NdFeB": "c", "釤編碼": "b", "钐编码": "b",
    "占比": "b", "61": "bc", "F-35": "d", "f35": "", "5,952": "d", "952": "d", "U.S.": "d", "rare-earth": "d",
    "rare earth magnets": "d", "N52": "d", "No. 61": "c", "及以上的": "b", "署数": "a", "announcement": "c",
}  # fmt: skip


@contextmanager
def _index(*documents: Document) -> Iterator[Database]:
    with tempfile.TemporaryDirectory() as home, database.open(folder.init(Path(home) / "p")) as db:
        for document in documents:
            put_document(db, document)
        yield db


@pytest.fixture(scope="module")
def filled(article: Callable[..., Document]) -> Iterator[Database]:
    with _index(*(article(name, text) for name, text in TEXTS.items())) as db:
        yield db


@pytest.mark.parametrize(("term", "where"), list(TERMS.items()))
def test_terms(filled: Database, term: str, where: str) -> None:
    held = {hit.id for hit in search(filled, f'"{term}"')}
    assert held >= set(where)
    bare = [hit.id for hit in search(filled, term)]
    assert set(bare[: len(where)]) == set(where), "what holds the very words stands first"


@given(st.data())
def test_every_piece_of_every_text_is_found(filled: Database, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(TEXTS)))
    cut = units(lowered(TEXTS[name]))
    first = data.draw(st.integers(0, len(cut) - 1))
    last = data.draw(st.integers(first, min(len(cut) - 1, first + 12)))
    piece = TEXTS[name][cut[first].start : cut[last].end]
    assert name in {hit.id for hit in search(filled, f'"{piece}"')}


@settings(max_examples=25)
@given(st.text(alphabet="稀土磁体鏑a bC1.9,-%\n。、ﬁß½", min_size=1, max_size=40), st.data())
def test_pieces_of_wild_text(article: Callable[..., Document], text: str, data: st.DataObject) -> None:
    cut = units(lowered(text))
    if not cut:
        return
    first = data.draw(st.integers(0, len(cut) - 1))
    last = data.draw(st.integers(first, len(cut) - 1))
    with _index(article("x", text), article("y", "别的 other")) as db:
        hits = search(db, f'"{text[cut[first].start : cut[last].end]}"')
        assert "x" in {hit.id for hit in hits}
        assert all(hit.quote == text[hit.start : hit.end] for hit in hits if hit.id == "x")


def test_a_word_is_not_found_inside_another(filled: Database) -> None:
    assert not search(filled, '"nd"')
    assert {hit.id for hit in search(filled, '"90公噸"')} == set()


def test_common_words_that_do_not_stand_in_a_row_are_passed_until_the_row_is_found(
    db: Database, article: Callable[..., Document]
) -> None:
    """Hundreds of newer texts have every pair of the phrase; only the oldest has the phrase."""
    for number in range(450):
        put_document(db, article(f"n{number:03}", "稀土出口。土出。口管 口管制", date="2026-01-02"))
    put_document(db, article("old", "稀土出口管制", date="2001-01-01"))
    assert [hit.id for hit in search(db, '"土出口管制"')] == ["old"]
    assert search(db, "稀土出口管制", limit=3)[0].id == "old"
