"""Home to the worth of knowing: by how much a decision gets better when one input is known exactly beforehand.

The expected value of partial perfect information (Brennan et al. 2007, doi:10.1177/0272989X06297104), from draws alone:
draws are sorted by the input into bins, the best decision is taken in each, and what the same bins gain when the draws
are shuffled is taken off, because bins of few draws gain by chance (Strong and Oakley 2013,
doi:10.1177/0272989X12465838, on estimating it from one set of draws).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from ytterby.terms.errors import BadValue

Floats = NDArray[np.float64]
Best = Callable[[Floats], float]
"""Mean loss of the best decision for some draws of what it is judged by, (…, draw)."""

SHUFFLES = 20
LATE = 9.0
"""Times that a day too late costs a day too early, for who prepares for a date (or a quantity) without a hedge."""


def worth(outcome: Floats, drawn: Mapping[str, Floats], best: Best, seed: int = 0) -> dict[str, float]:
    """What knowing each input exactly is worth, in the unit of the loss; 0 where it is not more than chance.

    Args:
        outcome: what decisions are judged by, (…, draw): an outcome, or the loss of each option (option, draw).
        drawn: the inputs' values in the same draws, (draw,) each.
        best: mean loss of the best decision.
        seed: of the shuffles.

    Raises:
        BadValue: draws too few to tell, or not the same number.
    """
    draws = outcome.shape[-1]
    if draws < 8 or any(len(values) != draws for values in drawn.values()):
        raise BadValue(
            f"{draws} draws", place="worth of knowing", remedy="give at least 8 draws, as many of each input"
        )
    bins = int(np.clip(round(draws ** (1.0 / 3.0)) + 1, 2, 12))
    blind = best(outcome)
    chance = np.random.default_rng(seed)
    spare = np.array([blind - _told(outcome, chance.permutation(draws), bins, best) for _ in range(SHUFFLES)])
    noise = float(spare.mean())
    found = {}
    for name, values in drawn.items():
        gain = blind - _told(outcome, np.argsort(values, kind="stable"), bins, best) - noise
        # what shuffles reach by themselves is no knowledge
        found[name] = max(float(gain), 0.0) if gain > 2.0 * float(spare.std()) else 0.0
    return found


def _told(outcome: Floats, order: NDArray[np.int64], bins: int, best: Best) -> float:
    parts = np.array_split(order, bins)
    return float(sum(len(part) * best(outcome[..., part]) for part in parts) / len(order))


def of_options(losses: Floats) -> float:
    """Mean loss of the best of several options (option, draw)."""
    return float(losses.mean(axis=-1).min())


def of_readiness(outcome: Floats) -> float:
    """Mean loss of who prepares for the best single value of an outcome (draw,) when too late costs `LATE` times more.

    The best value is the quantile at 1 / (1 + LATE); the loss is in the outcome's unit (Koenker and Bassett 1978).
    """
    at = float(np.quantile(outcome, 1.0 / (1.0 + LATE)))
    return float(np.where(outcome < at, LATE * (at - outcome), outcome - at).mean())


def of_lack(outcome: Floats) -> float:
    """As `of_readiness`, for an outcome of which more is worse: too little prepared for costs `LATE` times more."""
    return of_readiness(-outcome)
