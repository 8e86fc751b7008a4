"""Home to the regimes a passport answers for: China 18 and 61, DFARS from 2027, the benchmarks of the CRMA.

Each is asked under each reading of what is unsettled, with the clauses that decide and the margin to each line. A
regime is asked by itself: its own instrument with those that suspend or exempt it. Where it speaks of a transfer that
has not happened, the passport says which one was assumed. What a missing fact decides is undetermined, and named.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal

from ytterby.custody.passport.bill import Made
from ytterby.rules import regimes as texts
from ytterby.rules import verdicts
from ytterby.rules.exposure import Exposure, Margin, roll_up
from ytterby.rules.facts import Facts, of
from ytterby.rules.judging import Law
from ytterby.terms.errors import InputError

Status = Literal["satisfied", "not satisfied", "undetermined", "out of scope"]
DFARS_FROM = datetime.date(2027, 1, 1)
THIRD = ("DE", "KR")
"""Two countries between which a transfer is assumed where none is told."""
_BY_OUTCOME: Mapping[str, Status] = {
    "free": "satisfied", "reported": "satisfied", "licence": "not satisfied", "refused": "not satisfied",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Regime:
    """What is asked, of which instrument."""

    id: str
    instrument: str
    lines: tuple[str, ...]
    """Ids of `rules.exposure.LINES` that it draws."""
    asks: str
    """What is taken to satisfy it."""


CN_18 = Regime("cn-18", "cn-18-2025", ("cn-18-mass",), "it may leave China without a licence")
CN_61 = Regime(
    "cn-61",
    "cn-61-2025",
    ("cn-61-value", "cn-61-part-1"),
    "it may move between two other countries without a Chinese licence",
)
DFARS = Regime("us-dfars-2027", "us-dfars-7052", ("us-50-cots",), "it may be delivered to the US Department of Defense")
CRMA = Regime("eu-crma", "eu-crma", ("eu-25-recycled", "eu-65-mass"), "it meets the benchmarks of the Union for 2030")


@dataclass(frozen=True)
class Item:
    """What the regimes are asked about."""

    facts: Mapping[str, Any]
    """Of the lot, under the keys of a facts file: item, origin, stages, technology_origin."""
    made: Made
    lies: str
    """Country in which it lies; empty where it is not told, or in several."""


def answers(item: Item, held: Law, readings: Sequence[str], on: datetime.date) -> list[dict[str, Any]]:
    """What each regime says under each reading, as plain values."""
    exposure, why = _rolled(item.made)
    margins = {one.line.id: one for one in _margins(exposure)}
    share = _share(margins.get("cn-61-part-1"))
    told = {**item.facts, **({} if share is None else {"china_value_share": share})}
    since = item.lies if item.lies not in ("", "CN") else THIRD[0]
    aim = next(code for code in THIRD if code != since)
    routes: Sequence[tuple[Regime, datetime.date, dict[str, Any]]] = (
        (CN_18, on, {"from": "CN", "to": aim, "end_use": "civil"}),
        (CN_61, on, {"from": since, "to": aim, "end_use": "civil"}),
        (DFARS, max(on, DFARS_FROM), {"from": since, "to": "US", "end_use": "military", "contract": "us_dod"}),
    )
    found = []
    for regime, day, route in routes:
        law = _alone(held, regime.instrument)
        facts = _facts({**told, **route})
        for name in readings:
            found.append(_asked(regime, replace(law, reading=name), facts, day, route, margins, why))
    found.append(_benchmarks(exposure, why, on))
    return found


def _facts(told: Mapping[str, Any]) -> Facts:
    try:
        return of(told, "the passport")
    except InputError:
        # What contradicts itself is not told: the share of China of a thing made there, first of all.
        return of({key: value for key, value in told.items() if key != "china_value_share"}, "the passport")


def _rolled(made: Made) -> tuple[Exposure | None, tuple[str, ...]]:
    if made.bill is None:
        return None, made.missing
    try:
        return roll_up(made.bill, made.root), ()
    except InputError as error:
        # Values that contradict each other say nothing; masses still do.
        bare = replace(made.bill, things={name: replace(one, value=None) for name, one in made.bill.things.items()})
        return roll_up(bare, made.root), (str(error.cause),)


def _margins(exposure: Exposure | None) -> Iterable[Margin]:
    if exposure is None:
        return ()
    try:
        return exposure.margins("CN")
    except InputError:
        return ()  # a part worth more than its whole: no line can be held against it


def _share(margin: Margin | None) -> float | None:
    """The share to ask the law about: where the line lies within the interval nobody can say."""
    if margin is None or margin.share is None or margin.verdict in ("undetermined", "nothing"):
        return None
    return float(margin.share.low if margin.verdict == "reached" else margin.share.high)


class _Alone(Law):
    """A law of one regime: that nothing else is known of is no lack."""

    @cached_property
    def first(self) -> datetime.date:
        """From the beginning: whether the seller's government has a list is not asked."""
        return datetime.date.min


def _alone(held: Law, instrument: str) -> Law:
    """A law of one instrument, with what suspends or exempts it."""
    own = {clause.id for one in held.instruments if one.id == instrument for clause in one.clauses} | {instrument}
    kept = tuple(
        one
        for one in held.instruments
        if one.id == instrument
        or any(suspension.instrument == instrument for suspension in one.suspends)
        or any(own & set(clause.exempts) for clause in one.clauses)
    )
    rivals = set(texts.readings(kept))
    reading = held.reading if held.reading in rivals else texts.DEFAULT_READING
    return _Alone(kept, held.lists, held.known, reading, held.decided)


def _asked(
    regime: Regime, held: Law, facts: Facts, on: datetime.date, route: Mapping[str, Any],
    margins: Mapping[str, Margin], why: Sequence[str],
) -> dict[str, Any]:  # fmt: skip
    names = texts.readings(held.instruments)
    asked = held if held.reading in names else replace(held, reading=texts.DEFAULT_READING)
    said = verdicts.under(asked, facts, on)
    own = [name for name in said.clauses if name.startswith(f"{regime.instrument}.")]
    status: Status = _BY_OUTCOME.get(said.outcome, "undetermined")
    if status == "satisfied" and not _covers(regime, held, facts):
        status = "out of scope"
    return {
        "regime": regime.id,
        "asks": regime.asks,
        "reading": held.reading,
        "on": on.isoformat(),
        "assumed": dict(route),
        "status": status,
        "outcome": said.outcome,
        "clauses": own or list(said.clauses),
        "reasons": [str(one) for one in said.reasons],
        "missing": [name for name, _ in said.missing] + list(why),
        "confidence": said.confidence,
        "next_change": None if said.next_change is None else said.next_change.isoformat(),
        "margins": [_margin(margins[line]) for line in regime.lines if line in margins],
    }


def _covers(regime: Regime, held: Law, facts: Facts) -> bool:
    """Whether any clause of the instrument is about things of this form with one of these elements."""
    inside = facts.elements
    for one in held.instruments:
        for clause in one.clauses if one.id == regime.instrument else ():
            items = clause.items
            forms = not items.forms or not facts.form or facts.form in items.forms
            if forms and (inside is None or not items.elements or inside & set(items.elements)):
                return True
    return False


def _benchmarks(exposure: Exposure | None, why: Sequence[str], on: datetime.date) -> dict[str, Any]:
    """The CRMA: a quarter recycled, and no more than 65 % from one third country."""
    found: list[Margin] = []
    if exposure is not None:
        origins = sorted({thing.origin for thing in exposure.tree.things if thing.origin} or {"CN"})
        try:
            thirds = [next(m for m in exposure.margins(code) if m.line.id == "eu-65-mass") for code in origins]
            found = [next(m for m in exposure.margins("CN") if m.line.id == "eu-25-recycled"), max(thirds, key=_weight)]
        except InputError as error:
            why = (*why, str(error.cause))
    good = {"eu-25-recycled": "reached", "eu-65-mass": "below"}
    states = [one.verdict for one in found]
    status: Status = "undetermined"
    if found and "nothing" in states:
        status = "out of scope"
    elif found and all(one.verdict == good[one.line.id] for one in found):
        status = "satisfied"
    elif any(one.verdict not in ("undetermined", good[one.line.id]) for one in found):
        status = "not satisfied"
    untold = sorted({what for _, what in exposure.missing} & {"origin", "composition"}) if exposure is not None else []
    untold += (
        ["recycled"] if any(one.line.id == "eu-25-recycled" and one.verdict == "undetermined" for one in found) else []
    )
    return {
        "regime": CRMA.id,
        "asks": CRMA.asks,
        "reading": "",
        "on": on.isoformat(),
        "assumed": {},
        "status": status,
        "outcome": "",
        "clauses": ["eu-crma.benchmarks"],
        "reasons": ["benchmarks for the Union as a whole in 2030, not duties of a firm"],
        "missing": [*(untold if "undetermined" in states else []), *why],
        "confidence": "B",
        "next_change": None,
        "margins": [_margin(one) for one in found],
    }


def _weight(one: Margin) -> Fraction:
    return one.share.high if one.share is not None else Fraction(-1)


def _margin(one: Margin) -> dict[str, Any]:
    """A margin as plain values, its fractions exact where they can be read."""
    share, margin = one.share, one.margin
    return {
        "line": one.line.id,
        "what": one.line.what,
        "at": str(one.line.at),
        "side": one.line.side,
        "origin": one.origin,
        "low": None if share is None else number(share.low),
        "high": None if share is None else number(share.high),
        "margin": None if margin is None else [float(end) for end in margin],
        "verdict": one.verdict,
        "doubt": one.line.doubt,
    }


LONGEST = 600
"""Bits of a denominator up to which a fraction is written out; beyond, it is rounded to 60 digits and says so (~)."""
DIGITS = 60


def number(share: Fraction) -> dict[str, Any]:
    """A share as ``{"value", "exact"}``: twelve digits to read, and the fraction itself.

    >>> number(Fraction(1, 3))
    {'value': '0.333333333333', 'exact': '1/3'}
    """
    twelve = round(share * 10**12)
    value = f"{twelve // 10**12}.{twelve % 10**12:012d}" if share.denominator > 1 else str(share.numerator)
    if share.denominator.bit_length() > LONGEST:
        return {"value": value, "exact": f"~{round(share * 10**DIGITS)}/1e{DIGITS}"}
    return {"value": value, "exact": str(share)}
