"""What every scenario's report keeps to: it reads, it cites, it marks what is assumed."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest

from ytterby.report import page

pytestmark = pytest.mark.slow

SCENARIOS = ("april-2025", "baseline", "october-2025", "requisition", "robots-2050", "self-sufficiency")
NO_NUMBER = re.compile(r"\b(nan|inf|None|-inf|NaT)\b")
Tell = Callable[[str], Any]


class Reader(HTMLParser):
    """Visible text and addresses of a page; complains about tags that do not pair."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.fetched: list[str] = []
        self.text: list[str] = []
        self.broken: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [value or "" for name, value in attrs if name in ("src", "srcset")]
        self.fetched += [tag] if tag in ("script", "link", "iframe", "img") else []
        if tag not in ("meta", "br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.broken.append(tag)

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] != "style":
            self.text.append(data)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_page_is_whole_and_asks_nobody(tell: Tell, scenario: str) -> None:
    read = Reader(page(tell(scenario).report))
    assert read.broken == []
    assert read.open == []
    assert read.fetched == []


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_nothing_is_shown_that_is_no_number(tell: Tell, scenario: str) -> None:
    told = tell(scenario)
    text = " ".join(Reader(page(told.report)).text)
    assert NO_NUMBER.findall(text) == []
    assert NO_NUMBER.findall(" ".join(told.headline)) == []


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_section_says_where_it_is_from(tell: Tell, scenario: str) -> None:
    told = tell(scenario)
    assert all(section.sources for section in told.report.sections)
    assert all(section.figure == "" or section.narrow for section in told.report.sections)
    computed = [s for s in told.report.sections if any(told.run.id in source for source in s.sources)]
    assert len(computed) >= 5
    assert len(told.report.sources) > 10


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_what_is_assumed_is_marked(tell: Tell, scenario: str) -> None:
    told = tell(scenario)
    assumed = {p["name"] for p in told.run.info["parameters"] if p["assumed"]}
    table = told.report.assumptions
    assert table is not None
    assert len(table.rows) == len(assumed) > 50
    assert table.assumed == frozenset(range(len(table.rows)))
    assert all(row[-1] for row in table.rows)
    assert "assumed" in told.headline[-1]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_finding_says_on_how_many_draws_it_stands(tell: Tell, scenario: str) -> None:
    told = tell(scenario)
    assert told.headline[0] == f"{told.report.headline}."
    assert f"{told.run.draws} draws" in f"{told.report.standfirst} {' '.join(told.headline)}"
    assert 3 <= len(told.headline) <= 8


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_method_names_run_seed_and_code(tell: Tell, scenario: str) -> None:
    told = tell(scenario)
    method = " ".join(told.report.method)
    for said in (told.run.id, f"seed {told.run.info['seed']}", told.run.info["code"], "docs/model.md"):
        assert said in method
