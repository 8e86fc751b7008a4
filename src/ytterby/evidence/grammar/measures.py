"""Home to measures: the unit that follows a figure, with what it is counted per and its basis."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import NamedTuple

from ytterby.evidence.grammar.shapes import Dimension
from ytterby.evidence.grammar.unit_table import CHINESE, CLASSIFIERS, ENGLISH, PER, THINGS, Spelling


class Measure(NamedTuple):
    """A unit read at some place; ``unit`` is empty where none was found."""

    end: int
    unit: str
    factor: float
    dimension: Dimension
    noun: str = ""
    basis: str = ""


def _by_first(words: list[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for word in sorted(set(words), key=len, reverse=True):
        found[word[0]].append(word)
    return {first: tuple(group) for first, group in found.items()}


_COUNT = "count"
_CHINESE = {**{word: Spelling(_COUNT, 1.0, "count") for word in CLASSIFIERS}, **CHINESE}
_CHINESE_BY_FIRST = _by_first(list(_CHINESE))
_PER_CHINESE = _by_first([word for word in (*PER, *THINGS) if not word.isascii()])

_WORDS = "|".join(re.escape(word) for word in sorted(ENGLISH, key=len, reverse=True) if word[0] != "%")
_ENGLISH = re.compile(rf"(?P<gap>[ -]?)(?P<unit>%(?:[ -]points)?|(?i:{_WORDS})(?![A-Za-z0-9]))")
_PER_ENGLISH = re.compile(
    r"\s?/\s?(?:(?:metric|dry)\s)?(?P<slash>[A-Za-z]+|[\u4e00-\u9fff]{1,2})"
    r"|(?:\s|-)(?:per|a|an|each|every|for each|for every)(?:\s|-)"
    r"(?:(?:metric|dry|single|finished)\s)?(?P<per>[A-Za-z]+)"
)
_YEARLY = re.compile(
    r"\s(?:annually|yearly|per annum|p\.a\.|pa\b|a year(?!\s+(?:earlier|ago|before|later|old))"
    r"|per year|each year|every year)|/年|每年|一年(?!内)"
)
_LATER = re.compile(
    r"\sof\s[A-Za-z][A-Za-z \-]{1,50}?\s(?:annually|yearly|per annum|a year|per year|each year"
    r"|(?P<day>a day|per day|daily))\b"
)
_BASIS = re.compile(
    r"\s?\(?(?:of\s|of contained\s|contained\s|in\s)?(?P<basis>T?REO|T?REE)(?![A-Za-z])(?:\s(?:equivalent|eq\.?))?\)?"
    r"|\s?\(?折(?:合|算|成)?(?:为)?(?P<folded>REO|稀土氧化物|氧化物|金属|实物)(?:量|当量|计)?\)?"
    r"|\s?\(?(?P<metal>金属量|实物量|REO当量)\)?"
)
_BASES = {"稀土氧化物": "REO", "氧化物": "REO", "金属": "metal", "金属量": "metal", "实物": "gross", "实物量": "gross"}
_BASES |= {"REO当量": "REO", "TREO": "REO"}
_MORE = re.compile(r"\s(?:the|more|higher|larger|greater|as|its|what|bigger|faster|their|last|that|current|today)\b")
_RATES = {"yr", "d", "month", "week", "quarter", "h"}


def measure(text: str, at: int) -> Measure:
    """The unit that begins at `at`, right after a figure and its magnitude; an empty one where there is none."""
    found = _plain(text, at)
    if found is None:
        return Measure(at, "", 1.0, "other")
    word_end, spelling, word = found
    unit, factor, dimension = spelling
    end, noun, basis = word_end, "", ""
    if dimension in ("mass", "mass_rate"):
        basis, end = _basis(text, end)
    if dimension in ("mass", "money"):
        unit, dimension, end = _per(text, end, unit, dimension)
        if not basis and dimension == "mass_rate":
            basis, end = _basis(text, end)
    elif dimension == "count":
        noun = word
    elif word == "times" and text[at - 2 : at - 1] != "." and not _MORE.match(text, end):
        unit, dimension, noun = _COUNT, "count", "times"
    return Measure(end, unit, factor, dimension, noun, basis)


def combined(amount: str, dimension: Dimension, per: str) -> tuple[str, Dimension]:
    """The unit of an amount counted per something: ``t`` per ``yr``, ``CNY`` per ``kg``, ``USD`` per ``share``."""
    if dimension == "mass":
        return (f"{amount}/{per}", "mass_rate" if per in _RATES else "mass")
    if per == "share":
        return f"{amount}/share", "per_share"
    return f"{amount}/{per}", "money" if per in _RATES else "price"


def per_name(word: str) -> str:
    """What a word behind "per" stands for: ``kg``, ``yr``, ``unit``; empty where it is no such word."""
    name = PER.get(word)
    if name is None:
        low = word.lower()
        name = PER.get(low) or PER.get(low.removesuffix("s"))
    if name is None and (word in THINGS or word.lower() in THINGS):
        name = "unit"
    return name or ""


def _plain(text: str, at: int) -> tuple[int, Spelling, str] | None:
    here = at + 1 if text.startswith(" ", at) else at
    if here >= len(text):
        return None
    if text[here] > "\u2e80" or text[here] in "%℃‰":
        for word in _CHINESE_BY_FIRST.get(text[here], ()):
            if text.startswith(word, here):
                return here + len(word), _CHINESE[word], word
        return None
    match = _ENGLISH.match(text, at)
    if match is None:
        return None
    word = match["unit"]
    spelling = ENGLISH.get(word)
    if spelling is None and len(word) > 1:
        spelling = ENGLISH.get(word.lower())
    if spelling is None or (match["gap"] and word == "x") or (match["gap"] == "-" and len(word) < 2):
        return None
    return match.end(), spelling, word


def _per(text: str, end: int, unit: str, dimension: Dimension) -> tuple[str, Dimension, int]:
    if dimension == "mass":
        yearly = _YEARLY.match(text, end)
        if yearly is not None:
            return f"{unit}/yr", "mass_rate", yearly.end()
    char = text[end : end + 1]
    if char in ("/", "每", "一") and end + 1 < len(text) and text[end + 1] > "\u2e80":
        for word in _PER_CHINESE.get(text[end + 1], ()):
            if text.startswith(word, end + 1) and (char != "一" or PER.get(word) in ("t", "kg")):
                return (*combined(unit, dimension, per_name(word)), end + 1 + len(word))
        return unit, dimension, end
    if char in ("/", " ", "-"):
        match = _PER_ENGLISH.match(text, end)
        if match is not None:
            word = match["slash"] or match["per"]
            name = per_name(word)
            if name and not (match["per"] and len(word) == 1):
                return (*combined(unit, dimension, name), match.end())
        elif dimension == "mass":
            each = _EACH.match(text, end)
            if each is not None:
                return f"{unit}/unit", "mass", each.end()
            if text.startswith(" of ", end):
                later = _LATER.match(text, end)
                if later is not None:
                    return f"{unit}/{'d' if later['day'] else 'yr'}", "mass_rate", end
    return unit, dimension, end


_EACH = re.compile(r"\s(?:each|apiece)\b(?!\s(?:year|month|week|day))")


def _basis(text: str, end: int) -> tuple[str, int]:
    match = _BASIS.match(text, end)
    if match is None:
        return "", end
    word = match["basis"] or match["folded"] or match["metal"]
    closed = match.end()
    if text[closed - 1] == ")" and "(" not in match[0]:
        closed -= 1
    return _BASES.get(word, word), closed
