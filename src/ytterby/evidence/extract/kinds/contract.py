"""Home to the contract of a kind: a figure in its setting goes in, a statement comes out, or nothing.

Every kind is one small file with a decider. `made` fills what all statements share, so that a kind only says what is
its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ytterby.evidence.claims import Kind
from ytterby.evidence.extract import timing
from ytterby.evidence.extract.actors import actor, named_here, pointed, subject_name
from ytterby.evidence.extract.context import Figure, Sentence
from ytterby.evidence.extract.firms import follows, unnamed
from ytterby.evidence.extract.modality import modality
from ytterby.evidence.extract.topic import Found, Topic
from ytterby.evidence.extract.trade import Trade
from ytterby.evidence.names import Entity, Named

_HEAD = re.compile(
    r"(?:[\s,;:.，。、；：]|[-–—*•]\s|(?:and|but|while|whereas|yet|then|which"
    r"|or)\b\s+)+",
    re.IGNORECASE,
)
_TAIL = " \t\r\n(（,;:、；：，。.!?？！-–—"


@dataclass(frozen=True, slots=True)
class Setting:
    """What the figures of one sentence share."""

    sentence: Sentence
    topic: Topic
    trades: list[Trade]
    speaker: str
    spoken: Named | None
    """The name of whoever is quoted, so that it is not taken for the one who acts."""


Decider = Callable[[Figure, Setting], Found | None]


def made(
    figure: Figure,
    setting: Setting,
    kind: Kind,
    *,
    sign: int = 1,
    decided: bool = False,
    carry: bool = True,
    **slots: Any,
) -> Found:
    """A statement of `kind` with value, span, times, modality and speaker filled in.

    Args:
        figure: the figure stated.
        setting: its sentence and what the text has been about.
        kind: the claim's kind.
        sign: -1 where the figure is a fall.
        decided: a decision, whose "will" is no forecast.
        carry: whether the period may come from earlier sentences.
        slots: the slots that are the kind's own; they go before what is filled in.
    """
    quantity = figure.quantity
    start, end = span(figure)
    value, low, high = quantity.value, quantity.low, quantity.high
    if sign < 0:
        value = None if value is None else -value
        low, high = (None if high is None else -high), (None if low is None else -low)
    due = timing.due(figure)
    found = Found(
        kind,
        start,
        end,
        value=value,
        low=low,
        high=high,
        comparator=quantity.comparator,
        unit=quantity.unit,
        period=timing.period(figure, setting.topic, carry=carry),
        by=due,
        modality=modality(figure, setting.topic, due, decided=decided),
        attributed_to=setting.speaker,
        basis=quantity.basis,
    )
    if found.modality == "asserted" and not decided and _ahead(found.period, setting.topic):
        found.modality = "forecast"
    for name, slot in slots.items():
        setattr(found, name, slot)
    return found


def _ahead(label: str, topic: Topic) -> bool:
    """Whether a period lies in years that have not begun."""
    return topic.today is not None and label[:4].isdigit() and int(label[:4]) > topic.today.year


def who(figure: Figure, setting: Setting) -> tuple[Entity | None, str]:
    """The actor of a figure and the name a claim gives it; an unnamed firm has a name but is no entity."""
    again = follows(figure, setting.topic)
    if again:
        return setting.topic.actor, again
    one = actor(figure, setting.topic, setting.spoken)
    if one is None:
        return None, ""
    firm = setting.topic.company
    low = figure.sentence.start if one.kind == "country" else figure.clause.start
    if (
        firm is not None
        and one.kind in ("place", "product", "country")
        and one is not pointed(figure, setting.topic)
        and not any(name.entity is one and name.start >= low for name in figure.sentence.names)
    ):
        return firm, subject_name(firm)
    return one, unnamed(figure, setting.topic, one) or named_here(figure.sentence, one, setting.topic)


def site(figure: Figure, setting: Setting, one: Entity | None) -> str:
    """The country a plant's figure belongs to: the site named nearest, else the actor's own."""
    sentence = figure.sentence
    best, least = "", 700
    for name in sentence.names:
        if name.entity.kind not in ("place", "mine", "plant", "country") or name.entity.place in ("", "WLD", "ZZ"):
            continue
        if name.entity.kind == "country" and not _AT.search(
            sentence.text[max(sentence.start, name.start - 16) : name.start]
        ):
            continue
        cost = figure.cost(name.start, name.end)
        if cost < least:
            best, least = name.entity.place, cost
    if best:
        return best
    return setting.topic.site or (one.place if one is not None else "")


_AT = re.compile(r"(?:\b(?:in|at|its|their)\s+(?:the\s+)?|[在于]|位于)$", re.IGNORECASE)


def span(figure: Figure) -> tuple[int, int]:
    """The words that carry a figure: its segment, without joining words and stops around it."""
    return trimmed(figure.sentence.text, figure.segment.start, figure.segment.end, figure.start, figure.end)


def trimmed(text: str, start: int, end: int, keep_start: int, keep_end: int) -> tuple[int, int]:
    """A stretch without the joining words before it and the stops behind it; never less than what is kept."""
    lead = _HEAD.match(text, start, keep_start)
    if lead:
        start = lead.end()
    while end > keep_end and text[end - 1] in _TAIL:
        end -= 1
    return start, end
