"""Home to the measure of text: how wide a line is before a browser has seen it, and how it is wrapped, cut and escaped.

Widths are advances of Liberation Sans (metric twin of Arial and Helvetica), in thousandths of an em; a Chinese,
Japanese or
Korean character is one em. Sizes of the text kinds live here too, so that what is drawn and what is measured are one.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# fmt: off
_ASCII = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
    500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
    556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
    278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)
# fmt: on
_OTHERS = {
    "·": 278,
    "×": 584,
    "–": 556,
    "—": 1000,
    "‘": 222,
    "’": 222,
    "“": 333,
    "”": 333,
    "…": 1000,
    "→": 1000,
    "−": 584,
}
_OTHERS |= {
    "\u202f": 278,
    "\u2009": 200,
    "\u00a0": 278,
    "≈": 549,
    "≤": 549,
    "≥": 549,
    "€": 556,
    "•": 350,
    "Æ": 1000,
    "ß": 611,
}

SIZES = {"title": 19.0, "head": 12.5, "basis": 12.5, "label": 11.5, "strong": 11.5, "tick": 11.0, "note": 10.5}
"""Font size of each kind of text, in px of the figure."""

_STRETCH = {"title": 1.13, "head": 1.09, "strong": 1.09}
"""Kinds set in bold or serif are wider than the table; a little reserve stands for the fonts of other machines."""

_BLANKS = re.compile(r"[^\S\u00a0\u2009\u202f]+")
"""Blanks that become one space; the unbreakable and thin ones of numbers stay what they are."""

ASCENT, DESCENT = 0.80, 0.24
"""Height of a line above and below its baseline, em."""


@lru_cache(maxsize=4096)
def _advance(character: str) -> int:
    code = ord(character)
    if 32 <= code < 127:
        return _ASCII[code - 32]
    if character in _OTHERS:
        return _OTHERS[character]
    if unicodedata.combining(character):
        return 0
    if code >= 0x1F000:
        return 1300
    if unicodedata.east_asian_width(character) in "WFA" and code > 0x2000:
        return 1000
    base = unicodedata.normalize("NFKD", character)[0]
    if base != character and 32 < ord(base) < 127:
        return _ASCII[ord(base) - 32]
    return 1000 if code > 0x500 else 800


def clean(text: object) -> str:
    r"""`text` as one line that XML allows: invisible, private and direction-turning characters are taken out.

    >>> clean("a\x00b\n c")
    'ab c'
    """
    return _clean(str(text))


@lru_cache(maxsize=8192)
def _clean(text: str) -> str:
    spaced = _BLANKS.sub(" ", text).strip()
    kept = (
        c for c in spaced if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"} and c not in "\ufffe\uffff"
    )
    return "".join(kept)


def escape(text: object) -> str:
    """`text` safe inside an element or a double-quoted attribute.

    >>> escape('<b a="1">&')
    '&lt;b a=&quot;1&quot;&gt;&amp;'
    """
    plain = clean(text)
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#39;")):
        plain = plain.replace(character, entity)
    return plain


def chinese(text: str) -> bool:
    """Whether there are Chinese characters in a text."""
    return not text.isascii() and any("\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" for char in text)


def measure(text: str, kind: str = "label") -> float:
    """Width of `text` set as `kind`, px; never less than what the usual sans fonts need.

    >>> measure("稀土", "label") == 2 * SIZES["label"] * 1.03
    True
    """
    return sum(map(_advance, text)) / 1000 * SIZES[kind] * _STRETCH.get(kind, 1.03)


def cut(text: str, width: float, kind: str = "label") -> str:
    """`text`, or as much of it as fits in `width` px with an ellipsis behind; empty if not even that fits.

    >>> cut("Mountain Pass", 400.0), cut("Mountain Pass", 50.0), cut("Mountain Pass", 2.0)
    ('Mountain Pass', 'Mount…', '')
    """
    if measure(text, kind) <= width:
        return text
    room = width - measure("…", kind)
    kept = 0
    scale = SIZES[kind] * _STRETCH.get(kind, 1.03) / 1000
    for character in text:
        room -= _advance(character) * scale
        if room < 0:
            break
        kept += 1
    return text[:kept].rstrip() + "…" if kept else ""


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _pieces(text: str) -> list[str]:
    """Smallest parts a line may break between: words with the space before them, single CJK characters."""
    parts: list[str] = []
    word = ""
    for character in text:
        # A closing mark must not begin a line, so it clings to what stands before it.
        closing = character in "，。、；：？！）》」』”％"
        if (character == " " or _is_wide(character)) and not closing:
            if word:
                parts.append(word)
            word = character
        elif word and _is_wide(word[-1]) and not closing:
            parts.append(word)
            word = character
        else:
            word += character
    return [*parts, word] if word else parts


def wrap(text: str, width: float, kind: str = "label", most: int = 99) -> list[str]:
    """`text` in at most `most` lines of at most `width` px; a word wider than a line is cut, so is what does not fit.

    >>> wrap("China separates most NdPr", 80.0, "label")
    ['China', 'separates', 'most NdPr']
    """
    lines: list[str] = []
    line = ""
    for piece in _pieces(clean(text)):
        if not line or measure(line + piece, kind) <= width:
            line = line + piece if line else piece.lstrip()
            continue
        lines.append(line)
        line = piece.lstrip()
    if line:
        lines.append(line)
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])] if most > 0 else []
    return [cut(part, width, kind) for part in lines]
