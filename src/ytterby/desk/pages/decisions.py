"""Home to the page of decisions: the five questions one can ask of a forecast, and every answer that was kept."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ytterby.decisions.kept import KINDS
from ytterby.desk import answered
from ytterby.desk.blocks import Cell, Chip, Choice, Column, Facets, Item, Items, Link, Table
from ytterby.desk.page import Asked, Page, Section, Shown

if TYPE_CHECKING:
    from ytterby.decisions.kept import Decision
    from ytterby.project import Project

WORDS = {
    "nav": ("Decide", "决策"),
    "title": ("{n} answers are kept; the newest: {newest}", "已保存 {n} 个答案；最新：{newest}"),
    "title_one": ("One answer is kept: {newest}", "已保存 1 个答案：{newest}"),
    "title_none": ("Five questions that a forecast can answer", "预测可以回答的五个问题"),
    "basis": (
        "An answer never changes; its id names the run or the trials, the seed and the code behind it",
        "答案保存后不再变动；其编号由所依据的运行或试算、种子与代码确定",
    ),
    "questions": ("What to ask", "可以问什么"),
    "explain": ("Explain", "归因"),
    "explain_asks": (
        "Which figure, and which sentence behind it, moves the outcome most?",
        "哪个数字、哪句话对结果影响最大？",
    ),
    "hedge": ("Hedge", "对冲"),
    "hedge_asks": (
        "What should a maker stock, contract and apply for today?",
        "企业今天应当储备什么、签什么合同、申请什么许可？",
    ),
    "invest": ("Invest", "投资"),
    "invest_asks": (
        "Which capacity, where and when, for a goal and a budget?",
        "为实现目标并在预算之内，应在何地何时建设哪些产能？",
    ),
    "stockpile": ("Stockpile", "储备"),
    "stockpile_asks": (
        "What do priority rules and a national stockpile spare arms and cars?",
        "优先规则与国家储备能为军用和民用减少多少短缺？",
    ),
    "bargain": ("Bargain", "博弈"),
    "bargain_asks": (
        "What can each side get at the table, and what is a lever worth?",
        "谈判桌上双方各能得到什么，每个筹码值多少？",
    ),
    "kept_n": ("{n} kept", "已存 {n} 个"),
    "latest": ("Latest: {title}", "最新：{title}"),
    "answers": ("Answers kept", "已保存的答案"),
    "none": ("Nothing was asked yet.", "尚未提问。"),
    "question": ("Question", "问题"),
    "finding": ("Finding", "结论"),
    "created": ("Made", "生成时间"),
    "run": ("Run", "运行"),
    "id": ("Id", "编号"),
    "every": ("all", "全部"),
}


def build(project: Project, asked: Asked) -> Shown:
    """The questions, and the answers so far."""
    found = asked.kept("decisions", project.answers)
    kind = asked.choice("kind", KINDS)
    shown = [one for one in found if kind in ("", one.kind)]
    counts = Counter(one.kind for one in found)
    title = asked.say("title_none")
    if found:
        key = "title" if len(found) > 1 else "title_one"
        title = asked.say(key, n=len(found), newest=said(found[0], asked.lang))
    sections = [
        Section("questions", asked.say("questions"), [Items([_question(asked, one, found, counts) for one in KINDS])]),
        Section("answers", asked.say("answers"), [_table(asked, shown)]),
    ]
    choices = [Choice(asked.say("every"), asked.asking(kind=None), None, not kind)]
    choices += [
        Choice(asked.say(one), asked.asking(kind=one), counts[one], one == kind) for one in KINDS if counts[one]
    ]
    controls = [Facets([(asked.say("question"), choices)])] if len(counts) > 1 else []
    return Shown(title, sections, basis=asked.say("basis"), controls=controls, rows=[row(one) for one in shown])


def said(one: Decision, lang: str) -> str:
    """The finding of an answer in a language."""
    return one.title.get(lang) or one.title.get("en", one.id)


def row(one: Decision) -> dict[str, object]:
    """An answer as a plain row."""
    head = {"kind": one.kind, "id": one.id, "created": one.created, "run": one.run}
    return {**head, "title": one.title.get("en", ""), "title_zh": one.title.get("zh", "")}


def _question(asked: Asked, kind: str, found: list[Decision], counts: Counter[str]) -> Item:
    latest = next((one for one in found if one.kind == kind), None)
    text = asked.say("latest", title=said(latest, asked.lang)) if latest else ""
    chips = [Chip(asked.say("kept_n", n=counts[kind]))] if counts[kind] else []
    return Item(
        Link(asked.say(kind), asked.to(kind)), asked.say(f"{kind}_asks"), text, chips,
        data={"kind": kind, "kept": counts[kind], "latest": latest.id if latest else None},
    )  # fmt: skip


def _table(asked: Asked, found: list[Decision]) -> Table:
    columns = (
        Column("finding", asked.say("finding"), "wide"),
        Column("question", asked.say("question")),
        Column("run", asked.say("run")),
        Column("created", asked.say("created"), "date"),
        Column("id", asked.say("id")),
    )
    shown, pager = asked.paged(found, 50)
    cells: list[dict[str, Cell]] = [
        {
            "finding": Link(said(one, asked.lang), asked.to(one.kind, one.id)),
            "question": asked.say(one.kind),
            "run": Link(one.run, asked.to("run", one.run)) if one.run else "–",
            "created": answered.made_on(one),
            "id": one.id,
        }
        for one in shown
    ]
    return Table(columns, cells, data=[row(one) for one in found], empty=asked.say("none"), pager=pager)


PAGE = Page("decisions", build, WORDS, nav=65)
