"""Home to replay: what is in force on a day, over a time, and what changed for a set of transfers between two days,
two readings, or two states of knowledge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np

from ytterby.rules import regimes
from ytterby.rules.calendar import EPOCH
from ytterby.rules.clauses import Clause, Instrument
from ytterby.rules.columns import Columns
from ytterby.rules.reasons import Reason
from ytterby.rules.verdicts import OUTCOMES, Law, judge
from ytterby.terms.errors import DateOrder


@dataclass(frozen=True)
class Held:
    """A clause in force, or not, on some days running."""

    clause: str
    instrument: str
    title: str
    since: date
    until: date | None
    """Last day; None = still so at the end."""
    state: str
    """``in force`` or ``suspended``."""
    why: Reason

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "clause": self.clause,
            "instrument": self.instrument,
            "title": self.title,
            "from": self.since.isoformat(),
            "until": None if self.until is None else self.until.isoformat(),
            "state": self.state,
            "why": str(self.why),
        }


def timeline(held: Law, start: date, end: date) -> list[Held]:
    """Every clause's spans in force and suspended between two days, by day and clause.

    Raises:
        DateOrder: the end before the start.
    """
    if end < start:
        raise DateOrder(f"{end} is before {start}", remedy="put the earlier date first")
    return sorted((span for clause in held.clauses for span in _spans(held, clause, start, end)), key=_order)


def _order(span: Held) -> tuple[date, str]:
    return span.since, span.clause


def _spans(held: Law, clause: Clause, start: date, end: date) -> Iterator[Held]:
    days = np.arange((start - EPOCH).days, (end - EPOCH).days + 1, dtype=np.int64)
    base = regimes.on_days(clause, days, held.known, held.reading, ())
    now = regimes.on_days(clause, days, held.known, held.reading, held.instruments)
    code = np.where(now, 2, np.where(base, 1, 0))
    edges = np.flatnonzero(np.diff(code)) + 1
    for first, last in zip([0, *edges.tolist()], [*edges.tolist(), len(code)], strict=True):
        if code[first] == 0:
            continue
        day = start + timedelta(days=first)
        standing = regimes.in_force(clause, day, held.known, held.reading, held.instruments)
        until = None if last == len(code) else start + timedelta(days=last - 1)
        state = "in force" if code[first] == 2 else "suspended"
        yield Held(clause.id, clause.instrument, clause.title, day, until, state, standing.why)


def in_force(held: Law, on: date) -> list[Held]:
    """The clauses in force on a day."""
    return [span for span in timeline(held, on, on) if span.state == "in force"]


@dataclass(frozen=True)
class Moved:
    """A transfer whose verdict differs."""

    row: int
    """From 0, in the order given."""
    before: str
    after: str
    clauses: tuple[str, ...]
    """Clauses that decide in one case and not in the other."""


def changed(before: Law, after: Law, first: Columns, second: Columns) -> list[Moved]:
    """The transfers whose outcome or deciding clauses differ between two cases.

    Args:
        before: the law in the first case.
        after: the law in the second; another day of knowledge, reading or set of instruments.
        first: the transfers on their days in the first case.
        second: the same transfers on their days in the second.
    """
    one, other = judge(before, first), judge(after, second)
    found = []
    for row in range(len(first)):
        here = {clause.id for at, clause in enumerate(one.clauses) if one.decides[at, row]}
        there = {clause.id for at, clause in enumerate(other.clauses) if other.decides[at, row]}
        if one.rank[row] != other.rank[row] or here != there:
            found.append(Moved(row, OUTCOMES[one.rank[row]], OUTCOMES[other.rank[row]], tuple(sorted(here ^ there))))
    return found


STATES: Mapping[str, tuple[str, str]] = {
    "in force": ("in force", "有效"),
    "in part": ("in part in force, in part suspended", "部分有效、部分暂停"),
    "suspended": ("suspended", "暂停"),
}
"""What an instrument is while its clauses are, in English and Chinese."""


def figure_rows(spans: Sequence[Held], end: date, lang: str = "en") -> list[dict[str, Any]]:
    """The spans as rows for `figures.lanes`: one lane per instrument, oldest first, up to a day `end`."""
    by_instrument: dict[str, list[Held]] = {}
    for span in spans:
        by_instrument.setdefault(span.instrument, []).append(span)
    rows = []
    for name, held in sorted(by_instrument.items(), key=lambda one: (min(span.since for span in one[1]), one[0])):
        for since, until, state in _merged(held, end):
            rows.append(
                {
                    "lane": name,
                    "date": since.isoformat(),
                    "until": until.isoformat(),
                    "kind": STATES[state][lang == "zh"],
                    "halted": state == "suspended",
                    "hint": f"{name}, {since} – {until}: {STATES[state][lang == 'zh']}",
                }
            )
    return rows


def _merged(held: Sequence[Held], end: date) -> list[tuple[date, date, str]]:
    """(first day, last day, state) of an instrument, from the spans of its clauses."""
    edges = {span.since for span in held} | {span.until + timedelta(days=1) for span in held if span.until is not None}
    days = [*sorted(day for day in edges if day <= end), end + timedelta(days=1)]
    found: list[tuple[date, date, str]] = []
    for since, after in pairwise(days):
        states = {span.state for span in held if span.since <= since and (span.until is None or span.until >= since)}
        if not states:
            continue
        state = "in part" if len(states) > 1 else states.pop()
        last = after - timedelta(days=1)
        if found and found[-1][2] == state and found[-1][1] == since - timedelta(days=1):
            found[-1] = (found[-1][0], last, state)
        else:
            found.append((since, last, state))
    return found


def page(instrument: Instrument, held: Law, on: date) -> dict[str, Any]:
    """One instrument as a page: its clauses with standing, sources and doubts, and when each was in force."""
    return {
        "id": instrument.id,
        "title": instrument.title,
        "title_zh": instrument.title_zh,
        "authority": instrument.authority,
        "legal_basis": instrument.legal_basis,
        "issued": instrument.issued.isoformat(),
        "doubts": list(instrument.doubts),
        "sources": [source.model_dump() for source in instrument.sources],
        "suspends": [suspension.instrument for suspension in instrument.suspends],
        "readings": [{"name": rival.name, "text": rival.text} for rival in instrument.readings],
        "clauses": [_clause(clause, held, on) for clause in instrument.clauses],
    }


def _clause(clause: Clause, held: Law, on: date) -> dict[str, Any]:
    standing = regimes.in_force(clause, on, held.known, held.reading, held.instruments)
    return {
        "id": clause.id,
        "title": clause.title,
        "paraphrase": clause.paraphrase,
        "items": clause.items.text,
        "codes": [{"code": one.code, "inferred": one.inferred} for one in clause.items.codes],
        "trigger": clause.trigger,
        "outcome": clause.outcome,
        "licence": list(clause.licence),
        "in_force": standing.in_force,
        "why": str(standing.why),
        "doubts": list(clause.doubts),
        "sources": [source.model_dump() for source in clause.sources],
    }


def markdown(told: dict[str, Any], lines: Iterable[str] = ()) -> str:
    """A page as Markdown."""
    out = [f"# {told['title']}", ""]
    if told["title_zh"]:
        out += [told["title_zh"], ""]
    out += [f"{told['authority']}, {told['issued']}. {told['legal_basis']}".strip(), "", *lines]
    for clause in told["clauses"]:
        state = "in force" if clause["in_force"] else "not in force"
        out += [f"## {clause['id']}: {clause['title']}", "", clause["paraphrase"], ""]
        out += [f"- {state}: {clause['why']}", f"- outcome: {clause['outcome']}; trigger: {clause['trigger']}"]
        out += [f"- items: {clause['items']}"] if clause["items"] else []
        out += [f"- doubt: {doubt}" for doubt in clause["doubts"]]
        out += [f"- source ({source['confidence']}): {source['title']}" for source in clause["sources"]] + [""]
    out += [f"Doubt: {doubt}" for doubt in told["doubts"]]
    return "\n".join(out).rstrip() + "\n"
