"""Home to larger worlds: the network laid beside itself, or its links split, to see how time grows with its size."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ytterby.world.network import Network

POINTS_AT = {
    "activity_facility": "facilities",
    "activity_drive": "out_slot_facility",
    "input_activity": "activities",
    "input_slot": "in_slot_facility",
    "output_activity": "activities",
    "output_slot": "out_slot_facility",
    "in_slot_facility": "facilities",
    "out_slot_facility": "facilities",
    "link_out": "out_slot_facility",
    "link_in": "in_slot_facility",
    "terminal_activity": "activities",
    "terminal_group": "groups",
    "scrap_terminal": "terminal_activity",
    "scrap_slot": "out_slot_facility",
}
"""Field of indices → a field with one row for each row it points at."""

NAMES = ("facilities", "activities", "groups")
"""Names that must differ between copies; the first copy keeps its own, so that a scenario still finds them."""

BESIDE = (
    "facility_name", "facility_name_zh", "facility_stage", "facility_region", "facility_zone", "facility_lat",
    "facility_lon", "facility_assumed", "capacity", "ramp_start", "ramp_days", "tech_dependence", "invests",
    "build_days", "activity_load", "activity_share", "input_coef", "output_coef", "in_slot_material", "in_slot_cover",
    "in_slot_adjust", "out_slot_material", "out_slot_cover", "link_share", "link_lead", "link_drift", "link_military",
    "terminal_share", "terminal_share_max", "terminal_switch_days", "terminal_life_days", "terminal_collect",
    "group_product", "group_region", "group_military", "group_unit", "group_elasticity", "group_magnet", "demand",
    "scrap_coef", "capacity_by", "yield_by", "demand_by", "cover_by", "lead_by", "ramp_by", "output_by",
)  # fmt: skip
"""Fields that each copy repeats as they are."""


def stack(network: Network, copies: int) -> Network:
    """`copies` of a network side by side, no link between them.

    Elements, regions, zones, materials, the years of demand and the uncertain parameters are shared: every copy sees
    the same draws, and prices are made from the stocks of all of them.
    """
    made: dict[str, Any] = {}
    for name in BESIDE:
        value = getattr(network, name)
        made[name] = value * copies if isinstance(value, tuple) else np.concatenate([value] * copies)
    for name in NAMES:
        value = getattr(network, name)
        made[name] = tuple(row if k == 0 else f"{row} #{k + 1}" for k in range(copies) for row in value)
    for name, at in POINTS_AT.items():
        value, size = getattr(network, name), len(getattr(network, at))
        # -1 points at nothing, in every copy
        made[name] = np.concatenate([np.where(value < 0, value, value + k * size) for k in range(copies)])
    return replace(network, **made)


def beside_idle(network: Network, copies: int) -> Network:
    """The world as it is, beside the plants, makers and uses of further copies, which no link joins to anything."""
    stacked, links = stack(network, copies), len(network.link_out)
    return replace(stacked, **{name: getattr(stacked, name)[:links] for name in (*OF_LINKS, "link_share")})


OF_LINKS = ("link_out", "link_in", "link_lead", "link_drift", "link_military", "lead_by")
"""Fields with a row for each link, beside its share."""


def split(network: Network, ways: int) -> Network:
    """Every link as `ways` links with an equal share of its orders each: the same world with more links."""
    made: dict[str, Any] = {name: np.repeat(getattr(network, name), ways) for name in OF_LINKS}
    return replace(network, link_share=np.repeat(network.link_share / ways, ways), **made)
