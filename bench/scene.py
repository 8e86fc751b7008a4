"""Home to what is measured: the package's world under the package's scenarios, compiled for blocks of steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import jax

from ytterby.evidence import baseline
from ytterby.evidence.weigh import weigh
from ytterby.run.chain.forcing import force
from ytterby.run.chain.model import Chain
from ytterby.run.draws import draw
from ytterby.run.ensemble import BLOCK
from ytterby.world import build, scenarios
from ytterby.world.network import Network
from ytterby.world.scenarios import Scenario

SEED = 0


@cache
def network() -> Network:
    """The package's world, as known at the end of its facts."""
    known = scenarios.load("baseline").known
    return build.build(weigh(baseline.load(), known), known)


def told(name: str, steps: int | None = None, start: date | None = None) -> Scenario:
    """A scenario of the package, begun on another day and made `steps` steps long where asked."""
    scenario = scenarios.load(name)
    begun = start or scenario.start
    end = scenario.end if steps is None else begun + timedelta(days=int(steps * scenario.step_days) - 1)
    return scenario.model_copy(update={"start": begun, "end": end})


def chain(
    name: str,
    dtype: str = "float64",
    steps: int | None = None,
    start: date | None = None,
    of: Network | None = None,
) -> Chain:
    """The chain model under a scenario of the package."""
    return Chain(force(of or network(), told(name, steps, start)), dtype=dtype)


@dataclass(frozen=True)
class Block:
    """A block of steps of a model at some draws, ready to run."""

    model: Chain
    draws: int
    steps: int
    run: Callable[[], Any]
    """Simulates the block and waits for it."""
    compiled_in: float
    """Seconds to trace and compile it."""

    @property
    def links(self) -> int:
        return len(self.model.structure.network.link_out)

    def link_steps(self, seconds: float) -> float:
        """Links x draws x steps a second."""
        return self.links * self.draws * self.steps / seconds


def block(model: Chain, draws: int, steps: int = BLOCK) -> Block:
    """Compile the first `steps` steps of a model for `draws` draws."""
    from bench.stopwatch import seconds

    held: dict[str, Any] = {}
    wide = model.precision == "float64"

    def prepare() -> None:
        scan = jax.jit(lambda c, s, f: jax.lax.scan(lambda state, now: model.step(c, state, now), s, f))
        held["scan"] = scan.lower(*held["arguments"]).compile()

    def run() -> None:
        with jax.enable_x64(wide):
            jax.block_until_ready(held["scan"](*held["arguments"]))

    with jax.enable_x64(wide):
        inputs = model.inputs(draw(model.parameters(), SEED, draws))
        forcing = jax.tree.map(lambda a: a[:steps], inputs.forcing)
        held["arguments"] = (inputs.constants, model.initial(inputs.constants), forcing)
        compiled_in = seconds(prepare)
    run()
    return Block(model, draws, steps, run, compiled_in)
