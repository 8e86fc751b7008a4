"""Home to the way a transfer takes: export, re-export, content, technology, services, and the buyer's own rule."""

from __future__ import annotations

import numpy as np

from ytterby.rules.clauses import Clause
from ytterby.rules.columns import Bools, Columns
from ytterby.rules.conditions.base import Case, Judged
from ytterby.rules.gates import TRADE
from ytterby.rules.reasons import Reason, reason

SHIPMENTS = TRADE | {"equipment", "technology", "service", "person", "buyer"}
"""Triggers that one transfer may pull; the rest are duties and programmes of another kind."""

ABROAD = frozenset({"re_export", "content", "made_with_technology"})
"""Triggers pulled between two countries other than the clause's own."""

ENDS = ("from", "to")
ACTIVITY = {"technology": "technology", "service": "service", "person": "person"}


def activity(clause: Clause, case: Case) -> Judged | None:
    """Whether it is goods, technology, a service or a person's help that the clause is about."""
    if clause.items.scope == "any" and clause.trigger not in ACTIVITY:
        return None
    wanted = ACTIVITY.get(clause.trigger, "goods")
    yes = case.columns["activity"].among({wanted})
    if clause.items.scope == "any" and clause.trigger != "person":
        # Anything at all: technology and services of whatever kind.
        yes = case.columns["activity"].among({"goods", "technology", "service"})
    return Judged(yes, np.zeros_like(yes), (), lambda _: reason(f"about_{wanted}"), essential=True)


def border(clause: Clause, case: Case) -> Judged | None:
    """Whether the transfer crosses the border the clause looks at; for a buyer's rule, whether that buyer buys."""
    columns = case.columns
    if clause.trigger == "buyer":
        return _buyer(columns)
    home = clause.origins
    leaves, left_untold = columns["since"].among(clause.origins), columns["since"].unknown
    arrives, aim_untold = columns["to"].among(clause.origins), columns["to"].unknown
    if clause.trigger == "person":
        # Whoever is of the country is bound wherever he works: the origin of help is the helper's.
        helper = columns["origin"]
        yes = (leaves | helper.among(clause.origins)) & ~arrives & ~aim_untold
        possible = (leaves | left_untold | helper.among(clause.origins)) & ~arrives
        return Judged(yes, possible & ~yes, ENDS, lambda _: reason("no_help", home=home), essential=True)
    if clause.trigger not in ABROAD:
        yes = leaves & ~arrives & ~aim_untold
        possible = (leaves | left_untold) & ~arrives

        def unmet(row: int) -> Reason:
            return reason("no_border") if leaves[row] else reason("not_from", home=home)

        return Judged(yes, possible & ~yes, ENDS, unmet, essential=True)
    told = ~left_untold & ~aim_untold
    yes = told & ~leaves & ~arrives & columns.crosses
    possible = ~leaves & ~arrives & ~(told & ~columns.crosses)
    why = reason("not_between")
    return Judged(yes, possible & ~yes, ENDS, lambda _: why, essential=True)


def made(clause: Clause, case: Case) -> Judged | None:
    """Whether the goods came to be as the clause wants: by origin, by technology, or by the stages of the chain."""
    columns, home = case.columns, clause.origins
    origin = columns["origin"]
    if clause.trigger == "buyer":
        return _stages(clause, columns)
    if clause.trigger == "re_export":
        return _essential(origin.among(clause.origins), origin.unknown, ("origin",), reason("not_origin", home=home))
    foreign = ~origin.among(clause.origins)
    if clause.trigger == "made_with_technology":
        technology = columns["technology_origin"]
        yes = foreign & ~origin.unknown & technology.among(clause.origins)
        unknown = foreign & (technology.among(clause.origins) | technology.unknown)
        why = reason("not_by_technology", home=home)
        return _essential(yes, unknown, ("origin", "technology_origin"), why)
    if clause.trigger == "content":
        return _essential(foreign & ~origin.unknown, origin.unknown, ("origin",), reason("not_made_outside", home=home))
    return None


def _essential(yes: Bools, unknown: Bools, facts: tuple[str, ...], why: Reason) -> Judged:
    return Judged(yes, unknown & ~yes, facts, lambda _: why, essential=True)


def _buyer(columns: Columns) -> Judged:
    """Whether it is delivered to the US Department of Defense: by contract, or as arms to the United States."""
    contract, to, use = columns["contract"], columns["to"], columns["end_use"]
    yes = contract.among({"us_dod"}) | (contract.unknown & to.among({"US"}) & use.among({"military"}))
    possible = contract.unknown & (to.among({"US"}) | to.unknown) & (use.among({"military"}) | use.unknown)
    return _essential(yes, possible, ("to", "end_use"), reason("not_us_defence"))


def _stages(clause: Clause, columns: Columns) -> Judged:
    """Whether a stage lies in a covered country; where goods were made speaks for melting and making, unless told."""
    names = ("produced", "melted", *(("refined", "mined") if clause.upstream else ()))
    yes = columns["origin"].among(clause.origins)
    dark = np.zeros(len(columns), dtype=np.bool_)
    for name in names:
        yes |= columns[name].among(clause.origins)
        dark |= columns[name].unknown & (columns["origin"].unknown if name in ("produced", "melted") else True)
    facts = ("origin", *(f"stages.{name}" for name in names))
    return _essential(yes, dark, facts, reason("no_stage", home=clause.origins))
