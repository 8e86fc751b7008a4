"""Home to what a buyer's loss hangs on: which drawn inputs it follows most closely, and the claims behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytterby.decisions.bargain.drivers import FEWEST, MOST, SURE, correlation
from ytterby.run.draws import Parameter

Floats = NDArray[np.float64]


def drivers(
    parameters: Sequence[Parameter], drawn: Mapping[str, Floats], cost: Floats, fitted: Sequence[str]
) -> list[dict[str, Any]]:
    """The inputs whose rank correlation with the cost stands out from chance, the closest first.

    Args:
        parameters: what was drawn.
        drawn: values of each by name, (draw,).
        cost: of one who does nothing, (draw,).
        fitted: names whose draws come from a fit.
    """
    if len(cost) < FEWEST or float(np.std(cost)) <= 0.0:
        return []
    found: list[dict[str, Any]] = []
    for one in parameters:
        values = drawn[one.name]
        if float(np.std(values)) <= 0.0:
            continue
        rank = correlation(values, cost)
        found.append(
            {"name": one.name, "rank": rank, "unit": one.unit, "low": one.low, "median": one.median, "high": one.high,
             "assumed": one.assumed, "fitted": one.name in fitted, "claims": [list(claim) for claim in one.claims]}
        )  # fmt: skip
    noise = SURE / float(np.sqrt(len(cost) - 1))
    kept = [one for one in found if abs(one["rank"]) > noise]
    return sorted(kept, key=lambda one: (-abs(one["rank"]), one["name"]))[:MOST]
