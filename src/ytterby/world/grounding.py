"""Home to one rule about uncertain capacities: a plant that did its part in the base year can do it.

The claims about a plant's capacity are drawn one by one, and the balance says what the plant must have done. A draw
below that would be a shortage of our own making, so the low end of such a capacity is raised to its load. Mines keep
theirs: whether they could give what the balance asks is an open question, and stays one.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ytterby.world.balance import steady
from ytterby.world.network import CERTAIN, Network, Uncertainty

START_YEAR = 2025.0
REACH = 1.645 / 3.0
"""Share of the way to the farthest draw (3 standard deviations) at which the 5 % point lies."""
MINE = "mine"


def ground(network: Network) -> Network:
    """The network with the low ends of capacities raised to what the plants carry at the start of 2025."""
    state = steady(network, START_YEAR)
    least: dict[int, float] = {}
    for plant, row in enumerate(network.capacity_by):
        runs = np.isfinite(state.capacity[plant]) and state.capacity[plant] > 0
        if row != CERTAIN and runs and network.facility_stage[plant] != MINE:
            needed = min(float(state.load[plant] / state.capacity[plant]), 1.0)
            least[int(row)] = max(least.get(int(row), 0.0), needed)
    rows = tuple(_raised(entry, least[row]) if row in least else entry for row, entry in enumerate(network.uncertainty))
    return replace(network, uncertainty=rows)


def _raised(entry: Uncertainty, least: float) -> Uncertainty:
    floor = entry.median * max(least, 1e-9) ** REACH
    return replace(entry, low=min(max(entry.low, floor), entry.median))
