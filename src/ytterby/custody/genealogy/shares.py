"""Home to the origin shares of every lot at once: columns, one pass from the origins on, in floats.

Rules are those of `exact`; `error` bounds the difference.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ytterby.custody.book.book import Book
from ytterby.custody.genealogy.amounts import BASES
from ytterby.custody.genealogy.exact import UNTOLD
from ytterby.custody.genealogy.knots import Floats, Ints, Knots, knots
from ytterby.custody.genealogy.weights import Weights
from ytterby.terms.errors import UnknownName

BLOCK = 1 << 24
"""Numbers worked on at once: with many origins a block of them at a time."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Origin shares of every lot by every basis that something is told of."""

    origins: NDArray[np.int32]
    """Codes of places, one to a column."""
    row: NDArray[np.int32]
    """Of each lot its row: lots of one mix share it."""
    tables: Mapping[str, sparse.csr_array]
    """Basis → (rows, origins), what is lacking to one is untold."""
    error: float
    """Bound on the absolute error of any share."""

    def of(self, lot: int, basis: str) -> dict[int, float]:
        """Origin → share of one lot by one basis; raises `UnknownName` for a basis nothing is told of."""
        if basis not in self.tables:
            raise UnknownName(basis, self.tables, "basis of shares")
        table, row = self.tables[basis], self.row[lot]
        begin, end = table.indptr[row], table.indptr[row + 1]
        found = dict(zip(self.origins[table.indices[begin:end]].tolist(), table.data[begin:end].tolist(), strict=True))
        untold = 1.0 - sum(found.values())
        return found | ({UNTOLD: untold} if untold > self.error else {})


@dataclass(frozen=True, slots=True)
class _Mixes:
    """Mixes in an order in which each comes after what it is mixed of."""

    row: NDArray[np.int32]
    """Of each unit."""
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


def shares(book: Book) -> Shares:
    """Origin shares of all lots of a book."""
    made = knots(book)
    weights = Weights(book, made)
    mixes = _mixes(made)
    bases = weights.told()
    row = mixes.row[made.origins : made.origins + made.lots]

    def solved(basis: int) -> sparse.csr_array:
        return _table(mixes, weights.of(basis, mixes.entries))

    # Numpy lets go of the interpreter while it works, so half is worked out beside; no more, for the sake of memory.
    with ThreadPoolExecutor(1) as other:
        beside = {basis: other.submit(solved, basis) for basis in bases[1::2]} if (os.cpu_count() or 1) > 1 else {}
        here = {basis: solved(basis) for basis in bases if basis not in beside}
    tables = {BASES[basis]: here[basis] if basis in here else beside[basis].result() for basis in bases}
    most = int(np.diff(mixes.starts).max(initial=0))
    error = (len(mixes.levels) - 1) * (most + 8) * 2.0**-53
    return Shares((mixes.origins - 1).astype("i4"), row, tables, error)


def _table(mixes: _Mixes, weight: Floats) -> sparse.csr_array:
    """Shares of all origins in every row by one basis."""
    wide, rows = len(mixes.origins), len(mixes.origins) + len(mixes.starts)
    step = max(1, BLOCK // rows)
    parts = [_solved(mixes, weight, at, min(at + step, wide)) for at in range(0, max(wide, 1), step)]
    return parts[0] if len(parts) == 1 else sparse.csr_array(sparse.hstack(parts, "csr"))


def _mixes(made: Knots) -> _Mixes:
    count = np.bincount(made.target, minlength=made.units)
    towards = np.where(count == 0, made.fallback, np.arange(made.units, dtype="i4"))
    single = count[made.target] == 1
    towards[made.target[single]] = made.source[single]
    entries = np.flatnonzero(~single)
    entries = entries[np.argsort(made.target[entries], kind="stable")]
    while True:
        towards = _resolved(towards)
        source, target = towards[made.source[entries]], made.target[entries]
        starts = _starts(target)
        if not len(starts):
            break
        least, most = np.minimum.reduceat(source, starts), np.maximum.reduceat(source, starts)
        same = least == most  # whatever the amounts: all of it is of one mix
        if not same.any():
            break
        towards[target[starts[same]]] = least[same]
        entries = entries[~np.repeat(same, np.diff(np.append(starts, len(target))))]
    used = np.zeros(made.origins, bool)
    ends = towards[made.origins : made.origins + made.lots]
    used[ends[ends < made.origins]] = True
    used[source[source < made.origins]] = True
    origins = np.flatnonzero(used[1:]) + 1
    return _ordered(made, towards, origins, entries, source, starts)


def _ordered(made: Knots, towards: Ints, origins: Ints, entries: Ints, source: Ints, starts: Ints) -> _Mixes:
    """Number the mixes level by level (Kahn)."""
    unit = made.target[entries[starts]]
    mixes = len(unit)
    number = np.full(made.units, -1)
    number[unit] = np.arange(mixes)
    lengths = np.diff(np.append(starts, len(entries)))
    owner, of = np.repeat(np.arange(mixes), lengths), number[source]
    inner = np.flatnonzero(of >= 0)
    waits = np.bincount(owner[inner], minlength=mixes)
    graph = sparse.csr_array((np.ones(len(inner), "i1"), (of[inner], owner[inner])), shape=(mixes, mixes), copy=False)
    # Entries of one pair are joined: count each pair once.
    waits = np.bincount(graph.indices, minlength=mixes) if len(inner) else waits
    order, levels, ready = [], [0], np.flatnonzero(waits == 0)
    while len(ready):
        order.append(ready)
        levels.append(levels[-1] + len(ready))
        after = _joined(graph.indptr, graph.indices, ready)
        if not len(after):
            break
        np.subtract.at(waits, after, 1)
        ready = np.unique(after[waits[after] == 0])
    order.append(np.flatnonzero(waits > 0))  # loops, which capture refuses: untold
    levels += [mixes] if levels[-1] < mixes else []
    placed = np.concatenate(order)
    rank = np.empty(mixes, "i8")
    rank[placed] = np.arange(len(placed))
    row = np.zeros(made.units, "i4")
    row[origins] = 1 + np.arange(len(origins))
    row[unit] = 1 + len(origins) + rank
    taken = _joined(np.append(starts, len(entries)), np.arange(len(entries)), placed)
    ends = np.concatenate([[0], np.cumsum(lengths[placed])])
    return _Mixes(row[towards], origins, entries[taken], row[source[taken]].astype("i8"), ends, np.array(levels))


def _solved(mixes: _Mixes, weight: Floats, begin: int, end: int) -> sparse.csr_array:
    """Shares of the origins `begin` to `end` in every row."""
    origins, count = len(mixes.origins), len(mixes.starts) - 1
    table = np.zeros((1 + origins + count, end - begin))
    table[1 + np.arange(begin, end), np.arange(end - begin)] = 1.0
    if count:
        known = ~np.isnan(weight)
        heavy = np.where(known, weight, 0.0)
        heads, lengths = mixes.starts[:-1], np.diff(mixes.starts)
        total = np.add.reduceat(heavy, heads)
        nothing = total == 0
        part = heavy / np.repeat(np.where(nothing, 1.0, total), lengths)
        rival = ~known | np.repeat(nothing, lengths)
        unsure = np.logical_or.reduceat(rival, heads)
        for first, last in zip(mixes.levels[:-1].tolist(), mixes.levels[1:].tolist(), strict=True):
            a, b = mixes.starts[first], mixes.starts[last]
            taking = sparse.csr_array(
                (part[a:b], mixes.source[a:b], mixes.starts[first : last + 1] - a), shape=(last - first, len(table))
            )
            table[1 + origins + first : 1 + origins + last] = taking @ table
            for mix in (first + np.flatnonzero(unsure[first:last])).tolist():
                own = slice(mixes.starts[mix], mixes.starts[mix + 1])
                least = table[mixes.source[own][rival[own]]].min(axis=0)
                here = table[1 + origins + mix]
                table[1 + origins + mix] = least if nothing[mix] else np.minimum(least, here)
    return _thinned(table)


def _thinned(table: Floats) -> sparse.csr_array:
    """A table without its zeros; scipy's own way is several times slower."""
    there = table != 0
    at = np.flatnonzero(there.ravel()).astype("i4")  # a table has at most a few times `BLOCK` numbers
    ends = np.concatenate([[0], np.cumsum(there.sum(axis=1, dtype="i4"))]).astype("i4")
    return sparse.csr_array((table.ravel()[at], at % np.int32(table.shape[1]), ends), shape=table.shape)


def _starts(keys: Ints) -> Ints:
    """Where runs of equal keys begin."""
    return np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else np.zeros(0, "i8")


def _resolved(towards: Ints) -> Ints:
    """Follow each unit to where it ends."""
    for _ in range(64):
        further = towards[towards]
        if np.array_equal(further, towards):
            return towards
        towards = further
    return towards  # a loop, which capture refuses: its units have no row, so they are untold


def _joined(indptr: Ints, values: Ints, rows: Ints) -> Ints:
    """The values of some rows, one after the other."""
    begins = indptr[rows]
    lengths = indptr[rows + 1] - begins
    total = int(lengths.sum())
    ends = np.cumsum(lengths)
    return values[np.repeat(begins - (ends - lengths), lengths) + np.arange(total)] if total else values[:0]
