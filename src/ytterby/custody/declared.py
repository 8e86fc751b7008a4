"""Home to declared counts: what a facility declared to lie there at the end of a day, against what its books say.

`counts` of the registry, unlike a stock-taking that was captured, are of one material or lot, and the user's own word.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ytterby.custody import months
from ytterby.custody.epcis.identifiers import address
from ytterby.custody.registry import Count

if TYPE_CHECKING:
    from ytterby.custody.balance import Ground

COUNTING = 0.002
"""Relative standard uncertainty of a count where nothing else is told (assumed)."""
DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Declared:
    """One declared count and what the books say of the same."""

    count: Count
    time: int
    """The end of its day, microseconds UTC."""
    month: int
    rows: NDArray[np.int64]
    """Movements of the facility, as `Ground.at_site` has them, of the same material or lot until then."""
    booked: float
    """Kilograms."""
    sigma: float
    """Standard uncertainty of the count, kilograms."""

    @property
    def item(self) -> str:
        """What was counted: a lot, a material, or all there is."""
        return self.count.lot or self.count.material

    def covers(self, other: Declared) -> bool:
        """Whether it counts again all that an earlier one counted."""
        return self.item == other.item or (len(other.rows) > 0 and bool(np.isin(other.rows, self.rows).all()))

    @property
    def beyond(self) -> float:
        """Kilograms that were counted beyond the books; negative: missing."""
        return self.count.kg - self.booked


def declared(at: Ground, site: int) -> Sequence[Declared]:
    """The declared counts of a facility, in the order of their days; those before its first event count for nothing."""
    name = at.sites.names[site]
    own = [one for one in at.registry.counts if _facility(at, one.facility) == name]
    if not own:
        return ()
    rows = at.at_site(site)
    moves = at.movements.only(rows)
    found = []
    for one in sorted(own, key=lambda count: (count.day, count.lot, count.material)):
        time = _midnight(one.day)
        of = np.flatnonzero(moves.time < time)
        if one.lot:
            of = of[moves.lot[of] == lot_of(at, one.lot)]
        elif one.material:
            code = at.book.code("materials", one.material)
            of = of[moves.material[of] == code] if code >= 0 else of[:0]
        if time > int(moves.time[0]):
            booked = float(moves.signed[of].sum()) / 1e9
            sigma = one.sigma_kg or COUNTING * one.kg
            found.append(Declared(one, time, int(months.month_of(np.array([time - 1]))[0]), of, booked, sigma))
    return found


def _facility(at: Ground, name: str) -> str:
    known = at.registry.facility(name)
    return known.id if known is not None else name


def lot_of(at: Ground, name: str) -> int:
    """The code of a lot, in any spelling of its address; -1 where no event names it."""
    code = at.book.lot(name)
    return code if code >= 0 else at.book.lot(address(name))


def _midnight(day: str) -> int:
    """The instant a day ends."""
    return (datetime.date.fromisoformat(day) - datetime.date(1970, 1, 1)).days * DAY + DAY
