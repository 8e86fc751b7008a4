"""Home to the pages of topics: the saved questions, and for each its timeline, contested figures and briefs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ytterby.desk import contested, figured
from ytterby.desk.blocks import (
    Block,
    Cell,
    Chip,
    Column,
    Details,
    Figure,
    Inline,
    Item,
    Items,
    Link,
    Table,
    Text,
    Tongue,
)
from ytterby.desk.page import Asked, KeyFigure, Page, Section, Shown

if TYPE_CHECKING:
    from ytterby.evidence.pages import Entry, Event, TopicPage
    from ytterby.evidence.topics import Topic
    from ytterby.project import Project

WORDS = {
    **contested.WORDS,
    "nav": ("Topics", "专题"),
    "title_all": ("{answered} of {n} topics have documents that answer", "{n} 个专题中 {answered} 个有相关文献"),
    "basis_all": ("Saved questions in both languages, over all that was read", "双语保存的问题，覆盖全部已读文献"),
    "all": ("Topics", "专题"),
    "topic": ("Topic", "专题"),
    "documents": ("Documents", "文献"),
    "newest": ("Newest", "最新"),
    "own": ("Your own topics go into the project's folder topics/.", "自定义专题放入项目的 topics/ 文件夹。"),
    "title": (
        "{topic}: {documents} documents, {conflicts} contested figures",
        "{topic}：{documents} 篇文献，{conflicts} 处矛盾",
    ),
    "title_none": ("{topic}: nothing that was read answers", "{topic}：已读文献中无相关内容"),
    "basis": ("As known on {day} · every line leads to its passage", "截至 {day} · 每一行都可追溯到原文段落"),
    "figures": ("Figures", "数字"),
    "events": ("Events", "事件"),
    "conflicts": ("Contested", "矛盾"),
    "timeline": ("Timeline", "时间线"),
    "every_event": ("Every event in the words of its source ({n})", "全部事件及原文（{n}）"),
    "when": ("When", "时间"),
    "what": ("What", "内容"),
    "contested_head": ("Contested figures", "有争议的数字"),
    "no_contest": ("No figures of this topic contradict each other.", "本专题没有相互矛盾的数字。"),
    "more_pairs": ("{n} more that do not meet", "另有 {n} 组不相符"),
    "briefs": ("Documents and briefs, newest first", "文献与摘要，最新在前"),
    "none": ("Nothing that was read answers this topic.", "已读文献中没有相关内容。"),
    "untitled": ("(no title)", "（无标题）"),
}
DRAWN = 16
"""Events drawn; the table has all."""
PAIRS = 8
MORE = 60
"""Pairs shown at once, and on demand."""
_DAY = re.compile(r"\d{4}(-\d\d){0,2}\Z")


def every_topic(project: Project, asked: Asked) -> Shown:
    """The saved questions, with how many documents answer each."""

    def found() -> list[tuple[Topic, int, str]]:
        from ytterby.evidence import topics

        documents = asked.kept("documents", project.documents)
        told = []
        for one in project.topics():
            hits = [document for document, _ in topics.matches(one, documents)]
            told.append((one, len(hits), max((document.date for document in hits), default="")))
        return told

    listed: list[tuple[Topic, int, str]] = asked.kept("topics", found)
    columns = (
        Column("topic", asked.say("topic"), "wide"),
        Column("documents", asked.say("documents"), "number"),
        Column("newest", asked.say("newest"), "date"),
    )
    cells: list[dict[str, Cell]] = [
        {"topic": Link(_named(asked, one), asked.to("topic", one.id)), "documents": count, "newest": newest}
        for one, count, newest in listed
    ]
    data = [
        {"id": one.id, "title": one.title.en, "title_zh": one.title.zh, "documents": count, "newest": newest}
        for one, count, newest in listed
    ]
    answered = sum(count > 0 for _, count, _ in listed)
    return Shown(
        asked.say("title_all", answered=answered, n=len(listed)),
        [Section("all", asked.say("all"), [Table(columns, cells, data=data)], note=asked.say("own"))],
        basis=asked.say("basis_all"),
    )


def one_topic(project: Project, asked: Asked) -> Shown:
    """All that is known of one topic."""
    page: TopicPage = asked.kept(f"topic:{asked.lang}:{asked.name[:80]}", lambda: project.topic(asked.name, asked.lang))
    topic, counts = page.topic, page.counts
    told = {"documents": counts["documents"], "conflicts": counts["conflicts"]}
    title = asked.say("title", topic=_named(asked, topic), **told)
    return Shown(
        title if page.documents else asked.say("title_none", topic=_named(asked, topic)),
        [_timeline(asked, page), _contested(asked, page), _briefs(asked, page)],
        basis=asked.say("basis", day=asked.today.isoformat()),
        lead=topic.note,
        crumbs=[Link(asked.say("all"), asked.to("topics"))],
        keys=[
            KeyFigure(asked.say("documents"), counts["documents"]),
            KeyFigure(asked.say("figures"), counts["claims"]),
            KeyFigure(asked.say("events"), counts["events"]),
            KeyFigure(asked.say("conflicts"), counts["conflicts"]),
        ],
        rows=[_plain(one) for one in page.documents],
        data={"topic": topic.id, "counts": dict(counts)},
    )


def _named(asked: Asked, topic: Topic) -> str:
    return topic.title.zh if asked.lang == "zh" else topic.title.en


def _timeline(asked: Asked, page: TopicPage) -> Section:
    events = _once(page.timeline)
    columns = (Column("date", asked.say("when"), "date"), Column("what", asked.say("what"), "wide"))
    cells: list[dict[str, Cell]] = [
        {
            "date": one.date,
            "what": Link(
                one.text, asked.to("document", one.document, at=f"p{one.passage}"), lang=figured.tongue(one.text)
            ),
        }
        for one in events
    ]
    table = Table(columns, cells, data=[one.to_dict() for one in events])
    blocks: list[Block] = []
    drawn = _drawn([one for one in events if _DAY.match(one.date)])
    if len(drawn) > 1:
        blocks.append(_figure(asked, drawn))
    told = asked.say("every_event", n=len(events))
    blocks.append(Details(told, [table], open=not blocks) if events else Text([asked.say("none")]))
    return Section("timeline", asked.say("timeline"), blocks)


def _once(events: tuple[Event, ...]) -> list[Event]:
    """Each day with each sentence once, though several claims were read from it."""
    return list({(one.date, one.document, one.text): one for one in events}.values())


def _drawn(events: list[Event]) -> list[Event]:
    """The events that are drawn: one a day, those of claims first, the newest days."""
    days: dict[str, Event] = {}
    for one in sorted(events, key=lambda one: one.kind != "claim"):
        days.setdefault(one.date, one)
    return [days[day] for day in sorted(days)][-DRAWN:]


def _figure(asked: Asked, events: list[Event]) -> Figure:
    from ytterby.figures import Caption, timeline

    rows: list[dict[str, Any]] = [{"date": one.date, "label": _short(one.text)} for one in events]
    title, today = asked.say("timeline"), asked.today.isoformat()

    def draw(bare: bool, width: float) -> str:  # noqa: FBT001 - the contract of a figure
        return timeline(rows, Caption(title, language=asked.lang, bare=bare), today=today, width=width)

    return Figure(draw, [one.to_dict() for one in events])


def _short(text: str) -> str:
    longest = 44 if figured.tongue(text) == "zh" else 90
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _contested(asked: Asked, page: TopicPage) -> Section:
    pairs = [(one.first, one.second, one.why) for one in page.contested]
    blocks: list[Block] = [contested.beside(asked, pairs[:PAIRS])] if pairs else []
    if pairs[PAIRS:]:
        more = contested.beside(asked, pairs[PAIRS : PAIRS + MORE])
        blocks.append(Details(asked.say("more_pairs", n=len(pairs) - PAIRS), [more]))
    return Section("contested", asked.say("contested_head"), blocks or [Text([asked.say("no_contest")])])


def _briefs(asked: Asked, page: TopicPage) -> Section:
    items = [_entry(asked, one) for one in page.documents]
    return Section("documents", asked.say("briefs"), [Items(items, empty=asked.say("none"))])


def _entry(asked: Asked, entry: Entry) -> Item:
    first = f"p{entry.passages[0]}" if entry.passages else ""
    text: list[Inline] = []
    if entry.brief is not None:
        # The core and one point of each group: the rest stands on the document's own page.
        points = [entry.brief.core, *(group.points[0] for group in entry.brief.groups[:2] if group.points)]
        for point in points:
            if point.text:
                text += [" " if text else "", Tongue(point.text, entry.brief.lang or "en")]
                for n in point.cites[:3]:
                    to = asked.to("document", entry.document, at=f"p{n}")
                    text += [" ", Link(f"[{n}]", to, hint=asked.say("passage", n=n))]
    return Item(
        Link(entry.title or asked.say("untitled"), asked.to("document", entry.document, at=first), lang=entry.lang),
        " · ".join(one for one in (entry.date, entry.publisher) if one),
        [one for one in text if one],
        [Chip(one) for one in (entry.lang,) if one],
        _plain(entry),
    )


def _plain(entry: Entry) -> dict[str, Any]:
    core = entry.brief.core.text if entry.brief is not None else ""
    fields = ("document", "title", "publisher", "date", "lang", "url", "score")
    return {**{name: getattr(entry, name) for name in fields}, "passages": list(entry.passages), "core": core}


PAGES = (
    Page("topics", every_topic, WORDS, nav=10),
    Page("topic", one_topic, {**WORDS, "nav": ("Topic", "专题")}, about=("topic",), under="topics"),
)
