"""Home to the proof in a real browser: no complaint, no outside request, no overflow, keys and themes that work."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from ytterby.desk import register, urls

if TYPE_CHECKING:
    Browser = Any

PAGES = [page.name for page in register.register().values() if not page.about]

TOO_WIDE = """[...document.querySelectorAll('body *')].filter(e => {
  const box = e.getBoundingClientRect();
  return box.right > document.documentElement.clientWidth + 1 && box.width > 0
    && !e.closest('.scroll, figure.one, .menu, .skip, svg');
}).map(e => e.tagName + '.' + e.className).slice(0, 5)"""

PALE = """[...document.querySelectorAll('h1,h2,p,a,td,th,dt,dd,label,summary,.chip,button')].map(e => {
  const rgb = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  if (!e.innerText || !e.getClientRects().length || e.closest('.skip, svg')) return null;
  let ground = e, back = [0, 0, 0, 0];
  while (ground && (back.length === 4 && back[3] < 1)) {
    back = rgb(getComputedStyle(ground).backgroundColor);
    ground = ground.parentElement;
  }
  const one = light(rgb(getComputedStyle(e).color)) + 0.05, other = light(back) + 0.05;
  const ratio = Math.max(one, other) / Math.min(one, other);
  return ratio < 4.5 ? e.tagName + '.' + e.className + ' ' + ratio.toFixed(2) : null;
}).filter(Boolean).slice(0, 5)"""


@pytest.mark.parametrize("lang", urls.LANGS)
@pytest.mark.parametrize("name", PAGES)
def test_pages_open_without_complaint(
    browser: Browser, served: str, name: str, lang: urls.Lang, tmp_path: Path
) -> None:
    shots = Path(os.environ.get("YTTERBY_SHOTS", tmp_path))
    for width, dark in ((1440, False), (1440, True), (390, False), (390, True)):
        browser.open(served + urls.to(name, lang=lang).path, width=width, dark=dark)
        assert browser.complaints == []
        assert browser.hosts == {urlsplit(served).netloc}
        assert browser.run("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), browser.run(
            TOO_WIDE
        )
        assert browser.run(TOO_WIDE) == []
        assert browser.run(PALE) == []
        browser.picture(shots / f"{name}-{lang}-{width}-{'dark' if dark else 'light'}.png")


def test_the_slash_leads_to_the_search(browser: Browser, served: str) -> None:
    browser.open(f"{served}/en/today")
    if browser.run("!!document.getElementById('find')"):
        browser.press("/")
        assert browser.run("document.activeElement.id") == "find"
        assert browser.run("document.activeElement.value") == ""


def test_the_first_key_skips_to_the_content(browser: Browser, served: str) -> None:
    browser.open(f"{served}/en/today")
    browser.press("Tab")
    assert browser.run("document.activeElement.className") == "skip"
    assert browser.run("document.activeElement.getBoundingClientRect().left") >= 0


def test_the_theme_is_kept(browser: Browser, served: str) -> None:
    browser.open(f"{served}/en/today")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = browser.run(ground)
    browser.run("document.getElementById('theme').click()")
    assert browser.run(ground) == light
    browser.run("document.getElementById('theme').click()")
    dark = browser.run(ground)
    assert dark != light
    browser.open(f"{served}/zh/sources")
    assert browser.run(ground) == dark
    browser.run("document.getElementById('theme').click()")
    assert browser.run(ground) == light


def test_hostile_documents_run_nothing(browser: Browser, served: str) -> None:
    browser.open(f"{served}/zh/today")
    assert browser.run("document.querySelectorAll('main script, main img').length") == 0
    assert "<script>alert('rare')</script>" in browser.run("document.querySelector('main').innerText")
    assert not any(one["method"] == "Page.javascriptDialogOpening" for one in browser.heard)


def test_without_script_all_is_there(browser: Browser, served: str) -> None:
    browser.open(f"{served}/en/sources")
    with_script = browser.run("document.querySelector('main').innerText")
    browser.ask("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(f"{served}/en/sources")
        tree = browser.ask("DOM.getDocument", depth=-1)["root"]
    finally:
        browser.ask("Emulation.setScriptExecutionDisabled", value=False)
    words = "".join(_words(tree).split())
    for line in with_script.split("\n"):
        assert "".join(line.split("\t")[0].split()) in words


def _words(node: dict[str, Any]) -> str:
    return str(node.get("nodeValue", "")) + "".join(_words(child) for child in node.get("children", ()))


def test_the_policy_holds_and_is_heard(browser: Browser, served: str) -> None:
    browser.open(f"{served}/en/today")
    ground = browser.run("getComputedStyle(document.body).color")
    browser.run("document.body.setAttribute('style', 'color: red')")
    browser.until(lambda: browser.complaints)
    assert "Content Security Policy" in browser.complaints[0]
    assert browser.run("getComputedStyle(document.body).color") == ground
