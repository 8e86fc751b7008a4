"""Home to the uncertain inputs of an outcome: where each stands in the middle, and one standard deviation to each side.

Where the scenario's licensing is fitted, the fitted ensemble takes the place of the spread that was assumed before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from ytterby.run import fits
from ytterby.run.draws import Parameter, uniforms
from ytterby.run.fits import Fitted

Floats = NDArray[np.float64]

SIGMA = (0.15865525393145707, 0.8413447460685429)
"""Probabilities of one standard deviation below and above the middle of a normal distribution."""
NUDGE = 0.01
"""Standard deviations over which the local spread of a drawn value is taken."""


@dataclass(frozen=True, slots=True)
class Input:
    """One uncertain input."""

    parameter: Parameter
    middle: float
    below: float
    """Its value one standard deviation below the middle."""
    above: float
    members: Floats | None = None
    """Its values in the fitted ensemble (member,), where it is fitted."""

    @property
    def name(self) -> str:
        """The parameter's name."""
        return self.parameter.name

    def quantile(self, u: Floats) -> Floats:
        """Value at each probability, same shape."""
        if self.members is None:
            return self.parameter.quantile(u)
        # between members straight: an ensemble says nothing finer
        return np.asarray(np.quantile(self.members, u))


def inputs(parameters: Iterable[Parameter], fitted: Fitted | None) -> tuple[Input, ...]:
    """Every input that is not certain, in the order of the parameters."""
    live = [p for p in parameters if p.kind != "point" and p.low < p.high]
    members = {} if fitted is None else fits.values(fitted, live, fitted.scores.shape[1])
    return tuple(_input(p, members.get(p.name)) for p in live)


def _input(parameter: Parameter, members: Floats | None) -> Input:
    if members is None:
        at = parameter.quantile(np.array([SIGMA[0], 0.5, SIGMA[1]]))
    else:
        at = np.quantile(members, [SIGMA[0], 0.5, SIGMA[1]])
    return Input(parameter, float(at[1]), float(at[0]), float(at[2]), members)


def middle_world(parameters: Iterable[Parameter], found: Iterable[Input]) -> dict[str, Floats]:
    """The world in which every input stands in its middle, (1,) each."""
    middles = {one.name: one.middle for one in found}
    return {p.name: np.array([middles.get(p.name, p.median)]) for p in parameters}


def local_spread(one: Input, value: Floats, seed: int) -> Floats:
    """How far one standard deviation reaches where each draw stands, in the input's unit (draw,).

    The slope of the input's quantile function by the standard normal score, at the scores of the draws; of a fitted
    input it is the spread of its ensemble.
    """
    if one.members is not None:
        return np.full(len(value), 0.5 * (one.above - one.below))
    score = np.clip(ndtri(uniforms(seed, one.name, len(value))), -2.9, 2.9)
    if one.parameter.kind in ("uniform", "triangular"):
        return np.full(len(value), 0.5 * (one.above - one.below))
    p = one.parameter
    return np.asarray((p.from_normal(score + NUDGE) - p.from_normal(score - NUDGE)) / (2.0 * NUDGE))


def values(drawn: Mapping[str, Floats], middle: Mapping[str, Floats]) -> dict[str, Floats]:
    """The middle world as the first draw, the others after it."""
    return {name: np.concatenate([middle[name], values_]) for name, values_ in drawn.items()}
