"""Home to capture jobs: documents that clients sent, captured one after the other, each with an account that stays.

A job is one JSON file in ``captures/`` of the project. One that was cut off by the end of the desk is told as such: the
client sends its document again, and what is there already is found to be so.
"""

from __future__ import annotations

import datetime
import json
import secrets
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, final

from ytterby.store import atomic
from ytterby.terms.errors import UnknownName, YtterbyError

if TYPE_CHECKING:
    from ytterby.project import Project

Behaviour: TypeAlias = Literal["rollback", "proceed"]

FOLDER = "captures"
KEPT = 10_000
"""Accounts that are kept; the oldest go first."""
TOLD = 200
"""Errors told in one account; all of them lie in the refused log."""
Told: TypeAlias = Callable[[str, int, str], dict[str, Any]]
"""(exception, status, detail) -> the problem."""


@final
class Captures:
    """The capture jobs of one project."""

    def __init__(self, project: Project, problem: Told) -> None:
        self._project = project
        self._problem = problem
        self._running: set[str] = set()
        self._lock = threading.Lock()
        self._crew: ThreadPoolExecutor | None = None

    @property
    def _folder(self) -> Path:
        return self._project.path / FOLDER

    def start(self, content: bytes, behaviour: Behaviour, where: str) -> dict[str, Any]:
        """Takes a document in; it is captured when those before it are."""
        now = datetime.datetime.now(datetime.UTC)
        name = f"{now:%Y%m%d%H%M%S%f}-{secrets.token_hex(4)}"
        job = {
            "captureID": name,
            "createdAt": _written(now),
            "running": True,
            "success": True,
            "captureErrorBehaviour": behaviour,
            "errors": [],
        }
        with self._lock:
            self._running.add(name)
            if self._crew is None:
                self._crew = ThreadPoolExecutor(1, thread_name_prefix="ytterby-epcis")
            crew = self._crew
        self._keep(job)
        crew.submit(self._capture, job, content, where)
        return job

    def get(self, name: str) -> dict[str, Any]:
        """The account of a job.

        Raises:
            UnknownName: there is none of that name.
        """
        plain = "".join(c for c in name if c.isalnum() or c == "-")
        path = self._folder / f"{plain}.json"
        try:
            if plain != name or not name:
                raise FileNotFoundError
            job: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError, OSError):
            raise UnknownName(name, (), "capture job", remedy="GET /epcis/capture lists them") from None
        with self._lock:
            cut_off = job["running"] and name not in self._running
        if cut_off:
            detail = "the desk ended before the document was captured: send it again"
            job |= {"running": False, "success": False, "finishedAt": job["createdAt"]}
            job["errors"] = [self._problem("ImplementationException", 500, detail)]
        return job

    def names(self) -> Sequence[str]:
        """Names of the jobs, newest first."""
        return sorted((path.stem for path in self._folder.glob("*.json")), reverse=True)

    def close(self) -> None:
        """Waits for what is under way; what waits is told as cut off when it is asked for."""
        with self._lock:
            crew, self._crew = self._crew, None
        if crew is not None:
            crew.shutdown(wait=True, cancel_futures=True)

    def _capture(self, job: dict[str, Any], content: bytes, where: str) -> None:
        try:
            whole = job["captureErrorBehaviour"] == "rollback"
            done = self._project.capture([content], whole=whole, workers=0, wheres=[where])
            job["errors"] = [
                self._problem("ValidationException", 400, f"{one.path}: {one.reason}") for one in done.refused[:TOLD]
            ]
            job["success"] = not done.refused
        except YtterbyError as error:
            job |= {"success": False, "errors": [self._problem("ImplementationException", 500, str(error))]}
        except Exception as error:
            detail = f"a fault in Ytterby itself ({type(error).__name__})"
            job |= {"success": False, "errors": [self._problem("ImplementationException", 500, detail)]}
        finally:
            job |= {"running": False, "finishedAt": _written(datetime.datetime.now(datetime.UTC))}
            self._keep(job)
            with self._lock:
                self._running.discard(job["captureID"])

    def _keep(self, job: dict[str, Any]) -> None:
        path: Path = self._folder / f"{job['captureID']}.json"
        atomic.write(path, json.dumps(job, ensure_ascii=False).encode())
        names = self.names()
        for old in names[KEPT:]:
            (self._folder / f"{old}.json").unlink(missing_ok=True)


def _written(moment: datetime.datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
