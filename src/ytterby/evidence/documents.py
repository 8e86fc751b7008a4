"""Home to the document: what was read, cut into the numbered passages that everything else cites.

A page may carry several articles (a topic page of briefs does): they are its parts, each with its own title and date.
Offsets count characters of `Document.text`, which for a plain text file is the file's own text, unchanged.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Lang = Literal["zh", "zh-Hant", "en", ""]
"""Chinese in simplified or traditional script, English, or not told."""

PassageKind = Literal["head", "title", "heading", "core", "point", "paragraph", "row", "noise"]
"""``head`` is metadata and ``noise`` page furniture: neither is claimed from; ``core`` is a brief's core viewpoint,
``point`` one of its points, ``row`` one row of a table; ``title`` and ``heading`` are shown but not claimed from."""

SPOKEN: tuple[PassageKind, ...] = ("core", "point", "paragraph", "row")
"""The kinds of passage that state things."""


@dataclass(frozen=True)
class Part:
    """One article of a document."""

    number: int
    """From 1."""
    start: int
    end: int
    """Its characters in the document's text."""
    title: str = ""
    publisher: str = ""
    author: str = ""
    date: str = ""
    """Day of publication, ISO (``2025-07`` where only the month is known); empty = not told."""
    approximate: bool = False
    """True where the page itself calls the date approximate."""
    lang: Lang = ""
    url: str = ""


@dataclass(frozen=True)
class Passage:
    """One numbered paragraph: ``text[start:end]`` of its document, without list marks and blanks around it."""

    n: int
    """From 1, through the whole document."""
    start: int
    end: int
    kind: PassageKind = "paragraph"
    part: int = 1
    group: str = ""
    """Heading it stands under."""
    marks: tuple[int, ...] = ()
    """Citation marks ([1][3]) the page itself prints at its end."""


@dataclass(frozen=True)
class Document:
    """A document as read: one version of a work."""

    id: str
    """SHA-256 of the raw bytes, 64 hex digits."""
    text: str
    passages: tuple[Passage, ...] = ()
    parts: tuple[Part, ...] = ()
    path: str = ""
    """Path or address it was read from."""
    url: str = ""
    title: str = ""
    publisher: str = ""
    author: str = ""
    date: str = ""
    lang: Lang = ""
    work: str = ""
    """What its versions share: the address, or the path where there is none."""
    version: int = 1
    media: str = "text/plain"
    """Media type of the raw bytes."""

    def passage_at(self, offset: int) -> Passage | None:
        """The passage that holds the character at `offset`."""
        at = bisect_right(self._starts, offset) - 1
        if at < 0 or offset >= self.passages[at].end:
            return None
        return self.passages[at]

    def passage(self, n: int) -> Passage | None:
        """Passage number `n`."""
        return self.passages[n - 1] if 1 <= n <= len(self.passages) else None

    def words(self, passage: Passage) -> str:
        """The words of a passage."""
        return self.text[passage.start : passage.end]

    def part(self, passage: Passage) -> Part:
        """The article a passage belongs to."""
        if 1 <= passage.part <= len(self.parts):
            return self.parts[passage.part - 1]
        return Part(
            1, 0, len(self.text), self.title, self.publisher, self.author, self.date, False, self.lang, self.url
        )

    @cached_property
    def _starts(self) -> list[int]:
        return [passage.start for passage in self.passages]
