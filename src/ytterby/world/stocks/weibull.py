"""Home to the Weibull lifetime: products that wear out (shape above 1) or fail early (below 1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import gamma, gammaln

from ytterby.terms.errors import BadValue
from ytterby.world.stocks.lifetime import Amounts, Floats, Lifetime, positive


@final
@dataclass(frozen=True, slots=True)
class Weibull(Lifetime):
    """Weibull distributed with `scale` (years) and `shape` (no unit).

    Weibull, W. (1951), A statistical distribution function of wide applicability, Journal of Applied Mechanics 18.
    """

    scale: Amounts
    shape: Amounts

    def survival(self, age: Floats) -> Floats:
        """exp(-(age / scale)^shape)."""
        return np.asarray(np.exp(-((positive(age) / self.scale) ** self.shape)))

    def mean(self) -> Floats:
        """`scale` * Gamma(1 + 1 / shape)."""
        return np.asarray(self.scale * gamma(1.0 + 1.0 / self.shape))

    @classmethod
    def of(cls, years: ArrayLike, sd: ArrayLike) -> Weibull:
        """The one with mean `years` and standard deviation `sd`, both of one shape.

        Raises:
            BadValue: a standard deviation below 1 % or above 10 times the mean.
        """
        mean, spread = np.broadcast_arrays(np.asarray(years, float), np.asarray(sd, float))
        ratio = spread / mean
        if not np.all((ratio >= 0.01) & (ratio <= 10.0)):
            raise BadValue(
                "a spread between 1 % and 10 times the mean is asked for",
                place="lifetime weibull",
                remedy="a lifetime without a spread is Fixed",
            )
        shape = np.asarray([_shape(one) for one in ratio.ravel()]).reshape(ratio.shape)
        return cls(mean / gamma(1.0 + 1.0 / shape), shape)


def _shape(ratio: float) -> float:
    """Shape at which standard deviation over mean is `ratio`."""

    def off(log_shape: float) -> float:
        inverse = float(np.exp(-log_shape))
        return float(gammaln(1.0 + 2.0 * inverse) - 2.0 * gammaln(1.0 + inverse) - np.log1p(ratio * ratio))

    return float(np.exp(brentq(off, np.log(0.15), np.log(200.0), xtol=1e-14, rtol=1e-14)))
