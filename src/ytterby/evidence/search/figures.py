"""Home to the figures of a query in other spellings: 4月4日 is April 4, 85亿 is 8.5 billion, 七类 are seven."""

from __future__ import annotations

import calendar
import re

from ytterby.evidence.grammar import quantities

_MONTHS = [month.lower() for month in calendar.month_name[1:]]
_ZH = dict(zip("一二两三四五六七八九十", (1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10), strict=True))
_NUMBERS = "one two three four five six seven eight nine ten eleven twelve"
_EN = dict(enumerate(_NUMBERS.split(), 1))
DAY = re.compile(r"(\d{1,2})月(\d{1,2})日?")
"""A day of the year in Chinese."""
WRITTEN = re.compile(rf"{DAY.pattern}|\d[\d.,]*[百千万亿]+(?:吨|公吨|美元|元|公斤|台|辆)?")
"""A day, or a figure with its Chinese magnitude."""
_SMALL = re.compile(r"([一二两三四五六七八九十])[^一二两三四五六七八九十百千万亿]")


def figure_forms(text: str) -> list[str]:
    """Other spellings of the figure of a few Chinese characters, lowered; none where there is no figure.

    >>> figure_forms("4月4日")[:2], figure_forms("85亿")[:1]
    (['april 4', '4 april'], ['8.5 billion'])
    """
    day = DAY.fullmatch(text)
    if day and 1 <= int(day[1]) <= 12:
        month = _MONTHS[int(day[1]) - 1]
        return [f"{month} {int(day[2])}", f"{int(day[2])} {month}", f"{month[:3]} {int(day[2])}"]
    found = quantities(text, "zh")
    value = found[0].value if len(found) == 1 else None
    if value is None:
        small = _SMALL.match(text)
        value = float(_ZH[small[1]]) if small else None
    return list(dict.fromkeys([*(_spelled(value) if value else ()), *re.findall(r"\d[\d.,]*\d|\d", text)]))


def _spelled(value: float) -> list[str]:
    forms: list[str] = []
    for size, words in ((1e9, ("billion", "bn")), (1e6, ("million", "m"))):
        if value >= size:
            forms += [f"{value / size:g} {words[0]}", f"{value / size:g}{words[1]}"]
            break
    if value == int(value) and value < 1e9:
        forms += [f"{int(value):,}", *([_EN[int(value)]] if int(value) in _EN else [])]
    elif value != int(value):
        forms.append(f"{value:g}")
    return forms
