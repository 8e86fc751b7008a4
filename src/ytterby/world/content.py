"""Home to what products contain: magnets in a unit of each, and what magnets cost before anything happened."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ytterby.world.network import Network

HELD = ("magnet.", "motor.")
"""Materials that count as magnets: by themselves, or fitted into rotors and motors."""


def is_magnet(material: str) -> bool:
    """Whether a material is a magnet, by itself or in a motor."""
    return material.startswith(HELD)


def magnets(n: Network) -> NDArray[np.float64]:
    """Tonnes of magnets in a unit of each group's product, its designs in their nominal shares (group,)."""
    hit = np.array([is_magnet(m) for m in n.materials])[n.in_slot_material[n.input_slot]]
    per_activity = np.bincount(n.input_activity[hit], n.input_coef[hit], len(n.activities))
    held = np.bincount(n.terminal_group, n.terminal_share * per_activity[n.terminal_activity], len(n.groups))
    return np.asarray(held, dtype=np.float64)


def magnet_price(n: Network, zone: str) -> float:
    """Mean price of the kinds of magnets in a zone at the beginning, USD/kg."""
    row = n.zones.index(zone)
    prices = [n.price0[k, row] for k, m in enumerate(n.materials) if m.startswith("magnet.")]
    return float(np.nanmean(prices))
