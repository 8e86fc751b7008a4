"""Capture: what comes in is in the ledger, was there, or is refused with a reason; and a kill loses nothing told."""

from __future__ import annotations

import io
import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from tests.custody.events import born, chain, document, lot, turned

from ytterby.custody.book import Book
from ytterby.custody.capture import capture
from ytterby.custody.capturing import sources
from ytterby.custody.capturing.sources import parts
from ytterby.custody.ledger import Ledger
from ytterby.custody.verify import verify
from ytterby.terms.errors import BadValue


def _lines(events: Any) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in events)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "custody"


def _sound(folder: Path, size: int) -> None:
    verdict = verify(folder)
    assert verdict.whole, verdict.findings
    assert verdict.events == size
    book = Book.open(folder / "book")
    assert len(book) == size
    book.close()


def test_every_form_is_captured_once(folder: Path, tmp_path: Path) -> None:
    events = list(chain(9))
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jsonl").write_bytes(_lines(events[:3]))
    (tmp_path / "in" / "b.json").write_text(json.dumps(document(events[3:6])), encoding="utf-8")
    (tmp_path / "in" / "notes.txt").write_text("not captured", encoding="utf-8")
    done = capture(folder, [tmp_path / "in", json.dumps(events[6]).encode(), io.BytesIO(_lines(events[6:]))])
    assert (done.captured, done.already, done.refused) == (9, 1, ())
    assert done.head["size"] == 9
    _sound(folder, 9)
    again = capture(folder, [tmp_path / "in"])
    assert (again.captured, again.already) == (0, 6)
    assert again.head["root"] == done.head["root"]


def test_processes_read_what_one_reads_in_the_same_order(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(_lines([*chain(60), born(5, kg=7)]))
    (tmp_path / "b.jsonl").write_bytes(_lines(chain(90)) + b"{broken\n" + _lines([born(500)]))
    told = []
    for workers in (0, 2):
        seen: list[tuple[int, int]] = []
        done = capture(
            tmp_path / f"custody{workers}", [tmp_path / "a.jsonl", tmp_path / "b.jsonl"], workers=workers,
            advance=lambda n, total, seen=seen: seen.append((n, total)),  # type: ignore[misc]
        )  # fmt: skip
        told.append((done.captured, done.already, [one.to_dict() for one in done.refused], done.head["root"]))
        assert seen[-1][0] == seen[-1][1] == sum(path.stat().st_size for path in tmp_path.glob("*.jsonl"))
        _sound(tmp_path / f"custody{workers}", 91)
    assert told[0] == told[1]
    assert told[0][:2] == (91, 60)
    assert [one["path"].rpartition("/")[2] for one in told[0][2]] == ["a.jsonl", "b.jsonl#line 91"]


def test_lines_are_cut_into_parts_and_counted_through(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "LENGTH", 700)
    path = tmp_path / "many.jsonl"
    path.write_bytes(_lines(chain(30)) + b'{"type": "Nothing"}\n' + _lines([born(40)]))
    cut = [one for one in parts(path) if isinstance(one, sources.Part)]
    assert len(cut) > 10
    assert b"".join(one.read() for one in cut) == path.read_bytes()
    assert all(one.read().endswith(b"\n") for one in cut)
    done = capture(folder, [path])
    assert done.captured == 31
    assert [one.path for one in done.refused] == [f"{path}#line 31/type"]
    again = capture(folder, [path])
    assert (again.captured, again.already, len(again.refused)) == (0, 31, 1)
    with Ledger.open(folder) as ledger:
        assert len(list(ledger.refusals())) == 1  # refused twice, kept once
    # A line added at the end: what was there is known part by part.
    path.write_bytes(path.read_bytes() + _lines([born(41)]))
    assert capture(folder, [path]).captured == 1


REFUSED = [
    ("gain", turned(900, [0, 1], 9) | {"outputQuantityList": [{"epcClass": lot(9), "quantity": 1000, "uom": "KGM"}]}),
    ("future", born(901) | {"eventTime": "2099-01-01T00:00:00Z"}),
    ("identity", born(0, kg=77)),
    ("cycle", turned(902, [2], 0, kg=1)),
    ("forged", born(903, name=f"ni:///sha-256;{'0' * 64}?ver=CBV2.0")),
    ("schema", {"type": "ObjectEvent", "eventTime": "2026-01-01T00:00:00Z"}),
]  # fmt: skip


@pytest.mark.parametrize(("check", "event"), REFUSED, ids=[name for name, _ in REFUSED])
def test_what_cannot_be_is_refused_and_disturbs_nothing(folder: Path, check: str, event: dict[str, Any]) -> None:
    capture(folder, [_lines(chain(6))])
    done = capture(folder, [_lines([born(50), event, born(51)])], strict=["forged"])
    assert done.captured == 2
    assert [one.reason.partition(":")[0] for one in done.refused] == [check]
    _sound(folder, 8)
    with Ledger.open(folder) as ledger:
        kept = list(ledger.refusals())
        assert len(kept) == 1
        assert json.loads(kept[0].raw)["type"] == event["type"]


def test_all_or_nothing(folder: Path) -> None:
    bad = json.dumps(document([born(1), born(2) | {"eventTime": "2099-01-01T00:00:00Z"}, born(3)])).encode()
    done = capture(folder, [bad, json.dumps(born(9)).encode()], whole=True)
    assert (done.captured, len(done.refused)) == (1, 1)
    _sound(folder, 1)
    assert capture(folder, [json.dumps(document([born(1), born(3)])).encode()], whole=True).captured == 2


def test_a_document_of_two_gigabytes_is_refused_unread(folder: Path, tmp_path: Path) -> None:
    huge = tmp_path / "huge.json"
    with huge.open("wb") as file:
        file.write(b'{"type": "EPCISDocument", "epcisBody": {"eventList": [\n')
        file.truncate(2 * 2**30)  # a hole: it takes no room on the disk
    done = capture(folder, [huge, _lines([born(1)])])
    assert done.captured == 1
    assert done.refused[0].reason.startswith("size: a document of 2,048 MB")
    with Ledger.open(folder) as ledger:
        kept = next(ledger.refusals())
        assert kept.size == 2 * 2**30
        assert len(kept.raw) <= 65_536


def test_a_line_that_is_too_long_is_refused_alone(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "LENGTH", 3000)
    monkeypatch.setattr(sources, "LONGEST_EVENT", 5000)
    path = tmp_path / "long.jsonl"
    path.write_bytes(_lines([born(1)]) + b'{"x": "' + b"y" * 50_000 + b'"}\n' + _lines(chain(6)))
    done = capture(folder, [path])
    assert done.captured == 6  # born(1) is the second of the chain
    assert [one.reason.partition(":")[0] for one in done.refused] == ["size"]


def test_a_path_that_is_not_there_changes_nothing(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(BadValue, match="no such file"):
        capture(folder, [tmp_path / "nothing.json"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadValue, match="nothing to capture"):
        capture(folder, [tmp_path / "empty"])
    assert not folder.exists()


def test_a_lost_book_is_made_again(folder: Path) -> None:
    import shutil

    capture(folder, [_lines(chain(20))])
    shutil.rmtree(folder / "book")
    capture(folder, [_lines(chain(21))])
    _sound(folder, 21)


KILLED = """
import sys
from pathlib import Path
from ytterby.custody.capturing import sources
sources.LENGTH = 2000
from ytterby.custody.capture import capture
capture(Path(sys.argv[1]), [Path(sys.argv[2])], workers=0, advance=lambda n, total: print(n, flush=True))
"""


def killed(folder: Path, path: Path, after: float) -> int:
    """Captures in a process that is killed so many seconds after it told something first; returns bytes it told of."""
    command = [sys.executable, "-c", KILLED, str(folder), str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        told = [child.stdout.readline()]
        time.sleep(after)
        child.send_signal(signal.SIGKILL)
        told += child.stdout.readlines()
    whole = [int(line) for line in told if line.endswith("\n") and line.strip()]
    return max(whole, default=0)


def test_killed_at_any_instant_nothing_that_was_told_is_lost(tmp_path: Path) -> None:
    events = list(chain(900))
    path = tmp_path / "many.jsonl"
    path.write_bytes(_lines(events))
    ids = [one["eventID"] for one in events]
    chance = random.Random(11)
    folder = tmp_path / "custody"
    before = 0
    for _ in range(8):
        told = killed(folder, path, chance.random() * 0.12)
        sure = path.read_bytes()[:told].count(b"\n")
        verdict = verify(folder)
        assert verdict.whole, verdict.findings
        with Ledger.open(folder) as ledger:
            there = [one.id for one in ledger.walk()]
        assert there[:sure] == ids[:sure]
        assert len(there) >= max(sure, before)
        before = len(there)
    done = capture(folder, [path])
    assert done.captured + done.already == 900
    with Ledger.open(folder) as ledger:
        assert [one.id for one in ledger.walk()] == ids
    _sound(folder, 900)


def test_an_event_and_its_error_declaration_share_their_id(folder: Path) -> None:
    told = born(1)
    declared = told | {"errorDeclaration": {"declarationTime": "2026-03-05T00:00:00Z", "reason": "incorrect_data"}}
    other = told | {"errorDeclaration": {"declarationTime": "2026-03-06T00:00:00Z", "reason": "did_not_occur"}}
    assert capture(folder, [_lines([told])]).captured == 1
    assert capture(folder, [_lines([declared])]).captured == 1
    again = capture(folder, [_lines([told, declared])])
    assert (again.captured, again.already, again.refused) == (0, 2, ())
    # a second, other declaration under the id is a conflict as any other
    assert len(capture(folder, [_lines([other, declared])]).refused) == 1
    assert Book.open(folder / "book").mistaken.all()
    _sound(folder, 2)


def test_few_events_wait_for_the_ledger_alone_and_are_looked_at_by_the_next(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ytterby.custody.capture.FEW", 20)
    events = list(chain(60))
    unsettled = []
    for event in events[:45]:
        capture(folder, [_lines([event])])
        with_them = Book.open(folder / "book")
        unsettled.append(with_them.unsettled)
        with_them.close()
    assert unsettled == [*range(1, 20), 0, *range(1, 20), 0, *range(1, 6)]
    times = next((folder / "book").glob("events.time.*8"))
    raw = bytearray(times.read_bytes())
    raw[-3] ^= 1
    times.write_bytes(raw)
    # what a crash might have left: the book is made again from the ledger
    capture(folder, [_lines(events[45:])])
    _sound(folder, 60)
