"""Home to approval rates: which share of the applications for export licences is granted, and to whom the goods go."""

from __future__ import annotations

import re
from typing import Any

from ytterby.evidence.extract import naming
from ytterby.evidence.extract.context import Figure
from ytterby.evidence.extract.kinds.contract import Setting, made
from ytterby.evidence.extract.topic import Found
from ytterby.evidence.names import find

_RATE = re.compile(
    r"(?:批准|获批|核准|审批通过|通过|发证)(?:率|比例|比率|比重)|(?:approval|grant|issuance|clearance)s?\s+(?:rate|share|ratio)s?"
    r"|(?:rate|share|proportion)\s+of\s+(?:[\w-]+\s+){0,3}(?:approvals?|approved|granted|grants|applications)\b"
    r"|approvals?\b(?=[^.;]{0,40}\b(?:rose|rise|fell|fall|climbed|dropped|stood)\b)",
    re.IGNORECASE,
)
_LICENSING = re.compile(r"许可|申请|licen[cs]|permit|applications?\b", re.IGNORECASE)
_GRANTED = re.compile(r"\b(?:approved|granted|cleared|issued)\b[^.;]{0,24}$", re.IGNORECASE)
_FILES = re.compile(r"^\s*of\s+(?:[\w'-]+\s+){0,5}(?:applications?|requests|files)\b", re.IGNORECASE)
_BY = re.compile(
    r"(?:[升降增减跌涨落高低](?:了|约|近|逾|超过?)*|\bby\s+(?:\w+\s+)?"
    r"|\b(?:rose|fell|climbed|dropped|increased|decreased|jumped|slid)\s+(?:about\s+|nearly\s+|some\s+)?)$",
    re.IGNORECASE,
)
_TOWARDS = re.compile(r"(?:[对向往给赴至输]|\b(?:to|for|from|by)\s+(?:the\s+)?)$", re.IGNORECASE)
_APPLICANTS = re.compile(
    r"^\s*(?:的)?(?:企业|公司|厂商|车企|客户|买家|用户|供应商|申请|方面|成员国)"
    r"|^\s*(?:-bound|companies|company|firms?|buyers?|customers?|applicants?|applications?|carmakers?|suppliers?"
    r"|importers?|users?|manufacturers?|makers?)\b",
    re.IGNORECASE,
)


def decide(figure: Figure, setting: Setting) -> Found | None:
    """A percentage that an approval rate has, rose or fell to; by how much it moved is no level."""
    sentence = figure.sentence
    said = _RATE.search(sentence.text, sentence.start, figure.start) or _RATE.match(figure.after.lstrip("的 "))
    counted = _GRANTED.search(figure.before) and _FILES.match(figure.after)
    if not (said or counted) or not (_LICENSING.search(sentence.words) or _LICENSING.search(setting.topic.title)):
        return None
    if _BY.search(figure.before):
        return None
    # "from 60 % in May to June's 80 %": the month that stands before a figure in its own words goes before all others.
    own = [one for one in sentence.times if figure.segment.start <= one.start and one.end <= figure.start]
    slots: dict[str, Any] = {"period": own[-1].period} if own and own[-1].kind == "month" and own[-1].period else {}
    return made(
        figure,
        setting,
        "share",
        **slots,
        subject="MOFCOM",
        object="export licence applications approved",
        place="CN",
        counterpart=destination(figure, setting),
        theme="licence",
        material=naming.material(figure, setting.topic),
    )


def destination(figure: Figure, setting: Setting) -> str:
    """The country or union whose buyers applied: named in the sentence, else alone in the title."""
    sentence = figure.sentence
    best, least = "", 10_000
    for name in sentence.named(sentence.start, sentence.end, "country"):
        if not _abroad(name.entity.place):
            continue
        led = _TOWARDS.search(sentence.text, max(sentence.start, name.start - 12), name.start)
        if not led and not _APPLICANTS.match(sentence.text[name.end : name.end + 24]):
            continue
        cost = figure.cost(name.start, name.end)
        if cost < least:
            best, least = name.entity.place, cost
    if best:
        return best
    titled = {one.entity.place for one in find(setting.topic.title) if one.entity.kind == "country"}
    alone = {place for place in titled if _abroad(place)}
    return next(iter(alone)) if len(alone) == 1 else ""


def _abroad(place: str) -> bool:
    return place not in ("", "CN", "WLD", "ZZ")
