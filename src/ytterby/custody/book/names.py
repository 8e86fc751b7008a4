"""Home to the string tables of the book: a string has one code for ever, found by 128 bits of its hash.

The text lies on disk; in memory is one table of slots (open addressing, four bytes a slot, at most half full), so that
a million addresses cost eight megabytes and no Python string.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytterby.custody.book.chunk import Strings, key
from ytterby.custody.book.columns import Column

LEAST = 64
Codes = NDArray[np.int32]


class Names:
    """One string table over its columns: `text` (bytes), `end`, and the two halves of the keys."""

    __slots__ = ("_slots", "_taken", "end", "high", "low", "text")

    def __init__(self, text: Column, end: Column, low: Column, high: Column) -> None:
        self.text, self.end, self.low, self.high = text, end, low, high
        self._slots = np.full(LEAST, -1, "i4")
        self._taken = 0

    def __len__(self) -> int:
        return self.end.rows

    @property
    def slots(self) -> Codes:
        """The table of slots, as it may be kept."""
        return self._slots

    def restore(self, slots: Codes, taken: int) -> None:
        """Take a kept table of slots that holds the first `taken` strings; the others are put in."""
        self._slots, self._taken = slots, taken
        self.refresh()

    def refresh(self) -> None:
        """Put in the strings that came since."""
        count = len(self)
        if 2 * count > len(self._slots):
            self._slots = np.full(1 << (2 * count).bit_length(), -1, "i4")
            self._taken = 0
        if self._taken < count:
            self._put(np.arange(self._taken, count, dtype="i4"))
            self._taken = count

    def code(self, name: str) -> int:
        """The code of a string, -1 where it is not known."""
        raw = key(name)
        low, high = int.from_bytes(raw[:8], "little"), int.from_bytes(raw[8:], "little")
        mask = len(self._slots) - 1
        lows, highs, at = self.low.array(), self.high.array(), low & mask
        while (found := int(self._slots[at])) >= 0:
            if lows[found] == low and highs[found] == high:
                return found
            at = (at + 1) & mask
        return -1

    def name(self, code: int) -> str:
        """The string of a code."""
        if not 0 <= code < len(self):
            return ""
        ends = self.end.array()
        begin = int(ends[code - 1]) if code else 0
        return self.text.array()[begin : int(ends[code])].tobytes().decode("utf-8", "surrogatepass")

    def find(self, keys: NDArray[np.uint64]) -> Codes:
        """Codes of many keys at once, (strings, 2) → (strings,); -1 where one is not known."""
        codes = np.full(len(keys), -1, "i4")
        mask = np.uint64(len(self._slots) - 1)
        lows, highs = self.low.array(), self.high.array()
        left = np.arange(len(keys))
        at = keys[:, 0] & mask
        while len(left):
            found = self._slots[at]
            left, at, found = (x[found >= 0] for x in (left, at, found))
            same = (lows[found] == keys[left, 0]) & (highs[found] == keys[left, 1])
            codes[left[same]] = found[same]
            left, at = left[~same], (at[~same] + np.uint64(1)) & mask
        return codes

    def intern(self, told: Strings, used: NDArray[np.bool_]) -> Codes:
        """Codes of the strings of a chunk, those `used` among them added where they are new; -1 for the others."""
        codes = self.find(told.keys)
        new = np.flatnonzero((codes < 0) & used)
        if len(new):
            begins = np.concatenate([np.zeros(1, "i8"), told.ends[:-1]])
            lengths = (told.ends - begins)[new]
            ends = np.cumsum(lengths)
            where = np.repeat(begins[new] - (ends - lengths), lengths) + np.arange(int(ends[-1]))
            first, offset = len(self), self.text.rows
            self.text.append(np.frombuffer(told.text, "u1")[where])
            self.low.append(told.keys[new, 0])
            self.high.append(told.keys[new, 1])
            self.end.append(ends + offset)
            codes[new] = np.arange(first, first + len(new), dtype="i4")
            self.refresh()
        return codes

    def _put(self, codes: Codes) -> None:
        mask = np.uint64(len(self._slots) - 1)
        at: NDArray[Any] = self.low.array()[codes] & mask
        while len(codes):
            free = self._slots[at] < 0
            self._slots[at[free]] = codes[free]
            # Of several that took one slot the last stands; the others go on to the next.
            lost = self._slots[at] != codes
            codes, at = codes[lost], (at[lost] + np.uint64(1)) & mask
