"""Damage: one flipped bit anywhere is found, in its file, at its place."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ytterby.custody.ledger import Batch, Refusal, Writing, frames
from ytterby.custody.ledger.heads import WIDTH
from ytterby.custody.ledger.ledger import EVENTS, HEADS, INDEX, REFUSED, TREE
from ytterby.custody.ledger.verify import verify

FIELDS = (
    (0, "mark"), (4, "body check"), (8, "sequence"), (16, "time"), (24, "name length"), (26, "kind"), (28, "length"),
    (32, "digest"), (64, "chain"), (96, "header check"), (frames.FIXED, "name"),
)  # fmt: skip


@pytest.fixture
def folder(made: Callable[..., Batch], opened: Callable[..., Writing], tmp_path: Path) -> Path:
    with opened() as ledger:
        ledger.append(made(range(3)), [Refusal("urn:x:9", "why", "where", b"raw")])
    assert verify(tmp_path / "custody").whole
    return tmp_path / "custody"


def _flipped(path: Path, at: int, bit: int) -> bytes:
    whole = path.read_bytes()
    changed = bytearray(whole)
    changed[at] ^= 1 << bit
    path.write_bytes(changed)
    return whole


def _frames(path: Path, length: int) -> list[tuple[int, int, int]]:
    """(begin, end, bytes of the name) of each frame."""
    log = frames.Reader(path, length)
    found = [(one.offset, one.end, len(one.name)) for one in log.walk()]
    log.close()
    return found


@pytest.mark.parametrize("name", [EVENTS, REFUSED])
def test_every_bit_of_the_logs(name: str, folder: Path) -> None:
    (folder / INDEX).unlink()  # it would be looked at every time
    path = folder / name
    size = path.stat().st_size
    where = _frames(path, size)
    for at in range(size):
        for bit in (at % 4, at % 4 + 4):
            whole = _flipped(path, at, bit)
            found = verify(folder).findings
            path.write_bytes(whole)
            assert found, f"byte {at}, bit {bit}"
            assert found[0].file == name
            if at < frames.BEGINNING:
                assert found[0].offset == 0
                continue
            number, (begin, end, named) = next((k, one) for k, one in enumerate(where) if one[0] <= at < one[1])
            assert found[0].event == number
            assert begin <= found[0].offset < end
            inside = at - begin
            field = "body" if inside >= frames.FIXED + named else [f for start, f in FIELDS if start <= inside][-1]
            assert found[0].field == field, f"byte {inside} of the frame, bit {bit}: {found[0]}"


def test_every_bit_of_heads_and_tree(folder: Path) -> None:
    (folder / INDEX).unlink()
    for name, width in ((HEADS, WIDTH), (TREE, 1)):
        path = folder / name
        for at in range(path.stat().st_size):
            whole = _flipped(path, at, at % 8)
            found = verify(folder).findings
            path.write_bytes(whole)
            assert found, f"{name}, byte {at}"
            assert (found[0].file, found[0].offset) == (name, at // width * width)
            assert found[0].lost == (name == HEADS)


def test_any_bit_of_the_index_and_its_seal(folder: Path) -> None:
    chance = random.Random(7)
    for name in (INDEX, "index.seal"):
        path = folder / name
        for at in sorted(chance.sample(range(path.stat().st_size), 20)):
            whole = _flipped(path, at, chance.randrange(8))
            found = verify(folder).findings
            path.write_bytes(whole)
            assert found, f"{name}, byte {at}"
            assert found[0].file == name
            assert not found[0].lost
            if name == INDEX:
                assert found[0].offset <= at < found[0].offset + 4096
    assert verify(folder).whole


def test_a_ledger_written_anew_does_not_bear_out_its_heads(
    folder: Path, made: Callable[..., Batch], opened: Callable[..., Writing], tmp_path: Path
) -> None:
    head = (folder / HEADS).read_bytes()
    other = tmp_path / "other"
    with opened(other) as ledger:
        ledger.append(made([0, 1, 2], more="forged"))
    shutil.copy(other / EVENTS, folder / EVENTS)
    assert not verify(folder).whole
    (folder / HEADS).write_bytes(head)
    assert verify(folder).findings[0].file in (EVENTS, HEADS)


def test_the_ids_around_a_damage_are_told(folder: Path) -> None:
    begin, end, _ = _frames(folder / EVENTS, (folder / EVENTS).stat().st_size)[1]
    _flipped(folder / EVENTS, (begin + end) // 2 + 40, 0)
    found = verify(folder).findings[0]
    assert (found.event, found.before, found.after) == (1, "urn:x:0", "urn:x:2")
