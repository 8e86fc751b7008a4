"""Home to the lognormal lifetime, told by the mean and the standard deviation of the lifetime itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from scipy.special import ndtr

from ytterby.world.stocks.lifetime import Amounts, Floats, Lifetime, positive


@final
@dataclass(frozen=True, slots=True)
class Lognormal(Lifetime):
    """Lognormally distributed with mean `years` and standard deviation `sd` (not those of the logarithm)."""

    years: Amounts
    sd: Amounts

    def survival(self, age: Floats) -> Floats:
        """1 - Phi((ln age - m) / s), s^2 = ln(1 + (sd / years)^2), m = ln years - s^2 / 2."""
        variance = np.log1p((self.sd / self.years) ** 2)
        middle = np.log(self.years) - 0.5 * variance
        with np.errstate(divide="ignore"):
            logs = np.log(positive(age))
        return np.asarray(ndtr((middle - logs) / np.sqrt(variance)))

    def mean(self) -> Floats:
        """`years`."""
        return np.asarray(np.broadcast_arrays(self.years, self.sd)[0])
