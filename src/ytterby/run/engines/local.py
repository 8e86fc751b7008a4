"""Home to the engine `local`: this machine, one thread for each chunk in work."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, ClassVar, final

from ytterby.run.engines.contract import Item, Machines, Result, Task

if TYPE_CHECKING:
    from ytterby.run.base import Model
    from ytterby.run.ensemble import Engine, Folded

MOST = 2
"""Chunks in work at once unless asked otherwise: XLA takes threads of its own within each."""


@final
class Local(Machines):
    """This machine.

    Args:
        workers: chunks in work at once.
    """

    name: ClassVar[str] = "local"

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or min(MOST, os.cpu_count() or 1)

    def simulate(
        self, engine: Engine, tasks: Sequence[Task], model: Model[Any, Any, Any] | None = None
    ) -> Iterator[Folded]:
        """The first chunk alone, for it compiles; then one ahead per worker, so that memory stays at a few chunks."""

        def run(task: Task) -> Folded:
            return engine.chunk(task.drawn, task.first, task.last, task.width, model)

        with ThreadPoolExecutor(self.workers) as pool:
            jobs = [pool.submit(run, task) for task in tasks[:1]]
            waiting = list(tasks[1:])
            while jobs:
                folded = jobs.pop(0).result()
                while waiting and len(jobs) < max(self.workers, MOST):
                    jobs.append(pool.submit(run, waiting.pop(0)))
                yield folded

    def each(self, call: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """One after the other, here (`processes.Processes` does several at once)."""
        return map(call, items)
