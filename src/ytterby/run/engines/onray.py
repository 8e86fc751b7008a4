"""Home to the engine `ray`: a cluster, local or remote, that works off chunks as tasks.

Each worker process keeps the last models it compiled, so a model is sent to a process and compiled by it once. A task
whose worker is killed, or whose node is lost, is given to another one by Ray; its result is the same bits. Nodes that
run other code or another numeric library are refused, for theirs would not be.
"""

from __future__ import annotations

import os
import socket
import uuid
import warnings
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Self, final
from urllib.parse import urlsplit

from ytterby.run.engines.contract import Item, Machines, Result, Task
from ytterby.terms.errors import BadValue, RunError, YtterbyError

if TYPE_CHECKING:
    from ytterby.run.base import Model
    from ytterby.run.ensemble import Engine, Folded

RETRIES = 5
"""Workers that a task may lose before the run gives up."""

AHEAD = 2
"""Tasks handed out per worker: while one is worked off, the next one's draws are on their way."""

STORE = 256 * 2**20
"""Bytes of the object store of a cluster of our own: a few chunks' results and the model."""

BORN_WITH = {
    "RAY_USAGE_STATS_ENABLED": "0",  # nobody outside is told that it runs
    "NPROC": "1",  # XLA: a worker is one processor
}

PATIENCE = 5.0
"""Seconds in which a cluster's address has to take a connection."""

KEPT = 4
"""Compiled models a worker keeps."""


@final
class OnRay(Machines):
    """A Ray cluster.

    Args:
        workers: tasks in work at once; without it every processor of the cluster (of this machine without `address`).
        address: an existing cluster, as ``ray://head:10001`` or ``auto``; without it one is started on this machine,
            which listens on it alone, and ended with the work.
        store: bytes of the object store of a cluster that is started.

    Raises:
        BadValue: fewer than one worker.
    """

    name: ClassVar[str] = "ray"

    def __init__(self, workers: int | None = None, address: str | None = None, store: int = STORE) -> None:
        if workers is not None and workers < 1:
            raise BadValue(f"{workers} workers", place="engine ray", remedy="ask for at least 1")
        self.address = address
        self.workers = workers
        self._store = store
        self._began = False
        self._sent: dict[int, tuple[Any, str, Any]] = {}

    def __enter__(self) -> Self:
        """Join the cluster, or start one.

        Raises:
            RunError: Ray is not installed, or the cluster cannot be reached.
        """
        ray = _ray()
        if not ray.is_initialized():
            self._join(ray)
            self._began = True
        if self.workers is None:
            self.workers = max(1, int(ray.cluster_resources().get("CPU", 1)))
        return self

    def _join(self, ray: Any) -> None:
        quiet = {"logging_level": "ERROR", "log_to_driver": False}
        try:
            if self.address:
                _knock(self.address)
                ray.init(address=self.address, **quiet)
                return
            with warnings.catch_warnings(), _environment():
                # the processes that are forked become Ray's own at once and never touch jax
                warnings.filterwarnings("ignore", message=r"os\.fork\(\) was called", category=RuntimeWarning)
                ray.init(
                    num_cpus=self.workers or os.cpu_count() or 1,
                    include_dashboard=False,
                    object_store_memory=self._store,
                    _node_ip_address="127.0.0.1",
                    **quiet,
                )
        except (ConnectionError, RuntimeError, ValueError, TimeoutError, OSError) as error:
            raise RunError(
                f"no Ray cluster answers: {_first_line(error)}",
                place=f"engine ray, {self.address or 'a cluster on this machine'}",
                remedy="start one with 'ray start --head' and give its address, or run with --engine local",
            ) from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the cluster; one that was started for this ends, and what was in work with it."""
        self._sent.clear()
        if self._began:
            self._began = False
            _ray().shutdown()

    def simulate(
        self, engine: Engine, tasks: Sequence[Task], model: Model[Any, Any, Any] | None = None
    ) -> Iterator[Folded]:
        """Chunks in their order.

        Raises:
            RunError: workers were lost again and again, or run other code.
        """
        compiled = self._put((engine.model, engine.calendar), engine)
        other = None if model is None else self._put(model, model)
        try:
            yield from self._through(_simulated, [(compiled, other, _standing(), task) for task in tasks])
        finally:
            # many trials share an engine, and each has a model of its own: the cluster need not hold them all
            self._sent.pop(id(model), None)

    def each(self, call: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Each item a task; items are taken as they are handed out.

        Raises:
            RunError: workers were lost again and again, or run other code.
        """
        return self._through(_called, ((call, _standing(), item) for item in items))

    def _put(self, value: Any, owner: Any) -> tuple[str, list[Any]]:
        """A name for `value` and where in the cluster it lies; in a list, so that only who needs it fetches it."""
        held = self._sent.get(id(owner))
        if held is None:
            # `owner` is held too: its id must not come to name another
            held = self._sent[id(owner)] = (owner, uuid.uuid4().hex, _joined().put(value))
        return held[1], [held[2]]

    def _through(self, call: Callable[..., Any], calls: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
        ray = _joined()
        remote = ray.remote(num_cpus=1, max_retries=RETRIES)(call)
        working = deque[Any]()
        try:
            for asked in calls:
                working.append(remote.remote(*asked))
                # what is done is handed on while further calls are long in coming
                if len(working) >= AHEAD * (self.workers or 1) or _done(ray, working[0]):
                    yield _got(ray, working.popleft())
            while working:
                yield _got(ray, working.popleft())
        finally:
            for left in working:
                ray.cancel(left, force=False)


@contextmanager
def _environment() -> Iterator[None]:
    """What the processes of a cluster of our own are born with; ours is left as it is."""
    before = {name: os.environ.get(name) for name in BORN_WITH}
    os.environ.update({name: value for name, value in BORN_WITH.items() if before[name] is None})
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)


def _done(ray: Any, reference: Any) -> bool:
    return bool(ray.wait([reference], timeout=0)[0])


def _got(ray: Any, reference: Any) -> Any:
    try:
        return ray.get(reference)
    except ray.exceptions.RayTaskError as error:
        # what the task itself raised, not Ray's wrapping of it
        if isinstance(error.cause, YtterbyError):
            raise error.cause from None
        raise RunError(
            f"a task failed on a worker: {type(error.cause).__name__}: {_first_line(error.cause)}",
            place="engine ray",
            remedy="run it with --engine local to see whether it fails there too, and please report it",
        ) from error
    except ray.exceptions.RayError as error:
        raise RunError(
            f"workers were lost {RETRIES} times over one task: {_first_line(error)}",
            place="engine ray",
            remedy="give the workers more memory, or ask for fewer with --workers",
        ) from error


def _knock(address: str) -> None:
    """Refuses an address where nobody listens: Ray itself would ask there for a quarter of an hour and longer.

    Raises:
        OSError, ValueError: it has no such host, takes no connection in time, or is no address.
    """
    told = urlsplit(address if "//" in address else f"//{address}")
    if told.hostname and told.port:
        socket.create_connection((told.hostname, told.port), PATIENCE).close()


def _ray() -> Any:
    try:
        import ray
    except ImportError as error:
        raise RunError(
            "Ray is not installed", place="engine ray", remedy="python -m pip install 'ytterby[ray]'"
        ) from error
    return ray


def _joined() -> Any:
    """Ray, which would start a cluster of its own liking where none was joined."""
    ray = _ray()
    if not ray.is_initialized():
        remedy = "ask within the 'with' block that joins it"
        raise RunError("the cluster was not joined, or was left already", place="engine ray", remedy=remedy)
    return ray


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


@cache
def _standing() -> tuple[str, ...]:
    """What decides the bits on a machine: our code and the numeric libraries."""
    from importlib.metadata import version

    from ytterby.run.record import code

    return (code(), *(f"{name} {version(name)}" for name in ("jax", "jaxlib", "numpy", "scipy")))


# What runs on a worker.

_compiled: OrderedDict[str, Engine] = OrderedDict()
_models: OrderedDict[str, Any] = OrderedDict()


def _simulated(
    compiled: tuple[str, list[Any]], other: tuple[str, list[Any]] | None, standing: tuple[str, ...], task: Task
) -> Folded:
    _same(standing)
    from ytterby.run.ensemble import Engine

    engine = _held(_compiled, compiled, lambda made: Engine(*made))
    model = None if other is None else _held(_models, other, lambda made: made)
    return engine.chunk(task.drawn, task.first, task.last, task.width, model)


def _called(call: Callable[[Any], Any], standing: tuple[str, ...], item: Any) -> Any:
    _same(standing)
    return call(item)


def _held(shelf: OrderedDict[str, Any], sent: tuple[str, list[Any]], make: Callable[[Any], Any]) -> Any:
    name, (reference,) = sent
    if name not in shelf:
        shelf[name] = make(_ray().get(reference))
        while len(shelf) > KEPT:
            shelf.popitem(last=False)
    return shelf[name]


def _same(standing: tuple[str, ...]) -> None:
    if standing != _standing():
        apart = [f"{a} and {b}" for a, b in zip(standing, _standing(), strict=True) if a != b]
        raise RunError(
            f"a worker would not give the same bits: {', '.join(apart)}",
            place=f"engine ray, node {os.uname().nodename}",
            remedy="install the same versions of Ytterby and its libraries on every node",
        )
