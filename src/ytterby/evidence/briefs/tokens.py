"""Home to tokens: a text as words, figures and single Chinese characters, each with where it stands.

Two texts that differ in blanks and punctuation only have the same tokens; a sign, a comparator, a currency or a percent
mark is a token, because it changes what a figure says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ytterby.terms.text import fold

_TOKEN = re.compile(
    r"(?<![\w)])[-−+](?=\d)"  # a sign, not a hyphen or the dash of a range
    r"|\d+(?:[.,]\d+)*"
    r"|[A-Za-zÀ-ɏ]+(?:['’][A-Za-z]+)?"
    r"|[<>≤≥~≈±%‰$€£¥°○〇²³]"
    r"|[\u3400-\u9fff\uf900-\ufaff]"
    r"|[^\W\d_]"
    r"|\d"
)
_HAN = re.compile(r"[\u3400-\u9fff]")

_EMPTY = """
a an the of to in on at for by with from as and or but that this these those it its is are was were be been
being has have had will would can could may might into than then also such which who whose their his her they
he she we you i not no so if over under about after before between during more most some other all any each
both s t
"""
STOP_EN = frozenset(_EMPTY.split())
STOP_ZH = frozenset("的了和与在是对为及以从也将把被就等这那其有到于之而或并个")


@dataclass(frozen=True, slots=True)
class Token:
    """One token of a folded text."""

    text: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """Tokens of `text`, folded; offsets are those of the text."""
    return [Token(match[0].replace("’", "'"), match.start(), match.end()) for match in _TOKEN.finditer(fold(text))]


def words(text: str) -> list[str]:
    """The tokens' own texts."""
    return [token.text for token in tokens(text)]


def content(text: str) -> list[str]:
    """What a text is about: its words without the empty ones, stems only roughly; Chinese as pairs of characters."""
    found: list[str] = []
    before: Token | None = None
    for token in tokens(text):
        if _HAN.match(token.text):
            if before is not None and before.end == token.start:
                pair = before.text + token.text
                if not (pair[0] in STOP_ZH or pair[1] in STOP_ZH):
                    found.append(pair)
            before = token
            continue
        before = None
        word = token.text.lower()
        if word in STOP_EN or (len(word) == 1 and not word.isdigit()):
            continue
        found.append(_stem(word))
    return found


def is_chinese(text: str) -> bool:
    """Whether Chinese characters make up more of a text's letters than a tenth."""
    han = len(_HAN.findall(text))
    latin = sum(char.isascii() and char.isalpha() for char in text)
    return han > 0 and han * 4 >= latin


def _stem(word: str) -> str:
    for ending in ("'s", "ies", "ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)] + ("y" if ending == "ies" else "")
    return word
