"""Home to the links of the world under two states of the law: what the rules stop in one and not in the other."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ytterby.rules.judging import Law
    from ytterby.world.network import Network


def moved(network: Network, before: Law, after: Law, on: datetime.date) -> list[dict[str, Any]]:
    """Links that meet another outcome in the second case on a day, summed by what the rules tell apart.

    Rows have ``from``, ``to``, ``material``, ``military``, ``links`` (how many), ``before``, ``after`` and the clauses
    that decide in one case and not in the other.
    """
    import numpy as np

    from ytterby.rules import gates
    from ytterby.run.chain import crossings

    starts, ends = crossings.ends(network)
    abroad = np.flatnonzero(starts != ends)
    counted = Counter(crossings.keys(network, abroad))
    keys = sorted(counted)
    classes = [crossings.gate_class(network, key) for key in keys]
    days = gates.count_days([on])
    one, other = (gates.gates(classes, days, law.known, law.reading, law.instruments) for law in (before, after))
    rows = []
    for at, key in enumerate(keys):
        was, now = one.outcome(at, 0), other.outcome(at, 0)
        if was == now:
            continue
        rows.append(
            {
                "from": network.regions[key.origin],
                "to": network.regions[key.destination],
                "material": network.materials[key.material],
                "military": key.military,
                "links": counted[key],
                "before": was,
                "after": now,
                "clauses": sorted({*one.deciding(at, 0)} ^ {*other.deciding(at, 0)}),
            }
        )
    return rows
