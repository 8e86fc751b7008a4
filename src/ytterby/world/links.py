"""Home to the links: who buys what from whom, in which shares, top down from the makers to the mines.

Shares come from `links.csv` (who) and `feeds.csv` (ore). A supplier written ``@CN`` is all of China that makes the
material, ``@XX`` all the rest, each plant weighted by what it nominally delivers; so shares follow capacity where no
source says otherwise. What is bought is followed upstream so that the weights of the next stage are known.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from ytterby.terms.errors import BadValue, Unbalanced, UnknownName
from ytterby.world.baseline import Line, Tables
from ytterby.world.matter import Basket, is_magnet
from ytterby.world.parameters import Parameters
from ytterby.world.plants import CHINA, MINE, Activity, Plant

FEW, SOME = 2, 4
"""Suppliers of a small and of a middling buyer out of a pool."""
POOLS = ("@CN", "@XX")


@dataclass(frozen=True)
class Link:
    """One supplier of one slot. `share` of the slot's orders."""

    supplier: str
    buyer: str
    material: str
    share: float
    military: bool


class Market:
    """Works the links out. Amounts are t a year."""

    def __init__(self, tables: Tables, parameters: Parameters, plants: Mapping[str, Plant]) -> None:
        self.tables = tables
        self.parameters = parameters
        self.plants = dict(plants)
        self.links: list[Link] = []
        self.orders: dict[tuple[str, str], float] = defaultdict(float)
        self.delivers: dict[tuple[str, str], float] = {}
        self._rates: dict[str, dict[str, float]] = {}
        self._lines_of: dict[str, list[Line]] = {}
        self._dormant = parameters.get("assume:dormant").value
        self._small = parameters.get("assume:small_slot").value
        self._large = parameters.get("assume:large_slot").value
        self._makers_of: dict[str, list[str]] = defaultdict(list)
        for plant in plants.values():
            for material in plant.outputs():
                self._makers_of[material].append(plant.id)
        self._check_names()

    def _check_names(self) -> None:
        names = self.plants
        every = {line["id"] for line in self.tables["facilities"]} | set(names) | set(POOLS)
        buyers = every | {line["id"] for line in self.tables["products"]} | {"*"}
        for line in self.tables["links"]:
            if not any(fnmatchcase(material, line["material"]) for material in self._makers_of):
                raise UnknownName(line["material"], self._makers_of, what="material", place=line.place("material"))
            if line["supplier"] not in every:
                raise UnknownName(line["supplier"], every, what="facility", place=line.place("supplier"))
            if line["buyer"] not in buyers:
                raise UnknownName(line["buyer"], buyers, what="facility or product", place=line.place("buyer"))
        for line in self.tables["feeds"]:
            for column in ("supplier", "separator"):
                if line[column] not in every:
                    raise UnknownName(line[column], every, what="facility", place=line.place(column))

    def run(self, ores: Mapping[str, Basket], worn_out: Mapping[tuple[str, str], float]) -> None:
        """Fill `links`, `orders` and the nominal shares of activities.

        Args:
            ores: concentrate by the facility that sells it.
            worn_out: t a year of collected scrap by (collector, material).
        """
        self.delivers.update(worn_out)
        makers = [plant for plant in self.plants.values() if plant.group is not None]
        for plant in makers:
            for material in plant.inputs():
                if is_magnet(material):
                    self._buy(plant, material, plant.group.need(material) if plant.group else 0.0)
        self._stage("component")
        self._stage("magnet")
        self._stage("alloy")
        self._swarf()
        self._separators(ores)
        self._recyclers()
        self._scrap()
        self._oxides()
        for plant in makers:
            for material in plant.inputs():
                if not is_magnet(material):
                    self._buy(plant, material, plant.group.need(material) if plant.group else 0.0)

    def rate(self, plant: Plant, activity: Activity) -> float:
        """Units a year an activity runs to meet the orders on its drive."""
        made = activity.recipe.output(activity.recipe.drive)
        return self.orders[(plant.id, activity.recipe.drive)] * activity.share / made if made > 0 else 0.0

    def _stage(self, stage: str) -> None:
        """Purchases of a stage other than oxides, which wait until their makers are weighed."""
        for plant in list(self.plants.values()):
            if plant.stage == stage:
                for material in plant.inputs():
                    if not material.startswith(("oxide", "scrap")):
                        self._buy(plant, material, self._need(plant, material))

    def _scrap(self) -> None:
        """Purchases of whoever takes scrap."""
        for plant in list(self.plants.values()):
            for material in plant.inputs():
                if material.startswith("scrap"):
                    self._buy(plant, material, self._need(plant, material))

    def _oxides(self) -> None:
        """Purchases of oxide by plants; makers come last."""
        for plant in list(self.plants.values()):
            for material in plant.inputs():
                if material.startswith("oxide") and plant.group is None:
                    self._buy(plant, material, self._need(plant, material))

    def _need(self, plant: Plant, material: str) -> float:
        return sum(
            self.rate(plant, a) * amount
            for a in plant.activities
            for name, amount in a.recipe.inputs
            if name == material
        )

    def _swarf(self) -> None:
        for plant in self.plants.values():
            if plant.stage == "magnet":
                for activity in plant.activities:
                    for material, amount in activity.recipe.outputs:
                        if material.startswith("scrap"):
                            self.delivers[(plant.id, material)] = self.rate(plant, activity) * amount

    def _recyclers(self) -> None:
        """Share out the scrap, and weigh recyclers by the oxide it makes."""
        for plant in list(self.plants.values()):
            takes = [a for a in plant.activities if a.recipe.inputs and a.recipe.inputs[0][0].startswith("scrap")]
            if not takes:
                continue
            beside = [p for p in self.plants.values() if (p.region == CHINA) == (plant.region == CHINA)]
            got = {}
            for activity in takes:
                material = activity.recipe.inputs[0][0]
                pool = sum(self.delivers.get((p.id, material), 0.0) for p in beside)
                rivals = sum(self._room(p) for p in beside if material in p.inputs())
                got[activity.id] = pool * self._room(plant) / rivals if rivals > 0 else 0.0
            asked = sum(a.load * got[a.id] for a in takes)
            scale = min(1.0, self._room(plant) / asked) if asked > 0 else 0.0
            self._weigh(plant, {a.id: got[a.id] * scale for a in takes})

    def _room(self, plant: Plant) -> float:
        """Capacity a plant nominally offers: what runs at the start, a trace of what comes later."""
        return plant.capacity * max(plant.running(), self._dormant)

    def _separators(self, ores: Mapping[str, Basket]) -> None:
        """Links from ore to separators, and what separators nominally deliver."""
        flows: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
        for line in self.tables["feeds"]:
            supplier, separator = line["supplier"], line["separator"]
            share = self.parameters.number(line["share"], line.place("share"))
            if not 0 < share <= 1:
                raise BadValue(f"share {share:g}", place=line.place("share"), remedy="write a share between 0 and 1")
            if supplier in self.plants and separator in self.plants and supplier in ores:
                seller, ore = self.plants[supplier], ores[supplier].material
                if seller.stage != MINE and (supplier, ore) not in self.delivers:
                    self._weigh_separator(seller, flows)
                sold = self._room(seller) if seller.stage == MINE else self.delivers.get((supplier, ore), 0.0)
                flows[(separator, ore)][supplier] = flows[(separator, ore)].get(supplier, 0.0) + sold * share
        for (separator, ore), parts in flows.items():
            total = sum(parts.values())
            for supplier, amount in parts.items():
                share = amount / total if total > 0 else 1.0 / len(parts)
                self.links.append(Link(supplier, separator, ore, share, military=False))
        for plant in list(self.plants.values()):
            if plant.stage == "separation":
                self._weigh_separator(plant, flows)

    def _weigh_separator(self, plant: Plant, flows: Mapping[tuple[str, str], Mapping[str, float]]) -> None:
        fed = [a for a in plant.activities if a.recipe.inputs and a.recipe.inputs[0][0].startswith("conc.")]
        rates = {a.id: sum(flows.get((plant.id, a.recipe.inputs[0][0]), {}).values()) for a in fed}
        asked = sum(a.load * rates[a.id] for a in fed)
        scale = min(1.0, self._room(plant) / asked) if asked > 0 else 0.0
        self._weigh(plant, {name: rate * scale for name, rate in rates.items()})

    def _weigh(self, plant: Plant, rates: Mapping[str, float]) -> None:
        """Set what a plant nominally delivers, and the share of each activity in its drive."""
        plant = self.plants[plant.id]
        rates = self._rates.setdefault(plant.id, {}) | dict(rates)
        self._rates[plant.id] = rates
        given: dict[str, float] = defaultdict(float)
        driven: dict[str, float] = defaultdict(float)
        for activity in plant.activities:
            rate = rates.get(activity.id, 0.0)
            for material, amount in activity.recipe.outputs:
                given[material] += rate * amount
            if activity.id in rates:
                driven[activity.recipe.drive] += rate * activity.recipe.output(activity.recipe.drive)
        for material, amount in given.items():
            self.delivers[(plant.id, material)] = amount
        shared = []
        for activity in plant.activities:
            drive = activity.recipe.drive
            rivals = [a for a in plant.activities if a.recipe.drive == drive]
            total = driven[drive]
            made = rates.get(activity.id, 0.0) * activity.recipe.output(drive)
            shared.append(replace(activity, share=made / total if total > 0 else 1.0 / len(rivals)))
        self.plants[plant.id] = replace(plant, activities=tuple(shared))

    def _buy(self, plant: Plant, material: str, need: float) -> None:
        """Link one in-slot to its suppliers."""
        shares = self._shares(plant, material, need)
        military = bool(plant.group and plant.group.military)
        for supplier, share in shares.items():
            self.links.append(Link(supplier, plant.id, material, share, military))
            self.orders[(supplier, material)] += need * share

    def _shares(self, plant: Plant, material: str, need: float) -> dict[str, float]:
        lines = self._matching(plant, material)
        weights: dict[str, float] = defaultdict(float)
        for line in lines:
            share = self.parameters.number(line["share"], line.place("share"))
            if share < 0:
                raise BadValue("share is negative", place=line.place("share"), remedy="write 0 or more")
            for supplier, weight in self._suppliers(line["supplier"], material, need * share, plant).items():
                weights[supplier] += share * weight
        total = sum(weights.values())
        if total <= 0:
            raise Unbalanced(
                f"nobody sells {material} to {plant.id}",
                place="links.csv",
                remedy=f"add a line for material {material} and buyer {plant.id}",
            )
        return {supplier: weight / total for supplier, weight in weights.items() if weight > 0}

    def _matching(self, plant: Plant, material: str) -> list[Line]:
        """The lines that speak of this slot: the most particular main ones, and every extra one."""
        product = plant.group.product["id"] if plant.group else ""
        best, found, extra = -1, [], []
        for line in self._speaking(material):
            if line["region"] not in ("", "*", plant.region) or line["buyer"] not in ("*", plant.id, product):
                continue
            rank = 8 * (line["material"] == material) + 4 * (line["buyer"] == plant.id)
            rank += 2 * (line["buyer"] == product and bool(product)) + (line["region"] == plant.region)
            if line["kind"] in ("extra", ""):
                extra.append(line)
            elif rank > best:
                best, found = rank, [line]
            elif rank == best:
                found.append(line)
        return found + extra

    def _speaking(self, material: str) -> list[Line]:
        """The lines that speak of a material, in the order of the table; found once, asked for by every buyer."""
        if material not in self._lines_of:
            lines = self.tables["links"]
            self._lines_of[material] = [line for line in lines if fnmatchcase(material, line["material"])]
        return self._lines_of[material]

    def _suppliers(self, name: str, material: str, amount: float, plant: Plant) -> dict[str, float]:
        """Weights (summing to 1) of the plants a supplier's name stands for; empty if none makes the material."""
        if name not in POOLS:
            return {name: 1.0} if name in self.plants and material in self.plants[name].outputs() else {}
        inside = name == POOLS[0]
        members = [
            each
            for each in self._makers_of[material]
            if (self.plants[each].region == CHINA) == inside and each != plant.id
        ]
        weights = {each: self._weight(self.plants[each], material) for each in members}
        if plant.group is not None or (plant.region != CHINA and material.startswith("scrap")):
            weights = self._fewer(weights, amount, plant)
        total = sum(weights.values())
        return {each: weight / total for each, weight in weights.items()} if total > 0 else {}

    def _fewer(self, weights: dict[str, float], amount: float, plant: Plant) -> dict[str, float]:
        """The largest of a pool and, for a buyer that is not large, only some of the others, picked by its name."""
        kept = SOME if amount < self._large or plant.group is None else len(weights)
        kept = FEW if amount < self._small and plant.group is not None else kept
        ranked = sorted(weights, key=lambda each: -weights[each])
        turn = zlib.crc32(plant.id.encode()) % max(len(ranked) - 1, 1)
        chosen = [ranked[0], *(ranked[1:][turn:] + ranked[1:][:turn])][:kept] if ranked else []
        running = [each for each in chosen if weights[each] > 0]
        return {each: weights[each] for each in running}

    def _weight(self, plant: Plant, material: str) -> float:
        if (plant.id, material) in self.delivers:
            return self.delivers[(plant.id, material)]
        if material.startswith(("oxide", "scrap")):
            return 0.0
        return self._room(plant)
