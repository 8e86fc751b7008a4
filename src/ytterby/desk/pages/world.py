"""Home to the page of the world: who does how much of a stage, how it flows from mine to product, in which plants."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.desk import figured, trading, worldly
from ytterby.desk.blocks import Block, Cell, Choice, Column, Facets, Field, Form, Item, Items, Link, Table, Text
from ytterby.desk.page import Asked, KeyFigure, Page, Section, Shown
from ytterby.figures.scales import spell
from ytterby.terms.elements import RECORDS
from ytterby.terms.errors import UnknownName

if TYPE_CHECKING:
    from ytterby.evidence.claims import Claim
    from ytterby.project import Project
    from ytterby.world.atlas import Atlas, Share

WORDS = {
    **trading.WORDS,
    "nav": ("World", "世界"),
    "does_mine": ("{place} mines {share} of the world’s {mix}", "{place}开采全球 {share} 的{mix}"),
    "does_recycling": ("{place} does {share} of the world’s recycling of {mix}", "全球{mix}回收的 {share} 在{place}"),
    "does_separation": ("{place} separates {share} of the world’s {mix}", "{place}分离全球 {share} 的{mix}"),
    "does_metal": ("{place} makes {share} of the world’s {mix} metal", "{place}冶炼全球 {share} 的{mix}金属"),
    "does_alloy": ("{place} casts {share} of the world’s alloy with {mix}", "{place}生产全球 {share} 的含{mix}合金"),
    "does_magnet": ("{place} makes {share} of the world’s magnets with {mix}", "{place}生产全球 {share} 的含{mix}磁体"),
    "does_component": (
        "{place} builds {share} of the motors for foreign brands with {mix}",
        "{place}制造 {share} 的外销含{mix}电机",
    ),
    "does_use": ("{place} takes {share} of the world’s {mix} into products", "{place}的产品用去全球 {share} 的{mix}"),
    "does_nobody": ("Nobody handles {mix} at this stage", "这一环节不涉及{mix}"),
    "basis": (
        "Share by contained {mix} · static balance of {year}, all demand met, before any licence · as known on {day}",
        "按所含{mix}计的份额 · {year} 年静态平衡，需求全部满足，不计许可 · 截至 {day} 所知",
    ),
    "element": ("Element", "元素"),
    "stage": ("Stage", "环节"),
    "zoom": ("Zoom", "放大"),
    "by_country": ("by country", "按国家"),
    "known": ("As known on", "知悉日期"),
    "known_go": ("Show", "显示"),
    "hhi": ("Concentration (HHI)", "集中度（HHI）"),
    "hhi_high": ("highly concentrated: above {limit}", "高度集中：高于 {limit}"),
    "hhi_moderate": ("moderately concentrated: {low} to {high}", "中度集中：{low} 至 {high}"),
    "hhi_low": ("not concentrated: below {limit}", "不集中：低于 {limit}"),
    "output": ("World, {stage}", "全球{stage}"),
    "output_unit": ("t {mix} a year", "吨{mix}/年"),
    "plants": ("Plants that do it", "相关工厂"),
    "plants_note": ("of {n} in the world shown", "共收录 {n} 个"),
    "makers_note": ("makers by product and region", "按产品与地区划分的制造商"),
    "assumed_key": ("From plants of assumed capacity", "来自假设产能的工厂"),
    "map": ("{first} {a}, {second} {b}", "{first} {a}，{second} {b}"),
    "map_one": ("All of it is in {first}", "全部在{first}"),
    "map_none": ("Nothing to show at this stage", "这一环节没有数据"),
    "newest": ("What we know: the newest figures", "最新数字"),
    "newest_none": ("No source speaks of it yet.", "尚无来源提及。"),
    "newest_basis": ("About {mix} at this stage, by the day they became known", "关于该环节{mix}，按知悉日期"),
    "sankey": (
        "{final} t of {mix} reach products; {doubt} of it passes through plants of assumed capacity",
        "{final} 吨{mix}进入产品，其中 {doubt} 经过产能为假设的工厂",
    ),
    "sankey_none": ("No {mix} reaches products", "没有{mix}进入产品"),
    "network": (
        "{n} plants and makers are tied by {links} links; half of what moves is on {half} of them",
        "{n} 家工厂与制造商之间有 {links} 条供货关系，其中 {half} 条承担一半流量",
    ),
    "network_zoom": (
        "{place}: {n} plants and makers, {links} links; {abroad} of what they hand over crosses the border",
        "{place}：{n} 家工厂与制造商，{links} 条供货关系，其中 {abroad} 的流量跨境",
    ),
    "network_none": ("No links carry {mix}", "没有{mix}的供货关系"),
    "facilities": ("{n} plants do half of it", "{n} 家工厂承担一半"),
    "facilities_one": ("One plant does half of it or more: {name}", "仅{name}一家就占一半以上"),
    "all_facilities": ("All facilities", "全部工厂"),
    "all_countries": ("Countries", "国家"),
    "all_elements": ("Elements", "元素"),
    "all_materials": ("Materials", "材料"),
    "name": ("Plant", "工厂"),
    "country": ("Country", "国家"),
    "amount": ("t {mix} a year", "吨{mix}/年"),
    "share": ("Share", "占比"),
    "tonnes": ("t {mix} a year", "吨{mix}/年"),
}
MIXES = ("NdPr", "Dy", "Tb", "Sm", "Y", "REO")
"""Offered above the page; every other element can be asked for all the same."""
ZOOMS = 8
"""Countries offered to zoom to."""
NEWEST = 4


def build(project: Project, asked: Asked) -> Shown:
    """One stage of one element, as the world does it."""
    found = worldly.atlas(project, asked)
    mix, stage, zoom = _chosen(asked, found)
    shares = found.shares(mix, stage)
    lang = asked.lang
    called = worldly.mix(mix, lang)
    return Shown(
        finding(asked, found, shares, mix, stage),
        [
            _map(asked, found, shares, mix),
            _newest(project, asked, found, mix, stage),
            _sankey(asked, found, mix),
            _network(asked, found, mix, zoom),
            _facilities(asked, found, mix, stage),
        ],
        basis=asked.say("basis", mix=called, year=trading.year(found), day=found.day.isoformat()),
        keys=_keys(asked, found, shares, mix, stage),
        controls=[_facets(asked, found, mix, stage, zoom), _form(asked)],
        data={"element": mix, "stage": stage, "country": zoom, "known": found.day.isoformat()},
    )


def _chosen(asked: Asked, found: Atlas) -> tuple[str, str, str]:
    """Mix, stage and country of the address. Raises `UnknownName`."""
    from ytterby.terms.elements import ELEMENTS
    from ytterby.world.atlas import ORDER

    mix = asked.choice("element", (*MIXES, *ELEMENTS), "NdPr")
    zoom = asked.get("country")
    if zoom and zoom not in found.country:
        raise UnknownName(zoom, sorted(set(found.country)), "country", "'country' of the address")
    return mix, asked.choice("stage", ORDER, "separation"), zoom


def finding(asked: Asked, found: Atlas, shares: Sequence[Share], mix: str, stage: str) -> str:
    """Who does most of a stage, as a sentence."""
    called = worldly.mix(mix, asked.lang)
    if not shares:
        return asked.say("does_nobody", mix=called)
    place = worldly.subject(found, shares[0].place, asked.lang)
    return asked.say(f"does_{stage}", place=place, share=worldly.share(asked, shares[0].share), mix=called)


def _keys(asked: Asked, found: Atlas, shares: Sequence[Share], mix: str, stage: str) -> list[KeyFigure]:
    from ytterby.world.atlas import CONCENTRATED, MODERATE, concentration

    hhi = concentration([one.share for one in shares])
    high, low = spell(CONCENTRATED), spell(MODERATE)
    word = (
        asked.say("hhi_high", limit=high)
        if hhi > CONCENTRATED
        else asked.say("hhi_moderate", low=low, high=high)
        if hhi >= MODERATE
        else asked.say("hhi_low", limit=low)
    )
    total = sum(one.tonnes for one in shares)
    doubt = sum(one.tonnes * one.assumed for one in shares)
    note = asked.say("makers_note") if stage == "use" else asked.say("plants_note", n=len(found.lines))
    called = worldly.mix(mix, asked.lang)
    # The plants behind the number, and from there their claims.
    below = replace(asked.address.as_form("html"), at="facilities")
    return [
        KeyFigure(asked.say("hhi"), round(hhi) if shares else None, note=word if shares else ""),
        KeyFigure(
            asked.say("output", stage=worldly.stage(stage, asked.lang).lower()),
            float(f"{total:.3g}"),
            asked.say("output_unit", mix=called),
            to=below,
        ),
        KeyFigure(asked.say("plants"), sum(one.plants for one in shares), note=note, to=below),
        KeyFigure(
            asked.say("assumed_key"),
            worldly.share(asked, doubt / total if total else 0.0),
            assumed=doubt > 0.5 * total,
            to=below,
        ),
    ]


def _facets(asked: Asked, found: Atlas, mix: str, stage: str, zoom: str) -> Facets:
    from ytterby.world.atlas import ORDER

    lang = asked.lang
    mixes = MIXES if mix in MIXES else (*MIXES, mix)
    elements = [Choice(label(one, lang), asked.asking(element=one), chosen=one == mix) for one in mixes]
    stages = [Choice(worldly.stage(one, lang), asked.asking(stage=one), chosen=one == stage) for one in ORDER]
    tonnes: dict[str, float] = {}
    for code, value in zip(found.country, found.output(mix).tolist(), strict=True):
        tonnes[code] = tonnes.get(code, 0.0) + value
    largest = sorted((one for one in tonnes if tonnes[one] > 0), key=lambda one: -tonnes[one])[:ZOOMS]
    if zoom and zoom not in largest:
        largest.append(zoom)
    zooms = [Choice(asked.say("by_country"), asked.asking(country=None), chosen=not zoom)]
    for one in largest:
        zooms.append(Choice(worldly.country(found, one, lang), asked.asking(country=one), chosen=one == zoom))
    return Facets([(asked.say("element"), elements), (asked.say("stage"), stages), (asked.say("zoom"), zooms)])


def label(mix: str, lang: str) -> str:
    """A mix as a filter calls it."""
    if mix == "REO":
        return "全部 REO" if lang == "zh" else "All REO"
    return f"{worldly.mix(mix, 'zh')} {mix}" if lang == "zh" else mix


def _form(asked: Asked) -> Form:
    kept = [Field(one, one, "hidden", asked.get(one)) for one in ("element", "stage", "country") if asked.get(one)]
    day = Field("known", asked.say("known"), "date", asked.get("known"), most=asked.today.isoformat())
    return Form("known", [day, *kept], asked.say("known_go"), asked.to("world"), "get", inline=True)


def _map(asked: Asked, found: Atlas, shares: list[Share], mix: str) -> Section:
    if not shares:
        return Section("map", asked.say("map_none"), [], width="wide")
    first = worldly.country(found, shares[0].place, asked.lang)
    title = asked.say("map_one", first=first)
    if len(shares) > 1:
        second = worldly.country(found, shares[1].place, asked.lang)
        a, b = (worldly.share(asked, one.share) for one in shares[:2])
        title = asked.say("map", first=first, a=a, second=second, b=b)
    figure = trading.spread(asked, found, shares, title, mix)
    links: list[Any] = [" · "] * (2 * min(len(shares), 8) - 1)
    links[::2] = [worldly.to_country(asked, found, one.place) for one in shares[:8]]
    return Section("map", title, [figure, Text([links], quiet=True)], width="wide")


def _newest(project: Project, asked: Asked, found: Atlas, mix: str, stage: str) -> Section:
    from ytterby.world.atlas import symbols

    wanted = set(symbols(mix))
    kinds = _KINDS.get(stage, (stage,))

    def fits(claim: Claim) -> bool:
        named = set(claim.elements) or set(_named(f"{claim.object} {claim.material} {claim.basis} {claim.unit}"))
        about = bool(wanted & named) if named else mix in ("NdPr", "REO")
        return claim.status != "rejected" and claim.stage in kinds and about

    claims = [one for one in asked.kept("claims", project.claims) if fits(one) and one.known]
    claims = [one for one in claims if one.known is not None and one.known <= found.day]
    claims.sort(key=lambda one: (-(one.known.toordinal() if one.known else 0), one.id))
    items = [_item(asked, one) for one in claims[:NEWEST]]
    data = [figured.row(one) for one in claims[:NEWEST]]
    block = Items(items, empty=asked.say("newest_none"), data=data)
    basis = asked.say("newest_basis", mix=worldly.mix(mix, asked.lang))
    return Section("newest", asked.say("newest"), [block], basis=basis, width="third")


_KINDS = {
    "mine": ("mine", "mining", "concentrate"),
    "separation": ("separation", "oxide"),
    "use": ("use", "product", "component"),
    "component": ("component", "product"),
}
"""Stages of claims that speak of a stage of the world."""


def _named(words: str) -> Iterator[str]:
    """Symbols of elements that stand among words, also run together: ``NdPr``."""
    for run in _SYMBOLS.findall(words):
        yield from _SYMBOL.findall(run)


_SYMBOL = re.compile("|".join(sorted(RECORDS, key=len, reverse=True)))
_SYMBOLS = re.compile(rf"\b(?:{_SYMBOL.pattern})+\b")


def _item(asked: Asked, claim: Claim) -> Item:
    title = figured.figure(claim, asked.lang) or figured.kind(claim.kind, asked.lang)
    said = " · ".join(one for one in (claim.source.publisher, str(claim.known or "")) if one)
    return Item(
        (Link(title, asked.to("claim", claim.id)), " ", figured.about(claim, asked.lang)),
        said,
        figured.quoted(asked, claim, 110),
        figured.chips(asked, claim),
    )


def _sankey(asked: Asked, found: Atlas, mix: str) -> Section:
    flows = np.where(found.forward(), found.flows(mix), 0.0)
    using = np.array([one == "use" for one in found.stage], dtype=np.bool_)[found.buyer]
    final = float(flows[using].sum())
    called = worldly.mix(mix, asked.lang)
    if final <= 0:
        return Section("mine-to-product", asked.say("sankey_none", mix=called), [])
    doubt = float(flows[using & found.network.facility_assumed[found.seller]].sum())
    title = asked.say("sankey", final=spell(final), mix=called, doubt=worldly.share(asked, doubt / final))
    return Section("mine-to-product", title, [trading.from_mine(asked, found, mix, title)])


def _network(asked: Asked, found: Atlas, mix: str, zoom: str) -> Section:
    flows = np.where(found.forward(), found.flows(mix), 0.0)
    inside = np.array([one == zoom for one in found.country], dtype=np.bool_)
    touching = (inside[found.seller] | inside[found.buyer]) if zoom else np.ones(len(flows), dtype=np.bool_)
    flows = np.where(touching, flows, 0.0)
    moving = np.flatnonzero(flows > 0)
    called = worldly.mix(mix, asked.lang)
    if not len(moving):
        return Section("network", asked.say("network_none", mix=called), [])
    ends = np.unique(np.concatenate([found.seller[moving], found.buyer[moving]]))
    if zoom:
        own = inside[found.seller] & touching
        abroad = float(flows[own & ~inside[found.buyer]].sum()) / max(float(flows[own].sum()), 1e-300)
        told = {"n": int(inside[ends].sum()), "place": worldly.subject(found, zoom, asked.lang)}
        title = asked.say("network_zoom", **told, links=len(moving), abroad=worldly.share(asked, abroad))
    else:
        ranked = np.cumsum(np.sort(flows[moving])[::-1])
        half = int(np.searchsorted(ranked, ranked[-1] / 2)) + 1
        title = asked.say("network", n=len(ends), links=f"{len(moving):,}", half=half)
    return Section("network", title, [trading.between(asked, found, mix, title, zoom)])


def _facilities(asked: Asked, found: Atlas, mix: str, stage: str) -> Section:
    tonnes = found.output(mix)
    rows = [row for row in np.argsort(-tonnes, kind="stable").tolist() if tonnes[row] > 0 and found.stage[row] == stage]
    called = worldly.mix(mix, asked.lang)
    blocks: list[Block] = [table(asked, found, rows, mix)] if rows else []
    ways = [("facilities", "all_facilities"), ("countries", "all_countries")]
    ways += [("materials", "all_materials"), ("elements", "all_elements")]
    links: list[Any] = [" · "] * (2 * len(ways) - 1)
    links[::2] = [Link(asked.say(word), asked.to(page, asked=worldly.when(asked))) for page, word in ways]
    blocks.append(Text([links]))
    if not rows:
        return Section("facilities", asked.say("does_nobody", mix=called), blocks)
    ranked = np.cumsum(tonnes[rows])
    half = int(np.searchsorted(ranked, ranked[-1] / 2)) + 1
    name = worldly.facility(found, rows[0], asked.lang)
    title = asked.say("facilities_one", name=name) if half == 1 else asked.say("facilities", n=half)
    return Section("facilities", title, blocks)


def table(asked: Asked, found: Atlas, rows: Sequence[int], mix: str) -> Table:
    """Facilities with what they do, and their share of it."""
    tonnes = found.output(mix)
    total = float(tonnes[list(rows)].sum())
    called = worldly.mix(mix, asked.lang)
    shown, pager = asked.paged(list(rows), 30)
    columns = (
        Column("name", asked.say("name")),
        Column("country", asked.say("country")),
        Column("amount", asked.say("amount", mix=called), "number"),
        Column("share", asked.say("share"), "number"),
    )
    cells: list[dict[str, Cell]] = [
        {
            "name": worldly.to_facility(asked, found, row),
            "country": worldly.to_country(asked, found, found.country[row]),
            "amount": float(tonnes[row]),
            "share": worldly.share(asked, float(tonnes[row]) / total if total else 0.0),
            "assumed": bool(found.network.facility_assumed[row]) and found.stage[row] != "use",
        }
        for row in shown
    ]
    data = [
        {
            "id": found.network.facilities[row],
            "name": worldly.facility(found, row, asked.lang),
            "country": found.country[row],
            "stage": found.stage[row],
            "tonnes": float(tonnes[row]),
            "share": float(tonnes[row]) / total if total else 0.0,
            "assumed": bool(found.network.facility_assumed[row]),
        }
        for row in rows
    ]
    return Table(columns, cells, data=data, pager=pager)


PAGE = Page("world", build, WORDS, nav=40)
