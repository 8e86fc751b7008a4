"""Home to the desk without a mouse: the keyboard reaches everything, sees where it is, and does whole tasks."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

from ytterby.desk import register

if TYPE_CHECKING:
    Browser = Any

MANY = 200
"""Stops after which a page counts as free of traps: long lists are all alike."""

# What the keyboard has to reach, in the order of the page.
STOPS = """(window.stops = [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
  .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.disabled)).length"""
# Which of them has the focus, and whether one sees it.
HERE = """(() => {
  const at = document.activeElement, look = getComputedStyle(at), box = at.getBoundingClientRect();
  const seen = look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 1;
  return [window.stops.indexOf(at), seen && box.width > 0 && box.right > 0 && box.left < innerWidth];
})()"""


def tab_to(browser: Browser, selector: str, most: int = 400) -> None:
    """Presses Tab until the focus is on what `selector` names."""
    for _ in range(most):
        if browser.run(f"document.activeElement.matches({selector!r})"):
            return
        browser.press("Tab")
    raise AssertionError(f"the keyboard never reached {selector}")


def enter(browser: Browser) -> None:
    """Presses Enter, and waits for the page it leads to."""
    browser.going(lambda: browser.press("Enter"))


@pytest.mark.parametrize("name", [page.name for page in register.register().values() if page.nav])
def test_tab_reaches_everything_and_is_seen(browser: Browser, sampled: str, name: str) -> None:
    browser.open(f"{sampled}/en/{name}", width=390 if name == "today" else 1280)
    count = browser.run(STOPS)
    assert count > 5
    reached: list[int] = []
    while len(reached) < min(count, MANY):
        browser.press("Tab")
        at, seen = browser.run(HERE)
        assert seen, browser.run("document.activeElement.outerHTML.slice(0, 200)")
        if at not in reached[-1:]:  # day, month and year of a date are stops of one field
            reached.append(at)
    assert reached == list(range(len(reached)))
    while browser.run(HERE)[0] == reached[-1]:
        browser.press("Tab", shift=True)
    assert browser.run(HERE)[0] == reached[-2]


def test_the_slash_leads_to_the_search_and_typing_it_does_not(browser: Browser, sampled: str) -> None:
    browser.open(f"{sampled}/en/claims")
    browser.press("/")
    assert browser.run("[document.activeElement.id, document.activeElement.value]") == ["find", ""]
    browser.press("/")
    assert browser.run("document.activeElement.value") == "/"


def test_the_first_key_skips_to_the_content(browser: Browser, sampled: str) -> None:
    browser.open(f"{sampled}/en/sources")
    browser.press("Tab")
    assert browser.run("document.activeElement.className") == "skip"
    assert browser.run("document.activeElement.getBoundingClientRect().left") >= 0
    browser.press("Enter")
    browser.until(lambda: browser.run("location.hash") == "#content")
    browser.press("Tab")
    assert browser.run("!!document.activeElement.closest('main')")


def test_from_a_search_to_a_verdict_on_a_figure(browser: Browser, sampled: str) -> None:
    browser.open(f"{sampled}/en/today")
    browser.press("/")
    browser.write("magnet exports")
    enter(browser)
    assert browser.run("location.pathname + location.search") == "/en/search?q=magnet+exports"
    tab_to(browser, "main a[href^='/en/document/']")
    enter(browser)
    document = browser.run("location.pathname")
    assert document.startswith("/en/document/")
    tab_to(browser, "main mark a[href^='/en/claim/']")
    enter(browser)
    claim = browser.run("location.pathname")
    assert claim.startswith("/en/claim/")
    tab_to(browser, "#review-reviewer")
    browser.write("Carl Arrhenius")
    tab_to(browser, "#review-reason")
    browser.write("It stands in the customs table.")
    tab_to(browser, "#form-review button[type=submit]")
    enter(browser)
    assert browser.run("location.pathname") == claim
    assert "Carl Arrhenius" in browser.run("document.querySelector('[role=status]').textContent")
    assert "It stands in the customs table." in browser.run("document.querySelector('main').textContent")
    assert browser.complaints == []
    browser.back()
    browser.back()
    assert browser.run("location.pathname") == document


def test_a_deep_link_leads_to_its_sentence(browser: Browser, sampled: str) -> None:
    browser.open(f"{sampled}/en/documents")
    document = browser.run("document.querySelector('main a[href^=\"/en/document/\"]').getAttribute('href')")
    browser.open(sampled + document)
    claim = browser.run("document.querySelector('main mark a').getAttribute('href')")
    browser.open(sampled + claim)
    passage = browser.run(
        "[...document.querySelectorAll('main a[href^=\"/en/document/\"]')].map(a => a.getAttribute('href'))"
        ".find(one => one.includes('#'))"
    )
    assert passage, "a claim leads to the sentence it was read from"
    browser.open(sampled + passage)
    top = browser.run("document.querySelector(':target').getBoundingClientRect().top")
    assert 0 <= top < 900
    assert browser.run("document.querySelector(':target').textContent.trim()")


def test_a_run_is_started_followed_left_found_again_and_compared(browser: Browser, sampled: str) -> None:
    browser.open(f"{sampled}/en/scenarios")
    tab_to(browser, "main a[href='/en/scenario/april-2025']")
    enter(browser)
    for field, value in (("#run-draws", "8"), ("#run-seed", "39")):
        tab_to(browser, field)
        browser.write(value)
    tab_to(browser, "#form-run button[type=submit]")
    enter(browser)
    job = browser.run("location.pathname")
    assert job.startswith("/en/job/")
    tab_to(browser, ".menu a[href='/en/runs']")
    enter(browser)
    tab_to(browser, "a[href='/en/jobs']")
    enter(browser)
    tab_to(browser, f"main a[href='{job}']")
    enter(browser)
    assert browser.run("location.pathname") == job
    # The page follows the work by itself, and says what came of it.
    browser.until(lambda: browser.run("!!document.querySelector('main a[href^=\"/en/run/\"]')"), 240)
    browser.until(lambda: browser.run("document.readyState") == "complete")
    tab_to(browser, "main a[href^='/en/run/']")
    enter(browser)
    found = browser.run("location.pathname")
    assert found.startswith("/en/run/")
    tab_to(browser, ".menu a[href='/en/runs']")
    enter(browser)
    for _ in range(2):
        tab_to(browser, "input[name=run]:not(:checked)")
        browser.press(" ")
    tab_to(browser, "form.pick button")
    enter(browser)
    compared = browser.run("location.pathname")
    assert re.fullmatch(r"/en/compare/[0-9a-f]+/[0-9a-f]+", compared)
    assert found.rpartition("/")[2] in compared
    assert len(browser.run("document.querySelector('h1').textContent")) > 10
    assert browser.complaints == []


def test_what_a_page_shows_can_be_saved(browser: Browser, sampled: str, tmp_path: Path) -> None:
    browser.save_to(tmp_path)
    browser.open(f"{sampled}/en/world")

    name = browser.saved(lambda: browser.run("document.querySelector('section .saves a[href$=\".csv\"]').click()"))
    lines = (tmp_path / name).read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) > 3
    assert all("," in line for line in lines)
    # An SVG opens where it is; whoever saves the link gets the same bytes.
    drawing = "const link = document.querySelector('section .saves a[href$=\".svg\"]:not([data-png])')"
    name = browser.saved(lambda: browser.run(f"{{ {drawing}; link.download = ''; link.click(); }}"))
    drawn = ElementTree.fromstring((tmp_path / name).read_bytes())
    assert drawn.tag.endswith("svg")
    assert float(drawn.get("width", "0")) > 300
