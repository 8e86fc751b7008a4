"""Home to the plain NumPy batch: the link part of a step as an analyst would vectorise it, one array at a time.

Sums over links are products with a sparse matrix, the fastest NumPy and SciPy offer; see `kernel` for the part itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

import numpy as np
from scipy.sparse import csr_array

from bench.kernel import Carried, Floats, Links
from ytterby.run.chain.orders import RETURN
from ytterby.run.chain.shipping import STOCKPILE_LIMIT
from ytterby.run.chain.state import TRANSIT_STAGES


def _met(have: Floats, need: Floats) -> Floats:
    return np.where(need > 0.0, np.clip(have / np.where(need > 0.0, need, 1.0), 0.0, 1.0), 1.0)


def _summing(index: np.ndarray, rows: int) -> csr_array:
    return csr_array((np.ones(len(index)), (index, np.arange(len(index)))), shape=(rows, len(index)))


def batch(links: Links) -> Callable[[Carried], Carried]:
    """The link part in NumPy, all draws at once."""
    s, n, c, f, dt = links.structure, links.structure.network, links.constants, links.forcing, links.days
    lic, behaviour = c.licensing, c.behaviour
    to_out, to_in = _summing(n.link_out, len(links.made)), _summing(n.link_in, len(links.order))
    pace = dt / (dt + np.asarray(c.lead) / TRANSIT_STAGES)
    patience = dt / (dt + lic["patience_days"])
    blend = dt / (dt + behaviour["smoothing_days"])
    evading = 1.0 - lic["leak"] * (1.0 - lic["tracking_strength"])
    gate, region = s.crossing_gate, s.gate_region[s.crossing_gate]
    permits, order = np.asarray(links.state.allowance), links.order[n.link_in]
    speed, home = (n.link_drift * dt)[:, None], n.link_share[:, None]

    def run(start: Carried) -> Carried:
        held = {k.name: np.array(getattr(start, k.name)) for k in fields(Carried)}
        for t in range(links.steps):
            backlog = held["backlog"] * (1.0 - patience) + held["share"] * order * dt
            season = np.where(s.link_from_china, np.asarray(f.season)[t], 1.0)[:, None] * dt
            ready = backlog * season / (season + behaviour["handling_days"])
            eligible = ready.copy()
            law, code, free = (np.asarray(a)[t][gate][:, None] for a in (f.licensed, f.same_code, 1.0 - f.refused))
            needs = law * (1.0 - np.asarray(f.general)[t][region]) + (1.0 - law) * code * np.asarray(f.hold)[t]
            bound, waits = needs * evading, ready[s.crossing]
            eligible[s.crossing] = (1.0 - bound) * waits * free + np.minimum(bound * waits, permits) * free
            have = held["stock_out"] + links.made
            asked = (np.asarray(f.stockpile)[t] * dt).reshape(len(have), -1)
            bought = np.minimum(np.maximum(asked, -held["stockpile"]), STOCKPILE_LIMIT * have)
            have, total = have - bought, to_out @ eligible
            served = _met(have, total)
            amount = eligible * served[n.link_out]
            held["stockpile"] = held["stockpile"] + bought
            held["stock_out"] = np.maximum(have - total * served, 0.0)
            held["unfilled"] = np.maximum(total - total * served, 0.0)
            held["backlog"] = np.maximum(backlog - amount, 0.0)
            moving, stages = amount, []
            for stage in range(TRANSIT_STAGES):
                inside = held["transit"][stage] + moving
                moving = inside * pace
                stages.append(inside - moving)
            held["transit"] = np.stack(stages)
            held["stock_in"] = held["stock_in"] + to_in @ moving
            seen = np.where(ready > 0.0, amount / np.where(ready > 0.0, ready, 1.0), held["success"])
            held["success"] = held["success"] + blend * (seen - held["success"])
            mean = (to_in @ (held["share"] * held["success"]))[n.link_in]
            old = held["share"]
            held["share"] = old * (1.0 + speed * (held["success"] - mean)) + RETURN * speed * (home - old)
        return Carried(**held)

    return run
