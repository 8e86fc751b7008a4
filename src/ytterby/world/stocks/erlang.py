"""Home to the Erlang lifetime: a chain of stages, the form in which the chain model carries products in use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from scipy.special import gammaincc

from ytterby.world.stocks.lifetime import Amounts, Floats, Lifetime, positive


@final
@dataclass(frozen=True, slots=True)
class Erlang(Lifetime):
    """Mean `years` through `stages` stages, each left at random: standard deviation years / sqrt(stages).

    A step of the chain model can carry a number per stage and no more, so products in use are a chain of three stages
    there; this is the same lifetime with its cohorts kept (Erlang 1917; a gamma distribution of whole shape).
    """

    years: Amounts
    stages: Amounts

    def survival(self, age: Floats) -> Floats:
        """Q(stages, stages * age / years), the regularised upper incomplete gamma function."""
        return np.asarray(gammaincc(self.stages, self.stages * positive(age) / self.years))

    def mean(self) -> Floats:
        """`years`."""
        return np.asarray(np.broadcast_arrays(self.years, self.stages)[0])
