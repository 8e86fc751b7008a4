"""Home to capacity: dated projects with ramps, what prices call forth, and what technology controls cost both."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
from jax import Array

from ytterby.run.chain.state import BUILD_STAGES, Constants, Forcing, State
from ytterby.run.chain.structure import Structure
from ytterby.run.minima import fulfilment, least, positive, since

YEAR = 365.25


def available(structure: Structure, constants: Constants, state: State, forcing: Forcing) -> Array:
    """Capacity today, load per day (facility, draw): nameplate x ramp x shocks, plus what prices have called forth."""
    shock = jnp.ones_like(state.ramp)
    for row, mask in enumerate(structure.output_events):
        shock = shock * jnp.where(mask[:, None], forcing.output[row], 1.0)
    limited = jnp.isfinite(constants.capacity)
    # 0, not infinity, where it does not count: infinity times no slope is no number
    nameplate = jnp.where(limited, constants.capacity, 0.0)
    return jnp.where(limited, (nameplate * state.ramp + state.added) * shock, jnp.inf)


BEGINNING = 140.0
"""Days; a smooth start is spread over this times the width on both sides of its day."""
NEARLY = 0.1
"""Distance to nameplate from which, times the width, a smooth plant counts as ramping no more."""


def yields(structure: Structure, constants: Constants, state: State, forcing: Forcing, width: float = 0.0) -> Array:
    """Yield factor of each activity (activity, draw): a plant still ramping without its suppliers' help loses some."""
    n = structure.network
    hampered = forcing.tech * constants.behaviour["tech_yield"] * n.tech_dependence[:, None]
    ramping = jnp.where(state.ramp < 1.0, 1.0, 0.0)
    if width > 0.0:
        ramping = fulfilment(1.0 - state.ramp, jnp.full_like(state.ramp, NEARLY * width), width)
    loss = jnp.where(ramping > 0.0, ramping * hampered, 0.0)
    return constants.yields * (1.0 - loss)[n.activity_facility]


def grow(
    structure: Structure, constants: Constants, state: State, forcing: Forcing, dt: float, width: float
) -> tuple[Array, Array, Array]:
    """Ramp, added capacity and capacity under construction after a step.

    A ramp runs from its start date at 1 / ramp_days, slowed by technology controls as far as the plant depends.
    Investment is proportional to capacity and to the log2 of the price of the driving product over its base.
    """
    n = structure.network
    slowed = 1.0 - forcing.tech * constants.behaviour["tech_ramp"] * n.tech_dependence[:, None]
    begun = since(forcing.day, constants.ramp_start, BEGINNING, width)
    step = begun * slowed * constants.ramp_rate * dt
    # smooth: the least of the step and what is missing; the least of the sum and 1 would wear a full ramp down
    soft = width > 0.0
    ramp = state.ramp + least(step, 1.0 - state.ramp, width) if soft else jnp.minimum(state.ramp + step, 1.0)

    row = np.maximum(structure.drive_price, 0)
    signal = state.log_price[row, n.facility_zone] / np.log(2.0)
    may = (n.invests & (structure.drive_price >= 0) & np.isfinite(n.capacity))[:, None]
    size = jnp.where(may, jnp.where(jnp.isfinite(constants.capacity), constants.capacity, 0.0), 0.0)
    ordered = constants.behaviour["invest_rate"] / YEAR * positive(signal, 1.0, width) * size * dt
    ordered = ordered + forcing.investment[:, None] * dt / _capex(structure, constants)
    pace = (dt / (dt + n.build_days / BUILD_STAGES))[:, None]
    moving, stages = ordered, []
    for stage in range(BUILD_STAGES):
        inside = state.building[stage] + moving
        moving = inside * pace * slowed
        stages.append(inside - moving)
    return ramp, state.added + moving, jnp.stack(stages)


def _capex(structure: Structure, constants: Constants) -> Array:
    """USD per load unit a day (facility, draw); infinite for stages nobody invests public money in."""
    b = constants.behaviour
    stages = sorted({name.removeprefix("capex_") for name in b if name.startswith("capex_")})
    costs = jnp.stack([b[f"capex_{stage}"] for stage in stages])
    row = np.array([stages.index(stage) if stage in stages else 0 for stage in structure.network.facility_stage])
    paid = np.array([stage in stages for stage in structure.network.facility_stage])
    return YEAR * jnp.where(paid[:, None], costs[row], jnp.inf)
