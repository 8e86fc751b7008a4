"""Home to where a shipment goes and what it is for."""

from __future__ import annotations

import numpy as np

from ytterby.rules.clauses import Clause
from ytterby.rules.conditions.base import Case, Judged
from ytterby.rules.reasons import reason

UNION = frozenset(
    ["AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV"]
) | {"MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}
"""Members of the European Union, as of 2026."""

MILITARY = frozenset({"military"})


def destination(clause: Clause, case: Case) -> Judged | None:
    """Whether it goes where the clause looks; ``EU`` names its members too."""
    if not clause.destinations or clause.trigger == "buyer":
        return None  # a buyer's rule asks who buys, see `border`
    to = case.columns["to"]
    wanted = set(clause.destinations) | (set(UNION) if "EU" in clause.destinations else set())
    return Judged.plain(to.among(wanted), reason("not_to", places=clause.destinations), ("to",), to.unknown)


def end_use(clause: Clause, case: Case) -> Judged | None:
    """Whether it is for the ends the clause names."""
    if clause.trigger == "buyer":
        return None
    told = case.columns["end_use"]
    if clause.end_uses:
        yes = told.among(clause.end_uses)
        # What no list names is not under suspicion for want of a word about its end.
        unknown = told.unknown & (clause.items.scope != "any")
        if "rare_earths_abroad" in clause.end_uses:
            yes |= case.columns.helps_abroad == 1
            unknown = case.columns.helps_abroad == -1
            if set(clause.end_uses) == {"rare_earths_abroad"}:
                # Plain goods are not under suspicion: only who sells technology, services or plant has to answer.
                unknown = unknown & ~case.columns["activity"].among({"goods"})
        why = reason("these_ends", ends=clause.end_uses)
        fact = "helps_rare_earths_abroad" if "rare_earths_abroad" in clause.end_uses else "end_use"
        return Judged.plain(yes, why, (fact,), unknown)
    if clause.end_use == "any":
        return None
    military = told.among(MILITARY)
    yes = military if clause.end_use == "military" else ~military & ~told.unknown
    return Judged.plain(np.asarray(yes), reason("other_ends", end=(clause.end_use,)), ("end_use",), told.unknown)


def shelf(clause: Clause, case: Case) -> Judged | None:
    """Whether it is, or is not, a commercial off-the-shelf item, as the clause wants it."""
    if clause.cots is None:
        return None
    told = case.columns.cots
    why = reason("shelf" if clause.cots else "no_shelf")
    return Judged.plain(told == int(clause.cots), why, ("cots",), told < 0)
