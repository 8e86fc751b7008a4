"""Home to the measure of search: what is found first, whether exact words are always found, and how long it takes.

`python -m bench.search [--documents DIR] [--queries FILE] [--size N] [--misses] [--quick]`. Queries are lines of query
and relevant documents (file names without ending); relevance was judged by which facts a document carries, before any
program saw them. A query counts in every direction in which it has a relevant document: its own script against that
document's. Beside stands what SQLite does alone: FTS5 with its ``unicode61`` tokens, all words, else any, by bm25.
"""

from __future__ import annotations

import argparse
import csv
import math
import os
import random
import re
import sqlite3
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from bench.articles import articles
from bench.table import Section, as_text
from ytterby.evidence.documents import Document
from ytterby.evidence.search import put_document, search
from ytterby.evidence.search.tokens import lowered, units
from ytterby.store import database, folder
from ytterby.store.database import Database
from ytterby.terms.text import fold

CORPUS = Path(__file__).resolve().parents[1] / "src" / "ytterby" / "data" / "corpus"
QUERIES = Path(__file__).resolve().with_name("queries.csv")
SUFFIXES = {".txt", ".md", ".html"}
COMMON = ("稀土", "出口", "中国", "吨", "镝", "Dy", "对日", "rare earth", "export licences", "dyspro*", '"稀土磁体"')
DIRECTIONS = ("zh-zh", "en-en", "zh-en", "en-zh", "traditional-simplified", "all together")

Finder = Callable[[str, str, int], list[str]]
"""Query, language wanted (``zh``, ``en`` or empty) and how many, to names of documents, best first."""


@dataclass(frozen=True)
class Asked:
    """A query and the documents that answer it."""

    query: str
    relevant: frozenset[str]

    @property
    def lang(self) -> str:
        """Script of the query."""
        if not any(unit.han for unit in units(lowered(self.query))):
            return "en"
        return "zh" if fold(self.query) == self.query else "zh-Hant"


def queries(path: Path = QUERIES) -> list[Asked]:
    """The queries of a file."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Asked(row["query"], frozenset(row["relevant"].split())) for row in csv.DictReader(file)]


def documents(where: Path = CORPUS) -> list[Document]:
    """The documents of a folder; their ids become file names without ending."""
    from dataclasses import replace

    from ytterby.evidence.reading import read_bytes

    found = []
    for path in sorted(where.iterdir()):
        if path.suffix in SUFFIXES and path.stem != "README":
            found.append(replace(read_bytes(path.read_bytes(), path=path.name), id=path.stem))
    return found


@contextmanager
def indexed(made: Iterable[Document], home: Path | None = None) -> Iterator[Database]:
    """An index of the documents in a folder that goes afterwards."""
    with tempfile.TemporaryDirectory() as scratch, database.open(folder.init((home or Path(scratch)) / "p")) as db:
        rest = iter(made)
        while batch := list(islice(rest, 64)):
            with db.transaction():
                for document in batch:
                    put_document(db, document)
        yield db


def plain_index(made: Iterable[Document]) -> sqlite3.Connection:
    """FTS5 as it comes."""
    plain = sqlite3.connect(":memory:")
    plain.execute("CREATE VIRTUAL TABLE t USING fts5 (id UNINDEXED, lang UNINDEXED, title, body)")
    rows = ((document.id, document.lang[:2], document.title, document.text) for document in made)
    plain.executemany("INSERT INTO t VALUES (?, ?, ?, ?)", rows)
    return plain


def plain_finder(plain: sqlite3.Connection) -> Finder:
    """All words of the query, else any, by bm25."""

    def find(query: str, lang: str, limit: int) -> list[str]:
        words = [f'"{word}"' for word in re.findall(r"\w+", query)]
        only = " AND lang = ?" if lang else ""
        sql = f"SELECT id FROM t WHERE t MATCH ?{only} ORDER BY bm25(t) LIMIT ?"
        for joint in (" AND ", " OR "):
            values = (joint.join(words), *([lang] if lang else []), limit)
            found = [row[0] for row in plain.execute(sql, values)]
            if found:
                return found
        return []

    return find


def our_finder(db: Database) -> Finder:
    """Search as it ships."""

    def find(query: str, lang: str, limit: int) -> list[str]:
        return [hit.id for hit in search(db, query, lang=lang or None, type="document", limit=limit)]

    return find


def judged(asked: Sequence[Asked], langs: dict[str, str], find: Finder) -> dict[str, list[tuple[Asked, float, float]]]:
    """By direction: each query with its recall@5 and nDCG@10."""
    rows: dict[str, list[tuple[Asked, float, float]]] = defaultdict(list)
    for one in asked:
        for direction, wanted, lang in _directions(one, langs):
            relevant = {name for name in one.relevant if langs[name] in wanted}
            if relevant:
                found = [name for name in find(one.query, lang, 60) if langs[name] in wanted]
                rows[direction].append((one, _recall(found, relevant), _gain(found, relevant)))
    return rows


def _directions(one: Asked, langs: dict[str, str]) -> Iterator[tuple[str, set[str], str]]:
    every = set(langs.values())
    yield "all together", every, ""
    if one.lang == "en":
        yield "en-en", {"en"}, "en"
        yield "en-zh", {"zh", "zh-Hant"}, "zh"
        return
    yield "zh-en", {"en"}, "en"
    yield "zh-zh", {one.lang}, "zh"
    yield "traditional-simplified", {"zh", "zh-Hant"} - {one.lang}, "zh"


def _recall(found: Sequence[str], relevant: set[str]) -> float:
    return len(relevant & set(found[:5])) / min(5, len(relevant))


def _gain(found: Sequence[str], relevant: set[str]) -> float:
    gain = sum(1 / math.log2(at + 2) for at, name in enumerate(found[:10]) if name in relevant)
    return gain / sum(1 / math.log2(at + 2) for at in range(min(10, len(relevant))))


def quality(made: Sequence[Document], asked: Sequence[Asked]) -> Section:
    """Recall@5 and nDCG@10 per direction, ours and plain."""
    langs = {document.id: document.lang for document in made}
    with indexed(made) as db:
        ours = judged(asked, langs, our_finder(db))
    plain = judged(asked, langs, plain_finder(plain_index(made)))
    rows = []
    for direction in DIRECTIONS:
        mine, theirs = ours[direction], plain[direction]
        if mine:
            cells = [_mean(mine, 1), _mean(theirs, 1), _mean(mine, 2), _mean(theirs, 2)]
            rows.append((direction, str(len(mine)), *(f"{cell:.3f}" for cell in cells)))
    return Section(
        "Search: what is found first",
        ("direction", "queries", "recall@5", "plain", "nDCG@10", "plain"),
        tuple(rows),
        (
            f"{len(asked)} queries over {len(made)} documents; relevance judged by the facts a document carries",
            "a query counts in each direction in which it has a relevant document; hits are held to that language",
            "plain: FTS5 with unicode61 tokens and bm25, all words, else any",
        ),
    )


def _mean(rows: Sequence[tuple[Asked, float, float]], at: int) -> float:
    return statistics.fmean(float(row[at]) for row in rows)  # type: ignore[arg-type]


def terms(document: Document, count: int, seed: int = 1) -> list[str]:
    """Words that stand in a document: one to four characters in a row, words, figures, and what both make."""
    rng = random.Random(f"{seed} {document.id}")
    cut = units(lowered(document.text))
    found: set[str] = set()
    for _ in range(20 * count):
        if len(found) >= count or not cut:
            break
        first = rng.randrange(len(cut))
        last = min(len(cut) - 1, first + rng.randrange(4))
        piece = document.text[cut[first].start : cut[last].end]
        if not re.search(r"[\n\"“”「」]", piece):
            found.add(piece)
    return sorted(found)


def exact(made: Sequence[Document], each: int) -> Section:
    """Share of words standing in a document with which it is found."""
    wanted = [(document.id, term) for document in made for term in terms(document, each)]
    with indexed(made) as db:
        ours = sum(name in our_finder(db)(f'"{term}"', "", 10_000) for name, term in wanted)
    plain = plain_index(made)
    theirs = 0
    for name, term in wanted:
        words = " ".join(re.findall(r"\w+", term))
        rows = plain.execute("SELECT id FROM t WHERE t MATCH ?", (f'"{words}"',))
        theirs += name in {row[0] for row in rows}
    rows = (
        ("ours", f"{ours / len(wanted):.4f}", str(len(wanted) - ours)),
        ("plain", f"{theirs / len(wanted):.4f}", str(len(wanted) - theirs)),
    )
    return Section(
        "Search: exact words",
        ("index", "recall", "missed"),
        rows,
        (f"{len(wanted)} words and runs of up to four characters or words, {each} of each of {len(made)} documents",),
    )


def latency(size: int, asked: Sequence[Asked], home: Path | None = None) -> Section:
    """Time of a query beside that many made-up articles."""
    began = time.perf_counter()
    with indexed(articles(size), home) as db:
        took = time.perf_counter() - began
        weight = os.path.getsize(db.path) / size
        lines = [*(one.query for one in asked), *COMMON]
        search(db, "稀土")
        ours = {line: _timed(lambda line=line: search(db, line)) for line in lines}  # type: ignore[misc]
    plain = plain_index(articles(size))
    find = plain_finder(plain)
    theirs = {line: _timed(lambda line=line: find(line.replace("*", ""), "", 20)) for line in lines}  # type: ignore[misc]
    like = "SELECT id FROM t WHERE body LIKE ? LIMIT 20"
    parts = [f"%{one.query}%" for one in asked[:8]]
    scans = {part: _timed(lambda part=part: plain.execute(like, (part,)).fetchall()) for part in parts}  # type: ignore[misc]
    rows = tuple(
        (name, *(f"{1000 * _quantile(values.values(), q):.1f}" for q in (0.5, 0.95, 1.0)))
        for name, values in (("ours", ours), ("plain", theirs), ("LIKE, whole text", scans))
    )
    slowest = sorted(ours, key=lambda line: -ours[line])[:3]
    return Section(
        f"Search: milliseconds at {size:,} documents",
        ("index", "median", "p95", "longest"),
        rows,
        (
            f"{len(lines)} queries, median of three each, one process; slowest: {'; '.join(slowest)}",
            f"indexing: {size / took:,.0f} documents/s, {weight / 1000:.1f} kB on disk each",
            "plain finds next to nothing in Chinese, which is quick; ours proves every hit and quotes its sentence",
        ),
    )


def _timed(call: Callable[[], object]) -> float:
    taken = []
    for _ in range(3):
        began = time.perf_counter()
        call()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def _quantile(values: Iterable[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)]


def misses(made: Sequence[Document], asked: Sequence[Asked]) -> Iterator[str]:
    """Queries that do not find all they should, with what stands first instead."""
    langs = {document.id: document.lang for document in made}
    with indexed(made) as db:
        find = our_finder(db)
        for direction, rows in judged(asked, langs, find).items():
            for one, recall, _ in rows:
                if recall < 1 and direction != "all together":
                    lang = "en" if direction.endswith("en") else "zh"
                    top = " ".join(find(one.query, lang, 5))
                    wanted = " ".join(sorted(one.relevant))
                    yield f"{direction} {recall:.2f} {one.query}\n   wanted {wanted}\n   found {top}"


def sections(quick: bool) -> Iterator[Section]:  # noqa: FBT001
    """The tables for `python -m bench`."""
    made, asked = documents(), queries()
    yield quality(made, asked)
    yield exact(made, 10 if quick else 40)
    yield latency(5_000 if quick else 50_000, asked)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    made = argparse.ArgumentParser(prog="python -m bench.search", description="Measure search.")
    made.add_argument("--documents", type=Path, default=CORPUS)
    made.add_argument("--queries", type=Path, default=QUERIES)
    made.add_argument("--size", type=int, default=50_000, help="made-up articles for the latency; 0 leaves it out")
    made.add_argument("--misses", action="store_true", help="list the queries that miss something")
    given = made.parse_args(arguments)
    read, asked = documents(given.documents), queries(given.queries)
    known = {document.id for document in read}
    asked = [one for one in asked if one.relevant <= known]
    if asked:
        print(as_text(quality(read, asked)), end="\n\n", flush=True)
    print(as_text(exact(read, 40)), end="\n\n", flush=True)
    if given.misses:
        print(*misses(read, asked), sep="\n", end="\n\n")
    if given.size:
        print(as_text(latency(given.size, asked)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
