"""Home to the pages of elements: all of them as a table, and each from the mines to the products that hold it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.desk import risks, thing, worldly
from ytterby.desk.blocks import Block, Cell, Column, Figure, Link, Table
from ytterby.desk.page import Asked, KeyFigure, Page, Section, Shown
from ytterby.desk.pages import world

if TYPE_CHECKING:
    from ytterby.evidence.claims import Claim
    from ytterby.project import Project
    from ytterby.world.atlas import Atlas

WORDS = {
    **world.WORDS,
    **thing.WORDS,
    **risks.WORDS,
    "nav": ("Elements", "元素"),
    "title": (
        "China mines most of {mined} of {n} rare earths and separates most of {separated}",
        "{n} 种稀土元素中，中国开采占多数的有 {mined} 种，分离占多数的有 {separated} 种",
    ),
    "basis_all": (
        "Contained element, t a year · static balance of {year}, all demand met · as known on {day}",
        "所含元素，吨/年 · {year} 年静态平衡，需求全部满足 · 截至 {day} 所知",
    ),
    "group": ("Group", "类别"),
    "light": ("light", "轻稀土"),
    "heavy": ("heavy", "重稀土"),
    "mined": ("Mined", "开采"),
    "used": ("In products", "进入产品"),
    "miner": ("Most mined in", "主要开采国"),
    "separator": ("Most separated in", "主要分离国"),
    "both": (
        "{first} mines {a} of the world’s {mix} and {second} separates {b}",
        "{first}开采全球 {a} 的{mix}，{second}分离其中 {b}",
    ),
    "nothing": ("No {mix} flows in this world", "本世界中没有{mix}流动"),
    "number": ("Atomic number", "原子序数"),
    "weight": ("Atomic weight", "原子量"),
    "oxide": ("Oxide as traded", "交易氧化物"),
    "metal_in_oxide": ("Metal in a tonne of oxide", "每吨氧化物含金属"),
    "symbol": ("Symbol", "符号"),
    "heads": ("The narrowest stage is {stage}: {place} does {share} of it", "最集中的环节是{stage}：{place}占 {share}"),
    "leader": ("Most of it in", "主要国家"),
    "hhi": ("HHI", "HHI"),
    "plants": ("Plants", "工厂"),
    "tonnes_of": ("t a year", "吨/年"),
    "of_it_assumed": ("Assumed", "假设"),
    "share_basis": ("% of the stage in the leading country", "主要国家占该环节的百分比"),
}


def every(project: Project, asked: Asked) -> Shown:
    """All rare earths."""
    from ytterby.desk.trading import year
    from ytterby.terms.elements import RECORDS

    found = worldly.atlas(project, asked)
    rows: list[dict[str, Any]] = []
    for symbol, record in RECORDS.items():
        mined, separated, used = (found.shares(symbol, stage) for stage in ("mine", "separation", "use"))
        rows.append(
            {
                "id": symbol,
                "name": worldly.mix(symbol, asked.lang),
                "group": record.group,
                "mined": sum(one.tonnes for one in mined),
                "used": sum(one.tonnes for one in used),
                "miner": mined[0].place if mined else "",
                "miner_share": mined[0].share if mined else 0.0,
                "separator": separated[0].place if separated else "",
                "separator_share": separated[0].share if separated else 0.0,
            }
        )
    columns = (
        Column("name", asked.say("element")),
        Column("group", asked.say("group")),
        Column("mined", asked.say("mined"), "number"),
        Column("used", asked.say("used"), "number"),
        Column("miner", asked.say("miner")),
        Column("separator", asked.say("separator")),
    )
    cells: list[dict[str, Cell]] = [
        {
            "name": Link(f"{row['name']} {row['id']}", asked.to("element", row["id"], asked=worldly.when(asked))),
            "group": asked.say(row["group"]),
            "mined": row["mined"] or None,
            "used": row["used"] or None,
            "miner": _led(asked, found, row["miner"], row["miner_share"]),
            "separator": _led(asked, found, row["separator"], row["separator_share"]),
        }
        for row in rows
    ]
    china = {key: sum(row[key] == "CN" and row[f"{key}_share"] > 0.5 for row in rows) for key in ("miner", "separator")}
    met = sum(row["mined"] > 0 for row in rows)
    return Shown(
        asked.say("title", n=met, mined=china["miner"], separated=china["separator"]),
        [Section("all", asked.say("all_elements"), [Table(columns, cells, data=rows)])],
        basis=asked.say("basis_all", year=year(found), day=found.day.isoformat()),
        crumbs=[Link(asked.say("world"), asked.to("world", asked=worldly.when(asked)))],
    )


def _led(asked: Asked, found: Atlas, code: str, share: float) -> Cell:
    return (worldly.to_country(asked, found, code), f" {worldly.share(asked, share)}") if code else ""


def one(project: Project, asked: Asked) -> Shown:
    """One element."""
    from ytterby.terms.elements import ELEMENTS, element

    symbol = next((name for name in ELEMENTS if name.casefold() == asked.name.casefold()), "") or (
        element(asked.name).symbol
    )
    found = worldly.atlas(project, asked)
    record = element(symbol)
    flows = found.flows(symbol)
    mining, using = (np.array([s == name for s in found.stage], dtype=np.bool_) for name in ("mine", "use"))
    leaving, arriving = np.flatnonzero(mining[found.seller]), np.flatnonzero(using[found.buyer])
    unit = f"吨 {symbol}" if asked.lang == "zh" else f"t {symbol}"
    taken = np.bincount(found.buyer, flows, len(found.stage))
    facts: list[tuple[str, Cell]] = [
        (asked.say("symbol"), symbol),
        (asked.say("group"), asked.say(record.group)),
        (asked.say("number"), str(record.number)),
        (asked.say("weight"), f"{record.weight:g}"),
        (asked.say("oxide"), record.oxide),
        (asked.say("metal_in_oxide"), f"{record.metal_in_oxide:.3f} t"),
    ]

    def speaks(claim: Claim) -> bool:
        return symbol in claim.elements or symbol in claim.parameter.split(":")

    stages, title = _stages(asked, found, symbol)
    used = float(flows[arriving].sum())
    return thing.shown(
        project,
        asked,
        found,
        thing.Told(
            title,
            facts,
            thing.partners(asked, found, leaving, found.seller, flows, unit, materials=False),
            thing.partners(asked, found, arriving, found.buyer, flows, unit, by="product", materials=False),
            stages,
            thing.behind(asked.kept("claims", project.claims), (), speaks),
            (),
            thing.touching([symbol], ("oxide", "compound", "metal", "alloy", "magnet", "concentrate", "scrap")),
            (taken > 0).astype(np.float64),
            keys=[
                KeyFigure(asked.say("mined"), float(f"{flows[leaving].sum():.3g}"), unit),
                KeyFigure(asked.say("used"), float(f"{used:.3g}"), unit),
            ],
            crumbs=[Link(asked.say("all_elements"), asked.to("elements", asked=worldly.when(asked)))],
            figures=risks.section(project, asked, found, symbol),
        ),
    )


def _stages(asked: Asked, found: Atlas, symbol: str) -> tuple[Section, str]:
    """The section of the stages of an element, and the finding that heads the page."""
    from ytterby.world.atlas import ORDER, concentration

    rows: list[dict[str, Any]] = []
    for stage in ORDER:
        shares = found.shares(symbol, stage)
        if not shares:
            continue
        total = sum(one.tonnes for one in shares)
        rows.append(
            {
                "stage": stage,
                "plants": sum(one.plants for one in shares),
                "tonnes": total,
                "leader": shares[0].place,
                "share": shares[0].share,
                "hhi": concentration([one.share for one in shares]),
                "assumed_share": sum(one.tonnes * one.assumed for one in shares) / total,
            }
        )
    called = worldly.mix(symbol, asked.lang)
    if not rows:
        return Section("stages", asked.say("nothing", mix=called), []), asked.say("nothing", mix=called)
    led = {row["stage"]: row for row in rows}
    title = world.finding(asked, found, found.shares(symbol, rows[0]["stage"]), symbol, rows[0]["stage"])
    if "mine" in led and "separation" in led:
        mine, split = led["mine"], led["separation"]
        title = asked.say(
            "both",
            first=worldly.subject(found, mine["leader"], asked.lang),
            a=worldly.share(asked, mine["share"]),
            second=worldly.country(found, split["leader"], asked.lang),
            b=worldly.share(asked, split["share"]),
            mix=called,
        )
    narrow = max(rows, key=lambda row: row["share"])
    head = asked.say(
        "heads",
        stage=worldly.stage(narrow["stage"], asked.lang).lower(),
        place=worldly.country(found, narrow["leader"], asked.lang),
        share=worldly.share(asked, narrow["share"]),
    )
    blocks: list[Block] = [_bars(asked, found, rows, head), _table(asked, found, symbol, rows)]
    return Section("stages", head, blocks), title


def _bars(asked: Asked, found: Atlas, rows: list[dict[str, Any]], head: str) -> Figure:
    from ytterby.figures import Caption, bars

    drawn = [
        {
            "label": f"{worldly.stage(row['stage'], asked.lang)}: {worldly.country(found, row['leader'], asked.lang)}",
            "value": 100 * row["share"],
            "assumed": row["assumed_share"] > 0.5,
        }
        for row in rows
    ]

    def draw(bare: bool, width: float) -> str:  # noqa: FBT001 - the contract of a figure
        caption = Caption(head, asked.say("share_basis"), language=asked.lang, bare=bare)
        return bars(drawn, caption, sort=False, width=width)

    return Figure(draw, rows)


def _table(asked: Asked, found: Atlas, symbol: str, rows: list[dict[str, Any]]) -> Table:
    columns = (
        Column("stage", asked.say("stage")),
        Column("tonnes", asked.say("tonnes_of"), "number"),
        Column("leader", asked.say("leader")),
        Column("share", asked.say("share"), "number"),
        Column("hhi", asked.say("hhi"), "number"),
        Column("plants", asked.say("plants"), "number"),
        Column("assumed_share", asked.say("of_it_assumed"), "number"),
    )
    cells: list[dict[str, Cell]] = [
        {
            "stage": Link(
                worldly.stage(row["stage"], asked.lang),
                asked.to("world", asked={"element": symbol, "stage": row["stage"], **worldly.when(asked)}),
            ),
            "tonnes": row["tonnes"],
            "leader": worldly.to_country(asked, found, row["leader"]),
            "share": worldly.share(asked, row["share"]),
            "hhi": round(row["hhi"]),
            "plants": row["plants"],
            "assumed_share": worldly.share(asked, row["assumed_share"]),
            "assumed": row["assumed_share"] > 0.5,
        }
        for row in rows
    ]
    return Table(columns, cells, data=rows)


PAGES = (
    Page("elements", every, WORDS, under="world"),
    Page("element", one, {**WORDS, "nav": ("Element", "元素")}, about=("element",), under="world"),
)
