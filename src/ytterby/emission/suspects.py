"""Home to suspects: at which facilities of a world each kind of diversion can be done at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.emission.plan import Diversion
from ytterby.emission.year import LICENSED

if TYPE_CHECKING:
    from ytterby.run.traffic import Traffic

LEAST_TONNES = 10.0
"""A year through a plant: smaller ones move too little to divert from."""
LEAST_MAKER = 5.0
LEAST_RECYCLER = 1.0
PROCESSES = ("separation", "metal", "alloy", "magnet", "recycling")


def suspects(traffic: Traffic) -> dict[Diversion, tuple[str, ...]]:
    """Facilities by kind of diversion; only those through which enough goes in the time of the traffic."""
    n, year = traffic.network, traffic.grid.steps * traffic.grid.days / 365.25
    came, went = np.zeros(len(n.facilities)), np.zeros(len(n.facilities))
    np.add.at(came, n.in_slot_facility[n.link_in], traffic.shipped.sum(axis=0) / year)
    np.add.at(went, n.out_slot_facility[n.link_out], traffic.shipped.sum(axis=0) / year)
    abroad = np.zeros(len(n.facilities))
    region = np.array([n.regions[k] for k in n.facility_region])
    crossing = region[n.out_slot_facility[n.link_out]] != region[n.in_slot_facility[n.link_in]]
    np.add.at(abroad, n.out_slot_facility[n.link_out], np.where(crossing, traffic.shipped.sum(axis=0) / year, 0.0))
    stage = np.array(n.facility_stage)

    def named(which: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> tuple[str, ...]:
        return tuple(n.facilities[k] for k in np.flatnonzero(which).tolist())

    plants = np.isin(stage, PROCESSES) & (came > LEAST_TONNES) & (went > LEAST_TONNES)
    recyclers = (stage == "recycling") & (came > LEAST_RECYCLER) & (went > LEAST_RECYCLER)
    makers = (stage == "maker") & (region != LICENSED) & (came > LEAST_MAKER)
    return {
        "relabelled": named(plants),
        "overreported_loss": named(plants),
        "uneven_loss": named(plants),
        "split_shipments": named(plants & (region == LICENSED) & (abroad > LEAST_TONNES)),
        "reexport": named(makers),
        "hidden_reexport": named(makers),
        "ghost_recycling": named(recyclers),
        "transit_skim": named(plants | makers),
    }
