"""Home to how instruments stand on a day: their state, when it changes next, what they do, and where readings part."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ytterby.desk.blocks import Chip, Tone
from ytterby.desk.page import Asked

if TYPE_CHECKING:
    from ytterby.rules.clauses import Instrument
    from ytterby.rules.judging import Law
    from ytterby.rules.replay import Held

State: TypeAlias = Literal["in_force", "in_part", "suspended", "not_yet", "unknown_then", "ended", "suspends", "stated"]
STATES: tuple[State, ...] = (
    "in_force",
    "in_part",
    "suspended",
    "not_yet",
    "suspends",
    "stated",
    "ended",
    "unknown_then",
)
KINDS = ("licence", "refused", "buyer_ban", "reported", "duty", "suspension", "statement", "notice")

WORDS = {
    "in_force": ("in force", "有效"),
    "in_part": ("in part suspended", "部分暂停"),
    "suspended": ("suspended", "暂停"),
    "not_yet": ("not yet in force", "尚未生效"),
    "unknown_then": ("not known then", "当时未知"),
    "ended": ("ended", "已失效"),
    "suspends": ("suspends others", "暂停其他规则"),
    "stated": ("stated, no law", "仅为声明或草案"),
    "kind_licence": ("asks for a licence", "要求许可证"),
    "kind_refused": ("refuses", "不予许可"),
    "kind_buyer_ban": ("bans the purchase", "禁止采购"),
    "kind_reported": ("asks for a report", "要求报告"),
    "kind_duty": ("duty or programme", "义务或计划"),
    "kind_suspension": ("suspends others", "暂停其他规则"),
    "kind_statement": ("statement or draft", "声明或草案"),
    "kind_notice": ("notice", "告知"),
}

_TONES: dict[State, Tone] = {
    "in_force": "good",
    "in_part": "pending",
    "suspended": "pending",
    "not_yet": "plain",
    "unknown_then": "plain",
    "ended": "plain",
    "suspends": "pending",
    "stated": "plain",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """One instrument on one day."""

    instrument: Instrument
    state: State
    next: datetime.date | None
    """The first later day on which some clause begins, ends, is suspended or holds again."""


def chip(asked: Asked, state: State) -> Chip:
    """A state as a chip."""
    return Chip(asked.say(state), _TONES[state])


def standings(held: Law, on: datetime.date) -> list[Standing]:
    """Every instrument of a law on a day."""
    from ytterby.rules import replay

    spans: dict[str, list[Held]] = {}
    for span in replay.timeline(held, on, max((on, *held.turns))):
        spans.setdefault(span.instrument, []).append(span)
    return [_standing(held, one, spans.get(one.id, ()), on) for one in held.instruments]


def _standing(held: Law, one: Instrument, spans: Sequence[Held], on: datetime.date) -> Standing:
    if not one.clauses:
        days = [
            (i.since, i.until)
            for suspension in one.suspends
            for i in suspension.intervals
            if i.applies(held.known, held.reading)
        ]
        if not days:
            return Standing(one, "unknown_then", None)
        over = [until + datetime.timedelta(days=1) for since, until in days if until and since <= on <= until]
        starts = [since for since, _ in days if since > on]
        now = any(since <= on and (until is None or on <= until) for since, until in days)
        later = min([*over, *starts], default=None)
        return Standing(one, "suspends" if now else "not_yet" if starts else "ended", later)
    here = {span.state for span in spans if span.since <= on}
    later = min(_edges(spans, on), default=None)
    if here:
        state: State = "in_part" if len(here) > 1 else "in_force" if here == {"in force"} else "suspended"
        if state == "in_force" and _stated(one):
            state = "stated"
        return Standing(one, state, later)
    if spans:
        return Standing(one, "not_yet", later)
    known = any(i.applies(held.known, held.reading) for clause in one.clauses for i in clause.in_force)
    return Standing(one, "ended" if known else "unknown_then", None)


def _stated(one: Instrument) -> bool:
    """Whether it is no law: statements of governments, drafts, plans."""
    return bool(one.clauses) and all(clause.trigger == "statement" for clause in one.clauses)


def _edges(spans: Iterable[Held], on: datetime.date) -> Iterable[datetime.date]:
    for span in spans:
        if span.since > on:
            yield span.since
        if span.until is not None:
            yield span.until + datetime.timedelta(days=1)


def kinds(one: Instrument) -> list[str]:
    """What an instrument does: what its clauses want of shipments, duties of another kind, suspensions."""
    from ytterby.rules.conditions.border import SHIPMENTS

    found = {_kind(clause.trigger, clause.outcome, clause.trigger in SHIPMENTS) for clause in one.clauses}
    if one.suspends:
        found.add("suspension")
    if found - {"notice", "tested"}:
        found -= {"notice", "tested"}
    return [kind for kind in KINDS if kind in found or (kind == "notice" and found <= {"notice", "tested"})]


def _kind(trigger: str, outcome: str, shipments: object) -> str:
    return outcome if shipments else "statement" if trigger == "statement" else "duty"


def figure_rows(asked: Asked, held: Law, start: datetime.date, end: datetime.date) -> list[dict[str, Any]]:
    """What is in force and suspended between two days, a lane for each instrument, those that only suspend too."""
    from ytterby.rules import replay

    spans = replay.timeline(held, start, end)
    rows = replay.figure_rows(spans, end, asked.lang)
    drafts = {one.id for one in held.instruments if _stated(one)}
    rows = [{**row, "kind": asked.say("stated")} if row["lane"] in drafts else row for row in rows]
    for one in held.instruments:
        for interval in [] if one.clauses else [i for suspension in one.suspends for i in suspension.intervals]:
            since, until = max(interval.since, start), min(interval.until or end, end)
            if since <= until and interval.applies(held.known, held.reading):
                rows.append({
                    "lane": one.id, "date": since.isoformat(), "until": until.isoformat(),
                    "kind": asked.say("suspends"), "halted": False,
                    "hint": f"{one.id}, {since} – {until}: {asked.say('suspends')}",
                })  # fmt: skip
    first: dict[str, str] = {}
    for row in rows:
        first[row["lane"]] = min(first.get(row["lane"], row["date"]), row["date"])
    unique = {(row["lane"], row["date"], row["until"], row["kind"]): row for row in rows}
    return sorted(unique.values(), key=lambda row: (first[row["lane"]], row["lane"], row["date"]))


@dataclass(frozen=True, slots=True)
class Parting:
    """Instruments about which the readings differ in one and the same way."""

    instruments: tuple[str, ...]
    spans: Mapping[str, tuple[tuple[datetime.date, datetime.date, str], ...]]
    """Per reading (first day, last day, state) around the days they differ about."""


def partings(laws: Mapping[str, Law], start: datetime.date, end: datetime.date, around: int = 60) -> list[Parting]:
    """Where the readings part between two days: instruments with the same quarrel together."""
    told = {name: _merged(law, start, end) for name, law in laws.items()}
    names = sorted({one for spans in told.values() for one in spans})
    quarrels = [one for one in names if len({spans.get(one, ()) for spans in told.values()}) > 1]
    edges = [
        day
        for one in quarrels
        for spans in told.values()
        for since, until, _ in spans.get(one, ())
        for day in (since, until)
        if any((since, until) not in {(a, b) for a, b, _ in other.get(one, ())} for other in told.values())
        and start < day < end
    ]
    if not edges:
        return []
    low = max(start, max(edges) - datetime.timedelta(days=2 * around))
    high = min(end, max(edges) + datetime.timedelta(days=around))
    found: dict[object, list[str]] = {}
    cut = {name: {one: _cut(spans.get(one, ()), low, high) for one in quarrels} for name, spans in told.items()}
    for one in quarrels:
        found.setdefault(tuple((name, cut[name][one]) for name in cut), []).append(one)
    return [Parting(tuple(same), {name: cut[name][same[0]] for name in cut}) for same in found.values()]


def _merged(
    law: Law, start: datetime.date, end: datetime.date
) -> dict[str, tuple[tuple[datetime.date, datetime.date, str], ...]]:
    from ytterby.rules import replay

    by: dict[str, list[tuple[datetime.date, datetime.date, str]]] = {}
    for row in replay.figure_rows(replay.timeline(law, start, end), end):
        since, until = (datetime.date.fromisoformat(row[key]) for key in ("date", "until"))
        by.setdefault(row["lane"], []).append((since, until, row["kind"]))
    return {name: tuple(spans) for name, spans in by.items()}


def _cut(
    spans: Sequence[tuple[datetime.date, datetime.date, str]], low: datetime.date, high: datetime.date
) -> tuple[tuple[datetime.date, datetime.date, str], ...]:
    return tuple((max(a, low), min(b, high), state) for a, b, state in spans if a <= high and b >= low)
