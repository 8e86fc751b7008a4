"""Home to the page of runs: what was run, narrowed by scenario and levers; two that are ticked are compared."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ytterby.desk import kept, timing
from ytterby.desk.blocks import Block, Cell, Choice, Column, Facets, Item, Items, Link, Notice, Pick, Table, Text, Tick
from ytterby.desk.page import Asked, Page, Section, Shown
from ytterby.desk.tasks import TASKS

if TYPE_CHECKING:
    from ytterby.desk.jobs import Job
    from ytterby.project import Project

WORDS = {
    "nav": ("Runs", "运行"),
    "title": ("{n} runs of {scenarios} scenarios are kept", "已保存 {n} 次运行，涉及 {scenarios} 个情景"),
    "title_some": ("{n} of {all} runs", "{all} 次运行中的 {n} 次"),
    "title_none": ("Nothing was run yet", "尚无运行"),
    "basis": (
        "A finished run never changes; its id names its inputs, seed and code",
        "运行完成后不再变动；其编号由输入、种子与代码确定",
    ),
    "lead_none": ("Choose a scenario and start one.", "请选择一个情景并开始运行。"),
    "start": ("Start a run from a scenario", "从情景开始运行"),
    "under_way": ("Under way", "进行中"),
    "all_jobs": ("All jobs", "全部任务"),
    "list": ("Tick two to compare them", "勾选两次运行以比较"),
    "compare": ("Compare the two that are ticked", "比较所勾选的两次"),
    "pick_two": ("{n} runs are ticked: tick two to compare them.", "已勾选 {n} 次：请勾选两次进行比较。"),
    "tick": ("Compare run {run}, {scenario}", "比较运行 {run}，{scenario}"),
    "run": ("Run", "运行"),
    "scenario": ("Scenario", "情景"),
    "levers": ("Levers", "杠杆"),
    "draws": ("Draws", "抽样"),
    "seed": ("Seed", "种子"),
    "known": ("As known on", "知识截止"),
    "created": ("Made", "生成时间"),
    "took": ("Took, s", "用时，秒"),
    "none_on": ("none", "无"),
    "every": ("all", "全部"),
    "not_whole": (
        "What a stopped or killed job had computed is not listed: a run is kept whole or not at all.",
        "被停止或中断的任务不会列出：运行要么完整保存，要么不保存。",
    ),
}


def build(project: Project, asked: Asked) -> Shown:
    """Every run that is kept, and what is under way."""
    from ytterby.world import scenarios

    ticked = list(dict.fromkeys(asked.all("run")))
    runs = asked.kept("runs", lambda: kept.runs(project.path / "runs"))
    by_id = {one.id: one for one in runs}
    if len(ticked) == 2 and all(one in by_id for one in ticked):
        before, after = sorted(ticked, key=lambda one: (by_id[one].created, one))
        return Shown(asked.say("nav"), to=asked.to("compare", before, after))
    # A scenario that nobody ran yet has a list too: an empty one.
    scenario = asked.choice("scenario", [*(one.scenario for one in runs), *scenarios.names(project.path)])
    lever = asked.choice("lever", [name for one in runs for name in (*one.levers, "-")])
    shown = [one for one in runs if scenario in ("", one.scenario)]
    shown = [one for one in shown if not lever or lever in one.levers or (lever == "-" and not one.levers)]
    title = asked.say("title_none")
    if runs:
        title = asked.say("title", n=len(runs), scenarios=len({one.scenario for one in runs}))
    if len(shown) < len(runs):
        title = asked.say("title_some", n=len(shown), all=len(runs))
    under_way = [job for job in asked.jobs.all() if job.open]
    sections = [_under_way(asked, under_way)] if under_way else []
    blocks: list[Block] = [Notice(asked.say("pick_two", n=len(ticked)))] if ticked else []
    blocks.append(Pick([table(asked, shown)], asked.say("compare"), asked.to("runs")) if shown else table(asked, shown))
    sections.append(Section("list", asked.say("list"), blocks, note=asked.say("not_whole")))
    controls: list[Block] = [Text([Link(asked.say("start"), asked.to("scenarios"))])]
    if runs:
        controls.append(_facets(asked, runs, scenario, lever))
    return Shown(
        title,
        sections,
        basis=asked.say("basis"),
        lead="" if runs else asked.say("lead_none"),
        controls=controls,
        rows=[row(one) for one in shown],
        refresh=5 if under_way else 0,
    )


def row(one: kept.Kept) -> dict[str, object]:
    """A run as a plain row."""
    return {
        "id": one.id, "scenario": one.scenario, "levers": list(one.levers), "draws": one.draws, "seed": one.seed,
        "known": one.known, "created": one.created, "seconds": one.seconds,
    }  # fmt: skip


def table(asked: Asked, runs: list[kept.Kept], *, tick: bool = True) -> Table:
    """Runs as a table, with boxes to tick or without."""
    columns = (
        *((Column("tick", ""),) if tick else ()),
        Column("scenario", asked.say("scenario"), "wide"),
        Column("levers", asked.say("levers")),
        Column("draws", asked.say("draws"), "number"),
        Column("seed", asked.say("seed"), "number"),
        Column("known", asked.say("known"), "date"),
        Column("created", asked.say("created"), "date"),
        Column("took", asked.say("took"), "number"),
        Column("run", asked.say("run")),
    )
    shown, pager = asked.paged(runs, 50)
    cells: list[dict[str, Cell]] = [
        {
            "tick": Tick("run", one.id, asked.say("tick", run=one.id, scenario=one.named(asked.lang))),
            "scenario": Link(one.named(asked.lang), asked.to("run", one.id)),
            "levers": ", ".join(one.levers) or "–",
            "draws": one.draws,
            "seed": str(one.seed),
            "known": one.known,
            "created": one.created[:16].replace("T", " "),
            "took": round(one.seconds, 1),
            "run": one.id,
        }
        for one in shown
    ]
    return Table(columns, cells, data=[row(one) for one in runs], pager=pager)


def _facets(asked: Asked, runs: list[kept.Kept], scenario: str, lever: str) -> Facets:
    def choices(key: str, counts: Counter[str], chosen: str, names: dict[str, str]) -> list[Choice]:
        every = Choice(asked.say("every"), asked.asking(**{key: None, "run": None}), None, not chosen)
        return [every] + [
            Choice(names.get(name, name), asked.asking(**{key: name, "run": None}), count, name == chosen)
            for name, count in counts.most_common(12)
        ]

    titles = {one.scenario: one.named(asked.lang) for one in runs}
    scenarios = Counter(one.scenario for one in runs)
    levers = Counter(name for one in runs for name in (one.levers or ("-",)))
    groups = [(asked.say("scenario"), choices("scenario", scenarios, scenario, titles))]
    if len(levers) > 1:
        groups.append((asked.say("levers"), choices("lever", levers, lever, {"-": asked.say("none_on")})))
    return Facets(groups)


def _under_way(asked: Asked, jobs: list[Job]) -> Section:
    items = [
        Item(
            Link(f"{TASKS[job.kind].words[asked.lang == 'zh']} · {TASKS[job.kind].about(job.asked)}",
                 asked.to("job", job.id)),
            " · ".join(filter(None, (asked.say(f"state_{job.state}"), timing.progress(job, asked.lang),
                                     timing.left(job, asked.lang)))),
            data={"job": job.id, "state": job.state, "done": job.done, "total": job.total},
        )
        for job in jobs
    ]  # fmt: skip
    every = Text([Link(asked.say("all_jobs"), asked.to("jobs"))], quiet=True)
    return Section("under-way", asked.say("under_way"), [Items(items), every])


PAGE = Page("runs", build, WORDS, nav=60, live=True)
