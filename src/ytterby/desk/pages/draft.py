"""Home to the page on which a project's own scenario is edited: its common fields, its whole file, and what it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.desk.blocks import Block, Details, Field, Form, Link, Text, Written
from ytterby.desk.page import Asked, Done, Given, Page, Section, Shown
from ytterby.terms.errors import BadValue, InputError, UnknownName

if TYPE_CHECKING:
    from ytterby.project import Project
    from ytterby.world.drafts import Draft
    from ytterby.world.scenarios import Scenario

WORDS = {
    "nav": ("Edit a scenario", "编辑情景"),
    "scenarios": ("Scenarios", "情景"),
    "title": ("Edit {name}: {events} events, {levers} levers", "编辑 {name}：{events} 个事件，{levers} 个杠杆"),
    "title_broken": ("Edit {name}: the file cannot be read", "编辑 {name}：文件无法读取"),
    "basis": (
        "{path} of the project; what it said before is kept, {older} times so far",
        "项目文件 {path}；修改前的内容均保留，目前 {older} 份",
    ),
    "fields": ("The common things", "常用项"),
    "fields_lead": (
        "Only what you change is written; comments and all else stay as they are.",
        "仅写入您修改的项，注释与其余内容保持不变。",
    ),
    "title.en": ("Title in English", "英文标题"),
    "title.zh": ("Title in Chinese", "中文标题"),
    "question": ("Question", "问题"),
    "start": ("First day", "起始日"),
    "end": ("Last day", "结束日"),
    "step_days": ("Days in a step", "步长（天）"),
    "step_help": ("7 is a week; 1 for licence studies", "7 为一周；研究许可时用 1"),
    "known": ("As known on", "知识截止日"),
    "known_help": ("Rules and events known later are left out", "此后的规则与事件不计入"),
    "demand_path": ("Growth of demand", "需求增长"),
    "reading": ("Reading of the law", "法律解读"),
    "reading_help": ("Which reading of an unsettled text holds", "采用未定文本的哪种解读"),
    "save": ("Save these", "保存"),
    "whole": ("The whole file", "完整文件"),
    "whole_lead": (
        "YAML; every key is explained in docs/scenarios.md. A refusal names the line and keeps what you typed.",
        "YAML；各键说明见 docs/scenarios.md。若被拒绝，会指出行号并保留所填内容。",
    ),
    "yaml": ("YAML", "YAML"),
    "save_whole": ("Save the file", "保存文件"),
    "saved": ("Saved; what it said before is kept.", "已保存；原内容已保留。"),
    "unchanged": ("It says the same as before; nothing was written.", "内容未变，未写入。"),
    "older": ("What it said before", "历史版本"),
    "older_none": ("It was not changed yet.", "尚未修改。"),
    "version": ("Until {at} UTC", "至 {at}（UTC）"),
    "restore": ("Take this back", "恢复此版本"),
    "restored": ("Taken back; what it said until now is kept too.", "已恢复；刚才的内容也已保留。"),
    "now": ("What the file says now", "文件当前内容"),
    "open": ("Read it, run it", "查看与运行"),
    "broken": ("It cannot be read: {why}", "无法读取：{why}"),
}
PATHS = ("iea", "adamas")


def build(project: Project, asked: Asked) -> Shown:
    """The forms, filled with what the file says."""
    from ytterby.world import drafts

    draft = _own(project, asked.name)
    plan, why = _plan(project, draft)
    older = drafts.older(draft.name, project.path)
    title = asked.say("title_broken", name=draft.name)
    lead = asked.say("broken", why=why)
    if plan is not None:
        title = asked.say("title", name=draft.name, events=len(plan.events), levers=len(plan.levers))
        lead = ""
    path = f"scenarios/{draft.path.name}"
    sections = [_fields(asked, draft, plan)] if plan is not None else []
    return Shown(
        title,
        [*sections, _whole(asked, draft), _older(project, asked, draft)],
        basis=asked.say("basis", path=path, older=len(older)),
        lead=lead,
        crumbs=[
            Link(asked.say("scenarios"), asked.to("scenarios")),
            Link(draft.name, asked.to("scenario", draft.name)),
        ],
        data={"name": draft.name, "text": draft.text, "version": draft.version, "error": why},
        rows=[{"line": number, "text": line} for number, line in enumerate(draft.text.splitlines(), start=1)],
    )


def _own(project: Project, name: str) -> Draft:
    from ytterby.world import drafts

    draft = drafts.draft(name, project.path)
    if not draft.own:
        raise BadValue(
            f"'{name}' comes with the package and is never changed",
            place=f"draft/{name}",
            remedy="open the scenario and copy it under a new name first",
        )
    return draft


def _plan(project: Project, draft: Draft) -> tuple[Scenario | None, str]:
    from ytterby.world import scenarios

    try:
        return scenarios.load(draft.name, project.path), ""
    except InputError as error:
        return None, str(error)


def _fields(asked: Asked, draft: Draft, plan: Scenario) -> Section:
    from ytterby.rules import regimes
    from ytterby.world import scenarios

    said = {
        "title.en": plan.title.en,
        "title.zh": plan.title.zh,
        "question": plan.question,
        "start": plan.start.isoformat(),
        "end": plan.end.isoformat(),
        "step_days": f"{plan.step_days:g}",
        "known": plan.known.isoformat(),
        "demand_path": plan.demand_path,
        "reading": plan.reading,
    }
    own = draft.path.parent.parent
    readings = sorted({*regimes.readings(scenarios.instruments(plan, own)), plan.reading, regimes.DEFAULT_READING})
    kinds = {"start": "date", "end": "date", "known": "date", "step_days": "number"}
    options = {"demand_path": PATHS, "reading": tuple(readings)}
    fields = [Field("seen", "", "hidden", draft.version)]
    for name, value in said.items():
        helps = {"step_days": "step_help", "known": "known_help", "reading": "reading_help"}
        fields.append(
            Field(
                name,
                asked.say(name),
                "select" if name in options else kinds.get(name, "text"),  # type: ignore[arg-type]
                value,
                [(one, one) for one in options.get(name, ())],
                help=asked.say(helps[name]) if name in helps else "",
                error=_error(asked, name),
                required=True,
                least="0" if name == "step_days" else "",
                step="any" if name == "step_days" else "",
                wide=name == "question",
                lang="zh" if name == "title.zh" else "",
            )
        )
    form = Form("fields", fields, asked.say("save"), asked.to("draft", draft.name))
    read = Link(asked.say("open"), asked.to("scenario", draft.name))
    return Section("fields", asked.say("fields"), [Text([asked.say("fields_lead")], quiet=True), form, Text([read])])


def _error(asked: Asked, name: str) -> str:
    """The refusal beside the field it is about."""
    if asked.refusal is None or asked.given is None or asked.given.form != "fields":
        return ""
    key = name.partition(".")[0]
    about = asked.refusal.place.endswith((f", {key}", f", {name}")) or f"'{key}'" in asked.refusal.cause
    return asked.refusal.cause if about else ""


def _whole(asked: Asked, draft: Draft) -> Section:
    refused = asked.refusal is not None and asked.given is not None and asked.given.form == "yaml"
    where = asked.refusal.place if refused and asked.refusal is not None else ""
    fields = [
        Field("seen", "", "hidden", draft.version),
        Field("text", asked.say("yaml"), "textarea", draft.text, error=where, required=True, wide=True, lang="en"),
    ]
    form = Form("yaml", fields, asked.say("save_whole"), asked.to("draft", draft.name))
    blocks: list[Block] = [Text([asked.say("whole_lead")], quiet=True), form]
    if refused:
        blocks.append(Details(asked.say("now"), [Written(draft.text, asked.say("now"))]))
    return Section("file", asked.say("whole"), blocks)


def _older(project: Project, asked: Asked, draft: Draft) -> Section:
    from ytterby.world import drafts

    blocks: list[Block] = []
    for stamp, path in drafts.older(draft.name, project.path)[:20]:
        label = asked.say("version", at=stamp[:19].replace("T", " "))
        restore = Form(
            "restore",
            [Field("seen", "", "hidden", draft.version), Field("stamp", "", "hidden", stamp)],
            asked.say("restore"),
            asked.to("draft", draft.name),
        )
        blocks.append(Details(label, [Written(path.read_text(encoding="utf-8"), label), restore]))
    return Section("older", asked.say("older"), blocks or [Text([asked.say("older_none")], quiet=True)])


def act(project: Project, asked: Asked, given: Given) -> Done:
    """Writes the scenario; a refusal changes nothing and keeps what was typed."""
    from ytterby.world import drafts, scenarios

    draft = _own(project, asked.name)
    if given.form == "fields":
        plan = scenarios.load(draft.name, project.path)
        text = drafts.changed(draft.text, _changes(plan, given), draft.path.name)
    elif given.form == "yaml":
        text = "".join(given.all("text")[-1:])
    elif given.form == "restore":
        kept = dict(drafts.older(draft.name, project.path))
        stamp = given.get("stamp")
        if stamp not in kept:
            raise UnknownName(stamp, kept, "older version")
        text = kept[stamp].read_text(encoding="utf-8")
    else:
        raise BadValue(f"no form is called '{given.form:.40}'", place="form", remedy="open the page again")
    _known(project, asked, scenarios.read(text, draft.path.name, project.path))
    new, _ = drafts.saved(draft.name, text, given.get("seen"), project.path)
    said = "unchanged" if new.version == draft.version else "restored" if given.form == "restore" else "saved"
    return Done(asked.to("draft", draft.name), asked.say(said))


def _changes(plan: Scenario, given: Given) -> dict[str, str]:
    """The fields that were changed: what is left as it is may stand in the scenario this one is laid over."""
    from ytterby.world import drafts

    said = {"title.en": plan.title.en, "title.zh": plan.title.zh, "step_days": f"{plan.step_days:g}"}
    found = {}
    for name in drafts.FIELDS:
        written = given.get(name)
        if not written:
            raise BadValue("it is empty", place=f"field, {name}", remedy="write something, or take the key out below")
        if " ".join(written.split()) != " ".join(str(said.get(name) or getattr(plan, name)).split()):
            found[name] = written
    return found


def _known(project: Project, asked: Asked, plan: Scenario) -> None:
    """Refuses a scenario that names what the world does not have, while it is still being written."""
    from ytterby.world import scenarios

    network = asked.kept("network", project.world)
    scenarios.check_names(
        plan,
        facilities=network.facilities,
        regions=network.regions,
        materials=network.materials,
        products=tuple(dict.fromkeys(network.group_product)),
    )


PAGE = Page("draft", build, WORDS, about=("scenario",), under="scenarios", act=act)
