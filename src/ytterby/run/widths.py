"""Home to the width of a chunk: how many draws are simulated at once, by where they are simulated.

On a processor a chunk's state should stay in a core's cache (`draws.CHUNK`). An accelerator wants all the draws that
its memory takes: there the width is the largest power of two whose arrays fit a share of what is free. The width is
part of a run's id: a program compiled for another one may round otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax
import numpy as np

from ytterby.run.base import Model
from ytterby.run.draws import CHUNK, draw
from ytterby.run.ensemble import BLOCK

WIDEST = 8192

SHARE = 0.25
"""Of the free memory: two chunks are in work at once, and the compiler keeps arrays between the phases of a step."""

PROBE = 2
"""Draws with which a model's arrays are measured."""


@dataclass(frozen=True, slots=True)
class Footprint:
    """Bytes of a model's arrays for each draw."""

    constants: int
    state: int
    forcing: int
    """Of one step."""
    seen: int
    """Observed in one step."""

    @property
    def block(self) -> int:
        """Held at once while a block of steps is simulated: the state before, within and after it."""
        return self.constants + 3 * self.state + BLOCK * (self.forcing + self.seen)

    @property
    def step(self) -> int:
        """Least that one step moves: everything read once, the state and what is observed written once."""
        return self.constants + 2 * self.state + self.forcing + self.seen


def footprint(model: Model[Any, Any, Any]) -> Footprint:
    """Bytes a draw of a model's arrays in the model's precision, found without simulating."""
    with jax.enable_x64(model.precision == "float64"):
        inputs = model.inputs(draw(model.parameters(), 0, PROBE))
        state = model.initial(inputs.constants)
        forcing = jax.tree.map(lambda steps: steps[0], inputs.forcing)
        after, seen = jax.eval_shape(model.step, inputs.constants, state, forcing)
        width = 8 if model.precision == "float64" else 4
        return Footprint(*(_bytes(tree, width) for tree in (inputs.constants, after, forcing, seen)))


def _bytes(tree: Any, width: int) -> int:
    """Bytes a draw of the arrays that have a draw axis."""
    leaves = [leaf for leaf in jax.tree.leaves(tree) if np.ndim(leaf) and leaf.shape[-1] == PROBE]
    return sum(int(np.prod(leaf.shape)) // PROBE * width for leaf in leaves)


def fitting(free: float, per_draw: float) -> int:
    """The largest power of two of draws of `per_draw` bytes in SHARE of `free` bytes, from CHUNK to WIDEST.

    >>> fitting(80e9, 4e6), fitting(8e9, 4e6), fitting(1e6, 4e6)
    (4096, 256, 32)
    """
    room = max(SHARE * free / max(per_draw, 1.0), 1.0)
    return int(min(max(2 ** int(np.log2(room)), CHUNK), WIDEST))


def suited(model: Model[Any, Any, Any]) -> int:
    """Draws of a chunk on the device that jax uses: CHUNK on a processor, what fits on an accelerator."""
    device = jax.devices()[0]
    stats = None if device.platform == "cpu" else device.memory_stats()
    if not stats or "bytes_limit" not in stats:
        return CHUNK
    return fitting(stats["bytes_limit"] - stats.get("bytes_in_use", 0), footprint(model).block)
