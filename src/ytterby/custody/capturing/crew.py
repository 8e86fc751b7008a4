"""Home to the crew: processes that read parts side by side, and hand on what they read in the order of the parts.

Each is started from the interpreter itself and spoken to through its pipes, so that no script of the user's is run a
second time. Part k goes to process k modulo their number; what waits to be taken is bounded, so memory is too.
"""

from __future__ import annotations

import gc
import pickle
import queue
import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any, Self, final

from ytterby.custody.capturing.reading import MOST, Load, loads
from ytterby.custody.capturing.sources import Part
from ytterby.store import children
from ytterby.terms.errors import StoreError

AHEAD = 2
"""Loads that may wait to be taken from each process."""
WHOLE = 2**62
WIDE = 2**20
"""Bytes a pipe may hold."""
_END = object()


@final
class Crew:
    """Processes that read."""

    def __init__(
        self, count: int, known: Mapping[bytes, int], *, whole: bool = False, strict: frozenset[str] = frozenset()
    ) -> None:
        """Starts `count` processes; with none, parts are read in this one.

        Args:
            count: how many.
            known: digests of parts that need not be read, with how many events each has.
            whole: each part in one load.
            strict: names of checks whose doubts refuse.
        """
        self._orders = (dict(known), WHOLE if whole else MOST, strict)
        self._hands = [_Hand(self._orders) for _ in range(count)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for hand in self._hands:
            hand.end()

    def read(self, parts: Iterable[Part]) -> Iterator[tuple[Part, Load]]:
        """What is read of each part, in the order of the parts."""
        if not self._hands:
            for part in parts:
                yield from ((part, load) for load in loads(part, *self._orders))
            return
        waiting: list[Part] = []
        taken = 0
        for given, part in enumerate(parts):
            self._hands[given % len(self._hands)].give(part)
            waiting.append(part)
            if len(waiting) >= AHEAD * len(self._hands):
                yield from self._of(waiting.pop(0), taken)
                taken += 1
        for part in waiting:
            yield from self._of(part, taken)
            taken += 1

    def _of(self, part: Part, number: int) -> Iterator[tuple[Part, Load]]:
        hand = self._hands[number % len(self._hands)]
        while True:
            load = hand.take()
            yield part, load
            if load.last:
                return


@final
class _Hand:
    """One process of the crew, and the two threads that keep its pipes moving."""

    def __init__(self, orders: tuple[Any, ...]) -> None:
        self._process = children.started(__name__)
        self._given: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._made: queue.Queue[Any] = queue.Queue(AHEAD)
        self._given.put(orders)
        self._ended = False
        for work in (self._feed, self._fetch):
            threading.Thread(target=work, name="ytterby-capture", daemon=True).start()

    def give(self, part: Part) -> None:
        """Hands it a part."""
        self._given.put(part)

    def take(self) -> Load:
        """The next load it made."""
        made = self._made.get()
        if made is not _END:
            load: Load = pickle.loads(made)
            return load
        cause = "a process that reads events ended before its time"
        remedy = "capture again: it goes on where it stopped; less memory may have been free than it needs"
        raise StoreError(cause, place=f"exit status {self._process.wait()}", remedy=remedy)

    def end(self) -> None:
        """Ends it, done or not."""
        self._ended = True
        self._given.put(_END)
        self._process.kill()
        self._process.wait()
        while not self._made.empty():
            self._made.get_nowait()

    def _feed(self) -> None:
        assert self._process.stdin is not None
        try:
            with self._process.stdin as pipe:
                while (one := self._given.get()) is not _END:
                    pickle.dump(one, pipe, protocol=pickle.HIGHEST_PROTOCOL)
                    pipe.flush()
        except OSError:
            pass

    def _fetch(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as pipe:
            _widen(pipe)
            while not self._ended:
                try:
                    made: Any = children.received(pipe)
                except (EOFError, OSError):
                    made = _END
                while not self._ended:
                    try:
                        self._made.put(made, timeout=0.5)
                        break
                    except queue.Full:
                        continue
                if made is _END:
                    return


def _widen(pipe: IO[bytes]) -> None:
    """Lets a pipe hold much at once, where the system can: whoever reads it is then woken a few times a load."""
    try:
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, WIDE)
    except (ImportError, AttributeError, OSError):
        return


def serve() -> None:
    """The life of a process of the crew: parts come in on standard input, loads go out on standard output."""
    source, out = children.pipes()
    # Events make no cycles: looking for some after every few hundred costs a sixth of the reading.
    gc.freeze()
    gc.disable()
    try:
        orders = pickle.load(source)
        while True:
            for load in loads(pickle.load(source), *orders):
                children.send(out, pickle.dumps(load, protocol=pickle.HIGHEST_PROTOCOL))
            # only what came since: all that is remembered need not be walked again
            gc.collect(0)
    except (EOFError, BrokenPipeError):
        return
