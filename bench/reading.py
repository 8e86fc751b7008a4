"""Home to the pace of reading: documents a second on one core, from bytes to claims, with and without the store.

The corpus that ships is repeated with varied numbers, so that no two documents are the same bytes and nothing can be
remembered from one to the next. One core: the process is bound to a single processor while it measures. `speeds` is a
table for the bench, `shared` another, of two processes that read; `python -m bench.reading` prints them alone.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bench import plain
from bench.claims import CORPUS
from bench.gold import body_start, stand_in
from bench.stopwatch import seconds
from bench.table import Section, as_text
from ytterby.evidence.documents import Document

COPIES = 12
QUICK = 3
REPEATS = 3
"""Times each is measured, in turns; the median counts."""
FLOOR = 300
"""Documents a second that read and extract together must reach on one core."""

# A page may not say in what it is written; what is varied is decoded as it was and encoded again.
_CHARSETS = ("utf-8", "big5", "gb18030")
_FIGURE = re.compile(r"(?<![\d.])(?!(?:19|20)\d\d(?!\d))\d{3,5}(?![\d,.])")


@dataclass(frozen=True)
class Page:
    """One document to read: its name and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Pace:
    """Documents a second of one way of doing one thing."""

    what: str
    documents: int
    took: float
    """Seconds by the clock."""
    worked: float
    """Seconds of the processor; a machine shared with others shows in the difference."""

    @property
    def rate(self) -> float:
        return self.documents / self.took

    @property
    def work_rate(self) -> float:
        return self.documents / self.worked


@cache
def pages(copies: int) -> tuple[Page, ...]:
    """The corpus `copies` times over, numbers varied from copy to copy."""
    made = []
    for path in sorted(path for path in CORPUS.iterdir() if path.name != "README.md"):
        raw = path.read_bytes()
        charset = next(charset for charset in _CHARSETS if _reads(raw, charset))
        text = raw.decode(charset)
        made += [Page(f"{k:03d}-{path.name}", varied(text, k).encode(charset)) for k in range(copies)]
    return tuple(sorted(made, key=lambda page: page.name))


def varied(text: str, k: int) -> str:
    """`text` with every group of three to five digits moved by `k`; years and dates stay."""
    at = body_start(text)
    moved = _FIGURE.sub(lambda match: f"{(int(match[0]) + k) % 10 ** len(match[0]):0{len(match[0])}d}", text[at:])
    # A text without such a figure still becomes another document.
    return text[:at] + moved + (f"\n{k}\n" if k and moved == text[at:] else "")


def _reads(raw: bytes, charset: str) -> bool:
    try:
        raw.decode(charset)
    except UnicodeDecodeError:
        return False
    return True


def paces(copies: int = COPIES) -> list[Pace]:
    """Every pace, measured one after the other on one core; the first pass over a few pages warms the tables."""
    from ytterby.evidence.extract import extract
    from ytterby.evidence.reading import read_bytes

    made = pages(copies)
    texts = [page for page in made if not page.name.endswith(".html")]
    webs = [page for page in made if page.name.endswith(".html")]

    def read(chosen: Sequence[Page]) -> list[Document]:
        return [read_bytes(page.content, path=page.name) for page in chosen]

    def both() -> None:
        for page in made:
            extract(read_bytes(page.content, path=page.name))

    with one_core():
        for document in read(pages(1)):
            extract(document)
        documents = read(made)
        calls: dict[str, tuple[int, Callable[[], object]]] = {
            "read and extract": (len(made), both),
            "read alone": (len(made), lambda: read(made)),
            "extract alone": (len(made), lambda: [extract(document) for document in documents]),
            "read: plain text and Markdown": (len(texts), lambda: read(texts)),
            "read: HTML": (len(webs), lambda: read(webs)),
            "plain: decode, split, regex": (len(texts), lambda: _plainly(texts)),
            "plain: trafilatura on HTML": (len(webs), lambda: _trafilatura(webs)),
        }
        turns = [{what: _timed(what, count, call) for what, (count, call) in calls.items()} for _ in range(REPEATS)]
        return [*(_middle([turn[what] for turn in turns]) for what in calls), _kept(made)]


def _timed(what: str, count: int, call: Callable[[], object]) -> Pace:
    worked = time.process_time()
    took = seconds(call)
    return Pace(what, count, took, time.process_time() - worked)


def _middle(turns: Sequence[Pace]) -> Pace:
    first = turns[0]
    took, worked = (statistics.median(getattr(turn, name) for turn in turns) for name in ("took", "worked"))
    return Pace(first.what, first.documents, took, worked)


def _plainly(chosen: Sequence[Page]) -> None:
    for page in chosen:
        plain.extract(stand_in(Path(page.name), page.content))


def _trafilatura(chosen: Sequence[Page]) -> None:
    import trafilatura

    for page in chosen:
        trafilatura.extract(page.content.decode("utf-8"), with_metadata=True)


def _kept(made: Sequence[Page]) -> Pace:
    """The whole of reading into a project: bytes to blobs, texts and claims in the database."""
    from ytterby.evidence.extract import EXTRACTOR, extract
    from ytterby.evidence.library import Library
    from ytterby.store import database, folder

    with tempfile.TemporaryDirectory() as place:
        pile = _piled(Path(place) / "pages", made)
        project = folder.init(Path(place) / "project")
        with database.open(project) as db:
            library = Library(project, db)
            sources = [pile]
            return _timed(
                "read into a project",
                len(made),
                lambda: list(library.read(sources, extract=extract, extractor=EXTRACTOR)),
            )


def shared(quick: bool) -> Section:  # noqa: FBT001
    """Two processes that read, started before, against the one that asks alone; and whether they keep the same."""
    import ytterby
    from ytterby.evidence.claimed import MAKER, claimed
    from ytterby.evidence.library import Library
    from ytterby.run.engines.choosing import hands
    from ytterby.store import claims, database, folder

    made, repeats = pages(QUICK if quick else COPIES), 1 if quick else REPEATS
    kept: dict[int, list[str]] = {}
    took: dict[tuple[str, int], list[float]] = {}
    with tempfile.TemporaryDirectory() as place, hands("local", 2) as two:
        piles = [_piled(Path(place) / name, chosen) for name, chosen in (("few", pages(1)), ("pile", made))]

        def library(workers: int, name: str, pile: Path) -> None:
            home = folder.init(Path(place) / name)
            with database.open(home) as db:
                sources, crew = [pile], two if workers > 1 else None
                list(Library(home, db).read(sources, extract=claimed, extractor=MAKER, hands=crew))
                kept[workers] = [str(row["id"]) for row in claims.all(db)]

        def project(workers: int, name: str, pile: Path) -> None:
            ytterby.init(Path(place) / name).read([pile], workers=workers)

        ways = {"bytes to claims in the store": library, "the whole of ytterby read": project}
        library(2, "warmed", piles[0])
        for turn in range(repeats):
            for k, (what, way) in enumerate(ways.items()):
                for workers in (1, 2):
                    name = f"{turn}-{k}-{workers}"
                    spent = seconds(lambda w=way, n=workers, at=name: w(n, at, piles[1]))  # type: ignore[misc]
                    took.setdefault((what, workers), []).append(spent)
    rates = {key: len(made) / statistics.median(spent) for key, spent in took.items()}
    rows = [
        (what, *(f"{rates[what, workers]:,.0f}" for workers in (1, 2)), f"{rates[what, 2] / rates[what, 1]:.2f}")
        for what in ways
    ]
    same = "yes" if kept[1] == kept[2] else "NO"
    notes = (
        f"{len(made):,} documents, documents/s, medians of {repeats} turns; the first with processes that were started "
        "before, the second starts its own and makes all findable, which one process does",
        f"the same claims in the same order: {same}; on a machine that others use two processes cannot have two "
        "processors: see the load above",
    )
    return Section("Reading by two processes", ("what", "one", "two", "two over one"), tuple(rows), notes)


def _piled(place: Path, chosen: Sequence[Page]) -> Path:
    place.mkdir()
    for page in chosen:
        (place / page.name).write_bytes(page.content)
    return place


@contextmanager
def one_core() -> Iterator[None]:
    """The process on one processor, where the system can say so; afterwards as before."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def speeds(quick: bool) -> Section:  # noqa: FBT001
    """The paces as a table, each beside the plain way where there is one."""
    copies = QUICK if quick else COPIES
    timed = {pace.what: pace for pace in paces(copies)}
    beside = {
        "read and extract": "plain: decode, split, regex",
        "read: plain text and Markdown": "plain: decode, split, regex",
        "read: HTML": "plain: trafilatura on HTML",
        "read into a project": "read and extract",
    }
    rows = []
    for what, pace in timed.items():
        other = timed.get(beside.get(what, ""))
        ratio = f"{pace.work_rate / other.work_rate:.2f} x {other.what}" if other else ""
        rates = (f"{pace.rate:,.0f}", f"{pace.work_rate:,.0f}", f"{1e3 / pace.work_rate:.2f}")
        rows.append((what, str(pace.documents), *rates, ratio))
    chars = sum(len(page.content) for page in pages(copies)) / len(pages(copies))
    notes = (
        f"one core; the corpus {copies} times over with varied numbers, {chars:,.0f} bytes a document on average",
        f"asked for: {FLOOR} documents/s read and extracted",
    )
    return Section(
        "Reading", ("what", "documents", "documents/s", "by CPU time", "CPU ms each", "beside"), tuple(rows), notes
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    made = argparse.ArgumentParser(
        prog="python -m bench.reading", description="Documents a second, read and extracted."
    )
    made.add_argument("--quick", action="store_true", help="fewer copies of the corpus")
    quick = made.parse_args(arguments).quick
    print(as_text(speeds(quick)))
    print(as_text(shared(quick)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
