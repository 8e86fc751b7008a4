"""Home to heads: what the ledger was at a moment, in a few hashes that can be published and held against it later.

Each acknowledgement is one line of ``heads.jsonl``, of one width, with a check of its own: what was told to be kept is
known by the last whole line, and a line that a crash tore is told from one that was damaged.
"""

from __future__ import annotations

import datetime
import json
import os
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, final

from ytterby.store.disk import told
from ytterby.terms.errors import BadValue, StoreError

WIDTH = 512
"""Bytes of a line, with its end."""
_CHECK = b'"check":"'


@dataclass(frozen=True, slots=True)
class Head:
    """The ledger as it was acknowledged."""

    size: int
    """Events."""
    root: str
    """Root of the hash tree over them, hex (RFC 9162)."""
    chain: str
    """Chain hash of the last one, hex."""
    time: int
    """Microseconds of UTC."""
    ledger: str = ""
    """Which ledger: the identity it was made with, hex."""
    length: int = 0
    """Bytes of the log."""
    refused: int = 0
    """Frames in the log of what was refused."""
    refused_length: int = 0
    refused_chain: str = ""

    def published(self) -> dict[str, Any]:
        """What is worth publishing: {"ledger", "size", "root", "chain", "time"}, the time in ISO 8601."""
        moment = datetime.datetime.fromtimestamp(self.time / 1e6, datetime.UTC)
        when = moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
        return {"ledger": self.ledger, "size": self.size, "root": self.root, "chain": self.chain, "time": when}


def read(told_head: Mapping[str, Any], place: str = "head") -> tuple[str, int, bytes, bytes]:
    """A published head as (ledger, size, root, chain).

    Raises:
        BadValue: it is none.
    """
    try:
        size = told_head["size"]
        root, chain = bytes.fromhex(told_head["root"]), bytes.fromhex(told_head["chain"])
        ledger = str(told_head["ledger"])
    except (KeyError, TypeError, ValueError) as error:
        remedy = "give the JSON that 'ytterby ledger head --json' printed"
        raise BadValue(f"this is no head of a ledger ({error})", place=place, remedy=remedy) from None
    if not isinstance(size, int) or isinstance(size, bool) or size < 0 or len(root) != 32 or len(chain) != 32:
        raise BadValue("this is no head of a ledger", place=place, remedy="give what 'ytterby ledger head' printed")
    return ledger, size, root, chain


def line(head: Head) -> bytes:
    """A head as a line of the file."""
    plain = json.dumps(asdict(head), separators=(",", ":"))[:-1]
    blank = f'{plain},"check":"00000000"}}'.encode().ljust(WIDTH - 1) + b"\n"
    at = blank.rindex(_CHECK) + len(_CHECK)
    return blank[:at] + f"{zlib.crc32(blank):08x}".encode() + blank[at + 8 :]


def parsed(raw: bytes) -> Head | None:
    """The head of a line; None where it is damaged."""
    at = raw.rfind(_CHECK) + len(_CHECK)
    blank = raw[:at] + b"00000000" + raw[at + 8 :]
    if len(raw) != WIDTH or raw[at : at + 8] != f"{zlib.crc32(blank):08x}".encode():
        return None
    try:
        found = json.loads(raw)
        found.pop("check")
        return Head(**found)
    except (ValueError, TypeError, KeyError):
        return None


def last(path: Path) -> Head | None:
    """The newest head; None of a ledger that has none yet.

    Raises:
        StoreError: the newest whole line is damaged.
    """
    try:
        with path.open("rb") as file:
            count = os.fstat(file.fileno()).st_size // WIDTH
            if not count:
                return None
            file.seek((count - 1) * WIDTH)
            raw = file.read(WIDTH)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise told(error, "read the heads of the ledger", path) from error
    found = parsed(raw)
    if found is None:
        remedy = "put a copy of the file back; 'ytterby ledger verify' says more"
        raise StoreError("the newest head of the ledger is damaged", place=f"{path}, line {count:,}", remedy=remedy)
    return found


def all_of(path: Path) -> Iterator[tuple[int, Head | None]]:
    """Every whole line: (offset, head, or None where it is damaged)."""
    try:
        with path.open("rb") as file:
            offset = 0
            while len(raw := file.read(WIDTH)) == WIDTH:
                yield offset, parsed(raw)
                offset += WIDTH
    except FileNotFoundError:
        return


@final
class Acknowledging:
    """The end of the file of heads, for the one writer."""

    def __init__(self, path: Path) -> None:
        """Opens it; a torn last line, which was never acknowledged, is cut off."""
        self.path = path
        try:
            self._file: IO[bytes] = path.open("ab")
            self._file.truncate(self._file.tell() // WIDTH * WIDTH)
        except OSError as error:
            raise told(error, "write the heads of the ledger", path) from error

    def add(self, head: Head) -> None:
        """Writes a head; not on the disk before `settle`."""
        try:
            self._file.write(line(head))
            self._file.flush()
        except OSError as error:
            raise told(error, "write the heads of the ledger", self.path) from error

    def settle(self) -> None:
        """Has the system write it through to the disk."""
        try:
            os.fsync(self._file.fileno())
        except OSError as error:
            raise told(error, "write the heads of the ledger", self.path) from error

    def close(self) -> None:
        """Closes the file."""
        self._file.close()
