"""Home to what a bargain lasts and is worth: patience and trust, rates between levers, leverage over the years."""

from __future__ import annotations

from collections.abc import Sequence

from ytterby.desk import outlook
from ytterby.desk.bargained import Said, Told, band
from ytterby.desk.blocks import Block, Cell, Column, Figure, Table
from ytterby.desk.forecasts import caption_of
from ytterby.desk.page import Section
from ytterby.desk.planned import KINDS
from ytterby.figures.scales import spell
from ytterby.terms.elements import element

WORDS = {
    "repeated": (
        "“{policies}” holds itself up for those who value next year at {least} or more",
        "若双方对来年的折现不低于 {least}，“{policies}”可自我维持",
    ),
    "repeated_never": (
        "No patience holds up anything better for both",
        "任何耐心都不足以维持对双方更好的结果",
    ),
    "repeated_none": (
        "Nothing is better for both than an equilibrium: there is nothing to keep up",
        "没有对双方都优于均衡的组合，无需维持",
    ),
    "repeated_basis": (
        "Discount factor of a year; asked: {discount:g} · whoever breaks the word is met with an equilibrium for good "
        "· trust: least chance that the other is of its word",
        "年折现因子；所设：{discount:g} · 违约后永远回到均衡 · 信任：对方守约的最低概率",
    ),
    "least": ("Least discount factor", "最低折现因子"),
    "bound": ("Under the harshest threat", "最严厉威胁之下"),
    "trust": ("Least trust of {side}", "{side}所需的最低信任"),
    "kept": ("Kept at {discount:g}", "在 {discount:g} 下维持"),
    "kept_in": ("{word}; in {share} of draws", "{word}；{share}的抽样"),
    "never": ("never", "不可能"),
    "rate": (
        "{unit} ({name}) is worth {low} to {high} t of {element} a year under licence",
        "“{name}”一个单位（{unit}）值每年 {low} 至 {high} 吨获准出口的{element}",
    ),
    "rate_open": (
        "{unit} ({name}) is worth {low} t of {element} a year or more: giving it costs nothing",
        "“{name}”一个单位（{unit}）至少值每年 {low} 吨{element}：给予方无成本",
    ),
    "rate_none": (
        "On average no amount of {element} makes a trade for {name}",
        "平均而言，没有任何数量的{element}能与“{name}”成交",
    ),
    "rate_basis": (
        "Marginal: {lever} raised a little for {to} · both gain between the ends · {share} of draws have such a rate",
        "边际值：对{to}小幅放宽{lever} · 两端之间双方均受益 · {share}的抽样存在这样的比率",
    ),
    "rate_what": ("What", "项目"),
    "rate_value": ("Median (5–95 %)", "中位（5–95%）"),
    "rate_mean": ("On the means", "按均值"),
    "rate_moved": ("t of {element} a year that the small change moved", "小幅变动带来的{element}，吨/年"),
    "rate_cost": ("costs {side}, bn USD per t", "{side}的成本，十亿美元/吨"),
    "rate_gain": ("brings {side}, bn USD per t", "{side}的收益，十亿美元/吨"),
    "rate_low": ("least that is worth a unit to {side}, t", "{side}愿付一个单位的最少量，吨"),
    "rate_high": ("most that {side} gives for a unit, t", "{side}为一个单位愿给的最多量，吨"),
    "rate_middle": ("rate that shares the gain (Nash), t", "均分收益的比率（纳什），吨"),
    "leverage": (
        "What {a} can cost {b} goes from {first} to {last} bn USD a year, {start} to {end}",
        "{a}可给{b}造成的损失：{start}年每年 {first}，{end}年 {last}（十亿美元）",
    ),
    "leverage_none": (
        "Nothing that {a} may do here costs {b} anything on average",
        "平均而言，{a}的任何选项都不会给{b}造成损失",
    ),
    "leverage_one": ("{a} can cost {b} {first} bn USD a year", "{a}每年可给{b}造成 {first} 的损失（十亿美元）"),
    "leverage_basis": (
        "bn USD a year that {a}'s harshest policy costs {b}, begun in that year · median, 5–95 %",
        "{a}最严厉政策自该年起每年给{b}造成的损失，十亿美元 · 中位，5–95%",
    ),
    "year": ("From", "起始"),
    "cost_by": ("{side} can cost the other (5–95 %)", "{side}可造成的损失（5–95%）"),
    "without": ("Without a deal: {a} / {b}", "无协议时：{a} / {b}"),
    "deal_worth": ("A deal's worth: {a} / {b}", "协议价值：{a} / {b}"),
    "made_abroad": ("Magnets made abroad, t a year", "中国以外产磁体，吨/年"),
}


def repeated_section(told: Told) -> Section:
    """What patience and what trust it takes to keep an agreement up."""
    asked, said = told.asked, told.said
    rows: Sequence[Said] = said["repeated"]
    discount = said["discount"]
    able = [one for one in rows if one["patience"] is not None]
    if able:
        best = able[0]
        policies = told.pair(best["row"], best["column"])
        title = asked.say("repeated", policies=policies, least=f"{best['patience']:.2f}")
    else:
        title = asked.say("repeated_never" if rows else "repeated_none")
    columns = (
        Column("policies", asked.say("policies"), "wide"),
        Column("least", asked.say("least"), "number"),
        Column("bound", asked.say("bound"), "number"),
        *(Column(f"trust{s}", asked.say("trust", side=name), "number") for s, name in enumerate(told.sides)),
        Column("kept", asked.say("kept", discount=discount)),
    )
    never = asked.say("never")
    cells: list[dict[str, Cell]] = []
    for one in rows:
        row: dict[str, Cell] = {
            "policies": told.pair(one["row"], one["column"]),
            "least": never if one["patience"] is None else f"{one['patience']:.3f}",
            "bound": never if one["bound"] is None else f"{one['bound']:.3f}",
            "kept": asked.say(
                "kept_in", word=asked.say("yes" if one["kept"] else "no"), share=told.percent(one["share"])
            ),
        }
        trust = {f"trust{s}": never if t is None else told.percent(t) for s, t in enumerate(one["trust"])}
        cells.append(row | trust)
    blocks: list[Block] = [Table(columns, cells, data=[dict(one) for one in rows])] if rows else []
    return Section("repeated", title, blocks, basis=asked.say("repeated_basis", discount=discount))


def rate_sections(told: Told) -> list[Section]:
    """What a unit of the other side's lever is worth in tonnes, one section for each rate."""
    return [_rate(told, k, one) for k, one in enumerate(told.said["rates"])]


def _rate(told: Told, k: int, one: Said) -> Section:
    asked, lang = told.asked, told.asked.lang
    giver, taker = told.sides[one["giver"]], told.sides[1 - one["giver"]]
    known = element(one["element"])
    named = known.zh if lang == "zh" else known.en
    fields = {"name": one["name"][lang], "unit": one["unit"][lang], "element": named}
    ends = {"low": spell(one["low"] or 0.0), "high": spell(one["high"] or 0.0)}
    if not one["on_average"]:
        title = asked.say("rate_none", **fields)
    else:
        title = asked.say("rate_open" if one["high"] is None else "rate", **fields, **ends)
    lines: list[tuple[str, str, float | None]] = [
        (asked.say("rate_moved", element=named), band(one["moved"], "median"), one["moved"]["mean"]),
        (asked.say("rate_cost", side=giver), band(one["cost"], "median"), None),
        (asked.say("rate_gain", side=taker), band(one["gain"], "median"), None),
        (asked.say("rate_low", side=taker), band(one["lows"], "median"), one["low"]),
        (asked.say("rate_high", side=giver), band(one["highs"], "median"), one["high"]),
        (asked.say("rate_middle"), "–", one["middle"]),
    ]
    columns = (
        Column("what", asked.say("rate_what"), "wide"),
        Column("value", asked.say("rate_value"), "number"),
        Column("mean", asked.say("rate_mean"), "number"),
    )
    cells: list[dict[str, Cell]] = [
        {"what": what, "value": value, "mean": "–" if mean is None else spell(mean)} for what, value, mean in lines
    ]
    lever = KINDS.get(one["lever"]["kind"], (one["lever"]["kind"],) * 2)[lang == "zh"]
    to = ("、" if lang == "zh" else ", ").join(outlook.region(code, lang) for code in one["to"])
    basis = asked.say("rate_basis", lever=lever, to=to, share=told.percent(one["exists"]))
    return Section(f"rate-{k + 1}", title, [Table(columns, cells, data=[dict(one)])], basis=basis)


def leverage_section(told: Told) -> Section:
    """What each side can do to the other, and what a deal is worth, at every date."""
    from ytterby.figures import fan

    asked, said = told.asked, told.said
    rounds: Sequence[Said] = said["leverage"]
    a, b = told.sides
    ends = [spell(one["costs"][0]["mean"]) for one in (rounds[0], rounds[-1])]
    if max(one["costs"][0]["mean"] for one in rounds) <= 0.0:
        title = asked.say("leverage_none", a=a, b=b)
    elif len(rounds) > 1:
        years = {"start": rounds[0]["year"], "end": rounds[-1]["year"]}
        title = asked.say("leverage", a=a, b=b, first=ends[0], last=ends[1], **years)
    else:
        title = asked.say("leverage_one", a=a, b=b, first=ends[0])
    basis = asked.say("leverage_basis", a=a, b=b)
    points = [
        {"period": str(one["year"]), **{key: one["costs"][0][key] for key in ("p05", "median", "p95")}}
        for one in rounds
    ]

    def draw(bare: bool, width: float) -> str:  # noqa: FBT001 - the contract of a figure
        return fan(points, caption_of(asked, title, basis, bare=bare), width=width)

    moving = len(rounds) > 1 and any(one["p95"] != one["p05"] for one in points)
    blocks: list[Block] = [Figure(draw, points)] if moving else []
    return Section("leverage", title, [*blocks, _years(told, rounds)], basis=basis)


def _years(told: Told, rounds: Sequence[Said]) -> Table:
    asked = told.asked
    columns = (
        Column("from", asked.say("year"), "date"),
        *(Column(f"cost{s}", asked.say("cost_by", side=name), "number") for s, name in enumerate(told.sides)),
        Column("threat", asked.say("without", a=told.sides[0], b=told.sides[1]), "number"),
        Column("deal", asked.say("deal_worth", a=told.sides[0], b=told.sides[1]), "number"),
        Column("made", asked.say("made_abroad"), "number"),
    )
    cells: list[dict[str, Cell]] = []
    for one in rounds:
        row: dict[str, Cell] = {"from": one["from"], "made": band(one["made_abroad"], "median")}
        for s in (0, 1):
            row[f"cost{s}"] = band(one["costs"][s])
        row["threat"] = " / ".join(spell(value) for value in one["threat"])
        row["deal"] = " / ".join(spell(value) for value in one["nash"])
        cells.append(row)
    return Table(columns, cells, data=[dict(one) for one in rounds])
