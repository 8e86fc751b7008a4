"""Home to the sections of a buyer's plan: the frontier, the orders, the rivals, what arrives, and what it hangs on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ytterby.desk import answered, figured, planned
from ytterby.desk.blocks import Block, Cell, Column, Details, Facts, Figure, Link, Table
from ytterby.desk.page import Asked, KeyFigure, Section

if TYPE_CHECKING:
    from ytterby.decisions.kept import Decision
    from ytterby.evidence.claims import Claim
    from ytterby.project import Project

WORDS = {
    "outlay": ("Spent now", "现在支出"),
    "usd_m": ("USD m", "百万美元"),
    "tail": ("Mean of the worst {tail} % of draws", "最差 {tail}% 抽样的平均成本"),
    "tail_note": ("without the plan: {none}", "不对冲时：{none}"),
    "expected": ("Mean of all draws", "全部抽样的平均成本"),
    "service": ("Of the planned units built", "计划产量完成率"),
    "service_note": ("worst 5 % of draws: {low}; without the plan {none}", "最差 5% 抽样：{low}；不对冲时 {none}"),
    "gap_key": ("Played against promised", "推演与承诺之差"),
    "gap_note": ("on draws of another seed: {fresh}", "换一组抽样：{fresh}"),
    "frontier": (
        "{usd} buy most of it: the worst {tail} % of draws cost {from_} without and {to} with them",
        "多数效果来自 {usd}：最差 {tail}% 抽样的成本由 {from_} 降至 {to}",
    ),
    "frontier_none": ("No budget makes it cheaper", "增加预算并无助益"),
    "frontier_basis": (
        "USD m against a plan without trouble · played on all {draws} draws · {weight} of the weight on the tail",
        "百万美元，相对无扰动计划 · 在全部 {draws} 次抽样上推演 · 尾部权重 {weight}",
    ),
    "axis_tail": ("mean of the worst {tail} % of draws, USD m", "最差 {tail}% 抽样的平均成本，百万美元"),
    "axis_mean": ("mean of all draws, USD m", "全部抽样的平均成本，百万美元"),
    "plan": ("this plan", "本方案"),
    "mean_only": ("all for the mean", "只看均值"),
    "tail_only": ("all for the tail", "只看尾部"),
    "rival_none": ("nothing", "不作为"),
    "rival_ninety": ("90 days of everything", "全部储备 90 天"),
    "rival_spend": ("in proportion to spend", "按采购额比例储备"),
    "orders": (
        "{n} orders for {usd}; {first} spares most, {spares}",
        "{n} 项决定，共 {usd}；其中{first}作用最大，可省 {spares}",
    ),
    "orders_none": ("Nothing on offer is worth its price", "现有选项均不值其价"),
    "orders_basis": (
        "Spares: what the plan would cost more without the line, mean and tail weighed; the file is to be saved as CSV",
        "可省：去掉该项后方案多花的成本（均值与尾部加权）；可存为 CSV",
    ),
    "what": ("What", "措施"),
    "material": ("For", "对象"),
    "kg": ("kg", "千克"),
    "share": ("Of the need", "占需求"),
    "origin": ("From", "来源"),
    "decide_by": ("Decide by", "决定日期"),
    "in_force": ("Helps from", "起效日期"),
    "cost_now": ("Now, USD", "现付，美元"),
    "cost_later": ("Later, USD", "后付，美元"),
    "spares": ("Spares, USD", "可省，美元"),
    "why": ("Why it is on offer", "选项依据"),
    "market": ("outside China", "中国境外现货"),
    "kind_stock": ("stock", "库存"),
    "kind_contract": ("contract", "合同"),
    "kind_second source": ("second source", "第二来源"),
    "kind_early licence": ("early licence", "提前申请许可"),
    "kind_general licence": ("general licence", "通用许可"),
    "kind_design": ("design", "设计变更"),
    "kind_mix": ("product mix", "产品组合"),
    "rivals": (
        "Better than three plain policies on the same draws; the nearest, {rival}, costs {usd} more",
        "同一抽样下优于三种简单策略；最接近者为{rival}，多花 {usd}",
    ),
    "rivals_beaten": (
        "A plain policy is better on these draws: {rival} costs {usd} less",
        "在这些抽样上有简单策略更优：{rival}少花 {usd}",
    ),
    "rivals_basis": (
        "USD m · each within cash and storage · weighed: mean and tail as the company's file weighs them",
        "百万美元 · 均在现金与仓储限额内 · 加权：按企业文件对均值与尾部加权",
    ),
    "policy": ("Policy", "策略"),
    "weighed": ("Weighed", "加权"),
    "margin": ("Plan is better by", "本方案领先"),
    "wins": ("In draws", "占优抽样"),
    "built": ("Built", "完成率"),
    "arrivals": (
        "{material} from {origin} is the weakest: in the worst month {low} of what is ordered arrives in 5 % of draws",
        "{origin}的{material}最薄弱：最差月份中，5% 的抽样仅到货订单的 {low}",
    ),
    "arrivals_basis": (
        "Share of a month's orders that passes as things stand, median and 5–95 % · exports of the material to the "
        "country, against a calm world on the same draws",
        "按现状放行的当月订单比例，中位与 5–95% · 该材料对该国的出口与同一抽样的平静情形之比",
    ),
    "by_month": (
        "Without the plan {low} of {month} is built in the worst 5 % of draws, with it {high}",
        "最差 5% 抽样中，不对冲时 {month} 仅完成 {low}，对冲后为 {high}",
    ),
    "by_month_basis": ("Share of the month's plan that is built", "当月计划完成率"),
    "with_plan": ("with the plan", "有本方案"),
    "without_plan": ("without it", "无本方案"),
    "month": ("Month", "月份"),
    "p05": ("5 %", "5%"),
    "mean": ("Mean", "均值"),
    "honest": ("Promised {promised}, played {played}: {gap}", "承诺 {promised}，推演 {played}：差 {gap}"),
    "honest_basis": (
        "The programme's mean cost, and that of a buyer who does not see the future",
        "规划给出的平均成本，与不能预知未来的买方的平均成本",
    ),
    "promised": ("Promised, on the draws it was solved on", "承诺（求解所用抽样）"),
    "played_small": ("Played on the same draws", "同一抽样推演"),
    "played_all": ("Played on all draws", "全部抽样推演"),
    "played_fresh": ("Played on draws of another seed", "另一组抽样推演"),
    "solved_on": ("Solved on", "求解抽样"),
    "solved_of": ("{n} of {all} draws, reduction error {error}", "{all} 次中的 {n} 次，缩减误差 {error}"),
    "duality": ("Primal, dual, gap", "原问题、对偶、间隙"),
    "search": ("Gap of the search over what is done whole", "整数搜索间隙"),
    "size": ("Rows, columns, entries", "行、列、非零元"),
    "regret": ("Regret: mean, 95 %, most", "遗憾值：均值、95%、最大"),
    "regret_of": (
        "{mean}, {p95}, {most} against the best of {plans} plans in each draw",
        "{mean}、{p95}、{most}，相对每次抽样中 {plans} 个方案的最优者",
    ),
    "worth": ("One more dollar of cash spares", "多一美元现金可省"),
    "room": ("One more kilogram of room spares", "多一千克仓容可省"),
    "rule": ("Served first where material is short: most lost", "缺料时优先：损失最大者"),
    "rule_dollar": ("per dollar of material", "按每美元材料"),
    "rule_unit": ("per unit", "按每件产品"),
    "rule_line": ("per line", "按每条产线"),
    "drivers": ("The loss follows {first} most closely", "损失与{first}关系最密切"),
    "drivers_none": ("No single input stands out from chance", "没有单项输入显著高于随机"),
    "drivers_basis": (
        "Rank correlation with the cost of doing nothing, over the draws; only what stands out from chance",
        "与不作为成本的秩相关（跨抽样）；仅列显著者",
    ),
    "input": ("Input", "输入"),
    "rank": ("Rank correlation", "秩相关"),
    "stands_on": ("Stands on", "依据"),
    "n_claims": ("{n} claims", "{n} 条论断"),
    "one_claim": ("1 claim", "1 条论断"),
    "of": ("{what}: ", "{what}："),
    "scenario_spread": ("the scenario", "情景设定"),
    "fitted_to": ("the fit", "拟合"),
    "assumed": (
        "{n} products, materials, suppliers and options of the company's file are assumed",
        "企业文件中有 {n} 项产品、材料、供应商与选项为假设",
    ),
    "assumed_none": ("Nothing in the company's file is marked as assumed", "企业文件中没有标为假设的内容"),
    "assumed_what": ("What", "内容"),
    "reason": ("Grounds", "理由"),
    "company": ("Company", "企业"),
    "own_code": ("Code of the programme", "求解程序代码"),
}
Said = Mapping[str, Any]


def millions(usd: float) -> str:
    """USD as millions, without a unit."""
    value = usd / 1e6
    if abs(value) < 0.005:
        return "0"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.1f}" if abs(value) >= 1 else f"{value:,.2f}"


def dollars(asked: Asked, usd: float) -> str:
    """USD m with the unit, in the language of the page."""
    return f"{millions(usd)} 百万美元" if asked.lang == "zh" else f"${millions(usd)} m"


def percent(share: float) -> str:
    """A share as a percentage."""
    return f"{100 * share:.1f} %"


def signed(share: float) -> str:
    """A share as a percentage with its sign; what rounds to nothing has none."""
    return f"{100 * share:+.1f} %" if abs(share) >= 0.0005 else "0.0 %"


def tail(said: Said) -> str:
    """The tail as a percentage of the draws."""
    return f"{100 * (1 - said['alpha']):.3g}"


def named(asked: Asked, said: Said, kind: str, name: str) -> str:
    """A product or material of the file by the name a reader knows."""
    for row in said["file"][kind]:
        if row["id"] == name:
            return str((row.get("title") or {}).get(asked.lang) or name)
    return name


def materials(asked: Asked, said: Said, names: str) -> str:
    """Materials or a product, as an order names them."""
    found = []
    for name in names.split(", "):
        told = named(asked, said, "materials", name)
        found.append(told if told != name else named(asked, said, "products", name))
    return ("、" if asked.lang == "zh" else ", ").join(found)


def keys(asked: Asked, said: Said) -> list[KeyFigure]:
    """The strip under the title."""
    plan, none = said["plan"], said["none"]
    unit = asked.say("usd_m")
    note = asked.say("service_note", low=percent(plan["service_p05"]), none=percent(none["service"]))
    found = [
        KeyFigure(asked.say("outlay"), millions(said["outlay"]), unit, assumed=bool(said["assumed"])),
        KeyFigure(
            asked.say("tail", tail=tail(said)), millions(plan["tail"]), unit,
            asked.say("tail_note", none=millions(none["tail"])),
        ),
        KeyFigure(
            asked.say("expected"), millions(plan["expected"]), unit,
            asked.say("tail_note", none=millions(none["expected"])),
        ),
        KeyFigure(asked.say("service"), percent(plan["service"]), "", note),
    ]  # fmt: skip
    if said["gap_fresh"] is not None:
        fresh = asked.say("gap_note", fresh=signed(said["gap_fresh"]))
        found.append(KeyFigure(asked.say("gap_key"), signed(said["gap_all"]), "", fresh))
    return found


def frontier_section(asked: Asked, said: Said) -> Section:
    """Budgets and rivals, mean against tail."""
    from ytterby.figures import Caption, frontier

    weight, part = said["weight"], tail(said)
    curve = said["frontier"]
    budgets = [one for one in curve if one["weight"] == weight]
    basis = asked.say("frontier_basis", draws=said["solver"]["of"], weight=percent(weight))
    rows = [_at(one, "budget", f"${millions(one['cash'])} m") for one in _distinct(budgets)]
    rows += [
        _at(one, "leaning", asked.say("mean_only" if one["weight"] == 0.0 else "tail_only"))
        for one in curve
        if one["weight"] != weight and abs(one["mixed"] - said["plan"]["mixed"]) > 1e-6 * abs(one["mixed"])
    ]
    rows += [_at(one, "rival", asked.say(f"rival_{one['name']}")) for one in said["rivals"]]
    rows.append(_at(said["plan"], "plan", asked.say("plan")))
    title = asked.say("frontier_none")
    if budgets and budgets[0]["mixed"] > budgets[-1]["mixed"] * (1 + 1e-6):
        worth = budgets[0]["mixed"] - budgets[-1]["mixed"]
        most = next(one for one in budgets if budgets[0]["mixed"] - one["mixed"] >= 0.8 * worth)
        title = asked.say(
            "frontier", usd=dollars(asked, most["outlay"]), tail=part, from_=dollars(asked, budgets[0]["tail"]),
            to=dollars(asked, most["tail"]),
        )  # fmt: skip
    axes = (asked.say("axis_tail", tail=part), asked.say("axis_mean"))

    def draw(bare: bool, width: float) -> str:  # noqa: FBT001 - the contract of a figure
        return frontier(
            rows, Caption(title, "" if bare else basis, language=asked.lang, bare=bare), axes=axes, width=width
        )

    data = [{**one, "policy": ""} for one in curve] + [{**one, "policy": one["name"]} for one in said["rivals"]]
    return Section("frontier", title, [Figure(draw, data)], basis=basis)


def _at(one: Said, kind: str, label: str) -> dict[str, Any]:
    return {"label": label, "tail": one["tail"] / 1e6, "expected": one["expected"] / 1e6, "kind": kind}


def _distinct(rows: Sequence[Said]) -> list[Said]:
    """Budgets that lead to different plans: more cash than is of use draws no new point."""
    found: list[Said] = []
    for one in rows:
        if not found or abs(one["mixed"] - found[-1]["mixed"]) > 1e-6 * abs(one["mixed"]) + 1.0:
            found.append(one)
    return found


def orders_section(asked: Asked, said: Said) -> Section:
    """What to do, what spares most first."""
    found = said["orders"]
    if not found:
        return Section("orders", asked.say("orders_none"), [])
    columns = (
        Column("what", asked.say("what")),
        Column("material", asked.say("material"), "wide"),
        Column("kg", asked.say("kg"), "number"),
        Column("share", asked.say("share"), "number"),
        Column("origin", asked.say("origin")),
        Column("in_force", asked.say("in_force"), "date"),
        Column("now", asked.say("cost_now"), "number"),
        Column("later", asked.say("cost_later"), "number"),
        Column("spares", asked.say("spares"), "number"),
        Column("why", asked.say("why"), "wide"),
    )
    cells: list[dict[str, Cell]] = [
        {
            "what": asked.say(f"kind_{one['kind']}"),
            "material": materials(asked, said, one["material"] or ""),
            "kg": "–" if one["kg"] is None else f"{one['kg']:,.0f}",
            "share": "–" if one["share"] is None else percent(one["share"]),
            "origin": _origin(asked, said, one["origin"]) if one["origin"] else _market(asked, one),
            "in_force": one["in_force"] or "–",
            "now": f"{one['cost_now_usd']:,.0f}",
            "later": f"{one['cost_later_usd']:,.0f}",
            "spares": f"{one['spares_usd']:,.0f}",
            "why": one["why"] or "–",
            "assumed": one["assumed"],
        }
        for one in found
    ]
    first = f"{asked.say('kind_' + found[0]['kind'])}（{materials(asked, said, found[0]['material'] or '')}）"
    if asked.lang == "en":
        first = f"{asked.say('kind_' + found[0]['kind'])} of {materials(asked, said, found[0]['material'] or '')}"
    title = asked.say(
        "orders", n=len(found), usd=dollars(asked, said["outlay"]), first=first,
        spares=dollars(asked, found[0]["spares_usd"]),
    )  # fmt: skip
    table = Table(columns, cells, data=[dict(one) for one in found])
    return Section("orders", title, [table], basis=asked.say("orders_basis"))


def _market(asked: Asked, one: Said) -> str:
    return asked.say("market") if one["kind"] == "stock" else "–"


def _origin(asked: Asked, said: Said, origin: str) -> Cell:
    """A country by its name, a plant by its page."""
    from ytterby.desk import lines

    if len(origin) == 2 and origin.isupper():
        return lines.place(origin, asked.lang)
    name = said["plants"].get(origin, {}).get(asked.lang) or origin.replace("_", " ")
    return Link(name, asked.to("facility", origin))


def rivals_section(asked: Asked, said: Said) -> Section:
    """The plan beside three plain policies."""
    unit = millions
    nearest = min(said["rivals"], key=lambda one: one["margin"])
    key = "rivals" if nearest["margin"] >= 0 else "rivals_beaten"
    rival = asked.say(f"rival_{nearest['name']}")
    title = asked.say(key, rival=rival, usd=dollars(asked, abs(nearest["margin"])))
    columns = (
        Column("policy", asked.say("policy")),
        *(Column(k, asked.say(word, tail=tail(said)), "number") for k, word in (
            ("outlay", "outlay"), ("expected", "expected"), ("tail", "tail"), ("mixed", "weighed"), ("built", "built"),
            ("margin", "margin"), ("wins", "wins"),
        )),
    )  # fmt: skip
    rows = [{"name": "plan", **said["plan"], "outlay": said["outlay"], "margin": None, "wins": None}, *said["rivals"]]
    cells: list[dict[str, Cell]] = [
        {
            "policy": asked.say("plan" if one["name"] == "plan" else f"rival_{one['name']}"),
            "outlay": unit(one["outlay"]),
            "expected": unit(one["expected"]),
            "tail": unit(one["tail"]),
            "mixed": unit(one["mixed"]),
            "built": percent(one["service"]),
            "margin": "–" if one["margin"] is None else unit(one["margin"]),
            "wins": "–" if one["wins"] is None else percent(one["wins"]),
        }
        for one in rows
    ]
    data = [{k: v for k, v in one.items() if k != "parts"} for one in rows]
    return Section("rivals", title, [Table(columns, cells, data=data)], basis=asked.say("rivals_basis"))


def arrivals_section(asked: Asked, said: Said) -> Section:
    """What arrives of the orders, a panel for each material and origin."""
    from ytterby.figures import Caption, multiples

    found = said["arrivals"]
    groups: dict[tuple[str, str, str], list[Said]] = {}
    for one in found:
        groups.setdefault((one["material"], one["origin"], one["region"]), []).append(one)
    many = len({key[2] for key in groups}) > 1
    panels = [
        {
            "name": _panel(asked, said, key, many),
            "rows": [{k: 100 * row[k] if k != "period" else row[k] for k in ("period", "p05", "median", "p95")}
                     for row in rows],
        }
        for key, rows in groups.items()
    ]  # fmt: skip
    worst = min(found, key=lambda one: one["p05"])
    title = asked.say(
        "arrivals", material=named(asked, said, "materials", worst["material"]),
        origin=_place(asked, said, worst["origin"]), low=percent(worst["p05"]),
    )  # fmt: skip
    basis = asked.say("arrivals_basis")

    def draw(bare: bool, width: float) -> str:  # noqa: FBT001
        return multiples(
            panels, Caption(title, "%" if bare else f"% · {basis}", language=asked.lang, bare=bare), width=width
        )

    return Section("arrivals", title, [Figure(draw, [dict(one) for one in found])], basis=f"% · {basis}")


def _place(asked: Asked, said: Said, origin: str) -> str:
    found = _origin(asked, said, origin)
    return found.text if isinstance(found, Link) else str(found)


def _panel(asked: Asked, said: Said, key: tuple[str, str, str], many: bool) -> str:  # noqa: FBT001
    head = f"{named(asked, said, 'materials', key[0])} · {_place(asked, said, key[1])}"
    return f"{head} → {_place(asked, said, key[2])}" if many else head


def months_section(asked: Asked, said: Said) -> Section:
    """What is built month by month, with the plan and without."""
    from ytterby.figures import Caption, multiples

    found = said["service"]
    worst = min(found, key=lambda one: one["none_p05"])
    title = asked.say(
        "by_month", month=worst["period"], low=percent(worst["none_p05"]), high=percent(worst["plan_p05"])
    )
    panels = [
        {
            "name": asked.say(word),
            "rows": [{"period": one["period"], "p05": 100 * one[f"{key}_p05"], "median": 100 * one[f"{key}_mean"],
                      "p95": 100 * one[f"{key}_p95"]} for one in found],
        }
        for key, word in (("none", "without_plan"), ("plan", "with_plan"))
    ]  # fmt: skip
    basis = asked.say("by_month_basis")

    def draw(bare: bool, width: float) -> str:  # noqa: FBT001
        caption = Caption(title, "%" if bare else f"% · {basis}", language=asked.lang, bare=bare)
        return multiples(panels, caption, names=(asked.say("mean"), ""), width=width)

    columns = [Column("period", asked.say("month"))]
    for key, word in (("none", "without_plan"), ("plan", "with_plan")):
        columns += [Column(f"{key}_{end}", f"{asked.say(word)}, {asked.say(end)}", "number") for end in ("p05", "mean")]
    cells: list[dict[str, Cell]] = [{k: v if k == "period" else percent(v) for k, v in one.items()} for one in found]
    table = Details(basis, [Table(columns, cells, data=[dict(one) for one in found])])
    blocks: list[Block] = [Figure(draw, [dict(one) for one in found]), table]
    return Section("months", title, blocks, basis=f"% · {basis}")


def honest_section(asked: Asked, said: Said) -> Section:
    """Promised against played, and what the solver says."""
    promised, solver, limits = said["promised"]["expected"], said["solver"], said["limits"]
    fresh = said["fresh"]
    regret = said["regret"]
    facts: list[tuple[str, Cell]] = [
        (asked.say("promised"), dollars(asked, promised)),
        (asked.say("played_small"), f"{dollars(asked, said['played_small']['expected'])} ({signed(said['gap'])})"),
        (asked.say("played_all"), f"{dollars(asked, said['plan']['expected'])} ({signed(said['gap_all'])})"),
    ]
    if fresh is not None:
        told = f"{dollars(asked, fresh['expected'])} ({signed(said['gap_fresh'])})"
        facts.append((asked.say("played_fresh"), told))
    facts += [
        (asked.say("rule"), asked.say(f"rule_{said['rule']}")),
        (asked.say("regret"), asked.say(
            "regret_of", mean=dollars(asked, regret["mean"]), p95=dollars(asked, regret["p95"]),
            most=dollars(asked, regret["most"]), plans=f"{regret['plans']:.0f}")),
        (asked.say("worth"), f"${limits['worth_of_cash']:.2f}"),
        (asked.say("room"), f"${limits['worth_of_storage']:.2f}"),
        (asked.say("solved_on"), asked.say(
            "solved_of", n=solver["draws"], all=solver["of"], error=percent(solver["reduction_error"]))),
        (asked.say("duality"),
         f"{millions(solver['primal'])} · {millions(solver['dual'])} · {solver['duality_gap']:.0e}"),
        (asked.say("search"), f"{solver['mip_gap']:.0e}"),
        (asked.say("size"), f"{solver['rows']:,} · {solver['columns']:,} · {solver['entries']:,}"),
    ]  # fmt: skip
    title = asked.say(
        "honest", promised=dollars(asked, promised), played=dollars(asked, said["plan"]["expected"]),
        gap=signed(said['gap_all']),
    )  # fmt: skip
    return Section("honest", title, [Facts(facts)], basis=asked.say("honest_basis"), width="half")


def drivers_section(project: Project, asked: Asked, said: Said) -> Section:
    """What the loss hangs on, each input with the claims behind it."""
    found, basis = said["drivers"], asked.say("drivers_basis")
    if not found:
        return Section("drivers", asked.say("drivers_none"), [], basis=basis)
    by_id = {claim.id: claim for claim in asked.kept("claims", project.claims)}
    columns = (
        Column("input", asked.say("input"), "wide"),
        Column("rank", asked.say("rank"), "number"),
        Column("stands_on", asked.say("stands_on"), "wide"),
    )
    cells: list[dict[str, Cell]] = []
    for one in found:
        behind = [by_id[claim] for claim, _ in one["claims"] if claim in by_id]
        stands: Any = asked.say("fitted_to" if one["fitted"] else "scenario_spread")
        if behind:
            text = asked.say("one_claim" if len(behind) == 1 else "n_claims", n=len(behind))
            stands = Link(text, asked.to("parameter", behind[0].parameter))
        elif not one["fitted"]:
            stands = Link(stands, asked.to("scenario", str(said["scenario"]), at="uncertainty"))
        cells.append(
            {"input": _input(asked, one, behind), "rank": f"{one['rank']:+.2f}", "stands_on": stands,
             "assumed": one["assumed"]}
        )  # fmt: skip
    first = _input(asked, found[0], [by_id[claim] for claim, _ in found[0]["claims"] if claim in by_id])
    title = asked.say("drivers", first=first)
    return Section("drivers", title, [Table(columns, cells, data=[dict(one) for one in found])], basis=basis)


def _input(asked: Asked, one: Said, behind: Sequence[Claim]) -> str:
    """An input by its name, else by what the figure behind it says of whom."""
    known = planned.input_name(one["name"], asked.lang)
    if known != one["name"] or not behind or not behind[0].subject:
        return known
    return f"{asked.say('of', what=figured.kind(behind[0].kind, asked.lang))}{behind[0].subject}"


def assumed_section(asked: Asked, said: Said) -> Section:
    """What the company's file assumes."""
    found = said["assumed"]
    if not found:
        return Section("assumed", asked.say("assumed_none"), [], width="half")
    columns = (Column("what", asked.say("assumed_what")), Column("why", asked.say("reason"), "wide"))
    cells: list[dict[str, Cell]] = [{"what": one["what"], "why": one["why"] or "–", "assumed": True} for one in found]
    table = Table(columns, cells, data=[dict(one) for one in found])
    title = asked.say("assumed", n=len(found))
    return Section("assumed", title, [Details(asked.say("reason"), [table])])


def record_section(asked: Asked, made: Decision) -> Section:
    """The hashes and numbers an answer is known by."""
    told = made.inputs
    own: list[tuple[str, Cell]] = [
        (asked.say("company"), f"{told['company']} · {told['company_hash']}"),
        (asked.say("own_code"), str(told["hedge_code"])),
    ]
    return answered.record(asked, made, own)
