"""Home to intensities: how much of a material one product holds or needs."""

from __future__ import annotations

import re

from ytterby.evidence.claims import Modality
from ytterby.evidence.extract import naming
from ytterby.evidence.extract.context import Figure
from ytterby.evidence.extract.kinds.contract import Setting, made
from ytterby.evidence.extract.topic import Found
from ytterby.evidence.names import Entity, Named

_EACH = re.compile(
    r"(?:\b(?:each|every|per|an?|one|a single|a typical|the average|average|typical|single)\s+(?:\w+[\s-]+){0,3}"
    r"|(?:每|一|单)(?:架|台|辆|艘|座|套|部|个|颗|支|枚|只|艘)?(?:\w{0,6})?)$",
    re.IGNORECASE,
)
_EACH_AHEAD = re.compile(
    r"(?:\beach\b|\bapiece\b|\bper (?:unit|vehicle|robot|car|aircraft|turbine)\b|每[架台辆艘座套部]|单[台机车])",
    re.IGNORECASE,
)
_GENERIC = re.compile(
    r"\b(?:each|every|per|one|a single) (?:jet|plane|aircraft|boat|ship|hull|unit|one|machine|vessel|fighter)\b",
    re.IGNORECASE,
)
_POWER = re.compile(r"每兆瓦|每MW|(?:per|a|each) (?:MW|megawatt)\b|/MW", re.IGNORECASE)
_NEEDS = re.compile(
    r"\bgo(?:es)? (?:into|some|about|around|up to|more)\b|\b(?:needs?|requires?|requiring|contains?|containing"
    r"|uses?|using|carries|carry|holds?|consumes?|takes?"
    r"|needed|packs?"
    r"|contained|incorporates?|embeds?|of .{2,40} in (?:each|every|an?))\b|需|含|使用|用|耗|搭载|装有"
)
_CITED = re.compile(
    r"[\s-]*(?:figure|number|claim|estimate|legend|story|myth)\b|的?(?:说法|数字|数据|传言)", re.IGNORECASE
)
_SPOKEN_OF = re.compile(r"\b(?:quoted|cited|repeated|famous|alleged)\s+$|流传的?$|所谓的?$|盛传的?$", re.IGNORECASE)
_ELSEWHERE = ("export", "import", "price", "quota", "capacity")
_TRADED = ("export", "import", "capacity", "quota", "reserve")


def decide(figure: Figure, setting: Setting) -> Found | None:
    """Weight per product: "each F-35 needs 920 pounds of", 每台机器人需要2至4公斤."""
    quantity = figure.quantity
    per_unit = quantity.unit.endswith("/unit")
    product = _product(figure, setting)
    if product is None:
        return None
    if not per_unit and not _stated(figure, product, setting):
        return None
    thing = naming.material(figure, setting.topic)
    setting.topic.product = product
    last = setting.topic.last
    here = last is not None and last.start >= figure.sentence.start
    going_on = here and last is not None and last.kind == "intensity" and last.unit.endswith("/MW")
    alone = going_on and not _EACH_AHEAD.search(figure.sentence.text, figure.clause.start, figure.clause.end)
    per = "MW" if alone or _POWER.search(figure.before[-12:]) or _POWER.search(figure.after) else "unit"
    unit = quantity.unit if "/" in quantity.unit else f"{quantity.unit}/{per}"
    return made(
        figure,
        setting,
        "intensity",
        subject=_singular(product.en),
        object=naming.material_words(thing),
        unit=unit,
        material=thing,
        place=product.place,
        theme="need",
        carry=False,
        modality=_mood(figure),
    )


def _mood(figure: Figure) -> Modality:
    for tag, mood in _MOODS:
        if figure.has(tag, "clause"):
            return mood
    return "asserted"


_MOODS: tuple[tuple[str, Modality], ...] = (("forecast", "forecast"), ("claimed", "claimed"))


def content(figure: Figure, setting: Setting) -> Found | None:
    """Weight share of an element in a magnet or product: "contains about 30% rare earths", 含镝3%至4%."""
    if not _HOLDS.search(figure.before[-24:]) and not _BY_WEIGHT.search(figure.after[:40]):
        return None
    thing = naming.material(figure, setting.topic, carry=False)
    if thing is None:
        return None
    holder = next(
        (
            name.entity
            for name in figure.sentence.named(figure.sentence.start, figure.start)
            if name.entity.kind in ("product", "material") and name.entity is not thing
        ),
        setting.topic.product,
    )
    return made(
        figure,
        setting,
        "intensity",
        subject=holder.en if holder else "magnets",
        object=f"{naming.material_words(thing)} content",
        material=thing,
        theme="need",
        carry=False,
    )


_HOLDS = re.compile(
    r"\bcontain(?:s|ing)?\s+(?:about |up to |some |only )?$|\bcontent\s+(?:is|of)\s+$|含(?:有|量为?)?约?$|含\w{1,4}$"
)
_BY_WEIGHT = re.compile(
    r"\bby (?:weight|mass)\b|wt\b|\bof (?:its|their|the magnet's) (?:weight|mass)\b|重量", re.IGNORECASE
)
_PARTS = re.compile(
    r"\s*(?:servo |electric |joint )?(?:motors?|actuators?|joints?|magnets?|servos?|sensors?)\b|\s*(?:个|台"
    r"|颗)?(?:关节|电机|执行器|伺服)",
    re.IGNORECASE,
)


_PARTS_BEFORE = re.compile(r"(?:关节|电机|马达|执行器|伺服)(?:数量?|数目)?(?:需|约|为|有|达|共|要)*$")


def parts(figure: Figure, setting: Setting) -> Found | None:
    """How many motors or joints one product has."""
    ahead = _PARTS.match(figure.sentence.text[figure.quantity.number_end : figure.clause.end].lstrip("个台 "))
    if not ahead and not _PARTS_BEFORE.search(figure.before):
        return None
    product = _product(figure, setting)
    if product is None or (figure.quantity.value or 0) > 500:
        return None
    tail = figure.sentence.text[figure.quantity.number_end : figure.clause.end][:16]
    if not ahead:
        tail = figure.before[-12:]
    words = "motors" if re.search(r"motor|电机|马达|伺服|servo", tail) else "actuators"
    return made(
        figure,
        setting,
        "intensity",
        subject=_singular(product.en),
        object=words,
        unit="count",
        theme="need",
        carry=False,
        modality="asserted",
    )


def _product(figure: Figure, setting: Setting) -> Entity | None:
    sentence = figure.sentence
    if setting.topic.product is not None and _GENERIC.search(sentence.text, figure.clause.start, figure.clause.end):
        return setting.topic.product
    here = [name for name in sentence.names if name.entity.kind == "product"]
    best: Named | None = None
    least = 700
    for name in here:
        cost = figure.cost(name.start, name.end)
        if name.start >= figure.end and name.end <= figure.segment.end:
            cost = min(cost, 30)
        if cost < least:
            best, least = name, cost
    if best is not None:
        known = setting.topic.product
        if (
            known is not None
            and known.en != best.entity.en
            and known.en.rstrip("s").endswith(best.entity.en.rstrip("s"))
        ):
            return known
        return best.entity
    small = figure.quantity.unit in ("kg", "g", "lb")
    going_on = setting.topic.theme == "need" or small or _EACH_AHEAD.search(figure.sentence.words)
    return setting.topic.product if going_on else None


def _stated(figure: Figure, product: Entity, setting: Setting) -> bool:
    sentence = figure.sentence
    text = sentence.text
    if any(figure.has(tag) for tag in _TRADED) or _CITED.match(figure.after) or _SPOKEN_OF.search(figure.before):
        return False
    size = figure.quantity.value if figure.quantity.value is not None else figure.quantity.high
    if size is not None and figure.quantity.unit == "t" and size > 50:
        return False
    each = any(
        name.entity is product and _EACH.search(text[max(sentence.start, name.start - 40) : name.start])
        for name in sentence.names
    )
    each = each or bool(_EACH_AHEAD.search(text, figure.clause.start, figure.clause.end))
    each = each or bool(_POWER.search(text, figure.clause.start, figure.clause.end))
    if each and (_NEEDS.search(text, sentence.start, figure.segment.end) or setting.topic.theme == "need"):
        return True
    last = setting.topic.last
    continued = last is not None and last.kind == "intensity" and last.start >= sentence.start
    if continued and last is not None and figure.quantity.unit in last.unit:
        return True
    small = figure.quantity.unit in ("kg", "g", "lb")
    if small and _NEEDS.search(text, max(sentence.start, figure.start - 40), figure.start):
        return True
    # A few kilograms in a text about one product are what is in it, where no trade or output is spoken of.
    here = any(name.entity is product for name in sentence.named(figure.clause.start, figure.clause.end))
    return small and (here or setting.topic.product is product) and not any(tag in sentence.tags for tag in _ELSEWHERE)


def _singular(name: str) -> str:
    return name[:-1] if name.endswith("s") and not name.endswith(("ss", "us")) and name[:1].islower() else name
