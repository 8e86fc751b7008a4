"""Home to mixes: which units are mixed of several others, in an order in which each comes after what it is mixed of.

Units with one source, or whose sources are all one mix, have the origins of that and cost nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ytterby.custody.genealogy.knots import Ints, Knots


@dataclass(frozen=True, slots=True)
class Mixes:
    """Mixes, level by level: those of one level take from earlier levels and from origins only."""

    row: NDArray[np.int32]
    """Of each lot: 0 = untold, then the origins, then the mixes."""
    origins: Ints
    """Units."""
    entries: Ints
    """Of the knots, mix after mix."""
    source: Ints
    """Row each entry takes from."""
    starts: Ints
    """First entry of each mix, and at the end their number."""
    levels: Ints
    """First mix of each level, and at the end their number."""


def mixes(made: Knots) -> Mixes:
    """The mixes of a book."""
    count = np.bincount(made.target, minlength=made.units)
    towards = np.where(count == 0, made.fallback, np.arange(made.units, dtype="i4"))
    single = np.take(count == 1, made.target)
    del count
    # numpy takes and compresses several times faster than it indexes by marks or by four-byte numbers
    towards[np.compress(single, made.target)] = np.compress(single, made.source)
    entries = np.flatnonzero(~single).astype("i4")
    del single
    target = np.take(made.target, entries)
    if (target[1:] < target[:-1]).any():
        order = np.argsort(target, kind="stable")
        entries, target = entries[order], target[order]
    towards = _resolved(towards)
    source = np.take(towards, np.take(made.source, entries))
    while len(starts := _starts(target)):
        least = np.minimum.reduceat(source, starts)
        same = least == np.maximum.reduceat(source, starts)  # whatever the amounts: all of it is of one mix
        if not same.any():
            break
        towards[target[starts[same]]] = least[same]
        kept = ~np.repeat(same, np.diff(np.append(starts, len(target))))
        entries, target = np.compress(kept, entries), np.compress(kept, target)
        towards = _resolved(towards)
        source = np.take(towards, np.compress(kept, source))
    used = np.zeros(made.origins, bool)
    ends = towards[made.origins : made.origins + made.lots]
    for places in (ends, source):
        used[np.compress(places < made.origins, places)] = True
    origins = np.flatnonzero(used[1:]).astype("i4") + np.int32(1)
    return _ordered(made, ends, origins, entries, source, target[starts], starts)


def _ordered(made: Knots, ends: Ints, origins: Ints, entries: Ints, source: Ints, unit: Ints, starts: Ints) -> Mixes:
    """Number the mixes level by level (Kahn 1962)."""
    count = len(unit)
    number = np.full(made.units, -1, "i4")
    number[unit] = np.arange(count, dtype="i4")
    lengths = np.diff(np.append(starts, len(entries)))
    of = np.take(number, source)
    inner = of >= 0
    waits = np.add.reduceat(inner, starts, dtype="i4") if count else np.zeros(0, "i4")
    begins = np.concatenate([[0], np.cumsum(waits)])
    needs = sparse.csr_array((np.ones(begins[-1], "i1"), np.compress(inner, of), begins), shape=(count, count))
    users = needs.tocsc()
    del number, of, inner, needs
    order, levels, ready, turn = [], [0], np.flatnonzero(waits == 0), np.empty(count, "i4")
    while len(ready):
        order.append(ready)
        levels.append(levels[-1] + len(ready))
        after = _joined(users.indptr, users.indices, ready)
        np.subtract.at(waits, after, np.int32(1))  # of another type it would be twenty times slower
        after = np.compress(np.take(waits, after) == 0, after)
        turn[after] = own = np.arange(len(after), dtype="i4")
        ready = np.compress(np.take(turn, after) == own, after)  # each once
    order.append(np.flatnonzero(waits > 0))  # loops, which capture refuses: untold
    levels += [count] if levels[-1] < count else []
    placed = np.concatenate(order)
    row = np.zeros(made.units, "i4")
    row[origins] = 1 + np.arange(len(origins))
    row[unit[placed]] = 1 + len(origins) + np.arange(count)
    taken = _joined(np.append(starts, len(entries)), np.arange(len(entries), dtype="i4"), placed)
    firsts = np.concatenate([[0], np.cumsum(lengths[placed])]).astype("i4")
    source = np.take(row, np.take(source, taken))
    return Mixes(np.take(row, ends), origins, np.take(entries, taken), source, firsts, np.array(levels))


def _joined(indptr: Ints, values: Ints, rows: Ints) -> Ints:
    """The values of some rows of a compressed table, one after the other."""
    begins = indptr[rows]
    lengths = indptr[rows + 1] - begins
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    if not total:
        return values[:0]
    return np.take(values, np.repeat(begins - (ends - lengths), lengths) + np.arange(total, dtype=begins.dtype))


def _starts(keys: Ints) -> Ints:
    """Where runs of equal keys begin."""
    return np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else np.zeros(0, "i8")


def _resolved(towards: Ints) -> Ints:
    """Follow each unit to where it ends."""
    for _ in range(64):
        further = np.take(towards, towards)
        if np.array_equal(further, towards):
            return towards
        towards = further
    return towards  # a loop, which capture refuses: its units have no row, so they are untold
