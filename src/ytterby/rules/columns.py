"""Home to shipments as columns: what the conditions look at, for one transfer or a hundred thousand.

Text columns are coded: `codes` point into `words`, and code 0 is the unknown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from ytterby.rules.calendar import EPOCH
from ytterby.rules.clauses import Symbol
from ytterby.rules.facts import SUBSTANCES, Facts

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

SYMBOLS: tuple[str, ...] = (*get_args(Symbol), *SUBSTANCES)
"""Columns of `Columns.holds`."""

WORDS = (
    "origin", "technology_origin", "since", "to", "form", "activity", "end_use", "contract", "hs", "control_code",
    "mined", "refined", "melted", "produced", "exporter", "consignee", "end_user",
)  # fmt: skip
"""The columns of words, as facts name them (`since` is the fact `from`)."""


_FACT = {"since": "from", "form": "item.form", "hs": "item.hs", "control_code": "item.control_code"}
_FACT |= {stage: f"stages.{stage}" for stage in ("mined", "refined", "melted", "produced")}


def _dotted(word: str, other: str) -> bool:
    return f"{word}.".startswith(f"{other}.") or f"{other}.".startswith(f"{word}.")


@dataclass(frozen=True)
class Words:
    """A column of words, (shipment,)."""

    codes: Ints
    words: tuple[str, ...]

    @classmethod
    def of(cls, values: Iterable[str]) -> Words:
        """The column of these values; empty text is the unknown."""
        numbers: dict[str, int] = {"": 0}
        codes = [numbers.setdefault(value, len(numbers)) for value in values]
        return cls(np.array(codes, dtype=np.int64), tuple(numbers))

    @property
    def unknown(self) -> Bools:
        """Where nothing is told, (shipment,)."""
        return np.asarray(self.codes == 0, dtype=np.bool_)

    def among(self, wanted: Collection[str]) -> Bools:
        """Where the word is one of `wanted`, (shipment,)."""
        return self._where([bool(word) and word in wanted for word in self.words])

    def starting(self, wanted: Sequence[str]) -> Bools:
        """Where the word starts with one of `wanted` or one of `wanted` with it: codes at different depths."""
        return self._where(
            [bool(word) and any(word.startswith(one) or one.startswith(word) for one in wanted) for word in self.words]
        )

    def under(self, wanted: Sequence[str]) -> Bools:
        """Where a dotted code is one of `wanted`, above one or below one (1C902 and 1C902.a.1 for 1C902.a)."""
        return self._where([bool(word) and any(_dotted(word, one) for one in wanted) for word in self.words])

    def _where(self, hits: list[bool]) -> Bools:
        return np.asarray(np.array(hits, dtype=np.bool_)[self.codes], dtype=np.bool_)

    def same(self, other: Words) -> Bools:
        """Where two columns say the same known word, (shipment,)."""
        number = {word: at for at, word in enumerate(other.words)}
        moved = np.array([number.get(word, -1) if word else -1 for word in self.words], dtype=np.int64)
        return np.asarray(moved[self.codes] == other.codes, dtype=np.bool_)

    def __getitem__(self, row: int) -> str:
        return self.words[int(self.codes[row])]


@dataclass(frozen=True)
class Columns:
    """Shipments side by side; arrays are (shipment,) unless they say otherwise."""

    days: Ints
    """Day of each, days since 1970-01-01."""
    words: Mapping[str, Words]
    holds: Bools
    """(shipment, symbol) what is in it at all; false where unknown."""
    fractions: Floats
    """(shipment, symbol) mass fraction; NaN where not told."""
    composed: Bools
    """Where the content is told."""
    china_value_share: Floats
    """NaN where not told."""
    cots: Ints
    """1 yes, 0 no, -1 not told."""
    helps_abroad: Ints
    """1 yes, 0 no, -1 not told."""
    owners: tuple[Mapping[str, float], ...] = field(default=())
    """Per shipment who holds the end user."""

    def __len__(self) -> int:
        return len(self.days)

    def __getitem__(self, name: str) -> Words:
        return self.words[name]

    def on(self, rows: Ints, days: Ints) -> Columns:
        """Some of the shipments, each as often as it is named, on other days."""
        return replace(
            self,
            days=days,
            words={name: Words(column.codes[rows], column.words) for name, column in self.words.items()},
            holds=self.holds[rows],
            fractions=self.fractions[rows],
            composed=self.composed[rows],
            china_value_share=self.china_value_share[rows],
            cots=self.cots[rows],
            helps_abroad=self.helps_abroad[rows],
            owners=tuple(self.owners[row] for row in rows) if self.owners else (),
        )

    @cached_property
    def untold(self) -> Mapping[str, Bools]:
        """By fact, where nobody told it."""
        told = {_FACT.get(name, name): column.unknown for name, column in self.words.items()}
        told["item.composition"] = ~self.composed
        told["china_value_share"] = np.isnan(self.china_value_share)
        told["cots"] = self.cots < 0
        told["helps_rare_earths_abroad"] = self.helps_abroad < 0
        return told

    @cached_property
    def owned(self) -> tuple[int, ...]:
        """Rows of which it was told who holds the end user."""
        return tuple(row for row, holders in enumerate(self.owners) if holders)

    @cached_property
    def crosses(self) -> Bools:
        """Where a border is crossed for certain."""
        return ~self["since"].same(self["to"]) & ~self["since"].unknown & ~self["to"].unknown


def columns(facts: Sequence[Facts], days: Sequence[date]) -> Columns:
    """The columns of some transfers, each on its day."""
    words = {name: Words.of(_word(one, name) for one in facts) for name in WORDS}
    rows = len(facts)
    holds = np.zeros((rows, len(SYMBOLS)), dtype=np.bool_)
    fractions = np.full((rows, len(SYMBOLS)), np.nan)
    composed = np.zeros(rows, dtype=np.bool_)
    for row, one in enumerate(facts):
        inside = one.elements
        if inside is None:
            continue
        composed[row] = True
        for symbol in inside & _AT.keys():
            holds[row, _AT[symbol]] = True
        if one.item.composition:
            fractions[row] = 0.0
            for symbol, share in one.item.composition.items():
                if symbol in _AT:
                    fractions[row, _AT[symbol]] = share
    shares = [np.nan if one.china_value_share is None else one.china_value_share for one in facts]
    return Columns(
        days=np.array([(day - EPOCH).days for day in days], dtype=np.int64),
        words=words,
        holds=holds,
        fractions=fractions,
        composed=composed,
        china_value_share=np.array(shares, dtype=np.float64),
        cots=_flags(one.cots for one in facts),
        helps_abroad=_flags(one.helps_rare_earths_abroad for one in facts),
        owners=tuple(one.owners for one in facts),
    )


_AT = {symbol: at for at, symbol in enumerate(SYMBOLS)}


def at(symbols: Iterable[str]) -> list[int]:
    """Columns of some symbols."""
    return [_AT[symbol] for symbol in symbols if symbol in _AT]


def _flags(values: Iterable[bool | None]) -> Ints:
    return np.array([-1 if value is None else int(value) for value in values], dtype=np.int64)


def _word(facts: Facts, name: str) -> str:
    if name == "form":
        return facts.form
    if name == "activity":
        return facts.kind
    if name in ("hs", "control_code"):
        return str(getattr(facts.item, name))
    if name in ("mined", "refined", "melted", "produced"):
        return str(facts.stages.get(name, ""))  # type: ignore[call-overload]
    return str(getattr(facts, name))
