"""Home to the alarm on needs: more comes to an end user than it says it can use, or each of its products takes more.

What a party declared it can use in a month bounds what it may receive: what came over that is summed from month to
month, what came short before (up to six months' need) allowing for more, and is called where it passes four months'
need and two parcels as they usually come (assumed: nobody lays in more for himself).
Where a maker counts its products, the mass that goes into each is followed by a CUSUM: who orders for others and books
it as used has to say where it went.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ytterby.custody import months, sequential
from ytterby.custody.alarms.alarm import CALLED, Alarm, Detector, Settings, day
from ytterby.custody.alarms.line import line
from ytterby.custody.alarms.yields import LEAST, YEAR, gathered, score
from ytterby.custody.balance import Ground
from ytterby.custody.book.layout import ADD
from ytterby.custody.movements import Flow
from ytterby.terms.elements import INDEX

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
COVER = 4.0
"""Months of need that stocks may grow by."""
ROOM = 6.0
"""Months of need that may have come short before and be made good."""
WEEK = 7 * 86_400_000_000


def find(at: Ground, settings: Settings) -> Sequence[Alarm]:
    """End users that receive more than they need, and makers that use more for each product than they did."""
    return [*_beyond(at), *_each(at, settings)]


def _beyond(at: Ground) -> Iterator[Alarm]:
    sites: dict[str, list[int]] = {}
    for name, code in at.sites.codes.items():
        facility = at.registry.facility(name)
        party = facility.party if facility is not None and facility.party else name
        sites.setdefault(party, []).append(code)
    for one in at.registry.parties:
        here = [at.at_site(code) for code in sites.get(one.id, ())]
        if not one.needs_kg_month or not here:
            continue
        rows = np.sort(np.concatenate(here))
        found = []
        for about, need in sorted(one.needs_kg_month.items()):
            alarm = _summed(at, one.id, about, need, rows)
            if alarm is not None:
                found.append(alarm)
        if found:
            yield gathered(found)


def _amount(at: Ground, about: str, rows: Ints) -> Floats:
    """Kilograms of a material, or of an element, in movements."""
    moves = at.movements
    mass = moves.mass[rows] / 1e9
    if about in INDEX:
        return np.asarray(mass * np.nan_to_num(at.contents.share[moves.lot[rows], INDEX[about]]))
    return np.where(moves.material[rows] == at.book.code("materials", about), mass, 0.0)


def _summed(at: Ground, party: str, about: str, need: float, every: Ints) -> Alarm | None:
    amount, flow = _amount(at, about, every), at.movements.flow[every]
    held = float(amount[flow == Flow.COMMISSIONED].sum())
    taken = (flow == Flow.RECEIVED) & (amount > 0.0)
    rows, mass = every[taken], amount[taken]
    if need <= 0.0 or not len(rows):
        return None
    month = at.month[rows]
    first = int(month.min())
    came = np.bincount(month - first, mass)
    most = held + COVER * need + 2.0 * float(np.median(mass))
    surplus, months_ = held, 0
    for kilograms in came.tolist():
        surplus, months_ = max(surplus + kilograms - need, -ROOM * need), months_ + 1
        if surplus > most:
            break
    else:
        return None
    telling = rows[month - first < months_]
    total = float(came[:months_].sum())
    return Alarm(
        kind="need",
        facility=party,
        about=about,
        since=months.first_instant(first + int(np.argmax(came[:months_] > need))),
        called=int(at.movements.time[telling[-1]]),
        mass=surplus - held,
        score=99.0,
        found=line("needs", kg=total, n=months_, need=need),
        basis="declared",
        lines=(
            *(
                line("need_month", month=months.written(first + j), kg=float(came[j]), share=float(came[j]) / need)
                for j in range(months_)
            ),
            line("held_before", kg=held),
        ),
        events=tuple(int(one) for one in at.movements.event[telling[-CALLED:]]),
    )


def _each(at: Ground, settings: Settings) -> Iterator[Alarm]:
    """Makers whose products take more, by process and week."""
    moves, book = at.movements, at.book
    process = at.process
    row = book["moves.event"].astype(np.int64)
    counted = (book["events.action"][row] == ADD) & ~np.isnan(book["moves.count"]) & ~book.mistaken[row]
    counted &= (book["moves.mass"] < 0) & (process[row] >= 0)
    if not counted.any():
        return
    row = row[counted]
    site = at.sites.of_place[book["events.place"][row]]
    gone = np.flatnonzero(moves.flow == Flow.REMOVED)
    keys = np.concatenate([
        np.stack([site, process[row], book["events.time"][row] // WEEK]),
        np.stack([at.site[gone], process[moves.event[gone]], moves.time[gone] // WEEK]),
    ], axis=1)  # fmt: skip
    cells, inverse = np.unique(keys, axis=1, return_inverse=True)
    of_count, of_mass = np.split(inverse.reshape(-1), [len(row)])
    many = cells.shape[1]
    count = np.bincount(of_count, book["moves.count"][counted], many).astype(np.float64)
    mass = np.bincount(of_mass, moves.mass[gone].astype(np.float64), many).astype(np.float64)
    last = np.zeros(many, dtype=np.int64)
    last[of_mass] = gone
    whole = np.flatnonzero((count > 0.0) & (mass > 0.0))
    edges = np.flatnonzero(np.any(np.diff(cells[:2, whole], axis=1) != 0, axis=0)) + 1
    found: dict[int, list[Alarm]] = {}
    for part in np.split(whole, edges):
        if len(part) >= LEAST:
            one = _judged(at, settings, mass[part], count[part], last[part], book.name("names", int(cells[1, part[0]])))
            if one is not None:
                found.setdefault(int(cells[0, part[0]]), []).append(one)
    yield from (gathered(alarms) for alarms in found.values())


def _judged(at: Ground, settings: Settings, mass: Floats, count: Floats, rows: Ints, process: str) -> Alarm | None:
    time = at.movements.time[rows]
    years = max((time[-1] - time[0]) / YEAR, 1e-3)
    ratio = np.log(mass / count)
    found = sequential.drift(ratio, sequential.limit(settings.rate * years / len(ratio)))
    if found.at < 0 or found.sign < 0:
        # products that take less than they did divert nothing
        return None
    before = float(np.exp(np.mean(ratio[: max(found.since, 1)])))
    after = slice(found.since, None)
    gone = float((mass[after] - before * count[after]).sum() / 1e9)
    now = float(mass[after].sum() / count[after].sum())
    since = int(time[found.since])
    return Alarm(
        kind="use",
        facility=at.sites.names[int(at.site[rows[0]])],
        about=process,
        since=since,
        called=int(time[found.at]),
        mass=gone,
        score=score(found.peak),
        found=line("each_takes", usual=before / 1e6, day=day(since), now=now / 1e6),
        rate=settings.rate,
        basis="stream_year",
        lines=(line("each_change", share=now / before - 1.0, kg=gone, n=len(ratio)),),
        events=tuple(int(one) for one in at.movements.event[rows[after]][:CALLED]),
    )


DETECTOR = Detector(
    "needs",
    ("Beyond the end user's need", "超出最终用户需求"),
    find,
    (
        "what a party declared it can use, and that counts of products are true; products of one process take alike",
        "用户申报的用量及产品计数属实；同一工艺的产品用量相同",
    ),
    ("need", "use"),
)
