"""Home to shortfalls: what counts found less than the books, by material, in whole micrograms.

As in the balance: the last stock-taking says of everything what lies there; a count that was declared since says it of
one material or lot. A declared count of all there is, which names no material, is spread over what the books have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ytterby.custody.balance import Ground, stock_taking
from ytterby.custody.declared import Declared, declared
from ytterby.custody.event import MICROGRAMS
from ytterby.custody.movements import Movements

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What was found until the end of a month."""

    short: Mapping[str, int]
    """Material to micrograms missing; below 0: beyond the books."""
    taken: bool
    """Whether a stock was taken in that month."""
    declared: frozenset[str]
    """Materials that were counted by declaration in that month, and not at a stock-taking since."""


def shortfall(at: Ground, site: int, wanted: int) -> Shortfall:
    """What counts at a facility had found by the end of a month.

    Args:
        at: book and registry.
        site: code of the facility.
        wanted: the month, as `months.number` has it.
    """
    rows = at.at_site(site)
    rows = rows[at.month[rows] <= wanted]
    if not len(rows):
        return Shortfall({}, taken=False, declared=frozenset())
    here, month = at.movements.only(rows), at.month[rows]
    back = range(wanted, int(month.min()) - 1, -1)
    taking = next((last for k in back if len(last := stock_taking(here, month, k))), rows[:0])
    found = _of_taking(at, here, taking, np.arange(len(here)))
    since = int(here.time[taking[-1]]) if len(taking) else -1
    known: dict[str, tuple[Declared, dict[str, int]]] = {}
    told: set[str] = set()
    for one in declared(at, site):
        if one.month > wanted or one.time <= since:
            continue
        now = _of_declared(at, here, one)
        base = _of_taking(at, here, taking, one.rows)
        # what was found of it, and of parts of it, before makes room
        inner = [known.pop(name)[1] for name, (other, _) in list(known.items()) if one.covers(other)]
        more = {name: now.get(name, 0) - base.get(name, 0) for name in {*now, *base}}
        for part, sign in ((more, 1), *((each, -1) for each in inner)):
            for name, mass in part.items():
                found[name] = found.get(name, 0) + sign * mass
        known[one.item] = one, more
        told |= set(now) if one.month == wanted else set()
    return Shortfall(found, bool(len(taking)) and bool(month[taking[-1]] == wanted), frozenset(told))


def _of_taking(at: Ground, here: Movements, taking: Ints, rows: Ints) -> dict[str, int]:
    """Books less count at a stock-taking, of some of the movements; nothing where none was held."""
    if not len(taking):
        return {}
    before, counted = rows[rows < taking[0]], np.intersect1d(taking, rows)
    found = _summed(at, here.material[before], here.signed[before])
    for name, mass in _summed(at, here.material[counted], here.mass[counted]).items():
        found[name] = found.get(name, 0) - mass
    return found


def _of_declared(at: Ground, here: Movements, one: Declared) -> dict[str, int]:
    """Books less a declared count, by material."""
    found = _summed(at, here.material[one.rows], here.signed[one.rows])
    counted = round(one.count.kg * MICROGRAMS)
    if one.count.material:
        return {one.count.material: found.get(one.count.material, 0) - counted}
    if one.count.lot:
        name = at.book.name("materials", int(here.material[one.rows[-1]])) if len(one.rows) else ""
        return {**found, name: found.get(name, 0) - counted}
    return {name: found[name] - share for name, share in _spread(counted, found).items()}


def _spread(mass: int, over: Mapping[str, int]) -> dict[str, int]:
    """A mass shared out by what the books have, to the microgram; evenly where they have nothing."""
    weights = {name: max(held, 0) for name, held in over.items()}
    if not any(weights.values()):
        weights = dict.fromkeys(over or {"": 0}, 1)
    whole, done, spent, found = sum(weights.values()), 0, 0, {}
    for name, weight in sorted(weights.items()):
        done += weight
        found[name] = mass * done // whole - spent
        spent += found[name]
    return found


def _summed(at: Ground, materials: Ints, masses: Ints) -> dict[str, int]:
    codes: Sequence[int] = np.unique(materials).tolist()
    return {at.book.name("materials", code): int(masses[materials == code].sum()) for code in codes}
