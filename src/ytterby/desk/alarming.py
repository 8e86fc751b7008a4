"""Home to how an alarm is said on a page: its kind, grade and state in words, what was found, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import log10
from typing import TYPE_CHECKING, Any

from ytterby.desk import custodial, evidenced
from ytterby.desk.blocks import Chip, Item, Items, Link, Notice, Text, Tone
from ytterby.desk.page import Asked, Section
from ytterby.terms.errors import InputError

if TYPE_CHECKING:
    from ytterby.custody.alarms.alarm import Alarm, Basis
    from ytterby.custody.alarms.triage import Said
    from ytterby.desk.tracked import Tracked
    from ytterby.project import Project

KINDS = {
    "gain": ("Yield rose without a source", "收率无故升高"),
    "loss": ("Losses rose", "损耗升高"),
    "yield_high": ("More comes out than its recipe allows", "收率高于配方"),
    "yield_low": ("Less comes out than its recipe allows", "收率低于配方"),
    "transit": ("Receipts fall short", "到货短少"),
    "double_use": ("A lot used twice", "批次重复使用"),
    "receipt": ("Sent and never received on paper", "发出而无收货记录"),
    "need": ("More than the end user needs", "超出最终用户需求"),
    "use": ("More goes into each product", "单位产品用量升高"),
    "shortage": ("Stock is missing", "库存短缺"),
    "surplus": ("More in stock than the books say", "库存多于账面"),
    "sourceless": ("Material from nowhere", "来源不明的物料"),
    "ghost": ("More scrap than can arise", "废料超过可能产生量"),
    "split": ("Parcels under the threshold", "化整为零"),
    "wrong_user": ("Licensed goods went on", "许可货物转手"),
    "licence_missing": ("No licence where one is needed", "缺少许可证"),
    "licence_other": ("Licence for something else", "许可证不符"),
    "licence_invalid": ("Licence not in force", "许可证无效"),
    "licence_exceeded": ("Licence used up", "许可证超额"),
    "licence_unknown": ("Licence nobody granted", "查无此许可证"),
    "listed": ("Went to a listed party", "流向清单实体"),
    "unsent": ("Received and never sent", "有收货而无发货"),
    "astray": ("Sent elsewhere", "收货方与发货记录不符"),
    "order": ("Received before it was sent", "收货早于发货"),
    "speed": ("Faster than freight", "运输速度不可能"),
    "two_places": ("In two places at once", "同时出现在两地"),
    "late": ("Recorded out of order", "记录顺序颠倒"),
    "doubt": ("Doubtful records", "存疑记录"),
}
ABOUT = {
    "stocks": ("stocks", "库存"),
    "routes": ("routes", "路线"),
    "shipments": ("shipments", "货运"),
    "licensed lots": ("licensed lots", "许可批次"),
    "parcels": ("parcels", "小件货"),
    "receipts": ("receipts", "收货"),
}
"""What alarms are about, where that is no lot, element or process."""
GRADES = {
    "diversion": ("material", "物料"),
    "law": ("law", "合规"),
    "record": ("records", "记录"),
}
STATES = ("open", "looking", "explained", "confirmed", "dismissed")
SETTLED = frozenset({"explained", "confirmed", "dismissed"})
_TONES: Mapping[str, Tone] = {
    "open": "pending",
    "looking": "pending",
    "explained": "good",
    "confirmed": "bad",
    "dismissed": "plain",
}
WORDS: dict[str, tuple[str, str]] = {
    "grade_diversion": GRADES["diversion"],
    "grade_law": GRADES["law"],
    "grade_record": GRADES["record"],
    "alarm_open": ("open", "待处理"),
    "alarm_looking": ("being looked into", "核查中"),
    "alarm_explained": ("explained", "已解释"),
    "alarm_confirmed": ("confirmed", "已确认"),
    "alarm_dismissed": ("dismissed", "已排除"),
    "alarms_some": ("{n} alarms are open; the surest first", "{n} 项警报待处理，最确定者在前"),
    "alarms_none": ("No alarm is open", "没有待处理的警报"),
    "alarms_looking": ("The detectors are still looking", "检测仍在进行"),
    "alarms_stopped": ("The detectors cannot look", "检测无法进行"),
    "alarms_basis": ("Found in the events by {n} detectors", "由 {n} 种检测从事件中得出"),
    "all_alarms": ("All {n} alarms", "全部 {n} 项警报"),
    "look_again": ("Look again", "刷新"),
    "score_records": ("the records contradict themselves", "记录自相矛盾"),
    "score_declared": ("beyond what was declared", "超出申报"),
    "score_law": ("the law or a licence says no", "法规或许可证不允许"),
    "score_beyond": ("chance of this where nothing is wrong: none to speak of", "无异常时出现此情形的概率：微乎其微"),
    "basis_records": ("none: records contradict themselves", "无：记录自相矛盾"),
    "basis_declared": ("none, where what was declared is true", "申报属实则无"),
    "basis_law": ("none, where law and licences are as told", "法规与许可证属实则无"),
    "basis_stream_year": ("1 in {rate} years of a stream, by chance", "每一物流约 {rate} 年偶然误报一次"),
    "basis_discoveries": ("at most {rate} of those called together", "同时判定者中至多 {rate}"),
    "basis_chance": ("1 in {rate} each time it is asked", "每次检验为 1/{rate}"),
    "basis_papers": ("not reckoned: it is about papers alone", "不作估计：仅涉及单据"),
    "score_papers": ("honest papers have this, too", "正常单据也会出现"),
    "score_chance": ("chance of this where nothing is wrong: 1 in {n}", "无异常时出现此情形的概率：1/{n}"),
}
_CERTAIN = 99.0
LATEST = 5


def kind(asked: Asked, name: str) -> str:
    """A kind of alarm in words."""
    return KINDS.get(name, (name.replace("_", " "), name))[asked.lang == "zh"]


def state_chip(asked: Asked, state: str) -> Chip:
    """Where it stands with those who look into it."""
    return Chip(asked.say(f"alarm_{state}"), _TONES.get(state, "plain"))


def history(project: Project) -> Mapping[str, Sequence[Said]]:
    """What people decided about alarms, by alarm, oldest first."""
    from ytterby.custody.alarms import triage

    return triage.history(project.custody)


def state(steps: Sequence[Said]) -> str:
    """The state that the latest of these decisions left; open without any."""
    return steps[-1].state if steps else "open"


def unsettled(project: Project, alarms: Iterable[Alarm]) -> list[Alarm]:
    """The alarms nobody has settled yet."""
    known = history(project)
    return [one for one in alarms if state(known.get(one.id, ())) not in SETTLED]


def headline(asked: Asked, held: Tracked, one: Alarm) -> str:
    """An alarm in one line: what, where, between whom."""
    where = custodial.site(asked, held, one.facility)
    to = custodial.site(asked, held, one.counterpart) if one.counterpart else ""
    return f"{kind(asked, one.kind)}{asked.say('colon')}{where}{f' – {to}' if to else ''}"


def sure(asked: Asked, one: Alarm) -> str:
    """How sure it is, in words."""
    if one.basis == "papers":
        return asked.say("score_papers")
    if one.score >= _CERTAIN:
        return asked.say("score_beyond" if one.rate else f"score_{one.basis}")
    return asked.say("score_chance", n=odds(one.score))


def odds(score: float) -> str:
    """1 in how many, of a score (-log10 of the chance)."""
    return f"{10**score:,.0f}" if score < 7 else f"10^{score:.0f}"


def row(one: Alarm, state: str) -> dict[str, Any]:
    """An alarm as a plain row."""
    return {**one.to_dict(), "state": state}


def item(asked: Asked, held: Tracked, one: Alarm, state: str) -> Item:
    """An alarm in a list."""
    mass = (custodial.weighed(abs(one.mass)),) if one.mass else ()
    return Item(
        Link(headline(asked, held, one), asked.to("alarm", one.id)),
        meta=" · ".join((custodial.moment(one.since)[:10], *mass, sure(asked, one))),
        text=evidenced.told(one.found, asked.lang),
        chips=[Chip(asked.say(f"grade_{one.grade}")), state_chip(asked, state)],
        data=row(one, state),
    )


def newest(project: Project, asked: Asked, held: Tracked, found: Sequence[Alarm] | None) -> Section:
    """The section of the alarms that are open, the surest first."""
    if found is None:
        again = Text([Link(asked.say("look_again"), asked.address.as_form("html"))])
        return Section("alarms", asked.say("alarms_looking"), [again], width="half")
    from ytterby.custody.alarms.finding import detectors

    known = history(project)
    waiting = [one for one in found if state(known.get(one.id, ())) not in SETTLED]
    items = [item(asked, held, one, state(known.get(one.id, ()))) for one in waiting[:LATEST]]
    data = [row(one, state(known.get(one.id, ()))) for one in waiting]
    title = asked.say("alarms_some", n=len(waiting)) if waiting else asked.say("alarms_none")
    more = Text([Link(asked.say("all_alarms", n=len(found)), asked.to("alarms"))])
    return Section(
        "alarms",
        title,
        [Items(items, data=data, empty=asked.say("alarms_none")), more],
        basis=asked.say("alarms_basis", n=len(detectors())),
        width="half",
    )


def stopped(asked: Asked, refused: InputError) -> Section:
    """The section of the alarms where the detectors cannot look, and why."""
    told = " · ".join(one for one in (refused.cause, refused.place, refused.remedy) if one)
    return Section("alarms", asked.say("alarms_stopped"), [Notice(told, "bad")], width="half")


def errs(asked: Asked, basis: Basis, rate: float) -> str:
    """How often what it rests on errs, in words."""
    return asked.say(f"basis_{basis}", rate=f"{rate:.0%}" if basis == "discoveries" else odds(-log10(rate or 1.0)))
