"""Home to the alarm on routes: what is received before it was sent, elsewhere, or sooner than freight is.

For every lot that goes from one facility to another, its first receipt stands against its first shipment; for every
single thing, each place it is seen at against the one before. The distance is the great circle between the facilities
of the registry, and nothing is faster than `Settings.fastest_kmh`; a day is left to clocks and to dates without an
hour. Senders who record no shipments at all are not asked for them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ytterby.custody.alarms.alarm import CALLED, Alarm, Detector, Grade, Settings, day
from ytterby.custody.alarms.line import Line, line
from ytterby.custody.balance import Ground
from ytterby.custody.movements import Flow

Ints = NDArray[np.int64]
DAY = 86_400_000_000
HOUR = DAY // 24
EARTH_KM = 6371.0
LATE_DAYS = 45
"""An event written down so long after those around it happened is called."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that cannot be, or is hardly so."""

    kind: str
    site: int
    other: int
    """Facility at the other end; -1 where there is none."""
    time: int
    mass: float
    """Kilograms."""
    told: Line
    event: int


def find(at: Ground, settings: Settings) -> Sequence[Alarm]:
    """What goes impossible ways, gathered by kind, facility and counterpart."""
    found: dict[tuple[str, int, int], list[Wrong]] = defaultdict(list)
    for one in (*_deliveries(at, settings), *_sightings(at, settings), *_late(at)):
        found[one.kind, one.site, one.other].append(one)
    return [_alarm(at, sorted(wrong, key=lambda one: one.time)) for wrong in found.values()]


def _deliveries(at: Ground, settings: Settings) -> Iterator[Wrong]:
    """Receipts against the shipments of the same lot by the facility they came from."""
    moves = at.movements
    sent, taken = np.flatnonzero(moves.flow == Flow.SHIPPED), np.flatnonzero(moves.flow == Flow.RECEIVED)
    taken = taken[at.counterpart[taken] >= 0]
    first: dict[tuple[int, int, int], int] = {}
    to: dict[tuple[int, int], set[int]] = defaultdict(set)
    for row, lot, sender, receiver in zip(*_keys(moves.lot, at.site, at.counterpart, sent), strict=True):
        first.setdefault((lot, sender, receiver), row)
        to[lot, sender].add(receiver)
    records = set(at.site[sent].tolist())
    seen: set[tuple[int, int, int]] = set()
    for row, lot, sender, receiver in zip(*_keys(moves.lot, at.counterpart, at.site, taken), strict=True):
        if (lot, sender, receiver) in seen or sender not in records:
            continue
        seen.add((lot, sender, receiver))
        shipped = first.get((lot, sender, receiver))
        told = _delivered(at, settings, row, shipped, to.get((lot, sender), set()))
        if told is not None:
            yield Wrong(told.key, receiver, sender, int(moves.time[row]), int(moves.mass[row]) / 1e9, told,
                        int(moves.event[row]))  # fmt: skip


def _keys(lot: Ints, sender: Ints, receiver: Ints, rows: Ints) -> tuple[list[int], list[int], list[int], list[int]]:
    return rows.tolist(), lot[rows].tolist(), sender[rows].tolist(), receiver[rows].tolist()


def _delivered(
    at: Ground, settings: Settings, row: int, shipped: int | None, sent_to: set[int]
) -> Line | None:  # fmt: skip
    moves = at.movements
    lot = at.book.lot_name(int(moves.lot[row]))
    if shipped is None:
        if sent_to:
            names = sorted(at.sites.names[one] if one >= 0 else "nobody" for one in sent_to)
            return line("astray", lot=lot, names=tuple(names))
        return line("unsent", lot=lot)
    took = int(moves.time[row] - moves.time[shipped])
    if took < -DAY:
        return line("order", lot=lot, days=-took / DAY)
    distance = _distance(at, int(at.site[shipped]), int(at.site[row]))
    # nobody knows the hour: half a day is left to both ends
    if distance is not None and distance > settings.fastest_kmh * max(took + DAY, 0) / HOUR:
        return line("speed", lot=lot, km=distance, hours=max(took, 0) / HOUR)
    return None


def _distance(at: Ground, one: int, other: int) -> float | None:
    """Great-circle distance of two facilities, km; None where nobody says where they are. Haversine formula."""
    ends = [at.registry.facility(at.sites.names[site]) for site in (one, other)]
    angles = [(end.lat, end.lon) for end in ends if end is not None and end.lat is not None and end.lon is not None]
    if len(angles) < 2:
        return None
    (a, x), (b, y) = (np.radians(pair) for pair in angles)
    half = np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin((y - x) / 2) ** 2
    return float(2.0 * EARTH_KM * np.arcsin(np.sqrt(min(half, 1.0))))


def _sightings(at: Ground, settings: Settings) -> Iterator[Wrong]:
    """Single things seen at two facilities within less than freight takes."""
    book = at.book
    event = book["moves.event"].astype(np.int64)
    rows = np.flatnonzero((book["moves.whole"] == 1) & ~book.mistaken[event])
    site = at.sites.of_place[book["events.place"][event[rows]]]
    rows, site = rows[site >= 0], site[site >= 0]
    lot, time = book["moves.lot"][rows].astype(np.int64), book["events.time"][event[rows]]
    order = np.lexsort((event[rows], time, lot))
    moved = np.flatnonzero((np.diff(lot[order]) == 0) & (np.diff(site[order]) != 0))
    for before, k in zip(order[moved].tolist(), order[moved + 1].tolist(), strict=True):
        distance = _distance(at, int(site[before]), int(site[k]))
        hours = float(time[k] - time[before]) / HOUR
        if distance is not None and distance > settings.fastest_kmh * max(hours, 0.0) + settings.fastest_kmh / 2:
            name, there = book.lot_name(int(lot[k])), at.sites.names[int(site[before])]
            told = line("two_places", lot=name, there=there, hours=hours, km=distance)
            yield Wrong("two_places", int(site[k]), int(site[before]), int(time[k]), 0.0, told, int(event[rows[k]]))


def _late(at: Ground) -> Iterator[Wrong]:
    """Events captured long after later ones of the same facility were."""
    book = at.book
    site, time = at.sites.of_place[book["events.place"]], book["events.time"]
    counts = (site >= 0) & ~book.mistaken
    newest: dict[int, int] = {}
    for row in np.flatnonzero(counts).tolist():
        here, when = int(site[row]), int(time[row])
        behind = newest.get(here, when) - when
        if behind > LATE_DAYS * DAY:
            yield Wrong("late", here, -1, when, 0.0, line("late", day=day(when), later=day(when + behind)), row)
        newest[here] = max(newest.get(here, when), when)


GRADE: dict[str, Grade] = {"late": "record", "order": "record", "astray": "record"}


def _alarm(at: Ground, wrong: Sequence[Wrong]) -> Alarm:
    first = wrong[0]
    return Alarm(
        kind=first.kind,
        facility=at.sites.names[first.site],
        counterpart=at.sites.names[first.other] if first.other >= 0 else "",
        about="routes",
        since=first.time,
        called=first.time,
        mass=-sum(one.mass for one in wrong) if first.kind == "unsent" else 0.0,
        score=99.0,
        found=line("more_so", first=first.told, n=len(wrong) - 1) if len(wrong) > 1 else first.told,
        grade=GRADE.get(first.kind, "diversion"),
        lines=tuple(line("on_day", day=day(one.time), told=one.told) for one in wrong[:CALLED]),
        events=tuple(dict.fromkeys(one.event for one in wrong))[:CALLED],
    )


DETECTOR = Detector(
    "routes",
    ("Impossible routes and times", "不可能的路线与时间"),
    find,
    (
        "places and times as recorded contradict each other; a day is left to clocks",
        "所记录的地点与时间相互矛盾；为时钟误差留出一天",
    ),
    ("unsent", "astray", "order", "speed", "two_places", "late"),
)
