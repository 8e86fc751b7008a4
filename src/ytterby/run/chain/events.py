"""Home to events: a scenario's dated shocks and levers, turned into factors by step and draw.

| kind | what it does while it holds |
|---|---|
| throughput | factor on what the authority decides in a day |
| review_speed | factor on the pace of review, of a region or all |
| grant | sets the share granted, of a region or all, civil or military |
| general_licence | share of a region's volume that needs no permit of its own |
| supply_loss | factor on the capacity of a facility |
| border | factor on what may pass from a facility (or from anywhere abroad) into a region |
| refuse_destination, buyer_ban | nothing may ship from China to a region, civil, military or both |
| price_floor | USD/kg below which a material's price does not fall in a zone |
| tech_control | strength, 0 to 1, of controls on equipment, technology and people |
| demand | factor on the demand of a product, of a region or all |
| stockpile_buy | t/day that a region's state buys (or, negative, gives back to the sellers) of a material |
| stockpile_release | most t/day handed out of what states hold of a material, to a region's users who lack it |
| requisition | military orders go first, those of a region or all |
| offtake | share of what a region's buyers order of a material that they promise to plants at home |
| facility_start | days by which a facility's start moves (handled with the constants) |
| reroute, air_freight | factor on the lead of what goes to a region |
| investment | USD spent evenly until its end on new capacity at a region's plants: at one `facility`, at those of one
| | `stage` by nameplate, or in equal parts by stage from separation to magnets |

Floors, stockpiles, promises and investments are decisions: they take the median of their value in every draw.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from ytterby.rules.calendar import EPOCH
from ytterby.terms.errors import BadValue
from ytterby.world.balance import running
from ytterby.world.network import Network
from ytterby.world.scenarios import Event

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def check(event: Event, n: Network) -> None:
    """Refuse an event that would silently do nothing.

    Raises:
        BadValue: a floor under a price nobody keeps, a purchase where nobody sells, a release where nobody uses the
            material, an investment without a plant.
    """
    place = f"event '{event.name}'"
    cause = ""
    if event.kind == "price_floor" and not np.isfinite(n.price0[n.materials.index(event.material)]).all():
        cause = f"no price of {event.material} is kept"
    elif event.kind == "stockpile_buy" and not slots(event, n).any():
        cause = f"nobody in {event.zone or event.region} sells {event.material}"
    elif event.kind == "stockpile_release" and not users(event.material, event.region, n).any():
        cause = f"no plant or maker in {event.region} uses {event.material}"
    elif event.kind == "offtake" and not _sold_at_home(event, n):
        cause = f"no plant in {event.region} sells {event.material or 'anything'} at home"
    elif event.kind == "investment" and not projects(event, n).any():
        plant = "mine" if event.stage == "mine" else f"{event.stage} plant".strip()
        called = f" called {event.facility}" if event.facility else ""
        cause = f"{event.region} has no {plant}{called} to invest in"
    if cause:
        raise BadValue(f"{cause}: the event would do nothing", place=place, remedy="name another material or region")


def active(event: Event, starts: Floats, days: float) -> Floats:
    """Share of each step during which an event holds (step,)."""
    first = (event.date - EPOCH).days
    last = (event.until - EPOCH).days + 1 if event.until else np.inf
    overlap = np.minimum(starts + days, last) - np.maximum(starts, first)
    return np.asarray(np.clip(overlap, 0.0, days) / days)


def factor(event: Event, drawn: Mapping[str, Floats], share: Floats) -> Floats:
    """1 outside the event, its drawn value inside (step, draw)."""
    return np.asarray(1.0 + share[:, None] * (drawn[f"event:{event.name}"] - 1.0))


def regions(event: Event, n: Network) -> Bools:
    """Regions an event is about (region,): the named one, or all."""
    return np.array([event.region is None or code == event.region for code in n.regions])


def facilities(event: Event, n: Network) -> Bools:
    """Facilities an event hits (facility,)."""
    return np.array([name == event.facility for name in n.facilities])


def border(event: Event, n: Network) -> Bools:
    """Links that cross the closed border (link,): from the named facility, or from anywhere else, into the region."""
    source = n.out_slot_facility[n.link_out]
    to = regions(event, n)[n.facility_region[n.in_slot_facility[n.link_in]]]
    if event.facility:
        return np.asarray(to & facilities(event, n)[source])
    return np.asarray(to & ~regions(event, n)[n.facility_region[source]])


def links(event: Event, n: Network) -> Bools:
    """Links whose lead an event changes (link,): from outside into the region."""
    to = n.facility_region[n.in_slot_facility[n.link_in]]
    out = n.facility_region[n.out_slot_facility[n.link_out]]
    return np.asarray(regions(event, n)[to] & (to != out))


def groups(event: Event, n: Network) -> Bools:
    """Products an event is about (group,)."""
    product = np.array([not event.product or p == event.product for p in n.group_product])
    use = np.array([event.end_use == "any" or (event.end_use == "military") == m for m in n.group_military])
    return np.asarray(product & use & regions(event, n)[n.group_region])


def slots(event: Event, n: Network) -> Floats:
    """Weights over the out-slots a state buys from (out_slot,), by the capacity that runs on the day; sums to 1 or 0.

    Sellers are those of its region, or, where a price zone is named, all of that zone. Where none runs yet, or their
    capacity has no limit, they sell in equal parts.
    """
    seller = n.out_slot_facility
    near = regions(event, n)[n.facility_region[seller]]
    if event.zone:
        near = (n.facility_zone[seller] == 0) == (event.zone == "CN")
    hit = near & np.array([n.materials[m] == event.material for m in n.out_slot_material])
    able = running(n, event.date.year + (event.date.timetuple().tm_yday - 1) / 365.25)[seller]
    weight = np.where(hit & np.isfinite(able), able, 0.0)
    return np.asarray(weight / weight.sum() if weight.sum() > 0 else hit / max(1, int(hit.sum())))


def users(material: str, region: str | None, n: Network) -> Bools:
    """Stocks of a material before the activities of a region's plants and makers (in_slot,)."""
    used = np.zeros(len(n.in_slot_facility), dtype=bool)
    used[n.input_slot] = True
    here = np.array([code == region for code in n.regions])[n.facility_region[n.in_slot_facility]]
    return np.asarray(used & here & np.array([n.materials[m] == material for m in n.in_slot_material]))


def releases(told: Iterable[Event]) -> tuple[tuple[str, str | None], ...]:
    """Material and region of every release, each pair once: the rows of the forcing's releases."""
    return tuple(dict.fromkeys((e.material, e.region) for e in told if e.kind == "stockpile_release"))


def promising(event: Event, n: Network) -> Bools:
    """Stocks whose buyers promise to order at home (in_slot,): those of the region, of one material or of all."""
    named = np.array([event.material in ("", n.materials[m]) for m in n.in_slot_material])
    return np.asarray(named & regions(event, n)[n.facility_region[n.in_slot_facility]])


def _sold_at_home(event: Event, n: Network) -> bool:
    seller = n.out_slot_facility[n.link_out]
    same = n.facility_region[seller] == n.facility_region[n.in_slot_facility[n.link_in]]
    return bool((same & np.isfinite(n.capacity[seller]) & promising(event, n)[n.link_in]).any())


INVESTED = ("separation", "metal", "alloy", "magnet")
"""Stages that public money is spread over where an event names none."""
BOUGHT = ("mine", *INVESTED)
"""Stages that an event may name: those whose capacity has a price (`behaviour:capex_*`)."""


def projects(event: Event, n: Network) -> Floats:
    """Weights over the facilities an investment goes to (facility,); sums to 1, or 0 where the region has none."""
    inside = regions(event, n)[n.facility_region] & np.isfinite(n.capacity)
    if event.facility:
        inside = inside & facilities(event, n)
    stages = np.array(n.facility_stage)
    weight = np.zeros(len(n.facilities))
    named = BOUGHT if event.facility else INVESTED
    for stage in (event.stage,) if event.stage else named:
        hit = inside & (stages == stage)
        if hit.any():
            weight[hit] = n.capacity[hit] / n.capacity[hit].sum()
    return np.asarray(weight / max(1.0, weight.sum()))
