"""Home to the first page of custody: what the ledger holds, who is in it, what is wrong with it, and how more comes
in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ytterby.custody.event import KINDS
from ytterby.desk import alarming, custodial
from ytterby.desk.blocks import Block, Cell, Column, Facts, Field, Figure, Form, Item, Items, Link, Table, Text
from ytterby.desk.guard import LARGEST
from ytterby.desk.page import Asked, Done, Given, KeyFigure, Page, Saved, Section, Shown
from ytterby.desk.tracked import Tracked, refusals, tracked
from ytterby.store import atomic
from ytterby.terms.errors import BadValue, InputError

if TYPE_CHECKING:
    from ytterby.custody.alarms.alarm import Alarm
    from ytterby.project import Project

WORDS = {
    **custodial.WORDS,
    **alarming.WORDS,
    "nav": ("Custody", "追溯"),
    "title": (
        "{n} events follow {lots} lots through {sites} facilities",
        "{n} 条事件追溯 {lots} 个批次，途经 {sites} 处设施",
    ),
    "title_alarms": (
        "{n} events follow {lots} lots through {sites} facilities; {open} alarms are open",
        "{n} 条事件追溯 {lots} 个批次，途经 {sites} 处设施；{open} 项警报待处理",
    ),
    "basis": (
        "Ledger of {size} events, {refused} refused · head of {time} UTC",
        "账本共 {size} 条事件，拒绝 {refused} 条 · 账本头时间 {time}（UTC）",
    ),
    "events": ("Events captured", "已采集事件"),
    "lots": ("Lots", "批次"),
    "facilities": ("Facilities", "设施"),
    "open_alarms": ("Alarms open", "待处理警报"),
    "refused_key": ("Refused", "被拒绝"),
    "busiest": ("Most events fell in {month}: {n}", "{month} 事件最多：{n} 条"),
    "by_month": ("Events by month, UTC", "按月事件数（UTC）"),
    "several": ("{n} facilities; the busiest is {name}", "{n} 处设施；事件最多的是 {name}"),
    "of_country": ("Country", "国家"),
    "find": ("Find a lot", "查找批次"),
    "find_label": ("Address of a lot, or a part of it", "批次地址或其中一部分"),
    "go": ("Find", "查找"),
    "capture": ("Capture events", "采集事件"),
    "capture_basis": (
        "EPCIS 2.0 or 1.2 as JSON, JSON lines or XML, or a table; found by looking. What cannot be understood is "
        "refused with its reason and keeps nothing else out.",
        "EPCIS 2.0 或 1.2 的 JSON、JSON 行或 XML，或表格；自动识别。"
        "无法理解的内容连同原因存入拒绝记录，不影响其他事件。",
    ),
    "file": ("Files", "文件"),
    "file_help": (
        "Up to {n} MB at once; more with ytterby capture in a terminal.",
        "每次不超过 {n} MB；更大的文件请在终端用 ytterby capture 采集。",
    ),
    "text": ("Or paste events here", "或在此粘贴事件"),
    "send": ("Capture", "采集"),
    "templates": ("Tables to fill in", "表格模板"),
    "templates_basis": (
        "For firms without EPCIS: each has one event filled in",
        "供没有 EPCIS 系统的企业使用；每个模板含一条示例",
    ),
    "template": ("{kind}: ", "{kind}："),
    "template_own": ("in English", "中文"),
    "template_other": ("in Chinese", "英文"),
    "registry": ("Who is who", "登记册"),
    "registry_all": ("Every facility of the events is in the registry", "事件中的设施均已登记"),
    "registry_some": (
        "{n} of {all} facilities of the events are not in the registry",
        "事件中的 {all} 处设施有 {n} 处未登记",
    ),
    "registry_none": ("There is no registry yet", "尚无登记册"),
    "registry_basis": (
        "custody/registry.yaml in the project: what addresses stand for, yields, needs, counts",
        "项目中的 custody/registry.yaml：地址对应的设施、收率、需求与盘点",
    ),
    "registry_facilities": ("Facilities", "设施"),
    "registry_parties": ("Parties", "企业"),
    "registry_recipes": ("Recipes, of these assumed", "配方，其中假设"),
    "registry_counts": ("Declared counts", "申报盘点"),
    "missing": ("Not in the registry: ", "未登记："),
    "nothing_sent": ("nothing was sent", "没有内容"),
    "refused_some": ("{n} were refused; the latest first", "拒绝 {n} 条，最新在前"),
    "refused_none": ("Nothing was refused", "没有被拒绝的内容"),
    "all_refused": ("All that was refused", "全部被拒绝内容"),
    "no_facilities": ("No event names a place.", "没有事件写明地点。"),
    "look_further": ("Where to look further", "继续查看"),
    "shipments": ("Shipments and licences", "货运与许可证"),
    "monthly": ("Monthly report", "月度报告"),
    "ledger": ("Ledger", "账本"),
    "nav_lots": ("Lots", "批次"),
    "nav_alarms": ("Alarms", "警报"),
}
LATEST = 5


def build(project: Project, asked: Asked) -> Shown:
    """What is tracked."""
    held = tracked(project)
    if held is None:
        shown = custodial.empty(asked)
        return Shown(
            shown.title, [_capture(asked), _templates(asked), *_refused(project, asked)], lead=shown.lead, rows=()
        )
    found: Sequence[Alarm] | None = None
    try:
        found = held.alarms(0.3)
        sections = [_months(asked, held), alarming.newest(project, asked, held, found)]
    except InputError as refused:
        # A registry or a licence that cannot be read keeps the detectors from looking, and this page from nothing.
        sections = [_months(asked, held), alarming.stopped(asked, refused)]
    sections += [_facilities(asked, held), _capture(asked), _templates(asked)]
    sections += [_registry(asked, held), *_refused(project, asked)]
    counts = {"n": f"{len(held.book):,}", "lots": f"{held.book.lots:,}", "sites": len(held.counts)}
    open_ones = None if found is None else len(alarming.unsettled(project, found))
    title = asked.say("title", **counts) if not open_ones else asked.say("title_alarms", **counts, open=open_ones)
    find = Field("q", asked.say("find_label"), "search")
    return Shown(
        title,
        sections,
        basis=asked.say(
            "basis", size=f"{held.head.size:,}", refused=held.head.refused, time=custodial.moment(held.head.time)
        ),
        keys=[
            KeyFigure(asked.say("events"), held.head.size, to=asked.to("ledger")),
            KeyFigure(asked.say("lots"), held.book.lots, to=asked.to("lots")),
            KeyFigure(asked.say("facilities"), len(held.counts), to=asked.address.as_form("html")),
            KeyFigure(asked.say("open_alarms"), open_ones, to=asked.to("alarms")),
            KeyFigure(asked.say("refused_key"), held.head.refused, to=asked.to("ledger", at="refused")),
        ],
        controls=[_ways(asked), Form("find", [find], asked.say("go"), asked.to("lots"), method="get", inline=True)],
        rows=[{"facility": name, "events": n} for name, n in held.counts.items()],
        data={"head": held.head.published(), "lots": held.book.lots, "alarms_open": open_ones},
    )


def _ways(asked: Asked) -> Text:
    ways: list[Any] = []
    for page, word in (
        ("lots", "nav_lots"),
        ("alarms", "nav_alarms"),
        ("shipments", "shipments"),
        ("monthly", "monthly"),
        ("ledger", "ledger"),
    ):
        ways += [" · ", Link(asked.say(word), asked.to(page))]
    return Text([ways[1:]])


def _months(asked: Asked, held: Tracked) -> Section:
    from ytterby.figures import Caption, bars

    months = held.months
    rows = [{"label": month, "value": n} for month, n in months.items()]
    busiest = max(months, key=lambda month: months[month], default="")
    title = asked.say("busiest", month=busiest, n=f"{months.get(busiest, 0):,}")
    basis = asked.say("by_month")

    def draw(bare: bool, width: float) -> str:  # noqa: FBT001 - the contract of a figure
        caption = Caption(title, "" if bare else basis, language=asked.lang, bare=bare)
        return bars(rows[-24:], caption, sort=False, most=24, width=width)

    data = [{"month": month, "events": n} for month, n in months.items()]
    return Section("months", title, [Figure(draw, data)], basis=basis, width="half")


def _facilities(asked: Asked, held: Tracked) -> Section:
    names = list(held.counts)
    shown, pager = asked.paged(names, 15)
    columns = (
        Column("facility", asked.say("facility_head")),
        Column("place", asked.say("place_head")),
        Column("stage", asked.say("stage_head")),
        Column("events", asked.say("events_head"), "number"),
    )
    cells: list[dict[str, Cell]] = []
    for name in shown:
        known = held.record(name)
        cells.append(
            {
                "facility": custodial.site_link(asked, held, name),
                "place": custodial.country(asked, known.place) if known else asked.say("unregistered"),
                "stage": custodial.stage(asked, known.stage) if known and known.stage else "–",
                "events": held.counts[name],
            }
        )
    data = [{"facility": name, "events": held.counts[name]} for name in names]
    first = custodial.site(asked, held, names[0]) if names else "–"
    title = asked.say("several", n=len(names), name=first) if names else asked.say("no_facilities")
    table = Table(columns, cells, data=data, pager=pager, empty=asked.say("no_facilities"))
    return Section("facilities", title, [table])


def _refused(project: Project, asked: Asked) -> list[Section]:
    found = refusals(project, asked)
    if not found:
        return []
    items = [
        Item(
            custodial.english(asked, one.reason),
            meta=" · ".join(filter(None, (one.path, custodial.short(one.id), custodial.moment(one.time)))),
            data=one.to_dict(),
        )
        for one in reversed(found[-LATEST:])
    ]
    more = Text([Link(asked.say("all_refused"), asked.to("ledger", at="refused"))])
    data = [one.to_dict() for one in found]
    title = asked.say("refused_some", n=f"{len(found):,}")
    return [Section("refused", title, [Items(items, data=data), more], width="half")]


def _registry(asked: Asked, held: Tracked) -> Section:
    known = held.registry
    strangers = [name for name in held.counts if held.record(name) is None]
    blocks: list[Block] = [*custodial.refused_registry(asked, held)]
    assumed = sum(one.assumed for one in known.recipes)
    blocks.append(
        Facts(
            [
                (asked.say("registry_facilities"), len(known.facilities)),
                (asked.say("registry_parties"), len(known.parties)),
                (asked.say("registry_recipes"), f"{len(known.recipes)}, {assumed}"),
                (asked.say("registry_counts"), len(known.counts)),
            ]
        )
    )
    if strangers:
        told: list[Any] = [asked.say("missing")]
        for name in strangers[:6]:
            told += [custodial.site_link(asked, held, name), ", "]
        rest = len(strangers) - 6
        blocks.append(
            Text([custodial.flattened([*told[:-1], f", {asked.say('and_more', n=rest)}" if rest > 0 else ""])])
        )
    title = asked.say("registry_none") if not known.facilities else asked.say("registry_all")
    if strangers and known.facilities:
        title = asked.say("registry_some", n=len(strangers), all=len(held.counts))
    return Section("registry", title, blocks, basis=asked.say("registry_basis"), width="half")


def _capture(asked: Asked) -> Section:
    fields = [
        Field("file", asked.say("file"), "file", many=True, help=asked.say("file_help", n=LARGEST // 2**20)),
        Field("text", asked.say("text"), "textarea"),
    ]
    form = Form("capture", fields, asked.say("send"), asked.to("custody"))
    return Section("capture", asked.say("capture"), [form], basis=asked.say("capture_basis"), width="half")


def _templates(asked: Asked) -> Section:
    other = {"en": "zh", "zh": "en"}[asked.lang]
    told = []
    for kind in KINDS:
        own = Link(asked.say("template_own"), asked.to("template", kind, asked={"in": asked.lang}))
        also = Link(asked.say("template_other"), asked.to("template", kind, asked={"in": other}))
        told.append((asked.say("template", kind=asked.say(f"kind_{kind}")), own, asked.say("comma"), also))
    return Section("templates", asked.say("templates"), [Text(told)], basis=asked.say("templates_basis"), width="half")


def take(project: Project, asked: Asked, given: Given) -> Done:
    """Has what was sent captured, as a job of the desk.

    Raises:
        BadValue: nothing was sent.
        StoreError: the project cannot be written.
    """
    sent = [(one.name[:200] or "file", one.content) for one in given.files if one.content]
    text = next(iter(given.all("text")), "")
    if text.strip():
        sent.append(("pasted", text.encode("utf-8", "replace")))
    if not sent:
        raise BadValue(asked.say("nothing_sent"), place="capture", remedy=asked.say("capture"))
    files = []
    for name, content in sent:
        path = project.path / "desk" / "incoming" / hashlib.sha256(content).hexdigest()[:32]
        atomic.write(path, content)
        files.append({"name": name, "path": str(path)})
    return Done(asked.to("job", asked.jobs.start("capture", {"files": files}).id))


def template(project: Project, asked: Asked) -> Shown:
    """A table to fill in, as a file."""
    spoken = asked.choice("in", ("en", "zh"), asked.lang)
    content = project.template(asked.name, "zh" if spoken == "zh" else "en")
    title = asked.say("templates")
    # Spreadsheets of Chinese Windows take a table for UTF-8 only where it says so.
    file = Saved(f"{asked.name}-{spoken}.csv", "text/csv; charset=utf-8", b"\xef\xbb\xbf" + content.encode())
    return Shown(title, [Section("table", title, [Text([content])])], crumbs=custodial.crumbs(asked), file=file)


PAGES = (
    Page("custody", build, WORDS, nav=45, act=take, live=True),
    Page("template", template, WORDS, about=("kind",), under="custody"),
)
