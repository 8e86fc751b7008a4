"""Home to quantities: figures with what they count, as the text states them."""

from __future__ import annotations

import re

from ytterby.evidence.grammar.comparators import after, before
from ytterby.evidence.grammar.drafts import Draft, drafts, led
from ytterby.evidence.grammar.ranges import joined
from ytterby.evidence.grammar.shapes import Comparator, Dimension, Quantity
from ytterby.evidence.grammar.timewords import spans

__all__ = ["Comparator", "Dimension", "Quantity", "quantities"]

_GROWN_TIMES = re.compile(
    r"(?:增长|增加|扩大|上升|上涨|提高|增|涨|暴涨|飙升|激增|大增|高|多|贵)(?:了|约|近|超过|超|逾|将近|出)*\Z"
)


def quantities(text: str, lang: str = "") -> list[Quantity]:
    """The quantities of a folded text, in order, none overlapping another or a date.

    Args:
        text: folded text (`ytterby.terms.text.fold`); offsets count its characters.
        lang: the language, where known; both grammars are read either way.

    >>> [(q.value, q.unit, q.comparator) for q in quantities("产量逾1.2万吨,同比增长近三成")]
    [(12000.0, 't', '>'), (30.0, '%', '~')]
    """
    found: list[Quantity] = []
    taken = spans(text)
    floor = at = 0
    for draft in joined(text, drafts(text, taken)):
        if not _counts(text, draft):
            continue
        while at < len(taken) and taken[at][1] <= draft.start:
            floor = max(floor, taken[at][1])
            at += 1
        led(text, draft)
        made = _compared(text, draft, floor, taken[at][0] if at < len(taken) else len(text))
        found.append(made)
        floor = made.end
    return found


def _counts(text: str, draft: Draft) -> bool:
    """Whether a draft is a quantity: digits always, characters and words only with a unit that they count."""
    if draft.said:
        return True
    figure = text[draft.start : draft.number_end]
    if draft.dimension == "count":
        if figure in ("一", "二") or figure.lower() == "one":
            return False
        if figure == "两" and draft.noun in ("国", "者", "部", "次", "会", "大", "国家", "省"):
            return draft.noun in ("次", "省", "大")
        return True
    if draft.unit:
        return not (figure in ("一", "two", "One") and draft.unit in ("m", "barrel"))
    if draft.sure:
        return True
    large = draft.top is not None and draft.top >= 100.0
    return large and (draft.sign == "≥" or len(figure) > 2 or figure[:1].isascii())


def _compared(text: str, draft: Draft, floor: int, ceiling: int) -> Quantity:
    lasting = draft.dimension == "duration"
    start, sign = before(text, draft.start, floor, lasting=lasting)
    end, later = after(text, draft.end, lasting=lasting)
    if end > ceiling:
        end, later = draft.end, "="
    if draft.sign in ("<", ">", "≤", "≥") and sign in ("=", "~"):
        sign = draft.sign
    if sign == "=":
        sign = draft.sign if later == "=" else later
    elif later in ("≥", "≤"):
        sign = later
    value = draft.value
    if draft.unit == "x" and not draft.said and value is not None and text.startswith("倍", draft.end - 1):
        # 增长两倍 adds two to the one there was; 增至两倍 comes to two.
        grew = _GROWN_TIMES.search(text, max(0, start - 8), draft.start) is not None
        value = value + 1.0 if grew else value
    if value is not None and text[draft.start] in "-\u2212" and not draft.said:
        value = -value
    return Quantity(
        start, end, draft.start, draft.number_end, value, draft.low, draft.high, sign, draft.unit, draft.dimension,
        draft.noun, draft.basis,
    )  # fmt: skip
