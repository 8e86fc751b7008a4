"""Home to the glossary: what else a word is called, in the other language and in its own.

Its concepts are the field's own words (``data/search/words.csv``), the elements and stages of `terms`, and the names of
`evidence.names`. A concept is a set of forms; a form may belong to several.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from ytterby.evidence.search.tokens import Unit, lowered, units
from ytterby.terms.tables import several

LONGEST = 14
"""Most characters and words that a form has, names of laws aside."""
_CASED = 3
"""Latin forms of up to this many letters that are written in capitals are looked for as written: US is not us."""


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a concept."""

    low: str
    """As lowered."""
    cased: str = ""
    """As written, where the case tells it from a common word."""


@dataclass(frozen=True, slots=True)
class Reach:
    """A stretch of a query that the glossary knows."""

    first: int
    last: int
    """Its units, from `first` up to but not including `last`."""
    others: tuple[Form, ...]
    """What else it is called."""


def reaches(text: str) -> list[Reach]:
    """What the glossary knows of `text`, from the left, the longest first, without overlap."""
    table = _table()
    low = lowered(text)
    cut = units(low)
    found: list[Reach] = []
    at = 0
    while at < len(cut):
        last = min(len(cut), at + LONGEST)
        while last > at:
            key = tuple(unit.text for unit in cut[at:last])
            known = table.get(key)
            if (
                known is not None
                and _in_a_row(cut[at:last])
                and _as_written(known, text[cut[at].start : cut[last - 1].end])
            ):
                break
            last -= 1
        if last > at:
            found.append(Reach(at, last, _others(table[key], key)))
            at = last
        else:
            at += 1
    return found


def also(text: str) -> tuple[Form, ...]:
    """What else exactly this is called; empty where the glossary does not know it.

    >>> "dysprosium" in [form.low for form in also("鏑")]
    True
    """
    known = reaches(text)
    whole = len(known) == 1 and known[0].first == 0 and known[0].last == len(units(lowered(text)))
    return known[0].others if whole else ()


@dataclass(slots=True)
class _Known:
    """The concepts of one form, and how it must be written to be meant."""

    concepts: list[tuple[Form, ...]]
    cased: set[str]


def _in_a_row(cut: Sequence[Unit]) -> bool:
    """No mark stands between Chinese characters."""
    return all(one.end == other.start for one, other in pairwise(cut) if one.han or other.han)


def _as_written(known: _Known, text: str) -> bool:
    return "" in known.cased or text in known.cased


def _others(known: _Known, key: tuple[str, ...]) -> tuple[Form, ...]:
    return tuple(dict.fromkeys(form for concept in known.concepts for form in concept if _key(form.low) != key))


@cache
def _table() -> dict[tuple[str, ...], _Known]:
    table: dict[tuple[str, ...], _Known] = {}
    for concept in _concepts():
        forms = tuple(dict.fromkeys(_form(name) for name in concept))
        for form in forms:
            key = _key(form.low)
            if not key or len(key) > LONGEST:
                continue
            known = table.setdefault(key, _Known([], set()))
            known.concepts.append(forms)
            known.cased.add(form.cased)
    return table


def _concepts() -> Iterator[tuple[str, ...]]:
    from ytterby.evidence.names import entities
    from ytterby.terms.elements import RECORDS
    from ytterby.terms.stages import STAGES

    text = files("ytterby").joinpath("data", "search", "words.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        yield (*several(row["zh"]), *several(row["en"]))
    for element in RECORDS.values():
        yield element.symbol, element.en, element.zh
        zh, en = element.zh, element.en
        yield element.oxide, f"{en} oxide", f"{element.symbol} oxide", f"氧化{zh}", f"{zh}氧化物"
    for stage in STAGES:
        yield stage.zh, stage.en
    for entity in entities():
        yield tuple(_worth(entity.names))


def _worth(names: Iterable[str]) -> Iterator[str]:
    """Names that tell something by themselves: a lone character stands for too much."""
    for name in names:
        if len(name) > 1 or name.isascii():
            yield name


def _form(name: str) -> Form:
    low = lowered(name)
    short = name.isascii() and len(name.replace(".", "")) <= _CASED and name != name.lower()
    return Form(low, name if short else "")


def _key(low: str) -> tuple[str, ...]:
    return tuple(unit.text for unit in units(low))
