"""Home to the ledger of a project: a log of events that only grows, held together by hashes.

``events.log`` is the truth: frames, chained. ``heads.jsonl`` says what was acknowledged. ``refused.log`` keeps what was
not taken in. ``tree.bin`` (the hash tree) and ``index.sqlite`` follow from the log and are made again where they are
lost. One process writes, as many as like read, and no reader waits for the writer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from ytterby.custody.ledger import frames, heads, merkle, refused
from ytterby.custody.ledger.frames import Frame, Reader
from ytterby.custody.ledger.heads import Head
from ytterby.custody.ledger.index import Index
from ytterby.custody.ledger.refused import Refusal
from ytterby.custody.ledger.rows import key
from ytterby.terms.errors import BadValue, StoreError, UnknownName

if TYPE_CHECKING:
    from ytterby.custody.ledger.writing import Writing

EVENTS, REFUSED, HEADS, TREE, INDEX, LOCK = (
    "events.log", "refused.log", "heads.jsonl", "tree.bin", "index.sqlite", "lock",
)  # fmt: skip
NOTHING = Head(0, merkle.EMPTY.hex(), "", 0)
"""The head of a ledger that was never written."""


class Kept(NamedTuple):
    """An event as the ledger has it."""

    sequence: int
    recorded: int
    """Microseconds of UTC."""
    id: str
    body: bytes
    """Its canonical form."""
    digest: bytes


class Ledger:
    """A ledger as it was acknowledged at the moment of opening."""

    def __init__(self, folder: Path, head: Head | None = None) -> None:
        """Use `open`."""
        self.folder = folder
        self.head = head or NOTHING
        self._log: Reader | None = None
        self._index: Index | None = None

    @classmethod
    def open(cls, folder: Path) -> Ledger:
        """The ledger in a folder, for reading; without one, an empty one.

        Raises:
            StoreError: it is damaged so that it cannot be read at all.
        """
        head = heads.last(folder / HEADS)
        log = folder / EVENTS
        if head is None and log.exists() and log.stat().st_size > frames.BEGINNING:
            remedy = "put a copy of heads.jsonl back, or capture something: the heads are then made again from the log"
            raise StoreError("the heads of the ledger are lost", place=str(folder / HEADS), remedy=remedy)
        return cls(folder, head)

    @staticmethod
    def writing(folder: Path, *, wait: float = 0.0) -> Writing:
        """The ledger in a folder, to add to; made where there is none. What a crash left unfinished is put right.

        Args:
            folder: where it lies.
            wait: seconds to wait for another process that is writing.

        Raises:
            StoreError: another process is writing, the disk refuses, or what was acknowledged is damaged.
        """
        from ytterby.custody.ledger.writing import Writing

        return Writing(folder, wait=wait)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the files."""
        if self._log is not None:
            self._log.close()
            self._log = None
        if self._index is not None:
            self._index.close()
            self._index = None

    def __len__(self) -> int:
        return self.head.size

    @property
    def log(self) -> Reader:
        """The log up to what was acknowledged."""
        if self._log is None:
            self._log = Reader(self.folder / EVENTS, self.head.length or None)
        return self._log

    @property
    def index(self) -> Index:
        """The index; where it is lost or behind it is made again first, unless somebody is writing it just now."""
        if self._index is None:
            path = self.folder / INDEX
            with suppress(StoreError):
                if path.exists():
                    self._index = Index(path, ledger=self.head.ledger)
            if self._index is None or self._index.size < self.head.size:
                with suppress(_busy()):
                    self.writing(self.folder).close()
                    if self._index is not None:
                        self._index.close()
                    self._index = None
            if self._index is None:
                self._index = Index(path, ledger=self.head.ledger)
        return self._index

    # events

    def walk(self, first: int = 0) -> Iterator[Kept]:
        """The events from one sequence number on, in the order in which they came."""
        if first >= self.head.size:
            return
        start = frames.BEGINNING if first == 0 else self.start(first)
        for frame in self.log.walk(start):
            yield kept(frame)

    def at(self, sequences: Sequence[int]) -> list[Kept]:
        """Events by sequence number, in the order asked for."""
        starts = self.index.cells(sequences)["start"].tolist()
        return [kept(self.log.at(start, one)) for start, one in zip(starts, sequences, strict=True)]

    def start(self, sequence: int) -> int:
        """Where the frame of an event begins in the log."""
        return int(self.index.cells([sequence])["start"][0])

    def find(self, name: str) -> Kept | None:
        """The event with an id; None where there is none."""
        if not self.head.size:
            return None
        for sequence in self.index.named([key(name)]).get(key(name), ()):
            if sequence < self.head.size:
                found = self.at([sequence])[0]
                if found.id == name:
                    return found
        return None

    def event(self, name: str) -> Kept:
        """The event with an id.

        Raises:
            UnknownName: there is none.
        """
        found = self.find(name)
        if found is None:
            raise UnknownName(name, (), "event", remedy="'ytterby ledger events' lists what was captured")
        return found

    def refusals(self, first: int = 0) -> Iterator[Refusal]:
        """What was refused, oldest first."""
        if not self.head.refused:
            return
        log = Reader(self.folder / REFUSED, self.head.refused_length)
        try:
            for frame in log.walk():
                if frame.sequence >= first:
                    yield refused.refusal(frame)
        finally:
            log.close()

    # proofs

    def proof(self, name: str) -> dict[str, Any]:
        """What shows, without the ledger, that an event is in it: {"event", "digest", "index", "proof", "head"}.

        `proof` holds hashes in hex, from the leaf up; `included` checks it.

        Raises:
            UnknownName: there is no such event.
        """
        found = self.event(name)
        path = merkle.inclusion(found.sequence, self.head.size, self._node())
        return {
            "event": found.id,
            "digest": found.digest.hex(),
            "index": found.sequence,
            "proof": [one.hex() for one in path],
            "head": self.head.published(),
        }

    def inclusions(self, sequences: Sequence[int]) -> list[list[bytes]]:
        """The proofs that events are in the ledger at its head, by sequence number; see `merkle.inclusion`."""
        node = self._node()
        return [merkle.inclusion(one, self.head.size, node) for one in sequences]

    def held(self, published: Mapping[str, Any]) -> dict[str, Any]:
        """Holds a head that was published earlier against this ledger: {"held", "why", "from", "to", "proof"}.

        `held` is true where the ledger still begins with all that the head stood for, and `proof` then shows it to
        whoever has the two heads only (`grew`).

        Raises:
            BadValue: this is no head, or one of another ledger.
        """
        ledger, size, root, chain = heads.read(published)
        if self.head.ledger and ledger != self.head.ledger:
            raise BadValue("the head is one of another ledger", place=f"ledger {ledger}", remedy="ask the right one")
        answer: dict[str, Any] = {"held": False, "from": size, "to": self.head.size, "proof": []}
        if size > self.head.size:
            return answer | {
                "why": f"the head has {size:,} events and the ledger only {self.head.size:,}: some are gone"
            }
        if merkle.root(size, self._node()) != root:
            return answer | {"why": self._rewritten(size)}
        if size and self.at([size - 1]) and self._chain(size - 1) != chain:
            return answer | {"why": f"the chain at event {size - 1:,} is not the one of the head"}
        path = merkle.consistency(size, self.head.size, self._node())
        return answer | {"held": True, "why": "", "proof": [one.hex() for one in path]}

    def _rewritten(self, size: int) -> str:
        """Which acknowledged head is the first that the ledger no longer bears out."""
        node = self._node()
        sound = 0
        for _, head in heads.all_of(self.folder / HEADS):
            if head is None or head.size > size:
                break
            if merkle.root(head.size, node).hex() != head.root:
                return f"the ledger was written anew between event {sound:,} and {head.size:,}"
            sound = head.size
        return f"the first {size:,} events are not the ones of the head"

    def _chain(self, sequence: int) -> bytes:
        return self.log.at(self.start(sequence), sequence).chain

    def _node(self) -> merkle.Node:
        if not self.head.size:
            return lambda place: b""
        if not (self.folder / TREE).exists():
            self.writing(self.folder).close()
        raw = (self.folder / TREE).read_bytes() if self.head.size <= 4096 else None
        if raw is not None:
            return lambda place: raw[place * 32 : place * 32 + 32]
        return _Nodes(self.folder / TREE)


class _Nodes:
    """The kept nodes of the tree, read where they are asked for."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")

    def __call__(self, place: int) -> bytes:
        self._file.seek(place * merkle.WIDTH)
        return self._file.read(merkle.WIDTH)

    def __del__(self) -> None:
        self._file.close()


def kept(frame: Frame) -> Kept:
    """The event that a frame keeps."""
    return Kept(frame.sequence, frame.time, frame.name.decode("utf-8", "surrogatepass"), frame.body, frame.digest)


def _busy() -> type[StoreError]:
    from ytterby.custody.ledger.writing import Busy

    return Busy
