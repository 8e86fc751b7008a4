"""Home to the authority's pace: the paths that the drawn licensing parameters make over a run."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ytterby.run.draws import Z95, Parameter

Floats = NDArray[np.float64]

DRIFT_DAYS = 91.3
"""Spacing of the nodes of the authority's random walk, a quarter."""

ONSET_DAYS = 7.0
"""Customs take about a week from starting to hold goods to doing so everywhere."""

RESTOCK_DAYS = 60.0
"""Buyers abroad take about two months to decide on higher cover."""


def drift_parameters(days: float) -> tuple[Parameter, ...]:
    """Steps of the random walk of an authority that has controls for `days`, in standard deviations."""
    nodes = max(0, int(np.ceil(days / DRIFT_DAYS)))
    return tuple(
        Parameter(f"licensing:drift:{k}", 0.0, -Z95, Z95, "sigma", "normal", assumed=True) for k in range(nodes)
    )


def throughput(drawn: Mapping[str, Floats], since: Floats) -> Floats:
    """What the authority decides in a day, t (step, draw); `since` days since the controls start (step,).

    A logistic ramp from `throughput_start` to `throughput_max` times the exponential of a random walk.
    """
    start = drawn["licensing:throughput_start"]
    top = np.maximum(drawn["licensing:throughput_max"], start)
    after = np.maximum(since, 0.0)
    ramp = top / (1.0 + (top / start - 1.0) * np.exp(-drawn["licensing:throughput_growth"] * after[:, None]))
    return np.asarray(ramp * np.exp(drawn["licensing:throughput_drift"] * _walk(drawn, after)))


def _walk(drawn: Mapping[str, Floats], after: Floats) -> Floats:
    """Standard Brownian motion in years, linear between quarterly nodes (step, draw)."""
    names = sorted((n for n in drawn if n.startswith("licensing:drift:")), key=lambda n: int(n.rsplit(":", 1)[1]))
    draws = len(drawn["licensing:throughput_start"])
    if not names:
        return np.zeros((len(after), draws))
    walked = np.cumsum([drawn[name] for name in names], axis=0)
    nodes = np.vstack([np.zeros(draws), walked]) * np.sqrt(DRIFT_DAYS / 365.25)
    place = np.clip(after / DRIFT_DAYS, 0.0, len(names))
    low = np.minimum(place.astype(int), len(names) - 1)
    share = (place - low)[:, None]
    return np.asarray(nodes[low] * (1.0 - share) + nodes[low + 1] * share)


def hold(drawn: Mapping[str, Floats], since: Floats) -> Floats:
    """Share of formally free goods that customs hold for a test (step, draw): sets in after a delay, then eases."""
    waited = since[:, None] - drawn["licensing:hold_delay_days"]
    onset = np.clip(waited / ONSET_DAYS, 0.0, 1.0)
    ease = np.exp(-np.maximum(waited, 0.0) / drawn["licensing:hold_release_days"])
    return np.asarray(drawn["licensing:hold_same_code"] * onset * ease)


def restock(drawn: Mapping[str, Floats], since: Floats) -> Floats:
    """Factor on the cover buyers abroad seek (step, draw), reached over two months."""
    share = np.clip(since / RESTOCK_DAYS, 0.0, 1.0)[:, None]
    return np.asarray(1.0 + (drawn["licensing:restock"] - 1.0) * share)
