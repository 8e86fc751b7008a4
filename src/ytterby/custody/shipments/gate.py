"""Home to the gate at capture: where the policy blocks, a shipment that may not go is refused and kept with the reason.

It is judged by what ledger and batch tell of its lots, and drawn from the licences after every earlier shipment of its
exporter. Asked only of batches with a shipment in them: their lots' histories are read again from the ledger.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ytterby.custody.balance import ground
from ytterby.custody.book import Book, Chunk, chunk
from ytterby.custody.event import Event
from ytterby.custody.genealogy.links import Links
from ytterby.custody.ledger import Batch, Ledger
from ytterby.custody.ledger.rows import again
from ytterby.custody.movements import SENDING
from ytterby.custody.passport.told import evidence
from ytterby.custody.registry import Registry
from ytterby.custody.shipments.crossings import crossings
from ytterby.custody.shipments.drawdown import Policy, Sent, drawn
from ytterby.rules.judging import Law
from ytterby.rules.licences import Permit


@dataclass(frozen=True)
class Gate:
    """What shipments have to pass."""

    held: Law
    registry: Registry
    permits: tuple[Permit, ...] | None = None
    policy: Policy = field(default_factory=lambda: Policy(shipments="block"))

    def stopped(
        self, ledger: Ledger, book: Book, batch: Batch, made: Chunk, added: NDArray[np.bool_]
    ) -> dict[int, str]:
        """Rows of a batch that may not go, and why.

        Args:
            ledger: what is there before it.
            book: the same in columns.
            batch: the events.
            made: the same in columns.
            added: (event,) those that are new.
        """
        rows = np.flatnonzero(added & _sends(made))
        if not len(rows):
            return {}
        fresh = [again(batch.bodies[row], batch.ids[row]) for row in np.flatnonzero(added).tolist()]
        number = {int(row): at for at, row in enumerate(np.flatnonzero(added))}
        sending = [number[row] for row in rows.tolist()]
        before = self._before(ledger, book, [fresh[at] for at in sending])
        told = self._judged([*before, *fresh])
        where = {len(before) + at: row for at, row in zip(sending, rows.tolist(), strict=True)}
        return {where[event]: reason for event, reason in told.items() if event in where}

    def _before(self, ledger: Ledger, book: Book, sent: Sequence[Event]) -> list[Event]:
        """Events of the ledger that matter: the histories of what is sent, and what its exporters sent before."""
        links = Links(book)
        lots = {book.lot(piece.lot) for one in sent for piece in one.pieces} - {-1}
        rows = {row for lot in lots for row in evidence(links, lot)}
        firms = {book.party(address) for one in sent for _, address in one.sources} - {-1}
        sends = np.isin(book["events.step"], [book.code("steps", name) for name in SENDING])
        rows |= set(np.flatnonzero(sends & np.isin(book["events.source"], list(firms)) & ~book.mistaken).tolist())
        for lot in {book.lot_name(int(book["moves.lot"][move])) for row in rows for move in links.pieces(row)}:
            rows |= set(evidence(links, book.lot(lot))) if book.lot(lot) not in lots else set()
        sequences = sorted(int(book["events.sequence"][row]) for row in rows)
        return [again(kept.body, kept.id) for kept in ledger.at(sequences)]

    def _judged(self, events: Sequence[Event]) -> Mapping[int, str]:
        """Row of each shipment that may not go, and why."""
        with tempfile.TemporaryDirectory(prefix="ytterby-gate-") as folder:
            book = Book.open(Path(folder) / "book", write=True)
            try:
                book.add(chunk(events), 0)
                at = ground(book, self.registry)
                sent = drawn(crossings(at), self.held, self.permits, self.registry).sent
            finally:
                book.close(settle=False)
        return {one.crossing.event: _reason(one) for one in sent if self._blocks(one)}

    def _blocks(self, one: Sent) -> bool:
        if self.policy.shipments != "block":
            return False
        return one.stopped or (one.state == "undetermined" and self.policy.undetermined == "block")


def _sends(made: Chunk) -> NDArray[np.bool_]:
    """Events of a chunk that send something, and declare nothing wrong."""
    steps = made.strings["steps"]
    begins = [0, *steps.ends.tolist()]
    names = [steps.text[a:b].decode("utf-8", "surrogatepass") for a, b in pairwise(begins)]
    codes = [code for code, name in enumerate(names) if name in SENDING]
    return np.asarray(np.isin(made.columns["events.step"], codes) & (made.columns["events.declares"] == 0))


def _reason(one: Sent) -> str:
    what = one.crossing
    clauses = f" ({', '.join(one.clauses)})" if one.clauses else ""
    route = f"{what.since or '?'} to {what.to or '?'}"
    return f"licence: {what.material or 'goods'} from {route}: {one.state}{clauses}: {one.why}"
