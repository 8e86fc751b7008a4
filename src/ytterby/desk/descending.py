"""Home to the drawing of a lot's genealogy: generations of lots, or of the facilities that made them where there are
many, with what is left out counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ytterby.desk import custodial
from ytterby.desk.page import Asked

if TYPE_CHECKING:
    from ytterby.custody.genealogy.links import Links
    from ytterby.custody.genealogy.tracing import Traced
    from ytterby.desk.tracked import Tracked

FEW = 18
"""Lots up to which each is drawn by itself."""
DEEPEST = 5
"""Generations drawn before and after a lot; what is further away stands in the outermost."""
MOST = 20_000
"""Lots up to which a genealogy is drawn."""

WORDS = {
    "before_1": ("what went in", "直接投入"),
    "before_n": ("{n} steps before", "前 {n} 步"),
    "before_far": ("{n} or more before", "前 {n} 步及以前"),
    "this_lot": ("this lot", "本批次"),
    "after_1": ("what it went into", "直接产出"),
    "after_n": ("{n} steps after", "后 {n} 步"),
    "after_far": ("{n} or more after", "后 {n} 步及以后"),
    "lots_here": ("{n} lots", "{n} 个批次"),
    "lots_here_1": ("1 lot", "1 个批次"),
    "made_nowhere": ("made at a place not told", "产地未说明"),
    "by_lots": (
        "Each box is a lot; a line is as thick as the mass that went over it",
        "每框一个批次；线宽表示物料质量",
    ),
    "by_sites": (
        "Each box is a facility in one generation, with its lots; a line is as thick as the mass that went over it",
        "每框为一处设施在该代的批次；线宽表示物料质量",
    ),
    "within": (
        "{n} steps within the outermost generation are not drawn.",
        "最外一代内部的 {n} 个步骤未绘出。",
    ),
    "too_many": ("{n} lots are too many to draw.", "{n} 个批次过多，无法绘出。"),
}


@dataclass(frozen=True, slots=True)
class Drawing:
    """A genealogy as rows of `figures.genealogy`."""

    rows: tuple[dict[str, Any], ...]
    stages: tuple[str, ...]
    own: str
    notes: Mapping[tuple[str, str], str]
    """(generation, name) -> what stands under the name."""
    basis: str
    left_out: str


def drawing(asked: Asked, held: Tracked, up: Traced, down: Traced) -> Drawing | None:
    """The genealogy of a lot both ways; None where it has none, or more lots than can be drawn."""
    links, lot = held.links, up.lot
    several = len(up.lots) + len(down.lots) - 1
    if several < 2 or several > MOST:
        return None
    flows = _flows(links, up, down)
    levels = {**_levels(flows[0], lot, -1), **_levels(flows[1], lot, 1), lot: 0}
    few = several <= FEW
    clipped = {one: max(-DEEPEST, min(DEEPEST, level)) for one, level in levels.items()}
    names: dict[int, str] = {}
    notes: dict[tuple[str, str], str] = {}
    members: dict[tuple[str, str], int] = {}
    for one, level in clipped.items():
        made = _made_at(asked, held, one)
        names[one] = custodial.short(held.book.lot_name(one)) if few or one == lot else made
        key = (_stage(asked, level), names[one])
        members[key] = members.get(key, 0) + 1
        several_here = asked.say("lots_here", n=members[key]) if members[key] > 1 else asked.say("lots_here_1")
        notes[key] = made if few or one == lot else several_here
    rows: list[dict[str, Any]] = []
    within = 0
    for source, target, kilograms in (*flows[0], *flows[1]):
        if clipped[source] >= clipped[target]:
            within += 1
            continue
        rows.append(
            {
                "stage": _stage(asked, clipped[source]),
                "source": names[source],
                "next_stage": _stage(asked, clipped[target]),
                "target": names[target],
                "value": max(kilograms, 1e-9),
            }
        )
    stages = tuple(_stage(asked, level) for level in sorted(set(clipped.values())))
    left_out = asked.say("within", n=within) if within else ""
    return Drawing(tuple(rows), stages, names[lot], notes, asked.say("by_lots" if few else "by_sites"), left_out)


def _stage(asked: Asked, level: int) -> str:
    if not level:
        return asked.say("this_lot")
    way, n = ("before", -level) if level < 0 else ("after", level)
    if n == 1:
        return asked.say(f"{way}_1")
    return asked.say(f"{way}_far" if n == DEEPEST else f"{way}_n", n=n)


def made_at(held: Tracked, lot: int) -> str:
    """Facility at which a lot came into being: that of the first event that made or commissioned it; else nothing."""
    from ytterby.custody.book.layout import BESIDE, UP

    links, book = held.links, held.book
    rows = [*links.strand(lot, UP)] or [*links.strand(lot, BESIDE)]
    events = sorted((links.time[links.event[row]], links.event[row]) for row in rows)
    places = (int(book["events.place"].data[event]) for _, event in events)
    return next((held.places[place] for place in places if place >= 0), "")


def _made_at(asked: Asked, held: Tracked, lot: int) -> str:
    name = made_at(held, lot)
    return custodial.site(asked, held, name) if name else asked.say("made_nowhere")


Flows = list[tuple[int, int, float]]


def _flows(links: Links, up: Traced, down: Traced) -> tuple[Flows, Flows]:
    """(source, target, kg) of every link, once: those before the lot, and those after it."""
    return _linked(links, up), _linked(links, down)


def _linked(links: Links, of: Traced) -> Flows:
    from ytterby.custody.book.layout import INPUT, OUTPUT, PARENT, TRANSFORMATION

    sums: dict[tuple[int, int], float] = {}
    done: set[int] = set()
    for event in of.links:
        knot = links.knot(event) if links.kind[event] == TRANSFORMATION else (event,)
        if knot[0] in done:
            continue
        done.add(knot[0])
        if links.kind[event] == TRANSFORMATION:
            came = [row for row in links.rows(knot, INPUT) if links.lot[row] in of.lots]
            went = [row for row in links.rows(knot, OUTPUT) if links.lot[row] in of.lots]
            total = sum(max(links.mass[row], 0) for row in links.rows(knot, OUTPUT))
        else:
            pieces = list(links.pieces(event))
            went = [row for row in pieces if links.role[row] == PARENT and links.lot[row] in of.lots]
            came = [row for row in pieces if links.role[row] != PARENT and links.lot[row] in of.lots]
            total = 0
        for one in came:
            for other in went:
                share = links.mass[other] / total if total > 0 and links.mass[other] >= 0 else 1.0 / len(went)
                key = (links.lot[one], links.lot[other])
                if key[0] != key[1]:
                    sums[key] = sums.get(key, 0.0) + max(links.mass[one], 0) / 1e9 * share
    return [(source, target, kilograms) for (source, target), kilograms in sorted(sums.items())]


def _levels(flows: Flows, lot: int, way: int) -> dict[int, int]:
    """Generation of every lot: the most steps to it, negative before; a loop of containers counts once."""
    following: dict[int, list[int]] = {}
    degree: dict[int, int] = {}
    for source, target, _ in flows:
        here, there = (target, source) if way < 0 else (source, target)
        following.setdefault(here, []).append(there)
        degree[there] = degree.get(there, 0) + 1
    levels = {lot: 0}
    todo = [lot]
    while todo:
        one = todo.pop()
        for other in following.get(one, ()):
            levels[other] = way * max(abs(levels.get(other, 0)), abs(levels[one]) + 1)
            degree[other] -= 1
            if not degree[other]:
                todo.append(other)
    for source, target, _ in flows:
        for one in (source, target):
            levels.setdefault(one, way * DEEPEST)
    return levels
