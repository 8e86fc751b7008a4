"""Numbered instruments are resolved to ids, in lists and ranges, with the year told, carried or known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.evidence.names import instruments
from ytterby.evidence.names.announcements import number_of
from ytterby.terms.text import fold

CASES = [
    ("商务部公告2025年第61号", None, ["cn-61-2025"]),
    ("商務部、海關總署公告2025年第18號", None, ["cn-18-2025"]),
    ("商务部公告2025年第六十一号", None, ["cn-61-2025"]),
    ("商务部公告二〇二五年第61号", None, ["cn-61-2025"]),
    ("商务部公告[2025]61号", None, ["cn-61-2025"]),
    ("发布2025年第18号公告", None, ["cn-18-2025"]),
    ("第61号公告引入域外管辖", 2025, ["cn-61-2025"]),
    ("62号公告把展览纳入", 2025, ["cn-62-2025"]),
    ("55、56、57、58号公告", 2025, ["cn-55-2025", "cn-56-2025", "cn-57-2025", "cn-58-2025"]),
    ("第55号至58号公告", 2025, ["cn-55-2025", "cn-56-2025", "cn-57-2025", "cn-58-2025"]),
    ("2025年第70号公告暂停第61号、62号公告", None, ["cn-70-2025", "cn-61-2025", "cn-62-2025"]),
    ("商务部公告2026年第1号", None, ["cn-japan-2026"]),
    ("商务部公告2025年第13号", None, ["cn-us-lists"]),
    ("商务部公告2026年第30号", None, ["cn-eu-2026"]),
    ("商务部公告2026年第99号", None, ["cn-99-2026"]),
    ("国务院令第792号", None, ["cn-order-792"]),
    ("工信部联原〔2024〕25号", None, ["cn-letter-25-2024"]),
    ("Announcement No. 61 of 2025", None, ["cn-61-2025"]),
    ("Announcement 61", 2025, ["cn-61-2025"]),
    ("MOFCOM Announcement No. 1 of 2026", None, ["cn-japan-2026"]),
    ("Announcement 2025 No. 62", None, ["cn-62-2025"]),
    ("Announcements No. 55, 56 and 61 of 2025", None, ["cn-55-2025", "cn-56-2025", "cn-61-2025"]),
    ("Announcements 55-58", 2025, ["cn-55-2025", "cn-56-2025", "cn-57-2025", "cn-58-2025"]),
    ("Notice No. 18 (2025)", None, ["cn-18-2025"]),
    ("No. 46 of 2024", None, ["cn-46-2024"]),
    ("这些公告中，第55号管超硬材料，第58号管锂电池", 2025, ["cn-55-2025", "cn-58-2025"]),
    ("Announcements No. 55, No. 56, No. 57 and No. 58", 2025, ["cn-55-2025", "cn-56-2025", "cn-57-2025", "cn-58-2025"]),
    ("商務部第61號和第62號公告", 2025, ["cn-61-2025", "cn-62-2025"]),
    ("公告2025年第55、56、57、58号", None, ["cn-55-2025", "cn-56-2025", "cn-57-2025", "cn-58-2025"]),
    ("商务部 海关总署公告2025年第10号", None, ["cn-10-2025"]),
    ("State Council Order No. 785", None, ["cn-order-785"]),
    ("国务院令第999号", None, ["cn-order-999"]),
]

SILENT = [
    "公告称出口5,577吨",
    "announcement of 61 tonnes",
    "第12号机组",
    "61%",
    "announcement 12,000 tonnes",
    "号",
    "No. 5",
]


@pytest.mark.parametrize(("text", "hint", "ids"), CASES)
def test_cited(text: str, hint: int | None, ids: list[str]) -> None:
    assert [one.id for one in instruments(fold(text), hint)] == ids


@pytest.mark.parametrize("text", SILENT)
def test_other_numbers_are_no_instruments(text: str) -> None:
    assert instruments(fold(text), 2025) == []


def test_a_number_stands_for_the_newest_known_by_then() -> None:
    assert [one.id for one in instruments("第46号公告", 2026)] == ["cn-46-2024"]
    assert [one.id for one in instruments("第61号公告", 2024)] == ["cn-61-2024"]


def test_long_lists_end() -> None:
    assert len(instruments("公告" + "第1号、" * 5_000, 2025)) == 5_000
    assert instruments("公告" + "1、" * 5_000 + "吨", 2025) == []


def test_without_a_year_nothing_is_guessed() -> None:
    (one,) = instruments("第77号公告")
    assert (one.number, one.year, one.id) == (77, None, "")


@given(st.integers(1, 999), st.integers(2010, 2030))
def test_spans_hold_the_number(number: int, year: int) -> None:
    for text in (f"商务部公告{year}年第{number}号", f"Announcement No. {number} of {year}"):
        (one,) = instruments(text)
        assert (one.number, one.year) == (number, year)
        assert str(number) in text[one.start : one.end]


@given(st.text(alphabet="公告号第令年0123456789一二十、至-,No. ofand AnnouncementOrder〔〕[]()", max_size=60))
def test_wild_text(text: str) -> None:
    for one in instruments(text, 2025):
        assert 0 <= one.start < one.end <= len(text)


@given(st.integers(1, 199))
def test_chinese_numerals(number: int) -> None:
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    said = "一百" * hundreds + (digits[tens] + "十" if tens else "零" if hundreds and ones else "")
    said += digits[ones] if ones else ""
    assert number_of(said) == number
