"""Home to the page of sources and method: who says what we know, how far they are trusted, and how it is computed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ytterby.desk import spoken
from ytterby.desk.blocks import Cell, Chip, Column, Link, Notice, Table, Text
from ytterby.desk.page import Asked, KeyFigure, Page, Section, Shown

if TYPE_CHECKING:
    from ytterby.evidence.sources import SourceUse
    from ytterby.project import Project

WORDS = {
    "nav": ("Sources", "来源"),
    "title": (
        "{claims} figures rest on {n} sources; {assumed} % of them are assumed",
        "{claims} 个数字来自 {n} 个来源，其中 {assumed}% 为假设",
    ),
    "basis": ("Figures that count, by source · {day}", "计入的数字，按来源 · {day}"),
    "documents": ("Documents read", "已读文献"),
    "grade_a": ("Sources of grade A", "A 级来源"),
    "grade_a_note": ("authorities and audited accounts", "主管机关与经审计的账目"),
    "assumed_key": ("Assumed figures", "假设数字"),
    "assumed_note": ("from memory, of grade C, or closing a balance", "凭记忆、C 级或用于平衡"),
    "all": ("Every source", "全部来源"),
    "publisher": ("Publisher", "发布者"),
    "source": ("Source", "来源"),
    "year": ("Year", "年份"),
    "grade": ("Grade", "等级"),
    "figures": ("Figures", "数字"),
    "of_them_assumed": ("Assumed", "假设"),
    "access": ("How it reached us", "获取方式"),
    "method": ("Method", "方法"),
    "interface": ("Machine interface", "机器接口"),
    "jobs": ("Jobs", "任务"),
    "m_claims": (
        "Everything numeric is a claim: one statement with its value, unit, basis, time and the exact words it was read"
        " from. Claims that contradict each other are shown side by side; nothing is merged or deleted.",
        "一切数字都是论断：一条陈述，附数值、单位、口径、时间及其原文。相互矛盾的论断并列显示；不合并，不删除。",
    ),
    "m_weigh": (
        "The accepted claims of one parameter are pooled into a distribution by grade of source, confidence, recency"
        " and modality. A world is built from what was known on a day, and nothing later.",
        "同一参数的已采纳论断，按来源等级、置信度、时效与语气汇成一个分布。世界模型只用某日已知的信息，不用其后的信息。",
    ),
    "m_law": (
        "Rules are data: each clause has its days in force, its suspensions and its rival readings. One law gates the"
        " simulation and answers an officer's question.",
        "规则即数据：每一条款都有生效日、暂停期和不同解读。同一套法律既约束模拟，也回答合规官的问题。",
    ),
    "m_run": (
        "A run draws many worlds from these distributions and follows each lot from mine to magnet, week by week. Mass"
        " is conserved by element; the residual is kept with the run. The same inputs and seed give the same bits.",
        "每次运行从这些分布中抽取许多世界，逐周跟踪从矿山到磁体的每一批料。各元素质量守恒，残差随运行保存。"
        "相同的输入与种子给出相同的结果。",
    ),
    "m_assumed": (
        "A figure that nobody published or could check is assumed: it is hatched or dashed wherever it shows.",
        "无人公布或无法核实的数字为假设：凡出现处均以斜纹或虚线标示。",
    ),
}


def build(project: Project, asked: Asked) -> Shown:
    """Every source with what rests on it."""
    from ytterby.evidence.sources import sources

    found = asked.kept("sources", lambda: sources(asked.kept("claims", project.claims)))
    claims = sum(one.claims for one in found)
    assumed = sum(one.assumed for one in found)
    grades = Counter(one.grade for one in found)
    share = round(100 * assumed / claims) if claims else 0
    return Shown(
        title=asked.say("title", claims=f"{claims:,}", n=len(found), assumed=share),
        basis=asked.say("basis", day=asked.today.isoformat()),
        keys=[
            KeyFigure(asked.say("documents"), len(project.documents())),
            KeyFigure(asked.say("grade_a"), grades["A"], note=asked.say("grade_a_note")),
            KeyFigure(asked.say("assumed_key"), assumed, note=asked.say("assumed_note")),
        ],
        sections=[_all(asked, found), _method(asked)],
    )


def _all(asked: Asked, found: list[SourceUse]) -> Section:
    columns = (
        Column("publisher", asked.say("publisher")),
        Column("title", asked.say("source"), "wide"),
        Column("year", asked.say("year"), "date"),
        Column("grade", asked.say("grade")),
        Column("claims", asked.say("figures"), "number"),
        Column("assumed_claims", asked.say("of_them_assumed"), "number"),
        Column("access", asked.say("access")),
    )
    ranked = sorted(found, key=lambda one: (-one.claims, one.publisher.casefold(), one.title))
    shown, pager = asked.paged(ranked, 100)
    data = [
        {
            "publisher": one.publisher,
            "title": one.title,
            "year": one.year,
            "url": one.url,
            "grade": one.grade,
            "kind": one.kind,
            "claims": one.claims,
            "assumed_claims": one.assumed,
            "access": [f"{how} {count}" for how, count in one.access],
        }
        for one in ranked
    ]
    cells: list[dict[str, Cell]] = [
        {
            "publisher": one.publisher,
            "title": Link(one.title or one.url, one.url) if one.url.startswith(("https://", "http://")) else one.title,
            "year": str(one.year or ""),
            "grade": Chip(one.grade, "assumed" if one.grade == "C" else "plain"),
            "claims": one.claims,
            "assumed_claims": one.assumed,
            "access": ", ".join(f"{spoken.access(how, asked.lang)} {count}" for how, count in one.access),
        }
        for one in shown
    ]
    return Section("all", asked.say("all"), [Table(columns, cells, data=data, pager=pager)])


def _method(asked: Asked) -> Section:
    told = [asked.say(key) for key in ("m_claims", "m_weigh", "m_law", "m_run")]
    ways = (Link(asked.say("interface"), asked.to("interface")), " · ", Link(asked.say("jobs"), asked.to("jobs")))
    blocks = [Text(told), Notice(asked.say("m_assumed"), "assumed"), Text([ways])]
    return Section("method", asked.say("method"), blocks)


PAGE = Page("sources", build, WORDS, nav=90)
