"""Home to the pages of investments: the question as a form with the answers so far, and one answer read whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.desk import answered, invested
from ytterby.desk.blocks import Field, Form, Notice
from ytterby.desk.page import Asked, Done, Given, Page, Section, Shown
from ytterby.terms.errors import BadValue, UnknownName
from ytterby.terms.places import place

if TYPE_CHECKING:
    from ytterby.project import Project

MOST_DRAWS = 2000
DRAWS = 100
WORDS = {
    **answered.WORDS,
    **invested.WORDS,
    "nav": ("Invest", "投资"),
    "title": ("{n} plans are kept; the newest: {newest}", "已保存 {n} 个方案；最新：{newest}"),
    "title_none": ("Which capacity to build, where and when", "建设哪些产能、在何地、于何时"),
    "basis": (
        "Found on the medians of a scenario, laid over it and simulated on the draws",
        "按情景中位数求解，叠加到情景上，并以抽样仿真检验",
    ),
    "start": ("Ask for a plan", "求一个方案"),
    "start_note": (
        "Some plans are simulated on the same draws: half a minute for 100.",
        "若干方案用同一批抽样仿真：100 次约需半分钟。",
    ),
    "region": ("Region", "地区"),
    "region_help": ("Whose makers want magnets", "其厂商需要磁体的地区"),
    "goal": ("Goal", "目标"),
    "goal_help": ("share=0.4@2030, days=180@2028, or both", "share=0.4@2030、days=180@2028，或两者"),
    "ceiling": ("Budget, USD", "预算，美元"),
    "ceiling_help": ("At most; without a goal it is spent for the most share", "上限；无目标时用于尽量提高份额"),
    "partners": ("Partners", "伙伴国"),
    "partners_help": ("Countries whose mines and plants may feed it, e.g. BR,AU", "其矿山与工厂可供料的国家，如 BR,AU"),
    "equipment": ("Without Chinese equipment and services", "不用中国设备与服务"),
    "go": ("Find it", "求解"),
    "answers": ("Plans kept", "已保存的方案"),
    "gap": ("Duality gap", "对偶间隙"),
    "absent": (
        "No mine or plant of {places} stands in the tables: opening one there cannot be planned from what is known.",
        "数据表中没有{places}的矿山或工厂：现有资料不足以规划在那里开工。",
    ),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "lead": ("{scenario} · {region} · {goal} · partners: {partners} · Chinese equipment: {equipment}",
             "{scenario} · {region} · {goal} · 伙伴国：{partners} · 中国设备：{equipment}"),
    "no_goal": ("no goal", "无目标"),
}  # fmt: skip


def build(project: Project, asked: Asked) -> Shown:
    """The form and the answers, or one answer."""
    return _one(project, asked) if asked.name else _all(project, asked)


def _all(project: Project, asked: Asked) -> Shown:
    made = answered.of_kind(project, asked, "invest")
    title = asked.say("title", n=len(made), newest=made[0].title[asked.lang]) if made else asked.say("title_none")
    sections = [_start(project, asked), Section("answers", asked.say("answers"), [answered.table(asked, made)])]
    crumbs = answered.crumbs(asked)
    return Shown(title, sections, basis=asked.say("basis"), crumbs=crumbs)


def _start(project: Project, asked: Asked) -> Section:
    from ytterby.world import scenarios

    def value(name: str, usual: str) -> str:
        return asked.given.get(name, usual) if asked.given else usual

    known = scenarios.names(project.path)
    fields = [
        Field("scenario", asked.say("scenario"), "select", value("scenario", "self-sufficiency"),
              options=[(one, one) for one in known], required=True),
        Field("region", asked.say("region"), "text", value("region", "US"), help=asked.say("region_help"),
              required=True),
        Field("goal", asked.say("goal"), "text", value("goal", "share=0.4@2030"), help=asked.say("goal_help")),
        Field("budget", asked.say("ceiling"), "number", value("budget", ""), help=asked.say("ceiling_help"), least="0",
              step="any"),
        Field("partners", asked.say("partners"), "text", value("partners", ""), help=asked.say("partners_help")),
        Field("equipment", asked.say("equipment"), "checkbox", "1" if value("equipment", "") else ""),
        Field("draws", asked.say("draws"), "number", value("draws", str(DRAWS)), required=True, least="1",
              most=str(MOST_DRAWS), step="1"),
        Field("seed", asked.say("seed"), "number", value("seed", "0"), required=True, least="0", step="1"),
    ]  # fmt: skip
    form = Form("plan", fields, asked.say("go"), asked.to("invest"))
    return Section("start", asked.say("start"), [form], note=asked.say("start_note"))


def _one(project: Project, asked: Asked) -> Shown:
    made = project.answer("invest", asked.name)
    if made.id != asked.name:
        return Shown(made.id, to=asked.to("invest", made.id))
    said, draws = made.answer, int(made.inputs["draws"])
    ladder = invested.ladder(asked, said)
    sections = [
        invested.share(asked, said, draws),
        invested.orders(asked, said),
        *([ladder] if ladder else []),
        invested.binds(asked, said),
        invested.surplus(asked, said),
        invested.assumed(asked, said),
        answered.record(asked, made, [(asked.say("gap"), f"{said['promise']['gap']:.1g}")]),
    ]
    absent = "、".join if asked.lang == "zh" else ", ".join
    names = [place(code).zh if asked.lang == "zh" else place(code).en for code in said["absent"]]
    controls = [Notice(asked.say("absent", places=absent(names)))] if names else []
    goal = ", ".join(made.inputs["goals"]) or asked.say("no_goal")
    lead = asked.say(
        "lead", scenario=made.inputs["scenario"], region=said["region"], goal=goal,
        partners=", ".join(said["partners"]) or "–", equipment=asked.say("yes" if said["chinese_equipment"] else "no"),
    )  # fmt: skip
    return Shown(
        made.title[asked.lang],
        sections,
        basis=asked.say("share_basis", draws=draws),
        lead=lead,
        keys=invested.keys(asked, said),
        controls=controls,
        crumbs=answered.crumbs(asked, "invest"),
        data={"decision": made.to_dict()},
    )


def act(project: Project, asked: Asked, given: Given) -> Done:
    """Has a plan found behind the pages."""
    from ytterby.decisions.invest import goals
    from ytterby.world import scenarios

    if given.form != "plan":
        raise BadValue(f"no form is called '{given.form:.40}'", place="form", remedy="open the page again")
    # by name only: a path would let a page open any file
    if given.get("scenario") not in (known := scenarios.names(project.path)):
        raise UnknownName(given.get("scenario"), known, "scenario", asked.say("scenario"))
    texts = [part.strip() for part in given.get("goal").replace("，", ",").split(",") if part.strip()]
    order: dict[str, Any] = {
        "scenario": given.get("scenario"),
        "region": place(given.get("region"), asked.say("region")).code,
        "goals": [str(goal) for goal in goals.together(goals.read(text) for text in texts)],
        "partners": [
            place(part.strip(), asked.say("partners")).code
            for part in given.get("partners").replace("，", ",").split(",")
            if part.strip()
        ],
        "chinese_equipment": not given.get("equipment"),
        "draws": given.whole("draws", asked.say("draws"), 1, MOST_DRAWS),
        "seed": given.whole("seed", asked.say("seed"), 0, 2**31 - 1),
        "budget": _budget(asked, given.get("budget")),
    }
    if not order["goals"] and order["budget"] is None:
        raise BadValue("neither goal nor budget", place=asked.say("goal"), remedy="write share=0.4@2030, or a budget")
    return Done(asked.to("job", asked.jobs.start("invest", order).id))


def _budget(asked: Asked, written: str) -> float | None:
    if not written:
        return None
    try:
        value = float(written)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise BadValue(f"'{written:.40}' is no budget", place=asked.say("ceiling"), remedy="write USD as 1.3e9")
    return value


PAGE = Page("invest", build, WORDS, about=("answer",), lists=True, under="decisions", act=act)
