"""Home to effects: what an outcome does when one input moves by a standard deviation, in the middle and over draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytterby.decisions.explain.inputs import Input, local_spread

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Effect:
    """One input and what it does, in the outcome's unit."""

    input: Input
    slope: float
    """Mean derivative over the worlds, per unit of the input."""
    at_middle: float
    """Derivative in the middle world."""
    low: float
    """Change of the outcome when the input stands one standard deviation below its middle, by the mean slope."""
    high: float
    mean: float
    """Mean over the draws of slope times local standard deviation: which way it moves, all in all."""
    typical: float
    """Mean size of the same: what the inputs are ranked by."""

    def to_dict(self) -> dict[str, Any]:
        """Plain values, the input in a few."""
        p = self.input.parameter
        return {
            "name": p.name,
            "unit": p.unit,
            "assumed": p.assumed,
            "fitted": self.input.members is not None,
            "middle": self.input.middle,
            "below": self.input.below,
            "above": self.input.above,
            "slope": self.slope,
            "at_middle": self.at_middle,
            "low": self.low,
            "high": self.high,
            "mean": self.mean,
            "typical": self.typical,
            "claims": [list(pair) for pair in p.claims],
        }


def effects(
    found: Sequence[Input], slopes: Mapping[str, Floats], drawn: Mapping[str, Floats], seed: int
) -> tuple[Effect, ...]:
    """Every input's effect, the largest typical one first.

    `slopes` (1 + draw,) have the middle world first, `drawn` (draw,) are the values of the others. The mean absolute
    effect over draws ranks inputs much as their total Sobol indices do (Campolongo, Cariboni and Saltelli 2007,
    doi:10.1016/j.envsoft.2006.10.004); a mean square would follow the one draw that just grazes a threshold.
    """
    made = []
    for one in found:
        slope, rest = float(slopes[one.name].mean()), slopes[one.name][1:]
        moved = rest * local_spread(one, drawn[one.name], seed)
        here = np.array([slope * (one.middle - one.below), slope * (one.above - one.middle)])
        pool = moved if moved.size else here
        made.append(
            Effect(
                one,
                slope,
                float(slopes[one.name][0]),
                slope * (one.below - one.middle),
                slope * (one.above - one.middle),
                float(pool.mean()),
                float(np.abs(pool).mean()),
            )
        )
    return tuple(sorted(made, key=lambda e: (-e.typical, e.input.name)))
