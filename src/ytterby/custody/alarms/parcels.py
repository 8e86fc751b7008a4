"""Home to the alarm on parcels: a shipment split so that no part of it needs the licence the whole would.

Shipments out of a place that licenses, without a licence number, each below the threshold. Two or more of one exporter
to one receiver within a week that together pass the threshold are one shipment in parts. How sure that is hangs on how
close each lies to the threshold: honest small orders lie anywhere below it, so that n of them all within a tenth of it
have a chance of 10^-n.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ytterby.custody.alarms.alarm import CALLED, Alarm, Detector, Settings, iso
from ytterby.custody.alarms.yields import gathered
from ytterby.custody.balance import Ground
from ytterby.custody.movements import Flow

WEEK = 7 * 86_400_000_000
CLOSE = 0.1
"""Of the threshold."""
CHANCE = 1e-3
"""Of honest parcels being so close; rarer is called."""


def find(at: Ground, settings: Settings) -> Sequence[Alarm]:
    """Exporters that send in parcels, each with all its receivers."""
    found: dict[str, list[Alarm]] = defaultdict(list)
    for one in _pairs(at, settings):
        found[one.facility].append(one)
    return [_gathered(alarms) for alarms in found.values()]


def _gathered(alarms: list[Alarm]) -> Alarm:
    alarms.sort(key=lambda one: one.called)
    first = alarms[0]
    if len(alarms) == 1:
        return first
    total = sum(one.mass for one in alarms)
    return replace(
        gathered(alarms),
        counterpart="",
        why=f"{total:,.1f} kg in parcels to {len(alarms)} receivers without a licence; first {first.why}",
    )


def _pairs(at: Ground, settings: Settings) -> Iterator[Alarm]:
    moves, place = at.movements, at.place
    rows = np.flatnonzero((moves.flow == Flow.SHIPPED) & ~at.resting_on("licence")[moves.event])
    to = at.counterpart[rows]
    leaving = np.isin(place[at.site[rows]], settings.licensed_from) & ~np.isin(place[to], settings.licensed_from)
    rows, to = rows[leaving], to[leaving]
    if not len(rows):
        return
    # pieces of one event are one parcel
    events, inverse = np.unique(moves.event[rows], return_inverse=True)
    mass = np.bincount(inverse, moves.mass[rows] / 1e9).astype(np.float64)
    first = np.full(len(events), -1, dtype=np.int64)
    first[inverse[::-1]] = np.arange(len(rows))[::-1]
    sender, receiver, time = at.site[rows][first], to[first], moves.time[rows][first]
    order = np.lexsort((time, receiver, sender))
    edges = np.flatnonzero((np.diff(sender[order]) != 0) | (np.diff(receiver[order]) != 0)) + 1
    for part in np.split(order, edges):
        found = _judged(settings, events[part], mass[part], time[part])
        if found is not None:
            called, telling, chance = found
            who, whom = at.sites.names[int(sender[part[0]])], at.sites.names[int(receiver[part[0]])]
            yield _alarm(settings, who, whom, telling, called, chance)


def _judged(
    settings: Settings, events: NDArray[np.int64], mass: NDArray[np.float64], time: NDArray[np.int64]
) -> tuple[int, list[tuple[int, float, int]], float] | None:
    """(when it was called, the telling parcels, chance of the most telling week)."""
    below = mass < settings.threshold_kg
    events, mass, time = events[below], mass[below], time[below]
    close = mass > (1.0 - CLOSE) * settings.threshold_kg
    called, rarest = -1, 1.0
    telling: dict[int, tuple[int, float, int]] = {}
    for k in range(len(events)):
        week = np.flatnonzero((time <= time[k]) & (time > time[k] - WEEK))
        chance = CLOSE ** float(close[week].sum())
        if len(week) < 2 or mass[week].sum() < settings.threshold_kg or chance > CHANCE:
            continue
        called = int(time[k]) if called < 0 else called
        rarest = min(rarest, chance)
        telling |= {int(events[w]): (int(events[w]), float(mass[w]), int(time[w])) for w in week.tolist()}
    return (called, sorted(telling.values(), key=lambda one: one[2]), rarest) if telling else None


def _alarm(
    settings: Settings, who: str, whom: str, telling: list[tuple[int, float, int]], called: int, chance: float
) -> Alarm:
    total = sum(mass for _, mass, _ in telling)
    since = telling[0][2]
    return Alarm(
        kind="split",
        facility=who,
        counterpart=whom,
        about="parcels",
        since=since,
        called=called,
        mass=total,
        score=float(min(-np.log10(max(chance, 1e-99)), 99.0)),
        why=f"{len(telling)} parcels under {settings.threshold_kg:g} kg to {whom} make {total:,.1f} kg",
        rate=CHANCE,
        evidence=tuple(f"{mass:,.2f} kg on {iso(time)[:10]}" for _, mass, time in telling[:CALLED]),
        events=tuple(event for event, _, _ in telling[:CALLED]),
    )


DETECTOR = Detector(
    "parcels",
    ("Split shipments", "化整为零"),
    find,
    "honest orders below the threshold have any mass below it (taken as uniform)",
    ("split",),
)
