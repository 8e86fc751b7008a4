"""Home to the ensemble: any model, many draws, in chunks sized to memory.

The same chunks give the same bits whatever ran before them. Time is cut into blocks so that memory grows neither with
draws nor with steps; what a block observes is folded into reporting periods at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import jax
import numpy as np
from numpy.typing import NDArray

import ytterby.run.precision  # noqa: F401 - for what it sets
from ytterby.run.base import Model, Series
from ytterby.run.draws import CHUNK, draw, edges, slice_of
from ytterby.run.engines.contract import Machines, Task
from ytterby.run.engines.local import Local
from ytterby.run.lines import Lines, LineStops
from ytterby.run.periods import Calendar, calendar

BLOCK = 26
"""Steps simulated between two folds."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Folded:
    """One chunk, folded into periods."""

    first: int
    last: int
    series: Mapping[str, NDArray[np.float32]]
    """name → (row, period, draw): sums of flows, means of levels."""
    lines: LineStops
    residual: float
    """Largest |mass not explained| / flow over elements, steps and draws."""
    lowest: float
    """Smallest value of any stock, order or permit at any block's end; never below 0."""


class Sink(Protocol):
    """Whoever keeps the chunks."""

    def write(self, folded: Folded) -> None:
        """Keep one chunk."""


def simulate(
    model: Model[Any, Any, Any],
    sink: Sink,
    *,
    draws: int,
    seed: int,
    fitted: Mapping[str, NDArray[np.float64]] | None = None,
    chunk: int = CHUNK,
    workers: int | None = None,
    machines: Machines | None = None,
    only: range | None = None,
    progress: Progress | None = None,
) -> None:
    """Run `draws` worlds and hand each chunk to `sink`.

    `fitted` replaces the drawn values of the parameters it names, (draw,) each, at least as many as `draws`; `machines`
    is where (this machine, with `workers` chunks in work at once), `only` which of the chunks (all of them).
    """
    drawn = draw(model.parameters(), seed, draws)
    for name, values in (fitted or {}).items():
        drawn[name] = values[np.arange(draws) % len(values)]
    where = machines or Local(workers)
    for folded in in_chunks(Engine(model), drawn, draws, chunk, machines=where, only=only, progress=progress):
        sink.write(folded)


def in_chunks(
    engine: Engine,
    drawn: Mapping[str, NDArray[np.float64]],
    draws: int,
    chunk: int = CHUNK,
    *,
    model: Model[Any, Any, Any] | None = None,
    machines: Machines | None = None,
    only: range | None = None,
    progress: Progress | None = None,
) -> Iterator[Folded]:
    """The chunks of `draws` draws in their order, each as soon as it and those before it are simulated.

    `model` has the inputs, where they are another's than the engine was compiled for (see `Engine.chunk`); `machines`
    is where they are simulated (here), `only` which of them (all).
    """
    width = min(chunk, draws)
    wanted = edges(draws, chunk)
    tasks = [
        Task(slice_of(drawn, *edge), *edge, width)
        for edge in (wanted if only is None else wanted[only.start : only.stop])
    ]
    done, whole = 0, sum(task.last - task.first for task in tasks)
    if progress:
        progress(0, whole)
    for folded in (machines or Local()).simulate(engine, tasks, model):
        yield folded
        done += folded.last - folded.first
        if progress:
            progress(done, whole)


class Engine:
    """A model compiled for blocks of steps."""

    def __init__(self, model: Model[Any, Any, Any], calendar_: Calendar | None = None) -> None:
        self.model = model
        self.calendar = calendar_ or calendar(model.grid)
        self.series = model.series()
        self._block = jax.jit(self._scan)

    def _scan(self, constants: Any, state: Any, forcing: Any) -> tuple[Any, Any]:
        return jax.lax.scan(lambda s, f: self.model.step(constants, s, f), state, forcing)

    def chunk(
        self,
        drawn: Mapping[str, NDArray[np.float64]],
        first: int,
        last: int,
        width: int | None = None,
        model: Model[Any, Any, Any] | None = None,
    ) -> Folded:
        """Simulate the draws from `first` to `last` (not included), padded to `width`: one compilation serves all.

        `model` gives the inputs instead of the engine's own: one whose step is the same (see `trials`).
        """
        with jax.enable_x64(self.model.precision == "float64"):
            return self._simulate(model or self.model, padded(drawn, width or last - first), first, last)

    def _simulate(
        self, model: Model[Any, Any, Any], drawn: Mapping[str, NDArray[np.float64]], first: int, last: int
    ) -> Folded:
        draws = last - first
        inputs = model.inputs(drawn)
        state = model.initial(inputs.constants)
        steps = model.grid.steps
        # whole blocks, padded at the end: settling then does not depend on how long a run is
        size = min(BLOCK, steps)
        blocks = -(-steps // size)
        forcing = jax.tree.map(lambda a: _lengthened(a, blocks * size), inputs.forcing)
        state = model.settle(inputs.constants, state, forcing, self._block, size)
        fold = Fold(self.series, self.calendar, draws)
        lines = Lines(model.grid, model.watch_from)
        worst, lowest = 0.0, 0.0
        for start in range(0, steps, size):
            stop = min(start + size, steps)
            block = jax.tree.map(lambda a, i=start: a[i : i + size], forcing)
            state, seen = self._block(inputs.constants, state, block)
            # folded in double, also where the steps were single
            arrays = {name: np.asarray(v, dtype=np.float64)[: stop - start, :, :draws] for name, v in seen.items()}
            fold.add(arrays, start, stop)
            lines.add(arrays["demand"], arrays["output"], start)
            worst = max(worst, residual(arrays))
            lowest = min(lowest, smallest(state))
        return Folded(first, last, fold.result(), lines.result(), worst, lowest)


def padded(drawn: Mapping[str, NDArray[np.float64]], width: int) -> dict[str, NDArray[np.float64]]:
    """Draws repeated from the first up to `width`; the surplus is computed and dropped."""
    return {name: np.resize(values, width) for name, values in drawn.items()}


def _lengthened(steps: Any, length: int) -> Any:
    """Forcing continued with its last step up to `length`; what follows the end is computed and dropped."""
    missing = length - steps.shape[0]
    if not missing:
        return steps
    return np.concatenate([np.asarray(steps), np.repeat(np.asarray(steps[-1:]), missing, axis=0)])


def residual(seen: Mapping[str, NDArray[np.float64]]) -> float:
    """Largest amount of an element that a step's balance does not explain, over the element's mean flow in the block.

    The mean: in a single step a co-product may hardly flow, while rounding scales with what is held.
    """
    flow = seen["flow"].mean(axis=0)
    worst = np.abs(seen["residual"]).max(axis=0)
    moved = flow > 0.0
    return float(np.max(np.divide(worst, flow, out=np.zeros_like(worst), where=moved), initial=0.0))


SIGNED = ("log_price", "used_to")
"""What of a state may be negative: logarithms."""


def smallest(state: Any) -> float:
    """Smallest amount in a state; logarithms do not count."""
    amounts = (value for name, value in vars(state).items() if name not in SIGNED)
    return min(float(np.min(np.asarray(v), initial=0.0)) for v in amounts)


class Fold:
    """Sums of flows and means of levels by reporting period."""

    def __init__(self, series: tuple[Series, ...], calendar_: Calendar, draws: int) -> None:
        periods = len(calendar_.labels)
        self.kinds = {s.name: s.kind for s in series}
        self.share = calendar_.share
        weight = calendar_.share.sum(axis=0)
        self.mean = calendar_.share / np.where(weight > 0, weight, 1.0)
        self.total = {s.name: np.zeros((len(s.labels), periods, draws)) for s in series}

    def add(self, seen: Mapping[str, NDArray[np.float64]], start: int, stop: int) -> None:
        """Fold the steps from `start` to `stop` (not included)."""
        for name, values in seen.items():
            if name not in self.total:
                continue
            weights = (self.share if self.kinds[name] == "flow" else self.mean)[start:stop]
            touched = np.flatnonzero(weights.any(axis=0))
            if len(touched):
                # Not tensordot: BLAS's own threads fight the workers for the processors, and cost ten times the sum.
                part = np.einsum("sp,srd->prd", weights[:, touched], values)
                self.total[name][:, touched] += part.transpose(1, 0, 2)

    def result(self) -> dict[str, NDArray[np.float32]]:
        """The folded series, (row, period, draw)."""
        return {name: values.astype(np.float32) for name, values in self.total.items()}
