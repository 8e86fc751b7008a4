"""Home to trade: whose exports or imports of what, to or from where, a stretch of text speaks of."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ytterby.evidence.extract.context import Figure, Sentence
from ytterby.evidence.extract.cues import Cue
from ytterby.evidence.extract.topic import Topic
from ytterby.evidence.names import Entity, Named

_ACTS = ("country", "government", "agency")
_TO = re.compile(
    r"(?:\b(?:to|into|bound for|destined for|towards?|for)\s+(?:the\s+|both\s+)?|[对向给往到至输]|出口|运往"
    r"|输往|销往|发往)$",
    re.IGNORECASE,
)
_FROM = re.compile(r"(?:\b(?:from|out of)\s+(?:the\s+)?|[自从由])$", re.IGNORECASE)
_APPOSED = re.compile(r", an? (?:[a-z-]+ )?$")
"""A country that only says what the one named before it is ("Lynas, an Australian producer")."""
_LISTED = re.compile(r"^(?:\s*(?:,|and|or|&|、|和|与|及)\s*(?:the\s+|对|向)?)+$", re.IGNORECASE)
_WHOLE = frozenset(
    {
        "total",
        "overall",
        "all destinations",
        "worldwide",
        "globally",
        "总",
        "全球",
        "总计",
        "合计",
        "整体",
        "总量",
        "global exports",
    }
)
_WHOLE_WORDS = ("总出口", "总进口", "出口总量", "进口总量", "总出口量", "总进口量")


@dataclass(frozen=True, slots=True)
class Trade:
    """One mention of trade."""

    cue: Cue
    flow: str
    reporter: str
    counterpart: str
    whole: bool
    """It says that it means all destinations."""
    counterparts: tuple[str, ...] = ()


def mentions(sentence: Sentence, known: str = "") -> list[Trade]:
    """Every mention of exports or imports in a sentence, with the countries that belong to it.

    `known` is the country whose trade the text has been about: a name in an earlier clause does not take its place.
    """
    cues = [cue for cue in sentence.cues if cue.tags & {"export", "import"}]
    if not cues:
        return []
    places = [
        name
        for name in sentence.names
        if name.entity.kind in _ACTS
        and name.entity.place
        and not _APPOSED.search(sentence.text, max(0, name.start - 16), name.start)
    ]
    return [_mention(sentence, cue, places, known) for cue in cues]


def _mention(sentence: Sentence, cue: Cue, places: list[Named], known: str) -> Trade:
    flow = "export" if "export" in cue.tags else "import"
    clause = sentence.clause_at(cue.start)
    text = sentence.text
    reporter = ""
    partners: list[str] = []
    for name, role in roles(sentence, places):
        code = name.entity.place
        near = name.start >= clause.start and name.end <= clause.end
        if code == "WLD":
            continue
        if role == ("to" if flow == "export" else "from"):
            if near:
                partners.append(code)
        elif role:
            if near and (flow == "export" or name.start > cue.end):
                reporter = reporter or code
        elif near and name.end <= cue.start:
            reporter = code
        elif near and flow == "export" and name.start >= cue.end and not text[cue.end : name.start].strip(" 了至"):
            partners.append(code)
        elif not near and name.end <= clause.start and not reporter and known in ("", code):
            reporter = code
    partners = [code for code in dict.fromkeys(partners) if code != reporter]
    partner = partners[0] if len(partners) == 1 else ("ZZ" if partners else "")
    whole = cue.word in _WHOLE_WORDS or any(
        other.word in _WHOLE
        for other in sentence.cued("total", clause.start, clause.end)
        if abs(other.start - cue.start) < 24
    )
    whole = whole or any(
        name.entity.place == "WLD" and abs(name.start - cue.start) < 16
        for name in sentence.named(clause.start, clause.end)
    )
    return Trade(cue, flow, reporter, partner, whole, tuple(partners))


def roles(sentence: Sentence, places: list[Named]) -> list[tuple[Named, str]]:
    """Each name with ``to`` or ``from`` where a preposition leads to it, alone or as a member of a list; else empty."""
    found: list[tuple[Named, str]] = []
    for name in places:
        lead = sentence.text[max(sentence.start, name.start - 16) : name.start]
        role = "to" if _TO.search(lead) else ("from" if _FROM.search(lead) else "")
        if not role and found and found[-1][1] and _LISTED.match(sentence.text[found[-1][0].end : name.start]):
            role = found[-1][1]
        found.append((name, role))
    return found


def trade_of(figure: Figure, found: list[Trade], topic: Topic) -> Trade | None:
    """The mention a figure belongs to: the one nearest to it; None where its sentence speaks of no trade before it."""
    best: Trade | None = None
    least = 900
    for one in found:
        cost = figure.cost(one.cue.start, one.cue.end)
        if cost < least:
            best, least = one, cost
    return best


def destination(figure: Figure) -> str:
    """The country a figure's own segment sends it to ("280 t to Japan"), else empty."""
    sentence = figure.sentence
    for name in sentence.named(figure.quantity.end, figure.segment.end, "country", "government"):
        lead = sentence.text[max(figure.quantity.end, name.start - 16) : name.start]
        if _TO.search(lead) and name.entity.place != "WLD":
            return name.entity.place
    return ""


_BESIDE = re.compile(
    r"\s*(?:\(|with|at|received|took|got|bought|accounted for|:|：|为|有|的?出货|约)?\s*(?:about|around|only"
    r"|just|another|nearly)?\s*",
    re.IGNORECASE,
)


def beside(figure: Figure) -> str:
    """The country right before an amount, as where it went ("Vietnam (235 tons)", "Japan with four tonnes")."""
    sentence = figure.sentence
    for name in sentence.named(figure.clause.start, figure.start, "country"):
        if name.entity.place not in ("WLD", "ZZ") and _BESIDE.fullmatch(sentence.text[name.end : figure.start]):
            return name.entity.place
    return ""


def headed(figure: Figure) -> Entity | None:
    """The country of the listed head a figure is paired with."""
    if figure.head is None:
        return None
    for name in figure.sentence.named(figure.head.start, figure.head.end, "country", "government"):
        return name.entity
    return None
