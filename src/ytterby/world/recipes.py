"""Home to the recipes: what a unit of an activity takes in and gives out, from the tables and from baskets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ytterby.terms.elements import ELEMENTS
from ytterby.terms.errors import BadValue, Unbalanced, UnknownName
from ytterby.world.baseline import Line, Tables
from ytterby.world.matter import LIGHT, PAIR, Basket, Material, heavy_part
from ytterby.world.parameters import Parameters

TOLERANCE = 1e-9
"""Relative excess of output over input that rounding may leave."""
TRACE = 1e-12
BASIS = re.compile(r"\s*(in|out)\s*:\s*([A-Za-z0-9_.+\- ]+?)\s*(?:\*\s*(.+))?$")


@dataclass(frozen=True)
class Recipe:
    """One recipe: amounts per unit of activity, the output it is run for, and the parameter its yield hangs on."""

    id: str
    inputs: tuple[tuple[str, float], ...]
    outputs: tuple[tuple[str, float], ...]
    drive: str
    yield_by: str = ""
    assumed: bool = False
    place: str = ""

    def output(self, material: str) -> float:
        """Amount of a material it gives out per unit, 0 if none."""
        return sum(amount for name, amount in self.outputs if name == material)


def from_tables(tables: Tables, parameters: Parameters, known: Iterable[str]) -> dict[str, list[Recipe]]:
    """Recipes of `recipes.csv` by process.

    Raises UnknownName for a material nobody knows, BadValue for an amount that is negative or for a recipe without
    output.
    """
    materials = set(known)
    rows: dict[tuple[str, str], list[Line]] = {}
    for line in tables["recipes"]:
        rows.setdefault((line["process"], line["recipe"]), []).append(line)
    found: dict[str, list[Recipe]] = {}
    for (process, name), lines in rows.items():
        found.setdefault(process, []).append(_recipe(name, lines, parameters, materials))
    return found


def _recipe(name: str, lines: list[Line], parameters: Parameters, materials: set[str]) -> Recipe:
    sides: dict[str, list[tuple[str, float]]] = {"in": [], "out": []}
    drive, assumed = "", False
    for line in lines:
        if line["material"] not in materials:
            raise UnknownName(line["material"], materials, what="material", place=line.place("material"))
        if line["direction"] not in sides:
            raise BadValue(
                f"direction '{line['direction'][:20]}'", place=line.place("direction"), remedy="write in or out"
            )
        formula = parameters.formula(line["coef"], line.place("coef"))
        if not formula.value > 0:
            raise BadValue(
                f"{formula.value:g} t of {line['material']}", place=line.place("coef"), remedy="write more than 0"
            )
        sides[line["direction"]].append((line["material"], formula.value))
        assumed = assumed or formula.assumed
        drive = line["material"] if line["drive"] == "1" else drive
    if not sides["out"]:
        raise BadValue(f"recipe {name} makes nothing", place=lines[0].place(), remedy="add a line with direction out")
    drive = drive or sides["out"][0][0]
    return Recipe(name, tuple(sides["in"]), tuple(sides["out"]), drive, lines[0]["yield_by"], assumed, lines[0].place())


def separation(line: Line, feed: Basket, drive: str, parameters: Parameters) -> Recipe:
    """Splitting a tonne of contained REO into oxides (or light oxides and a heavy concentrate).

    Nd and Pr leave as NdPr oxide as far as they pair; what is left over of one of them leaves as its own oxide.
    """
    light = parameters.number(line["light"], line.place("light"))
    heavy = parameters.number(line["heavy"], line.place("heavy"))
    got = {symbol: share * (light if symbol in LIGHT else heavy) for symbol, share in feed.shares.items()}
    nd_share = parameters.get("assume:nd_in_ndpr").value
    nd, pr = got.get(PAIR[0], 0.0), got.get(PAIR[1], 0.0)
    paired = min(nd / nd_share, pr / (1 - nd_share))
    outputs = {"oxide.NdPr": paired, "oxide.Nd": nd - paired * nd_share, "oxide.Pr": pr - paired * (1 - nd_share)}
    whole = line["heavy_as"] == "concentrate"
    if whole and any(symbol not in LIGHT for symbol in got):
        outputs[heavy_part(feed).material] = sum(amount for symbol, amount in got.items() if symbol not in LIGHT)
    for symbol, amount in got.items():
        if symbol not in PAIR and (symbol in LIGHT or not whole):
            outputs[f"oxide.{symbol}"] = amount
    kept = tuple((name, amount) for name, amount in outputs.items() if amount > TRACE)
    names = [name for name, _ in kept]
    runs_for = drive if drive in names else max(kept, key=lambda pair: pair[1])[0]
    return Recipe(
        f"{line['process']}:{feed.material}",
        ((feed.material, 1.0),),
        kept,
        runs_for,
        line["yield_by"],
        place=line.place(),
    )


def load(recipe: Recipe, basis: str, parameters: Parameters, place: str) -> float:
    """Capacity a unit of activity takes, in the unit the capacity is stated in.

    `basis` reads ``out:oxide.NdPr+oxide.Nd`` or ``in:alloy * recipe:yield_blank``: the side, the materials counted (a
    name or the part before its first dot), and a factor. Raises BadValue when it cannot be read.
    """
    match = BASIS.match(basis)
    if match is None:
        raise BadValue(
            f"basis '{basis[:60]}' cannot be read",
            place=place,
            remedy="write out:metal, in:scrap or out:oxide.Dy+oxide.Tb",
        )
    side, names, factor = match.groups()
    counted = tuple(name.strip() for name in names.split("+"))
    amounts = recipe.inputs if side == "in" else recipe.outputs
    total = sum(
        amount for name, amount in amounts if any(name == each or name.startswith(f"{each}.") for each in counted)
    )
    return total * (parameters.number(factor, place) if factor else 1.0)


def excess(recipe: Recipe, contents: Mapping[str, Material]) -> tuple[str, float, float] | None:
    """The element of which more comes out than goes in, with both amounts (t per unit); None when it balances.

    A recipe without inputs is a mine: it may bring up what it gives.
    """
    if not recipe.inputs:
        return None
    entering, leaving = (_elements(side, contents) for side in (recipe.inputs, recipe.outputs))
    over = leaving - entering * (1 + TOLERANCE)
    worst = int(np.argmax(over))
    if over[worst] <= TRACE:
        return None
    return ELEMENTS[worst], float(entering[worst]), float(leaving[worst])


def require_balance(recipe: Recipe, contents: Mapping[str, Material]) -> None:
    """Raises Unbalanced naming the recipe's row and the element it makes out of nothing."""
    found = excess(recipe, contents)
    if found is not None:
        symbol, entering, leaving = found
        raise Unbalanced(
            f"recipe {recipe.id} makes {symbol} from nothing: {leaving:.6g} t out of {entering:.6g} t per unit",
            place=recipe.place,
            remedy=f"lower the outputs that hold {symbol} or raise the inputs",
        )


def _elements(side: tuple[tuple[str, float], ...], contents: Mapping[str, Material]) -> NDArray[np.float64]:
    return sum((amount * contents[name].contents for name, amount in side), np.zeros(len(ELEMENTS)))
