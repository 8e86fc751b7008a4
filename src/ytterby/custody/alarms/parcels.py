"""Home to the alarm on parcels: a shipment split so that no part of it needs the licence the whole would.

Shipments out of a place that licenses, without a licence number, each below the threshold. Two or more of one exporter
to one receiver within a week that together pass the threshold are one shipment in parts. How sure that is hangs on how
close each lies to the threshold: honest small orders lie anywhere below it, so that n of them all within a tenth of it
have a chance of 10^-n. Parcels spread thinly over receivers and months are told by the whole of an exporter's: k of n
below the threshold within its last tenth have the chance of a binomial tail.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ytterby.custody.alarms.alarm import CALLED, Alarm, Detector, Settings, day
from ytterby.custody.alarms.line import line
from ytterby.custody.alarms.yields import gathered
from ytterby.custody.balance import Ground
from ytterby.custody.movements import Flow

Ints = NDArray[np.int64]
WEEK = 7 * 86_400_000_000
CLOSE = 0.1
"""Of the threshold."""
CHANCE = 1e-3
"""Of honest parcels being so close; rarer is called."""
STEADY = 1e-6
"""The same of all parcels of an exporter, which is asked with every parcel."""


def find(at: Ground, settings: Settings) -> Sequence[Alarm]:
    """Exporters that send in parcels, each with all its receivers."""
    found: dict[str, list[Alarm]] = defaultdict(list)
    for one in _pairs(at, settings):
        found[one.facility].append(one)
    for one in _steady(at, settings):
        if one.facility not in found:
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
        found=line("parcels_all", kg=total, receivers=len(alarms), first=first.found),
    )


@dataclass(frozen=True, slots=True)
class Parcels:
    """Shipments without a licence that leave a place that licenses: one row a parcel."""

    events: Ints
    mass: NDArray[np.float64]
    """Kilograms."""
    time: Ints
    sender: Ints
    receiver: Ints


def _parcels(at: Ground, settings: Settings) -> Parcels:
    moves, place = at.movements, at.place
    rows = np.flatnonzero((moves.flow == Flow.SHIPPED) & ~at.resting_on("licence")[moves.event])
    to = at.counterpart[rows]
    leaving = np.isin(place[at.site[rows]], settings.licensed_from) & ~np.isin(place[to], settings.licensed_from)
    rows, to = rows[leaving], to[leaving]
    # pieces of one event are one parcel
    events, first, inverse = np.unique(moves.event[rows], return_index=True, return_inverse=True)
    mass = np.bincount(inverse, moves.mass[rows] / 1e9, len(events)).astype(np.float64)
    return Parcels(events, mass, moves.time[rows][first], at.site[rows][first], to[first])


def _pairs(at: Ground, settings: Settings) -> Iterator[Alarm]:
    of = _parcels(at, settings)
    order = np.lexsort((of.time, of.receiver, of.sender))
    edges = np.flatnonzero((np.diff(of.sender[order]) != 0) | (np.diff(of.receiver[order]) != 0)) + 1
    for part in np.split(order, edges) if len(order) else ():
        found = _judged(settings, of.events[part], of.mass[part], of.time[part])
        if found is not None:
            called, telling, chance = found
            who, whom = at.sites.names[int(of.sender[part[0]])], at.sites.names[int(of.receiver[part[0]])]
            yield _alarm(settings, who, whom, telling, called, chance)


def _steady(at: Ground, settings: Settings) -> Iterator[Alarm]:
    """Exporters of whose parcels too many lie just below the threshold, all receivers and months together."""
    of = _parcels(at, settings)
    below = np.flatnonzero(of.mass < settings.threshold_kg)
    for sender in np.unique(of.sender[below]).tolist():
        mine = below[of.sender[below] == sender]
        mine = mine[np.argsort(of.time[mine], kind="stable")]
        close = of.mass[mine] > (1.0 - CLOSE) * settings.threshold_kg
        count, hits = np.arange(1, len(mine) + 1), np.cumsum(close)
        chance = special.bdtrc(np.maximum(hits - 1, 0), count, CLOSE)
        rare = np.flatnonzero((chance < STEADY) & (hits > 1))
        if len(rare):
            telling = [(int(of.events[k]), float(of.mass[k]), int(of.time[k])) for k in mine[close].tolist()]
            receivers = len(np.unique(of.receiver[mine[close]]))
            who, called = at.sites.names[sender], int(of.time[mine[rare[0]]])
            yield _alarm(settings, who, receivers, telling, called, float(chance.min()))


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
    settings: Settings,
    who: str,
    whom: str | int,
    telling: list[tuple[int, float, int]],
    called: int,
    chance: float,
) -> Alarm:
    """`whom`: the receiver, or how many there are."""
    total = sum(mass for _, mass, _ in telling)
    since, many = telling[0][2], isinstance(whom, int)
    told = {"n": len(telling), "threshold": settings.threshold_kg, "kg": total}
    return Alarm(
        kind="split",
        facility=who,
        counterpart="" if isinstance(whom, int) else whom,
        about="parcels",
        since=since,
        called=called,
        mass=total,
        score=float(min(-np.log10(max(chance, 1e-99)), 99.0)),
        found=line("parcels_many", receivers=whom, **told) if many else line("parcels", whom=whom, **told),
        rate=STEADY if many else CHANCE,
        basis="chance",
        lines=tuple(line("kg_on", kg=mass, day=day(time)) for _, mass, time in telling[:CALLED]),
        events=tuple(event for event, _, _ in telling[:CALLED]),
    )


DETECTOR = Detector(
    "parcels",
    ("Split shipments", "化整为零"),
    find,
    (
        "honest orders below the threshold have any mass below it (taken as uniform)",
        "低于阈值的正常订单可为任意质量（按均匀分布计）",
    ),
    ("split",),
)
