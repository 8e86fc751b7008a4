"""Home to themes: what a figure measures, read from the nearest cue, with the compounds that mislead set right."""

from __future__ import annotations

import re

from ytterby.evidence.extract.context import Figure
from ytterby.evidence.extract.topic import Topic

# themes a mass, rate or change may have, with how many characters nearer another must stand to go before it
_HANDICAP = {
    "quota": -30,
    "capacity": -12,
    "ability": -25,
    "reserve": -5,
    "price": -5,
    "export": 0,
    "import": 0,
    "demand": 0,
    "revenue": 0,
    "stock": 0,
    "production": 14,
}
_UNSAID = 650


_CAPACITY = re.compile(r"\s*(?:of\s+)?(?:[\w-]+\s+){0,6}capacity\b|\s*的?[^,。]{0,10}产能", re.IGNORECASE)


def theme(figure: Figure, topic: Topic, allowed: tuple[str, ...], *, carry: bool = True) -> str:
    """What a figure measures, one of `allowed`; carried over from the figure before where its sentence does not say."""
    if "capacity" in allowed and _CAPACITY.match(figure.sentence.text[figure.end : figure.segment.end]):
        return "capacity"
    best, least = "", _UNSAID
    tags = figure.sentence.tags
    for tag in allowed:
        for cue in tags.get(tag, ()):
            cost = figure.cost(cue.start, cue.end) + _HANDICAP.get(tag, 0)
            if cost < least:
                best, least = tag, cost
    if best:
        return best
    return topic.theme if carry and topic.theme in allowed else ""
