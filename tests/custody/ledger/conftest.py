"""Home to a small ledger: events made by hand, so that its tests stand without any format."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest

from ytterby.custody.event import Event, Piece
from ytterby.custody.ledger import Batch, Writing
from ytterby.custody.ledger.rows import Rows, rows

Make = Callable[[Iterable[int]], Batch]
Open = Callable[..., Writing]


def event(n: int) -> Event:
    """The n-th event: lot n // 3 goes into lot n // 3 + 7 at one of five places."""
    pieces = (Piece(f"lot{n // 3}", "input", 5), Piece(f"lot{n // 3 + 7}", "output", 5))
    return Event(f"urn:x:{n}", "object", 10**15 + 1000 * n, 0, pieces, "ADD", "shipping", "", "", f"place{n % 5}")


def body(n: int, more: str = "") -> bytes:
    """What stands for its canonical form."""
    return f'{{"n":{n},"more":"{more}"}}'.encode()


def batch(numbers: Iterable[int], more: str = "") -> Batch:
    """A batch of events."""
    some = list(numbers)
    bodies = tuple(body(n, more) for n in some)
    events = [event(n) for n in some]
    digests = tuple(hashlib.sha256(one).digest() for one in bodies)
    return Batch(tuple(one.id for one in events), digests, bodies, rows(events))


def _again(bodies: Sequence[bytes], names: Sequence[str]) -> Rows:
    return rows([event(int(re.match(rb'{"n":(\d+)', one)[1])) for one in bodies])  # type: ignore[index]


@pytest.fixture
def made() -> Callable[..., Batch]:
    return batch


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """Opens the ledger of this test for writing."""
    return lambda folder=tmp_path / "custody", **more: Writing(folder, rows=_again, **more)
