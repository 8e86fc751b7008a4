"""Home to the page of claims: every figure with its sentence, narrowed by facets that count, and what contradicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ytterby.desk import contested, figured
from ytterby.desk.blocks import Block, Cell, Choice, Column, Details, Facets, Field, Form, Link, Table, Text
from ytterby.desk.page import Asked, KeyFigure, Page, Section, Shown
from ytterby.terms.errors import UnknownName

if TYPE_CHECKING:
    from ytterby.evidence.claims import Claim
    from ytterby.evidence.documents import Document
    from ytterby.evidence.lineage import Line
    from ytterby.project import Project

WORDS = {
    **contested.WORDS,
    "nav": ("Claims", "论断"),
    "title": (
        "{n} figures; {contested} contradict another, {waiting} wait",
        "{n} 个数字：{contested} 个有矛盾，{waiting} 个待审",
    ),
    "title_none": ("No figure fits these filters", "没有符合条件的数字"),
    "basis": (
        "Every figure with its source and words · nothing is merged or deleted",
        "每个数字附来源与原文 · 不合并，不删除",
    ),
    "status": ("Standing", "状态"),
    "kind": ("Kind", "类别"),
    "place": ("Place", "地点"),
    "document": ("Read from", "来源"),
    "mark": ("Marked", "标记"),
    "everything": ("everything", "全部"),
    "tables": ("our tables", "自有数据表"),
    "all": ("The figures", "数字"),
    "conflicts": ("Conflicts side by side", "矛盾并列"),
    "no_conflicts": ("Nothing here contradicts another figure.", "此处没有相互矛盾的数字。"),
    "conflicts_basis": (
        "Same subject, basis, place and period; intervals that do not meet",
        "同一主题、口径、地点与时期，区间不相交",
    ),
    "more_conflicts": ("{n} more: narrow the filters to see them.", "另有 {n} 组：请缩小范围查看。"),
    "lineage": ("Who said it first, who repeats it", "谁先说，谁转述"),
    "lineage_basis": ("Repeats are agreement, not evidence: each line counts once", "转述不是证据：每条脉络只计一次"),
    "no_lineage": ("No figure here was repeated.", "此处没有被转述的数字。"),
    "origin": ("First said by", "最早来源"),
    "since": ("Since", "始于"),
    "times": ("Said", "次数"),
    "hands": ("By", "转述者"),
    "parameter": ("Parameter", "参数"),
    "words": ("Words in it", "包含文字"),
    "narrow": ("Narrow", "筛选"),
    "waiting": ("Waiting", "待审"),
    "assumed_key": ("Assumed", "假设"),
    "contested_key": ("Contradicted", "有矛盾"),
    "untitled": ("(no title)", "（无标题）"),
}
FACETS = ("status", "kind", "place", "document", "mark")
MOST = 14
"""Values offered of a facet."""
PAIRS = 25
"""Conflicts shown side by side."""


def build(project: Project, asked: Asked) -> Shown:
    """The claims that fit the address, with counts of what each further filter would leave."""
    every: list[Claim] = asked.kept("claims", project.claims)
    disputes = contested.contested(project, asked)
    readers = _readers(disputes.conflicting)
    chosen = {name: asked.get(name) for name in FACETS if asked.get(name)}
    _known(chosen, every, readers)
    within = _within(asked, every)
    fitting = [one for one in within if all(value in readers[name](one) for name, value in chosen.items())]
    fitting.sort(key=lambda one: (one.known is None, -(one.known.toordinal() if one.known else 0), one.id))
    waiting = sum(one.status == "pending" for one in fitting)
    clashing = sum(one.id in disputes.conflicting for one in fitting)
    counts = {"n": f"{len(fitting):,}", "contested": f"{clashing:,}", "waiting": f"{waiting:,}"}
    return Shown(
        asked.say("title", **counts) if fitting else asked.say("title_none"),
        [
            _all(asked, fitting, disputes.conflicting),
            _conflicts(asked, fitting, every, disputes),
            _lineage(project, asked, fitting),
        ],
        basis=asked.say("basis"),
        keys=[
            KeyFigure(asked.say("waiting"), waiting, to=asked.asking(status="pending")),
            KeyFigure(asked.say("contested_key"), clashing, to=asked.asking(mark="contested")),
            KeyFigure(asked.say("assumed_key"), sum(one.assumed for one in fitting), to=asked.asking(mark="assumed")),
        ],
        controls=[_form(asked), _facets(project, asked, within, chosen, readers)],
    )


def _readers(conflicting: frozenset[str]) -> dict[str, Callable[[Claim], tuple[str, ...]]]:
    def marks(claim: Claim) -> tuple[str, ...]:
        flags = (("contested", claim.id in conflicting), ("assumed", claim.assumed))
        return tuple(name for name, so in flags if so)

    return {
        "status": lambda claim: (claim.status,),
        "kind": lambda claim: (claim.kind,),
        "place": lambda claim: tuple({one for one in (claim.place, claim.counterpart) if one}),
        "document": lambda claim: (_origin(claim), claim.document),
        "mark": marks,
    }


def _origin(claim: Claim) -> str:
    return "tables" if claim.document.startswith(("baseline:", "overlay")) else claim.document


def _known(chosen: dict[str, str], claims: list[Claim], readers: dict[str, Callable[[Claim], tuple[str, ...]]]) -> None:
    """Refuses a filter by a value that no claim has and none could have."""
    fixed = {
        "status": ("pending", "accepted", "rejected"),
        "kind": tuple(figured.KINDS),
        "mark": ("contested", "assumed"),
    }
    for name, value in chosen.items():
        known = fixed.get(name) or tuple({one for claim in claims for one in readers[name](claim)})
        if value not in known:
            raise UnknownName(value, known, name, f"'{name}' of the address")


def _within(asked: Asked, claims: list[Claim]) -> list[Claim]:
    """The claims whose words hold what was typed, of the parameter that was named."""
    from ytterby.terms.text import fold

    words, parameter = fold(asked.get("q").strip()).casefold(), asked.get("parameter")
    return [
        one
        for one in claims
        if (not parameter or one.parameter == parameter)
        and (
            not words or words in fold(f"{one.quote} {one.subject} {one.object} {one.parameter} {one.note}").casefold()
        )
    ]


def _facets(
    project: Project,
    asked: Asked,
    claims: list[Claim],
    chosen: dict[str, str],
    readers: dict[str, Callable[[Claim], tuple[str, ...]]],
) -> Facets:
    documents: dict[str, Document] = {one.id: one for one in asked.kept("documents", project.documents)}

    def called(name: str, value: str) -> str:
        if name == "kind":
            return figured.kind(value, asked.lang)
        if name == "place":
            return figured.where(value, asked.lang)
        if name != "document":
            return asked.say(value)
        found = documents.get(value)
        title = found.title or asked.say("untitled") if found else asked.say("tables") if value == "tables" else value
        return title if len(title) <= 40 else f"{title[:39]}…"

    groups = []
    for name in FACETS:
        rest = {other: value for other, value in chosen.items() if other != name}
        left = [one for one in claims if all(value in readers[other](one) for other, value in rest.items())]
        counts = Counter(one for claim in left for one in dict.fromkeys(readers[name](claim)) if _offered(one))
        now = chosen.get(name, "")
        ranked = sorted(counts.items(), key=lambda one: (one[0] != now, -one[1], one[0]))[:MOST]
        some = [Choice(called(name, one), asked.asking(**{name: one}), count, one == now) for one, count in ranked]
        every = Choice(asked.say("everything"), asked.asking(**{name: None}), len(left), not now)
        groups.append((asked.say(name), [every, *some]))
    return Facets(groups)


def _offered(value: str) -> bool:
    return not value.startswith(("baseline:", "overlay"))


def _form(asked: Asked) -> Form:
    kept = [Field(name, name, "hidden", asked.get(name)) for name in (*FACETS, "parameter") if asked.get(name)]
    fields = [Field("q", asked.say("words"), "search", asked.get("q"), wide=True), *kept]
    return Form("narrow", fields, asked.say("narrow"), asked.to("claims"), "get", inline=True)


def table(asked: Asked, claims: Sequence[Claim], conflicting: frozenset[str], size: int = 50) -> Table:
    """Claims as a table: figure, what it is about, the words, who said it, its standing."""
    columns = (
        Column("figure", asked.say("figure")),
        Column("about", asked.say("about"), "wide"),
        Column("words", asked.say("words_read"), "wide"),
        Column("source", asked.say("said_by")),
        Column("known", asked.say("known"), "date"),
        Column("standing", asked.say("standing")),
    )
    shown, pager = asked.paged(claims, size)
    cells: list[dict[str, Cell]] = [
        {
            "figure": Link(
                figured.figure(one, asked.lang) or figured.kind(one.kind, asked.lang), asked.to("claim", one.id)
            ),
            "about": figured.about(one, asked.lang),
            "words": figured.quoted(asked, one, 120),
            "source": one.source.publisher or one.source.title,
            "known": one.known.isoformat() if one.known else "",
            "standing": figured.standing(asked, one, contested=one.id in conflicting),
            "assumed": one.assumed,
        }
        for one in shown
    ]
    return Table(columns, cells, data=[figured.row(one) for one in claims], pager=pager)


def _all(asked: Asked, claims: list[Claim], conflicting: frozenset[str]) -> Section:
    return Section("all", asked.say("all"), [table(asked, claims, conflicting)])


def _conflicts(asked: Asked, fitting: list[Claim], every: list[Claim], disputes: contested.Contests) -> Section:
    here, by_id = {one.id for one in fitting}, {one.id: one for one in every}
    pairs = [
        one
        for one in disputes.pairs
        if not one.why and (one.first in here or one.second in here) and {one.first, one.second} <= by_id.keys()
    ]
    blocks: list[Block] = [
        contested.beside(asked, ((by_id[one.first], by_id[one.second], "") for one in pairs[:PAIRS]))
    ]
    if len(pairs) > PAIRS:
        blocks.append(Text([asked.say("more_conflicts", n=len(pairs) - PAIRS)], quiet=True))
    told = asked.say("conflicts") + f" ({len(pairs)})"
    shown: list[Block] = [Details(told, blocks, open=len(pairs) <= 6)] if pairs else [Text([asked.say("no_conflicts")])]
    return Section("conflicts", asked.say("conflicts"), shown, basis=asked.say("conflicts_basis"))


def lines(asked: Asked, found: Sequence[Line]) -> Table:
    """Lines of figures: who said each first, since when, how often, and whose hands it went through."""
    columns = (
        Column("figure", asked.say("figure")),
        Column("parameter", asked.say("parameter")),
        Column("origin", asked.say("origin")),
        Column("since", asked.say("since"), "date"),
        Column("times", asked.say("times"), "number"),
        Column("hands", asked.say("hands"), "wide"),
    )
    cells: list[dict[str, Cell]] = [
        {
            "figure": Link(f"{one.figure:,.6g} {one.unit}".strip(), asked.to("claim", one.first)),
            "parameter": Link(one.parameter, asked.to("parameter", one.parameter)),
            "origin": one.origin,
            "since": one.since.isoformat() if one.since else "",
            "times": len(one.claims),
            "hands": " → ".join(one.hands),
        }
        for one in found
    ]
    return Table(columns, cells, data=[one.to_dict() for one in found], empty=asked.say("no_lineage"))


def _lineage(project: Project, asked: Asked, fitting: list[Claim]) -> Section:
    here = {one.id for one in fitting}
    every: list[Line] = asked.kept("lineage", project.lineage)
    found = sorted((one for one in every if here & set(one.claims)), key=lambda one: (-len(one.claims), one.parameter))
    return Section("lineage", asked.say("lineage"), [lines(asked, found[:40])], basis=asked.say("lineage_basis"))


PAGE = Page("claims", build, WORDS, nav=30)
