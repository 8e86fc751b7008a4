"""Home to the alarm on lots overdrawn: more of a lot leaves a facility, or is used there, than ever came.

The papers of a lot at a facility add up or they do not: its balance may not fall below zero by more than its weighings
allow. Where a shipment of the missing mass to the facility was recorded and its receipt was not, the receipt is
missing: a gap in the records. Else the lot was used twice, or came from nowhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ytterby.custody.alarms.alarm import CALLED, Alarm, Detector, Settings, day
from ytterby.custody.alarms.line import line
from ytterby.custody.balance import Ground
from ytterby.custody.movements import Flow

SIGMAS = 6.0
LEAST_MG = 1_000_000
"""Micrograms: no lot is called for less than a gram."""


def find(at: Ground, settings: Settings) -> Sequence[Alarm]:
    """Lots that gave more than they were, gathered by facility and month."""
    found = defaultdict(list)
    for one in _lots(at, settings):
        found[one.facility, one.kind, one.grade].append(one)
    return [_gathered(alarms) for alarms in found.values()]


def _lots(at: Ground, settings: Settings) -> Iterator[Alarm]:
    moves = at.movements
    rows = np.flatnonzero(moves.flow != Flow.COUNTED)
    if not len(rows):
        return
    order = rows[np.lexsort((rows, moves.time[rows], moves.lot[rows], at.site[rows]))]
    site, lot = at.site[order], moves.lot[order]
    starts = np.flatnonzero(np.concatenate([[True], (np.diff(site) != 0) | (np.diff(lot) != 0)]))
    running = np.cumsum(moves.signed[order])
    base = np.repeat(np.concatenate([[0], running[starts[1:] - 1]]), np.diff([*starts, len(order)]))
    balance = running - base
    lowest = np.minimum.reduceat(balance, starts)
    received = np.add.reduceat(np.maximum(moves.signed[order], 0), starts)
    slack = np.maximum(SIGMAS * settings.weighing * np.maximum(received, 0), LEAST_MG)
    ends = [*starts[1:], len(order)]
    for k in np.flatnonzero(lowest < -slack).tolist():
        part = slice(starts[k], ends[k])
        where = order[part]
        first = where[np.flatnonzero(balance[part] < -slack[k])[0]]
        yield _called(at, where, int(first), -float(lowest[k]) / 1e9, float(received[k]) / 1e9, float(slack[k]) / 1e9)


def _called(at: Ground, where: NDArray[np.int64], first: int, missing: float, came: float, slack: float) -> Alarm:
    moves = at.movements
    lot, site = int(moves.lot[first]), int(at.site[first])
    facility, name = at.sites.names[site], at.book.lot_name(lot)
    sent = np.flatnonzero((moves.lot == lot) & (moves.flow == Flow.SHIPPED))
    sent = sent[at.counterpart[sent] == site]
    on_the_way = float(moves.mass[sent].sum()) / 1e9
    received = float(moves.mass[where[moves.flow[where] == Flow.RECEIVED]].sum()) / 1e9
    unreceived = on_the_way - received
    gap = unreceived > 0.0 and missing <= unreceived * 1.02 + slack
    told = line("unreceived", kg=missing) if gap else line("overdrawn", kg=missing, came=came)
    return Alarm(
        kind="receipt" if gap else "double_use",
        facility=facility,
        about=name,
        since=int(moves.time[first]),
        called=int(moves.time[first]),
        mass=-missing,
        score=99.0,
        found=told,
        grade="record" if gap else "diversion",
        lines=(line("of_lot", lot=name, told=told),),
        events=tuple(int(one) for one in moves.event[where][:CALLED]),
    )


def _gathered(alarms: list[Alarm]) -> Alarm:
    """One alarm for all lots of a facility: a leak is one thing, however many lots it runs through."""
    alarms.sort(key=lambda one: one.since)
    first, last = alarms[0], alarms[-1]
    if len(alarms) == 1:
        return first
    total = sum(one.mass for one in alarms)
    told = {"n": len(alarms), "kg": -total, "since": day(first.since), "first": first.found}
    found = line("lots_until", until=day(last.since), **told) if last.since != first.since else line("lots_on", **told)
    return Alarm(
        kind=first.kind,
        facility=first.facility,
        about=first.about,
        since=first.since,
        called=first.called,
        mass=total,
        score=first.score,
        found=found,
        grade=first.grade,
        lines=tuple(one.lines[0] for one in alarms[:CALLED]),
        events=tuple(dict.fromkeys(event for one in alarms for event in one.events))[:CALLED],
    )


DETECTOR = Detector(
    "overdrawn",
    ("Lots overdrawn", "批次超支"),
    find,
    (
        "the papers of a lot contradict each other beyond six standard uncertainties of its weighings",
        "批次单据相互矛盾，超出其称重的六倍标准不确定度",
    ),
    ("double_use", "receipt"),
)
