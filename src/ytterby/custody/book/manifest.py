"""Home to the manifest of the book: how much of each file counts; written last, and what it leaves out is not there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from zlib import crc32

from ytterby.custody.book.layout import STRINGS, TABLES, VERSION
from ytterby.store import atomic
from ytterby.terms.errors import StoreError

NAME = "manifest.json"
REMEDY = "the ledger holds everything the book says: `ytterby ledger verify --rebuild` makes the book again"


def files() -> Mapping[str, str]:
    """Every column of the book and its type: ``"events.time"`` → ``"i8"``."""
    made = {f"{table}.{column}": kind for table, columns in TABLES.items() for column, kind in columns.items()}
    for table in STRINGS:
        made |= {f"{table}.end": "i8", f"{table}.low": "u8", f"{table}.high": "u8", f"{table}.text": "u1"}
    return made


@dataclass(frozen=True, slots=True)
class Kept:
    """A derived array kept on disk, so that opening need not make it again."""

    file: str
    dtype: str
    rows: int
    """Of the column it is derived from."""
    crc: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """Lengths and sums."""

    rows: Mapping[str, int] = field(default_factory=dict)
    tails: Mapping[str, int] = field(default_factory=dict)
    """CRC-32 of the last, unfinished block of each column."""
    settled: Mapping[str, int] = field(default_factory=dict)
    """Rows of each column that surely reached the disk."""
    kept: Mapping[str, Kept] = field(default_factory=dict)
    turn: int = 0
    """Counts the writings of derived arrays: none is ever written over."""


def read(folder: Path) -> Manifest | None:
    """The manifest of a book; None where there is no book. Raises `StoreError` where it is damaged."""
    path = folder / NAME
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return None
    try:
        head, _, body = raw.partition(b"\n")
        told = json.loads(head)
        if told != {"book": VERSION, "crc": crc32(body)}:
            raise ValueError
        made = json.loads(body)
        kept = {name: Kept(**one) for name, one in made.pop("kept").items()}
        return Manifest(**made, kept=kept)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(
            "the book's manifest is damaged or of another version", place=str(path), remedy=REMEDY
        ) from error


def write(folder: Path, manifest: Manifest, *, settle: bool = True) -> None:
    """Put the manifest in the place of the one before; without `settle` it may be lost with the power, and the book
    is then made again.
    """
    told = {name: getattr(manifest, name) for name in ("rows", "tails", "settled", "turn")}
    told["kept"] = {name: asdict(one) for name, one in manifest.kept.items()}
    body = json.dumps(told, separators=(",", ":"), sort_keys=True).encode()
    raw = json.dumps({"book": VERSION, "crc": crc32(body)}).encode() + b"\n" + body
    if settle:
        atomic.write(folder / NAME, raw)
        return
    work = folder / f".{NAME}{atomic.MARK}new"
    work.write_bytes(raw)
    work.replace(folder / NAME)
