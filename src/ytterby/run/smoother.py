"""Home to the ensemble smoother with multiple data assimilation: fitting a simulator by its own ensemble.

Emerick and Reynolds (2013), Computers & Geosciences 55:3-15, doi:10.1016/j.cageo.2012.03.011. The observations are
assimilated `rounds` times with their errors inflated so that the product is the one posterior (exact for a linear model
and normal errors; tests compare it with the closed form).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def assimilate(
    scores: Floats,
    predict: Callable[[Floats, int], Floats],
    observed: Floats,
    error: Floats,
    rounds: int,
    rng: np.random.Generator,
) -> tuple[Floats, Floats, Floats]:
    """Posterior scores (parameter, member), and the predictions (observation, member) before and after.

    Args:
        scores: prior scores, standard normal.
        predict: scores and the round's number → predictions (observation, member).
        observed: (observation,).
        error: standard deviation of each observation.
        rounds: how many times the data are taken in, each with variance times `rounds`.
        rng: where the perturbations of the observations come from.
    """
    before = predicted = predict(scores, 0)
    for round_ in range(rounds):
        scores = update(scores, predicted, observed, error * np.sqrt(rounds), rng)
        predicted = predict(scores, round_ + 1)
    return scores, before, predicted


def update(scores: Floats, predicted: Floats, observed: Floats, error: Floats, rng: np.random.Generator) -> Floats:
    """One Kalman step from the ensemble's own covariances, with perturbed observations."""
    members = scores.shape[1]
    spread = scores - scores.mean(axis=1, keepdims=True)
    response = predicted - predicted.mean(axis=1, keepdims=True)
    cross = spread @ response.T / (members - 1)
    within = response @ response.T / (members - 1) + np.diag(error**2)
    noise = rng.standard_normal(predicted.shape)
    noise -= noise.mean(axis=1, keepdims=True)
    innovation = observed[:, None] + error[:, None] * noise - predicted
    return np.asarray(scores + cross @ np.linalg.solve(within, innovation))
