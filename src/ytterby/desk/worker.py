"""Home to the process that does the long work: jobs come in as lines of JSON, progress and results go out likewise.

It ends when nobody listens any more: a desk that was killed leaves no work behind it that burns on.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

OFTEN = 0.2
"""Seconds between two tellings of progress."""
NICE = 5
"""How far the work steps back behind the pages."""


def main(arguments: list[str]) -> int:
    """Works off the jobs that come in on standard input for the project in the folder named."""
    # What a library prints must not get between the lines the desk reads.
    out = os.dup(1)
    os.dup2(2, 1)
    with contextlib.suppress(AttributeError, OSError):
        os.nice(NICE)
    try:
        work(Path(arguments[0]), sys.stdin, out)
    except (BrokenPipeError, KeyboardInterrupt):
        return 1
    return 0


def work(project: Path, lines: Iterable[str], out: int) -> None:
    """Works off the jobs in `lines`, telling on the descriptor `out`; raises `BrokenPipeError` when nobody listens."""
    import ytterby

    opened = None
    for line in lines:
        job = json.loads(line)
        try:
            opened = opened or ytterby.open(project)
            told: dict[str, Any] = {"result": _do(opened, job, out)}
        except BrokenPipeError:
            raise
        except Exception as error:
            told = {"error": _told(error, project)}
        _tell(out, {"job": job["id"], **told})


def _do(project: Any, job: dict[str, Any], out: int) -> Any:
    from ytterby.desk.tasks import TASKS

    last = 0.0

    def advance(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= OFTEN or done >= total:
            last = now
            _tell(out, {"job": job["id"], "done": int(done), "total": int(total)})

    return TASKS[job["kind"]].do(project, job["asked"], advance)


def _told(error: Exception, project: Path) -> dict[str, str]:
    from ytterby.desk.faults import fault
    from ytterby.terms.errors import YtterbyError

    if isinstance(error, YtterbyError):
        return error.to_dict()
    if isinstance(error, OSError):
        from ytterby.store.disk import told

        return told(error, "do the job", error.filename or "").to_dict()
    return fault(error, project).to_dict()


def _tell(out: int, told: dict[str, Any]) -> None:
    from ytterby.desk.rows import plain

    os.write(out, (json.dumps(plain(told), ensure_ascii=True) + "\n").encode())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
