"""Home to standing orders on a page: their words, what they say, how they stand, and how far a page may let them reach.

What a page writes stays in the project: a workflow written there reads addresses and folders inside the project, and
delivers inside it. Whoever wants it to reach further edits the file.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ytterby.desk import alerted
from ytterby.desk.blocks import Block, Cell, Chip, Facts, Link, Notice
from ytterby.desk.page import Asked
from ytterby.terms.errors import BadValue

if TYPE_CHECKING:
    from ytterby.project import Project
    from ytterby.watch.orders import History, Order
    from ytterby.watch.workflows import Workflow

WORDS = {
    **alerted.WORDS,
    "nav": ("Watches", "监视"),
    "title_none": ("Nothing is watched yet", "尚未监视任何来源"),
    "title_all": (
        "{n} workflows, {on} of them watched; {alerts} alerts so far",
        "{n} 个工作流，{on} 个在监视中；共 {alerts} 次警报",
    ),
    "lead_none": (
        "A watch reads folders, feeds and addresses as they change, runs the scenarios that depend on what was read, "
        "and tells you when an outcome moves. Begin with the example below.",
        "监视会持续读取文件夹、订阅源和网址，重新运行受影响的情景，并在结果变动时提醒您。可从下面的示例开始。",
    ),
    "basis": ("Standing orders in the project's folder workflows/", "项目 workflows/ 文件夹中的常设工作流"),
    "all": ("Workflows", "工作流"),
    "workflow": ("Workflow", "工作流"),
    "state": ("State", "状态"),
    "on": ("watched", "监视中"),
    "off": ("not watched", "未监视"),
    "broken": ("cannot be read", "无法读取"),
    "elsewhere": ("from a file elsewhere", "文件在项目之外"),
    "last": ("Last pass", "上次执行"),
    "never_ran": ("never", "从未执行"),
    "read": ("Read", "读入"),
    "runs": ("Runs", "运行"),
    "alerts": ("Alerts", "警报"),
    "problems": ("Problems", "问题"),
    "newest": ("Newest alerts", "最新警报"),
    "new": ("A new workflow", "新建工作流"),
    "new_basis": ("A copy of the example; change what you like and start it", "复制示例，按需修改后启动"),
    "name": ("Name", "名称"),
    "name_help": ("Small letters, digits and hyphens.", "小写字母、数字和连字符。"),
    "create": ("Make the copy", "创建副本"),
    "created": (
        "{name} was made; put documents into {folder}, or change its sources.",
        "已创建 {name}；请将文献放入 {folder}，或修改其来源。",
    ),
    "title_one": (
        "{title}: alerts so far: {alerts}, documents read: {documents}",
        "{title}：{documents} 篇文献，{alerts} 次警报",
    ),
    "title_moved": ("{title}: {change}", "{title}：{change}"),
    "title_broken": ("{name} cannot be read", "{name} 无法读取"),
    "basis_on": ("Watched every minute · last pass {last}", "每分钟查看一次 · 上次执行 {last}"),
    "basis_off": ("Not watched now · last pass {last}", "目前未监视 · 上次执行 {last}"),
    "what_it_does": ("What it does", "内容"),
    "sources": ("Sources", "来源"),
    "topic": ("Topic", "主题"),
    "every_document": ("every document", "全部文献"),
    "accepts": ("Accepts claims", "自动采纳"),
    "accepts_none": ("none: each waits for a person", "不自动采纳，均待人工审核"),
    "accepts_up_to": ("of grade {grade} or better", "{grade} 级及以上"),
    "scenarios": ("Scenarios", "情景"),
    "draws": ("{name} · {n} draws", "{name} · {n} 次抽样"),
    "outcomes": ("Tells of", "关注结果"),
    "threshold_days": ("{what}: more than {n} days", "{what}：超过 {n} 天"),
    "threshold_percent": ("{what}: more than {n} %", "{what}：超过 {n}%"),
    "channels": ("Alerts go to", "警报发往"),
    "did": ("What the last pass did", "上次执行的结果"),
    "did_words": (
        "{read} new documents, {answered} of them on the topic; {accepted} claims accepted, {proposed} proposed; "
        "{runs} runs; {alerts} alerts",
        "新文献 {read} 篇，符合主题 {answered} 篇；采纳论断 {accepted} 条，待审 {proposed} 条；"
        "运行 {runs} 次；警报 {alerts} 次",
    ),
    "no_problems": (
        "Nothing failed in the last pass, and every alert went out.",
        "上次执行没有失败，所有警报均已发出。",
    ),
    "undelivered": (
        "Alert {alert} could not go out by {channel}: {why}",
        "警报 {alert} 未能通过 {channel} 发出：{why}",
    ),
    "documents": ("Documents it read", "读入的文献"),
    "no_documents": ("It has read nothing yet.", "尚未读入文献。"),
    "answers": ("on the topic", "符合主题"),
    "aside": ("off the topic", "不符合主题"),
    "start": ("Watch it from now on", "开始监视"),
    "stop": ("Stop watching", "停止监视"),
    "once": ("Run it once now", "立即执行一次"),
    "started": ("It is watched from now on, as long as the desk runs.", "已开始监视，桌面运行期间持续有效。"),
    "stopped": ("It is no longer watched.", "已停止监视。"),
    "failed": ("The watch ended by itself", "监视已自行终止"),
    "handling": ("Start and stop", "启动与停止"),
    "edit": ("Change it", "修改"),
    "edit_basis": (
        "YAML; docs/watch.md lists what each key takes. It is checked before it is kept.",
        "YAML 格式；各键的取值见 docs/watch.md。保存前会先检查。",
    ),
    "text": ("The workflow", "工作流内容"),
    "save": ("Check and keep", "检查并保存"),
    "saved": ("Kept. It holds from the next pass on.", "已保存，下次执行起生效。"),
    "copy": ("Copy it", "复制"),
    "copied_as": ("A copy under another name", "以新名称复制"),
    "made_copy": ("{name} is a copy; it is not watched yet.", "{name} 为副本，尚未监视。"),
    "not_here": (
        "This workflow worked on the project from a file elsewhere; it is changed there, and started with "
        "`ytterby watch`.",
        "该工作流的文件在项目之外，请在原处修改，并用 ytterby watch 启动。",
    ),
}


def said(project: Project, asked: Asked, order: Workflow) -> Block:
    """What a workflow does."""
    from ytterby.evidence.addresses import is_address

    sources: list[Any] = []
    for one in order.sources:
        shown: Any = (
            Link(one, one) if is_address(one) and one.startswith(("http://", "https://")) else short(one, project)
        )
        sources += [", ", shown]
    grade = order.claims.accept
    topic: Cell = asked.say("every_document")
    if order.topic:
        topic = Link(order.topic, asked.to("topic", order.topic))
    elif order.terms:
        topic = ", ".join((*order.terms.zh, *order.terms.en))
    facts: list[tuple[str, Cell]] = [
        (asked.say("sources"), sources[1:]),
        (asked.say("topic"), topic),
        (
            asked.say("accepts"),
            asked.say("accepts_none") if grade == "none" else asked.say("accepts_up_to", grade=grade),
        ),
    ]
    for run in order.scenarios:
        words = asked.say("draws", name=run.name, n=f"{run.draws:,}")
        facts.append((asked.say("scenarios"), Link(words, asked.to("scenario", run.name))))
    for outcome in order.outcomes:
        told = {"where": outcome.where, "metric": outcome.metric, "of": outcome.measured}
        what = alerted.named(asked, told)
        key = "threshold_days" if outcome.days is not None else "threshold_percent"
        n = outcome.days if outcome.days is not None else outcome.percent
        facts.append((asked.say("outcomes"), asked.say(key, what=what, n=f"{n:g}")))
    facts += [(asked.say("channels"), one.name) for one in order.alerts]
    return Facts(facts)


def state(asked: Asked, name: str, order: Order | None) -> Chip:
    """Whether a workflow is watched."""
    if order is None:
        return Chip(asked.say("elsewhere"))
    if order.error is not None:
        return Chip(asked.say("broken"), "bad")
    watched = name in asked.jobs.watch.kept()
    if watched and asked.jobs.watch.standing() == "failed":
        return Chip(asked.say("failed"), "bad")
    return Chip(asked.say("on"), "good") if watched else Chip(asked.say("off"))


def ended(asked: Asked) -> list[Block]:
    """Why the watch is not running though it should."""
    error = asked.jobs.watch.error
    if not error:
        return []
    told = " · ".join(one for one in (error.get("cause", ""), error.get("place", ""), error.get("remedy", "")) if one)
    return [Notice(f"{asked.say('failed')}: {told}", "bad")]


def stays_inside(project: Project, new: Workflow | None, old: Workflow | None) -> None:
    """Refuses what a page may not give a workflow: files outside the project, connections into a private network."""
    from ytterby.evidence.addresses import is_address

    assert new is not None
    before = {*old.sources, *(_file(one) for one in old.alerts)} if old is not None else set()
    remedy = "edit the file itself, or choose a folder inside the project"
    reached = [one for one in new.sources if not is_address(one)] + [_file(one) for one in new.alerts if _file(one)]
    for one in reached:
        if one not in before and not (project.path / one).resolve().is_relative_to(project.path.resolve()):
            raise BadValue(f"'{one:.120}' lies outside the project", place=f"{new.id}.yaml", remedy=remedy)
    private = (new.allow_private, *(one.webhook.allow_private for one in new.alerts if one.webhook is not None))
    was = old is not None and (
        old.allow_private or any(one.webhook and one.webhook.allow_private for one in old.alerts)
    )
    if any(private) and not was:
        raise BadValue("allow_private cannot be set on a page", place=f"{new.id}.yaml", remedy="edit the file itself")


def _file(channel: Any) -> str:
    return str(channel.file or channel.markdown)


def short(path: str, project: Project) -> str:
    """A path as the project's folder sees it."""
    try:
        return str(Path(path).relative_to(project.path))
    except ValueError:
        return path


def when(past: History) -> str:
    """When the last pass ended, or the last step it did where that was not kept; empty before the first."""
    steps = (*past.documents[:1], *past.runs[:1], *past.alerts[:1])
    newest = max((str(one.get("at", "")) for one in steps), default="")
    return str(past.last.get("at") or newest)[:16].replace("T", " ")


def folder(project: Project, made: Order) -> str:
    """The first folder a new workflow reads, made where it lies inside the project."""
    sources = made.workflow.sources if made.workflow is not None else ()
    for one in sources:
        path = Path(one)
        if "://" not in one and path.resolve().is_relative_to(project.path.resolve()):
            path.mkdir(parents=True, exist_ok=True)
            return short(one, project)
    return ""
