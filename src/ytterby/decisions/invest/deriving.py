"""Home to the programme of a region, taken from a scenario on the network: the medians of what a run would be given."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytterby.decisions.invest import candidates, leads
from ytterby.decisions.invest.programme import STAGES, Plant, Programme, Recipe
from ytterby.run.chain.forcing import Forced
from ytterby.terms.errors import BadValue, UnknownName
from ytterby.world.balance import collected, magnets_per_unit
from ytterby.world.network import Network

Floats = NDArray[np.float64]
YEAR = 365.25
DOUBLED = ("mine",)
"""Stages whose plants may at most double: an orebody and its permits set a limit that money does not move."""
KG = 1000.0


@dataclass(frozen=True)
class Given:
    """What a run of the medians is given (facility or activity first, then step)."""

    forced: Forced
    drawn: dict[str, Floats]
    inputs: Any

    @staticmethod
    def of(forced: Forced) -> Given:
        """The constants and forcing of one draw in which every parameter takes its median."""
        drawn = {one.name: np.array([one.median]) for one in forced.parameters}
        return Given(forced, drawn, forced.inputs(drawn))

    @property
    def network(self) -> Network:
        """The world below."""
        return self.forced.structure.network

    def years(self) -> tuple[int, ...]:
        """Calendar years that the run covers whole."""
        grid = self.forced.grid
        first = grid.start.year + (1 if (grid.start.month, grid.start.day) > (1, 7) else 0)
        last = self.forced.scenario.end.year - (0 if self.forced.scenario.end.month == 12 else 1)
        return tuple(range(first, last + 1))

    def by_year(self, values: Floats) -> Floats:
        """(…, step) -> (…, year): means over the steps that begin in each year."""
        year = 1970 + self.forced.grid.ordinals() / YEAR
        return np.stack([values[..., np.floor(year) == one].mean(axis=-1) for one in self.years()], axis=-1)

    def tech(self) -> Floats:
        """Strength of controls on equipment, technology and people (step,)."""
        return np.asarray(self.inputs.forcing.tech)[:, 0]

    def behaviour(self, name: str) -> float:
        """The median of an assumption about behaviour."""
        return float(self.inputs.constants.behaviour[name][0])

    def ramps(self) -> Floats:
        """How far each plant's nameplate has come (facility, step), slowed as the run slows it."""
        c, n, f = self.inputs.constants, self.network, self.inputs.forcing
        slow = 1.0 - self.tech()[None] * self.behaviour("tech_ramp") * n.tech_dependence[:, None]
        begun = np.asarray(f.day)[None] >= np.asarray(c.ramp_start)[:, :1]
        grown = np.cumsum(begun * slow * np.asarray(c.ramp_rate)[:, :1] * self.forced.grid.days, axis=1)
        before = np.concatenate([np.zeros((len(n.facilities), 1)), grown[:, :-1]], axis=1)
        return np.asarray(np.minimum(np.asarray(c.initial.ramp)[:, :1] + before, 1.0))

    def capacity(self) -> Floats:
        """Load units a year that run (facility, year); infinite for makers."""
        c, s = self.inputs.constants, self.forced.structure
        shock = np.ones((len(self.network.facilities), self.forced.grid.steps))
        for row, mask in enumerate(s.output_events):
            shock[mask] *= np.asarray(self.inputs.forcing.output)[:, row, 0]
        able = self.by_year(self.ramps() * shock)
        nameplate = np.asarray(c.capacity)[:, 0]
        return np.where(
            np.isfinite(nameplate)[:, None],
            np.where(np.isfinite(nameplate), nameplate, 0.0)[:, None] * able * YEAR,
            np.inf,
        )

    def yields(self) -> Floats:
        """Factor on what each activity gives (activity, year)."""
        n = self.network
        hampered = self.tech()[None] * self.behaviour("tech_yield") * n.tech_dependence[:, None]
        loss = self.by_year(np.where(self.ramps() < 1.0, hampered, 0.0))
        return np.asarray(self.inputs.constants.yields)[:, :1] * (1.0 - loss)[n.activity_facility]


def counted(n: Network) -> tuple[str, ...]:
    """Materials that self-sufficiency is counted in: magnets with neodymium."""
    nd = n.elements.index("Nd")
    return tuple(
        name for k, name in enumerate(n.materials) if n.material_stage[k] == "magnet" and n.composition[k, nd] > 0
    )


def programme(given: Given, region: str, partners: Collection[str], first: int, until: int) -> Programme:
    """What the plants of a region and its partners can make of the magnets that makers at home want.

    Args:
        given: the scenario on the network, at its medians.
        region: home: its makers' wants count, and magnets made in it.
        partners: regions whose mines and plants may feed it.
        first: first year in which something may be ordered.
        until: last year.

    Raises:
        UnknownName: a region that the network does not have.
        BadValue: years outside the scenario, or a region whose makers use no magnets.
    """
    n = given.network
    for code in (region, *partners):
        if code not in n.regions:
            raise UnknownName(code, [one for one in n.regions if one != "CN"], what="region", place="invest")
    if region == "CN":
        raise BadValue("China is what others depend on", place="region", remedy="name another region, e.g. US")
    years = given.years()
    if not (years and years[0] <= first <= until <= years[-1]):
        raise BadValue(
            f"orders from {first} for a goal in {until} do not fit the scenario",
            place=f"scenario {given.forced.scenario.id}",
            remedy=f"it covers the years {years[0]} to {years[-1]}" if years else "give it a whole year at least",
        )
    keep = slice(0, years.index(until) + 1)
    rows = _rows(n, region, partners)
    capacity, yields = given.capacity()[:, keep], given.yields()[:, keep]
    needs, stock = _wants(given, region, keep)
    if not any(sum(row) > 0 for row in needs.values()):
        raise BadValue(f"no maker in {region} uses magnets", place="region", remedy="name a region that does, e.g. US")
    plants = tuple(_plant(given, row, capacity[row], first, until) for row in rows)
    chosen = [a for a in range(len(n.activities)) if n.activity_facility[a] in set(rows)]
    plants = tuple(
        _yielding(plant, yields[[a for a in chosen if n.activity_facility[a] == row]])
        for plant, row in zip(plants, rows, strict=True)
    )
    made = Programme(
        years[keep],
        plants,
        tuple(_recipe(n, a) for a in chosen),
        needs,
        _scrap(given, region, keep),
        stock,
        _price(n, needs),
        region,
        first,
    )
    return made.checked()


def _rows(n: Network, region: str, partners: Collection[str]) -> list[int]:
    """Plants that count: magnets at home, the stages before them at home or with partners."""
    home, allied = n.regions.index(region), {n.regions.index(code) for code in (region, *partners)}
    return [
        row
        for row, stage in enumerate(n.facility_stage)
        if math.isfinite(n.capacity[row])
        and stage in STAGES
        and (n.facility_region[row] == home if stage == "magnet" else n.facility_region[row] in allied)
    ]


def _plant(given: Given, row: int, capacity: Floats, first: int, until: int) -> Plant:
    n, stage = given.network, given.network.facility_stage[row]
    behaviour = given.inputs.constants.behaviour
    tech = given.by_year(given.tech()[None])[0][given.years().index(first) :].mean()
    slow = 1.0 - float(tech) * given.behaviour("tech_ramp") * float(n.tech_dependence[row])
    nameplate = float(np.asarray(given.inputs.constants.capacity)[row, 0]) * YEAR
    return Plant(
        n.facilities[row],
        stage,
        n.regions[n.facility_region[row]],
        tuple(capacity.tolist()),
        given.behaviour(f"capex_{stage}") if f"capex_{stage}" in behaviour else math.inf,
        leads.ready(float(n.build_days[row]), until - first + 1, slow),
        nameplate if stage in DOUBLED else math.inf,
        assumed=bool(n.facility_assumed[row]),
        new=candidates.is_candidate(n.facilities[row]),
    )


def _yielding(plant: Plant, factors: Floats) -> Plant:
    # recipes of one plant share its ramp and, but for what mass allows, its yield
    rows = factors.min(axis=0) if len(factors) else np.ones(len(plant.capacity))
    return Plant(
        plant.id, plant.stage, plant.region, plant.capacity, plant.capex, plant.ready, plant.most, plant.least,
        tuple(rows.tolist()), plant.assumed, plant.new,
    )  # fmt: skip


def _recipe(n: Network, activity: int) -> Recipe:
    ins, outs = np.flatnonzero(n.input_activity == activity), np.flatnonzero(n.output_activity == activity)
    return Recipe(
        n.activities[activity],
        n.facilities[n.activity_facility[activity]],
        float(n.activity_load[activity]),
        {n.materials[n.in_slot_material[n.input_slot[k]]]: float(n.input_coef[k]) for k in ins},
        {n.materials[n.out_slot_material[n.output_slot[k]]]: float(n.output_coef[k]) for k in outs},
    )


def _wants(given: Given, region: str, keep: slice) -> tuple[dict[str, tuple[float, ...]], dict[str, tuple[float, ...]]]:
    """Magnets that makers at home want, t a year by material, and what they hold of them."""
    n, c = given.network, given.inputs.constants
    demand = np.asarray(given.inputs.forcing.demand)[:, :, 0].T * np.asarray(c.demand_factor)[:, :1]
    wanted = given.by_year(demand)[:, keep] * YEAR
    home = n.group_region == n.regions.index(region)
    names = counted(n)
    needs = {name: np.zeros(wanted.shape[1]) for name in names}
    stock = {name: np.zeros(wanted.shape[1]) for name in names}
    for t, activity in enumerate(n.terminal_activity):
        group = n.terminal_group[t]
        for k in np.flatnonzero((n.input_activity == activity) & home[group]):
            slot = n.input_slot[k]
            name = n.materials[n.in_slot_material[slot]]
            if name in needs:
                used = wanted[group] * n.terminal_share[t] * n.input_coef[k]
                needs[name] += used
                stock[name] += used / YEAR * float(np.asarray(c.cover)[slot, 0])
    rows = [{name: tuple(row.tolist()) for name, row in table.items()} for table in (needs, stock)]
    return rows[0], rows[1]


def _scrap(given: Given, region: str, keep: slice) -> dict[str, tuple[float, ...]]:
    """Worn-out magnets collected at home, t a year by material."""
    n = given.network
    demand = np.asarray(given.inputs.forcing.demand)[:, :, 0].T
    home = n.group_region == n.regions.index(region)
    yearly = given.by_year(demand)[:, keep] * home[:, None] * YEAR
    found: dict[str, list[float]] = {}
    for column in yearly.T:
        slots = collected(n, column)
        for name in {n.materials[m] for m in n.out_slot_material[slots > 0]}:
            found.setdefault(name, [])
        for name, row in found.items():
            row.append(float(slots[n.out_slot_material == n.materials.index(name)].sum()))
    return {name: tuple(row) for name, row in found.items() if len(row) == yearly.shape[1]}


def per_unit(n: Network) -> Floats:
    """Tonnes of counted magnets in a unit of each group's product, its designs in their nominal shares (group,)."""
    return magnets_per_unit(n, counted(n))


def _price(n: Network, needs: dict[str, tuple[float, ...]]) -> dict[str, float]:
    """USD per t of each want at the prices abroad that a run starts from; the dearest where no price is kept."""
    prices = {name: float(n.price0[n.materials.index(name), 1]) * KG for name in needs}
    dearest = max((price for price in prices.values() if math.isfinite(price)), default=0.0)
    return {name: price if math.isfinite(price) else dearest for name, price in prices.items()}
