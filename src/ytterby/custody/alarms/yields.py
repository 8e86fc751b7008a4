"""Home to the alarm on yields: a process whose output drifts against its input, up or down.

For every process of a facility and each material it makes, batch by batch: ln(mass out / mass in). Its own past says
what is usual; a CUSUM finds a small steady change. Down: material is taken and written off as loss. Up: material from
outside the books leaves as the plant's own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ytterby.custody import sequential
from ytterby.custody.alarms.alarm import CALLED, Alarm, Detector, Settings, day
from ytterby.custody.alarms.line import line
from ytterby.custody.balance import Ground
from ytterby.custody.movements import Flow

LEAST = 8
"""Batches a stream needs before it can be judged."""
YEAR = 365.25 * 86_400e6


def find(at: Ground, settings: Settings) -> Sequence[Alarm]:
    """Facilities whose yields drifted: one alarm for all streams of a facility that drifted the same way."""
    found: dict[tuple[str, str], list[Alarm]] = defaultdict(list)
    for one in _streams(at, settings):
        found[one.facility, one.kind].append(one)
    return [gathered(alarms) for alarms in found.values()]


def gathered(alarms: list[Alarm]) -> Alarm:
    """One alarm of several at a facility: what was called first heads it."""
    alarms.sort(key=lambda one: (one.called, -one.score))
    first = alarms[0]
    if len(alarms) == 1:
        return first
    return replace(
        first,
        since=min(one.since for one in alarms),
        mass=sum(one.mass for one in alarms),
        score=max(one.score for one in alarms),
        found=line("more_with", first=first.found, n=len(alarms) - 1),
        lines=tuple(line("headed", head=one.about, told=told) for one in alarms for told in one.lines)[:CALLED],
        events=tuple(dict.fromkeys(event for one in alarms for event in one.events))[:CALLED],
    )


def _streams(at: Ground, settings: Settings) -> Iterator[Alarm]:
    moves = at.movements
    used, made = moves.flow == Flow.USED, moves.flow == Flow.MADE
    events = len(at.book)
    put_in = np.bincount(moves.event[used], moves.mass[used].astype(np.float64), events)
    rows = np.flatnonzero(made)
    rows = rows[put_in[moves.event[rows]] > 0.0]
    keys = np.stack([at.site[rows], at.process[moves.event[rows]], moves.material[rows]])
    order = np.lexsort((moves.time[rows], *keys[::-1]))
    rows, keys = rows[order], keys[:, order]
    edges = np.flatnonzero(np.any(np.diff(keys, axis=1) != 0, axis=0)) + 1
    for part in np.split(np.arange(len(rows)), edges):
        if len(part) == 0:
            continue
        batch, first = rows[part], np.concatenate([[True], np.diff(moves.event[rows[part]]) != 0])
        # a batch may put out several lots of one material
        mass = np.add.reduceat(moves.mass[batch].astype(np.float64), np.flatnonzero(first))
        event, time = moves.event[batch][first], moves.time[batch][first]
        if len(mass) < LEAST:
            continue
        site, step, material = (int(key[part[0]]) for key in keys)
        found = _judged(at, settings, mass, put_in[event], event, time, (site, at.book.name("names", step), material))
        if found is not None:
            yield found


def _judged(
    at: Ground,
    settings: Settings,
    mass: sequential.Floats,
    put_in: sequential.Floats,
    event: NDArray[np.int64],
    time: NDArray[np.int64],
    of: tuple[int, str, int],
) -> Alarm | None:
    years = max((time[-1] - time[0]) / YEAR, 1e-3)
    per_batch = settings.rate * years / len(mass)
    found = sequential.drift(np.log(mass / put_in), sequential.limit(per_batch))
    if found.at < 0:
        return None
    usual = float(np.exp(np.mean(np.log(mass / put_in)[: max(found.since, 1)])))
    now = float(np.exp(np.mean(np.log(mass / put_in)[found.since :])))
    gone = float((usual * put_in - mass)[found.since :].sum() / 1e9)
    site, process, material = of
    facility, what = at.sites.names[site], at.book.name("materials", material) or "its product"
    turned = day(int(time[found.since]))
    return Alarm(
        kind="gain" if found.sign > 0 else "loss",
        facility=facility,
        about=f"{process}: {what}",
        since=int(time[found.since]),
        called=int(time[found.at]),
        mass=gone,
        score=score(found.peak),
        found=line("yield_rose" if found.sign > 0 else "yield_fell", usual=usual, day=turned, now=now),
        rate=settings.rate,
        basis="stream_year",
        lines=(
            line("yield_summed", n=len(mass), at=found.at + 1),
            line("yield_change", share=(now - usual) / usual, kg=abs(gone)),
        ),
        events=tuple(int(one) for one in event[found.since : found.since + CALLED]),
    )


def score(peak: float) -> float:
    """-log10 of the chance that a stream reaches such a sum in as many figures as it would between false alarms."""
    return float(min(-np.log10(max(1.0 / sequential.mean_length(min(peak, 200.0)), 1e-99)), 99.0))


DETECTOR = Detector(
    "yields",
    ("Yield drifts", "收率漂移"),
    find,
    (
        "a self-starting CUSUM of ln(out/in) per process and material; batches independent, their spread steady",
        "对每一工艺与物料的 ln(产出/投入) 作自启动累积和检验；各批独立，离散程度稳定",
    ),
    ("gain", "loss"),
)
