"""Head lines, front matter, bylines, datelines and addresses tell who wrote and when; nothing else does."""

from __future__ import annotations

from datetime import date

import pytest

from ytterby.evidence.documents import Document
from ytterby.evidence.reading import read, read_bytes
from ytterby.evidence.reading.bylines import byline
from ytterby.evidence.reading.dates import of_address, told
from ytterby.terms.text import fold

BODY = "Makers shipped 5,577 t of magnets in July.\n\nPrices rose by 4%.\n"


def _read(text: str, url: str = "") -> Document:
    return read_bytes(text.encode(), path="x.txt", url=url, today=date(2026, 11, 21))


def test_a_head_in_either_language_says_the_same() -> None:
    english = _read("title: Magnets\nsource: Wire (https://a.example/1)\ndate: 2025-08-20\nauthor: J. Doe\n\n" + BODY)
    chinese = _read("标题：Magnets\n来源：Wire https://a.example/1\n日期：2025年8月20日\n作者：J. Doe\n\n" + BODY)
    matter = _read(
        '---\ntitle: "Magnets"\nsource: Wire\nurl: https://a.example/1\ndate: 2025-08-20\nauthor: J. Doe\n---\n' + BODY
    )
    for one in (english, chinese, matter):
        assert (one.title, one.publisher, one.author, one.date) == ("Magnets", "Wire", "J. Doe", "2025-08-20")
        assert one.url == "https://a.example/1"
        assert [one.words(p) for p in one.passages if p.kind == "paragraph"] == BODY.strip().split("\n\n")


def test_head_lines_are_passages_of_their_own() -> None:
    text = "title: A\ndate: 2025-01-02\n\n" + BODY
    document = _read(text)
    assert [document.words(p) for p in document.passages if p.kind == "head"] == ["title: A", "date: 2025-01-02"]


def test_a_sentence_with_a_colon_is_no_head() -> None:
    document = _read("Note: exports fell 5%.\nAnd prices: up 3%.\n")
    assert [p.kind for p in document.passages] == ["paragraph", "paragraph"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2025-04-04", ("2025-04-04", False)),
        ("2025-04-04T10:00:00Z", ("2025-04-04", False)),
        ("~2025-07 (undated page)", ("2025-07", True)),
        ("~2026 (undated page)", ("2026", True)),
        ("about May 2025", ("2025-05", True)),
        ("约2025年7月", ("2025-07", True)),
        ("2025年4月4日", ("2025-04-04", False)),
        ("４ April ２０２５", ("2025-04-04", False)),
        ("Apr. 4th, 2025", ("2025-04-04", False)),
        ("20250404", ("2025-04-04", False)),
        ("民國114年10月9日", ("2025-10-09", False)),
        ("2025-02-31", ("2025", False)),
        ("last week", ("", False)),
    ],
)
def test_dates_as_they_are_told(written: str, expected: tuple[str, bool]) -> None:
    assert told(fold(written)) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/2025/10/09/x.html", "2025-10-09"),
        ("https://a.example/2025-10/09/content_38329670.htm", "2025-10-09"),
        ("https://a.example/2025/1010/757749.shtml", "2025-10-10"),
        ("https://a.example/story/20250612/a", "2025-06-12"),
        ("https://a.example/2025/10/rare-earths", "2025-10"),
        ("https://a.example/article/38329670", ""),
        ("https://a.example/2025/13/45/x", ""),
        ("https://2025-10-09.example/", ""),
    ],
)
def test_dates_in_addresses(url: str, expected: str) -> None:
    assert of_address(url) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Sou Hu Cai Jing· 2025-09-03 09:03", ("Sou Hu Cai Jing", "", "2025-09-03")),
        ("日經中文網· 2025-08-14 03:10", ("日經中文網", "", "2025-08-14")),
        ("2025-07-21 10:22 来源：某财经网 作者：李明", ("某财经网", "李明", "2025-07-21")),
        ("Metal Wire | June 5, 2025", ("Metal Wire", "", "2025-06-05")),
        ("By Jane Doe, Metal Wire", ("Metal Wire", "Jane Doe", "")),
        ("Published: 5 June 2025 10:30 GMT", ("", "", "2025-06-05")),
        ("发布时间：2025年6月5日", ("", "", "2025-06-05")),
    ],
)
def test_bylines(line: str, expected: tuple[str, str, str]) -> None:
    signed = byline(line, fold(line))
    assert signed is not None
    assert (signed.publisher, signed.author, signed.date) == expected


@pytest.mark.parametrize(
    "line",
    [
        "商务部2025年10月9日发布第61号公告，对境外相关稀土物项实施出口管制。",
        "商务部2025年10月9日发布第61号公告",
        "On June 5, 2025 exports were halted",
        "From 2025-04-04 to 2025-11-10 exports need a licence.",
        "Exports fell 74% in May 2025.",
    ],
)
def test_statements_with_a_date_are_no_bylines(line: str) -> None:
    assert byline(line, fold(line)) is None


def test_a_dateline_tells_the_agency_and_leaves_the_statement() -> None:
    document = _read("新华社北京10月9日电 商务部2025年10月9日宣布管制稀土技术出口。\n\n措施自公布之日起施行。\n")
    assert (document.publisher, document.date) == ("新华社", "2025-10-09")
    assert [document.words(p) for p in document.passages if p.kind == "paragraph"] == [
        "商务部2025年10月9日宣布管制稀土技术出口。",
        "措施自公布之日起施行。",
    ]
    western = _read("BEIJING, July 21 (Wire Press) - China shipped 3,188 t in June.\n", "https://a.example/2025/07/x")
    assert western.publisher == "Wire Press via a.example"
    assert western.date == "2025-07-21"
    assert western.words(western.passages[-1]) == "China shipped 3,188 t in June."


def test_a_date_to_come_is_left_out_and_said() -> None:
    got = read(b"title: A\ndate: 2031-01-01\n\nPrices rose 4%.\n", path="x.txt", today=date(2026, 11, 21))
    assert got.document.date == ""
    assert got.document.parts[0].date == ""
    assert "2031-01-01" in got.doubts[0]
    assert "left out" in got.doubts[0]
    tomorrow = read(b"title: A\ndate: 2026-11-22\n\nPrices rose 4%.\n", path="x.txt", today=date(2026, 11, 21))
    assert (tomorrow.document.date, tomorrow.doubts) == ("2026-11-22", ())


def test_two_heads_are_two_articles() -> None:
    text = "title: One\ndate: 2025-01-02\n\nNd rose 3%.\n\ntitle: Two\ndate: 2025-02-03\n\nTb fell 2%.\n"
    document = _read(text)
    assert [(part.title, part.date) for part in document.parts] == [("One", "2025-01-02"), ("Two", "2025-02-03")]
    assert document.date == "2025-02-03"
    assert [text[part.start : part.end].count("title:") for part in document.parts] == [1, 1]
