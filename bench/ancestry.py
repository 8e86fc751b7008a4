"""Home to the race of genealogies: a lot's whole ancestry, asked of the book, of SQLite and of DuckDB, on one history.

Each is asked by address and answers with the codes of all ancestors. That all answer alike is checked first.
``python -m bench.ancestry shares FOLDER`` is the process that shares of origin are measured in.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench import lineage
from bench.table import Section
from ytterby.custody.book import Book
from ytterby.custody.book.layout import INPUT, OUTPUT
from ytterby.custody.genealogy.exact import UNTOLD, Exact
from ytterby.custody.genealogy.links import Links
from ytterby.custody.genealogy.shares import Shares, shares
from ytterby.custody.genealogy.tracing import downstream, upstream
from ytterby.terms.elements import INDEX

ASKED = 2_000
"""Lots asked after; of the databases, which are slower, a tenth."""
UP = """
WITH RECURSIVE up(lot) AS (
    {start}
    UNION SELECT link.source FROM up JOIN link ON link.product = up.lot
) SELECT lot FROM up
"""
NAMED = UP.format(start="SELECT code FROM lots WHERE name = ?")
CODED = UP.format(start="SELECT CAST(? AS INTEGER)")
MANY = 1_000_000
"""Events beyond which databases are not given the addresses: they are asked by code, which is easier for them."""
Ask = Callable[[str], frozenset[int]]


def filled(folder: Path, events: int) -> Book:
    """A book of a made-up history."""
    book = Book.open(folder / "book", write=True)
    for made in lineage.chunks(events):
        book.add(made, book.next)
    book.close()
    return Book.open(folder / "book")


def pairs(book: Book) -> np.ndarray[Any, Any]:
    """(product, source), each pair of lots that a transformation links."""
    event, lots, role = (np.asarray(book[f"moves.{c}"]) for c in ("event", "lot", "role"))
    inputs, outputs = np.flatnonzero(role == INPUT), np.flatnonzero(role == OUTPUT)
    counts = np.bincount(event[inputs], minlength=len(book))
    firsts = np.cumsum(counts) - counts
    many = counts[event[outputs]]
    ends = np.cumsum(many)
    source = np.repeat(firsts[event[outputs]] - (ends - many), many) + np.arange(int(ends[-1]))
    return np.stack([np.repeat(lots[outputs], many), lots[inputs[source]]], axis=1)


def of_sqlite(folder: Path, book: Book, linked: np.ndarray[Any, Any], *, named: bool) -> Ask:
    """SQLite on disk, links and names indexed."""
    db = sqlite3.connect(folder / "links.sqlite")
    db.executescript(
        "PRAGMA journal_mode = WAL; PRAGMA cache_size = -400000;"
        "CREATE TABLE lots (code INTEGER PRIMARY KEY, name TEXT);"
        "CREATE TABLE link (product INTEGER, source INTEGER);"
    )
    if named:
        db.executemany("INSERT INTO lots VALUES (?, ?)", ((code, book.lot_name(code)) for code in range(book.lots)))
    for begin in range(0, len(linked), MANY):
        db.executemany("INSERT INTO link VALUES (?, ?)", linked[begin : begin + MANY].tolist())
    db.executescript("CREATE INDEX by_name ON lots (name); CREATE INDEX by_product ON link (product, source); ANALYZE;")
    db.commit()
    if named:
        return lambda name: frozenset(lot for (lot,) in db.execute(NAMED, (name,)))
    return lambda name: frozenset(lot for (lot,) in db.execute(CODED, (book.lot(name),)))


def of_duckdb(folder: Path, book: Book, linked: np.ndarray[Any, Any], *, named: bool) -> Ask | None:
    """DuckDB on disk, links and names indexed; None where it is not installed."""
    try:
        import duckdb
    except ImportError:
        return None
    db = duckdb.connect(str(folder / "links.duckdb"))
    links = {"product": np.ascontiguousarray(linked[:, 0]), "source": np.ascontiguousarray(linked[:, 1])}
    tables: dict[str, dict[str, np.ndarray[Any, Any]]] = {"link": links}
    if named:
        names = np.array([book.lot_name(code) for code in range(book.lots)])
        tables["lots"] = {"code": np.arange(book.lots), "name": names}
    for table, columns in tables.items():
        db.register("told", columns)
        db.execute(f"CREATE TABLE {table} AS SELECT * FROM told")
        db.unregister("told")
    db.execute("CREATE INDEX by_product ON link (product)")
    if named:
        db.execute("CREATE INDEX by_name ON lots (name)")
        return lambda name: frozenset(lot for (lot,) in db.execute(NAMED, [name]).fetchall())
    return lambda name: frozenset(lot for (lot,) in db.execute(CODED, [book.lot(name)]).fetchall())


def asked(ask: Ask, names: Sequence[str]) -> list[float]:
    """Milliseconds of each question."""
    took = []
    for name in names:
        begun = time.perf_counter()
        ask(name)
        took.append(1e3 * (time.perf_counter() - begun))
    return took


def resident() -> tuple[float, float]:
    """Megabytes of this process: of its own, and of files mapped."""
    told = Path("/proc/self/status").read_text(encoding="ascii") if os.path.exists("/proc/self/status") else ""
    found = {line.split(":")[0]: int(line.split()[1]) / 1e3 for line in told.splitlines() if line.startswith("Rss")}
    return found.get("RssAnon", float("nan")), found.get("RssFile", float("nan"))


def sections(quick: bool) -> Iterator[Section]:  # noqa: FBT001
    """The tables of the page."""
    for events in (100_000,) if quick else (1_000_000, 10_000_000):
        folder = Path(tempfile.mkdtemp(prefix="ancestry-"))
        try:
            yield from _measured(folder, events)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _measured(folder: Path, events: int) -> Iterator[Section]:
    begun = time.perf_counter()
    book = filled(folder, events)
    added = time.perf_counter() - begun
    dice = random.Random(5)
    waves = -(-events // (400 * lineage.EVENTS))
    names = [dice.choice(lineage.magnets(dice.randrange(waves))) for _ in range(ASKED)]
    links = Links(book)
    sizes = [len(upstream(links, book.lot(name)).lots) for name in names]
    own, mapped = resident()
    yield _of_shares(folder, book, links, names)  # before the databases come, for they take memory
    linked, named = pairs(book), events <= MANY
    rivals: dict[str, Ask | None] = {"the book": lambda name: upstream(links, book.lot(name)).lots}
    rivals |= {"SQLite, recursive query": of_sqlite(folder, book, linked, named=named)}
    rivals |= {"DuckDB, recursive query": of_duckdb(folder, book, linked, named=named)}
    rows, notes = [], []
    for what, ask in rivals.items():
        if ask is None:
            notes.append(f"{what}: not installed (python -m pip install 'ytterby[bench]')")
            continue
        own_names = names if what == "the book" else names[: ASKED // 10 if "SQLite" in what else 50]
        for name in own_names[:50]:
            if ask(name) != upstream(links, book.lot(name)).lots:
                raise SystemExit(f"{what} and the book disagree on {name}: their speeds mean nothing")
        rows.append(_row(what, asked(ask, own_names)))
    down = [book.lot_name(dice.randrange(book.lots)) for _ in range(ASKED)]
    rows.append(_row("the book, recall (downstream)", asked(lambda n: downstream(links, book.lot(n)).lots, down)))
    yield Section(
        f"Ancestry of a lot, {events:,} events",
        ("asked of", "median ms", "95 % within ms", "99 % within ms"),
        tuple(rows),
        notes=(
            f"{book.lots:,} lots, {len(linked):,} links from lot to lot; each question starts from the address of a "
            f"lot of magnets and answers with its whole ancestry, {statistics.mean(sizes):.0f} lots in the mean, "
            f"{max(sizes)} at most",
            "all answer alike on fifty lots, or nothing is printed"
            + ("" if named else "; of so many lots the databases have no addresses, and are asked by code"),
            f"made and added at {len(book) / added:,.0f} events a second; the process then has {own:.0f} MB of its own "
            f"and {mapped:.0f} MB of files mapped",
            *notes,
        ),
    )


def _row(what: str, took: Sequence[float]) -> tuple[str, ...]:
    return (what, *(f"{q:.3f}" for q in np.percentile(took, [50, 95, 99])))


def _of_shares(folder: Path, book: Book, links: Links, names: Sequence[str]) -> Section:
    """The speed and memory of shares in a process of their own, and that they are right in this one."""
    told = subprocess.run(
        [sys.executable, "-m", "bench.ancestry", "shares", str(folder)], capture_output=True, text=True, check=True
    )
    found = json.loads(told.stdout.splitlines()[-1])
    all_lots = shares(book)
    apart, ones = 0.0, []
    for name in names[:100]:
        exact = Exact(links)
        begun = time.perf_counter()
        exactly = exact.origins(book.lot(name), INDEX["Nd"]).shares
        ones.append(1e3 * (time.perf_counter() - begun))
        apart = max(apart, _apart(all_lots, book.lot(name), exactly))
    if apart > all_lots.error:
        raise SystemExit(f"shares in columns and exact ones are {apart:.1e} apart, more than {all_lots.error:.1e}")
    each = f"{book.lots:,}", f"{len(all_lots.tables)}"
    first, again, held = found["peaks"]
    rows = (
        ("all lots in columns, the first time", *each, f"{found['wall'][0]:.3f}", f"{found['cpu'][0]:.3f}",
         f"{first:,.0f}"),
        ("all lots again, median of five", *each, f"{statistics.median(found['wall'][1:6]):.3f}",
         f"{statistics.median(found['cpu'][1:6]):.3f}", f"{again:,.0f}"),
        ("all lots again, the last answer still held", *each, f"{found['wall'][6]:.3f}", f"{found['cpu'][6]:.3f}",
         f"{held:,.0f}"),
        ("one lot in exact fractions, median", "1", "1", f"{statistics.median(ones) / 1e3:.5f}", "", ""),
    )  # fmt: skip
    return Section(
        f"Origin shares, {len(book):,} events",
        ("what", "lots", "bases", "seconds", "of processor", "peak MB"),
        rows,
        notes=(
            f"{lineage.MINES} origins; bases: {', '.join(all_lots.tables)}; on a hundred lots the columns are within "
            f"{apart:.0e} of the exact fractions (bound: {all_lots.error:.0e})",
            "peak: resident memory of the process since it began, the files it has mapped and the interpreter among it",
        ),
    )


def _measuring(folder: Path) -> None:
    """The process: opens the book, works shares out seven times, and prints what that took."""
    from bench.memory import own_peak

    book = Book.open(folder / "book")
    wall, cpu, peaks, held = [], [], [], None
    for turn in range(7):
        begun, busy = time.perf_counter(), time.process_time()
        answer = shares(book)
        wall.append(time.perf_counter() - begun)
        cpu.append(time.process_time() - busy)
        if turn in (0, 5, 6):
            peaks.append(own_peak() / 1e6)
        held = answer if turn == 5 else None
        del answer
    assert held is None
    print(json.dumps({"wall": wall, "cpu": cpu, "peaks": peaks}))


def _apart(all_lots: Shares, lot: int, told: Any) -> float:
    columns = all_lots.of(lot, "Nd")
    keys = {*columns, *told} - {UNTOLD}
    return max((abs(columns.get(k, 0.0) - float(told.get(k, 0))) for k in keys), default=0.0)


if __name__ == "__main__":
    if sys.argv[1:2] == ["shares"]:
        _measuring(Path(sys.argv[2]))
    else:
        from bench.table import as_text

        for section in sections("--quick" in sys.argv):
            print(as_text(section), end="\n\n", flush=True)
