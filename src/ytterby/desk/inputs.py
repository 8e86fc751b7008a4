"""Home to what a run stands on: the inputs that matter most, every uncertain input with its claims, seed and hashes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.desk import outlook, planned
from ytterby.desk.blocks import Block, Cell, Column, Details, Facts, Figure, Link, Table, Words
from ytterby.desk.page import Section

if TYPE_CHECKING:
    from ytterby.desk.page import Asked
    from ytterby.desk.urls import Lang
    from ytterby.findings.drivers import Driver
    from ytterby.findings.ground import Ground
    from ytterby.findings.verdict import Verdict

WORDS = {
    "drivers": ("Of {n} uncertain inputs, most hangs on {first}", "{n} 项不确定输入中，{first}影响最大"),
    "drivers_none": ("Which inputs matter most cannot be told from this run", "无法由本次运行判断哪些输入影响最大"),
    "drivers_basis": (
        "{unit} per ±1σ of the input: change of the mean of the finding above · {draws} draws",
        "输入变动 ±1σ 时上述结论均值的变化（{unit}） · {draws} 次抽样",
    ),
    "drivers_note": (
        "Ranked by rank correlation over the draws; shown beyond {least:.2f}, hardly reached by chance. "
        "Never counts as the end of the run.",
        "按各抽样的秩相关排序；仅列出超过 {least:.2f} 者，偶然很难达到。“未发生”按运行期末计。",
    ),
    "unit_days": ("days", "天"),
    "unit_years": ("years", "年"),
    "unit_points": ("percentage points", "百分点"),
    "input": ("Input", "输入"),
    "rank": ("Rank correlation", "秩相关"),
    "at_low": ("At its low end", "取低值时"),
    "at_high": ("At its high end", "取高值时"),
    "drawn": ("Drawn, median (5–95 %)", "抽取值，中位（5–95%）"),
    "unit": ("Unit", "单位"),
    "stands_on": ("Stands on", "依据"),
    "figures": ("{n} figures", "{n} 个数字"),
    "one_figure": ("1 figure", "1 个数字"),
    "by_scenario": ("the scenario", "情景设定"),
    "by_model": ("the model", "模型设定"),
    "inputs": ("{assumed} of {n} uncertain inputs are assumed", "{n} 项不确定输入中 {assumed} 项为假设"),
    "inputs_basis": (
        "What every draw takes from its own spread; each leads to the figures it is weighed from",
        "每次抽样从各自分布取值；均可追溯到其所依据的数字",
    ),
    "every_input": ("Every uncertain input", "全部不确定输入"),
    "record": ("The run's record", "运行记录"),
    "scenario": ("Scenario", "情景"),
    "known": ("As known on", "知识截止日"),
    "reading": ("Reading of the law", "法律解读"),
    "draws": ("Draws", "抽样次数"),
    "seed": ("Seed", "随机种子"),
    "levers": ("Levers on", "启用的杠杆"),
    "none": ("none", "无"),
    "span": ("Span", "时间范围"),
    "steps": ("{n} steps of {days:g} days", "{n} 步，每步 {days:g} 天"),
    "world": ("World", "世界"),
    "size": ("{plants} plants, {links} links", "{plants} 座工厂，{links} 条联系"),
    "fit": ("Licensing fitted up to", "许可参数拟合至"),
    "no_fit": ("not fitted", "未拟合"),
    "code": ("Code", "代码"),
    "network": ("Network", "网络"),
    "claims_hash": ("Claims", "论断"),
    "residual": ("Mass unexplained, at most", "质量差额，至多"),
    "took": ("Time it took", "用时"),
    "seconds": ("s", "秒"),
    "made": ("Made", "生成时间"),
}
UNITS = {"days": "unit_days", "years": "unit_years", "percentage points": "unit_points"}
MOST = 12


def name(ground: Ground, parameter: str, lang: Lang) -> str:
    """An input in words; what only a claim names stays in the claim's own."""
    from ytterby.findings import naming

    told = planned.input_name(parameter, lang)
    if told != parameter:
        return told
    kind, _, rest = parameter.partition(":")
    if lang == "zh" and kind in ("capacity", "mine") and ground.world is not None and rest in ground.world.facilities:
        at = ground.world.facilities.index(rest)
        plant = ground.world.facility_name_zh[at] or ground.world.facility_name[at]
        return f"{'产能' if kind == 'capacity' else '矿山产量'}：{plant}"
    return naming.parameter(ground, parameter)


def drivers(asked: Asked, ground: Ground, verdict: Verdict) -> Section:
    """The inputs the finding hangs on most, as a tornado."""
    from ytterby.desk.forecasts import caption_of
    from ytterby.figures import tornado
    from ytterby.findings import drivers as room

    found = room.drivers(ground, verdict)
    least = room.SURE / float(np.sqrt(max(1, ground.run.draws - 1)))
    top = [one for one in found[:MOST] if abs(one.rank) > least] or found[: room.LEAST]
    if not top:
        return Section("drivers", asked.say("drivers_none"), [], basis=asked.say("draws") + f": {ground.run.draws}")
    lang = asked.lang
    title = asked.say("drivers", n=len(ground.parameters), first=name(ground, top[0].name, lang))
    unit = asked.say(UNITS.get(verdict.unit, "unit_points"))
    basis = asked.say("drivers_basis", unit=unit, draws=f"{ground.run.draws:,}")
    rows: list[dict[str, Any]] = [
        {
            "label": name(ground, one.name, lang),
            "range": _range(ground, one.name, lang),
            "low": one.low,
            "high": one.high,
            "assumed": one.assumed,
        }
        for one in top
    ]

    def draw(bare: bool, width: float) -> str:  # noqa: FBT001 - the contract of a figure
        caption = caption_of(asked, title, basis, bare=bare)
        return tornado(rows, caption, most=MOST, sort=False, width=width)

    data = [{"parameter": one.name, "rank": one.rank, **row, "unit": unit} for one, row in zip(top, rows, strict=True)]
    blocks: list[Block] = [Figure(draw, data), _driver_table(asked, ground, top)]
    return Section("drivers", title, blocks, basis=basis, note=asked.say("drivers_note", least=least))


def _range(ground: Ground, parameter: str, lang: Lang) -> str:
    low, high = np.quantile(ground.drawn[parameter], [0.05, 0.95])
    unit = ground.parameters[parameter].unit
    return f"{outlook.amount(float(low))} – {outlook.amount(float(high))} {planned.unit(unit, lang)}".strip()


def _driver_table(asked: Asked, ground: Ground, top: list[Driver]) -> Table:
    columns = (
        Column("input", asked.say("input"), "wide"),
        Column("rank", asked.say("rank"), "number"),
        Column("at_low", asked.say("at_low"), "number"),
        Column("at_high", asked.say("at_high"), "number"),
        Column("stands_on", asked.say("stands_on"), "wide"),
    )
    cells: list[dict[str, Cell]] = [
        {
            "input": name(ground, one.name, asked.lang),
            "rank": round(one.rank, 2),
            "at_low": one.low,
            "at_high": one.high,
            "stands_on": behind(asked, ground, one.name),
            "assumed": one.assumed,
        }
        for one in top
    ]
    return Table(columns, cells)


def behind(asked: Asked, ground: Ground, parameter: str) -> Words:
    """What an input stands on: the claim itself where it is one, else all that is claimed of it, else who set it."""
    from ytterby.desk.figured import tongue

    claims = [ground.by_id[one] for one, _ in ground.parameters[parameter].claims if one in ground.by_id]
    if len(claims) == 1:
        text = claims[0].quote or claims[0].source.title or claims[0].source.publisher or claims[0].id
        return Link(text if len(text) <= 70 else f"{text[:69]}…", asked.to("claim", claims[0].id), lang=tongue(text))
    if claims:
        to = asked.to("parameter", claims[0].parameter)
        return Link(asked.say("figures", n=len(claims)), to)
    if parameter.startswith(("licensing:", "event:", "demand:", "path:")):
        at = "uncertainty" if parameter.startswith("licensing:") else "events"
        return Link(asked.say("by_scenario"), asked.to("scenario", ground.run.scenario, at=at))
    return asked.say("by_model")


def inputs(asked: Asked, ground: Ground) -> Section:
    """Every uncertain input: what was drawn, and what it stands on."""
    lang = asked.lang
    columns = (
        Column("input", asked.say("input"), "wide"),
        Column("drawn", asked.say("drawn"), "number"),
        Column("unit", asked.say("unit")),
        Column("stands_on", asked.say("stands_on"), "wide"),
    )
    cells: list[dict[str, Cell]] = []
    data = []
    for parameter in sorted(ground.parameters, key=lambda one: (not ground.parameters[one].assumed, one)):
        one, drawn = ground.parameters[parameter], ground.drawn.get(parameter)
        at = (one.low, one.median, one.high) if drawn is None else np.quantile(drawn, [0.05, 0.5, 0.95]).tolist()
        ends = f"{outlook.amount(at[1])} ({outlook.amount(at[0])} – {outlook.amount(at[2])})"
        cells.append(
            {
                "input": name(ground, parameter, lang),
                "drawn": ends,
                "unit": planned.unit(one.unit, lang),
                "stands_on": behind(asked, ground, parameter),
                "assumed": one.assumed,
            }
        )
        data.append(
            {"parameter": parameter, "p05": at[0], "median": at[1], "p95": at[2], "unit": one.unit,
             "assumed": one.assumed, "claims": [claim for claim, _ in one.claims]}
        )  # fmt: skip
    assumed = sum(one.assumed for one in ground.parameters.values())
    title = asked.say("inputs", assumed=assumed, n=len(ground.parameters))
    shown, pager = asked.paged(cells, 40)
    block = Details(
        asked.say("every_input"), [Table(columns, shown, data=data, pager=pager)], open=bool(asked.get("page"))
    )
    return Section("inputs", title, [block], basis=asked.say("inputs_basis"))


def record(asked: Asked, ground: Ground) -> Section:
    """What names the run: scenario, seed, draws, code and the hashes of what it was made of."""
    from ytterby.desk.found import tiny

    run, info = ground.run, ground.run.info
    about = info.get("fit_about") or {}
    title = str((info.get("title") or {}).get(asked.lang) or run.scenario)
    levers = [str(one) for one in info.get("levers") or ()]
    took = f"{run.seconds:.1f} {asked.say('seconds')}"
    facts: list[tuple[str, Cell]] = [
        (asked.say("scenario"), Link(title, asked.to("scenario", run.scenario))),
        (asked.say("span"), f"{ground.start} – {ground.end}"),
        (asked.say("steps", n=run.steps, days=float(info["step_days"])), ""),
        (asked.say("draws"), run.draws),
        (asked.say("seed"), str(info["seed"])),
        (asked.say("known"), str(info["world_known"])),
        (asked.say("reading"), str(info.get("reading", ""))),
        (asked.say("levers"), ", ".join(levers) or asked.say("none")),
        (asked.say("fit"), str(about.get("until") or asked.say("no_fit"))),
        (asked.say("world"), asked.say("size", plants=info.get("facilities"), links=info.get("links"))),
        (asked.say("residual"), tiny(run.mass_residual)),
        (asked.say("code"), str(info["code"])),
        (asked.say("network"), str(info["network"])),
        (asked.say("claims_hash"), str(info.get("claims") or "–")),
        (asked.say("took"), took),
        (asked.say("made"), str(info["created"])[:16].replace("T", " ") + " UTC"),
    ]
    facts = [(label, value) if value != "" else (asked.say("span"), label) for label, value in facts]
    return Section("record", asked.say("record"), [Facts(facts)], width="half")
