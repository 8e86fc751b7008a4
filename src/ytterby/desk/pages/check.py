"""Home to the page that checks a shipment: a form whose address is the question, and the verdict under each reading
with its whole trace.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ytterby.desk import flips, guard, lawyerly, shipping, tracing
from ytterby.desk.blocks import Block, Choice, Facets, Field, Form, Link, Text
from ytterby.desk.page import Asked, Done, Given, KeyFigure, Page, Section, Shown
from ytterby.terms.errors import BadValue

if TYPE_CHECKING:
    from ytterby.project import Project
    from ytterby.rules.facts import Facts as Shipment

WORDS = {
    **lawyerly.WORDS,
    **shipping.WORDS,
    **tracing.WORDS,
    **flips.WORDS,
    "nav": ("Check a shipment", "检查货物"),
    "title_ask": (
        "{clauses} clauses on shipments are known; say what is shipped",
        "已收录 {clauses} 条货物规则；请说明运什么",
    ),
    "title_wrong": ("{n} fields cannot be understood", "有 {n} 个字段无法识别"),
    "title_wrong_one": ("One field cannot be understood: {name}", "有一个字段无法识别：{name}"),
    "basis_ask": (
        "A fact left out is unknown, not false. No legal advice: it says what was read, where, and what is in doubt.",
        "未填的事实视为未知，而非不成立。本页不构成法律意见：只说明读到了什么、出自何处、何处存疑。",
    ),
    "basis": (
        "On {on}, as known on {known}; no legal advice",
        "交易日 {on}，按 {known} 所知；不构成法律意见",
    ),
    "form_title": ("The shipment", "货物"),
    "go": ("Check", "检查"),
    "presets": ("Examples", "示例"),
    "preset_magnet": ("Dy magnet, China to Germany", "含镝磁体：中国至德国"),
    "preset_rotor": ("Rotor with magnets, China to Germany", "永磁转子：中国至德国"),
    "preset_metal": ("Dy metal, China to Japan", "镝金属：中国至日本"),
    "preset_content": ("Magnet made in Japan, 0.1 % Chinese", "日本制磁体，含中国物项 0.1 %"),
    "preset_listed": ("Dy oxide to a listed party", "氧化镝：收货方在清单上"),
    "preset_arms": ("Magnet for US arms, mined in China", "美国武器用磁体，矿石采自中国"),
    "facts_title": ("Or give a file of facts", "或提交事实文件"),
    "facts": ("FACTS as YAML", "事实（YAML）"),
    "facts_help": ("As for `ytterby check`; the address then says the same", "与 `ytterby check` 相同；地址随之更新"),
    "file": ("Or as a file", "或上传文件"),
    "read_facts": ("Check these facts", "检查这些事实"),
    "watch_title": ("Watch this shipment", "关注这批货物"),
    "watch_basis": (
        "The day its verdict changes then stands on the page of the day.",
        "其判定改变的日期将显示在今日页面。",
    ),
    "watch_name": ("Name", "名称"),
    "watch": ("Watch this shipment", "关注这批货物"),
    "watched": ("{name} is watched", "已关注 {name}"),
    "watched_already": ("It is watched as {name}.", "已以“{name}”之名关注。"),
    "unwatch": ("Watch it no longer", "不再关注"),
    "unwatched": ("{name} is watched no longer", "已不再关注 {name}"),
}
_FORM = "check"


def build(project: Project, asked: Asked) -> Shown:
    """The form, and what the law says of what it holds."""
    readings = tuple(asked.kept("readings", project.readings))
    told = shipping.facts_of(asked)
    wrong = {**told.wrong, **_wrong_question(asked, readings)}
    crumbs = [Link(asked.say("rules"), asked.to("rules"))]
    form = _form(asked, wrong, readings)
    empty = not any(asked.get(name).strip() for name in shipping.NAMES)
    if wrong or told.facts is None:
        names = [asked.say(one) for one in wrong]
        one = len(names) == 1
        title = asked.say("title_wrong_one", name=names[0]) if one else asked.say("title_wrong", n=len(names))
        errors = {name: why for name, why in wrong.items() if asked.get(name) or empty}
        return Shown(title, [form, _upload(asked)], asked.say("basis_ask"), crumbs=crumbs, status=400,
                     data={"errors": errors or dict(wrong)})  # fmt: skip
    if empty:
        clauses = len(asked.kept("law:spoken", lambda: project.law().spoken))
        title = asked.say("title_ask", clauses=clauses)
        flipping = [flips.section(project, asked)] if asked.kept("shipments", project.shipments)[0] else []
        sections = [form, *flipping, _upload(asked)]
        return Shown(title, sections, asked.say("basis_ask"), crumbs=crumbs, controls=[_presets(asked)])
    return _answered(project, asked, told.facts, form, readings, crumbs)


def _answered(
    project: Project, asked: Asked, facts: Shipment, form: Section, readings: tuple[str, ...], crumbs: list[Link]
) -> Shown:
    from ytterby.project import shipments

    known = lawyerly.day(asked, "known")
    on = facts.day or asked.today
    names = (asked.get("reading"),) if asked.get("reading") else readings
    verdicts = [project.check(shipments.record(facts), on, known, name)[0] for name in names]
    courses = {name: project.course(facts, on, known, name) for name in names}
    groups = tracing.groups(verdicts)
    sections = [
        *tracing.verdict_sections(asked, groups, len(names)),
        tracing.ahead(asked, project, facts, courses, on, known),
        tracing.passed_over(asked, project, groups),
        form,
        _watch(project, asked, facts),
        _upload(asked),
    ]
    weakest = max((one.confidence for one in verdicts), key=lawyerly.GRADES.index)
    changes = sorted({one.next_change for one in verdicts if one.next_change})
    keys = [
        KeyFigure(asked.say("answer"), tracing.outcomes(asked, groups)),
        KeyFigure(asked.say("next_change"), changes[0].isoformat() if changes else asked.say("no_change")),
        KeyFigure(asked.say("confidence"), weakest, note=asked.say(f"grade_{weakest}").lstrip(f"{weakest}:： ")),
        KeyFigure(asked.say("missing"), len({name for one in verdicts for name, _ in one.missing})),
    ]  # fmt: skip
    return Shown(
        tracing.title(asked, groups, len(names)),
        sections,
        basis=asked.say("basis", on=on.isoformat(), known=(known or asked.today).isoformat()),
        keys=keys,
        crumbs=[*crumbs, Link(asked.say("nav"), asked.to("check"))],
        rows=[one.to_dict() for one in verdicts],
        data={
            "facts": shipments.record(facts),
            "readings": [one.to_dict() for one in verdicts],
            "course": {name: [step.to_dict() for step in steps] for name, steps in courses.items()},
        },
    )


def _wrong_question(asked: Asked, readings: Sequence[str]) -> dict[str, str]:
    found = {}
    known, reading = asked.get("known"), asked.get("reading")
    if known:
        try:
            if not lawyerly.within(datetime.date.fromisoformat(known)):
                found["known"] = asked.say("bad_year", text=known)
        except ValueError:
            found["known"] = asked.say("bad_day", text=known[:40])
    if reading and reading not in readings:
        found["reading"] = asked.say("bad_choice", text=reading[:60])
    return found


def _form(asked: Asked, wrong: dict[str, str], readings: tuple[str, ...]) -> Section:
    fields = shipping.fields(asked, wrong, readings)
    form = Form(_FORM, fields, asked.say("go"), asked.to("check"), method="get")
    return Section("shipment", asked.say("form_title"), [form])


def _presets(asked: Asked) -> Facets:
    from ytterby.rules import facts

    choices = [
        Choice(asked.say(key), asked.to("check", asked=shipping.fields_of(facts.of(record))))
        for key, record in shipping.PRESETS
    ]
    return Facets([(asked.say("presets"), choices)])


def _upload(asked: Asked) -> Section:
    fields = [
        Field("facts", asked.say("facts"), "textarea", help=asked.say("facts_help")),
        Field("file", asked.say("file"), "file"),
    ]
    form = Form("facts", fields, asked.say("read_facts"), asked.to("check"))
    return Section("facts", asked.say("facts_title"), [form], width="half")


def _watch(project: Project, asked: Asked, facts: Shipment) -> Section:
    watched, _ = asked.kept("shipments", project.shipments)
    name = next((one.name for one in watched if one.facts == facts), "")
    here = asked.asking()
    blocks: list[Block] = []
    if name:
        blocks.append(Text([asked.say("watched_already", name=name)]))
        fields = [Field("name", asked.say("watch_name"), "hidden", name)]
        blocks.append(Form("unwatch", fields, asked.say("unwatch"), here))
    else:
        fields = [Field("name", asked.say("watch_name"), required=True, value=_suggested(facts))]
        blocks.append(Form("watch", fields, asked.say("watch"), here))
    return Section("watch", asked.say("watch_title"), blocks, asked.say("watch_basis"), width="half")


def _suggested(facts: Shipment) -> str:
    parts = (facts.form, *sorted(facts.elements or ()), facts.since, facts.to)
    return " ".join(one for one in parts if one)[:60]


def act(project: Project, asked: Asked, given: Given) -> Done:
    """Turns a file of facts into the address that asks the same, or watches the shipment of the address."""
    if given.form == "facts":
        return _asked_by_file(asked, given)
    if given.form == "unwatch":
        project.drop_shipment(given.get("name"))
        return Done(asked.asking(), asked.say("unwatched", name=given.get("name")))
    told = shipping.facts_of(asked)
    if told.facts is None:
        raise BadValue(next(iter(told.wrong.values())), place=asked.say("form_title"))
    project.keep_shipment(given.get("name"), told.facts)
    return Done(asked.asking(), asked.say("watched", name=given.get("name")))


def _asked_by_file(asked: Asked, given: Given) -> Done:
    from ytterby.rules import facts

    file = next((one for one in given.files if one.content), None)
    where = file.name if file is not None else asked.say("facts")
    try:
        text = file.content.decode("utf-8-sig") if file is not None else given.get("facts")
    except UnicodeDecodeError as error:
        raise BadValue(f"not UTF-8 at byte {error.start}", place=where, remedy="save it as UTF-8") from None
    one = facts.read(text, where)
    fields = shipping.fields_of(one)
    to = asked.to("check", asked=fields)
    again = shipping.facts_of(dataclasses.replace(asked, address=to)).facts
    if again != one or len(to.path) >= guard.LONGEST:
        # A name with a line break, say, or more owners than an address holds: nothing is checked that was not told.
        raise BadValue("these facts do not fit into the form", place=where, remedy="ask `ytterby check FILE` instead")
    return Done(to)


PAGE = Page("check", build, WORDS, under="rules", act=act)
