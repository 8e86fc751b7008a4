"""Home to the watch that stays: one at a time on a project, looking at its sources every so often."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ytterby.evidence.addresses import is_address
from ytterby.terms.errors import StoreError
from ytterby.watch import orders
from ytterby.watch.passes import Pass, Tell, Watching
from ytterby.watch.workflows import Workflow

if TYPE_CHECKING:
    from ytterby.project import Project
    from ytterby.run.ensemble import Progress

LOCK = ".watch.lock"
LOG = Path("logs") / "watch.log"
EVERY = 60.0
"""Seconds between two looks."""
OPEN_AFTER = 900.0
"""Seconds after which what failed is tried again though nothing new came."""


@contextmanager
def locked(project: Project) -> Iterator[None]:
    """Holds the project's watch; it is let go of when the process ends, however it ends.

    Raises:
        StoreError: another watch holds it, or the folder cannot be written.
    """
    path = project.path / LOCK
    try:
        # A lock of SQLite's: every system has it, and none outlives its process.
        lock = sqlite3.connect(path, timeout=0.0, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise StoreError(f"the watch cannot be locked: {error}", place=str(path), remedy="check your rights") from None
    try:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise StoreError(
                    "another watch works on this project",
                    place=str(project.path),
                    remedy="let it end, or stop it; one watch takes several workflows",
                ) from None
            raise StoreError(f"the watch cannot be locked: {error}", place=str(path), remedy="check rights") from None
        yield
    finally:
        lock.close()


def once(
    project: Project, workflows: Sequence[Workflow], tell: Tell | None = None, progress: Progress | None = None
) -> list[Pass]:
    """One pass of each workflow, as a cron job makes it.

    Raises:
        StoreError: another watch works on the project, or the project cannot be written.
    """
    with locked(project):
        log = _logged(project, tell)
        return [orders.keep(project.path, Watching(project, one, log, progress).once()) for one in workflows]


def stay(
    project: Project,
    workflows: Sequence[Workflow],
    *,
    every: float = EVERY,
    tell: Tell | None = None,
    progress: Progress | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[Pass]:
    """Passes without end: at once, then whenever a source may have changed, looked at every `every` seconds.

    Folders and files are only looked at (names, sizes, times) until one differs; addresses are asked each time, with
    what they said last. What could not be delivered or run is tried again after a while.

    Raises:
        StoreError: another watch works on the project.
    """
    with locked(project):
        log = _logged(project, tell)
        watching = [Watching(project, one, log, progress) for one in workflows]
        looks: dict[str, tuple[object, float, bool]] = {}
        while not stopped():
            for one in watching:
                look = glance(one.workflow.sources)
                before, tried, clean = looks.get(one.workflow.id, (None, 0.0, True))
                addresses = any(is_address(source) for source in one.workflow.sources)
                retry = not clean and time.monotonic() - tried > OPEN_AFTER
                if addresses or look != before or retry:
                    done = orders.keep(project.path, one.once())
                    clean = not done.failures and not done.waiting
                    looks[one.workflow.id] = (look, time.monotonic(), clean)
                    yield done
            until = time.monotonic() + every
            while time.monotonic() < until and not stopped():
                time.sleep(min(0.25, max(0.0, until - time.monotonic())))


def glance(sources: Sequence[str]) -> tuple[tuple[str, int, int], ...]:
    """Names, sizes and times of all files of some sources: the same as long as nothing changed."""
    found: list[tuple[str, int, int]] = []
    for source in sources:
        if is_address(source):
            continue
        if os.path.isdir(source):
            for folder, folders, files in os.walk(source):
                folders[:] = sorted(name for name in folders if not name.startswith("."))
                found += [_look(os.path.join(folder, name)) for name in sorted(files)]
        else:
            found.append(_look(source))
    return tuple(found)


def _look(path: str) -> tuple[str, int, int]:
    try:
        about = os.stat(path)
    except OSError:
        return path, -1, -1
    return path, about.st_size, about.st_mtime_ns


def _logged(project: Project, tell: Tell | None) -> Tell:
    """Lines into the project's log, and to whoever listens."""
    path = project.path / LOG

    def log(line: str) -> None:
        if tell is not None:
            tell(line)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a", encoding="utf-8", errors="replace") as file:
                file.write(f"{time.strftime('%Y-%m-%dT%H:%M:%S%z')} {line}\n")
        except OSError:
            return  # a log that cannot be written stops no watch: the line was told

    return log
