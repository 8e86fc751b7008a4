"""Home to what lies where in truth: lots in the order they came, in whole micrograms."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

GRAM = 1_000_000
KILOGRAM = 1_000 * GRAM
TONNE = 1_000 * KILOGRAM


@dataclass(slots=True)
class Holding:
    """So much of a lot; `written` is what the holder's papers say of it."""

    lot: str
    mass: int
    written: int


@dataclass(slots=True)
class Store:
    """A stock of one material at one facility: first in, first out."""

    holdings: deque[Holding] = field(default_factory=deque)

    @property
    def mass(self) -> int:
        """Micrograms in it."""
        return sum(one.mass for one in self.holdings)

    def put(self, holdings: Iterable[Holding]) -> None:
        """Lots that came."""
        self.holdings.extend(one for one in holdings if one.mass > 0)

    def take(self, mass: int, least: int = GRAM) -> list[Holding]:
        """Up to `mass` of the oldest lots, each once; a rest smaller than `least` goes along."""
        taken: dict[str, Holding] = {}
        while mass > 0 and self.holdings:
            first = self.holdings[0]
            if first.mass <= mass + least:
                _joined(taken, self.holdings.popleft())
                mass -= first.mass
                continue
            written = first.written * mass // first.mass
            _joined(taken, Holding(first.lot, mass, written))
            first.mass -= mass
            first.written -= written
            mass = 0
        return list(taken.values())


def _joined(taken: dict[str, Holding], one: Holding) -> None:
    before = taken.get(one.lot)
    if before is not None:
        one = Holding(one.lot, before.mass + one.mass, before.written + one.written)
    taken[one.lot] = one


def total(holdings: Iterable[Holding]) -> int:
    """Micrograms of several."""
    return sum(one.mass for one in holdings)
