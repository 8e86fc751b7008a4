"""Home to stocks in use: products in service, what is retired, collected and thrown away."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
from jax import Array

from ytterby.run.chain.state import USE_STAGES, State
from ytterby.run.chain.structure import Structure


@dataclass(frozen=True)
class Service:
    """Products in service after a step."""

    in_use: Array  # (stage, terminal, draw)
    collected: Array  # (out_slot, draw) scrap that arrives at collectors
    retired: Array  # (terminal, draw) products


def serve(structure: Structure, state: State, built: Array, dt: float) -> Service:
    """Pass products through an Erlang life; a life of 0 days is a use that dissipates at once."""
    n = structure.network
    life = jnp.asarray(n.terminal_life_days)[:, None]
    pace = jnp.where(life > 0.0, dt / (dt + life / USE_STAGES), 1.0)
    stages = []
    moving = built
    for stage in range(USE_STAGES):
        inside = state.in_use[stage] + moving
        moving = inside * pace
        stages.append(inside - moving)
    gathered = moving * n.terminal_collect[:, None]
    scrap = n.scrap_coef[:, None] * gathered[n.scrap_terminal]
    collected = jax.ops.segment_sum(scrap, n.scrap_slot, len(n.out_slot_facility))
    return Service(jnp.stack(stages), collected, moving)
