"""Home to who the firms of an emitted year say they are: the registry of the world's facilities, recipes and needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.custody.registry import Facility, Party, Recipe, Registry
from ytterby.emission.diverting import TRADER, TRADERS_PLACE
from ytterby.emission.layout import Layout, Step, layout

if TYPE_CHECKING:
    from ytterby.run.traffic import Traffic
    from ytterby.world.network import Floats, Network

TOLERANCE = 0.02
"""Half the width of a declared yield (assumed)."""
AMPLE = 1.25
"""A declared need over what a maker uses in a month of its busiest quarter (assumed)."""
QUARTER = 13
"""Weeks."""
MONTHS = 12.0
PLACES = {"ZZ": ""}
"""The rest of the world is nowhere in particular."""


def registry(traffic: Traffic) -> Registry:
    """The registry of a world whose year was emitted: its figures are assumed where the world's are."""
    lay = layout(traffic.network)
    n = traffic.network
    recipes: dict[str, Recipe] = {}
    for step in lay.steps:
        name = step.id
        if step.inputs and step.outputs:
            recipes.setdefault(name, _recipe(lay, step, name, float(traffic.yields[:, step.row].mean())))
    needs = _needs(lay, traffic)
    arisings = _arisings(traffic)
    listed = [
        one.model_copy(update={"arisings_kg_month": arisings[row]}) if row in arisings else one
        for row, one in enumerate(facilities(n))
    ]
    parties = [
        Party(id=one.id, addresses=one.addresses, name=one.name, place=one.place, needs_kg_month=needs.get(row, {}))
        for row, one in enumerate(listed)
    ]
    trader = Facility(id="trader.third-country", addresses=(TRADER,), name="A trader", place=TRADERS_PLACE)
    return Registry(
        facilities=(*listed, trader),
        parties=(*parties, Party(id=trader.id, addresses=trader.addresses, name=trader.name, place=trader.place)),
        recipes=tuple(recipes.values()),
    )


def facilities(n: Network) -> list[Facility]:
    """The facilities of a world, with their addresses there."""
    lay = layout(n)
    runs: dict[int, set[str]] = {}
    for step in lay.steps:
        runs.setdefault(step.facility, set()).add(step.id)
    return [
        Facility(
            id=n.facilities[row],
            addresses=(lay.address(row),),
            name=n.facility_name[row],
            name_zh=n.facility_name_zh[row],
            place=PLACES.get(lay.region(row), lay.region(row)),
            lat=_told(n.facility_lat, row),
            lon=_told(n.facility_lon, row),
            stage=n.facility_stage[row],
            recipes=tuple(sorted(runs.get(row, ()))),
            party=n.facilities[row],
        )
        for row in range(len(n.facilities))
    ]


def _recipe(lay: Layout, step: Step, name: str, factor: float) -> Recipe:
    """Yields by element: what comes out over what goes in, at the recipe's figures."""
    n = lay.network
    went_in, came_out = np.zeros(len(n.elements)), np.zeros(len(n.elements))
    for slot, coefficient in step.inputs:
        went_in += coefficient * n.composition[n.in_slot_material[slot]]
    for slot, coefficient in step.outputs:
        came_out += coefficient * factor * n.composition[n.out_slot_material[slot]]
    yields = {
        symbol: (max(out / put - TOLERANCE, 0.0), min(out / put + TOLERANCE, 1.0))
        for symbol, put, out in zip(n.elements, went_in, came_out, strict=True)
        if put > 0.0
    }
    return Recipe(id=name, yields=yields, assumed=True)


def _needs(lay: Layout, traffic: Traffic) -> dict[int, dict[str, float]]:
    """Facility -> material -> kilograms a month: what it uses in its busiest quarter, and a quarter more."""
    found: dict[int, dict[str, float]] = {}
    weeks = min(QUARTER, traffic.grid.steps)
    months = weeks * traffic.grid.days / 365.25 * MONTHS
    for step in lay.steps:
        if step.outputs:
            continue
        busiest = float(np.convolve(traffic.run[:, step.row], np.ones(weeks), "valid").max(initial=0.0))
        needs = found.setdefault(step.facility, {})
        for slot, coefficient in step.inputs:
            material = lay.in_material(slot)
            needs[material] = needs.get(material, 0.0) + AMPLE * coefficient * busiest * 1000.0 / months
    return found


def _arisings(traffic: Traffic) -> dict[int, float]:
    """Facility -> kilograms of scrap that can come back to it in a month: the most that came in four weeks, and a half
    more.
    """
    n, weeks = traffic.network, 4
    by_facility: dict[int, float] = {}
    for slot in np.flatnonzero(traffic.collected.sum(axis=0) > 0.0).tolist():
        sums = np.convolve(traffic.collected[:, slot], np.ones(weeks), "valid")
        owner = int(n.out_slot_facility[slot])
        by_facility[owner] = by_facility.get(owner, 0.0) + float(sums.max(initial=0.0)) * 1000.0 * 1.5
    return by_facility


def _told(values: Floats, row: int) -> float | None:
    return None if np.isnan(values[row]) else float(values[row])
