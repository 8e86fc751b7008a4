"""Home to naming: the material a figure is about, and the words and codes in which a claim says it."""

from __future__ import annotations

import re

from ytterby.evidence.extract.context import Figure, Sentence
from ytterby.evidence.extract.topic import Topic
from ytterby.evidence.names import Entity, Named, entity
from ytterby.terms.elements import RECORDS
from ytterby.terms.errors import InputError

_SHORT = {"US": "US", "GB": "UK", "EU": "EU", "AE": "UAE"}
_COMPONENT = 90
_LATE = ("component", "product")
_PLAIN = frozenset({"magnets", "permanent magnets"})


def material(figure: Figure, topic: Topic, *, carry: bool = True) -> Entity | None:
    """The material nearest to a figure: its segment (behind the figure first, where "of" or 的 leads there), its
    clause, the clauses before; else what the text has been about.
    """
    sentence = figure.sentence
    best: Named | None = None
    least = 700
    for name in sentence.names:
        if name.entity.kind != "material" or _left_out(sentence, name):
            continue
        cost = figure.cost(name.start, name.end) + (_COMPONENT if name.entity.stage in _LATE else 0)
        if name.start >= figure.end and name.end <= figure.segment.end and _of(sentence, figure.end, name.start):
            cost = 0
        if cost < least:
            best, least = name, cost
    if best is None:
        return topic.material if carry else None
    return _same_thing(best.entity, topic)


def _same_thing(one: Entity, topic: Topic) -> Entity:
    """Magnets in a text on rare earth magnets are those."""
    about = topic.material
    if one.en in _PLAIN and about is not None and about.group == "magnets":
        return about
    return one


_BUT = re.compile(r"\b(?:other than|except(?: for)?|excluding|apart from|not counting)\s+(?:the\s+)?$", re.IGNORECASE)
_BUT_ZH = re.compile(r"(?:不含|不包括|不计|除去?|扣除)[^,。;]{0,6}$")


def _left_out(sentence: Sentence, name: Named) -> bool:
    """Whether a material is named as what the figure does not count ("all rare earths other than magnets")."""
    before = sentence.text[max(sentence.start, name.start - 16) : name.start]
    return bool((_BUT_ZH if sentence.chinese else _BUT).search(before))


def _of(sentence: Sentence, start: int, end: int) -> bool:
    between = sentence.text[start:end]
    return len(between) < 40 and bool(re.match(r"\s*(?:/\w+)?\s*(?:of\b|worth of\b|的)?\s*[\w\s'-]{0,24}$", between))


def material_words(one: Entity | None, default: str = "rare earths") -> str:
    """A material in English words, as an object says it."""
    if one is None:
        return default
    if len(one.elements) == 1 and one.en.startswith(f"{one.elements[0]} "):
        return RECORDS[one.elements[0]].en + one.en[len(one.elements[0]) :]
    return one.en


def as_modifier(one: Entity | None) -> str:
    """A material before a noun: "rare earth magnet exports"."""
    words = material_words(one)
    if words.endswith("earths"):
        return words[:-1]
    if words.endswith(("magnets", "ores", "alloys", "metals", "oxides", "concentrates", "products", "robots")):
        return words[:-1]
    return words


def place_words(code: str) -> str:
    """A place as an object names it ("US", "Japan")."""
    if code in _SHORT:
        return _SHORT[code]
    try:
        return entity(code).en
    except InputError:
        return code


def country(code: str) -> str:
    """A country's name as a claim's subject bears it; empty for none."""
    if not code:
        return ""
    try:
        return entity(code).en
    except InputError:
        return code


def code_of(one: Entity | None) -> str:
    """The country an actor belongs to, where it is known."""
    return one.place if one is not None else ""


def trade_words(one: Entity | None, flow: str, partner: str) -> str:
    """The object of a trade claim: "rare earth magnet exports to US"."""
    noun = "exports" if flow == "export" else "imports"
    words = f"{as_modifier(one)} {noun}"
    if partner and partner not in ("WLD", "ZZ"):
        words += f" {'to' if flow == 'export' else 'from'} {place_words(partner)}"
    return words
