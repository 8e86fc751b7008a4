"""Home to durations: how long reviews, licences, stoppages, guarantees and deadlines last."""

from __future__ import annotations

import re

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
    if quantity.dimension != "duration" or _AGO.match(figure.after) or _LAST.search(figure.before):
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
    if licensed and (figure.has("review", "clause") or figure.has("review", "before")):
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
    if _TAKES.search(clause) and figure.quantity.value != 1:
        return _lasting(figure, setting, "delay" if _DELAY.search(clause) else "time needed")
    return None


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
    going_on = figure.has("review", "clause") or figure.has("valid", "clause")
    return going_on and (topic.theme == "licence" or topic.licensing)


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
