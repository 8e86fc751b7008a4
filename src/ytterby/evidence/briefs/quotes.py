"""Home to quotation marks: what a text sets between them."""

from __future__ import annotations

import re

from ytterby.terms.text import fold

_PAIRS = (
    re.compile(r"「([^「」]+)」"),
    re.compile(r"『([^『』]+)』"),
    re.compile(r"“([^“”]+)”"),
    re.compile(r"(?<!\w)\"([^\"]+)\"(?!\w)"),
)


def quoted(text: str) -> list[str]:
    """The stretches between quotation marks, without the marks."""
    return [match[1] for pattern in _PAIRS for match in pattern.finditer(text)]


def stands_in(quote: str, source: str) -> bool:
    """Whether a quotation is found letter for letter, script and blanks aside."""
    wanted = _plain(quote).strip(" ,.;:!?。，；：！？")
    return wanted in _plain(source)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", fold(text))
