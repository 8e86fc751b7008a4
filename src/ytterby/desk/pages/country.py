"""Home to the pages of countries: all of them as a table, and each with what it does of every stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.desk import risks, thing, worldly
from ytterby.desk.blocks import Block, Cell, Choice, Column, Facets, Figure, Link, Table
from ytterby.desk.page import Asked, KeyFigure, Page, Section, Shown
from ytterby.desk.pages import facility, world
from ytterby.terms.errors import UnknownName

if TYPE_CHECKING:
    from ytterby.evidence.claims import Claim
    from ytterby.project import Project
    from ytterby.world.atlas import Atlas

WORDS = {
    **world.WORDS,
    **thing.WORDS,
    **risks.WORDS,
    "nav": ("Countries", "国家"),
    "title": (
        "{n} countries take part; {first} does most of {stages} stages",
        "{n} 个国家参与，{first}在 {stages} 个环节占多数",
    ),
    "basis_all": (
        "% of the world’s {mix} at each stage · static balance of {year}, all demand met · as known on {day}",
        "各环节占全球{mix}的百分比 · {year} 年静态平衡，需求全部满足 · 截至 {day} 所知",
    ),
    "best": (
        "{finding}; {share} of the {mix} in the world’s products passes through it",
        "{finding}；全球产品所含{mix}的 {share} 经由该国",
    ),
    "only_spoken": ("{place} has no plant or maker in this world", "{place}在本世界中没有工厂或制造商"),
    "code": ("Code", "代码"),
    "region": ("Counted in the region", "所属区域"),
    "zone": ("Price zone", "价格区"),
    "zone_0": ("China", "中国"),
    "zone_1": ("outside China", "中国以外"),
    "plants": ("Plants", "工厂"),
    "makers": ("Makers, by product", "制造商（按产品）"),
    "home": ("From its own plants", "来自本国"),
    "home_note": ("of the {mix} its plants and makers take in", "占其工厂与制造商所用{mix}"),
    "stages_title": (
        "It takes part in {n} of {all} stages; most of all in {stage}: {share}",
        "参与 {all} 个环节中的 {n} 个，占比最高的是{stage}：{share}",
    ),
    "stages_none": ("It takes part in no stage", "不参与任何环节"),
    "share_basis": ("% of the world’s {mix} at each stage", "占全球各环节{mix}的百分比"),
    "tonnes_of": ("t {mix} a year", "吨{mix}/年"),
    "rank": ("Rank", "位次"),
    "of_it_assumed": ("Assumed", "假设"),
    "all_its": ("Its facilities", "其工厂"),
    "element": ("Element", "元素"),
}  # fmt: skip


def every(project: Project, asked: Asked) -> Shown:
    """All countries, with what each does of every stage."""
    from ytterby.desk.trading import year
    from ytterby.world.atlas import ORDER

    found = worldly.atlas(project, asked)
    mix = _mix(asked)
    shares = {stage: {one.place: one for one in found.shares(mix, stage)} for stage in ORDER}
    plants = {code: found.country.count(code) for code in dict.fromkeys(found.country)}
    most = {code: max((by[code].share for by in shares.values() if code in by), default=0.0) for code in plants}
    codes = sorted(plants, key=lambda code: (-most[code], code))
    rows = [
        {
            "id": code,
            "name": worldly.country(found, code, asked.lang),
            "facilities": plants[code],
            **{stage: shares[stage][code].share if code in shares[stage] else None for stage in ORDER},
        }
        for code in codes
    ]
    columns = (
        Column("name", asked.say("country")),
        *(Column(stage, worldly.stage(stage, asked.lang), "number") for stage in ORDER),
        Column("facilities", asked.say("all_facilities"), "number"),
    )
    cells: list[dict[str, Cell]] = [
        {
            "name": worldly.to_country(asked, found, str(row["id"])),
            "facilities": row["facilities"],
            **{stage: _percent(asked, row[stage]) for stage in ORDER},
        }
        for row in rows
    ]
    led = {code: sum(bool(code in by and by[code].share > 0.5) for by in shares.values()) for code in codes}
    first = max(codes, key=lambda code: led[code])
    place = worldly.country(found, first, asked.lang)
    return Shown(
        asked.say("title", n=len(rows), first=place, stages=led[first]),
        [Section("all", asked.say("all_countries"), [Table(columns, cells, data=rows)])],
        basis=asked.say("basis_all", mix=worldly.mix(mix, asked.lang), year=year(found), day=found.day.isoformat()),
        controls=[_facets(asked, mix)],
        crumbs=[Link(asked.say("world"), asked.to("world", asked=worldly.when(asked)))],
    )


def _percent(asked: Asked, share: Any) -> str:
    return worldly.share(asked, share) if share is not None else ""


def _mix(asked: Asked) -> str:
    from ytterby.terms.elements import ELEMENTS

    return asked.choice("element", (*world.MIXES, *ELEMENTS), "NdPr")


def _facets(asked: Asked, mix: str) -> Facets:
    mixes = world.MIXES if mix in world.MIXES else (*world.MIXES, mix)
    choices = [Choice(world.label(one, asked.lang), asked.asking(element=one), chosen=one == mix) for one in mixes]
    return Facets([(asked.say("element"), choices)])


def one(project: Project, asked: Asked) -> Shown:
    """One country, or one of the regions in which makers are counted."""
    from ytterby.terms.places import place

    code = asked.name if asked.name in ("EU", "ZZ") else place(asked.name).code
    found = worldly.atlas(project, asked)
    mix = _mix(asked)
    if place(code).kind == "world":
        raise UnknownName(asked.name, sorted(set(found.country)), "country")
    inside = np.array([one == code for one in found.country], dtype=np.bool_)
    working = inside & np.array([one != "use" for one in found.stage], dtype=np.bool_)
    hangs, passes = thing.passing(asked, found, working, mix)
    # Its own makers hang on it whatever they buy.
    own = inside & ~working
    flows = found.flows(mix)
    into = np.flatnonzero(inside[found.buyer] & ~inside[found.seller])
    out = np.flatnonzero(inside[found.seller] & ~inside[found.buyer])
    unit = f"吨{worldly.mix(mix, 'zh')}" if asked.lang == "zh" else f"t {worldly.mix(mix, 'en')}"
    stages, best = _stages(asked, found, code, mix)
    called = worldly.mix(mix, asked.lang)
    name = worldly.subject(found, code, asked.lang)
    title = asked.say("only_spoken", place=name)
    if inside.any() and best:
        title = asked.say("best", finding=best, share=worldly.share(asked, passes), mix=called)
    plants = [found.network.facilities[row] for row in np.flatnonzero(working).tolist()]
    names = [name for plant in plants for name in found.standing_on(plant)]
    names = [name for name in names if name.split(":")[0] in ("capacity", "mine")]
    handled = found.material[np.flatnonzero(inside[found.seller] | inside[found.buyer])].tolist()
    goods = list(dict.fromkeys(found.network.materials[row] for row in handled))
    suppliers = {found.country[row] for row in found.seller[into].tolist()}

    def speaks(claim: Claim) -> bool:
        return code in (claim.place, claim.counterpart)

    return thing.shown(
        project,
        asked,
        found,
        thing.Told(
            title,
            _facts(asked, found, code, inside, working),
            thing.partners(asked, found, into, found.seller, flows, unit, by="country", materials=False),
            thing.partners(asked, found, out, found.buyer, flows, unit, by="country", materials=False),
            stages,
            thing.behind(asked.kept("claims", project.claims), names, speaks),
            names,
            thing.touching(
                facility.elements_in(found, goods) or found.network.elements, _forms(goods), code, suppliers
            ),
            np.where(own, 1.0, hangs),
            keys=_keys(asked, found, inside, flows, passes, called),
            crumbs=[Link(asked.say("all_countries"), asked.to("countries", asked=worldly.when(asked)))],
            figures=risks.section(project, asked, found, mix, code),
        ),
    )


def _forms(goods: list[str]) -> list[str]:
    return facility.forms_of(goods) or [form for forms in facility.FORMS.values() for form in forms]


def _keys(
    asked: Asked, found: Atlas, inside: np.ndarray[Any, np.dtype[np.bool_]], flows: Any, passes: float, called: str
) -> list[KeyFigure]:
    taken = flows[inside[found.buyer]].sum()
    own = flows[inside[found.buyer] & inside[found.seller]].sum()
    keys = [KeyFigure(asked.say("passes_key"), worldly.share(asked, passes), note=asked.say("passes", mix=called))]
    if taken > 0:
        note = asked.say("home_note", mix=called)
        keys.append(KeyFigure(asked.say("home"), worldly.share(asked, float(own / taken)), note=note))
    return keys


def _facts(asked: Asked, found: Atlas, code: str, inside: Any, working: Any) -> list[tuple[str, Cell]]:
    places = found.world.places
    region = places.region_of.get(code, "ZZ")
    zone = places.zone.get(region, 1)
    facts: list[tuple[str, Cell]] = [
        (asked.say("code"), code),
        (asked.say("region"), worldly.to_country(asked, found, region) if region != code else ""),
        (asked.say("zone"), asked.say(f"zone_{zone}")),
        (
            asked.say("plants"),
            Link(str(int(working.sum())), asked.to("facilities", asked={"country": code, **worldly.when(asked)}))
            if working.any()
            else "0",
        ),
    ]
    makers = int((inside & ~working).sum())
    where = {"country": code, "stage": "use", **worldly.when(asked)}
    facts.append((asked.say("makers"), Link(str(makers), asked.to("facilities", asked=where)) if makers else "0"))
    return facts


def _stages(asked: Asked, found: Atlas, code: str, mix: str) -> tuple[Section, str]:
    """The section of a country's stages, and what it does most of, as a sentence."""
    from ytterby.world.atlas import ORDER

    called = worldly.mix(mix, asked.lang)
    rows: list[dict[str, Any]] = []
    for stage in ORDER:
        shares = found.shares(mix, stage)
        rank = next((at for at, one in enumerate(shares, start=1) if one.place == code), 0)
        if rank:
            mine = shares[rank - 1]
            rows.append(
                {
                    "stage": stage,
                    "tonnes": mine.tonnes,
                    "share": mine.share,
                    "rank": rank,
                    "plants": mine.plants,
                    "assumed_share": mine.assumed,
                }
            )
    if not rows:
        return Section("stages", asked.say("stages_none"), []), ""
    best = max(rows, key=lambda row: row["share"])
    share = worldly.share(asked, best["share"])
    most = worldly.stage(best["stage"], asked.lang).lower()
    title = asked.say("stages_title", n=len(rows), all=len(ORDER), stage=most, share=share)
    place = worldly.subject(found, code, asked.lang)
    blocks: list[Block] = [_bars(asked, rows, title, called), _table(asked, rows, mix)]
    return Section("stages", title, blocks), asked.say(f"does_{best['stage']}", place=place, share=share, mix=called)


def _bars(asked: Asked, rows: list[dict[str, Any]], title: str, called: str) -> Figure:
    from ytterby.figures import Caption, bars

    drawn = [
        {
            "label": worldly.stage(row["stage"], asked.lang),
            "value": 100 * row["share"],
            "assumed": row["assumed_share"] > 0.5,
        }
        for row in rows
    ]

    def draw(bare: bool, width: float) -> str:  # noqa: FBT001 - the contract of a figure
        caption = Caption(title, asked.say("share_basis", mix=called), language=asked.lang, bare=bare)
        return bars(drawn, caption, sort=False, width=width)

    return Figure(draw, rows)


def _table(asked: Asked, rows: list[dict[str, Any]], mix: str) -> Table:
    columns = (
        Column("stage", asked.say("stage")),
        Column("tonnes", asked.say("tonnes_of", mix=worldly.mix(mix, asked.lang)), "number"),
        Column("share", asked.say("share"), "number"),
        Column("rank", asked.say("rank"), "number"),
        Column("plants", asked.say("plants"), "number"),
        Column("assumed_share", asked.say("of_it_assumed"), "number"),
    )
    cells: list[dict[str, Cell]] = [
        {
            "stage": Link(
                worldly.stage(row["stage"], asked.lang),
                asked.to("world", asked={"element": mix, "stage": row["stage"], **worldly.when(asked)}),
            ),
            "tonnes": row["tonnes"],
            "share": worldly.share(asked, row["share"]),
            "rank": row["rank"],
            "plants": row["plants"],
            "assumed_share": worldly.share(asked, row["assumed_share"]),
            "assumed": row["assumed_share"] > 0.5,
        }
        for row in rows
    ]
    return Table(columns, cells, data=rows)


PAGES = (
    Page("countries", every, WORDS, under="world"),
    Page("country", one, {**WORDS, "nav": ("Country", "国家")}, about=("country",), under="world"),
)
