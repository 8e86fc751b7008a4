"""Home to the watch that stays behind the desk: which workflows it keeps, in a process of its own, and how it fares.

Which they are stands in the project's ``desk/watch.json``, so that a desk that is started again goes on. The process
ends with the desk, however that ends; a watch may be killed at any moment and takes up its work where it stopped.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Literal, TypeAlias

from ytterby.desk.child import started
from ytterby.store import atomic

Standing: TypeAlias = Literal["off", "on", "failed"]

NICE = 5
"""How far the watch steps back behind the pages."""


class Keeper:
    """The standing watch of one desk."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.file = project / "desk" / "watch.json"
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._error: dict[str, str] = {}

    def kept(self) -> tuple[str, ...]:
        """Ids of the workflows that are watched."""
        try:
            found = json.loads(self.file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return ()
        return tuple(one for one in found if isinstance(one, str)) if isinstance(found, list) else ()

    def standing(self) -> Standing:
        """Whether it watches, or ended by itself though it should."""
        with self._lock:
            self._look()
            if self._process is not None:
                return "on"
            return "failed" if self._error else "off"

    @property
    def error(self) -> dict[str, str]:
        """Cause, place and remedy of what ended it; empty where nothing did."""
        with self._lock:
            self._look()
            return dict(self._error)

    def keep(self, names: Iterable[str]) -> None:
        """Watches these workflows from now on, and no others. Raises `StoreError` where that cannot be remembered."""
        with self._lock:
            atomic.write(self.file, json.dumps(sorted(set(names))).encode())
            self._begin()

    def resume(self) -> None:
        """Goes on with what an earlier desk watched."""
        with self._lock:
            if self._process is None:
                self._begin()

    def close(self) -> None:
        """Ends the process; what is watched stays written down."""
        with self._lock:
            self._end()

    # within; under the lock

    def _begin(self) -> None:
        self._end()
        self._error = {}
        names = self.kept()
        if not names:
            return
        try:
            self._process = started("ytterby.desk.keeper", str(self.project), *names)
        except OSError as error:
            self._error = {"cause": f"the watch could not be started ({error.strerror or error})"}

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        _let_go(process)

    def _look(self) -> None:
        """Notices that the process ended by itself, and why."""
        if self._process is None or self._process.poll() is None:
            return
        process, self._process = self._process, None
        assert process.stdout is not None
        told = process.stdout.read().strip().splitlines()
        _let_go(process)
        self._error = {"cause": f"the watch ended (status {process.returncode})", "remedy": "start it again"}
        with suppress(IndexError, ValueError):
            self._error = dict(json.loads(told[-1]))


def _let_go(process: subprocess.Popen[str]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()


def main(arguments: list[str]) -> int:
    """Watches the named workflows of the project in the folder named, until nobody holds its standard input."""
    with suppress(AttributeError, OSError):
        os.nice(NICE)
    threading.Thread(target=_leave_with, args=(sys.stdin.read, os._exit), daemon=True).start()
    import ytterby
    from ytterby.terms.errors import YtterbyError
    from ytterby.watch import orders, staying

    folder = Path(arguments[0])
    try:
        project = ytterby.open(folder)
        found = [orders.order(name, folder) for name in arguments[1:]]
        refused = next((one.error for one in found if one.error is not None), None)
        if refused is not None:
            raise refused
        for _ in staying.stay(project, [one.workflow for one in found if one.workflow is not None]):
            pass
    except YtterbyError as error:
        told = error.to_dict()
    except Exception as error:
        from ytterby.desk.faults import fault

        told = fault(error, folder).to_dict()
    else:
        return 0
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
    return 1


def _leave_with(heard: Callable[[], object], leave: Callable[[int], object]) -> None:
    # A desk that was killed leaves nobody at the other end: the watch goes with it.
    heard()
    leave(0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
