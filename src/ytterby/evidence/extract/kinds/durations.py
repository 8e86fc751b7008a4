"""Home to durations: how long reviews, licences, stoppages, guarantees and deadlines last."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ytterby.evidence.extract import naming
from ytterby.evidence.extract.actors import actor, issuer, subject_name
from ytterby.evidence.extract.context import Figure
from ytterby.evidence.extract.kinds.contract import Setting, made
from ytterby.evidence.extract.topic import Found, Topic

_WITHIN = re.compile(r"\bwithin\s+(?:\w+\s+)?$|\bno (?:later|more|longer) than\s+$|不超过$|最长$", re.IGNORECASE)
_INSIDE = re.compile(r"^\s*(?:之?内|以内)")
_OPEN = re.compile(r"^\s*(?:to|-|–|至|到|或)\s*(?:up to\s+)?(?:several|some|many|数|几)?")
_AGO = re.compile(r"^\s*(?:ago|earlier|-?old|later|历史|前|后|之前|以前|以来|来|before)", re.IGNORECASE)
_LAST = re.compile(
    r"(?:\b(?:past|(?<!may )(?<!will )(?<!could )(?<!would )(?<!to )(?<!can )last|next|previous|coming|recent"
    r"|over|first|every)\s+(?:\w+\s+)?|过去|近|最近|未来|今后|前|首|连续|连)$",
    re.IGNORECASE,
)
_SIMPLE = re.compile(r"简化|simplified|通用|general", re.IGNORECASE)
_REQUIRED = re.compile(
    r"完成|要在|须在|应在|必须|提交|备案|\bmust\b|complete|submit|deadline|file\b|comply", re.IGNORECASE
)
_FLOOR = re.compile(
    r"floor price|price floor|guarantee|offtake|off-take|底价|包销|承购|保底|supply (?:deal|agreement"
    r"|contract)|长协|供应协议",
    re.IGNORECASE,
)
_PLANT = re.compile(r"plant|factory|production|assembly|line|output|工厂|厂|产线|生产", re.IGNORECASE)


def decide(figure: Figure, setting: Setting) -> Found | None:
    """A duration the desk keeps: of a review, a licence, a stop, a guarantee, a build, a deadline."""
    quantity = figure.quantity
    if quantity.dimension != "duration" or _AGO.match(figure.after):
        return None
    if _LAST.search(figure.before) and not any(one.fits(figure) for one in _TOLD):
        return None
    if _continued(figure):
        return None
    found = _about(figure, setting)
    if found is None:
        return None
    if found.modality == "forecast" and not figure.has("forecast", "clause"):
        found.modality = "asserted"
    _ends(figure, found)
    if _INSIDE.match(figure.after) or _WITHIN.search(figure.before):
        found.comparator = "≤"
    return found


def _about(figure: Figure, setting: Setting) -> Found | None:
    sentence, topic = figure.sentence, setting.topic
    again = _again(figure, setting)
    if again is not None:
        return again
    clause = sentence.text[figure.clause.start : figure.clause.end]
    licensed = _licensed(figure, topic)
    if licensed and figure.has("valid", "clause") and not figure.has("review"):
        words = "simplified licence validity" if _SIMPLE.search(clause) else "export licence validity"
        return made(figure, setting, "duration", subject="MOFCOM", object=words, place="CN", carry=False)
    if figure.has("halt", "clause"):
        return _halted(figure, setting)
    before = sentence.text[sentence.start : figure.start]
    if _FLOOR.search(clause) or (figure.has("valid", "clause") and _FLOOR.search(before)):
        thing = naming.material_words(naming.material(figure, topic))
        words = "offtake" if re.search(r"off-?take|包销|承购|supply|供应", clause, re.IGNORECASE) else "price floor"
        return _lasting(figure, setting, f"{thing} {words}")
    if figure.has("facility", "clause") and figure.has("review", "clause") and not figure.has("licence", "clause"):
        return _lasting(figure, setting, "build time")
    if licensed and (figure.has("review", "clause") or figure.has("review", "before") or _HANDLED.search(clause)):
        words = "export licence review"
        return made(figure, setting, "duration", subject="MOFCOM", object=words, place="CN", carry=False)
    if _REQUIRED.search(clause) and _bounded(figure):
        return _deadline(figure, setting)
    if _RUNS.search(clause) or (_TERM.search(figure.before) and _DEAL.search(sentence.words)):
        return _lasting(figure, setting, _deal(sentence.words))
    if figure.has("build", "clause") or (figure.has("review") and figure.has("facility", "clause")):
        return _lasting(figure, setting, "build time")
    if figure.has("stock", "clause"):
        return _lasting(figure, setting, "stock cover")
    if figure.quantity.unit == "workday":
        who = topic.issuer or "MOFCOM"
        return made(figure, setting, "duration", subject=who, object="review", place="CN", carry=False)
    told = next((one for one in _TOLD if one.fits(figure)), None)
    if told is not None:
        return _lasting(figure, setting, told.words)
    if _TAKES.search(clause) and figure.quantity.value != 1:
        return _lasting(figure, setting, "delay" if _DELAY.search(clause) else "time needed")
    return None


@dataclass(frozen=True, slots=True)
class _Told:
    """A duration told by the words right before it, right behind it, or by both."""

    words: str
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None

    def fits(self, figure: Figure) -> bool:
        """Whether the words stand there."""
        lead = figure.sentence.text[max(figure.sentence.start, figure.start - 100) : figure.start]
        rest = figure.sentence.text[figure.end : min(figure.sentence.end, figure.end + 40)]
        return (self.before is None or bool(self.before.search(lead))) and (
            self.after is None or bool(self.after.match(rest))
        )


def _told(words: str, before: str, after: str) -> _Told:
    return _Told(
        words,
        re.compile(rf"(?:{before})$", re.IGNORECASE) if before else None,
        re.compile(after, re.IGNORECASE) if after else None,
    )


_ABOUT = r"(?:(?:about|some|only|just|roughly|nearly|almost|another|at least|at most|up to|a further)\s+)*"
_TOLD = (
    _told("mine life", rf"\blife of {_ABOUT}|(?:寿命|年限|服务期)(?:约|近|为|达|长达|可达|超过)*", ""),
    _told("mine life", "", r"[\s-]*(?:mine |project )?life\b|的?(?:矿山)?(?:寿命|开采年限|服务年限)"),
    _told(
        "mine life", rf"\d[^.;]{{0,60}}\b(?:a year|annually|of NdPr|oxide)\b[^.;,]{{0,24}}\b(?:over|for) {_ABOUT}", ""
    ),
    _told(
        "stock cover",
        rf"\b(?:magnets?|materials?|suppl(?:y|ies)|oxides?|parts|enough|sufficient)\b[^.;,]{{0,24}}\bfor {_ABOUT}"
        r"|(?:够|撑|可用|维持|支撑|够用)(?:了|到|约|只|仅)*",
        "",
    ),
    _told("stock cover", "", r"['’]?\s*worth of\b|\s*of (?:stocks?|supply|inventor)|的?(?:库存|存货|用量)"),
    _told("lost production", rf"\b(?:lost|lose|loses|losing) {_ABOUT}(?:an? )?", r"\s*(?:of|at|in|to|,|\.|$)"),
    _told(
        "lost production", rf"\b(?:cost|costs)\b[^.;,]{{0,30}}? {_ABOUT}(?:an? )?", r"\s*of (?:production|output|work)"
    ),
    _told("lost production", r"(?:损失|少了|失去)[^,。]{0,6}", r"的?(?:产量|产出|生产)"),
    _told(
        "payment period",
        rf"\b(?:paid|pay|spread|disburse\w*|spen[dt]|invest\w*|instal\w+|phased|granted|provided)\b[^.;]{{0,60}}\b(?:over|across"
        rf"|in|for) {_ABOUT}",
        "",
    ),
    _told("payment period", r"分", r"(?:内|期)?(?:拨付|发放|支付|给付|摊|投入|到位|拨|给)"),
    _told(
        "agreement term",
        rf"\b(?:buy|buys|supply|supplies|sell|sells|take|takes|purchase|deliver|guarantee\w*|price|floor|contract|lease|loan)\b"
        rf"[^.;]{{0,90}}\bfor {_ABOUT}",
        r"\s*(?:[.,;)]|$|and\b|from\b|with\b|under\b|at\b)",
    ),
    _told(
        "build time",
        rf"\b(?:built|completed|finished|erected)\b[^.;,]{{0,20}}\b(?:with)?in {_ABOUT}|(?:用时|历时|耗时|建成用了)",
        "",
    ),
    _told(
        "time needed",
        r"(?:从|自)[^,。]{1,14}(?:到|至)[^,。]{1,14}(?:平均|至少|通常|一般|往往|大约)*(?:要|需|花|用|需要|耗时)",
        "",
    ),
    _told("wait", r"等了?(?:约|近|足足)?|等候|等待", ""),
    _told(
        "deadline",
        r"\b(?:g[ai]ve[sn]?|grant(?:s|ed)?|allow(?:s|ed)?|have|has|had)\b[^.;,]{0,50} ",
        r"\s*(?:in which )?to (?:agree|negotiate|comply|respond|apply|conclude|reach|adapt|report|register)",
    ),
    _told("transition period", "", r"[\s-]*(?:transition|grace|phase-in|wind-down)\b|的?(?:过渡期|宽限期|缓冲期)"),
    _told("delay", r"\b(?:slip(?:s|ped)?|late|pushed back|set back)\b[^.;,]{0,12} (?:by )?|推后|延后|迟了", ""),
    _told("truce", "", r"[\s-]*(?:truce|pause|reprieve|suspension|waiver)\b|的?(?:休战|停火|暂停期|豁免)"),
)
"""Durations told by what stands beside them, in this order."""


def _again(figure: Figure, setting: Setting) -> Found | None:
    """A bare number that goes on a duration just told ("valid for one year; the law allows up to three")."""
    quantity, last = figure.quantity, setting.topic.last
    if last is None or last.kind != "duration" or last.start < figure.sentence.start:
        return None
    if _UNIT.search(figure.sentence.text[quantity.start : quantity.end]) and not _OTHERS.match(
        figure.before.lstrip(" ,;")
    ):
        return None
    return made(
        figure,
        setting,
        "duration",
        decided=True,
        subject=last.subject,
        object=last.object,
        place=last.place,
        carry=False,
    )


_UNIT = re.compile(r"[a-z]*(?:year|month|week|day|decade)|[年月周天日]", re.IGNORECASE)
_OTHERS = re.compile(
    r"(?:and |but |while )?(?:others?|some|the (?:rest|fastest|slowest|longest|quickest))\b|有的|其余|另一些"
    r"|最[快慢长短]",
    re.IGNORECASE,
)


_TAKES = re.compile(
    r"\b(?:takes?|took|needs?|needed|lasts?|lasted|delay(?:s|ed)?|wait(?:s|ed|ing)?|extend(?:s|ed)?|requires?"
    r"|lead times?|ahead"
    r"|catch(?:ing)? up|behind|stretch(?:es|ed)?)\b|需要?|耗时|历时|延长|推迟|延误|至少|提前|等待|落后",
    re.IGNORECASE,
)
_DELAY = re.compile(r"delay|wait|推迟|延误|等待", re.IGNORECASE)


def _licensed(figure: Figure, topic: Topic) -> bool:
    """Whether licences are spoken of: in the clause, before it, or in the sentence before where this one goes on."""
    if figure.has("licence", "clause") or figure.has("licence", "before"):
        return True
    clause = figure.sentence.text[figure.clause.start : figure.clause.end]
    going_on = figure.has("review", "clause") or figure.has("valid", "clause") or bool(_HANDLED.search(clause))
    last = topic.last
    told = last is not None and (last.theme == "licence" or "licence" in last.object)
    return going_on and (topic.theme == "licence" or topic.licensing or told)


_HANDLED = re.compile(
    r"\b(?:decided|reckon(?:s|ed)? with|per order|door to door|turned around|handled)\b|拿到|办妥|下证|答复",
    re.IGNORECASE,
)


def _lasting(figure: Figure, setting: Setting, words: str) -> Found:
    """A duration that somebody named or spoken of is bound to."""
    who = actor(figure, setting.topic, setting.spoken)
    return made(
        figure,
        setting,
        "duration",
        decided=True,
        subject=subject_name(who) if who else setting.topic.issuer,
        object=words,
        material=naming.material(figure, setting.topic),
        place=naming.code_of(who),
        actor=who,
        carry=False,
    )


def _bounded(figure: Figure) -> bool:
    return bool(
        figure.quantity.comparator == "≤"
        or _INSIDE.match(figure.after)
        or _WITHIN.search(figure.before)
        or figure.quantity.unit == "workday"
    )


def _deadline(figure: Figure, setting: Setting) -> Found:
    quota = figure.has("quota", "clause")
    who = issuer(figure.sentence, setting.topic, figure.start) or setting.topic.issuer or ("MIIT" if quota else "")
    words = "quota allocation deadline" if quota else "deadline"
    return made(figure, setting, "duration", decided=True, subject=who, object=words, place=_cn(who), carry=False)


_RUNS = re.compile(
    r"\b(?:scheme|deal|agreement|contract|licen[cs]e|truce|programme|plan|suspension|waiver"
    r"|offtake)\s+(?:runs?|lasts?|is valid|will run"
    r"|will last|covers?|spans?)\b|(?:协议|合同|计划|休战|停火)[^,。]{0,6}(?:为期|持续|有效)",
    re.IGNORECASE,
)


_TERM = re.compile(r"为期(?:约|近)?$|\b(?:lasting|for a term of|over)\s*$", re.IGNORECASE)
_DEAL = re.compile(
    r"scheme|agreement|contract|deal|truce|programme|offtake|协议|合同|计划|休战|停火|方案|包销", re.IGNORECASE
)


def _deal(words: str) -> str:
    said = _DEAL.search(words)
    return said[0].lower() if said and said[0].isascii() else "agreement"


def _halted(figure: Figure, setting: Setting) -> Found:
    sentence, topic = figure.sentence, setting.topic
    clause = sentence.text[figure.clause.start : figure.clause.end]
    who = actor(figure, topic, setting.spoken)
    mention = next(iter(setting.trades), None)
    partner = ""
    if mention is not None and mention.flow == "export":
        partner = mention.counterpart
        words = f"export halt to {naming.place_words(partner)}" if partner else "export halt"
    elif _PLANT.search(clause):
        product = next(
            (name.entity.en for name in sentence.named(figure.clause.start, figure.clause.end, "product")), ""
        )
        words = f"{product} production stop".strip()
    else:
        words = "stop"
    return made(
        figure,
        setting,
        "duration",
        decided=True,
        subject=subject_name(who) if who else "",
        object=words,
        place=naming.code_of(who),
        counterpart=partner,
        actor=who,
    )


def _ends(figure: Figure, found: Found) -> None:
    """A span whose ends are in two figures ("six weeks to several months") keeps its first; words without a number
    give the unit alone.
    """
    following = next((one for one in figure.sentence.quantities if one.start >= figure.end), None)
    if following is None or following.dimension != "duration":
        return
    between = figure.sentence.text[figure.end : following.number_start]
    if not _OPEN.fullmatch(between) and between.strip() not in ("to", "-", "至", "到", "to several"):
        return
    numbers = (figure.quantity.value, figure.quantity.low)
    if all(number is None for number in numbers):
        found.unit = (
            f"{figure.quantity.unit}..{following.unit}" if following.unit != figure.quantity.unit else found.unit
        )
        found.end = max(found.end, following.end)
        return
    if following.value is None:
        found.low, found.value, found.high = next(number for number in numbers if number is not None), None, None
    elif following.unit == figure.quantity.unit:
        found.low, found.high, found.value = (
            found.value if found.value is not None else found.low,
            following.value,
            None,
        )
    found.end = max(found.end, following.end)


def _continued(figure: Figure) -> bool:
    """Whether the figure is the far end of a span that the figure before it opened."""
    before = [one for one in figure.sentence.quantities if one.end <= figure.start]
    if not before or before[-1].dimension != "duration":
        return False
    between = figure.sentence.text[before[-1].end : figure.quantity.number_start]
    return bool(_OPEN.fullmatch(between)) or between.strip() in ("to", "-", "至", "到", "to several")


def _cn(who: str) -> str:
    return "CN" if who.split("/")[0] in ("MOFCOM", "GAC", "MIIT", "China", "State Council") else ""
