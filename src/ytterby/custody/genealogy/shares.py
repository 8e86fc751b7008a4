"""Home to the origin shares of every lot at once: columns, one pass from the origins on, in floats.

Rules are those of `exact`; `error` bounds the difference.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ytterby.custody.book.book import Book
from ytterby.custody.genealogy.amounts import BASES
from ytterby.custody.genealogy.exact import UNTOLD
from ytterby.custody.genealogy.knots import Floats, Ints, knots
from ytterby.custody.genealogy.mixes import Mixes, mixes
from ytterby.custody.genealogy.weights import Told, Weights
from ytterby.terms.errors import UnknownName

BLOCK = 1 << 22
"""Numbers worked on at once, 32 MB of them: with many origins a few at a time, but never fewer than `NARROW`."""
NARROW = 8
PIECE = 1 << 18
"""Of these as many at a time as stay near the processor."""


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


def shares(book: Book) -> Shares:
    """Origin shares of all lots of a book."""
    made, told = knots(book), Told(book)
    order = mixes(made)
    weights = Weights(told, made, order.entries)
    del made
    bases, patterns = told.bases, _Patterns()

    def solved(some: Sequence[int]) -> dict[int, sparse.csr_array]:
        return {basis: _table(order, weights.of(basis), patterns) for basis in some}

    # Numpy lets go of the interpreter while it works, so half is worked out beside; no more, for the sake of memory.
    with ThreadPoolExecutor(1) as other:
        half = len(bases) // 2 if (os.cpu_count() or 1) > 1 else 0
        beside = other.submit(solved, bases[:half])
        found = solved(bases[half:]) | beside.result()
    tables = {BASES[basis]: found[basis] for basis in bases}
    most = int(np.diff(order.starts).max(initial=0))
    error = (len(order.levels) - 1) * (most + 8) * 2.0**-53
    return Shares((order.origins - 1).astype("i4"), order.row, tables, error)


class _Patterns:
    """Where tables have numbers: mostly in the same places by every basis, and then kept once."""

    def __init__(self) -> None:
        self._known: list[tuple[NDArray[np.bool_], Ints, Ints]] = []
        self._asked = Lock()

    def thinned(self, table: Floats) -> sparse.csr_array:
        """A table without its zeros."""
        there = table != 0
        with self._asked:
            found = next((one for one in self._known if np.array_equal(one[0], there)), None)
            if found is None:
                found = (there, *self._indexed(there))
                self._known.append(found)
        _, columns, ends = found
        return sparse.csr_array((np.compress(there.ravel(), table.ravel()), columns, ends), shape=table.shape)

    @staticmethod
    def _indexed(there: NDArray[np.bool_]) -> tuple[Ints, Ints]:
        """The columns of all numbers, row after row, and where each row ends."""
        ends = np.concatenate([[0], np.cumsum(np.count_nonzero(there, axis=1))]).astype("i4")
        wide = there.shape[1]
        rows = max(1, PIECE // max(wide, 1))
        numbers = np.tile(np.arange(wide, dtype="i4"), rows)
        columns, at = np.empty(ends[-1], "i4"), 0
        for begin in range(0, len(there), rows):
            block = there[begin : begin + rows].ravel()
            some = np.compress(block, numbers[: len(block)])
            columns[at : at + len(some)] = some
            at += len(some)
        return columns, ends


def _table(order: Mixes, weight: Floats, patterns: _Patterns) -> sparse.csr_array:
    """Shares of all origins in every row by one basis."""
    wide, rows = len(order.origins), len(order.origins) + len(order.starts)
    step = max(NARROW, BLOCK // rows)
    if wide <= step:
        return patterns.thinned(_solved(order, weight, 0, wide))
    parts = [_Patterns().thinned(_solved(order, weight, at, min(at + step, wide))) for at in range(0, wide, step)]
    return sparse.csr_array(sparse.hstack(parts, "csr"))


def _solved(order: Mixes, weight: Floats, begin: int, end: int) -> Floats:
    """Shares of the origins `begin` to `end` in every row."""
    above = 1 + len(order.origins)
    table = np.zeros((above + len(order.starts) - 1, end - begin))
    table[1 + np.arange(begin, end), np.arange(end - begin)] = 1.0
    step = max(1, PIECE // max(end - begin, 1))
    for level, after in zip(order.levels[:-1].tolist(), order.levels[1:].tolist(), strict=True):
        for first in range(level, after, step):
            last = min(first + step, after)
            table[above + first : above + last] = _mixed(order, weight, table, first, last)
    return table


def _mixed(order: Mixes, weight: Floats, table: Floats, first: int, last: int) -> Floats:
    """Rows of the mixes `first` to `last`, all of one level."""
    a, b = int(order.starts[first]), int(order.starts[last])
    ends, source, part = order.starts[first : last + 1] - a, order.source[a:b], weight[a:b]
    heads, lengths = ends[:-1], np.diff(ends)
    missing = np.isnan(part)
    if missing.any():
        part = np.where(missing, 0.0, part)
    total = np.add.reduceat(part, heads)
    nothing = total == 0
    part = part / np.repeat(np.where(nothing, 1.0, total), lengths)
    made: Floats = sparse.csr_array((part, source, ends), shape=(last - first, len(table))) @ table
    rival = np.flatnonzero(missing | np.repeat(nothing, lengths))
    if len(rival):
        # Whichever of them weighs how much, an origin has at least the least share it has in any.
        unsure, runs = np.unique(np.searchsorted(heads, rival, "right") - 1, return_index=True)
        least = np.minimum.reduceat(np.take(table, source[rival], axis=0), runs, axis=0)
        made[unsure] = np.where(nothing[unsure, None], least, np.minimum(least, made[unsure]))
    return made
