"""Home to the verdict: what the clauses say of one transfer on one day, why, how sure, and until when.

Exceptions override in this order: a clause's own days, its suspension, exemptions, lists of parties. Each condition
answers yes, no or unknown; where a fact nobody told could make the answer stricter it is *undetermined*, and names the
fact. A party nobody named is taken as not listed, and the verdict says that it has to be screened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from ytterby.rules import parties as party_lists
from ytterby.rules import regimes
from ytterby.rules.clauses import Clause, Instrument, Interval
from ytterby.rules.columns import Bools, Columns, Ints, columns
from ytterby.rules.conditions import CONDITIONS, Case, Judged
from ytterby.rules.conditions.border import SHIPMENTS
from ytterby.rules.conditions.goods import listed
from ytterby.rules.facts import Facts
from ytterby.rules.parties import PartyList

Outcome = Literal["free", "reported", "licence", "refused", "undetermined"]

FREE, REPORTED, LICENCE, REFUSED, UNDETERMINED = range(5)
OUTCOMES: tuple[Outcome, ...] = ("free", "reported", "licence", "refused", "undetermined")
"""From the mildest to the strictest, then what cannot be said."""

STRICTNESS = {"notice": FREE, "reported": REPORTED, "tested": REPORTED, "licence": LICENCE, "refused": REFUSED}
STRICTNESS |= {"buyer_ban": REFUSED}

KINDS = ("general", "individual", "certificate")
GRADES = "ABCM"


@dataclass(frozen=True)
class Verdict:
    """What is said of one transfer on one day under one reading."""

    outcome: Outcome
    licence: tuple[str, ...]
    """Kinds of licence that would do: general, individual, certificate."""
    clauses: tuple[str, ...]
    """Ids of the clauses that decide."""
    passed_over: tuple[tuple[str, str], ...]
    """(clause id, why it does not decide)."""
    missing: tuple[tuple[str, str], ...]
    """(fact, why it matters)."""
    confidence: str
    """A text of the instrument seen, B law firm, agency or wire, C one weak source, M from memory."""
    next_change: date | None
    """The next day on which outcome, licence or deciding clauses differ, as far as is known today."""
    reading: str
    on: date
    known: date
    reasons: tuple[str, ...] = ()
    """Per deciding clause, what it asks and since when."""
    notes: tuple[str, ...] = ()
    """Doubts of the deciding clauses, how applications fare, and what becomes of the answer next."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, as ``ytterby check --json`` prints them."""
        return {
            "outcome": self.outcome,
            "licence": " or ".join(self.licence) or None,
            "clauses": list(self.clauses),
            "passed_over": [{"clause": name, "why": why} for name, why in self.passed_over],
            "missing": [name for name, _ in self.missing],
            "confidence": self.confidence,
            "next_change": None if self.next_change is None else self.next_change.isoformat(),
            "reading": self.reading,
            "on": self.on.isoformat(),
            "known": self.known.isoformat(),
            "reasons": list(self.reasons),
            "notes": [*self.notes, *(f"{name}: {why}" for name, why in self.missing)],
        }


@dataclass(frozen=True)
class Law:
    """The clauses as known on a day under a reading, with the lists of parties."""

    instruments: tuple[Instrument, ...]
    lists: Mapping[str, PartyList]
    known: date
    reading: str
    decided: Mapping[str, str] = field(default_factory=dict)
    """What a person decided about a name: spelt name → spelt name of a listed party, or empty."""

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """Every clause, by id."""
        return _sorted(self.instruments)


@lru_cache(maxsize=8)
def _sorted(instruments: tuple[Instrument, ...]) -> tuple[Clause, ...]:
    table = regimes.clauses(instruments)
    return tuple(table[name] for name in sorted(table))


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
    """The verdict on a transfer on the day `on`, from what was known on `known` (without it: on that day itself).

    Raises:
        UnknownName: a reading nobody holds.
    """
    return under(law(known or on, reading, instruments, lists, decided), facts, on)


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
    days = [on, *_turns(held, on)]
    found = judge(held, columns([facts] * len(days), days))
    answers = [_answer(found, row) for row in range(len(days))]
    later = next((row for row in range(1, len(days)) if answers[row] != answers[0]), None)
    told = _told(found, facts, on)
    if later is None:
        return told
    then = OUTCOMES[found.rank[later]]
    note = f"from {days[later]} the answer is: {then}"
    return replace(told, next_change=days[later], notes=(*told.notes, note))


def _turns(held: Law, on: date) -> list[date]:
    """Days after `on` on which some clause, suspension or list may begin or cease to hold."""
    turns: set[date] = set()
    for instrument in held.instruments:
        intervals = [i for clause in instrument.clauses for i in clause.in_force]
        intervals += [i for suspension in instrument.suspends for i in suspension.intervals]
        for interval in intervals:
            if interval.applies(held.known, held.reading):
                turns |= _edges(interval)
    for one in held.lists.values():
        for party in one.members:
            first, last = one.days(party)
            turns |= {first} | ({last + timedelta(days=1)} if last < date.max else set())
    return sorted(day for day in turns if day > on)


def _edges(interval: Interval) -> set[date]:
    after = {interval.until + timedelta(days=1)} if interval.until is not None and interval.until < date.max else set()
    return {interval.since} | after


@dataclass(frozen=True)
class Judgement:
    """What the law says of many shipments; arrays are (shipment,) or (clause, shipment)."""

    held: Law
    columns: Columns
    clauses: tuple[Clause, ...]
    """Those that speak of shipments."""
    rank: Ints
    """Index into `OUTCOMES`."""
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
    judged: tuple[tuple[Judged, ...], ...]
    """Per clause what each of its conditions said."""


def judge(held: Law, shipments: Columns) -> Judgement:
    """Judges each shipment on its own day."""
    spoken = tuple(clause for clause in held.clauses if clause.trigger in SHIPMENTS)
    days, back = np.unique(shipments.days, return_inverse=True)
    active = np.array(
        [regimes.on_days(clause, days, held.known, held.reading, held.instruments)[back] for clause in spoken],
        dtype=np.bool_,
    ).reshape(len(spoken), len(shipments))
    case = _case(held, shipments, spoken, active)
    judged = tuple(tuple(said for ask in CONDITIONS if (said := ask(clause, case)) is not None) for clause in spoken)
    shape = (len(spoken), len(shipments))
    yes = np.array([_all_yes(said, len(shipments)) for said in judged], dtype=np.bool_).reshape(shape)
    no = np.array([_any_no(said, len(shipments)) for said in judged], dtype=np.bool_).reshape(shape)
    disputed = np.array([bool(clause.disputed) for clause in spoken], dtype=np.bool_)[:, None]
    met, open_ = yes & active & ~disputed, active & np.where(disputed, ~no, ~yes & ~no)
    lifted = _lifted(spoken, met, shape)
    met, open_ = met & ~lifted, open_ & ~lifted
    rank, decides = _resolve(spoken, met, open_)
    return Judgement(held, shipments, spoken, rank, met, open_, active, lifted, decides, judged)


def _case(held: Law, shipments: Columns, spoken: Sequence[Clause], active: Bools) -> Case:
    """The shipments with what is listed on the day: what a licence clause in force names by itself."""
    sure = np.zeros(len(shipments), dtype=np.bool_)
    maybe = sure.copy()
    for row, clause in enumerate(spoken):
        if clause.outcome == "licence" and clause.items.scope == "listed" and clause.trigger == "export":
            said = listed(clause, shipments)
            sure |= said.yes & active[row]
            maybe |= said.unknown & active[row]
    return Case(shipments, held.lists, sure, maybe & ~sure, held.decided)


def _all_yes(said: Sequence[Judged], rows: int) -> Bools:
    met = np.ones(rows, dtype=np.bool_)
    for one in said:
        met &= one.yes
    return met


def _any_no(said: Sequence[Judged], rows: int) -> Bools:
    failed = np.zeros(rows, dtype=np.bool_)
    for one in said:
        failed |= ~one.yes & ~one.unknown
    return failed


def _lifted(spoken: Sequence[Clause], met: Bools, shape: tuple[int, int]) -> Bools:
    """Where an exemption that is met lifts a clause; lists of parties are not lifted."""
    lifted = np.zeros(shape, dtype=np.bool_)
    for at, exemption in enumerate(spoken):
        for row, clause in enumerate(spoken):
            named = clause.id in exemption.exempts or clause.instrument in exemption.exempts
            if named and row != at and not clause.lists and not clause.exempts:
                lifted[row] |= met[at]
    return lifted


def _resolve(spoken: Sequence[Clause], met: Bools, open_: Bools) -> tuple[Ints, Bools]:
    strict = np.array([STRICTNESS[clause.outcome] for clause in spoken], dtype=np.int64)[:, None]
    tested = np.array([clause.outcome == "tested" for clause in spoken], dtype=np.bool_)[:, None]
    exempting = np.array([bool(clause.exempts) for clause in spoken], dtype=np.bool_)[:, None]
    sure = np.where(met, strict, 0).max(axis=0, initial=0)
    possible = np.where(open_ & ~exempting, strict, 0).max(axis=0, initial=0)
    # A test under a shared customs code is asked only of what no clause lists.
    possible = np.where(
        (possible == REPORTED) & (sure == FREE), np.where((open_ & tested).any(axis=0), 0, possible), possible
    )
    rank = np.where(possible > sure, UNDETERMINED, sure)
    decides = met & (strict == sure) & ((strict > FREE) | exempting)
    decides |= (rank == UNDETERMINED) & open_ & (strict == possible)
    return rank, decides


def _answer(found: Judgement, row: int) -> tuple[object, ...]:
    deciding = tuple(clause.id for at, clause in enumerate(found.clauses) if found.decides[at, row])
    return int(found.rank[row]), _licence(found, row), deciding


def _licence(found: Judgement, row: int) -> tuple[str, ...]:
    """Kinds that satisfy every deciding clause; where none does, any that one of them takes."""
    if found.rank[row] not in (LICENCE, REPORTED):
        return ()
    deciding = [clause for at, clause in enumerate(found.clauses) if found.decides[at, row] and clause.licence]
    if not deciding:
        return ()
    shared = set.intersection(*(set(clause.licence) for clause in deciding))
    taken = shared or set().union(*(set(clause.licence) for clause in deciding))
    return tuple(kind for kind in KINDS if kind in taken)


def _told(found: Judgement, facts: Facts, on: date) -> Verdict:
    """Row 0 of a judgement in words."""
    deciding = [clause for at, clause in enumerate(found.clauses) if found.decides[at, 0]]
    rank = int(found.rank[0])
    return Verdict(
        outcome=OUTCOMES[rank],
        licence=_licence(found, 0),
        clauses=tuple(clause.id for clause in deciding),
        passed_over=tuple(_passed_over(found, on)),
        missing=tuple(_missing(found, 0)),
        confidence=_confidence(deciding),
        next_change=None,
        reading=found.held.reading,
        on=on,
        known=found.held.known,
        reasons=tuple(_reason(found.held, clause, on) for clause in deciding),
        notes=tuple(_notes(found, deciding, facts)),
    )


def _confidence(deciding: Sequence[Clause]) -> str:
    """The weakest of the deciding clauses, each taken at its best source; A where no clause speaks at all."""
    grades = [min((source.confidence for source in clause.sources), key=GRADES.index) for clause in deciding]
    return max(grades, key=GRADES.index, default="A")


def _reason(held: Law, clause: Clause, on: date) -> str:
    standing = regimes.in_force(clause, on, held.known, held.reading, held.instruments)
    return f"{clause.id}: {clause.paraphrase} ({standing.why})"


def _passed_over(found: Judgement, on: date) -> Iterable[tuple[str, str]]:
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
            yield clause.id, "lifted by an exemption"
        elif found.unknown[at, 0]:
            yield clause.id, f"hangs on {', '.join(_open_facts(found, at, 0))}"
        else:
            yield clause.id, "overridden by a stricter clause"
    for clause in held.clauses:
        if clause.trigger not in SHIPMENTS:
            standing = regimes.in_force(clause, on, held.known, held.reading, held.instruments)
            yield clause.id, f"is no rule on a shipment ({clause.trigger}); {standing.why}"


def _open_facts(found: Judgement, at: int, row: int) -> list[str]:
    """The facts nobody told on which a clause hangs for one shipment."""
    untold = found.columns.untold
    asked = [fact for one in found.judged[at] if one.unknown[row] for fact in one.facts]
    return [fact for fact in dict.fromkeys(asked) if fact not in untold or untold[fact][row]]


def _missing(found: Judgement, row: int) -> Iterable[tuple[str, str]]:
    reasons: dict[str, list[str]] = {}
    sure = int(found.rank[row])
    for at, clause in enumerate(found.clauses):
        if found.unknown[at, row] and (sure == UNDETERMINED or STRICTNESS[clause.outcome] >= sure or clause.exempts):
            for fact in _open_facts(found, at, row):
                reasons.setdefault(fact, []).append(clause.id)
            if clause.disputed and sure == UNDETERMINED:
                reasons.setdefault(f"text of {clause.id}", []).append(clause.id)
    for fact, ids in reasons.items():
        more = f" and {len(ids) - 3} more" if len(ids) > 3 else ""
        yield fact, f"decides whether {', '.join(ids[:3])}{more} bite{'s' if len(ids) == 1 else ''}"
    unnamed = found.columns["end_user"].unknown[row]
    if unnamed and any(clause.lists and found.active[at, row] for at, clause in enumerate(found.clauses)):
        yield "end_user", "nobody was named, so nobody was screened against the lists of parties"


def _notes(found: Judgement, deciding: Sequence[Clause], facts: Facts) -> Iterable[str]:
    for clause in deciding:
        if clause.policy or (clause.military and facts.end_use == "military"):
            policy = (clause.policy or clause.military).replace("_", " ")
            yield f"{clause.id}: applications meet {policy}"
        if clause.review_working_days and clause.outcome == "licence":
            yield f"{clause.id}: review within {clause.review_working_days} working days of acceptance"
        for doubt in clause.doubts:
            yield f"{clause.id}: {doubt}"
    for name in sorted({name for clause in found.clauses for name in clause.lists}):
        one = found.held.lists.get(name)
        if one is not None and not one.complete and facts.end_user and any(c.lists for c in deciding) is False:
            yield f"list {name} is not complete here ({len(one.members)} of {one.size or 'unknown'} names)"
    if not deciding and not any(bool(row.any()) for row in found.active):
        yield f"no clause on shipments was in force on {found.held.known}"
