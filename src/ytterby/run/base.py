"""Home to the model contract: what a model must offer so that the ensemble, the records and the metrics can use it.

A model is a frozen, final class. All its arrays have the draw axis last. The ensemble calls, per chunk of draws::

    inputs = model.inputs(draws)  # per-draw constants and per-step forcing, made once
    state = model.initial(inputs.constants)
    state, observed = scan(step)  # over the steps

`observed` is a flat mapping from the name of a series to an array ``(row, draw)`` for that step; `model.series()` says
what the rows are. Four names are reserved: ``residual`` and ``flow`` (element, draw), from which the record takes the
mass residual, and ``demand`` and ``output`` (group, draw), from which it takes the line stops.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Constants = TypeVar("Constants")
State = TypeVar("State")
Forcing = TypeVar("Forcing")


@dataclass(frozen=True)
class Series:
    """What the rows of one observed series are."""

    name: str
    labels: tuple[str, ...]
    unit: str
    kind: str
    """``flow`` (an amount per step, summed over months), ``level`` (a state, averaged) or ``ratio`` (averaged)."""
    description: str


@dataclass(frozen=True)
class Inputs(Generic[Constants, Forcing]):
    """What a chunk of draws runs on: constants (…, draw) and forcing (step, …)."""

    constants: Constants
    forcing: Forcing


@dataclass(frozen=True)
class Grid:
    """The time axis: `steps` steps of `days` days from `start`."""

    start: date
    steps: int
    days: float

    def ordinals(self) -> NDArray[np.float64]:
        """Days since 1970-01-01 at the start of each step, (step,)."""
        first = (self.start - date(1970, 1, 1)).days
        return np.asarray(first + self.days * np.arange(self.steps), dtype=np.float64)


class Model(ABC, Generic[Constants, State, Forcing]):
    """The contract. See the module's docstring for the shapes."""

    @property
    @abstractmethod
    def grid(self) -> Grid:
        """The time axis of a run."""

    @property
    @abstractmethod
    def precision(self) -> str:
        """``float64`` or ``float32``: what the ensemble compiles the model for."""

    @abstractmethod
    def parameters(self) -> tuple[Any, ...]:
        """The uncertain parameters, each a `draws.Parameter` with a name of its own."""

    @abstractmethod
    def inputs(self, drawn: Mapping[str, NDArray[np.float64]]) -> Inputs[Constants, Forcing]:
        """Constants and forcing for a chunk; `drawn` maps a parameter's name to its values (draw,)."""

    @abstractmethod
    def initial(self, constants: Constants) -> State:
        """State before the first step."""

    @property
    def watch_from(self) -> float:
        """Days from the start after which a line that stops counts: before, it is no consequence of what is studied."""
        return 0.0

    def settle(self, constants: Constants, state: State, forcing: Forcing, run: Any, steps: int) -> State:
        """State after the model has settled under the first step's forcing; as it is, unless a model needs it.

        `run(constants, state, forcing)` simulates `steps` steps.
        """
        return state

    @abstractmethod
    def step(self, constants: Constants, state: State, forcing: Any) -> tuple[State, dict[str, Any]]:
        """One step: the next state and what is observed of it."""

    @abstractmethod
    def series(self) -> tuple[Series, ...]:
        """What `step` observes, in the same names."""
