"""Home to the strands: of every lot, its latest piece of each sort, from which the earlier ones are followed.

Each piece names the one before it of the same lot and strand, so that a lot's history is a chain through the book that
grows at one end: adding events never touches what is there, and there is nothing to sort again.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytterby.custody.book.layout import STRAND

Rows = NDArray[np.int32]
_OF_ROLE = np.array(STRAND, "i4")


class Heads:
    """The latest row of each key; keys are small whole numbers."""

    __slots__ = ("rows", "size")

    def __init__(self, rows: Rows | None = None) -> None:
        self.rows: Rows = np.full(64, -1, "i4") if rows is None else rows
        self.size = 0 if rows is None else len(rows)

    def link(self, keys: NDArray[Any], first: int) -> Rows:
        """Enter rows `first` on with these keys, -1 for none; returns the row before each with the same key, or -1."""
        previous = np.full(len(keys), -1, "i4")
        own = np.flatnonzero(keys >= 0)
        if not len(own):
            return previous
        self.reserve(int(keys.max()) + 1)
        order = own[np.argsort(keys[own], kind="stable")]
        sorted_keys = keys[order]
        begins = np.concatenate([[True], sorted_keys[1:] != sorted_keys[:-1]])
        before = np.concatenate([[0], order[:-1]]) + first
        previous[order] = np.where(begins, self.rows[sorted_keys], before)
        ends = np.concatenate([begins[1:], [True]])
        self.rows[sorted_keys[ends]] = order[ends] + first
        return previous

    def again(self, keys: NDArray[Any], first: int) -> None:
        """Enter rows whose chain is known already: of each key the latest."""
        own = np.flatnonzero(keys >= 0)
        if len(own):
            self.reserve(int(keys.max()) + 1)
            np.maximum.at(self.rows, keys[own], (own + first).astype("i4"))

    def kept(self) -> Rows:
        """The rows, as they may be kept."""
        return self.rows[: self.size]

    def reserve(self, size: int) -> None:
        """Have room for keys up to `size`, those that no row has yet among them."""
        if size > len(self.rows):
            grown = np.full(max(size, 2 * len(self.rows)), -1, "i4")
            grown[: self.size] = self.rows[: self.size]
            self.rows = grown
        self.size = max(self.size, size)


def keys(lot: NDArray[Any], role: NDArray[Any]) -> NDArray[np.int64]:
    """The key of each piece: three strands to a lot."""
    made: NDArray[np.int64] = lot.astype("i8") * 3 + _OF_ROLE[role]
    return made
