"""Home to the gate: what may leave China this step, and the applications, reviews and permits behind it."""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
from jax import Array

from ytterby.run.chain.state import Constants, Forcing, State, in_all_stages
from ytterby.run.chain.structure import Structure
from ytterby.run.minima import fulfilment, least, positive, remainder


@dataclass(frozen=True)
class Passage:
    """How much of what is ready may pass."""

    eligible: Array  # (link, draw) may ship this step
    ready: Array  # (link, draw) handled and packed, whether it may ship or not
    held: Array  # (crossing, draw) share of volume that needs a permit
    on_permit: Array  # (crossing, draw) the part of `eligible` drawn from permits


def held_share(structure: Structure, constants: Constants, forcing: Forcing) -> Array:
    """Share of each crossing's volume that needs a permit (crossing, draw).

    All of it where a licence is asked for; a part of it where free goods share the customs code with controlled ones;
    less what general licences cover.
    """
    gate, region = structure.crossing_gate, structure.gate_region[structure.crossing_gate]
    licensed = forcing.licensed[gate][:, None]
    same_code = (1.0 - licensed) * forcing.same_code[gate][:, None] * forcing.hold
    return licensed * (1.0 - forcing.general[region]) + same_code


def passage(
    structure: Structure, constants: Constants, state: State, forcing: Forcing, backlog: Array, dt: float, width: float
) -> Passage:
    """Split what is ready into what may ship and what waits; free links ship all that is ready."""
    handling = constants.behaviour["handling_days"]
    pace = jnp.where(structure.link_from_china[:, None], forcing.season, 1.0) * dt
    ready = backlog * (pace / (pace + handling))
    for row, mask in enumerate(structure.border_events):
        ready = ready * jnp.where(mask[:, None], forcing.border[row], 1.0)
    crossing = structure.crossing
    open_to_all = 1.0 - forcing.refused[structure.crossing_gate][:, None]
    held = held_share(structure, constants, forcing)
    # What leaks leaves without a permit; the tracking regime's strength is the share of leaks it stops.
    evading = constants.licensing["leak"] * (1.0 - constants.licensing["tracking_strength"])
    bound = held * (1.0 - evading)
    waiting = ready[crossing]
    on_permit = least(bound * waiting, state.allowance, width) * open_to_all
    free = (1.0 - bound) * waiting * open_to_all
    return Passage(ready.at[crossing].set(free + on_permit), ready, held, on_permit)


@dataclass(frozen=True)
class Licensing:
    """The authority's desk after a step."""

    review: Array  # (stage, crossing, draw)
    allowance: Array  # (crossing, draw)
    applied: Array  # (crossing, draw)
    granted: Array
    refused: Array


def license_(
    structure: Structure,
    constants: Constants,
    state: State,
    forcing: Forcing,
    gate: Passage,
    drawn_down: Array,
    backlog: Array,
    dt: float,
    width: float,
) -> Licensing:
    """Apply ahead, pass the stages of review, be granted or refused, expire.

    Exporters apply for what waits plus a horizon of need, less what they hold or have asked for. Review is an Erlang
    chain; its last stage is throttled by what the authority decides in a day, shared over all applicants.
    """
    n, lic = structure.network, constants.licensing
    crossing, gates = structure.crossing, structure.crossing_gate
    region = structure.gate_region[gates]
    military = structure.gate_military[gates]
    rate = state.share[crossing] * state.expected_use[n.link_in[crossing]]
    need = gate.held * (backlog[crossing] + lic["apply_horizon_days"] * rate)
    allowance = state.allowance - drawn_down
    pending = in_all_stages(state.review)
    may_apply = 1.0 - forcing.refused[gates][:, None]
    prepare = dt / (dt + constants.behaviour["prepare_days"])
    applied = positive(need - allowance - pending, need, width) * prepare * may_apply

    pace = forcing.speed[region] * dt
    step = pace / (pace + lic["review_days"] / state.review.shape[0])
    moving, stages = applied, []
    for stage in range(state.review.shape[0]):
        inside = state.review[stage] + moving
        moving = inside * step
        stages.append(inside - moving)
    decided = moving * fulfilment(forcing.throughput * dt, jnp.ones(moving.shape[0], moving.dtype) @ moving, width)
    stages[-1] = stages[-1] + (moving - decided)
    grant = jnp.where(military[:, None], forcing.grant[1][region], forcing.grant[0][region])
    granted = decided * grant
    kept = (allowance + granted) * (1.0 - dt / (dt + lic["validity_days"]))
    return Licensing(jnp.stack(stages), remainder(kept, width), applied, granted, decided - granted)
