from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby.evidence.grammar import bases, clauses, coordinated, quantities, sentences, times
from ytterby.evidence.grammar.numerals_en import spelled
from ytterby.evidence.grammar.numerals_zh import chinese
from ytterby.terms.periods import parse_period
from ytterby.terms.text import fold

sys.path.insert(0, str(Path(__file__).parent))
from spelling import classic, english, positional, wide

_TODAY = date(2026, 1, 20)
_NUMBERS = st.integers(1, 10**12)
_PIECES = (
    *"0123456789,.%$-~至到年月日号第一二三十百千万亿○成半倍吨元近约逾多余以上下前后去今本同期比较与和",
    *"、。;:()[] \n",
    *[
        "百分之",
        "分之",
        "公斤",
        "亿美元",
        "个百分点",
        "个月",
        "去年",
        "上半年",
        "季度",
        "US$",
        "tonnes",
        "per",
        "year",
        "a ",
        "half",
        "third",
        "second",
        "largest",
    ],
    *[
        "million",
        "bn",
        "kg",
        "from ",
        "to ",
        "between ",
        "and ",
        "May ",
        "2025",
        "June ",
        "earlier",
        "quarter",
        "nearly ",
        "more than ",
        "several ",
    ],
    *["hundreds of ", "respectively", "分别为", "No. ", "一半", "翻番", "日元", "每年", "年前", "Q1", "H1"],
)
_WORDS = st.sampled_from(_PIECES)
_WILD = st.one_of(st.text(max_size=120), st.lists(_WORDS, max_size=60).map("".join))


@given(_NUMBERS)
def test_a_number_comes_back_from_every_chinese_spelling(number: int) -> None:
    assert chinese(classic(number)) == number
    assert chinese(positional(number)) == number
    assert chinese(f"{number:,}") == number


@given(st.integers(1, 10**9 - 1))
def test_a_number_comes_back_from_english_words(number: int) -> None:
    read = spelled(english(number), 0)
    assert read is not None
    assert (read.value, read.end) == (number, len(english(number)))


@given(st.integers(11, 9 * 10**7), st.sampled_from((classic, positional, wide, "{:,}".format, str)))
def test_a_mass_comes_back_from_every_spelling(number: int, spell: object) -> None:
    text = fold(f"出口量為{spell(number)}噸。")  # type: ignore[operator]
    assert [(q.value, q.unit) for q in quantities(text)] == [(number, "t")]


@given(
    st.integers(1, 9999),
    st.integers(0, 99),
    st.sampled_from((("万吨", 1e4, "t"), ("亿美元", 1e8, "USD"), ("万元/吨", 1e4, "CNY/t"))),
)
def test_magnitudes_are_multiplied_out(whole: int, part: int, unit: tuple[str, float, str]) -> None:
    word, size, name = unit
    number = float(f"{whole}.{part:02}")
    (found,) = quantities(f"共{whole}.{part:02}{word}。")
    assert found.value == pytest.approx(number * size, rel=1e-11)
    assert found.unit == name


@given(st.integers(1, 999), st.sampled_from(("million", "billion", "bn", "m")))
def test_money_is_one_figure_however_it_is_written(number: int, word: str) -> None:
    size = 1e6 if word in ("million", "m") else 1e9
    gap = " " if len(word) > 2 else ""
    for text in (f"spent ${number}{gap}{word} on it", f"spent US${number}{gap}{word} on it"):
        assert [(q.value, q.unit, q.dimension) for q in quantities(text)] == [(number * size, "USD", "money")]


@given(st.integers(1, 98), st.integers(1, 40), st.sampled_from(("-", "\u2013", "~", "至", "到")))
def test_a_range_has_both_ends(low: int, step: int, tie: str) -> None:
    high = low + step
    for text in (f"占{low}%{tie}{high}%。", f"占{low}{tie}{high}%。"):
        assert [(q.low, q.high, q.value, q.unit) for q in quantities(text)] == [(low, high, None, "%")]


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_a_day_comes_back_from_every_spelling(day: date) -> None:
    month = day.strftime("%B")
    for text in (
        f"于{day.year}年{day.month}月{day.day}日公布",
        f"on {month} {day.day}, {day.year} it",
        f"on {day.day} {month} {day.year} it",
        f"on {day.isoformat()} it",
    ):
        assert [(time.period, time.kind) for time in times(text, None)] == [(day.isoformat(), "day")], text
        assert quantities(text) == []


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)), st.integers(1, 12))
def test_a_bare_month_is_the_latest_not_after_the_document(today: date, month: int) -> None:
    (found,) = times(f"{month}月出口下降", today)
    placed = parse_period(found.period)
    assert placed.start.month == month
    assert placed.start <= today
    assert (today - placed.start).days < 366


@settings(max_examples=300)
@given(_WILD)
def test_spans_are_ordered_and_inside_whatever_the_text(wild: str) -> None:
    text = fold(wild)
    found, when = quantities(text), times(text, _TODAY)
    for spans in (found, when, bases(text, _TODAY), sentences(text)):
        at = 0
        for span in spans:
            assert at <= span.start < span.end <= len(text)
            at = span.end
    for quantity in found:
        assert quantity.start <= quantity.number_start < quantity.number_end <= quantity.end
        if quantity.value is not None and None not in (quantity.low, quantity.high):
            pytest.fail("a range has no single value")
        assert all(quantity.end <= time.start or time.end <= quantity.number_start for time in when)
    for time in when:
        if time.period:
            parse_period(time.period)


@given(_WILD)
def test_sentences_lose_nothing_but_blanks(wild: str) -> None:
    text = fold(wild)
    kept = "".join(text[span.start : span.end] for span in sentences(text))
    assert "".join(kept.split()) == "".join(text.split())


@given(_WILD)
def test_clauses_lie_inside_their_sentence(wild: str) -> None:
    text = fold(wild)
    found = quantities(text)
    for sentence in sentences(text):
        for clause in clauses(text, sentence):
            assert sentence.start <= clause.start < clause.end <= sentence.end
        for head, quantity in coordinated(text, sentence, found):
            assert sentence.start <= head.start < head.end <= sentence.end
            assert quantity in found


@given(_WILD, st.integers(0, 40))
def test_a_sentence_moves_with_its_offset(wild: str, shift: int) -> None:
    text = fold(wild)
    assert [(s.start + shift, s.end + shift) for s in sentences(text)] == [
        (s.start, s.end) for s in sentences(text, shift)
    ]
