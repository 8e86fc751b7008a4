"""Home to the monthly report of flows: when it is due, what it says, and the form that chooses whose names it shows."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ytterby.desk import custodial, packing
from ytterby.desk.blocks import Block, Cell, Column, Field, Form, Link, Notice, Table, Text
from ytterby.desk.page import Asked, KeyFigure, Page, Section, Shown
from ytterby.desk.tracked import Tracked, tracked
from ytterby.terms.errors import UnknownName

if TYPE_CHECKING:
    from ytterby.custody.monthly import Monthly
    from ytterby.project import Project

WORDS = {
    **custodial.WORDS,
    "nav": ("Monthly report", "月度报告"),
    "title_due": (
        "The report of {month} is due by {due}, in {days} days",
        "{month} 报告应于 {due} 前提交，尚余 {days} 天",
    ),
    "title_late": (
        "The report of {month} was due by {due}, {days} days ago",
        "{month} 报告应于 {due} 前提交，已逾期 {days} 天",
    ),
    "title_provisional": (
        "{month} is not over: its report is provisional until {due}",
        "{month} 尚未结束：报告为暂行，应于 {due} 前提交",
    ),
    "title_none": ("Nothing moved in {month}", "{month} 没有物料进出"),
    "basis": (
        "kg of material as traded, exact to the microgram · months of UTC · from the head of {size} events",
        "按交易状态计，千克，精确到微克 · 按 UTC 月份 · 依据 {size} 条事件的账本头",
    ),
    "month": ("Month", "月份"),
    "facility": ("Facility, or all", "设施（留空为全部）"),
    "show": ("Show", "显示"),
    "stocks": ("Stocks and flows of {n} facilities", "{n} 处设施的库存与流量"),
    "stocks_basis": (
        "opening + received + brought in + made − used − shipped − taken out − counted short = closing",
        "期初 + 收货 + 新建 + 制成 − 使用 − 发货 − 注销 − 盘亏 = 期末",
    ),
    "opening": ("Opening", "期初"),
    "received": ("Received", "收货"),
    "commissioned": ("Brought in", "新建"),
    "made": ("Made", "制成"),
    "used": ("Used", "使用"),
    "shipped": ("Shipped", "发货"),
    "removed": ("Taken out", "注销"),
    "counted_short": ("Counted short", "盘亏"),
    "closing": ("Closing", "期末"),
    "trades": ("With whom: {n} counterparties", "往来方：{n} 个"),
    "direction": ("Direction", "方向"),
    "counterparty": ("Counterparty", "往来方"),
    "licences": ("Licences", "许可证"),
    "customs": ("Customs", "报关单"),
    "save": ("Save the report", "保存报告"),
    "save_basis": (
        "A zip of JSON and two tables. Names that are withheld stand as salted hashes; the file openings.json opens "
        "them and is for you alone",
        "含 JSON 与两张表格的 zip。未公开的名称以加盐哈希代替；openings.json 可还原名称，请自行保管",
    ),
    "names": ("Names shown", "公开的名称"),
    "names_all": ("all", "全部"),
    "names_none": ("none", "全部不公开"),
    "names_facility": ("facilities only", "仅设施"),
    "names_counterparty": ("counterparties only", "仅往来方"),
    "names_licence": ("licence numbers only", "仅许可证号"),
    "names_customs": ("customs numbers only", "仅报关单号"),
    "go": ("Save", "保存"),
    "months": ("Other months", "其他月份"),
    "nothing_there": ("Nothing moved there in this month.", "该月没有物料进出。"),
    "unweighed": (
        "{n} pieces of the events told no mass and move nothing here.",
        "有 {n} 项未写明质量，未计入。",
    ),
    "to_plant": ("Balance", "平衡"),
}  # fmt: skip
KINDS = ("all", "none", "facility", "counterparty", "licence", "customs")
_MASSES = (
    "opening", "received", "commissioned", "made", "used", "shipped", "removed", "counted_short", "closing",
)  # fmt: skip


def build(project: Project, asked: Asked) -> Shown:
    """The report of a month; of the last one that is over, without a month asked for."""
    held = tracked(project)
    if held is None:
        return custodial.empty(asked)
    month, facility = _month(asked, held), asked.get("facility")
    report = _made(held, month, facility, provisional=True)
    stocks = report.stocks
    sections = [_stocks(asked, held, report), _trades(asked, held, report)] if stocks else []
    sections.append(_save(asked, month, facility))
    blocks: list[Block] = []
    if report.unweighed:
        blocks.append(Notice(asked.say("unweighed", n=f"{report.unweighed:,}")))
    received, shipped = (sum(getattr(one, key) for one in stocks) for key in ("received", "shipped"))
    return Shown(
        _title(asked, report),
        sections,
        basis=asked.say("basis", size=f"{held.head.size:,}"),
        keys=[
            KeyFigure(asked.say("facility_head"), len({one.facility for one in stocks})),
            KeyFigure(asked.say("received"), custodial.weighed(received / 1e9)),
            KeyFigure(asked.say("shipped"), custodial.weighed(shipped / 1e9)),
        ],
        controls=[_form(asked, held, month, facility), *blocks],
        crumbs=custodial.crumbs(asked),
        data={"month": month, "due": report.due.isoformat(), "status": report.status},
    )


def _month(asked: Asked, held: Tracked) -> str:
    from ytterby.custody import months

    wanted = asked.get("month")
    if wanted:
        return months.written(months.number(wanted))
    known = list(held.months)
    now = f"{asked.today:%Y-%m}"
    over = [one for one in known if one < now]
    return (over or known or [now])[-1]


def _made(held: Tracked, month: str, facility: str, *, provisional: bool) -> Monthly:
    from ytterby.custody import monthly

    def make() -> Monthly:
        head = held.head.published()
        return monthly.monthly(held.ground, month, head, facility=facility or None, provisional=provisional)

    return held.lately(f"monthly:{month}:{facility}:{datetime.date.today()}", make)


def _title(asked: Asked, report: Monthly) -> str:
    if not report.stocks:
        return asked.say("title_none", month=report.month)
    days = (report.due - asked.today).days
    key = "title_provisional" if report.provisional else "title_due" if days >= 0 else "title_late"
    fields = {"month": report.month, "due": report.due.isoformat()}
    return asked.say(key, **fields) if key == "title_provisional" else asked.say(key, **fields, days=abs(days))


def _form(asked: Asked, held: Tracked, month: str, facility: str) -> Form:
    options = [(one, one) for one in reversed(held.months)]
    options = options if any(one == month for one, _ in options) else [(month, month), *options]
    fields = [
        Field("month", asked.say("month"), "select", month, options),
        Field("facility", asked.say("facility"), value=facility),
    ]
    return Form("month", fields, asked.say("show"), asked.to("monthly"), method="get", inline=True)


def _stocks(asked: Asked, held: Tracked, report: Monthly) -> Section:
    shown, pager = asked.paged(report.stocks, 30)
    columns = (
        Column("facility", asked.say("facility_head")),
        Column("material", asked.say("material_head")),
        *(Column(key, asked.say(key), "number") for key in _MASSES),
    )
    cells: list[dict[str, Cell]] = [
        {
            "facility": custodial.site_link(asked, held, one.facility),
            "material": custodial.stuff(asked, one.material),
            **{key: custodial.kg(getattr(one, key)) for key in _MASSES},
        }
        for one in shown
    ]
    data = [{"facility": one.facility, **one.to_dict()} for one in report.stocks]
    title = asked.say("stocks", n=len({one.facility for one in report.stocks}))
    table = Table(columns, cells, data=data, pager=pager, empty=asked.say("nothing_there"))
    return Section("stocks", title, [table], basis=asked.say("stocks_basis"))


def _trades(asked: Asked, held: Tracked, report: Monthly) -> Section:
    largest = sorted(report.trades, key=lambda one: -one.mass)
    columns = (
        Column("facility", asked.say("facility_head")),
        Column("direction", asked.say("direction")),
        Column("counterparty", asked.say("counterparty")),
        Column("material", asked.say("material_head")),
        Column("kg", asked.say("kg"), "number"),
        Column("licences", asked.say("licences")),
        Column("customs", asked.say("customs")),
    )
    cells: list[dict[str, Cell]] = [
        {
            "facility": custodial.site_link(asked, held, one.facility),
            "direction": asked.say(one.direction),
            "counterparty": custodial.site_link(asked, held, one.counterparty),
            "material": custodial.stuff(asked, one.material),
            "kg": custodial.kg(one.mass),
            "licences": _few(asked, one.licences),
            "customs": _few(asked, one.customs),
        }
        for one in largest[:30]
    ]
    data = [
        {"facility": one.facility, "direction": one.direction, "counterparty": one.counterparty,
         "material": one.material, "kg": custodial.kg(one.mass), "events": one.events,
         "licences": list(one.licences), "customs": list(one.customs)}
        for one in report.trades
    ]  # fmt: skip
    title = asked.say("trades", n=len({one.counterparty for one in report.trades}))
    return Section("trades", title, [Table(columns, cells, data=data, empty=asked.say("nothing_there"))])


def _few(asked: Asked, names: Sequence[str]) -> str:
    more = len(names) - 2
    told = ", ".join(custodial.short(one) for one in names[:2])
    return (f"{told}, {asked.say('and_more', n=more)}" if more > 0 else told) or "–"


def _save(asked: Asked, month: str, facility: str) -> Section:
    options = [(one, asked.say(f"names_{one}")) for one in KINDS]
    fields = [
        Field("facility", "facility", "hidden", facility),
        Field("names", asked.say("names"), "select", "all", options),
    ]
    form = Form(
        "save", [one for one in fields if one.value], asked.say("go"), asked.to("report-monthly", month), method="get"
    )
    plain = Text([Link(asked.say("save"), asked.to("report-monthly", month, asked={"facility": facility}))])
    return Section("save", asked.say("save"), [plain, form], basis=asked.say("save_basis"))


def file(project: Project, asked: Asked) -> Shown:
    """The report as files: JSON, tables, and what opens the names it withholds."""
    from ytterby.custody import disclosure, monthly

    held = tracked(project)
    if held is None:
        raise UnknownName(asked.name, (), "month", remedy=asked.say("nothing_yet"))
    names = asked.choice("names", KINDS, "all")
    shown = disclosure.choice((names,), monthly.KINDS)
    report = _made(held, asked.name, asked.get("facility"), provisional=True).to_dict(shown)
    files = {f"{asked.name}.json": json.dumps(report, ensure_ascii=False, indent=2)}
    files |= {f"{asked.name}-{name}.csv": text for name, text in monthly.tables(report).items()}
    saved = packing.packed(f"report-{asked.name}", files, shown.kept() if names != "all" else None)
    title = asked.say("nav")
    return Shown(title, [Section("report", title, [Text([asked.name])])], data=_plain(report), file=saved)


def _plain(report: Mapping[str, Any]) -> dict[str, Any]:
    return {"report": dict(report)}


PAGES = (
    Page("monthly", build, WORDS, under="custody"),
    Page("report-monthly", file, WORDS, about=("month",), under="custody", live=True),
)
