"""Home to capture: from files, folders, bytes and streams into ledger and book, whole batches at a time.

Reading, checking and hashing is done by processes side by side; one writer behind them adds what is new. What is
reported as captured is on the disk. A capture that was killed is simply made again: what is there already is told so.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

from ytterby.custody.book import Book
from ytterby.custody.capturing import sources as sourcing
from ytterby.custody.capturing.crew import Crew
from ytterby.custody.capturing.reading import Load
from ytterby.custody.capturing.sources import Part, Source
from ytterby.custody.event import Event
from ytterby.custody.genealogy.cycles import would_cycle
from ytterby.custody.ledger import Busy, Ledger, Refusal, Writing
from ytterby.custody.ledger.writing import NONE
from ytterby.terms.errors import StoreError, UnknownName

if TYPE_CHECKING:
    from ytterby.custody.shipments.gate import Gate

Advance: TypeAlias = Callable[[int, int], None]
"""(bytes done, bytes in all)."""

BOOK = "book"
ALONE = 4 * 2**20
"""Bytes up to which no process is started: starting one takes as long as reading so much."""
FEW = 5_000
"""Events that need not be on the disk in the book too: the ledger has them, and the next writer looks at them first."""
WAIT = 30.0
"""Seconds to wait for another writer."""
TOLD = 10_000
"""Refusals told one by one; all of them are in the refused log."""
MOST_WORKERS = 8


@dataclass(frozen=True, slots=True)
class Captured:
    """What became of what was given."""

    captured: int
    """Events that are new in the ledger."""
    already: int
    """Events that were there, with the same content."""
    refused: tuple[Refusal, ...]
    """What was refused, up to `TOLD`."""
    head: dict[str, Any]
    """The ledger's head now, fit to be published."""
    more: int = 0
    """Refusals beyond those told."""

    def to_dict(self) -> dict[str, Any]:
        """{"captured", "already", "refused": [{"id", "reason", "path"}], "more", "head"}."""
        return {
            "captured": self.captured,
            "already": self.already,
            "refused": [one.to_dict() for one in self.refused],
            "more": self.more,
            "head": self.head,
        }


def capture(
    folder: Path,
    sources: Iterable[Source],
    *,
    advance: Advance | None = None,
    workers: int | None = None,
    whole: bool = False,
    wheres: Sequence[str] = (),
    strict: Iterable[str] = (),
    gate: Gate | None = None,
    wait: float = WAIT,
) -> Captured:
    """Captures events of EPCIS into the ledger and the book in `folder`.

    Args:
        folder: the project's ``custody/``; made where it is not there.
        sources: files, folders, bytes, open binary streams.
        advance: told the bytes done and those in all.
        workers: processes that read; without it as many as pay.
        whole: all or nothing: where anything is refused, nothing is captured. For what fits into memory.
        wheres: what to call the sources, where they are bytes or streams.
        strict: names of checks that refuse where they would only doubt (docs/custody.md lists them).
        gate: what shipments have to pass; without it all may.
        wait: seconds to wait for another writer.

    Raises:
        UnknownName: no check is called so.
        BadValue: a path that is not there.
        StoreError: the disk refuses, or another process goes on writing.
    """
    chosen = _strict(strict)
    found = sourcing.listed(sources)
    total = sourcing.size(found)
    count = _workers(workers, total, found)
    with ExitStack() as stack:
        ledger = stack.enter_context(Ledger.writing(folder, wait=wait))
        book = opened(folder, ledger)
        stack.callback(lambda: book.close(settle=book.unsettled >= FEW))
        writer = _Writer(ledger, book, advance, total, gate)
        crew = stack.enter_context(Crew(count, ledger.index.parts(), whole=whole, strict=chosen))
        named = ((source, wheres[k] if k < len(wheres) else "") for k, source in enumerate(found))
        every = (one for source, where in named for one in sourcing.parts(source, where, whole=whole))
        for part, load in crew.read(writer.put_aside(every)):
            writer.take(part, load, whole=whole)
        writer.refuse_rest()
        return writer.captured()


def _strict(names: Iterable[str]) -> frozenset[str]:
    from ytterby.custody.epcis.sense import CHECKS

    chosen = frozenset(names)
    known = [one.name for one in CHECKS]
    for name in sorted(chosen - set(known)):
        raise UnknownName(name, known, "check", "--strict")
    return chosen


def _workers(asked: int | None, total: int, found: Sequence[Source]) -> int:
    if asked is not None:
        return max(asked, 0)
    endless = any(not isinstance(one, Path | bytes) for one in found)
    return 0 if total < ALONE and not endless else min(os.cpu_count() or 1, MOST_WORKERS)


def opened(folder: Path, ledger: Ledger) -> Book:
    """The book beside a ledger, to write to, brought to it: carried on, or made again where it is lost or damaged."""
    book = Book.open(folder / BOOK, write=True)
    if book.next > len(ledger):
        # It saw events that were never acknowledged, or those of another ledger.
        book.close()
        book = Book.afresh(folder / BOOK)
    if book.next < len(ledger):
        book.catch_up(batches(ledger, book.next))
    return book


def up_to_date(folder: Path) -> Book:
    """The book in a folder for reading. Where it is behind its ledger, lost or damaged it is brought up first, unless
    somebody is writing: then it is as far as it is.

    Raises:
        StoreError: it is damaged and somebody is writing.
    """
    size = len(Ledger.open(folder))
    book: Book | None = None
    with suppress(StoreError):
        book = Book.open(folder / BOOK)
        if book.next == size:
            return book
    with suppress(Busy):
        with Ledger.writing(folder) as ledger:
            opened(folder, ledger).close()
        if book is not None:
            book.close()
        book = None
    return Book.open(folder / BOOK) if book is None else book


def batches(ledger: Ledger, first: int, size: int = 2_000) -> Iterator[tuple[int, list[Event]]]:
    """The events of a ledger from one sequence number on, understood again: (sequence of the first, events) in turn."""
    from ytterby.custody.book.doubting import doubted
    from ytterby.custody.ledger.rows import again

    events: list[Event] = []
    for kept in ledger.walk(first):
        events.append(doubted(again(kept.body, kept.id), kept.body))
        if len(events) == size:
            yield first, events
            first, events = first + size, []
    if events:
        yield first, events


@final
class _Writer:
    """The one that adds what is read to ledger and book."""

    def __init__(
        self, ledger: Writing, book: Book, advance: Advance | None, total: int, gate: Gate | None = None
    ) -> None:
        self._gate = gate
        self._ledger, self._book, self._advance, self._total = ledger, book, advance, total
        self._added = self._already = self._more = self._done = 0
        self._refused: list[Refusal] = []
        self._aside: list[Refusal] = []
        """Refusals of what could not be read at all, to be kept with the next batch."""
        self._part: Part | None = None
        self._clean, self._events = True, 0
        """Of the part so far: whether nothing was refused, and how many events it has."""
        self._lines = 0
        """Line ends of the source before the part."""

    def put_aside(self, every: Iterable[Part | Refusal]) -> Iterator[Part]:
        """The parts; what could not be made one is put aside."""
        for one in every:
            if isinstance(one, Refusal):
                self._aside.append(one)
            else:
                yield one

    def take(self, part: Part, load: Load, *, whole: bool) -> None:
        """Adds a load; where it has to go in whole and something is refused, nothing of it."""
        self._turn_to(part)
        load = load.moved(self._lines)
        added, already, refusals = self._judged(part, load)
        if whole and (refusals or self._aside):
            added, already = np.zeros_like(added), 0
        every, self._aside = [*self._aside, *refusals], []
        self._clean = self._clean and not refusals
        self._events += len(load.batch)
        parts = [(load.digest, self._events)] if load.last and self._clean and not load.already else []
        first = len(self._ledger)
        appended = self._ledger.append(load.batch, every, parts, added=added)
        if load.chunk is not None and added.any():
            self._book.add(load.chunk if added.all() else load.chunk.only(added), first)
        self._added += int(np.count_nonzero(appended.added))
        self._already += already + load.already
        self._tell(every)
        if load.last:
            self._lines += load.lines
            self._done += load.size
            if self._advance is not None:
                self._advance(self._done, max(self._total, self._done))

    def refuse_rest(self) -> None:
        """Keeps what was put aside and no batch took along."""
        if self._aside:
            self._ledger.append(NONE, self._aside)
            self._tell(self._aside)
            self._aside = []

    def captured(self) -> Captured:
        """The account."""
        head = self._ledger.head.published()
        return Captured(self._added, self._already, tuple(self._refused), head, self._more)

    def _turn_to(self, part: Part) -> None:
        if part is not self._part:
            self._part, self._clean, self._events = part, True, 0
            self._lines = 0 if part.first else self._lines

    def _judged(self, part: Part, load: Load) -> tuple[NDArray[np.bool_], int, list[Refusal]]:
        """Which events of a load are new, how many are there, and why the others are refused."""
        batch, chunk = load.batch, load.chunk
        judged = self._ledger.judge(batch)
        added = judged.added
        refusals = [*load.refusals, *(replace(one, path=part.where) for one in judged.refused)]
        if chunk is not None and added.any():
            rows = np.flatnonzero(added)
            loops = would_cycle(self._book, chunk if added.all() else chunk.only(added))
            for at, loop in loops.items():
                row = int(rows[at])
                reason = f"cycle: a lot would come of itself: {' → '.join(loop)}"
                refusals.append(Refusal(batch.ids[row], reason, part.where, batch.bodies[row]))
                added[row] = False
        if self._gate is not None and chunk is not None and added.any():
            for row, reason in self._gate.stopped(self._ledger, self._book, batch, chunk, added).items():
                refusals.append(Refusal(batch.ids[row], reason, part.where, batch.bodies[row]))
                added[row] = False
        return added, judged.already, refusals

    def _tell(self, refusals: Sequence[Refusal]) -> None:
        # What was refused may be large, and it lies in the refused log.
        room = max(TOLD - len(self._refused), 0)
        self._refused += [replace(one, raw=b"", size=len(one.raw)) for one in refusals[:room]]
        self._more += max(len(refusals) - room, 0)
