"""Home to the draft of a quantity: a figure with its own unit, before its neighbours and its comparison are known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ytterby.evidence.grammar.counting import counted
from ytterby.evidence.grammar.figures import Figure, figures, scaled
from ytterby.evidence.grammar.measures import combined, measure, per_name
from ytterby.evidence.grammar.numerals_zh import DIGITS
from ytterby.evidence.grammar.shapes import Comparator, Dimension, Quantity
from ytterby.evidence.grammar.unit_table import SIGNS
from ytterby.evidence.grammar.wordings import wordings


@dataclass(slots=True)
class Draft:
    """A quantity in the making; the only thing here that changes while it is read."""

    start: int
    number_end: int
    end: int
    value: float | None
    low: float | None
    high: float | None
    scale: float
    """Magnitude said after the figure, which a neighbour without one may share."""
    unit: str
    factor: float
    dimension: Dimension
    sign: Comparator
    noun: str = ""
    basis: str = ""
    sure: bool = True
    """False where only a unit makes it a quantity: single characters, number words."""
    said: bool = False
    """True for wordings, whose unit is their own."""
    leading: bool = False
    """True where the unit (a currency sign, 百分之) stands before the figure."""

    @property
    def top(self) -> float | None:
        """Largest number it names."""
        return self.value if self.value is not None else self.high


_PERCENT_TENTHS = re.compile(
    r"成(?![为立功员本品长熟都果交份分就型绩效人千万百])(?P<more>[一二三四五六七八九](?![家项个座类年月名种成])|[1-9](?![0-9.,]))?(?P<half>半(?!导))?"
)
_BEFORE_PER = re.compile(
    r"每(?:一)?(?P<per>公斤|千克|公吨|吨|克|磅|股|年|天|日|月|周|台|辆|架|艘|个|件|套|部|枚|支|兆瓦|吉瓦)(?P<gap>[^\d,.。;:()、]{0,10})\Z"
)
_DAILY = re.compile(
    r"(?<![0-9一二三四五六七八九十今近昨次当翌首即逐节假平本])日(?:采|产|均|处理|开采|产能|处理量)(?:量|矿石?|泥)?(?:约|近|逾|超|达|为|是|可达)?\Z"
)
_FOLDED = re.compile(r"折(?:合|算|成)?(?:为)?(?:REO|稀土氧化物|氧化物)(?:量|当量|计)?[^\d,.。;:()、]{0,4}\Z")
_PLUS = re.compile(r"\+(?![0-9])|-plus\b")
_SPLIT = re.compile(r"个(?P<mid>半|多|余)(?P<unit>月|星期|小时|季度|世纪)")
_SPLIT_UNITS = {"月": "month", "星期": "week", "小时": "hour", "季度": "quarter", "世纪": "century"}
_HALF_YEAR = re.compile(r"半(?![导年个成])")
_HIGH = re.compile(
    r"(?:-| )(?:(?P<en>high|low|peak|old|plan|deal|contract|agreement|period|window|reprieve|truce)\b)"
    r"|(?:来|以来)?(?:的)?(?P<zh>新高|新低|高位|高点|低点|最高|最低)"
)
_YEAR_LIKE = re.compile(r"(?:1[89]|20|21)[0-9]{2}\Z")


def drafts(text: str, taken: Sequence[tuple[int, int]]) -> list[Draft]:
    """The drafts of a folded text in order, none overlapping, outside the `taken` spans."""
    found = [_said(made) for made in wordings(text, taken)]
    # "400 tons a year earlier" has no rate in it: the words of time are not the unit's.
    blanked = _blanked(text, taken)
    for figure in figures(text, taken):
        made = _measured(blanked, figure)
        if made.unit or not _runs_on(text, made.end):
            found.append(made)
    found.sort(key=lambda draft: (draft.start, not draft.said, -draft.end))
    kept: list[Draft] = []
    reached = 0
    for draft in found:
        if draft.start >= reached:
            kept.append(draft)
            reached = draft.end
        elif draft.said and kept and draft.end > kept[-1].end and not kept[-1].unit:
            # 三分之一 is longer than the 三 it begins with.
            kept[-1] = draft
            reached = draft.end
    return kept


def _blanked(text: str, taken: Sequence[tuple[int, int]]) -> str:
    if not taken:
        return text
    parts: list[str] = []
    at = 0
    for start, end in taken:
        parts += (text[at:start], "\0" * (end - start))
        at = end
    parts.append(text[at:])
    return "".join(parts)


def _said(made: Quantity) -> Draft:
    leading = made.dimension == "percent" and made.number_end > made.number_start
    return Draft(
        made.start, made.end, made.end, made.value, None, None, 1.0, made.unit, 1.0, made.dimension, made.comparator,
        made.noun, said=True, leading=leading,
    )  # fmt: skip


def _measured(text: str, figure: Figure) -> Draft:
    sign, currency = _currency(text, figure.start)
    end, size = scaled(text, figure, money=bool(currency))
    draft = Draft(
        sign, figure.end, end, figure.value, figure.low, figure.high, figure.scale * size, "", 1.0, "other",
        figure.sign, sure=figure.written or bool(currency),
    )  # fmt: skip
    _grow(draft, size)
    plus = _PLUS.match(text, end)
    if plus is not None:
        draft.sign, end = "≥", plus.end()
        draft.end = end
    if not currency and _tenths(text, draft):
        return draft
    split = _SPLIT.match(text, end) if text.startswith("个", end) else None
    if split is not None:
        # 两个半月, 三个多月: the word for half or more stands inside the unit.
        draft.end, draft.unit, draft.dimension = split.end(), _SPLIT_UNITS[split["unit"]], "duration"
        if split["mid"] == "半" and draft.value is not None:
            draft.value += 0.5
        elif split["mid"] != "半":
            draft.sign = ">"
        return draft
    found = measure(text, end)
    if not found.unit and figure.sign == "≥" and not figure.written and text.startswith(" of ", end):
        found = measure(text, end + 3)
    if currency:
        _priced(text, draft, currency)
        return draft
    if found.unit:
        draft.end, draft.unit, draft.factor, draft.dimension = found.end, found.unit, found.factor, found.dimension
        draft.noun, draft.basis = found.noun, found.basis
        _grow(draft, found.factor)
        if draft.unit == "year" and _HALF_YEAR.match(text, draft.end) and draft.value is not None:
            draft.value, draft.end = draft.value + 0.5, draft.end + 1
        if draft.dimension == "duration":
            high = _HIGH.match(text, draft.end)
            if high is not None:
                draft.noun = high["en"] or ("low" if "低" in high["zh"] else "high")
        return draft
    noun_end, noun, counts = counted(text, end, loose=figure.sign == "≥")
    if noun:
        draft.noun = noun
        if counts:
            draft.unit, draft.dimension, draft.end = "count", "count", noun_end
    return draft


def _grow(draft: Draft, size: float) -> None:
    """Multiply what the draft holds by a magnitude, without the dust of binary fractions."""
    if size == 1.0:
        return
    draft.value = None if draft.value is None else _clean(draft.value * size)
    draft.low = None if draft.low is None else _clean(draft.low * size)
    draft.high = None if draft.high is None else _clean(draft.high * size)


def _clean(value: float) -> float:
    return float(f"{value:.12g}")


grown = _grow


def _runs_on(text: str, end: int) -> bool:
    """Whether a letter follows right away, so that the digits belong to a name: 10X, 5G, 1C902."""
    follows = text[end : end + 1]
    return follows.isascii() and (follows.isalpha() or follows == "_")


def _currency(text: str, start: int) -> tuple[int, str]:
    at = start
    while at > 0 and text[at - 1] == " ":
        at -= 1
    if at == 0 or text[at - 1] not in "$€£¥₹₩YDRPBMWFKs币元.":
        return _signed(text, start), ""
    for sign, code in SIGNS:
        if text.endswith(sign, 0, at):
            before = text[at - len(sign) - 1 : at - len(sign)]
            if sign[0].isalpha() and sign[0].isascii() and before.isascii() and before.isalpha():
                continue
            if sign in _WRITTEN and at != start:
                continue
            return at - len(sign), code
    return _signed(text, start), ""


_WRITTEN = ("美元", "人民币", "新台币", "台币", "港币")


def _signed(text: str, start: int) -> int:
    """`start`, moved before a minus that belongs to the figure."""
    if text[start - 1 : start] in ("-", "\u2212") and start > 0:
        earlier = text[start - 2 : start - 1] if start > 1 else ""
        if (
            not earlier
            or earlier.isspace()
            or earlier in "(,;|\t:"
            or (earlier > "\u2e80" and earlier not in _AMOUNTED)
        ):
            return start - 1
    return start


_AMOUNTED = frozenset("万亿千百十元吨斤克磅年月天周家辆台成倍")
"""What a figure may end in, so that the dash behind it draws a range."""


def _priced(text: str, draft: Draft, currency: str) -> None:
    draft.unit, draft.dimension, draft.leading = currency, "money", True
    found = measure(text, draft.end)
    dollars = currency in ("TWD", "HKD") and found.unit == "CNY"
    if dollars or found.unit == currency or (found.dimension == "money" and "/" not in found.unit):
        draft.end = found.end
    elif found.dimension in ("price", "per_share") and found.unit.startswith(currency):
        draft.end, draft.unit, draft.dimension = found.end, found.unit, found.dimension
        return
    after = price_per(text, draft.end, currency)
    if after is not None:
        draft.end, draft.unit, draft.dimension = after


def price_per(text: str, end: int, currency: str) -> tuple[int, str, Dimension] | None:
    """End, unit and dimension of an amount of money that is counted per something at `end`."""
    match = _PER.match(text, end)
    if match is None:
        return None
    name = per_name(match["zh"] or match["en"])
    if not name or (match["en"] and len(match["en"]) == 1 and match[0].lstrip()[0] == "a"):
        return None
    unit, dimension = combined(currency, "money", name)
    return match.end(), unit, dimension


_PER = re.compile(
    r"(?:\s?/\s?|\s(?:per|a|an|each)\s)(?:(?:metric|dry)\s)?(?P<en>[A-Za-z]+)"
    r"|(?:/|每|一)(?P<zh>公斤|千克|公吨|吨|磅|股|克|年|台|辆|兆瓦)"
)


def led(text: str, draft: Draft) -> None:
    """Complete a draft by the words before it: 每公斤6550元 is counted per kilogram, 折REO近5万吨 in oxide."""
    if draft.dimension not in ("mass", "mass_rate", "money") or text.isascii():
        return
    low = max(0, draft.start - 16)
    if draft.dimension != "money" and not draft.basis and _FOLDED.search(text, low, draft.start):
        draft.basis = "REO"
    match = _BEFORE_PER.search(text, low, draft.start) if "/" not in draft.unit else None
    if match is None:
        if draft.unit == "t" and _DAILY.search(text, low, draft.start):
            draft.unit, draft.dimension = combined("t", "mass", "d")
        return
    per = per_name(match["per"])
    if draft.dimension == "mass" and per in ("kg", "t", "g", "lb") and len(match["gap"]) > 4:
        return
    if per and not (per in ("yr", "d", "month", "week") and draft.dimension == "money"):
        draft.unit, draft.dimension = combined(draft.unit, draft.dimension, per)


def _tenths(text: str, draft: Draft) -> bool:
    """三成, 一成一, 七成半: tenths and hundredths as a percentage."""
    if not text.startswith("成", draft.end) or (draft.top or 0.0) > 10.0 or draft.scale != 1.0:
        return False
    match = _PERCENT_TENTHS.match(text, draft.end)
    if match is None:
        return False
    more = match["more"]
    rest = 0.0 if not more else float(DIGITS.get(more, more))
    rest += 5.0 if match["half"] and not more else 0.5 if match["half"] else 0.0
    _grow(draft, 10.0)
    if draft.value is not None:
        draft.value += rest
    draft.end, draft.unit, draft.dimension, draft.scale = match.end(), "%", "percent", 1.0
    draft.factor = 10.0
    return True


def is_year(text: str, draft: Draft) -> bool:
    """Whether a bare number reads as a year."""
    return _YEAR_LIKE.match(text[draft.start : draft.number_end]) is not None
