"""Home to cues: the English words that may begin or carry a time, a number or a wording, found in one pass."""

from __future__ import annotations

import re
from functools import lru_cache

from ytterby.evidence.grammar.numerals_en import WORDS
from ytterby.evidence.grammar.shapes import listed

MONTH_WORDS = listed(
    "january february march april may june july august september october november december"
    " jan feb mar apr jun jul aug sep sept oct nov dec"
)
WEEKDAYS = listed("monday tuesday wednesday thursday friday saturday sunday")
TIME_WORDS = frozenset(
    (
        *MONTH_WORDS, *WEEKDAYS,
        *listed(
            "q h fy fiscal financial year month months quarter first second third fourth final st nd rd th same last"
            " this next previous prior preceding current coming following ago earlier before full entire whole end"
            " today yesterday tomorrow now currently nowadays"
        ),
    )
)  # fmt: skip
NUMBER_WORDS = WORDS
WORDING_WORDS = frozenset(
    listed(
        "double doubles doubled doubling triple triples tripled tripling treble trebled quadruple quadrupled quintupled"
        " quadrupling halve halves halved halving twice twofold threefold fourfold fivefold sixfold sevenfold eightfold"
        " ninefold tenfold elevenfold"
        " twelvefold fifteenfold twentyfold thirtyfold fortyfold fiftyfold sixtyfold"
        " second third fourth fifth sixth seventh eighth ninth tenth nd rd th largest biggest"
        " number"
        " no top only sole half thirds quarter quarters fourths fifths sixths sevenths eighths ninths tenths several"
        " few many one two three four five six seven eight nine year month week day decade century zero"
    )
)
_ALL = TIME_WORDS | NUMBER_WORDS | WORDING_WORDS
_WORD = re.compile(r"[A-Za-z]+")


@lru_cache(maxsize=16)
def cues(text: str) -> tuple[tuple[int, str], ...]:
    """Start and small letters of each cue of a text, in order."""
    low = text.lower()
    if len(low) != len(text):
        low = text
    return tuple([(match.start(), word) for match in _WORD.finditer(low) if (word := match[0]) in _ALL])
