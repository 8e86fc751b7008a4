"""Home to gates: the clauses compiled to arrays that say, per class of link and step, what a shipment meets.

A class of link is what the rules cannot tell apart: origin, destination, form, which controlled elements the material
contains at all, and whether the end use is military. Trace contents count: Announcement 18 states no threshold (the
0.1 % of Dy + Tb of the trade is kept as data on the clause `cn-18-2025.practice`, and as a doubt).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from ytterby.rules import regimes
from ytterby.rules.calendar import EPOCH
from ytterby.rules.clauses import Clause, Form, Instrument, Symbol
from ytterby.rules.reasons import Reason, reason
from ytterby.terms.errors import BadValue, DateOrder, UnknownName

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

TRADE = frozenset({"export", "re_export", "content", "made_with_technology", "declaration"})
"""Triggers that a shipment may pull."""


@dataclass(frozen=True)
class GateClass:
    """What the rules can tell apart about a link. Places are ISO 3166 alpha-2 (EU and ZZ as in the world)."""

    origin: str
    destination: str
    form: str
    """One of `clauses.Form`."""
    elements: frozenset[str]
    """Rare earths the material contains at all."""
    military: bool = False
    upstream: frozenset[str] = frozenset()
    """Places of earlier stages (mining, refining, melting), for bans that reach back."""
    chinese_origin: bool = False
    """Goods of Chinese origin that leave a third country."""
    chinese_share: float = 0.0
    """Value share of Chinese controlled items in goods made elsewhere."""
    chinese_technology: bool = False
    """Made elsewhere with Chinese technology of the chain."""

    def __post_init__(self) -> None:
        if self.form not in get_args(Form):
            raise UnknownName(self.form, known=get_args(Form), what="form of a material")
        for symbol in self.elements:
            if symbol not in get_args(Symbol):
                raise UnknownName(symbol, known=get_args(Symbol), what="element")
        if not 0 <= self.chinese_share <= 1:
            raise BadValue(f"a Chinese value share of {self.chinese_share}", remedy="give a share between 0 and 1")


@dataclass(frozen=True)
class Gates:
    """What each class meets at each step; arrays are (class, step) or (step,), true where it holds."""

    classes: tuple[GateClass, ...]
    days: Ints  # (step,) days since 1970-01-01
    known: date
    reading: str
    licensed: Bools  # (class, step) needs a licence, and is not refused
    refused: Bools  # (class, step) may not be shipped
    same_code: Bools  # (class, step) formally free, held for a test since controlled goods share its customs code
    presumed_denial: Bools  # (class, step) licensed, and military ends are denied in practice
    buyer_ban: Bools  # (class, step) the buyer's own government forbids it
    technology: Bools  # (step,) the October 2025 controls on plant (56) or technology and people (62) bind
    catalogue: Bools  # (step,) the standing ban of the technology catalogue binds
    reexport: Bools  # (step,) Chinese-origin goods leaving a third country need a licence
    content: Bools  # (step,) goods made elsewhere with Chinese content or technology need a licence
    in_force: Mapping[str, Bools] = field(default_factory=dict)  # clause id -> (step,)
    pulled: tuple[tuple[str, ...], ...] = ()  # per class: ids of the clauses that fit it, whenever in force
    missed: tuple[tuple[tuple[str, Reason], ...], ...] = ()  # per class: (clause id, why it does not fit)

    def outcome(self, row: int, step: int) -> str:
        """`refused`, `licence`, `tested`, `buyer_ban` or `free`: the strictest, a seller's rule before a buyer's."""
        for name, array in (("refused", self.refused), ("licence", self.licensed), ("tested", self.same_code)):
            if array[row, step]:
                return name
        return "buyer_ban" if self.buyer_ban[row, step] else "free"

    def deciding(self, row: int, step: int) -> tuple[str, ...]:
        """Ids of the clauses that decide the outcome of one class at one step."""
        outcome = self.outcome(row, step)
        table = regimes.clauses(self._instruments)
        return tuple(name for name in self.pulled[row] if self.in_force[name][step] and table[name].outcome == outcome)

    def passed_over(self, row: int, step: int) -> tuple[tuple[str, Reason], ...]:
        """(clause id, why) of the clauses on shipments that did not decide."""
        deciding = set(self.deciding(row, step))
        on = EPOCH + timedelta(days=int(self.days[step]))
        table = regimes.clauses(self._instruments)
        over = []
        for name in self.pulled[row]:
            if name not in deciding:
                standing = regimes.in_force(table[name], on, self.known, self.reading, self._instruments)
                over.append((name, reason("overridden") if standing else standing.why))
        return (*over, *self.missed[row])

    _instruments: tuple[Instrument, ...] = ()


def gates(
    classes: Sequence[GateClass],
    days: Ints | Sequence[int],
    known: date,
    reading: str = regimes.DEFAULT_READING,
    instruments: Iterable[Instrument] | None = None,
) -> Gates:
    """The gates of `classes` on `days` (days since 1970-01-01, rising), as known on `known`, under `reading`.

    A step is judged by the day given for it: give the middle of a step that is longer than a day.

    Raises:
        UnknownName: a reading nobody holds.
        DateOrder: days that run backwards.
    """
    instruments = tuple(regimes.load() if instruments is None else instruments)
    regimes.check_reading(reading, instruments)
    when = np.asarray(days, dtype=np.int64)
    if np.any(np.diff(when) < 0):
        raise DateOrder("the days of the steps run backwards", remedy="give them in rising order")
    table = regimes.clauses(instruments)
    held = {name: regimes.on_days(clause, when, known, reading, instruments) for name, clause in table.items()}
    # A simulator cannot be undetermined: what is disputed shuts no gate.
    trade = [c for c in table.values() if (c.trigger in TRADE or c.trigger == "buyer") and not c.disputed]
    rows = [_row(one, trade, held, len(when)) for one in classes]

    def stack(name: str) -> Bools:
        return np.array([getattr(row, name) for row in rows], dtype=np.bool_).reshape(len(rows), len(when))

    def any_of(trigger: str, outcome: str | None = None) -> Bools:
        fitting = [c for c in table.values() if c.trigger in trigger.split() and outcome in (None, c.outcome)]
        hits = [held[c.id] for c in fitting if _of_the_chain(c)]
        rows = np.array(hits, dtype=np.bool_).reshape(len(hits), len(when))
        return np.asarray(rows.any(axis=0), dtype=np.bool_)

    return Gates(
        classes=tuple(classes),
        days=when,
        known=known,
        reading=reading,
        licensed=stack("licensed"),
        refused=stack("refused"),
        same_code=stack("same_code"),
        presumed_denial=stack("presumed_denial"),
        buyer_ban=stack("buyer_ban"),
        technology=any_of("equipment technology service person", "licence"),
        catalogue=any_of("technology", "refused"),
        reexport=any_of("re_export", "licence"),
        content=any_of("content made_with_technology", "licence"),
        in_force=held,
        pulled=tuple(row.pulled for row in rows),
        missed=tuple(row.missed for row in rows),
        _instruments=instruments,
    )


def _of_the_chain(clause: Clause) -> bool:
    """Whether a clause is China's and about rare earths, not another country's or another metal's."""
    return "CN" in clause.origins and not clause.items.substances


@dataclass(frozen=True)
class _Row:
    licensed: Bools  # (step,)
    refused: Bools
    same_code: Bools
    presumed_denial: Bools
    buyer_ban: Bools
    pulled: tuple[str, ...]
    missed: tuple[tuple[str, Reason], ...]


def _row(one: GateClass, trade: Sequence[Clause], held: Mapping[str, Bools], steps: int) -> _Row:
    """One class: its arrays (step,) and the clauses that fit it or not."""
    none = np.zeros(steps, dtype=np.bool_)
    licensed, denial, refused, tested, banned = none.copy(), none.copy(), none.copy(), none.copy(), none.copy()
    pulled, missed = [], []
    on_list = none.copy()
    for clause in trade:
        if clause.outcome == "licence" and clause.trigger != "buyer" and not _misfit(clause, one):
            on_list |= held[clause.id]
    for clause in trade:
        why = _misfit(clause, one)
        if why:
            missed.append((clause.id, why))
            continue
        pulled.append(clause.id)
        holds = held[clause.id]
        if clause.outcome == "licence":
            licensed |= holds
            if clause.military == "presumed_denial" and one.military:
                denial |= holds
        elif clause.outcome == "refused":
            refused |= holds & on_list if clause.items.scope == "all_dual_use" else holds
        elif clause.outcome == "tested":
            tested |= holds & ~on_list
        elif clause.outcome == "buyer_ban":
            banned |= holds
    return _Row(
        licensed=licensed & ~refused,
        refused=refused,
        same_code=tested & ~licensed & ~refused,
        presumed_denial=denial & ~refused,
        buyer_ban=banned,
        pulled=tuple(pulled),
        missed=tuple(missed),
    )


def _misfit(clause: Clause, one: GateClass) -> Reason | None:
    """Why `clause` is not about `one`; None if it is."""
    return _misfit_of_trade(clause, one) or _misfit_of_use(clause, one) or _misfit_of_items(clause, one)


def _misfit_of_trade(clause: Clause, one: GateClass) -> Reason | None:
    if clause.trigger == "buyer":
        places = {one.origin, *(one.upstream if clause.upstream else ())}
        return None if places & set(clause.origins) else reason("no_stage", home=clause.origins)
    if one.origin == one.destination:
        return reason("no_border")
    home = one.origin in clause.origins
    if clause.trigger in ("export", "declaration"):
        return None if home else reason("not_from", home=clause.origins)
    if home or one.destination in clause.origins:
        return reason("not_between")
    if clause.trigger == "re_export":
        return None if one.chinese_origin else reason("not_chinese")
    if clause.trigger == "made_with_technology":
        return None if one.chinese_technology else reason("not_by_chinese_technology")
    floor = clause.threshold.at_least if clause.threshold else 0.0
    enough = one.chinese_share >= floor and one.chinese_share > 0
    return None if enough else reason("chinese_share_below", at=floor)


def _misfit_of_use(clause: Clause, one: GateClass) -> Reason | None:
    if clause.destinations and one.destination not in clause.destinations:
        return reason("not_to", places=clause.destinations)
    if clause.end_use == "any" and clause.end_uses:
        return reason("particular_ends", ends=clause.end_uses)
    if clause.end_use != "any" and (clause.end_use == "military") != one.military:
        return reason("other_ends", end=(clause.end_use,))
    return reason("named_parties") if clause.parties or clause.lists else None


def _misfit_of_items(clause: Clause, one: GateClass) -> Reason | None:
    items = clause.items
    if items.scope in ("any", "all_dual_use"):
        return None
    if one.form not in items.forms:
        return reason("other_form", form=(one.form,))
    common = one.elements & set(items.elements)
    if items.scope == "unlisted":
        return reason("listed_itself") if common else None
    return None if common else reason("lists_none")


def count_days(steps: Sequence[date]) -> Ints:
    """Dates as days since 1970-01-01, (step,)."""
    return np.array([(day - EPOCH).days for day in steps], dtype=np.int64)
