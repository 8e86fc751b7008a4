"""Home to the way a transfer takes: export, re-export, content, technology, services, and the buyer's own rule."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ytterby.rules.clauses import Clause
from ytterby.rules.columns import Bools, Columns
from ytterby.rules.conditions.base import Case, Judged
from ytterby.rules.gates import TRADE

SHIPMENTS = TRADE | {"equipment", "technology", "service", "person", "buyer"}
"""Triggers that one transfer may pull; the rest are duties and programmes of another kind."""

ENDS = ("from", "to")
ACTIVITY = {"technology": "technology", "service": "service", "person": "person"}


def border(clause: Clause, case: Case) -> Judged | None:
    """Whether the transfer is of the kind the clause is triggered by."""
    columns = case.columns
    if clause.trigger not in SHIPMENTS:
        return Judged.plain(np.zeros(len(columns), dtype=np.bool_), f"is no rule on a shipment ({clause.trigger})")
    if clause.trigger == "buyer":
        return _buyer(clause, columns)
    if clause.items.scope != "any":
        wanted = ACTIVITY.get(clause.trigger, "goods")
        if not columns["activity"].among({wanted}).all():
            fits = columns["activity"].among({wanted})
            return _both(Judged.plain(fits, f"is about {_named(wanted)}"), _moves(clause, columns))
    return _moves(clause, columns)


def _named(activity: str) -> str:
    return {"goods": "goods", "person": "help by persons", "service": "technical services"}.get(activity, activity)


def _both(first: Judged, second: Judged) -> Judged:
    yes = first.yes & second.yes
    no = (~first.yes & ~first.unknown) | (~second.yes & ~second.unknown)
    return Judged(
        yes, ~yes & ~no, first.facts + second.facts, lambda row: second.why(row) if first.yes[row] else first.why(row)
    )


def _moves(clause: Clause, columns: Columns) -> Judged:
    home = ", ".join(clause.origins)
    leaves = columns["since"].among(clause.origins)
    arrives = columns["to"].among(clause.origins)
    told = ~columns["since"].unknown & ~columns["to"].unknown
    if clause.trigger not in ("re_export", "content", "made_with_technology"):
        yes = leaves & ~arrives & ~columns["to"].unknown
        possible = (leaves | columns["since"].unknown) & ~arrives
        return Judged(yes, possible & ~yes, ENDS, _said(columns, leaves, f"does not leave {home}", told))
    abroad = told & ~leaves & ~arrives & columns.crosses
    maybe = ~leaves & ~arrives & ~(told & ~columns.crosses)
    made, made_unknown, why, fact = _made(clause, columns)
    yes = abroad & made
    unknown = maybe & (made | made_unknown) & ~yes

    def reason(row: int) -> str:
        return why if abroad[row] else "is not between two other countries"

    return Judged(yes, unknown, (*ENDS, fact), reason)


def _said(columns: Columns, leaves: Bools, why: str, told: Bools) -> Callable[[int], str]:
    def reason(row: int) -> str:
        return "does not cross a border" if leaves[row] and told[row] else why

    return reason


def _made(clause: Clause, columns: Columns) -> tuple[Bools, Bools, str, str]:
    """Yes, unknown, why not, and the fact it hangs on: how the goods came to be."""
    home = ", ".join(clause.origins)
    origin = columns["origin"]
    if clause.trigger == "re_export":
        return origin.among(clause.origins), origin.unknown, f"is not of {home} origin", "origin"
    if clause.trigger == "made_with_technology":
        technology = columns["technology_origin"]
        foreign = ~origin.among(clause.origins)
        why = f"was not made abroad with technology of {home}"
        return foreign & technology.among(clause.origins), foreign & technology.unknown, why, "technology_origin"
    foreign = ~origin.among(clause.origins)
    return foreign & ~origin.unknown, origin.unknown, f"was not made outside {home}", "origin"


def _buyer(clause: Clause, columns: Columns) -> Judged:
    contract = columns["contract"]
    bound = contract.among({"us_dod"}) | (columns["to"].among({"US"}) & columns["end_use"].among({"military"}))
    free = contract.among({"none"}) | (~contract.among({"us_dod"}) & ~columns["to"].among({"US"}))
    names = ("origin", "produced", "melted") + (("refined", "mined") if clause.upstream else ())
    hit = np.zeros(len(columns), dtype=np.bool_)
    dark = np.zeros(len(columns), dtype=np.bool_)
    for name in names:
        hit |= columns[name].among(clause.origins)
        # What was made where it was melted is told once: the origin speaks for both.
        dark |= columns[name].unknown & (columns["origin"].unknown if name in ("produced", "melted") else True)
    yes = bound & hit
    unknown = ~free & ~yes & (hit | dark) & (bound | columns["end_use"].unknown)
    banned = ", ".join(clause.origins)
    stages = tuple(name if name == "origin" else f"stages.{name}" for name in names)

    def reason(row: int) -> str:
        return f"no stage in {banned}" if bound[row] else "is not bought for the US Department of Defense"

    return Judged(yes, unknown, ("end_use", *stages), reason)
