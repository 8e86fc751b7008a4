"""Home to the folded normal lifetime: a normal one with what lies below 0 turned over to above it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from scipy.special import ndtr

from ytterby.world.stocks.lifetime import Amounts, Floats, Lifetime, positive


@final
@dataclass(frozen=True, slots=True)
class Folded(Lifetime):
    """The absolute value of a normal variable of mean `years` and standard deviation `sd`, both BEFORE folding.

    Leone, F. C., Nelson, L. S. and Nottingham, R. B. (1961), The folded normal distribution, Technometrics 3(4).
    """

    years: Amounts
    sd: Amounts

    def survival(self, age: Floats) -> Floats:
        """Phi((years - age) / sd) + Phi((-years - age) / sd)."""
        at = positive(age)
        return np.asarray(ndtr((self.years - at) / self.sd) + ndtr((-self.years - at) / self.sd))

    def mean(self) -> Floats:
        """Mean after folding."""
        z = self.years / self.sd
        below = np.sqrt(2.0 / np.pi) * self.sd * np.exp(-0.5 * z * z)
        return np.asarray(below + self.years * (1.0 - 2.0 * ndtr(-z)))
