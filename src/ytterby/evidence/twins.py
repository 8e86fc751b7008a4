"""Home to twins: a Chinese and an English text that tell the same facts, found by what both can share: figures,
dates and names.

A figure is worth as much as it is rare, in the texts at hand and by itself: 5,952 t has four digits that hardly meet by
chance, 10 % has one. Names and dates alone make no twins, they only add. Texts are compared only where they share a
figure that few others have, so the work grows with the texts and not with their pairs.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from ytterby.evidence.documents import SPOKEN, Document
from ytterby.evidence.grammar import quantities, times
from ytterby.evidence.names import find
from ytterby.terms.text import fold

LEAST_BITS = 20.0
"""Least worth of the figures shared, in bits: two of three digits, or more of fewer."""
LEAST_FIGURES = 3
"""Least number of figures shared, where one of them is a plain percentage or small count."""
LEAST_SHARE = 0.35
"""Least share of the worth of the poorer text's figures that the other has too."""
FARTHEST = 45
"""Most days between the two, where both are dated."""
WIDEST = 60
"""Texts beyond which a figure is too common to bring two together."""
_NAME = 1.5
_DATE = 1.0
_OTHERS = 50
"""Texts that are always thought beside those at hand, so that two alone can be twins."""
_RUNNER_UP = 0.75
"""What a second twin must score beside a text's best."""

_KILOGRAMS = {"t": 1000.0, "kg": 1.0, "g": 0.001, "lb": 0.45359237, "kt": 1e6, "Mt": 1e9, "oz": 0.028349523}


@dataclass(frozen=True, slots=True)
class Twin:
    """Two texts of the same facts."""

    a: str
    """Id of the Chinese one."""
    b: str
    """Id of the English one."""
    score: float
    """Share of the poorer text's worth that both have, from 0 to 1."""
    shared: tuple[str, ...]
    """What they share, the rarest first: ``mass 5952000``, ``percent 31.4``, ``date 2025-12``, ``name JP``."""


@dataclass(frozen=True, slots=True)
class _Facts:
    id: str
    day: date | None
    figures: frozenset[str]
    others: frozenset[str]
    """Dates and names."""


def twins(documents: Iterable[Document]) -> list[Twin]:
    """Pairs of a Chinese (either script) and an English document that tell the same facts, best first.

    A document may have several twins where they score nearly alike. Documents of other or unknown language, and those
    without figures, have none.
    """
    sides: dict[str, list[_Facts]] = {"zh": [], "en": []}
    for document in documents:
        side = document.lang.partition("-")[0]
        if side in sides:
            sides[side].append(_facts(document, side))
    every = [*sides["zh"], *sides["en"]]
    spread = Counter(key for one in every for key in (*one.figures, *one.others))
    worth = {key: _worth(key, count, len(every)) for key, count in spread.items()}
    return _best(twin for a, b in _candidates(sides["zh"], sides["en"], spread) if (twin := _compared(a, b, worth)))


def _candidates(
    chinese: list[_Facts], english: list[_Facts], spread: Mapping[str, int]
) -> Iterator[tuple[_Facts, _Facts]]:
    by_figure: dict[str, list[_Facts]] = defaultdict(list)
    for one in english:
        for key in sorted(one.figures):
            if spread[key] <= WIDEST:
                by_figure[key].append(one)
    for one in chinese:
        met = {other.id: other for key in sorted(one.figures) for other in by_figure.get(key, ())}
        for other in met.values():
            if one.day is None or other.day is None or abs((one.day - other.day).days) <= FARTHEST:
                yield one, other


def _compared(one: _Facts, other: _Facts, worth: Mapping[str, float]) -> Twin | None:
    figures = one.figures & other.figures
    bits = sum(worth[key] for key in figures)
    own = min(sum(worth[key] for key in side.figures) for side in (one, other))
    telling = sum(1 for key in figures if _bits(key) >= 6.0)
    if bits < LEAST_BITS or bits < LEAST_SHARE * own or (len(figures) < LEAST_FIGURES and telling < 2):
        return None
    also = one.others & other.others
    whole = own + min(sum(worth[key] for key in side.others) for side in (one, other))
    score = (bits + sum(worth[key] for key in also)) / whole if whole else 0.0
    shared = sorted(figures | also, key=lambda key: (-worth[key], key))
    return Twin(one.id, other.id, round(min(1.0, score), 4), tuple(shared))


def _best(found: Iterable[Twin]) -> list[Twin]:
    pairs = sorted(found, key=lambda twin: (-twin.score, twin.a, twin.b))
    top: dict[str, float] = {}
    kept: list[Twin] = []
    for twin in pairs:
        best = max(top.get(twin.a, 0.0), top.get(twin.b, 0.0))
        if twin.score >= _RUNNER_UP * best:
            kept.append(twin)
            for side in (twin.a, twin.b):
                top.setdefault(side, twin.score)
    return kept


def _worth(key: str, count: int, total: int) -> float:
    """Bits by itself, less where many of the texts have it."""
    among = total + _OTHERS
    rarity = math.log(1.0 + among / count) / math.log(1.0 + among)
    return _bits(key) * max(0.1, rarity)


def _bits(key: str) -> float:
    kind, _, value = key.partition(" ")
    if kind == "name":
        return _NAME
    if kind == "date":
        return _DATE * (3.0 if len(value) == 10 else 1.0)
    digits = len(value.replace(".", "").replace("-", "").strip("0"))
    return math.log2(10.0) * max(1, digits)


def _facts(document: Document, lang: str) -> _Facts:
    day = _day(document.date)
    figures: set[str] = set()
    others: set[str] = set()
    for text in _spoken(document):
        folded = fold(text)
        for quantity in quantities(folded, lang):
            figures |= set(_figures(quantity.dimension, quantity.unit, quantity.value, quantity.low, quantity.high))
        for time in times(folded, day, lang):
            if time.period and len(time.period) > 4:
                others.add(f"date {time.period}")
        others |= {
            f"name {named.entity.place or named.entity.id}" for named in find(folded) if _tells(named.entity.kind)
        }
    return _Facts(document.id, day, frozenset(figures), frozenset(others))


def _spoken(document: Document) -> Iterator[str]:
    spoken = [document.words(passage) for passage in document.passages if passage.kind in SPOKEN]
    yield from spoken or [document.text]


def _tells(kind: str) -> bool:
    """Kinds of name that tell one text from another; every text speaks of materials and stages."""
    return kind not in ("material", "stage", "government")


def _figures(dimension: str, unit: str, *values: float | None) -> Iterator[str]:
    if dimension in ("rank", "duration"):
        return
    scale = 1.0
    kind: str = dimension
    head, _, rest = unit.partition("/")
    if head in _KILOGRAMS:
        scale = _KILOGRAMS[head]
        kind = "mass" if dimension in ("mass", "mass_rate") else f"{dimension} per {rest}"
    elif dimension in ("money", "price", "per_share"):
        scale = 1.0 / _KILOGRAMS.get(rest, 1.0)
        kind = f"{dimension}-{head}"
    for value in values:
        if value is not None and value:
            yield f"{kind.replace(' ', '-')} {_rounded(abs(value) * scale)}"


def _rounded(value: float) -> str:
    """Four significant digits without exponent: conversions of one figure meet."""
    return format(float(f"{value:.4g}"), "f").rstrip("0").rstrip(".")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
