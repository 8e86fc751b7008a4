"""Home to the jobs: runs and other long work that goes on behind the pages, one at a time, in a process of its own.

A job is a file in the project's ``desk/jobs/``: leaving the page changes nothing, and a desk that is started again
finds
what was waiting or cut off and does it (again: work keeps whole results or nothing, and a run has the same bits each
time). Where two desks serve one project the first does the work of both.
"""

from __future__ import annotations

import json
import secrets
import subprocess
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TypeAlias

from ytterby.desk.child import started
from ytterby.desk.keeper import Keeper
from ytterby.desk.rows import plain
from ytterby.desk.tasks import TASKS
from ytterby.store import atomic
from ytterby.terms.errors import BadValue, RunError, StoreError, UnknownName

State: TypeAlias = Literal["waiting", "running", "done", "failed", "cancelled"]

OPEN: frozenset[State] = frozenset({"waiting", "running"})
MOST_OPEN = 50
"""Jobs that may wait at once."""
LISTED = 200
"""Finished jobs that are remembered; older files are removed (what the jobs made stays)."""
IDLE = 300.0
"""Seconds after which a worker without work is let go."""
LOOK = 2.0
"""Seconds between two looks for jobs that another desk was given."""


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of long work."""

    id: str
    kind: str
    asked: Mapping[str, Any]
    state: State = "waiting"
    done: int = 0
    total: int = 0
    created: str = ""
    finished: str = ""
    seconds: float = 0.0
    """How long it has been at work."""
    left: float | None = None
    """Seconds it will still need, by its pace so far; None where nobody can say."""
    result: Mapping[str, Any] = field(default_factory=dict)
    error: Mapping[str, str] = field(default_factory=dict)
    """Cause, place and remedy of a failure."""

    @property
    def open(self) -> bool:
        """Whether it waits or runs."""
        return self.state in OPEN

    def to_dict(self) -> dict[str, Any]:
        """The job as plain fields."""
        found: dict[str, Any] = plain({name: getattr(self, name) for name in self.__dataclass_fields__})
        return found


class Jobs:
    """The jobs of one project."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.folder = project / "desk" / "jobs"
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Condition()
        self._worker: subprocess.Popen[str] | None = None
        self._spent: list[subprocess.Popen[str]] = []
        self._current = ""
        self._began = 0.0
        self._thread: threading.Thread | None = None
        self._closing = False
        self._held: Any = None
        self.watch = Keeper(project)
        """The watch that stays."""

    def start(self, kind: str, asked: Mapping[str, Any]) -> Job:
        """Puts a job in the queue; one that waits or runs with the same question is handed back instead.

        Raises:
            UnknownName: no such kind of work.
            BadValue: too many wait already.
            StoreError: the project cannot be written.
        """
        if kind not in TASKS:
            raise UnknownName(kind, TASKS, "kind of job")
        question = json.loads(json.dumps(plain(dict(asked))))
        with self._lock:
            waiting = [job for job in self.all() if job.open]
            for job in waiting:
                if job.kind == kind and job.asked == question:
                    return job
            if len(waiting) >= MOST_OPEN:
                raise BadValue(f"{len(waiting)} jobs wait already", place="jobs", remedy="cancel some, or wait")
            now = datetime.now(UTC)
            name = f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
            job = Job(name, kind, question, created=now.isoformat(timespec="seconds"))
            self._write(job)
            self._jobs[job.id] = job
            self._wake()
        return job

    def all(self) -> list[Job]:
        """Every job that is remembered, newest first."""
        with self._lock:
            self._look()
            return sorted(self._jobs.values(), key=lambda job: job.id, reverse=True)

    def get(self, name: str) -> Job:
        """One job. Raises `UnknownName`."""
        with self._lock:
            if name not in self._jobs or self._held is None:
                self._look()
            if name not in self._jobs:
                raise UnknownName(name, self._jobs, "job")
            return self._jobs[name]

    def cancel(self, name: str) -> Job:
        """Takes a job out of the queue, or stops its work; nothing half-done is kept.

        Raises:
            UnknownName: no such job.
            StoreError: the project cannot be written.
        """
        with self._lock:
            job = self.get(name)
            if not job.open:
                return job
            job = self._settle(job, "cancelled")
            if self._current == name:
                self._current = ""
                self._stop_worker()
            self._lock.notify_all()
            return job

    def resume(self) -> None:
        """Takes up what an earlier desk left waiting, was cut off from, or watched."""
        self.watch.resume()
        with self._lock:
            if any(job.open for job in self.all()):
                self._wake()

    def close(self) -> None:
        """Stops the work; what was under way waits for the next desk."""
        self.watch.close()
        with self._lock:
            self._closing = True
            self._stop_worker()
            self._lock.notify_all()
        if self._thread is not None:
            self._thread.join(timeout=5)
        if self._held is not None:
            self._held.close()
            self._held = None

    # within; all of it under the lock

    def _look(self) -> None:
        """Learns of the jobs that stand in files: those of former days, and of another desk."""
        mine = self._held is not None
        for path in self.folder.glob("*.json"):
            known = self._jobs.get(path.stem)
            if known is None or (not mine and known.open):
                with suppress(OSError, ValueError, TypeError):
                    self._jobs[path.stem] = Job(**json.loads(path.read_text(encoding="utf-8")))

    def _write(self, job: Job) -> None:
        kept = asdict(replace(job, left=None))
        atomic.write(self.folder / f"{job.id}.json", json.dumps(plain(kept), ensure_ascii=False).encode())

    def _settle(self, job: Job, state: State, **told: Any) -> Job:
        seconds = time.monotonic() - self._began if job.state == "running" else job.seconds
        finished = "" if state in OPEN else datetime.now(UTC).isoformat(timespec="seconds")
        job = replace(job, state=state, finished=finished, seconds=round(seconds, 1), left=None, **told)
        self._jobs[job.id] = job
        # A full disk must not lose what the desk knows of the job while it stands.
        with suppress(StoreError):
            self._write(job)
        return job

    def _wake(self) -> None:
        if self._thread is None:
            if not self._own():
                return
            for job in self._jobs.values():
                if job.state == "running":
                    self._settle(job, "waiting", done=0, total=0)
            self._thread = threading.Thread(target=self._serve, name="ytterby-jobs", daemon=True)
            self._thread.start()
        self._lock.notify_all()

    def _own(self) -> bool:
        """Whether this desk is the one that works; another that serves the project may be."""
        if self._held is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            held = (self.folder / "lock").open("w")
            try:
                import fcntl

                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except ImportError:
                pass
            except OSError:
                held.close()
                return False
            self._held = held
        return True

    def _serve(self) -> None:
        while True:
            with self._lock:
                self._bury()
                job = self._next()
                if job is None:
                    self._bury()
                    return
                self._began = time.monotonic()
                job = self._settle(replace(job, seconds=0.0), "running")
                self._current = job.id
                try:
                    worker = self._ready_worker()
                    assert worker.stdin is not None
                    worker.stdin.write(json.dumps({"id": job.id, "kind": job.kind, "asked": plain(job.asked)}) + "\n")
                    worker.stdin.flush()
                except OSError as error:
                    self._fail(job.id, RunError("the worker could not be started", remedy=str(error)))
                    continue
            self._follow(worker, job.id)

    def _next(self) -> Job | None:
        """Waits for a job; None when the desk closes."""
        idle = time.monotonic()
        while not self._closing:
            self._look()
            self._forget()
            waiting = sorted(job.id for job in self._jobs.values() if job.state == "waiting")
            if waiting:
                return self._jobs[waiting[0]]
            if time.monotonic() - idle > IDLE:
                self._stop_worker()
            self._lock.wait(LOOK)
        return None

    def _follow(self, worker: subprocess.Popen[str], name: str) -> None:
        assert worker.stdout is not None
        for line in worker.stdout:
            try:
                told = json.loads(line)
            except ValueError:
                # Killed within a line: what it was about to say nobody knows.
                continue
            with self._lock:
                job = self._jobs[name]
                if job.state != "running" or told["job"] != name:
                    return
                if "result" in told:
                    self._current = ""
                    self._settle(job, "done", result=told["result"], done=job.total or 1, total=job.total or 1)
                    return
                if "error" in told:
                    self._current = ""
                    self._settle(job, "failed", error=told["error"])
                    return
                seconds = time.monotonic() - self._began
                done, total = told["done"], told["total"]
                left = seconds / done * (total - done) if 0 < done <= total else None
                self._jobs[name] = replace(job, done=done, total=total, seconds=round(seconds, 1), left=left)
        with self._lock:
            if self._closing:
                self._settle(self._jobs[name], "waiting", done=0, total=0)
            elif self._jobs[name].state == "running":
                status = worker.wait()
                cause = f"the worker ended before the job was done (status {status})"
                remedy = "start it again, with fewer draws if memory is short"
                self._stop_worker()
                self._fail(name, RunError(cause, place=f"job {name}", remedy=remedy))

    def _fail(self, name: str, error: RunError) -> None:
        self._current = ""
        self._settle(self._jobs[name], "failed", error=error.to_dict())

    def _ready_worker(self) -> subprocess.Popen[str]:
        if self._worker is None or self._worker.poll() is not None:
            self._worker = started("ytterby.desk.worker", str(self.project))
        return self._worker

    def _stop_worker(self) -> None:
        worker, self._worker = self._worker, None
        if worker is None:
            return
        worker.kill()
        worker.wait()
        if worker.stdin is not None:
            with suppress(OSError):
                worker.stdin.close()
        self._spent.append(worker)

    def _bury(self) -> None:
        """Closes what gone workers leave; only the thread that reads from them may."""
        for worker in self._spent:
            if worker.stdout is not None:
                worker.stdout.close()
        self._spent.clear()

    def _forget(self) -> None:
        ended = sorted((job.id for job in self._jobs.values() if not job.open), reverse=True)
        for name in ended[LISTED:]:
            with suppress(OSError):
                (self.folder / f"{name}.json").unlink()
                del self._jobs[name]
