"""Home to growth: how work grows with draws, links, facilities and steps, as exponents of a power law.

Processor seconds are what is counted, so that the exponents are those of the work and not of the company it had.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from bench import scene
from bench.stacked import beside_idle, split, stack
from bench.stopwatch import busy, interleaved
from ytterby.run.draws import CHUNK, draw, slice_of
from ytterby.run.ensemble import BLOCK, Engine
from ytterby.world.network import Network


@dataclass(frozen=True)
class Growth:
    """Processor seconds at each size, and the power law through them."""

    axis: str
    sizes: tuple[int, ...]
    seconds: tuple[float, ...]

    @property
    def law(self) -> tuple[float, float]:
        """Exponent and its standard error."""
        return exponent(self.sizes, self.seconds)


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> tuple[float, float]:
    """Slope of log time over log size by least squares, and its standard error (NaN for two points)."""
    x, y = np.log(np.asarray(sizes, float)), np.log(np.asarray(seconds, float))
    x, y = x - x.mean(), y - y.mean()
    slope = float(x @ y / (x @ x))
    left = y - slope * x
    free = len(x) - 2
    return slope, float(np.sqrt(left @ left / free / (x @ x))) if free > 0 else float("nan")


def _fastest(axis: str, calls: Mapping[int, Callable[[], Any]], repeats: int) -> Growth:
    took = interleaved({str(size): call for size, call in calls.items()}, repeats, busy)
    return Growth(axis, tuple(calls), tuple(min(took[str(size)]) for size in calls))


UNDER_CONTROLS = date(2026, 1, 5)
"""A run that begins under controls does not settle first, which would cost the same at every length."""


def with_draws(sizes: Sequence[int], repeats: int) -> Growth:
    """An ensemble of half a year of the licences, chunk after chunk in one worker."""
    engine = Engine(scene.chain("april-2025", steps=BLOCK))
    drawn = draw(engine.model.parameters(), scene.SEED, max(sizes))

    def run(draws: int) -> None:
        for first in range(0, draws, CHUNK):
            last = min(first + CHUNK, draws)
            engine.chunk(slice_of(drawn, first, last), first, last, CHUNK)

    run(CHUNK)  # compiles
    return _fastest("draws", {size: lambda n=size: run(n) for size in sizes}, repeats)


def with_links(copies: Sequence[int], repeats: int, draws: int = CHUNK) -> Growth:
    """A block of steps of one chunk, on the world and on copies of it side by side: links and facilities together."""
    return _blocks("links and facilities", [stack(scene.network(), k) for k in copies], repeats, draws)


def with_split_links(ways: Sequence[int], repeats: int, draws: int = CHUNK) -> Growth:
    """The same world with each of its links split: links alone."""
    return _blocks("links alone", [split(scene.network(), k) for k in ways], repeats, draws)


def with_facilities(copies: Sequence[int], repeats: int, draws: int = CHUNK) -> Growth:
    """The same world beside more and more facilities that trade with nobody: facilities alone."""
    worlds = [beside_idle(scene.network(), k) for k in copies]
    return _blocks("facilities alone", worlds, repeats, draws, lambda world: len(world.facilities))


def _blocks(
    axis: str,
    worlds: Sequence[Network],
    repeats: int,
    draws: int,
    size: Callable[[Network], int] = lambda world: len(world.link_out),
) -> Growth:
    took = {}
    # one world at a time: several of the largest do not fit memory together
    for world in worlds:
        block = scene.block(scene.chain("baseline", of=world), draws)
        took[size(world)] = min(busy(block.run) for _ in range(repeats))
    return Growth(f"{axis}, {draws} draws", tuple(took), tuple(took.values()))


def with_steps(sizes: Sequence[int], repeats: int) -> Growth:
    """One chunk of the baseline over longer and longer times, inputs and folding included."""
    calls: dict[int, Callable[[], Any]] = {}
    for steps in sizes:
        engine = Engine(scene.chain("baseline", steps=steps, start=UNDER_CONTROLS))
        drawn = draw(engine.model.parameters(), scene.SEED, CHUNK)
        engine.chunk(drawn, 0, CHUNK)  # compiles
        calls[steps] = lambda e=engine, d=drawn: e.chunk(d, 0, CHUNK)
    return _fastest("steps", calls, repeats)
