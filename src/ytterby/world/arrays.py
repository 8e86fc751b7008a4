"""Home to laying the records of a world out as the arrays of `network.Network`."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ytterby.terms.elements import ELEMENTS
from ytterby.world.baseline import Line
from ytterby.world.checks import TOTALS
from ytterby.world.demand import DAYS, years
from ytterby.world.matter import worn
from ytterby.world.model import World
from ytterby.world.network import CERTAIN, Network
from ytterby.world.parameters import Formula, Parameters, Value
from ytterby.world.plants import CHINA, MINE, START, Plant
from ytterby.world.prices import first_prices

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ZONES = ("CN", "XX")
AUTO = "auto"


@dataclass(frozen=True)
class Slots:
    """Rows of the slot axes by (facility, material)."""

    entering: dict[tuple[str, str], int]
    leaving: dict[tuple[str, str], int]

    @staticmethod
    def of(plants: tuple[Plant, ...]) -> Slots:
        """In the order of the facilities."""
        entering = [(plant.id, material) for plant in plants for material in plant.inputs()]
        leaving = [(plant.id, material) for plant in plants for material in plant.outputs()]
        return Slots({key: row for row, key in enumerate(entering)}, {key: row for row, key in enumerate(leaving)})


def assemble(world: World) -> Network:
    """The arrays. Rows keep the order of the tables, makers after plants, collectors last."""
    parameters = world.parameters
    slots = Slots.of(world.plants)
    parts: dict[str, object] = {}
    parts.update(_materials(world))
    parts.update(_facilities(world))
    parts.update(_activities(world, slots))
    parts.update(_slots(world, slots))
    parts.update(_links(world, slots))
    parts.update(_terminals(world, slots))
    parts["uncertainty"] = parameters.table()
    parts["notes"] = _notes(world)
    return Network(**parts)  # type: ignore[arg-type]


def _floats(values: object) -> Floats:
    return np.array(values, dtype=np.float64)


def _ints(values: object) -> Ints:
    return np.array(values, dtype=np.int64)


def _materials(world: World) -> dict[str, object]:
    return {
        "known": world.known,
        "elements": ELEMENTS,
        "regions": world.places.codes,
        "zones": ZONES,
        "materials": tuple(m.id for m in world.materials),
        "material_stage": tuple(m.stage for m in world.materials),
        "material_unit": tuple(m.unit for m in world.materials),
        "composition": np.array([m.contents for m in world.materials]),
        "price0": first_prices(world),
    }


def _facilities(world: World) -> dict[str, object]:
    plants, parameters, places = world.plants, world.parameters, world.places
    stages = {line["stage"]: line for line in world.tables["stages"]}
    region = {code: row for row, code in enumerate(places.codes)}
    pinned, loosely = (parameters.get(name).value for name in ("assume:pinned", "assume:pinned_plants"))
    ramped = parameters.uncertain("recipe:lt_ramp")
    return {
        "facilities": tuple(p.id for p in plants),
        "facility_name": tuple(p.name for p in plants),
        "facility_name_zh": tuple(p.name_zh for p in plants),
        "facility_stage": tuple(p.stage for p in plants),
        "facility_region": _ints([region[p.region] for p in plants]),
        "facility_zone": _ints([places.zone[p.region] for p in plants]),
        "facility_lat": _floats([p.lat for p in plants]),
        "facility_lon": _floats([p.lon for p in plants]),
        "facility_assumed": np.array([p.assumed for p in plants], dtype=np.bool_),
        "capacity": _floats([p.capacity / DAYS for p in plants]),
        "ramp_start": _floats([p.start for p in plants]),
        "ramp_days": _floats([p.ramp_days for p in plants]),
        "tech_dependence": _floats([p.tech for p in plants]),
        "invests": np.array([p.invests for p in plants], dtype=np.bool_),
        "build_days": _floats([parameters.number(stages[p.stage]["build"]) for p in plants]),
        "capacity_by": _ints(
            [
                parameters.uncertain(p.capacity_of, pinned if p.stage == MINE else loosely)
                if p.capacity_of
                else CERTAIN
                for p in plants
            ]
        ),
        "ramp_by": _ints([ramped if p.running(START) < 1.0 else CERTAIN for p in plants]),
    }


def _activities(world: World, slots: Slots) -> dict[str, object]:
    row = {plant.id: k for k, plant in enumerate(world.plants)}
    pinned = world.parameters.get("assume:pinned").value
    names: list[str] = []
    facility, drive, yields = list[int](), list[int](), list[int]()
    loads, share = list[float](), list[float]()
    inputs: list[tuple[int, int, float]] = []
    outputs: list[tuple[int, int, float]] = []
    for plant in world.plants:
        for activity in plant.activities:
            a, recipe = len(names), activity.recipe
            names.append(activity.id)
            facility.append(row[plant.id])
            loads.append(activity.load)
            drive.append(slots.leaving[(plant.id, recipe.drive)] if recipe.outputs else -1)
            share.append(activity.share)
            yields.append(world.parameters.uncertain(recipe.yield_by, pinned) if recipe.yield_by else CERTAIN)
            inputs.extend((a, slots.entering[(plant.id, name)], amount) for name, amount in recipe.inputs)
            outputs.extend((a, slots.leaving[(plant.id, name)], amount) for name, amount in recipe.outputs)
    return {
        "activities": tuple(names),
        "activity_facility": _ints(facility),
        "activity_load": _floats(loads),
        "activity_drive": _ints(drive),
        "activity_share": _floats(share),
        "input_activity": _ints([a for a, _, _ in inputs]),
        "input_slot": _ints([s for _, s, _ in inputs]),
        "input_coef": _floats([c for _, _, c in inputs]),
        "output_activity": _ints([a for a, _, _ in outputs]),
        "output_slot": _ints([s for _, s, _ in outputs]),
        "output_coef": _floats([c for _, _, c in outputs]),
        "yield_by": _ints(yields),
        "output_by": np.full(len(names), CERTAIN, dtype=np.int64),
    }


def _slots(world: World, slots: Slots) -> dict[str, object]:
    parameters = world.parameters
    facility = {plant.id: k for k, plant in enumerate(world.plants)}
    plant_of = {plant.id: plant for plant in world.plants}
    material = {m.id: k for k, m in enumerate(world.materials)}
    stages = {line["stage"]: line for line in world.tables["stages"]}
    cover, cover_by, adjust = [], [], []
    for name, _ in slots.entering:
        days, by = _cover(world, plant_of[name], stages)
        cover.append(days)
        cover_by.append(by)
        adjust.append(parameters.number(stages[plant_of[name].stage]["adjust"]))
    out_cover = [parameters.number(stages[plant_of[name].stage]["out_cover"]) for name, _ in slots.leaving]
    return {
        "in_slot_facility": _ints([facility[name] for name, _ in slots.entering]),
        "in_slot_material": _ints([material[m] for _, m in slots.entering]),
        "in_slot_cover": _floats(cover),
        "in_slot_adjust": _floats(adjust),
        "cover_by": _ints(cover_by),
        "out_slot_facility": _ints([facility[name] for name, _ in slots.leaving]),
        "out_slot_material": _ints([material[m] for _, m in slots.leaving]),
        "out_slot_cover": _floats(out_cover),
    }


def _cover(world: World, plant: Plant, stages: dict[str, Line]) -> tuple[float, int]:
    """Target stock of a plant's inputs in days, and the row of its uncertainty."""
    regions = {line["code"]: line for line in world.tables["regions"]}
    if plant.group is not None:
        line, column = plant.group.product, "cover"
        text = regions[plant.region]["auto_stock"] if line["cover"] == AUTO else line["cover"]
    else:
        line, column = stages[plant.stage], "in_cover" if plant.region == CHINA else "in_cover_abroad"
        text = line[column]
    formula = world.parameters.formula(text, line.place(column))
    if plant.group is not None and plant.group.magnets:
        shelves = stages[plant.stage]["in_cover"]
        return formula.value + world.parameters.number(shelves), _pooled(world.parameters, text, formula)
    return formula.value, _pooled(world.parameters, text, formula)


def _pooled(parameters: Parameters, text: str, formula: Formula) -> int:
    """Row of the uncertainty of a sum: one parameter's own, or the pool of several (widest ends, equal weights)."""
    if len(formula.parts) == 1:
        return parameters.uncertain(formula.parts[0].name)
    if not formula.parts:
        return CERTAIN
    name = "pool:" + ",".join(part.name for part in formula.parts)
    weight = 1.0 / len(formula.parts)
    claims = tuple((claim, weight * share) for part in formula.parts for claim, share in part.claims)
    parameters.derive(
        Value(
            name,
            formula.value,
            min(part.low for part in formula.parts),
            max(part.high for part in formula.parts),
            formula.parts[0].unit,
            "lognormal",
            any(part.assumed for part in formula.parts),
            claims,
        )
    )
    return parameters.uncertain(name)


def _links(world: World, slots: Slots) -> dict[str, object]:
    parameters = world.parameters
    plant_of = {plant.id: plant for plant in world.plants}
    stages = {line["stage"]: line for line in world.tables["stages"]}
    routes = {(line["from"], line["to"]): line for line in world.tables["routes"]}
    leads, by, drift = [], [], []
    for link in world.links:
        buyer, supplier = plant_of[link.buyer], plant_of[link.supplier]
        route = _route(routes, supplier.region, buyer.region)
        shipping = parameters.formula(route["lead"], route.place("lead"))
        inside = parameters.number(stages[buyer.stage]["lead"])
        leads.append(shipping.value + inside)
        by.append(parameters.uncertain(shipping.parts[0].name) if shipping.parts else CERTAIN)
        line = buyer.group.product if buyer.group is not None else stages[buyer.stage]
        drift.append(1.0 / parameters.number(line["qualify"], line.place("qualify")))
    return {
        "link_out": _ints([slots.leaving[(link.supplier, link.material)] for link in world.links]),
        "link_in": _ints([slots.entering[(link.buyer, link.material)] for link in world.links]),
        "link_share": _floats([link.share for link in world.links]),
        "link_lead": _floats(leads),
        "lead_by": _ints(by),
        "link_drift": _floats(drift),
        "link_military": np.array([link.military for link in world.links], dtype=np.bool_),
    }


def _route(routes: dict[tuple[str, str], Line], origin: str, to: str) -> Line:
    if origin == to:
        return routes[("same", "same")]
    return routes.get((origin, to), routes[("*", "*")])


def _terminals(world: World, slots: Slots) -> dict[str, object]:
    parameters, places = world.parameters, world.places
    region = {code: row for row, code in enumerate(places.codes)}
    pinned = parameters.get("assume:pinned").value
    makers = [plant for plant in world.plants if plant.group is not None]
    first = 0
    position = {}
    for plant in world.plants:
        position[plant.id] = first
        first += len(plant.activities)
    rows: dict[str, list[float]] = {
        key: [] for key in ("activity", "group", "share", "max", "switch", "life", "collect")
    }
    scrap: list[tuple[int, int, float]] = []
    for g, plant in enumerate(makers):
        group = plant.group
        assert group is not None
        product = group.product
        life = product.plain("life_years", 0.0) * DAYS
        collect = parameters.number(product["collect"] or "0", product.place("collect"))
        collector = f"collector.{CHINA if group.region == CHINA else 'ZZ'}"
        for k, design in enumerate(group.designs):
            terminal = len(rows["activity"])
            for key, value in zip(
                rows,
                (position[plant.id] + k, g, design.share, design.share_max, design.switch_days, life, collect),
                strict=True,
            ):
                rows[key].append(value)
            for material, amount in design.inputs:
                slot = slots.leaving.get((collector, worn(material)))
                if group.magnets and life > 0 and slot is not None:
                    scrap.append((terminal, slot, amount))
    groups = [plant.group for plant in makers if plant.group is not None]
    return {
        "terminal_activity": _ints(rows["activity"]),
        "terminal_group": _ints(rows["group"]),
        "terminal_share": _floats(rows["share"]),
        "terminal_share_max": _floats(rows["max"]),
        "terminal_switch_days": _floats(rows["switch"]),
        "terminal_life_days": _floats(rows["life"]),
        "terminal_collect": _floats(rows["collect"]),
        "groups": tuple(group.id for group in groups),
        "group_product": tuple(group.product["id"] for group in groups),
        "group_region": _ints([region[group.region] for group in groups]),
        "group_military": np.array([group.military for group in groups], dtype=np.bool_),
        "group_unit": tuple(group.product["unit"] for group in groups),
        "group_elasticity": _floats([group.product.plain("elasticity", 0.0) for group in groups]),
        "group_magnet": np.array([group.magnets for group in groups], dtype=np.bool_),
        "demand_years": years(),
        "demand": np.array([group.units for group in groups]),
        "demand_by": _ints([parameters.uncertain(group.product["spread"], pinned) for group in groups]),
        "scrap_terminal": _ints([t for t, _, _ in scrap]),
        "scrap_slot": _ints([s for _, s, _ in scrap]),
        "scrap_coef": _floats([c for _, _, c in scrap]),
    }


def _totals(world: World) -> list[dict[str, object]]:
    """Totals worked out elsewhere, those that something known gives a value to."""
    return [
        {
            "element": line["element"],
            "stage": line["stage"],
            "value": world.parameters.first(line["value"], line.place("value")).value,
            "why": line["why"],
        }
        for line in world.tables["totals"]
        if line["value"] in world.parameters
    ]


def _notes(world: World) -> dict[str, str]:
    used = {plant.id for plant in world.plants}
    left = [line["id"] for line in world.tables["facilities"] if line["id"] not in used]
    return {
        TOTALS: json.dumps(_totals(world), ensure_ascii=False),
        "pinned": (
            "Demand, yields and mine output are tied by a closed balance: their spreads are the power "
            f"{world.parameters.get('assume:pinned').value:g} (assumed) of what their claims say one by one."
        ),
        "not yet known": ", ".join(left),
        "excluded": "; ".join(f"{line['id']}: {line['why']}" for line in world.tables["excluded"]),
    }
