"""Home to the pages of scenarios: their list, and one read whole with its runs, a run to start and a copy to make."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from ytterby.desk import kept, planned
from ytterby.desk.blocks import Block, Cell, Column, Details, Field, Figure, Form, Link, Table, Text, Written
from ytterby.desk.page import Asked, Done, Given, KeyFigure, Page, Section, Shown, date
from ytterby.desk.pages import runs as listing
from ytterby.terms.errors import BadValue, InputError, UnknownName

if TYPE_CHECKING:
    from ytterby.project import Project
    from ytterby.world.drafts import Draft
    from ytterby.world.scenarios import Event, Scenario

WORDS = {
    **listing.WORDS,
    "nav": ("Scenarios", "情景"),
    "title": ("{n} scenarios, {own} of your own; {run} were run", "{n} 个情景，其中自建 {own} 个；已运行 {run} 个"),
    "basis": (
        "A scenario is one question in one file: what happens when, and how sure the numbers are",
        "一个情景即一个文件里的一个问题：何时发生何事，数字有多可靠",
    ),
    "every": ("Every scenario", "全部情景"),
    "name": ("Scenario", "情景"),
    "question": ("Question", "问题"),
    "span": ("Span", "时间范围"),
    "n_runs": ("Runs", "运行"),
    "own": ("your own", "自建"),
    "shipped": ("comes with Ytterby", "随附"),
    "whose": ("Whose", "归属"),
    "broken": ("cannot be read: {why}", "无法读取：{why}"),
    "title_one": (
        "{title}: {events} events, {levers} levers, {n} uncertain numbers",
        "{title}：{events} 个事件，{levers} 个杠杆，{n} 项不确定数",
    ),
    "basis_one": (
        "{start} to {end} in steps of {days:g} days · as known on {known} · reading {reading}",
        "{start} 至 {end}，步长 {days:g} 天 · 知识截止 {known} · 解读 {reading}",
    ),
    "key_events": ("Events", "事件"),
    "key_levers": ("Levers", "杠杆"),
    "key_inputs": ("Uncertain numbers", "不确定数"),
    "key_assumed": ("{n} assumed", "{n} 项为假设"),
    "key_runs": ("Runs of it", "已有运行"),
    "events": (
        "{n} events from {first} to {last}; the sizes of {assumed} are assumed",
        "{n} 个事件，{first} 至 {last}；其中 {assumed} 个的幅度为假设",
    ),
    "events_none": ("Nothing happens in this scenario", "本情景没有事件"),
    "events_basis": ("What happens when; hatched: its size is assumed", "何时发生何事；斜线表示幅度为假设"),
    "event": ("Event", "事件"),
    "kind": ("What it does", "作用"),
    "touches": ("Touches", "涉及"),
    "days": ("Days", "日期"),
    "value": ("Value (5–95 %)", "数值（5–95%）"),
    "unit": ("Unit", "单位"),
    "source": ("Source, reason", "来源与理由"),
    "every_event": ("Every event with its value and source", "全部事件及其数值与来源"),
    "until_end": ("to the end", "至期末"),
    "levers_title": ("Levers: {n} that may be switched on", "杠杆：{n} 个可启用"),
    "levers_none": ("This scenario has no levers", "本情景没有杠杆"),
    "uncertainty": ("{assumed} of its {n} uncertain numbers are assumed", "{n} 项不确定数中有 {assumed} 项为假设"),
    "uncertainty_basis": (
        "Median and 5–95 % points that every draw takes its value from",
        "每次抽样取值所依据的中位数与 5–95% 分位点",
    ),
    "input": ("Number", "项目"),
    "stands_on": ("Stands on", "依据"),
    "own_world": (
        "The world's own figures vary too, each within its claims' spread.",
        "世界自身的数字也在各自论断范围内变动。",
    ),
    "start": ("Start a run", "开始运行"),
    "start_lead": (
        "The same question gives the same run: it is not computed twice.",
        "相同的设定得到相同的运行，不会重复计算。",
    ),
    "draws": ("Draws", "抽样次数"),
    "draws_help": (
        "1 to {most:,}; 200 show the shape, 1,000 the tails",
        "1 至 {most:,}；200 次可见形态，1,000 次可见尾部",
    ),
    "seed": ("Seed", "随机种子"),
    "seed_help": ("The same seed gives the same draws: keep it to compare", "同一种子抽样相同：比较时请勿更改"),
    "known": ("As known on", "知识截止日"),
    "known_help": (
        "Empty: {day}. Later claims, rules and events are left out",
        "留空即 {day}。此后的论断、规则与事件不计入",
    ),
    "lever_on": ("Switch on: {lever}", "启用：{lever}"),
    "lever_on_help": ("{kind}; {days}. {source}", "{kind}；{days}。{source}"),
    "lever_value": ("{lever}: value, {unit}", "{lever}：数值（{unit}）"),
    "lever_value_help": (
        "Default {value}, drawn in that range; another value is taken as it is. Allowed: {range}",
        "默认 {value}，在该范围内抽取；改动后按所填值计算。允许范围：{range}",
    ),
    "from": ("{low} and more", "不小于 {low}"),
    "between": ("{low} to {high}", "{low} 至 {high}"),
    "any": ("any number", "任意数"),
    "go": ("Start the run", "开始运行"),
    "runs": ("Its runs", "已有运行"),
    "runs_none": ("It was not run yet.", "尚未运行。"),
    "copy": ("Copy it under a new name", "复制为新情景"),
    "copy_lead": (
        "The copy is yours: it stands in the project's folder scenarios/ and may be edited here.",
        "副本归您所有，位于项目的 scenarios/ 文件夹，可在此编辑。",
    ),
    "copy_name": ("Name of the copy", "副本名称"),
    "copy_name_help": ("a-z, 0-9 and hyphens, e.g. slow-autumn", "小写字母、数字与连字符，如 slow-autumn"),
    "copy_go": ("Copy", "复制"),
    "copied": ("The copy is made; change what you want to ask.", "副本已生成，请修改。"),
    "edit": ("Edit it", "编辑"),
    "text": ("The file", "文件"),
    "text_shipped": (
        "It comes with Ytterby and is never changed here: copy it to make it yours.",
        "随附情景不可在此修改：请先复制。",
    ),
    "yaml": ("YAML of {name}", "{name} 的 YAML"),
    "extends": ("It is laid over {base}: what is not said here is said there.", "基于 {base}：此处未写者以其为准。"),
    "not_yaml": ("{name} cannot be read", "{name} 无法读取"),
}
MOST_DRAWS = 100_000
DRAWS = 200


def every_scenario(project: Project, asked: Asked) -> Shown:
    """The scenarios of the package and of the project; a file that cannot be read says why."""
    from ytterby.world import scenarios

    made = kept.runs(project.path / "runs")
    cells: list[dict[str, Cell]] = []
    rows: list[dict[str, Any]] = []
    own = 0
    for name in scenarios.names(project.path):
        mine = (project.path / "scenarios" / f"{name}.yaml").is_file()
        own += mine
        count = sum(one.scenario == name for one in made)
        whose = asked.say("own" if mine else "shipped")
        try:
            plan = scenarios.load(name, project.path)
        except InputError as error:
            to = Link(name, asked.to("draft", name)) if mine else name
            cells.append({"name": to, "question": asked.say("broken", why=str(error)[:160]), "whose": whose})
            rows.append({"id": name, "error": error.to_dict(), "own": mine})
            continue
        title = plan.title.zh if asked.lang == "zh" else plan.title.en
        span = f"{plan.start} – {plan.end}"
        told: Cell = Link(str(count), asked.to("runs", asked={"scenario": name})) if count else "–"
        cells.append(
            {"name": Link(title, asked.to("scenario", name)), "question": plan.question, "span": span, "runs": told,
             "whose": whose}
        )  # fmt: skip
        rows.append({"id": name, "title": title, "question": plan.question, "start": plan.start, "end": plan.end,
                     "runs": count, "own": mine})  # fmt: skip
    columns = (
        Column("name", asked.say("name"), "wide"),
        Column("question", asked.say("question"), "wide"),
        Column("span", asked.say("span")),
        Column("runs", asked.say("n_runs"), "number"),
        Column("whose", asked.say("whose")),
    )
    ran = len({one.scenario for one in made} & {str(row["id"]) for row in rows})
    title = asked.say("title", n=len(rows), own=own, run=ran)
    section = Section("every", asked.say("every"), [Table(columns, cells, data=rows)])
    return Shown(title, [section], basis=asked.say("basis"))


def one_scenario(project: Project, asked: Asked) -> Shown:
    """One scenario read whole."""
    from ytterby.world import drafts, scenarios

    draft = drafts.draft(asked.name, project.path)
    plan = scenarios.load(asked.name, project.path)
    made = [one for one in kept.runs(project.path / "runs") if one.scenario == plan.id]
    numbers = scenarios.spreads(plan)
    title = plan.title.zh if asked.lang == "zh" else plan.title.en
    assumed = sum(one.assumed for one in numbers.values())
    told = {"events": len(plan.events), "levers": len(plan.levers), "n": len(numbers)}
    here = asked.address
    return Shown(
        asked.say("title_one", title=title, **told),
        [
            _events(asked, plan),
            _start(asked, plan),
            _runs(asked, made),
            _levers(asked, plan),
            _uncertainty(asked, plan),
            _text(asked, draft, plan),
            _copy(asked, draft),
        ],
        basis=asked.say(
            "basis_one", start=plan.start, end=plan.end, days=plan.step_days, known=plan.known, reading=plan.reading
        ),
        lead=plan.question,
        keys=[
            KeyFigure(asked.say("key_events"), len(plan.events), to=asked.to(here.page, plan.id, at="events")),
            KeyFigure(asked.say("key_levers"), len(plan.levers), to=asked.to(here.page, plan.id, at="levers")),
            KeyFigure(asked.say("key_inputs"), len(numbers), "", asked.say("key_assumed", n=assumed),
                      to=asked.to(here.page, plan.id, at="uncertainty")),
            KeyFigure(asked.say("key_runs"), len(made), to=asked.to("runs", asked={"scenario": plan.id})),
        ],
        crumbs=[Link(asked.say("nav"), asked.to("scenarios"))],
        rows=[_event_row(one) for one in plan.events],
        data={"scenario": plan.model_dump(mode="json"), "own": draft.own},
    )  # fmt: skip


def _events(asked: Asked, plan: Scenario) -> Section:
    from ytterby.figures import Caption, timeline

    inside = [one for one in plan.events if one.date <= plan.end and (one.until or plan.end) >= plan.start]
    if not inside:
        return Section("events", asked.say("events_none"), [])
    rows = [
        {
            "date": max(one.date, plan.start).isoformat(),
            "until": min(one.until, plan.end).isoformat() if one.until else "open",
            "label": planned.label(one, asked.lang),
            "kind": planned.kind(one, asked.lang),
            "assumed": one.value.assumed,
        }
        for one in inside
    ]
    assumed = sum(one.value.assumed for one in inside)
    first, last = min(one.date for one in inside), max(one.until or one.date for one in inside)
    title = asked.say("events", n=len(inside), first=first, last=last, assumed=assumed)
    basis = asked.say("events_basis")
    end = plan.end.isoformat()

    def draw(bare: bool, width: float) -> str:  # noqa: FBT001 - the contract of a figure
        caption = Caption(title, "" if bare else basis, language=asked.lang, bare=bare)
        return timeline(rows, caption, today=end, width=width)

    table = _event_table(asked, inside)
    blocks: list[Block] = [Figure(draw, [_event_row(one) for one in inside])]
    return Section("events", title, [*blocks, Details(asked.say("every_event"), [table])], basis=basis)


def _event_row(one: Event) -> dict[str, Any]:
    from ytterby.world.scenarios import unit_of

    told = one.model_dump(mode="json", exclude={"value"})
    value = one.value.model_dump(mode="json", exclude={"kind"})
    return {**told, **value, "distribution": one.value.kind, "unit": unit_of(one)}


def _event_table(asked: Asked, events: list[Event]) -> Table:
    from ytterby.world.scenarios import unit_of

    columns = (
        Column("event", asked.say("event")),
        Column("kind", asked.say("kind")),
        Column("touches", asked.say("touches")),
        Column("days", asked.say("days")),
        Column("value", asked.say("value"), "number"),
        Column("unit", asked.say("unit")),
        Column("source", asked.say("source"), "wide"),
    )
    cells: list[dict[str, Cell]] = [
        {
            "event": one.name,
            "kind": planned.kind(one, asked.lang),
            "touches": planned.about(one, asked.lang) or "–",
            "days": _days(asked, one),
            "value": planned.spread(one.value) if unit_of(one) else "–",
            "unit": planned.unit(unit_of(one), asked.lang) if unit_of(one) else "–",
            "source": "; ".join(text for text in (one.source, one.value.why) if text) or "–",
            "assumed": one.value.assumed,
        }
        for one in events
    ]
    return Table(columns, cells, data=[_event_row(one) for one in events])


def _days(asked: Asked, one: Event) -> str:
    return f"{one.date} – {one.until or asked.say('until_end')}"


def _levers(asked: Asked, plan: Scenario) -> Section:
    if not plan.levers:
        return Section("levers", asked.say("levers_none"), [])
    return Section("levers", asked.say("levers_title", n=len(plan.levers)), [_event_table(asked, list(plan.levers))])


def _uncertainty(asked: Asked, plan: Scenario) -> Section:
    from ytterby.world import scenarios

    numbers = scenarios.spreads(plan)
    columns = (
        Column("input", asked.say("input"), "wide"),
        Column("value", asked.say("value"), "number"),
        Column("unit", asked.say("unit")),
        Column("stands_on", asked.say("stands_on"), "wide"),
    )
    labels = {f"event:{one.name}": planned.label(one, asked.lang) for one in plan.events}
    cells: list[dict[str, Cell]] = []
    data = []
    for name, one in numbers.items():
        unit = planned.input_unit(name, plan, asked.lang)
        why: list[Any] = [Link(one.parameter, asked.to("parameter", one.parameter))] if one.parameter else []
        why += [": " if why else "", one.why] if one.why else []
        cells.append(
            {
                "input": labels.get(name) or planned.input_name(name, asked.lang),
                "value": planned.spread(one),
                "unit": unit,
                "stands_on": why or "–",
                "assumed": one.assumed,
            }
        )
        data.append({"name": name, "unit": unit, **one.model_dump(mode="json")})
    title = asked.say("uncertainty", assumed=sum(one.assumed for one in numbers.values()), n=len(numbers))
    blocks: list[Block] = [Table(columns, cells, data=data)]
    if plan.uncertainty.claims:
        blocks.append(Text([asked.say("own_world")], quiet=True))
    return Section("uncertainty", title, blocks, basis=asked.say("uncertainty_basis"))


def _start(asked: Asked, plan: Scenario) -> Section:
    from ytterby.world.scenarios import bounds_of, unit_of

    fields = [
        Field("draws", asked.say("draws"), "number", str(DRAWS), help=asked.say("draws_help", most=MOST_DRAWS),
              required=True, least="1", most=str(MOST_DRAWS), step="1"),
        Field("seed", asked.say("seed"), "number", "0", help=asked.say("seed_help"), required=True, least="0",
              step="1"),
        Field("known", asked.say("known"), "date", help=asked.say("known_help", day=plan.world_known)),
    ]  # fmt: skip
    for one in plan.levers:
        label = planned.label(one, asked.lang)
        days, source = _days(asked, one), one.source
        told = " · ".join(part for part in (planned.kind(one, asked.lang), planned.about(one, asked.lang)) if part)
        help_on = asked.say("lever_on_help", kind=told, days=days, source=source)
        fields.append(Field(f"on:{one.name}", asked.say("lever_on", lever=label), "checkbox", help=help_on, wide=True))
        unit = unit_of(one)
        if unit:
            low, high = bounds_of(one)
            value = asked.say("lever_value_help", value=planned.spread(one.value), range=_range(asked, low, high))
            fields.append(
                Field(f"value:{one.name}", asked.say("lever_value", lever=label, unit=planned.unit(unit, asked.lang)),
                      "number", f"{one.value.median:g}" if abs(one.value.median) < 1e5 else f"{one.value.median:.0f}",
                      help=value, least="" if low is None else f"{low:g}", most="" if high is None else f"{high:g}",
                      step="any")
            )  # fmt: skip
    form = Form("run", fields, asked.say("go"), asked.to("scenario", plan.id))
    return Section("start", asked.say("start"), [form], note=asked.say("start_lead"))


def _range(asked: Asked, low: float | None, high: float | None) -> str:
    if low is None:
        return asked.say("any")
    return asked.say("from", low=f"{low:g}") if high is None else asked.say("between", low=f"{low:g}", high=f"{high:g}")


def _runs(asked: Asked, made: list[kept.Kept]) -> Section:
    from ytterby.desk.blocks import Pick

    table = listing.table(asked, made[:12])
    blocks: list[Block] = [Pick([table], asked.say("compare"), asked.to("runs"))] if len(made) > 1 else []
    if len(made) == 1:
        blocks = [listing.table(asked, made, tick=False)]
    return Section("runs", asked.say("runs"), blocks or [Text([asked.say("runs_none")], quiet=True)])


def _text(asked: Asked, draft: Draft, plan: Scenario) -> Section:
    blocks: list[Block] = []
    if plan.extends:
        base = Link(plan.extends, asked.to("scenario", plan.extends))
        before, _, after = asked.say("extends", base="\0").partition("\0")
        blocks.append(Text([[before, base, after]]))
    if draft.own:
        blocks.append(Text([Link(asked.say("edit"), asked.to("draft", draft.name))]))
    else:
        blocks.append(Text([asked.say("text_shipped")], quiet=True))
    name = asked.say("yaml", name=draft.path.name)
    blocks.append(Details(name, [Written(draft.text, name)]))
    return Section("file", asked.say("text"), blocks, width="half")


def _copy(asked: Asked, draft: Draft) -> Section:
    field = Field("name", asked.say("copy_name"), "text", help=asked.say("copy_name_help"), required=True)
    form = Form("copy", [field], asked.say("copy_go"), asked.to("scenario", draft.name))
    return Section("copy", asked.say("copy"), [Text([asked.say("copy_lead")]), form], width="half")


def act(project: Project, asked: Asked, given: Given) -> Done:
    """Starts a run, or makes a copy."""
    from ytterby.world import drafts

    if given.form == "copy":
        made = drafts.copied(drafts.draft(asked.name, project.path), given.get("name"), project.path)
        return Done(asked.to("draft", made.name), asked.say("copied"))
    if given.form != "run":
        raise BadValue(f"no form is called '{given.form:.40}'", place="form", remedy="open the page again")
    job = asked.jobs.start("run", _order(project, asked, given))
    return Done(asked.to("job", job.id))


def _order(project: Project, asked: Asked, given: Given) -> dict[str, Any]:
    """What the form asks to be run; refused where the scenario would refuse it."""
    from ytterby.world import scenarios

    # By name only: a path would let a page open any file.
    if asked.name not in (known_names := scenarios.names(project.path)):
        raise UnknownName(asked.name, known_names, "scenario")
    plan = scenarios.load(asked.name, project.path)
    levers = []
    for one in plan.levers:
        if given.get(f"on:{one.name}"):
            written = given.get(f"value:{one.name}")
            own = not written or _number(written, one.name) == one.value.median
            levers.append(one.name if own else f"{one.name}={written}")
    plan.with_levers(levers)
    order: dict[str, Any] = {
        "scenario": plan.id,
        "draws": given.whole("draws", asked.say("draws"), 1, MOST_DRAWS),
        "seed": given.whole("seed", asked.say("seed"), 0, 2**31 - 1),
    }
    known: datetime.date | None = date(given.get("known"), asked.say("known"))
    if known is not None:
        order["known"] = known.isoformat()
    return order | ({"levers": levers} if levers else {})


def _number(written: str, name: str) -> float:
    try:
        return float(written)
    except ValueError:
        raise BadValue(
            f"'{written:.40}' is no number", place=f"lever {name}", remedy="write it as 110 or 2e9"
        ) from None


PAGES = (
    Page("scenarios", every_scenario, WORDS, nav=55),
    Page("scenario", one_scenario, WORDS, about=("scenario",), under="scenarios", act=act),
)
