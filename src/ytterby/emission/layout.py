"""Home to how the network's arrays read for a walk over its facilities: who makes what of what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ytterby.world.network import Network

BASE = "https://ytterby.org/world"
"""Addresses of the invented lots and of the world's facilities; nothing answers there."""


@dataclass(frozen=True, slots=True)
class Step:
    """One activity of the network."""

    row: int
    id: str
    facility: int
    inputs: tuple[tuple[int, float], ...]
    """(in-slot, units per unit of activity)."""
    outputs: tuple[tuple[int, float], ...]
    """(out-slot, units per unit of activity)."""


@dataclass(frozen=True)
class Layout:
    """Steps, materials and addresses."""

    network: Network
    steps: tuple[Step, ...]
    compositions: tuple[tuple[tuple[str, float], ...], ...]
    """Per material: (element, mass fraction)."""

    def address(self, facility: int) -> str:
        """The address of a facility."""
        return f"{BASE}/facility/{self.network.facilities[facility]}"

    def in_material(self, slot: int) -> str:
        """Material of an in-slot."""
        return str(self.network.materials[self.network.in_slot_material[slot]])

    def out_material(self, slot: int) -> str:
        """Material of an out-slot."""
        return str(self.network.materials[self.network.out_slot_material[slot]])

    def region(self, facility: int) -> str:
        """Region of a facility."""
        return str(self.network.regions[self.network.facility_region[facility]])


def layout(network: Network) -> Layout:
    """The layout of a network."""
    n = network
    steps = []
    for row, name in enumerate(n.activities):
        ins = np.flatnonzero(n.input_activity == row)
        outs = np.flatnonzero(n.output_activity == row)
        steps.append(
            Step(
                row,
                name,
                int(n.activity_facility[row]),
                tuple((int(n.input_slot[i]), float(n.input_coef[i])) for i in ins),
                tuple((int(n.output_slot[i]), float(n.output_coef[i])) for i in outs),
            )
        )
    compositions = tuple(
        tuple((symbol, float(share)) for symbol, share in zip(n.elements, row, strict=True) if share > 0.0)
        for row in n.composition
    )
    return Layout(network, tuple(steps), compositions)
