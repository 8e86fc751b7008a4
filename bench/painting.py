"""Home to how soon a page is seen: first paint, the frame in which the figures stand, and the bytes they took."""

from __future__ import annotations

import statistics
from dataclasses import dataclass

from bench.chromium import Browser

# Runs in the page before anything of it: the first frame after that in which what is looked for stands there.
PROBE = """(() => {
  const look = () => {
    if (window.wanted && document.querySelectorAll(window.wanted.what).length >= window.wanted.n)
      requestAnimationFrame(() => { window.seen = performance.now(); });
    else requestAnimationFrame(look);
  };
  window.wanted = %s;
  requestAnimationFrame(look);
})()"""


FIRST = "performance.getEntriesByName('first-contentful-paint')[0]"


@dataclass(frozen=True)
class Painted:
    """Medians over several cold loads of one page."""

    first: float
    """Seconds from asking to the first paint."""
    whole: float
    """Seconds to the frame in which all its figures stand (the first paint, where it has none)."""
    weight: int
    """Bytes over the wire, headers and compression included."""
    requests: int


def painted(browser: Browser, address: str, what: str, figures: int, repeats: int) -> Painted:
    """Loads a page `repeats` times with an empty cache; `figures` things that match `what` make it whole."""
    wanted = f'{{what: "{what}", n: {figures}}}'
    name = browser.ask("Page.addScriptToEvaluateOnNewDocument", source=PROBE % wanted)["identifier"]
    browser.ask("Network.setCacheDisabled", cacheDisabled=True)
    took = []
    try:
        for _ in range(repeats):
            browser.ask("Network.clearBrowserCache")
            browser.open(address, width=1440)
            browser.until(lambda: browser.run(f"!!(window.seen && {FIRST})"))
            first = browser.run(f"{FIRST}.startTime") / 1e3
            seen = browser.run("window.seen") / 1e3 if figures else first
            done = [one["params"] for one in browser.heard if one["method"] == "Network.loadingFinished"]
            weight = sum(one["encodedDataLength"] for one in done)
            # What a socket brings in belongs to the page too.
            frames = [one["params"]["response"] for one in browser.heard if "webSocketFrameReceived" in one["method"]]
            weight += sum(len(one["payloadData"]) for one in frames)
            took.append((first, max(first, seen), int(weight), len(done)))
    finally:
        browser.ask("Page.removeScriptToEvaluateOnNewDocument", identifier=name)
        browser.ask("Network.setCacheDisabled", cacheDisabled=False)
    middle = [statistics.median(one[k] for one in took) for k in range(4)]
    return Painted(middle[0], middle[1], int(middle[2]), int(middle[3]))
