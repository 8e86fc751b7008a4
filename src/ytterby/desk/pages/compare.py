"""Home to the page of two runs side by side: the difference in words, in figures, and in what they were told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.desk import compared, forecasts, kept, outlook
from ytterby.desk.blocks import Block, Cell, Chip, Column, Details, Figure, Item, Items, Link, Notice, Table, Text
from ytterby.desk.forecasts import caption_of
from ytterby.desk.page import Asked, KeyFigure, Page, Section, Shown
from ytterby.terms.errors import YtterbyError

if TYPE_CHECKING:
    from ytterby.findings.differences import Difference
    from ytterby.findings.ground import Ground
    from ytterby.project import Project

WORDS = {
    **compared.WORDS,
    "nav": ("Compare", "比较"),
    "runs": ("Runs", "运行"),
    "title": ("{after} against {before}: {what}", "{after} 与 {before} 相比：{what}"),
    "nothing": ("nothing stands out from chance", "没有超出偶然的差别"),
    "same": ("the two say the same", "两次运行结果一致"),
    "basis_paired": (
        "{after} less {before}, draw by draw: both took the same {draws} draws (seed {seed})",
        "逐次抽样比较，{after} 减 {before}：两者使用相同的 {draws} 次抽样（种子 {seed}）",
    ),
    "basis_apart": (
        "{after} less {before}, as two samples: draws or seed differ ({one} and {other})",
        "按两个样本比较，{after} 减 {before}：抽样或种子不同（{one} 与 {other}）",
    ),
    "draws_of": ("{draws} draws, seed {seed}", "{draws} 次抽样，种子 {seed}"),
    "apart": (
        "The two runs do not share their draws, so chance is in the difference too: small ones do not stand out. "
        "Run both with the same draws and seed to be free of it.",
        "两次运行的抽样不同，差值中包含偶然：小差别难以判断。用相同的抽样数与种子重跑即可消除。",
    ),
    "words": ("What moved", "变动"),
    "words_basis": (
        "Only what stands out: a mean difference beyond {sure:g} standard errors",
        "仅列出超出偶然者：均值差大于 {sure:g} 个标准误",
    ),
    "swap": ("The other way round", "对调"),
    "exports": (
        "Magnet exports are {n} t {way} over the periods both cover",
        "在两者共同覆盖的时期内，磁体出口合计{way} {n} 吨",
    ),
    "exports_basis": ("{unit} · {after}, with the median of {before}", "{unit} · {after}，并示 {before} 的中位数"),
    "more": ("more", "多"),
    "less": ("less", "少"),
    "line_of": ("{before}, median", "{before}，中位数"),
    "moved_title": ("The widest gap is {n} t, in {period}", "差距最大在{period}：{n} 吨"),
    "moved_basis": ("t, after less before, draw by draw", "吨，逐次抽样之差"),
    "shortage": (
        "{element}: at most {now} is missing in the median, before {was}",
        "{element}：缺口中位数最高 {now}，此前 {was}",
    ),
    "shortage_none": ("No element runs short in either", "两者均无元素短缺"),
    "lines_title": ("{n} of {all} differences of lines stand out from chance", "{all} 项产线差别中有 {n} 项超出偶然"),
    "lines": ("Lines", "产线"),
    "what": ("What", "内容"),
    "before": ("Before", "之前"),
    "after": ("After", "之后"),
    "moved": ("Moved", "变动"),
    "sure": ("Chance", "偶然性"),
    "first_slow": ("first slow", "最早放缓"),
    "days_slow": ("days slow", "放缓天数"),
    "missed": ("not built", "未建成"),
    "every_line": ("Every difference that stands out", "全部超出偶然的差别"),
    "told": ("What they were told differently: {n}", "设定上的差异：{n} 处"),
    "told_none": ("They were told the same", "两者设定相同"),
    "parameters": ("Figures that are weighed otherwise: {n}", "权重后取值不同的参数：{n} 项"),
    "parameter": ("Parameter", "参数"),
    "because": ("Because of", "原因"),
    "key_sure": ("Differences that stand out", "超出偶然的差别"),
    "key_of": ("of {n}", "共 {n} 项"),
    "key_paired": ("Same draws", "抽样相同"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "as_known": ("as known on {day}", "知识截止 {day}"),
}
RECORDED = (
    "scenario",
    "levers",
    "draws",
    "seed",
    "world_known",
    "reading",
    "fit",
    "claims",
    "network",
    "code",
    "step_days",
)
SURE = 3.0
SHOWN = 40


def build(project: Project, asked: Asked) -> Shown:
    """The difference of two runs, said and drawn."""
    before, after = (project.open_run(name) for name in asked.names)
    if (before.id, after.id) != asked.names:
        return Shown(after.id, to=asked.to("compare", before.id, after.id))
    found = compared.compared(project, asked, before.id, after.id)
    one, other = (outlook.ground(project, asked, run.id) for run in (before, after))
    names = _names(asked, one, other)
    worth = compared.told(found)
    said = [compared.sentence(asked, other, each) for each in worth]
    same = before.id == after.id or all(each.mean == 0.0 for each in found.every)
    first = said[0] if said else asked.say("same" if same else "nothing")
    draws = [asked.say("draws_of", draws=f"{g.run.draws:,}", seed=g.run.info["seed"]) for g in (one, other)]
    basis = asked.say("basis_apart", one=draws[0], other=draws[1], **names)
    if found.paired:
        basis = asked.say("basis_paired", draws=f"{before.draws:,}", seed=before.info["seed"], **names)
    sure = [each for each in found.every if each.stands_out]
    return Shown(
        asked.say("title", what=first, **names),
        [
            _words(asked, worth, said),
            *_exports(asked, one, other, found, names),
            _shortage(asked, one, other, names),
            _lines(asked, other, found),
            _told(asked, one, other),
            *_parameters(project, asked, one, other),
        ],
        basis=basis,
        keys=[
            KeyFigure(asked.say("key_sure"), len(sure), "", asked.say("key_of", n=len(found.every))),
            KeyFigure(asked.say("key_paired"), asked.say("yes" if found.paired else "no"), "", draws[1]),
        ],
        controls=[] if found.paired else [Notice(asked.say("apart"))],
        crumbs=[
            Link(asked.say("runs"), asked.to("runs")),
            Link(names["before"], asked.to("run", before.id)),
            Link(names["after"], asked.to("run", after.id)),
        ],
        rows=[compared.row(each) for each in found.every],
        data={"before": before.id, "after": after.id, "paired": found.paired, "said": said},
    )


def _names(asked: Asked, one: Ground, other: Ground) -> dict[str, str]:
    """What the two are called: by what tells them apart."""
    told = [kept.read(each.run.path) for each in (one, other)]
    names = [each.named(asked.lang) for each in told]
    for tell in (
        lambda k: ", ".join(k.levers),
        lambda k: asked.say("as_known", day=k.known),
        lambda k: f"{k.draws} × {k.seed}",
        lambda k: k.id[:6],
    ):
        if names[0] != names[1]:
            break
        if tell(told[0]) != tell(told[1]):
            names = [f"{name} ({tell(k)})" if tell(k) else name for name, k in zip(names, told, strict=True)]
    return {"before": names[0], "after": names[1]}


def _words(asked: Asked, worth: list[Difference], said: list[str]) -> Section:
    items = [
        Item(
            words[:1].upper() + words[1:],
            compared.spread(asked, one),
            chips=[Chip(asked.say("stands_out"), "good")],
            data=compared.row(one) | {"words": words},
        )
        for one, words in zip(worth, said, strict=True)
    ]
    swap = Link(asked.say("swap"), asked.to("compare", *reversed(asked.names)))
    blocks: list[Block] = [Items(items, empty=asked.say("nothing")), Text([swap], quiet=True)]
    return Section("words", asked.say("words"), blocks, basis=asked.say("words_basis", sure=SURE))


def _exports(
    asked: Asked, one: Ground, other: Ground, found: compared.Compared, names: dict[str, str]
) -> list[Section]:
    from ytterby.figures import fan
    from ytterby.findings.exports import magnets
    from ytterby.findings.ground import fan_rows, points

    if not found.exports:
        return []
    unit = asked.say(f"t_{other.run.info['freq']}") if other.run.info["freq"] == one.run.info["freq"] else "t"
    rows = fan_rows(other.periods, magnets(other))
    was = [{"period": p, "value": points(v)["median"]} for p, v in zip(one.periods, magnets(one), strict=True)]
    total = sum(each.mean for each in found.exports)
    way = asked.say("more" if total > 0 else "less")
    title = asked.say("exports", n=outlook.amount(abs(total)), way=way)
    basis = asked.say("exports_basis", unit=unit, **names)
    line = {"name": asked.say("line_of", before=names["before"]), "rows": was}
    earlier = {row["period"]: row["value"] for row in was}

    def draw(bare: bool, width: float) -> str:  # noqa: FBT001 - the contract of a figure
        return fan(rows, caption_of(asked, title, basis, bare=bare), references=[line], width=width)

    data = [row | {"before": earlier.get(row["period"])} for row in rows]
    sections = [Section("exports", title, [Figure(draw, data)], basis=basis, width="wide")]
    moved = [{"period": each.key[1], **each.moved} for each in found.exports]
    widest = max(found.exports, key=lambda each: abs(each.moved["median"]))
    gone = outlook.amount(widest.moved["median"])
    heading = asked.say("moved_title", n=gone, period=outlook.period(widest.key[1], asked.lang))
    of = asked.say("moved_basis")

    def gap(bare: bool, width: float) -> str:  # noqa: FBT001 - the contract of a figure
        return fan(moved, caption_of(asked, heading, of, bare=bare), width=width)

    return [*sections, Section("exports-moved", heading, [Figure(gap, moved)], basis=of, width="third")]


def _shortage(asked: Asked, one: Ground, other: Ground, names: dict[str, str]) -> Section:
    from ytterby.figures import multiples
    from ytterby.findings.ground import fan_rows, points

    was, now = forecasts.missing(one), forecasts.missing(other)
    panels: list[dict[str, Any]] = []
    data: list[dict[str, Any]] = []
    for element, values in now.items():
        earlier = was.get(element)
        line: list[dict[str, Any]] = []
        if earlier is not None:
            medians = [100.0 * points(values_then)["median"] for values_then in earlier]
            line = [{"period": p, "value": v} for p, v in zip(one.periods, medians, strict=True)]
        rows = fan_rows(other.periods, 100.0 * values)
        top = max((row["median"] for row in rows), default=0.0)
        high = max([top, *(row["value"] for row in line)])
        if high >= 100.0 * forecasts.WORTH:
            note = outlook.percent(top / 100.0, asked.lang)
            before = outlook.percent(max((row["value"] for row in line), default=0.0) / 100.0, asked.lang)
            panels.append({"name": element, "rows": rows, "other": line, "note": note, "top": high, "was": before})
        data += [{"element": element, **row} for row in rows]
    panels.sort(key=lambda panel: -float(panel["top"]))
    title = asked.say("shortage_none")
    if panels:
        title = asked.say("shortage", element=panels[0]["name"], now=panels[0]["note"], was=panels[0]["was"])
    unit = asked.say("short_basis", draws=f"{other.run.draws:,}")
    legend = (names["after"], names["before"])

    def draw(bare: bool, width: float) -> str:  # noqa: FBT001 - the contract of a figure
        return multiples(panels, caption_of(asked, title, unit, bare=bare), names=legend, width=width)

    return Section("shortage", title, [Figure(draw, data)], basis=unit)


def _lines(asked: Asked, ground: Ground, found: compared.Compared) -> Section:
    sure = sorted((one for one in found.lines if one.stands_out), key=lambda one: (one.what, -abs(one.mean)))
    columns = (
        Column("lines", asked.say("lines")),
        Column("what", asked.say("what")),
        Column("before", asked.say("before"), "number"),
        Column("after", asked.say("after"), "number"),
        Column("moved", asked.say("moved"), "number"),
        Column("band", asked.say("sure")),
    )
    cells: list[dict[str, Cell]] = [
        {
            "lines": outlook.lines(one.key, asked.lang),
            "what": asked.say(one.what),
            "before": _value(asked, ground, one, one.before["median"]),
            "after": _value(asked, ground, one, one.after["median"]),
            "moved": _step(asked, one),
            "band": compared.spread(asked, one),
        }
        for one in sure[:SHOWN]
    ]
    title = asked.say("lines_title", n=len(sure), all=len(found.lines))
    table = Table(columns, cells, data=[compared.row(one) for one in found.lines], empty=asked.say("nothing"))
    return Section("lines", title, [Details(asked.say("every_line"), [table])])


def _value(asked: Asked, ground: Ground, one: Difference, value: float) -> str:
    if one.what == "missed":
        return outlook.percent(value, asked.lang)
    return outlook.told(ground, value, asked.lang) if one.what == "first_slow" else outlook.amount(value)


def _step(asked: Asked, one: Difference) -> str:
    factor = 100.0 if one.what == "missed" else 1.0
    told = outlook.amount(factor * one.mean)
    return f"+{told}" if one.mean > 0 else told


def _told(asked: Asked, one: Ground, other: Ground) -> Section:
    parts = [
        (name, compared.shown(one.run.info.get(name)), compared.shown(other.run.info.get(name)))
        for name in RECORDED
        if one.run.info.get(name) != other.run.info.get(name)
    ]
    known = {name for name, _, _ in parts} | {"id", "known", "reading"}
    parts += [part for part in compared.parted(one.plan, other.plan, asked.lang) if part[0] not in known]
    columns = (
        Column("what", asked.say("what"), "wide"),
        Column("before", asked.say("before"), "wide"),
        Column("after", asked.say("after"), "wide"),
    )
    cells: list[dict[str, Cell]] = [{"what": what, "before": was, "after": now} for what, was, now in parts]
    title = asked.say("told", n=len(parts)) if parts else asked.say("told_none")
    return Section("settings", title, [Table(columns, cells, empty=asked.say("told_none"))])


def _parameters(project: Project, asked: Asked, one: Ground, other: Ground) -> list[Section]:
    if all(one.run.info.get(name) == other.run.info.get(name) for name in ("claims", "world_known")):
        return []
    try:
        moved = asked.kept(f"between:{one.run.id}:{other.run.id}",
                           lambda: project.moved_between(one.run.id, other.run.id))  # fmt: skip
    except YtterbyError:
        return []
    columns = (
        Column("parameter", asked.say("parameter"), "wide"),
        Column("before", asked.say("before"), "number"),
        Column("after", asked.say("after"), "number"),
        Column("because", asked.say("because"), "wide"),
    )
    cells: list[dict[str, Cell]] = []
    for each in moved[:SHOWN]:
        claim = next((other.by_id[name] for name in each.claims if name in other.by_id), None)
        text = "" if claim is None else claim.quote or claim.source.title or claim.subject or claim.id
        because = (
            "" if claim is None else Link(text if len(text) <= 80 else f"{text[:79]}…", asked.to("claim", claim.id))
        )
        cells.append(
            {
                "parameter": Link(each.parameter, asked.to("parameter", each.parameter)),
                "before": each.before,
                "after": each.after,
                "because": because,
            }
        )
    if not moved:
        return []
    table = Table(columns, cells, data=[each.to_dict() for each in moved])
    return [Section("parameters", asked.say("parameters", n=len(moved)), [table])]


WORDS |= {key: forecasts.WORDS[key] for key in ("t_month", "t_quarter", "t_year", "short_basis")}
PAGE = Page("compare", build, WORDS, about=("run before", "run after"), under="runs")
