"""Home to the seal of the index: SQLite keeps no check on its bytes as the log does, so a closed one gets it beside it.

With it every file of the ledger is under a check, and a flipped bit is found in the index too, also where no row lies.
"""

from __future__ import annotations

import threading
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from ytterby.store import atomic

_AT_ONCE = 256
"""Blocks that are read at once."""
BLOCK = 4096
_MARK = b"YTTSEAL1"

_open: Counter[str] = Counter()
"""Connections of this process by path. Opening and closing the file beside one would drop its locks (POSIX)."""
_counting = threading.Lock()


def opened(path: Path) -> None:
    """Tells that a connection of this process is open."""
    with _counting:
        _open[str(path)] += 1


def closed(path: Path) -> None:
    """Tells that one was closed."""
    with _counting:
        _open[str(path)] -= 1


def of(path: Path) -> Path:
    """Where the seal of an index lies."""
    return path.with_name("index.seal")


def lift(path: Path) -> None:
    """Takes the seal off, before anything is written."""
    with suppress(OSError):
        of(path).unlink()


def put(path: Path) -> None:
    """Seals a closed index; one that is still open somewhere gets no seal."""
    with _counting:
        if _open[str(path)] or path.with_name(path.name + "-wal").exists() or not path.exists():
            return
        checks = b"".join(_check(block) for block in _blocks(path))
    content = _MARK + path.stat().st_size.to_bytes(8, "little") + checks
    atomic.write(of(path), content + _check(content))


def broken(path: Path) -> tuple[Path, int, str] | None:
    """The first place at which a sealed index is not as it was closed: (file, offset, why); None where all is well, or
    nothing is sealed.
    """
    at = of(path)
    if not at.exists() or path.with_name(path.name + "-wal").exists():
        return None
    raw = at.read_bytes()
    content = raw[:-4]
    if _check(content) != raw[-4:]:
        return at, 0, "the seal of the index does not fit its own check"
    with _counting:
        if _open[str(path)]:
            return None
        size = path.stat().st_size
        if size != int.from_bytes(content[8:16], "little"):
            return path, size, "the index is not as long as when it was closed"
        for number, block in enumerate(_blocks(path)):
            if _check(block) != content[16 + 4 * number : 20 + 4 * number]:
                return path, number * BLOCK, f"these {len(block):,} bytes of the index are not as when it was closed"
    return None


def _check(block: bytes | memoryview) -> bytes:
    return zlib.crc32(block).to_bytes(4, "little")


def _blocks(path: Path) -> Iterator[memoryview]:
    with path.open("rb") as file:
        while some := file.read(_AT_ONCE * BLOCK):
            whole = memoryview(some)
            yield from (whole[at : at + BLOCK] for at in range(0, len(some), BLOCK))
