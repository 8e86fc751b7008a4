"""Home to the verdict: what the clauses say of one transfer on one day, why, how sure, and until when.

Where a fact nobody told could make the answer stricter it is *undetermined*, and names the fact. A party nobody named
is taken as not listed, and the verdict says that it has to be screened. Before the first clause of a seller's
government nothing is known here, and nothing is said.

An officer asks with today's knowledge: a verdict without `known` uses all that is known today, also of past days.
Whoever wants to know what could be known at the time names that day. Nothing known later than `known` decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from ytterby.rules import parties as party_lists
from ytterby.rules import regimes
from ytterby.rules.clauses import Clause, Instrument
from ytterby.rules.columns import columns
from ytterby.rules.conditions.border import SHIPMENTS
from ytterby.rules.facts import Facts
from ytterby.rules.judging import OUTCOMES as OUTCOMES
from ytterby.rules.judging import STRICTNESS, UNDETERMINED, Judgement
from ytterby.rules.judging import Law as Law
from ytterby.rules.judging import Outcome as Outcome
from ytterby.rules.judging import judge as judge
from ytterby.rules.judging import law as law
from ytterby.rules.parties import PartyList
from ytterby.rules.reasons import Reason, besides, reason


@dataclass(frozen=True, slots=True)
class Ground:
    """What a deciding clause asks, and why it decides."""

    clause: str
    asks: str
    """Our own words of the clause, in English."""
    stands: Reason
    """Since when it is in force, and whom it found on a list."""

    @property
    def told(self) -> str:
        """What it asks and why, without its id."""
        return f"{self.asks} ({self.stands})"

    def __str__(self) -> str:
        return f"{self.clause}: {self.told}"


@dataclass(frozen=True)
class Verdict:
    """What is said of one transfer on one day under one reading."""

    outcome: Outcome
    licence: tuple[str, ...]
    """Kinds of licence that would do: general, individual, certificate."""
    clauses: tuple[str, ...]
    """Ids of the clauses that decide; of a free transfer those that say why it is free, if any does."""
    passed_over: tuple[tuple[str, Reason], ...]
    """(clause id, why it does not decide)."""
    missing: tuple[tuple[str, Reason], ...]
    """(fact, why it matters)."""
    confidence: str
    """A text of the instrument seen, B law firm, agency or wire, C one weak source, M from memory; the weakest of what
    the answer rests on, see `judging.Judgement.confidence`."""
    next_change: date | None
    """The next day on which outcome, licence or deciding clauses differ, as far as is known on `known`."""
    reading: str
    on: date
    known: date
    reasons: tuple[Ground, ...] = ()
    """Per deciding clause, what it asks, since when, and whom it found on a list."""
    notes: tuple[Reason, ...] = ()
    """Doubts of the deciding clauses, how applications fare, and what becomes of the answer next."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, as ``ytterby check --json`` prints them."""
        return {
            "outcome": self.outcome,
            "licence": " or ".join(self.licence) or None,
            "clauses": list(self.clauses),
            "passed_over": [{"clause": name, "why": str(why)} for name, why in self.passed_over],
            "missing": [name for name, _ in self.missing],
            "confidence": self.confidence,
            "next_change": None if self.next_change is None else self.next_change.isoformat(),
            "reading": self.reading,
            "on": self.on.isoformat(),
            "known": self.known.isoformat(),
            "reasons": [str(one) for one in self.reasons],
            "notes": [*(str(one) for one in self.notes), *(f"{name}: {why}" for name, why in self.missing)],
        }


def verdict(
    facts: Facts,
    on: date,
    known: date | None = None,
    reading: str = regimes.DEFAULT_READING,
    *,
    instruments: Iterable[Instrument] | None = None,
    lists: Mapping[str, PartyList] | None = None,
    decided: Mapping[str, str] | None = None,
) -> Verdict:
    """The verdict on a transfer on the day `on`, from what was known on `known` (without it: today).

    Raises:
        UnknownName: a reading nobody holds.
    """
    return under(law(known or date.today(), reading, instruments, lists, decided), facts, on)


def readings(
    facts: Facts,
    on: date,
    known: date | None = None,
    *,
    instruments: Iterable[Instrument] | None = None,
    lists: Mapping[str, PartyList] | None = None,
    decided: Mapping[str, str] | None = None,
) -> list[Verdict]:
    """The verdicts under every reading of the unsettled texts, side by side."""
    chosen = tuple(regimes.load() if instruments is None else instruments)
    known_lists = party_lists.load() if lists is None else lists
    named = list(regimes.readings(chosen)) or [regimes.DEFAULT_READING]
    return [verdict(facts, on, known, name, instruments=chosen, lists=known_lists, decided=decided) for name in named]


def under(held: Law, facts: Facts, on: date) -> Verdict:
    """The verdict of one law on one transfer."""
    days, found = _ahead(held, [facts], on)
    now = _answer(found, 0)
    later = next((row for row in range(1, len(days)) if _answer(found, row) != now), None)
    told = _told(found, facts, on)
    if later is None:
        return told
    by = tuple(clause.id for clause in found.deciding(later))
    then = (OUTCOMES[found.rank[later]],)
    note = reason("turns_by" if by else "turns", day=days[later], outcome=then, clauses=by)
    return replace(told, next_change=days[later], notes=(*told.notes, note))


@dataclass(frozen=True)
class Step:
    """One answer, and the days running on which it holds."""

    since: date
    until: date | None
    """Last day; None = as far ahead as is known."""
    outcome: Outcome
    clauses: tuple[str, ...]
    """Ids of the clauses that decide."""
    licence: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "from": self.since.isoformat(),
            "until": None if self.until is None else self.until.isoformat(),
            "outcome": self.outcome,
            "clauses": list(self.clauses),
            "licence": " or ".join(self.licence) or None,
        }


def course(held: Law, facts: Facts, on: date) -> tuple[Step, ...]:
    """What one law says of a transfer from a day on, each step another answer than the one before it."""
    return courses(held, [facts], on)[0]


def courses(held: Law, transfers: Sequence[Facts], on: date) -> list[tuple[Step, ...]]:
    """The course of each of some transfers, all judged at once."""
    days, found = _ahead(held, transfers, on)
    return [_steps(found, days, number * len(days)) for number in range(len(transfers))]


def _steps(found: Judgement, days: Sequence[date], first: int) -> tuple[Step, ...]:
    """The steps of the transfer whose days begin at a row."""
    at = [n for n in range(len(days)) if not n or _answer(found, first + n) != _answer(found, first + n - 1)]
    ends = [days[n] - timedelta(days=1) for n in at[1:]]
    return tuple(
        Step(
            since=days[n],
            until=until,
            outcome=OUTCOMES[found.rank[first + n]],
            clauses=tuple(clause.id for clause in found.deciding(first + n)),
            licence=found.licence(first + n),
        )
        for n, until in zip(at, [*ends, None], strict=True)
    )


def _ahead(held: Law, transfers: Sequence[Facts], on: date) -> tuple[list[date], Judgement]:
    """The day itself and every later one on which the law turns, and the judgement on each transfer on each of them."""
    days = [on, *(day for day in held.turns if day > on)]
    return days, judge(held, columns([one for one in transfers for _ in days], days * len(transfers)))


def _answer(found: Judgement, row: int) -> tuple[object, ...]:
    # The kinds of licence follow from outcome and clauses.
    return int(found.rank[row]), found.decides[:, row].tobytes()


def _told(found: Judgement, facts: Facts, on: date) -> Verdict:
    """Row 0 of a judgement in words."""
    deciding = found.deciding(0)
    return Verdict(
        outcome=OUTCOMES[found.rank[0]],
        licence=found.licence(0),
        clauses=tuple(clause.id for clause in deciding),
        passed_over=tuple(_passed_over(found, on)),
        missing=tuple(found.missing(0)),
        confidence=found.confidence(0),
        next_change=None,
        reading=found.held.reading,
        on=on,
        known=found.held.known,
        reasons=tuple(_ground(found, at, on) for at in np.flatnonzero(found.decides[:, 0]).tolist()),
        notes=tuple(dict.fromkeys(_notes(found, deciding, facts, on))),
    )


def _ground(found: Judgement, at: int, on: date) -> Ground:
    held, clause = found.held, found.clauses[at]
    standing = regimes.in_force(clause, on, held.known, held.reading, held.instruments)
    said = [told for one in found.judged[at] if one.found is not None for told in one.found(0)]
    ended = [
        reason("suspended_until", until=interval.until, by=name, reading=held.reading)
        for name, interval in regimes.suspensions(clause, held.known, held.reading, held.instruments)
        if interval.until is not None and interval.until < on
    ]
    return Ground(clause.id, clause.paraphrase, besides([_unstopped(standing.why), *ended[-1:], *said]))


def _unstopped(told: Reason) -> Reason:
    """Why a clause is in force, without the full stop."""
    figures = dict(told.figures)
    if told.key == "in_force":
        return Reason("stands", told.figures)
    return Reason(told.key, tuple({**figures, "why": str(figures["why"]).rstrip(".")}.items()))


def _passed_over(found: Judgement, on: date) -> Iterable[tuple[str, Reason]]:
    held = found.held
    for at, clause in enumerate(found.clauses):
        if found.decides[at, 0]:
            continue
        failed = next((one for one in found.judged[at] if not one.yes[0] and not one.unknown[0]), None)
        if failed is not None:
            yield clause.id, failed.why(0)
        elif not found.active[at, 0]:
            yield clause.id, regimes.in_force(clause, on, held.known, held.reading, held.instruments).why
        elif found.lifted[at, 0]:
            yield clause.id, reason("lifted", clauses=tuple(_lifting(found, clause)))
        elif found.unknown[at, 0]:
            yield clause.id, _open(found, at)
        elif clause.outcome == "notice" and not clause.exempts:
            yield clause.id, reason("stops_nothing", title=clause.title)
        elif found.rank[0] == UNDETERMINED and STRICTNESS[clause.outcome] >= found.sure[0]:
            yield clause.id, reason("met_perhaps")
        else:
            yield clause.id, reason("overridden")
    for clause in held.clauses:
        if clause.trigger not in SHIPMENTS:
            standing = regimes.in_force(clause, on, held.known, held.reading, held.instruments)
            yield clause.id, reason("no_shipment", trigger=(clause.trigger,), told=standing.why)


def _lifting(found: Judgement, clause: Clause) -> Iterable[str]:
    for at, other in enumerate(found.clauses):
        if found.yes[at, 0] and (clause.id in other.exempts or clause.instrument in other.exempts):
            yield other.id


def _open(found: Judgement, at: int) -> Reason:
    facts = tuple(found.hangs_on(at, 0))
    disputed = found.clauses[at].disputed
    told = ([reason("hangs_on", facts=facts)] if facts else []) + (
        [reason("disputed", why=disputed)] if disputed else []
    )
    # A material says what is in it, and not how much.
    return besides(told) if told else reason("hangs_on_share")


def _notes(found: Judgement, deciding: Sequence[Clause], facts: Facts, on: date) -> Iterable[Reason]:
    yield from _on_applications(found, deciding, facts)
    for clause in deciding:
        if clause.outcome == "tested":
            yield _of(clause, reason("tested"))
        if clause.outcome == "buyer_ban":
            yield _of(clause, reason("buyer_forbids"))
        if clause.report_within_working_days and found.yes[found.clauses.index(clause), 0]:
            yield _of(clause, reason("report_within", n=clause.report_within_working_days))
        if clause.disputed:
            yield _of(clause, reason("dispute", text=clause.disputed))
        if clause.threshold is not None and clause.threshold.doubt:
            yield _of(clause, reason("threshold_doubt", of=clause.threshold.of, text=clause.threshold.doubt))
        for doubt in clause.doubts:
            yield _of(clause, reason("doubt", text=doubt))
    if OUTCOMES[found.rank[0]] == "free":
        for name, why in _passed_over(found, on):
            if name in {found.clauses[at].id for at in np.flatnonzero(found.near[:, 0])}:
                yield reason("kept_off", clause=name, told=why)
    yield from _on_lists(found, facts, on)


def _of(clause: Clause, told: Reason) -> Reason:
    return reason("of_clause", clause=clause.id, told=told)


def _on_applications(found: Judgement, deciding: Sequence[Clause], facts: Facts) -> Iterable[Reason]:
    unbound = [clause for clause in deciding if clause.lists and clause.outcome == "licence"]
    for clause in deciding:
        if clause.policy or (clause.military and facts.end_use == "military"):
            yield _of(clause, reason(f"met_{clause.policy or clause.military}"))
        if clause in unbound and not clause.review_working_days:
            yield _of(clause, reason("unbound"))
        elif clause.review_working_days and clause.outcome == "licence" and not unbound:
            yield _of(clause, reason("review_within", n=clause.review_working_days))


def _on_lists(found: Judgement, facts: Facts, on: date) -> Iterable[Reason]:
    """What the lists here cannot settle: incomplete ones, and owners nobody told."""
    if not facts.end_user:
        return
    partial: dict[str, Reason] = {}
    for at, clause in enumerate(found.clauses):
        if not found.screened[at, 0] or found.decides[at, 0] or STRICTNESS[clause.outcome] < found.sure[0]:
            continue
        for name in clause.lists:
            one = found.held.lists.get(name)
            if one is not None and not one.complete and one.since <= on <= (one.until or on):
                partial[name] = _known_of(one)
        if clause.ownership is not None and not facts.owners:
            yield _of(clause, reason("owners_untold", share=clause.ownership))
    if partial:
        yield reason("partial", lists=tuple(partial.values()))


def _known_of(one: PartyList) -> Reason:
    if one.size:
        return reason("partial_list", list=one.id, n=len(one.members), size=one.size)
    return reason("partial_list_open", list=one.id, n=len(one.members))
