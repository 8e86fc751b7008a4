"""Home to an outcome of many worlds: in chunks of one size, here or on a cluster, with the same bits.

A worker of a cluster keeps the last outcomes it compiled, so only the first chunk that reaches it pays for that.
"""

from __future__ import annotations

import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from ytterby.run.chain.model import Chain
from ytterby.run.draws import CHUNK, slice_of
from ytterby.run.engines.contract import Machines
from ytterby.run.ensemble import padded
from ytterby.run.gradient.adjoint import Adjoint
from ytterby.run.gradient.objective import Objective

Floats = NDArray[np.float64]

KEPT = 4
"""Compiled outcomes a worker keeps."""


@dataclass(frozen=True, slots=True)
class Worlds:
    """A chunk of worlds whose outcome is asked for."""

    name: str
    """The same for all chunks of one outcome."""
    model: Chain
    objective: Objective
    drawn: Mapping[str, Floats]
    """Values of a whole chunk, (CHUNK,) each."""


_compiled: OrderedDict[str, Adjoint] = OrderedDict()


def outcome(worlds: Worlds) -> Floats:
    """The outcome of each world of a chunk (CHUNK,); a function of the module, so that a worker finds it."""
    if worlds.name not in _compiled:
        _compiled[worlds.name] = Adjoint(worlds.model, worlds.objective)
        while len(_compiled) > KEPT:
            _compiled.popitem(last=False)
    return _compiled[worlds.name].values(worlds.drawn)


@final
class Many:
    """An outcome that is asked of many worlds.

    Args:
        adjoint: the model and the outcome.
        machines: where; in this process without any.
    """

    def __init__(self, adjoint: Adjoint, machines: Machines | None = None) -> None:
        self.adjoint = adjoint
        self.machines = machines
        self._name = uuid.uuid4().hex

    def values(self, drawn: Mapping[str, Floats], draws: int, told: Callable[[int], None] | None = None) -> Floats:
        """The outcome of each of `draws` worlds (draw,), from values (draw,) by parameter.

        `told` is called with the number of worlds that are newly done.
        """
        edges = [(first, min(first + CHUNK, draws)) for first in range(0, draws, CHUNK)]
        chunks = [padded(slice_of(drawn, *edge), CHUNK) for edge in edges]
        found = []
        for (first, last), made in zip(edges, self._each(chunks), strict=True):
            found.append(made[: last - first])
            if told is not None:
                told(last - first)
        return np.concatenate(found)

    def _each(self, chunks: list[dict[str, Floats]]) -> Iterable[Floats]:
        if self.machines is None:
            return map(self.adjoint.values, chunks)
        model, objective = self.adjoint.model, self.adjoint.objective
        return self.machines.each(outcome, [Worlds(self._name, model, objective, chunk) for chunk in chunks])
