"""Home to wording: figures, units and periods as a reader of Chinese or of English expects them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from ytterby.evidence.claims import Claim

Tongue = Literal["zh", "en"]
"""Language of a brief."""

UNITS: dict[str, tuple[str, str]] = {
    "%": ("%", "%"),
    "pp": ("个百分点", " percentage points"),
    "t": ("吨", " tonnes"),
    "kt": ("千吨", " kt"),
    "kg": ("公斤", " kg"),
    "g": ("克", " g"),
    "lb": ("磅", " lb"),
    "t/yr": ("吨/年", " tonnes a year"),
    "t/mo": ("吨/月", " tonnes a month"),
    "t/month": ("吨/月", " tonnes a month"),
    "t/d": ("吨/日", " tonnes a day"),
    "kg/unit": ("公斤", " kg"),
    "g/unit": ("克", " g"),
    "lb/unit": ("磅", " lb"),
    "x": ("倍", " times"),
    "year": ("年", " years"),
    "month": ("个月", " months"),
    "week": ("周", " weeks"),
    "day": ("天", " days"),
    "workday": ("个工作日", " working days"),
    "hour": ("小时", " hours"),
    "nm": ("纳米", " nm"),
    "km": ("公里", " km"),
    "m": ("米", " m"),
    "MW": ("兆瓦", " MW"),
    "GW": ("吉瓦", " GW"),
    "GWh": ("吉瓦时", " GWh"),
}
"""Units after their figure: Chinese, English. Money is made up from `MONEY` and these."""

MONEY: dict[str, tuple[str, str]] = {
    "USD": ("美元", "$"),
    "CNY": ("元", "CNY "),
    "EUR": ("欧元", "€"),
    "JPY": ("日元", "JPY "),
    "AUD": ("澳元", "A$"),
    "CAD": ("加元", "C$"),
    "GBP": ("英镑", "£"),
    "KRW": ("韩元", "KRW "),
    "TWD": ("新台币", "TWD "),
    "MYR": ("林吉特", "MYR "),
}
_PER = {"kg": ("公斤", "kg"), "t": ("吨", "tonne"), "share": ("股", "share"), "lb": ("磅", "lb"), "g": ("克", "g")}

_COMPARED: dict[str, tuple[str, str]] = {
    "~": ("约", "about "),
    "<": ("不足", "less than "),
    ">": ("超过", "more than "),
    "≤": ("至多", "at most "),
    "≥": ("至少", "at least "),
}
_NEAR = re.compile(r"近|将近|接近|nearly|almost|close to", re.IGNORECASE)

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_SHORT = [name[:3] for name in _MONTHS]
_ORDINAL = (("一", "first"), ("二", "second"), ("三", "third"), ("四", "fourth"))


def figure(claim: Claim, lang: Tongue, value: float | None = None) -> str | None:
    """What a claim states, with unit and comparator; None where the figure or the unit has no wording.

    Args:
        claim: the claim.
        lang: ``zh`` or ``en``.
        value: said in the place of the claim's own value (its size without the sign).
    """
    stated = claim.value if value is None else value
    if stated is None and claim.low is not None and claim.high is not None:
        joined = ranged(claim.low, claim.high, claim.unit, lang)
    elif stated is None:
        return None
    else:
        joined = amount(stated, claim.unit, lang)
    if joined is None:
        return None
    if claim.comparator == "=":
        return joined
    if claim.comparator == "<" and _NEAR.search(claim.quote):
        return ("近" if lang == "zh" else "nearly ") + joined
    return _COMPARED[claim.comparator][lang == "en"] + joined


def amount(value: float, unit: str, lang: Tongue) -> str | None:
    """One figure with its unit; None where the unit has no wording.

    >>> amount(1.3e9, "USD", "zh"), amount(1.3e9, "USD", "en"), amount(5952, "t", "en")
    ('13亿美元', '$1.3 billion', '5,952 tonnes')
    """
    said = number(value, lang)
    if unit in UNITS:
        word = UNITS[unit][lang == "en"]
        return said + (word[:-1] if lang == "en" and value == 1 and word.endswith("s") and unit != "x" else word)
    money, _, per = unit.partition("/")
    if money not in MONEY or (per and per not in _PER):
        return None
    name = MONEY[money][lang == "en"]
    if lang == "zh":
        return said + name + (f"/{_PER[per][0]}" if per else "")
    return name + said + (f"/{_PER[per][1]}" if per else "")


def ranged(low: float, high: float, unit: str, lang: Tongue) -> str | None:
    """A range with its unit, once where the unit follows the figure."""
    first, last = amount(low, unit, lang), amount(high, unit, lang)
    if first is None or last is None:
        return None
    if lang == "en":
        return f"{number(low, lang)}–{last}" if unit in UNITS else f"between {first} and {last}"
    return f"{number(low, lang)}{'%' if unit == '%' else ''}至{last}"


def number(value: float, lang: Tongue) -> str:
    """A number in the words of the language, exact: large round ones with 万 and 亿, million and billion."""
    exact = Decimal(repr(float(value)))
    steps = ((8, "亿"), (4, "万")) if lang == "zh" else ((12, " trillion"), (9, " billion"), (6, " million"))
    for power, word in steps:
        if abs(exact) >= Decimal(10) ** power:
            scaled = exact / Decimal(10) ** power
            if scaled == scaled.quantize(Decimal("0.001")):
                return _plain(scaled, grouped=lang == "en") + word
    return _plain(exact, grouped=lang == "en" and abs(exact) >= 1000)


def _plain(value: Decimal, *, grouped: bool) -> str:
    text = f"{value:,f}" if grouped else f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def when(period: str, lang: Tongue, *, year: bool = True) -> str | None:
    """A period's label in words; None where it has none.

    Args:
        period: its label.
        lang: ``zh`` or ``en``.
        year: False leaves the year out, as a text does that speaks of its own time; a bare year has then no wording.

    >>> when("2025-12", "zh"), when("2025-12", "en"), when("2025-JanMay", "zh")
    ('2025年12月', 'December 2025', '2025年1至5月')
    """
    if ".." in period:
        first, last = (when(side, lang, year=year) for side in period.split("..", 1))
        if not first or not last or (not year and period[:4] != period.split("..", 1)[1][:4]):
            return None
        return f"{first}至{last}" if lang == "zh" else f"{first} to {last}"
    for pattern, zh, en in _PERIODS:
        match = re.fullmatch(pattern, period)
        if match:
            form = zh if lang == "zh" else en
            short = re.sub(r"\{y\}年|,? ?(?:of )?\{y\}|FY\{y\}|\{y\}财年", "", form)
            return _filled(form, match) if year else (_filled(short, match) or None)
    return None


def _filled(form: str, match: re.Match[str]) -> str | None:
    fields = {name: value for name, value in match.groupdict().items() if value is not None}
    for name, value in list(fields.items()):
        if name in ("m", "n"):
            index = _SHORT.index(value) if value in _SHORT else int(value) - 1
            if not 0 <= index < 12:
                return None
            fields[name], fields[name.upper()] = str(index + 1), _MONTHS[index]
        elif name == "q":
            fields["q"], fields["Q"] = _ORDINAL[int(value) - 1]
        elif name == "h":
            fields["h"], fields["H"] = ("上", "first") if value == "1" else ("下", "second")
        elif name == "d":
            fields["d"] = str(int(value))
    return form.format(**fields)


_PERIODS: tuple[tuple[str, str, str], ...] = (
    (r"(?P<y>\d{4})", "{y}年", "{y}"),
    (r"(?P<y>\d{4})-(?P<m>\d\d)", "{y}年{m}月", "{M} {y}"),
    (r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)", "{y}年{m}月{d}日", "{d} {M} {y}"),
    (r"(?P<y>\d{4})-Q(?P<q>[1-4])", "{y}年第{q}季度", "the {Q} quarter of {y}"),
    (r"(?P<y>\d{4})-H(?P<h>[12])", "{y}年{h}半年", "the {H} half of {y}"),
    (r"(?P<y>\d{4})-(?P<m>[A-Z][a-z]{2})(?P<n>[A-Z][a-z]{2})", "{y}年{m}至{n}月", "{M}–{N} {y}"),
    (r"FY(?P<y>\d{4})", "{y}财年", "FY{y}"),
)
