"""Home to the alarm on ghosts: material that comes into being where nothing brings it into being.

Mines bring ore into being, and scrap comes back from use; whatever else is made is made of something. A lot of oxide,
metal, alloy or magnet that is commissioned without inputs, after the first month of a facility's records (in which its
opening stock is put down), came from outside the books. Scrap that comes in from outside is bounded by what the
registry says can arise there in a month, with a quarter to spare.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ytterby.custody import months
from ytterby.custody.alarms.alarm import CALLED, Alarm, Detector, Settings, day
from ytterby.custody.alarms.line import line
from ytterby.custody.balance import Ground
from ytterby.custody.movements import Flow
from ytterby.terms.materials import materials

Ints = NDArray[np.int64]
OPENING = 31 * 86_400_000_000
"""Microseconds from a facility's first event in which stocks that lay there are put down."""
SPARE = 1.25
FROM_NATURE = ("ore", "conc")
SCRAP = "scrap"


def find(at: Ground, settings: Settings) -> Sequence[Alarm]:
    """Lots without a source, and scrap beyond what can arise."""
    born = np.flatnonzero(at.movements.flow == Flow.COMMISSIONED)
    if not len(born):
        return []
    forms = np.array([*(_form(name) for name in _names(at)), ""])
    form = forms[at.movements.material[born]]
    return [*_sourceless(at, born[np.isin(form, _made_forms())]), *_scrap(at, born[form == SCRAP])]


def _names(at: Ground) -> list[str]:
    return [at.book.name("materials", code) for code in range(len(at.book.names["materials"]))]


def _form(name: str) -> str:
    """The form of a material as its id begins: ``oxide`` of ``oxide.Nd``."""
    return name.partition(".")[0]


def _made_forms() -> list[str]:
    return sorted({one.form for one in materials().values()} - {*FROM_NATURE, "concentrate", SCRAP, "swarf"})


def _sourceless(at: Ground, rows: Ints) -> Iterator[Alarm]:
    moves = at.movements
    first = np.full(len(at.sites.names), np.iinfo(np.int64).max)
    np.minimum.at(first, at.site, moves.time)
    by_site: dict[int, list[int]] = defaultdict(list)
    for row in rows.tolist():
        site = int(at.site[row])
        mines = (facility := at.registry.facility(at.sites.names[site])) is not None and facility.stage == "mine"
        if moves.time[row] > first[site] + OPENING and not mines:
            by_site[site].append(row)
    for site, told in by_site.items():
        total = float(moves.mass[told].sum()) / 1e9
        when = int(moves.time[told[0]])
        what = sorted({at.book.name("materials", int(moves.material[row])) for row in told})
        yield Alarm(
            kind="sourceless",
            facility=at.sites.names[site],
            about=", ".join(what[:5]),
            since=when,
            called=when,
            mass=-total,
            score=99.0,
            found=line("sourceless", n=len(told), what=tuple(what[:5]), kg=total),
            lines=tuple(
                line(
                    "born",
                    day=day(int(moves.time[row])),
                    lot=at.book.lot_name(int(moves.lot[row])),
                    kg=float(moves.mass[row]) / 1e9,
                )
                for row in told[:CALLED]
            ),
            events=tuple(dict.fromkeys(moves.event[told].tolist()))[:CALLED],
        )


def _scrap(at: Ground, rows: Ints) -> Iterator[Alarm]:
    moves = at.movements
    first = moves.time.min() + OPENING
    rows = rows[moves.time[rows] > first]
    for site in np.unique(at.site[rows]).tolist():
        facility = at.registry.facility(at.sites.names[site])
        if facility is None or facility.arisings_kg_month is None:
            continue
        here = rows[at.site[rows] == site]
        month = at.month[here]
        start = int(month.min())
        came = np.bincount(month - start, moves.mass[here] / 1e9)
        bound = SPARE * facility.arisings_kg_month
        beyond = np.flatnonzero(came > bound)
        if not len(beyond):
            continue
        telling = here[np.isin(month - start, beyond)]
        over = float((came[beyond] - facility.arisings_kg_month).sum())
        yield Alarm(
            kind="ghost",
            facility=facility.id,
            about=SCRAP,
            since=months.first_instant(start + int(beyond[0])),
            called=int(moves.time[telling[at.month[telling] == start + beyond[0]]].max()),
            mass=-over,
            score=99.0,
            found=line("scrap", kg=float(came[beyond].sum()), n=len(beyond), most=facility.arisings_kg_month),
            basis="declared",
            lines=tuple(
                line(
                    "scrap_month",
                    month=months.written(start + int(k)),
                    kg=float(came[k]),
                    share=float(came[k]) / max(facility.arisings_kg_month, 1e-9),
                )
                for k in beyond[:CALLED]
            ),
            events=tuple(dict.fromkeys(moves.event[telling].tolist()))[:CALLED],
        )


DETECTOR = Detector(
    "ghosts",
    ("Material from nowhere", "来源不明的物料"),
    find,
    (
        "only mines and returns bring material into being; arisings as the registry declares them, with a quarter to "
        "spare",
        "只有矿山与回收能产生物料；废料产生量以登记为准，另留四分之一余量",
    ),
    ("sourceless", "ghost"),
)
