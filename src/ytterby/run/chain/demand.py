"""Home to final demand: what each product's makers want to build, and with which design."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array

from ytterby.run.chain.state import Constants, Forcing, State
from ytterby.run.chain.structure import Structure
from ytterby.run.minima import least, positive, ratio

CATCH_UP_DAYS = 30.0
"""Lost output is caught up over a month, as far as overtime reaches."""


def wanted(structure: Structure, constants: Constants, state: State, forcing: Forcing) -> Array:
    """Demand of each group at today's prices, units per day (group, draw).

    Isoelastic in the value-weighted price index of the materials in the product.
    """
    elasticity = jnp.asarray(structure.network.group_elasticity)[:, None]
    index = jnp.einsum("gpz,pzd->gd", structure.group_weights, state.log_price)
    return forcing.demand * constants.demand_factor * jnp.exp(-elasticity * index)


def desired(structure: Structure, constants: Constants, state: State, want: Array, width: float) -> Array:
    """What each design's lines would build with enough inputs, units per day (terminal, draw)."""
    overtime = constants.behaviour["overtime"] * want
    build = want + least(state.arrears / CATCH_UP_DAYS, overtime, width)
    return build[structure.network.terminal_group] * state.mix


def arrears(
    structure: Structure, constants: Constants, state: State, want: Array, built: Array, dt: float, width: float
) -> Array:
    """Lost output still to be caught up (group, draw): a share of what was not built, fading with patience."""
    groups = len(structure.network.groups)
    made = jax.ops.segment_sum(built, structure.network.terminal_group, groups)
    short = want * dt - made
    owed = state.arrears + constants.behaviour["catch_up_share"] * positive(short, want * dt, width)
    owed = positive(owed - positive(-short, want * dt, width), want * dt, width)
    return owed * (1.0 - dt / (dt + constants.behaviour["patience_days"]))


def substitute(
    structure: Structure, constants: Constants, state: State, desire: Array, built: Array, dt: float, width: float = 0.0
) -> tuple[Array, Array]:
    """Shares of rival designs and their smoothed supply (terminal, draw) each.

    Designs that cannot be built, or whose magnets have become dear, lose share to those that can and have not,
    within their bounds and at their own switching time.
    """
    n = structure.network
    groups = len(n.groups)
    planned = desire * dt
    success = ratio(built, planned, 1.0, width)
    blend = dt / (dt + constants.behaviour["smoothing_days"])
    supplied = state.supplied + blend * (success - state.supplied)
    cost = jnp.einsum("tpz,pzd->td", structure.terminal_weights, state.log_price)
    merit = constants.behaviour["substitution"] * (supplied - 1.0) - constants.behaviour["thrift"] * cost
    pull = jnp.asarray(n.terminal_share)[:, None] * jnp.exp(merit)
    target = pull / jax.ops.segment_sum(pull, n.terminal_group, groups)[n.terminal_group]
    target = least(target, jnp.asarray(n.terminal_share_max)[:, None], width)
    target = target / jax.ops.segment_sum(target, n.terminal_group, groups)[n.terminal_group]
    pace = jnp.asarray(dt / (dt + n.terminal_switch_days))[:, None]
    return state.mix + pace * (target - state.mix), supplied
