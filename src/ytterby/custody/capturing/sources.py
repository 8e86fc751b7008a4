"""Home to sources: files, folders, bytes and streams, cut into parts that can be read each by itself.

JSON lines are cut at line ends, whatever their length; anything else is one part, and has a limit. Nothing is read
whole to find out which it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeAlias

from ytterby.custody.epcis.reading import LONGEST_EVENT
from ytterby.custody.epcis.reading import _lines as is_lines
from ytterby.custody.ledger.refused import KEPT, Refusal
from ytterby.store.disk import told
from ytterby.terms.errors import BadValue

Source: TypeAlias = Path | bytes | IO[bytes]

LARGEST = 128 * 2**20
"""Bytes of a document that is not JSON lines: it is held in memory."""
LENGTH = 3 * 2**20
"""Bytes of a part of JSON lines, more or less."""
ENDINGS = frozenset({".json", ".jsonld", ".jsonl", ".ndjson", ".xml", ".csv"})
"""What is taken of a folder."""
STREAM = "standard input"


@dataclass(frozen=True, slots=True)
class Part:
    """So much of a source as is read at once."""

    where: str
    path: Path | None = None
    start: int = 0
    end: int = 0
    content: bytes | None = None
    lines: bool = False
    """Whether it is some lines of many: their numbers then count from the part's beginning."""
    first: bool = True
    """Whether the source begins with it."""

    @property
    def size(self) -> int:
        """Bytes."""
        return self.end - self.start if self.content is None else len(self.content)

    def read(self) -> bytes:
        """The bytes."""
        if self.content is not None:
            return self.content
        assert self.path is not None
        with self.path.open("rb") as file:
            file.seek(self.start)
            return file.read(self.end - self.start)


def listed(sources: Iterable[Source]) -> list[Source]:
    """The sources with folders told file by file, sorted.

    Raises:
        BadValue: a path that is not there, or a folder with nothing to capture.
    """
    found: list[Source] = []
    for one in sources:
        if not isinstance(one, Path):
            found.append(one)
        elif one.is_dir():
            inside = sorted(p for p in one.rglob("*") if p.is_file() and p.suffix.lower() in ENDINGS)
            if not inside:
                remedy = f"its files have to end with one of {', '.join(sorted(ENDINGS))}"
                raise BadValue("there is nothing to capture in the folder", place=str(one), remedy=remedy)
            found += inside
        elif one.exists():
            found.append(one)
        else:
            raise BadValue("there is no such file", place=str(one), remedy="check the path")
    return found


def size(sources: Iterable[Source]) -> int:
    """Bytes in all, as far as they can be known beforehand."""
    total = 0
    for one in sources:
        if isinstance(one, Path):
            total += one.stat().st_size
        elif isinstance(one, bytes):
            total += len(one)
    return total


def parts(source: Source, where: str = "", *, whole: bool = False) -> Iterator[Part | Refusal]:
    """A source in parts, in order; of what cannot be read the refusal stands in its place. `whole`: not cut."""
    if isinstance(source, bytes) and whole and len(source) <= LARGEST:
        yield Part(where or "bytes", content=source)
    elif isinstance(source, bytes):
        yield from _of_bytes(source, where or "bytes")
    elif isinstance(source, Path):
        try:
            with source.open("rb") as file:
                yield from _of_file(file, source, where or str(source))
        except OSError as error:
            yield Refusal("", f"size: {told(error, 'read the file', source).cause}", where or str(source))
    else:
        yield from _of_stream(source, where or STREAM)


def _of_bytes(content: bytes, where: str) -> Iterator[Part | Refusal]:
    if not is_lines(content):
        yield (
            _too_large(where, content[:KEPT], len(content)) if len(content) > LARGEST else Part(where, content=content)
        )
        return
    start = 0
    while start < len(content):
        end = content.find(b"\n", start + LENGTH) + 1 or len(content)
        yield Part(where, content=content[start:end], lines=True, first=start == 0)
        start = end


def _of_file(file: IO[bytes], path: Path, where: str) -> Iterator[Part | Refusal]:
    whole = path.stat().st_size
    head = file.read(LONGEST_EVENT + 8192)
    if not is_lines(head):
        yield _too_large(where, head[:KEPT], whole) if whole > LARGEST else Part(where, path, 0, whole)
        return
    del head
    start = 0
    while start < whole:
        end = _cut(file, start, whole)
        if end is None:
            end = _line_end(file, start, whole)
            file.seek(start)
            yield _long_line(where, start, file.read(KEPT), end - start)
        else:
            yield Part(where, path, start, end, lines=True, first=start == 0)
        start = end


def _cut(file: IO[bytes], start: int, whole: int) -> int | None:
    """Where a part that begins at `start` ends: behind a line; None where a line that is too long begins there."""
    if start + LENGTH >= whole:
        # The last lines are few, but may be one that is too long.
        return whole if whole - start <= LENGTH + LONGEST_EVENT else None
    file.seek(start + LENGTH)
    beyond = file.read(LONGEST_EVENT)
    at = beyond.find(b"\n")
    if at >= 0:
        return start + LENGTH + at + 1
    if start + LENGTH + len(beyond) >= whole:
        return whole
    file.seek(start)
    at = file.read(LENGTH).rfind(b"\n")
    return start + at + 1 if at >= 0 else None


def _line_end(file: IO[bytes], start: int, whole: int) -> int:
    file.seek(start)
    at = start
    while block := file.read(2**20):
        found = block.find(b"\n")
        if found >= 0:
            return at + found + 1
        at += len(block)
    return whole


def _of_stream(stream: IO[bytes], where: str) -> Iterator[Part | Refusal]:
    """What comes in line by line is handed on as it comes; a document is waited for."""
    read = getattr(stream, "read1", stream.read)
    held, lines, first = b"", False, True
    while block := read(2**20):
        held += block
        if not lines and len(held) > LARGEST:
            while read(2**20):
                pass
            yield _too_large(where, held[:KEPT], len(held))
            return
        lines = lines or is_lines(held)
        end = held.rfind(b"\n") + 1
        if lines and end:
            yield Part(where, content=held[:end], lines=True, first=first)
            held, first = held[end:], False
        elif lines and len(held) > LONGEST_EVENT + LENGTH:
            yield _long_line(where, 0, held[:KEPT], len(held))
            while (block := read(2**20)) and b"\n" not in block:
                pass
            held = block.partition(b"\n")[2]
    if held.strip():
        yield Part(where, content=held, lines=lines, first=first)


def _too_large(where: str, raw: bytes, whole: int) -> Refusal:
    reason = (
        f"size: a document of {whole / 2**20:,.0f} MB or more, and the most is {LARGEST // 2**20} MB; "
        "send it as JSON lines, one event a line, which has no limit"
    )
    return Refusal("", reason, where, raw, whole)


def _long_line(where: str, start: int, raw: bytes, length: int) -> Refusal:
    reason = f"size: an event of {length:,} bytes, and the most is {LONGEST_EVENT:,}"
    return Refusal("", reason, f"{where}#byte {start}", raw, length)
