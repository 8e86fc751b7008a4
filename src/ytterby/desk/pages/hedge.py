"""Home to the pages of hedges: the buyers at hand, a plan to be found, and one read whole."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ytterby.desk import answered, hedged
from ytterby.desk.blocks import Field, Form, Item, Items
from ytterby.desk.page import Asked, Done, Given, Page, Section, Shown
from ytterby.terms.errors import BadValue, UnknownName

if TYPE_CHECKING:
    from ytterby.project import Project

WORDS = {
    **answered.WORDS,
    **hedged.WORDS,
    "nav": ("Hedge", "对冲"),
    "title": ("{n} buyers can be advised; {made} plans are kept", "可为 {n} 家企业求解；已保存 {made} 个方案"),
    "basis": (
        "A buyer's products, bills of materials, stocks and options, against what arrives in every draw",
        "企业的产品、物料清单、库存与选项，对照每次抽样中的到货情况",
    ),
    "buyers": ("Buyers", "企业"),
    "buyer_meta": (
        "{months} months from {start} · {usd} to spend · {scenario}",
        "自 {start} 起 {months} 个月 · 可支出 {usd} · {scenario}",
    ),
    "broken": ("cannot be read: {why}", "无法读取：{why}"),
    "own": (
        "Your own stand as YAML in the project's folder companies/; docs/decisions-hedge.md explains every key.",
        "自建企业文件（YAML）放在项目的 companies/ 文件夹；各键说明见 docs/decisions-hedge.md。",
    ),
    "start": ("Find a plan", "求解方案"),
    "start_lead": (
        "Four simulations on the same draws, then the programme: some minutes.",
        "四次模拟后求解规划，约需数分钟。",
    ),
    "buyer": ("Buyer", "企业"),
    "against": ("Against", "对照"),
    "files_own": ("the file's own scenario", "文件自带情景"),
    "of_run": ("run {run} · {scenario} · {draws}", "运行 {run} · {scenario} · {draws}"),
    "draws_help": ("1 to {most}; taken from the run where one is chosen", "1 至 {most}；选择运行时以其为准"),
    "budget": ("Budget, USD", "预算，美元"),
    "budget_help": ("Empty: the cash of the file", "留空则按文件中的现金"),
    "cvar": ("Tail", "尾部"),
    "cvar_help": ("0.9 looks at the worst tenth of the draws; empty: the file's", "0.9 即最差十分之一；留空则按文件"),
    "go": ("Find it", "开始求解"),
    "answers": ("Plans kept", "已保存的方案"),
    "none": ("Nothing was asked yet.", "尚未求解。"),
    "basis_one": (
        "{months} months from {start} · scenario {scenario} · {draws} draws, seed {seed}",
        "自 {start} 起 {months} 个月 · 情景 {scenario} · {draws} 次抽样，种子 {seed}",
    ),
}  # fmt: skip
MOST_DRAWS = 5_000
DRAWS = 200


def build(project: Project, asked: Asked) -> Shown:
    """The buyers, or one plan."""
    return _one(project, asked) if asked.name else _all(project, asked)


def _all(project: Project, asked: Asked) -> Shown:
    buyers = project.companies()
    made = answered.of_kind(project, asked, "hedge")
    sections = [
        Section("buyers", asked.say("buyers"), [Items([_item(asked, one) for one in buyers])],
                note=asked.say("own"), width="half"),
        _start(project, asked, [one for one in buyers if "error" not in one]),
        Section("answers", asked.say("answers"), [answered.table(asked, made)]),
    ]  # fmt: skip
    crumbs = answered.crumbs(asked)
    title = asked.say("title", n=len(buyers), made=len(made))
    return Shown(title, sections, basis=asked.say("basis"), crumbs=crumbs)


def _item(asked: Asked, one: dict[str, Any]) -> Item:
    if "error" in one:
        return Item(one["id"], asked.say("broken", why=one["error"]["cause"]), data=one)
    meta = asked.say(
        "buyer_meta", months=one["months"], start=one["start"], usd=hedged.dollars(asked, one["cash"]),
        scenario=one["scenario"],
    )  # fmt: skip
    data = {**one, "title": one["title"][asked.lang], "start": one["start"].isoformat()}
    return Item(one["title"][asked.lang], meta, one["about"] if asked.lang == "en" else "", data=data)


def _start(project: Project, asked: Asked, buyers: list[dict[str, Any]]) -> Section:
    choices = [("", asked.say("files_own"))]
    choices += [(f"scenario:{one}", one) for one in _scenarios(project)]
    choices += [
        (f"run:{row['id']}", asked.say("of_run", run=row["id"], scenario=row["scenario"], draws=row["draws"]))
        for row in project.runs()[:20]
    ]
    fields = [
        Field("company", asked.say("buyer"), "select", required=True, wide=True,
              options=[(one["id"], one["title"][asked.lang]) for one in buyers]),
        Field("against", asked.say("against"), "select", options=choices, wide=True),
        Field("draws", asked.say("draws"), "number", str(DRAWS), help=asked.say("draws_help", most=f"{MOST_DRAWS:,}"),
              required=True, least="1", most=str(MOST_DRAWS), step="1"),
        Field("seed", asked.say("seed"), "number", "0", required=True, least="0", step="1"),
        Field("budget", asked.say("budget"), "number", help=asked.say("budget_help"), least="0", step="any"),
        Field("cvar", asked.say("cvar"), "number", help=asked.say("cvar_help"), least="0", most="0.999", step="any"),
    ]  # fmt: skip
    form = Form("hedge", fields, asked.say("go"), asked.to("hedge"))
    return Section("start", asked.say("start"), [form], note=asked.say("start_lead"), width="half")


def _scenarios(project: Project) -> list[str]:
    from ytterby.world import scenarios

    return list(scenarios.names(project.path))


def _one(project: Project, asked: Asked) -> Shown:
    made = project.answer("hedge", asked.name)
    if made.id != asked.name:
        return Shown(made.id, to=asked.to("hedge", made.id))
    said = made.answer
    sections = [
        hedged.orders_section(asked, said),
        hedged.frontier_section(asked, said),
        hedged.rivals_section(asked, said),
        hedged.arrivals_section(asked, said),
        hedged.months_section(asked, said),
        hedged.drivers_section(project, asked, said),
        hedged.assumed_section(asked, said),
        hedged.honest_section(asked, said),
        hedged.record_section(asked, made),
    ]
    basis = asked.say(
        "basis_one", months=len(said["months"]), start=said["start"], scenario=said["scenario"],
        draws=made.inputs["draws"], seed=made.inputs["seed"],
    )  # fmt: skip
    return Shown(
        made.title[asked.lang],
        sections,
        basis=basis,
        keys=hedged.keys(asked, said),
        crumbs=answered.crumbs(asked, "hedge"),
        data={"decision": made.to_dict()},
    )


def act(project: Project, asked: Asked, given: Given) -> Done:
    """Has a plan found behind the pages."""
    from ytterby.decisions.hedge import company
    from ytterby.decisions.hedge.solver import installed

    if given.form != "hedge":
        raise BadValue(f"no form is called '{given.form:.40}'", place="form", remedy="open the page again")
    installed()
    # By name only: a path would let a page open any file.
    if given.get("company") not in (known := company.names(project.path)):
        raise UnknownName(given.get("company"), known, "company", asked.say("buyer"))
    order: dict[str, Any] = {
        "company": given.get("company"),
        "draws": given.whole("draws", asked.say("draws"), 1, MOST_DRAWS),
        "seed": given.whole("seed", asked.say("seed"), 0, 2**31 - 1),
    }
    kind, _, name = given.get("against").partition(":")
    if kind == "run":
        order["run"] = project.open_run(name).id
    elif kind == "scenario":
        if name not in (scenarios := _scenarios(project)):
            raise UnknownName(name, scenarios, "scenario", asked.say("against"))
        order["scenario"] = name
    for key, most in (("budget", math.inf), ("cvar", 0.999)):
        if given.get(key):
            order[key] = _number(given.get(key), asked.say(key), most)
    return Done(asked.to("job", asked.jobs.start("hedge", order).id))


def _number(written: str, place: str, most: float) -> float:
    try:
        value = float(written)
    except ValueError:
        raise BadValue(f"'{written:.40}' is no number", place=place, remedy="write it as 5000000 or 0.9") from None
    if not (math.isfinite(value) and 0.0 <= value <= most):
        remedy = "give 0 or more" if most == math.inf else f"give 0 to {most:g}"
        raise BadValue(f"{written:.40} is out of range", place=place, remedy=remedy)
    return value


PAGE = Page("hedge", build, WORDS, about=("answer",), lists=True, under="decisions", act=act)
