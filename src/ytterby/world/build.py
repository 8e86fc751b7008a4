"""Home to the build: weighed claims, our tables and a project's overlay become the arrays of a world.

Nothing here is a number of its own: every figure is looked up by name (see `parameters`), and what is uncertain keeps
a row in `Network.uncertainty`. Built at a knowledge date it uses what was known on that day: the caller weighs the
claims known then, and rows of our own tables that became known later are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal

from ytterby.terms.errors import BadValue
from ytterby.world import baseline, demand, links, matter, plants, recipes
from ytterby.world.arrays import assemble
from ytterby.world.baseline import Tables
from ytterby.world.grounding import ground
from ytterby.world.model import World
from ytterby.world.network import Network
from ytterby.world.parameters import Parameters, WeighedLike

DemandPath = Literal["iea", "adamas"]


def build(
    weighed: Mapping[str, WeighedLike],
    known: date | str,
    overlay: Tables | None = None,
    demand_path: str = "iea",
) -> Network:
    """The world as arrays.

    Args:
        weighed: parameter name to pooled claim, as `evidence.weigh.weigh(claims, known)` gives it for the same day.
        known: the knowledge date, recorded in the network and applied to our own tables.
        overlay: tables with a project's changes in them (see `overlay.read`); those of the package without it.
        demand_path: growth of magnet uses, a path of `paths.csv`: ``iea`` or ``adamas``.

    Raises:
        InputError: a name nobody knows, a negative capacity, dates that run backwards, a recipe that makes matter,
            a slot nobody supplies; each names its table, line and column.
    """
    return ground(assemble(world(weighed, known, overlay, demand_path)))


def world(
    weighed: Mapping[str, WeighedLike], known: date | str, overlay: Tables | None = None, demand_path: str = "iea"
) -> World:
    """The world as records, before it becomes arrays. Arguments as `build`."""
    day = _day(known)
    tables = overlay or baseline.load()
    parameters = Parameters(weighed, baseline.assumptions(tables, day), baseline.overruling(tables))
    classes = matter.derive_classes(tables, parameters)
    places = plants.Places.of(tables)
    ores = plants.baskets(tables, parameters)
    materials = matter.materials(parameters, classes, _distinct(ores.values()))
    contents = {material.id: material for material in materials}
    made = recipes.from_tables(tables, parameters, contents)
    facilities = plants.plants(tables, parameters, made, ores, places, day)
    for plant in facilities.values():
        for activity in plant.activities:
            recipes.require_balance(activity.recipe, contents)
    index = {material.id: row for row, material in enumerate(materials)}
    groups = demand.groups(tables, parameters, demand_path, index)
    every = {**facilities, **plants.makers(groups, places), **plants.collectors(classes, places)}
    market = links.Market(tables, parameters, every)
    market.run(ores, _worn_out(groups, parameters))
    return World(
        day.isoformat(), tables, parameters, places, materials, tuple(market.plants.values()), tuple(market.links)
    )


def _day(known: date | str) -> date:
    if isinstance(known, date):
        return known
    try:
        return date.fromisoformat(known)
    except ValueError as error:
        raise BadValue(f"'{known[:40]}' is not a date", place="known", remedy="write it as 2026-03-15") from error


def _distinct(baskets: Iterable[matter.Basket]) -> list[matter.Basket]:
    return list({each.material: each for each in baskets}.values())


def _worn_out(groups: tuple[demand.Group, ...], parameters: Parameters) -> dict[tuple[str, str], float]:
    """Scrap collected in the base year, t by (collector, material).

    What was built a life ago at today's growth, times the share collected.
    """
    found: dict[tuple[str, str], float] = {}
    for group in groups:
        life = group.product.plain("life_years", 0.0)
        if not group.magnets or life <= 0:
            continue
        growth = max(float(group.units[1] / group.units[0]), 1.0)
        collected = parameters.number(group.product["collect"], group.product.place("collect")) * growth**-life
        collector = f"collector.{plants.CHINA if group.region == plants.CHINA else 'ZZ'}"
        for design in group.designs:
            for material, _ in design.inputs:
                scrap = matter.worn(material)
                found[(collector, scrap)] = (
                    found.get((collector, scrap), 0.0) + collected * group.need(material) * design.share
                )
    return found
