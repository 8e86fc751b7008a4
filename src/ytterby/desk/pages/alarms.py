"""Home to the pages of alarms: what the detectors found, and one alarm with its evidence and what people made of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ytterby.desk import alarming, custodial, evidenced
from ytterby.desk.blocks import (
    Block,
    Cell,
    Choice,
    Column,
    Facets,
    Facts,
    Field,
    Form,
    Item,
    Items,
    Link,
    Table,
    Text,
)
from ytterby.desk.page import Asked, Done, Given, KeyFigure, Page, Section, Shown
from ytterby.desk.tracked import Tracked, tracked
from ytterby.terms.errors import UnknownName

if TYPE_CHECKING:
    from ytterby.custody.alarms.alarm import Alarm
    from ytterby.custody.alarms.triage import Said
    from ytterby.project import Project

WORDS = {
    **custodial.WORDS,
    **alarming.WORDS,
    "nav": ("Alarms", "警报"),
    "title": (
        "{n} alarms, {open} of them open; the surest is at {site}",
        "共 {n} 项警报，{open} 项待处理；最确定者在{site}",
    ),
    "title_none": ("The detectors found nothing", "检测未发现异常"),
    "title_looking": ("The detectors are still looking", "检测仍在进行"),
    "looking": (
        "{n} events are looked through, which takes some seconds; look again soon.",
        "正在检查 {n} 条事件，需数秒，请稍后刷新。",
    ),
    "basis": (
        "The surest first; how often each errs is told with it, where what it rests on holds",
        "最确定者在前；各项的误报率随附，以其所列假设成立为前提",
    ),
    "kind": ("Kind", "类型"),
    "grade": ("About", "类别"),
    "state": ("State", "状态"),
    "every": ("all", "全部"),
    "found": ("Found", "发现的异常"),
    "none_such": ("No alarm is like that.", "没有符合条件的警报。"),
    "detectors": ("What was looked for, and how often it errs", "检测内容与误报率"),
    "detectors_basis": (
        "False alarms of those called now, on the assumption named; – where nothing was called",
        "现有警报的误报率，以所列假设为前提；未发现异常者记为 –",
    ),
    "detector": ("Looked for", "检测"),
    "rests": ("Rests on", "依据"),
    "joint": ("; ", "；"),
    "rate": ("False alarms", "误报率"),
    "alarms_n": ("Alarms", "警报数"),
    "since": ("Since", "起始"),
    "called": ("Could be called on", "可判定时间"),
    "mass": ("Mass", "质量"),
    "mass_gone": ("{kg} is gone", "缺失 {kg}"),
    "mass_came": ("{kg} came from nowhere", "多出 {kg}"),
    "mass_none": ("no matter of mass", "与质量无关"),
    "sure": ("How sure", "确定程度"),
    "about": ("About", "对象"),
    "between": ("With", "对方"),
    "what": ("What was found", "发现"),
    "evidence": ("Evidence", "证据"),
    "events": ("The events that tell it", "相关事件"),
    "triage": ("What came of it", "处理结果"),
    "triage_basis": (
        "Nothing is deleted: every decision is kept with who, when and why",
        "不删除任何记录：每次决定均保留人员、时间与理由",
    ),
    "undecided": ("Nobody decided on it yet.", "尚无人处理。"),
    "decide": ("Decide", "作出决定"),
    "who": ("Who decides", "决定人"),
    "why": ("Why", "理由"),
    "why_help": ("Needed for explained, confirmed and dismissed.", "选择“已解释”“已确认”“已排除”时必填。"),
    "keep": ("Keep the decision", "保存决定"),
    "kept": ("Kept: {state}.", "已保存：{state}。"),
    "decided": ("{who} · {at}", "{who} · {at}"),
    "title_one": ("{headline}", "{headline}"),
    "basis_one": ("Alarm {id} · since {since} · {grade}", "警报 {id} · 自 {since} · {grade}"),
    "not_there": (
        "It may have been found in events that were since declared wrong",
        "相关事件可能已声明有误",
    ),
}  # fmt: skip
LISTED = 20


def every(project: Project, asked: Asked) -> Shown:
    """The alarms there are, narrowed as asked."""
    held = tracked(project)
    if held is None:
        return custodial.empty(asked)
    found = held.alarms()
    if found is None:
        again = Text([asked.say("looking", n=f"{len(held.book):,}"), Link(asked.say("look_again"), asked.address)])
        section = Section("looking", asked.say("title_looking"), [again])
        return Shown(asked.say("title_looking"), [section], crumbs=custodial.crumbs(asked), rows=(), refresh=3)
    known = alarming.history(project)
    states = {one.id: alarming.state(known.get(one.id, ())) for one in found}
    parts: dict[str, Callable[[Alarm], str]] = {
        "kind": lambda one: one.kind,
        "grade": lambda one: one.grade,
        "state": lambda one: states[one.id],
    }
    wanted = {
        "kind": asked.choice("kind", sorted({one.kind for one in found} | set(alarming.KINDS))),
        "grade": asked.choice("grade", alarming.GRADES),
        "state": asked.choice("state", alarming.STATES),
    }
    chosen = [one for one in found if all(not value or parts[name](one) == value for name, value in wanted.items())]
    shown, pager = asked.paged(chosen, LISTED)
    items = [alarming.item(asked, held, one, states[one.id]) for one in shown]
    data = [alarming.row(one, states[one.id]) for one in chosen]
    block = Items(items, pager=pager, data=data, empty=asked.say("none_such"))
    sections = [Section("found", asked.say("found"), [block]), _detectors(asked, found)]
    title = asked.say("title_none")
    if found:
        waiting = sum(state not in alarming.SETTLED for state in states.values())
        site = custodial.site(asked, held, found[0].facility)
        title = asked.say("title", n=len(found), open=waiting, site=site)
    return Shown(
        title,
        sections,
        basis=asked.say("basis"),
        controls=[_facets(asked, found, wanted, parts)] if found else [],
        crumbs=custodial.crumbs(asked),
    )


def _facets(
    asked: Asked, found: Sequence[Alarm], wanted: dict[str, str], parts: dict[str, Callable[[Alarm], str]]
) -> Facets:
    def word(name: str, value: str) -> str:
        if name == "kind":
            return alarming.kind(asked, value)
        return asked.say(f"{'alarm' if name == 'state' else name}_{value}")

    groups = []
    for name, of in parts.items():
        others = {other: value for other, value in wanted.items() if other != name and value}
        fits = [one for one in found if all(parts[other](one) == value for other, value in others.items())]
        counts = Counter(of(one) for one in fits)
        choices = [Choice(asked.say("every"), asked.asking(**{name: None}), len(fits), chosen=not wanted[name])]
        for value, n in counts.most_common():
            choices.append(Choice(word(name, value), asked.asking(**{name: value}), n, chosen=wanted[name] == value))
        groups.append((asked.say(name), choices))
    return Facets(groups)


def _detectors(asked: Asked, found: Sequence[Alarm]) -> Section:
    from ytterby.custody.alarms.finding import detectors

    counts = Counter(one.kind for one in found)
    columns = (
        Column("detector", asked.say("detector")),
        Column("alarms", asked.say("alarms_n"), "number"),
        Column("rate", asked.say("rate"), "wide"),
        Column("rests", asked.say("rests"), "wide"),
    )
    cells: list[dict[str, Cell]] = []
    data: list[dict[str, Any]] = []
    for one in detectors():
        kinds = one.kinds or (one.name,)
        rates = sorted({(alarm.basis, alarm.rate) for alarm in found if alarm.kind in kinds})
        rate = asked.say("joint").join(alarming.errs(asked, *told) for told in rates) or "–"
        n = sum(counts[kind] for kind in kinds)
        data.append({"detector": one.name, "kinds": list(kinds), "alarms": n, "rests": one.rests[0]})
        words, rests = (told[asked.lang == "zh"] for told in (one.words, one.rests))
        cells.append({"detector": words, "alarms": n, "rate": rate, "rests": rests})
    return Section(
        "detectors", asked.say("detectors"), [Table(columns, cells, data=data)], basis=asked.say("detectors_basis")
    )


def one(project: Project, asked: Asked) -> Shown:
    """One alarm."""
    held, alarm = _alarm(project, asked)
    said = alarming.history(project).get(alarm.id, ())
    state = alarming.state(said)
    facts: list[tuple[str, Cell]] = [
        (asked.say("state"), alarming.state_chip(asked, state)),
        (asked.say("facility_head"), custodial.site_link(asked, held, alarm.facility)),
    ]
    if alarm.counterpart:
        facts.append((asked.say("between"), custodial.site_link(asked, held, alarm.counterpart)))
    facts += [
        (asked.say("about"), _about(asked, held, alarm)),
        (asked.say("since"), f"{custodial.moment(alarm.since)} UTC"),
        (asked.say("called"), f"{custodial.moment(alarm.called)} UTC"),
        (asked.say("mass"), _mass(asked, alarm)),
        (asked.say("sure"), alarming.sure(asked, alarm)),
        (asked.say("rate"), alarming.errs(asked, alarm.basis, alarm.rate)),
    ]
    evidence = [Item(evidenced.told(one, asked.lang), data={"evidence": str(one)}) for one in alarm.lines]
    rows = [row for row in alarm.events if row < len(held.book)]
    sections = [
        Section(
            "what", asked.say("what"), [Text([evidenced.told(alarm.found, asked.lang)]), Facts(facts)], width="half"
        ),
        _triage(asked, said, state),
        Section("evidence", asked.say("evidence"), [Items(evidence)]),
        Section("events", asked.say("events"), [custodial.events(asked, held, rows)]),
    ]
    return Shown(
        asked.say("title_one", headline=alarming.headline(asked, held, alarm)),
        sections,
        basis=asked.say(
            "basis_one", id=alarm.id, since=custodial.moment(alarm.since)[:10], grade=asked.say(f"grade_{alarm.grade}")
        ),
        keys=[
            KeyFigure(asked.say("mass"), custodial.weighed(abs(alarm.mass)) if alarm.mass else "–"),
            KeyFigure(asked.say("state"), asked.say(f"alarm_{state}")),
            KeyFigure(asked.say("events"), len(rows)),
        ],
        crumbs=custodial.crumbs(asked, Link(asked.say("nav"), asked.to("alarms"))),
        rows=[alarming.row(alarm, state)],
        data={"alarm": alarm.to_dict(), "history": [step.to_dict() for step in said]},
    )


def _alarm(project: Project, asked: Asked) -> tuple[Tracked, Alarm]:
    held = tracked(project)
    found = held.alarms(wait=120.0) if held is not None else []
    alarm = next((each for each in found or () if each.id == asked.name), None)
    if held is None or alarm is None:
        raise UnknownName(asked.name, [each.id for each in found or ()], "alarm", remedy=asked.say("not_there"))
    return held, alarm


def _about(asked: Asked, held: Tracked, alarm: Alarm) -> Cell:
    if held.book.lot(alarm.about) >= 0:
        return custodial.lot_link(asked, alarm.about)
    known = alarming.ABOUT.get(alarm.about)
    if alarm.kind == "doubt":
        return "; ".join(evidenced.told(each, asked.lang) for name, each in alarm.found.figures if name == "asks")  # type: ignore[arg-type]
    return known[asked.lang == "zh"] if known else custodial.short(alarm.about)


def _mass(asked: Asked, alarm: Alarm) -> str:
    if not alarm.mass:
        return asked.say("mass_none")
    return asked.say("mass_gone" if alarm.mass > 0 else "mass_came", kg=custodial.weighed(abs(alarm.mass)))


def _triage(asked: Asked, said: Sequence[Said], state: str) -> Section:
    items = [
        Item(
            asked.say(f"alarm_{step.state}"),
            meta=asked.say("decided", who=step.who, at=step.at[:16].replace("T", " ")),
            text=step.why,
            data=step.to_dict(),
        )
        for step in reversed(said)
    ]
    fields = [
        Field("state", asked.say("state"), "select", state,
              [(one, asked.say(f"alarm_{one}")) for one in alarming.STATES]),
        Field("who", asked.say("who"), required=True),
        Field("why", asked.say("why"), "textarea", help=asked.say("why_help")),
    ]  # fmt: skip
    form = Form("triage", fields, asked.say("keep"), asked.address.as_form("html"))
    blocks: list[Block] = [Items(items, empty=asked.say("undecided")), form]
    return Section("triage", asked.say("triage"), blocks, basis=asked.say("triage_basis"), width="half")


def decide(project: Project, asked: Asked, given: Given) -> Done:
    """Keeps what somebody made of an alarm.

    Raises:
        UnknownName: a state or alarm that is none.
        BadValue: nobody named, or no reason where one is needed.
    """
    from ytterby.custody.alarms import triage

    _, alarm = _alarm(project, asked)
    state = given.get("state")
    why = given.get("why").replace("\r\n", "\n")
    said = triage.say(project.custody, alarm.id, state, who=given.get("who"), why=why, known=(alarm.id,))
    return Done(asked.address, asked.say("kept", state=asked.say(f"alarm_{said.state}")))


PAGES = (
    Page("alarms", every, WORDS, under="custody", live=True),
    Page("alarm", one, WORDS, about=("alarm",), under="custody", act=decide, live=True),
)
