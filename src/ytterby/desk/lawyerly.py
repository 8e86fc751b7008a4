"""Home to the words the law is spoken in on pages: outcomes, triggers, readings, clauses, ends and forms.

What the law gives as reasons is said in `reasoned`.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ytterby.desk.blocks import Chip, Link, Tone, Tongue, Words
from ytterby.desk.page import Asked
from ytterby.desk.urls import Lang
from ytterby.terms.errors import BadValue

if TYPE_CHECKING:
    from ytterby.rules.clauses import Clause, Instrument

WORDS = {
    "free": ("free", "无需许可"),
    "reported": ("reported", "事后报告"),
    "licence": ("licence", "需许可证"),
    "refused": ("refused", "不予许可"),
    "undetermined": ("undetermined", "无法判定"),
    "tested": ("held for a test", "查验后放行"),
    "buyer_ban": ("buyer's own ban", "买方国禁购"),
    "notice": ("binds no shipment", "不约束货物"),
    "individual": ("individual", "单项许可"),
    "general": ("general", "通用许可"),
    "certificate": ("registration certificate", "登记凭证"),
    "or": (" or ", "或"),
    "comma": (", ", "、"),
    "colon": (": ", "："),
    "grade_A": ("A: a text of the instrument seen", "A：已见原文"),
    "grade_B": ("B: law firm, agency or wire", "B：律所、机构或通讯社"),
    "grade_C": ("C: one weak source", "C：仅一个弱来源"),
    "grade_M": ("M: from memory", "M：凭记忆"),
    "trigger_export": ("export", "出口"),
    "trigger_re_export": ("re-export", "再出口"),
    "trigger_content": ("content share", "成分占比"),
    "trigger_made_with_technology": ("made with technology", "以其技术制造"),
    "trigger_equipment": ("equipment", "设备"),
    "trigger_technology": ("technology", "技术"),
    "trigger_service": ("technical service", "技术服务"),
    "trigger_person": ("help by persons", "人员协助"),
    "trigger_buyer": ("purchase by the state", "政府采购"),
    "trigger_declaration": ("customs declaration", "报关申报"),
    "trigger_domestic": ("duty at home", "国内义务"),
    "trigger_import": ("duty at import", "进口环节"),
    "trigger_allocation": ("allocation", "调配"),
    "trigger_purchase": ("purchase programme", "收储采购"),
    "trigger_benchmark": ("benchmark", "基准目标"),
    "trigger_label": ("label", "标签"),
    "trigger_assessment": ("assessment", "评估"),
    "trigger_statement": ("statement", "声明"),
    "reading_lapsed": ("suspension lapsed on {day}", "暂停自 {day} 起失效"),
    "reading_extended": ("suspension was extended to {day}", "暂停延至 {day}"),
    "short_lapsed": ("lapsed {day}", "{day} 失效"),
    "short_extended": ("until {day}", "延至 {day}"),
    "check": ("Check a shipment", "检查一批货物"),
    "screen": ("Screen a name", "筛查名称"),
    "licences": ("Licences", "许可证"),
    "calendar": ("Working days", "工作日"),
    "rules": ("Rules", "规则"),
}
"""For pages about the law to take into their own."""

_TONES: dict[str, Tone] = {
    "free": "good",
    "reported": "pending",
    "licence": "pending",
    "refused": "bad",
    "buyer_ban": "bad",
    "undetermined": "contested",
}
_DATED = re.compile(r"(lapsed|extended)_(\d{4})_(\d{2})_(\d{2})")
FIRST, LAST = 1990, 2100
"""Years that may be asked about: long before the first rule kept here, and far beyond the last."""
GRADES = ("A", "B", "C", "M")

_AUTHORITIES = {
    "MOFCOM": "商务部",
    "MOFCOM and GACC": "商务部、海关总署",
    "MOFCOM and MOST": "商务部、科技部",
    "MOFCOM, as reported": "商务部（据报道）",
    "MIIT, NDRC and MNR": "工信部、发改委、自然资源部",
    "MIIT and others": "工信部等",
    "State Council": "国务院",
    "Chinese authorities": "中国主管部门",
    "European Commission": "欧盟委员会",
    "European Union": "欧盟",
    "President of the United States": "美国总统",
    "US Department of Commerce, Bureau of Industry and Security": "美国商务部工业与安全局",
    "US Department of Defense": "美国国防部",
    "White House": "白宫",
    "President, Departments of Defense and Commerce": "美国总统、国防部与商务部",
    "Defense Logistics Agency": "美国国防后勤局",
}


def authority(name: str, lang: Lang) -> str:
    """Who gave an instrument, in the language of the page where we have the name."""
    return _AUTHORITIES.get(name, name) if lang == "zh" else name


def titled(one: Clause | Instrument, lang: Lang) -> str:
    """The name of a clause or instrument in the language of the page."""
    return (one.title_zh or one.title) if lang == "zh" else one.title


def outcome(asked: Asked, name: str) -> Chip:
    """An outcome as a chip."""
    return Chip(asked.say(name), _TONES.get(name, "plain"))


def short(asked: Asked, name: str) -> str:
    """A reading in as few letters as a figure has room for."""
    found = _DATED.fullmatch(name)
    return asked.say(f"short_{found[1]}", day=f"{found[2]}-{found[3]}-{found[4]}") if found else name


def within(day: datetime.date) -> bool:
    """Whether a day lies in the years this law is asked about."""
    return FIRST <= day.year <= LAST


def day(asked: Asked, name: str) -> datetime.date | None:
    """A day of the address. Raises `BadValue` where it is none, or far from any law kept here."""
    found = asked.day(name)
    if found is not None and not within(found):
        remedy = f"ask for a day from {FIRST} to {LAST}"
        raise BadValue(f"{found} is far from any rule kept here", place=f"'{name}' of the address", remedy=remedy)
    return found


def reading(asked: Asked, name: str) -> str:
    """A reading in words, where its name says what it holds; else the name itself."""
    return readings(asked, (name,))


def readings(asked: Asked, names: Iterable[str]) -> str:
    """Some readings in one line; those that differ by a day only share their words."""
    told: dict[str, list[str]] = {}
    for name in names:
        found = _DATED.fullmatch(name)
        key, day = (f"reading_{found[1]}", f"{found[2]}-{found[3]}-{found[4]}") if found else ("", name)
        told.setdefault(key, []).append(day)
    parts = [asked.say(key, day=asked.say("or").join(days)) if key else asked.say("or").join(days)
             for key, days in told.items()]  # fmt: skip
    return asked.say("or").join(parts)


def link(asked: Asked, clause: str, text: str = "", hint: str = "") -> Link:
    """The way to a clause on the page of its instrument."""
    return Link(text or clause, asked.to("instrument", clause.partition(".")[0], at=clause), hint=hint)


def links(asked: Asked, clauses: Iterable[str]) -> Words:
    """Several of them in a row."""
    pieces: list[Link | str] = []
    for name in clauses:
        pieces += [asked.say("comma"), link(asked, name)] if pieces else [link(asked, name)]
    return pieces


def english(asked: Asked, text: str) -> Words:
    """Words that stand in English only: marked as such on a Chinese page."""
    return Tongue(text, "en") if asked.lang == "zh" and text else text


ENDS = {
    "civil": ("civil", "民用"),
    "military": ("military", "军事"),
    "military_potential": ("raises military strength", "提升军事潜力"),
    "wmd": ("weapons of mass destruction", "大规模杀伤性武器"),
    "terrorism": ("terrorism", "恐怖主义"),
    "chips_14nm": ("chips of 14 nm or less", "14纳米及以下芯片"),
    "memory_256_layers": ("memory of 256 layers or more", "256层及以上存储"),
    "chip_tools": ("tools for such chips", "上述芯片的设备"),
    "ai_military": ("AI with a military side", "有军事潜力的人工智能"),
    "medical": ("emergency medical care", "紧急医疗"),
    "humanitarian": ("humanitarian", "人道救助"),
    "disaster_relief": ("disaster relief", "救灾"),
    "rare_earths_abroad": ("rare-earth chain abroad", "境外稀土产业链"),
    "repair": ("repair", "维修"),
    "exhibition": ("exhibition", "展览"),
    "testing": ("testing", "检测"),
}
"""End uses of a shipment."""

FORMS = {
    "concentrate": ("concentrate", "精矿"),
    "compound": ("compound", "化合物"),
    "oxide": ("oxide", "氧化物"),
    "metal": ("metal", "金属"),
    "alloy": ("alloy", "合金"),
    "target": ("target", "靶材"),
    "magnet": ("magnet", "磁体"),
    "scrap": ("scrap", "废料"),
    "crystal": ("crystal", "晶体"),
    "ceramic": ("ceramic", "陶瓷"),
    "fibre": ("fibre", "光纤"),
    "assembly": ("assembly with magnets", "含磁体的组件"),
    "equipment": ("equipment of the chain", "产业链设备"),
    "technology": ("technology of the chain", "产业链技术"),
    "service": ("service for the chain", "产业链技术服务"),
    "battery": ("battery", "电池"),
    "superhard": ("superhard material", "超硬材料"),
    "other": ("other", "其他"),
}
"""Forms of a thing."""
