"""Home to the likeness of two texts: whether one is an edited copy of the other."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

from ytterby.terms.text import fold

EDITED = 0.5
"""Share of the shorter text's shingles that an edited copy keeps; an article with new figures and one more paragraph
keeps about two thirds, two notices on one matter share a fifth."""
_FIGURE = re.compile(r"\d[\d,.]*")
_LENGTH = 6
_MOST = 40_000


def edited(first: str, second: str) -> bool:
    """Whether two texts are versions of one: most of the shorter stands in the longer, and their lengths are near."""
    a, b = _shingles(first), _shingles(second)
    if not a or not b:
        return False
    small, large = sorted((a, b), key=len)
    return len(small) * 3 >= len(large) and len(small & large) >= EDITED * len(small)


def figures_kept(first: str, second: str) -> bool:
    """Whether one of two texts has every figure of the other."""
    a, b = (Counter(_FIGURE.findall(fold(text))) for text in (first, second))
    return not a - b or not b - a


def days_apart(first: str, second: str) -> float:
    """Days between two ISO dates; 0 where one of them is not told or names no day."""
    try:
        return abs((date.fromisoformat(first) - date.fromisoformat(second)).days)
    except ValueError:
        return 0.0


def _shingles(text: str) -> frozenset[str]:
    tight = "".join(fold(text[:_MOST]).split()).lower()
    return (
        frozenset(tight[at : at + _LENGTH] for at in range(max(1, len(tight) - _LENGTH + 1))) if tight else frozenset()
    )
