"""Home to the page of licences: how long decisions take, what is left of each licence one holds, which orders go, when
stocks run out, and what if.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ytterby.desk import lawyerly, reasoned
from ytterby.desk.blocks import (
    Block,
    Cell,
    Chip,
    Choice,
    Column,
    Facets,
    Field,
    Figure,
    Form,
    Link,
    Notice,
    Table,
)
from ytterby.desk.page import Asked, Done, Given, KeyFigure, Page, Section, Shown
from ytterby.terms.errors import BadValue, InputError

if TYPE_CHECKING:
    from ytterby.project import Project
    from ytterby.rules.planned import Changed, Compared, Covered, Position, WhatIf
    from ytterby.rules.review import Outlook, Practice

WORDS = {
    **lawyerly.WORDS,
    "nav": ("Licences", "许可证"),
    "title": (
        "Half of what is applied for on {applied} is decided by {half}, nine tenths by {ninety}",
        "{applied} 提交的申请：半数在 {half} 前有结果，九成在 {ninety} 前",
    ),
    "title_held": (
        "{covered} of {orders} planned orders may go; licences overdue for renewal: {expiring}{short}",
        "{orders} 个计划订单中 {covered} 个可以发运；{expiring} 份许可证须续期{short}",
    ),
    "title_short": ("; {stock} runs short on {day}", "；{stock} 将在 {day} 断供"),
    "basis": (
        "On {on}; decisions in practice from {n} observations, which are few: bands hold 90 %",
        "{on}；实际审批用时来自 {n} 条观察，样本少：区间为 90 %",
    ),
    "applied": ("Applied for on", "申请日"),
    "on": ("As of", "截至"),
    "outlook": ("Show", "显示"),
    "statute": ("Statutory end", "法定期限"),
    "statute_note": ("{n} working days from acceptance", "自受理起 {n} 个工作日"),
    "provisional": ("provisional", "暂定"),
    "half": ("Half decided by", "半数审结于"),
    "ninety": ("Nine tenths by", "九成审结于"),
    "band": ("90 %: {low} – {high}", "90 %：{low} – {high}"),
    "granted": ("Granted, of all filed", "获批（占全部申请）"),
    "granted_decided": ("Granted, of the decided", "获批（占已审结）"),
    "of_n": ("90 %: {low}–{high} %; {n} decisions", "90 %：{low}–{high} %；{n} 件"),
    "wait": (
        "{share} % of decisions fall within the {n} statutory working days",
        "{share} % 的决定在法定 {n} 个工作日内作出",
    ),
    "wait_basis": (
        "Share of decisions that have fallen by a day, %; median and 90 % band of the fit",
        "截至某日已作出决定的比例（%）；拟合的中位数与 90 % 区间",
    ),
    "wait_event": ("{n} working days", "{n} 个工作日"),
    "observed": ("{n} observations, and what the fit says of each", "{n} 条观察及拟合情况"),
    "observed_basis": (
        "Assumed: weights by confidence, the noise of a count, 20 to 45 days of carriage in a time told door to door",
        "假设：按可信度加权、单次计数的误差、门到门时间中含 20 至 45 天运输",
    ),
    "what": ("What", "内容"),
    "review_time": ("review, days", "审查（天）"),
    "door_to_door": ("door to door, days", "门到门（天）"),
    "approval_share": ("share granted", "获批比例"),
    "by": ("Told by", "来源方"),
    "low": ("From", "下限"),
    "high": ("To", "上限"),
    "fitted": ("Fit", "拟合"),
    "dossier": ("Dossier", "许可档案"),
    "dossiers_none": (
        "No dossier is kept here. Give a file of permits, shipments, orders and stocks below.",
        "尚无许可档案。请在下方提交许可证、发运、订单与库存文件。",
    ),
    "held": ("{valid} of {n} licences are valid", "{n} 份许可证，其中 {valid} 份有效"),
    "id": ("Id", "编号"),
    "kind": ("Kind", "种类"),
    "status": ("Standing", "状态"),
    "end_users": ("End users", "最终用户"),
    "left": ("Left, kg", "剩余（千克）"),
    "quantity": ("Granted, kg", "许可量（千克）"),
    "until": ("Until", "有效至"),
    "renew": ("Apply for renewal by", "最迟续申日"),
    "overdue": ("overdue", "已逾期"),
    "unbounded": ("without bound", "不限量"),
    "uncovered": ("Shipments that no licence covers: {n}", "{n} 批发运没有许可证覆盖"),
    "shipment": ("Shipment", "发运"),
    "why": ("Why", "理由"),
    "orders": ("{n} of {total} planned orders may go", "{total} 个计划订单中 {n} 个可以发运"),
    "order": ("Order", "订单"),
    "date": ("Day", "日期"),
    "outcome": ("The law", "判定"),
    "licence_used": ("Under licence", "所用许可证"),
    "goes": ("goes", "可发运"),
    "stays": ("does not go", "不可发运"),
    "fate": ("Fate", "结果"),
    "stocks": ("Stocks that run short within two years: {n} of {total}", "{total} 项库存中 {n} 项两年内断供"),
    "stock": ("Stock", "库存"),
    "empty": ("First short day", "首个断供日"),
    "lasts": ("lasts two years", "两年内充足"),
    "what_if": ("What if", "假如"),
    "revoke": ("This licence were revoked", "撤销此许可证"),
    "listed": ("This party were listed", "此实体被列入清单"),
    "list": ("on this list", "清单"),
    "lapsed": ("This suspension lapsed", "此暂停失效"),
    "against": ("The texts were read so", "改按此解读"),
    "reading": ("Reading", "解读"),
    "try": ("Look", "查看"),
    "nothing": ("no change", "不变"),
    "changes": (
        "What changes: {orders} of the orders, {stocks} of the stocks, {links} kinds of links of the world",
        "{orders} 个订单、{stocks} 项库存和 {links} 类世界链路发生变化",
    ),
    "before": ("As it is", "现状"),
    "after": ("What if", "假如"),
    "links": ("Links of the world", "世界链路"),
    "give": ("Give a dossier", "提交许可档案"),
    "give_basis": (
        "YAML as for `ytterby licence`; kept in the project",
        "YAML，与 `ytterby licence` 相同；保存在项目中",
    ),
    "name": ("Name", "名称"),
    "text": ("The file as text", "文件内容"),
    "file": ("Or the file", "或上传文件"),
    "keep": ("Keep and show", "保存并查看"),
    "kept": ("{name} is kept", "已保存 {name}"),
    "wrong": ("This dossier or question cannot be read", "无法读取该档案或问题"),
    "status_valid": ("valid", "有效"),
    "status_pending": ("pending", "审查中"),
    "status_expired": ("expired", "已过期"),
    "status_revoked": ("revoked", "已撤销"),
    "status_refused": ("refused", "不予许可"),
    "status_withdrawn": ("withdrawn", "已撤回"),
    "status_not yet valid": ("not yet valid", "尚未生效"),
}
STEPS = 30
"""Points of the curve of decisions."""


def build(project: Project, asked: Asked) -> Shown:
    """The outlook for an application, and the position of the dossier asked for."""
    applied, on = lawyerly.day(asked, "applied") or asked.today, lawyerly.day(asked, "on") or asked.today
    practice = asked.kept("practice", project.practice)
    outlook = asked.kept(f"outlook:{applied}", lambda: project.calendar(applied))
    names = project.dossiers()
    chosen = asked.get("file") or (names[0] if len(names) == 1 else "")
    sections: list[Section] = []
    title, status = _outlook_title(asked, outlook), 200
    data: dict[str, Any] = {"outlook": outlook.to_dict()}
    if chosen:
        try:
            told, held, compared = _position(project, asked, chosen, on)
            sections += _held(asked, told, held)
            sections.append(_what_if(project, asked, told, compared))
            title, data = _held_title(asked, told), {**data, "dossier": chosen, "position": told}
        except InputError as error:
            wrong = Notice(str(error).replace("\n", " · "), "bad")
            sections.append(Section("held", asked.say("wrong"), [wrong]))
            title, status = asked.say("wrong"), 400
    sections += [_wait(asked, outlook, practice), _observations(asked, outlook), _give(asked)]
    return Shown(
        title,
        sections,
        basis=asked.say("basis", on=on, n=outlook.observations),
        lead="" if names else asked.say("dossiers_none"),
        keys=_keys(asked, outlook),
        controls=[*([_dossiers(asked, names, chosen)] if names else []), _days(asked, applied, on)],
        crumbs=[Link(asked.say("rules"), asked.to("rules"))],
        data=data,
        status=status,
    )


def _outlook_title(asked: Asked, outlook: Outlook) -> str:
    return asked.say(
        "title", applied=outlook.applied, half=outlook.day(outlook.half), ninety=outlook.day(outlook.ninety)
    )


def _keys(asked: Asked, outlook: Outlook) -> list[KeyFigure]:
    clock = outlook.statute
    note = asked.say("statute_note", n=clock.working_days)
    keys = [KeyFigure(asked.say("statute"), clock.due.isoformat(),
                      note=f"{note} · {asked.say('provisional')}" if clock.provisional else note,
                      to=asked.to("calendar", asked={"start": clock.accepted.isoformat()}))]  # fmt: skip
    for key, one in (("half", outlook.half), ("ninety", outlook.ninety)):
        low, high = (outlook.applied + datetime.timedelta(days=round(days)) for days in (one.low, one.high))
        keys.append(KeyFigure(asked.say(key), outlook.day(one).isoformat(), note=asked.say("band", low=low, high=high)))
    median, low_, high_ = outlook.approval
    band = asked.say("band", low=f"{low_ * 100:.0f}", high=f"{high_ * 100:.0f} %")
    keys.append(KeyFigure(asked.say("granted"), f"{median * 100:.0f} %", note=band))
    if outlook.of_decided is not None:
        median, low_, high_ = outlook.of_decided
        told = asked.say("of_n", low=f"{low_ * 100:.0f}", high=f"{high_ * 100:.0f}", n=outlook.decided)
        keys.append(KeyFigure(asked.say("granted_decided"), f"{median * 100:.0f} %", note=told))
    return keys


def _days(asked: Asked, applied: datetime.date, on: datetime.date) -> Form:
    fields = [
        Field("applied", asked.say("applied"), "date", applied.isoformat()),
        Field("on", asked.say("on"), "date", on.isoformat()),
    ]
    if asked.get("file"):
        fields.append(Field("file", "file", "hidden", asked.get("file")))
    return Form("days", fields, asked.say("outlook"), asked.to("licences"), method="get", inline=True)


def _dossiers(asked: Asked, names: Sequence[str], chosen: str) -> Facets:
    return Facets([(asked.say("dossier"), [Choice(one, asked.asking(file=one), None, one == chosen) for one in names])])


def _wait(asked: Asked, outlook: Outlook, practice: Practice) -> Section:
    clock = outlook.statute
    share = practice.decided_within(clock.calendar_days)
    title = asked.say("wait", share=f"{share[0] * 100:.0f}", n=clock.working_days)
    rows: list[dict[str, Any]] = asked.kept(f"wait:{outlook.applied}", lambda: _curve(outlook, practice))
    basis = asked.say("wait_basis")
    events = [{"date": clock.due.isoformat(), "label": asked.say("wait_event", n=clock.working_days)}]

    def draw(bare: bool, width: float) -> str:  # noqa: FBT001 - the contract of a figure
        from ytterby.figures.base import Caption
        from ytterby.figures.fan import fan

        caption = Caption(title, basis, language=asked.lang, bare=bare)
        return fan(rows, caption, events=events, width=width, height=180)

    return Section("wait", title, [Figure(draw, rows)])


def _curve(outlook: Outlook, practice: Practice) -> list[dict[str, Any]]:
    last = max(outlook.ninety.high, outlook.statute.calendar_days) * 1.1
    rows = []
    for step in range(1, STEPS + 1):
        days = round(last * step / STEPS)
        median, low, high = (round(share * 100, 2) for share in practice.decided_within(days))
        day = outlook.applied + datetime.timedelta(days=days)
        rows.append({"period": day.isoformat(), "days": days, "median": median, "p05": low, "p95": high})
    return rows


def _observations(asked: Asked, outlook: Outlook) -> Section:
    columns = (
        Column("what", asked.say("what")),
        Column("by", asked.say("by"), "wide"),
        Column("low", asked.say("low"), "number"),
        Column("high", asked.say("high"), "number"),
        Column("fit", asked.say("fitted"), "number"),
    )
    cells: list[dict[str, Cell]] = []
    for row in outlook.misfits:
        share = row["what"] == "approval_share"
        fit = row["fitted"] if share else row["probability"]
        cells.append({
            "what": asked.say(row["what"]),
            "by": lawyerly.english(asked, str(row["by"])),
            "low": f"{row['low'] * 100:.0f} %" if share else round(row["low"]),
            "high": f"{row['high'] * 100:.0f} %" if share else round(row["high"]),
            "fit": f"{fit * 100:.0f} %",
        })  # fmt: skip
    table = Table(columns, cells, data=[dict(row) for row in outlook.misfits])
    title = asked.say("observed", n=len(cells))
    return Section("observations", title, [table], basis=asked.say("observed_basis"))


def _case(asked: Asked, on: datetime.date) -> WhatIf:
    from ytterby.rules.planned import WhatIf

    party, listed = asked.get("listed").strip(), asked.get("list")
    pairs = ((party, listed),) if party and listed else ()
    revoke, lapsed = asked.get("revoke"), asked.get("lapsed")
    return WhatIf(on, (revoke,) if revoke else (), pairs, (lapsed,) if lapsed else ())


def _position(
    project: Project, asked: Asked, chosen: str, on: datetime.date
) -> tuple[dict[str, Any], Position, Compared | None]:
    """The position of a dossier, as plain values and as it is, and what the what-if of the address changes."""
    path = project.dossier(chosen)
    reading, against = asked.get("reading") or None, asked.get("against") or None
    case = _case(asked, on)
    held = project.licences(path, on, None, reading)
    told = held.to_dict()
    if not case and not against:
        return told, held, None
    _, compared, links = project.licences_if(path, case, None, reading, against)
    told["what_if"] = {**compared.to_dict(), "links": links}
    return told, held, compared


def _held_title(asked: Asked, told: Mapping[str, Any]) -> str:
    orders = told["orders"]
    dry = sorted((one["empty"], one["stock"]) for one in told["stocks"] if one["empty"])
    short = asked.say("title_short", stock=dry[0][1], day=dry[0][0]) if dry else ""
    expiring = sum(bool(one["renewal_overdue"]) for one in told["licences"])
    covered = sum(not one["why"] for one in orders)
    return asked.say("title_held", covered=covered, orders=len(orders), expiring=expiring, short=short)


def _held(asked: Asked, told: Mapping[str, Any], held: Position) -> list[Section]:
    licences, orders, stocks = told["licences"], told["orders"], told["stocks"]
    valid = sum(one["status"] == "valid" for one in licences)
    title = asked.say("held", n=len(licences), valid=valid)
    sections = [Section("held", title, [_licences(asked, licences)])]
    if told["uncovered"]:
        columns = (Column("shipment", asked.say("shipment")), Column("why", asked.say("why"), "wide"))
        cells: list[dict[str, Cell]] = [
            {"shipment": one.shipment, "why": reasoned.told(one.miss.reason if one.miss else None, asked.lang)}
            for one in held.ledger.uncovered
        ]
        table = Table(columns, cells, data=told["uncovered"])
        sections.append(Section("uncovered", asked.say("uncovered", n=len(cells)), [table]))
    if orders:
        going = sum(not one["why"] for one in orders)
        title = asked.say("orders", n=going, total=len(orders))
        sections.append(
            Section("orders", title, [_orders(asked, held.orders, orders)], width="wide" if stocks else "full")
        )
    if stocks:
        short = sum(one["empty"] is not None for one in stocks)
        columns = (Column("stock", asked.say("stock")), Column("empty", asked.say("empty"), "date"))
        cells = [{"stock": one["stock"], "empty": one["empty"] or asked.say("lasts")} for one in stocks]
        title = asked.say("stocks", n=short, total=len(stocks))
        sections.append(Section("stocks", title, [Table(columns, cells, data=stocks)], width="third"))
    return sections


def _licences(asked: Asked, licences: Sequence[Mapping[str, Any]]) -> Table:
    columns = (
        Column("id", asked.say("id")),
        Column("kind", asked.say("kind")),
        Column("status", asked.say("status")),
        Column("end_users", asked.say("end_users"), "wide"),
        Column("left", asked.say("left"), "number"),
        Column("quantity", asked.say("quantity"), "number"),
        Column("until", asked.say("until"), "date"),
        Column("renew", asked.say("renew"), "date"),
    )
    cells: list[dict[str, Cell]] = []
    for one in licences:
        good = one["status"] == "valid"
        renew: Cell = one["apply_for_renewal_by"] or ""
        if one["renewal_overdue"]:
            renew = [str(one["apply_for_renewal_by"]), " ", Chip(asked.say("overdue"), "bad")]
        cells.append({
            "id": one["id"],
            "kind": asked.say(one["kind"]),
            "status": Chip(asked.say(f"status_{one['status']}"), "good" if good else "pending"),
            "end_users": asked.say("comma").join(one["end_users"]),
            "left": one["left_kg"] or asked.say("unbounded"),
            "quantity": one["quantity_kg"] or asked.say("unbounded"),
            "until": one["until"] or "",
            "renew": renew,
        })  # fmt: skip
    return Table(columns, cells, data=licences)


def _orders(asked: Asked, orders: Sequence[Covered], data: Sequence[Mapping[str, Any]]) -> Table:
    columns = (
        Column("order", asked.say("order")),
        Column("date", asked.say("date"), "date"),
        Column("fate", asked.say("fate")),
        Column("outcome", asked.say("outcome")),
        Column("licence", asked.say("licence_used")),
        Column("why", asked.say("why"), "wide"),
    )
    cells: list[dict[str, Cell]] = [
        {
            "order": one.order,
            "date": one.day.isoformat(),
            "fate": Chip(asked.say("stays"), "bad") if one.why else Chip(asked.say("goes"), "good"),
            "outcome": lawyerly.outcome(asked, one.outcome),
            "licence": one.permit,
            "why": reasoned.told(one.why, asked.lang),
        }
        for one in orders
    ]
    return Table(columns, cells, data=data)


def _what_if(project: Project, asked: Asked, told: Mapping[str, Any], compared: Compared | None) -> Section:
    law = project.law()
    nothing = ("", asked.say("nothing"))
    suspended = sorted({suspension.instrument for one in law.instruments for suspension in one.suspends})
    readings = [(one, lawyerly.reading(asked, one)) for one in project.readings()]
    fields = [
        Field("file", "file", "hidden", asked.get("file")),
        Field("on", "on", "hidden", asked.get("on")),
        Field("revoke", asked.say("revoke"), "select", asked.get("revoke"),
              [nothing, *((one["id"], one["id"]) for one in told["licences"])]),
        Field("listed", asked.say("listed"), value=asked.get("listed")),
        Field("list", asked.say("list"), "select", asked.get("list"), [nothing, *((one, one) for one in law.lists)]),
        Field("lapsed", asked.say("lapsed"), "select", asked.get("lapsed"),
              [nothing, *((one, one) for one in suspended)]),
        Field("against", asked.say("against"), "select", asked.get("against"), [nothing, *readings]),
    ]  # fmt: skip
    fields = [one for one in fields if one.kind != "hidden" or one.value]
    blocks: list[Block] = [Form("if", fields, asked.say("try"), asked.to("licences"), method="get")]
    if compared is None:
        return Section("what-if", asked.say("what_if"), blocks)
    changes = told["what_if"]
    columns = (
        Column("what", asked.say("what")),
        Column("before", asked.say("before")),
        Column("after", asked.say("after")),
        Column("why", asked.say("why"), "wide"),
    )
    cells: list[dict[str, Cell]] = [_changed(asked, one) for one in compared.orders] + [
        {"what": f"{asked.say('stock')} {one['stock']}", "before": one["before"] or asked.say("lasts"),
         "after": one["after"] or asked.say("lasts"), "why": ""}
        for one in changes["stocks"]
    ]  # fmt: skip
    title = asked.say("changes", orders=len(changes["orders"]), stocks=len(changes["stocks"]),
                      links=len(changes["links"]))  # fmt: skip
    blocks.append(Table(columns, cells, data=[*changes["orders"], *changes["stocks"]], empty=asked.say("nothing")))
    if changes["links"]:
        blocks.append(_links(asked, changes["links"]))
    return Section("what-if", title, blocks)


def _changed(asked: Asked, one: Changed) -> dict[str, Cell]:
    said = {name: reasoned.told(getattr(one, name), asked.lang) for name in ("before", "after", "why")}
    return {"what": f"{asked.say('order')} {one.order}", **said}


def _links(asked: Asked, links: Sequence[Mapping[str, Any]]) -> Table:
    names = ("from", "to", "material", "before", "after", "links")
    words = {"from": "low", "to": "high", "material": "what", "links": "links"}
    columns = tuple(Column(one, asked.say(words.get(one, one))) for one in names)
    cells: list[dict[str, Cell]] = [{name: _cell(asked, row.get(name)) for name in names} for row in links[:20]]
    return Table(columns, cells, caption=asked.say("links"), data=links)


def _cell(asked: Asked, value: object) -> Cell:
    return (
        asked.say(value)
        if isinstance(value, str) and value in WORDS
        else value
        if isinstance(value, int)
        else str(value)
    )


def _give(asked: Asked) -> Section:
    fields = [
        Field("name", asked.say("name"), required=True),
        Field("text", asked.say("text"), "textarea"),
        Field("file", asked.say("file"), "file"),
    ]
    form = Form("give", fields, asked.say("keep"), asked.to("licences"))
    return Section("give", asked.say("give"), [form], basis=asked.say("give_basis"))


def act(project: Project, asked: Asked, given: Given) -> Done:
    """Keeps a dossier that was sent, once it is understood."""
    name = given.get("name")
    file = next((one for one in given.files if one.content), None)
    try:
        text = file.content.decode("utf-8-sig") if file is not None else _pasted(given)
    except UnicodeDecodeError as error:
        raise BadValue(f"not UTF-8 at byte {error.start}", place=name[:80], remedy="save it as UTF-8") from None
    project.keep_dossier(name, text)
    return Done(asked.to("licences", asked={"file": name}), asked.say("kept", name=name[:80]))


def _pasted(given: Given) -> str:
    """The text as it was, with the line ends of a file; browsers send those of a letter."""
    found = given.all("text")
    return found[-1].replace("\r\n", "\n") if found else ""


PAGE = Page("licences", build, WORDS, under="rules", act=act)
