"""Home to the page of one document: its own words with claims marked in them, its brief beside them, and what else is
known of it: doubts, versions, texts that say the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from ytterby.desk import contested, figured, marking, reviewing
from ytterby.desk.blocks import (
    Block,
    Cell,
    Column,
    Details,
    Facts,
    Inline,
    Item,
    Items,
    Link,
    Notice,
    Pager,
    Pair,
    Passages,
    Strong,
    Table,
    Text,
    Tongue,
    Words,
)
from ytterby.desk.page import PASSAGES, Asked, Done, Given, KeyFigure, Page, Section, Shown
from ytterby.terms.errors import UnknownName

if TYPE_CHECKING:
    from ytterby.evidence.briefs.shape import Brief, Point
    from ytterby.evidence.claims import Claim
    from ytterby.evidence.documents import Document, Passage
    from ytterby.project import Project

WORDS = {
    **reviewing.WORDS,
    "nav": ("Document", "文献"),
    "documents": ("Documents", "文献"),
    "title": ("“{title}” gives {n} figures; {waiting} wait", "“{title}”提供 {n} 个数字，{waiting} 个待审"),
    "title_none": ("“{title}” gives no figure", "“{title}”没有数字"),
    "untitled": ("(no title)", "（无标题）"),
    "figures": ("Figures", "数字"),
    "waiting": ("Waiting", "待审"),
    "contests": ("Contested", "有争议"),
    "doubtful": ("Doubts", "存疑"),
    "text": ("Words and brief", "原文与摘要"),
    "own_words": ("In its own words", "原文"),
    "brief": ("In brief", "摘要"),
    "made_by": ("Every point names its passages. Made by {maker}.", "每一点均注明段落。生成方式：{maker}。"),
    "rules_maker": ("rules", "规则"),
    "no_brief": ("There is nothing to sum up.", "没有可摘要的内容。"),
    "dropped": ("{n} points did not stand the check", "{n} 点未通过核对"),
    "doubts": ("Offices that do not fit the day", "职务与日期不符"),
    "doubt": ("{person}, {office} on {day}: {cause}", "{person}，{office}，{day}：{cause}"),
    "held": ("Held: {held}", "任期：{held}"),
    "claims": ("Figures read from it", "从中读出的数字"),
    "passage_head": ("Passage", "段落"),
    "figure": ("Figure", "数字"),
    "about": ("About", "内容"),
    "kind": ("Kind", "类别"),
    "standing": ("Standing", "状态"),
    "no_claims": ("No figure was read from it.", "未从中读出数字。"),
    "versions": ("Versions and texts that say the same", "版本与内容相同的文本"),
    "version_n": ("Version {n}", "第 {n} 版"),
    "this_one": ("shown here", "当前"),
    "twin": ("the same facts in the other language", "另一语言的相同内容"),
    "copy_of": ("nearly the same words", "几乎相同的文字"),
    "shares": ("shares {what}", "共有 {what}"),
    "newer": ("There is a newer version; the figures of this one no longer count. ", "已有新版本，本版数字不再计入。"),
    "open_newer": ("Open the newest", "打开最新版本"),
    "about_it": ("About this document", "关于本文献"),
    "publisher": ("Publisher", "发布者"),
    "author": ("Author", "作者"),
    "date": ("Date", "日期"),
    "path": ("Read from", "读自"),
    "media": ("Media type", "媒体类型"),
    "id": ("Id (SHA-256)", "标识（SHA-256）"),
}


def build(project: Project, asked: Asked) -> Shown:
    """One document with all that was read from it."""
    document = _document(project, asked)
    claims = _claims(project, document)
    clashing = contested.contested(project, asked).conflicting & {claim.id for claim in claims}
    doubts = project.doubts(document.id)
    waiting = sum(claim.status == "pending" for claim in claims)
    versions = _versions(project, document)
    part, pager = asked.paged(document.passages, PASSAGES)
    here = claims if pager is None else _within(claims, part)
    key = "title" if claims else "title_none"
    counts: dict[str, int] = {"n": len(claims), "waiting": waiting} if claims else {}
    sections = [_text(project, asked, document, here, clashing, part, pager), _figures(asked, here, claims, clashing)]
    if doubts:
        sections.insert(0, _doubts(asked, document, doubts))
    if here:
        sections.append(Section("review", asked.say("review"), [reviewing.form(asked, here, tick=len(here) > 1)]))
    sections += [_others(project, asked, document, versions), _facts(asked, document)]
    newest = versions[-1]
    newer: list[Block] = []
    if newest.id != document.id:
        link = Link(asked.say("open_newer"), asked.to("document", newest.id))
        newer.append(Notice([asked.say("newer"), link], "pending"))
    return Shown(
        asked.say(key, title=document.title or asked.say("untitled"), **counts),
        sections,
        basis=" · ".join(one for one in (document.publisher, document.date, document.author) if one),
        keys=[
            KeyFigure(asked.say("figures"), len(claims), to=asked.to("claims", asked={"document": document.id})),
            KeyFigure(asked.say("waiting"), waiting),
            KeyFigure(asked.say("contests"), len(clashing)),
            KeyFigure(asked.say("doubtful"), len(doubts)),
        ],
        controls=newer,
        crumbs=[Link(asked.say("documents"), asked.to("documents"))],
        rows=[figured.row(claim) for claim in claims],
        data={"document": {"id": document.id, "title": document.title, "date": document.date, "lang": document.lang,
                           "publisher": document.publisher, "version": document.version, "work": document.work}},
    )  # fmt: skip


def act(project: Project, asked: Asked, given: Given) -> Done:
    """Enters a verdict on the figures that were ticked, of the part that was shown."""
    document = _document(project, asked)
    part, pager = asked.paged(document.passages, PASSAGES)
    claims = _claims(project, document)
    return reviewing.take(project, asked, given, claims if pager is None else _within(claims, part))


def _within(claims: Sequence[Claim], part: Sequence[Passage]) -> list[Claim]:
    """The claims that begin in some passages."""
    first, last = (part[0].start, part[-1].end) if part else (0, 0)
    return [claim for claim in claims if first <= (claim.start or 0) < last]


def _document(project: Project, asked: Asked) -> Document:
    # A name with a tilde would be looked for in somebody's home.
    if asked.name.startswith("~"):
        raise UnknownName(asked.name, (), "document")
    return project.document(asked.name)


def _claims(project: Project, document: Document) -> list[Claim]:
    return sorted(project.claims(document=document.id), key=lambda one: (one.start or 0, one.end or 0, one.id))


def _versions(project: Project, document: Document) -> list[Document]:
    from ytterby.evidence.library import Library
    from ytterby.store import database, folder

    place = folder.find(project.path)
    with database.open(place) as db:
        return Library(place, db).versions(document.id) or [document]


def _text(
    project: Project,
    asked: Asked,
    document: Document,
    claims: Sequence[Claim],
    clashing: frozenset[str],
    part: Sequence[Passage],
    pager: Pager | None,
) -> Section:
    own = Passages(marking.passages(asked, document, claims, clashing, part), document.lang or "en", pager)
    brief = project.brief(document.id, asked.lang)
    pair = Pair([own], _brief(asked, brief), asked.say("own_words"), asked.say("brief"), "left")
    return Section("text", asked.say("text"), [pair])


def _brief(asked: Asked, brief: Brief) -> list[Block]:
    if not any(True for _ in brief.points()):
        return [Text([asked.say("no_brief")], quiet=True)]
    blocks: list[Block] = []
    if brief.core.text:
        blocks.append(Text([_point(asked, brief, brief.core, strong=True)]))
    for group in brief.groups:
        items = [Item(_point(asked, brief, one), data=one.to_dict()) for one in group.points]
        blocks += [Text([Strong(group.title)], quiet=True), Items(items)]
    maker = asked.say("rules_maker") if brief.maker == "rules" else brief.maker
    blocks.append(Text([asked.say("made_by", maker=maker)], quiet=True))
    if brief.dropped:
        told = [Item(one.text, one.why, data=one.to_dict()) for one in brief.dropped]
        blocks.append(Details(asked.say("dropped", n=len(brief.dropped)), [Items(told)]))
    return blocks


def _point(asked: Asked, brief: Brief, point: Point, *, strong: bool = False) -> Words:
    cites: list[Inline] = []
    for n in point.cites:
        to = asked.to("document", brief.document, at=f"p{n}")
        cites += [" ", Link(f"[{n}]", to, hint=asked.say("passage", n=n))]
    return [Strong(point.text) if strong else Tongue(point.text, brief.lang or "en"), *cites]


def _doubts(asked: Asked, document: Document, doubts: Sequence[Any]) -> Section:
    blocks: list[Block] = []
    for one in doubts:
        passage = document.passage_at(one.start)
        words = document.text[one.start : one.end]
        told: Words = asked.say("doubt", person=one.person, office=one.office, day=one.on, cause=one.cause)
        where = Link(words, asked.to("document", document.id, at=f"p{passage.n}" if passage else ""), document.lang)
        held = f" {asked.say('held', held=one.held)}" if one.held else ""
        blocks.append(Notice([where, " ", str(told), held], "bad"))
    return Section("doubts", asked.say("doubts"), blocks)


def _figures(asked: Asked, claims: Sequence[Claim], every: Sequence[Claim], clashing: frozenset[str]) -> Section:
    columns = (
        Column("passage", asked.say("passage_head")),
        Column("figure", asked.say("figure")),
        Column("about", asked.say("about"), "wide"),
        Column("kind", asked.say("kind")),
        Column("standing", asked.say("standing")),
    )
    cells: list[dict[str, Cell]] = []
    for claim in claims:
        n = claim.passage or 0
        figure = figured.figure(claim, asked.lang) or figured.kind(claim.kind, asked.lang)
        cells.append(
            {
                "passage": Link(str(n), asked.to("document", claim.document, at=f"p{n}")),
                "figure": Link(figure, asked.to("claim", claim.id)),
                "about": figured.about(claim, asked.lang),
                "kind": figured.kind(claim.kind, asked.lang),
                "standing": figured.standing(asked, claim, contested=claim.id in clashing),
                "assumed": claim.assumed,
            }
        )
    table = Table(columns, cells, data=[figured.row(claim) for claim in every], empty=asked.say("no_claims"))
    return Section("claims", asked.say("claims"), [table])


def _others(project: Project, asked: Asked, document: Document, versions: Sequence[Document]) -> Section:
    documents = {one.id: one for one in asked.kept("documents", project.documents)}
    alike = asked.kept("likenesses", project.likenesses)
    items = []
    for one in reversed(versions):
        here = f" · {asked.say('this_one')}" if one.id == document.id else ""
        items.append(_other(asked, one, asked.say("version_n", n=one.version) + here))
    for pair in alike["twins"]:
        if document.id in (pair["zh"], pair["en"]):
            other = documents.get(pair["en"] if pair["zh"] == document.id else pair["zh"])
            shared = asked.say("shares", what=", ".join(pair["shared"][:6]))
            items += [_other(asked, other, f"{asked.say('twin')} · {shared}")] if other else []
    for group in alike["duplicates"]:
        if document.id in group["members"]:
            found = [documents[name] for name in group["members"] if name in documents and name != document.id]
            items += [_other(asked, one, asked.say("copy_of")) for one in found]
    return Section("versions", asked.say("versions"), [Items(items)], width="half")


def _other(asked: Asked, document: Document, why: str) -> Item:
    title = document.title or asked.say("untitled")
    data = {"id": document.id, "title": title, "date": document.date, "version": document.version, "why": why}
    link = Link(title, asked.to("document", document.id), lang=document.lang)
    return Item(link, " · ".join(one for one in (document.date, why) if one), data=data)


def _facts(asked: Asked, document: Document) -> Section:
    outside = document.url.startswith(("http://", "https://"))
    told: list[tuple[str, Cell]] = [
        (asked.say("publisher"), document.publisher),
        (asked.say("author"), document.author),
        (asked.say("date"), document.date),
        (asked.say("path"), Link(document.url, document.url) if outside else PurePath(document.path).name),
        (asked.say("media"), document.media),
        (asked.say("id"), f"{document.id[:16]}…"),
    ]  # fmt: skip
    return Section("about", asked.say("about_it"), [Facts([one for one in told if one[1]])], width="half")


PAGE = Page("document", build, WORDS, about=("document",), under="documents", act=act)
