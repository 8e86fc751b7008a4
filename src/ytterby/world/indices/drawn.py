"""Home to drawn worlds: who makes and takes in how much of an element at a stage, draw by draw.

A draw scales every uncertain capacity and demand of the world by its factor; buyers shift towards suppliers as far as
these can do more, and the static balance of the base year is struck anew. Yields stay at their medians.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ytterby.world.atlas import Atlas
from ytterby.world.balance import DAYS, steady
from ytterby.world.checks import BASE
from ytterby.world.network import Network

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """What countries make and trade of one element or mix at one stage, tonnes a year."""

    countries: tuple[str, ...]
    made: Floats
    """(country, draw)"""
    moved: Floats
    """(origin, destination, draw) what plants and makers take in of what the stage makes; swarf does not count."""
    assumed: Floats
    """(country,) share of the median output that comes from plants of assumed capacity."""


def drawn(atlas: Atlas, factors: Floats, mixes: Sequence[str], stages: Sequence[str]) -> dict[tuple[str, str], Drawn]:
    """(mix, stage) → what was made and moved.

    Args:
        atlas: the world.
        factors: (row of the network's `uncertainty`, draw) drawn value over median.
        mixes: elements, or mixes of `atlas.MIXES`.
        stages: of `atlas.ORDER`.

    Raises:
        UnknownName: neither a mix nor an element.
    """
    n, draws = atlas.network, factors.shape[1]
    countries = tuple(sorted(set(atlas.country)))
    where = np.array([countries.index(one) for one in atlas.country])
    contents = {mix: atlas.content(mix) for mix in mixes}
    own = _own(atlas)
    out_place, link_out = where[n.out_slot_facility], n.link_out
    at = {stage: np.array([one == stage for one in atlas.stage]) for stage in stages}
    slots = {stage: np.flatnonzero(own & at[stage][n.out_slot_facility]) for stage in stages}
    ahead = atlas.forward() & own[link_out]
    links = {stage: np.flatnonzero(ahead & at[stage][atlas.seller]) for stage in stages}
    size = len(countries)
    made = {(mix, stage): np.zeros((size, draws)) for mix in mixes for stage in stages}
    moved = {(mix, stage): np.zeros((size * size, draws)) for mix in mixes for stage in stages}
    pair = where[atlas.seller] * size + where[atlas.buyer]
    for k in range(draws):
        state = steady(_world(n, factors[:, k]), BASE)
        for mix, content in contents.items():
            output = state.made * DAYS * content[n.out_slot_material]
            flow = state.flow * DAYS * content[atlas.material]
            for stage in stages:
                rows, paths = slots[stage], links[stage]
                made[mix, stage][:, k] = np.bincount(out_place[rows], output[rows], size)
                moved[mix, stage][:, k] = np.bincount(pair[paths], flow[paths], size * size)
    return {
        key: Drawn(countries, made[key], moved[key].reshape(size, size, draws), _doubt(atlas, countries, *key))
        for key in made
    }


def _own(atlas: Atlas) -> NDArray[np.bool_]:
    """(out_slot,) whether it holds what its facility is there to make."""
    n = atlas.network
    return np.array([atlas.owns(int(f), int(m)) for f, m in zip(n.out_slot_facility, n.out_slot_material, strict=True)])


def _doubt(atlas: Atlas, countries: Sequence[str], mix: str, stage: str) -> Floats:
    shares = {one.place: one.assumed for one in atlas.shares(mix, stage)}
    return np.array([shares.get(country, 0.0) for country in countries])


def _world(n: Network, factor: Floats) -> Network:
    """The network of one draw; links lean towards suppliers that can do more, and still sum to one per buyer."""
    able = factor[n.capacity_by]
    share = n.link_share * able[n.out_slot_facility[n.link_out]]
    whole = np.bincount(n.link_in, share, len(n.in_slot_facility))[n.link_in]
    share = np.divide(share, whole, out=n.link_share.copy(), where=whole > 0.0)
    return replace(n, link_share=share, demand=n.demand * factor[n.demand_by][:, None])
