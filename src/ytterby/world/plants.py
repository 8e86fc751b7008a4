"""Home to the plants: which facility stands where, what it runs, how much it can do and since when."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ytterby.terms.errors import BadValue, DateOrder, UnknownName
from ytterby.world.baseline import Line, Tables
from ytterby.world.demand import Group
from ytterby.world.matter import Basket, basket, heavy_part
from ytterby.world.parameters import Formula, Parameters, Value
from ytterby.world.recipes import Recipe, load, separation

START = date(2025, 1, 1)
"""The day the baseline describes: what runs on it has a nominal share, what comes later is dormant."""
EPOCH = date(1970, 1, 1)
MINE = "mine"
CHINA = "CN"


@dataclass(frozen=True)
class Activity:
    """One recipe at one facility."""

    id: str
    recipe: Recipe
    load: float
    share: float


@dataclass(frozen=True)
class Plant:
    """One facility with what it runs. Capacity in load units a year (inf: a maker)."""

    id: str
    name: str
    name_zh: str
    stage: str
    region: str
    lat: float
    lon: float
    capacity: float
    activities: tuple[Activity, ...]
    start: float = -math.inf
    ramp_days: float = 0.0
    tech: float = 0.0
    invests: bool = False
    assumed: bool = False
    capacity_of: str = ""
    stocks: tuple[str, ...] = ()
    """Materials it hands on without making them (a collector)."""
    group: Group | None = field(default=None, compare=False)

    def running(self, day: date = START) -> float:
        """Share of its capacity that runs on a day."""
        now = (day - EPOCH).days
        if now < self.start:
            return 0.0
        return 1.0 if self.ramp_days <= 0 else min(1.0, (now - self.start) / self.ramp_days)

    def inputs(self) -> list[str]:
        """Materials it takes in, in order, each once."""
        return list(dict.fromkeys(name for a in self.activities for name, _ in a.recipe.inputs))

    def outputs(self) -> list[str]:
        """Materials it hands on, in order, each once."""
        made = (name for a in self.activities for name, _ in a.recipe.outputs)
        return list(dict.fromkeys([*made, *self.stocks]))


@dataclass(frozen=True)
class Places:
    """Regions and zones, and which region a country belongs to."""

    codes: tuple[str, ...]
    zone: Mapping[str, int]
    region_of: Mapping[str, str]
    name: Mapping[str, tuple[str, str]]

    @staticmethod
    def of(tables: Tables) -> Places:
        """From `regions.csv`."""
        rows = tables["regions"]
        return Places(
            tuple(line["code"] for line in rows),
            {line["code"]: int(line.plain("zone")) for line in rows},
            {member: line["code"] for line in rows for member in line["members"].split()},
            {line["code"]: (line["name"], line["name_zh"] or line["name"]) for line in rows},
        )


def baskets(tables: Tables, parameters: Parameters) -> dict[str, Basket]:
    """Every concentrate by the facility that sells it: mines their ore, light lines their heavy part."""
    light = {line["process"] for line in tables["separations"] if line["heavy_as"] == "concentrate"}
    found: dict[str, Basket] = {}
    lines = {line["id"]: line for line in tables["facilities"]}
    for line in lines.values():
        if line["process"] == MINE:
            found[line["id"]] = basket(line["basket"] or line["id"], parameters, line.place("basket"))
    for feed in tables["feeds"]:
        separator = lines.get(feed["separator"])
        if separator is not None and light & set(separator["process"].split(";")) and feed["supplier"] in found:
            found.setdefault(feed["separator"], heavy_part(found[feed["supplier"]]))
    return found


def plants(
    tables: Tables,
    parameters: Parameters,
    recipes: Mapping[str, list[Recipe]],
    ores: Mapping[str, Basket],
    places: Places,
    known: date,
) -> dict[str, Plant]:
    """Every facility of the tables that was known by a day and has a capacity, by id.

    Raises UnknownName for a process or country nobody knows, BadValue for a negative capacity, DateOrder for dates
    that run backwards.
    """
    separations = {line["process"]: line for line in tables["separations"]}
    heard_of = [line for line in tables["facilities"] if not _unheard_of(line, parameters, known)]
    names = {line["id"] for line in heard_of}
    known_ores = {name: ore for name, ore in ores.items() if name in names}
    found: dict[str, Plant] = {}
    for line in heard_of:
        capacity = _capacity(line, parameters)
        made = [
            *_mined(line, known_ores),
            *(
                recipe
                for process in line["process"].split(";")
                for recipe in _table(line, process, recipes, separations)
            ),
            *_separated(line, separations, tables, known_ores, parameters),
        ]
        if not made and any(feed["separator"] == line["id"] for feed in tables["feeds"]):
            continue  # its mine is not known yet
        if not made:
            raise BadValue(
                f"{line['id']} runs no recipe", place=line.place("process"), remedy="give it a feed in feeds.csv"
            )
        found[line["id"]] = _plant(line, capacity, made, parameters, places)
    return found


def _unheard_of(line: Line, parameters: Parameters, known: date) -> bool:
    """Whether nothing known by the day states its size; a name that is no plant's own is left to be an error."""
    since = line.day("known")
    if since is not None and since > known:
        return True
    own = {f"{kind}:{line['id']}" for kind in ("capacity", MINE)}
    return bool(own & set(parameters.missing(line["capacity"])))


def _capacity(line: Line, parameters: Parameters) -> Formula:
    formula = parameters.formula(line["capacity"], line.place("capacity"))
    if not formula.value >= 0:
        raise BadValue(
            f"capacity {formula.value:g} is negative",
            place=line.place("capacity"),
            remedy="write a number of 0 or more",
        )
    return formula


def _mined(line: Line, ores: Mapping[str, Basket]) -> list[Recipe]:
    if line["process"] != MINE:
        return []
    material = ores[line["id"]].material
    return [Recipe("mine", (), ((material, 1.0),), material, place=line.place())]


def _table(
    line: Line, process: str, recipes: Mapping[str, list[Recipe]], separations: Mapping[str, Line]
) -> list[Recipe]:
    if process == MINE or process in separations:
        return []
    if process not in recipes:
        known = [*recipes, *separations, MINE]
        raise UnknownName(process, known, what="process", place=line.place("process"))
    return recipes[process]


def _separated(
    line: Line, separations: Mapping[str, Line], tables: Tables, ores: Mapping[str, Basket], parameters: Parameters
) -> list[Recipe]:
    found: dict[str, Recipe] = {}
    for process in line["process"].split(";"):
        if process not in separations:
            continue
        for feed in tables["feeds"]:
            if feed["separator"] == line["id"] and feed["supplier"] in ores:
                made = separation(separations[process], ores[feed["supplier"]], feed["drive"], parameters)
                found.setdefault(made.inputs[0][0], made)
    return list(found.values())


def _plant(line: Line, capacity: Formula, made: list[Recipe], parameters: Parameters, places: Places) -> Plant:
    country = line["country"]
    region = places.region_of.get(country)
    if region is None:
        raise UnknownName(country, places.region_of, what="country", place=line.place("country"))
    start, ramp = _ramp(line, parameters)
    loads = [load(recipe, line["basis"], parameters, line.place("basis")) for recipe in made]
    if not any(each > 0 for each in loads):
        raise BadValue(
            f"basis {line['basis']} counts nothing that {line['id']} handles",
            place=line.place("basis"),
            remedy="name one of its inputs or outputs",
        )
    activities = tuple(
        Activity(f"{recipe.id}@{line['id']}", recipe, each, 1.0) for recipe, each in zip(made, loads, strict=True)
    )
    return Plant(
        line["id"],
        line["name"] or line["id"],
        line["name_zh"] or line["name"],
        line["stage"],
        region,
        line.plain("lat"),
        line.plain("lon"),
        capacity.value,
        activities,
        start,
        ramp,
        parameters.number(line["tech"] or "0", line.place("tech")),
        line["invests"] == "1",
        capacity.assumed or line["dates"] == "assumed",
        next((part.name for part in capacity.parts if part.spread()), ""),
    )


def _ramp(line: Line, parameters: Parameters) -> tuple[float, float]:
    """Start in days since 1970 and days to nameplate."""
    start, full = line.day("start"), line.day("full")
    if start is None:
        return -math.inf, 0.0
    if full is not None and full < start:
        raise DateOrder(
            f"full rate on {full} comes before the start on {start}",
            place=line.place("full"),
            remedy="put the later date in column full",
        )
    days = (full - start).days if full is not None else parameters.get("recipe:lt_ramp").value
    return float((start - EPOCH).days), float(days)


def makers(groups: tuple[Group, ...], places: Places) -> dict[str, Plant]:
    """One maker per product and region: unlimited capacity, one activity per design."""
    found: dict[str, Plant] = {}
    for group in groups:
        product = group.product
        english, chinese = places.name[group.region]
        activities = tuple(
            Activity(
                f"{design.id}@{group.id}",
                Recipe(design.id, design.inputs, (), "", assumed=True, place=product.place()),
                0.0,
                1.0,
            )
            for design in group.designs
        )
        found[group.id] = Plant(
            group.id,
            f"{product['name']}, {english}",
            f"{product['name_zh'] or product['name']}（{chinese}）",
            "maker" if group.magnets else "use",
            group.region,
            math.nan,
            math.nan,
            math.inf,
            activities,
            assumed=True,
            group=group,
        )
    return found


def collectors(classes: Mapping[str, Mapping[str, Value]], places: Places) -> dict[str, Plant]:
    """One collector of worn-out magnets in China and one for the rest of the world."""
    scrap = tuple(f"scrap.{name}" for name in classes)
    found = {}
    for region, english, chinese in ((CHINA, "China", "中国"), ("ZZ", "outside China", "中国以外")):
        name = f"collector.{region}"
        found[name] = Plant(
            name,
            f"collectors of worn-out magnets, {english}",
            f"废旧磁体回收（{chinese}）",
            "recycling",
            region,
            math.nan,
            math.nan,
            math.inf,
            (),
            assumed=True,
            stocks=scrap,
        )
    return found
