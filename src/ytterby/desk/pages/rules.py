"""Home to the page of the rules: what is in force over a time, where the readings part, and every instrument with its
standing and the next day on which it changes.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ytterby.desk import flips, lawyerly, standing
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
    Inline,
    Link,
    Notice,
    Table,
    Text,
)
from ytterby.desk.page import Asked, KeyFigure, Page, Section, Shown
from ytterby.terms.errors import DateOrder

if TYPE_CHECKING:
    from ytterby.desk.standing import Standing
    from ytterby.project import Project
    from ytterby.rules.judging import Law

WORDS = {
    **lawyerly.WORDS,
    **standing.WORDS,
    **flips.WORDS,
    "nav": ("Rules", "规则"),
    "title": (
        "{n} of {total} instruments bind on {day}, {suspended} are suspended{next}",
        "{day} 有 {n} 件规则（共 {total} 件）有效，{suspended} 件暂停{next}",
    ),
    "title_next": ("; the next change is on {day}", "；下次变动在 {day}"),
    "title_none": ("None of {total} instruments fits", "{total} 件规则中没有符合的"),
    "basis": ("On {day}, as known on {known}, if the {reading}", "{day}，按 {known} 所知；{reading}"),
    "basis_named": ("On {day}, as known on {known}, read as {reading}", "{day}，按 {known} 所知；解读：{reading}"),
    "on": ("On the day", "日期"),
    "known": ("As known on", "知识截止日"),
    "span_from": ("Figure from", "图示起"),
    "span_until": ("until", "止"),
    "show": ("Show", "显示"),
    "ask": ("Ask the law", "询问规则"),
    "authority": ("Authority", "发布机关"),
    "state": ("Standing", "状态"),
    "kind": ("What it does", "作用"),
    "reading": ("Reading", "解读"),
    "everything": ("all", "全部"),
    "timeline": (
        "{halted} of {total} instruments are suspended for a time between {start} and {end}",
        "{start} 至 {end} 间，{total} 件规则中有 {halted} 件曾经或将暂停",
    ),
    "timeline_whole": ("None is suspended between {start} and {end}", "{start} 至 {end} 间没有规则暂停"),
    "timeline_basis": (
        "A row for each instrument, oldest first; hatched while suspended; the dotted line is {day}",
        "每件规则一行，由早到晚；斜线为暂停期；虚线为 {day}",
    ),
    "parting": (
        "The readings part about {n} instruments: they are back on {days}",
        "各解读对 {n} 件规则有分歧：分别于 {days} 恢复",
    ),
    "parting_plain": ("The readings part about {n} instruments", "各解读对 {n} 件规则有分歧"),
    "parting_basis": ("A row for each reading; {instruments}", "每种解读一行；{instruments}"),
    "reading_text": ("What it says", "含义"),
    "reading_source": ("Source", "来源"),
    "changes_on": ("Back in force", "恢复生效"),
    "today_is": ("On {day}", "{day} 状态"),
    "instruments": ("{n} instruments", "{n} 件规则"),
    "instrument": ("Instrument", "规则"),
    "issued": ("Issued", "发布"),
    "clauses": ("Clauses", "条款数"),
    "next": ("Next change", "下次变动"),
    "nothing_fits": ("No instrument fits; take a filter away.", "没有符合的规则；请去掉一个筛选条件。"),
    "in_force_now": ("Bind", "有效"),
    "suspended_now": ("Suspended, whole or in part", "全部或部分暂停"),
    "next_key": ("Next change", "下次变动"),
    "parted": ("Under rival readings", "解读有分歧"),
}
START = datetime.date(2025, 1, 1)
NEAR = datetime.date(2030, 1, 1)
"""Until then the figure begins with the first controls of 2025, later and before a while ahead of the day."""
AHEAD = 200
"""Days after the day asked for that the figure shows."""


def build(project: Project, asked: Asked) -> Shown:
    """The rules on a day, under a reading."""
    on, known = lawyerly.day(asked, "on") or asked.today, lawyerly.day(asked, "known") or asked.today
    readings = tuple(asked.kept("readings", project.readings))
    chosen = asked.choice("reading", readings)
    start, end = _span(asked, on)
    held = project.law(known, chosen or None)
    everything = standing.standings(held, on)
    fitting = _fitting(asked, everything)
    names = {one.instrument.id for one in fitting}
    laws = {name: project.law(known, name) for name in readings}
    quarrels = standing.partings(laws, start, end)
    sections = [_timeline(asked, held, names, start, end, on)]
    if quarrels and len(names) == len(everything):
        sections.append(_parted(asked, quarrels, laws, on))
    sections.append(_table(asked, fitting, quarrels))
    if asked.kept("shipments", project.shipments)[0]:
        sections.append(flips.section(project, asked))
    basis = "basis" if "_" not in lawyerly.reading(asked, held.reading) else "basis_named"
    return Shown(
        _title(asked, fitting, on),
        sections,
        basis=asked.say(basis, day=on, known=known, reading=lawyerly.reading(asked, held.reading)),
        keys=_keys(asked, fitting, quarrels),
        controls=[
            _ways(asked),
            _facets(asked, everything, readings, held.reading),
            _form(asked, on, known, start, end),
        ],
        rows=[_row(one) for one in fitting],
        data={"on": on, "known": known, "reading": held.reading},
    )


def _span(asked: Asked, on: datetime.date) -> tuple[datetime.date, datetime.date]:
    start = lawyerly.day(asked, "from") or (START if START <= on <= NEAR else on - datetime.timedelta(days=2 * AHEAD))
    end = lawyerly.day(asked, "until") or max(on, start) + datetime.timedelta(days=AHEAD)
    if end < start:
        remedy = "put the earlier day first"
        raise DateOrder(f"{end} is before {start}", place="'until' of the address", remedy=remedy)
    return start, end


def _fitting(asked: Asked, everything: Sequence[Standing]) -> list[Standing]:
    authority = asked.choice("authority", {one.instrument.authority for one in everything})
    state = asked.choice("state", standing.STATES)
    kind = asked.choice("kind", standing.KINDS)
    return [
        one
        for one in everything
        if (not authority or one.instrument.authority == authority)
        and (not state or one.state == state)
        and (not kind or kind in standing.kinds(one.instrument))
    ]


def _title(asked: Asked, fitting: Sequence[Standing], on: datetime.date) -> str:
    total = len(fitting)
    if not total:
        return asked.say("title_none", total=total)
    changes = [one.next for one in fitting if one.next is not None]
    later = asked.say("title_next", day=min(changes)) if changes else ""
    binding = sum(one.state in ("in_force", "in_part") for one in fitting)
    suspended = sum(one.state == "suspended" for one in fitting)
    return asked.say("title", n=binding, total=total, day=on, suspended=suspended, next=later)


def _keys(asked: Asked, fitting: Sequence[Standing], quarrels: Sequence[standing.Parting]) -> list[KeyFigure]:
    names = {one.instrument.id for one in fitting}
    changes = sorted((one.next, one.instrument.id) for one in fitting if one.next is not None)
    keys = [
        KeyFigure(asked.say("in_force_now"), sum(one.state in ("in_force", "in_part") for one in fitting)),
        KeyFigure(
            asked.say("suspended_now"),
            sum(one.state in ("suspended", "in_part") for one in fitting),
            to=asked.asking(state="suspended"),
        ),
        KeyFigure(asked.say("parted"), len(names & {name for one in quarrels for name in one.instruments})),
    ]
    if changes:
        day, name = changes[0]
        also = [other for when, other in changes if when == day]
        note = name if len(also) == 1 else f"{name} + {len(also) - 1}"
        keys.append(KeyFigure(asked.say("next_key"), str(day), note=note, to=asked.to("instrument", name)))
    return keys


def _ways(asked: Asked) -> Facets:
    pages = ("check", "screen", "licences", "calendar")
    return Facets([(asked.say("ask"), [Choice(asked.say(one), asked.to(one)) for one in pages])])


def _facets(asked: Asked, everything: Sequence[Standing], readings: Sequence[str], reading: str) -> Facets:
    counts: dict[str, Counter[str]] = {
        "authority": Counter(one.instrument.authority for one in everything),
        "state": Counter(one.state for one in everything),
        "kind": Counter(kind for one in everything for kind in standing.kinds(one.instrument)),
    }
    groups = []
    for name, found in counts.items():
        order = {"state": standing.STATES, "kind": standing.KINDS}.get(name, ())
        ranked = [one for one in order if found[one]] or [one for one, _ in found.most_common()]
        chosen = asked.get(name)
        choices = [Choice(asked.say("everything"), asked.asking(**{name: None}), len(everything), not chosen)]
        choices += [
            Choice(_word(asked, name, one), asked.asking(**{name: one}), found[one], one == chosen) for one in ranked
        ]
        groups.append((asked.say(name), choices))
    read = [Choice(lawyerly.reading(asked, one), asked.asking(reading=one), None, one == reading) for one in readings]
    return Facets([(asked.say("reading"), read), *groups])


def _word(asked: Asked, name: str, value: str) -> str:
    if name == "authority":
        return lawyerly.authority(value, asked.lang)
    return asked.say(f"kind_{value}" if name == "kind" else value)


def _form(asked: Asked, on: datetime.date, known: datetime.date, start: datetime.date, end: datetime.date) -> Form:
    days = {"on": on, "known": known, "from": start, "until": end}
    words = {"from": "span_from", "until": "span_until"}
    fields = [
        Field(name, asked.say(words.get(name, name)), "date", asked.get(name) or day.isoformat())
        for name, day in days.items()
    ]
    kept = ("authority", "state", "kind", "reading")
    fields += [Field(name, name, "hidden", asked.get(name)) for name in kept if asked.get(name)]
    return Form("days", fields, asked.say("show"), asked.to("rules"), method="get", inline=True)


def _timeline(
    asked: Asked, held: Law, names: set[str], start: datetime.date, end: datetime.date, on: datetime.date
) -> Section:
    rows = [row for row in standing.figure_rows(asked, held, start, end) if row["lane"] in names]
    lanes = {row["lane"] for row in rows}
    halted = {row["lane"] for row in rows if row["halted"]}
    key = "timeline" if halted else "timeline_whole"
    title = asked.say(key, halted=len(halted), total=len(lanes), start=start, end=end)
    basis = asked.say("timeline_basis", day=on)
    if not rows:
        return Section("timeline", title, [Text([asked.say("nothing_fits")])])
    data = [{"instrument": row["lane"], "from": row["date"], "until": row["until"], "state": row["kind"],
             "suspended": row["halted"]} for row in rows]  # fmt: skip
    return Section("timeline", title, [lanes_figure(asked, rows, data, title, basis, on)])


def lanes_figure(
    asked: Asked,
    rows: list[dict[str, Any]],
    data: list[dict[str, Any]],
    title: str,
    basis: str,
    on: datetime.date | None,
) -> Figure:
    """Spans in lanes, with the line of a day where one is given."""
    today = "" if on is None else on.isoformat()

    def draw(bare: bool, width: float) -> str:  # noqa: FBT001 - the contract of a figure
        from ytterby.figures.base import Caption
        from ytterby.figures.lanes import lanes

        caption = Caption(title, basis, language=asked.lang, bare=bare)
        return lanes(rows, caption, today=today, width=width)

    return Figure(draw, data)


def _parted(asked: Asked, quarrels: Sequence[standing.Parting], laws: dict[str, Law], on: datetime.date) -> Section:
    rows, data = [], []
    several = len(quarrels) > 1
    back: dict[str, datetime.date] = {}
    for one in quarrels:
        label = one.instruments[0] + (f" +{len(one.instruments) - 1}" if len(one.instruments) > 1 else "")
        for name, spans in one.spans.items():
            lane = lawyerly.short(asked, name) + (f" · {label}" if several else "")
            for since, until, state in spans:
                word = _state_word(asked, state)
                rows.append({"lane": lane, "date": since.isoformat(), "until": until.isoformat(), "kind": word,
                             "halted": state == "suspended",
                             "hint": f"{', '.join(one.instruments)}: {word}"})  # fmt: skip
                data.append({"reading": name, "instruments": list(one.instruments), "from": since, "until": until,
                             "state": state})  # fmt: skip
            if len(spans) > 1 and spans[-1][2] == "in force":
                back[name] = spans[-1][0]
    total = sum(len(one.instruments) for one in quarrels)
    days = asked.say("or").join(sorted({day.isoformat() for day in back.values()}))
    title = asked.say("parting" if back else "parting_plain", n=total, days=days)
    listed = asked.say("comma").join(name for one in quarrels for name in one.instruments)
    figure = lanes_figure(asked, rows, data, title, asked.say("parting_basis", instruments=listed), on)
    return Section("readings", title, [figure, _readings(asked, laws, back, on)])


def _state_word(asked: Asked, state: str) -> str:
    return asked.say({"in force": "in_force", "suspended": "suspended"}.get(state, "in_part"))


def _readings(asked: Asked, laws: dict[str, Law], back: dict[str, datetime.date], on: datetime.date) -> Table:
    from ytterby.rules import regimes

    columns = (
        Column("reading", asked.say("reading")),
        Column("text", asked.say("reading_text"), "wide"),
        Column("back", asked.say("changes_on"), "date"),
        Column("source", asked.say("reading_source"), "wide"),
    )
    rivals = next((regimes.readings(law.instruments) for law in laws.values()), {})
    cells: list[dict[str, Cell]] = []
    for name, rival in rivals.items():
        sources = [f"{source.title} ({source.confidence})" for source in rival.sources]
        cells.append({
            "reading": Link(lawyerly.reading(asked, name), asked.asking(reading=name), hint=name),
            "text": lawyerly.english(asked, rival.text),
            "back": back[name].isoformat() if name in back else "",
            "source": lawyerly.english(asked, asked.say("joint").join(sources)),
        })  # fmt: skip
    return Table(columns, cells)


def _table(asked: Asked, fitting: Sequence[Standing], quarrels: Sequence[standing.Parting]) -> Section:
    columns = (
        Column("instrument", asked.say("instrument"), "wide"),
        Column("authority", asked.say("authority")),
        Column("issued", asked.say("issued"), "date"),
        Column("state", asked.say("state")),
        Column("kind", asked.say("kind")),
        Column("next", asked.say("next"), "date"),
        Column("clauses", asked.say("clauses"), "number"),
    )
    parted = {name for one in quarrels for name in one.instruments}
    ranked = sorted(fitting, key=lambda one: (one.next or datetime.date.max, one.instrument.id))
    cells: list[dict[str, Cell]] = []
    for one in ranked:
        held = one.instrument
        chips: list[Inline] = [standing.chip(asked, one.state)]
        if held.id in parted:
            chips += [" ", Chip(asked.say("parted"), "contested")]
        cells.append({
            "instrument": [Link(lawyerly.titled(held, asked.lang), asked.to("instrument", held.id)), f" · {held.id}"],
            "authority": lawyerly.authority(held.authority, asked.lang),
            "issued": held.issued.isoformat(),
            "state": chips,
            "kind": asked.say("comma").join(asked.say(f"kind_{kind}") for kind in standing.kinds(held)),
            "next": "" if one.next is None else one.next.isoformat(),
            "clauses": len(held.clauses),
        })  # fmt: skip
    blocks: list[Block] = [Table(columns, cells, data=[_row(one) for one in ranked], empty=asked.say("nothing_fits"))]
    if not fitting:
        blocks = [Notice(asked.say("nothing_fits"))]
    return Section("instruments", asked.say("instruments", n=len(fitting)), blocks)


def _row(one: Standing) -> dict[str, Any]:
    held = one.instrument
    return {
        "id": held.id,
        "title": held.title,
        "title_zh": held.title_zh,
        "authority": held.authority,
        "issued": held.issued,
        "state": one.state,
        "kinds": standing.kinds(held),
        "next_change": one.next,
        "clauses": len(held.clauses),
    }


PAGE = Page("rules", build, WORDS, nav=50)
