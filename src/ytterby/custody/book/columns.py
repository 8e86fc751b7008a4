"""Home to a column on disk: a file of equal numbers that only grows, mapped into memory to be read.

Every whole block of `BLOCK` bytes has its CRC-32 in a file beside it; that of the block still growing stands in the
book's manifest. What lies beyond the length the manifest tells was never finished and is cut.
"""

from __future__ import annotations

import mmap
import os
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

BLOCK = 1 << 16


class Column:
    """One column; `rows` of it count."""

    __slots__ = ("_array", "_file", "_sums", "dtype", "path", "rows", "tail")

    def __init__(self, path: Path, dtype: str, rows: int, tail: int) -> None:
        self.path, self.dtype = path, np.dtype(f"<{dtype}")
        self.rows, self.tail = rows, tail
        self._array: NDArray[Any] | None = None
        self._file = -1
        self._sums = -1

    @property
    def size(self) -> int:
        """Bytes that count."""
        return self.rows * self.dtype.itemsize

    @property
    def sums(self) -> Path:
        """The file of the CRCs of its whole blocks."""
        return self.path.with_suffix(".crc")

    def array(self) -> NDArray[Any]:
        """The column, read-only, mapped from the file."""
        if self._array is None or len(self._array) != self.rows:
            self._array = self._mapped()
        return self._array

    def append(self, values: NDArray[Any]) -> None:
        """Write more rows at the end; they count once the manifest says so."""
        if not len(values):
            return
        if self._file < 0:
            self._file = _opened(self.path, self.size)
        raw = np.ascontiguousarray(values, self.dtype).tobytes()
        sums, tail, filled, at = [], self.tail, self.size % BLOCK, 0
        while at < len(raw):
            part = raw[at : at + BLOCK - filled]
            tail, at, filled = crc32(part, tail), at + len(part), filled + len(part)
            if filled == BLOCK:
                sums.append(tail)
                tail = filled = 0
        _write(self._file, raw)
        if sums:
            if self._sums < 0:
                self._sums = _opened(self.sums, self.size // BLOCK * 4)
            _write(self._sums, np.array(sums, "<u4").tobytes())
        self.rows += len(values)
        self.tail = tail

    def settle(self) -> None:
        """Have what was written reach the disk."""
        for handle in (self._file, self._sums):
            if handle >= 0:
                os.fsync(handle)

    def close(self) -> None:
        """Close the files; arrays handed out stay readable."""
        for handle in (self._file, self._sums):
            if handle >= 0:
                os.close(handle)
        self._file = self._sums = -1
        self._array = None

    def __del__(self) -> None:
        # a book that nobody closed holds two files a column: a long-lived desk would run out of them
        for handle in (getattr(self, "_file", -1), getattr(self, "_sums", -1)):
            if handle >= 0:
                os.close(handle)

    def wrong(self, since: int = 0) -> int | None:
        """Byte at which the first block from row `since` on begins that is not what was written; None: all is well."""
        begin, blocks = since * self.dtype.itemsize // BLOCK, self.size // BLOCK
        try:
            there = self.path.stat().st_size
            summed = min(self.sums.stat().st_size // 4, blocks) if blocks else 0
            if there < self.size or summed < blocks:
                return min(there, summed * BLOCK)
            raw = _read(self.path, begin * BLOCK, self.size)
            whole = np.frombuffer(_read(self.sums, begin * 4, blocks * 4) if blocks else b"", "<u4")
        except OSError:
            return 0 if self.size else None
        for k in range(-(-len(raw) // BLOCK)):
            told = int(whole[k]) if k < len(whole) else self.tail
            if crc32(raw[k * BLOCK : (k + 1) * BLOCK]) != told:
                return (begin + k) * BLOCK
        return None

    def short(self) -> bool:
        """Whether the file is shorter than it should be."""
        if not self.size:
            return False
        try:
            return self.path.stat().st_size < self.size
        except OSError:
            return True

    def _mapped(self) -> NDArray[Any]:
        if not self.rows:
            return np.zeros(0, self.dtype)
        with self.path.open("rb") as file:
            return np.frombuffer(mmap.mmap(file.fileno(), self.size, access=mmap.ACCESS_READ), self.dtype)


def _read(path: Path, begin: int, end: int) -> bytes:
    with path.open("rb") as file:
        file.seek(begin)
        return file.read(max(end - begin, 0))


def _opened(path: Path, size: int) -> int:
    """A file to be written from `size` on; what was there beyond is cut."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
    if os.fstat(handle).st_size != size:
        os.ftruncate(handle, size)
    os.lseek(handle, size, os.SEEK_SET)
    return handle


def _write(handle: int, raw: bytes) -> None:
    at = memoryview(raw)
    while at:
        at = at[os.write(handle, at) :]
