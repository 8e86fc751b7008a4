"""Home to thresholds: the share of value or mass from which on a clause bites."""

from __future__ import annotations

import numpy as np

from ytterby.rules.clauses import Clause
from ytterby.rules.columns import at
from ytterby.rules.conditions.base import Case, Judged
from ytterby.rules.reasons import reason


def threshold(clause: Clause, case: Case) -> Judged | None:
    """Whether the share reaches the clause's threshold; for goods that are not listed, whether a trace stays below."""
    line = clause.threshold
    if line is None:
        return None
    columns = case.columns
    if line.basis == "value_share":
        share = columns.china_value_share
        fact = "china_value_share"
    else:
        share = columns.fractions[:, at(line.symbols or ("Dy", "Tb"))].sum(axis=1)
        fact = "item.composition"
    told = ~np.isnan(share)
    share = np.where(told, share, 0.0)
    if line.below:
        yes, why = share < line.at_least, "share_from"
    elif clause.items.scope == "unlisted":
        yes, why = (share > 0) & (share < line.at_least), "share_none_or_from"
    else:
        yes, why = (share >= line.at_least) & (share > 0), "share_below"
    return Judged.plain(yes & told, reason(why, of=line.of, at=line.at_least), (fact,), ~told)
