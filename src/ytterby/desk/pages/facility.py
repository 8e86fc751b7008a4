"""Home to the pages of facilities: all of them as a table that facets narrow, and each by itself."""

from __future__ import annotations

import datetime
import math
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.desk import thing, worldly
from ytterby.desk.blocks import Cell, Choice, Column, Facets, Link, Table
from ytterby.desk.page import Asked, KeyFigure, Page, Section, Shown
from ytterby.desk.pages import world
from ytterby.figures.scales import spell
from ytterby.terms.errors import UnknownName

if TYPE_CHECKING:
    from ytterby.evidence.claims import Claim
    from ytterby.project import Project
    from ytterby.world.atlas import Atlas

WORDS = {
    **world.WORDS,
    **thing.WORDS,
    "nav": ("Facilities", "工厂"),
    "title": (
        "{n} facilities; {assumed} stand on assumed capacity",
        "{n} 家工厂，其中 {assumed} 家的产能为假设",
    ),
    "title_none": ("No facility fits these filters", "没有符合条件的工厂"),
    "basis_all": (
        "t a year as known on {day}: ore and oxide in REO, later stages in their product"
        " · makers by product and region, without a limit",
        "吨/年，截至 {day} 所知：矿石与氧化物按 REO 计，其后环节按产品计 · 制造商按产品与地区合并，不设上限",
    ),
    "everything": ("everything", "全部"),
    "known_so": ("known", "已知"),
    "capacity": ("Capacity that runs", "现有产能"),
    "mark": ("Capacity", "产能"),
    "makes": ("{name}: {share} of the world’s {stage} of {mix}", "{name}：占全球{mix}{stage}的 {share}"),
    "takes": ("{name} take {share} of the world’s {mix}", "{name}用去全球 {share} 的{mix}"),
    "idle": ("{name} does nothing in the balance of {year}", "{name}在 {year} 年的平衡中没有产出"),
    "starts": ("{name} is to start on {day}", "{name}预计于 {day} 投产"),
    "kind": ("Stage", "环节"),
    "id": ("Id", "编号"),
    "place_of": ("Country", "国家"),
    "at": ("Place", "位置"),
    "start": ("Starts", "投产"),
    "full": ("At full rate from", "满产自"),
    "dates": ("Dates", "日期"),
    "dates_assumed": ("assumed", "假设"),
    "dates_source": ("from a source", "有来源"),
    "nameplate": ("Nameplate, a year", "铭牌产能（每年）"),
    "running": ("Runs on {day}, a year", "{day} 现有产能（每年）"),
    "counted": ("Capacity counts", "产能口径"),
    "tech": ("Hangs on Chinese equipment and people", "对中国设备与人员的依赖"),
    "note": ("Note", "附注"),
    "is_assumed": ("its capacity is assumed", "产能为假设"),
    "number_from": ("Where the capacity comes from", "产能数据来源"),
    "does": ("It makes {n} materials; {use} of its capacity is used", "生产 {n} 种材料，产能利用 {use}"),
    "does_unlimited": (
        "It works with {n} materials; its capacity has no limit in the model",
        "涉及 {n} 种材料，模型不限制其产能",
    ),
    "amount_t": ("t a year", "吨/年"),
    "does_nothing": ("It runs nothing in the balance", "在平衡中没有运行"),
    "makes_material": ("Makes", "产出"),
    "takes_material": ("Takes in", "消耗"),
    "way": ("Way", "方向"),
    "held": ("Of which {mix}", "其中{mix}"),
    "part": ("Of the world", "占全球"),
}  # fmt: skip
SIZE = 60
"""Rows of the table on one page."""
DAYS = 365.25


def every(project: Project, asked: Asked) -> Shown:
    """All facilities, narrowed by stage, country and how sure their capacity is."""
    found = worldly.atlas(project, asked)
    chosen = {name: asked.get(name) for name in ("stage", "country", "mark") if asked.get(name)}
    for name, value in chosen.items():
        known = sorted({_of(found, row, name) for row in range(len(found.stage))})
        if value not in known:
            raise UnknownName(value, known, name, f"'{name}' of the address")
    rows = [row for row in range(len(found.stage)) if all(_of(found, row, k) == v for k, v in chosen.items())]
    able = found.able
    rows.sort(key=lambda row: (found.stage[row] == "use", -able[row] if math.isfinite(able[row]) else 0.0, row))
    doubt = sum(_of(found, row, "mark") == "assumed" for row in rows)
    title = asked.say("title", n=len(rows), assumed=doubt) if rows else asked.say("title_none")
    return Shown(
        title,
        [Section("all", asked.say("all_facilities"), [_table(asked, found, rows)])],
        basis=asked.say("basis_all", day=found.day.isoformat()),
        controls=[_facets(asked, found, chosen)],
        crumbs=[Link(asked.say("world"), asked.to("world", asked=worldly.when(asked)))],
    )


def _of(found: Atlas, row: int, name: str) -> str:
    if name == "mark":
        return "assumed" if found.network.facility_assumed[row] and found.stage[row] != "use" else "known"
    return found.stage[row] if name == "stage" else found.country[row]


def _facets(asked: Asked, found: Atlas, chosen: dict[str, str]) -> Facets:
    lang = asked.lang

    def called(name: str, value: str) -> str:
        if name == "mark":
            return asked.say("assumed" if value == "assumed" else "known_so")
        return worldly.stage(value, lang) if name == "stage" else worldly.country(found, value, lang)

    groups = []
    for name in ("stage", "country", "mark"):
        rest = {key: value for key, value in chosen.items() if key != name}
        left = [row for row in range(len(found.stage)) if all(_of(found, row, k) == v for k, v in rest.items())]
        counts = Counter(_of(found, row, name) for row in left)
        now = chosen.get(name, "")
        ranked = sorted(counts, key=lambda one: (one != now, -counts[one], one))[:16]
        if name == "stage":
            ranked = [one for one in worldly.STAGES if one in counts]
        some = [Choice(called(name, one), asked.asking(**{name: one}), counts[one], one == now) for one in ranked]
        groups.append(
            (
                asked.say(name),
                [Choice(asked.say("everything"), asked.asking(**{name: None}), len(left), not now), *some],
            )
        )
    return Facets(groups)


def _table(asked: Asked, found: Atlas, rows: list[int]) -> Table:
    shown, pager = asked.paged(rows, SIZE)
    columns = (
        Column("name", asked.say("name")),
        Column("stage", asked.say("stage")),
        Column("country", asked.say("country")),
        Column("capacity", asked.say("capacity"), "number"),
    )
    cells: list[dict[str, Cell]] = [
        {
            "name": worldly.to_facility(asked, found, row),
            "stage": worldly.stage(found.stage[row], asked.lang),
            "country": worldly.to_country(asked, found, found.country[row]),
            "capacity": _finite(found.able[row]),
            "assumed": _of(found, row, "mark") == "assumed",
        }
        for row in shown
    ]
    return Table(columns, cells, data=[row_of(asked, found, row) for row in rows], pager=pager)


def row_of(asked: Asked, found: Atlas, row: int) -> dict[str, Any]:
    """A facility as one plain row."""
    n = found.network
    return {
        "id": n.facilities[row],
        "name": worldly.facility(found, row, asked.lang),
        "stage": found.stage[row],
        "country": found.country[row],
        "lat": _finite(n.facility_lat[row]),
        "lon": _finite(n.facility_lon[row]),
        "capacity_per_year": _finite(found.able[row]),
        "assumed": _of(found, row, "mark") == "assumed",
    }


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def one(project: Project, asked: Asked) -> Shown:
    """One facility."""
    found = worldly.atlas(project, asked)
    if asked.name not in found.index:
        raise UnknownName(asked.name, tuple(found.index), "facility")
    row = found.index[asked.name]
    mix = chief(found, row)
    here = np.arange(len(found.stage)) == row
    hangs, passes = thing.passing(asked, found, here, mix)
    if found.stage[row] == "use":
        # A line hangs on itself.
        hangs, passes = here.astype(np.float64), 0.0
    names = found.standing_on(asked.name)
    claims = asked.kept("claims", project.claims)
    flows = found.amount
    into, out = np.flatnonzero(found.buyer == row), np.flatnonzero(found.seller == row)
    handled = np.concatenate([out, into]).tolist()
    goods = list(dict.fromkeys(found.network.materials[found.material[link]] for link in handled))
    suppliers = {found.country[other] for other in found.seller[into].tolist()}
    called = worldly.mix(mix, asked.lang)
    told = thing.Told(
        _title(asked, found, row, mix),
        _facts(asked, found, row),
        thing.partners(asked, found, into, found.seller, flows, _unit(asked)),
        thing.partners(asked, found, out, found.buyer, flows, _unit(asked)),
        _stages(asked, found, row, mix),
        thing.behind(claims, names, _speaks(found, row)),
        names,
        thing.touching(elements_in(found, goods), forms_of(goods), found.country[row], suppliers),
        hangs,
        keys=[KeyFigure(asked.say("passes_key"), worldly.share(asked, passes), note=asked.say("passes", mix=called))]
        if found.stage[row] != "use"
        else [],
        crumbs=[Link(asked.say("all_facilities"), asked.to("facilities", asked=worldly.when(asked)))],
    )
    return thing.shown(project, asked, found, told)


def chief(found: Atlas, row: int) -> str:
    """The mix that a facility does the largest share of its stage of; NdPr where it does nothing."""
    from ytterby.world.atlas import MIXES

    best = ("NdPr", 0.0)
    same = np.array([stage == found.stage[row] for stage in found.stage], dtype=np.bool_)
    for mix in MIXES:
        tonnes = found.output(mix)
        share = float(tonnes[row] / max(float(tonnes[same].sum()), 1e-300))
        # What most ask for comes first: another mix has to stand out.
        if share > best[1] * 1.25:
            best = (mix, share)
    return best[0]


def elements_in(found: Atlas, materials: list[str]) -> list[str]:
    """Rare earths in any of some materials."""
    n = found.network
    rows = [n.materials.index(name) for name in materials if name in n.materials]
    return [symbol for at, symbol in enumerate(n.elements) if rows and n.composition[rows, at].max() > 0]


FORMS = {
    "conc": ("concentrate",),
    "oxide": ("oxide", "compound"),
    "metal": ("metal",),
    "alloy": ("alloy",),
    "magnet": ("magnet",),
    "motor": ("assembly",),
    "scrap": ("scrap",),
}
"""Forms of the law that a material of the world may be."""


def forms_of(materials: list[str]) -> list[str]:
    """Forms of the law that some materials may be."""
    return list(dict.fromkeys(form for name in materials for form in FORMS.get(name.partition(".")[0], ("other",))))


def _unit(asked: Asked) -> str:
    return "吨" if asked.lang == "zh" else "t"


def _speaks(found: Atlas, row: int) -> Any:
    """Whether a claim names the facility: by its id in a parameter, or by its name among its words."""
    name = found.network.facilities[row]
    line = found.lines.get(name)
    called = [one for one in (line["name"], line["name_zh"]) if one] if line is not None else []

    def speaks(claim: Claim) -> bool:
        if name in claim.parameter.split(":"):
            return True
        words = f"{claim.subject} {claim.object}"
        return any(one in words for one in called)

    return speaks


def _title(asked: Asked, found: Atlas, row: int, mix: str) -> str:
    name = worldly.facility(found, row, asked.lang)
    tonnes = found.output(mix)
    same = np.array([stage == found.stage[row] for stage in found.stage], dtype=np.bool_)
    if tonnes[row] <= 0 or float(tonnes[row] / tonnes[same].sum()) < 1e-4:
        start = found.network.ramp_start[row]
        day = datetime.date(1970, 1, 1) + datetime.timedelta(days=float(start)) if math.isfinite(start) else None
        if day is not None and day > found.day:
            return asked.say("starts", name=name, day=day.isoformat())
        from ytterby.desk.trading import year

        return asked.say("idle", name=name, year=year(found))
    share = worldly.share(asked, float(tonnes[row] / tonnes[same].sum()))
    told = {"name": name, "share": share, "mix": worldly.mix(mix, asked.lang)}
    if found.stage[row] == "use":
        return asked.say("takes", **told)
    return asked.say("makes", **told, stage=DOING[found.stage[row]][asked.lang == "zh"])


DOING = {
    "mine": ("mining", "开采"),
    "recycling": ("recycling", "回收"),
    "separation": ("separation", "分离"),
    "metal": ("metal", "金属"),
    "alloy": ("alloy", "合金"),
    "magnet": ("magnets", "磁体"),
    "component": ("motors for foreign brands", "外销电机"),
}


def _facts(asked: Asked, found: Atlas, row: int) -> list[tuple[str, Cell]]:
    n, line = found.network, found.lines.get(found.network.facilities[row])
    lat, lon = n.facility_lat[row], n.facility_lon[row]
    facts: list[tuple[str, Cell]] = [
        (asked.say("id"), n.facilities[row]),
        (asked.say("kind"), worldly.stage(found.stage[row], asked.lang)),
        (asked.say("place_of"), worldly.to_country(asked, found, found.country[row])),
    ]
    if math.isfinite(lat):
        facts.append((asked.say("at"), f"{lat:.2f}, {lon:.2f}"))
    if line is None:
        return facts
    counted = (line["basis"].partition(":")[2] or line["basis"]).replace("conc", "REO")
    dates = line["dates"]
    nameplate = float(n.capacity[row]) * DAYS
    facts += [
        (asked.say("nameplate"), spell(nameplate) if math.isfinite(nameplate) else ""),
        (asked.say("running", day=found.day.isoformat()), spell(float(found.able[row]))),
        (asked.say("counted"), counted),
        (asked.say("number_from"), _sources(asked, found, row)),
        (asked.say("start"), line["start"]),
        (asked.say("full"), line["full"]),
        (asked.say("dates"), asked.say(f"dates_{dates}") if dates in ("assumed", "source") else ""),
    ]
    if n.tech_dependence[row] > 0:
        facts.append((asked.say("tech"), worldly.share(asked, float(n.tech_dependence[row]))))
    return [*facts, (asked.say("note"), line["note"])]


def _sources(asked: Asked, found: Atlas, row: int) -> Cell:
    """The parameters of the capacity, each leading to its claims; those of our own making stand further down."""
    from ytterby.world.parameters import NAME

    line = found.lines[found.network.facilities[row]]
    pieces: list[Any] = []
    for name in dict.fromkeys(NAME.findall(line["capacity"])):
        own = any(other["parameter"] == name for other in found.world.tables["assumptions"])
        if pieces:
            pieces.append(", ")
        pieces.append(f"{name} ({asked.say('assumed')})" if own else Link(name, asked.to("parameter", name)))
    return pieces or line["capacity"]


def _stages(asked: Asked, found: Atlas, row: int, mix: str) -> Section:
    n = found.network
    content = found.content(mix)
    rows: list[dict[str, Any]] = []
    for way, owner, goods, amount in (
        ("makes_material", n.out_slot_facility, n.out_slot_material, found.state.made),
        ("takes_material", n.in_slot_facility, n.in_slot_material, found.state.use),
    ):
        totals = np.bincount(goods, amount, len(n.materials))
        for slot in np.flatnonzero(owner == row).tolist():
            kind = int(goods[slot])
            value = float(amount[slot]) * DAYS
            if value <= 0:
                continue
            rows.append(
                {
                    "way": asked.say(way),
                    "material": n.materials[kind],
                    "amount": value,
                    "held": value * float(content[kind]),
                    "share": float(amount[slot] / max(float(totals[kind]), 1e-300)),
                }
            )
    rows.sort(key=lambda one: (one["way"] != asked.say("makes_material"), -one["amount"]))
    columns = (
        Column("way", asked.say("way")),
        Column("material", asked.say("material")),
        Column("amount", asked.say("amount_t"), "number"),
        Column("held", asked.say("held", mix=worldly.mix(mix, asked.lang)), "number"),
        Column("part", asked.say("part"), "number"),
    )
    cells: list[dict[str, Cell]] = [
        {
            "way": one["way"],
            "material": worldly.to_material(asked, found, one["material"]),
            "amount": one["amount"],
            "held": one["held"],
            "part": worldly.share(asked, one["share"]),
            "assumed": _of(found, row, "mark") == "assumed",
        }
        for one in rows
    ]
    kinds = len({one["material"] for one in rows})
    able = float(found.able[row])
    if not rows:
        title = asked.say("does_nothing")
    elif math.isfinite(able) and able > 0:
        title = asked.say("does", n=kinds, use=worldly.share(asked, float(found.state.load[row]) * DAYS / able))
    else:
        title = asked.say("does_unlimited", n=kinds)
    return Section("stages", title, [Table(columns, cells, data=rows)] if rows else [])


PAGES = (
    Page("facilities", every, WORDS, under="world"),
    Page("facility", one, {**WORDS, "nav": ("Facility", "工厂")}, about=("facility",), under="world"),
)
