"""Home to the pages of stockpiles and requisition: the question as a form, and the policies side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.decisions.invest.saying import money
from ytterby.desk import answered, lines
from ytterby.desk.blocks import Block, Cell, Column, Field, Figure, Form, Table
from ytterby.desk.page import Asked, Done, Given, KeyFigure, Page, Section, Shown
from ytterby.figures import Caption
from ytterby.figures.ranges import ranges
from ytterby.terms.errors import BadValue, UnknownName
from ytterby.terms.places import place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ytterby.project import Project

MOST_DRAWS = 2000
DRAWS = 100
WORDS = {
    **answered.WORDS,
    "nav": ("Stockpile", "储备"),
    "title": ("{n} comparisons are kept; the newest: {newest}", "已保存 {n} 次比较；最新：{newest}"),
    "title_none": (
        "Who goes short under which rule, and what a stockpile changes",
        "不同规则下谁会短缺，储备能改变什么",
    ),
    "basis": (
        "Share of the magnets that makers want and do not get since {since} · median and 5-95 % of {draws} draws",
        "自 {since} 起厂商所需而未得磁体的比例 · {draws} 次抽样的中位数与 5-95 %",
    ),
    "basis_all": ("Every policy on the same draws", "各政策使用同一批抽样"),
    "start": ("Compare policies", "比较政策"),
    "start_note": (
        "Up to six policies are simulated on the same draws: some seconds for each.",
        "至多六种政策用同一批抽样仿真，每种需数秒。",
    ),
    "region": ("Region", "地区"),
    "buy": ("Purchases, t", "收储，吨"),
    "buy_help": ("oxide.NdPr=500, magnet.SmCo=100", "oxide.NdPr=500, magnet.SmCo=100"),
    "from": ("From", "起"),
    "until": ("Until", "止"),
    "release": ("Released from", "投放起始日"),
    "release_help": (
        "To plants and makers at home that lack it; empty: it is held",
        "发给本地短缺的工厂和厂商；留空即只收不放",
    ),
    "go": ("Compare", "开始比较"),
    "answers": ("Comparisons kept", "已保存的比较"),
    "in_proportion": ("in proportion", "按比例"),
    "military_first": ("military first", "军用优先"),
    "no_stockpile": ("no stockpile", "无储备"),
    "bought_and_held": ("bought and held", "收储不放"),
    "bought_and_released": ("bought and released", "收储并投放"),
    "military": ("military", "军用"),
    "civil": ("civil", "民用"),
    "rule": ("Rule", "规则"),
    "holding": ("Stockpile", "储备"),
    "paid": ("Paid", "花费"),
    "policies": (
        "{best} spares military makers most: {military} missing; {other} spares civil ones most: {civil}",
        "{best}对军用最有利：缺 {military}；{other}对民用最有利：缺 {civil}",
    ),
    "policies_same": (
        "No rule and no stockpile changes who goes short by a tenth of a point: the shortage arises before plants "
        "divide their stock",
        "任何规则与储备都未使短缺改变 0.1 个百分点：短缺发生在工厂分配库存之前",
    ),
    "rule_note": (
        "Without a rule plants divide a short stock in proportion to what may ship. A rule of priority divides what is "
        "there; it gets nothing through a border.",
        "没有规则时，工厂按可发货量的比例分配短缺库存。优先规则只分配现有货物，不能让货物通过口岸。",
    ),
    "products": ("{product} goes short most: {share} without a policy", "{product}短缺最重：无政策时缺 {share}"),
    "product": ("Product", "产品"),
    "bought": ("{held} t of the {asked} t asked for were bought", "计划收储 {asked} 吨，实际买到 {held} 吨"),
    "bought_basis": (
        "Bought from plants outside China by the capacity that runs; at most half of a stock in a week · model prices",
        "按在产产能向中国以外的工厂收购；每周至多买走库存的一半 · 模型价格",
    ),
    "material": ("Material", "物料"),
    "asked": ("Asked for, t", "计划，吨"),
    "held": ("Held at most, t", "最高持有，吨"),
    "released": ("Handed out, t", "已投放，吨"),
    "released_note": (
        "From its day on a release goes to the region's plants and makers whose stock lies below target, military ones "
        "first where that is the rule; what nobody lacks stays held.",
        "自投放日起，储备发给本地区库存低于目标的工厂和厂商；实行军用优先时先给军用。无人短缺的部分继续持有。",
    ),
    "usd": ("Paid, USD m", "花费，百万美元"),
    "key": ("{who}, {policy}", "{who}，{policy}"),
}


def build(project: Project, asked: Asked) -> Shown:
    """The form and the answers, or one answer."""
    return _one(project, asked) if asked.name else _all(project, asked)


def _all(project: Project, asked: Asked) -> Shown:
    made = answered.of_kind(project, asked, "stockpile")
    title = asked.say("title", n=len(made), newest=made[0].title[asked.lang]) if made else asked.say("title_none")
    sections = [_start(project, asked), Section("answers", asked.say("answers"), [answered.table(asked, made)])]
    crumbs = answered.crumbs(asked)
    return Shown(title, sections, basis=asked.say("basis_all"), crumbs=crumbs)


def _start(project: Project, asked: Asked) -> Section:
    from ytterby.world import scenarios

    def value(name: str, usual: str) -> str:
        return asked.given.get(name, usual) if asked.given else usual

    options = [(one, one) for one in scenarios.names(project.path)]
    fields = [
        Field("scenario", asked.say("scenario"), "select", value("scenario", "requisition"), options=options,
              required=True),
        Field("region", asked.say("region"), "text", value("region", "US"), required=True),
        Field("buy", asked.say("buy"), "text", value("buy", "oxide.NdPr=500"), help=asked.say("buy_help"),
              required=True),
        Field("from", asked.say("from"), "date", value("from", "")),
        Field("until", asked.say("until"), "date", value("until", "")),
        Field("release", asked.say("release"), "date", value("release", ""), help=asked.say("release_help")),
        Field("draws", asked.say("draws"), "number", value("draws", str(DRAWS)), required=True, least="1",
              most=str(MOST_DRAWS), step="1"),
        Field("seed", asked.say("seed"), "number", value("seed", "0"), required=True, least="0", step="1"),
    ]  # fmt: skip
    form = Form("compare", fields, asked.say("go"), asked.to("stockpile"))
    return Section("start", asked.say("start"), [form], note=asked.say("start_note"))


def _one(project: Project, asked: Asked) -> Shown:
    made = project.answer("stockpile", asked.name)
    if made.id != asked.name:
        return Shown(made.id, to=asked.to("stockpile", made.id))
    said = made.answer
    basis = asked.say("basis", since=said["since"], draws=made.inputs["draws"])
    sections = [
        _policies(asked, said, basis),
        _products(asked, said, basis),
        _bought(asked, said),
        answered.record(
            asked, made, [(asked.say(key), str(made.inputs[key] or "–")) for key in ("from", "until", "release")]
        ),
    ]
    first = said["policies"][0]
    keys = [
        KeyFigure(
            asked.say("key", who=asked.say(who), policy=_named(asked, first)), _percent(first[who]["median"]),
            note=f"5-95 %: {_percent(first[who]['p05'])} – {_percent(first[who]['p95'])}",
        )
        for who in ("military", "civil")
    ]  # fmt: skip
    return Shown(
        made.title[asked.lang],
        sections,
        basis=basis,
        keys=keys,
        crumbs=answered.crumbs(asked, "stockpile"),
        data={"decision": made.to_dict()},
    )


def _named(asked: Asked, row: Mapping[str, Any]) -> str:
    rule, holding = (asked.say(str(row[key]).replace(" ", "_")) for key in ("rule", "holding"))
    return f"{rule} · {holding}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}\u00a0%"


def _policies(asked: Asked, said: Mapping[str, Any], basis: str) -> Section:
    found = said["policies"]
    rows = [
        {
            "label": f"{asked.say(who)} · {_named(asked, row)}",
            **{q: 100 * row[who][q] for q in ("p05", "median", "p95")},
        }
        for who in ("military", "civil")
        for row in found
    ]
    best, other = (min(found, key=lambda row, who=who: row[who]["median"]) for who in ("military", "civil"))  # type: ignore[misc]
    spread = max(
        max(row[who]["median"] for row in found) - min(row[who]["median"] for row in found)
        for who in ("military", "civil")
    )
    title = asked.say("policies_same")
    if spread >= 0.001:
        title = asked.say(
            "policies", best=_named(asked, best), military=_percent(best["military"]["median"]),
            other=_named(asked, other), civil=_percent(other["civil"]["median"]),
        )  # fmt: skip
    columns = (
        Column("rule", asked.say("rule")),
        Column("holding", asked.say("holding")),
        Column("military", asked.say("military"), "number"),
        Column("civil", asked.say("civil"), "number"),
        Column("paid", asked.say("paid"), "number"),
    )
    cells: list[dict[str, Cell]] = [
        {
            "rule": asked.say(str(row["rule"]).replace(" ", "_")),
            "holding": asked.say(str(row["holding"]).replace(" ", "_")),
            "military": _percent(row["military"]["median"]),
            "civil": _percent(row["civil"]["median"]),
            "paid": money(row["paid"]["median"], asked.lang) if row["paid"] else "–",
        }
        for row in found
    ]
    data = [{key: row[key] for key in ("policy", "rule", "holding", "military", "civil", "paid")} for row in found]
    figure = Figure(
        lambda bare, width: ranges(
            rows, Caption(title, "" if bare else basis, language=asked.lang, bare=bare), largest=True, width=width
        ),
        data=rows,
    )
    blocks: list[Block] = [figure, Table(columns, cells, data=data)]
    return Section("policies", title, blocks, basis=basis, note=asked.say("rule_note"))


def _products(asked: Asked, said: Mapping[str, Any], basis: str) -> Section:
    found = said["policies"]
    plain = found[0]["products"]
    columns = (
        Column("product", asked.say("product"), "wide"),
        *(Column(f"p{k}", _named(asked, row), "number") for k, row in enumerate(found)),
    )
    cells: list[dict[str, Cell]] = [
        {
            "product": lines.line({"product": one["product"]}, asked.lang),
            **{f"p{k}": _percent(row["products"][at]["median"]) for k, row in enumerate(found)},
        }
        for at, one in enumerate(plain)
    ]
    data = [{"policy": row["policy"], **one} for row in found for one in row["products"]]
    worst = max(plain, key=lambda one: one["median"])
    name = lines.line({"product": worst["product"]}, asked.lang)
    title = asked.say("products", product=name, share=_percent(worst["median"]))
    return Section("products", title, [Table(columns, cells, data=data)], basis=basis)


def _bought(asked: Asked, said: Mapping[str, Any]) -> Section:
    row = [row for row in said["policies"] if row["bought"] and row["rule"] == said["policies"][0]["rule"]][-1]
    # an answer from before releases went to users does not say what was handed out
    handed = row["holding"] == "bought and released" and all("released" in told for told in row["bought"].values())
    columns = (
        Column("material", asked.say("material")),
        Column("asked", asked.say("asked"), "number"),
        Column("held", asked.say("held"), "number"),
        *((Column("released", asked.say("released"), "number"),) if handed else ()),
        Column("usd", asked.say("usd"), "number"),
    )
    cells: list[dict[str, Cell]] = [
        {
            "material": name,
            "asked": told["asked"],
            "held": round(told["held"]["median"], 1),
            **({"released": round(told["released"]["median"], 1)} if handed else {}),
            "usd": round(told["paid"]["median"] / 1e6, 2) if told["paid"] else "–",
        }
        for name, told in row["bought"].items()
    ]
    wanted = sum(told["asked"] for told in row["bought"].values())
    held = sum(told["held"]["median"] for told in row["bought"].values())
    title = asked.say("bought", held=f"{held:,.0f}", asked=f"{wanted:,.0f}")
    data = [{"material": name, **told} for name, told in row["bought"].items()]
    table = Table(columns, cells, data=data)
    note = asked.say("released_note") if handed else ""
    return Section("bought", title, [table], basis=asked.say("bought_basis"), note=note, width="half")


def act(project: Project, asked: Asked, given: Given) -> Done:
    """Has the policies compared behind the pages."""
    from ytterby.decisions.stockpile import policies
    from ytterby.desk.page import date
    from ytterby.world import scenarios

    if given.form != "compare":
        raise BadValue(f"no form is called '{given.form:.40}'", place="form", remedy="open the page again")
    # by name only: a path would let a page open any file
    if given.get("scenario") not in (known := scenarios.names(project.path)):
        raise UnknownName(given.get("scenario"), known, "scenario", asked.say("scenario"))
    texts = [part.strip() for part in given.get("buy").replace("，", ",").split(",") if part.strip()]
    days = {key: date(given.get(key), asked.say(key)) for key in ("from", "until", "release")}
    plan = project.scenario(given.get("scenario"))
    wanted = policies.schedule(plan, policies.read(texts), days["from"], days["until"], days["release"], 180)
    order: dict[str, Any] = {
        "scenario": plan.id,
        "region": place(given.get("region"), asked.say("region")).code,
        "buy": [f"{name}={tonnes:g}" for name, tonnes in wanted.tonnes.items()],
        "start": wanted.start.isoformat(),
        "until": wanted.until.isoformat(),
        "release": wanted.release.isoformat() if wanted.release else None,
        "draws": given.whole("draws", asked.say("draws"), 1, MOST_DRAWS),
        "seed": given.whole("seed", asked.say("seed"), 0, 2**31 - 1),
    }
    return Done(asked.to("job", asked.jobs.start("stockpile", order).id))


PAGE = Page("stockpile", build, WORDS, about=("answer",), lists=True, under="decisions", act=act)
