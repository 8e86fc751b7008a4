"""Home to counting: the noun that an English figure counts, or the head of the phrase it begins."""

from __future__ import annotations

import re

from ytterby.evidence.grammar.shapes import listed

_WORD = re.compile(r"[ -][\"\u201c']?([A-Za-z][A-Za-z.'\u2019/]*(?:-[A-Za-z0-9]+)*)[\"\u201d']?")
_STOP = frozenset(
    listed(
        "of in on at to by for from with and or than as is are was were be been has have had will would could can may"
        " might that which who whose when while where after before since until during under over about per a an the"
        " its his her their our this these those but not it he she they we also compared down up more less against"
        " into through within between among versus vs last next year-on-year month-on-month earlier ago annually"
        " respectively according said says said, because if so yet then there here due via amid"
    )
)
_SINGULAR_S = frozenset(
    listed("gas less less loss process business us its his this series basis emphasis crisis is was as has")
)
_PLURAL = frozenset(
    listed("people men women children aircraft countries companies feet vessels species sheep personnel staff")
)
_VERBS = frozenset(
    listed("rises falls makes says shows means plans seeks needs uses takes runs hits tops accounts remains stands")
)


def counted(text: str, end: int, *, loose: bool = False) -> tuple[int, str, bool]:
    """End, noun and whether it is counted, of the words after a figure at `end`; (`end`, "", False) without any.

    A `loose` figure (dozens, thousands) may stand before "of".

    >>> counted("two new separation plants in Texas", 3)
    (25, 'plants', True)
    """
    at, first = end, ""
    if loose and text.startswith(" of ", end):
        at = end + 3
    for step in range(5):
        match = _WORD.match(text, at)
        if match is None:
            break
        word = match[1].rstrip(".")
        low = word.lower()
        if low in _STOP or (low in _VERBS and step == 0):
            break
        if step == 0 and text[end] == "-" and len(low) > 3 and word.islower() and "-" not in word:
            return match.end(1), word, True
        at = match.end()
        first = first or word
        if _is_plural(low) or (word[:-1].isupper() and word[-1] == "s" and len(word) > 2):
            return match.start(1) + len(word), word, True
        if word != match[1] and not word.isupper() and "." not in word:
            break
    return end, first, False


def _is_plural(word: str) -> bool:
    if word in _PLURAL:
        return True
    return (
        len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "'s")) and word not in _SINGULAR_S
    )
