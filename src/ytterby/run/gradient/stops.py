"""Home to the day of the first line stop: the first on which output falls below 95 % of what was wanted."""

from __future__ import annotations

from dataclasses import dataclass, replace

import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

from ytterby.run.base import Grid
from ytterby.run.chain.model import Chain
from ytterby.run.gradient.objective import Asked, Objective, Seen, before_first_below, groups, softest
from ytterby.run.lines import THRESHOLDS

CARS = "car"
ROUNDED = 0.05
"""Share of the width over which output over demand is rounded."""


@dataclass(frozen=True)
class LineStop(Objective):
    """Days from the run's start until any of the groups first falls below 95 % of its demand, the controls in force.

    Between two steps the ratio is taken to run straight, so that the day moves smoothly: `run.lines` says the step's
    end, at most a step later. Where no line ever slows it is the start of the last step.
    """

    rows: NDArray[np.int64]
    grid: Grid
    first: int
    """First step that counts."""
    unit: str = "day"

    def pick(self, seen: Seen) -> dict[str, Array]:
        """Demand and output of the groups."""
        return {name: seen[name][self.rows] for name in ("demand", "output")}

    def value(self, kept: Seen, width: float) -> Array:
        """The day (draw,)."""
        tau = ROUNDED * width
        wanted = kept["demand"][self.first :]
        some = wanted > 0.0
        ratio = jnp.where(some, kept["output"][self.first :] / jnp.where(some, wanted, 1.0), 1.0)
        path = softest(ratio, tau, axis=1)
        return self.grid.days * (self.first + before_first_below(path, THRESHOLDS["slow"], tau))

    @property
    def never(self) -> float:
        """The day that stands for never."""
        return self.grid.days * (self.grid.steps - 1)


def line_stop(model: Chain, asked: Asked) -> LineStop:
    """The first line stop of a product and a region; of cars, and of any place outside China, without them."""
    grid = model.grid
    first = int(np.argmax((np.arange(grid.steps) + 1) * grid.days > model.watch_from))
    return LineStop(groups(model, replace(asked, product=asked.product or CARS)), grid, first)
