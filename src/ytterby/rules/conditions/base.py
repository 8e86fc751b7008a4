"""Home to the contract of a condition.

A condition is a function ``(clause, case) -> Judged | None``; None where the clause asks nothing of the kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from ytterby.rules.columns import Bools, Columns, Ints
from ytterby.rules.parties import PartyList
from ytterby.rules.reasons import Reason


@dataclass(frozen=True)
class Judged:
    """What a condition says of each shipment: yes, unknown, else no; arrays are (shipment,)."""

    yes: Bools
    unknown: Bools
    facts: tuple[str, ...]
    """The facts it hangs on where it is unknown."""
    why: Callable[[int], Reason]
    """Why it is not met by the shipment in a row."""
    essential: bool = False
    """Whether it asks for the goods or their way: a clause that fails it is about something else altogether."""
    grade: Ints | None = None
    """How well what it found is founded, as an index into ``ABCM``."""
    found: Callable[[int], tuple[Reason, ...]] | None = None
    """What it found in the shipment in a row, where that is worth saying."""

    @classmethod
    def plain(cls, yes: Bools, why: Reason, facts: tuple[str, ...] = (), unknown: Bools | None = None) -> Judged:
        """One reason for every row; yes has the last word over unknown."""
        open_ = np.zeros_like(yes) if unknown is None else unknown & ~yes
        return cls(yes, open_, facts, lambda _: why)


@dataclass(frozen=True)
class Case:
    """Shipments, and what else the conditions need."""

    columns: Columns
    lists: Mapping[str, PartyList]
    listed: Bools
    """Where the item is on some list in force for the day, (shipment,)."""
    listed_unknown: Bools
    decided: Mapping[str, str] = field(default_factory=dict)
    """By spelt name: the spelt name of the party a person decided it is, or empty for nobody listed."""
    suspects: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """Kept by `members`: per column of names, the words that may stand on some list."""
