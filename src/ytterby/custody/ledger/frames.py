"""Home to the file of frames: records one after the other, chained by hash, every byte of them under a check.

A file begins with a header of 64 bytes and goes on with frames. All numbers are little-endian.

| bytes | of a frame |
|---|---|
| 4 | mark |
| 4 | CRC-32 of name and body |
| 8 | sequence number, from 0 |
| 8 | microseconds of UTC at which it was taken in |
| 2, 2 | bytes of the name; kind |
| 4 | bytes of name and body |
| 32 | SHA-256 of the body |
| 32 | chain: SHA-256(chain before || the fields above up to the length || SHA-256 of the body || name) |
| 4 | CRC-32 of everything above |
| | name, body |

The chain before the first frame is the SHA-256 of the file's header. Whatever bit of a file is flipped, one of these
does not fit any more, and which ones do not says in which field of which frame it was.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import secrets
import struct
import time
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, NamedTuple, final

from ytterby.store.disk import told
from ytterby.terms.errors import StoreError

MARK = b"\xd6YTF"
FORMAT = b"YTTFRM01"
HEADER = struct.Struct("<8s8s16sq20s")
"""Format, what is kept, identity, microseconds at which it was made, room; a CRC-32 follows."""
BEGINNING = HEADER.size + 4
FIELDS = struct.Struct("<4sIQqHHI")
FIXED = FIELDS.size + 32 + 32 + 4
"""Bytes of a frame before its name."""
LONGEST_NAME = 0xFFFF
LONGEST_BODY = 1 << 30

_CRC = struct.Struct("<I")
_PLACES = {"mark": 0, "body check": 4, "sequence": 8, "time": 16, "name length": 24, "kind": 26, "length": 28}
_PLACES |= {"digest": 32, "chain": 64, "header check": 96, "name": FIXED}


class Frame(NamedTuple):
    """One record."""

    sequence: int
    offset: int
    time: int
    """Microseconds of UTC at which it was taken in."""
    name: bytes
    body: bytes
    digest: bytes
    chain: bytes

    @property
    def end(self) -> int:
        """Where the next one begins."""
        return self.offset + FIXED + len(self.name) + len(self.body)


class Damage(NamedTuple):
    """A place in a file where something does not fit."""

    offset: int
    sequence: int
    """Of the frame; -1 for the file's header."""
    field: str
    why: str


def header(kind: bytes) -> bytes:
    """The header of a new file."""
    raw = HEADER.pack(FORMAT, kind, secrets.token_bytes(16), time.time_ns() // 1000, b"")
    return raw + _CRC.pack(zlib.crc32(raw))


def beginning(raw: bytes) -> bytes:
    """The chain before the first frame."""
    return hashlib.sha256(raw).digest()


@final
class Reader:
    """A file of frames up to a length that was acknowledged; what lies beyond is not looked at."""

    def __init__(self, path: Path, length: int | None = None) -> None:
        """Opens the file.

        Raises:
            StoreError: it is not there, or shorter than `length`.
        """
        self.path = path
        try:
            with path.open("rb") as file:
                whole = os.fstat(file.fileno()).st_size
                self.length = whole if length is None else length
                if whole < self.length or whole < BEGINNING:
                    raise cut_short(path, whole, max(self.length, BEGINNING))
                self.data = mmap.mmap(file.fileno(), self.length, access=mmap.ACCESS_READ)
        except OSError as error:
            raise told(error, "read the ledger", path) from error
        self.head = self.data[:BEGINNING]

    def close(self) -> None:
        """Lets go of the file."""
        self.data.close()

    @property
    def identity(self) -> str:
        """Which ledger this is: sixteen random bytes that were drawn when it was made, in hex."""
        return str(HEADER.unpack_from(self.head)[2].hex())

    def at(self, offset: int, sequence: int | None = None) -> Frame:
        """The frame that begins at an offset.

        Raises:
            StoreError: there is none, or not the one that was asked for; `ytterby ledger verify` then says more.
        """
        try:
            mark, crc, number, when, named, _, length = FIELDS.unpack_from(self.data, offset)
        except struct.error:
            raise self._broken(offset, sequence) from None
        begin = offset + FIXED
        end = begin + length
        if mark != MARK or end > self.length or named > length or (sequence is not None and number != sequence):
            raise self._broken(offset, sequence)
        payload = self.data[begin:end]
        if zlib.crc32(payload) != crc:
            raise self._broken(offset, sequence)
        digest = self.data[offset + 32 : offset + 64]
        return Frame(
            number, offset, when, payload[:named], payload[named:], digest, self.data[offset + 64 : offset + 96]
        )

    def walk(self, offset: int = BEGINNING) -> Iterator[Frame]:
        """The frames from an offset on."""
        while offset < self.length:
            frame = self.at(offset)
            yield frame
            offset = frame.end

    def checked(
        self, offset: int = BEGINNING, sequence: int = 0, chain: bytes | None = None
    ) -> Iterator[Frame | Damage]:
        """The frames from an offset on, each looked at in every way; ends with the first damage."""
        if offset == BEGINNING:
            damage = _header_damage(self.head)
            if damage is not None:
                yield damage
                return
        before = beginning(self.head) if chain is None else chain
        while offset < self.length:
            found = self._look(offset, sequence, before)
            yield found
            if isinstance(found, Damage):
                return
            offset, before, sequence = found.end, found.chain, sequence + 1

    def _look(self, offset: int, sequence: int, before: bytes) -> Frame | Damage:
        data = self.data
        raw = data[offset : offset + FIXED]
        if len(raw) < FIXED:
            return Damage(offset, sequence, "frame", "it is cut short")
        mark, crc, number, when, named, kind, length = FIELDS.unpack_from(raw)
        end = offset + FIXED + length
        payload = data[offset + FIXED : end]
        digest, chain = raw[32:64], raw[64:96]
        if (
            mark == MARK
            and kind == 0
            and number == sequence
            and end <= self.length
            and named <= length
            and zlib.crc32(raw[:96]) == _CRC.unpack_from(raw, 96)[0]
            and zlib.crc32(payload) == crc
        ):
            name, body = payload[:named], payload[named:]
            if hashlib.sha256(body).digest() == digest and _chain(before, raw[:32], digest, name) == chain:
                return Frame(number, offset, when, name, body, digest, chain)
        field, why = _field(raw, payload, sequence, before, self.length - offset - FIXED)
        return Damage(offset + _PLACES.get(field, FIXED + named), sequence, field, why)

    def _broken(self, offset: int, sequence: int | None) -> StoreError:
        which = "" if sequence is None else f", event {sequence:,}"
        remedy = "run 'ytterby ledger verify': it says what is damaged; put a copy of the file back"
        return StoreError("the ledger is damaged", place=f"{self.path}, byte {offset:,}{which}", remedy=remedy)


@final
class Appender:
    """The end of a file of frames that is written to; only the one writer has one."""

    def __init__(self, path: Path, kind: bytes) -> None:
        """Opens the file at its end, making it where it is missing.

        Raises:
            StoreError: the disk refuses.
        """
        self.path = path
        try:
            if not path.exists() or path.stat().st_size < BEGINNING:
                path.write_bytes(header(kind))
            self._file: IO[bytes] = path.open("r+b")
        except OSError as error:
            raise told(error, "write the ledger", path) from error
        self.head = self._file.read(BEGINNING)
        self.sequence = 0
        self.chain = beginning(self.head)
        self.length = BEGINNING

    def resume(self, sequence: int, chain: bytes, length: int) -> None:
        """Goes on after the frame that ends at `length`; whatever lies beyond is cut off."""
        self.sequence, self.chain, self.length = sequence, chain, length
        try:
            if os.fstat(self._file.fileno()).st_size != length:
                self._file.truncate(length)
            self._file.seek(length)
        except OSError as error:
            raise told(error, "write the ledger", self.path) from error

    def add(self, records: Sequence[tuple[bytes, bytes, bytes]], when: int) -> list[int]:
        """Writes records (name, digest of the body, body); returns the offset of each. Not on disk before `settle`.

        Raises:
            StoreError: the disk refuses; then the file is as it was.
        """
        parts: list[bytes] = []
        offsets: list[int] = []
        sequence, chain, offset = self.sequence, self.chain, self.length
        pack, crc32, sha256, crc = FIELDS.pack, zlib.crc32, hashlib.sha256, _CRC.pack
        for name, digest, body in records:
            length = len(name) + len(body)
            fields = pack(MARK, crc32(body, crc32(name)), sequence, when, len(name), 0, length)
            told_of = fields + digest
            chain = sha256(chain + told_of + name).digest()
            fixed = told_of + chain
            parts += (fixed, crc(crc32(fixed)), name, body)
            offsets.append(offset)
            offset += FIXED + length
            sequence += 1
        try:
            self._file.write(b"".join(parts))
            self._file.flush()
        except OSError as error:
            self.resume(self.sequence, self.chain, self.length)
            raise told(error, "write the ledger", self.path) from error
        self.sequence, self.chain, self.length = sequence, chain, offset
        return offsets

    def settle(self) -> None:
        """Has the system write it through to the disk."""
        try:
            os.fsync(self._file.fileno())
        except OSError as error:
            raise told(error, "write the ledger", self.path) from error

    def close(self) -> None:
        """Closes the file."""
        self._file.close()


def _chain(before: bytes, fields: bytes, digest: bytes, name: bytes) -> bytes:
    return hashlib.sha256(before + fields + digest + name).digest()


def _header_damage(raw: bytes) -> Damage | None:
    if zlib.crc32(raw[: HEADER.size]) != _CRC.unpack_from(raw, HEADER.size)[0]:
        field = "format" if raw[:8] != FORMAT else "header"
        return Damage(0, -1, field, "the header of the file does not fit its check")
    if raw[:8] != FORMAT:
        return Damage(0, -1, "format", "the file is of another format")
    return None


def _field(raw: bytes, payload: bytes, sequence: int, before: bytes, left: int) -> tuple[str, str]:
    """Which field of a damaged frame it is, by what still fits."""
    mark, crc, number, _, named, kind, length = FIELDS.unpack_from(raw)
    fields, digest, chain = raw[:32], raw[32:64], raw[64:96]
    (header_check,) = _CRC.unpack_from(raw, 96)
    name, body = payload[:named], payload[named:]
    if zlib.crc32(raw[:96]) == header_check:
        if zlib.crc32(payload) != crc:
            whole = hashlib.sha256(body).digest() == digest
            return ("name" if whole else "body"), "it does not fit its check"
        if mark == MARK and number == sequence and hashlib.sha256(body).digest() == digest:
            return "chain", "the frame is whole, but does not follow from the one before: it was written anew"
        return "frame", "its checks fit, but it is not the frame that stood here: it was written anew"
    for field, wrong in (("mark", mark != MARK), ("sequence", number != sequence), ("kind", kind != 0)):
        if wrong:
            return field, "it is not what stands here in every frame"
    if length > left or length > LONGEST_BODY:
        return "length", "the frame would end beyond the file"
    if _chain(before, fields, digest, name) == chain:
        return "header check", "the frame is whole but for its own check"
    if zlib.crc32(payload) == crc:
        if hashlib.sha256(body).digest() != digest:
            # With the right digest the chain would fit: so it is the digest, else where the name ends.
            right = _chain(before, fields, hashlib.sha256(body).digest(), name) == chain
            return ("digest" if right else "name length"), "it does not fit the body"
        if zlib.crc32(fields + digest + _chain(before, fields, digest, name)) == header_check:
            return "chain", "it does not follow from the frame before"
        return "time", "it does not fit the chain"
    whole = hashlib.sha256(body).digest() == digest
    return ("body check" if whole else "length"), "it does not fit name and body"


def cut_short(path: Path, whole: int, wanted: int) -> StoreError:
    """The refusal of a file that is not as long as was acknowledged."""
    remedy = "put a copy of the file back: what was acknowledged is missing from its end"
    return StoreError(
        f"the ledger is cut short: {whole:,} of {wanted:,} bytes are left", place=str(path), remedy=remedy
    )
