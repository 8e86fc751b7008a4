"""Home to the proof that nothing in the ledger was changed: every byte of every file, and what they say of each other.

Nothing is written. What follows from the log (tree, index, book) is checked too: a flipped bit there loses nothing, but
is found and told.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ytterby.custody.ledger import frames, heads, merkle, seal
from ytterby.custody.ledger.frames import Damage, Reader
from ytterby.custody.ledger.heads import WIDTH, Head
from ytterby.custody.ledger.index import Index
from ytterby.custody.ledger.ledger import EVENTS, HEADS, INDEX, NOTHING, REFUSED, TREE, kept
from ytterby.custody.ledger.rows import CELLS, key
from ytterby.terms.errors import StoreError

Advance = Callable[[int, int], None]

FOLLOWS_NOT = "it does not follow from the log; the next capture makes it again"
BLOCK = 1024
"""Leaves of which the tree's nodes are looked at together."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The first place in a file where something does not fit."""

    file: str
    offset: int
    """Byte in the file; -1 of a file that is not there."""
    field: str
    why: str
    event: int = -1
    """Sequence number of the event it is about; -1 where it is about none."""
    before: str = ""
    """Id of the last event before it that is whole."""
    after: str = ""
    """Id of the next one that is whole, where it can be found."""
    lost: bool = True
    """Whether it is in what was captured, and not only in what is made again from it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check found."""

    events: int
    heads: int
    refused: int
    bytes: int
    """Looked at."""
    unacknowledged: int
    """Bytes behind what was acknowledged: a capture under way, or one that was killed."""
    findings: tuple[Finding, ...]
    head: dict[str, Any]
    notes: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def to_dict(self) -> dict[str, Any]:
        """As plain data, `whole` first."""
        told = asdict(self)
        told["findings"], told["notes"] = list(told["findings"]), list(self.notes)
        return {"whole": self.whole, **told}


def verify(folder: Path, advance: Advance | None = None) -> Verdict:
    """Checks every byte of the ledger in a folder: log, refusals, heads, tree, index.

    Args:
        folder: the project's ``custody/``.
        advance: told bytes done and in all.
    """
    return _Check(folder, advance).verdict()


class _Check:
    def __init__(self, folder: Path, advance: Advance | None) -> None:
        self.folder = folder
        self.findings: list[Finding] = []
        self.notes: list[str] = []
        self.advance = advance
        self.looked = 0
        self.digests: list[bytes] = []
        """Of the events, 32 bytes each, in order."""
        self.cells: list[tuple[int, int, int]] = []
        """(start, recorded, key of the id) of each event."""
        self.marks: dict[int, tuple[bytes, int]] = {}
        """Events -> (chain, length) for the heads to be held against."""

    def verdict(self) -> Verdict:
        told, last = self._heads()
        known = [head for _, head in told if head is not None]
        wanted = {head.size for head in known}
        events = self._log(EVENTS, last.size, last.length, wanted)
        refused = self._log(REFUSED, last.refused, last.refused_length, set())
        if not any(one.file == EVENTS for one in self.findings):
            self._tree(last)
            self._hold(told)
            self._index(last)
        behind = self._behind(EVENTS, last.length) + self._behind(REFUSED, last.refused_length)
        return Verdict(
            events, len(told), refused, self.looked, behind, tuple(self.findings), last.published(), tuple(self.notes)
        )

    def _find(self, file: str, offset: int, field: str, why: str, event: int = -1, **more: Any) -> None:
        self.findings.append(Finding(file, offset, field, why, event, **more))

    def _heads(self) -> tuple[list[tuple[int, Head | None]], Head]:
        path = self.folder / HEADS
        told = list(heads.all_of(path))
        self.looked += WIDTH * len(told)
        for offset, head in told:
            if head is None:
                self._find(HEADS, offset, "head", f"line {offset // WIDTH + 1:,} does not fit its check")
        sound = [head for _, head in told if head is not None]
        if not sound and _size(self.folder / EVENTS) > frames.BEGINNING:
            self._find(HEADS, -1, "file", "the log has events, and no head says which of them were acknowledged")
        if len(sound) == 0:
            return told, NOTHING
        return told, sound[-1]

    def _log(self, name: str, size: int, length: int, wanted: set[int]) -> int:
        path = self.folder / name
        there = _size(path)
        if not length and there <= 0:
            return 0
        if there < max(length, frames.BEGINNING):
            self._find(name, max(there, -1), "file", f"it is cut short: {max(there, 0):,} of {length:,} bytes are left")
            return 0
        log = Reader(path, length or None)
        count, before, main = 0, "", name == EVENTS
        try:
            for found in log.checked():
                if isinstance(found, Damage):
                    after = _following(log, found.offset)
                    self._find(name, found.offset, found.field, found.why, found.sequence, before=before, after=after)
                    return count
                if main:
                    self.digests.append(found.digest)
                    one = kept(found)
                    before = one.id
                    self.cells.append((found.offset, found.time, key(one.id)))
                    if count + 1 in wanted:
                        self.marks[count + 1] = (found.chain, found.end)
                else:
                    before = found.name.decode("utf-8", "replace")
                count += 1
                self.looked += found.end - found.offset
                if self.advance is not None and count % 5_000 == 0:
                    self.advance(self.looked, max(length, self.looked))
        finally:
            log.close()
        self.looked += frames.BEGINNING
        if count != size:
            self._find(name, length, "frames", f"{count:,} frames stand where {size:,} were acknowledged")
        return count

    def _tree(self, last: Head) -> None:
        path = self.folder / TREE
        wanted = merkle.nodes(last.size) * merkle.WIDTH
        if not path.exists():
            if last.size:
                self.notes.append("there is no hash tree; the next capture makes it again")
            return
        if _size(path) < wanted:
            self._find(TREE, _size(path), "file", "it is cut short; the next capture makes it again", lost=False)
            return
        tree, at = merkle.Growing(), 0
        self.roots: dict[int, bytes] = {0: merkle.EMPTY}
        asked = sorted(self.marks)
        with path.open("rb") as file:
            for begin in range(0, len(self.digests), BLOCK):
                some = self.digests[begin : begin + BLOCK]
                for cut in _cuts(asked, begin, begin + len(some)):
                    made = tree.add(some[tree.leaves - begin : cut - begin])
                    there = file.read(len(made))
                    if made != there:
                        near = next(k for k in range(len(made)) if there[k : k + 1] != made[k : k + 1])
                        self._find(TREE, at + near, "node", FOLLOWS_NOT, tree.leaves - 1, lost=False)
                        return
                    at += len(made)
                    if cut in self.marks:
                        self.roots[cut] = tree.root()
        self.looked += at

    def _hold(self, told: list[tuple[int, Head | None]]) -> None:
        """Every head that was ever acknowledged is borne out by the log."""
        for offset, head in told:
            if head is None or not head.size:
                continue
            chain, length = self.marks.get(head.size, (b"", -1))
            fits = chain.hex() == head.chain and length == head.length
            root = getattr(self, "roots", {}).get(head.size)
            if not fits or (root is not None and root.hex() != head.root):
                why = f"the log is not what was acknowledged when it had {head.size:,} events: it was written anew"
                self._find(HEADS, offset, "head", why, head.size - 1)
                return

    def _index(self, last: Head) -> None:
        path = self.folder / INDEX
        if not path.exists():
            if last.size:
                self.notes.append("there is no index; it is made again when it is asked for")
            return
        self.looked += _size(path) + max(_size(seal.of(path)), 0)
        found = seal.broken(path)
        if found is not None:
            self._find(found[0].name, found[1], "block", f"{found[2]}; the next capture makes it again", lost=False)
            return
        if not seal.of(path).exists():
            self.notes.append("the index is open or was not closed; it is held against the log, not against its seal")
        try:
            index = Index(path, ledger=last.ledger)
        except StoreError as error:
            self._find(INDEX, 0, "file", error.cause, lost=False)
            return
        try:
            wrong = index.sound()
            if wrong:
                self._find(INDEX, 0, "file", wrong, lost=False)
            elif index.size < last.size:
                self.notes.append(
                    f"the index has {index.size:,} events; it is brought up to the log when it is asked for"
                )
            else:
                self._rows(index)
        except StoreError as error:
            self._find(INDEX, 0, "file", error.cause, lost=False)
        finally:
            index.close()

    def _rows(self, index: Index) -> None:
        for block in index.blocks():
            for at, cell in enumerate(block.cells[["start", "recorded", "name"]].tolist()):
                if block.first + at < len(self.cells) and cell != self.cells[block.first + at]:
                    self._find(INDEX, 0, "row", "it is not what the log says", block.first + at, lost=False)
                    return
        names = np.array([name for _, _, name in self.cells], CELLS["name"])
        for begin in range(0, len(names), 50_000):
            some = names[begin : begin + 50_000 : 997].tolist()
            places = index.named(some)
            if any(begin + 997 * k not in places.get(name, ()) for k, name in enumerate(some)):
                self._find(INDEX, 0, "names", "an event of the log is not found by its id", begin, lost=False)
                return

    def _behind(self, name: str, length: int) -> int:
        return max(_size(self.folder / name) - max(length, frames.BEGINNING), 0) if length else 0


def _cuts(asked: list[int], begin: int, end: int) -> Iterator[int]:
    """The sizes at which a root is wanted, and the end."""
    import bisect

    yield from asked[bisect.bisect_right(asked, begin) : bisect.bisect_left(asked, end)]
    yield end


def _following(log: Reader, offset: int) -> str:
    """Id of the next whole frame behind a damage, as far as one is found soon."""
    at = offset
    for _ in range(64):
        at = log.data.find(frames.MARK, at + 1)
        if at < 0:
            return ""
        try:
            return log.at(at).name.decode("utf-8", "replace")
        except StoreError:
            continue
    return ""


def _size(path: Path) -> int:
    try:
        return os.stat(path).st_size
    except FileNotFoundError:
        return -1
