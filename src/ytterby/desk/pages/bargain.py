"""Home to the pages of bargains: what can be played, and one answer read whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.desk import answered, bargained, figured, leverage, lines, planned
from ytterby.desk.blocks import Block, Cell, Column, Details, Field, Form, Item, Items, Link, Table, Text, Words
from ytterby.desk.page import Asked, Done, Given, Page, Section, Shown
from ytterby.terms.errors import BadValue, UnknownName

if TYPE_CHECKING:
    from ytterby.decisions.kept import Decision
    from ytterby.project import Project

WORDS = {
    **answered.WORDS,
    **bargained.WORDS,
    **leverage.WORDS,
    "nav": ("Bargain", "博弈"),
    "title": ("{n} bargains can be played; {made} answers are kept", "可演算 {n} 项博弈；已保存 {made} 个答案"),
    "basis": (
        "Two sides, their policies, and payoffs that the simulator gives for every pair of them",
        "双方、各自的政策，以及由模拟给出的每组策略的支付",
    ),
    "games": ("What is at stake", "博弈题目"),
    "sides": ("{first} against {second}: {n} pairs of policies", "{first}对{second}：{n} 组策略"),
    "none": ("Nothing was played yet.", "尚未演算。"),
    "draws_help": ("1 to {most}; 100 show who gains, 400 how sure", "1 至 {most}；100 次可见得失，400 次可见把握"),
    "start": ("Play one", "演算"),
    "start_lead": (
        "Every pair of policies is simulated on the same draws: some seconds for each, at each date.",
        "每组策略用相同抽样模拟：每组每个时点需数秒。",
    ),
    "game": ("Bargain", "博弈"),
    "years": ("Played again in", "再次演算的年份"),
    "years_help": ("Years, e.g. 2029,2031; empty: those of the file", "年份，如 2029,2031；留空则按文件"),
    "discount": ("Discount factor", "折现因子"),
    "discount_help": (
        "Worth of next year's dollar in this one, between 0 and 1; empty: that of the file",
        "来年一美元在今年的价值，0 与 1 之间；留空则按文件",
    ),
    "go": ("Play it", "开始演算"),
    "asked": ("What the documents asked", "文献中的问题"),
    "question": ("{question}", "{question}"),
    "inputs": (
        "All {n} worths, weights and payments behind the payoffs are listed; {assumed} of them are assumed",
        "支付所依据的 {n} 项价值、权重与对价均已列出，其中 {assumed} 项为假设",
    ),
    "inputs_basis": (
        "Median and 5–95 % points that every draw takes its value from; a bargain's file may replace them",
        "每次抽样取值所依据的中位数与 5–95% 分位点；可在博弈文件中替换",
    ),
    "every_input": ("Every number with its reason", "全部数字及其理由"),
    "input": ("Number", "项目"),
    "value": ("Median (5–95 %)", "中位（5–95%）"),
    "unit_of": ("Unit", "单位"),
    "why": ("Why", "理由"),
    "worth": ("value added of a unit: {product}", "单位增加值：{product}"),
    "usd": ("USD", "美元"),
    "drivers": ("{first} moves the deal or the threats most", "{first}对协议或威胁的影响最大"),
    "drivers_none": (
        "No single input stands out from chance in {draws} draws",
        "{draws} 次抽样中没有单项输入明显超出偶然",
    ),
    "drivers_basis": (
        "Rank correlation over the draws · what the licensing was fitted to is left out",
        "各抽样的秩相关 · 许可拟合所用参数不计入",
    ),
    "of": ("{what}: ", "{what}："),
    "target": ("What follows it", "随之变动者"),
    "target_deal": ("the deal's worth to {side}", "协议对{side}的价值"),
    "target_threat": ("what {side} can cost the other", "{side}可造成的损失"),
    "rank": ("Rank correlation", "秩相关"),
    "stands_on": ("Stands on", "依据"),
    "figures": ("{n} figures", "{n} 个数字"),
    "one_figure": ("1 figure", "1 个数字"),
    "file": ("the bargain's file and weights", "博弈文件与权重"),
    "trials": ("Scenarios simulated", "模拟的情景"),
    "unvalued": ("Products without a worth, counted as nothing", "未赋值、按零计的产品"),
    "assumed_note": (
        "Payoffs rest on {assumed} assumed worths, weights and payments (below): which outcome is better is firmer "
        "than by how much.",
        "支付依据下列 {assumed} 项假设的价值、权重与对价：孰优孰劣比相差多少更可靠。",
    ),
}
MOST_DRAWS = 5_000
DRAWS = 100


def build(project: Project, asked: Asked) -> Shown:
    """The bargains, or one answer."""
    return _one(project, asked) if asked.name else _all(project, asked)


def _all(project: Project, asked: Asked) -> Shown:
    games = project.bargains()
    made = answered.of_kind(project, asked, "bargain")
    items = [
        Item(
            str(one["title"][asked.lang]),
            asked.say("sides", n=_pairs(one), **_named(project, asked, one["id"])),
            one["question"][asked.lang],
            data={"id": one["id"], "question": one["question"][asked.lang], "scenario": one["scenario"]},
        )
        for one in games
    ]
    sections = [
        Section("games", asked.say("games"), [Items(items)], width="half"),
        _start(asked, games),
        Section("answers", asked.say("answers"), [answered.table(asked, made, scenario=False)]),
    ]
    title = asked.say("title", n=len(games), made=len(made))
    crumbs = answered.crumbs(asked)
    return Shown(title, sections, basis=asked.say("basis"), crumbs=crumbs)


def _pairs(one: dict[str, Any]) -> int:
    first, second = one["sides"].values()
    return len(first) * len(second)


def _named(project: Project, asked: Asked, name: str) -> dict[str, str]:
    first, second = project.bargain_file(name).sides
    return {"first": getattr(first.name, asked.lang), "second": getattr(second.name, asked.lang)}


def _start(asked: Asked, games: list[dict[str, Any]]) -> Section:
    fields = [
        Field("game", asked.say("game"), "select", options=[(one["id"], one["title"][asked.lang]) for one in games],
              required=True, wide=True),
        Field("draws", asked.say("draws"), "number", str(DRAWS), help=asked.say("draws_help", most=f"{MOST_DRAWS:,}"),
              required=True, least="1", most=str(MOST_DRAWS), step="1"),
        Field("seed", asked.say("seed"), "number", "0", required=True, least="0", step="1"),
        Field("years", asked.say("years"), "text", help=asked.say("years_help")),
        Field("discount", asked.say("discount"), "number", help=asked.say("discount_help"), least="0.01", most="0.99",
              step="any"),
    ]  # fmt: skip
    form = Form("play", fields, asked.say("go"), asked.to("bargain"))
    return Section("start", asked.say("start"), [form], note=asked.say("start_lead"), width="half")


def _one(project: Project, asked: Asked) -> Shown:
    made = project.answer("bargain", asked.name)
    if made.id != asked.name:
        return Shown(made.id, to=asked.to("bargain", made.id))
    said = made.answer
    told = bargained.Told(asked, said, int(made.inputs["draws"]))
    sections = [
        bargained.matrix_section(told),
        bargained.set_section(told),
        bargained.equilibria_section(told),
        leverage.repeated_section(told),
        *leverage.rate_sections(told),
        leverage.leverage_section(told),
        _drivers(project, asked, told),
        _inputs(asked, told),
        _asked(asked, told),
        _record(asked, made),
    ]
    assumed = sum(one["assumed"] for one in said["inputs"])
    return Shown(
        made.title[asked.lang],
        sections,
        basis=told.basis,
        lead=said["question"][asked.lang],
        keys=bargained.keys(told),
        controls=[Text([asked.say("assumed_note", assumed=assumed)], quiet=True)],
        crumbs=[
            Link(asked.say("decisions"), asked.to("decisions")),
            Link(asked.say("nav"), asked.to("bargain")),
        ],
        data={"decision": made.to_dict()},
    )


def _asked(asked: Asked, told: bargained.Told) -> Section:
    items = []
    for one in told.said["answers"]:
        parameter = one["parameter"] or f"press:{one['claim']}"
        items.append(
            Item(Link(one["text"], asked.to("parameter", parameter), lang="en"), parameter, data=dict(one))
        )  # fmt: skip
    return Section("asked", asked.say("asked"), [Items(items, empty=asked.say("nothing"))], width="half")


def _inputs(asked: Asked, told: bargained.Told) -> Section:
    columns = (
        Column("input", asked.say("input"), "wide"),
        Column("value", asked.say("value"), "number"),
        Column("unit", asked.say("unit_of"), "wide"),
        Column("why", asked.say("why"), "wide"),
    )
    found = told.said["inputs"]
    cells: list[dict[str, Cell]] = []
    for one in found:
        low, median, high = (lines_of(one[key]) for key in ("low", "median", "high"))
        worth = "product" in one["label"]
        unit = asked.say("usd") if worth else one["label"]["unit"][asked.lang]
        cells.append(
            {
                "input": input_name(asked, one),
                "value": median if low == high else f"{median} ({low} – {high})",
                "unit": unit,
                "why": one["why"] or "–",
                "assumed": one["assumed"],
            }
        )
    title = asked.say("inputs", n=len(found), assumed=sum(one["assumed"] for one in found))
    table = Table(columns, cells, data=[dict(one) for one in found])
    return Section("inputs", title, [Details(asked.say("every_input"), [table])], basis=asked.say("inputs_basis"))


def lines_of(value: float) -> str:
    """A number as figures spell it."""
    from ytterby.figures.scales import spell

    return spell(value)


def input_name(asked: Asked, one: bargained.Said) -> str:
    """A worth, weight or payment by its name."""
    label = one["label"]
    if "product" in label:
        product = lines.line({"product": label["product"]}, asked.lang)
        return asked.say("worth", product=product)
    return str(label[asked.lang])


def _drivers(project: Project, asked: Asked, told: bargained.Told) -> Section:
    found = told.said["drivers"]
    basis = asked.say("drivers_basis")
    if not found:
        return Section("drivers", asked.say("drivers_none", draws=told.draws), [], basis=basis)
    own = {one["name"]: one for one in told.said["inputs"]}
    claims = asked.kept("claims", project.claims)
    by_id = {claim.id: claim for claim in claims}

    def name(one: bargained.Said) -> str:
        if one["name"] in own:
            return input_name(asked, own[one["name"]])
        known = planned.input_name(one["name"], asked.lang)
        first = next((by_id[c["id"]] for c in one["claims"] if c["id"] in by_id), None)
        if known != one["name"] or first is None or not first.subject:
            return known
        return f"{asked.say('of', what=figured.kind(first.kind, asked.lang))}{first.subject}"

    columns = (
        Column("input", asked.say("input"), "wide"),
        Column("target", asked.say("target"), "wide"),
        Column("rank", asked.say("rank"), "number"),
        Column("stands_on", asked.say("stands_on"), "wide"),
    )
    cells: list[dict[str, Cell]] = []
    for one in found:
        what, _, side = str(one["target"]).partition(":")
        behind = [by_id[c["id"]] for c in one["claims"] if c["id"] in by_id]
        stands: Words = asked.say("file")
        if behind:
            stands = Link(
                asked.say("one_figure" if len(behind) == 1 else "figures", n=len(behind)),
                asked.to("parameter", behind[0].parameter),
            )
        cells.append(
            {
                "input": name(one),
                "target": asked.say(f"target_{what}", side=told.sides[int(side)]),
                "rank": round(one["rank"], 2),
                "stands_on": stands,
                "assumed": one["assumed"],
            }
        )
    title = asked.say("drivers", first=name(found[0]))
    blocks: list[Block] = [Table(columns, cells, data=[dict(one) for one in found])]
    return Section("drivers", title, blocks, basis=basis)


def _record(asked: Asked, made: Decision) -> Section:
    own: list[tuple[str, Cell]] = [
        (asked.say("discount"), str(made.inputs["discount"])),
        (asked.say("trials"), int(made.answer["trials"])),
    ]
    if made.answer["unvalued"]:
        own.append((asked.say("unvalued"), ", ".join(made.answer["unvalued"])))
    return answered.record(asked, made, own)


def act(project: Project, asked: Asked, given: Given) -> Done:
    """Has a bargain played behind the pages."""
    from ytterby.decisions.bargain import table
    from ytterby.decisions.bargain.keeping import later
    from ytterby.decisions.bargain.repeated import checked

    if given.form != "play":
        raise BadValue(f"no form is called '{given.form:.40}'", place="form", remedy="open the page again")
    # By name only: a path would let a page open any file.
    if given.get("game") not in (known := table.names(project.path)):
        raise UnknownName(given.get("game"), known, "bargain", asked.say("game"))
    order: dict[str, Any] = {
        "game": given.get("game"),
        "draws": given.whole("draws", asked.say("draws"), 1, MOST_DRAWS),
        "seed": given.whole("seed", asked.say("seed"), 0, 2**31 - 1),
    }
    if given.get("years"):
        parts = [one.strip() for one in given.get("years").replace("，", ",").split(",") if one.strip()]
        if not all(one.isascii() and one.isdigit() and len(one) == 4 for one in parts):
            raise BadValue("these are no years", place=asked.say("years"), remedy="write them as 2029,2031")
        order["years"] = list(later(project.bargain_file(given.get("game")), [int(one) for one in parts]))
    if given.get("discount"):
        try:
            order["discount"] = checked(float(given.get("discount")))
        except ValueError:
            remedy = "write it as 0.9"
            raise BadValue("that is no number", place=asked.say("discount"), remedy=remedy) from None
    return Done(asked.to("job", asked.jobs.start("bargain", order).id))


PAGE = Page("bargain", build, WORDS, about=("answer",), lists=True, under="decisions", act=act)
