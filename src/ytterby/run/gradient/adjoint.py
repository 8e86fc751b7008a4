"""Home to the reverse pass: an outcome of many draws and its derivative by all constants and all forcing at once.

The run is scanned in blocks; only the state at the start of each block is kept, and a block is run again when the pass
comes back through it, so memory grows with the square root of the steps. Settling is part of the run and of the pass.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property, partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

import ytterby.run.precision  # noqa: F401 - for what it sets
from ytterby.run.base import Inputs
from ytterby.run.chain.model import SETTLE_DAYS, Chain
from ytterby.run.chain.state import Constants, Forcing, State
from ytterby.run.ensemble import BLOCK
from ytterby.run.gradient.objective import Objective

Floats = NDArray[np.float64]
Drawn = Mapping[str, Floats]

WIDTH = 0.02
"""Of the smooth form that gradients are taken in: a minimum of two equals lies 1.4 % below the hard one."""

MOVED = (
    "demand", "outlook", "hold", "throughput", "speed", "grant", "general", "output", "border", "lead", "tech",
    "restock",
)  # fmt: skip
"""Fields of the forcing that depend on a draw."""


@dataclass(frozen=True)
class Slopes:
    """An outcome and its derivatives by what a draw runs on, per draw (last axis)."""

    value: Floats  # (draw,)
    constants: Constants
    forcing: Mapping[str, Floats]  # field of MOVED -> derivative, shaped as it is


class Adjoint:
    """A model and an outcome, compiled forward and backward. `model.width` is what both are smoothed by."""

    def __init__(self, model: Chain, objective: Objective) -> None:
        self.model = replace(model, in_full=objective.in_full)
        self.objective = objective
        self.steps = model.grid.steps
        self.size = min(BLOCK, self.steps)
        self.blocks = -(-self.steps // self.size)
        self.rounds = max(1, round(SETTLE_DAYS / (self.size * model.grid.days)))

    def inputs(self, drawn: Drawn) -> Inputs[Constants, Forcing]:
        """What the draws run on (NumPy), forcing continued to whole blocks."""
        made = self.model.forced.inputs(drawn)
        return Inputs(made.constants, jax.tree.map(self._lengthened, made.forcing))

    def values(self, drawn: Drawn) -> Floats:
        """The outcome of each draw (draw,)."""
        with jax.enable_x64(True):
            inputs = self.inputs(drawn)
            found = self._forward(*self._parts(inputs), self._ahead(inputs.forcing))
            return np.asarray(found)

    def slopes(self, drawn: Drawn) -> Slopes:
        """The outcome of each draw and its derivative by every constant and every forcing."""
        with jax.enable_x64(True):
            inputs = self.inputs(drawn)
            (_, value), found = self._backward(*self._parts(inputs), self._ahead(inputs.forcing))
            constants, moved = jax.tree.map(np.asarray, found)
            return Slopes(np.asarray(value), constants, {name: a[: self.steps] for name, a in moved.items()})

    @cached_property
    def _forward(self) -> Any:
        return jax.jit(self._run, static_argnums=3)

    @cached_property
    def _backward(self) -> Any:
        def together(constants: Constants, moved: Any, still: Any, ahead: int) -> tuple[Array, Array]:
            value = self._run(constants, moved, still, ahead)
            # draws do not touch each other: the derivative of the sum holds each one's own
            return value.sum(), value

        return jax.jit(jax.value_and_grad(together, argnums=(0, 1), has_aux=True), static_argnums=3)

    def _parts(self, inputs: Inputs[Constants, Forcing]) -> tuple[Constants, dict[str, Any], dict[str, Any]]:
        all_ = {field.name: getattr(inputs.forcing, field.name) for field in fields(inputs.forcing)}
        moved = {name: all_.pop(name) for name in MOVED}
        return inputs.constants, moved, all_

    def _ahead(self, forcing: Forcing) -> int:
        """Blocks run before the first, to settle."""
        return self.rounds if self.model.settles(forcing) else 0

    def _run(self, constants: Constants, moved: dict[str, Array], still: dict[str, Array], ahead: int) -> Array:
        forcing = Forcing(**moved, **still)
        if ahead:
            # the first step again and again, as `Chain.settle` has it; in the same scan, so that one block is compiled
            forcing = jax.tree.map(
                lambda a: jnp.concatenate([jnp.broadcast_to(a[:1], (ahead * self.size, *a.shape[1:])), a]), forcing
            )
        cut = jax.tree.map(lambda a: a.reshape(ahead + self.blocks, self.size, *a.shape[1:]), forcing)
        begins = jnp.arange(ahead + self.blocks) == ahead

        @partial(jax.checkpoint, prevent_cse=False)
        def block(state: State, given: tuple[Array, Forcing]) -> tuple[State, dict[str, Array]]:
            first, now = given
            if ahead:
                settled = self.model.settled(constants, state)
                state = jax.tree.map(lambda a, b: jnp.where(first, a, b), settled, state)
            return self._block(constants, state, now)

        _, kept = jax.lax.scan(block, self.model.initial(constants), (begins, cut))
        seen = jax.tree.map(lambda a: a[ahead:].reshape(-1, *a.shape[2:])[: self.steps], kept)
        return self.objective.value(seen, self.model.width)

    def _block(self, constants: Constants, state: State, forcing: Forcing) -> tuple[State, dict[str, Array]]:
        def step(state: State, now: Forcing) -> tuple[State, dict[str, Array]]:
            new, seen = self.model.step(constants, state, now)
            # the balance of matter moves no outcome, and is a large part of a step
            return replace(new, mass=state.mass), self.objective.pick(seen)

        return jax.lax.scan(step, state, forcing)

    def _lengthened(self, steps: Any) -> Any:
        missing = self.blocks * self.size - steps.shape[0]
        return np.concatenate([steps, np.repeat(steps[-1:], missing, axis=0)]) if missing else steps
