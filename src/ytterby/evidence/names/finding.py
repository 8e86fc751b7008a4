"""Home to finding names: every pattern at once, then boundaries, case and context, then the longest.

Text is compared folded, with hyphens and line ends as blanks, so that "rare-earth" and "rare earth" are one. Names of
up to three Latin letters are looked for as they are written (US is not us, MP not mp); a longer name needs its capital
where it has one; common nouns take a plural s.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from ahocorasick_rs import AhoCorasick, Implementation

from ytterby.evidence.names.entities import Entity, Named, every, read_rows
from ytterby.evidence.names.shortforms import short_forms
from ytterby.terms.errors import UnknownName
from ytterby.terms.text import fold

_SHORT = 3
_PLURAL = frozenset({"material", "product", "stage", "mine", "plant", "instrument"})
_STRICT = frozenset({"company", "outlet", "analyst", "person", "organisation", "mine", "plant"})
"""Kinds whose names keep every capital: Lynas Rare Earths is a company, Lynas rare earths are its goods."""


@dataclass(frozen=True, slots=True)
class _Pattern:
    """One spelling of one entity, as it is looked for."""

    text: str
    entity: Entity
    latin_start: bool
    latin_end: bool
    capitals: tuple[int, ...]
    """Where it has capitals that the text must have too."""
    exact: bool
    """All capitals: the text's slice must be the same."""
    plural: bool
    plain: bool
    """Nothing beside it matters: a Chinese name that means one thing."""
    context: _Context | None


@dataclass(frozen=True, slots=True)
class _Context:
    """What must, or must not, stand beside a name that also means something else."""

    before: re.Pattern[str] | None
    not_before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    not_after: re.Pattern[str] | None

    def allows(self, text: str, start: int, end: int) -> bool:
        left, right = text[max(0, start - 24) : start], text[end : end + 24]
        return not (
            (self.before and not self.before.search(left))
            or (self.not_before and self.not_before.search(left))
            or (self.after and not self.after.match(right))
            or (self.not_after and self.not_after.match(right))
        )


@dataclass(frozen=True, slots=True)
class _Lexicon:
    wide: AhoCorasick
    """Over the lowered text."""
    wide_count: int
    short: AhoCorasick
    """Over the text as written."""
    patterns: tuple[tuple[_Pattern, ...], ...]
    """Of the wide ones, then of the short ones."""


def find(folded: str) -> list[Named]:
    """Every name in a folded text, in order, longest match first, without overlap.

    Args:
        folded: text as `terms.text.fold` gives it; other text is taken as it is.
    """
    lexicon = _lexicon()
    plain = _blanks(folded)
    lowered = _lower(plain)
    hits = [
        (start, -end, index) for index, start, end in lexicon.wide.find_matches_as_indexes(lowered, overlapping=True)
    ]
    shift = lexicon.wide_count
    hits += [
        (start, -end, index + shift)
        for index, start, end in lexicon.short.find_matches_as_indexes(plain, overlapping=True)
    ]
    # By start, and of those that start together the longest first.
    hits.sort()
    patterns = lexicon.patterns
    found: list[Named] = []
    last = 0
    for start, minus_end, index in hits:
        if start < last:
            continue
        for pattern in patterns[index]:
            end = _fits(pattern, plain, start, -minus_end)
            if end:
                found.append(Named(start, end, pattern.entity))
                last = end
                break
    if not folded.isascii():
        found = short_forms(folded, found, every())
    return found


def entity(name: str, place: str = "") -> Entity:
    """The entity of an id; raises `UnknownName` with the nearest ids."""
    found = every().get(name)
    if found is None:
        raise UnknownName(name, every(), "entity", place)
    return found


def entities(kind: str | None = None) -> list[Entity]:
    """All entities, or those of one kind, in the order of the tables."""
    return [one for one in every().values() if kind is None or one.kind == kind]


def lookup(text: str) -> Entity | None:
    """The entity that bears exactly this name, in any case and script; None where there is none.

    >>> lookup("釹鐵硼磁體").id, lookup("lynas").id, lookup("nobody at all")
    ('ndfeb-magnets', 'lynas', None)
    """
    key = _blanks(fold(" ".join(text.split())))
    by_name = _by_name()
    # A short name as written comes before one that differs in case: KIA is not Kia.
    return by_name.get(key) or by_name.get(_lower(key))


def _fits(pattern: _Pattern, text: str, start: int, end: int) -> int:
    """Where the name ends if the pattern stands there as a name, else 0."""
    if pattern.plain:
        return end
    if pattern.latin_start and start and _joins(text[start - 1]):
        return 0
    for at in pattern.capitals:
        if not text[start + at].isupper():
            return 0
    if pattern.exact and text[start:end] != pattern.text:
        return 0
    if pattern.latin_end and end < len(text) and _joins(text[end]):
        ends = _plural(text, end) if pattern.plural else 0
        if not ends:
            return 0
        end = ends
    if pattern.context is not None and not pattern.context.allows(text, start, end):
        return 0
    return end


def _joins(char: str) -> bool:
    """Whether a character belongs to the same Latin word or figure."""
    return char.isalnum() and char < "\u2e80"


def _plural(text: str, end: int) -> int:
    """Past the s or es that makes a plural, else 0."""
    for more in ("s", "es"):
        after = end + len(more)
        if text.startswith(more, end) and (after >= len(text) or not _joins(text[after])):
            return after
    return 0


def _blanks(text: str) -> str:
    for mark in "-\n\u2010\u2011\u2013\u00a0\u00ad":
        if mark in text:
            text = text.replace(mark, " ")
    return text.replace("\u2019", "'") if "\u2019" in text else text


def _lower(text: str) -> str:
    # The dotted capital I is the one letter whose small form has two characters.
    return text.replace("\u0130", "I").lower()


@cache
def _lexicon() -> _Lexicon:
    contexts = _contexts()
    wide: dict[str, list[_Pattern]] = {}
    short: dict[str, list[_Pattern]] = {}
    for one in every().values():
        for name in _folded(one):
            pattern = _pattern(name, one, contexts.get((name, one.id)))
            table, key = (short, name) if _is_short(name) else (wide, _lower(name))
            table.setdefault(key, []).append(pattern)
    for table in (wide, short):
        for patterns in table.values():
            # Of two that share a name, the one whose context is told is asked first.
            patterns.sort(key=lambda pattern: pattern.context is None)
    return _Lexicon(
        AhoCorasick(list(wide), implementation=Implementation.ContiguousNFA),
        len(wide),
        AhoCorasick(list(short), implementation=Implementation.ContiguousNFA),
        tuple(map(tuple, (*wide.values(), *short.values()))),
    )


@cache
def _by_name() -> dict[str, Entity]:
    # Apart from the lexicon: to look up one name nobody should wait for the patterns of all.
    found: dict[str, Entity] = {}
    for one in every().values():
        for name in _folded(one):
            found.setdefault(_lower(name), one)
            if _is_short(name):
                found.setdefault(name, one)
    return found


def _folded(one: Entity) -> Iterable[str]:
    return dict.fromkeys(_blanks(fold(name)) for name in one.names)


def _is_short(name: str) -> bool:
    return len(name) <= _SHORT and name.isascii() and not name.isdigit()


def _pattern(name: str, one: Entity, context: _Context | None) -> _Pattern:
    letters = [char for char in name if char.isalpha()]
    return _Pattern(
        text=name,
        entity=one,
        latin_start=_joins(name[0]),
        latin_end=_joins(name[-1]),
        capitals=_capitals(name, every_word=one.kind in _STRICT),
        exact=len(letters) <= 5 and name.isascii() and all(char.isupper() for char in letters),
        plural=one.kind in _PLURAL,
        plain=context is None and not any(map(_joins, (name[0], name[-1]))) and not any(map(str.isupper, name)),
        context=context,
    )


def _capitals(name: str, *, every_word: bool) -> tuple[int, ...]:
    starts = [at for at, char in enumerate(name) if char.isupper() and (not at or not name[at - 1].isalnum())]
    return tuple(starts if every_word or not name[0].isupper() else [0])


def _contexts() -> dict[tuple[str, str], _Context]:
    def made(source: str, ending: str) -> re.Pattern[str] | None:
        return re.compile(f"(?:{source}){ending}") if source else None

    return {
        (_blanks(fold(row["alias"])), row["entity"]): _Context(
            made(row["before"], r"\s*$"),
            made(row["not_before"], "$"),
            made(row["after"], ""),
            made(row["not_after"], ""),
        )
        for row in read_rows("contexts")
    }
