"""Home to the needle: words as they are looked for, first by tokens in the index, then letter by letter in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from ytterby.evidence.search.tokens import HAN, lowered, units, wanted

EXACT = 1.0
VARIANT = 0.9
"""Weight of the singular of a plural, and the other way."""
OTHER = 0.85
"""Weight of another name, in the same or the other language."""
STEM = 0.55
"""Weight of a word of the same stem."""
FIGURE = 0.7
"""Weight of a figure without its unit, or written another way."""

_LATIN = f"[^\\W_{HAN}]"
_LETTER = re.compile(_LATIN)


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
        """What the index is asked, each quoted; tokens hold letters, figures and underscores only."""
        if not self.prefix:
            return tuple(f'"{token}"' for token in wanted(self.low))
        last = units(self.low)[-1]
        return (*(f'"{token}"' for token in wanted(self.low[: last.start])), f'"{last.text}" *')

    @property
    def expression(self) -> str:
        """All its tokens."""
        return " AND ".join(self.tokens)

    @cached_property
    def certain(self) -> bool:
        """Whether the index alone proves it: one token, no case."""
        return not self.cased and not self.prefix and len(self.tokens) == 1 and self.plain == self.low

    @cached_property
    def plain(self) -> str:
        """As lowered, without blanks around it."""
        return self.low.strip()

    @cached_property
    def rarest(self) -> str:
        """A part that stands in every text that holds the needle, as long as possible."""
        parts = re.split(r"[\s\-]+", self.plain)
        return max(parts, key=len)

    @cached_property
    def _han(self) -> bool:
        return all(unit.han for unit in units(self.low)) and not re.search(r"\s", self.plain)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return _pattern(self.cased or self.plain, prefix=self.prefix)

    @cached_property
    def _latin_start(self) -> bool:
        cut = units(self.low)
        return bool(cut) and not cut[0].han and self.plain.startswith(cut[0].text)

    def count(self, low: str, text: str) -> int:
        """How often it stands in a text, given lowered and as written."""
        if self.rarest not in low:
            return 0
        if self._han:
            return low.count(self.plain)
        return len(self.spans(low, text))

    def spans(self, low: str, text: str) -> list[tuple[int, int]]:
        """Where it stands."""
        if self.rarest not in low:
            return []
        found = [match.span() for match in self._pattern.finditer(text if self.cased else low)]
        # Checked here and not in the pattern, which then begins with letters and is searched for as fast as letters.
        return [span for span in found if not (self._latin_start and span[0] and _is_latin(low[span[0] - 1]))]


@dataclass
class Group:
    """One thing asked for, in all the ways it may be met; the first is how it was asked."""

    needles: list[Needle]
    share: float = 1.0
    """How much of a full word it is: parts of a name and fragments of an unknown run of characters count less."""
    needed: bool = True
    """Whether it must be there for all that is asked to be there."""
    idf: float = field(default=1.0, compare=False)
    typed: bool = field(default=True, compare=False)
    """Whether it may stand anywhere as typed."""
    there: bool = field(default=True, compare=False)
    """Whether it may stand anywhere in any way."""

    @property
    def exact(self) -> Needle:
        """How it was asked."""
        return self.needles[0]

    @cached_property
    def expression(self) -> str:
        """One of its needles; a needle whose tokens another one's are part of adds nothing and is left out."""
        sets = {frozenset(needle.tokens): needle.expression for needle in self.needles}
        return any_of(text for tokens, text in sets.items() if not any(other < tokens for other in sets))

    @cached_property
    def _by_weight(self) -> list[tuple[str, Needle]]:
        ordered = sorted(dict.fromkeys(self.needles), key=lambda needle: -needle.weight)
        return [(needle.rarest, needle) for needle in ordered]

    def best(self, low: str, text: str) -> tuple[Needle | None, int]:
        """The best way it is met in a text, and how often; None and 0 where it is not."""
        for rarest, needle in self._by_weight:
            if rarest in low:
                count = needle.count(low, text)
                if count:
                    return needle, count
        return None, 0


def all_of(expressions: Iterable[str]) -> str:
    """An expression that asks for each of them."""
    return " AND ".join(f"({expression})" for expression in expressions if expression)


def any_of(expressions: Iterable[str]) -> str:
    """An expression that asks for one of them."""
    return " OR ".join(f"({expression})" for expression in dict.fromkeys(expressions) if expression)


def needle(text: str, weight: float = EXACT, *, prefix: bool = False) -> Needle:
    """The needle of words as typed."""
    return form(lowered(text).strip(), weight, prefix=prefix)


@lru_cache(maxsize=20_000)
def form(low: str, weight: float, cased: str = "", *, prefix: bool = False) -> Needle:
    """The needle of lowered words; names recur from query to query, and so does what was worked out for them."""
    return Needle(low, weight, cased, prefix)


def _pattern(text: str, *, prefix: bool) -> re.Pattern[str]:
    """The text with blanks and hyphens of any kind between its words, and nothing cut off a Latin word."""
    parts = [re.escape(part) for part in re.split(r"[\s\-]+", text) if part]
    joined = r"[\s\-]+".join(parts) or re.escape(text)
    cut = units(text)
    if cut and not cut[-1].han and cut[-1].end == len(text) and not prefix:
        joined = f"{joined}(?!{_LATIN})"
    return re.compile(joined)


def _is_latin(char: str) -> bool:
    return _LETTER.match(char) is not None
