"""Home to the pages of explain: what may be asked of a scenario, and one answer with the sentences behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ytterby.desk import answered, outlook, planned
from ytterby.desk.blocks import Block, Cell, Column, Details, Field, Figure, Form, Link, Table, Text
from ytterby.desk.page import Asked, Done, Given, KeyFigure, Page, Section, Shown
from ytterby.terms.errors import BadValue, UnknownName

if TYPE_CHECKING:
    from ytterby.project import Project

WORDS = {
    **answered.WORDS,
    "nav": ("Explain", "归因"),
    "title": ("{n} answers say what moves an outcome", "已有 {n} 个答案说明什么影响结果"),
    "title_none": ("Which figure moves the outcome, and who said it?", "哪个数字左右结果，出自谁之口？"),
    "basis": (
        "One reverse pass through the run gives the slope by every input; nothing is tried one by one",
        "对整个运行做一次反向求导，即得对每项输入的斜率，无需逐一试算",
    ),
    "start": ("Ask", "提问"),
    "start_lead": ("About two minutes: most of it is spent compiling.", "约需两分钟，主要用于编译。"),
    "metric": ("Outcome", "结果"),
    "line-stop": ("First line stop", "首次停线日"),
    "shortfall": ("Shortfall", "短缺比例"),
    "exports": ("Exports from China", "中国出口量"),
    "price": ("Price", "价格"),
    "self-sufficiency": ("Self-sufficiency", "自给率"),
    "product": ("Product", "产品"),
    "product_help": ("e.g. car or wind; of line stops and shortfalls", "如 car、wind；用于停线与短缺"),
    "region": ("Region", "地区"),
    "region_help": ("e.g. US; whose makers, or the buyer of exports", "如 US；制造商所在地或出口买方"),
    "material": ("Material", "材料"),
    "material_help": ("e.g. magnets or oxide.Dy; of exports and prices", "如 magnets、oxide.Dy；用于出口与价格"),
    "when": ("Month or year", "月份或年份"),
    "when_help": ("e.g. 2026-03 or 2026; empty: the outcome's own", "如 2026-03 或 2026；留空则用默认时点"),
    "sobol": ("Sobol samples", "Sobol 样本数"),
    "sobol_help": ("A power of two such as 64; 0 for none", "2 的幂，如 64；0 表示不计算"),
    "go": ("Explain it", "开始归因"),
    "one_basis": (
        "{scenario} · {metric} · {unit} per ±1σ, mean slope over {worlds} worlds · seed {seed}",
        "{scenario} · {metric} · 每 ±1σ 的变动（{unit}），{worlds} 个世界的平均斜率 · 种子 {seed}",
    ),
    "lead": (
        "{n} slopes from one reverse pass; {assumed} of the first ten inputs are assumed, not measured.",
        "一次反向求导得出 {n} 个斜率；前十项输入中有 {assumed} 项为假设而非实测。",
    ),
    "middle": ("In the middle world", "中位世界"),
    "spread": ("5–95 %: {low} – {high}", "5–95%：{low} – {high}"),
    "never": ("Never, in {share} of draws", "{share} 的抽样中从未发生"),
    "no_stop": ("never in the middle world", "中位世界中不发生"),
    "numbers_none": (
        "In the middle world no single number of the network moves it",
        "在中位世界中，网络的任何单个数字都不影响该结果",
    ),
    "slopes": ("Slopes in one pass", "一次求得的斜率"),
    "inputs": ("{first} moves it most, {second} next", "{first}影响最大，其次是{second}"),
    "inputs_note": (
        "Ranked by the mean size of the effect over the worlds, which also counts where its sign differs. "
        "Bars: the mean slope times one standard deviation down and up.",
        "按各世界中影响幅度的均值排序（方向不同亦计入）。条形为平均斜率乘以向下、向上一个标准差。",
    ),
    "input": ("Input", "输入"),
    "typical": ("Typical", "典型幅度"),
    "at_low": ("At −1σ", "−1σ 时"),
    "at_high": ("At +1σ", "+1σ 时"),
    "worth": ("Worth knowing", "知之值多少"),
    "unit": ("Unit", "单位"),
    "stands_on": ("Stands on", "依据"),
    "sentence_list": ("{first} is the sentence that moves it most", "影响最大的句子出自{first}"),
    "sentence_none": ("No sentence stands behind these inputs: all are assumed", "这些输入背后没有原文：均为假设"),
    "sentence_basis": (
        "{unit} per ±1σ of the figures a sentence stands in, by its weight in each",
        "该句所支撑数字变动 ±1σ 时的变化（{unit}），按其在各数字中的权重计",
    ),
    "sentence": ("Sentence", "句子"),
    "source": ("Source", "来源"),
    "in_document": ("In the document", "原文位置"),
    "numbers": ("Among {n} numbers of the network, most hangs on {first}", "网络的 {n} 个数字中，{first}最要紧"),
    "numbers_basis": (
        "{unit} for +10 % of each number, in the middle world",
        "各数字 +10% 时的变化（{unit}），中位世界",
    ),
    "number": ("Number", "数字"),
    "per_tenth": ("For +10 %", "+10% 时"),
    "value": ("Value", "数值"),
    "sobol_title": (
        "{n} of the first ten by slope are among the first ten by total Sobol index",
        "按斜率排序的前十项中，有 {n} 项也在 Sobol 总指数前十之列",
    ),
    "sobol_basis": (
        "Share of the hard model's variance, ±95 % interval; inputs drawn apart, all others in their middle",
        "硬模型方差的占比，±95% 区间；各输入独立抽取，其余取中位",
    ),
    "first": ("Alone", "单独"),
    "total": ("With others", "含交互"),
    "worth_note": (
        "Worth knowing: what one who prepares for this outcome saves by knowing the input exactly, in its unit, where "
        "a step too late costs nine times a step too early; 0 where it is not more than chance.",
        "知之值多少：为该结果做准备的人若确知该输入可省下多少（同单位），晚一步的代价为早一步的九倍；"
        "不超出偶然者计 0。",
    ),
    "every": ("Every input", "全部输入"),
    "assumed": ("assumed", "假设"),
    "days": ("days", "天"),
    "points": ("%", "%"),
}
METRICS = ("line-stop", "shortfall", "exports", "price", "self-sufficiency")
TOP, SENTENCES, NUMBERS = 12, 12, 12
MOST_SAMPLES = 1024


def build(project: Project, asked: Asked) -> Shown:
    """The answers and the form, or one answer."""
    return _one(project, asked) if asked.name else _all(project, asked)


def _all(project: Project, asked: Asked) -> Shown:
    made = answered.of_kind(project, asked, "explain")
    data = [{"id": one.id, "title": one.title["en"], "created": one.created, **one.inputs["asked"]} for one in made]
    sections = [
        Section("start", asked.say("start"), [_form(project, asked)], width="half"),
        Section("answers", asked.say("answers"), [answered.table(asked, made, data=data)],
                width="half"),
    ]  # fmt: skip
    title = asked.say("title", n=len(made)) if made else asked.say("title_none")
    crumbs = answered.crumbs(asked)
    return Shown(title, sections, basis=asked.say("basis"), crumbs=crumbs, rows=data)


def _form(project: Project, asked: Asked) -> Block:
    plans = [(one.id, getattr(one.title, asked.lang)) for one in project.scenarios()]
    text = ("product", "region", "material", "when")
    fields = [
        Field("scenario", asked.say("scenario"), "select", "baseline", plans),
        Field("metric", asked.say("metric"), "select", "line-stop", [(one, asked.say(one)) for one in METRICS]),
        *(Field(one, asked.say(one), help=asked.say(f"{one}_help")) for one in text),
        Field("sobol", asked.say("sobol"), "number", "0", help=asked.say("sobol_help"), least="0",
              most=str(MOST_SAMPLES)),
    ]  # fmt: skip
    return Form("explain", fields, asked.say("go"), asked.to("explain"))


def _one(project: Project, asked: Asked) -> Shown:
    made = project.answer("explain", asked.name)
    if made.id != asked.name:
        return Shown(made.id, to=asked.to("explain", made.id))
    said = made.answer
    assumed = sum(bool(row["assumed"]) for row in said["inputs"][:10])
    basis = asked.say(
        "one_basis", scenario=said["scenario_title"][asked.lang], metric=asked.say(said["asked"]["metric"]),
        unit=_unit(asked, said), worlds=made.inputs["slopes"] + 1, seed=made.inputs["seed"],
    )  # fmt: skip
    sections = [_inputs(asked, said), _sentences(asked, said), _numbers(asked, said)]
    sections += [_sobol(asked, said)] if said["sobol"] else []
    sections.append(answered.record(asked, made))
    crumbs = answered.crumbs(asked, "explain")
    return Shown(
        made.title[asked.lang],
        sections,
        basis=basis,
        lead=asked.say("lead", n=f"{said['count']:,}", assumed=assumed),
        keys=_keys(asked, said),
        crumbs=crumbs,
        rows=[_row(row) for row in said["inputs"]],
        data={"decision": made.to_dict()["inputs"], "asked": said["asked"]},
    )


def _unit(asked: Asked, said: Mapping[str, Any]) -> str:
    return asked.say("days") if said["unit"] == "day" else planned.unit(said["unit"], asked.lang)


def _keys(asked: Asked, said: Mapping[str, Any]) -> list[KeyFigure]:
    span = said["draws"]
    note = asked.say("spread", low=outlook.amount(span["5"]), high=outlook.amount(span["95"]))
    if said["never"]:
        note += " · " + asked.say("never", share=f"{said['never']:.0%}")
    never = said["unit"] == "day" and said["never"] and said["middle"] >= span["95"]
    value, unit = (asked.say("no_stop"), "") if never else (outlook.amount(said["middle"]), _unit(asked, said))
    return [
        KeyFigure(asked.say(said["asked"]["metric"]), value, unit, note),
        KeyFigure(asked.say("slopes"), f"{said['count']:,}"),
    ]


def _inputs(asked: Asked, said: Mapping[str, Any]) -> Section:
    from ytterby.desk.forecasts import caption_of
    from ytterby.figures import tornado

    rows = [row for row in said["inputs"][:TOP] if row["typical"] > 0.0]
    names = [_name(asked, row) for row in said["inputs"][:2]]
    title = asked.say("inputs", first=names[0][:1].upper() + names[0][1:], second=names[1])
    title = title if len(rows) > 1 else asked.say("nav")
    unit = _unit(asked, said)
    drawn = [
        {"label": _name(asked, row), "range": _range(asked, row), "low": row["low"], "high": row["high"],
         "assumed": row["assumed"]}
        for row in rows
    ]  # fmt: skip

    def draw(bare: bool, width: float) -> str:  # noqa: FBT001 - the contract of a figure
        caption = caption_of(asked, title, f"{unit} / ±1σ", asked.say("inputs_note"), bare=bare)
        return tornado(drawn, caption, most=TOP, sort=False, width=width)

    rest = Details(asked.say("every"), [_table(asked, said, said["inputs"])])
    blocks: list[Block] = [Figure(draw, [_row(row) for row in rows]), _table(asked, said, rows),
                           Text([asked.say("worth_note")], quiet=True), rest]  # fmt: skip
    return Section("inputs", title, blocks, basis=f"{unit} / ±1σ", note=asked.say("inputs_note"))


def _table(asked: Asked, said: Mapping[str, Any], rows: list[dict[str, Any]]) -> Table:
    columns = (
        Column("input", asked.say("input"), "wide"),
        *(Column(key, asked.say(key), "number") for key in ("typical", "at_low", "at_high", "worth")),
        Column("stands_on", asked.say("stands_on"), "wide"),
    )
    cells: list[dict[str, Cell]] = [
        {
            "input": _name(asked, row),
            "typical": outlook.amount(row["typical"]),
            "at_low": outlook.amount(row["low"]),
            "at_high": outlook.amount(row["high"]),
            "worth": outlook.amount(row["worth"]),
            "stands_on": _stands_on(asked, said, row),
            "assumed": row["assumed"],
        }
        for row in rows
    ]
    return Table(columns, cells, data=[_row(row) for row in rows])


def _stands_on(asked: Asked, said: Mapping[str, Any], row: Mapping[str, Any]) -> Cell:
    """The heaviest sentence behind an input; the others are a click on."""
    for claim, _ in sorted(row["claims"], key=lambda pair: -pair[1]):
        if claim in said["claims"]:
            return Link(_source(said["claims"][claim]), asked.to("claim", claim))
    return asked.say("assumed") if row["assumed"] else "–"


def _source(claim: Mapping[str, Any]) -> str:
    return ", ".join(part for part in (claim["publisher"] or claim["title"], claim["date"]) if part)


def _name(asked: Asked, row: Mapping[str, Any]) -> str:
    told = planned.input_name(row["name"], asked.lang)
    return told if told != row["name"] else str(row["label"][asked.lang])


def _range(asked: Asked, row: Mapping[str, Any]) -> str:
    span = f"{outlook.amount(row['below'])} – {outlook.amount(row['above'])}"
    return f"{span} {planned.unit(row['unit'], asked.lang)}".strip()


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    """An input as a plain row."""
    keys = ("name", "unit", "assumed", "fitted", "middle", "below", "above", "slope", "low", "high", "typical", "worth")
    return {key: row[key] for key in keys} | {"label": row["label"]["en"], "label_zh": row["label"]["zh"]}


def _sentences(asked: Asked, said: Mapping[str, Any]) -> Section:
    found = [one for one in said["sentences"] if one["claim"] in said["claims"] and one["typical"] > 0.0][:SENTENCES]
    if not found:
        return Section("sentences", asked.say("sentence_none"), [])
    columns = (
        Column("sentence", asked.say("sentence"), "wide"),
        Column("source", asked.say("source")),
        Column("typical", asked.say("typical"), "number"),
        Column("in_document", asked.say("in_document")),
    )
    cells: list[dict[str, Cell]] = []
    for one in found:
        claim = said["claims"][one["claim"]]
        about = ": ".join(part.replace("_", " ") for part in (claim["subject"], claim["object"]) if part)
        words = claim["quote"] or about or one["claim"]
        place = Link(f"¶ {claim['passage']}", asked.to("document", claim["document"], at=f"p{claim['passage']}"))
        cells.append({
            "sentence": Link(f"«{words}»" if claim["quote"] else words, asked.to("claim", one["claim"])),
            "source": _source(claim),
            "typical": outlook.amount(one["typical"]),
            "in_document": place if claim["passage"] is not None and ":" not in claim["document"] else "–",
            "assumed": claim["assumed"],
        })  # fmt: skip
    data = [{**one, "figures": [name for name, _ in one["figures"]], **said["claims"][one["claim"]]} for one in found]
    title = asked.say("sentence_list", first=_source(said["claims"][found[0]["claim"]]))
    basis = asked.say("sentence_basis", unit=_unit(asked, said))
    return Section("sentences", title, [Table(columns, cells, data=data)], basis=basis)


def _numbers(asked: Asked, said: Mapping[str, Any]) -> Section:
    rows = said["numbers"][:NUMBERS]
    if not rows:
        return Section("numbers", asked.say("numbers_none"), [])
    columns = (
        Column("number", asked.say("number"), "wide"),
        Column("value", asked.say("value"), "number"),
        Column("unit", asked.say("unit")),
        Column("per_tenth", asked.say("per_tenth"), "number"),
    )
    cells: list[dict[str, Cell]] = [
        {
            "number": row["name"][asked.lang],
            "value": outlook.amount(row["value"]),
            "unit": planned.unit(row["unit"], asked.lang) or "–",
            "per_tenth": outlook.amount(row["per_tenth"]),
        }
        for row in rows
    ]
    title = asked.say("numbers", n=f"{sum(said['kinds'].values()):,}", first=rows[0]["name"][asked.lang])
    basis = asked.say("numbers_basis", unit=_unit(asked, said))
    data = [{**row, "name": row["name"]["en"], "name_zh": row["name"]["zh"]} for row in said["numbers"]]
    return Section("numbers", title, [Table(columns, cells, data=data)], basis=basis)


def _sobol(asked: Asked, said: Mapping[str, Any]) -> Section:
    labels = {row["name"]: row for row in said["inputs"]}
    columns = (Column("input", asked.say("input"), "wide"), Column("first", asked.say("first"), "number"),
               Column("total", asked.say("total"), "number"))  # fmt: skip
    cells: list[dict[str, Cell]] = [
        {
            "input": _name(asked, labels[row["name"]]),
            "first": f"{row['first']:.2f} ± {row['first_off']:.2f}",
            "total": f"{row['total']:.2f} ± {row['total_off']:.2f}",
        }
        for row in said["sobol"]
    ]
    title = asked.say("sobol_title", n=said["agreed"])
    return Section("sobol", title, [Table(columns, cells, data=said["sobol"])], basis=asked.say("sobol_basis"))


def act(project: Project, asked: Asked, given: Given) -> Done:
    """Has an outcome explained behind the pages."""
    if given.form != "explain":
        raise BadValue(f"no form is called '{given.form:.40}'", place="form", remedy="open the page again")
    known = [one.id for one in project.scenarios()]
    if given.get("scenario") not in known:
        raise UnknownName(given.get("scenario"), known, "scenario", asked.say("scenario"))
    if given.get("metric") not in METRICS:
        raise UnknownName(given.get("metric"), METRICS, "metric", asked.say("metric"))
    order: dict[str, Any] = {
        key: given.get(key) for key in ("scenario", "metric", "product", "region", "material", "when")
    }
    order["sobol"] = given.whole("sobol", asked.say("sobol"), 0, MOST_SAMPLES)
    return Done(asked.to("job", asked.jobs.start("explain", order).id))


PAGE = Page("explain", build, WORDS, about=("answer",), lists=True, under="decisions", act=act)
