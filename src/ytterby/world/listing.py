"""Home to the world's parts as rows that a person or a program can read: facilities, groups, links, materials."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ytterby.world.network import Network

DAYS_PER_YEAR = 365.25
"""Days in a year, from rates a day to rates a year."""

Rows = list[dict[str, Any]]


def listing(network: Network, part: str) -> Rows:
    """The rows of one part of the world; `part` is a name in `LISTS`."""
    return LISTS[part](network)


def _facilities(network: Network) -> Rows:
    return [
        {
            "id": name,
            "name": network.facility_name[i],
            "name_zh": network.facility_name_zh[i],
            "stage": network.facility_stage[i],
            "region": network.regions[network.facility_region[i]],
            "capacity_per_year": float(network.capacity[i]) * DAYS_PER_YEAR,
            "assumed": bool(network.facility_assumed[i]),
        }
        for i, name in enumerate(network.facilities)
    ]


def _links(network: Network) -> Rows:
    rows = []
    for i in range(len(network.link_out)):
        out, into = int(network.link_out[i]), int(network.link_in[i])
        seller, buyer = int(network.out_slot_facility[out]), int(network.in_slot_facility[into])
        rows.append(
            {
                "from": network.facilities[seller],
                "to": network.facilities[buyer],
                "origin": network.regions[network.facility_region[seller]],
                "destination": network.regions[network.facility_region[buyer]],
                "material": network.materials[network.out_slot_material[out]],
                "share": float(network.link_share[i]),
                "lead_days": float(network.link_lead[i]),
                "military": bool(network.link_military[i]),
            }
        )
    return rows


def _materials(network: Network) -> Rows:
    return [
        {
            "id": name,
            "stage": network.material_stage[i],
            "unit": network.material_unit[i],
            "composition": {
                element: float(share)
                for element, share in zip(network.elements, network.composition[i], strict=True)
                if share > 0
            },
            **{
                f"usd_per_kg_{zone}": float(price) for zone, price in zip(network.zones, network.price0[i], strict=True)
            },
        }
        for i, name in enumerate(network.materials)
    ]


def _groups(network: Network) -> Rows:
    return [
        {
            "id": name,
            "product": network.group_product[i],
            "region": network.regions[network.group_region[i]],
            "military": bool(network.group_military[i]),
            "unit": network.group_unit[i],
            "demand_per_year": float(network.demand[i, 0]) * DAYS_PER_YEAR,
            "year": int(network.demand_years[0]),
            "magnets": bool(network.group_magnet[i]),
        }
        for i, name in enumerate(network.groups)
    ]


LISTS: dict[str, Callable[[Network], Rows]] = {
    "facilities": _facilities,
    "groups": _groups,
    "links": _links,
    "materials": _materials,
}
