"""Home to the page that screens a name: the listed parties it may be, and what people decided; a person decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ytterby.desk import lawyerly, reasoned
from ytterby.desk.blocks import Block, Cell, Chip, Column, Field, Form, Inline, Link, Notice, Table, Text, Tongue
from ytterby.desk.page import Asked, Done, Given, Page, Section, Shown
from ytterby.terms.errors import BadValue, InputError, UnknownName

if TYPE_CHECKING:
    from ytterby.project import Project
    from ytterby.rules.screening import Candidate, Decision

WORDS = {
    **lawyerly.WORDS,
    "nav": ("Screen a name", "筛查名称"),
    "title_ask": (
        "{n} names on {lists} lists; say whom to look for",
        "{lists} 份清单上有 {n} 个名称；请输入要查的名称",
    ),
    "title_match": ("{name} stands on {lists}", "{name} 在清单上：{lists}"),
    "title_like": ("{name} is like {n} of the listed; a person decides", "{name} 与 {n} 个清单实体相近，须由人判断"),
    "title_nobody": ("{name} resembles nobody listed", "{name} 与清单上任何实体均不相近"),
    "title_decided": ("{name}: decided to be nobody listed", "{name}：已认定不在清单上"),
    "title_wrong": ("This name cannot be screened", "无法筛查这一名称"),
    "basis": (
        "A name that a list gives itself is a match; whatever is merely alike stops nothing until somebody decided",
        "与清单所列名称一致即为命中；仅相近者，在有人作出认定之前不产生任何后果",
    ),
    "form": ("Whom to look for", "查询对象"),
    "name": ("Name of a person or firm", "个人或企业名称"),
    "name_help": ("English, Chinese or Japanese", "中文、英文或日文"),
    "country": ("Country", "国家"),
    "country_help": ("Parties of other countries then score lower", "填写后其他国家的实体得分降低"),
    "on": ("Listed on the day", "在清单之日"),
    "on_help": ("Without it, whoever ever was", "不填则含曾在清单者"),
    "go": ("Screen", "筛查"),
    "found": ("Candidates: {n}", "{n} 个候选"),
    "party": ("Listed party", "清单实体"),
    "in_chinese": ("In Chinese", "中文名称"),
    "list": ("List", "清单"),
    "score": ("Likeness", "相似度"),
    "why": ("Why", "理由"),
    "grade": ("Grade", "等级"),
    "match": ("match", "命中"),
    "candidate": ("candidate", "候选"),
    "incomplete": (
        "Not all names are here of {lists}: who was not found may still be on them.",
        "以下清单未收录完整：{lists}；未查到者仍可能在列。",
    ),
    "decide": ("Decide who it is", "作出认定"),
    "decide_basis": (
        "Kept with name and reason, never changed; verdicts follow it from then on.",
        "认定与理由一并保存、不得更改；此后的判定以此为准。",
    ),
    "is": ("It is", "认定为"),
    "nobody": ("nobody on a list", "不在任何清单上"),
    "reviewer": ("Who decides", "认定人"),
    "reason": ("Why", "理由"),
    "keep": ("Keep this decision", "保存认定"),
    "kept": ("Decided: {name}", "已认定：{name}"),
    "decisions": ("Names decided upon: {n}", "已对 {n} 个名称作出认定"),
    "decisions_none": ("No name was decided upon yet", "尚无认定"),
    "at": ("When", "时间"),
    "decided_as": ("Decided as", "认定结果"),
    "lists": ("{n} lists of parties", "{n} 份实体清单"),
    "since": ("Since", "自"),
    "members": ("Names here", "已收录"),
    "size": ("Names on it", "清单总数"),
    "authority": ("Authority", "发布机关"),
    "choose": ("choose", "请选择"),
}


def build(project: Project, asked: Asked) -> Shown:
    """The form, the candidates for the name asked for, and what was decided before."""
    name = asked.get("name").strip()
    lists = project.law().lists
    error: InputError | None = None
    found: list[Candidate] = []
    if name:
        try:
            found = project.screen(name, asked.get("country").strip() or None, lawyerly.day(asked, "on"))
        except InputError as caught:
            error = caught
    made = project.decisions()
    sections = [_form(asked, error)]
    if name and error is None:
        sections += [_candidates(asked, project, found), _decide(asked, name, found)]
    sections += [_decisions(asked, made), _lists(asked, project)]
    members = sum(len(one.members) for one in lists.values())
    return Shown(
        _title(asked, name, found, made, members, len(lists), error),
        sections,
        basis=asked.say("basis"),
        crumbs=[Link(asked.say("rules"), asked.to("rules"))],
        rows=[one.to_dict() for one in found] if name else None,
        data={"name": name},
        status=400 if error is not None else 200,
    )


def _title(
    asked: Asked,
    name: str,
    found: Sequence[Candidate],
    made: Sequence[Decision],
    members: int,
    lists: int,
    error: InputError | None,
) -> str:
    from ytterby.rules.parties import spelt

    if error is not None:
        return asked.say("title_wrong")
    if not name:
        return asked.say("title_ask", n=members, lists=lists)
    matched = list(dict.fromkeys(one.list for one in found if one.match))
    shown = name[:120]
    if matched:
        return asked.say("title_match", name=shown, lists=asked.say("comma").join(matched))
    if found:
        return asked.say("title_like", name=shown, n=len(found))
    decided = any(spelt(one.name) == spelt(name) and not one.party for one in made)
    return asked.say("title_decided" if decided else "title_nobody", name=shown)


def _form(asked: Asked, error: InputError | None) -> Section:
    wrong = "" if error is None else str(error).replace("\n", ". ")
    at_country = isinstance(error, UnknownName)
    fields = [
        Field("name", asked.say("name"), "search", asked.get("name"), help=asked.say("name_help"),
              error="" if at_country else wrong, required=True),
        Field("country", asked.say("country"), value=asked.get("country"), help=asked.say("country_help"),
              error=wrong if at_country else ""),
        Field("on", asked.say("on"), "date", asked.get("on"), help=asked.say("on_help")),
    ]  # fmt: skip
    form = Form("screen", fields, asked.say("go"), asked.to("screen"), method="get")
    return Section("name", asked.say("form"), [form])


def _candidates(asked: Asked, project: Project, found: Sequence[Candidate]) -> Section:
    lists = project.law().lists
    columns = (
        Column("party", asked.say("party"), "wide"),
        Column("zh", asked.say("in_chinese")),
        Column("country", asked.say("country")),
        Column("list", asked.say("list")),
        Column("score", asked.say("score"), "number"),
        Column("why", asked.say("why"), "wide"),
        Column("grade", asked.say("grade")),
    )
    cells: list[dict[str, Cell]] = []
    for one in found:
        chip = Chip(asked.say("match"), "bad") if one.match else Chip(asked.say("candidate"), "pending")
        party: list[Inline] = [Tongue(one.party.name, "en"), " ", chip]
        cells.append({
            "party": party,
            "zh": Tongue(one.party.zh, "zh-Hans") if one.party.zh else "",
            "country": one.party.country,
            "list": _list(asked, project, one.list),
            "score": f"{one.score:.0%}",
            "why": reasoned.told(one.why, asked.lang),
            "grade": one.party.confidence,
        })  # fmt: skip
    partial = [one.id for one in lists.values() if not one.complete]
    blocks: list[Block] = [Table(columns, cells, data=[one.to_dict() for one in found])]
    if partial:
        blocks.append(Notice(asked.say("incomplete", lists=asked.say("comma").join(partial))))
    return Section("candidates", asked.say("found", n=len(found)), blocks)


def _list(asked: Asked, project: Project, name: str) -> Link | str:
    one = project.law().lists.get(name)
    return name if one is None else Link(name, asked.to("instrument", one.instrument), hint=one.title)


def _decide(asked: Asked, name: str, found: Sequence[Candidate]) -> Section:
    parties = list(dict.fromkeys(one.party.name for one in found))
    options = [("", asked.say("choose")), *((f"={one}", one) for one in parties), ("nobody", asked.say("nobody"))]
    fields = [
        Field("is", asked.say("is"), "select", options=options, required=True),
        Field("reviewer", asked.say("reviewer"), required=True),
        Field("reason", asked.say("reason"), required=True),
    ]
    form = Form("decide", fields, asked.say("keep"), asked.asking(name=name))
    return Section("decide", asked.say("decide"), [form], basis=asked.say("decide_basis"))


def _decisions(asked: Asked, made: Sequence[Decision]) -> Section:
    columns = (
        Column("at", asked.say("at"), "date"),
        Column("name", asked.say("name"), "wide"),
        Column("party", asked.say("decided_as"), "wide"),
        Column("reviewer", asked.say("reviewer")),
        Column("reason", asked.say("reason"), "wide"),
    )
    cells: list[dict[str, Cell]] = [
        {
            "at": one.at[:10],
            "name": Link(one.name, asked.to("screen", asked={"name": one.name})),
            "party": f"{one.party} ({one.list})" if one.party else asked.say("nobody"),
            "reviewer": one.reviewer,
            "reason": one.reason,
        }
        for one in made[:100]
    ]
    title = asked.say("decisions", n=len(made)) if made else asked.say("decisions_none")
    if not made:
        return Section("decisions", title, [Text([asked.say("decide_basis")], quiet=True)])
    return Section("decisions", title, [Table(columns, cells, data=[one.to_dict() for one in made])])


def _lists(asked: Asked, project: Project) -> Section:
    lists = sorted(project.law().lists.values(), key=lambda one: (one.since, one.id), reverse=True)
    columns = (
        Column("list", asked.say("list"), "wide"),
        Column("authority", asked.say("authority")),
        Column("since", asked.say("since"), "date"),
        Column("members", asked.say("members"), "number"),
        Column("size", asked.say("size"), "number"),
    )
    cells: list[dict[str, Cell]] = []
    data = []
    for one in lists:
        title = (one.title_zh or one.title) if asked.lang == "zh" else one.title
        cells.append({
            "list": Link(title, asked.to("instrument", one.instrument), hint=one.id),
            "authority": lawyerly.authority(one.authority, asked.lang),
            "since": one.since.isoformat(),
            "members": len(one.members),
            "size": one.size if one.size is not None else (len(one.members) if one.complete else None),
        })  # fmt: skip
        data.append({"id": one.id, "title": one.title, "authority": one.authority, "instrument": one.instrument,
                     "kind": one.kind, "from": one.since, "members": len(one.members), "size": one.size,
                     "complete": one.complete})  # fmt: skip
    return Section("lists", asked.say("lists", n=len(lists)), [Table(columns, cells, data=data)])


def act(project: Project, asked: Asked, given: Given) -> Done:
    """Keeps what a person decided about the name of the address."""
    name, said = asked.get("name").strip(), given.get("is")
    if not said:
        raise BadValue(asked.say("choose"), place=asked.say("is"))
    party = said.removeprefix("=") if said.startswith("=") else None
    project.decide(name, party, reviewer=given.get("reviewer"), reason=given.get("reason"))
    return Done(asked.asking(), asked.say("kept", name=name[:120]))


PAGE = Page("screen", build, WORDS, under="rules", act=act)
