"""The fold: length kept, folding twice is folding once, on any text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.terms.text import fold

any_text = st.text(st.characters())
chinese = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF))


@given(any_text)
def test_length_is_kept_and_folding_settles(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded


@given(chinese)
def test_chinese_keeps_length_and_settles(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


def test_every_character_there_is_settles_on_one() -> None:
    # in one text of all planes that hold letters, surrogates too
    everything = "".join(map(chr, range(0x30000)))
    folded = fold(everything)
    assert len(folded) == len(everything)
    assert fold(folded) == folded


@given(any_text, any_text)
def test_folding_parts_is_folding_the_whole(head: str, tail: str) -> None:
    assert fold(head + tail) == fold(head) + fold(tail)


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_text_stays(text: str) -> None:
    assert fold(text) == text


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("釹鐵硼磁體", "钕铁硼磁体"),
        ("緬甸、臺灣", "缅甸、台湾"),
        ("\uff11\uff12\uff0e\uff15\uff05", "12.5%"),
        ("\u3000\xa0", "  "),
        ("Ｎｄ₂Ｏ₃", "Nd2O3"),
    ],
)
def test_what_it_does(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize("text", ["1,240²", "45①", "㎏", "½", "ﬁ", "…"])
def test_a_figure_never_grows_by_a_mark(text: str) -> None:
    assert fold(text) == text


def test_case_is_kept() -> None:
    assert fold("NdPr 鏑") == "NdPr 镝"


def test_it_simplifies_like_the_table_it_is_made_from() -> None:
    from opencc import OpenCC

    second = OpenCC("t2s")
    for char in "鑭鈰鐠釹鉕釤銪釓鋱鏑鈥鉺銩鐿鑥釔鈧礦離貿許證轉動機車":
        assert fold(char) == second.convert(char), unicodedata.name(char)
