"""Home to the proof that a page saved as one file is the whole page and needs nothing, and that pictures are saved."""

from __future__ import annotations

import re
import struct
import zlib
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from ytterby.desk import register, single, urls
from ytterby.desk.urls import Address

if TYPE_CHECKING:
    Browser = Any

PLAIN = [page.name for page in register.register().values() if not page.about]
SIDE = {"menu", "tools", "skip", "saves", "facets", "pager", "crumbs"}


class Words(HTMLParser):
    """The words of the main part of a page, without forms and ways to save; and all its tags."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._out = 0
        self._in = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        self._in = self._in or tag == "main"
        aside = tag in single.GONE_TAGS or SIDE & set((given.get("class") or "").split())
        if self._out or aside or "origin" in (given.get("class") or ""):
            self._out += tag not in single.VOID

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if self._out:
            self._out -= tag not in single.VOID
        elif tag == "main":
            self._in = False

    def handle_data(self, data: str) -> None:
        if self._in and not self._out:
            self.said.append(data)


@pytest.mark.parametrize("name", PLAIN)
def test_a_file_says_what_the_page_says_and_needs_nothing(client: TestClient, name: str) -> None:
    address = urls.to(name, lang="zh")
    page = client.get(address.path)
    answer = client.get(address.as_form("file").path)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}-zh.html"'
    whole, alone = Words(page.text), Words(answer.text)
    assert "".join("".join(alone.said).split()) == "".join("".join(whole.said).split())
    assert answer.text.rstrip().endswith("</html>")
    for tag, attrs in alone.tags:
        assert tag not in ("script", "form", "link", "button", "input")
        assert not [one for one in attrs if one.startswith("on") or one in ("src", "action", "srcset")]
        to = attrs.get("href") or ""
        assert not to or to.startswith(("#", "https://", "http://")), to
        assert not to.startswith("#") or to[1:] in {given.get("id") for _, given in alone.tags}
    styles = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    assert ".yt-fig" in styles[0]
    assert "url(http" not in answer.text
    assert "@import" not in answer.text
    for told in (address.path, "2026-" if "2026-" in answer.text else "20", "project"):
        assert told in answer.text


def test_words_of_strangers_stay_words(client: TestClient) -> None:
    text = client.get("/en/documents.file").text
    assert "<script" not in text
    assert "&lt;script&gt;alert(&#39;rare&#39;)&lt;/script&gt;" in text


@pytest.mark.parametrize(
    "address", [Address("today"), Address("document", ("notes.file",)), Address("x", ("a.file", ".file", "b.html"))]
)
def test_its_address_comes_back(address: Address) -> None:
    for one in (address, address.as_form("file"), address.as_form("file", "part.file")):
        assert urls.parse(*one.path.partition("?")[::2]) == one


def test_what_is_wrong_is_told_as_a_page(client: TestClient) -> None:
    answer = client.get("/en/document/nothing.file")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "content-disposition" not in answer.headers
    assert client.get("/en/today/-/rules.file").status_code == 404


def test_a_file_is_read_from_a_disk(browser: Browser, client: TestClient, tmp_path: Path) -> None:
    at = tmp_path / "page.html"
    at.write_text(client.get("/zh/world.file").text, encoding="utf-8")
    for dark in (False, True):
        browser.open(at.as_uri(), width=1000, dark=dark)
        assert browser.complaints == []
        asked = [one for one in browser.heard if one["method"] == "Network.requestWillBeSent"]
        assert {one["params"]["request"]["url"] for one in asked} == {at.as_uri()}
        assert browser.run("document.querySelectorAll('main svg').length") > 0
    grounds = []
    for media in ("screen", "print"):
        dark_print = [{"name": "prefers-color-scheme", "value": "dark"}]
        browser.ask("Emulation.setEmulatedMedia", media=media, features=dark_print)
        grounds.append(browser.run("getComputedStyle(document.body).backgroundColor"))
    shown = browser.run(
        "[...document.querySelectorAll('main svg')].every(e => e.getBoundingClientRect().width <= 1000)"
    )
    browser.ask("Emulation.setEmulatedMedia", media="", features=[])
    assert grounds[0] != grounds[1] == "rgb(255, 255, 255)"
    assert shown


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_picture_is_saved_as_it_is_seen(browser: Browser, served: str, tmp_path: Path, dark: bool) -> None:
    browser.open(f"{served}/en/world", dark=dark)
    browser.save_to(tmp_path)
    name = browser.saved(lambda: browser.run("document.querySelector('a[data-png]').click()"))
    found = (tmp_path / name).read_bytes()
    assert name.endswith(".png")
    assert found[:8] == b"\x89PNG\r\n\x1a\n"
    width, height, depth, kind = struct.unpack(">IIBB", found[16:26])
    svg = browser.run("fetch(document.querySelector('a[data-png]').href).then(one => one.text())")
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    assert size is not None
    assert (width, height) == tuple(int(2 * float(one)) for one in size.groups())
    data, at = b"", 8
    while at < len(found):
        (length,) = struct.unpack(">I", found[at : at + 4])
        data += found[at + 8 : at + 8 + length] if found[at + 4 : at + 8] == b"IDAT" else b""
        at += 12 + length
    # The first pixel is written as it is under every filter: nothing stands before it.
    corner = zlib.decompress(data)[1:4]
    assert (depth, kind) in ((8, 2), (8, 6))
    assert corner == (b"\x1b\x1a\x22" if dark else b"\xff\xff\xff")
    assert browser.complaints == []
