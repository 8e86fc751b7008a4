"""Home to what a clause is about: elements in forms, control codes, everything listed, or everything."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ytterby.rules.clauses import Clause
from ytterby.rules.columns import Bools, Columns, at
from ytterby.rules.conditions.base import Case, Judged
from ytterby.rules.reasons import Reason, reason

UNTOLD = ("item.form", "item.composition")


def goods(clause: Clause, case: Case) -> Judged | None:
    """Whether the item is one the clause names."""
    scope = clause.items.scope
    if scope == "any":
        return None
    if scope == "all_dual_use":
        said = Judged.plain(case.listed, reason("on_no_list"), UNTOLD, case.listed_unknown)
    elif scope == "unlisted":
        said = _unlisted(clause, case)
    else:
        said = listed(clause, case.columns)
    return replace(said, essential=True)


def listed(clause: Clause, columns: Columns) -> Judged:
    """Whether the item has a listed form and holds a listed element or substance, or bears a listed control code."""
    items = clause.items
    if not (items.forms or items.elements or items.substances or items.codes):
        return Judged.plain(np.zeros(len(columns), dtype=np.bool_), reason("no_goods"))
    if not (items.forms or items.elements or items.substances):
        codes = tuple(code.code for code in items.codes)
        return Judged.plain(columns["control_code"].under(codes), reason("codes_only", codes=codes))
    form = columns["form"]
    shaped: Bools = form.among(items.forms) if items.forms else np.ones(len(columns), dtype=np.bool_)
    shapeless = form.unknown if items.forms else np.zeros(len(columns), dtype=np.bool_)
    inside = at((*items.elements, *items.substances))
    holds = columns.holds[:, inside].any(axis=1) if inside else np.ones(len(columns), dtype=np.bool_)
    for one in items.only:
        holds = np.where(form.among({one.form}), columns.holds[:, at(one.elements)].any(axis=1), holds)
    dark = ~columns.composed & ~holds if inside else np.zeros(len(columns), dtype=np.bool_)
    coded = columns["control_code"].under([code.code for code in items.codes])
    # A customs code outside the clause's own list settles what nobody told of the content.
    elsewhere = ~columns["hs"].unknown & ~columns["hs"].starting(items.hs) if items.hs else np.zeros_like(dark)
    yes = (shaped & holds) | coded
    unknown = (shaped | shapeless) & (holds | (dark & ~elsewhere)) & ~yes
    names = (*items.elements, *items.substances)

    def why(row: int) -> Reason:
        if not shaped[row] and not shapeless[row]:
            return reason("other_form", form=(form[row],))
        return reason("none_inside", names=names) if names else reason("not_item")

    return Judged(yes, unknown, UNTOLD, why)


def _unlisted(clause: Clause, case: Case) -> Judged:
    columns = case.columns
    form = columns["form"]
    inside = at(clause.items.elements)
    shaped = form.among(clause.items.forms)
    clean = columns.composed & ~columns.holds[:, inside].any(axis=1)
    if clause.threshold is not None:
        clean = columns.composed  # the threshold says from where on a trace counts
    yes = shaped & clean
    unknown = (shaped | form.unknown) & ~columns.composed
    return Judged(
        yes,
        unknown & ~yes,
        UNTOLD,
        lambda row: reason("listed_itself") if shaped[row] else reason("other_form", form=(form[row],)),
    )
