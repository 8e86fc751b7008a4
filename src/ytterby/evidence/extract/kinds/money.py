"""Home to money: investments, loans, grants and costs; sales and the value of trade."""

from __future__ import annotations

import re

from ytterby.evidence.extract import naming
from ytterby.evidence.extract.actors import ACTING, actor, subject_name
from ytterby.evidence.extract.context import Figure
from ytterby.evidence.extract.kinds.contract import Setting, made
from ytterby.evidence.extract.kinds.volumes import traded
from ytterby.evidence.extract.topic import Found
from ytterby.evidence.names import Entity

_RECEIVES = re.compile(
    r"\b(?:receiv\w+|secured?|gets?|got|won|wins|obtained?|lands?|landed|clinched?|was (?:given|awarded"
    r"|granted)|drew)\b|获得|获|拿到|取得|得到"
)
_PURPOSE_EN = re.compile(
    r"^\s*(?:\w+\s+){0,3}?(?:for|into|in|on|to|towards?|of)\s+(.{3,70})", re.IGNORECASE | re.DOTALL
)
_GIVER = re.compile(r"(?:\b(?:of|from|by)\s+(?:the\s+)?|[由从自])$", re.IGNORECASE)
_INTO = re.compile(
    r"(?:\b(?:into|in|to|lends?|lent|gives?|gave|awarded|grants?|granted|loans?|for|with)\s+(?:the\s+)?"
    r"|[向给对为予])$",
    re.IGNORECASE,
)
_BUILDING = re.compile(
    r"^[\s-]+(?:\w+[\s-]+){0,5}?(?:plant|facility|circuit|refinery|mine|line|project|factory|scheme|deal"
    r"|contract|stake|fund|loan|expansion|partnership|reserve|stockpile|package|programme|program|facility|budget|bid"
    r"|takeover|acquisition|incentive|credit|grant|venture|upgrade|offer)\b"
    r"|^的?[^,。;、]{0,14}(?:计划|方案|基金|专案|项目|补贴|补助|贷款|拨款|订单|合同)",
    re.IGNORECASE,
)
_FINANCE = re.compile(
    r"letters? of interest|loan|deal|contract|order|investment|package|financ|project|agreement|grant|stake"
    r"|\bbought|\bbuy|purchase|acqui|takeover|took over|合同|协议|订单|项目|贷款|投资|收购|并购|买下|购入",
    re.IGNORECASE,
)
_COMPANY = frozenset({"company", "plant", "mine", "place", "country", "government", "agency"})


def decide(figure: Figure, setting: Setting) -> Found | None:
    """Money that is put into something; money earned or traded where those words stand nearer."""
    if figure.quantity.dimension != "money":
        return None
    lost = _LOSES.search(figure.before) and "GDP" in figure.sentence.words
    if lost or _ECONOMY.search(figure.before) or _ECONOMY_AFTER.match(figure.after):
        return _lost(figure, setting)
    if _SIZE.search(figure.before[-36:]):
        return _market(figure, setting)
    if _BUILDING.match(figure.after) and figure.near("revenue", most=40) is None:
        return _invested(figure, setting)
    cue = figure.near("invest", "revenue", "worth", "export", "import", "tariff", most=600)
    last = setting.topic.last
    listed = last is not None and last.kind == "investment" and last.start >= figure.sentence.start
    if cue is None:
        given = listed or setting.topic.theme == "invest" or "stock" in figure.sentence.tags or _needed(figure)
        return _invested(figure, setting) if given else None
    if listed and not any(figure.has(tag) for tag in ("revenue", "worth", "export", "import", "tariff")):
        return _invested(figure, setting)
    if cue.tags & {"worth", "export", "import"} and not figure.has("invest"):
        flow = "import" if "import" in cue.tags or "进口" in cue.word else "export"
        return traded(figure, setting, "trade_volume", flow, theme=flow)
    if "revenue" in cue.tags and not figure.has("invest", "clause") and not figure.has("facility", "clause"):
        if cue.word in ("worth", "valued", "cash", "价值", "总额", "金额", "现金") and _FINANCE.search(figure.before):
            return _invested(figure, setting)
        if cue.word in _VALUED and last is not None and last.start >= figure.sentence.start and last.theme in _FLOWS:
            return traded(figure, setting, "trade_volume", last.theme, theme=last.theme)
        who = actor(figure, setting.topic, setting.spoken)
        if who is None or who.kind != "company":
            who = setting.topic.company or who
        return made(
            figure,
            setting,
            "trade_volume",
            subject=subject_name(who) if who else "",
            object=_earned(cue.word),
            place=naming.code_of(who),
            theme="revenue",
            actor=who,
        )
    return _invested(figure, setting)


_VALUED = ("worth", "valued", "价值", "总额", "金额")
_FLOWS = ("export", "import")
_SIZE = re.compile(
    r"市场(?:总)?(?:规模|空间|容量)(?:[^,。;]{0,8})$|\bmarket (?:size|volume) (?:of|at|to) $"
    r"|\bmarket (?:will |would |could )?(?:be |is )?(?:worth|reach|reaching|hit|grow(?:ing)? to|expand to)\s*$",
    re.IGNORECASE,
)
_ECONOMY = re.compile(
    r"\b(?:cost|costs|costing|shave[sd]?|wipe[sd]?)\b[^,.;]{0,24}\b(?:econom(?:y|ies)|GDP|industry)\b[^,.;]{0,12}$"
    r"|\bcosts? (?:it|them|the (?:company|group|firm|carmaker|industry))\s*$"
    r"|(?:经济|产值|产业|GDP)(?:的)?(?:损失|减损|受损|蒙受)[^,。;]{0,8}$|造成(?:的)?(?:经济|产业)?损失[^,。;]{0,6}$",
    re.IGNORECASE,
)
_ITS_OWN = re.compile(r"\bcosts? (?:it|them|the (?:company|group|firm|carmaker|industry))\s*$", re.IGNORECASE)
_ECONOMY_AFTER = re.compile(
    r"\s*(?:in|of)\s+(?:lost output|economic (?:losses|damage))|\s*的(?:经济|产业|产值)损失", re.IGNORECASE
)
_LOSES = re.compile(r"损失(?:额)?(?:将|约|达|高达|近|超过)*$|\blosses of\s*$")
_NEEDED = re.compile(
    r"\b(?:needs?|requires?|requiring|price tag of|bill of|budget of)\s*$|(?:尚需|还需|需要?)$", re.IGNORECASE
)
_FOR = re.compile(r"\bfor\s*$", re.IGNORECASE)
_PUT_UP = re.compile(r"\b(?:built|opened|completed|constructed|put up|bought|acquired|set up)\b", re.IGNORECASE)


def _needed(figure: Figure) -> bool:
    """Whether money is what a plant needs or was put up for."""
    if _NEEDED.search(figure.before):
        return True
    return bool(_FOR.search(figure.before) and _PUT_UP.search(figure.before))


def _lost(figure: Figure, setting: Setting) -> Found:
    """What an economy would lose."""
    alone = _ITS_OWN.search(figure.before)
    kinds = frozenset({"company"}) if alone else frozenset({"country", "government"})
    who = actor(figure, setting.topic, setting.spoken, kinds)
    found = made(
        figure,
        setting,
        "forecast",
        subject=subject_name(who) if who else "world",
        object="loss" if alone else "economic loss",
        place=naming.code_of(who),
        theme="loss",
        actor=who,
        carry=False,
    )
    if found.modality in ("asserted", "reported") and alone:
        found.kind = "trade_volume"
    return found


def _market(figure: Figure, setting: Setting) -> Found:
    """How large a market is, or is foreseen to be."""
    sentence = figure.sentence
    named = sentence.named(sentence.start, figure.start, "product", "material")
    thing = named[-1].entity if named else setting.topic.product or setting.topic.material
    found = made(
        figure,
        setting,
        "trade_volume",
        subject="world",
        object=f"{thing.en if thing else ''} market".strip(),
        place="WLD",
        theme="market",
    )
    if found.modality in ("forecast", "target"):
        found.kind = "forecast"
    return found


def _earned(word: str) -> str:
    """Revenue or profit, as a claim's object says it."""
    if re.search(r"profit|earnings|income|ebitda|净利|利润", word):
        return "net profit" if "ebitda" not in word else "EBITDA"
    if re.search(r"cash|现金", word):
        return "cash"
    if re.search(r"loss|亏损", word):
        return "net loss"
    return "market value" if re.search(r"market|valu|市值|估值|价值", word) else "sales revenue"


def _invested(figure: Figure, setting: Setting) -> Found | None:
    giver, taker = _parties(figure, setting)
    if giver is None and taker is None:
        return None
    who = giver or taker
    thing = naming.material(figure, setting.topic)
    return made(
        figure,
        setting,
        "investment",
        decided=True,
        subject=subject_name(who) if who else "",
        object=_purpose(figure, taker if giver else None, thing),
        material=thing,
        place=naming.code_of(who),
        theme="invest",
        actor=who,
        carry=False,
    )


def _parties(figure: Figure, setting: Setting) -> tuple[Entity | None, Entity | None]:
    """Who gives and who takes."""
    sentence = figure.sentence
    takers = [
        name
        for name in sentence.named(figure.clause.start, figure.clause.end, "company", "plant", "mine")
        if _INTO.search(sentence.text[max(figure.clause.start, name.start - 12) : name.start])
    ]
    doer = actor(figure, setting.topic, setting.spoken, ACTING | {"analyst", "organisation"}, without=takers)
    others = [
        name
        for name in sentence.named(figure.clause.start, figure.clause.end)
        if name.entity.kind in _COMPANY and name.entity is not doer and name.entity.place != "WLD"
    ]
    for name in others:
        if name.start < figure.end:
            continue
        between = sentence.text[figure.end : name.start]
        if _BEHIND.fullmatch(between) or (len(between) < 3 and _HANDED.match(sentence.text, name.end)):
            return name.entity, (doer if doer is not name.entity else None)
    if _RECEIVES.search(figure.before):
        for name in others:
            lead = sentence.text[max(figure.clause.start, name.start - 10) : name.start]
            if _GIVER.search(lead) or (
                name.end <= figure.start and re.match(r"\s*(?:的)", sentence.text[name.end :][:3])
            ):
                return name.entity, doer
        return None, doer
    for name in others:
        lead = sentence.text[max(figure.clause.start, name.start - 10) : name.start]
        if _INTO.search(lead) and name.entity.kind in ("company", "plant", "mine"):
            return doer, name.entity
    return doer, None


_BEHIND = re.compile(
    r"\s*(?:[\w-]+\s+){0,3}?(?:(?:loan|grant|credit|financing|funding|investment|subsidy|equity|money|package)\s+)?"
    r"from\s+(?:the\s+)?",
    re.IGNORECASE,
)
_HANDED = re.compile(r"\s*(?:loan|grant|credit|investment|subsidy|award|guarantee)\b", re.IGNORECASE)


def _purpose(figure: Figure, taker: Entity | None, thing: Entity | None) -> str:
    said = _PURPOSE_EN.match(figure.after) if not figure.sentence.chinese else None
    words = re.split(r"[,;]|\.(?!\d)|\band (?:become|will|to|is|has)\b", said[1])[0].strip() if said else ""
    head = taker.en if taker else ""
    tail = words if words else (naming.material_words(thing) if thing else "")
    if head and head in tail:
        return tail
    return " ".join(part for part in (head, tail) if part)
