"""Home to the trace of a verdict on a page: what decides under each reading, what was passed over and why, what is
missing and where to tell it, and what the answer will be on later days.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from ytterby.desk import lawyerly, reasoned, shipping
from ytterby.desk.blocks import Block, Cell, Column, Details, Facts, Figure, Item, Items, Link, Table, Text, Words
from ytterby.desk.page import Asked, Section

if TYPE_CHECKING:
    from ytterby.project import Project
    from ytterby.rules.clauses import Clause
    from ytterby.rules.facts import Facts as Shipment
    from ytterby.rules.reasons import Reason
    from ytterby.rules.verdicts import Ground, Step, Verdict

WORDS = {
    "answer": ("Answer", "判定"),
    "next_change": ("The answer changes next", "下次改变"),
    "no_change": ("no day known", "无已知日期"),
    "confidence": ("Confidence", "可信度"),
    "missing": ("Facts missing", "尚缺事实"),
    "title_alike": ("Every reading says {outcome}{by}{until}", "各种解读一致：{outcome}{by}{until}"),
    "title_one": ("The answer is {outcome}{by}{until}", "判定：{outcome}{by}{until}"),
    "title_differ": ("The readings differ: {parts}", "各解读不一：{parts}"),
    "title_part": ("{outcome} if the {readings}", "{readings}，则{outcome}"),
    "title_by": (", by {clauses}", "，依据 {clauses}"),
    "title_tell": ("Nobody can say yet; to be told: {fields}", "尚无法判定，请补充：{fields}"),
    "title_until": ("; it changes on {day}", "；{day} 起改变"),
    "under_every": ("{outcome} under every reading", "各种解读下：{outcome}"),
    "under": ("{outcome} if the {readings}", "{readings}：{outcome}"),
    "under_named": ("{outcome}, read as {readings}", "按解读 {readings}：{outcome}"),
    "kinds": ("Kind of licence", "许可证种类"),
    "decided_by": ("Decided by", "决定条款"),
    "nobody_decides": ("no clause bites", "无条款适用"),
    "still_missing": ("Tell these, and the answer may change", "补充以下事实，判定可能改变"),
    "fact_law": ("the law of that day", "当日的规则"),
    "fact_text": ("the text of {clause}", "{clause} 的条文"),
    "notes": ("What else to know", "还须知晓"),
    "passed": ("Clauses that were looked at and do not decide: {n}", "另查看了 {n} 条条款，均不决定结果"),
    "passed_basis": ("Each with the first reason that keeps it off", "每条列出首个不适用的理由"),
    "clause": ("Clause", "条款"),
    "title_of": ("About", "内容"),
    "why": ("Why it does not decide", "不决定的理由"),
    "readings": ("Readings", "解读"),
    "all": ("all", "全部"),
    "near": ("Clauses that speak of such goods on such a way: {n}", "{n} 条针对此类货物与路径的条款"),
    "far": ("Clauses about something else: {n}", "{n} 条针对其他事项的条款"),
    "ahead": ("What the verdict will be on later days", "今后各日的判定"),
    "ahead_never": ("As far as is known, the answer stays", "就目前所知，判定不再改变"),
    "ahead_first": ("The answer changes on {day}, and on {n} days in all", "判定将于 {day} 改变，共有 {n} 个改变日"),
    "ahead_one": ("The answer changes on {day} and then stays", "判定将于 {day} 改变，此后不变"),
    "ahead_basis": (
        "From {day} on, with what is known on {known}; the dotted line is the day asked for",
        "自 {day} 起，按 {known} 所知；虚线为所问之日",
    ),
    "from_day": ("From", "自"),
    "until_day": ("Until", "至"),
    "open_end": ("as far as is known", "就目前所知"),
}
BACK = 400
"""Days before the day asked for that the figure shows."""
ON = 200
"""Days it shows after the last change."""


@dataclass(frozen=True, slots=True)
class Group:
    """Readings under which the answer is the same, and the verdict of the first of them."""

    readings: tuple[str, ...]
    verdict: Verdict


def groups(verdicts: Sequence[Verdict]) -> list[Group]:
    """The verdicts put together where outcome, clauses, next change and what is missing agree."""
    found: dict[object, list[Verdict]] = {}
    for one in verdicts:
        key = (one.outcome, one.licence, one.clauses, one.next_change, one.missing, one.confidence)
        found.setdefault(key, []).append(one)
    return [Group(tuple(one.reading for one in same), same[0]) for same in found.values()]


def outcomes(asked: Asked, found: Sequence[Group]) -> str:
    """The outcomes in one line, each once."""
    return " / ".join(dict.fromkeys(asked.say(one.verdict.outcome) for one in found))


def title(asked: Asked, found: Sequence[Group], readings: int) -> str:
    """The finding as a sentence."""
    if len({one.verdict.outcome for one in found}) == 1:
        first = found[0].verdict
        clauses = list(dict.fromkeys(name for one in found for name in one.verdict.clauses))
        by = asked.say("title_by", clauses=_few(asked, clauses)) if clauses else ""
        days = sorted({one.verdict.next_change for one in found if one.verdict.next_change})
        until = asked.say("title_until", day=days[0].isoformat()) if days else ""
        key = "title_alike" if readings > 1 else "title_one"
        if first.outcome == "undetermined" and (fields := _untold(asked, found)):
            return asked.say("title_tell", fields=fields)
        return asked.say(key, outcome=asked.say(first.outcome), by=by, until=until)
    merged: dict[str, list[str]] = {}
    for one in found:
        merged.setdefault(one.verdict.outcome, []).extend(one.readings)
    parts = [
        asked.say("title_part", outcome=asked.say(outcome), readings=lawyerly.readings(asked, names))
        for outcome, names in merged.items()
    ]
    return asked.say("title_differ", parts=asked.say("joint").join(parts))


def _untold(asked: Asked, found: Sequence[Group]) -> str:
    facts = dict.fromkeys(fact for one in found for fact, _ in one.verdict.missing)
    names = [asked.say(field) for fact in facts if (field := shipping.field_of(fact))]
    return asked.say("comma").join(names)


def _few(asked: Asked, names: Sequence[str]) -> str:
    return asked.say("comma").join(names[:2]) + (" …" if len(names) > 2 else "")


def verdict_sections(asked: Asked, found: Sequence[Group], readings: int) -> list[Section]:
    """A section for each answer, side by side."""
    widths: dict[int, Literal["full", "half", "third"]] = {1: "full", 2: "half"}
    width = widths.get(len(found), "third")
    return [_verdict(asked, one, f"verdict-{n}", readings, width) for n, one in enumerate(found, start=1)]


def _verdict(
    asked: Asked, group: Group, anchor: str, readings: int, width: Literal["full", "half", "third"]
) -> Section:
    one = group.verdict
    outcome = asked.say(one.outcome)
    alike = len(group.readings) == readings and readings > 1
    names = lawyerly.readings(asked, group.readings)
    key = "under_every" if alike else "under_named" if "_" in names else "under"
    title = asked.say(key, readings=names, outcome=outcome[:1].upper() + outcome[1:])
    told: list[tuple[str, Cell]] = [(asked.say("answer"), lawyerly.outcome(asked, one.outcome))]
    if one.licence:
        told.append((asked.say("kinds"), asked.say("or").join(asked.say(kind) for kind in one.licence)))
    decided = lawyerly.links(asked, one.clauses) if one.clauses else asked.say("nobody_decides")
    change = asked.say("no_change") if one.next_change is None else one.next_change.isoformat()
    told += [
        (asked.say("decided_by"), decided),
        (asked.say("next_change"), change),
        (asked.say("confidence"), asked.say(f"grade_{one.confidence}")),
    ]
    blocks: list[Block] = [Facts(told)]
    if one.reasons:
        blocks.append(Items([_ground(asked, ground) for ground in one.reasons]))
    if one.missing:
        items = [_missing(asked, name, why) for name, why in one.missing]
        blocks += [Text([asked.say("still_missing")]), Items(items)]
    if one.notes:
        notes = [Item(reasoned.told(note, asked.lang), data={"note": str(note)}) for note in one.notes]
        blocks.append(Details(asked.say("notes"), [Items(notes)], open=one.outcome in ("free", "undetermined")))
    return Section(anchor, title, blocks, width=width)


def _ground(asked: Asked, one: Ground) -> Item:
    said: Words = lawyerly.english(asked, one.asks)
    data = {"clause": one.clause, "reason": one.told}
    return Item(lawyerly.link(asked, one.clause), text=said, meta=reasoned.told(one.stands, asked.lang), data=data)


def _missing(asked: Asked, fact: str, why: Reason) -> Item:
    field = shipping.field_of(fact)
    data = {"fact": fact, "field": field, "why": str(why)}
    meta = reasoned.told(why, asked.lang)
    if not field:
        return Item(_unasked(asked, fact, why), meta=meta, data=data)
    at = replace(asked.address.as_form("html"), at=f"check-{field}")
    return Item(Link(asked.say(field), at), meta=meta, data=data)


def _unasked(asked: Asked, fact: str, why: Reason) -> str:
    """What no field of the form tells: the law of a day, or what a disputed text says."""
    if why.key == "text_decides":
        return asked.say("fact_text", clause=dict(why.figures)["clause"])
    return asked.say("fact_law") if fact == "law" else fact


def passed_over(asked: Asked, project: Project, found: Sequence[Group]) -> Section:
    """Every clause that does not decide, and why; what is about something else altogether opens on demand."""
    clauses = {one.id: one for one in project.law().clauses}
    whys: dict[tuple[str, Reason], list[str]] = {}
    for group in found:
        for clause, why in group.verdict.passed_over:
            whys.setdefault((clause, why), []).extend(group.readings)
    total = sum(len(one.readings) for one in found)
    over = sorted((_Passed(clause, why, tuple(names)) for (clause, why), names in whys.items()), key=_Passed.order)
    near = [row for row in over if row.why.key not in ELSEWHERE]
    far = [row for row in over if row.why.key in ELSEWHERE]
    blocks: list[Block] = [
        Details(
            asked.say(key, n=len(rows)), [_passed(asked, rows, clauses, total)], open=key == "near" and len(rows) <= 12
        )
        for key, rows in (("near", near), ("far", far))
        if rows
    ]
    names = {clause for clause, _ in whys} - {name for one in found for name in one.verdict.clauses}
    return Section("passed-over", asked.say("passed", n=len(names)), blocks, basis=asked.say("passed_basis"))


ELSEWHERE = frozenset({
    "about_goods", "about_technology", "about_service", "about_person", "no_help", "no_border", "not_from", "not_to",
    "not_between", "not_origin", "not_by_technology", "not_made_outside", "not_us_defence", "no_stage", "no_goods",
    "codes_only", "other_form", "none_inside", "not_item", "these_ends", "other_ends", "shelf", "no_shelf",
    "about_parties", "no_shipment",
})  # fmt: skip
"""Keys of reasons that say that a clause is about something else altogether."""


@dataclass(frozen=True, slots=True)
class _Passed:
    """A clause that does not decide, and under which readings it does not for this reason."""

    clause: str
    why: Reason
    readings: tuple[str, ...]

    def order(self) -> tuple[str, str]:
        return self.clause, str(self.why)

    def row(self) -> dict[str, Any]:
        return {"clause": self.clause, "why": str(self.why), "readings": list(self.readings)}


def _passed(asked: Asked, rows: Sequence[_Passed], clauses: Mapping[str, Clause], total: int) -> Table:
    columns: tuple[Column, ...] = (
        Column("clause", asked.say("clause")),
        Column("about", asked.say("title_of"), "wide"),
        Column("why", asked.say("why"), "wide"),
        Column("readings", asked.say("readings")),
    )
    cells: list[dict[str, Cell]] = [
        {
            "clause": lawyerly.link(asked, row.clause),
            "about": lawyerly.titled(clauses[row.clause], asked.lang) if row.clause in clauses else "",
            "why": reasoned.told(row.why, asked.lang),
            "readings": asked.say("all") if len(row.readings) == total else lawyerly.readings(asked, row.readings),
        }
        for row in rows
    ]
    if all(len(row.readings) == total for row in rows):
        columns = columns[:3]
    return Table(columns, cells, data=[row.row() for row in rows])


def ahead(
    asked: Asked,
    project: Project,
    facts: Shipment,
    courses: Mapping[str, Sequence[Step]],
    on: datetime.date,
    known: datetime.date | None,
) -> Section:
    """The answer day by day: a lane for each reading, and the days on which it changes."""
    changes = sorted({step.since for steps in courses.values() for step in steps[1:]})
    if not changes:
        title = asked.say("ahead_never")
    elif len(changes) == 1:
        title = asked.say("ahead_one", day=changes[0].isoformat())
    else:
        title = asked.say("ahead_first", day=changes[0].isoformat(), n=len(changes))
    start = on - datetime.timedelta(days=BACK)
    end = max([on, *changes]) + datetime.timedelta(days=ON)
    drawn = _lanes(asked, {name: project.course(facts, start, known, name) for name in courses}, end)
    steps = _steps(asked, courses)
    basis = asked.say("ahead_basis", day=start.isoformat(), known=(known or asked.today).isoformat())
    return Section("ahead", title, [_figure(asked, drawn, title, basis, on), steps])


def _figure(asked: Asked, rows: list[dict[str, Any]], title: str, basis: str, on: datetime.date) -> Figure:
    def draw(bare: bool, width: float) -> str:  # noqa: FBT001 - the contract of a figure
        from ytterby.figures.base import Caption
        from ytterby.figures.lanes import lanes

        caption = Caption(title, basis, language=asked.lang, bare=bare)
        return lanes(rows, caption, today=on.isoformat(), width=width)

    return Figure(draw)


def _lanes(asked: Asked, courses: Mapping[str, Sequence[Step]], end: datetime.date) -> list[dict[str, Any]]:
    """Spans of one outcome, a lane for each reading; clauses that change without the outcome are one span."""
    rows: list[dict[str, Any]] = []
    for name, steps in courses.items():
        for step in steps:
            if step.since > end:
                continue
            lane, until = lawyerly.short(asked, name), min(step.until or end, end)
            last = rows[-1] if rows else {}
            if last.get("lane") == lane and last["outcome"] == step.outcome:
                last["until"] = until.isoformat()
                continue
            rows.append({
                "lane": lane, "date": step.since.isoformat(), "until": until.isoformat(), "outcome": step.outcome,
                "kind": asked.say(step.outcome), "halted": step.outcome == "undetermined",
                "hint": f"{step.since} – {until}: {asked.say(step.outcome)} {', '.join(step.clauses)}".strip(),
            })  # fmt: skip
    return rows


def _steps(asked: Asked, courses: Mapping[str, Sequence[Step]]) -> Table:
    merged: dict[tuple[Any, ...], list[str]] = {}
    for name, steps in courses.items():
        for step in steps:
            merged.setdefault((step.since, step.until or datetime.date.max, step.outcome, step.clauses), []).append(
                name
            )
    columns = (
        Column("from", asked.say("from_day"), "date"),
        Column("until", asked.say("until_day"), "date"),
        Column("outcome", asked.say("answer")),
        Column("clauses", asked.say("decided_by"), "wide"),
        Column("readings", asked.say("readings"), "wide"),
    )
    cells: list[dict[str, Cell]] = []
    data = []
    for (since, until, outcome, clauses), names in sorted(merged.items()):
        last = until < datetime.date.max
        cells.append({
            "from": since.isoformat(),
            "until": until.isoformat() if last else asked.say("open_end"),
            "outcome": lawyerly.outcome(asked, outcome),
            "clauses": lawyerly.links(asked, clauses) or asked.say("nobody_decides"),
            "readings": asked.say("all") if len(names) == len(courses) else lawyerly.readings(asked, names),
        })  # fmt: skip
        data.append({"from": since, "until": until if last else None, "outcome": outcome, "clauses": list(clauses),
                     "readings": names})  # fmt: skip
    return Table(columns, cells, data=data)
