"""Home to what a reader hands over: the text of a page, its lines, and what the page tells of itself.

The family: `plain`, `markdown`, `html` and `pdf` each turn bytes into a `Sheet`; `layout` turns any sheet into the
parts and passages of a document.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Protocol

from ytterby.evidence.documents import Lang, PassageKind

_LINES = re.compile(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Told:
    """What a page, or one article of it, says of itself; empty = not told."""

    title: str = ""
    publisher: str = ""
    author: str = ""
    date: str = ""
    """ISO day, month or year."""
    approximate: bool = False
    lang: Lang = ""
    url: str = ""

    def before(self, other: Told) -> Told:
        """This, with `other` filling what is not told here."""
        dated = self if self.date else other
        return Told(
            self.title or other.title,
            self.publisher or other.publisher,
            self.author or other.author,
            dated.date,
            dated.approximate,
            self.lang or other.lang,
            self.url or other.url,
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sheet without the blanks around it: ``text[start:end]``."""

    start: int
    end: int
    gap: bool = False
    """Whether a blank line stands before it."""
    kind: PassageKind | None = None
    """What the page's own markup says it is; None = the words have to tell."""
    group: str = ""
    """Heading the markup puts it under."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as text."""

    text: str
    lines: tuple[Line, ...]
    told: Told = field(default_factory=Told)
    media: str = "text/plain"
    whole: bool = False
    """Whether each line is a paragraph of its own (markup says so), so that none are joined."""


class Reader(Protocol):
    """A member of the family; raises `InputError` for what it cannot read."""

    def __call__(self, content: bytes, *, place: str, url: str, charset: str) -> Sheet:
        """The sheet of some bytes; `place` names them in errors, `charset` is what their sender declared."""


def lines_of(text: str) -> tuple[Line, ...]:
    """The lines of a text that hold more than blanks."""
    found: list[Line] = []
    before = 0
    for match in _LINES.finditer(text):
        words = match[0].strip()
        if not words:
            continue
        start = match.start() + match[0].index(words)
        between = text[before:start]
        breaks = between.count("\n") or between.count("\r")
        found.append(Line(start, start + len(words), bool(found) and breaks > 1))
        before = start + len(words)
    return tuple(found)
