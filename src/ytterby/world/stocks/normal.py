"""Home to the normal lifetime, which is never cut at 0: the share below it leaves at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from scipy.special import ndtr

from ytterby.world.stocks.lifetime import Amounts, Floats, Lifetime


@final
@dataclass(frozen=True, slots=True)
class Normal(Lifetime):
    """Normally distributed with mean `years` and standard deviation `sd`.

    The share of the distribution below 0 never enters the stock: at an age of 0 a little is gone already. Where that
    share matters (sd above a third of the mean), take a lognormal, Weibull or folded normal lifetime.
    """

    years: Amounts
    sd: Amounts

    def survival(self, age: Floats) -> Floats:
        """1 - Phi((age - years) / sd)."""
        return np.asarray(ndtr((self.years - age) / self.sd))

    def mean(self) -> Floats:
        """`years`: that of the uncut distribution."""
        return np.asarray(np.broadcast_arrays(self.years, self.sd)[0])
