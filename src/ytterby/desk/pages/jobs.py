"""Home to the pages of long work: what waits, what is under way, and one job with its progress; either can be left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.desk.blocks import Block, Cell, Column, Facts, Form, Link, Notice, Table, Text, Words
from ytterby.desk.jobs import Job
from ytterby.desk.page import Asked, Done, Given, Page, Section, Shown
from ytterby.desk.tasks import TASKS
from ytterby.desk.timing import bar, left, progress
from ytterby.desk.urls import Address

if TYPE_CHECKING:
    from ytterby.project import Project

WORDS = {
    "nav": ("Jobs", "任务"),
    "title_none": ("No work is under way", "没有进行中的任务"),
    "title_open": ("{n} jobs wait or are under way", "{n} 个任务等待或进行中"),
    "basis": ("One at a time, in the order they came", "依次进行，每次一个"),
    "job": ("Job", "任务"),
    "state": ("State", "状态"),
    "created": ("Asked for", "提交时间"),
    "progress_head": ("Progress", "进度"),
    "all": ("Jobs", "任务"),
    "title_one": ("{what}: {state}", "{what}：{state}"),
    "about": ("About", "内容"),
    "seconds": ("Time at work, s", "用时（秒）"),
    "finished": ("Ended", "结束时间"),
    "cancel": ("Cancel", "取消"),
    "again": ("Start it again", "重新开始"),
    "again_lead": (
        "Nothing half-done was kept: started again, it begins anew and gives the same.",
        "未保留任何未完成的结果；重新开始将从头计算，结果相同。",
    ),
    "cancelled": ("The job was cancelled; nothing half-done was kept.", "任务已取消；未保留未完成的结果。"),
    "leave": (
        "This page can be left: the work goes on, and stands under Jobs.",
        "可以离开本页：任务会继续进行，并列在“任务”页。",
    ),
    "result": ("What came of it", "结果"),
    "open_run": ("Open the run", "打开运行"),
    "save_report": ("Save the report", "保存报告"),
    "captured": (
        "{captured} events captured, {already} were there already, {refused} refused. ",
        "采集事件 {captured} 条，已有 {already} 条，拒绝 {refused} 条。",
    ),
    "open_answer": ("Open the answer", "打开答案"),
    "to_custody": ("What is tracked now", "查看追溯"),
    "whole": ("Ledger and book are whole. ", "账本与数据列完好无损。"),
    "not_whole": ("{n} places do not fit. ", "有 {n} 处不符。"),
    "to_ledger": ("The ledger", "查看账本"),
    "how_far": ("How far it is", "进展"),
}


def all_jobs(project: Project, asked: Asked) -> Shown:
    """Every job, newest first."""
    found = asked.jobs.all()
    waiting = sum(one.open for one in found)
    shown, pager = asked.paged(found, 50)
    columns = (
        Column("job", asked.say("job")),
        Column("state", asked.say("state")),
        Column("progress", asked.say("progress_head")),
        Column("created", asked.say("created"), "date"),
    )
    cells: list[dict[str, Cell]] = [
        {
            "job": Link(_what(asked, one), asked.to("job", one.id)),
            "state": asked.say(f"state_{one.state}"),
            "progress": " · ".join(filter(None, (progress(one, asked.lang), left(one, asked.lang)))),
            "created": one.created[:19].replace("T", " "),
        }
        for one in shown
    ]
    table = Table(columns, cells, data=[one.to_dict() for one in found], pager=pager)
    title = asked.say("title_open", n=waiting) if waiting else asked.say("title_none")
    section = Section("all", asked.say("all"), [table])
    return Shown(title, [section], basis=asked.say("basis"), refresh=5 if waiting else 0)


def one_job(project: Project, asked: Asked) -> Shown:
    """How far one job is, and what came of it."""
    job = asked.jobs.get(asked.name)
    blocks: list[Block] = [bar(job, asked.lang)]
    if job.open:
        blocks.append(Text([asked.say("leave")], quiet=True))
        blocks.append(Form("cancel", (), asked.say("cancel"), asked.address.as_form("html"), danger=True))
    if job.error:
        blocks.append(Notice(job.error.get("cause", ""), "bad"))
        blocks += [
            Text([f"{asked.say(key)}: {job.error[part]}"])
            for key, part in (("where", "place"), ("remedy", "remedy"))
            if job.error.get(part)
        ]
    if job.state in ("failed", "cancelled"):
        blocks.append(Text([asked.say("again_lead")], quiet=True))
        blocks.append(Form("again", (), asked.say("again"), asked.address.as_form("html")))
    sections = [Section("progress", asked.say("how_far"), blocks), _about(asked, job)]
    if job.result:
        sections.insert(1, Section("result", asked.say("result"), [_result(asked, job)]))
    return Shown(
        asked.say("title_one", what=_what(asked, job), state=asked.say(f"state_{job.state}")),
        sections,
        crumbs=[Link(asked.say("nav"), asked.to("jobs"))],
        data={"job": job.to_dict()},
        refresh=3 if job.open else 0,
    )


def cancel(project: Project, asked: Asked, given: Given) -> Done:
    """Cancels the job, or has one that failed or was cancelled done anew."""
    if given.form == "again":
        job = asked.jobs.get(asked.name)
        return Done(asked.to("job", asked.jobs.start(job.kind, job.asked).id))
    asked.jobs.cancel(asked.name)
    return Done(asked.address, asked.say("cancelled"))


def _about(asked: Asked, job: Job) -> Section:
    facts = [(str(name), _plainly(value)) for name, value in job.asked.items()]
    facts.append((asked.say("created"), job.created[:19].replace("T", " ")))
    if job.finished:
        facts.append((asked.say("finished"), job.finished[:19].replace("T", " ")))
        facts.append((asked.say("seconds"), f"{job.seconds:.1f}"))
    return Section("about", asked.say("about"), [Facts(facts)])


def _plainly(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(one["name"]) if isinstance(one, dict) and "name" in one else str(one) for one in value)
    return str(value)


def _result(asked: Asked, job: Job) -> Block:
    told: list[Words] = []
    if job.kind == "report" and "run" in job.result:
        told.append(Link(asked.say("save_report"), asked.to("report", str(job.result["run"]))))
    if job.kind == "capture":
        refused = len(job.result["refused"]) + int(job.result["more"])
        counts = {"captured": job.result["captured"], "already": job.result["already"], "refused": refused}
        told.append((asked.say("captured", **counts), Link(asked.say("to_custody"), asked.to("custody"))))
        told += [f"{one['path']}: {one['reason']}" for one in job.result["refused"]]
    if job.kind == "verify":
        wrong = len(job.result["findings"])
        said = asked.say("not_whole", n=wrong) if wrong else asked.say("whole")
        told.append((said, Link(asked.say("to_ledger"), asked.to("ledger"))))
    if "decision" in job.result:
        # a task that decides gives the kind of its answer and its id
        answer = asked.to(str(job.result["kind"]), str(job.result["decision"]))
        told.append(Link(asked.say("open_answer"), answer))
    if "run" in job.result:
        told.append(Link(asked.say("open_run"), _run(asked, job)))
    for one in job.result.get("documents", ()):
        told.append(
            Link(str(one.get("title") or one["path"]), asked.to("document", str(one["id"])))
            if one.get("id")
            else str(one["error"])
        )
    return Text(told)


def _run(asked: Asked, job: Job) -> Address:
    return asked.to("run", str(job.result["run"]))


def _what(asked: Asked, job: Job) -> str:
    task = TASKS.get(job.kind)
    return job.kind if task is None else f"{task.words[asked.lang == 'zh']} · {task.about(job.asked)}"


PAGES = (
    Page("jobs", all_jobs, WORDS, under="runs", live=True),
    Page("job", one_job, WORDS, about=("job",), under="runs", act=cancel, live=True),
)
