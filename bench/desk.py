"""Home to the measure of the desk: paint and weight beside a peer, a large network, start, load, and the watch."""

from __future__ import annotations

import gzip
import json
import random
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from bench import crawling, painting, peered, served
from bench.chromium import CHROMIUM, Browser
from bench.painting import Painted
from bench.pressing import pressed
from bench.table import Section
from bench.watched import watched
from ytterby.desk import register
from ytterby.desk.urls import Address

FIGURE = "svg.yt-fig"
PEER_FIGURE = ".nicegui-echart canvas"
DRAWN = '<svg class="yt-fig'
"""How a figure begins in a page; most stand there twice, for a wide screen and for a phone, and one is shown."""
BESIDE = "world"
"""The page whose rows the peer shows too."""
RATE, LASTING = 50.0, 30.0
STAGES = ("mine", "concentrate", "separation", "metal", "magnet", "use")


def sections(quick: bool) -> Iterator[Section]:  # noqa: FBT001
    """Every table of the room."""
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept)
        project = served.sample(folder / "project")
        served.tracked(project)
        with served.serving(project) as address:
            served.lived_in(address, 50)
            pages = crawling.found(address, 2).pages
            yield painting_section(address, pages, folder, 3 if quick else 7)
            yield load_section(address, pages, 10.0 if quick else LASTING)
        yield server_section(project, 3 if quick else 7)
    yield watch_section(quick)


def painting_section(address: str, pages: dict[str, list[Address]], folder: Path, repeats: int) -> Section:
    """First paint and weight of each kind of page, and of the peer's."""
    if not CHROMIUM:
        return Section("Pages in a browser", ("page",), (("not measured: no Chromium here",),))
    browser = Browser(folder / "chromium")
    try:
        rows = []
        for name in _main(pages):
            path = pages[name][0].path
            html = _text(address + path)
            seen = painting.painted(browser, address + path, FIGURE, html.count(DRAWN), repeats)
            rows.append(_row(name, seen, html.count("<figure class=")))
        beside, told = _peer(browser, address, pages, folder, repeats)
    finally:
        browser.close()
    notes = (
        f"the sample project with two runs; medians of {repeats} loads with an empty browser cache, 1440 px, headless "
        "Chromium on the same machine; the server has made each page once before",
        "figures: the frame in which every figure of the page stands; weight: all bytes received, compressed as sent; "
        "the first visit, style sheet and script included",
        "targets: 0.7 s with figures, 250 kB",
        told,
    )
    columns = ("page", "figures", "first paint, s", "with figures, s", "weight, kB", "requests")
    return Section("Pages in a browser", columns, (*rows, *beside), notes)


def _peer(
    browser: Browser, address: str, pages: dict[str, list[Address]], folder: Path, repeats: int
) -> tuple[list[tuple[str, ...]], str]:
    environment = peered.installed(folder / "peer", *peered.PINNED[peered.PEER])
    if environment is None:
        return [], f"the peer, {peered.PEER}, could not be installed here"
    python, version = environment
    path = pages[BESIDE][0].path
    page = json.loads(_text(f"{address}{pages[BESIDE][0].as_form('json').path}"))
    html = _text(address + path)
    for section in page["sections"]:
        inside = html.partition(f'<section id="{section["id"]}"')[2].partition("</section>")[0]
        section["drawn"] = DRAWN in inside and bool(section["rows"])
    count = sum(section["drawn"] for section in page["sections"])
    with peered.serving(python, page, folder) as peer:
        seen = painting.painted(browser, peer, PEER_FIGURE, count, repeats)
    told = (
        f"peer: {peered.PEER} {version} in an environment of its own, the rows of our page '{BESIDE}' as its tables "
        "and ECharts figures"
    )
    return [_row(f"{BESIDE}, by {peered.PEER}", seen, count)], told


def _row(name: str, seen: Painted, count: int) -> tuple[str, ...]:
    return (
        name,
        str(count),
        f"{seen.first:.2f}",
        f"{seen.whole:.2f}" if count else "–",
        f"{seen.weight / 1e3:,.0f}",
        str(seen.requests),
    )


def load_section(address: str, pages: dict[str, list[Address]], seconds: float) -> Section:
    """Requests at a fixed rate over a mix of pages, at rest and while a run is under way."""
    paths = [one.path for name in _main(pages) for one in crawling.chosen(pages[name], 2)]
    paths += [path.replace("/en/", "/zh/", 1) for path in paths]
    for path in paths:  # as a reader's second look finds them
        _text(address + path)
    rows = [_pressed("nothing else", address, paths, seconds)]
    job = served.asked(f"{address}/api/run", {"scenario": "robots-2050", "draws": 20_000, "seed": 7})["job"]
    while not served.asked(f"{address}/api/jobs/{job}")["done"]:
        time.sleep(0.2)
    rows.append(_pressed("a run under way", address, paths, seconds))
    still = served.asked(f"{address}/api/jobs/{job}")["state"]
    served.asked(f"{address}/api/jobs/{job}", method="DELETE")
    notes = (
        f"{RATE:.0f} requests/s for {seconds:.0f} s over {len(paths)} pages in both languages, sent when they are due "
        "whether or not the last came back; waits count from then; client and server share the cores",
        f"the run: robots-2050, 20,000 draws, still {still} when the last request was answered",
        "target: p95 of 0.2 s while a run is under way",
    )
    columns = ("beside", "requests", "failed", "median, ms", "p95, ms", "p99, ms")
    return Section("Desk under load", columns, tuple(rows), notes)


def _pressed(name: str, address: str, paths: list[str], seconds: float) -> tuple[str, ...]:
    seen = pressed(address, paths, RATE, seconds)
    waits = (f"{1e3 * seen.quantile(share):.1f}" for share in (0.5, 0.95, 0.99))
    return (name, f"{seen.wanted:,}", str(seen.failed), *waits)


def server_section(project: Path, repeats: int) -> Section:
    """What the server takes for its first page, and for a large network."""
    first = statistics.median(_first_page(project) for _ in range(repeats))
    rows = [("`serve`: from the start of its process to its first page", f"{first:.2f}", "1.5")]
    for by in ("country", "facility"):
        rows.append((f"network of 2,000 facilities and 8,000 links, by {by}", f"{_network(by, repeats):.3f}", "0.3"))
    notes = (f"medians of {repeats}; the first page is Today, of the sample project, received in full",)
    return Section("Desk's server", ("what", "seconds", "target"), tuple(rows), notes)


def _first_page(project: Path) -> float:
    began = time.perf_counter()
    with subprocess.Popen(
        served.verb(project, "serve", "--port", "0", "--json"), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as desk:
        assert desk.stdout is not None
        address = json.loads(desk.stdout.readline())["address"]
        _text(f"{address}en/today")
        took = time.perf_counter() - began
        desk.terminate()
    return took


def _network(by: str, repeats: int) -> float:
    from bench.stopwatch import median
    from ytterby.figures import Caption, network

    chance = random.Random(0)
    plants = [
        [(f"plant {stage} {n}", f"country {chance.randrange(40)}") for n in range(2000 // len(STAGES) + 1)]
        for stage in STAGES
    ]
    rows: list[dict[str, Any]] = []
    for _ in range(8000):
        at = chance.randrange(len(STAGES) - 1)
        (source, home), (target, other) = chance.choice(plants[at]), chance.choice(plants[at + 1])
        rows.append(
            {"source": source, "source_stage": STAGES[at], "source_country": home, "target": target,
             "target_stage": STAGES[at + 1], "target_country": other, "value": chance.lognormvariate(3, 2),
             "assumed": chance.random() < 0.2}
        )  # fmt: skip
    return median(lambda: network(rows, Caption("Two thousand plants"), by=by, stages=STAGES, width=1080), repeats)


def watch_section(quick: bool) -> Section:  # noqa: FBT001
    """From an article in a folder to an alert."""
    rows, alert = [], {}
    for title, stays in (("a watch that stays", True), ("a pass of its own (`--once`)", False))[: 1 if quick else 2]:
        with tempfile.TemporaryDirectory() as folder:
            told = watched(Path(folder), stays=stays)
        alert = told.alert
        rows.append((title, f"{told.first:.1f}", f"{told.seconds:.1f}", "60", str(told.claims), str(told.documents)))
    notes = (
        "a Chinese article with a changed approval rate is dropped into the watched folder: read, put in short, its "
        "claims weighed, the licensing fit carried on, april-2025 run with 200 draws, the alert on disk",
        f"the sentence: {alert['claims'][0]['quote']}",
        *(f"the outcome: {one['words']}" for one in alert["outcomes"]),
    )
    columns = ("new article", "reference run, s", "article to alert, s", "target, s", "claims named", "briefs")
    return Section("Watch, end to end", columns, tuple(rows), notes)


def _main(pages: dict[str, list[Address]]) -> list[str]:
    """Kinds of pages: those of the menu in its order, then the others."""
    return [name for name in register.register() if pages.get(name)]


def _text(address: str) -> str:
    with urlopen(Request(address, headers={"accept-encoding": "gzip"}), timeout=60) as answer:
        body = answer.read()
        packed = answer.headers.get("content-encoding") == "gzip"
    return (gzip.decompress(body) if packed else body).decode()
