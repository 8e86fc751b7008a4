"""Home to what the pages of investments and stockpiles show: figures and tables from an answer on file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ytterby.decisions.invest.saying import STAGES_ZH, money, percent
from ytterby.desk import planned
from ytterby.desk.blocks import Block, Cell, Column, Figure, Link, Table
from ytterby.desk.page import Asked, KeyFigure, Section
from ytterby.figures import Caption, fan
from ytterby.figures.lanes import lanes

Said = Mapping[str, Any]
LEAST = 5e-4
"""Part of the share below which nobody speaks of what it hangs on."""
TRIED = ("as things go", "promises alone", "capacity alone", "money as the scenario spreads it")
"""What stands beside the plan in the figure of the share."""

WORDS = {
    "stage_mine": ("mine", "采矿"),
    "stage_separation": ("separation", "分离"),
    "stage_recycling": ("recycling", "回收"),
    "stage_metal": ("metal", "金属"),
    "stage_alloy": ("alloy", "合金"),
    "stage_magnet": ("magnet", "磁体"),
    "as_things_go": ("as things go", "照现状"),
    "capacity_alone": ("capacity alone", "只建产能"),
    "promises_alone": ("promises to buy alone", "只有采购承诺"),
    "capacity_and_promises": ("capacity and promises", "产能加承诺"),
    "money_as_the_scenario_spreads_it": ("money as the scenario spreads it", "按情景平摊资金"),
    "announced_line": ("plants announced, on paper", "已公布项目（账面）"),
    "promised_line": ("promised", "账面承诺"),
    "orders": ("{n} orders for {usd}, {most} of it for {stage}", "{n} 笔订单，共 {usd}，其中{stage}占 {most}"),
    "orders_none": ("Nothing has to be ordered", "无需新增订单"),
    "orders_basis": (
        "From the order to the day nine tenths of it run, on average · prices of capacity are assumed",
        "自下单至平均九成投产 · 产能单价为假设",
    ),
    "built": ("being built", "建设中"),
    "new": ("new plant", "新建厂"),
    "plant": ("Plant", "工厂"),
    "stage": ("Stage", "环节"),
    "year": ("Ordered in", "下单年份"),
    "size": ("t a year", "吨/年"),
    "usd": ("USD m", "百万美元"),
    "claims": ("Stands on", "依据"),
    "share": (
        "{promised} promised in {year}, {simulated} simulated; {alone} where buyers promise nothing",
        "{year} 年账面 {promised}，仿真 {simulated}；若买家不作承诺为 {alone}",
    ),
    "share_basis": (
        "% of the magnets that makers at home want, made at home · median, 50 % and 90 % of {draws} draws",
        "本土自产占本土厂商磁体需求的比例（%） · {draws} 次抽样的中位数、50 % 与 90 % 区间",
    ),
    "share_note": (
        "The promise counts magnets whose whole chain lies at home and with partners; the simulated share counts all "
        "magnets made at home, of Chinese alloy or metal too, so it may lie above the promise.",
        "账面承诺只计全链在本土及伙伴国的磁体；仿真份额计入本土所产全部磁体，包括用中国合金或金属制成者，故可能高于承诺。",
    ),
    "ladder": (
        "Each step of money, and what holds the next one back: {first} first",
        "逐级投入与其瓶颈：首先是{first}",
    ),
    "ladder_basis": (
        "On paper, for {year} · the bottleneck is the stage on whose capacity the largest part of the share hangs",
        "账面，{year} 年 · 瓶颈指份额中最大部分所系的环节",
    ),
    "budget": ("Spent, USD m", "已投，百万美元"),
    "share_col": ("Share, %", "份额，%"),
    "gained": ("Gained, points", "增加，百分点"),
    "spent_on": ("This step goes to", "本级用于"),
    "bottleneck": ("Bottleneck then", "其后瓶颈"),
    "binds": ("What the share hangs on: {first}", "份额系于何处：{first}"),
    "binds_none": ("Nothing binds: makers at home get all they want", "无所制约：本土需求全部满足"),
    "bind_capacity": ("capacity", "产能"),
    "bind_most": ("can grow no further", "已无法再扩"),
    "bind_material": ("nobody in the plan makes it", "方案内无人生产"),
    "bind_budget": ("money", "资金"),
    "what": ("What", "对象"),
    "how": ("How", "如何"),
    "part": ("Part of the share, points", "所系份额，百分点"),
    "surplus": (
        "{tonnes} t of lanthanum and cerium oxide a year would find no buyer",
        "每年将有 {tonnes} 吨镧铈氧化物没有买家",
    ),
    "surplus_none": ("Nothing is made that nobody takes", "没有无人接收的副产品"),
    "surplus_basis": (
        "Oxides made beyond all use of the plan, {year} · surplus is stored, not sold",
        "{year} 年方案用不掉的氧化物 · 余量入库、不计收入",
    ),
    "material": ("Material", "物料"),
    "tonnes": ("t a year", "吨/年"),
    "assumed_n": ("{n} inputs nobody's document states", "{n} 项输入没有文献出处"),
    "input": ("Input", "输入"),
    "median": ("Median", "中位数"),
    "low": ("5 %", "5 %"),
    "high": ("95 %", "95 %"),
    "unit": ("Unit", "单位"),
    "key_cost": ("Cost", "成本"),
    "key_promised": ("Promised in {year}", "{year} 年账面"),
    "key_simulated": ("Simulated", "仿真"),
    "key_alone": ("Without promises to buy", "无采购承诺"),
    "key_days": ("Days without China", "断供可撑天数"),
    "days_note": ("promised {promised}", "账面 {promised}"),
    "days_held": ("{held} of the stockpile's {pile} t could be bought", "储备计划 {pile} 吨，买到 {held} 吨"),
}


def stage(asked: Asked, name: str) -> str:
    """A stage in the page's language; a material stays as it is."""
    return asked.say(f"stage_{name}") if name in STAGES_ZH else name


def keys(asked: Asked, said: Said) -> list[KeyFigure]:
    """Cost, promised and simulated share, and days."""
    promise, gap, band = said["promise"], said["gap"], said["cost_band"]
    found = [
        KeyFigure(
            asked.say("key_cost"), money(promise["cost"], asked.lang),
            note=f"5-95 %: {money(band['p05'], asked.lang)} – {money(band['p95'], asked.lang)}", assumed=True,
        ),
        KeyFigure(asked.say("key_promised", year=said["year"]), percent(_at(promise, said["year"]))),
    ]  # fmt: skip
    if gap:
        note = f"5-95 %: {percent(gap['p05'])} – {percent(gap['p95'])}"
        found.append(KeyFigure(asked.say("key_simulated"), percent(gap["median"]), note=note))
        found.append(KeyFigure(asked.say("key_alone"), percent(_median(said, "capacity alone"))))
    if said["days"]:
        note = asked.say("days_note", promised=f"{said['days']['promised']:.0f}")
        if said["days"]["pile"] and "held" in said["days"]:
            held, pile = (f"{tonnes:,.0f}" for tonnes in (said["days"]["held"]["median"], said["days"]["pile"]))
            note = f"{note} · {asked.say('days_held', held=held, pile=pile)}"
        found.append(KeyFigure(asked.say("key_days"), round(said["days"]["median"]), note=note))
    return found


def _at(told: Said, year: int) -> float:
    return float(told["share"][told["years"].index(year)])


def _median(said: Said, name: str) -> float:
    told = said["simulated"][name]
    return float(told["bands"][told["years"].index(said["year"])]["median"])


def share(asked: Asked, said: Said, draws: int) -> Section:
    """The share by year: simulated as a fan, promised and rivals as lines."""
    told = said["simulated"]["capacity and promises"]
    rows = [
        {"period": str(year), **{q: 100 * value for q, value in band.items()}}
        for year, band in zip(told["years"], told["bands"], strict=True)
    ]
    promise = said["promise"]
    lines: list[dict[str, Any]] = [
        {
            "name": asked.say("promised_line"),
            "rows": [
                {"period": str(y), "value": 100 * v} for y, v in zip(promise["years"], promise["share"], strict=True)
            ],
        }
    ]
    for name in TRIED[:3]:
        other = said["simulated"].get(name)
        if other:
            points = zip(other["years"], other["bands"], strict=True)
            values = [{"period": str(year), "value": 100 * band["median"]} for year, band in points]
            lines.append({"name": asked.say(name.replace(" ", "_")), "rows": values})
    numbers = {
        "promised": percent(_at(promise, said["year"])),
        "simulated": percent(said["gap"]["median"]) if said["gap"] else "–",
        "alone": percent(_median(said, "capacity alone")) if said["gap"] else "–",
    }
    title, basis = asked.say("share", year=said["year"], **numbers), asked.say("share_basis", draws=draws)

    figure = Figure(
        lambda bare, width: fan(
            rows, Caption(title, "" if bare else basis, language=asked.lang, bare=bare), references=lines, width=width
        ),
        data=rows,
    )
    return Section("share", title, [figure], basis=basis, note=asked.say("share_note"))


def orders(asked: Asked, said: Said) -> Section:
    """The build-out: lanes from each order to when it runs, and the list."""
    promise = said["promise"]
    found = promise["orders"]
    if not found:
        return Section("orders", asked.say("orders_none"), [])
    by_stage = {name: usd for name, usd in promise["by_stage"].items() if usd > 0}
    largest = max(by_stage, key=lambda name: by_stage[name])
    total = sum(by_stage.values())
    title = asked.say(
        "orders", n=len(found), usd=money(promise["cost"], asked.lang), stage=stage(asked, largest),
        most=percent(by_stage[largest] / total),
    )  # fmt: skip
    spans = [
        {
            "lane": f"{_called(asked, one)} · {stage(asked, one['stage'])}",
            "date": f"{one['year']}-01-01",
            "until": f"{_runs_by(one)}-12-31",
            "kind": stage(asked, one["stage"]),
            "halted": one["new"],
            "hint": f"{one['size']:,.0f} t/y, {money(one['usd'], asked.lang)}",
        }
        for one in found
    ]

    basis = asked.say("orders_basis")
    figure = Figure(
        lambda bare, width: lanes(
            spans, Caption(title, "" if bare else basis, language=asked.lang, bare=bare), width=width
        ),
        data=spans,
    )
    blocks: list[Block] = [figure, _orders(asked, found)]
    return Section("orders", title, blocks, basis=basis)


def _called(asked: Asked, one: Said) -> str:
    return str(one["name_zh"] if asked.lang == "zh" else one["name"])


def _runs_by(one: Said) -> int:
    """Year in which nine tenths of an order run: 1.77 times the mean of three Erlang stages after its middle."""
    return int(one["year"] + 0.5 + 1.774 * one["build_days"] / 365.25)


def _orders(asked: Asked, found: Sequence[Said]) -> Table:
    columns = (
        Column("plant", asked.say("plant"), "wide"),
        Column("stage", asked.say("stage")),
        Column("year", asked.say("year")),
        Column("size", asked.say("size"), "number"),
        Column("usd", asked.say("usd"), "number"),
        Column("claims", asked.say("claims")),
    )
    cells: list[dict[str, Cell]] = []
    for one in found:
        name: Cell = (
            _called(asked, one) if one["new"] else Link(_called(asked, one), asked.to("facility", one["plant"]))
        )
        stands: Cell = (
            asked.say("new") if one["new"] else Link(one["parameter"], asked.to("parameter", one["parameter"]))
        )
        cells.append(
            {
                "plant": name,
                "stage": stage(asked, one["stage"]),
                "year": str(one["year"]),
                "size": round(one["size"], 1),
                "usd": round(one["usd"] / 1e6, 2),
                "claims": stands,
                "assumed": one["assumed"] or one["new"],
            }
        )
    return Table(columns, cells, data=[dict(one) for one in found])


def ladder(asked: Asked, said: Said) -> Section | None:
    """What each step of money buys, and which stage is the bottleneck then."""
    rungs = said["ladder"]
    if not rungs:
        return None
    columns = (
        Column("budget", asked.say("budget"), "number"),
        Column("share", asked.say("share_col"), "number"),
        Column("gained", asked.say("gained"), "number"),
        Column("spent", asked.say("spent_on"), "wide"),
        Column("bottleneck", asked.say("bottleneck")),
    )
    cells: list[dict[str, Cell]] = [
        {
            "budget": round(rung["budget"] / 1e6, 1),
            "share": round(100 * rung["share"], 1),
            "gained": round(100 * rung["gained"], 1),
            "spent": ", ".join(
                f"{stage(asked, name)} {usd / 1e6:,.1f}" for name, usd in rung["spent"].items() if abs(usd) >= 5e4
            )
            or "–",
            "bottleneck": stage(asked, rung["bottleneck"]) if rung["bottleneck"] else "–",
        }
        for rung in rungs
    ]
    first = next((rung["bottleneck"] for rung in rungs if rung["bottleneck"]), "")
    title = asked.say("ladder", first=stage(asked, first) if first else "–")
    table = Table(columns, cells, data=[dict(rung) for rung in rungs])
    return Section("ladder", title, [table], basis=asked.say("ladder_basis", year=said["year"]))


def binds(asked: Asked, said: Said) -> Section:
    """What the share of the year hangs on."""
    every = said["promise"]["binds"]
    found = [one for one in every if one["value"] >= LEAST or one["what"] == "budget"] or every[:3]
    if not found:
        return Section("binds", asked.say("binds_none"), [], width="half")
    columns = (
        Column("what", asked.say("what"), "wide"),
        Column("how", asked.say("how")),
        Column("part", asked.say("part"), "number"),
    )
    cells: list[dict[str, Cell]] = [
        {
            "what": _bound(asked, one) or asked.say("bind_budget"),
            "how": asked.say(f"bind_{one['what']}"),
            "part": round(100 * one["value"], 1) if one["what"] != "budget" else "–",
        }
        for one in found[:12]
    ]
    title = asked.say("binds", first=_bound(asked, found[0]) or asked.say("bind_budget"))
    return Section("binds", title, [Table(columns, cells, data=[dict(one) for one in found])], width="half")


def _bound(asked: Asked, one: Said) -> str:
    return str(one["called_zh"] if asked.lang == "zh" else one["called"])


def surplus(asked: Asked, said: Said) -> Section:
    """Co-products that nobody takes."""
    promise = said["promise"]
    at = promise["years"].index(said["year"])
    rows = {name: row[at] for name, row in promise["surplus"].items() if name.startswith("oxide.") and row[at] >= 1}
    if not rows:
        return Section("surplus", asked.say("surplus_none"), [], width="half")
    light = rows.get("oxide.La", 0.0) + rows.get("oxide.Ce", 0.0)
    columns = (Column("material", asked.say("material")), Column("tonnes", asked.say("tonnes"), "number"))
    ranked = sorted(rows.items(), key=lambda one: -one[1])[:8]
    cells: list[dict[str, Cell]] = [{"material": name, "tonnes": round(value)} for name, value in ranked]
    data = [{"material": name, "tonnes": value} for name, value in ranked]
    basis = asked.say("surplus_basis", year=said["year"])
    title = asked.say("surplus", tonnes=f"{light:,.0f}")
    return Section("surplus", title, [Table(columns, cells, data=data)], basis=basis, width="half")


def assumed(asked: Asked, said: Said) -> Section:
    """Inputs without a document."""
    columns = (
        Column("input", asked.say("input"), "wide"),
        Column("median", asked.say("median"), "number"),
        Column("low", asked.say("low"), "number"),
        Column("high", asked.say("high"), "number"),
        Column("unit", asked.say("unit")),
    )
    cells: list[dict[str, Cell]] = [
        {
            "input": Link(planned.input_name(one["name"], asked.lang), asked.to("parameter", one["name"]))
            if one["name"].startswith("capacity:")
            else planned.input_name(one["name"], asked.lang),
            **{key: one[key] if one[key] is not None else "–" for key in ("median", "low", "high")},
            "unit": one["unit"],
            "assumed": True,
        }
        for one in said["assumed"]
    ]
    title = asked.say("assumed_n", n=len(cells))
    return Section("assumed", title, [Table(columns, cells, data=[dict(one) for one in said["assumed"]])])
