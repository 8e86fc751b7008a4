"""Home to English numerals in words: twenty-five, a hundred and ten, two million, dozens, several thousand."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
_ONES += " seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
ONES = {word: float(number) for number, word in enumerate(_ONES.split())}
TENS = {word: 10.0 * number for number, word in enumerate(_TENS.split(), start=2)}
SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12.0}
SCALES |= {"lakh": 1e5, "crore": 1e7}
PLURALS = {"tens": 10.0} | {f"{word}s": size for word, size in SCALES.items() if size < 1e13}
FEW = {"several", "few", "couple"}

WORDS = frozenset((*ONES, *TENS, *SCALES, *PLURALS, *FEW))
_NEXT = re.compile(r"[ -]?([A-Za-z]+)")
_FIRST = re.compile(r"[A-Za-z]+")
_AND_HALF = re.compile(r"[ -]and[ -]a[ -]half(?:[ -](hundred|thousand|million|billion|trillion))?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Spelled:
    """A number in words, ending before `end`."""

    end: int
    value: float
    least: bool
    """True where the words give a least size only: dozens, several thousand."""


def spelled(text: str, at: int) -> Spelled | None:
    """The number in words that begins at `at`; None where the words there are none.

    >>> spelled("twenty-five plants", 0), spelled("several thousand", 0)
    (Spelled(end=11, value=25.0, least=False), Spelled(end=16, value=1000.0, least=True))
    """
    reader = _Reader()
    end = at
    match = _FIRST.match(text, at)
    word_start = at
    while match is not None:
        word = match[match.lastindex or 0].lower()
        if not reader.take(word):
            break
        end = match.end()
        match = _NEXT.match(text, end)
        if match is not None and match[1].lower() == "and" and reader.scaled:
            after = _NEXT.match(text, match.end())
            match = after if after is not None and after[1].lower() in ONES.keys() | TENS.keys() else None
        elif match is not None and match[1].lower() == "of" and (reader.least or reader.vague):
            after = _NEXT.match(text, match.end())
            match = after if after is not None and after[1].lower() in PLURALS else None
    if reader.last == "couple" and text.startswith(" of ", end):
        end += 3
    value = reader.value()
    half = _AND_HALF.match(text, end) if value is not None and not reader.scaled else None
    if half is not None and value is not None:
        end, value = half.end(), (value + 0.5) * SCALES.get((half[1] or "").lower(), 1.0)
    return None if value is None or end == word_start else Spelled(end, value, reader.least)


class _Reader:
    """Takes number words one by one."""

    def __init__(self) -> None:
        self.total = 0.0
        self.section: float | None = None
        self.last = ""
        self.scaled = False
        self.least = False
        self.vague = False

    def take(self, word: str) -> bool:
        """Whether `word` carries the number on."""
        if word in ONES:
            if self.last in ONES or self.vague or self.least or (self.last in TENS and ONES[word] > 9):
                return False
            self.section = (self.section or 0.0) + ONES[word]
        elif word in TENS:
            if self.last in ONES or self.last in TENS or self.vague or self.least:
                return False
            self.section = (self.section or 0.0) + TENS[word]
        elif word in SCALES:
            self._scale(SCALES[word])
            self.least = self.least or self.vague
        elif word in PLURALS:
            if self.last in ONES or self.last in TENS:
                return False
            self._scale(PLURALS[word])
            self.least = True
        elif word in ("several", "few") and self.last in ("", "a"):
            self.vague = True
        elif word == "a" and not self.last:
            pass
        elif word == "couple" and self.last in ("", "a"):
            self.section, self.vague = 2.0, False
        else:
            return False
        self.last = word
        return True

    def value(self) -> float | None:
        """The number taken so far; None where it never came to one."""
        if self.section is None and not self.scaled:
            return None
        return self.total + (self.section or 0.0)

    def _scale(self, size: float) -> None:
        held = self.section if self.section is not None else (1.0 if not self.scaled or self.total == 0 else 0.0)
        if size >= 1000.0:
            # Of "tens of thousands" both words multiply; of "two million" only the second does.
            grown = held if held else self.total
            self.total = (self.total if held and not self.least else 0.0) + grown * size
            self.section = None
        else:
            self.section = held * size
        self.scaled = True
