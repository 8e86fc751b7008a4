"""Home to named parties: who is on a list on the day, by name or by being held by those who are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ytterby.rules.calendar import EPOCH
from ytterby.rules.clauses import Clause
from ytterby.rules.columns import Bools, Ints
from ytterby.rules.conditions.base import Case, Judged
from ytterby.rules.parties import Party, PartyList, spelt, stem
from ytterby.rules.reasons import Reason, reason

NAMED = ("end_user", "consignee")
"""The parties of a transfer that lists speak of."""

SCREENED = (*NAMED, "owners")
"""The facts this condition looks at; it never answers unknown."""

ROUNDING = 1e-9
GRADES = "ABCM"


def members(clause: Clause, case: Case) -> Judged | None:
    """Whether a party of the transfer is on a list of the clause; a party nobody named is taken as not listed."""
    columns = case.columns
    if not clause.lists:
        if clause.parties:
            return Judged.plain(
                np.zeros(len(columns), dtype=np.bool_), reason("about_parties", who=clause.parties), SCREENED
            )
        return None
    lists = [case.lists[name] for name in clause.lists if name in case.lists]
    yes = np.zeros(len(columns), dtype=np.bool_)
    grade = np.zeros(len(columns), dtype=np.int64)
    for one in lists:
        for name in NAMED:
            hits, founded = _on(one, name, case)
            yes |= hits
            grade = np.maximum(grade, np.where(hits, founded, 0))
        if clause.ownership is not None:
            for row in columns.owned:
                held = _held(one, row, case)
                if held.share >= clause.ownership - ROUNDING and held.share > 0:
                    yes[row] = True
                    grade[row] = max(grade[row], held.grade)
    why = reason("no_party", lists=clause.lists)

    def found(row: int) -> tuple[Reason, ...]:
        return _found(lists, row, case, owners=clause.ownership is not None)

    return Judged(yes, np.zeros_like(yes), SCREENED, lambda _: why, grade=grade, found=found)


def _on(one: PartyList, name: str, case: Case) -> tuple[Bools, Ints]:
    """Where a name stands on the list on the shipment's day, and how well that is founded; (shipment,) each."""
    column = case.columns[name]
    spans = np.tile(np.array([1, 0, 0], dtype=np.int64), (len(column.words), 1))
    for at in _suspects(name, case):
        party = _party(one, column.words[at], case)
        if party is not None:
            first, last = one.days(party)
            spans[at] = (first - EPOCH).days, (last - EPOCH).days, GRADES.index(party.confidence)
    if not (spans[:, 0] <= spans[:, 1]).any():
        return np.zeros(len(column.codes), dtype=np.bool_), np.zeros(len(column.codes), dtype=np.int64)
    taken = spans[column.codes]
    days = case.columns.days
    return np.asarray((taken[:, 0] <= days) & (days <= taken[:, 1]), dtype=np.bool_), taken[:, 2]


def _suspects(name: str, case: Case) -> tuple[int, ...]:
    """The words of a column that may be on some list: each is spelt once for all lists and clauses."""
    if name not in case.suspects:
        exact = {key for one in case.lists.values() for key in one.by_name} | set(case.decided)
        stems = {key for one in case.lists.values() for key in one.by_stem}
        words = case.columns[name].words
        case.suspects[name] = tuple(
            at for at, word in enumerate(words) if word and (spelt(word) in exact or stem(word) in stems)
        )
    return case.suspects[name]


def _party(one: PartyList, name: str, case: Case) -> Party | None:
    decided = case.decided.get(spelt(name))
    return one.find(name) if decided is None else one.by_name.get(decided)


@dataclass(frozen=True)
class _Share:
    """What listed owners hold together of one end user."""

    share: float
    grade: int
    parties: tuple[Reason, ...]


def _held(one: PartyList, row: int, case: Case) -> _Share:
    day = int(case.columns.days[row])
    share, grade, names = 0.0, 0, []
    for name, part in case.columns.owners[row].items():
        party = _party(one, name, case)
        if party is None:
            continue
        first, last = one.days(party)
        if (first - EPOCH).days <= day <= (last - EPOCH).days:
            share += part
            grade = max(grade, GRADES.index(party.confidence))
            names.append(reason("owner", name=name, share=part))
    return _Share(share, grade, tuple(names))


def _found(lists: list[PartyList], row: int, case: Case, *, owners: bool) -> tuple[Reason, ...]:
    said = []
    day = int(case.columns.days[row])
    for one in lists:
        for name in NAMED:
            word = case.columns[name][row]
            party = _party(one, word, case) if word else None
            if party is not None and _stands(one, party, day):
                said.append(_listed(name, word, one, party))
        if owners and row in case.columns.owned:
            held = _held(one, row, case)
            if held.parties:
                said.append(reason("held_by", owners=held.parties, list=one.id))
    return tuple(said)


def _stands(one: PartyList, party: Party, day: int) -> bool:
    first, last = one.days(party)
    return (first - EPOCH).days <= day <= (last - EPOCH).days


def _listed(fact: str, name: str, one: PartyList, party: Party) -> Reason:
    key = "on_list_noted" if party.note else "on_list" if party.confidence == "A" else "on_list_graded"
    return reason(key, fact=(fact,), name=name, list=one.id, party=party.name, grade=party.confidence, why=party.note)
