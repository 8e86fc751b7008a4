"""Home to judging: the clauses asked of many shipments at once, and what decides each of them.

Exceptions override in this order: a clause's own days, its suspension, exemptions, lists of parties. Each condition
answers yes, no or unknown. The strictest clause that is met decides; where one that *may* be met is stricter still, the
outcome is undetermined. A party nobody named counts as not listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

import numpy as np

from ytterby.rules import parties as party_lists
from ytterby.rules import regimes
from ytterby.rules.calendar import EPOCH
from ytterby.rules.clauses import Clause, Instrument, Interval
from ytterby.rules.columns import Bools, Columns, Ints
from ytterby.rules.conditions import CONDITIONS, Case, Judged
from ytterby.rules.conditions.border import SHIPMENTS
from ytterby.rules.conditions.goods import listed
from ytterby.rules.conditions.members import SCREENED
from ytterby.rules.parties import PartyList
from ytterby.rules.reasons import Reason, reason

Outcome = Literal["free", "reported", "licence", "refused", "undetermined"]

FREE, REPORTED, LICENCE, REFUSED, UNDETERMINED = range(5)
OUTCOMES: tuple[Outcome, ...] = ("free", "reported", "licence", "refused", "undetermined")
"""From the mildest to the strictest, then what cannot be said."""

STRICTNESS = {"notice": FREE, "tested": FREE, "reported": REPORTED, "licence": LICENCE, "refused": REFUSED}
STRICTNESS |= {"buyer_ban": REFUSED}
"""What is held for a test is formally free."""

KINDS = ("general", "individual", "certificate")
GRADES = "ABCM"
BINDING = frozenset({"licence", "refused", "buyer_ban"})
LISTING = frozenset({"export", "equipment", "technology", "service"})
"""Triggers of the clauses that make up the dual-use list."""


@dataclass(frozen=True)
class Law:
    """The clauses as known on a day under a reading, with the lists of parties."""

    instruments: tuple[Instrument, ...]
    lists: Mapping[str, PartyList]
    known: date
    reading: str
    decided: Mapping[str, str] = field(default_factory=dict)
    """What a person decided about a name: spelt name → spelt name of a listed party, or empty."""

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """Every clause, by id."""
        table = regimes.clauses(self.instruments)
        return tuple(table[name] for name in sorted(table))

    @cached_property
    def spoken(self) -> tuple[Clause, ...]:
        """The clauses that speak of shipments."""
        return tuple(clause for clause in self.clauses if clause.trigger in SHIPMENTS)

    @cached_property
    def first(self) -> date:
        """The first day on which some list of a seller's government holds: what was before is not known here."""
        days = [
            interval.since
            for clause in self.spoken
            if clause.trigger != "buyer" and clause.items.scope == "listed" and clause.outcome in BINDING
            for interval in clause.in_force
            if interval.applies(self.known, self.reading)
        ]
        return min(days, default=date.max)

    @cached_property
    def turns(self) -> tuple[date, ...]:
        """Days on which some clause, suspension or list begins or ceases to hold, rising."""
        turns: set[date] = set()
        for instrument in self.instruments:
            intervals = [i for clause in instrument.clauses for i in clause.in_force]
            intervals += [i for suspension in instrument.suspends for i in suspension.intervals]
            for interval in intervals:
                if interval.applies(self.known, self.reading):
                    turns |= _edges(interval)
        for one in self.lists.values():
            for party in one.members:
                first, last = one.days(party)
                turns |= {first} | ({last + timedelta(days=1)} if last < date.max else set())
        return tuple(sorted(turns))

    @cached_property
    def rivals(self) -> tuple[str, ...]:
        """Every reading somebody holds."""
        return tuple(regimes.readings(self.instruments)) or (self.reading,)

    @cached_property
    def doubt(self) -> int:
        """How well the reading itself is founded, as an index into `GRADES`."""
        rival = regimes.readings(self.instruments).get(self.reading)
        return 0 if rival is None else min(GRADES.index(source.confidence) for source in rival.sources)

    @cached_property
    def exemptions(self) -> tuple[tuple[int, int], ...]:
        """(exemption, clause that it lifts), as places in `spoken`."""
        return tuple(
            (at, row)
            for at, exemption in enumerate(self.spoken)
            if exemption.exempts
            for row, clause in enumerate(self.spoken)
            if _exempted(exemption, clause)
        )

    def standing(self, days: Ints) -> tuple[Bools, Bools]:
        """(clause, day) which of the `spoken` clauses are in force, and where the readings differ about that."""
        kept = self._stood
        fresh = [day for day in days.tolist() if day not in kept]
        if fresh:
            active, unsettled = self._stands(np.array(fresh, dtype=np.int64))
            kept |= {day: (active[:, at], unsettled[:, at]) for at, day in enumerate(fresh)}
        columns = [kept[day] for day in days.tolist()]
        shape = (len(days), len(self.spoken))
        both = [np.array([one[at] for one in columns], dtype=np.bool_).reshape(shape).T for at in (0, 1)]
        return both[0], both[1]

    @cached_property
    def _stood(self) -> dict[int, tuple[Bools, Bools]]:
        """Per day what `_stands` said: the same days are asked for again and again."""
        return {}

    def _stands(self, days: Ints) -> tuple[Bools, Bools]:
        shape = (len(self.spoken), len(days))
        active, unsettled = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
        for row, clause in enumerate(self.spoken):
            by = self._suspenders.get(clause.id, ())
            active[row] = regimes.on_days(clause, days, self.known, self.reading, by)
            if clause.id in self._contested:
                for name in self.rivals:
                    other = regimes.on_days(clause, days, self.known, name, by)
                    unsettled[row] |= other != active[row]
        return active, unsettled

    @cached_property
    def _suspenders(self) -> Mapping[str, tuple[Instrument, ...]]:
        """The instruments that suspend a clause, by its id."""
        suspending = [instrument for instrument in self.instruments if instrument.suspends]
        found = {
            clause.id: tuple(one for one in suspending if any(each.reaches(clause) for each in one.suspends))
            for clause in self.spoken
        }
        return {name: by for name, by in found.items() if by}

    @cached_property
    def _contested(self) -> frozenset[str]:
        """Clauses whose days hang on a reading."""
        found = set()
        for clause in self.spoken:
            intervals = [*clause.in_force]
            for instrument in self._suspenders.get(clause.id, ()):
                intervals += [i for one in instrument.suspends if one.reaches(clause) for i in one.intervals]
            if any(interval.readings for interval in intervals):
                found.add(clause.id)
        return frozenset(found)


def _edges(interval: Interval) -> set[date]:
    after = {interval.until + timedelta(days=1)} if interval.until is not None and interval.until < date.max else set()
    return {interval.since} | after


def law(
    known: date,
    reading: str = regimes.DEFAULT_READING,
    instruments: Iterable[Instrument] | None = None,
    lists: Mapping[str, PartyList] | None = None,
    decided: Mapping[str, str] | None = None,
) -> Law:
    """The law as one sees it who knows what was known on `known` and reads so.

    Raises:
        UnknownName: a reading nobody holds.
    """
    chosen = tuple(regimes.load() if instruments is None else instruments)
    regimes.check_reading(reading, chosen)
    held = party_lists.known_on(party_lists.load() if lists is None else lists, known)
    return Law(chosen, held, known, reading, decided or {})


@dataclass(frozen=True)
class Judgement:
    """What the law says of many shipments; arrays are (shipment,) or (clause, shipment)."""

    held: Law
    columns: Columns
    clauses: tuple[Clause, ...]
    """Those that speak of shipments."""
    rank: Ints
    """Index into `OUTCOMES`."""
    sure: Ints
    """The strictest of the clauses that are met for certain, as a rank."""
    yes: Bools
    """(clause, shipment) the clause is met, in force and not lifted."""
    unknown: Bools
    """(clause, shipment) it may be."""
    active: Bools
    """(clause, shipment) it is in force on the day."""
    lifted: Bools
    """(clause, shipment) an exemption lifts it."""
    decides: Bools
    """(clause, shipment) it decides the outcome."""
    near: Bools
    """(clause, shipment) it speaks of such goods on such a way, and one thing alone keeps it off."""
    screened: Bools
    """(clause, shipment) it would bite if a party of the transfer were on one of its lists."""
    grades: Ints
    """(clause, shipment) how well it is founded, as an index into `GRADES`."""
    judged: tuple[tuple[Judged, ...], ...]
    """Per clause what each of its conditions said."""

    def deciding(self, row: int) -> list[Clause]:
        """The clauses that decide one shipment."""
        return [self.clauses[at] for at in np.flatnonzero(self.decides[:, row])]

    def licence(self, row: int) -> tuple[str, ...]:
        """Kinds that satisfy every deciding clause; where none does, any that one of them takes."""
        if self.rank[row] not in (LICENCE, REPORTED):
            return ()
        kinds = [frozenset[str](clause.licence) for clause in self.deciding(row) if clause.licence]
        if not kinds:
            return ()
        taken = frozenset[str].intersection(*kinds) or frozenset[str]().union(*kinds)
        return tuple(kind for kind in KINDS if kind in taken)

    def confidence(self, row: int) -> str:
        """The weakest of what the answer rests on, each clause taken at its best source.

        It rests on the deciding clauses, with the parties they matched, and with the reading where the readings differ
        about them on the day; a free one also on the clauses that one thing alone keeps off. A where no clause comes
        near, and the weakest of all where the law of the day is not known here.
        """
        if self._unwritten(row):
            return GRADES[-1]
        basis = self.decides[:, row]
        if self.rank[row] == FREE:
            basis = basis | self.near[:, row]
        return GRADES[int(self.grades[basis, row].max(initial=0))]

    def missing(self, row: int) -> list[tuple[str, Reason]]:
        """(fact, why it matters): what could make the answer stricter, or lift what it rests on."""
        sure = int(self.sure[row])
        hanging: dict[str, list[str]] = {}
        unclear: list[str] = []
        met = [self.clauses[at] for at in np.flatnonzero(self.yes[:, row]) if self._binds(int(at), sure)]
        for at in np.flatnonzero(self.unknown[:, row]):
            clause = self.clauses[at]
            lifts = bool(met) and all(_exempted(clause, one) for one in met)
            if STRICTNESS[clause.outcome] <= sure and not lifts:
                continue
            for fact in self.hangs_on(int(at), row):
                hanging.setdefault(fact, []).append(clause.id)
            if clause.disputed:
                hanging[f"text of {clause.id}"] = [clause.id]
                unclear.append(f"text of {clause.id}")
        found = [
            (fact, reason("text_decides", clause=ids[0]) if fact in unclear else _why(ids))
            for fact, ids in hanging.items()
        ]
        if self._unwritten(row):
            found.append(("law", self._before()))
        if self.columns["end_user"].unknown[row] and any(
            STRICTNESS[self.clauses[at].outcome] >= sure for at in np.flatnonzero(self.screened[:, row])
        ):
            found.append(("end_user", reason("nobody_named")))
        return found

    def _binds(self, at: int, sure: int) -> bool:
        return sure > FREE and STRICTNESS[self.clauses[at].outcome] == sure

    def _unwritten(self, row: int) -> bool:
        early = EPOCH + timedelta(days=int(self.columns.days[row])) < self.held.first
        return early and int(self.rank[row]) == UNDETERMINED

    def _before(self) -> Reason:
        if self.held.first == date.max:
            return reason("nothing_known", day=self.held.known)
        return reason("nothing_before", day=self.held.first)

    def hangs_on(self, at: int, row: int) -> list[str]:
        """The facts nobody told on which a clause hangs for one shipment."""
        untold = self.columns.untold
        asked = [fact for one in self.judged[at] if one.unknown[row] for fact in one.facts]
        return [fact for fact in dict.fromkeys(asked) if fact not in untold or untold[fact][row]]


def _why(ids: Sequence[str]) -> Reason:
    if len(ids) > 3:
        return reason("decides_more", clauses=tuple(ids[:3]), n=len(ids) - 3)
    return reason("decides_one" if len(ids) == 1 else "decides", clauses=tuple(ids))


def judge(held: Law, shipments: Columns) -> Judgement:
    """Judges each shipment on its own day."""
    spoken, rows = held.spoken, len(shipments)
    days, back = np.unique(shipments.days, return_inverse=True)
    active, unsettled = (one[:, back] for one in held.standing(days))
    case = _case(held, shipments, active)
    judged = tuple(_asked(clause, case) for clause in spoken)
    yes = _stack([_all_yes(said, rows) for said in judged], rows)
    fails = np.array([_failing(said, rows) for said in judged], dtype=np.int64).reshape(len(spoken), rows)
    disputed = _flags(spoken, lambda clause: bool(clause.disputed))
    met, open_ = yes & active & ~disputed, active & np.where(disputed, fails == 0, ~yes & (fails == 0))
    lifted = _lifted(held, met)
    met, open_ = met & ~lifted, open_ & ~lifted
    rank, sure, decides = _resolve(spoken, met, open_)
    unwritten = (shipments.days < (held.first - EPOCH).days) & (rank < REFUSED)
    return Judgement(
        held=held,
        columns=shipments,
        clauses=spoken,
        rank=np.where(unwritten, UNDETERMINED, rank),
        sure=sure,
        yes=met,
        unknown=open_,
        active=active,
        lifted=lifted,
        decides=decides & ~unwritten,
        near=_near(spoken, judged, fails, active & ~lifted),
        screened=_screened(spoken, judged, active),
        grades=_grades(held, judged, unsettled),
        judged=judged,
    )


def _asked(clause: Clause, case: Case) -> tuple[Judged, ...]:
    """What the conditions say; once one has ruled the clause out for every shipment, the rest are not asked."""
    said: list[Judged] = []
    for ask in CONDITIONS:
        one = ask(clause, case)
        if one is None:
            continue
        said.append(one)
        if one.essential and not one.yes.any() and not one.unknown.any():
            break
    return tuple(said)


def _stack(rows: Sequence[Bools], width: int) -> Bools:
    return np.array(rows, dtype=np.bool_).reshape(len(rows), width)


def _flags(spoken: Sequence[Clause], ask: Callable[[Clause], bool]) -> Bools:
    return np.array([ask(clause) for clause in spoken], dtype=np.bool_)[:, None]


def _case(held: Law, shipments: Columns, active: Bools) -> Case:
    """The shipments with what is listed on the day: what a licence clause in force names by itself.

    A control code shows that the item is listed, whether or not the list is encoded here.
    """
    sure = ~shipments["control_code"].unknown
    maybe = np.zeros(len(shipments), dtype=np.bool_)
    for row, clause in enumerate(held.spoken):
        if clause.outcome == "licence" and clause.items.scope == "listed" and clause.trigger in LISTING:
            said = listed(clause, shipments)
            sure = sure | (said.yes & active[row])
            maybe |= said.unknown & active[row]
    return Case(shipments, held.lists, sure, maybe & ~sure, held.decided)


def _all_yes(said: Sequence[Judged], rows: int) -> Bools:
    met = np.ones(rows, dtype=np.bool_)
    for one in said:
        met &= one.yes
    return met


def _failing(said: Sequence[Judged], rows: int) -> Ints:
    """How many conditions say no, (shipment,)."""
    failing = np.zeros(rows, dtype=np.int64)
    for one in said:
        failing += ~one.yes & ~one.unknown
    return failing


def _near(spoken: Sequence[Clause], judged: Sequence[Sequence[Judged]], fails: Ints, holds: Bools) -> Bools:
    # Whether a party stands on a list is said apart: by the note on lists, and by what is missing.
    # A clause about anything at all comes near everything, which says nothing.
    counts = _flags(spoken, lambda one: one.outcome in BINDING and not one.lists and one.items.scope != "any")
    fit = [_all_yes([one for one in said if one.essential], fails.shape[1]) for said in judged]
    once = np.asarray(fails + ~holds == 1, dtype=np.bool_)
    return counts & once & _stack(fit, fails.shape[1])


def _screened(spoken: Sequence[Clause], judged: Sequence[Sequence[Judged]], active: Bools) -> Bools:
    found = np.zeros(active.shape, dtype=np.bool_)
    for row, clause in enumerate(spoken):
        if clause.lists:
            rest = [one for one in judged[row] if one.facts != SCREENED]
            found[row] = active[row] & (_failing(rest, active.shape[1]) == 0)
    return found


def _grades(held: Law, judged: Sequence[Sequence[Judged]], unsettled: Bools) -> Ints:
    grades = np.zeros(unsettled.shape, dtype=np.int64)
    for row, clause in enumerate(held.spoken):
        grades[row] = min(GRADES.index(source.confidence) for source in clause.sources)
        for one in judged[row]:
            if one.grade is not None:
                grades[row] = np.maximum(grades[row], one.grade)
    return np.where(unsettled, np.maximum(grades, held.doubt), grades)


def _exempted(exemption: Clause, clause: Clause) -> bool:
    """Whether one clause lifts another; lists of parties and other exemptions are not lifted."""
    named = clause.id in exemption.exempts or clause.instrument in exemption.exempts
    return named and not clause.lists and not clause.exempts


def _lifted(held: Law, met: Bools) -> Bools:
    """Where an exemption that is met lifts a clause."""
    lifted = np.zeros(met.shape, dtype=np.bool_)
    for at, row in held.exemptions:
        lifted[row] |= met[at]
    return lifted


def _resolve(spoken: Sequence[Clause], met: Bools, open_: Bools) -> tuple[Ints, Ints, Bools]:
    """Rank, rank for certain, and which clauses decide."""
    # A byte for each clause and shipment: these are the largest arrays of a table.
    strict = np.array([STRICTNESS[clause.outcome] for clause in spoken], dtype=np.int8)[:, None]
    exempting = _flags(spoken, lambda clause: bool(clause.exempts))
    speaks = exempting | _flags(spoken, lambda clause: clause.outcome == "tested")
    none = np.int8(0)
    sure = np.where(met, strict, none).max(axis=0, initial=0).astype(np.int64)
    possible = np.where(open_ & ~exempting, strict, none).max(axis=0, initial=0).astype(np.int64)
    rank = np.where(possible > sure, UNDETERMINED, sure)
    decides = met & (strict == sure) & ((strict > FREE) | speaks)
    decides |= (rank == UNDETERMINED) & open_ & (strict == possible)
    return rank, sure, decides
