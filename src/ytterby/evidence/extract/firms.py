"""Home to unnamed actors: "one U.S. company", 一家美国企业, the firm of the sentence before."""

from __future__ import annotations

import re

from ytterby.evidence.extract.context import Figure
from ytterby.evidence.extract.topic import Topic
from ytterby.evidence.names import Entity

_FIRM = re.compile(
    r"^(?:['’]s)?[\s-]*(?:(?:based|rare[- ]earth|mining|magnet|private|listed|start-?up|critical minerals?)\s+){0,3}"
    r"(?:company|firm|start-?up|miner|maker|producer|manufacturer|supplier)\b|^(?:一家"
    r"|某|的一家|一间)(?:本土|稀土|矿业)?(?:企业|公司|厂商|初创)",
    re.IGNORECASE,
)
_SAME = re.compile(
    r"^\s*(?:it|they|the (?:company|firm|group)|this production|the output|该(?:公司|企业|厂)|其)\b", re.IGNORECASE
)


def unnamed(figure: Figure, topic: Topic, who: Entity | None) -> str:
    """The words for an actor that the text leaves without a name, "US company (Oklahoma)"; empty where it has one.

    `who` is the actor found: a country whose adjective stands before "company" is not itself the actor.
    """
    sentence = figure.sentence
    if who is None or who.kind != "country":
        return ""
    for name in sentence.named(sentence.start, figure.start, "country"):
        if name.entity is who and _FIRM.match(sentence.text[name.end : name.end + 60]):
            topic.firm = _words(who, topic)
            return topic.firm
    return ""


def _words(who: Entity, topic: Topic) -> str:
    adjective = {"US": "US", "GB": "UK"}.get(who.place, who.en)
    return f"{adjective} company ({topic.place.en})" if topic.place is not None else f"{adjective} company"


def follows(figure: Figure, topic: Topic) -> str:
    """The unnamed firm of a sentence before, where this one goes on about it."""
    clause = figure.sentence.text[figure.clause.start : figure.start]
    if topic.firm and (_SAME.match(clause) or _SAME.match(figure.sentence.words)):
        return topic.firm
    return ""
