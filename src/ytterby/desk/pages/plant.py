"""Home to the balance of a facility: what came, went and lies there, by element and month, and what is unexplained."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ytterby.desk import alarming, custodial
from ytterby.desk.blocks import (
    Block,
    Cell,
    Chip,
    Choice,
    Column,
    Facets,
    Facts,
    Figure,
    Items,
    Link,
    Notice,
    Table,
    Text,
)
from ytterby.desk.page import Asked, KeyFigure, Page, Section, Shown
from ytterby.desk.tracked import Tracked, tracked
from ytterby.figures.words import percent
from ytterby.terms.elements import ELEMENTS
from ytterby.terms.errors import UnknownName

if TYPE_CHECKING:
    from ytterby.custody.balance import Line
    from ytterby.project import Project

WORDS = {
    **custodial.WORDS,
    **alarming.WORDS,
    "nav": ("Balance of a facility", "设施平衡"),
    "title_missing": (
        "{kg} of {element} is missing at {site} in {month}, beyond what measurement explains",
        "{site}在 {month} 短缺{element} {kg}，超出测量误差",
    ),
    "title_surplus": (
        "{kg} of {element} too much at {site} in {month}, beyond what measurement explains",
        "{site}在 {month} 多出{element} {kg}，超出测量误差",
    ),
    "title_closes": (
        "The balance of {element} at {site} closes in all of {n} months",
        "{site}的{element}平衡在全部 {n} 个月内均闭合",
    ),
    "title_nothing": ("Nothing that is weighed moved at {site}", "{site}没有称重的进出"),
    "basis": (
        "kg of {element}, by month (UTC) · in + opening = out + closing + loss + unexplained",
        "{element}，千克，按月（UTC）· 进 + 期初 = 出 + 期末 + 损耗 + 未解释",
    ),
    "months_out": ("{n} of {all} months stand out", "{all} 个月中有 {n} 个月异常"),
    "months_fine": ("No month of {all} stands out", "{all} 个月均无异常"),
    "figure_basis": (
        "Unexplained, kg of {element}, with its 90 % interval; above zero is missing",
        "未解释的{element}（千克）及 90% 区间；正值为短缺",
    ),
    "within": ("90 %: may be nothing", "90% 区间含零"),
    "outside": ("90 %: something", "90% 区间不含零"),
    "not_counted": ("no stock-taking in the month", "当月未盘点"),
    "table": ("The balance, month by month", "逐月平衡"),
    "in": ("In", "进"),
    "out": ("Out", "出"),
    "opening": ("Opening", "期初"),
    "closing": ("Closing", "期末"),
    "loss": ("Expected loss", "预期损耗"),
    "unexplained": ("Unexplained", "未解释"),
    "band": ("90 %", "90% 区间"),
    "p": ("Chance", "概率"),
    "counted": ("Counted", "盘点"),
    "known": ("Known", "成分已知"),
    "p_note": (
        "Chance: of a gap as large where nothing is wrong. Known: share of the mass moved whose content is known. "
        "Uncertainty of weighings ({weighing}) and counts ({counting}) is assumed where none is told.",
        "概率：无异常时出现同等差额的概率。成分已知：含量已知的质量占比。"
        "未说明时称量（{weighing}）与盘点（{counting}）的不确定度为假设值。",
    ),
    "elements": ("Elements", "元素"),
    "by_element": (
        "{n} elements over all months; the largest gap is of {element}",
        "全部月份共 {n} 种元素；差额最大的是{element}",
    ),
    "months_key": ("Months that stand out", "异常月份"),
    "by_element_1": ("One element is told here", "此处仅有一种元素"),
    "what": ("What it is", "基本信息"),
    "id": ("Identifier", "标识"),
    "addresses": ("Addresses", "地址"),
    "party": ("Run by", "运营方"),
    "country": ("Country", "国家"),
    "stage": ("Stage", "环节"),
    "world": ("In the world's tables", "在世界数据中"),
    "world_link": ("its capacity, links and claims", "产能、往来与论断"),
    "unknown_here": (
        "The registry does not say who this is; its address stands for it.",
        "登记册未说明其身份，以地址代替。",
    ),
    "recipes": ("Yields of its processes", "工艺收率"),
    "recipes_none": (
        "No recipe is told for it: what its processes lose is taken as they declare it.",
        "未登记配方：其工艺损耗按申报计。",
    ),
    "recipe": ("Process", "工艺"),
    "yield": ("Yield", "收率"),
    "all_elements": ("all", "全部"),
    "assumed_note": (
        "Assumed yields come from the world's tables and not from this facility.",
        "假设收率来自世界数据，而非该设施。",
    ),
    "counts": ("Declared counts", "申报盘点"),
    "day": ("Day", "日期"),
    "lies": ("Latest events here", "此处最近事件"),
    "alarms_here": ("{n} alarms concern it", "{n} 项警报与其有关"),
    "alarms_here_none": ("No alarm concerns it", "没有与其有关的警报"),
    "monthly": ("Its monthly report", "其月度报告"),
}  # fmt: skip
STANDS_OUT = 0.01
"""Chance below which the title names a month."""


def build(project: Project, asked: Asked) -> Shown:
    """The balance of one facility."""
    from ytterby.custody.balance import balance

    held = tracked(project)
    if held is None:
        raise UnknownName(asked.name, (), "facility", remedy=asked.say("nothing_yet"))
    name = held.facility(asked.name)
    if name not in held.counts:
        raise UnknownName(asked.name, held.counts, "facility", "the events captured")
    if name != asked.name:
        return Shown(asked.say("nav"), to=asked.to("plant", name))
    every = balance(held.ground, name)
    elements = [one for one in ("", *ELEMENTS) if any(line.element == one and _moved(line) for line in every)]
    chosen = _chosen(asked, elements)
    lines = [line for line in every if line.element == chosen]
    site = custodial.site(asked, held, name)
    sections = [
        *([_gaps(asked, lines, chosen)] if lines else []),
        *([_table(asked, lines)] if lines else []),
        *([_elements(asked, every, elements)] if elements else []),
        _alarms(project, asked, held, name),
        _recipes(asked, held, name),
        _what(project, asked, held, name),
        *_counts(asked, held, name),
        _latest(asked, held, name),
    ]
    return Shown(
        _title(asked, lines, chosen, site),
        sections,
        basis=asked.say("basis", element=_named(asked, chosen)),
        keys=_keys(asked, held, name, lines),
        controls=[_choices(asked, elements, chosen), Text([Link(asked.say("monthly"), _report(asked, name, lines))])],
        crumbs=custodial.crumbs(asked),
        rows=[line.to_dict() for line in every],
        data={"facility": name, "element": chosen},
    )


def _report(asked: Asked, name: str, lines: Sequence[Line]) -> Any:
    month = lines[-1].month if lines else ""
    return asked.to("monthly", asked={"month": month, "facility": name})


def _moved(line: Line) -> bool:
    told = (line.received, line.commissioned, line.shipped, line.removed, line.opening, line.closing, line.loss)
    return any(told)


def _chosen(asked: Asked, elements: Sequence[str]) -> str:
    """The element asked for; else the heavy one that is most asked after, else the first, else all material."""
    wanted = asked.choice("element", (*elements, "all"))
    if wanted:
        return "" if wanted == "all" else wanted
    return next((one for one in ("Dy", "Tb", "Nd") if one in elements), next((one for one in elements if one), ""))


def _named(asked: Asked, element: str) -> str:
    return custodial.element(asked, element) if element else asked.say("all_material")


def _title(asked: Asked, lines: Sequence[Line], element: str, site: str) -> str:
    if not lines:
        return asked.say("title_nothing", site=site)
    worst = min(lines, key=lambda line: line.p_value)
    if worst.p_value >= STANDS_OUT / len(lines):
        return asked.say("title_closes", element=_named(asked, element), site=site, n=len(lines))
    key = "title_missing" if worst.unexplained > 0 else "title_surplus"
    kg = custodial.weighed(abs(worst.unexplained))
    return asked.say(key, kg=kg, element=_named(asked, element), site=site, month=worst.month)


def _choices(asked: Asked, elements: Sequence[str], chosen: str) -> Facets:
    choices = [
        Choice(one or asked.say("all_material"), asked.asking(element=one or "all"), chosen=one == chosen)
        for one in (*[e for e in elements if e], *([""] if "" in elements else []))
    ]
    return Facets([(asked.say("elements"), choices)])


def _keys(asked: Asked, held: Tracked, name: str, lines: Sequence[Line]) -> list[KeyFigure]:
    if not lines:
        return [KeyFigure(asked.say("events_head"), held.counts[name])]
    came = sum(line.received + line.commissioned for line in lines)
    went = sum(line.shipped + line.removed for line in lines)
    return [
        KeyFigure(asked.say("in"), custodial.weighed(came)),
        KeyFigure(asked.say("out"), custodial.weighed(went)),
        KeyFigure(asked.say("loss"), custodial.weighed(sum(line.loss for line in lines)), assumed=_assumed(held, name)),
        KeyFigure(asked.say("closing"), custodial.weighed(lines[-1].closing), note=lines[-1].month),
        KeyFigure(asked.say("events_head"), held.counts[name]),
    ]


def _assumed(held: Tracked, name: str) -> bool:
    known = held.record(name)
    runs = known.recipes if known else ()
    return any(one.assumed for one in held.registry.recipes if one.id in runs)


def _gaps(asked: Asked, lines: Sequence[Line], element: str) -> Section:
    from ytterby.figures import Caption, gaps

    rows = [
        {"period": one.month, "value": one.unexplained, "low": one.low, "high": one.high, "counted": one.counted}
        for one in lines
    ]
    n = sum(not one.low <= 0.0 <= one.high for one in lines)
    title = asked.say("months_out", n=n, all=len(lines)) if n else asked.say("months_fine", all=len(lines))
    basis = asked.say("figure_basis", element=_named(asked, element))
    names = (asked.say("within"), asked.say("outside"), asked.say("not_counted"))

    def draw(bare: bool, width: float) -> str:  # noqa: FBT001 - the contract of a figure
        return gaps(rows, Caption(title, basis, language=asked.lang, bare=bare), names=names, width=width)

    return Section("gaps", title, [Figure(draw, rows)])


def _table(asked: Asked, lines: Sequence[Line]) -> Section:
    from ytterby.custody.balance import WEIGHING
    from ytterby.custody.declared import COUNTING

    columns = (
        Column("month", asked.say("month_head"), "date"),
        *(Column(key, asked.say(key), "number") for key in ("opening", "in", "out", "loss", "closing", "unexplained")),
        Column("band", asked.say("band")),
        Column("p", asked.say("p"), "number"),
        Column("counted", asked.say("counted")),
        Column("known", asked.say("known"), "number"),
    )
    cells: list[dict[str, Cell]] = []
    for line in lines:
        told = line.to_dict()
        shown = ("opening", "in", "out", "loss", "closing")
        row: dict[str, Cell] = {key: custodial.rounded(float(str(told[key]))) for key in shown}
        gap: Any = custodial.signed(line.unexplained)
        if not line.low <= 0.0 <= line.high:
            gap = [custodial.signed(line.unexplained), " ", Chip("!", "bad")]
        row |= {
            "month": line.month,
            "unexplained": gap,
            "band": f"{custodial.signed(line.low)} … {custodial.signed(line.high)}",
        }
        row |= {"p": f"{line.p_value:.2g}", "counted": line.counted, "known": percent(asked.lang, line.known)}
        cells.append(row)
    note = asked.say("p_note", weighing=f"{WEIGHING:.1%}", counting=f"{COUNTING:.1%}")
    table = Table(columns, cells, data=[one.to_dict() for one in lines])
    return Section("balance", asked.say("table"), [table], note=note)


def _elements(asked: Asked, every: Sequence[Line], elements: Sequence[str]) -> Section:
    columns = (
        Column("element", asked.say("element_head")),
        *(Column(key, asked.say(key), "number") for key in ("in", "out", "loss", "unexplained")),
        Column("out_months", asked.say("months_key")),
    )
    sums: list[dict[str, Any]] = []
    for one in elements:
        mine = [line for line in every if line.element == one]
        told = [line.to_dict() for line in mine]
        row = {key: sum(float(str(each[key])) for each in told) for key in ("in", "out", "loss", "unexplained")}
        months = [line.month for line in mine if not line.low <= 0.0 <= line.high]
        sums.append({"element": one, **row, "months": months})
    cells: list[dict[str, Cell]] = [
        {
            **{key: custodial.rounded(row[key]) for key in ("in", "out", "loss", "unexplained")},
            "element": Link(_named(asked, row["element"]), asked.asking(element=row["element"] or "all")),
            "out_months": ", ".join(row["months"][:6]) or "–",
        }
        for row in sums
    ]
    real = [row for row in sums if row["element"]]
    title = asked.say("by_element_1")
    if len(real) > 1:
        worst = max(real, key=lambda row: abs(row["unexplained"]))
        title = asked.say("by_element", n=len(real), element=_named(asked, worst["element"]))
    return Section("elements", title, [Table(columns, cells, data=sums)], width="wide")


def _alarms(project: Project, asked: Asked, held: Tracked, name: str) -> Section:
    found = held.alarms(0.3)
    if found is None:
        return alarming.newest(project, asked, held, found)
    known = alarming.history(project)
    here = [one for one in found if name in (one.facility, one.counterpart)]
    items = [alarming.item(asked, held, one, alarming.state(known.get(one.id, ()))) for one in here[:8]]
    title = asked.say("alarms_here", n=len(here)) if here else asked.say("alarms_here_none")
    return Section("alarms", title, [Items(items, empty=asked.say("alarms_here_none"))], width="third")


def _recipes(asked: Asked, held: Tracked, name: str) -> Section:
    known = held.record(name)
    runs = known.recipes if known else ()
    found = [one for one in held.registry.recipes if one.id in runs]
    columns = (
        Column("recipe", asked.say("recipe")),
        Column("element", asked.say("element_head")),
        Column("yield", asked.say("yield")),
    )
    rows: list[dict[str, Any]] = [
        {"recipe": one.id, "element": symbol, "low": low, "high": high, "assumed": one.assumed}
        for one in found
        for symbol, (low, high) in one.yields.items()
    ]
    cells: list[dict[str, Cell]] = [
        {
            "recipe": row["recipe"],
            "element": row["element"] or asked.say("all_elements"),
            "yield": f"{row['low']:.1%} – {row['high']:.1%}",
            "assumed": bool(row["assumed"]),
        }
        for row in rows
    ]
    note = asked.say("assumed_note") if any(one.assumed for one in found) else ""
    table = Table(columns, cells[:24], data=rows, empty=asked.say("recipes_none"))
    return Section("recipes", asked.say("recipes"), [table], note=note, width="half")


def _what(project: Project, asked: Asked, held: Tracked, name: str) -> Section:
    known = held.record(name)
    blocks: list[Block] = [*custodial.refused_registry(asked, held)]
    if known is None:
        blocks.append(Notice(asked.say("unknown_here")))
        blocks.append(Facts([(asked.say("addresses"), name)]))
        return Section("what", asked.say("what"), blocks, width="half")
    facts: list[tuple[str, Cell]] = [
        (asked.say("id"), known.id),
        (asked.say("country"), custodial.country(asked, known.place)),
        (asked.say("stage"), custodial.stage(asked, known.stage) if known.stage else asked.say("nowhere")),
        (asked.say("party"), custodial.site(asked, held, known.party)),
        (asked.say("addresses"), ", ".join(known.addresses)),
    ]
    if any(one.endswith(f"/world/facility/{known.id}") for one in known.addresses):
        facts.append((asked.say("world"), Link(asked.say("world_link"), asked.to("facility", known.id))))
    blocks.append(Facts(facts))
    return Section("what", asked.say("what"), blocks, width="half")


def _counts(asked: Asked, held: Tracked, name: str) -> list[Section]:
    rows: list[dict[str, Any]] = [
        one.model_dump() for one in held.registry.counts if held.facility(one.facility) == name
    ]
    columns = (
        Column("day", asked.say("day"), "date"),
        Column("material", asked.say("material_head")),
        Column("kg", asked.say("kg"), "number"),
    )
    cells: list[dict[str, Cell]] = [
        {"day": one["day"], "material": one["material"] or one["lot"], "kg": one["kg"]} for one in rows[-12:]
    ]
    return [Section("counts", asked.say("counts"), [Table(columns, cells, data=rows)])] if rows else []


def _latest(asked: Asked, held: Tracked, name: str) -> Section:
    rows = held.at_facility(name).nonzero()[0][::-1].tolist()
    shown, pager = asked.paged(rows, 12)
    return Section("events", asked.say("lies"), [custodial.events(asked, held, list(shown), pager)])


PAGE = Page("plant", build, WORDS, about=("facility",), under="custody")
