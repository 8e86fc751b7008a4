"""Home to the page of documents: what was read, narrowed by language and publisher, and the way to read more."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING

from ytterby.desk.blocks import Cell, Choice, Column, Facets, Field, Form, Link, Table, Tongue
from ytterby.desk.page import Asked, Done, Given, KeyFigure, Page, Section, Shown
from ytterby.terms.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ytterby.evidence.documents import Document
    from ytterby.project import Project

WORDS = {
    "nav": ("Documents", "文献"),
    "title": (
        "{n} documents give {claims} figures; {waiting} wait",
        "{n} 篇文献提供 {claims} 个数字，{waiting} 个待审",
    ),
    "title_empty": ("Nothing was read yet", "尚未读入任何文献"),
    "basis": ("Newest version of each document, newest first", "各文献的最新版本，按日期倒序"),
    "all": ("What was read", "已读文献"),
    "date": ("Date", "日期"),
    "document": ("Document", "文献"),
    "publisher": ("Publisher", "发布者"),
    "lang": ("Language", "语言"),
    "version": ("Version", "版本"),
    "claims": ("Figures", "数字"),
    "waiting": ("Waiting", "待审"),
    "everything": ("everything", "全部"),
    "untitled": ("(no title)", "（无标题）"),
    "zh": ("Chinese", "中文"),
    "zh-Hant": ("Chinese, traditional", "繁体中文"),
    "en": ("English", "英文"),
    "other": ("not told", "未知"),
    "read": ("Read more", "读入更多"),
    "files": ("Files", "文件"),
    "files_help": ("Text, HTML, Markdown, PDF; several at once.", "文本、HTML、Markdown、PDF；可多选。"),
    "addresses": ("Addresses", "网址"),
    "addresses_help": ("One a line: http or https.", "每行一个，http 或 https。"),
    "go": ("Read", "读入"),
    "begun": ("Reading has begun.", "已开始读入。"),
}
MOST = 12
"""Publishers offered."""


def build(project: Project, asked: Asked) -> Shown:
    """Every document with how many figures it gives."""
    documents: list[Document] = asked.kept("documents", project.documents)
    claims = Counter((one.document, one.status == "pending") for one in asked.kept("claims", project.claims))
    lang, publisher = asked.get("lang"), asked.get("publisher")
    fitting = [
        one
        for one in documents
        if (not lang or (one.lang or "other") == lang) and (not publisher or one.publisher == publisher)
    ]
    ranked = sorted(fitting, key=lambda one: (one.date, one.id), reverse=True)
    waiting = sum(claims[one.id, True] for one in documents)
    given = waiting + sum(claims[one.id, False] for one in documents)
    title = asked.say("title", n=len(documents), claims=f"{given:,}", waiting=f"{waiting:,}")
    return Shown(
        title if documents else asked.say("title_empty"),
        [
            Section("all", asked.say("all"), [_table(asked, ranked, claims)]),
            Section("read", asked.say("read"), [_form(asked)]),
        ],
        basis=asked.say("basis"),
        keys=[
            KeyFigure(asked.say("waiting"), waiting, to=asked.to("claims", asked={"status": "pending"})),
            KeyFigure(asked.say("publisher"), len({one.publisher for one in documents if one.publisher})),
        ],
        controls=[_facets(asked, documents)] if documents else (),
    )


def _table(asked: Asked, ranked: Sequence[Document], claims: Counter[tuple[str, bool]]) -> Table:
    columns = (
        Column("date", asked.say("date"), "date"),
        Column("document", asked.say("document"), "wide"),
        Column("publisher", asked.say("publisher")),
        Column("lang", asked.say("lang")),
        Column("version", asked.say("version"), "number"),
        Column("claims", asked.say("claims"), "number"),
        Column("waiting", asked.say("waiting"), "number"),
    )
    shown, pager = asked.paged(ranked, 100)
    cells: list[dict[str, Cell]] = [
        {
            "date": one.date,
            "document": Link(one.title or asked.say("untitled"), asked.to("document", one.id), lang=_tag(one.lang)),
            "publisher": Tongue(one.publisher, _tag(one.lang) or "en"),
            "lang": asked.say(one.lang or "other"),
            "version": one.version,
            "claims": claims[one.id, True] + claims[one.id, False],
            "waiting": claims[one.id, True],
        }
        for one in shown
    ]
    data = [
        {
            "id": one.id,
            "date": one.date,
            "title": one.title,
            "publisher": one.publisher,
            "lang": one.lang,
            "version": one.version,
            "claims": claims[one.id, True] + claims[one.id, False],
            "waiting": claims[one.id, True],
            "path": one.path,
        }
        for one in ranked
    ]
    return Table(columns, cells, data=data, pager=pager)


def _tag(lang: str) -> str:
    return lang if lang != "zh" else "zh-Hans"


def _facets(asked: Asked, documents: list[Document]) -> Facets:
    langs = Counter(one.lang or "other" for one in documents)
    publishers = Counter(one.publisher for one in documents if one.publisher)
    groups = []
    for name, counts in (("lang", langs), ("publisher", publishers)):
        chosen = asked.get(name)
        every = Choice(asked.say("everything"), asked.asking(**{name: None}), len(documents), not chosen)
        ranked = sorted(counts.items(), key=lambda one: (one[0] != chosen, -one[1], one[0]))[:MOST]
        some = [
            Choice(asked.say(one) if name == "lang" else one, asked.asking(**{name: one}), count, one == chosen)
            for one, count in ranked
        ]
        groups.append((asked.say(name), [every, *some]))
    return Facets(groups)


def _form(asked: Asked) -> Form:
    fields = [
        Field("files", asked.say("files"), "file", help=asked.say("files_help"), many=True),
        Field("addresses", asked.say("addresses"), "textarea", help=asked.say("addresses_help")),
    ]
    return Form("read", fields, asked.say("go"), asked.to("documents"))


def act(project: Project, asked: Asked, given: Given) -> Done:
    """Keeps the files that were sent under names of ours, and has them and the addresses read as a job."""
    from ytterby.store import atomic

    addresses = given.get("addresses").split()
    strange = next((one for one in addresses if not one.startswith(("http://", "https://"))), "")
    if strange:
        remedy = "write http:// or https:// before it; files are sent with the form"
        raise BadValue(f"'{strange[:80]}' is no address", place="addresses", remedy=remedy)
    if not addresses and not given.files:
        raise BadValue("nothing was sent", place="documents", remedy="choose files, or write addresses")
    sources = list(addresses)
    for one in given.files:
        digest = hashlib.sha256(one.content).hexdigest()
        path = project.path / "desk" / "sent" / digest[:16] / _plain(one.name)
        atomic.write(path, one.content)
        sources.append(str(path))
    job = asked.jobs.start("read", {"sources": sources})
    return Done(asked.to("job", job.id), asked.say("begun"))


def _plain(name: str) -> str:
    """A name to keep a file under, with its own ending; what a sender calls it is no path."""
    plain = "".join(c if c.isalnum() or c in "-_. " else "-" for c in name).strip(". ")[-60:]
    return plain if plain.strip("-. ") else "document.txt"


PAGE = Page("documents", build, WORDS, nav=20, act=act)
