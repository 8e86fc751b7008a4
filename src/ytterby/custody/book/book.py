"""Home to the book: what the ledger says, in columns. It can always be made again from the ledger.

One writer adds chunks (the ledger's lock sees to that); readers open it at any time and see whole chunks only.
"""

from __future__ import annotations

import mmap
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from ytterby.custody.book import manifest as manifests
from ytterby.custody.book import strands
from ytterby.custody.book.chunk import Chunk, chunk, identity
from ytterby.custody.book.columns import Column
from ytterby.custody.book.layout import CODED, STRINGS, TABLES
from ytterby.custody.book.manifest import REMEDY, Kept, Manifest
from ytterby.custody.book.names import Names
from ytterby.custody.event import Event
from ytterby.store import atomic
from ytterby.store.disk import told
from ytterby.terms.errors import StoreError

OFTEN = 10_000
"""Derived arrays are kept again once this many rows, and a tenth of all, came since."""


class Book:
    """Columns of events and pieces. `book["moves.lot"]` is a column as an array; `mistaken` marks events that count
    nowhere.
    """

    def __init__(self, folder: Path, manifest: Manifest, *, write: bool) -> None:
        self.folder, self.writable = folder, write
        self._manifest = manifest
        self._columns = _columns(folder, manifest)
        for column in self._columns.values():
            if column.short():
                raise _damaged(column.path)
        self.names = {
            table: Names(*(self._columns[f"{table}.{part}"] for part in ("text", "end", "low", "high")))
            for table in STRINGS
        }
        self.strands = strands.Heads()
        self.siblings = strands.Heads()
        self._mistaken: NDArray[np.bool_] = np.zeros(0, bool)
        self.declared: NDArray[np.uint64] = np.zeros(0, "u8")
        """Identities of events declared wrong, whether they came yet or not."""
        try:
            self._derive()
        except (IndexError, ValueError, OverflowError, MemoryError) as error:
            raise _damaged(folder) from error

    @classmethod
    def open(cls, folder: Path | str, *, write: bool = False) -> Book:
        """The book in `folder`, made where there is none.

        A writer that finds it damaged starts it afresh (`next` is then 0, and the ledger is to be read again); a reader
        raises `StoreError`.
        """
        folder = Path(folder)
        try:
            made = cls(folder, manifests.read(folder) or Manifest(), write=write)
            if write:
                made._check_tails()
            return made
        except StoreError:
            if not write:
                raise
            return cls.afresh(folder)
        except OSError as error:
            raise told(error, "open the book", folder) from error

    @classmethod
    def afresh(cls, folder: Path | str) -> Book:
        """An empty book in the place of whatever stands there."""
        folder = Path(folder)
        try:
            if folder.exists():
                shutil.rmtree(folder)
            folder.mkdir(parents=True)
        except OSError as error:
            raise told(error, "make the book", folder) from error
        manifests.write(folder, Manifest())
        return cls(folder, Manifest(), write=True)

    def __len__(self) -> int:
        return self._columns["events.time"].rows

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.mistaken if name == "events.mistaken" else self._columns[name].array()

    @property
    def next(self) -> int:
        """The sequence number from which on the ledger's events are not in the book."""
        return int(self["events.sequence"][-1]) + 1 if len(self) else 0

    @property
    def mistaken(self) -> NDArray[np.bool_]:
        """Of each event, whether it was declared wrong, or is such a declaration: it counts nowhere."""
        return self._mistaken[: len(self)]

    @property
    def unsettled(self) -> int:
        """How many events came since everything was last waited for: whoever opens it to write looks at these."""
        return len(self) - self._manifest.settled.get("events.time", 0)

    # names

    def code(self, table: str, name: str) -> int:
        """The code of a string in a table of `layout.STRINGS`; -1 where it is not known."""
        return self.names[table].code(name)

    def name(self, table: str, code: int) -> str:
        """The string of a code; empty for -1."""
        return self.names[table].name(code)

    def lot(self, name: str) -> int:
        """The code of a lot's address, -1 where no event names it."""
        return self.names["lots"].code(name)

    def lot_name(self, code: int) -> str:
        """The address of a lot."""
        return self.names["lots"].name(code)

    def place(self, name: str) -> int:
        """The code of a place's address."""
        return self.names["places"].code(name)

    def place_name(self, code: int) -> str:
        """The address of a place."""
        return self.names["places"].name(code)

    def party(self, name: str) -> int:
        """The code of a party's address."""
        return self.names["parties"].code(name)

    def party_name(self, code: int) -> str:
        """The address of a party."""
        return self.names["parties"].name(code)

    @property
    def lots(self) -> int:
        """How many lots there are."""
        return len(self.names["lots"])

    # adding

    def add(self, made: Chunk, first_sequence: int) -> None:
        """Add a batch whose events have the sequence numbers `first_sequence` on; those it has already are skipped.

        Raises `StoreError` when events before it are missing (the ledger is then to be read from `next` on), and when
        the disk refuses: the book is then as it was before.
        """
        if first_sequence > self.next and (len(self) or first_sequence > 1):
            cause = f"the book ends before event {self.next}, and event {first_sequence} was to be added"
            raise StoreError(cause, place=str(self.folder), remedy=REMEDY)
        if first_sequence < self.next and len(self):
            known = self.next - first_sequence
            made = made.only(np.arange(len(made)) >= known)
            first_sequence += known
        if not len(made):
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._append(made, first_sequence)
            self._write_manifest()
        except OSError as error:
            for column in self._columns.values():
                column.close()
            self.__init__(self.folder, self._manifest, write=True)  # type: ignore[misc]
            raise told(error, "add to the book", self.folder) from error

    def catch_up(self, batches: Iterable[tuple[int, Sequence[Event]]]) -> int:
        """Add what the ledger has from `next` on: (sequence of the first, events) in turn; returns how many came."""
        before = len(self)
        for first, events in batches:
            self.add(chunk(events), first)
        return len(self) - before

    def refresh(self) -> bool:
        """See what was added since by another process; returns whether anything was."""
        found = manifests.read(self.folder)
        if found is None or found.rows == self._manifest.rows:
            return False
        if found.rows["events.time"] < len(self):
            self.__init__(self.folder, found, write=self.writable)  # type: ignore[misc]
            return True
        self._manifest = found
        for name, column in self._columns.items():
            column.rows, column.tail = found.rows[name], found.tails[name]
        self._catch(len(self._mistaken))
        return True

    def close(self, *, settle: bool = True) -> None:
        """Have everything reach the disk, and keep the derived arrays where they grew enough.

        Without `settle` nothing is waited for: the next writer then looks at what came since it last was.
        """
        if self.writable and settle and len(self):
            for column in self._columns.values():
                column.settle()
            self._keep()
            self._manifest = replace(self._manifest, settled=dict(self._manifest.rows))
            manifests.write(self.folder, self._manifest)
        for column in self._columns.values():
            column.close()

    def wrong(self) -> tuple[str, int] | None:
        """See `wrong`, of this book."""
        return wrong(self.folder)

    # inside

    def _append(self, made: Chunk, first_sequence: int) -> None:
        columns = dict(made.columns)
        for table in STRINGS:
            coded = [name for name, of in CODED.items() if of == table]
            used = np.zeros(len(made.strings[table]) + 1, bool)
            for name in coded:
                used[columns[name]] = True
            codes = np.append(self.names[table].intern(made.strings[table], used[:-1]), np.int32(-1))
            columns |= {name: codes[columns[name]] for name in coded}
        event, move = len(self), self._columns["moves.lot"].rows
        counts = np.bincount(columns["moves.event"], minlength=len(made))
        columns["events.sequence"] = np.arange(first_sequence, first_sequence + len(made))
        columns["events.first"] = move + np.cumsum(counts) - counts
        self.strands.reserve(3 * self.lots)
        columns["events.sibling"] = self.siblings.link(columns["events.transformation"], event)
        columns["moves.previous"] = self.strands.link(strands.keys(columns["moves.lot"], columns["moves.role"]), move)
        columns["assays.move"] = columns["assays.move"] + move
        for table in TABLES:
            if table != "events":
                columns[f"{table}.event"] = columns[f"{table}.event"] + event
        for name in (f"{table}.{column}" for table, own in TABLES.items() for column in own):
            self._columns[name].append(columns[name])
        self._mark(event)

    def _mark(self, since: int) -> None:
        """Mark what is declared wrong, by or among the events from row `since` on."""
        count = len(self)
        if count > len(self._mistaken):
            grown = np.zeros(max(count, 2 * len(self._mistaken)), bool)
            grown[:since] = self._mistaken[:since]
            self._mistaken = grown
        identities, declares = self["events.identity"], self["events.declares"]
        fresh = declares[since:] > 0
        self._mistaken[since:count] = fresh
        if fresh.any():
            self._mistaken[:count] |= np.isin(identities, identities[since:][fresh])
            self.declared = np.unique(identities[declares > 0])
        if len(self.declared):
            self._mistaken[since:count] |= np.isin(identities[since:], self.declared)

    def _derive(self) -> None:
        """Take the derived arrays that were kept, and carry them on to the end."""
        for table, names in self.names.items():
            slots = self._kept(f"{table}.slots")
            if slots is None:
                names.refresh()
            else:
                names.restore(slots[0], slots[1])
        marks, heads, siblings = (self._kept(n) for n in ("mistaken", "strands", "siblings"))
        since = 0
        if marks and heads:
            self._mistaken, since = marks
            self.strands = strands.Heads(heads[0])
            self.siblings = strands.Heads(siblings[0]) if siblings else strands.Heads()
            self.declared = np.unique(self["events.identity"][:since][self["events.declares"][:since] > 0])
        self._catch(since)

    def _catch(self, since: int) -> None:
        """Carry the derived arrays on from event `since`."""
        for names in self.names.values():
            names.refresh()
        if since < len(self):
            move = int(self["events.first"][since])
            lots = self["moves.lot"][move:]
            if len(lots) and not 0 <= int(lots.min()) <= int(lots.max()) < self.lots:
                raise ValueError("a piece names a lot that is not there")
            self.strands.reserve(3 * self.lots)
            self.strands.again(strands.keys(self["moves.lot"][move:], self["moves.role"][move:]), move)
            self.siblings.again(self["events.transformation"][since:], since)
            self._mark(since)

    def _kept(self, name: str) -> tuple[NDArray[Any], int] | None:
        one = self._manifest.kept.get(name)
        if one is None:
            return None
        try:
            with (self.folder / one.file).open("rb") as file:
                raw = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
        except (OSError, ValueError):
            return None
        return np.frombuffer(raw, one.dtype), one.rows

    def _keep(self) -> None:
        """Keep the derived arrays, where enough came since they were last."""
        count = len(self)
        last = self._manifest.kept["mistaken"].rows if "mistaken" in self._manifest.kept else 0
        if count - last < max(OFTEN, count // 10):
            return
        turn = self._manifest.turn + 1
        derived: dict[str, tuple[NDArray[Any], int]] = {
            "mistaken": (self.mistaken, count),
            "strands": (self.strands.kept(), count),
            "siblings": (self.siblings.kept(), count),
        }
        derived |= {f"{table}.slots": (names.slots, len(names)) for table, names in self.names.items()}
        kept = {}
        for name, (array, rows) in derived.items():
            raw, file = array.tobytes(), f"{name}.{turn}"
            if raw:
                atomic.write(self.folder / file, raw)
                kept[name] = Kept(file, array.dtype.str, rows, crc32(raw))
        gone = [one.file for one in self._manifest.kept.values()]
        self._manifest = replace(self._manifest, kept=kept, turn=turn)
        manifests.write(self.folder, self._manifest)
        for file in gone:
            (self.folder / file).unlink(missing_ok=True)

    def _write_manifest(self) -> None:
        rows = {name: column.rows for name, column in self._columns.items()}
        tails = {name: column.tail for name, column in self._columns.items()}
        fresh = replace(self._manifest, rows=rows, tails=tails)
        manifests.write(self.folder, fresh, settle=False)
        self._manifest = fresh

    def _check_tails(self) -> None:
        """After a crash, what had not surely reached the disk is looked at. Raises `StoreError` where it is damaged."""
        for name, column in self._columns.items():
            since = self._manifest.settled.get(name, 0)
            if since < column.rows and column.wrong(since) is not None:
                raise _damaged(column.path)


def wrong(folder: Path | str) -> tuple[str, int] | None:
    """The first file of a book that is not what was written, and the byte at which the block begins it is in.

    None: all is well, or there is no book.
    """
    folder = Path(folder)
    try:
        found = manifests.read(folder)
    except StoreError:
        return manifests.NAME, 0
    if found is None:
        return None
    for column in _columns(folder, found).values():
        at = column.wrong()
        if at is not None:
            return column.path.name, at
    for one in found.kept.values():
        path = folder / one.file
        if not path.is_file() or crc32(path.read_bytes()) != one.crc:
            return one.file, 0
    return None


def _columns(folder: Path, manifest: Manifest) -> dict[str, Column]:
    return {
        name: Column(folder / f"{name}.{kind}", kind, manifest.rows.get(name, 0), manifest.tails.get(name, 0))
        for name, kind in manifests.files().items()
    }


def _damaged(path: Path) -> StoreError:
    return StoreError("the book is damaged", place=str(path), remedy=REMEDY)


__all__ = ["Book", "identity"]
