"""The article of a page is read and nothing else: no script, no furniture, no fetching."""

from __future__ import annotations

import pytest

from ytterby.evidence.documents import Document
from ytterby.evidence.reading import read_bytes

HEAD = """<meta property="og:site_name" content="Metal Wire"><meta name="author" content="Jane Miller">
<meta property="article:published_time" content="2025-08-20T10:00:00+08:00">
<title>Magnet exports jump - Metal Wire</title>"""
PARAGRAPHS = [
    "Customs said on Wednesday that magnet exports rose by nearly 75 % in July to 5,577 t, the most since January.",
    "The three largest buyers were Germany, the United States and Vietnam; the United States took 619 t in the month.",
    "Licences stay valid for six months only, and officials hold the amounts down so that nobody abroad can hoard.",
]
EVIL = """<script>document.write('<p>evil 999 t</p>')</script><noscript>evil</noscript><style>p{content:"evil"}</style>
<iframe src="http://127.0.0.1:9/evil"></iframe><img src="http://127.0.0.1:9/evil.png" onerror="alert('evil')">"""


def _page(body: str, head: str = HEAD) -> bytes:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'.encode()
    )


def _read(content: bytes, **about: str) -> Document:
    return read_bytes(content, path="page.html", **about)


def _article() -> str:
    words = "".join(f"<p>{one}</p>{EVIL}" for one in PARAGRAPHS)
    rows = (("Month", "Tonnes"), ("June", "3,188"), ("July", "5,577"))
    table = "".join(f"<tr><td>{month}</td><td>{tonnes}</td></tr>" for month, tonnes in rows)
    return (
        "<nav><a href='/'>Home</a> <a href='/x'>Markets</a></nav><article><h1>Magnet exports jump</h1>"
        f"{words}<table>{table}</table></article><footer>All rights reserved</footer>"
    )


def test_the_article_with_what_the_page_says_of_itself() -> None:
    document = _read(_page(_article()), url="https://a.example/x")
    told = (document.title, document.publisher, document.author, document.date, document.lang)
    assert told == ("Magnet exports jump", "Metal Wire", "Jane Miller", "2025-08-20", "en")
    assert document.media == "text/html"
    assert [document.words(p) for p in document.passages if p.kind == "paragraph"] == PARAGRAPHS
    assert [document.words(p) for p in document.passages if p.kind == "row"] == [
        "Month | Tonnes", "June | 3,188", "July | 5,577",
    ]  # fmt: skip
    assert "evil" not in document.text


@pytest.mark.parametrize("name", ["gb18030", "big5", "utf-8"])
def test_pages_declare_their_encoding(name: str) -> None:
    words = "海關總署公布，7月稀土磁鐵出口比6月增加近75%，達5577公噸，是1月以來單月最高。"
    body = f"<article><p>{words}</p><p>{words.replace('7月', '8月')}</p></article>"
    page = f'<html><head><meta charset="{name}"><title>出口</title></head><body>{body}</body></html>'.encode(name)
    document = _read(page)
    assert document.words(next(p for p in document.passages if p.kind == "paragraph")) == words
    assert document.lang == "zh-Hant"


def test_a_page_of_a_brief_is_a_brief() -> None:
    body = (
        "<div><p>Core Viewpoint - Exports of magnets recovered in July after licences began to flow again [1].</p>"
        "<p>Group 1: Exports - The United States took 619 t in July, against 353 t in June [1] - Germany took most of "
        "all buyers in both months [2]</p></div>"
    )
    document = _read(_page(body))
    assert [p.kind for p in document.passages if p.kind in ("core", "point")] == ["core", "point", "point"]


def test_a_small_page_is_read_too() -> None:
    document = _read(b"<html><body><p>Prices rose 4 %.</p><script>evil()</script></body></html>")
    assert document.words(document.passages[0]) == "Prices rose 4 %."
    assert "evil" not in document.text


def test_a_deeply_nested_page_is_read() -> None:
    words = PARAGRAPHS[0]
    document = _read(
        b"<html><body>" + b"<div>" * 5000 + f"<p>{words}</p>".encode() + b"</div>" * 5000 + b"</body></html>"
    )
    assert words in document.text


@pytest.mark.parametrize("piece", ["<script>", "<!--", "<title>", "<", "<p", "<td>x", "<nav>", "<b>x", "<meta a=b "])
def test_what_is_left_open_does_not_hold_the_reader_up(piece: str) -> None:
    """Half a megabyte of it: quadratic reading would not end while anybody waits."""
    words = "Prices rose by four per cent in July."
    document = _read(f"<!doctype html><html><body><p>{words}</p>{piece * (500_000 // len(piece))}".encode())
    assert words in document.text


def test_scripts_are_dropped_also_where_the_library_finds_no_article() -> None:
    page = "<html><body><div>Nd rose 4 %.</div><SCRIPT>evil()</Script ><style>evil</style><div>İ Tb fell.</div>"
    page += "<script>evil"
    document = _read(page.encode())
    assert "evil" not in document.text
    assert [document.words(p) for p in document.passages][:1] == ["Nd rose 4 %."]
