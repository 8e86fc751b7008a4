"""Home to units: what a unit measures, how to convert it, and the one unit each dimension is kept in.

A unit is one or two sides, ``amount`` or ``amount/per``; each side is a magnitude (``k``, million, 万), an atom
(``t``, ``USD``, ``day``) and the words of its basis (``REO``, ``NdPr oxide``). ``t REO`` and ``t`` are both masses, but
tonnes of different things: conversion keeps the basis and refuses to change it. Currencies do not convert into each
other, nor working days into days; both need a date.

Factors: tonne, pound (0.45359237 kg) and ounce by definition; a year is 365.25 days and a month a twelfth of it;
斤 is half a kilogram. ``ton`` is read as a metric tonne, ``Mt`` as a million of them, ``mt`` and ``MT`` as one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ytterby.terms.errors import BadValue, UnknownName, shown
from ytterby.terms.text import fold

_POUND = 0.45359237e-3
_YEAR = 365.25

# kind, size in the kind's base unit, spellings (folded; the first one is the name)
_ATOMS: tuple[tuple[str, float, str], ...] = (
    ("mass", 1.0, "t|tonne|tonnes|ton|tons|mt|MT|T|metric ton|metric tons|metric tonne|metric tonnes|吨|公吨"),
    ("mass", 1e3, "kt|kilotonne|kilotonnes|kiloton|kilotons|ktonnes"),
    ("mass", 1e6, "Mt|megatonne|megatonnes"),
    ("mass", 1e-3, "kg|kgs|kilogram|kilograms|kilo|kilos|kilogramme|kilogrammes|千克|公斤"),
    ("mass", 1e-6, "g|gram|grams|gramme|grammes|克"),
    ("mass", 1e-9, "mg|milligram|milligrams|毫克"),
    ("mass", 0.5e-3, "jin|斤|市斤"),
    ("mass", _POUND, "lb|lbs|pound|pounds|磅"),
    ("mass", _POUND / 16, "oz|ounce|ounces|盎司"),
    ("mass", 2000 * _POUND, "short ton|short tons"),
    ("mass", 2240 * _POUND, "long ton|long tons"),
    ("USD", 1.0, "USD|US$|$|dollar|dollars|US dollar|US dollars|U.S. dollars|美元|美金"),
    ("CNY", 1.0, "CNY|RMB|yuan|renminbi|元|人民币|人民币元|块"),
    ("EUR", 1.0, "EUR|€|euro|euros|欧元"),
    ("JPY", 1.0, "JPY|yen|日元"),
    ("AUD", 1.0, "AUD|A$|Australian dollars|澳元"),
    ("CAD", 1.0, "CAD|C$|Canadian dollars|加元"),
    ("GBP", 1.0, "GBP|£|pound sterling|英镑"),
    ("KRW", 1.0, "KRW|won|韩元"),
    ("TWD", 1.0, "TWD|NT$|新台币|台币"),
    ("INR", 1.0, "INR|₹|rupee|rupees|卢比"),
    ("MYR", 1.0, "MYR|RM|ringgit|令吉|林吉特"),
    ("HKD", 1.0, "HKD|HK$|港元|港币"),
    ("SGD", 1.0, "SGD|S$|新加坡元"),
    ("NZD", 1.0, "NZD|NZ$"),
    ("BRL", 1.0, "BRL|R$|reais|雷亚尔"),
    ("RUB", 1.0, "RUB|rouble|roubles|ruble|rubles|卢布"),
    ("VND", 1.0, "VND|dong|越南盾"),
    ("SEK", 1.0, "SEK|krona|kronor|瑞典克朗"),
    ("CHF", 1.0, "CHF|Swiss franc|Swiss francs|瑞士法郎"),
    ("share", 1.0, "share|fraction"),
    ("share", 0.01, "%|percent|per cent|pct|percentage|percentage point|percentage points|pp|百分点|个百分点"),
    ("share", 0.01, "wt%|wt. %|wt %|weight percent|mass%|质量%"),
    ("share", 0.001, "‰|permille"),
    ("share", 1e-6, "ppm"),
    ("time", 1.0, "day|days|d|calendar day|calendar days|天|日|个自然日|自然日"),
    ("time", 7.0, "week|weeks|wk|wks|周|星期|个星期|礼拜"),
    ("time", _YEAR / 12, "month|months|mo|个月|月"),
    ("time", _YEAR / 4, "quarter|quarters|季|季度|个季度"),
    ("time", _YEAR, "y|year|years|yr|yrs|a|annum|年"),
    ("time", 1 / 24, "h|hour|hours|hr|hrs|小时|个小时"),
    ("workday", 1.0, "working day|working days|business day|business days|workday|workdays|工作日|个工作日"),
    ("power", 1.0, "MW|megawatt|megawatts|兆瓦"),
    ("power", 1e-3, "kW|kilowatt|kilowatts|千瓦"),
    ("power", 1e3, "GW|gigawatt|gigawatts|吉瓦"),
    ("energy", 1.0, "MWh|兆瓦时"),
    ("energy", 1e-3, "kWh|千瓦时|度"),
    ("energy", 1e3, "GWh|吉瓦时"),
    ("count", 1.0, "unit|units|piece|pieces|pcs|item|items|台|辆|件|套|架|艘|个|只|部|枚"),
    ("count", 1.0, "car|cars|vehicle|vehicles|robot|robots|aircraft|hull|hulls|turbine|turbines"),
    ("ratio", 1.0, "x|times|倍"),
    ("log", 1.0, "log point|log points"),
)

_MAGNITUDES: dict[str, float] = {
    "thousand": 1e3,
    "million": 1e6,
    "mn": 1e6,
    "billion": 1e9,
    "bn": 1e9,
    "trillion": 1e12,
    "千": 1e3,
    "万": 1e4,
    "百万": 1e6,
    "千万": 1e7,
    "亿": 1e8,
    "十亿": 1e9,
    "百亿": 1e10,
    "千亿": 1e11,
    "万亿": 1e12,
}

# the unit kept for (kind of amount, kind of per)
_KEPT: dict[tuple[str, str], tuple[str, str]] = {
    ("mass", ""): ("t", ""),
    ("mass", "time"): ("t", "y"),
    ("mass", "count"): ("kg", "unit"),
    ("mass", "power"): ("kg", "MW"),
    ("mass", "mass"): ("t", "t"),
}
_BASE = {"mass": "t", "time": "day", "workday": "working day", "power": "MW", "energy": "MWh", "count": "unit"}
_BASE |= {"ratio": "x", "log": "log points"}


@dataclass(frozen=True)
class Unit:
    """A unit taken apart: what it measures (`kinds`), its size in base units, and of what (`basis`, per side)."""

    kinds: tuple[str, str]
    size: float
    basis: tuple[str, str]

    @property
    def kept(self) -> Unit:
        """The unit that this dimension is kept in, with the same basis."""
        amount, per = self._kept_names()
        size = _size(amount) / (_size(per) if per else 1.0)
        return Unit(self.kinds, size, self.basis)

    @property
    def name(self) -> str:
        """Name of the kept unit, e.g. ``t REO/y``."""
        amount, per = self._kept_names()
        head = f"{amount} {self.basis[0]}".strip()
        tail = f"{per} {self.basis[1]}".strip()
        return f"{head}/{tail}" if per else head

    def _kept_names(self) -> tuple[str, str]:
        if self.kinds in _KEPT:
            return _KEPT[self.kinds]
        amount, per = (_BASE.get(kind, kind) for kind in self.kinds)
        if self.kinds[1] == "mass" and self.kinds[0].isupper():
            per = "kg"
        return amount, {"day": "y"}.get(per, per)


def convert(value: float, unit: str, to: str, place: str = "") -> float:
    """`value` of `unit` in the unit `to`; raises `BadValue` where they measure different things.

    >>> convert(2.5, "万吨 REO", "t REO"), convert(110, "USD/kg", "USD/t")
    (25000.0, 110000.0)
    """
    have, want = parse(unit, place), parse(to, place)
    if have.kinds != want.kinds:
        raise BadValue(
            f"cannot convert '{shown(unit)}' to '{shown(to)}': one is {_said(have)}, the other {_said(want)}",
            place=place,
            remedy=_REMEDIES.get(frozenset((have.kinds[0], want.kinds[0])), f"give a unit of {_said(want)}"),
        )
    if have.basis != want.basis:
        raise BadValue(
            f"cannot convert '{shown(unit)}' to '{shown(to)}': they are tonnes or shares of different things",
            place=place,
            remedy="convert the composition first (REO and metal: ytterby.terms.elements.from_reo)",
        )
    return value * (have.size / want.size)


def normalise(value: float, unit: str, place: str = "") -> tuple[float, str]:
    """`value` and `unit` in the one unit its dimension is kept in, basis kept; raises `BadValue` on an unknown unit.

    >>> normalise(2.5, "万吨"), normalise(45, "%"), normalise(10, "kt REO per year")
    ((25000.0, 't'), (0.45, 'share'), (10000.0, 't REO/y'))
    """
    have = parse(unit, place)
    return value * (have.size / have.kept.size), have.name


def parse(unit: str, place: str = "") -> Unit:
    """A unit taken apart; raises `UnknownName` (a `BadValue` for an empty one)."""
    text = _tidy(unit)
    if not text:
        raise BadValue("a unit is missing", place=place, remedy="write one, e.g. t, t REO/y, USD/kg, share, day")
    found = _parse(text)
    if found is None:
        raise UnknownName(unit, list(_BY_NAME), "unit", place)
    return found


_REMEDIES = {
    frozenset(("workday", "time")): "working days need a calendar: ytterby.rules.calendar counts them",
    frozenset(("USD", "CNY")): "currencies need a rate and a date: convert the price before",
}


def _said(unit: Unit) -> str:
    return unit.kinds[0] + (f" per {unit.kinds[1]}" if unit.kinds[1] else "")


def _tidy(unit: str) -> str:
    text = re.sub(r"\s+", " ", fold(unit)).strip()
    text = re.sub(r"(?i)per cent\b", "percent", text)
    text = re.sub(r"(?i)\b(k|m)?(tp[ay])\b", lambda m: f"{(m[1] or '').replace('m', 'M')}t/y", text)
    text = re.sub(r"(?i) ?\b(?:p\.a\.|per annum|a year)$", "/y", text)
    return re.sub(r"(?i)(?:^| )per | ?每 ?| ?/ ?", "/", text)


def _spellings() -> dict[str, tuple[str, float]]:
    exact = {form: (kind, size) for kind, size, forms in _ATOMS for form in forms.split("|")}
    loose: dict[str, tuple[str, float]] = {}
    for form, atom in exact.items():
        loose.setdefault(form.casefold(), atom)
    return loose | exact


_BY_NAME = _spellings()
_WIDEST = max(len(form.split(" ")) for form in _BY_NAME)


def _size(name: str) -> float:
    return _BY_NAME[name][1] if name in _BY_NAME else 1.0


@lru_cache(maxsize=4096)
def _parse(text: str) -> Unit | None:
    head, slash, tail = text.partition("/")
    if slash and not tail:
        return None
    amount = _side(head) if head else ("ratio", 1.0, "")
    per = _side(tail) if slash else ("", 1.0, "")
    if amount is None or per is None:
        return None
    return Unit((amount[0], per[0]), amount[1] / per[1], (amount[2], per[2]))


def _side(text: str) -> tuple[str, float, str] | None:
    """Kind, size and basis of one side of a unit."""
    words = text.split(" ")
    for start in (0, max(len(words) - 1, 0)):
        # A basis may stand before its atom too ("Chinese RE value share"), but only one word long atoms end a unit.
        before, rest = words[:start], words[start:]
        for count in range(min(_WIDEST + 1, len(rest)), 0, -1):
            atom = _atom(" ".join(rest[:count]))
            if atom is not None:
                return atom[0], atom[1], " ".join([*before, *rest[count:]])
    return None


def _atom(text: str) -> tuple[str, float] | None:
    """Kind and size of an atom, with or without a magnitude before it."""
    known = _BY_NAME.get(text) or _BY_NAME.get(text.casefold())
    if known is not None:
        return known
    for word in sorted(_MAGNITUDES, key=len, reverse=True):
        if text.casefold().startswith(word):
            rest = text[len(word) :].strip()
            known = _BY_NAME.get(rest) or _BY_NAME.get(rest.casefold())
            if known is not None and (word.isascii() is False or text[len(word)] == " "):
                return known[0], known[1] * _MAGNITUDES[word]
    return None
