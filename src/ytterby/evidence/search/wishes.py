"""Home to the wish: a query cut into groups of needles, each a thing that is asked for with all its names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ytterby.evidence.search.figures import WRITTEN, figure_forms
from ytterby.evidence.search.glossary import Form, Reach, also, reaches
from ytterby.evidence.search.needles import EXACT, FIGURE, OTHER, STEM, VARIANT, Group, Needle, form, needle
from ytterby.evidence.search.query import Query, Term
from ytterby.evidence.search.tokens import Unit, lowered, units

MOST_GROUPS = 16
"""Groups a wish keeps; what a longer query asks beyond them only counts as part of its exact words."""
_FRAGMENT = 0.4
_PART = 0.3
_LONGEST_RUN = 4
"""Unknown Chinese characters in a row that are taken for one word; longer rows are cut into pairs."""

_STOP_WORDS = (
    "a an the of in on to for from by with at as is are was were be been has have had do does did how what which who "
    "when where why much many and or that this these those it its their there than into over under about after before "
    "will would could can may might not no any all some more most per s i me my we our you your they them he she tell "
    "give show find get long take takes need needs"
)
_STOP = frozenset(_STOP_WORDS.split())
_STOP_HAN = frozenset("的了和与及在是有为从到之其将被把这那个等吗呢么何哪些多少什怎样于以对向由而或也都就")


@dataclass(frozen=True)
class Wish:
    """What is looked for."""

    whole: tuple[Needle, ...]
    """The very words of the query: where all of them stand, it is met exactly."""
    groups: tuple[Group, ...]
    without: tuple[Needle, ...]


def wish(query: Query) -> Wish:
    """The groups of a query: phrases and starred words each alone, the others cut by the glossary."""
    whole: list[Needle] = []
    groups: list[Group] = []
    for chunk in _chunks(query.terms):
        first = chunk[0]
        text = " ".join(term.text for term in chunk)
        whole.append(needle(text, prefix=first.prefix))
        if first.prefix:
            groups.append(Group([needle(text, prefix=True)]))
        elif first.phrase:
            groups.append(Group([needle(text), *_named(also(text))]))
        else:
            groups += _cut(text)
    kept = list(_distinct(groups))
    speaking = [group for group in kept if not _silent(group)] or kept
    return Wish(tuple(whole), tuple(speaking[:MOST_GROUPS]), tuple(needle(term.text) for term in query.without))


def _chunks(terms: Sequence[Term]) -> Iterator[list[Term]]:
    """Latin words in a row belong together; a phrase, a starred word and a Chinese run stand alone."""
    row: list[Term] = []
    for term in terms:
        alone = term.phrase or term.prefix or any(unit.han for unit in units(lowered(term.text)))
        if alone and row:
            yield row
            row = []
        if alone:
            yield [term]
        else:
            row.append(term)
    if row:
        yield row


def _cut(text: str) -> list[Group]:
    low = lowered(text)
    cut = units(low)
    known = {reach.first: reach for reach in reaches(text)}
    groups: list[Group] = []
    at = 0
    while at < len(cut):
        written = WRITTEN.match(low, cut[at].start)
        if written:
            groups.append(_figure(written[0]))
            at = next((n for n, unit in enumerate(cut) if unit.start >= written.end()), len(cut))
            continue
        reach = known.get(at)
        if reach is not None:
            groups += _known(text, cut, reach)
            at = reach.last
            continue
        last = at + 1
        while last < len(cut) and last not in known and _tied(cut[last - 1], cut[last], low):
            last += 1
        groups += _unknown(low, cut[at:last])
        at = last
    return groups


def _tied(one: Unit, other: Unit, low: str) -> bool:
    """Characters side by side, or figures and words that a mark ties (0.1, F-35, 1C902.a)."""
    if one.end == other.start:
        return True
    return not one.han and not other.han and low[one.end : other.start] in {".", ",", "-", "/", "'"}


def _known(text: str, cut: Sequence[Unit], reach: Reach) -> list[Group]:
    typed = text[cut[reach.first].start : cut[reach.last - 1].end]
    forms = [needle(typed), *_variants(typed), *_named(reach.others)]
    return [Group(list(dict.fromkeys(forms))), *_parts(typed)]


def _parts(typed: str) -> Iterator[Group]:
    """The parts of a compound name that mean something by themselves: 稀土 and 磁体, Suzuki and Swift."""
    cut = units(lowered(typed))
    at = 0
    while at < len(cut) and len(cut) > 1:
        for last in range(min(len(cut), at + len(cut) - 1), at, -1):
            part = typed[cut[at].start : cut[last - 1].end]
            others = also(part)
            if others or (last == at + 1 and not cut[at].han and len(part) > 2 and cut[at].text not in _STOP):
                yield Group([needle(part), *_variants(part), *_named(others)], _PART, needed=False)
                break
        at = max(at + 1, last)


def _unknown(low: str, cut: Sequence[Unit]) -> list[Group]:
    text = low[cut[0].start : cut[-1].end]
    if not cut[0].han and len(cut) == 1:
        return [Group([needle(text), *_variants(text), *_stem(text)])]
    run = [unit for unit in cut if unit.text not in _STOP_HAN]
    if not run:
        return [Group([needle(text)])]
    if len(cut) <= _LONGEST_RUN or not all(unit.han for unit in cut):
        return [_figure(text)]
    pairs = [one.text + other.text for one, other in pairwise(cut)]
    return [Group([needle(pair)], _FRAGMENT) for pair in dict.fromkeys(pairs)]


def _figure(text: str) -> Group:
    return Group([needle(text), *(form(written, FIGURE) for written in figure_forms(text))])


def _named(forms: Sequence[Form]) -> list[Needle]:
    return [form(other.low, OTHER, other.cased) for other in forms]


def _variants(text: str) -> list[Needle]:
    """Singular and plural of a Latin word or of the last word of a name."""
    low = lowered(text)
    if not re.search(r"[a-z]{3,}\Z", low) or low.endswith(("ed", "ing")):
        return []
    if low.endswith("ies"):
        return [form(low[:-3] + "y", VARIANT)]
    if low.endswith("s") and not low.endswith("ss"):
        return [form(low[:-1], VARIANT)]
    if low.endswith("y") and low[-2] not in "aeiou":
        return [form(low[:-1] + "ies", VARIANT)]
    return [form(low + ("es" if low.endswith(("s", "x", "ch", "sh")) else "s"), VARIANT)]


def _stem(low: str) -> list[Needle]:
    """The beginning that words of one family share, where it is long enough to mean something."""
    if not re.fullmatch(r"[a-z]{5,}", low):
        return []
    stem = re.sub(r"(?:ations?|ions?|ments?|ings?|ers?|ed|es|s|e)\Z", "", low)
    return [form(stem, STEM, prefix=True)] if len(stem) >= 5 else []


def _silent(group: Group) -> bool:
    """A group of a word that says nothing by itself."""
    low = group.exact.low
    return group.exact.weight == EXACT and (low in _STOP or all(char in _STOP_HAN for char in low))


def _distinct(groups: Sequence[Group]) -> Iterator[Group]:
    seen: set[str] = set()
    for group in groups:
        if group.exact.low not in seen:
            seen.add(group.exact.low)
            yield group
