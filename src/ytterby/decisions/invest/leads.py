"""Home to how long an order of capacity takes: the run's own law of building, averaged over years."""

from __future__ import annotations

import numpy as np
from scipy.special import gammainc

from ytterby.run.chain.state import BUILD_STAGES

YEAR = 365.25


def ready(build_days: float, years: int, slow: float = 1.0) -> tuple[float, ...]:
    """Share of an order that runs on average in the year of the order, the next, and so on (years,).

    The order is spent evenly over its year; building is a chain of `BUILD_STAGES` stages of mean `build_days` (an
    Erlang law, docs/model.md, 14), each as slow as controls on equipment make it. With F its distribution and H the
    second integral of F, the share k years later is H(k + 1) - 2 H(k) + H(k - 1).

    Args:
        build_days: mean time to build, days; 0 is at once.
        years: how many years are asked for.
        slow: factor on the pace, above 0 and at most 1.
    """
    mean = build_days / YEAR / slow
    at = _twice_integrated(np.arange(-1, years + 1, dtype=np.float64), mean)
    return tuple(float(share) for share in np.clip(at[2:] - 2.0 * at[1:-1] + at[:-2], 0.0, 1.0))


def _twice_integrated(
    t: np.ndarray[tuple[int], np.dtype[np.float64]], mean: float
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """E[max(t - X, 0)^2] / 2 of the Erlang time X, years."""
    t = np.maximum(t, 0.0)
    if mean <= 0.0:
        return np.asarray(t**2 / 2.0)
    n, rate = BUILD_STAGES, BUILD_STAGES / mean
    below, once, twice = (gammainc(n + k, rate * t) for k in range(3))
    return np.asarray(t**2 / 2.0 * below - n / rate * t * once + n * (n + 1) / (2.0 * rate**2) * twice)
