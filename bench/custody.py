"""Home to the speed of capture: a million events into the ledger, read, checked, hashed, indexed and on the disk.

Runnable alone: ``python -m bench.custody [EVENTS]``.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import tracked
from bench.table import Section

CHILD = """
import json, sys, time
from pathlib import Path
from ytterby.custody.capture import capture
began = time.perf_counter()
done = capture(Path(sys.argv[1]), [Path(sys.argv[2])], workers=int(sys.argv[3]))
took = time.perf_counter() - began
print(json.dumps([done.captured, done.already, len(done.refused) + done.more, took]), flush=True)
"""


def child(folder: Path, path: Path, workers: int) -> subprocess.Popen[str]:
    """A process that captures a file."""
    command = [sys.executable, "-c", CHILD, str(folder), str(path), str(workers)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def measured(folder: Path, path: Path, workers: int) -> tuple[int, int, int, float, float, float]:
    """(captured, already, refused, seconds, peak bytes of all processes together, their processor seconds)."""
    import json
    import resource

    import psutil

    peak = 0.0
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = child(folder, path, workers)
    over = threading.Event()

    def watch() -> None:
        nonlocal peak
        parent = psutil.Process(process.pid)
        while not over.wait(0.2):
            try:
                alive = [parent, *parent.children(recursive=True)]
                peak = max(peak, sum(_resident(one) for one in alive))
            except psutil.Error:
                continue

    thread = threading.Thread(target=watch)
    thread.start()
    told, _ = process.communicate()
    over.set()
    thread.join()
    captured, already, refused, took = json.loads(told.splitlines()[-1])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return captured, already, refused, took, peak, busy


def _resident(process: Any) -> float:
    """Bytes in memory; of what several share (the interpreter, mapped files) each has its part."""
    told = process.memory_full_info()
    return float(getattr(told, "pss", told.rss))


def sections(quick: bool) -> Iterator[Section]:  # noqa: FBT001
    """Capture, anew and again, and what verifying and asking takes."""
    yield section(100_000 if quick else 1_000_000)


def section(count: int) -> Section:
    """One size."""
    from ytterby.custody.ledger import Ledger
    from ytterby.custody.query import asked
    from ytterby.custody.verify import verify

    cores = min(os.cpu_count() or 1, 2)
    rows = []
    with tempfile.TemporaryDirectory(prefix="ytterby-bench-") as name:
        path = tracked.written(Path(name) / "events.jsonl", count)
        folder = Path(name) / "custody"
        for what in ("captured anew", "the same file again"):
            captured, already, refused, took, peak, busy = measured(folder, path, cores)
            assert captured + already == count
            assert not refused
            each = f"{1e6 * busy / count:.0f} µs"
            rows.append((what, f"{count:,}", f"{took:.1f} s", f"{count / took:,.0f}/s", each, f"{peak / 1e6:,.0f} MB"))
        began = time.perf_counter()
        verdict = verify(folder)
        took = time.perf_counter() - began
        assert verdict.whole
        assert verdict.events == count
        rows.append(("every byte verified", f"{count:,}", f"{took:.1f} s", f"{count / took:,.0f}/s", "", ""))
        size = sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())
        with Ledger.open(folder) as ledger:
            some = next(ledger.walk(count // 2)).id
            for what, call in (
                ("an event by its id", lambda: ledger.event(some)),
                ("a proof of inclusion", lambda: ledger.proof(some)),
                ("30 events of a business step", lambda: asked(ledger, {"EQ_bizStep": ["receiving"]})),
                ("30 newest events", lambda: asked(ledger, {"orderBy": ["eventTime"]})),
            ):
                began = time.perf_counter()
                call()
                rows.append((what, "", f"{1e3 * (time.perf_counter() - began):.1f} ms", "", "", ""))
    return Section(
        f"Capture of {count:,} events",
        ("", "events", "time", "events/s", "processor an event", "memory"),
        tuple(rows),
        (
            f"{cores} processes read, check and hash, one writes; full validation, every batch through to the disk",
            "memory is what is resident of all processes together, at its peak; processor time is that of all of them",
            f"the ledger with its tree, index and book takes {size / count:,.0f} bytes an event",
        ),
    )


def main() -> None:
    """The command."""
    from bench.table import as_text

    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("events", nargs="?", type=int, default=1_000_000)
    print(as_text(section(asked.parse_args().events)))


if __name__ == "__main__":
    main()
