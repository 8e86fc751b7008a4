"""Home to processes of this machine that work off what Python computes, which threads cannot do at once.

Each is started from the interpreter itself and spoken to through its pipes, so that no script of the user's is run a
second time; it ends with the process that started it, however that ends. What a process had in work when it was killed
is given to another.
"""

from __future__ import annotations

import os
import pickle
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, final

from ytterby.store import children
from ytterby.terms.errors import BadValue, RunError, YtterbyError

if TYPE_CHECKING:
    from ytterby.run.engines.contract import Item, Result

RETRIES = 5
"""Processes that one item may lose before the work is given up."""

AHEAD = 2
"""Items taken per process: while one is worked off, the next one waits."""


@final
class Processes:
    """Processes of this machine. To be used in a ``with`` block, at whose end they end.

    Args:
        workers: how many; each is started when there is work for it.

    Raises:
        BadValue: fewer than one.
    """

    def __init__(self, workers: int) -> None:
        if workers < 1:
            raise BadValue(f"{workers} workers", place="engine local", remedy="ask for at least 1")
        self.workers = workers
        self._lock = threading.Lock()
        self._idle: list[_Hand] = []
        self._alive: set[_Hand] = set()
        self._ended = True
        self._pool: ThreadPoolExecutor | None = None

    def __enter__(self) -> Self:
        """Make ready."""
        self._ended = False
        # one thread for each process: it waits for what the process says
        self._pool = ThreadPoolExecutor(self.workers, thread_name_prefix="ytterby-hand")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End them, done or not."""
        with self._lock:
            self._ended = True
            hands, self._alive, self._idle = list(self._alive), set(), []
        for hand in hands:
            hand.kill()
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None
        for hand in hands:
            hand.close()

    def each(self, call: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """`call` of each item, in their order, each as soon as it and those before it are done.

        Args:
            call: a module's own function, which the processes can import too.
            items: what can be pickled; taken as they are needed, a few ahead.

        Raises:
            RunError: processes were lost again and again over one item, or the call broke.
            YtterbyError: what the call itself raised.
        """
        assert self._pool is not None, "processes are used in a with block"
        working: deque[Future[bytes]] = deque()
        try:
            for item in items:
                asked = pickle.dumps((call, item), protocol=pickle.HIGHEST_PROTOCOL)
                working.append(self._pool.submit(self._worked, asked))
                # what is done is handed on while further items are long in coming
                if len(working) >= AHEAD * self.workers or working[0].done():
                    yield _opened(working.popleft().result())
            while working:
                yield _opened(working.popleft().result())
        finally:
            for left in working:
                left.cancel()

    def _worked(self, asked: bytes) -> bytes:
        for _ in range(RETRIES + 1):
            hand = self._taken()
            try:
                answer = hand.ask(asked)
            except (EOFError, OSError):
                self._lost(hand)
                continue
            with self._lock:
                self._idle.append(hand)
            return answer
        raise RunError(
            f"processes were lost {RETRIES} times over one task",
            place=f"engine local, {self.workers} workers",
            remedy="free some memory, or ask for fewer with --workers",
        )

    def _taken(self) -> _Hand:
        with self._lock:
            if self._ended:
                raise EOFError
            if self._idle:
                return self._idle.pop()
            hand = _Hand()
            self._alive.add(hand)
            return hand

    def _lost(self, hand: _Hand) -> None:
        with self._lock:
            ours = hand in self._alive  # else all of them are being ended
            self._alive.discard(hand)
        if ours:
            hand.kill()
            hand.close()


@final
class _Hand:
    """One process."""

    def __init__(self) -> None:
        self._process = children.started(__name__)

    def ask(self, asked: bytes) -> bytes:
        """What it answers. Raises `EOFError` or `OSError` where it ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        children.send(self._process.stdin, asked)
        return children.received(self._process.stdout)

    def kill(self) -> None:
        """End it, and what it started."""
        if hasattr(os, "killpg") and self._process.poll() is None:
            with suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Close its pipes; nobody waits at them any more."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


def _opened(answer: bytes) -> Any:
    done, value = pickle.loads(answer)
    if done:
        return value
    raise value


# What runs in a process.


def serve() -> None:
    """The life of a process: calls come in on standard input, what they gave goes out on standard output."""
    source, out = children.pipes()
    try:
        while True:
            children.send(out, _answer(children.received(source)))
    except (EOFError, BrokenPipeError):
        os._exit(0)  # whoever asked is gone; nothing here is worth keeping


def _answer(asked: bytes) -> bytes:
    try:
        call, item = pickle.loads(asked)
        return pickle.dumps((True, call(item)), protocol=pickle.HIGHEST_PROTOCOL)
    except YtterbyError as error:
        return pickle.dumps((False, error))
    except Exception as error:  # told to whoever asked, as the cluster's engine does
        said = (str(error).strip().splitlines() or [""])[0][:200]
        broke = RunError(
            f"a task failed on a worker: {type(error).__name__}: {said}",
            place="engine local",
            remedy="do it without --workers to see whether it fails there too, and please report it",
        )
        return pickle.dumps((False, broke))
