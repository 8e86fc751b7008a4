"""Home to named parties: who is on a list on the day, by name or by being held by one who is."""

from __future__ import annotations

import numpy as np

from ytterby.rules.calendar import EPOCH
from ytterby.rules.clauses import Clause
from ytterby.rules.columns import Bools, Words
from ytterby.rules.conditions.base import Case, Judged
from ytterby.rules.parties import PartyList, spelt

NAMED = ("end_user", "consignee")
"""The parties of a transfer that lists speak of."""


def members(clause: Clause, case: Case) -> Judged | None:
    """Whether a party of the transfer is on a list of the clause; a party nobody named is taken as not listed."""
    columns = case.columns
    if not clause.lists:
        if clause.parties:
            return Judged.plain(np.zeros(len(columns), dtype=np.bool_), f"is about {clause.parties}")
        return None
    lists = [case.lists[name] for name in clause.lists if name in case.lists]
    yes = np.zeros(len(columns), dtype=np.bool_)
    for one in lists:
        for column in NAMED:
            yes |= _on(one, columns[column], case)
        if clause.ownership is not None:
            yes |= _held(one, clause.ownership, case)
    return Judged.plain(yes, f"names no party of this transfer ({', '.join(clause.lists)})")


def _on(one: PartyList, names: Words, case: Case) -> Bools:
    """Where a name stands on the list on the shipment's day."""
    spans = np.array([_days(one, name, case) for name in names.words], dtype=np.int64)[names.codes]
    return np.asarray((spans[:, 0] <= case.columns.days) & (case.columns.days <= spans[:, 1]), dtype=np.bool_)


def _days(one: PartyList, name: str, case: Case) -> tuple[int, int]:
    decided = case.decided.get(spelt(name))
    party = one.find(name) if decided is None else one.by_name.get(decided)
    if party is None:
        return (1, 0)
    first, last = one.days(party)
    return ((first - EPOCH).days, (last - EPOCH).days)


def _held(one: PartyList, floor: float, case: Case) -> Bools:
    """Where listed owners together hold the end user to the floor or beyond."""
    held = []
    for owners, day in zip(case.columns.owners, case.columns.days, strict=True):
        share = 0.0
        for name, part in owners.items():
            first, last = _days(one, name, case)
            share += part if first <= day <= last else 0.0
        held.append(share >= floor and share > 0)
    return np.array(held, dtype=np.bool_)
