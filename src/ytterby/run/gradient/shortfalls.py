"""Home to the shortfall: the share of what was wanted in a month or year that was not built when it was."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jax import Array
from numpy.typing import NDArray

from ytterby.run.chain.model import Chain
from ytterby.run.gradient.objective import Asked, Floats, Objective, Seen, groups, window
from ytterby.run.minima import positive

ROUNDED = 0.1
"""Share of demand times the width over which a lack is rounded."""


@dataclass(frozen=True)
class Shortfall(Objective):
    """What was wanted and not built over what was wanted, each group weighed by the magnets in its product (%)."""

    rows: NDArray[np.int64]
    weight: Floats  # (row,) weight of a unit
    share: Floats  # (step,)
    unit: str = "%"

    def pick(self, seen: Seen) -> dict[str, Array]:
        """Demand and output of the groups."""
        return {name: seen[name][self.rows] for name in ("demand", "output")}

    def value(self, kept: Seen, width: float) -> Array:
        """The share (draw,)."""
        wanted = kept["demand"] * self.weight[:, None] * self.share[:, None, None]
        built = kept["output"] * self.weight[:, None] * self.share[:, None, None]
        return 100.0 * positive(wanted - built, ROUNDED * wanted, width).sum(axis=(0, 1)) / wanted.sum(axis=(0, 1))


def shortfall(model: Chain, asked: Asked) -> Shortfall:
    """The shortfall of a product and a region in a month or year."""
    s = model.forced.structure
    rows = groups(model, asked)
    held = np.zeros(len(s.network.groups))
    np.add.at(held, s.network.terminal_group, s.network.terminal_share * s.product.sum(axis=1))
    return Shortfall(rows, np.maximum(held[rows], 1e-12), window(model.grid, asked.when))
