"""Home to the pages of watches: the standing orders of the project, what each did, and the form that changes one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.desk import alerted, watching
from ytterby.desk.blocks import (
    Block,
    Cell,
    Chip,
    Column,
    Details,
    Field,
    Form,
    Item,
    Items,
    Link,
    Notice,
    Table,
    Text,
)
from ytterby.desk.page import Asked, Done, Given, KeyFigure, Page, Section, Shown
from ytterby.terms.errors import UnknownName

if TYPE_CHECKING:
    from ytterby.project import Project
    from ytterby.watch.orders import History, Order

LISTED = 12


def all_watches(project: Project, asked: Asked) -> Shown:
    """The standing orders, and the newest alerts."""
    from ytterby.watch import orders

    found = orders.orders(project.path)
    elsewhere = orders.strangers(project.path, (one.id for one in found))
    alerts = alerted.alerts(project)
    watched = [one.id for one in found if one.id in asked.jobs.watch.kept()]
    sections = [_table(project, asked, found, elsewhere)] if found or elsewhere else []
    if alerts:
        sections.append(Section("alerts", asked.say("newest"), [alerted.block(asked, alerts[:LISTED])]))
    name = _free(orders.EXAMPLE, [one.id for one in found])
    fields = [Field("name", asked.say("name"), value=name, help=asked.say("name_help"), required=True)]
    form = Form("new", fields, asked.say("create"), asked.address.as_form("html"))
    example = Details(orders.EXAMPLE + ".yaml", [Text([orders.example()])])
    sections.append(Section("new", asked.say("new"), [form, example], basis=asked.say("new_basis")))
    n = len(found) + len(elsewhere)
    title = asked.say("title_all", n=n, on=len(watched), alerts=len(alerts)) if n else asked.say("title_none")
    return Shown(
        title,
        sections,
        basis=asked.say("basis"),
        lead="" if n else asked.say("lead_none"),
        controls=watching.ended(asked),
    )


def _table(project: Project, asked: Asked, found: list[Order], elsewhere: list[str]) -> Section:
    from ytterby.watch import orders

    columns = (
        Column("workflow", asked.say("workflow"), "wide"),
        Column("state", asked.say("state")),
        Column("last", asked.say("last"), "date"),
        Column("read", asked.say("read"), "number"),
        Column("runs", asked.say("runs"), "number"),
        Column("alerts", asked.say("alerts"), "number"),
        Column("problems", asked.say("problems"), "number"),
    )
    known = {one.id: one for one in found}
    cells: list[dict[str, Cell]] = []
    for name in (*known, *elsewhere):
        past = orders.history(name, project.path)
        order = known.get(name)
        title = order.workflow.title if order is not None and order.workflow is not None else name
        cells.append(
            {
                "workflow": Link(title, asked.to("watch", name)),
                "state": watching.state(asked, name, order),
                "last": watching.when(past) or asked.say("never_ran"),
                "read": len(past.documents),
                "runs": len(past.runs),
                "alerts": len(past.alerts),
                "problems": len(past.last.get("failures", ())) + len(past.waiting),
            }
        )
    data = [
        {**row, "workflow": name, "state": _flat(row["state"])}
        for row, name in zip(cells, (*known, *elsewhere), strict=True)
    ]
    return Section("all", asked.say("all"), [Table(columns, cells, data=data)])


def one_watch(project: Project, asked: Asked) -> Shown:
    """One standing order: what it does, what it did, what it told, and the form that changes it."""
    order, past = _found(project, asked)
    sections = [_alerts(asked, past), _problems(asked, past), _documents(asked, past)]
    title, workflow = asked.name, order.workflow if order is not None else None
    if workflow is not None:
        title = workflow.title
        sections.insert(
            1, Section("order", asked.say("what_it_does"), [watching.said(project, asked, workflow)], width="half")
        )
        sections.insert(2, _handling(asked, past))
    if order is not None:
        if order.error is not None:
            sections.insert(0, _refused(asked, order))
        sections += _forms(asked, order)
    else:
        sections.insert(0, Section("elsewhere", asked.say("elsewhere"), [Notice(asked.say("not_here"))]))
    last = watching.when(past) or asked.say("never_ran")
    on = asked.name in asked.jobs.watch.kept() and asked.jobs.watch.standing() == "on"
    return Shown(
        _title(asked, title, order, past),
        sections,
        basis=asked.say("basis_on" if on else "basis_off", last=last),
        keys=[
            KeyFigure(asked.say("documents"), len(past.documents)),
            KeyFigure(asked.say("runs"), len(past.runs)),
            KeyFigure(asked.say("alerts"), len(past.alerts)),
            KeyFigure(asked.say("problems"), len(past.last.get("failures", ())) + len(past.waiting)),
        ],
        crumbs=[Link(asked.say("nav"), asked.to("watches"))],
        controls=watching.ended(asked),
        data={"workflow": asked.name, "watched": on, "last": dict(past.last)},
    )


def _title(asked: Asked, title: str, order: Order | None, past: History) -> str:
    if order is not None and order.error is not None:
        return asked.say("title_broken", name=asked.name)
    newest = next((one for alert in past.alerts[:1] for one in alert["outcomes"] if one["exceeded"]), None)
    if newest is not None:
        return asked.say("title_moved", title=title, change=_flat(alerted.change(asked, newest)))
    return asked.say("title_one", title=title, alerts=len(past.alerts), documents=len(past.documents))


def _alerts(asked: Asked, past: History) -> Section:
    data = [alerted.row(one) for one in past.alerts]
    items = [alerted.item(asked, one) for one in past.alerts[:LISTED]]
    return Section("alerts", asked.say("alerts"), [Items(items, empty=asked.say("alert_none"), data=data)])


def _handling(asked: Asked, past: History) -> Section:
    watched = asked.name in asked.jobs.watch.kept()
    here = asked.address.as_form("html")
    blocks: list[Block] = []
    if past.last:
        told = {key: past.last.get(key) for key in ("read", "proposed")}
        counts = {key: len(past.last.get(key) or ()) for key in ("answered", "accepted", "runs", "alerts")}
        blocks.append(Text([f"{asked.say('did')} ({watching.when(past)}): {asked.say('did_words', **told, **counts)}"]))
    blocks.append(
        Form("stop" if watched else "start", (), asked.say("stop" if watched else "start"), here, danger=watched)
    )
    if not watched:
        blocks.append(Form("once", (), asked.say("once"), here))
    return Section("handling", asked.say("handling"), blocks, width="half")


def _problems(asked: Asked, past: History) -> Section:
    failed = [str(one) for one in past.last.get("failures", ())]
    failed += [asked.say("undelivered", alert=name, channel=by, why=why) for name, by, why in past.waiting]
    block: Block = Text([asked.say("no_problems")], quiet=True)
    if failed:
        block = Items([Item(one, data={"problem": one}) for one in failed])
    return Section("problems", asked.say("problems"), [block], width="half")


def _documents(asked: Asked, past: History) -> Section:
    items = [
        Item(
            Link(str(one.get("title") or one.get("path")), asked.to("document", str(one["id"])), lang="zh"
                 if any("㐀" <= char <= "鿿" for char in str(one.get("title"))) else "en"),
            meta=" · ".join(filter(None, (str(one.get("date") or ""), str(one.get("publisher") or "")))),
            chips=[Chip(asked.say("answers"), "good") if one.get("answers") else Chip(asked.say("aside"))],
            data={key: one.get(key) for key in ("id", "title", "date", "publisher", "answers", "claims", "at")},
        )
        for one in past.documents
    ]  # fmt: skip
    shown, pager = asked.paged(items, LISTED)
    block = Items(shown, empty=asked.say("no_documents"), pager=pager, data=[dict(one.data) for one in items])
    return Section("documents", asked.say("documents"), [block], width="half")


def _refused(asked: Asked, order: Order) -> Section:
    error = order.error
    assert error is not None
    blocks: list[Block] = [Notice(error.cause, "bad")]
    blocks += [
        Text([f"{asked.say(key)}: {text}"]) for key, text in (("where", error.place), ("remedy", error.remedy)) if text
    ]
    return Section("refused", asked.say("broken"), blocks)


def _forms(asked: Asked, order: Order) -> list[Section]:
    here = asked.address.as_form("html")
    fields = [
        Field("text", asked.say("text"), "textarea", order.text, required=True, wide=True),
        Field("was", "was", "hidden", order.text),
    ]
    copy = [Field("name", asked.say("name"), value=f"{asked.name}-2", help=asked.say("name_help"), required=True)]
    edit = Form("edit", fields, asked.say("save"), here)
    return [
        Section("edit", asked.say("edit"), [edit], basis=asked.say("edit_basis")),
        Section("copy", asked.say("copied_as"), [Form("copy", copy, asked.say("copy"), here)]),
    ]


def make(project: Project, asked: Asked, given: Given) -> Done:
    """Copies the example under a name. Raises `BadValue` for a name that is none, or taken."""
    from ytterby.watch import orders

    name = given.get("name")
    made = orders.write(name, orders.renamed(orders.example(), name), project.path, None)
    return Done(asked.to("watch", name), asked.say("created", name=name, folder=watching.folder(project, made)))


def change(project: Project, asked: Asked, given: Given) -> Done:
    """Starts, stops, runs, changes or copies a workflow.

    Raises:
        InputError: what was written is refused (line and key are named), or reaches outside the project.
        UnknownName: no such workflow, no such form.
    """
    from ytterby.watch import orders

    order = orders.order(asked.name, project.path)
    keeper = asked.jobs.watch
    if given.form == "stop":
        keeper.keep(set(keeper.kept()) - {order.id})
        return Done(asked.address, asked.say("stopped"))
    if given.form == "edit":
        text = next(iter(given.fields.get("text", ())), "")
        was = next(iter(given.fields.get("was", ())), "").replace("\r\n", "\n")
        watching.stays_inside(project, orders.checked(order.id, text, project.path).workflow, order.workflow)
        orders.write(order.id, text, project.path, was)
        if order.id in keeper.kept():
            keeper.keep(keeper.kept())
        return Done(asked.address, asked.say("saved"))
    if given.form == "copy":
        name = given.get("name")
        orders.write(name, orders.renamed(order.text, name), project.path, None)
        return Done(asked.to("watch", name), asked.say("made_copy", name=name))
    if order.error is not None:
        raise order.error
    if given.form == "start":
        keeper.keep({*keeper.kept(), order.id})
        return Done(asked.address, asked.say("started"))
    if given.form == "once":
        return Done(asked.to("job", asked.jobs.start("watch", {"workflow": order.id}).id))
    raise UnknownName(given.form, ("start", "stop", "once", "edit", "copy"), "form")


def _found(project: Project, asked: Asked) -> tuple[Order | None, History]:
    from ytterby.watch import orders

    try:
        order: Order | None = orders.order(asked.name, project.path)
    except UnknownName:
        if asked.name not in orders.strangers(project.path, ()):
            raise
        order = None
    return order, orders.history(asked.name, project.path)


def _free(name: str, taken: list[str]) -> str:
    return next(one for n in range(1, len(taken) + 2) if (one := name if n == 1 else f"{name}-{n}") not in taken)


def _flat(value: Any) -> str:
    from ytterby.desk.blocks import flat

    return str(flat(value))


PAGES = (
    Page("watches", all_watches, watching.WORDS, nav=80, act=make, live=True),
    Page("watch", one_watch, watching.WORDS, about=("workflow",), under="watches", act=change, live=True),
)
