"""Home to scoring: how good a probabilistic forecast was, beside forecasters who only look back.

CRPS after Gneiting and Raftery (2007), JASA 102:359-378, eq. 21, for an ensemble: E|X - y| - E|X - X'| / 2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Score:
    """Scores over the months that were observed."""

    months: int
    error: float
    """Mean absolute relative error of the median."""
    bias: float
    """Mean relative error of the median."""
    coverage: float
    """Share of months inside the 90 % band."""
    crps: float
    """Mean continuous ranked probability score, t."""


def crps(sample: Floats, observed: float) -> float:
    """Continuous ranked probability score of an ensemble; for one member it is the absolute error."""
    ordered = np.sort(sample)
    members = len(ordered)
    weights = 2.0 * np.arange(1, members + 1) - members - 1.0
    spread = 2.0 * float(weights @ ordered) / members**2
    return float(np.mean(np.abs(ordered - observed))) - spread / 2.0


def score(samples: Floats, observed: Floats) -> Score:
    """Score samples (month, draw) against what was observed (month,); months without an observation are NaN."""
    seen = np.isfinite(observed)
    if not seen.any():
        return Score(0, np.nan, np.nan, np.nan, np.nan)
    draws, truth = samples[seen], observed[seen]
    median = np.median(draws, axis=1)
    low, high = np.quantile(draws, [0.05, 0.95], axis=1)
    relative = (median - truth) / truth
    return Score(
        int(seen.sum()),
        float(np.mean(np.abs(relative))),
        float(np.mean(relative)),
        float(np.mean((truth >= low) & (truth <= high))),
        float(np.mean([crps(d, t) for d, t in zip(draws, truth, strict=True)])),
    )
