"""The report's page on invented data: whole, safe, self-contained, the same each time, and never half-written."""

from __future__ import annotations

import os
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby import report as room
from ytterby.figures import Caption, bars, fan
from ytterby.report import KeyFigure, Report, Section, Source, Table, page, write
from ytterby.terms.errors import BadValue, InputError, StoreError, UnknownName

VOID = {"meta", "link", "br", "hr", "img", "input"}


class Reader(HTMLParser):
    """Elements, ids and visible text of a page; complains about tags that do not pair."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text: list[str] = []
        self.broken: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.broken.append(tag)

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def ids(self) -> list[str]:
        return [value for _, name, value in self.attributes if name == "id"]


ROWS = [{"period": f"2025-{m:02d}", "median": 10.0 * m, "p05": 8.0 * m, "p95": 13.0 * m} for m in range(1, 7)]
CAPTION = Caption("Exports fall", "t a month · invented", ("invented",), bare=True)


def invented(**changes: Any) -> Report:
    table = Table(("Month", "Median, t"), [("2025-04", 2600.0), ("2025-05", None)], assumed=frozenset({1}))
    sections = [
        Section(
            "Exports fall",
            "Lead.",
            fan(ROWS, CAPTION),
            fan(ROWS, CAPTION, width=360),
            table,
            ("GACC",),
            anchor="exports",
        ),
        Section("Review time counts most", figure=bars([{"label": "Review", "value": 9.0}], CAPTION)),
    ]
    plain: dict[str, Any] = {
        "headline": "Lines stop within seven weeks",
        "standfirst": "Invented data.",
        "run": "april-2025-3f9a1c",
        "created": "2026-11-21",
        "figures": (KeyFigure("First stop", 52, "days", "5–95 %: 31–96"), KeyFigure("Stock", 38, "days", assumed=True)),
        "sections": sections,
        "sources": (
            Source("Commodity Summaries", "USGS", "2026-02", "https://example.org/a?b=1&c=2"),
            Source("Memory", assumed=True),
        ),
        "assumptions": Table(("Input", "Value"), [("cover", 38.5)], assumed=frozenset({0})),
        "method": ("Weekly steps.",),
    }
    return Report(**(plain | changes))


def test_the_page_is_well_formed_and_says_all() -> None:
    read = Reader(page(invented()))
    assert read.broken == []
    assert read.open == []
    text = " ".join(read.text)
    said = [
        "Lines stop within seven weeks",
        "Invented data.",
        "april-2025-3f9a1c",
        "52",
        "days",
        "Exports fall",
        "GACC",
        "2\u00a0600",
        "–",
    ]
    said += ["What is assumed", "38.5", "Weekly steps.", "Commodity Summaries", "USGS"]
    assert [words for words in said if words not in text] == []


def test_a_section_marks_what_is_assumed_and_warns() -> None:
    plain, marked = (
        page(invented(sections=[Section("It costs", sources=("run",), **told)]))
        for told in ({}, {"mark": "estimated <table>", "warnings": ("It runs away.", "It crashes.")})
    )
    assert 'class="warn"' not in plain
    assert marked.count('class="warn"') == 2
    assert '<span class="chip assumed">estimated &lt;table&gt;</span>' in marked
    assert marked.index("It runs away.") < marked.index("It crashes.") < marked.index("estimated &lt;table")


def test_nothing_is_fetched_and_nothing_runs() -> None:
    text = page(invented())
    read = Reader(text)
    assert not {"script", "link", "iframe", "img", "object", "embed", "form", "base"} & set(read.tags)
    assert not [name for _, name, _ in read.attributes if name in {"src", "srcset"} or name.startswith("on")]
    assert "@import" not in text
    assert set(re.findall(r"url\(([^)]*)\)", text)) <= {f"#{i}" for i in read.ids()}
    links = [value for tag, name, value in read.attributes if name == "href"]
    assert all(value.startswith(("#", "https://example.org/")) for value in links)
    assert "default-src 'none'" in text


def test_links_inside_the_page_lead_somewhere_and_ids_are_single() -> None:
    read = Reader(page(invented()))
    ids = read.ids()
    assert len(ids) == len(set(ids))
    inside = [v[1:] for _, name, v in read.attributes if name == "href" and v.startswith("#")]
    assert "exports" in inside
    assert set(inside) <= set(ids)
    for _, name, value in read.attributes:
        if name == "aria-labelledby":
            assert set(value.split()) <= set(ids)


def test_light_and_dark_print_and_phone() -> None:
    text = page(invented())
    assert '<meta name="color-scheme" content="light dark">' in text
    assert "width=device-width" in text
    for rule in ("light-dark(", "@media print", "@media (max-width:640px)", "overflow-x:auto"):
        assert rule in text
    # A section with a figure for phones swaps it; one without scrolls the wide one.
    assert '<figure class="both">' in text
    assert '<figure class="one">' in text


def test_the_style_of_the_figures_stands_once() -> None:
    assert page(invented()).count("svg:root{color-scheme") == 1


def test_what_is_assumed_carries_the_word() -> None:
    text = page(invented())
    assert text.count('<span class="chip assumed">assumed</span>') == 4
    assert "假设" in page(invented(language="zh"))
    assert '<html lang="zh">' in page(invented(language="zh"))


def test_the_same_report_gives_the_same_letters() -> None:
    assert page(invented()) == page(invented())


hostile = st.one_of(
    st.text(min_size=1, max_size=30),
    st.sampled_from(["<script>alert(1)</script>", '"><img src=x>', "{{ 7*7 }}", "</style>"]),
)


@given(hostile.filter(lambda t: t.strip() != ""), hostile)
def test_hostile_text_stays_text(first: str, second: str) -> None:
    report = invented(
        headline=first,
        standfirst=second,
        run=second,
        figures=(KeyFigure(first, second, second, first),),
        sections=[Section(first, second, table=Table((first,), [(second,)], first), sources=(second,), note=first)],
        sources=(Source(first, second, second),),
        method=(second,),
    )
    read = Reader(page(report))
    assert not {"script", "img"} & set(read.tags)
    assert read.broken == []


def test_template_marks_in_the_data_are_not_run() -> None:
    assert "{{ 7*7 }}" in "".join(Reader(page(invented(headline="{{ 7*7 }}"))).text)


def test_a_report_of_nothing_but_a_headline() -> None:
    read = Reader(page(Report("Nothing ran short", "Invented.", "r", "2026-11-21")))
    assert read.broken == []
    assert "nav" not in read.tags
    assert "table" not in read.tags


def test_writing_makes_the_folder_and_one_file(tmp_path: Path) -> None:
    target = write(invented(), tmp_path / "new" / "report.html")
    assert target.read_text(encoding="utf-8") == page(invented())
    assert os.listdir(target.parent) == ["report.html"]


def test_a_failed_write_leaves_the_old_report_and_no_crumbs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = write(invented(), tmp_path / "report.html")
    before = target.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(room.os, "fsync", full)
    with pytest.raises(StoreError) as caught:
        write(invented(headline="Another"), target)
    assert "No space left" in caught.value.cause
    assert caught.value.place == str(target)
    assert caught.value.remedy
    assert target.read_bytes() == before
    assert os.listdir(tmp_path) == ["report.html"]


def test_a_path_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(StoreError):
        write(invented(), tmp_path / "file" / "report.html")


WRONG = [
    (lambda: Table(("a", "b"), [("x",)]), BadValue, "1 cells under 2"),
    (lambda: Table(("a",), [("x",)], assumed=frozenset({3})), BadValue, "row 3"),
    (lambda: Source("a", address="javascript:alert(1)"), BadValue, "javascript"),
    (lambda: invented(headline=" "), BadValue, "headline"),
    (lambda: invented(language="de"), UnknownName, "de"),
    (lambda: invented(method="one text"), BadValue, "method"),
    (lambda: invented(sections=[Section("a", anchor="x"), Section("b", anchor="x")]), BadValue, "anchor"),
    (lambda: invented(sections=[Section("a", anchor='"><b>')]), BadValue, "anchor"),
    (lambda: page(invented(sections=[Section("a", figure="<svg></svg>")])), BadValue, "not a figure"),
    (lambda: page(invented(sections=[Section("a", figure='<svg class="yt-fig"><g>')])), BadValue, "well-formed"),
    (
        lambda: page(invented(sections=[Section("a", figure='<svg class="yt-fig"><script>1</script></svg>')])),
        BadValue,
        "more than marks",
    ),
]


@pytest.mark.parametrize(("act", "kind", "says"), WRONG)
def test_nice_errors(act: Any, kind: type[InputError], says: str) -> None:
    with pytest.raises(kind) as caught:
        act()
    assert says in caught.value.cause
    assert caught.value.place
    assert caught.value.remedy
