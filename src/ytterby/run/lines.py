"""Home to line stops: on which day a product's lines first slow or stop, for how long, and what is lost.

A group stands for all makers of a product in a country, whose stocks differ: `slow` is the day their joint output first
falls below 95 % of demand (the first lines stop), `half` below 50 % (half of them do).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ytterby.run.base import Grid

THRESHOLDS = {"slow": 0.95, "half": 0.5}
RECOVERED = 0.98
"""A line is back when output has been at this share of demand for a month."""


@dataclass(frozen=True)
class LineStops:
    """Per group and draw."""

    first: dict[str, NDArray[np.float32]]
    """threshold → (group, draw) days from the run's start to the first step below it; inf if never."""
    days: dict[str, NDArray[np.float32]]
    """threshold → (group, draw) days spent below it."""
    recovered: NDArray[np.float32]
    """(group, draw) days from the first slow day to recovery; inf if not within the run, 0 if it never slowed."""
    lost: NDArray[np.float32]
    """(group, draw) units not built when wanted, largest cumulated gap."""


class Lines:
    """Follows output against demand block by block."""

    def __init__(self, grid: Grid, watch_from: float = 0.0) -> None:
        self.grid = grid
        self.watch_from = watch_from
        self.first: dict[str, NDArray[np.float64]] = {}
        self.days: dict[str, NDArray[np.float64]] = {}

    def add(self, demand: NDArray[np.float64], output: NDArray[np.float64], start: int) -> None:
        """Take in a block: demand and output (step, group, draw), `start` the first step's number."""
        if not self.first:
            shape = demand.shape[1:]
            self.first = {name: np.full(shape, np.inf) for name in THRESHOLDS}
            self.days = {name: np.zeros(shape) for name in THRESHOLDS}
            self.back = np.full(shape, np.inf)
            self.calm = np.zeros(shape)
            self.gap, self.worst = np.zeros(shape), np.zeros(shape)
        for offset in range(demand.shape[0]):
            if (start + offset + 1) * self.grid.days > self.watch_from:
                self._step(demand[offset], output[offset], (start + offset) * self.grid.days)

    def _step(self, demand: NDArray[np.float64], output: NDArray[np.float64], day: float) -> None:
        ratio = np.divide(output, demand, out=np.ones_like(demand), where=demand > 0)
        for name, threshold in THRESHOLDS.items():
            below = ratio < threshold
            self.first[name] = np.where(below & np.isinf(self.first[name]), day, self.first[name])
            self.days[name] += below * self.grid.days
        slowed = np.isfinite(self.first["slow"])
        self.calm = np.where(ratio >= RECOVERED, self.calm + self.grid.days, 0.0)
        back = slowed & (self.calm >= 30.0) & np.isinf(self.back)
        self.back = np.where(back, day + self.grid.days - self.calm, self.back)
        self.gap = np.maximum(self.gap + demand - output, 0.0)
        self.worst = np.maximum(self.worst, self.gap)

    def result(self) -> LineStops:
        """What was found so far."""
        recovered = np.where(
            np.isinf(self.first["slow"]),
            0.0,
            self.back - np.where(np.isinf(self.first["slow"]), 0.0, self.first["slow"]),
        )
        single = lambda a: a.astype(np.float32)  # noqa: E731
        return LineStops(
            {k: single(v) for k, v in self.first.items()},
            {k: single(v) for k, v in self.days.items()},
            single(recovered),
            single(self.worst),
        )
