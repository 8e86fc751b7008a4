"""Home to demand: which product is made where, of what designs, how many a day now and later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ytterby.terms.errors import BadValue, UnknownName
from ytterby.world.baseline import Line, Tables
from ytterby.world.parameters import Parameters

Floats = NDArray[np.float64]

BASE_YEAR = 2024
LAST_YEAR = 2051
DAYS = 365.25
KG = 1000.0
SMALL = 0.002
"""Share of a product below which it is taken not to be made in a region."""
MID_YEAR = 0.5


@dataclass(frozen=True)
class Design:
    """One way to build a product: tonnes of each material per unit."""

    id: str
    share: float
    share_max: float
    switch_days: float
    inputs: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Group:
    """One product in one region: its designs and units per day by anchor year (year,)."""

    product: Line
    region: str
    designs: tuple[Design, ...]
    units: Floats
    magnets: bool
    military: bool

    @property
    def id(self) -> str:
        """Name of the group, e.g. ``car.bev.US``."""
        return f"{self.product['id']}.{self.region}"

    def need(self, material: str) -> float:
        """Tonnes of a material a year in the base year."""
        per_unit = sum(d.share * amount for d in self.designs for name, amount in d.inputs if name == material)
        return float(self.units[0]) * DAYS * per_unit


def years() -> Floats:
    """Anchor years as decimal years: the middle of each calendar year."""
    return np.arange(BASE_YEAR, LAST_YEAR + 1, dtype=np.float64) + MID_YEAR


def groups(tables: Tables, parameters: Parameters, path: str, materials: Mapping[str, int]) -> tuple[Group, ...]:
    """Every product in every region that makes it.

    `path` names the growth of magnet uses (a path of `paths.csv` of kind level or rate). Raises UnknownName for a path,
    product, region or material nobody knows, BadValue for negative demand.
    """
    regions = [line for line in tables["regions"] if line["use"]]
    codes = [line["code"] for line in regions]
    products = tables["products"]
    designs = {line["id"]: _designs(tables, parameters, line["id"], materials) for line in products}
    base = _base_units(tables, parameters, regions, designs)
    growth = _growth(tables, parameters, path, base, designs)
    own = _own_paths(tables, codes)
    found = []
    for row, product in enumerate(products):
        total = base[row].sum()
        for column, code in enumerate(codes):
            units = base[row, column] / DAYS * growth[product["id"]]
            if (product["id"], code) in own:
                units = _follow(own[(product["id"], code)], units)
            if units.max() <= 0 or (units[0] * DAYS <= SMALL * total and (product["id"], code) not in own):
                continue
            found.append(
                Group(
                    product, code, designs[product["id"]], units, product["magnet"] == "1", product["military"] == "1"
                )
            )
    return tuple(found)


def _designs(tables: Tables, parameters: Parameters, product: str, materials: Mapping[str, int]) -> tuple[Design, ...]:
    rows: dict[str, list[Line]] = {}
    for line in tables["designs"]:
        if line["product"] == product:
            rows.setdefault(line["design"], []).append(line)
    if not rows:
        raise BadValue(f"product {product} has no design", place="designs.csv", remedy="add one line per material")
    found = []
    for name, lines in rows.items():
        inputs = []
        for line in lines:
            if line["material"] not in materials:
                raise UnknownName(line["material"], materials, what="material", place=line.place("material"))
            amount = parameters.number(line["kg_per_unit"], line.place("kg_per_unit")) / KG
            if amount < 0:
                raise BadValue("less than nothing", place=line.place("kg_per_unit"), remedy="write 0 or more")
            if amount > 0:
                inputs.append((line["material"], amount))
        first = lines[0]
        found.append(
            Design(
                name,
                parameters.number(first["share"], first.place("share")),
                parameters.number(first["share_max"], first.place("share_max")),
                parameters.number(first["switch_days"], first.place("switch_days")),
                tuple(inputs),
            )
        )
    total = sum(design.share for design in found)
    return tuple(Design(d.id, d.share / total, d.share_max, d.switch_days, d.inputs) for d in found)


def _per_unit(designs: tuple[Design, ...]) -> float:
    return sum(design.share * amount for design in designs for _, amount in design.inputs)


def _base_units(
    tables: Tables, parameters: Parameters, regions: list[Line], designs: Mapping[str, tuple[Design, ...]]
) -> Floats:
    """Units per year in the base year (product, region)."""
    products = tables["products"]
    codes = [line["code"] for line in regions]
    affinity = {line["row"]: np.array([line.plain(code, 0.0) for code in codes]) for line in tables["affinity"]}
    tonnes = np.zeros((len(products), len(codes)))
    fitted = []
    for row, product in enumerate(products):
        amount = parameters.number(product["demand"], product.place("demand"))
        if amount < 0:
            raise BadValue("demand is negative", place=product.place("demand"), remedy="write 0 or more")
        tonnes_all = amount * _per_unit(designs[product["id"]]) if product["demand_in"] == "unit" else amount
        if product["split"] == "use":
            fitted.append(row)
            tonnes[row] = tonnes_all * _shares(affinity, product["id"], product)
        elif product["split"] in codes or product["split"].upper() in codes:
            tonnes[row, codes.index(product["split"].upper())] = tonnes_all
        else:
            tonnes[row] = tonnes_all * _shares(affinity, product["split"], product)
    if fitted:
        use = np.array([parameters.number(line["use"], line.place("use")) for line in regions])
        other = [
            row for row, p in enumerate(products) if p["magnet"] == "1" and p["military"] == "1" and row not in fitted
        ]
        columns = use - tonnes[other].sum(axis=0)
        tonnes[fitted] = proportional_fit(tonnes[fitted], columns * (tonnes[fitted].sum() / columns.sum()))
    per_unit = np.array([_per_unit(designs[product["id"]]) for product in products])
    return np.asarray(tonnes / per_unit[:, None])


def _shares(affinity: Mapping[str, Floats], name: str, product: Line) -> Floats:
    if name not in affinity:
        raise UnknownName(name, affinity, what="row of affinity.csv", place=product.place("split"))
    return np.asarray(affinity[name] / affinity[name].sum())


def proportional_fit(seed: Floats, columns: Floats, rounds: int = 200) -> Floats:
    """Biproportional fit: rows keep their proportions among themselves, columns sum to `columns`; zeros stay zero.

    Row totals are those of `seed`, scaled together to the sum of `columns` (Deming and Stephan 1940).
    """
    rows = seed.sum(axis=1) * (columns.sum() / seed.sum())
    fitted = seed.copy()
    for _ in range(rounds):
        fitted *= (rows / np.maximum(fitted.sum(axis=1), 1e-300))[:, None]
        fitted *= (columns / np.maximum(fitted.sum(axis=0), 1e-300))[None, :]
    return fitted


def _growth(
    tables: Tables, parameters: Parameters, path: str, base: Floats, designs: Mapping[str, tuple[Design, ...]]
) -> dict[str, Floats]:
    """Factor on the base year by product (year,).

    Products without a path of their own follow `path` together; their tilt moves growth among them, not its sum.
    """
    curves = {name: _curve(tables, parameters, name) for name in {line["path"] for line in tables["paths"]}}
    if path not in curves:
        raise UnknownName(path, curves, what="demand path", place="demand_path")
    products = tables["products"]
    shared = [row for row, product in enumerate(products) if not product["path"]]
    weight = np.array([base[row].sum() * _per_unit(designs[products[row]["id"]]) for row in shared])
    tilt = np.array([products[row].plain("tilt", 0.0) for row in shared])
    tilted = np.exp(tilt[:, None] * (years() - years()[0])[None, :])
    level = curves[path] * weight.sum() / (weight @ tilted)
    growth = {products[row]["id"]: level * tilted[k] for k, row in enumerate(shared)}
    for product in products:
        if product["path"]:
            if product["path"] not in curves:
                raise UnknownName(product["path"], curves, what="demand path", place=product.place("path"))
            growth[product["id"]] = curves[product["path"]]
    return growth


def _curve(tables: Tables, parameters: Parameters, name: str) -> Floats:
    """A path as a factor on the base year (year,); anchors that nothing known gives a value to are left out."""
    rows = [line for line in tables["paths"] if line["path"] == name and not parameters.missing(line["value"])]
    steps = np.arange(LAST_YEAR - BASE_YEAR + 1)
    if not rows:
        return np.ones(len(steps))
    if rows[0]["kind"] == "rate":
        rate = parameters.number(rows[0]["value"], rows[0].place("value"))
        return np.asarray((1.0 + rate) ** steps)
    anchors = sorted((line.plain("year"), parameters.number(line["value"], line.place("value"))) for line in rows)
    at = np.array([year for year, _ in anchors])
    levels = np.log([max(level, 1e-9) for _, level in anchors])
    curve = np.interp(BASE_YEAR + steps, at, levels)
    return np.asarray(np.exp(curve - np.interp(BASE_YEAR, at, levels)))


def _own_paths(tables: Tables, codes: list[str]) -> dict[tuple[str, str], dict[float, float]]:
    """Units per year by year for groups of `demand.csv`."""
    names = [line["id"] for line in tables["products"]]
    found: dict[tuple[str, str], dict[float, float]] = {}
    for line in tables["demand"]:
        if line["product"] not in names:
            raise UnknownName(line["product"], names, what="product", place=line.place("product"))
        if line["region"] not in codes:
            raise UnknownName(line["region"], codes, what="region", place=line.place("region"))
        units = line.plain("units_per_year")
        if not units >= 0:
            raise BadValue("demand is negative or empty", place=line.place("units_per_year"), remedy="write 0 or more")
        year = line.plain("year")
        if not BASE_YEAR <= year <= LAST_YEAR:
            raise BadValue(f"year {line['year']}", place=line.place("year"), remedy=f"write {BASE_YEAR} to {LAST_YEAR}")
        found.setdefault((line["product"], line["region"]), {})[year] = units
    return found


def _follow(anchors: Mapping[float, float], usual: Floats) -> Floats:
    """Units per day through the stated years; outside them the usual path, scaled to meet the nearest one."""
    at = np.array(sorted(anchors)) + MID_YEAR
    stated = np.array([anchors[year] for year in sorted(anchors)]) / DAYS
    inside = np.interp(years(), at, stated)
    before, after = years() < at[0], years() > at[-1]
    result = inside.copy()
    for outside, edge, level in ((before, at[0], stated[0]), (after, at[-1], stated[-1])):
        there = np.interp(edge, years(), usual)
        if there > 0:
            result[outside] = usual[outside] * level / there
    return result
