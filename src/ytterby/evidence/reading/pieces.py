"""Home to the pieces an article is cut into, before they are numbered: their kinds, marks and list signs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ytterby.evidence.documents import PassageKind
from ytterby.evidence.reading.contract import Told

_TAIL = re.compile(r"(?:\s*[\[【]\s*\^?\d{1,3}(?:\s*[,、–-]\s*\^?\d{1,3})*\s*[\]】])+\s*[.。;；]?$")
_MARK = re.compile(r"\d{1,3}")
_LIST = re.compile(r"(?:[-–—•●▪◦‣*+]{1,2}\s+|[•●▪◦‣]|\d{1,2}[.)、]\s+|\d{1,2}、|\(\d{1,2}\)\s*|[①-⑳]\s*)(?=\S)")
_ORDINAL = re.compile(
    r"^[#*\s]*(?:[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十\d]{1,3}(?:章|节|部分)\s*"
    r"|\d{1,2}(?:\.\d{1,2}){0,3}[.、]?\s+|[IVX]{1,5}\.\s)"
)
_LINES = re.compile(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_END = re.compile(r"[.。!！?？;；…:：][\"'”’」』)）]?$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage without its number."""

    start: int
    end: int
    kind: PassageKind
    group: str = ""
    marks: tuple[int, ...] = ()


@dataclass(slots=True)
class Article:
    """One article of a page while it is put together."""

    start: int
    told: Told = field(default_factory=Told)
    pieces: list[Piece] = field(default_factory=list)


def stated(folded: str, start: int, end: int, kind: PassageKind, group: str = "") -> Piece | None:
    """The piece between two offsets without list signs, marks and blanks; None where nothing is left."""
    opening = _LIST.match(folded, start, end)
    if opening:
        start = opening.end()
    marks: tuple[int, ...] = ()
    if end - start > 3 and folded[max(start, end - 3) : end].rstrip(" .。;；")[-1:] in ("]", "】"):
        tail = _TAIL.search(folded, max(start, end - 120), end)
        if tail:
            marks = tuple(dict.fromkeys(int(one) for one in _MARK.findall(tail[0])))
            end = tail.start()
    while start < end and folded[start].isspace():
        start += 1
    while end > start and folded[end - 1].isspace():
        end -= 1
    return Piece(start, end, kind, group, marks) if end > start else None


def unnumbered(heading: str) -> str:
    """A heading without its number and signs.

    >>> unnumbered("一、主要目的地"), unnumbered("2.1 Supply:")
    ('主要目的地', 'Supply')
    """
    return _ORDINAL.sub("", heading).strip("#* \t:：") or heading


def listed(folded: str, start: int, end: int) -> bool:
    """Whether a list sign opens the line."""
    return _LIST.match(folded, start, end) is not None


def ended(folded: str, start: int, end: int) -> bool:
    """Whether the words end as a sentence does, a citation mark after it or not."""
    return folded[end - 1] in "]】" or _END.search(folded, max(start, end - 3), end) is not None


def lines_between(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Lines of a stretch of text that hold more than blanks, without the blanks around them."""
    for match in _LINES.finditer(text, start, end):
        words = match[0].strip()
        if words:
            at = match.start() + match[0].index(words)
            yield at, at + len(words)


def han(folded: str, start: int, end: int) -> int:
    """How many Han characters stand between two offsets."""
    return sum("\u3400" <= char <= "\u9fff" for char in folded[start:end])


def short(folded: str, start: int, end: int, latin: int, chinese: int) -> bool:
    """Whether a line is at most `latin` characters long, or `chinese` where it is Chinese."""
    size = end - start
    if size > latin:
        return False
    return size <= chinese or han(folded, start, end) <= chinese
