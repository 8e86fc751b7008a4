"""Home to what is planted in a year of events: diversions, noise of measurement, honest mistakes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

Diversion = Literal[
    "relabelled", "overreported_loss", "uneven_loss", "split_shipments", "reexport", "hidden_reexport",
    "ghost_recycling", "transit_skim",
]  # fmt: skip
DIVERSIONS: tuple[Diversion, ...] = get_args(Diversion)

THRESHOLD_KG = 50.0
"""Below this mass the invented authority of this benchmark asks for no licence number on a shipment (assumed)."""


@dataclass(frozen=True, slots=True)
class Noise:
    """How well firms measure, and how often they err. All assumed, after what industrial scales and assays reach."""

    weighing: float = 0.001
    """Relative standard deviation of one weighing."""
    assay: float = 0.004
    """Relative standard deviation of one assay of one element."""
    batch_yield: float = 0.004
    """Relative standard deviation of a batch's true yield."""
    counting: float = 0.002
    """Relative standard deviation of one lot's mass in a stock-taking."""
    slips: float = 0.0004
    """Chance that an event's mass is written down a thousand times too large; found and declared wrong days later."""
    missing: float = 0.0004
    """Chance that a receipt is never written down."""
    twice: float = 0.0004
    """Chance that an event is written down twice under two ids; the second is declared wrong days later."""
    late: float = 0.01
    """Chance that an event is recorded up to three weeks after it happened."""


@dataclass(frozen=True, slots=True)
class Planted:
    """One diversion."""

    kind: Diversion
    facility: str
    size: float
    """Share of the facility's monthly flow."""
    first: int
    """First week."""
    weeks: int

    def active(self, week: int) -> bool:
        """Whether it goes on in a week."""
        return self.first <= week < self.first + self.weeks


@dataclass(frozen=True, slots=True)
class Truth:
    """A diversion as it came to pass."""

    planted: Planted
    started: int
    """Time of the first diverted event, microseconds UTC; -1 where nothing ever passed."""
    mass: int
    """Micrograms diverted in all."""
    events: tuple[str, ...]


def plant(
    candidates: Mapping[Diversion, Sequence[str]],
    sizes: Sequence[float],
    *,
    seed: int,
    each: int = 2,
    weeks: int = 52,
    taken: frozenset[str] = frozenset(),
) -> tuple[Planted, ...]:
    """Diversions of every kind and size at facilities drawn without repetition.

    They begin between the fourth and the eighth month and last to the end of the year.
    """
    random = np.random.default_rng(seed)
    used = set(taken)
    found = []
    for kind, size in _pairs(candidates, sizes, each, random):
        free = [one for one in candidates[kind] if one not in used]
        if not free:
            continue
        facility = str(random.choice(free))
        used.add(facility)
        first = int(random.integers(weeks // 4, weeks * 8 // 12))
        found.append(Planted(kind, facility, size, first, weeks - first))
    return tuple(found)


def thinned(planted: Sequence[Planted], count: int, seed: int) -> tuple[Planted, ...]:
    """At most `count` of them, drawn."""
    if len(planted) <= count:
        return tuple(planted)
    chosen = np.random.default_rng((seed, 1)).choice(len(planted), count, replace=False)
    return tuple(planted[k] for k in sorted(chosen.tolist()))


def _pairs(
    candidates: Mapping[Diversion, Sequence[str]], sizes: Sequence[float], each: int, random: np.random.Generator
) -> Iterator[tuple[Diversion, float]]:
    # the kind with fewest places comes first, so that the others do not use them up
    for kind in sorted(candidates, key=lambda one: len(candidates[one])):
        # where there are fewer places than sizes, other seeds take other sizes
        for size in random.permutation(np.asarray(sizes, dtype=np.float64)).tolist():
            for _ in range(each):
                yield kind, size
