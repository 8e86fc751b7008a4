"""Home to the ledger's one writer: what it adds is on the disk when it says so, and a crash leaves nothing half-done.

The order is: log and refusals, tree, all through to the disk; then a head, through to the disk, which is the
acknowledgement; then the index, which can always be made again. A process that is killed anywhere in between leaves at
most a tail that nobody was told of: whole frames of it are kept, a torn one is cut off.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any, NamedTuple, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

from ytterby.custody.ledger import frames, heads, merkle, refused
from ytterby.custody.ledger.frames import Appender, Damage, Reader
from ytterby.custody.ledger.heads import Acknowledging, Head
from ytterby.custody.ledger.index import Index
from ytterby.custody.ledger.ledger import EVENTS, HEADS, INDEX, LOCK, NOTHING, REFUSED, TREE, Ledger
from ytterby.custody.ledger.refused import Refusal
from ytterby.custody.ledger.rows import NEVER, Rows, of_canonical
from ytterby.custody.ledger.rows import rows as rows_of
from ytterby.store.disk import settle, told
from ytterby.terms.errors import StoreError

DECLARED = b'"errorDeclaration":{'
"""In the canonical form of a declaration that an event was wrong; no value of an event holds a quote unescaped."""

CATCHING_UP = 5_000
"""Events per transaction when the index is made again."""

CONFLICT = "identity: an event with this id is in the ledger with other content; correct it by an error declaration"

Making: TypeAlias = Callable[[Sequence[bytes], Sequence[str]], Rows]
"""Canonical forms and ids of events -> their rows in the index."""


class Busy(StoreError):
    """Another process is writing the ledger."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Events to add, as columns."""

    ids: tuple[str, ...]
    digests: tuple[bytes, ...]
    bodies: tuple[bytes, ...]
    """Canonical forms; the SHA-256 of each is its digest."""
    rows: Rows
    """What the index keeps of them."""

    def __len__(self) -> int:
        return len(self.ids)


NONE = Batch((), (), (), rows_of([]))


class Judged(NamedTuple):
    """What a batch is to the ledger, before anything is written."""

    added: NDArray[np.bool_]
    """(events,) which are new."""
    already: int
    """How many are there with the same content."""
    refused: list[Refusal]
    """Those whose id is there with other content."""


class Appended(NamedTuple):
    """What became of a batch."""

    head: Head
    first: int
    """Sequence number of the first event that was added."""
    added: NDArray[np.bool_]
    """(events,) which of the batch were added."""
    already: int
    """How many were there already, with the same content."""
    refused: list[Refusal]
    """Those whose id is there with other content, and those that were handed in as refused."""


@final
class Writing(Ledger):
    """The ledger, to add to."""

    def __init__(self, folder: Path, *, wait: float = 0.0, rows: Making = of_canonical) -> None:
        """Takes the ledger and puts right what a crash left; see `Ledger.writing`."""
        super().__init__(folder)
        self._rows = rows
        self._files: list[Any] = []
        self._beside = ThreadPoolExecutor(1, "ytterby-ledger")
        """Waits for the disk while other work goes on."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = locked(folder / LOCK, wait)
        except OSError as error:
            raise told(error, "write the ledger", folder) from error
        try:
            self._recover()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Closes the files and lets others write."""
        super().close()
        self._beside.shutdown()
        for one in self._files:
            one.close()
        self._files = []
        self._lock.close()

    # adding

    def append(
        self,
        batch: Batch = NONE,
        refusals: Sequence[Refusal] = (),
        parts: Iterable[tuple[bytes, int]] = (),
        *,
        added: NDArray[np.bool_] | None = None,
    ) -> Appended:
        """Adds a batch; what is returned is on the disk.

        An id that is there with the same content is there already; with other content it is refused.

        Args:
            batch: events.
            refusals: what was refused before it came here, to be kept.
            parts: digest and number of events of each part of a source that is in the ledger whole with this batch.
            added: which events to add, where the batch was judged before; those that are to be refused are then among
                `refusals`.

        Raises:
            StoreError: the disk refuses; then nothing was acknowledged.
        """
        judged = self.judge(batch) if added is None else Judged(added, 0, [])
        every = [*refusals, *judged.refused]
        first = self.head.size
        when = max(time.time_ns() // 1000, self.head.time)
        starts = self._write(batch, judged.added, when) if judged.added.any() else []
        news = self._write_refusals(every, when) if every else []
        # what the index keeps can be made again: it need not wait for the disk
        settled = self._acknowledge(when) if starts or news else None
        parts = list(parts)
        if starts or parts:
            rows = batch.rows if len(starts) == len(batch) else batch.rows.only(judged.added)
            self.index.add(rows, starts, when, parts)
        if news:
            self.index.add_refusals(news)
        if settled is not None:
            settled.result()
        return Appended(self.head, first, judged.added, judged.already, every)

    def judge(self, batch: Batch) -> Judged:
        """Which events of a batch are new, and which have an id that is there with other content."""
        names = batch.rows.cells["name"]
        there = self.index.known(names)
        added: NDArray[np.bool_] = ~there
        if not there.any() and len(set(batch.ids)) == len(batch):
            return Judged(added, 0, [])
        known = self.index.named(np.unique(names[there]).tolist())
        declares = batch.rows.cells["mistake"] != NEVER
        here: dict[tuple[str, bool], bytes] = {}
        conflicts: list[Refusal] = []
        already = 0
        for at, name in enumerate(batch.ids):
            # an event and the declaration that it was wrong share their id (EPCIS 2.0, 7.4.1.3)
            who = (name, bool(declares[at]))
            digest = here.get(who)
            if digest is None and there[at]:
                digest = self._digest(*who, known.get(int(names[at]), ()))
            added[at] = digest is None
            if digest is None:
                here[who] = batch.digests[at]
            elif digest == batch.digests[at]:
                already += 1
            else:
                conflicts.append(Refusal(name, CONFLICT, "", batch.bodies[at]))
        return Judged(added, already, conflicts)

    def _digest(self, name: str, declares: bool, places: Sequence[int]) -> bytes | None:  # noqa: FBT001
        """The digest of the event with an id, or of the declaration that it was wrong.

        None where there is none, or only the key of the id is the same.
        """
        for place in places:
            found = self.at([place])[0]
            if found.id == name and (DECLARED in found.body) == declares:
                return found.digest
        return None

    def _write(self, batch: Batch, added: NDArray[np.bool_], when: int) -> list[int]:
        records = [
            (name.encode("utf-8", "surrogatepass"), digest, body)
            for name, digest, body, new in zip(batch.ids, batch.digests, batch.bodies, added.tolist(), strict=True)
            if new
        ]
        starts: list[int] = self._appender.add(records, when)
        settled = self._beside.submit(self._appender.settle)
        try:
            self._nodes.write(self._tree.add([digest for _, digest, _ in records]))
            self._nodes.flush()
            os.fsync(self._nodes.fileno())
        except OSError as error:
            raise told(error, "write the ledger", self.folder) from error
        finally:
            settled.result()
        return starts

    def _write_refusals(self, refusals: Sequence[Refusal], when: int) -> list[bytes]:
        """Keeps what was not refused in the very same way before."""
        news: dict[bytes, tuple[bytes, bytes, bytes]] = {}
        for one in refusals:
            made = refused.record(one)
            if made[1] not in news and not self.index.was_refused(made[1]):
                news[made[1]] = made
        if news:
            self._refusing.add(list(news.values()), when)
            self._refusing.settle()
        return list(news)

    def _acknowledge(self, when: int) -> Future[None]:
        """Writes the head; it is on the disk when what is returned is done."""
        log, other = self._appender, self._refusing
        head = Head(
            log.sequence, self._tree.root().hex(), log.chain.hex(), when, self.identity, log.length,
            other.sequence, other.length, other.chain.hex(),
        )  # fmt: skip
        self._acknowledging.add(head)
        settled = self._beside.submit(self._acknowledging.settle)
        self.head = head
        if self._log is not None:
            self._log.close()
            self._log = None
        return settled

    @property
    def identity(self) -> str:
        """Which ledger this is."""
        return str(frames.HEADER.unpack_from(self._appender.head)[2].hex())

    @property
    def index(self) -> Index:
        """The index, for the writer."""
        assert self._index is not None
        return self._index

    # putting right

    def _recover(self) -> None:
        folder = self.folder
        head = heads.last(folder / HEADS) or NOTHING
        self._acknowledging = self._opened(Acknowledging(folder / HEADS))
        self._appender = self._opened(Appender(folder / EVENTS, b"events"))
        self._refusing = self._opened(Appender(folder / REFUSED, b"refused"))
        if head.ledger and head.ledger != self.identity:
            remedy = "put the file back that belongs here"
            raise StoreError("the log is not the one of the heads", place=str(folder / EVENTS), remedy=remedy)
        _resume(self._appender, head.size, bytes.fromhex(head.chain), head.length)
        _resume(self._refusing, head.refused, bytes.fromhex(head.refused_chain), head.refused_length)
        self._grow(head)
        self.head = head
        if head is NOTHING or (self._appender.length, self._refusing.length) != (head.length, head.refused_length):
            settle(folder)
            self._acknowledge(max(time.time_ns() // 1000, head.time)).result()
        self._index = Index(folder / INDEX, write=True, ledger=self.identity)
        self._catch_up()

    def _opened(self, file: Any) -> Any:
        self._files.append(file)
        return file

    def _grow(self, head: Head) -> None:
        """Brings the tree to the log: it is cut, carried on, or made again from the beginning."""
        path = self.folder / TREE
        try:
            self._nodes: IO[bytes] = self._opened(path.open("r+b" if path.exists() else "w+b"))
            have = min(self._nodes.seek(0, os.SEEK_END) // merkle.WIDTH, merkle.nodes(head.size))
            whole = have == merkle.nodes(head.size)
            tree = merkle.Growing(head.size, self._node()) if whole and head.size else merkle.Growing()
            if tree.leaves and tree.root().hex() != head.root:
                tree = merkle.Growing()
            self._nodes.truncate(merkle.nodes(tree.leaves) * merkle.WIDTH)
            self._nodes.seek(0, os.SEEK_END)
            self._tree = tree
            if tree.leaves < self._appender.sequence:
                digests = (frame.digest for frame in self._frames(tree.leaves, head))
                while some := list(islice(digests, CATCHING_UP)):
                    self._nodes.write(tree.add(some))
                self._nodes.flush()
                os.fsync(self._nodes.fileno())
        except OSError as error:
            raise told(error, "write the ledger", path) from error

    def _node(self) -> merkle.Node:
        def node(place: int) -> bytes:
            self._nodes.flush()
            return os.pread(self._nodes.fileno(), merkle.WIDTH, place * merkle.WIDTH)

        return node

    def _frames(self, first: int, head: Head) -> Iterator[frames.Frame]:
        """The frames from one sequence number on: all, or those after the last acknowledged one."""
        log = Reader(self.folder / EVENTS, self._appender.length)
        try:
            yield from log.walk(head.length if first and first == head.size else frames.BEGINNING)
        finally:
            log.close()

    def _catch_up(self) -> None:
        """Brings the index to the log."""
        index = self.index
        if index.size > self.head.size or index.refused > self.head.refused:
            index.clear()
        if index.size < self.head.size:
            start = frames.BEGINNING
            if index.size:
                start = self.log.at(self.start(index.size - 1), index.size - 1).end
            walked = self.log.walk(start)
            while some := list(islice(walked, CATCHING_UP)):
                for when, part in _by_time(some):
                    names = [one.name.decode("utf-8", "surrogatepass") for one in part]
                    index.add(self._rows([one.body for one in part], names), [one.offset for one in part], when)
        if index.refused < self.head.refused:
            log = Reader(self.folder / REFUSED, self.head.refused_length)
            index.add_refusals([one.digest for one in log.walk() if one.sequence >= index.refused])
            log.close()


def _by_time(found: Sequence[frames.Frame]) -> Iterator[tuple[int, list[frames.Frame]]]:
    part: list[frames.Frame] = []
    for one in found:
        if part and part[-1].time != one.time:
            yield part[-1].time, part
            part = []
        part.append(one)
    if part:
        yield part[-1].time, part


def _resume(appender: Appender, size: int, chain: bytes, length: int) -> None:
    """Goes on after what was acknowledged: whole frames behind it are kept, a torn one is cut off."""
    there = appender.path.stat().st_size
    if there < length:
        raise frames.cut_short(appender.path, there, length)
    log = Reader(appender.path)
    try:
        if not size:
            chain, length = appender.chain, frames.BEGINNING
        for found in log.checked(length, size, chain):
            if isinstance(found, Damage):
                break
            size, chain, length = found.sequence + 1, found.chain, found.end
    finally:
        log.close()
    appender.resume(size, chain, length)


def locked(path: Path, wait: float) -> IO[bytes]:
    """The lock of the one writer, held until it is closed.

    Raises:
        Busy: another process holds it, and went on doing so for `wait` seconds.
    """
    file = path.open("ab")
    until = time.monotonic() + wait
    while not _taken(file):
        if time.monotonic() >= until:
            file.close()
            remedy = "wait for it to end and try again; reading goes on meanwhile"
            raise Busy("another process is writing the ledger", place=str(path.parent), remedy=remedy)
        time.sleep(0.02)
    return file


def _taken(file: IO[bytes]) -> bool:
    try:
        import fcntl
    except ImportError:
        import msvcrt

        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
