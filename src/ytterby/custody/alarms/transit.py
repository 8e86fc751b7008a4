"""Home to the alarm on transit: less is received than was sent, steadily, at one facility from one sender or in all.

What was sent of a lot from one facility to another is set against what was received of it: ln(received / sent) is the
difference of two weighings. A CUSUM over the lots a facility received finds a steady shortfall.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ytterby.custody import sequential
from ytterby.custody.alarms.alarm import CALLED, Alarm, Detector, Settings, day
from ytterby.custody.alarms.line import line
from ytterby.custody.alarms.yields import LEAST, YEAR, score
from ytterby.custody.balance import Ground
from ytterby.custody.movements import Flow

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
GROSS = 0.5


def find(at: Ground, settings: Settings) -> Sequence[Alarm]:
    """Facilities that receive less, or more, than was sent to them."""
    return list(_receivers(at, settings))


@dataclass(frozen=True)
class Deliveries:
    """Lots that went from one facility to another, whole: one row each, by receiver and in the order of time."""

    receiver: Ints
    sender: Ints
    event: Ints
    """Of the last receipt."""
    time: Ints
    sent: Floats
    """Micrograms."""
    received: Floats
    weighings: Floats
    """Receipts of equal weight that tell as much as these (Σm)² / Σm²: the spread of the whole falls with its root."""


def deliveries(at: Ground) -> Deliveries:
    """What was sent of a lot from one facility to another, and what was received of it.

    Parcels may overtake each other, so that nobody knows which receipt belongs to which shipment: a lot is weighed
    against itself as a whole. Lots with more shipments than receipts, or fewer, are left out: something is under way,
    or was not written down.
    """
    moves = at.movements
    sent, taken = np.flatnonzero(moves.flow == Flow.SHIPPED), np.flatnonzero(moves.flow == Flow.RECEIVED)
    going = np.stack([moves.lot[sent], at.site[sent], at.counterpart[sent]])
    coming = np.stack([moves.lot[taken], at.counterpart[taken], at.site[taken]])
    pairs, group = np.unique(np.concatenate([going, coming], axis=1), axis=1, return_inverse=True)
    of_sent, of_taken = np.split(group.reshape(-1), [len(sent)])
    many = pairs.shape[1]
    whole = np.bincount(of_sent, minlength=many) == np.bincount(of_taken, minlength=many)
    mass = moves.mass[taken].astype(np.float64)
    out = np.bincount(of_sent, moves.mass[sent].astype(np.float64), many).astype(np.float64)
    into, square = (np.bincount(of_taken, one, many).astype(np.float64) for one in (mass, mass**2))
    last = np.zeros(many, dtype=np.int64)
    # rows come in the order of time: the last to be written stays
    last[of_taken] = taken
    keep = np.flatnonzero(whole & (out > 0.0) & (into > 0.0))
    keep = keep[np.lexsort((moves.time[last[keep]], pairs[2, keep]))]
    return Deliveries(
        receiver=pairs[2, keep],
        sender=pairs[1, keep],
        event=moves.event[last[keep]],
        time=moves.time[last[keep]],
        sent=out[keep],
        received=into[keep],
        weighings=into[keep] ** 2 / square[keep],
    )


def _receivers(at: Ground, settings: Settings) -> Iterator[Alarm]:
    all_of_it = deliveries(at)
    edges = np.flatnonzero(np.diff(all_of_it.receiver)) + 1
    for part in np.split(np.arange(len(all_of_it.receiver)), edges):
        ratio = np.log(all_of_it.received[part] / all_of_it.sent[part])
        # a receipt that is off by orders of size is a slip of the pen, not a drift
        part = part[np.abs(ratio) < GROSS]
        if len(part) >= LEAST:
            found = _judged(at, settings, all_of_it, part)
            if found is not None:
                yield found


def _judged(at: Ground, settings: Settings, of: Deliveries, part: Ints) -> Alarm | None:
    ratio, time = np.log(of.received[part] / of.sent[part]), of.time[part]
    years = max((time[-1] - time[0]) / YEAR, 1e-3)
    h = sequential.limit(settings.rate * years / len(part))
    found = sequential.drift(ratio * np.sqrt(of.weighings[part]), h)
    if found.at < 0:
        return None
    since = part[found.since :]
    before = float(np.mean(ratio[: max(found.since, 1)]))
    gone = float((of.sent[since] * np.exp(before) - of.received[since]).sum() / 1e9)
    now = float(of.received[since].sum() / of.sent[since].sum() - 1.0)
    senders = sorted({at.sites.names[code] for code in of.sender[since].tolist()})
    return Alarm(
        kind="transit",
        facility=at.sites.names[int(of.receiver[part[0]])],
        about="receipts",
        since=int(time[found.since]),
        called=int(time[found.at]),
        mass=gone,
        score=score(found.peak),
        found=line("receipts", share=now, day=day(int(time[found.since]))),
        rate=settings.rate,
        basis="stream_year",
        lines=(
            line("receipts_lots", n=len(since), senders=len(senders), kg=abs(gone)),
            line("receipts_before", share=float(np.expm1(before))),
        ),
        counterpart=senders[0] if len(senders) == 1 else "",
        events=tuple(int(one) for one in of.event[since[:CALLED]]),
    )


DETECTOR = Detector(
    "transit",
    ("Short receipts", "短收"),
    find,
    (
        "a self-starting CUSUM of ln(received/sent) per receiver; weighings independent",
        "对每一收货方的 ln(收货/发货) 作自启动累积和检验；各次称重独立",
    ),
)
