"""Home to the alarm on stocks: what is counted is not what the books say, month after month or at once.

A surplus that consists of lots that were sent here and never received on paper is a gap in the records.

The unexplained of a facility's balance, in its own standard uncertainties, is a standard normal figure for each month
with a stock-taking where all is well; where the spread over all facilities is wider, it is taken as it is. A month is
called where its chance survives Benjamini and Hochberg's procedure over all facilities and months at `FALSE`; a CUSUM
over the months finds a steady small loss. It is the mass as traded that is looked at: what a process loses is the
matter of `yields`.

Source: Benjamini and Hochberg, Controlling the false discovery rate, J. R. Statist. Soc. B 57 (1995).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ytterby.custody import months, sequential
from ytterby.custody.alarms.alarm import CALLED, Alarm, Detector, Grade, Settings
from ytterby.custody.alarms.line import Line as Line_
from ytterby.custody.alarms.line import line
from ytterby.custody.alarms.yields import score
from ytterby.custody.balance import NINETY, Ground, Line, balance
from ytterby.custody.declared import Declared, declared, lot_of
from ytterby.custody.movements import Flow

Floats = NDArray[np.float64]
FALSE = 0.01
"""Share of false ones among the months called."""
SIGMAS = 4.0
"""Standard uncertainties within which receipts that were never written down explain a surplus."""
LEAST_SHARE = 0.01
"""Of what was sent of a lot: a receipt that is missing is not less."""
MEDIAN = 0.6744897501960817
"""Of the size of standard normal deviates."""
ENOUGH = 20
"""Months of facilities from which their spread is told."""
LEAST_KG = 0.5
"""Less is not called, whatever its significance."""
MONTHS = 12.0


def find(at: Ground, settings: Settings) -> Sequence[Alarm]:
    """Facilities whose counts do not meet their books."""
    streams: dict[str, list[Line]] = defaultdict(list)
    for one in balance(at, elements=("",)):
        if one.counted and one.high > one.low:
            streams[one.facility].append(one)
    return list(_called(at, settings, streams))


def significant(p_values: Floats, rate: float) -> NDArray[np.bool_]:
    """Which of many chances are small enough that a share of at most `rate` of them are so by chance alone.

    >>> significant(np.array([0.001, 0.02, 0.5, 0.9]), 0.05).tolist()
    [True, True, False, False]
    """
    count = len(p_values)
    order = np.argsort(p_values)
    under = p_values[order] <= rate * np.arange(1, count + 1) / max(count, 1)
    last = np.flatnonzero(under)[-1] + 1 if under.any() else 0
    found = np.zeros(count, dtype=bool)
    found[order[:last]] = True
    return found


def spread(deviates: Sequence[float]) -> float:
    """How many times as wide as assumed the deviates of all facilities lie, by their median: 1 where they are narrower.

    Scales and counts may be worse than assumed; as long as most months of most facilities are honest, they say so.
    """
    return max(float(np.median(np.abs(deviates))) / MEDIAN, 1.0) if len(deviates) >= ENOUGH else 1.0


def deviate(of: Line) -> float:
    """The unexplained of a line in its standard uncertainties."""
    return of.unexplained / ((of.high - of.low) / (2.0 * NINETY))


def _called(at: Ground, settings: Settings, streams: dict[str, list[Line]]) -> Iterator[Alarm]:
    lines = [one for stream in streams.values() for one in stream]
    if not lines:
        return
    wide = spread([deviate(one) for one in lines])
    chances = 2.0 * special.ndtr(-np.abs([deviate(one) / wide for one in lines]))
    chance = {id(one): float(by) for one, by in zip(lines, chances, strict=True)}
    sure = significant(chances, FALSE)
    loud: dict[str, list[Line]] = defaultdict(list)
    for one, called in zip(lines, sure.tolist(), strict=True):
        if called and abs(one.unexplained) >= LEAST_KG:
            loud[one.facility].append(one)
    limit = sequential.limit(settings.rate / MONTHS)
    for facility, stream in streams.items():
        if loud[facility]:
            least = min(chance[id(one)] for one in loud[facility])
            yield _alarm(at, facility, loud[facility], wide, -np.log10(max(least, 1e-99)), FALSE)
            continue
        found = sequential.sums(np.array([deviate(one) / wide for one in stream]), limit)
        if found.at >= 0 and abs(sum(one.unexplained for one in stream[found.since : found.at + 1])) >= LEAST_KG:
            yield _alarm(at, facility, stream[found.since : found.at + 1], wide, score(found.peak), settings.rate,
                         steady=True)  # fmt: skip


def _alarm(
    at: Ground, facility: str, lines: Sequence[Line], wide: float, sure: float, rate: float, *, steady: bool = False
) -> Alarm:
    gone = sum(one.unexplained for one in lines)
    sigma = wide * sum((one.high - one.low) ** 2 for one in lines) ** 0.5 / (2.0 * NINETY)
    honest = gone < 0.0 and -gone - _unreceived(at, facility, lines) < SIGMAS * sigma
    grade: Grade = "record" if honest else "diversion"
    first, last = lines[0], lines[-1] if steady else lines[0]
    code, month = at.sites.codes[facility], months.number(last.month)
    counts = np.flatnonzero((at.site == code) & (at.movements.flow == Flow.COUNTED))
    counts = counts[np.isin(at.month[counts], [months.number(one.month) for one in lines])]
    what = "missing" if gone > 0.0 else "more"
    told = (
        line(f"{what}_steadily", kg=abs(gone), n=len(lines))
        if steady
        else line(f"{what}_in", kg=abs(gone), months=tuple(one.month for one in lines))
    )
    return Alarm(
        kind="shortage" if gone > 0.0 else "surplus",
        facility=facility,
        about="stocks",
        since=months.first_instant(months.number(first.month)),
        called=months.first_instant(month + 1) - 1,
        mass=gone,
        score=float(min(sure, 99.0)),
        found=told,
        rate=rate,
        basis="stream_year" if steady else "discoveries",
        grade=grade,
        lines=tuple(
            line("unexplained", month=one.month, kg=one.unexplained, low=one.low, high=one.high)
            for one in lines[:CALLED]
        )
        + _declared(at, facility, lines),
        events=tuple(dict.fromkeys(at.movements.event[counts].tolist()))[:CALLED],
    )


def _declared(at: Ground, facility: str, lines: Sequence[Line]) -> tuple[Line_, ...]:
    """The declared counts that these months rest on."""
    within = {months.number(one.month) for one in lines}
    return tuple(
        line("declared", day=one.count.day, kg=one.count.kg, what=(one.item or "material",), booked=one.booked)
        for one in declared(at, at.sites.codes[facility])
        if one.month in within
    )[:CALLED]


def _unreceived(at: Ground, facility: str, lines: Sequence[Line]) -> float:
    """Kilograms of the surplus that were sent to the facility and never received on paper."""
    code = at.sites.codes[facility]
    rows = at.at_site(code)
    counts = rows[(at.movements.flow[rows] == Flow.COUNTED)]
    found = 0.0
    for one in lines:
        month = months.number(one.month)
        until = counts[at.month[counts] <= month]
        if not len(until):
            found += sum(_unsent(at, code, by) for by in declared(at, code) if by.month == month)
            continue
        last = at.movements.time[until[-1]]
        before = until[at.month[until] < month]
        found += _gap(at, code, int(last)) - (
            _gap(at, code, int(at.movements.time[before[-1]])) if len(before) else 0.0
        )
    return found


def _unsent(at: Ground, code: int, by: Declared) -> float:
    """Kilograms counted beyond the books of what was sent to a facility and never received on paper."""
    moves, rows = at.movements, at.at_site(code)
    sent = np.flatnonzero((moves.flow == Flow.SHIPPED) & (at.counterpart == code) & (moves.time < by.time))
    if by.count.material:
        sent = sent[moves.material[sent] == at.book.code("materials", by.count.material)]
    if by.count.lot:
        sent = sent[moves.lot[sent] == lot_of(at, by.count.lot)]
    received = rows[by.rows][moves.flow[rows[by.rows]] == Flow.RECEIVED]
    missing = float(moves.mass[sent].sum() - moves.mass[received].sum()) / 1e9
    return float(np.clip(by.beyond, 0.0, max(missing, 0.0)))


def _gap(at: Ground, code: int, time: int) -> float:
    """Kilograms counted beyond the books at a time, of lots of which more was sent here than received."""
    moves, rows = at.movements, at.at_site(code)
    sent = np.flatnonzero((moves.flow == Flow.SHIPPED) & (at.counterpart == code) & (moves.time <= time))
    rows = rows[moves.time[rows] <= time]
    lots = np.unique(np.concatenate([moves.lot[sent], moves.lot[rows]]))

    def summed(chosen: NDArray[np.int64], mass: NDArray[np.int64]) -> Floats:
        return np.bincount(np.searchsorted(lots, moves.lot[chosen]), mass[chosen] / 1e9, len(lots)).astype(np.float64)

    counted = rows[(moves.flow[rows] == Flow.COUNTED) & (moves.time[rows] == time)]
    received = rows[moves.flow[rows] == Flow.RECEIVED]
    went = summed(sent, moves.mass)
    missing = went - summed(received, moves.mass)
    # what weighings alone make of it is no receipt
    missing[missing < LEAST_SHARE * went] = 0.0
    beyond = summed(counted, moves.mass) - summed(rows, moves.signed)
    return float(np.clip(beyond, 0.0, np.maximum(missing, 0.0)).sum())


DETECTOR = Detector(
    "stocks",
    ("Books against counts", "账实不符"),
    find,
    (
        "weighings and counts are as sure as assumed, and independent; of the months called at once at most 1 % are "
        "false, of what creeps 10⁻⁴ a facility and year",
        "称重与盘点如所设般准确且相互独立；一次判定的月份中误报至多 1%，缓慢流失每设施每年 10⁻⁴",
    ),
    ("shortage", "surplus"),
)
