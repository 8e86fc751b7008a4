"""Home to the traffic of one world: what every activity ran and every link carried, step by step.

The ensemble folds these away, since they would fill memory; one world's year of them is small, and is what the tracking
system's events are made of.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import jax
import numpy as np

import ytterby.run.precision  # noqa: F401 - for what it sets
from ytterby.run.base import Grid
from ytterby.run.chain.forcing import force
from ytterby.run.chain.model import Chain
from ytterby.run.draws import draw
from ytterby.world.network import Floats, Network
from ytterby.world.scenarios import Scenario


@dataclass(frozen=True)
class Traffic:
    """A world in full."""

    network: Network
    grid: Grid
    run: Floats  # (step, activity) units of activity in the step
    yields: Floats  # (step, activity) factor on the outputs
    shipped: Floats  # (step, link) units of the link's material that left
    collected: Floats  # (step, out_slot) scrap that came back from use
    stock_in: Floats  # (in_slot,) before the first step
    stock_out: Floats  # (out_slot,)
    transit: Floats  # (link,) on its way before the first step


def traffic(network: Network, scenario: Scenario, steps: int, seed: int | None = None) -> Traffic:
    """The first `steps` steps of a scenario in one world: every parameter at its median, or drawn with `seed`."""
    model = Chain(force(network, scenario), in_full=True)
    medians = {p.name: np.asarray([p.median], dtype=np.float64) for p in model.parameters()}
    drawn = medians if seed is None else draw(model.parameters(), seed, 1)
    block = jax.jit(lambda c, s, f: jax.lax.scan(lambda a, b: model.step(c, a, b), s, f))
    with jax.enable_x64(True):
        inputs = model.inputs(drawn)
        forcing = jax.tree.map(lambda a: np.asarray(a)[:steps], inputs.forcing)
        state = model.initial(inputs.constants)
        state = model.settle(inputs.constants, state, forcing, block, steps)
        first = state
        _, seen = block(inputs.constants, state, forcing)
    one = lambda a: np.asarray(a, dtype=np.float64)[..., 0]  # noqa: E731
    return Traffic(
        network,
        replace(model.grid, steps=steps),
        run=one(seen["run"]),
        yields=one(seen["yields"]),
        shipped=one(seen["shipped"]),
        collected=one(seen["collected"]),
        stock_in=one(first.stock_in),
        stock_out=one(first.stock_out),
        transit=one(first.transit).sum(axis=0),
    )
