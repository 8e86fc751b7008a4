"""Home to the proof that every page there is holds in a real browser: pages are found by following their links."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from bench import crawling
from ytterby.desk import register
from ytterby.desk.urls import Address

if TYPE_CHECKING:
    Browser = Any

PAGES = sorted(register.register())
EACH = 2
"""Pages of a kind that are looked at."""

LEVELS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")

OF_LAYOUT = ("color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable")
"""Rules of axe whose answer hangs on the width of the screen or on its colours; the others are asked once a page."""

TOO_WIDE = """[...document.querySelectorAll('body *')].filter(e => {
  const box = e.getBoundingClientRect();
  return box.right > document.documentElement.clientWidth + 1 && box.width > 0
    && !e.closest('.scroll, figure.one, .menu, .skip, svg');
}).map(e => e.tagName + '.' + e.className).slice(0, 5)"""

# Texts of figures that touch or leave their sheet, by the boxes of the browser itself, in px of the screen.
TEXTS = """[...document.querySelectorAll('svg.yt-fig')].flatMap(svg => {
  const paper = svg.getBoundingClientRect();
  if (!paper.width) return [];
  const box = e => { const b = e.getBBox(), m = e.getCTM();
    const p = [[b.x, b.y], [b.x + b.width, b.y + b.height]].map(([x, y]) => [m.a * x + m.e, m.d * y + m.f]);
    const size = parseFloat(getComputedStyle(e).fontSize) * m.d, line = (p[1][1] - p[0][1]);
    const slack = Math.max(0, (line - 1.04 * size) / 2);
    return [p[0][0], p[0][1] + slack, p[1][0], p[1][1] - slack, e.textContent]; };
  const all = [...svg.querySelectorAll('text')].filter(e => e.textContent.trim()).map(box), found = [];
  all.forEach((a, i) => {
    if (a[0] < -1 || a[1] < -1 || a[2] > paper.width + 1 || a[3] > paper.height + 1)
      found.push('leaves the sheet: ' + a[4]);
    all.slice(i + 1).forEach(b => {
      if (Math.min(a[2], b[2]) - Math.max(a[0], b[0]) > 1 && Math.min(a[3], b[3]) - Math.max(a[1], b[1]) > 1)
        found.push('overlap: ' + a[4] + ' | ' + b[4]);
    });
  });
  return found;
})"""

HEADINGS = """(() => {
  const levels = [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')]
    .filter(e => e.getClientRects().length).map(e => +e.tagName[1]);
  const jumps = levels.filter((one, i) => i && one > levels[i - 1] + 1).length;
  return [levels[0], levels.filter(one => one === 1).length, jumps];
})()"""

# Chinese characters on an English page stand in something that says so.
UNSAID = """(() => {
  const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode());) {
    const at = node.parentElement;
    if (/[\\u4e00-\\u9fff]/.test(node.data) && at.tagName !== 'TEXTAREA'
      && !at.closest('[lang]').getAttribute('lang').startsWith('zh'))
      found.push(node.data.trim().slice(0, 60) + ' in ' + at.closest('[lang]').tagName);
  }
  return found.slice(0, 5);
})()"""

# The page as it came, parsed as a browser without script does, beside the page that stands here.
WITHOUT_SCRIPT = """fetch(location.href).then(one => one.text()).then(text => {
  const plain = new DOMParser().parseFromString(text, 'text/html');
  const words = one => one.querySelector('main').textContent.replace(/\\s+/g, ' ').trim();
  return [words(plain) === words(document), plain.querySelectorAll('main [hidden]:not(a[data-png])').length];
})"""

SMALL = """[...document.querySelectorAll('button, input:not([type=hidden]), select, textarea, .tool')].filter(e => {
  const box = e.getBoundingClientRect();
  return box.width && (box.width < 24 || box.height < 24) && !/^(checkbox|radio)$/.test(e.type || '');
}).map(e => e.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module")
def crawled(sampled: str) -> crawling.Found:
    """What the links of the desk's pages lead to."""
    return crawling.found(sampled)


@pytest.fixture
def found(crawled: crawling.Found, name: str) -> list[Address]:
    """Addresses of a kind of page."""
    if name in crawled.files:
        pytest.skip("a file to save, no page")
    assert crawled.pages[name], "no link on any page leads to a page of this kind"
    return crawled.pages[name]


@pytest.fixture(scope="module")
def axe() -> str:
    """The script of axe-core."""
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def violations(browser: Browser, axe: str, *rules: str) -> list[Any]:
    """What axe finds against WCAG 2.2, levels A and AA; or against some rules alone."""
    told = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": LEVELS}
    if browser.run("!window.axe"):
        browser.run(f"{axe};0")
    script = f"""axe.run(document, {{runOnly: {json.dumps(told)}, resultTypes: ["violations"]}}).then(found =>
      found.violations.map(one => [one.id, one.nodes.length,
        one.nodes.slice(0, 3).map(node => node.html.slice(0, 160) + " " + node.failureSummary)]))"""
    seen: list[Any] = browser.run(script)
    return seen


@pytest.mark.parametrize("name", PAGES)
def test_a_page_holds_in_a_browser(browser: Browser, sampled: str, axe: str, found: list[Address], name: str) -> None:
    for number, address in enumerate(crawling.chosen(found, EACH)):
        browser.open(sampled + address.path, width=1440)
        _quiet(browser, sampled)
        assert browser.run(WITHOUT_SCRIPT) == [True, 0]
        assert browser.run(HEADINGS) == [1, 1, 0]
        assert browser.run(UNSAID) == []
        assert browser.run(TEXTS) == []
        if number:
            continue  # the first of a kind stands for the phone, for the dark and for axe
        assert violations(browser, axe) == []
        browser.look(width=1440, dark=True)
        assert violations(browser, axe, "color-contrast", "link-in-text-block") == []
        browser.look(width=390, height=844, dark=True)
        _fits(browser)
        assert browser.run(TEXTS) == []
        assert violations(browser, axe, *OF_LAYOUT) == []
        assert browser.complaints == []


def test_no_link_leads_nowhere(crawled: crawling.Found) -> None:
    assert crawled.broken == []


def test_the_watchers_see(browser: Browser, sampled: str, axe: str) -> None:
    browser.open(f"{sampled}/en/today")
    browser.run("""(() => {
      const wrong = document.createElement('div');
      wrong.innerHTML = '<h4>稀土</h4><input><a href="/x"></a><svg class="yt-fig" width="90" height="30">'
        + '<text x="5" y="20">one</text><text x="9" y="20">two</text></svg><button hidden>x</button>';
      document.querySelector('main').append(wrong);
    })()""")
    assert {one[0] for one in violations(browser, axe)} >= {"label", "link-name"}
    assert browser.run(UNSAID)
    assert browser.run(HEADINGS)[2] == 1
    assert "overlap: one | two" in browser.run(TEXTS)
    assert browser.run(WITHOUT_SCRIPT)[0] is False


@pytest.mark.parametrize("name", PAGES)
def test_a_page_holds_in_chinese(browser: Browser, sampled: str, axe: str, found: list[Address], name: str) -> None:
    address = found[0]
    browser.open(sampled + address.path, width=390, height=844)
    browser.going(lambda: browser.run("document.querySelector('.tool[hreflang]').click()"))
    assert browser.run("location.pathname + location.search") == address.spoken("zh").path
    _quiet(browser, sampled)
    assert browser.run("document.documentElement.lang") == "zh-Hans"
    assert browser.run("/[\\u4e00-\\u9fff]/.test(document.querySelector('main').textContent)")
    assert browser.run(WITHOUT_SCRIPT) == [True, 0]
    assert browser.run(HEADINGS) == [1, 1, 0]
    _fits(browser)
    assert browser.run(TEXTS) == []
    assert violations(browser, axe, "target-size", "label", "link-name", "button-name") == []
    browser.look(width=1440)
    _fits(browser)
    assert browser.run(TEXTS) == []
    browser.back()
    assert browser.run("location.pathname + location.search") == address.path
    assert browser.run("document.documentElement.lang") == "en"


def _quiet(browser: Browser, served: str) -> None:
    assert browser.complaints == []
    assert browser.hosts == {urlsplit(served).netloc}


def _fits(browser: Browser) -> None:
    assert browser.run("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), browser.run(
        TOO_WIDE
    )
    assert browser.run(TOO_WIDE) == []
    assert browser.run(SMALL) == []
