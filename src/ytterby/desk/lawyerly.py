"""Home to the words the law is spoken in on pages: outcomes, triggers, readings, clauses, and the reasons of a verdict
in Chinese.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable
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


def why(text: str, lang: Lang) -> Words:
    """A reason or note of a verdict in the language of the page; free English in it stays, marked as English."""
    if lang == "en":
        return text
    told = _told(text)
    return Tongue(text, "en") if told is None else told


def _told(text: str) -> str | None:
    for pattern, make in _CHINESE:
        found = pattern.fullmatch(text)
        if found is not None:
            return make(found)
    return None


def _inner(text: str) -> str:
    return _told(text.strip()) or text.strip()


def _ends(text: str) -> str:
    return "、".join(ENDS.get(one, ("", one))[1] for one in text.split(", "))


def _plain(pattern: str, said: str) -> tuple[re.Pattern[str], Callable[[re.Match[str]], str]]:
    """A reason of one shape, and its Chinese with the parts of the English put in by number."""
    return re.compile(pattern, re.DOTALL), lambda found: found.expand(said)


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

_CHINESE: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    _plain(r"does not leave (.+)", r"并非自 \1 运出"),
    _plain(r"does not cross a border", "未跨越国境"),
    _plain(r"does not go to (.+)", r"目的地不是 \1"),
    _plain(r"is about goods", "只针对货物"),
    _plain(r"is about technology", "只针对技术"),
    _plain(r"is about technical services", "只针对技术服务"),
    _plain(r"is about help by persons", "只针对人员协助"),
    _plain(r"is about civil ends", "只针对民用"),
    _plain(r"is about military ends", "只针对军事用途"),
    _plain(r"is about items that are commercial off-the-shelf", "只针对现货商品"),
    _plain(r"is about items that are not commercial off-the-shelf", "只针对非现货商品"),
    _plain(r"is no help from (.+) to others", r"并非 \1 人员对外提供的协助"),
    _plain(r"is not between two other countries", "并非两个第三国之间的转移"),
    _plain(r"is not of (.+) origin", r"原产地不是 \1"),
    _plain(r"was not made abroad with technology of (.+)", r"并非在境外以 \1 的技术制造"),
    _plain(r"was not made outside (.+)", r"并非在 \1 境外制造"),
    _plain(r"is not bought for the US Department of Defense", "并非为美国国防部采购"),
    _plain(r"no stage in (.+)", r"没有环节在 \1"),
    _plain(r"is on no list in force", "不在任何有效清单上"),
    _plain(r"names no goods of its own", "本身不列举货物"),
    _plain(r"does not list the item", "未列入该物项"),
    _plain(r"is listed itself", "该物项本身已列入清单"),
    _plain(r"lists the codes (.+) only", r"只列管制编码 \1"),
    _plain(r"lists (.+), and none of it is in the item", r"列管 \1，而该物项均不含"),
    _plain(r"names no party of this transfer \((.+)\)", r"清单中没有本次交易的任何一方（\1）"),
    _plain(r"starts on (\S+)", r"自 \1 起生效"),
    _plain(r"has ended", "已失效"),
    _plain(r"not known before (\S+)", r"\1 之前尚不为人所知"),
    _plain(r"the law refuses it", "规则不予许可"),
    _plain(r"facts are missing: ask check", "尚缺事实：请先检查该货物"),
    _plain(r"(\S+) names another end user", r"\1 写明的是其他最终用户"),
    _plain(r"(\S+) names another exporter", r"\1 写明的是其他出口方"),
    _plain(r"(\S+) is about other goods(?: \((\S+) not named\))?", r"\1 针对其他货物"),
    _plain(r"(\S+) is expired on (\S+)", r"\1 在 \2 已过期"),
    _plain(r"(\S+) is pending on (\S+)", r"\1 在 \2 尚在审查"),
    _plain(r"(\S+) is revoked on (\S+)", r"\1 在 \2 已被撤销"),
    _plain(r"(\S+) is not yet valid on (\S+)", r"\1 在 \2 尚未生效"),
    _plain(r"(\S+) has (\S+) kg left of (\S+)", r"\1 的 \3 千克中只剩 \2 千克"),
    _plain(r"lifted by (.+)", r"由 \1 豁免"),
    _plain(r"overridden by a stricter clause", "已有更严的条款决定"),
    _plain(
        r"is met; whether a stricter clause overrides it hangs on what is missing",
        "条件成立；是否被更严条款取代，取决于尚缺的事实",
    ),
    _plain(
        r"nobody was named, so nobody was screened against the lists of parties", "未指明任何一方，故未比对实体清单"
    ),
    _plain(r"no rule on shipments is encoded here before (\S+)", r"此处未收录 \1 之前的货物规则"),
    _plain(r"no rule on shipments was known here on (\S+)", r"截至 \1，此处尚无已知的货物规则"),
    _plain(r"decides whether (.+?)(?: and (\d+) more)? bites?", r"决定 \1 等条款是否适用"),
    _plain(r"(\S+): review within (\d+) working days of acceptance", r"\1：受理后 \2 个工作日内审查"),
    _plain(r"(\S+): no working days bind the review", r"\1：审查不受工作日期限约束"),
    _plain(r"(\S+): report within (\d+) working days of the export", r"\1：出口后 \2 个工作日内报告"),
    _plain(
        r"(\S+): formally free; the declaration says so, and the lot may be held for a test",
        r"\1：形式上无需许可；须在申报中注明，货物可能被扣留检测",
    ),
    _plain(
        r"(\S+): the buyer's own government forbids it, whatever the seller's says",
        r"\1：无论卖方政府如何规定，买方政府均禁止采购",
    ),
    _plain(r"(\S+): applications meet a presumption of denial", r"\1：对申请推定拒绝"),
    _plain(r"(\S+): applications meet case by case", r"\1：逐案审查"),
    _plain(r"(\S+): applications meet strict review", r"\1：从严审查"),
    _plain(
        r"(\S+): who holds the end user was not told; listed holders of (\S+) count",
        r"\1：未说明最终用户的股东；清单实体持股 \2 以上即计入",
    ),
    _plain(
        r"not all names are here of (.+): a party that was not found may be on them",
        r"以下名单未收录完整：\1；未查到的一方仍可能在列",
    ),
    _plain(r"is the listed name '(.+)'", r"即清单所列名称“\1”"),
    _plain(r"is '(.+)' but for the legal form", r"除公司形式外与“\1”相同"),
    _plain(r"is like '(.+)' \((\d+ ?%)\)", r"与“\1”相近（\2）"),
    _plain(r"is like '(.+)', which is in (\w+), not in (\w+) \((\d+ ?%)\)", r"与“\1”相近，但其位于 \2 而非 \3（\4）"),
    _plain(r"could be short for '(.+)' \((\d+ ?%)\)", r"可能是“\1”的缩写（\2）"),
    _plain(r"'(.+)' is short for it \((\d+ ?%)\)", r"“\1”是其缩写（\2）"),
    _plain(r"(.+) decided so on (\S+): (.*)", r"\1 于 \2 作此认定：\3"),
    _plain(r"'(.+)' resembles (.+?) on (\S+) \(.+\): .+", r"“\1”与名单 \3 上的 \2 相近，须由人判断"),
    (
        re.compile(r"does not list the form '(.*)'", re.DOTALL),
        lambda found: f"未列入“{FORMS.get(found[1], ('', found[1] or '未知'))[1]}”这一形态",
    ),
    (re.compile(r"is about these ends: (.+)"), lambda found: f"只针对以下用途：{_ends(found[1])}"),
    (re.compile(r"not so under (\S+)"), lambda found: f"按解读 {found[1]} 不成立"),
    (
        re.compile(r"suspended from (\S+)(?: to (\S+))? by (\S+?)\.(?: (.*))?", re.DOTALL),
        lambda found: f"由 {found[3]} 自 {found[1]} 起暂停{f'至 {found[2]}' if found[2] else ''}",
    ),
    (re.compile(r"in force since (\S+?)\.(?: (.*))?", re.DOTALL), lambda found: f"自 {found[1]} 起有效"),
    _plain(r"hangs on how much of it is in the item", "取决于其在该物项中的含量"),
    (
        re.compile(r"hangs on ([^;]+)(?:; disputed: (.*))?", re.DOTALL),
        lambda found: f"取决于 {found[1]}{'；适用范围有争议' if found[2] else ''}",
    ),
    (re.compile(r"disputed: (.*)", re.DOTALL), lambda found: "适用范围有争议"),
    (re.compile(r"stops nothing: (.*)", re.DOTALL), lambda found: "不阻止任何货物"),
    (
        re.compile(r"is no rule on a shipment \((\w+)\); (.*)", re.DOTALL),
        lambda found: f"不是关于货物的规则（{WORDS[f'trigger_{found[1]}'][1]}）；{_inner(found[2])}",
    ),
    (
        re.compile(r"from (\S+) the answer is: (\w+)(?: \((.+)\))?"),
        lambda found: f"自 {found[1]} 起：{WORDS[found[2]][1]}{f'（{found[3]}）' if found[3] else ''}",
    ),
    (
        re.compile(r"(\S+) is kept off by one thing: (.*)", re.DOTALL),
        lambda found: f"{found[1]} 仅因一点而不适用：{_inner(found[2])}",
    ),
    (
        re.compile(r"(.+): below ([\d.e-]+)"),
        lambda found: f"占比低于门槛 {found[2]}",
    ),
    (re.compile(r"(.+): ([\d.e-]+) or more"), lambda found: f"占比达到 {found[2]} 以上"),
    (re.compile(r"(.+): none, or ([\d.e-]+) and more"), lambda found: f"不含，或占比达到 {found[2]} 以上"),
    (
        re.compile(r"is about (firms|importers|parties|the parties) (.+)", re.DOTALL),
        lambda found: "只针对特定实体",
    ),
)
"""Shapes of reasons as `rules` words them, the narrower before the wider, and how each reads in Chinese."""
