"""Home to the page that searches documents, claims, rules and plants, and shows the very sentence that answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.desk import figured
from ytterby.desk.blocks import Block, Chip, Choice, Facets, Field, Form, Inline, Item, Items, Link, Mark, Notice, Text
from ytterby.desk.page import Asked, Page, Section, Shown
from ytterby.desk.urls import Address
from ytterby.terms.errors import InputError

if TYPE_CHECKING:
    from ytterby.evidence.search import Hit
    from ytterby.project import Project

WORDS = {
    "nav": ("Search", "搜索"),
    "title": ("{n} answers to “{query}”", "“{query}”有 {n} 条结果"),
    "title_more": ("The best {n} answers to “{query}”", "“{query}”的前 {n} 条结果"),
    "title_one": ("One answer to “{query}”", "“{query}”有 1 条结果"),
    "title_none": ("Nothing answers “{query}”", "没有找到“{query}”"),
    "title_ask": ("Search what was read, the rules and the plants", "搜索已读文献、规则与工厂"),
    "title_refused": ("The question cannot be understood", "无法理解该查询"),
    "basis": ("Best first · documents, claims, rules and facilities", "按相关度 · 文献、论断、规则与设施"),
    "how": (
        "Words in either language find each other; “…” keeps words together, -word leaves out, dyspro* begins a word.",
        "中英文互查；“…”为整句，-词 为排除，dyspro* 为词首。",
    ),
    "try": ("For example: ", "例如："),
    "query": ("Words", "检索词"),
    "place": ("Place", "地点"),
    "kind": ("Kind of figure", "数字类别"),
    "since": ("From", "自"),
    "until": ("To", "至"),
    "go": ("Search", "搜索"),
    "any": ("any", "不限"),
    "type": ("Look in", "范围"),
    "lang": ("Language", "语言"),
    "everything": ("everything", "全部"),
    "document": ("documents", "文献"),
    "claim": ("claims", "论断"),
    "rule": ("rules", "规则"),
    "facility": ("facilities", "设施"),
    "a_document": ("document", "文献"),
    "a_claim": ("claim", "论断"),
    "a_rule": ("rule", "规则"),
    "a_facility": ("facility", "设施"),
    "zh": ("Chinese", "中文"),
    "zh-Hant": ("Chinese, traditional", "繁体中文"),
    "en": ("English", "英文"),
    "hits": ("Answers", "结果"),
    "widen": ("Take a filter away, or ask with fewer words.", "请减少筛选条件或检索词。"),
    "untitled": ("(no title)", "（无标题）"),
    "passage_n": ("passage {n}", "第 {n} 段"),
}
MOST = 200
"""Hits looked for; no page of a reader goes further."""
SIZE = 20
TRY = ("镝 出口许可", "magnet exports Japan", "price floor", "Lynas")


def build(project: Project, asked: Asked) -> Shown:
    """What answers the question of the address, best first."""
    from ytterby.evidence.search.entries import TYPES

    query = asked.get("q").strip()
    if not query:
        examples: list[Inline] = [asked.say("try")]
        for one in TRY:
            examples += [Link(one, asked.to("search", asked={"q": one}), lang=figured.tongue(one)), "  "]
        section = Section("hits", asked.say("nav"), [Text([asked.say("how"), examples])])
        return Shown(asked.say("title_ask"), [section], controls=[_form(asked)], rows=())
    try:
        hits = project.search(
            query,
            MOST,
            lang=asked.choice("lang", ("zh", "zh-Hant", "en")) or None,
            type=asked.choice("type", TYPES) or None,
            place=asked.get("place") or None,
            kind=asked.choice("kind", figured.KINDS) or None,
            since=asked.get("since") or None,
            until=asked.get("until") or None,
        )
    except InputError as error:
        # A question that is mended in the box above it keeps its box.
        told: list[Block] = [Notice(error.cause, "bad"), Text([one for one in (error.remedy, asked.say("how")) if one])]
        section = Section("hits", asked.say("nav"), told)
        data = {"error": error.to_dict()}
        return Shown(asked.say("title_refused"), [section], controls=[_form(asked)], rows=(), data=data, status=400)
    key = (
        "title_none" if not hits else "title_one" if len(hits) == 1 else "title_more" if len(hits) == MOST else "title"
    )
    short = query if len(query) <= 80 else f"{query[:79]}…"
    title = asked.say(key, query=short, n=len(hits)) if len(hits) > 1 else asked.say(key, query=short)
    section = Section("hits", asked.say("hits"), [_items(project, asked, query, hits)])
    return Shown(title, [section], basis=asked.say("basis"), controls=[_form(asked), _facets(asked)])


def _items(project: Project, asked: Asked, query: str, hits: list[Hit]) -> Items:
    shown, pager = asked.paged(hits, SIZE)
    owners = asked.kept("search:clauses", lambda: _clauses(project))
    items = [_item(asked, query, one, owners) for one in shown]
    return Items(items, empty=asked.say("widen"), pager=pager, data=[one.to_dict() for one in hits])


def _item(asked: Asked, query: str, hit: Hit, owners: dict[str, str]) -> Item:
    title = hit.title or (hit.quote[:60] if hit.type == "claim" else "") or asked.say("untitled")
    meta = [hit.date, asked.say("passage_n", n=hit.passage) if hit.passage else ""]
    return Item(
        title=Link(title, _target(asked, hit, owners), lang=figured.tongue(title)),
        meta=" · ".join(one for one in meta if one),
        text=marked(query, hit.quote) if hit.quote != title else (),
        chips=[Chip(asked.say(f"a_{hit.type}"))],
    )


def _target(asked: Asked, hit: Hit, owners: dict[str, str]) -> Address:
    if hit.type == "document":
        return asked.to("document", hit.id, at=f"p{hit.passage}" if hit.passage else "")
    if hit.type == "rule":
        return asked.to("instrument", owners.get(hit.id, hit.id), at=hit.id)
    return asked.to(hit.type, hit.id)


def _clauses(project: Project) -> dict[str, str]:
    return {clause.id: one.id for one in project.instruments() for clause in one.clauses}


def marked(query: str, text: str) -> list[Inline]:
    """A sentence with the words that were typed marked in it; its other names (镝 for dysprosium) are not."""
    from ytterby.evidence.search.needles import needle
    from ytterby.evidence.search.query import parse
    from ytterby.evidence.search.tokens import lowered

    low = lowered(text)
    found = sorted(
        span for term in parse(query).terms for span in needle(term.text, prefix=term.prefix).spans(low, text)
    )
    pieces: list[Inline] = []
    at = 0
    for start, end in found:
        if start >= at:
            pieces += [text[at:start], Mark(text[start:end])]
            at = end
    return [one for one in (*pieces, text[at:]) if one]


def _form(asked: Asked) -> Form:
    kinds = [("", asked.say("any")), *((name, figured.kind(name, asked.lang)) for name in figured.KINDS)]
    fields = [
        Field("q", asked.say("query"), "search", asked.get("q"), wide=True),
        Field("place", asked.say("place"), value=asked.get("place")),
        Field("kind", asked.say("kind"), "select", asked.get("kind"), kinds),
        Field("since", asked.say("since"), value=asked.get("since")),
        Field("until", asked.say("until"), value=asked.get("until")),
        *(Field(name, name, "hidden", asked.get(name)) for name in ("type", "lang") if asked.get(name)),
    ]
    return Form("search", fields, asked.say("go"), asked.to("search"), "get", inline=True)


def _facets(asked: Asked) -> Facets:
    groups = []
    for name, options in (("type", ("document", "claim", "rule", "facility")), ("lang", ("zh", "zh-Hant", "en"))):
        every = Choice(asked.say("everything"), asked.asking(**{name: None}), chosen=not asked.get(name))
        some = [Choice(asked.say(one), asked.asking(**{name: one}), chosen=asked.get(name) == one) for one in options]
        groups.append((asked.say(name), [every, *some]))
    return Facets(groups)


PAGE = Page("search", build, WORDS)
