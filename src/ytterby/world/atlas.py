"""Home to the world as one looks at it: who makes, hands on and uses how much of an element, stage by stage.

Amounts are those of the static balance of the base year (`checks.BASE`), when all demand is met and before any licence;
capacities are those that run on the knowledge day. Nothing here is drawn or simulated.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ytterby.terms.elements import ELEMENTS, METAL_IN_OXIDE
from ytterby.terms.errors import UnknownName
from ytterby.world import parameters
from ytterby.world.arrays import assemble
from ytterby.world.balance import DAYS, Steady, running, steady
from ytterby.world.baseline import Line
from ytterby.world.checks import BASE
from ytterby.world.grounding import ground
from ytterby.world.model import World
from ytterby.world.network import Network

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

REO = "REO"
MIXES: Mapping[str, tuple[str, ...]] = {
    "NdPr": ("Nd", "Pr"),
    "Dy": ("Dy",),
    "Tb": ("Tb",),
    "Sm": ("Sm",),
    "Y": ("Y",),
    REO: ELEMENTS,
}
"""What is asked for most, and the elements it stands for. `REO` counts oxide, the others contained element."""

ORDER = ("mine", "recycling", "separation", "metal", "alloy", "magnet", "component", "use")
"""Stages from the mine to first use. Makers of products and uses without magnets are one: `use`."""
MADE = {
    "mine": "concentrate",
    "separation": "oxide",
    "metal": "metal",
    "alloy": "alloy",
    "magnet": "magnet",
    "component": "component",
}
"""Stage of the material that a stage makes; what else leaves it (swarf, heavy concentrate) is no output of its own.
Recyclers make oxide, alloy or magnets: all but scrap."""
SCRAP = "scrap"
CONCENTRATED, MODERATE = 1800.0, 1000.0
"""HHI above which a market is highly, and moderately, concentrated (US Merger Guidelines of 2023, guideline 1)."""

ROUNDS, CLOSE = 200, 1e-9
"""How often what passes through a plant is followed, and the change of a share at which it is taken as found."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one country does of a stage."""

    place: str
    tonnes: float
    """A year, of the mix."""
    share: float
    assumed: float
    """Share of its tonnes that comes from plants of assumed capacity."""
    plants: int


@dataclass(frozen=True)
class Atlas:
    """One world, at rest in the base year, with what every plant is called and where it stands."""

    world: World
    network: Network
    day: datetime.date
    state: Steady

    @cached_property
    def index(self) -> dict[str, int]:
        """Facility -> its row."""
        return {name: row for row, name in enumerate(self.network.facilities)}

    @cached_property
    def lines(self) -> dict[str, Line]:
        """Facility -> its line of `facilities.csv`; makers and collectors have none."""
        return {line["id"]: line for line in self.world.tables["facilities"] if line["id"] in self.index}

    @cached_property
    def stage(self) -> tuple[str, ...]:
        """Stage of each facility, as `ORDER` has them."""
        return tuple("use" if one == "maker" else one for one in self.network.facility_stage)

    @cached_property
    def country(self) -> tuple[str, ...]:
        """Country of each facility: its own where it is known, else the region it is counted in."""
        regions = self.network.regions
        own = {name: line["country"] for name, line in self.lines.items()}
        return tuple(
            own.get(name, regions[self.network.facility_region[row]])
            for row, name in enumerate(self.network.facilities)
        )

    @cached_property
    def able(self) -> Floats:
        """Capacity that runs on the knowledge day (facility,), load units a year; inf for makers."""
        first = datetime.date(self.day.year, 1, 1)
        return running(self.network, self.day.year + (self.day - first).days / DAYS) * DAYS

    @cached_property
    def seller(self) -> Ints:
        """Facility each link leaves (link,)."""
        return self.network.out_slot_facility[self.network.link_out]

    @cached_property
    def buyer(self) -> Ints:
        """Facility each link feeds (link,)."""
        return self.network.in_slot_facility[self.network.link_in]

    @cached_property
    def material(self) -> Ints:
        """Material of each link (link,)."""
        return self.network.out_slot_material[self.network.link_out]

    @cached_property
    def amount(self) -> Floats:
        """What each link carries (link,), units of its material a year."""
        flow: Floats = self.state.flow * DAYS
        return flow

    @cached_property
    def doubtful(self) -> Bools:
        """Links with a plant of assumed capacity at an end (link,); makers of products count as known."""
        made = np.array([stage != "use" for stage in self.stage], dtype=np.bool_)
        assumed = self.network.facility_assumed
        doubtful: Bools = assumed[self.seller] | (assumed[self.buyer] & made[self.buyer])
        return doubtful

    def content(self, mix: str) -> Floats:
        """Tonnes of `mix` in a unit of each material (material,): contained element, for `REO` oxide.

        Raises:
            UnknownName: neither a mix nor an element.
        """
        rows = [self.network.elements.index(symbol) for symbol in symbols(mix)]
        weight = 1.0 / np.array(METAL_IN_OXIDE) if mix == REO else np.ones(len(ELEMENTS))
        found: Floats = self.network.composition[:, rows] @ weight[rows]
        return found

    def output(self, mix: str) -> Floats:
        """Tonnes of `mix` a year in what each facility makes for the next stage, and in what makers take in
        (facility,).
        """
        n, content = self.network, self.content(mix)
        kept = np.array([self.owns(f, m) for f, m in zip(n.out_slot_facility, n.out_slot_material, strict=True)])
        made = self.state.made * DAYS * content[n.out_slot_material] * kept
        taken = self.state.use * DAYS * content[n.in_slot_material]
        using = np.array([stage == "use" for stage in self.stage])
        given = np.bincount(n.out_slot_facility, made, len(n.facilities))
        total: Floats = given + using * np.bincount(n.in_slot_facility, taken, len(n.facilities))
        return total

    def owns(self, facility: int, material: int) -> bool:
        """Whether a material is what a facility is there to make; what else leaves it is no output of its own."""
        made, kind = MADE.get(self.stage[facility]), self.network.material_stage[material]
        return kind != SCRAP if made is None else kind == made

    def shares(self, mix: str, stage: str) -> list[Share]:
        """What each country does of a stage, largest first; countries that do nothing are left out.

        Raises:
            UnknownName: an element or stage nobody knows.
        """
        if stage not in ORDER:
            raise UnknownName(stage, ORDER, "stage")
        tonnes = self.output(mix)
        found: dict[str, list[float]] = {}
        for row, (where, does) in enumerate(zip(self.country, self.stage, strict=True)):
            if does == stage and tonnes[row] > 0:
                sums = found.setdefault(where, [0.0, 0.0, 0.0])
                # A product's maker is a group of our own making: its demand may be known all the same.
                doubt = bool(self.network.facility_assumed[row]) and stage != "use"
                sums[0] += float(tonnes[row])
                sums[1] += float(tonnes[row]) * doubt
                sums[2] += 1
        total = sum(one[0] for one in found.values())
        rows = [Share(where, t, t / total, doubt / t, round(n)) for where, (t, doubt, n) in found.items()]
        return sorted(rows, key=lambda one: (-one.tonnes, one.place))

    def flows(self, mix: str) -> Floats:
        """Tonnes of `mix` a year on each link (link,)."""
        carried: Floats = self.amount * self.content(mix)[self.material]
        return carried

    def forward(self) -> Bools:
        """Links that lead to a later stage (link,): swarf goes back, and stays within a stage what is split twice."""
        rank = np.array([ORDER.index(stage) for stage in self.stage])
        ahead: Bools = rank[self.seller] < rank[self.buyer]
        return ahead

    def through(self, facilities: Bools, mix: str) -> Floats:
        """Share of what each facility takes in of `mix` that has passed through one of `facilities` (facility,).

        What one of them makes has passed through it; what others make, by the share of what they take in. Where the
        world has no link, nothing passes.
        """
        n, flows = len(self.network.facilities), self.flows(mix)
        taken = np.bincount(self.buyer, flows, n)
        entered, passed = np.zeros(n), facilities.astype(np.float64)
        for _ in range(ROUNDS):
            entered = np.bincount(self.buyer, flows * passed[self.seller], n) / np.maximum(taken, 1e-300)
            after = np.where(facilities, 1.0, entered)
            # Swarf runs in a circle, each round smaller by what becomes magnets.
            moved, passed = float(np.abs(after - passed).max(initial=0.0)), after
            if moved <= CLOSE:
                break
        found: Floats = np.clip(entered, 0.0, 1.0)
        return found

    def standing_on(self, facility: str) -> list[str]:
        """Names of the parameters that the numbers of a facility stand on, in the order of its table's columns."""
        row = self.index[facility]
        line = self.lines.get(facility)
        if line is None:
            plant = self.world.plants[row]
            if plant.group is None:
                return []
            designs = [one for one in self.world.tables["designs"] if one["product"] == plant.group.product["id"]]
            lines = [plant.group.product, *designs]
            return _named(lines, ("demand", "spread", "split", "kg_per_unit", "share"), self.world.parameters)
        own = [f"basket:{line['basket']}:{symbol}" for symbol in ELEMENTS] if line["basket"] else []
        recipes = [one for one in self.world.tables["recipes"] if one["process"] in line["process"].split(";")]
        named = [
            *_named([line], ("capacity", "tech"), self.world.parameters),
            *_named(recipes, ("coef", "yield_by"), self.world.parameters),
        ]
        separations = [one for one in self.world.tables["separations"] if one["process"] in line["process"].split(";")]
        named += _named(separations, ("light", "heavy", "yield_by"), self.world.parameters)
        return list(dict.fromkeys([*named, *(name for name in own if name in self.world.parameters)]))

    def making(self, material: str) -> list[str]:
        """Names of the parameters that a material's price, recipes and use stand on."""
        tables = self.world.tables
        price = [one for one in tables["prices"] if one["material"] == material]
        ids = {one["recipe"] for one in tables["recipes"] if one["material"] == material}
        recipes = [one for one in tables["recipes"] if one["recipe"] in ids]
        designs = [one for one in tables["designs"] if one["material"] == material]
        known = self.world.parameters
        named = _named(price, ("china", "world"), known) + _named(recipes, ("coef", "yield_by"), known)
        return list(dict.fromkeys([*named, *_named(designs, ("kg_per_unit",), known)]))


def symbols(mix: str) -> tuple[str, ...]:
    """The elements a mix stands for.

    Raises:
        UnknownName: neither a mix nor an element.

    >>> symbols("NdPr"), symbols("Gd")
    (('Nd', 'Pr'), ('Gd',))
    """
    if mix in MIXES:
        return MIXES[mix]
    if mix not in ELEMENTS:
        raise UnknownName(mix, [*MIXES, *ELEMENTS], "element")
    return (mix,)


def concentration(shares: Sequence[float]) -> float:
    """The Herfindahl-Hirschman index, 0 to 10,000: the sum of the squares of shares in percent.

    >>> concentration([0.5, 0.5])
    5000.0
    """
    return math.fsum((100.0 * share) ** 2 for share in shares)


def draw(world: World) -> Atlas:
    """The atlas of a world of records (see `build.world`)."""
    network = ground(assemble(world))
    return Atlas(world, network, datetime.date.fromisoformat(world.known), steady(network, BASE))


def _named(lines: Sequence[Line], columns: Sequence[str], known: parameters.Parameters) -> list[str]:
    return list(dict.fromkeys(_names(lines, columns, known)))


def _names(lines: Sequence[Line], columns: Sequence[str], known: parameters.Parameters) -> Iterator[str]:
    for line in lines:
        for column in columns:
            text = line[column]
            if text in known:
                yield text
                continue
            for choice in text.split("|"):
                # Names with blanks stand alone in a cell; in a sum they are words.
                if choice.strip() in known:
                    yield choice.strip()
                else:
                    yield from (name for name in parameters.NAME.findall(choice) if name in known)
