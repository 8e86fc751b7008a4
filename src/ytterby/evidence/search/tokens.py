"""Home to the cut of text into tokens: every Chinese character and pair of characters, every Latin word and pair.

A segmenter would hide what it cuts through (稀土 inside 中稀土地); characters and their pairs hide nothing, and a pair
of tokens finds a phrase without positions. Tokens hold letters and digits only, so that whatever is typed can stand
quoted in a query of the index.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from ytterby.terms.text import fold

HAN = "\u2e80-\u2fff\u3005\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U000323af"
"""Ranges of characters that are tokens by themselves: Han, and the kana and hangul that are written like it."""

_RUN = re.compile(f"(?P<han>[{HAN}]+)|[^\\W_{HAN}]+")
_GAP = re.compile(r"[ \t\r\n]{1,3}|[-.,/'&:+]\n?")
_SAME = {"‘": "'", "’": "'", "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "“": '"', "”": '"'}
"""Marks that are typed one way and printed another."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One Han character or one Latin word or figure, as lowered, at ``text[start:end]``."""

    text: str
    start: int
    end: int
    han: bool


def lowered(text: str) -> str:
    """`text` folded, in small letters, with typographic marks made plain; one character for one character.

    Raised and circled figures become blanks: they are marks, not part of a word.

    >>> lowered("釹鐵硼 NdFeB‑N52²")
    '钕铁硼 ndfeb-n52 '
    """
    return text.lower() if text.isascii() else fold(text).translate(_LOWER)


def tokens(low: str) -> str:
    """The tokens of a lowered text, each once, blanks between.

    >>> tokens("对美f-35")
    '对 美 对美 美f f 35 f_35'
    """
    made: dict[str, None] = {}
    last, after, was_han = "", -1, False
    for match in _RUN.finditer(low):
        run, start, han = match[0], match.start(), match.lastgroup == "han"
        if start == after and last:
            made[last[-1] + run if was_han else last + run[0]] = None
        if han:
            made |= dict.fromkeys(run)
            made |= dict.fromkeys(map(str.__add__, run, run[1:]))
        else:
            made[run] = None
            if last and not was_han and 0 < start - after <= 3 and _GAP.fullmatch(low, after, start):
                made[f"{last}_{run}"] = None
        last, after, was_han = run, match.end(), han
    return " ".join(made)


def wanted(low: str) -> tuple[str, ...]:
    """The tokens a text must have to hold the words `low`: the pairs, and what stands in no pair.

    >>> wanted("第61号"), wanted("镝"), wanted("rare earth")
    (('第61', '61号'), ('镝',), ('rare_earth',))
    """
    cut = units(low)
    pairs = [_pair(one, other, low) for one, other in pairwise(cut)]
    found: list[str] = []
    covered = -1
    for at, unit in enumerate(cut):
        if at <= covered:
            continue
        if at < len(pairs) and pairs[at]:
            found.append(pairs[at])
            covered = at + 1
        else:
            # The last of an odd row is asked for with its neighbour: the pair is rarer than the one.
            found.append(pairs[at - 1] if at and pairs[at - 1] else unit.text)
    return tuple(dict.fromkeys(found))


def units(low: str) -> list[Unit]:
    """The characters and words of a lowered text in order."""
    found: list[Unit] = []
    for match in _RUN.finditer(low):
        if match.lastgroup == "han":
            found += [Unit(char, at, at + 1, True) for at, char in enumerate(match[0], match.start())]
        else:
            found.append(Unit(match[0], match.start(), match.end(), False))
    return found


def mark(kind: str, value: str) -> str:
    """The token that stands for a property of an entry.

    >>> mark("lang", "zh-Hant")
    '_lang_zhhant'
    """
    return f"_{kind}_{re.sub(r'[^a-z0-9]', '', value.lower())}"


def _pair(one: Unit, other: Unit, low: str) -> str:
    if one.end == other.start:
        return one.text + other.text
    if one.han or other.han or other.start - one.end > 3:
        return ""
    return f"{one.text}_{other.text}" if _GAP.fullmatch(low, one.end, other.start) else ""


class _Lower(dict[int, int]):
    """Code point to the code point of its small letter, filled in as characters are met."""

    def __missing__(self, code: int) -> int:
        char = chr(code)
        small = _SAME.get(char, char.lower())
        if unicodedata.category(char) == "No":
            small = " "
        self[code] = ord(small) if len(small) == 1 else code
        return self[code]


_LOWER = _Lower()
