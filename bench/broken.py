"""Home to what breaks: captures killed at random instants, and bits flipped in every file of a ledger.

Runnable alone: ``python -m bench.broken [KILLS] [FLIPS]``.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

from bench import tracked
from bench.table import Section, as_text

EVENTS = 6_000
PART = 30_000
"""Bytes of a part of the file: with small ones there is much to be told of, and to be killed between."""
SMALL = 400
"""Events of the ledger whose bits are flipped."""


def sections(quick: bool) -> Iterator[Section]:  # noqa: FBT001
    """Kills and flips."""
    yield section(10 if quick else 100, 60 if quick else 600)


def section(kills: int, flips: int) -> Section:
    """The table."""
    with tempfile.TemporaryDirectory(prefix="ytterby-bench-") as name:
        killed = _killed(Path(name), kills)
        rows = [killed, *_flipped(Path(name), flips)]
    return Section(
        "What breaks is found",
        ("", "times", "held or found", "that is"),
        tuple(rows),
        (
            f"captures of {EVENTS:,} events, half of them by three processes, killed (SIGKILL) at random instants and "
            "then gone on with; each time the whole ledger is verified",
            f"bits at random places of the files of a ledger of {SMALL} events and some refusals, one at a time; found "
            "is one that `ledger verify` tells",
        ),
    )


def _killed(home: Path, times: int) -> tuple[str, ...]:
    from ytterby.custody.ledger import Ledger
    from ytterby.custody.verify import verify

    importlib.import_module("ytterby.custody.capture")  # once, and not by every process that is to be killed
    dice = random.Random(times)
    path = tracked.written(home / "events.jsonl", EVENTS)
    lines = path.read_bytes()
    fork = multiprocessing.get_context("fork")
    turn, folder, before, done, midst = 0, home / "custody-0", 0, 0, 0
    for number in range(times):
        ours, theirs = fork.Pipe(duplex=False)
        process = fork.Process(target=_capturing, args=(folder, path, 2 * (number % 2), theirs))
        process.start()
        theirs.close()
        if number % 4:  # in the midst of it; every fourth while it only begins
            ours.poll(10.0)
        time.sleep(dice.random() * 0.4)
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        sure = max(_told(ours), default=0)
        verdict = verify(folder)
        if not verdict.whole:
            raise SystemExit(f"kill {number + 1}: {verdict.findings}")
        with Ledger.open(folder) as ledger:
            held = len(ledger)
        if held < max(before, lines[:sure].count(b"\n")):
            raise SystemExit(f"kill {number + 1}: an acknowledged event is lost")
        midst += before < held < EVENTS
        before, done = held, done + 1
        if held == EVENTS:
            turn, before = turn + 1, 0
            folder = home / f"custody-{turn}"
    return (
        "captures killed", f"{times}", f"{done}",
        f"no acknowledged event lost, chain whole; {midst} amid events; {turn} captures went on to their end",
    )  # fmt: skip


def _capturing(folder: Path, path: Path, workers: int, told: Connection) -> None:
    """The process that is killed: it tells the bytes that are done."""
    from ytterby.custody.capture import capture
    from ytterby.custody.capturing import sources

    sources.LENGTH = PART
    capture(folder, [path], workers=workers, advance=lambda done, _: told.send(done))


def _told(ours: Connection) -> list[int]:
    """What was told before the end; the last of it may be torn."""
    found = []
    try:
        while ours.poll():
            found.append(ours.recv())
    except (EOFError, OSError):
        pass
    return found


def _flipped(home: Path, flips: int) -> Iterator[tuple[str, ...]]:
    from ytterby.custody.capture import capture
    from ytterby.custody.verify import verify

    folder, dice = home / "flipped", random.Random(flips)
    path = tracked.written(home / "few.jsonl", SMALL)
    path.write_bytes(path.read_bytes() + b'{"type": "ObjectEvent"}\n' * 5)
    capture(folder, [path], workers=0)
    if not verify(folder).whole:
        raise SystemExit("the ledger is not whole before anything is flipped")
    files = sorted(one for one in folder.rglob("*") if one.is_file() and one.stat().st_size and one.name != "lock")
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for number in range(flips):
        # half of them in what nothing else could tell again: the logs and the heads
        file = dice.choice([one for one in files if number % 2 or one.parent == folder])
        name = "book/" if file.parent != folder else file.name
        whole = file.read_bytes()
        at = dice.randrange(len(whole))
        changed = bytearray(whole)
        changed[at] ^= 1 << dice.randrange(8)
        file.write_bytes(changed)
        told = verify(folder).findings
        file.write_bytes(whole)
        found[name][0] += 1
        found[name][1] += bool(told)
        found[name][2] += any(file.name.partition(".crc")[0].partition(".")[0] in one.file for one in told)
    for name, (times, seen, placed) in sorted(found.items()):
        yield (f"bits flipped in {name}", f"{times}", f"{seen}", f"found; {placed} with their file named")


def main() -> None:
    """The command."""
    kills, flips = (*map(int, sys.argv[1:]), 100, 600)[:2]
    print(as_text(section(kills, flips)))


if __name__ == "__main__":
    main()
