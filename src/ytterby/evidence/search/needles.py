"""Home to the needle: words as they are looked for, first by tokens in the index, then letter by letter in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from ytterby.evidence.search.tokens import HAN, Unit, lowered, units, wanted

EXACT = 1.0
VARIANT = 0.9
"""Weight of the singular of a plural, and the other way."""
OTHER = 0.7
"""Weight of another name, in the same or the other language."""
STEM = 0.55
"""Weight of a word of the same stem."""
HEAD = 0.4
"""Weight of the last part of a name for the whole: magnets for rare-earth magnets."""

_LATIN = f"[^\\W_{HAN}]"


@dataclass(frozen=True)
class Needle:
    """One way to meet what is asked for."""

    low: str
    """As lowered."""
    weight: float = EXACT
    cased: str = ""
    """As written, where case matters."""
    prefix: bool = False
    """Also longer words that begin so."""

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        return wanted(self.low)

    @cached_property
    def expression(self) -> str:
        """What the index is asked: every token. Tokens hold letters, figures and underscores only."""
        if not self.prefix:
            return " AND ".join(f'"{token}"' for token in self.tokens)
        last = units(self.low)[-1]
        before = wanted(self.low[: last.start])
        return " AND ".join([*(f'"{token}"' for token in before), f'"{last.text}" *'])

    @property
    def certain(self) -> bool:
        """Whether the index alone proves it: one token, no case."""
        return not self.cased and not self.prefix and len(self.tokens) == 1 and self.plain == self.low

    @property
    def plain(self) -> str:
        return self.low.strip()

    @cached_property
    def _rarest(self) -> str:
        """A part that stands in every text that holds the needle, as long as possible."""
        parts = re.split(r"[\s\-]+", self.plain)
        return max(parts, key=len)

    @cached_property
    def _han(self) -> bool:
        return all(unit.han for unit in units(self.low)) and not re.search(r"\s", self.plain)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return _pattern(self.cased or self.plain, prefix=self.prefix)

    def count(self, low: str, text: str) -> int:
        """How often it stands in a text, given lowered and as written."""
        if self._rarest not in low:
            return 0
        if self._han:
            return low.count(self.plain)
        return sum(1 for _ in self._pattern.finditer(text if self.cased else low))

    def spans(self, low: str, text: str) -> list[tuple[int, int]]:
        """Where it stands."""
        if self._rarest not in low:
            return []
        return [match.span() for match in self._pattern.finditer(text if self.cased else low)]


@dataclass
class Group:
    """One thing asked for, in all the ways it may be met; the first is how it was asked."""

    needles: list[Needle]
    share: float = 1.0
    """How much of a full word it is: fragments of an unknown run of characters count less."""
    idf: float = field(default=1.0, compare=False)

    @property
    def exact(self) -> Needle:
        return self.needles[0]

    @property
    def expression(self) -> str:
        return any_of(needle.expression for needle in self.needles)

    def weight(self, low: str, text: str) -> tuple[float, int]:
        """Weight and number of the best way it is met; zeros where it is not."""
        best, times = 0.0, 0
        for needle in self.needles:
            if needle.weight > best:
                count = needle.count(low, text)
                if count:
                    best, times = needle.weight, count
        return best, times


def all_of(expressions: Iterable[str]) -> str:
    """An expression that asks for each of them."""
    return " AND ".join(f"({expression})" for expression in expressions if expression)


def any_of(expressions: Iterable[str]) -> str:
    """An expression that asks for one of them."""
    return " OR ".join(f"({expression})" for expression in dict.fromkeys(expressions) if expression)


def needle(text: str, weight: float = EXACT, *, prefix: bool = False) -> Needle:
    """The needle of words as typed."""
    return Needle(lowered(text).strip(), weight, prefix=prefix)


def _pattern(text: str, *, prefix: bool) -> re.Pattern[str]:
    """The text with blanks and hyphens of any kind between its words, and nothing cut off a Latin word."""
    parts = [re.escape(part) for part in re.split(r"[\s\-]+", text) if part]
    joined = r"[\s\-]{1,3}".join(parts) or re.escape(text)
    cut = units(text)
    if cut and _at_edge(cut[0], text, first=True):
        joined = f"(?<!{_LATIN}){joined}"
    if cut and _at_edge(cut[-1], text, first=False) and not prefix:
        joined = f"{joined}(?!{_LATIN})"
    return re.compile(joined)


def _at_edge(unit: Unit, text: str, *, first: bool) -> bool:
    return not unit.han and (unit.start == 0 if first else unit.end == len(text))
