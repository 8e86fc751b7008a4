"""Home to shipments across borders: the verdict on each on its day, the licence it draws on, and what if the law were
another.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ytterby.desk import custodial, lawyerly
from ytterby.desk.blocks import Block, Cell, Chip, Choice, Column, Facets, Field, Form, Link, Table, Text, Tone
from ytterby.desk.page import Asked, KeyFigure, Page, Section, Shown
from ytterby.desk.rows import Told
from ytterby.desk.tracked import Tracked, tracked
from ytterby.terms.errors import BadValue

if TYPE_CHECKING:
    from ytterby.custody.shipments.crossings import Crossing
    from ytterby.custody.shipments.drawdown import Sent, Shipments
    from ytterby.custody.shipments.supposed import Supposed
    from ytterby.project import Project

STATES = ("free", "covered", "declared", "uncovered", "refused", "undetermined")
_TONES: dict[str, Tone] = {
    "free": "good",
    "covered": "good",
    "declared": "pending",
    "uncovered": "bad",
    "refused": "bad",
    "undetermined": "contested",
}
WORDS = {
    **custodial.WORDS,
    **lawyerly.WORDS,
    "nav": ("Shipments", "货运"),
    "title": (
        "{stopped} of {n} shipments across borders had no leave to go",
        "{n} 票跨境货运中，{stopped} 票不得放行",
    ),
    "title_fine": ("All {n} shipments across borders had leave to go", "全部 {n} 票跨境货运均可放行"),
    "title_unsure": (
        "Of {n} shipments across borders {unsure} cannot be judged: facts are missing",
        "{n} 票跨境货运中，{unsure} 票因缺少事实无法判定",
    ),
    "title_none": ("No shipment crossed a border", "没有跨境货运"),
    "basis": (
        "Each judged on its own day · known on {known} · reading: {reading}",
        "按发货当日判定 · 知识日期 {known} · 解读：{reading}",
    ),
    "ship_free": ("free", "无需许可"),
    "ship_covered": ("covered", "许可覆盖"),
    "ship_declared": ("names a licence nobody keeps", "注明许可证但无存档"),
    "ship_uncovered": ("not covered", "许可未覆盖"),
    "ship_refused": ("refused", "不予许可"),
    "ship_undetermined": ("undetermined", "无法判定"),
    "state": ("Verdict", "判定"),
    "from": ("From", "出口国"),
    "to": ("To", "目的国"),
    "every": ("all", "全部"),
    "found": ("Shipments", "货运明细"),
    "day": ("Day", "日期"),
    "who": ("Exporter → end user", "出口方 → 最终用户"),
    "clauses": ("Clauses", "条款"),
    "licence_no": ("Licence", "许可证"),
    "left": ("Left, kg", "剩余（千克）"),
    "why": ("Why", "原因"),
    "none_such": ("No shipment is like that.", "没有符合条件的货运。"),
    "licences": ("Licences drawn down", "许可证额度"),
    "licences_some": (
        "{n} licences; {over} of them are drawn down by more than nine tenths",
        "{n} 份许可证，其中 {over} 份已用九成以上",
    ),
    "licences_none": ("No licences are kept", "没有许可证存档"),
    "licences_how": (
        "Write them to custody/permits.yaml, as docs/rules.md tells of a dossier.",
        "请写入 custody/permits.yaml，格式见 docs/rules.md。",
    ),
    "granted": ("Granted, kg", "批准（千克）"),
    "drawn": ("Drawn, kg", "已用（千克）"),
    "until": ("Until", "有效至"),
    "status": ("Status", "状态"),
    "holder": ("Exporter", "出口方"),
    "what_if": ("What if the law were another", "假如法律不同"),
    "what_if_basis": (
        "The same shipments, judged again; counted is what would have met another answer",
        "对同一批货运重新判定，统计结果不同者",
    ),
    "suspended_if": ("An instrument were suspended", "若某项规则暂停"),
    "resumed_if": ("An instrument were in force", "若某项规则生效"),
    "reading_if": ("Unsettled texts were read as", "若按另一解读"),
    "reading_of": ("Reading", "解读"),
    "nothing_if": ("as it is", "不变"),
    "judging_title": ("The shipments are being judged", "正在判定货运"),
    "judging": ("{n} events are gone through, which takes some seconds. ", "正在处理 {n} 条事件，需数秒。"),
    "look_again": ("Look again", "刷新"),
    "known_on": ("As known on", "知识日期"),
    "try": ("Try", "试算"),
    "ask": ("Judge", "判定"),
    "changed": ("{n} of {all} shipments would have met another answer", "{all} 票货运中，{n} 票结果不同"),
    "changed_none": ("No shipment would have met another answer", "没有货运的结果会不同"),
    "before": ("Now", "现在"),
    "after": ("Then", "假设下"),
    "shipments_n": ("Shipments", "票数"),
    "policy": ("What may not go is flagged, and captured all the same.", "不得放行者予以标记，但仍会采集。"),
    "policy_block": ("What may not go is refused at capture.", "不得放行者在采集时拒绝。"),
}  # fmt: skip
MOST = 0.9


def build(project: Project, asked: Asked) -> Shown:
    """The shipments, judged."""
    held = tracked(project)
    if held is None:
        return custodial.empty(asked)
    readings = project.readings()
    told = judged(project, held, asked.choice("reading", readings), asked.day("known"))
    if told is None:
        again = Text([asked.say("judging", n=f"{held.head.size:,}"), Link(asked.say("look_again"), asked.address)])
        section = Section("judging", asked.say("judging_title"), [again])
        return Shown(asked.say("judging_title"), [section], crumbs=custodial.crumbs(asked), rows=(), refresh=3)
    if not told.sent:
        section = Section("none", asked.say("title_none"), [Text([asked.say("title_none")])])
        return Shown(asked.say("title_none"), [section, *_licences(asked, told)], crumbs=custodial.crumbs(asked))
    sections = [_shipments(asked, held, told), *_licences(asked, told), _what_if(project, asked, held, told, readings)]
    counts = told.counts()
    stopped = counts["uncovered"] + counts["refused"]
    n = len(told.sent)
    key = "title" if stopped else "title_unsure" if counts["undetermined"] else "title_fine"
    unsure = counts["undetermined"]
    reading = lawyerly.reading(asked, told.reading)
    ask = [
        Field("reading", asked.say("reading_of"), "select", told.reading, _spoken(asked, readings)),
        Field("known", asked.say("known_on"), "date", asked.get("known")),
    ]
    return Shown(
        asked.say(key, n=f"{n:,}", stopped=f"{stopped:,}", unsure=f"{unsure:,}")
        if key != "title_fine"
        else asked.say(key, n=f"{n:,}"),
        sections,
        basis=asked.say("basis", known=told.known.isoformat(), reading=reading),
        keys=[KeyFigure(asked.say(f"ship_{state}"), counts[state], to=asked.asking(state=state)) for state in STATES],
        controls=[
            _facets(asked, told.sent),
            Form("ask", ask, asked.say("ask"), asked.to("shipments"), method="get", inline=True),
        ],
        crumbs=custodial.crumbs(asked),
        data={"counts": counts, "reading": told.reading, "known": told.known.isoformat()},
    )


def crossed(held: Tracked) -> list[Crossing]:
    """The shipments of the book across borders, found once for a head."""
    from ytterby.custody.shipments.crossings import crossings

    return held.kept("crossings", lambda: crossings(held.ground))


def judged(project: Project, held: Tracked, reading: str, known: datetime.date | None) -> Shipments | None:
    """The shipments judged and drawn down, kept for a reading and a day of knowledge; None while they still are."""
    from ytterby.custody.shipments import drawdown

    if known is not None and known > datetime.date.today():
        raise BadValue(f"nobody knows yet what will be known on {known}", place="'known' of the address")
    how = reading or drawdown.policy(project.custody).reading or None

    def make() -> Shipments:
        law = project.law(known, how)
        return drawdown.drawn(crossed(held), law, held.ground.permits or None, held.ground.registry)

    return held.soon(f"shipments:{how}:{known}:{datetime.date.today()}", make)


def _spoken(asked: Asked, readings: Sequence[str]) -> list[tuple[str, str]]:
    return [(one, lawyerly.reading(asked, one)) for one in readings]


def _facets(asked: Asked, sent: Sequence[Sent]) -> Facets:
    def group(name: str, values: Counter[str], words: dict[str, str]) -> tuple[str, list[Choice]]:
        chosen = asked.get(name)
        choices = [Choice(asked.say("every"), asked.asking(**{name: None}), chosen=not chosen)]
        choices += [
            Choice(words.get(value, value), asked.asking(**{name: value}), n, chosen=chosen == value)
            for value, n in values.most_common(8)
            if value
        ]
        return asked.say(name), choices

    states = Counter(str(one.state) for one in sent)
    since, to = Counter(one.crossing.since for one in sent), Counter(one.crossing.to for one in sent)
    countries = {code: custodial.country(asked, code) for code in {*since, *to} if code}
    return Facets(
        [
            group("state", states, {state: asked.say(f"ship_{state}") for state in STATES}),
            group("from", since, countries),
            group("to", to, countries),
        ]
    )


def _shipments(asked: Asked, held: Tracked, told: Shipments) -> Section:
    state = asked.choice("state", STATES)
    since, to = asked.get("from"), asked.get("to")
    chosen = [
        one
        for one in told.sent
        if (not state or one.state == state)
        and (not since or one.crossing.since == since)
        and (not to or one.crossing.to == to)
    ]
    # What may not go stands first, each kind with the latest on top.
    order = {name: k for k, name in enumerate(("refused", "uncovered", "undetermined", "declared", "covered", "free"))}
    chosen.sort(key=lambda one: (order[one.state], -one.crossing.day.toordinal(), one.crossing.id))
    shown, pager = asked.paged(chosen, 30)
    columns = (
        Column("day", asked.say("day"), "date"),
        Column("state", asked.say("state")),
        Column("what", asked.say("material_head")),
        Column("kg", asked.say("kg"), "number"),
        Column("route", asked.say("where_at")),
        Column("who", asked.say("who"), "wide"),
        Column("licence", asked.say("licence_no")),
        Column("why", asked.say("why"), "wide"),
        Column("number", asked.say("number_head"), "number"),
    )
    cells = [_cells(asked, held, one) for one in shown]
    table = Table(
        columns, cells, data=Told(chosen, lambda one: one.to_dict()), pager=pager, empty=asked.say("none_such")
    )
    return Section("shipments", asked.say("found"), [table])


def _cells(asked: Asked, held: Tracked, one: Sent) -> dict[str, Cell]:
    crossing = one.crossing
    route = f"{crossing.since or '?'} → {crossing.to or '?'}"
    who = [
        custodial.site_link(asked, held, crossing.exporter),
        " → ",
        custodial.site_link(asked, held, crossing.end_user),
    ]
    why: list[Any] = [lawyerly.links(asked, one.clauses)] if one.clauses else []
    if one.why:
        why += [" · ", custodial.english(asked, one.why)] if why else [custodial.english(asked, one.why)]
    return {
        "day": crossing.day.isoformat(),
        "state": Chip(asked.say(f"ship_{one.state}"), _TONES[one.state]),
        "what": custodial.stuff(asked, crossing.material),
        "kg": custodial.kg(crossing.mass),
        "route": route,
        "who": custodial.flattened(who),
        "licence": one.licence or ", ".join(crossing.licences) or "–",
        "why": custodial.flattened(why),
        "number": Link(f"{crossing.sequence}", asked.to("event", f"{crossing.sequence}")),
    }


def _licences(asked: Asked, told: Shipments) -> list[Section]:
    if not told.balances:
        how = Text([asked.say("licences_how")])
        return [Section("licences", asked.say("licences_none"), [how])]
    columns = (
        Column("id", asked.say("licence_no")),
        Column("exporter", asked.say("holder")),
        Column("status", asked.say("status")),
        Column("quantity_kg", asked.say("granted"), "number"),
        Column("drawn_kg", asked.say("drawn"), "number"),
        Column("left_kg", asked.say("left"), "number"),
        Column("until", asked.say("until"), "date"),
    )
    data = [one.to_dict(asked.today) for one in told.balances]
    used = [(row, _share(row)) for row in data]
    used.sort(key=lambda pair: (-pair[1], str(pair[0]["id"])))
    shown, pager = asked.paged([row for row, _ in used], 15)
    cells: list[dict[str, Cell]] = [
        {key: _number(row[key]) if key.endswith("_kg") else str(row[key] or "–") for key in
         ("id", "exporter", "status", "quantity_kg", "drawn_kg", "left_kg", "until")}
        for row in shown
    ]  # fmt: skip
    over = sum(share > MOST for _, share in used)
    title = asked.say("licences_some", n=f"{len(data):,}", over=over)
    return [Section("licences", title, [Table(columns, cells, data=data, pager=pager)])]


def _share(row: dict[str, Any]) -> float:
    granted = float(row["quantity_kg"] or 0)
    return float(row["drawn_kg"] or 0) / granted if granted else 0.0


def _number(text: Any) -> Cell:
    return "–" if text is None else custodial.rounded(float(text))


def _what_if(project: Project, asked: Asked, held: Tracked, told: Shipments, readings: Sequence[str]) -> Section:
    law = project.law()
    nothing = ("", asked.say("nothing_if"))
    names = [(one.id, lawyerly.titled(one, asked.lang)[:90]) for one in law.instruments]
    fields = [
        Field("suspended", asked.say("suspended_if"), "select", asked.get("suspended"), [nothing, *names]),
        Field("resumed", asked.say("resumed_if"), "select", asked.get("resumed"), [nothing, *names]),
        Field("if", asked.say("reading_if"), "select", asked.get("if"), [nothing, *_spoken(asked, readings)]),
        Field("reading", "reading", "hidden", asked.get("reading")),
    ]
    fields = [one for one in fields if one.kind != "hidden" or one.value]
    blocks: list[Block] = [Form("what-if", fields, asked.say("try"), asked.to("shipments", at="what-if"), method="get")]
    case = [f"{word}={asked.get(word)}" for word in ("suspended", "resumed") if asked.get(word)]
    case += [f"reading={asked.get('if')}"] if asked.get("if") else []
    title = asked.say("what_if")
    if case:
        found = _supposed(project, held, told, case)
        n = len(found.changed)
        title = asked.say("changed", n=f"{n:,}", all=f"{len(told.sent):,}") if n else asked.say("changed_none")
        blocks.append(_moved(asked, found))
    return Section("what-if", title, blocks, basis=asked.say("what_if_basis"))


def _supposed(project: Project, held: Tracked, told: Shipments, case: Sequence[str]) -> Supposed:
    from ytterby.custody.shipments import supposed

    days = [one.crossing.day for one in told.sent]
    law = project.law(told.known, told.reading)
    other = supposed.law(law, supposed.read(case, min(days), max(days)))
    return supposed.compare(crossed(held), law, other)


def _moved(asked: Asked, found: Supposed) -> Table:
    columns = (
        Column("before", asked.say("before")),
        Column("after", asked.say("after")),
        Column("material", asked.say("material_head")),
        Column("route", asked.say("where_at")),
        Column("shipments", asked.say("shipments_n"), "number"),
        Column("kg", asked.say("kg"), "number"),
        Column("clauses", asked.say("clauses"), "wide"),
    )
    cells: list[dict[str, Cell]] = [
        {
            "before": lawyerly.outcome(asked, one.before),
            "after": lawyerly.outcome(asked, one.after),
            "material": custodial.stuff(asked, one.material),
            "route": f"{one.since or '?'} → {one.to or '?'}",
            "shipments": one.shipments,
            "kg": custodial.kg(one.mass),
            "clauses": lawyerly.links(asked, one.clauses),
        }
        for one in found.moved[:30]
    ]
    return Table(columns, cells, data=[one.to_dict() for one in found.moved], empty=asked.say("changed_none"))


PAGE = Page("shipments", build, WORDS, under="custody", live=True)
