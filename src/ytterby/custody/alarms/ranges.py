"""Home to the alarm on ranges: more, or less, of an element comes out of a process than its recipe declares possible.

`yields` sees a change against a plant's own past; who cheats from the first batch has no honest past. Here the declared
interval of the recipe is the measure: the mean of ln(out / in) of an element over a plant's batches, against the nearer
end, in its own standard error and `COMMON`, what weighings and assays shared by many batches may be off together.
Inputs of which nothing is known are taken to hold none (iron, acid), unless they are a material that holds rare earths.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ytterby.custody.alarms.alarm import CALLED, Alarm, Detector, Settings, day
from ytterby.custody.alarms.line import line
from ytterby.custody.alarms.yields import LEAST, gathered
from ytterby.custody.balance import Ground
from ytterby.custody.movements import Flow
from ytterby.terms.elements import ELEMENTS, INDEX

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
SIGMAS = 6.0
COMMON = 0.003
"""Relative standard uncertainty that batches share (assumed)."""


def find(at: Ground, settings: Settings) -> Sequence[Alarm]:
    """Facilities whose batches lie outside what their recipes declare."""
    found: dict[tuple[str, str], list[Alarm]] = defaultdict(list)
    for one in _outside(at):
        found[one.facility, one.kind].append(one)
    return [gathered(alarms) for alarms in found.values()]


def _outside(at: Ground) -> Iterator[Alarm]:
    moves, known = at.movements, at.contents.known
    rows = np.flatnonzero((moves.flow == Flow.USED) | (moves.flow == Flow.MADE))
    recipes = {at.book.code("names", one.id): one for one in at.registry.recipes}
    rows = rows[np.isin(at.process[moves.event[rows]], list(recipes))]
    if not len(rows):
        return
    events, which = np.unique(moves.event[rows], return_inverse=True)
    untold = ~known[moves.lot[rows]] & (moves.material[rows] >= 0)
    open_ = np.bincount(which, untold, len(events)) > 0
    first = np.full(len(events), -1, dtype=np.int64)
    first[which[::-1]] = rows[::-1]
    process, site, time = at.process[events], at.site[first], moves.time[first]
    used = moves.flow[rows] == Flow.USED
    for element in ELEMENTS:
        amount = moves.mass[rows] / 1e9 * np.nan_to_num(at.contents.share[moves.lot[rows], INDEX[element]])
        came = np.bincount(which[used], amount[used], len(events)).astype(np.float64)
        made = np.bincount(which[~used], amount[~used], len(events)).astype(np.float64)
        good = np.flatnonzero((came > 0.0) & (made > 0.0) & ~open_)
        good = good[np.lexsort((time[good], process[good], site[good]))]
        edges = np.flatnonzero((np.diff(site[good]) != 0) | (np.diff(process[good]) != 0)) + 1
        for part in np.split(good, edges):
            if len(part) < LEAST:
                continue
            recipe = recipes[int(process[part[0]])]
            ends = recipe.yields.get(element, recipe.yields.get(""))
            if ends is not None:
                about = f"{recipe.id}: {element}"
                here = int(site[part[0]])
                yield from _judged(at, about, ends, came[part], made[part], events[part], time[part], here)


def _judged(
    at: Ground, about: str, ends: tuple[float, float], came: Floats, made: Floats, event: Ints, time: Ints, site: int
) -> Iterator[Alarm]:
    ratio = np.log(made / came)
    n = np.arange(1, len(ratio) + 1)
    mean = np.cumsum(ratio) / n
    spread = np.sqrt(np.maximum(np.cumsum((ratio - ratio[0]) ** 2) / n - (mean - ratio[0]) ** 2, 0.0))
    sigma = np.sqrt(spread**2 / np.maximum(n - 1, 1) + COMMON**2)
    for kind, beyond in (
        ("yield_high", mean - np.log(max(ends[1], 1e-9))),
        ("yield_low", np.log(max(ends[0], 1e-9)) - mean),
    ):
        out = np.flatnonzero((beyond > SIGMAS * sigma) & (n >= LEAST))
        if not len(out):
            continue
        at_once, end = int(out[0]), ends[1] if kind == "yield_high" else ends[0]
        total = float(made.sum() / came.sum())
        yield Alarm(
            kind=kind,
            facility=at.sites.names[site],
            about=about,
            since=int(time[0]),
            called=int(time[at_once]),
            mass=float((end * came - made).sum()),
            score=float(min((beyond[at_once] / sigma[at_once]) ** 2 / 2.0 / np.log(10.0), 99.0)),
            found=line("range", about=about, share=total, least=ends[0], most=ends[1]),
            basis="declared",
            lines=(
                line(
                    "range_batches", n=len(came), day=day(int(time[0])), came=float(came.sum()), made=float(made.sum())
                ),
            ),
            events=tuple(int(one) for one in event[at_once : at_once + CALLED]),
        )


DETECTOR = Detector(
    "ranges",
    ("Yields outside the recipe", "收率超出配方范围"),
    find,
    (
        "the recipe's interval is true; six standard errors, and 0.3 % for what batches share",
        "配方所列收率范围属实；六倍标准误，另加各批共有的 0.3%",
    ),
    ("yield_high", "yield_low"),
)
