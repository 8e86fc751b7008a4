"""Home to speed: blocks of steps, and whole runs as a user starts them."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench import scene
from bench.scene import Block
from bench.stopwatch import interleaved
from ytterby.run.draws import CHUNK
from ytterby.run.forecast import Precision, forecast


@dataclass(frozen=True)
class Pace:
    """How fast a compiled block is."""

    dtype: str
    block: Block
    seconds: float


def blocks(widths: Sequence[tuple[str, int]], repeats: int) -> list[Pace]:
    """Median seconds of a block of the baseline, for each precision and number of draws, taken in turns."""
    models = {dtype: scene.chain("baseline", dtype) for dtype, _ in widths}
    made = {f"{dtype} {draws}": scene.block(models[dtype], draws) for dtype, draws in widths}
    took = interleaved({name: block.run for name, block in made.items()}, repeats)
    return [Pace(name.split()[0], block, median(took[name])) for name, block in made.items()]


@dataclass(frozen=True)
class Whole:
    """A run from the network to the record on disk."""

    scenario: str
    dtype: str
    draws: int
    wanted: int
    """Draws the time is quoted for; more than `draws` where it is extrapolated."""
    years: float
    steps: int
    links: int
    first: float
    """Seconds until the first chunk is kept: inputs, compilation, one chunk."""
    total: float

    @property
    def a_chunk(self) -> float:
        """Seconds of each further chunk."""
        further = -(-self.draws // CHUNK) - 1
        return (self.total - self.first) / further if further else self.first

    @property
    def seconds(self) -> float:
        """Seconds for the draws wanted."""
        if self.draws == self.wanted:
            return self.total
        return self.first + self.a_chunk * (-(-self.wanted // CHUNK) - 1)

    @property
    def scenario_years(self) -> float:
        """Draws x years a second, once compiled."""
        return CHUNK * self.years / self.a_chunk

    @property
    def link_steps(self) -> float:
        """Links x draws x steps a second, once compiled."""
        return CHUNK * self.steps * self.links / self.a_chunk


def whole(scenario: str, draws: int, wanted: int, dtype: Precision = "float64") -> Whole:
    """Run and keep a scenario in a folder that is thrown away."""
    told = scene.told(scenario)
    network = scene.network()
    marks: list[tuple[int, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        forecast(
            network,
            told,
            Path(folder),
            draws=draws,
            seed=scene.SEED,
            dtype=dtype,
            progress=lambda done, _: marks.append((done, time.perf_counter() - began)),
        )
        total = time.perf_counter() - began
    first = next(at for done, at in marks if done)
    years = told.steps * told.step_days / 365.25
    return Whole(scenario, dtype, draws, wanted, years, told.steps, len(network.link_out), first, total)
