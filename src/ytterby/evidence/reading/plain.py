"""Home to plain text: the file's own text, unchanged, line by line."""

from __future__ import annotations

from ytterby.evidence.reading import encoding
from ytterby.evidence.reading.contract import Sheet, lines_of


def read(content: bytes, *, place: str, url: str, charset: str) -> Sheet:
    """The sheet of a plain text; its text is exactly what the bytes say, a byte order mark left out."""
    text, _ = encoding.decode(content, declared=charset, place=place)
    return Sheet(text, lines_of(text))
