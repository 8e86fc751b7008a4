"""Home to regimes: the instruments, and which clause is in force on a day, as known on a day, under a reading."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ytterby.rules import pages
from ytterby.rules.calendar import EPOCH
from ytterby.rules.clauses import Assumption, Clause, Instrument, Interval, Rival, Suspension
from ytterby.rules.reasons import Reason, reason
from ytterby.terms.errors import BadValue, UnknownName

DEFAULT_READING = "extended_2027_01_10"
"""The reading a run takes when none is named: what both governments last said. It is a choice, not a finding."""

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Standing:
    """Whether a clause is in force, and why."""

    clause: str
    in_force: bool
    why: Reason
    by: str = ""
    """The instrument that suspends it, if one does."""

    def __bool__(self) -> bool:
        return self.in_force


def load(folder: Path | None = None) -> tuple[Instrument, ...]:
    """The package's instruments, and those of a project's `folder` (one YAML file each), by id.

    An instrument of the folder with the id of a package one takes its place.

    Raises:
        BadValue, UnknownName, DateOrder: with file, line and key.
    """
    found = {instrument.id: instrument for instrument in _package()}
    if folder is None:
        return tuple(found.values())
    own: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        instrument = pages.read(path, Instrument)
        if instrument.id in own:
            remedy = f"{own[instrument.id]} has it already: rename one"
            raise BadValue(f"instrument '{instrument.id}' twice", place=path.name, remedy=remedy)
        own[instrument.id] = path.name
        found[instrument.id] = instrument
    loaded = tuple(found[name] for name in sorted(found))
    _check_targets(loaded)
    return loaded


def readings(instruments: Iterable[Instrument] | None = None) -> dict[str, Rival]:
    """The rival readings that the instruments name."""
    instruments = load() if instruments is None else instruments
    return {rival.name: rival for instrument in instruments for rival in instrument.readings}


def check_reading(reading: str, instruments: Iterable[Instrument] | None = None, place: str = "") -> str:
    """`reading` itself, if it is known.

    Raises:
        UnknownName: with the nearest names.
    """
    instruments = tuple(load() if instruments is None else instruments)
    known = {*readings(instruments), DEFAULT_READING, *readings()}
    if reading not in known:
        raise UnknownName(reading, known=known, what="reading", place=place)
    return reading


def clauses(instruments: Iterable[Instrument] | None = None) -> dict[str, Clause]:
    """All clauses by id."""
    instruments = load() if instruments is None else instruments
    return {clause.id: clause for instrument in instruments for clause in instrument.clauses}


def named_lists(instruments: Iterable[Instrument] | None = None) -> tuple[tuple[str, str], ...]:
    """(clause id, list id) of every list of parties that a clause names, for `parties.check`."""
    return tuple((one.id, name) for one in clauses(instruments).values() for name in one.lists)


def clause(name: str, instruments: Iterable[Instrument] | None = None) -> Clause:
    """The clause called `name`.

    Raises:
        UnknownName: with the nearest names.
    """
    known = clauses(instruments)
    if name not in known:
        raise UnknownName(name, known=known, what="clause")
    return known[name]


def in_force(
    clause: Clause,
    on: date,
    known: date,
    reading: str = DEFAULT_READING,
    instruments: Iterable[Instrument] | None = None,
) -> Standing:
    """Whether `clause` is in force on the day `on`, to one who knows what was known on `known` and reads so.

    Exceptions override in this order: the clause's own days, then suspensions. The exemptions and the lists of parties
    come after that and need facts of a transfer.

    Raises:
        UnknownName: a reading nobody holds.
    """
    instruments = tuple(load() if instruments is None else instruments)
    check_reading(reading, instruments)
    applying = [interval for interval in clause.in_force if interval.applies(known, reading)]
    if not applying:
        first = min(interval.known for interval in clause.in_force)
        unknown = reason("unknown_before", day=first) if first > known else reason("not_so", reading=reading)
        return Standing(clause.id, False, unknown)
    base = next((interval for interval in applying if interval.covers(on)), None)
    if base is None:
        since = min(interval.since for interval in applying)
        return Standing(clause.id, False, reason("starts", day=since) if on < since else reason("ended"))
    for name, interval in suspensions(clause, known, reading, instruments):
        if interval.covers(on):
            return Standing(clause.id, False, _explained(_suspended(interval, name), interval), by=name)
    return Standing(clause.id, True, _explained(reason("in_force", since=base.since), base))


def _suspended(interval: Interval, by: str) -> Reason:
    if interval.until is None:
        return reason("suspended", since=interval.since, by=by)
    return reason("suspended_to", since=interval.since, until=interval.until, by=by)


def _explained(told: Reason, interval: Interval) -> Reason:
    return reason("explained", told=told, why=interval.why) if interval.why else told


def suspensions(
    clause: Clause, known: date, reading: str, instruments: Iterable[Instrument]
) -> tuple[tuple[str, Interval], ...]:
    """The intervals that suspend `clause`, each with the id of the instrument that does."""
    return tuple(
        (instrument.id, interval)
        for instrument in instruments
        for suspension in instrument.suspends
        if suspension.reaches(clause)
        for interval in suspension.intervals
        if interval.applies(known, reading)
    )


def on_days(clause: Clause, days: Ints, known: date, reading: str, instruments: Iterable[Instrument]) -> Bools:
    """`in_force` for many days at once: (step,) from `days` since 1970-01-01, (step,)."""
    held = np.zeros(len(days), dtype=np.bool_)
    for interval in clause.in_force:
        if interval.applies(known, reading):
            held |= _within(interval, days)
    for _, interval in suspensions(clause, known, reading, instruments):
        held &= ~_within(interval, days)
    return held


def chosen(
    instruments: Iterable[Instrument], exclude: Iterable[str] = (), assume: Iterable[Assumption] = ()
) -> tuple[Instrument, ...]:
    """The instruments without the excluded ones, and with the assumed intervals in place of their own.

    What is assumed to hold is known from the beginning and suspended by nobody; what is assumed suspended is so
    on the days given.

    Raises:
        UnknownName: an instrument or clause nobody knows.
    """
    kept = {instrument.id: instrument for instrument in instruments}
    for name in exclude:
        if name not in kept:
            raise UnknownName(name, known=kept, what="instrument", place="regimes.exclude")
        del kept[name]
    for assumption in assume:
        name = assumption.instrument
        if name not in kept:
            raise UnknownName(name, known=kept, what="instrument", place="regimes.assume")
        own = {clause.id for clause in kept[name].clauses}
        if assumption.clause and assumption.clause not in own:
            raise UnknownName(assumption.clause, known=own, what="clause", place="regimes.assume")
        if assumption.suspended:
            kept[name] = _halted(kept[name], assumption)
            continue
        reached = {assumption.clause} if assumption.clause else own
        kept[name] = kept[name].model_copy(
            update={"clauses": tuple(_assumed(c, assumption) if c.id in reached else c for c in kept[name].clauses)}
        )
        kept = {key: _spared(instrument, reached, own, name) for key, instrument in kept.items()}
    return tuple(kept.values())


def _assumed(clause: Clause, assumption: Assumption) -> Clause:
    interval = Interval(since=assumption.since, until=assumption.until, known=date.min, why="assumed by the scenario")
    return clause.model_copy(update={"in_force": (interval,)})


def _halted(instrument: Instrument, assumption: Assumption) -> Instrument:
    interval = Interval(since=assumption.since, until=assumption.until, known=date.min, why="Assumed by the scenario.")
    extra = Suspension(instrument=instrument.id, clause=assumption.clause, intervals=(interval,))
    return instrument.model_copy(update={"suspends": (*instrument.suspends, extra)})


def _spared(instrument: Instrument, reached: set[str], own: set[str], name: str) -> Instrument:
    """`instrument` without its suspensions of the reached clauses; those of their neighbours stay."""
    suspends: list[Suspension] = []
    for suspension in instrument.suspends:
        if suspension.instrument != name:
            suspends.append(suspension)
            continue
        hit = {suspension.clause} if suspension.clause else own
        suspends += [suspension.model_copy(update={"clause": clause}) for clause in sorted(hit - reached)]
    return instrument.model_copy(update={"suspends": tuple(suspends)})


def _within(interval: Interval, days: Ints) -> Bools:
    inside = days >= (interval.since - EPOCH).days
    return inside if interval.until is None else inside & (days <= (interval.until - EPOCH).days)


def _check_targets(instruments: tuple[Instrument, ...]) -> None:
    names = {instrument.id for instrument in instruments}
    ids = set(clauses(instruments))
    rivals = set(readings(instruments))
    for instrument in instruments:
        place = f"{instrument.id}.yaml"
        for suspension in instrument.suspends:
            if suspension.instrument not in names:
                raise UnknownName(suspension.instrument, known=names, what="instrument", place=f"{place}, suspends")
            if suspension.clause and suspension.clause not in ids:
                raise UnknownName(suspension.clause, known=ids, what="clause", place=f"{place}, suspends")
        for one in instrument.clauses:
            for target in one.exempts:
                if target not in names and target not in ids:
                    known = {*names, *ids}
                    raise UnknownName(
                        target, known=known, what="clause or instrument", place=f"{place}, {one.id}, exempts"
                    )
        for interval in [i for c in instrument.clauses for i in c.in_force] + [
            i for s in instrument.suspends for i in s.intervals
        ]:
            for reading in interval.readings:
                if reading not in rivals:
                    raise UnknownName(reading, known=rivals, what="reading", place=place)


@lru_cache(maxsize=1)
def _package() -> tuple[Instrument, ...]:
    folder = Path(str(resources.files("ytterby"))) / "data" / "regimes"
    read = tuple(pages.read(path, Instrument) for path in sorted(folder.glob("*.yaml")))
    _check_targets(read)
    return read
