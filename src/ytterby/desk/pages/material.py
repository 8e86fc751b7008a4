"""Home to the pages of materials: all of them as a table, and each with who makes it and who takes it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.desk import thing, worldly
from ytterby.desk.blocks import Cell, Choice, Column, Facets, Link, Table
from ytterby.desk.page import Asked, KeyFigure, Page, Section, Shown
from ytterby.desk.pages import facility, world
from ytterby.figures.scales import spell
from ytterby.terms.errors import UnknownName

if TYPE_CHECKING:
    from ytterby.evidence.claims import Claim
    from ytterby.project import Project
    from ytterby.world.atlas import Atlas

WORDS = {
    **world.WORDS,
    **thing.WORDS,
    "nav": ("Materials", "材料"),
    "title": ("{n} materials; China makes most of {china} of them", "{n} 种材料，其中 {china} 种主要由中国生产"),
    "basis_all": ("As known on {day}", "截至 {day} 所知"),
    "everything": ("everything", "全部"),
    "form": ("Form", "形态"),
    "conc": ("concentrate", "精矿"),
    "oxide": ("oxide", "氧化物"),
    "metal": ("metal", "金属"),
    "alloy": ("alloy", "合金"),
    "magnet": ("magnet", "磁体"),
    "motor": ("motor", "电机"),
    "scrap": ("scrap", "废料"),
    "made": ("Made a year", "年产量"),
    "unit": ("Unit", "单位"),
    "first": ("Most of it from", "主要来源"),
    "price": ("USD/kg, China", "美元/千克，中国"),
    "price_world": ("USD/kg, elsewhere", "美元/千克，其他地区"),
    "makes": ("{place} makes {share} of the world’s {material}", "{place}生产全球 {share} 的{material}"),
    "nobody": ("Nobody makes {material} in the balance", "平衡中没有{material}的生产"),
    "id": ("Id", "编号"),
    "contents": ("Contained in a tonne", "每吨含量"),
    "world_makes": ("The world makes, a year", "全球年产量"),
    "hs": ("Usually declared under HS", "常用海关编码"),
    "of_stages": ("{n} stages handle it", "{n} 个环节涉及它"),
    "of_stages_one": ("One stage handles it", "仅一个环节涉及它"),
    "plants": ("Plants", "工厂"),
    "amount_in": ("Takes in, a year", "年消耗"),
    "amount_out": ("Gives, a year", "年产出"),
    "leader": ("Most of it in", "主要国家"),
}


def every(project: Project, asked: Asked) -> Shown:
    """All materials, narrowed by form."""
    found = worldly.atlas(project, asked)
    n = found.network
    forms = list(dict.fromkeys(name.partition(".")[0] for name in n.materials))
    form = asked.choice("form", forms)
    names = [name for name in n.materials if not form or name.startswith(f"{form}.")]
    rows = [_row(asked, found, name) for name in names]
    columns = (
        Column("name", asked.say("material")),
        Column("made", asked.say("made"), "number"),
        Column("unit", asked.say("unit")),
        Column("first", asked.say("first")),
        Column("share", asked.say("share"), "number"),
        Column("price", asked.say("price"), "number"),
    )
    cells: list[dict[str, Cell]] = [
        {
            "name": worldly.to_material(asked, found, row["id"]),
            "made": row["made"],
            "unit": row["unit"],
            "first": worldly.to_country(asked, found, row["first"]) if row["first"] else "",
            "share": worldly.share(asked, row["share"]) if row["first"] else "",
            "price": row["price"],
        }
        for row in rows
    ]
    choices = [Choice(asked.say("everything"), asked.asking(form=None), len(n.materials), not form)]
    for one in forms:
        count = sum(name.startswith(f"{one}.") for name in n.materials)
        label = asked.say(one) if one in WORDS else one
        choices.append(Choice(label, asked.asking(form=one), count, one == form))
    china = sum(row["first"] == "CN" and row["share"] > 0.5 for row in rows)
    return Shown(
        asked.say("title", n=len(rows), china=china),
        [Section("all", asked.say("all_materials"), [Table(columns, cells, data=rows)])],
        basis=asked.say("basis_all", day=found.day.isoformat()),
        controls=[Facets([(asked.say("form"), choices)])],
        crumbs=[Link(asked.say("world"), asked.to("world", asked=worldly.when(asked)))],
    )


def _makers(found: Atlas, row: int) -> dict[str, float]:
    """Country -> units of a material it makes a year, largest first."""
    n = found.network
    sums: dict[str, float] = {}
    for slot in np.flatnonzero(n.out_slot_material == row).tolist():
        code = found.country[n.out_slot_facility[slot]]
        sums[code] = sums.get(code, 0.0) + float(found.state.made[slot]) * facility.DAYS
    return dict(sorted(((k, v) for k, v in sums.items() if v > 0), key=lambda one: (-one[1], one[0])))


def _row(asked: Asked, found: Atlas, name: str) -> dict[str, Any]:
    n = found.network
    row = n.materials.index(name)
    makers = _makers(found, row)
    total = sum(makers.values())
    first = next(iter(makers), "")
    price = [float(value) if math.isfinite(value) else None for value in n.price0[row]]
    return {
        "id": name,
        "name": worldly.material(found, name, asked.lang),
        "made": total,
        "unit": n.material_unit[row],
        "first": first,
        "share": makers[first] / total if total > 0 else 0.0,
        "price": price[0],
        "price_world": price[1],
    }


def one(project: Project, asked: Asked) -> Shown:
    """One material."""
    found = worldly.atlas(project, asked)
    n = found.network
    if asked.name not in n.materials:
        raise UnknownName(asked.name, n.materials, "material")
    row, told = n.materials.index(asked.name), _row(asked, found, asked.name)
    links = np.flatnonzero(found.material == row)
    unit = str(told["unit"])
    names = found.making(asked.name)
    mix = _mix(found, row)
    making = np.zeros(len(found.stage), dtype=np.bool_)
    making[n.out_slot_facility[np.flatnonzero((n.out_slot_material == row) & (found.state.made > 0))]] = True
    # A line hangs on a material where it takes it in, itself or in what it buys.
    hangs, passes = thing.passing(asked, found, making, mix)
    called = worldly.material(found, asked.name, asked.lang)
    title = asked.say("nobody", material=called)
    if told["first"]:
        place = worldly.subject(found, told["first"], asked.lang)
        title = asked.say("makes", place=place, share=worldly.share(asked, told["share"]), material=called)

    def speaks(claim: Claim) -> bool:
        return claim.material == asked.name or asked.name in claim.parameter.split(":")

    return thing.shown(
        project,
        asked,
        found,
        thing.Told(
            title,
            _facts(asked, found, row, told),
            thing.partners(asked, found, links, found.seller, found.amount, unit, materials=False),
            thing.partners(asked, found, links, found.buyer, found.amount, unit, materials=False),
            _stages(asked, found, row),
            thing.behind(asked.kept("claims", project.claims), names, speaks),
            names,
            thing.touching(facility.elements_in(found, [asked.name]), facility.forms_of([asked.name])),
            hangs,
            keys=[
                KeyFigure(asked.say("world_makes"), float(f"{told['made']:.3g}"), unit),
                KeyFigure(asked.say("price"), told["price"]),
                KeyFigure(
                    asked.say("passes_key"),
                    worldly.share(asked, passes),
                    note=asked.say("passes", mix=worldly.mix(mix, asked.lang)),
                ),
            ],
            crumbs=[Link(asked.say("all_materials"), asked.to("materials", asked=worldly.when(asked)))],
        ),
    )


def _mix(found: Atlas, row: int) -> str:
    """The mix a material is told by: the rarest of those it holds a hundredth of, by what the world makes of it."""
    for mix in ("NdPr", "Dy", "Tb", "Sm", "Y"):
        if float(found.content(mix)[row]) > 0.05 * max(float(found.network.composition[row].sum()), 1e-300):
            return mix
    return "REO"


def _facts(asked: Asked, found: Atlas, row: int, told: dict[str, Any]) -> list[tuple[str, Cell]]:
    from ytterby.terms.materials import materials

    n = found.network
    held = sorted(((float(v), s) for v, s in zip(n.composition[row], n.elements, strict=True) if v > 0), reverse=True)
    known = materials().get(n.materials[row])
    pieces: list[Any] = []
    for value, symbol in held[:8]:
        pieces += [Link(symbol, asked.to("element", symbol, asked=worldly.when(asked))), f" {spell(100 * value)} %  "]
    return [
        (asked.say("id"), n.materials[row]),
        (asked.say("form"), asked.say(form) if (form := n.materials[row].partition(".")[0]) in WORDS else form),
        (asked.say("unit"), n.material_unit[row]),
        (asked.say("hs"), ", ".join(known.hs) if known else ""),
        (asked.say("contents"), pieces),
        (asked.say("price"), told["price"]),
        (asked.say("price_world"), told["price_world"]),
    ]


def _stages(asked: Asked, found: Atlas, row: int) -> Section:
    n = found.network
    stages: dict[str, dict[str, Any]] = {}
    for key, owner, goods, amount in (
        ("out", n.out_slot_facility, n.out_slot_material, found.state.made),
        ("in", n.in_slot_facility, n.in_slot_material, found.state.use),
    ):
        for slot in np.flatnonzero((goods == row) & (amount > 0)).tolist():
            where = int(owner[slot])
            entry = stages.setdefault(found.stage[where], {"in": 0.0, "out": 0.0, "plants": set(), "by": {}})
            value = float(amount[slot]) * facility.DAYS
            entry[key] += value
            entry["plants"].add(where)
            entry["by"][found.country[where]] = entry["by"].get(found.country[where], 0.0) + value
    rows = [
        {
            "stage": name,
            "plants": len(stages[name]["plants"]),
            "out": stages[name]["out"],
            "in": stages[name]["in"],
            "leader": max(stages[name]["by"], key=lambda code, name=name: stages[name]["by"][code]),  # type: ignore[misc]
        }
        for name in worldly.STAGES
        if name in stages
    ]
    columns = (
        Column("stage", asked.say("stage")),
        Column("plants", asked.say("plants"), "number"),
        Column("out", asked.say("amount_out"), "number"),
        Column("in", asked.say("amount_in"), "number"),
        Column("leader", asked.say("leader")),
    )
    cells: list[dict[str, Cell]] = [
        {
            **row,
            "stage": worldly.stage(row["stage"], asked.lang),
            "leader": worldly.to_country(asked, found, row["leader"]),
            "out": row["out"] or None,
            "in": row["in"] or None,
        }
        for row in rows
    ]
    title = asked.say("of_stages_one") if len(rows) == 1 else asked.say("of_stages", n=len(rows))
    return Section("stages", title, [Table(columns, cells, data=rows)])


PAGES = (
    Page("materials", every, WORDS, under="world"),
    Page("material", one, {**WORDS, "nav": ("Material", "材料")}, about=("material",), under="world"),
)
