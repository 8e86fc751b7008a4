"""Home to the gate at capture: where the policy blocks, a shipment that may not go is refused and kept with the reason.

It is judged by what ledger and batch tell of its lots, and drawn from the licences after every earlier shipment of its
exporter. Those are judged once for each capture, when the exporter sends something, and drawn once.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ytterby.custody.balance import ground
from ytterby.custody.book import Book, Chunk, chunk
from ytterby.custody.event import Event
from ytterby.custody.genealogy.links import Links
from ytterby.custody.ledger import Batch, Ledger
from ytterby.custody.ledger.rows import again
from ytterby.custody.movements import SENDING
from ytterby.custody.registry import Registry
from ytterby.custody.shipments.crossings import Crossing, crossings
from ytterby.custody.shipments.drawdown import UNDRAWN, Draw, Policy, Sent, Terms, Verdict, Wanted, settled, verdicts
from ytterby.custody.shipments.earlier import NOTHING, Earlier, Sending
from ytterby.custody.shipments.history import Fresh, history
from ytterby.custody.shipments.running import Order
from ytterby.rules.judging import Law
from ytterby.rules.licences import Permit

AT_ONCE = 5_000
"""Earlier shipments that are judged together."""


class _Found(NamedTuple):
    """Events that send something, judged in one go."""

    past: Mapping[int, Sending]
    """By row of the book."""
    fresh: Mapping[int, Sending]
    """By row of the batch."""
    said: Sequence[tuple[int, Crossing, Verdict]]
    """(row of the batch, shipment, verdict) of those that cross a border."""


@dataclass(frozen=True)
class Gate:
    """What shipments have to pass. It remembers what it judged for as long as the same book is written to."""

    held: Law
    registry: Registry
    permits: tuple[Permit, ...] | None = None
    policy: Policy = field(default_factory=lambda: Policy(shipments="block"))
    _known: list[Earlier] = field(default_factory=list, init=False, repr=False, compare=False)
    """The one it remembers, or none."""

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
        if self.policy.shipments != "block":
            return {}
        identities = made.columns["events.identity"]
        # declared wrong before it came, an event counts nowhere
        counts = added & ~np.isin(identities, book.declared)
        sends = np.flatnonzero(counts & _sends(made)).tolist()
        earlier = self._earlier(book)
        if not (sends or len(earlier)):
            earlier.expect(identities[added], {}, ())
            return {}
        fresh = Fresh(book, made, counts)
        if not sends:
            earlier.expect(identities[added], {}, earlier.touched(*fresh.news()))
            return {}
        told = {row: again(batch.bodies[row], batch.ids[row]) for row in np.flatnonzero(counts).tolist()}
        if self.permits is not None:
            past = earlier.due({earlier.exporter(*_leaves(told[row])) for row in sends})
            for at in range(0, len(past), AT_ONCE):
                earlier.put(self._judged(ledger, book, past[at : at + AT_ONCE]).past)
        touched = earlier.touched(*fresh.news())
        found = self._judged(ledger, book, sorted(touched), fresh, told, sends)
        reasons = self._reasons(found, earlier.supposed(found.past, found.fresh.values()))
        stays = added.copy()
        stays[list(reasons)] = False
        place = np.cumsum(stays) - 1
        # what a refused event told of a lot is not so
        unsure = any(one.unnamed for one in found.fresh.values()) or bool(fresh.told(counts & ~stays))
        kept = {} if reasons and unsure else {int(place[row]): one for row, one in found.fresh.items() if stays[row]}
        earlier.expect(identities[stays], kept, touched)
        return reasons

    def _earlier(self, book: Book) -> Earlier:
        if not self._known or not self._known[0].follows(book):
            self._known[:] = [Earlier(book, Terms(self.permits or (), self.registry), self.registry)]
        return self._known[0]

    def _judged(
        self, ledger: Ledger, book: Book, past: Sequence[int], fresh: Fresh | None = None,
        told: Mapping[int, Event] | None = None, sends: Sequence[int] = (),
    ) -> _Found:  # fmt: skip
        """Events of the book and of a batch that send something, judged by the histories of their lots."""
        links, told = Links(book), told or {}
        material = book["moves.material"].data
        lots = {links.lot[at] for row in past for at in links.pieces(row)}
        unnamed = {links.lot[at] for row in past for at in links.pieces(row) if material[at] < 0}
        if fresh is not None:
            lots |= fresh.lots(sends)
            unnamed |= fresh.lots(row for row in sends if _unnamed(told[row]))
        rows = sorted(history(links, lots, fresh, unnamed) | {row for row in past if not links.mistaken[row]})
        numbers = [int(book["events.sequence"][row]) for row in rows]
        events = [*(again(kept.body, kept.id) for kept in ledger.at(numbers)), *told.values()]
        numbers += [len(ledger) + row for row in told]
        place = {row: at for at, row in enumerate(rows)}
        of_past = {place[row]: row for row in past if row in place}
        asked = set(sends)
        of_fresh = {len(rows) + at: row for at, row in enumerate(told) if row in asked}
        found = self._told(events, numbers, of_past, of_fresh)
        # declared wrong, it draws nothing
        return found._replace(past={row: found.past.get(row, NOTHING) for row in past})

    def _told(
        self, events: Sequence[Event], numbers: Sequence[int], of_past: Mapping[int, int], of_fresh: Mapping[int, int]
    ) -> _Found:
        """The same of events in a book of their own; `of_past` and `of_fresh` say which of them are asked about."""
        chosen = np.zeros(len(events), bool)
        chosen[[*of_past, *of_fresh]] = True
        with tempfile.TemporaryDirectory(prefix="ytterby-gate-") as folder:
            book = Book.open(Path(folder) / "book", write=True)
            try:
                book.add(chunk(events), 0)
                found = crossings(ground(book, self.registry), events=chosen)
                lots = [frozenset(book.lot_name(lot) for lot in one.lots) for one in found]
            finally:
                book.close(settle=False)
        said = verdicts(found, self.held)
        terms = self._known[0].terms
        wanted: dict[int, list[tuple[str, Wanted]]] = defaultdict(list)
        names = {at: {piece.lot for piece in events[at].pieces} for at in (*of_past, *of_fresh)}
        judged = []
        for one, verdict, own in zip(found, said, lots, strict=True):
            names[one.event] |= own
            one = replace(one, sequence=numbers[one.event])
            if (draws := terms.wanted(one, verdict)) is not None:
                wanted[one.event].append((terms.exporter(one.exporter), draws))
            if one.event in of_fresh:
                judged.append((of_fresh[one.event], one, verdict))
        made = {at: Sending(tuple(wanted[at]), frozenset(names[at]), _unnamed(events[at])) for at in names}
        return _Found(
            {row: made[at] for at, row in of_past.items()}, {row: made[at] for at, row in of_fresh.items()}, judged
        )

    def _reasons(self, found: _Found, drawn: Mapping[Order, Draw]) -> dict[int, str]:
        """Why shipments of the batch may not go, by row."""
        reasons: dict[int, str] = {}
        for row, one, verdict in found.said:
            draw = drawn.get((one.day, one.sequence, one.stuff), UNDRAWN)
            sent = settled(one, verdict, draw, kept=self.permits is not None)
            if self._blocks(sent):
                reasons[row] = _reason(sent)
        return reasons

    def _blocks(self, one: Sent) -> bool:
        return one.stopped or (one.state == "undetermined" and self.policy.undetermined == "block")


def _sends(made: Chunk) -> NDArray[np.bool_]:
    """Events of a chunk that send something, and declare nothing wrong."""
    steps = made.strings["steps"]
    begins = [0, *steps.ends.tolist()]
    names = [steps.text[a:b].decode("utf-8", "surrogatepass") for a, b in pairwise(begins)]
    codes = [code for code, name in enumerate(names) if name in SENDING]
    return np.asarray(np.isin(made.columns["events.step"], codes) & (made.columns["events.declares"] == 0))


def _leaves(event: Event) -> tuple[str, str]:
    """The party and the place that an event sends from, as the book has them."""
    out = dict(event.sources)
    return out.get("possessing_party") or out.get("owning_party", ""), event.location or event.read_point


def _unnamed(event: Event) -> bool:
    return any(not piece.material for piece in event.pieces)


def _reason(one: Sent) -> str:
    what = one.crossing
    clauses = f" ({', '.join(one.clauses)})" if one.clauses else ""
    route = f"{what.since or '?'} to {what.to or '?'}"
    return f"licence: {what.material or 'goods'} from {route}: {one.state}{clauses}: {one.why}"
