"""Home to calling things by their names in the language of the brief: actors, places, goods, and what is figured."""

from __future__ import annotations

import re
from functools import lru_cache

from ytterby.evidence.briefs.tokens import is_chinese
from ytterby.evidence.briefs.wording import Tongue
from ytterby.evidence.claims import Claim
from ytterby.evidence.names import Entity, Named, find, lookup
from ytterby.terms.errors import InputError
from ytterby.terms.text import fold

GOODS = frozenset(("material", "product"))

NOUNS: tuple[tuple[str, re.Pattern[str], str, str], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE), zh, en)
    for name, pattern, zh, en in (
        ("self-sufficiency", r"self-sufficien|自给", "自给率", "self-sufficiency"),
        ("shortage", r"shortage|deficit|短缺|缺口", "短缺", "shortage"),
        ("exports", r"export|出口|shipment|出货", "出口", "exports"),
        ("imports", r"import|进口", "进口", "imports"),
        ("demand", r"demand|consumption|需求|消费", "需求", "demand"),
        ("capacity", r"capacity|产能", "产能", "capacity"),
        ("reserves", r"reserve|储量", "储量", "reserves"),
        ("output", r"production|output|产量", "产量", "output"),
        ("price", r"price|价格", "价格", "price"),
    )
)
"""What of a good is figured: pattern over the claim's object, Chinese and English noun."""

BY_KIND: dict[str, str] = {
    "production": "output",
    "capacity": "capacity",
    "reserve": "reserves",
    "demand": "demand",
    "price": "price",
    "price_change": "price",
}
"""The noun a kind of claim speaks of where its object names none."""

BY_KIND_EN: dict[str, str] = {kind: en for kind, name in BY_KIND.items() for own, _, _, en in NOUNS if own == name}
"""The same as the English noun."""

_WITH_ARTICLE = frozenset(("US", "GB", "EU", "NL", "PH", "AE", "CZ", "WLD"))


def actor(text: str, lang: Tongue) -> str | None:
    """A subject's name in the brief's language; None where only the other language has it.

    Two joined by a stroke ("MOFCOM/GAC") are both called. A Latin name nobody knows is written as it is.
    """
    if not text:
        return None
    one = lookup(text)
    if one is not None:
        return one.zh if lang == "zh" else _english(one)
    if "/" in text:
        several = [actor(part.strip(), lang) for part in text.split("/")]
        known = [name for name in several if name]
        return ("与" if lang == "zh" else " and ").join(known) if len(known) == len(several) else None
    if is_chinese(text):
        return text if lang == "zh" else None
    bare = re.sub(r"\s*\([^)]*\)", "", text)
    if bare != text and lookup(bare) is not None:
        return actor(bare, lang)
    return text if re.fullmatch(r"(?:[A-Z0-9][\w.&'’-]*)(?: [A-Z0-9][\w.&'’-]*)*", text) else None


def place(code: str, lang: Tongue) -> str | None:
    """A country's name from its code; None for no place and for several."""
    if not code or code in ("ZZ", "WLD"):
        return None
    from ytterby.terms.places import place as known

    try:
        found = known(code)
    except InputError:
        return None
    return found.zh if lang == "zh" else ("the " if found.code in _WITH_ARTICLE else "") + found.en


def _english(one: Entity) -> str:
    return f"the {one.en}" if one.kind == "country" and one.place in _WITH_ARTICLE else one.en


def goods(claim: Claim, lang: Tongue) -> str | None:
    """What a claim counts, as a name of the dictionary: the longest good its object or its quote names."""
    for text in (claim.object, claim.quote):
        best = longest(text, GOODS)
        if best is not None:
            return best.zh if lang == "zh" else best.en
    return None


def longest(text: str, kinds: frozenset[str]) -> Entity | None:
    """The entity of some kinds whose name in a text is longest."""
    found = [named for named in named_in(text) if named.entity.kind in kinds]
    return max(found, key=lambda named: named.end - named.start).entity if found else None


def noun(claim: Claim, lang: Tongue, *, quote: bool = False) -> str | None:
    """What of the goods is figured (exports, demand, output): by the claim's object, its words if asked, its kind."""
    for text in (claim.object, claim.quote if quote else ""):
        for _, pattern, zh, en in NOUNS:
            if text and pattern.search(text):
                return zh if lang == "zh" else en
    for name, _, zh, en in NOUNS:
        if BY_KIND.get(claim.kind) == name:
            return zh if lang == "zh" else en
    return None


@lru_cache(maxsize=4096)
def named_in(text: str) -> tuple[Named, ...]:
    """The names of a short text; kept, because subjects and objects repeat."""
    return tuple(find(fold(text)))


def key(one: Entity) -> str:
    """What makes two names the same for a reader: a state is its people, its seat and its government."""
    if one.kind in ("country", "government") and one.place:
        return f"place:{one.place}"
    return one.id


def keys(text: str, skip: frozenset[str] = frozenset(("stage",))) -> dict[str, list[Named]]:
    """The names of a text by their key, without those of the kinds to skip."""
    found: dict[str, list[Named]] = {}
    for named in find(fold(text)):
        if named.entity.kind not in skip:
            found.setdefault(key(named.entity), []).append(named)
    return found
