"""Home to what exporters sent earlier: each shipment judged once, and again only where its lots are told of anew.

What is here is of one book while it is written to, and of the exporters that were asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ytterby.custody.book import Book
from ytterby.custody.movements import SENDING
from ytterby.custody.registry import Registry
from ytterby.custody.shipments.crossings import firm, runs
from ytterby.custody.shipments.drawdown import Draw, Terms, Wanted
from ytterby.custody.shipments.running import Order, Running


@dataclass(frozen=True, slots=True)
class Sending:
    """An event that sends something, judged."""

    wanted: tuple[tuple[str, Wanted], ...]
    """(exporter, what it draws), for each material that crosses a border and draws on a licence."""
    lots: frozenset[str]
    """What it names, and what was in that."""
    unnamed: bool
    """Whether it leaves it to others to say what material it is."""

    def numbered(self, sequence: int) -> Sending:
        """The same under its number in the ledger."""
        return replace(
            self,
            wanted=tuple((who, one._replace(order=(one.order[0], sequence, one.order[2]))) for who, one in self.wanted),
        )


NOTHING = Sending((), frozenset(), unnamed=False)
_NONE: tuple[NDArray[np.uint64], Mapping[int, Sending]] = (np.zeros(0, "u8"), {})


class Earlier:
    """The shipments of a book that were judged, and the licences after them."""

    def __init__(self, book: Book, terms: Terms, registry: Registry) -> None:
        self.book, self.terms, self._registry = book, terms, registry
        self._running = Running(terms)
        self._known: dict[int, Sending] = {}
        self._of_lot: dict[int, set[int]] = defaultdict(set)
        self._unnamed: set[int] = set()
        self._stale: set[int] = set()
        self._exporters: set[str] = set()
        self._party: list[str] = []
        self._place: list[str] = []
        self._seen = self._size = len(book)
        """Events of which all that matters was judged; events there were when a batch was judged last."""
        self._expected: tuple[NDArray[np.uint64], Mapping[int, Sending]] = _NONE

    def __len__(self) -> int:
        return len(self._known)

    def exporter(self, party: str, place: str) -> str:
        """Under which name an exporter's licences are looked up: of the party a shipment leaves, else of its place."""
        return self.terms.exporter(firm(self._registry, party) if party else runs(self._registry, place))

    # what is to be judged

    def due(self, exporters: Iterable[str]) -> list[int]:
        """Events of the book that have to be judged before these exporters send more."""
        fresh = set(exporters) - self._exporters
        self._exporters |= fresh
        rows = {row for row in self._sent(0) if self._exporter_of(row) in fresh} if fresh else set()
        rows |= {row for row in self._sent(self._seen) if self._exporter_of(row) in self._exporters}
        rows |= self._stale
        self._stale, self._seen = set(), len(self.book)
        return sorted(rows)

    def touched(self, lots: Iterable[int], named: Iterable[int]) -> set[int]:
        """Judged events that have something to do with lots, or leave it to others to name these."""
        found = {row for lot in lots for row in self._of_lot.get(lot, ())}
        return found | {row for lot in named for row in self._of_lot.get(lot, ()) if row in self._unnamed}

    def _sent(self, first: int) -> list[int]:
        book = self.book
        codes = [book.code("steps", name) for name in SENDING]
        sends = np.isin(book["events.step"][first:], [code for code in codes if code >= 0]) & ~book.mistaken[first:]
        return [row for row in (first + np.flatnonzero(sends)).tolist() if row not in self._known]

    def _exporter_of(self, row: int) -> str:
        party, place = int(self.book["events.source"][row]), int(self.book["events.place"][row])
        table, code = (self._party, party) if party >= 0 else (self._place, place)
        while len(table) <= code:
            at = len(table)
            named = (self.book.party_name(at), "") if table is self._party else ("", self.book.place_name(at))
            table.append(self.exporter(*named))
        return table[code] if code >= 0 else self.exporter("", "")

    # what was judged

    def put(self, judged: Mapping[int, Sending]) -> None:
        """Takes events of the book in, by row; where they are in already, in the place of what was judged of them."""
        more: dict[str, list[Wanted]] = defaultdict(list)
        gone = self._drawing(judged)
        for row, one in judged.items():
            self._known[row] = one
            for name in one.lots:
                self._of_lot[self.book.lot(name)].add(row)
            (self._unnamed.add if one.unnamed else self._unnamed.discard)(row)
            for exporter, wanted in one.wanted:
                more[exporter].append(wanted)
        for exporter in {*more, *gone}:
            self._running.put(exporter, more[exporter], gone.get(exporter, ()))

    def supposed(self, judged: Mapping[int, Sending], fresh: Iterable[Sending]) -> dict[Order, Draw]:
        """What a batch would draw, where it makes judged events something else; nothing is changed."""
        more: dict[str, list[Wanted]] = defaultdict(list)
        gone = self._drawing(judged)
        for one in (*judged.values(), *fresh):
            for exporter, wanted in one.wanted:
                more[exporter].append(wanted)
        found: dict[Order, Draw] = {}
        for exporter in {*more, *gone}:
            found |= self._running.supposed(exporter, more[exporter], gone.get(exporter, ()))
        return found

    def _drawing(self, rows: Iterable[int]) -> dict[str, list[Order]]:
        found: dict[str, list[Order]] = defaultdict(list)
        for row in rows:
            for exporter, one in self._known[row].wanted if row in self._known else ():
                found[exporter].append(one.order)
        return found

    # batches

    def follows(self, book: Book) -> bool:
        """Whether the book is the one that is known here, and nothing went into it but the batch that was expected."""
        if book is not self.book:
            return False
        expected, sent = self._expected
        self._expected = _NONE
        first, self._size = self._size, len(book)
        came = book["events.identity"][first:]
        if not len(came):
            return True
        if not np.array_equal(came, expected):
            return False
        numbers: Sequence[int] = book["events.sequence"].data
        self.put({first + at: one.numbered(numbers[first + at]) for at, one in sent.items()})
        return True

    def expect(self, identities: NDArray[np.uint64], sent: Mapping[int, Sending], stale: Iterable[int]) -> None:
        """Says what goes in next.

        Args:
            identities: (event,) the events that were let in.
            sent: by place among these, what was judged of them.
            stale: rows of the book that were judged, and are to be judged again.
        """
        self._expected = identities, sent
        self._stale |= set(stale)
