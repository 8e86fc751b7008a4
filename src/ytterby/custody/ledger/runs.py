"""Home to sorted runs: which places belong to a key of 64 bits, kept as a few long sorted arrays in the index.

New pairs come as one more run; two runs are merged where the newer has grown to half of the older, so that there are
few and each pair is moved a logarithmic number of times. To put every pair into its place in a tree of SQLite as it
comes took ten times as long as all the rest of the index.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

TABLE = "CREATE TABLE {name} (number INTEGER PRIMARY KEY, keys BLOB NOT NULL, places BLOB NOT NULL);"
LONGEST = 2**20
"""Pairs of a run; longer ones are not made, so that merging takes little memory."""
_NUMBER = np.dtype("<i8")


@final
class Runs:
    """The runs of one table."""

    def __init__(self, connection: sqlite3.Connection, table: str) -> None:
        """Those of a table; `hold` reads the keys into memory for whoever looks up many."""
        self._db = connection
        self._table = table
        self._held: dict[int, NDArray[np.int64]] | None = None

    def hold(self) -> None:
        """Reads all keys."""
        found = self._db.execute(f"SELECT number, keys FROM {self._table} ORDER BY number")
        self._held = {number: np.frombuffer(raw, _NUMBER) for number, raw in found}

    def add(self, keys: NDArray[np.int64], places: NDArray[np.int64]) -> None:
        """Adds pairs, inside a transaction of the caller's."""
        order = np.lexsort((places, keys))
        keys, places = keys[order], places[order]
        asked = f"SELECT number, length(keys) / 8 FROM {self._table} ORDER BY number"
        old = self._db.execute(asked).fetchall()
        while old and old[-1][1] < 2 * len(keys) and old[-1][1] + len(keys) <= LONGEST:
            number, _ = old.pop()
            before = self._db.execute(f"SELECT keys, places FROM {self._table} WHERE number = ?", (number,)).fetchone()
            keys, places = _merged(np.frombuffer(before[0], _NUMBER), np.frombuffer(before[1], _NUMBER), keys, places)
            self._db.execute(f"DELETE FROM {self._table} WHERE number = ?", (number,))
            if self._held is not None:
                self._held.pop(number, None)
        number = old[-1][0] + 1 if old else 0
        self._db.execute(f"INSERT INTO {self._table} VALUES (?, ?, ?)", (number, keys.tobytes(), places.tobytes()))
        if self._held is not None:
            self._held[number] = keys

    def known(self, keys: NDArray[np.int64]) -> NDArray[np.bool_]:
        """(keys,) which of the keys are there, by what is held in memory."""
        assert self._held is not None
        there = np.zeros(len(keys), bool)
        for run in self._held.values():
            if len(run):
                at = np.searchsorted(run, keys)
                there |= run[np.minimum(at, len(run) - 1)] == keys
        return there

    def places(self, keys: Sequence[int]) -> dict[int, list[int]]:
        """Key -> its places, sorted."""
        found: dict[int, list[int]] = {}
        for number, count in self._db.execute(f"SELECT number, length(keys) / 8 FROM {self._table}").fetchall():
            with (
                self._db.blobopen(self._table, "keys", number, readonly=True) as lower,
                self._db.blobopen(self._table, "places", number, readonly=True) as upper,
            ):
                for key in keys:
                    begin, end = _bisected(lower, count, key), _bisected(lower, count, key + 1)
                    if end > begin:
                        upper.seek(8 * begin)
                        found.setdefault(key, []).extend(np.frombuffer(upper.read(8 * (end - begin)), _NUMBER).tolist())
        return {key: sorted(found[key]) for key in found}


def _bisected(keys: Any, count: int, key: int) -> int:
    """How many of the sorted keys are less."""
    low, high = 0, count
    while low < high:
        middle = (low + high) // 2
        keys.seek(8 * middle)
        if int.from_bytes(keys.read(8), "little", signed=True) < key:
            low = middle + 1
        else:
            high = middle
    return low


def _merged(
    keys: NDArray[np.int64], places: NDArray[np.int64], more: NDArray[np.int64], beside: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Two sorted runs as one; at equal keys the first run's pairs stand first."""
    at = np.searchsorted(keys, more, side="right") + np.arange(len(more))
    whole = np.empty(len(keys) + len(more), _NUMBER)
    others = np.empty_like(whole)
    old = np.ones(len(whole), bool)
    old[at] = False
    whole[at], whole[old] = more, keys
    others[at], others[old] = beside, places
    return whole, others
