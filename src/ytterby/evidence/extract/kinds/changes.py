"""Home to changes: how much exports, output, prices or demand rose or fell, and against what."""

from __future__ import annotations

import re
from typing import Any

from ytterby.evidence.claims import Kind
from ytterby.evidence.extract import naming, timing
from ytterby.evidence.extract.actors import actor, owner, pointed, subject_name
from ytterby.evidence.extract.context import Figure
from ytterby.evidence.extract.kinds.contract import Setting, made
from ytterby.evidence.extract.kinds.direction import sign_of
from ytterby.evidence.extract.kinds.themes import theme
from ytterby.evidence.extract.kinds.volumes import traded
from ytterby.evidence.extract.topic import Found
from ytterby.evidence.grammar import Quantity
from ytterby.evidence.names import Entity, find

_EQUITY = re.compile(
    r"股价|股票|个股|大盘|[沪深恒]指|\b(?:ETFs?|shares? (?:in [A-Z]|of [A-Z]|rose|fell|jumped|surged|gained|slid))\b"
)
"""What is bought on an exchange is no material."""
THEMES = ("export", "import", "production", "price", "demand", "capacity", "quota", "revenue", "stock", "reserve")
_MULTIPLE = re.compile(r"(?:倍|翻|double|triple|quadruple|fold|times|halv|减半|腰斩)", re.IGNORECASE)
_PART = re.compile(r"^\s*(?:of (?!that|this)|的(?!涨|增|升|跌|降|减))", re.IGNORECASE)


def decide(figure: Figure, setting: Setting) -> Found | None:
    """A rise or fall in percent, points or times; None for a level or a share."""
    quantity = figure.quantity
    if _EQUITY.search(figure.before):
        return None
    sign = sign_of(figure)
    if quantity.dimension == "ratio":
        sign = _ratio_sign(figure, sign) or 1
    if not sign:
        sign = _shared_sign(figure, setting)
    if not sign:
        return None
    if _PART.match(figure.after) and not timing.base_of(figure):
        return None
    what = theme(figure, setting.topic, THEMES, carry=False) or _priced(figure) or theme(figure, setting.topic, THEMES)
    if not what and _CONTENT.search(figure.before):
        what = "demand"
    if not what:
        return None
    return _changed(figure, setting, what, sign)


def _priced(figure: Figure) -> str:
    """A change in a sentence that tells a price before it, or opens with it, is the price's."""
    prices = [one.start for one in figure.sentence.quantities if one.dimension == "price"]
    amounts = [one for one in figure.sentence.quantities if one.dimension in ("mass", "mass_rate")]
    if not prices or (prices[0] > figure.start and any(one.start < figure.start for one in amounts)):
        return ""
    return "price"


def _same_country(who: Entity, setting: Setting) -> bool:
    """Whether a whole text is about one country, so that its demand is meant."""
    return who.kind in ("country", "government") and any(
        name.entity.place == who.place for name in find(setting.topic.title) if name.entity.kind == "country"
    )


def _shared_sign(figure: Figure, setting: Setting) -> int:
    """The sign of the change listed just before ("down 3% and 8%")."""
    last, before = setting.topic.last, _before(figure)
    if last is None or before is None or last.kind not in ("trade_change", "price_change") or last.value is None:
        return 0
    if before.dimension != figure.quantity.dimension or not last.start <= before.start < last.end:
        return 0
    between = figure.sentence.text[before.end : figure.start]
    if _JOIN.fullmatch(between) or (timing.base_of(figure) is not None and _AND.search(between) and len(between) < 40):
        return -1 if last.value < 0 else 1
    return 0


def _before(figure: Figure) -> Quantity | None:
    earlier = [one for one in figure.sentence.quantities if one.end <= figure.start]
    return earlier[-1] if earlier else None


_AND = re.compile(r"\b(?:and|or)\s+(?:by\s+)?$|[、和及与]$")
_JOIN = re.compile(r"\s*(?:,|and|or|、|和|及|与|以及|, and)\s*(?:by\s+)?")


def _changed(figure: Figure, setting: Setting, what: str, sign: int) -> Found | None:
    against, basis = _against(figure, setting)
    signed = sign if figure.quantity.dimension != "ratio" else 1
    slots: dict[str, Any] = {"against": against, "basis": basis, "theme": what}
    if what in ("export", "import"):
        return traded(figure, setting, "trade_change", what, sign=signed, **slots)
    thing = naming.material(figure, setting.topic)
    words = naming.material_words(thing)
    if what == "price" and figure.quantity.dimension == "ratio" and not _over_time(figure):
        return made(figure, setting, "price", subject="market", object=f"{words} price ratio", material=thing, **slots)
    if what == "price":
        place = "CN" if setting.sentence.chinese else setting.topic.reporter
        return made(
            figure,
            setting,
            "price_change",
            sign=signed,
            subject="market",
            object=f"{words} price change",
            material=thing,
            place=place,
            **slots,
        )
    if what == "quota" and figure.quantity.dimension == "ratio" and _OF_ANOTHER.match(figure.after):
        return None
    if what == "quota":
        return made(
            figure,
            setting,
            "trade_change",
            sign=signed,
            subject=setting.topic.issuer or "MIIT",
            object=f"{naming.as_modifier(thing)} quota change",
            material=thing,
            place="CN",
            **slots,
        )
    product = _built_in(figure) if what == "demand" else None
    if product is not None:
        return made(
            figure,
            setting,
            "intensity",
            sign=signed,
            subject=product.en,
            object=f"{words} use change",
            material=thing,
            actor=product,
            **slots,
        )
    return _of_actor(figure, setting, what, thing, signed, slots)


def _of_actor(
    figure: Figure, setting: Setting, what: str, thing: Entity | None, signed: int, slots: dict[str, Any]
) -> Found:
    """A change of what somebody makes, needs, holds or earns."""
    words = naming.material_words(thing)
    who = actor(figure, setting.topic, setting.spoken)
    if what == "demand" and who is not None and not any(name.entity is who for name in figure.sentence.names):
        who = who if _same_country(who, setting) or who is pointed(figure, setting.topic) else None
    nation = setting.topic.nation
    if what == "demand" and who is None and nation is not None and _same_country(nation, setting):
        who = nation
    if who is None and what in ("production", "capacity"):
        sites = figure.sentence.named(figure.sentence.start, figure.clause.end, "mine", "plant", "place")
        who = owner(sites[0].entity) if sites else None
    if what == "revenue" and (who is None or who.kind != "company"):
        who = setting.topic.company or who
    kind: Kind = "trade_change"
    if what in ("demand", "capacity", "reserve"):
        kind = what  # type: ignore[assignment]
    found = made(
        figure,
        setting,
        kind,
        sign=signed,
        object=f"{words} {what} change",
        material=thing,
        subject=subject_name(who) if who else "world",
        place=naming.code_of(who) or "WLD",
        actor=who,
        **slots,
    )
    if what == "demand" and found.modality in ("forecast", "target"):
        found.kind = "forecast"
        found.object = f"{words} demand"
        owners = figure.sentence.named(figure.clause.start, figure.start, "country", "company")
        if not any(name.entity.place != "WLD" for name in owners) and not (
            who is not None and (_same_country(who, setting) or who is pointed(figure, setting.topic))
        ):
            found.subject, found.place = "world", "WLD"
    return found


_CONTENT = re.compile(
    r"用量|含量|\b(?:usage|content|use) (?:of|in|per)\b|\brare[- ]earth (?:content|use)\b", re.IGNORECASE
)


def _built_in(figure: Figure) -> Entity | None:
    """The product whose content of a material changed, where it stands in the figure's own clause before it."""
    if not _CONTENT.search(figure.before):
        return None
    named = figure.sentence.named(figure.clause.start, figure.start, "product")
    return named[-1].entity if named else None


_OF_ANOTHER = re.compile(r"\s+(?:the|that|its|their|those)\b")
_GREW = re.compile(r"doubl|tripl|quadrupl|quintupl|翻|倍增|腰斩|减半", re.IGNORECASE)
_THEN = re.compile(
    r"(?:是|为|相当于|达)[^,。;]{0,8}(?:年|年初|年底|去年|上年|年前|同期|当时|月|月初|管制前|此前)的?[^,。;]{0,4}$"
)
_THEN_EN = re.compile(r"\s*(?:its|their|the)\s+(?:[\w-]+\s+){0,2}(?:level|price|value)s?\s+(?:in|of|before|at)\b")


def _over_time(figure: Figure) -> bool:
    """Whether "five times" is against an earlier day and not against another market."""
    if figure.has("up") or figure.has("down") or _GREW.search(figure.sentence.text[figure.start : figure.end]):
        return True
    return bool(_THEN.search(figure.before) or _THEN_EN.match(figure.after))


def _ratio_sign(figure: Figure, sign: int) -> int:
    """A doubling needs no other word; "3 times the price of" is a level."""
    words = figure.sentence.text[figure.start : figure.end]
    if re.search(r"halv|减半|腰斩", words, re.IGNORECASE):
        return -1
    if re.search(r"doubl|tripl|quadrupl|翻|fold|倍增", words, re.IGNORECASE):
        return 1
    return sign


def _against(figure: Figure, setting: Setting) -> tuple[str, str]:
    """The period a change is measured against, and the basis in words."""
    base = timing.base_of(figure)
    if base is None:
        return timing.compared(figure), ""
    against = base.against
    if not against:
        against = timing.shifted(timing.period(figure, setting.topic), base.basis)
    return against, base.basis
