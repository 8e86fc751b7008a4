"""Home to scenario reduction: fewer draws that stand for many, with what that costs.

Fast forward selection (Heitsch, H. and Roemisch, W. (2003), Scenario reduction algorithms in stochastic programming,
Computational Optimization and Applications 24): one draw after another is kept, each the one that brings the
Kantorovich distance between all draws and the kept ones down most; a dropped draw's chance goes to the nearest of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ytterby.decisions.hedge.case import Case
from ytterby.terms.errors import BadValue

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reduced:
    """Which draws were kept."""

    rows: NDArray[np.int64]
    chance: Floats
    """(kept,)"""
    error: float
    """Kantorovich distance to all draws, as a share of that of the single best draw: 0 exact, 1 no better than one."""


def reduce(points: Floats, chance: Floats, keep: int) -> Reduced:
    """Keep `keep` of the points.

    Args:
        points: (draw, feature); Euclidean distance between rows is what is lost by taking one for the other.
        chance: (draw,) probabilities.
        keep: how many.

    Raises:
        BadValue: fewer than one.
    """
    if keep < 1:
        raise BadValue(f"{keep} draws to keep", place="scenario reduction", remedy="keep at least 1")
    count = len(points)
    if keep >= count:
        return Reduced(np.arange(count), np.asarray(chance, dtype=np.float64), 0.0)
    square = (points**2).sum(axis=1)
    distance = np.sqrt(np.maximum(square[:, None] + square[None] - 2.0 * points @ points.T, 0.0))
    np.fill_diagonal(distance, 0.0)
    nearest = np.full(count, np.inf)
    kept: list[int] = []
    first = 0.0
    for _ in range(keep):
        # what each candidate would leave: every draw goes to it or stays with the nearest kept one
        left = chance @ np.minimum(distance, nearest[:, None])
        left[kept] = np.inf
        best = int(np.argmin(left))
        first = first or float(left[best])
        kept.append(best)
        nearest = np.minimum(nearest, distance[:, best])
    rows = np.array(sorted(kept))
    owner = np.argmin(distance[:, rows], axis=1)
    weights: Floats = np.bincount(owner, weights=chance, minlength=len(rows)).astype(np.float64)
    return Reduced(rows, weights, float(chance @ nearest) / first if first > 0 else 0.0)


def features(case: Case) -> Floats:
    """What tells a case's draws apart, (draw, feature): USD of material that arrives later or not at all, by flow."""
    from ytterby.decisions.hedge.case import arriving

    columns = []
    for flow in case.flows:
        if flow.kind != "regular" or case.variants[flow.variant].design:
            continue
        ordered = np.cumsum(case.ordered(flow))
        missing = ordered - np.cumsum(sum(arriving(case, flow)), axis=1)
        columns.append(missing * case.price[flow.material])
        columns.append(flow.price_before * case.ordered(flow))
    return np.concatenate(columns, axis=1)


def reduced(case: Case, keep: int) -> tuple[Case, Reduced]:
    """A case on fewer of its draws."""
    found = reduce(features(case), case.chance, keep)
    return (case, found) if len(found.rows) == case.draws else (case.taken(found.rows, found.chance), found)
