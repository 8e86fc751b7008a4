"""Home to the proof that every page keeps the contract: two languages, three forms, no outside host, all escaped."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import ytterby
from ytterby.desk import register, render, urls, words
from ytterby.desk.blocks import Block
from ytterby.desk.page import Page

OUTSIDE = re.compile(
    r"""<(?:script|img|iframe|source|video|link|form|object|embed)\b[^>]*\b(?:src|href|action|data)=["']?(?:https?:)?//"""
    r"""|url\(\s*["']?(?:https?:)?//|@import""",
    re.IGNORECASE,
)
PLAIN = [page for page in register.register().values() if not page.about or page.lists]


class Seen(HTMLParser):
    """What a browser makes of a page: its tags, ids, links and words."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.mark.parametrize("lang", urls.LANGS)
@pytest.mark.parametrize("page", PLAIN, ids=lambda page: page.name)
def test_every_page_in_every_language(client: TestClient, page: Page, lang: urls.Lang) -> None:
    answer = client.get(urls.to(page.name, lang=lang).path)
    assert answer.status_code == 200, answer.text[:2000]
    seen = Seen(answer.text)
    assert seen.all("html")[0]["lang"] == render.HTML_LANG[lang]
    assert len(seen.all("h1")) == len(seen.all("main")) == 1
    ids = [attrs["id"] for _, attrs in seen.tags if "id" in attrs]
    assert len(ids) == len(set(ids)), "an id stands twice"
    assert not OUTSIDE.search(answer.text)
    # Our policy forbids what would run or be styled in the page itself.
    for tag, attrs in seen.tags:
        assert tag != "style"
        assert not [name for name in attrs if name.startswith("on") or name == "style"]
    assert [attrs for attrs in seen.all("script") if not (attrs.get("src") or "").startswith("/static/")] == []
    labelled = {attrs.get("for") for attrs in seen.all("label")}
    for tag in ("input", "select", "textarea"):
        for attrs in seen.all(tag):
            if attrs.get("type") not in ("hidden", "checkbox"):
                assert attrs.get("aria-label") or attrs.get("id") in labelled


@pytest.mark.parametrize("page", PLAIN, ids=lambda page: page.name)
def test_the_switch_keeps_the_address(client: TestClient, page: Page) -> None:
    answer = client.get(urls.to(page.name, asked={"page": "1"}).path)
    switch = next(attrs for attrs in Seen(answer.text).all("a") if attrs.get("hreflang") == "zh-Hans")
    assert switch["href"] == urls.to(page.name, lang="zh", asked={"page": "1"}).path
    assert client.get(str(switch["href"])).status_code == 200


@pytest.mark.parametrize("lang", urls.LANGS)
@pytest.mark.parametrize("page", PLAIN, ids=lambda page: page.name)
def test_json_and_csv_hold_the_same_rows(client: TestClient, page: Page, lang: urls.Lang) -> None:
    address = urls.to(page.name, lang=lang)
    told = client.get(address.as_form("json").path).json()
    assert told["page"] == page.name
    assert told["title"]
    answer = client.get(address.as_form("csv").path)
    assert answer.headers["content-type"].startswith("text/csv")
    assert _as_read(answer.text) == _as_written(told["rows"])
    for section in told["sections"]:
        part = client.get(address.as_form("csv", section["id"]).path)
        assert part.status_code == 200
        assert _as_read(part.text) == _as_written(section["rows"])
        assert client.get(address.as_form("json", section["id"]).path).json()["rows"] == section["rows"]


@pytest.mark.parametrize("page", PLAIN, ids=lambda page: page.name)
def test_figures_stand_alone(client: TestClient, page: Page) -> None:
    address = urls.to(page.name)
    text = client.get(address.path).text
    for link in sorted(set(re.findall(r'href="(/[^"]*\.svg)"', text)) - {"/static/mark.svg"}):
        if link.startswith("/static/"):
            continue
        answer = client.get(link)
        assert answer.status_code == 200
        assert answer.text.startswith('<svg class="yt-fig"')
        assert "script-src" not in answer.headers["content-security-policy"]


def _as_read(text: str) -> list[dict[str, str]]:
    return [{name: cell.removeprefix("'") for name, cell in row.items()} for row in csv.DictReader(io.StringIO(text))]


def _as_written(rows: list[dict[str, object]]) -> list[dict[str, str]]:
    # A second writer, from the JSON: what CSV can say of each value.
    names = list(dict.fromkeys(name for row in rows for name in row))
    return [{name: _cell(row.get(name)) for name in names} for row in rows]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list) and not any(isinstance(one, list | dict) for one in value):
        return ";".join("" if one is None else str(one) for one in value).removeprefix("'")
    if isinstance(value, list | dict):
        import json

        return json.dumps(value, ensure_ascii=False)
    return str(value).removeprefix("'")


@pytest.mark.parametrize("page", PLAIN, ids=lambda page: page.name)
def test_hostile_words_are_only_words(client: TestClient, page: Page) -> None:
    seen = Seen(client.get(urls.to(page.name).path).text)
    assert [attrs for attrs in seen.all("img") if attrs.get("src") == "x"] == []
    assert "alert('rare')" not in "".join(str(attrs) for _, attrs in seen.tags if _ == "script")


def test_a_hostile_title_is_shown_as_it_was_written(client: TestClient) -> None:
    text = client.get("/en/today").text
    assert "&lt;script&gt;alert(&#39;rare&#39;)&lt;/script&gt;" in text
    assert "<script>alert" not in text


def test_the_menu_leads_to_pages_that_are_there(client: TestClient) -> None:
    for page in register.menu():
        assert client.get(urls.to(page.name).path).status_code == 200
    assert register.menu()[0].name == urls.FIRST


def test_an_empty_project_has_pages_too(fresh: TestClient) -> None:
    for page in PLAIN:
        assert fresh.get(urls.to(page.name).path).status_code == 200, page.name


# words


def _every_word() -> list[tuple[str, str, tuple[str, str]]]:
    pages = [(page.name, key, pair) for page in register.register().values() for key, pair in page.words.items()]
    return [*(("frame", key, pair) for key, pair in words.FRAME.items()), *pages]


@pytest.mark.parametrize(("home", "key", "pair"), _every_word(), ids=lambda one: one if isinstance(one, str) else "")
def test_words_are_there_in_both_languages(home: str, key: str, pair: tuple[str, str]) -> None:
    en, zh = pair
    assert en.strip()
    assert zh.strip()
    assert set(re.findall(r"\{(\w*)", en)) == set(re.findall(r"\{(\w*)", zh)), "the fields differ"
    if home != "frame" or key != "other_language":
        assert not re.search(r"[\u4e00-\u9fff]", en)


def test_every_page_has_a_name_and_no_two_the_same() -> None:
    names = [page.name for page in register.register().values()]
    assert all("nav" in page.words for page in register.register().values())
    folder = Path(register.pages.__path__[0])
    assert len(names) == len(set(names)) >= len([path for path in folder.glob("*.py") if path.stem != "__init__"])


# blocks


def test_every_kind_of_block_has_its_template() -> None:
    folder = Path(str(ytterby.__file__)).parent / "data" / "desk" / "blocks"
    kinds = {kind.kind for kind in Block.__subclasses__()}
    assert {path.stem for path in folder.glob("*.html")} - {"pager"} == kinds
