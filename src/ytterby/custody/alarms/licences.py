"""Home to the alarm on licences: a shipment without the licence the law asks for, or on one that does not cover it.

What the law says of a shipment and which licence it draws on is the draw-down's to say (`shipments.drawdown`); here is
only told what of that is an alarm. Shipments out of a place that licenses are looked at: one that needs a licence and
names none, also where one at hand would cover it; and one on a licence that does not cover it. Of a licence that is
used up, six standard uncertainties of what was granted are left to the scales.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from ytterby.custody.alarms.alarm import CALLED, Alarm, Detector, Settings, day
from ytterby.custody.alarms.line import Line, line
from ytterby.custody.alarms.overdrawn import SIGMAS
from ytterby.custody.balance import Ground
from ytterby.custody.movements import Flow
from ytterby.custody.shipments.crossings import crossings
from ytterby.custody.shipments.drawdown import Sent, drawn
from ytterby.rules.judging import Law
from ytterby.rules.licences import Fault, Miss, in_kg

KINDS: Mapping[Fault, str] = {
    "exporter": "licence_other",
    "end_user": "licence_other",
    "goods": "licence_other",
    "kind": "licence_other",
    "freight": "licence_other",
    "standing": "licence_invalid",
    "quantity": "licence_exceeded",
    "unknown": "licence_unknown",
    "none": "licence_unknown",
}
NO_LAW = Law((), {}, datetime.date.max, "")
"""Where none is at hand no shipment needs a licence; one that is named still has to hold."""
Ends = tuple[int, int, int]
"""Time, sender and receiver of an event."""


def find(at: Ground, settings: Settings) -> Sequence[Alarm]:
    """Shipments without a licence, and licences that do not cover what rests on them."""
    leaving, ends = _leaving(at, settings)
    if not len(leaving):
        return []
    found = crossings(at, events=leaving)
    sent = drawn(found, at.law or NO_LAW, at.permits or None, at.registry).sent
    return [*_missing(at, sent, ends), *_uncovered(at, settings, sent, ends)]


def _leaving(at: Ground, settings: Settings) -> tuple[np.ndarray[tuple[int], np.dtype[np.bool_]], dict[int, Ends]]:
    """(event,) shipments out of a place that licenses into one that does not; and between whom they are."""
    moves = at.movements
    rows = np.flatnonzero(moves.flow == Flow.SHIPPED)
    from_, to = at.place[at.site[rows]], at.place[at.counterpart[rows]]
    rows = rows[np.isin(from_, settings.licensed_from) & ~np.isin(to, settings.licensed_from)]
    leaving = np.zeros(len(at.book), dtype=np.bool_)
    leaving[moves.event[rows]] = True
    told = zip(*(of[rows].tolist() for of in (moves.event, moves.time, at.site, at.counterpart)), strict=True)
    return leaving, {event: (time, sender, receiver) for event, time, sender, receiver in told}


def _missing(at: Ground, sent: Sequence[Sent], ends: Mapping[int, Ends]) -> Iterator[Alarm]:
    found: dict[tuple[int, int], list[Sent]] = defaultdict(list)
    for one in sent:
        if one.outcome == "licence" and not one.crossing.licences:
            found[ends[one.crossing.event][1:]].append(one)
    for (_, receiver), said in found.items():
        whom = at.sites.names[receiver] if receiver >= 0 else Line("nobody")
        total, clauses = sum(one.crossing.mass for one in said) / 1e9, said[0].clauses
        told = line("unlicensed_one" if len(said) == 1 else "unlicensed", n=len(said), whom=whom, kg=total,
                    clauses=clauses)  # fmt: skip
        lines = tuple(_bare(one, ends) for one in said[:CALLED])
        yield _alarm(at, "licence_missing", "shipments", said, ends, told, lines)


def _bare(one: Sent, ends: Mapping[int, Ends]) -> Line:
    """A shipment that names no licence."""
    key, what = "unlicensed_though" if one.licence else "unlicensed_on", one.crossing
    return line(key, day=day(ends[what.event][0]), kg=what.mass / 1e9, what=what.material or what.stuff,
                clauses=one.clauses, licence=one.licence)  # fmt: skip


def _uncovered(at: Ground, settings: Settings, sent: Sequence[Sent], ends: Mapping[int, Ends]) -> Iterator[Alarm]:
    if not at.permits:
        return
    found: dict[tuple[str, str], list[Sent]] = defaultdict(list)
    beyond: dict[str, int] = defaultdict(int)
    for one in sent:
        miss = one.miss
        if miss is None or not one.crossing.licences:
            continue
        if miss.fault == "quantity":
            # what did not fit is not drawn: it is added up here, until the scales no longer explain it
            beyond[miss.permit] += one.crossing.mass
            if beyond[miss.permit] - miss.left <= SIGMAS * settings.weighing * miss.granted:
                continue
        found[KINDS[miss.fault], one.crossing.licences[0]].append(one)
    for (kind, number), said in sorted(found.items()):
        miss = said[0].miss
        assert miss is not None
        total = sum(one.crossing.mass for one in said) / 1e9
        told = line("on_licence_one" if len(said) == 1 else "on_licence", n=len(said), kg=total, licence=number,
                    told=_why(miss))  # fmt: skip
        lines = tuple(
            line("on_licence_on", day=day(ends[one.crossing.event][0]), kg=one.crossing.mass / 1e9,
                 told=_why(one.miss or miss))
            for one in said[:CALLED]
        )  # fmt: skip
        yield _alarm(at, kind, number, said, ends, told, lines)


def _why(miss: Miss) -> Line:
    """Why a licence does not cover a shipment."""
    match miss.fault:
        case "goods" if miss.beyond:
            return line("licence_beyond", beyond=miss.beyond)
        case "kind":
            return line("licence_kind", kind=(miss.kind,), taken=miss.taken)
        case "standing":
            return line("licence_standing", standing=(miss.standing,), day=str(miss.day))
        case "freight":
            return line("licence_freight", granted=miss.modes[:1], sent=miss.modes[1:])
        case "quantity":
            return line("licence_quantity", left=in_kg(miss.left) or "0", granted=in_kg(miss.granted) or "0")
    return line(f"licence_{miss.fault}")


def _alarm(
    at: Ground, kind: str, about: str, said: Sequence[Sent], ends: Mapping[int, Ends], told: Line,
    lines: tuple[Line, ...],
) -> Alarm:  # fmt: skip
    time, sender, receiver = ends[said[0].crossing.event]
    return Alarm(
        kind=kind,
        facility=at.sites.names[sender],
        counterpart=at.sites.names[receiver] if receiver >= 0 else "",
        about=about,
        grade="law",
        basis="law",
        since=time,
        called=time,
        mass=sum(one.crossing.mass for one in said) / 1e9,
        score=99.0,
        found=told,
        lines=lines,
        events=tuple(dict.fromkeys(one.crossing.event for one in said))[:CALLED],
    )


DETECTOR = Detector(
    "licences",
    ("Licences missing, exceeded or of another", "许可证缺失、超额或不符"),
    find,
    (
        "the law as the instruments have it, and licences as granted; weighings allow six standard uncertainties",
        "以法规文本与所授许可证为准；称重留六倍标准不确定度",
    ),
    tuple(dict.fromkeys(("licence_missing", *KINDS.values()))),
)
