"""Home to releases: what a state hands out of its stockpiles, to those of its region who are short of a material."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from ytterby.run.chain.state import Constants, Forcing
from ytterby.run.chain.structure import Structure
from ytterby.run.minima import fulfilment, least, positive, ratio, remainder


def give(
    structure: Structure,
    constants: Constants,
    forcing: Forcing,
    held: Array,
    stock: Array,
    use: Array,
    dt: float,
    width: float,
) -> tuple[Array, Array]:
    """What the in-slots get at their doors (in_slot, draw), and what is still held then (out_slot, draw).

    Never more than is held, nor more than users lack of their target cover; what nobody lacks stays held. Military
    makers go first while their region's requisition is in force; within a class in proportion to what is lacked.

    Args:
        structure: `release_events` says who may get something of which release.
        constants: target covers.
        forcing: `release` of the step, t/day, and `requisition`.
        held: by states, after the purchases of the step (out_slot, draw).
        stock: before anything is handed out, after use and arrivals (in_slot, draw).
        use: expected use per day (in_slot, draw).
        dt: days.
        width: of the smooth form, 0 for the hard one.
    """
    n = structure.network
    releases, materials = len(structure.release_events), len(n.materials)
    to = _rows(structure)
    material = np.array([n.in_slot_material[np.argmax(users)] for users in structure.release_events])
    military = structure.in_slot_terminal & n.group_military[structure.in_slot_group]
    first = jnp.where(military, forcing.requisition[n.facility_region[n.in_slot_facility]], 0.0)[:, None]

    target = constants.cover * use
    gap = jnp.where((to < releases)[:, None], positive(target - stock, target, width), 0.0)
    over = lambda values: jax.ops.segment_sum(values, to, releases + 1)[:releases]  # noqa: E731
    gap_first, gap_rest = over(gap * first), over(gap * (1.0 - first))
    asked = least(forcing.release[:, None] * dt, gap_first + gap_rest, width)

    pool = jax.ops.segment_sum(held, n.out_slot_material, materials)
    have = asked * fulfilment(pool, jax.ops.segment_sum(asked, material, materials), width)[material]
    ratio_first = fulfilment(have, gap_first, width)
    ratio_rest = fulfilment(remainder(have - gap_first * ratio_first, width), gap_rest, width)
    gone = jax.ops.segment_sum(gap_first * ratio_first + gap_rest * ratio_rest, material, materials)

    at = np.minimum(to, releases - 1)
    given = gap * (first * ratio_first[at] + (1.0 - first) * ratio_rest[at])
    drawn = held * ratio(gone, pool, 0.0, width)[n.out_slot_material]
    return given, remainder(held - drawn, width)


def _rows(structure: Structure) -> np.ndarray:
    """The release each in-slot may get something of (in_slot,); one past the last where none."""
    to = np.full(len(structure.network.in_slot_facility), len(structure.release_events), dtype=np.int64)
    for row, users in enumerate(structure.release_events):
        to[users] = row
    return to
