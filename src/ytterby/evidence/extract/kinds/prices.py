"""Home to prices: what a kilogram or tonne costs, floor prices and taxes by weight."""

from __future__ import annotations

import re

from ytterby.evidence.extract import naming
from ytterby.evidence.extract.actors import actor, subject_name
from ytterby.evidence.extract.context import Figure
from ytterby.evidence.extract.kinds.contract import Setting, made
from ytterby.evidence.extract.topic import Found
from ytterby.evidence.names import Entity

_CURRENCY_PLACE = {"CNY": "CN"}
_IMPORTS = re.compile(r"\bimports?\b|进口")


def decide(figure: Figure, setting: Setting) -> Found | None:
    """A price per weight; subject is the market, or who taxes or guarantees it."""
    quantity = figure.quantity
    if quantity.dimension not in ("price", "money"):
        return None
    if quantity.dimension == "money" and not _priced(figure, setting):
        return None
    thing = naming.material(figure, setting.topic)
    moved = _MOVED.search(figure.before)
    if moved and not _LEVELS.match(figure.after):
        return _shifted(figure, setting, thing, -1 if moved[0][0] in "下跌降低" or _FELL.match(moved[0]) else 1)
    if figure.has("tax", "clause"):
        who = actor(figure, setting.topic, setting.spoken)
        return made(
            figure,
            setting,
            "price",
            subject=subject_name(who) if who else "",
            object="resource tax",
            material=thing,
            place=naming.code_of(who),
            theme="tax",
            actor=who,
        )
    if figure.has("floor", "clause") or _GUARANTEES.search(figure.before):
        who = actor(figure, setting.topic, setting.spoken)
        return made(
            figure,
            setting,
            "price",
            decided=True,
            subject=subject_name(who) if who else "market",
            object=f"{naming.material_words(thing)} price floor",
            material=thing,
            place=naming.code_of(who),
            theme="price",
            actor=who,
        )
    words, place = naming.material_words(thing), _CURRENCY_PLACE.get(quantity.unit[:3], "")
    if _IMPORTS.search(figure.before) and figure.has("price", "clause"):
        for name in figure.sentence.named(figure.clause.start, figure.start, "country"):
            place = name.entity.place
            words = f"{naming.place_words(place)} {naming.as_modifier(thing)} imports"
    found = made(
        figure,
        setting,
        "price",
        subject="market",
        object=words,
        material=thing,
        place=place,
        theme="price",
    )
    behind = _PER.match(figure.after)
    for name in figure.sentence.named(figure.clause.start, figure.segment.end, "country"):
        lead = figure.sentence.text[max(figure.clause.start, name.start - 8) : name.start]
        if re.search(r"(?:\bin|at|[在]|the)\s*$", lead) and name.entity.place not in ("WLD", "ZZ"):
            found.place = name.entity.place
    if "/" not in found.unit and behind:
        found.unit = f"{found.unit}/{'kg' if behind[1][0].lower() == 'k' or behind[1] in ('公斤', '千克') else 't'}"
    if "/" in found.unit:
        setting.topic.price_unit = found.unit
    elif setting.topic.price_unit.startswith(found.unit):
        found.unit = setting.topic.price_unit
    company = _seller(figure, setting)
    if company:
        found.subject, found.object = company, f"{words} average selling price"
    return found


_MOVED = re.compile(
    r"(?:上涨|下跌|上调|下调|调高|调低|回升|回落|涨|跌|升|降)(?:了|约)*$|\b(?:up|down|gained|lost|added|shed"
    r"|(?:rose|fell|climbed|dropped|slipped|jumped|increased|decreased|eased|slid)(?: by)?)\s*$"
)
_FELL = re.compile(r"(?:down|lost|shed|fell|dropped|slipped|decreased|eased|slid)")
_LEVELS = re.compile(r"\s*(?:的高位|的低位|high|low)")


def _shifted(figure: Figure, setting: Setting, thing: Entity | None, sign: int) -> Found:
    """By how much money a price moved; per what, the words before it say."""
    found = made(
        figure,
        setting,
        "price_change",
        sign=sign,
        subject="market",
        object=f"{naming.material_words(thing)} price change",
        material=thing,
        place=_CURRENCY_PLACE.get(figure.quantity.unit[:3], ""),
        theme="price",
    )
    if "/" not in found.unit and setting.topic.price_unit.startswith(found.unit):
        found.unit = setting.topic.price_unit
    return found


_GUARANTEES = re.compile(
    r"\b(?:guarantee[sd]?|assur(?:es|ed)|underwrit\w+)\b|保底|兜底|保证[^,。]{0,8}价", re.IGNORECASE
)
_PER = re.compile(
    r"\s*(?:/\s*|per\s+|an?\s+)(?:metric\s+)?(kg|kilogram|kilo|tonne|ton|t|公斤|千克|吨)\b", re.IGNORECASE
)


def _seller(figure: Figure, setting: Setting) -> str:
    if not figure.has("revenue", "before") and not re.search(
        r"\baverage (?:selling|realised|price|of)|\ban average", figure.before
    ):
        return ""
    who = actor(figure, setting.topic, setting.spoken)
    return subject_name(who) if who and who.kind == "company" else ""


def _priced(figure: Figure, setting: Setting) -> bool:
    """Whether bare money is a price: a price word next to it, and a later figure or word that says per what."""
    if _PER.match(figure.after):
        return True
    inherited = setting.topic.price_unit.startswith(f"{figure.quantity.unit}/") and setting.topic.theme == "price"
    if inherited and not (figure.has("invest") or figure.has("revenue")):
        return True
    cue = figure.near("price", most=160)
    if cue is None or figure.has("invest") or figure.has("revenue"):
        return False
    quantity = figure.quantity
    return bool(
        re.search(
            r"\b(?:a|per)\s+(?:kg|kilo|kilogram|tonne|ton|metric ton)\b|每(?:公斤|吨|千克)",
            figure.before + figure.after,
        )
    ) and (quantity.value is None or abs(quantity.value) < 1e8)
