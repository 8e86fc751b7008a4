"""Home to the proof in a real browser: keys and themes work, hostile documents do nothing, the policy holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    Browser = Any


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
