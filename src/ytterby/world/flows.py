"""Home to flows gathered by name: links of a world added up by what stands at their ends, to be drawn or listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Flow:
    """What moves from the places of one name at a stage to those of another."""

    stage: str
    source: str
    next_stage: str
    target: str
    amount: float
    assumed: bool


def gathered(
    stages: Sequence[str],
    labels: Sequence[str],
    seller: NDArray[np.int64],
    buyer: NDArray[np.int64],
    amount: NDArray[np.float64],
    assumed: NDArray[np.bool_],
) -> list[Flow]:
    """Links added up by stage and name of both ends, assumed ones apart, largest first; those that carry nothing are
    left out. Sorting apart, the work grows with the number of links.

    Args:
        stages: of each facility (facility,).
        labels: name each facility goes by (facility,).
        seller: facility each link leaves (link,).
        buyer: facility each link feeds (link,).
        amount: what each link carries (link,), any one unit.
        assumed: links that stand on an assumption (link,).
    """
    names = list(dict.fromkeys(zip(stages, labels, strict=True)))
    row = {name: at for at, name in enumerate(names)}
    node = np.array([row[name] for name in zip(stages, labels, strict=True)], dtype=np.int64)
    kept = np.flatnonzero(amount > 0)
    keys = (node[seller[kept]] * len(names) + node[buyer[kept]]) * 2 + assumed[kept]
    distinct, where = np.unique(keys, return_inverse=True)
    sums = np.bincount(where, amount[kept], len(distinct))
    found = []
    for key, value in zip(distinct.tolist(), sums.tolist(), strict=True):
        pair, doubt = divmod(key, 2)
        (stage, source), (after, target) = (names[at] for at in divmod(pair, len(names)))
        found.append(Flow(stage, source, after, target, value, bool(doubt)))
    return sorted(found, key=lambda one: (-one.amount, one.stage, one.source, one.next_stage, one.target, one.assumed))
