"""Home to the page of one instrument: its record, when its clauses hold, by knowledge and reading, and each clause with
what it covers, wants and spares, and how sure that is.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ytterby.desk import histories, lawyerly, reasoned, standing, worldly
from ytterby.desk.blocks import (
    Block,
    Cell,
    Chip,
    Choice,
    Column,
    Facets,
    Facts,
    Field,
    Form,
    Inline,
    Link,
    Notice,
    Table,
    Text,
    Tongue,
)
from ytterby.desk.page import Asked, KeyFigure, Page, Section, Shown
from ytterby.desk.pages import rules
from ytterby.terms.errors import InputError, UnknownName

if TYPE_CHECKING:
    from ytterby.project import Project
    from ytterby.rules.clauses import Clause, Instrument, Source
    from ytterby.rules.judging import Law

WORDS = {
    **rules.WORDS,
    "nav": ("Instrument", "规则文件"),
    "title": ("{name}: {state}{until}", "{name}：{state}{until}"),
    "until_day": (", until {day}", "，至 {day}"),
    "in_force_of": ("Clauses in force", "有效条款"),
    "of_all": ("of {n}", "共 {n} 条"),
    "confidence": ("Best source", "最佳来源"),
    "record": ("The record", "基本信息"),
    "number": ("Id", "编号"),
    "name_other": ("Name in the other language", "另一语言名称"),
    "legal_basis": ("Legal basis", "法律依据"),
    "sources": ("Sources", "来源"),
    "doubts": ("Doubts", "疑点"),
    "suspends_these": ("Suspends", "暂停的规则"),
    "suspended_by": ("Suspended by", "被其暂停"),
    "touches": ("Materials it names", "列管材料"),
    "spares": ("Materials it is about", "所涉材料"),
    "touches_none": ("none of our materials by itself", "不直接列管本库材料"),
    "may_touch": ("depending on what is in them", "视成分而定"),
    "history": ("{clauses}: {finding}", "{clauses}：{finding}"),
    "history_in_force": ("in force since {day}", "自 {day} 起有效"),
    "history_to_come": ("in force from {day}", "将自 {day} 起生效"),
    "history_suspended": ("suspended since {day}{until}", "自 {day} 起暂停{until}"),
    "history_over": ("not in force", "目前无效"),
    "history_differs": ("the readings differ", "各解读不一"),
    "history_basis": (
        "A row for each day on which something became known, and for each reading where they differ",
        "每个“知悉日”一行；解读不一时分行",
    ),
    "known_lane": ("known {day}", "{day} 所知"),
    "n_clauses": ("{n} clauses", "{n} 条"),
    "outcome": ("Wants", "要求"),
    "trigger": ("Pulled by", "触发"),
    "covers": ("Covers", "涵盖"),
    "elements": ("Elements", "元素"),
    "forms": ("Forms", "形态"),
    "codes": ("Control codes", "管制编码"),
    "inferred": ("inferred", "推断"),
    "hs": ("Customs codes", "海关税号"),
    "origins": ("Origin", "原产地"),
    "destinations": ("Destination", "目的地"),
    "end_uses": ("Ends", "用途"),
    "parties": ("Parties", "实体"),
    "lists": ("Lists", "清单"),
    "ownership": ("Holding from which firms are reached", "持股门槛"),
    "threshold": ("Threshold", "门槛"),
    "below": ("below {share} of ", "低于 {share}："),
    "at_least": ("from {share} of ", "达到 {share}："),
    "licence_kinds": ("Licence", "许可证"),
    "review": ("Review", "审查期限"),
    "working_days": ("{n} working days", "{n} 个工作日"),
    "validity": ("Validity", "有效期"),
    "days": ("{n} days", "{n} 天"),
    "policy": ("Applications", "申请审查"),
    "presumed_denial": ("presumption of denial", "推定拒绝"),
    "case_by_case": ("case by case", "逐案审查"),
    "strict_review": ("strict review", "从严审查"),
    "military_ends": ("for military ends: {policy}", "军事用途：{policy}"),
    "exemptions": ("Spares", "豁免"),
    "exempts": ("Lifts", "解除"),
    "disputed": ("Disputed", "争议"),
    "rivals": ("Read in two ways", "两种读法"),
    "interval_from": ("From", "自"),
    "interval_until": ("Until", "至"),
    "interval_known": ("Known since", "知悉日"),
    "interval_readings": ("Readings", "解读"),
    "interval_why": ("Why", "说明"),
    "interval_what": ("What", "内容"),
    "suspension_by": ("suspended by {name}", "由 {name} 暂停"),
    "open": ("open", "无期限"),
    "all": ("all", "全部"),
    "not_in_force": ("not in force", "目前无效"),
}
_YES = "in force"


def build(project: Project, asked: Asked) -> Shown:
    """One instrument on a day."""
    on, known = lawyerly.day(asked, "on") or asked.today, lawyerly.day(asked, "known") or asked.today
    readings = tuple(asked.kept("readings", project.readings))
    chosen = asked.choice("reading", readings)
    held = project.law(known, chosen or None)
    by_id = {one.id: one for one in held.instruments}
    if asked.name not in by_id:
        raise UnknownName(asked.name, by_id, "instrument")
    one = by_id[asked.name]
    stands = next(each for each in standing.standings(held, on) if each.instrument is one)
    touched = _touched(one)
    known_pages = _pages(project, asked)
    holding = _holding(held, one, on)
    found = histories.histories(held, one.id, readings) if one.clauses else []
    sections = [
        _record(asked, held, one, touched, known_pages),
        *(_history(asked, history, held, n, on) for n, history in enumerate(found, start=1)),
        *(_clause(asked, held, clause, on, touched.get(clause.id, ((), ())), known_pages) for clause in one.clauses),
    ]
    until = asked.say("until_day", day=stands.next - datetime.timedelta(days=1)) if stands.next else ""
    grade = min((source.confidence for source in one.sources), key=lawyerly.GRADES.index)
    total = asked.say("of_all", n=len(one.clauses))
    keys = [
        KeyFigure(asked.say("today_is", day=on), standing.chip(asked, stands.state)),
        KeyFigure(asked.say("next"), str(stands.next) if stands.next else "–"),
        KeyFigure(asked.say("confidence"), grade, note=asked.say(f"grade_{grade}").lstrip(f"{grade}:： ")),
    ]
    if one.clauses:
        keys.insert(1, KeyFigure(asked.say("in_force_of"), sum(holding.values()), total))
    read = lawyerly.reading(asked, held.reading)
    basis = asked.say("basis" if "_" not in read else "basis_named", day=on, known=known, reading=read)
    return Shown(
        asked.say("title", name=lawyerly.titled(one, asked.lang), state=asked.say(stands.state), until=until),
        sections,
        basis=basis,
        keys=keys,
        controls=[_readings(asked, readings, held.reading), _days(asked, on, known)],
        crumbs=[Link(asked.say("rules"), asked.to("rules"))],
        rows=[_row(clause, holding[clause.id], touched.get(clause.id, ((), ()))[0]) for clause in one.clauses],
        data={"instrument": project.instrument(one.id, on, held.reading), "state": stands.state,
              "next_change": stands.next},
    )  # fmt: skip


def _holding(held: Law, one: Instrument, on: datetime.date) -> dict[str, bool]:
    from ytterby.rules import regimes

    return {
        clause.id: regimes.in_force(clause, on, held.known, held.reading, held.instruments).in_force
        for clause in one.clauses
    }


def _readings(asked: Asked, readings: Sequence[str], reading: str) -> Facets:
    choices = [
        Choice(lawyerly.reading(asked, one), asked.asking(reading=one), None, one == reading) for one in readings
    ]
    return Facets([(asked.say("reading"), choices)])


def _days(asked: Asked, on: datetime.date, known: datetime.date) -> Form:
    fields = [
        Field(name, asked.say(name), "date", asked.get(name) or day.isoformat())
        for name, day in (("on", on), ("known", known))
    ]
    if asked.get("reading"):
        fields.append(Field("reading", "reading", "hidden", asked.get("reading")))
    return Form("days", fields, asked.say("show"), asked.to("instrument", asked.name), method="get", inline=True)


def _record(
    asked: Asked,
    held: Law,
    one: Instrument,
    touched: dict[str, tuple[tuple[str, ...], tuple[str, ...]]],
    pages: frozenset[str],
) -> Section:
    zh = asked.lang == "zh"
    other: Cell = Tongue(one.title if zh else one.title_zh, "en" if zh else "zh-Hans")
    by = [each.id for each in held.instruments if any(s.instrument == one.id for s in each.suspends)]
    told: list[tuple[str, Cell]] = [
        (asked.say("authority"), lawyerly.authority(one.authority, asked.lang)),
        (asked.say("number"), one.id),
        (asked.say("name_other"), other if (one.title if zh else one.title_zh) else ""),
        (asked.say("issued"), one.issued.isoformat()),
        (asked.say("legal_basis"), lawyerly.english(asked, one.legal_basis)),
        (asked.say("suspends_these"), _instruments(asked, dict.fromkeys(s.instrument for s in one.suspends))),
        (asked.say("suspended_by"), _instruments(asked, by)),
        (asked.say("sources"), _sources(asked, one.sources)),
    ]
    binding = [clause.id for clause in one.clauses if not clause.exempts and not clause.disputed]
    names = list(dict.fromkeys(name for clause in binding for name in touched.get(clause, ((), ()))[0]))
    blocks: list[Block] = [Facts([each for each in told if each[1]])]
    if one.clauses:
        blocks.append(Text([[asked.say("touches") + asked.say("colon"), *_materials(asked, names, pages)]]))
    blocks += [Notice(lawyerly.english(asked, doubt)) for doubt in one.doubts]
    return Section("record", asked.say("record"), blocks)


def _instruments(asked: Asked, names: Sequence[str] | dict[str, None]) -> list[Inline]:
    pieces: list[Inline] = []
    for name in names:
        pieces += [asked.say("comma")] if pieces else []
        pieces.append(Link(name, asked.to("instrument", name)))
    return pieces


def _sources(asked: Asked, sources: Sequence[Source]) -> list[Inline]:
    pieces: list[Inline] = []
    for source in sources:
        pieces += [asked.say("joint")] if pieces else []
        pieces += [Tongue(source.title, "en") if asked.lang == "zh" else source.title, " ", Chip(source.confidence)]
    return pieces


def _pages(project: Project, asked: Asked) -> frozenset[str]:
    """The materials that have a page: those of the world as it stands; none where it cannot be built."""

    def named() -> frozenset[str]:
        today = dataclasses.replace(asked, address=asked.to("material"))
        try:
            return frozenset(worldly.atlas(project, today).network.materials)
        except InputError:
            return frozenset()

    return asked.kept("material:pages", named)


def _materials(asked: Asked, names: Sequence[str], pages: frozenset[str]) -> list[Inline]:
    from ytterby.terms.materials import materials

    if not names:
        return [asked.say("touches_none")]
    pieces: list[Inline] = []
    for name in names:
        pieces += [asked.say("comma")] if pieces else []
        known = materials()[name]
        said = known.zh if asked.lang == "zh" else known.en
        pieces.append(Link(said, asked.to("material", name)) if name in pages else said)
    return pieces


def _touched(one: Instrument) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Per clause the materials it names for certain, and those it names if they hold what they may hold."""
    from ytterby.rules.columns import columns
    from ytterby.rules.conditions.goods import listed
    from ytterby.rules.facts import Facts as Shipment
    from ytterby.rules.facts import Item
    from ytterby.terms.materials import materials

    names = list(materials())
    asked = columns([Shipment(item=Item(material=name)) for name in names], [one.issued] * len(names))
    found: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    clause: Clause
    for clause in one.clauses:
        if clause.items.scope != "listed":
            continue
        said = listed(clause, asked)
        found[clause.id] = (
            tuple(name for name, yes in zip(names, said.yes, strict=True) if yes),
            tuple(name for name, maybe in zip(names, said.unknown & ~said.yes, strict=True) if maybe),
        )
    return found


def _history(asked: Asked, history: histories.History, held: Law, n: int, on: datetime.date) -> Section:
    title = asked.say("history", clauses=_who(asked, history.clauses), finding=_finding(asked, history, held, on))
    days = [day for lane in history.lanes for since, until, _ in lane.spans for day in (since, until) if day]
    end = max([on, *days]) + datetime.timedelta(days=150)
    rows, data = [], []
    for lane in history.lanes:
        label = asked.say("known_lane", day=lane.known)
        if lane.readings:
            label = asked.say("or").join(lawyerly.short(asked, name) for name in lane.readings) + f" · {lane.known}"
        for since, until, state in lane.spans:
            word = asked.say("in_force" if state == _YES else "suspended")
            rows.append({"lane": label, "date": since.isoformat(), "until": (until or end).isoformat(), "kind": word,
                         "halted": state != _YES, "hint": f"{label}, {since} – {until or ''}: {word}"})  # fmt: skip
            data.append({"clauses": list(history.clauses), "known": lane.known, "readings": list(lane.readings),
                         "from": since, "until": until, "state": state})  # fmt: skip
    figure = rules.lanes_figure(asked, rows, data, title, asked.say("history_basis"), on)
    return Section(f"history-{n}", title, [figure])


def _who(asked: Asked, clauses: Sequence[str]) -> str:
    if len(clauses) > 2:
        return asked.say("n_clauses", n=len(clauses))
    return asked.say("comma").join(name.partition(".")[2] for name in clauses)


def _finding(asked: Asked, history: histories.History, held: Law, on: datetime.date) -> str:
    lanes = [lane for lane in history.now(held.known) if not lane.readings or held.reading in lane.readings]
    spans = lanes[0].spans if lanes else ()
    now = next(((a, b, state) for a, b, state in spans if a <= on and (b is None or on <= b)), None)
    if now is None:
        later = next((a for a, _, state in spans if a > on), None)
        return asked.say("history_to_come", day=later) if later else asked.say("history_over")
    if now[2] == _YES:
        return asked.say("history_in_force", day=now[0])
    until = asked.say("until_day", day=now[1]) if now[1] else ""
    return asked.say("history_suspended", day=now[0], until=until)


def _clause(
    asked: Asked,
    held: Law,
    clause: Clause,
    on: datetime.date,
    touched: tuple[tuple[str, ...], tuple[str, ...]],
    pages: frozenset[str],
) -> Section:
    from ytterby.rules import regimes

    state = regimes.in_force(clause, on, held.known, held.reading, held.instruments)
    chip = Chip(asked.say("in_force" if state.in_force else "not_in_force"), "good" if state.in_force else "pending")
    head: list[Inline] = [clause.id, " ", lawyerly.outcome(asked, clause.outcome), " ", chip, " "]
    why = reasoned.told(state.why, asked.lang)
    blocks: list[Block] = [
        Text([[*head, *(why if isinstance(why, list) else [why])], lawyerly.english(asked, clause.paraphrase)]),
        Facts([one for one in _facts(asked, clause) if one[1]]),
    ]
    if any(touched):
        sure, maybe = touched
        pieces: list[Inline] = [
            asked.say("spares" if clause.exempts else "touches") + asked.say("colon"),
            *_materials(asked, sure, pages),
        ]
        if maybe:
            pieces += [
                asked.say("joint") + asked.say("may_touch") + asked.say("colon"),
                *_materials(asked, maybe, pages),
            ]
        blocks.append(Text([pieces]))
    blocks.append(_intervals(asked, held, clause))
    if clause.disputed:
        blocks.append(Notice([f"{asked.say('disputed')}: ", lawyerly.english(asked, clause.disputed)], "contested"))  # type: ignore[list-item]
    blocks += [Notice(lawyerly.english(asked, doubt)) for doubt in clause.doubts]
    return Section(clause.id, lawyerly.titled(clause, asked.lang), blocks)


def _facts(asked: Asked, clause: Clause) -> list[tuple[str, Cell]]:
    items, joint = clause.items, asked.say("comma")
    zh = asked.lang == "zh"
    codes = joint.join(f"{one.code} ({asked.say('inferred')})" if one.inferred else one.code for one in items.codes)
    ends = joint.join(lawyerly.ENDS[one][zh] for one in clause.end_uses)
    if not ends and clause.end_use != "any":
        ends = lawyerly.ENDS[clause.end_use][zh]
    policy = asked.say(clause.policy) if clause.policy else ""
    if clause.military:
        policy = asked.say("military_ends", policy=asked.say(clause.military))
    exemptions: list[Inline] = []
    for one in clause.exemptions:
        exemptions += [asked.say("joint")] if exemptions else []
        text = one.what + (f" ({one.condition})" if one.condition else "")
        exemptions += [Tongue(text, "en"), " ", Chip(one.confidence)]
    rivals: list[Inline] = [piece for one in clause.rivals for piece in (Tongue(one.text, "en"), " ")]
    return [
        (asked.say("trigger"), asked.say(f"trigger_{clause.trigger}")),
        (asked.say("covers"), lawyerly.english(asked, items.text)),
        (asked.say("elements"), joint.join((*items.elements, *items.substances))),
        (asked.say("forms"), joint.join(lawyerly.FORMS[one][zh] for one in items.forms)),
        (asked.say("codes"), codes),
        (asked.say("hs"), joint.join(items.hs)),
        (asked.say("origins"), joint.join(clause.origins)),
        (asked.say("destinations"), joint.join(clause.destinations)),
        (asked.say("end_uses"), ends),
        (asked.say("parties"), lawyerly.english(asked, clause.parties)),
        (asked.say("lists"), joint.join(clause.lists)),
        (asked.say("ownership"), "" if clause.ownership is None else f"{clause.ownership:.0%}"),
        (asked.say("threshold"), _threshold(asked, clause)),
        (asked.say("licence_kinds"), asked.say("or").join(asked.say(kind) for kind in clause.licence)),
        (asked.say("review"), _count(asked, "working_days", clause.review_working_days)),
        (asked.say("validity"), _count(asked, "days", clause.validity_days)),
        (asked.say("policy"), policy),
        (asked.say("exemptions"), exemptions),
        (asked.say("exempts"), lawyerly.links(asked, clause.exempts)),
        (asked.say("rivals"), rivals),
        (asked.say("legal_basis"), lawyerly.english(asked, clause.legal_basis)),
        (asked.say("sources"), _sources(asked, clause.sources)),
    ]


def _count(asked: Asked, key: str, number: int | None) -> str:
    return "" if number is None else asked.say(key, n=number)


def _threshold(asked: Asked, clause: Clause) -> Cell:
    line = clause.threshold
    if line is None:
        return ""
    said = asked.say("below" if line.below else "at_least", share=f"{line.at_least * 100:.4g} %")
    return [said, Tongue(f"{line.of} ({line.doubt})" if line.doubt else line.of, "en")]


def _intervals(asked: Asked, held: Law, clause: Clause) -> Table:
    columns = (
        Column("what", asked.say("interval_what")),
        Column("from", asked.say("interval_from"), "date"),
        Column("until", asked.say("interval_until"), "date"),
        Column("known", asked.say("interval_known"), "date"),
        Column("readings", asked.say("interval_readings")),
        Column("why", asked.say("interval_why"), "wide"),
    )
    told = [("", interval) for interval in clause.in_force]
    told += [
        (one.id, interval)
        for one in held.instruments
        for suspension in one.suspends
        if suspension.reaches(clause)
        for interval in suspension.intervals
    ]
    cells: list[dict[str, Cell]] = []
    data = []
    for by, one in told:
        cells.append({
            "what": asked.say("suspension_by", name=by) if by else asked.say("in_force"),
            "from": one.since.isoformat(),
            "until": one.until.isoformat() if one.until else asked.say("open"),
            "known": one.known.isoformat(),
            "readings": lawyerly.readings(asked, one.readings) if one.readings else asked.say("all"),
            "why": lawyerly.english(asked, one.why),
        })  # fmt: skip
        data.append({"clause": clause.id, "suspended_by": by, "from": one.since, "until": one.until,
                     "known": one.known, "readings": list(one.readings), "why": one.why})  # fmt: skip
    return Table(columns, cells, data=data)


def _row(clause: Clause, in_force: object, touched: Sequence[str]) -> dict[str, Any]:
    return {
        "clause": clause.id,
        "title": clause.title,
        "title_zh": clause.title_zh,
        "outcome": clause.outcome,
        "trigger": clause.trigger,
        "in_force": bool(in_force),
        "elements": list(clause.items.elements),
        "forms": list(clause.items.forms),
        "materials": list(touched),
        "confidence": min((one.confidence for one in clause.sources), key=lawyerly.GRADES.index),
    }


PAGE = Page("instrument", build, WORDS, about=("instrument",), under="rules")
