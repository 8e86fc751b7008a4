"""Home to the words of the findings: days, shares, products and places as a reader says them."""

from __future__ import annotations

import math
from datetime import date
from functools import cache

from ytterby.figures.scales import spell
from ytterby.terms import places
from ytterby.terms.errors import UnknownName
from ytterby.world.inputs import ELSEWHERE

NEVER = "not within the run"

_PLACES = {
    "US": "the United States",
    "EU": "the rest of the EU",
    "ZZ": "the rest of the world",
    "WLD": "the world",
    "GB": "the United Kingdom",
}
_LINES = {
    "car": "car lines",
    "wind": "wind turbine lines",
    "appliance": "air conditioner and lift lines",
    "twowheel": "e-bike and scooter lines",
    "robot.industrial": "industrial robot lines",
    "robot.humanoid": "humanoid robot lines",
    "electronics": "electronics lines",
    "tools": "power tool and pump lines",
    "industry": "other magnet users",
    "industry.smco": "users of samarium-cobalt magnets",
    "defence": "arms lines",
    "use.ndpr": "users of Nd and Pr outside magnets",
    "use.catalyst": "catalyst makers",
    "use.polishing": "polishing and glass works",
    "use.yttrium": "users of yttrium",
}
_LABELS = {
    "car": "cars",
    "wind": "wind turbines",
    "appliance": "air conditioners, lifts",
    "robot.industrial": "industrial robots",
    "electronics": "electronics",
    "tools": "power tools, pumps",
    "industry": "MRI, holding, toys",
    "industry.smco": "SmCo in industry",
    "defence": "arms",
    "use.ndpr": "Nd, Pr in glass",
    "use.catalyst": "catalysts",
    "use.polishing": "polishing",
    "use.yttrium": "yttrium",
}
_ZH = {"car": "汽车", "defence": "国防"}


def place(code: str) -> str:
    """A region in a sentence.

    >>> place("US"), place("KR"), place("EU")
    ('the United States', 'South Korea', 'the rest of the EU')
    """
    if code in _PLACES:
        return _PLACES[code]
    try:
        return places.place(code).en
    except UnknownName:
        return code


def short_place(code: str) -> str:
    """A region in a label."""
    return {"US": "United States", "EU": "other EU", "ZZ": "other countries", "WLD": "World"}.get(code) or place(code)


def region(code: str, language: str) -> str:
    """A region in a label, in either language.

    >>> region("EU", "en"), region("EU", "zh"), region("JP", "zh"), region("AT1", "zh")
    ('other EU', '欧盟其他国家', '日本', 'AT1')
    """
    if language != "zh":
        return short_place(code)
    if code in ELSEWHERE:
        return ELSEWHERE[code][1]
    try:
        return places.place(code).zh
    except UnknownName:
        return code


def lines(name: str) -> str:
    """The makers of a family in a sentence.

    >>> lines("car"), lines("drone.cargo")
    ('car lines', 'drone cargo lines')
    """
    return _LINES.get(name) or f"{name.replace('.', ' ')} lines"


def label(name: str) -> str:
    """A family or product in as few words as a figure has room for."""
    return _LABELS.get(name) or _products().get(name, ("", ""))[0] or name


def count(number: int) -> str:
    """A whole number in a sentence, thousands apart."""
    return spell(float(number), 1.0)


def product(name: str) -> str:
    """A family or product in a label, with its Chinese name where the tables give one."""
    english = {"car": "cars", "defence": "arms"}.get(name) or _products().get(name, ("", ""))[0] or name
    chinese = _ZH.get(name) or _products().get(name, ("", ""))[1]
    return f"{english} {chinese}" if chinese else english


@cache
def _products() -> dict[str, tuple[str, str]]:
    from ytterby.world import baseline

    return {line["id"]: (line["name"], line["name_zh"]) for line in baseline.load()["products"]}


def day(when: date, beside: int | None = None) -> str:
    """A day in a sentence; the year is left out where it is the one spoken of (`beside`).

    >>> day(date(2025, 5, 14)), day(date(2025, 5, 14), 2025)
    ('14 May 2025', '14 May')
    """
    return f"{when.day} {when:%B}" + ("" if when.year == beside else f" {when.year}")


def period(label: str) -> str:
    """A reporting period in a sentence.

    >>> period("2025-05"), period("2025-Q2"), period("2030")
    ('May 2025', 'the second quarter of 2025', '2030')
    """
    year, _, part = label.partition("-")
    if part.startswith("Q"):
        return f"the {('first', 'second', 'third', 'fourth')[int(part[1]) - 1]} quarter of {year}"
    return f"{date(int(year), int(part), 1):%B} {year}" if part else year


def span(low: str, high: str) -> str:
    """The 90 % band in brackets; both ends alike are said once."""
    return f"(90\u00a0%: {low})" if low == high else f"(90\u00a0%: {low} – {high})"


def percent(share: float, language: str = "en") -> str:
    """A share as a percentage with as many digits as mean something, spaced as the language has it.

    >>> percent(0.123).replace(chr(160), " "), percent(0.0004).replace(chr(160), " "), percent(-0.05)[0]
    ('12 %', '<0.1 %', '−')
    >>> percent(0.123, "zh")
    '12%'
    """
    value = share * 100.0
    if not math.isfinite(value):
        return "–"
    sign = "%" if language == "zh" else "\u00a0%"
    if 0.0 < value < 0.1:
        return f"<0.1{sign}"
    if 99.0 < value < 100.0:
        return f">99{sign}"
    text = f"{value:.1f}" if abs(value) < 9.95 and round(value, 1) % 1 else f"{value:.0f}"
    return f"{text.replace('-', '−')}{sign}"


def amount(value: float) -> str:
    """A number in a sentence, or a dash."""
    return spell(value) if math.isfinite(value) else "–"


def known(value: float) -> float | None:
    """A number for a cell; what never happens has none."""
    return float(value) if math.isfinite(value) else None


def several(items: list[str]) -> str:
    """Words joined as a sentence joins them."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""
