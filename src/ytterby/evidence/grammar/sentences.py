"""Home to sentences and clauses of Chinese and English text.

Text is expected folded (`ytterby.terms.text.fold`), so full-width marks stand in their narrow form: a semicolon or a
question mark after a Chinese character closes a Chinese sentence, an English semicolon parts clauses only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` (not included) of a text."""

    start: int
    end: int

    def __contains__(self, offset: int) -> bool:
        return self.start <= offset < self.end


_CLOSERS = "\"'\u201d\u2019\u300d\u300f\u300b)]\u3011"
_OPENERS = "\"'\u201c\u2018\u300c\u300e\u300a([\u3010"
_END = re.compile(r"[\u3002!?;\n\u2026.\uff61]")
_MARKS = re.compile(r"(?:\s?\[\d{1,3}(?:[,-]\s?\d{1,3})*\])+")
_BLANK = re.compile(r"\s*")

_NEVER = (
    "mr mrs ms dr prof sen rep gov gen col lt capt sgt adm st no nos vs fig figs art arts sec eq approx est dept univ"
    " messrs hon pres supt rev al ref refs vol vols pp ed eds cf e.g i.e viz ca ph.d m.sc pty"
)
_NEVER_ENDS = frozenset(_NEVER.split())
_SOMETIMES = (
    "inc corp co ltd llc plc s.a n.v etc jr sr a.m p.m u.s u.k u.n e.u d.c u.s.a bhd jan feb mar apr jun jul aug sep"
    " sept oct nov dec"
)
_MAY_END = frozenset(_SOMETIMES.split())
_FIRST = (
    "the a an it its in on at by but and he she they we this that these those there however meanwhile if as for from"
    " since after before under while when although both according some many most analysts officials"
)
_STARTERS = frozenset(_FIRST.split())
_WORD_BEFORE = re.compile(r"[A-Za-z][A-Za-z.]{0,10}\Z")
_WORD_AFTER = re.compile(r"[\"'\u201c\u2018(]*([A-Za-z]+)")


def sentences(text: str, start: int = 0) -> list[Span]:
    """The sentences of a folded text in order, without the blanks around them; `start` is added to every offset.

    >>> [(s.start, s.end) for s in sentences("Output fell 3.2% in the U.S. in May. It rose in June.")]
    [(0, 36), (37, 53)]
    """
    found: list[Span] = []
    begin = 0
    size = len(text)
    for match in _END.finditer(text):
        at = match.start()
        if at < begin or not _ends(text, at, begin):
            continue
        end = _closed(text, at + 1)
        _add(found, text, begin, end, start)
        begin = end
    _add(found, text, begin, size, start)
    return found


def clauses(text: str, sentence: Span) -> list[Span]:
    """The clauses of one sentence: parted by commas, enumeration commas and semicolons that stand outside numbers."""
    found: list[Span] = []
    begin = sentence.start
    for match in _COMMA.finditer(text, sentence.start, sentence.end):
        _add(found, text, begin, match.start(), 0)
        begin = match.end()
    _add(found, text, begin, sentence.end, 0)
    return found


_COMMA = re.compile(r",(?!\d{3}(?!\d))|(?<!\d),|[\u3001;\uff64]")


def _add(found: list[Span], text: str, begin: int, end: int, shift: int) -> None:
    begin = _BLANK.match(text, begin, end).end()  # type: ignore[union-attr]
    while end > begin and text[end - 1].isspace():
        end -= 1
    if end > begin:
        found.append(Span(begin + shift, end + shift))


def _ends(text: str, at: int, begin: int) -> bool:
    char = text[at]
    if char == ".":
        return _full_stop(text, at, begin)
    if char == ";":
        return at > 0 and text[at - 1] > "\u2e80"
    if char == "\n":
        return _line_ends(text, at, begin)
    if char == "\u2026":
        # An ellipsis ends a sentence only where a line or a quotation ends with it.
        return at + 1 < len(text) and text[at + 1] in _CLOSERS
    if char in "!?" and at > 0 and text[at - 1] <= "\u2e80":
        return at + 1 >= len(text) or text[at + 1].isspace() or text[at + 1] in _CLOSERS or text[at + 1] > "\u2e80"
    return True


def _full_stop(text: str, at: int, begin: int) -> bool:
    size = len(text)
    after = at + 1
    if after < size:
        follows = text[after]
        if (follows.isalnum() and follows.isascii()) or follows in ".,;:-/%":
            return False
        if not follows.isspace() and follows not in _CLOSERS and follows != "[" and follows < "\u2e80":
            return follows in _OPENERS
    rest = _BLANK.match(text, _closed(text, after)).end()  # type: ignore[union-attr]
    if rest >= size:
        return True
    if text[rest].islower():
        return False
    before = _WORD_BEFORE.search(text, max(begin, at - 12), at)
    if before is None:
        return True
    word = before[0].lower()
    if word in _NEVER_ENDS:
        # "No." before a figure is a number of something; before a word it is an answer.
        return word in ("no", "nos", "art", "sec") and not (text[rest].isdigit() or word != "no")
    if word in _MAY_END or (len(word) == 1 and word != "i") or (word.count(".") and len(word) <= 5):
        following = _WORD_AFTER.match(text, rest)
        if "\n" in text[after:rest]:
            return True
        return following is not None and following[1].lower() in _STARTERS
    return True


def _line_ends(text: str, at: int, begin: int) -> bool:
    rest = at + 1
    while rest < len(text) and text[rest] in " \t\r\u3000":
        rest += 1
    if rest >= len(text) or text[rest] == "\n":
        return True
    # A long line followed by a small letter is one sentence that was wrapped.
    return not (text[rest].islower() and at - begin > 40)


def _closed(text: str, end: int) -> int:
    """`end`, moved behind the closing marks and citation marks that belong to the sentence."""
    size = len(text)
    while end < size and (text[end] in _CLOSERS or text[end] in "!?\u3002"):
        end += 1
    marks = _MARKS.match(text, end)
    return marks.end() if marks else end
