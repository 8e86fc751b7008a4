"""Home to the prices a world starts with: oxides from price claims, metals, alloys and magnets from the cost of what
they hold.

Concentrate and scrap have no price of their own. Prices are USD per kg of material, without Chinese VAT.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ytterby.world.matter import ASSEMBLY
from ytterby.world.model import World
from ytterby.world.recipes import Recipe

Floats = NDArray[np.float64]

ZONE_COUNT = 2
STAGES = ("metal", "alloy", "magnet", ASSEMBLY)


def first_prices(world: World) -> Floats:
    """Starting prices (material, zone): zone 0 China, zone 1 the rest; NaN where none is kept."""
    parameters = world.parameters
    row = {material.id: k for k, material in enumerate(world.materials)}
    price = np.full((len(row), ZONE_COUNT), np.nan)
    for line in world.tables["prices"]:
        if line["material"] in row:
            china = parameters.first(line["china"], line.place("china")).value
            price[row[line["material"]]] = china, china * parameters.number(line["world"], line.place("world"))
    margins = {
        line["stage"]: parameters.number(line["margin"], line.place("margin")) for line in world.tables["stages"]
    }
    for stage in STAGES:
        for recipe in _recipes(world, stage):
            made = row[recipe.drive]
            if not np.isfinite(price[made]).all():
                cost = sum(amount * price[row[name]] for name, amount in recipe.inputs)
                price[made] = (
                    np.asarray(cost)
                    / recipe.output(recipe.drive)
                    * margins["component" if stage == ASSEMBLY else stage]
                )
    return price


def _recipes(world: World, stage: str) -> list[Recipe]:
    """The plain recipes of a stage: those whose inputs are the product of the stage before."""
    before = {"metal": "oxide", "alloy": "metal", "magnet": "alloy", ASSEMBLY: "magnet"}[stage]
    found: dict[str, Recipe] = {}
    for plant in world.plants:
        for activity in plant.activities:
            recipe = activity.recipe
            plain = all(name.startswith(f"{before}.") for name, _ in recipe.inputs)
            if plain and recipe.inputs and recipe.drive.startswith(f"{stage}."):
                found.setdefault(recipe.id, recipe)
    return list(found.values())
