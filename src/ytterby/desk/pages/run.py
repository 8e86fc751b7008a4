"""Home to the page of a run: what it found, in figures and words, what it stands on, and its report as one file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.desk import economic, forecasts, found, inputs, kept, outlook
from ytterby.desk.blocks import Block, Facets, Form, Item, Items, Link, Text
from ytterby.desk.blocks import Choice as Chosen
from ytterby.desk.page import Asked, Done, Given, Page, Saved, Section, Shown
from ytterby.terms.errors import UnknownName

if TYPE_CHECKING:
    from ytterby.findings.ground import Ground
    from ytterby.findings.verdict import Verdict
    from ytterby.project import Project

WORDS = {
    **found.WORDS,
    **forecasts.WORDS,
    **inputs.WORDS,
    **economic.WORDS,
    "nav": ("Run", "运行"),
    "runs": ("Runs", "运行"),
    "basis": (
        "{scenario} · {draws} draws, seed {seed} · as known on {known} · run {run}",
        "{scenario} · {draws} 次抽样，种子 {seed} · 知识截止 {known} · 运行 {run}",
    ),
    "others": ("Beside other runs", "与其他运行比较"),
    "others_none": ("No other run is kept yet.", "尚无其他运行。"),
    "compare": ("Compare with {what}", "与 {what} 比较"),
    "with": ("{draws} draws, seed {seed}, {day}", "{draws} 次抽样，种子 {seed}，{day}"),
    "same_draws": ("same draws", "抽样相同"),
    "report": ("The whole report as one file", "完整报告（单一文件）"),
    "report_lead": (
        "Every finding with its figures, sources, assumptions and method, in English, readable without this desk.",
        "全部结论及其图、来源、假设与方法（英文），无需本桌面即可阅读。",
    ),
    "report_make": ("Make the report", "生成报告"),
    "report_open": ("Save the report", "保存报告"),
    "report_behind": (
        "It was made before the run was followed into the economy and does not tell what the stopped lines cost.",
        "该报告早于经济推演，未包含停产的经济代价。",
    ),
    "report_hindcast": (
        "Where the scenario has a fit, its hindcast is run too: about as long as the run itself.",
        "若情景含拟合，将同时运行回溯检验，耗时与运行相当。",
    ),
    "files": ("The numbers", "数据文件"),
    "files_lead": (
        "Every section above saves its rows as CSV and JSON and its figure as SVG and PNG; these metrics are whole.",
        "以上各节均可保存为 CSV、JSON、SVG 与 PNG；下列指标为完整数据。",
    ),
}
METRICS = ("exports", "shortage", "line-stops", "prices", "stocks", "licences", "balance")


def build(project: Project, asked: Asked) -> Shown:
    """A run's finding, its figures and what it stands on."""
    run = project.open_run(asked.name)
    if run.id != asked.name:
        # An id's beginning, a scenario or "latest" names the run of today: its own address lasts.
        return Shown(run.id, to=asked.to("run", run.id))
    ground, verdict = _ground(project, asked, run.id)
    licensed = forecasts.licences(asked, ground)
    sections = [
        forecasts.exports(asked, ground),
        forecasts.line_stops(asked, ground),
        forecasts.shortages(asked, ground),
        *forecasts.prices(asked, ground),
        *economic.sections(asked, run),
        inputs.drivers(asked, ground, verdict),
        *([licensed] if licensed else []),
        inputs.record(asked, ground),
        inputs.inputs(asked, ground),
        _others(project, asked, ground),
        _report(project, asked, ground),
    ]
    scenario = str((run.info.get("title") or {}).get(asked.lang) or run.scenario)
    told = {"scenario": scenario, "draws": f"{run.draws:,}", "seed": run.info["seed"]}
    return Shown(
        found.headline(asked, ground, verdict),
        sections,
        basis=asked.say("basis", known=run.info["world_known"], run=run.id, **told),
        lead=found.sure(asked, ground, verdict),
        keys=found.keys(asked, ground, verdict),
        crumbs=[Link(asked.say("runs"), asked.to("runs")), Link(scenario, asked.to("scenario", run.scenario))],
        data={"run": {key: value for key, value in run.info.items() if key not in _LONG}},
    )


_LONG = frozenset({"series", "groups", "parameters", "scenario_document", "fit_about", "period_starts", "clauses"})
"""What the run's own record keeps and its page says in sections."""


def _ground(project: Project, asked: Asked, name: str) -> tuple[Ground, Verdict]:
    ground = outlook.ground(project, asked, name)

    def judged() -> Any:
        from ytterby.findings.verdict import verdict

        return verdict(ground)

    return ground, asked.kept(f"verdict:{name}", judged)


def _others(project: Project, asked: Asked, ground: Ground) -> Section:
    """The way to a comparison with every other run, those that share its draws first."""
    mine = ground.run
    here = [one for one in asked.kept("runs", lambda: kept.runs(project.path / "runs")) if one.id != mine.id]
    alike = {one.id: one.scenario == mine.scenario for one in here}
    paired = {one.id: (one.draws, one.seed) == (mine.draws, int(mine.info["seed"])) for one in here}
    ranked = sorted(here, key=lambda one: (not alike[one.id], not paired[one.id]))[:8]
    items = []
    for one in ranked:
        # The older is what was before.
        pair = (one.id, mine.id) if one.created <= str(mine.info["created"]) else (mine.id, one.id)
        what = asked.say("compare", what=one.named(asked.lang))
        told = asked.say("with", draws=f"{one.draws:,}", seed=one.seed, day=one.created[:10])
        more = " · ".join((*([asked.say("same_draws")] if paired[one.id] else []), *one.levers))
        items.append(Item(Link(what, asked.to("compare", *pair)), f"{told} · {more}" if more else told,
                          data={"run": one.id, "scenario": one.scenario, "created": one.created}))  # fmt: skip
    return Section("others", asked.say("others"), [Items(items, empty=asked.say("others_none"))], width="half")


def _report(project: Project, asked: Asked, ground: Ground) -> Section:
    blocks: list[Block] = [Text([asked.say("report_lead")])]
    path = project.path / "reports" / f"{ground.run.id}.html"
    made, behind = path.is_file(), economic.followed_since(ground.run, path)
    if made:
        blocks.append(Text([Link(asked.say("report_open"), asked.to("report", ground.run.id))]))
    if behind:
        blocks.append(Text([asked.say("report_behind")]))
    if behind or not made:
        blocks.append(Form("report", (), asked.say("report_make"), asked.to("run", ground.run.id)))
        blocks.append(Text([asked.say("report_hindcast")], quiet=True))
    metrics = [Chosen(one, asked.to("metric", ground.run.id, one)) for one in METRICS]
    blocks += [Text([asked.say("files_lead")], quiet=True), Facets([(asked.say("files"), metrics)])]
    return Section("report", asked.say("report"), blocks, width="half")


def act(project: Project, asked: Asked, given: Given) -> Done:
    """Has the report made, or the economy followed, behind the pages."""
    run = project.open_run(asked.name)
    job = asked.jobs.start("economy" if given.form == "economy" else "report", {"run": run.id})
    return Done(asked.to("job", job.id))


def report(project: Project, asked: Asked) -> Shown:
    """The report of a run, as the file it is."""
    run = project.open_run(asked.name)
    path = project.path / "reports" / f"{run.id}.html"
    if not path.is_file():
        return Shown(run.id, to=asked.to("run", run.id, at="report"))
    body = path.read_bytes()
    # In other forms there is nothing to say but where it stands.
    file = Saved(f"ytterby-{run.id}.html", "text/html", body)
    return Shown(run.id, file=file, rows=[{"run": run.id, "bytes": len(body)}])


METRIC_WORDS = {
    "nav": ("Metric", "指标"),
    "title": ("{metric} of {scenario}: {n} rows", "{scenario} 的 {metric}：{n} 行"),
    "rows": ("Every row", "全部行"),
    "runs": ("Runs", "运行"),
}


def metric(project: Project, asked: Asked) -> Shown:
    """One metric of a run whole, for those who want the numbers."""
    from ytterby.desk.blocks import Column, Table

    name, wanted = asked.names
    run = project.open_run(name)
    if wanted not in METRICS:
        raise UnknownName(wanted, METRICS, "metric")
    rows = asked.kept(f"metric:{run.id}:{wanted}", lambda: project.show(run.id, wanted))
    shown, pager = asked.paged(rows, 60)
    keys = list(dict.fromkeys(key for row in rows[:400] for key in row))
    numbers = {key for row in rows[:400] for key, value in row.items() if isinstance(value, float)}
    columns = [Column(key, key.replace("_", " "), "number" if key in numbers else "text") for key in keys]
    told = [{key: "–" if value is None else value for key, value in row.items()} for row in shown]
    scenario = str((run.info.get("title") or {}).get(asked.lang) or run.scenario)
    return Shown(
        asked.say("title", metric=wanted, scenario=scenario, n=f"{len(rows):,}"),
        [Section("rows", asked.say("rows"), [Table(columns, told, data=rows, pager=pager)])],
        crumbs=[Link(asked.say("runs"), asked.to("runs")), Link(scenario, asked.to("run", run.id))],
    )


PAGES = (
    Page("run", build, WORDS, about=("run",), under="runs", act=act),
    Page("report", report, {**WORDS, "nav": ("Report", "报告")}, about=("run",), under="runs"),
    Page("metric", metric, METRIC_WORDS, about=("run", "metric"), under="runs"),
)
