"""Home to ranges and shared units: what two figures side by side say together."""

from __future__ import annotations

import re

from ytterby.evidence.grammar.drafts import Draft, grown, is_year, price_per

_RANGE = re.compile(r"-to-|-\sto\s|\s?(?:-|\u2013|\u2014|~|至|到|\bto\b)\s?")
_OR = re.compile(r"\s?(?:\bor\b|或)\s?")
_FROM = re.compile(
    r"(?:\bfrom|从|由|自)\s?(?:(?:about|around|nearly|roughly|some|约|近|the|a record)\s?)?\Z", re.IGNORECASE
)
_BETWEEN = re.compile(r"\bbetween\s?\Z|介于|介乎|在\Z", re.IGNORECASE)
_MOVED_BY = re.compile(
    r"(?:上涨|下跌|上调|下调|调高|调低|回升|回落|[涨跌升降])(?:了|约)*\Z"
    r"|\b(?:rose|fell|slipped|dropped|gained|climbed|lost|shed|added|up|down|slid|eased|jumped)(?: by)? \Z"
)
"""By how much something moved stands behind it, and what it came to behind that: no range."""
_NEAR = r"\s?(?:(?:about|around|nearly|roughly|some|约|近)\s?)?"
_TIE = re.compile(
    r"(?P<range>-to-|-\sto\s|\s?(?:-|\u2013|\u2014|~|至|到|\bto\b)\s?)|(?P<or>\s?(?:\bor\b|或)\s?)"
    rf"|(?P<and>\s?(?:,?\sand|、|和|与|及|以及|&){_NEAR})|(?P<comma>,\s?(?:约|近)?)"
    rf"|(?P<change>\s?(?:(?:up|down)?\s?(?:to|from)|[升增降减跌涨提高扩大缩调加长少低]*(?:至|到|为)){_NEAR})"
)
_SHARED = (
    "mass",
    "mass_rate",
    "percent",
    "money",
    "price",
    "per_share",
    "points",
    "power",
    "energy",
    "duration",
    "length",
    "ratio",
)


def joined(text: str, found: list[Draft]) -> list[Draft]:
    """The drafts with ranges drawn together and units handed to the neighbours that share them."""
    _share(text, found)
    made: list[Draft] = []
    for draft in found:
        if made and draft.start - made[-1].end <= 14 and _range(text, made[-1], draft):
            made[-1] = _together(made[-1], draft)
        else:
            made.append(draft)
    return made


def _share(text: str, found: list[Draft]) -> None:
    """Units and magnitudes said once for several figures: A and B tonnes, from A to B per tonne, $40-70."""
    linked = False
    for right in range(len(found) - 1, 0, -1):
        a, b = found[right - 1], found[right]
        gap = b.start - a.end
        if gap > 24 or gap < 0:
            linked = False
            continue
        between = text[a.end : b.start]
        tie = _TIE.fullmatch(between)
        kind = tie.lastgroup if tie is not None else ""
        ties = kind in ("range", "or")
        lists = kind in ("and", "or") or (linked and kind == "comma")
        changes = kind in ("change", "range")
        linked = bool(lists)
        if not (ties or lists or changes):
            continue
        if (
            ties
            and a.leading
            and b.leading
            and a.unit == b.unit
            and b.scale > 1.0
            and a.scale == 1.0
            and _smaller(a, b)
        ):
            # $1.7-$1.8 billion: the mark stands twice, the magnitude once.
            grown(a, b.scale)
        elif b.dimension in _SHARED and not b.said and a.unit != b.unit:
            _hand_back(text, a, b, exact=bool(ties))
        elif (
            not b.unit
            and (b.sure or a.leading)
            and a.dimension in _SHARED
            and not is_year(text, b)
            and (
                a.leading or (ties and between.strip() in "-\u2013\u2014~") or a.dimension not in ("percent", "points")
            )
            and (ties or changes or a.leading)
        ):
            _hand_on(text, a, b)
        elif b.dimension == "count" and not a.unit and not a.leading:
            a.unit, a.dimension, a.noun, a.sure = "count", "count", b.noun, True


def _hand_back(text: str, a: Draft, b: Draft, *, exact: bool) -> None:
    """Give `a` the unit said after `b`."""
    if not a.unit or (a.dimension == "money" and b.unit.startswith(f"{a.unit}/")):
        if a.said or (not a.unit and b.leading) or (a.dimension == "count" and a.noun):
            return
        if b.factor != 1.0 and a.unit == "":
            grown(a, b.factor)
        if (b.scale > 1.0 and a.scale == 1.0 and exact and _smaller(a, b)) or (
            b.scale > 1.0
            and a.scale == 1.0
            and not a.leading
            and (a.top or 0.0) < 1000.0
            and _smaller(a, b, slack=20.0)
        ):
            grown(a, b.scale)
        a.unit, a.dimension, a.factor, a.sure = b.unit, b.dimension, b.factor, True
        a.basis, a.noun = a.basis or b.basis, b.noun


def _hand_on(text: str, a: Draft, b: Draft) -> None:
    """Give `b` the unit said with `a`."""
    if a.leading and b.scale > 1.0 and a.scale == 1.0 and _smaller(a, b):
        grown(a, b.scale)
    b.unit, b.dimension, b.sure, b.basis, b.noun = a.unit, a.dimension, True, a.basis, a.noun
    price = price_per(text, b.end, a.unit) if a.leading and a.dimension == "money" else None
    if price is not None:
        b.end, b.unit, b.dimension = price
        a.unit, a.dimension = b.unit, b.dimension
    if a.factor != 1.0 and not a.leading:
        grown(b, a.factor)


def _smaller(a: Draft, b: Draft, slack: float = 1.0) -> bool:
    if a.top is None or b.top is None:
        return False
    return a.top <= slack * b.top / (b.scale * b.factor)


def _range(text: str, a: Draft, b: Draft) -> bool:
    between = text[a.end : b.start]
    if a.dimension == "duration" and b.dimension == "duration" and b.value is None and b.high is None:
        return between in (" to ", "至", "到", "-")
    if a.unit != b.unit or a.noun != b.noun or a.value is None or b.value is None or a.value >= b.value:
        return False
    if a.sign not in "=~" or a.dimension == "rank" or (a.said and not a.leading):
        return False
    if _OR.fullmatch(between):
        step = b.value - a.value
        return 0 < step <= max(1.0, a.value) and not (a.sure and b.value > 2 * a.value)
    led = text[max(0, a.start - 24) : a.start]
    if between in (" and ", "和", "与") and _BETWEEN.search(led):
        return True
    if not _RANGE.fullmatch(between) or (between.strip() in ("to", "至", "到") and _moved(a, b, led)):
        return False
    return between.strip() in ("-", "\u2013", "\u2014", "~") or _FROM.search(led) is None


def _moved(a: Draft, b: Draft, led: str) -> bool:
    """Whether the first amount is the step of a move and the second what it came to."""
    if a.dimension not in ("money", "price", "mass") or not (a.leading or a.end > a.number_end):
        return False
    return (b.value or 0.0) > 3.0 * (a.value or 0.0) and _MOVED_BY.search(led) is not None


def _together(a: Draft, b: Draft) -> Draft:
    low = a.low if a.low is not None else a.value
    high = b.high if b.high is not None else b.value
    a.low, a.high, a.value = low, high, None
    if b.value is not None or b.high is not None:
        a.unit, a.dimension = b.unit, b.dimension
        a.sign = b.sign if b.sign != "=" else a.sign
    a.number_end, a.end = b.number_end, b.end
    a.noun, a.basis = b.noun or a.noun, b.basis or a.basis
    a.sure = a.sure or b.sure
    return a
