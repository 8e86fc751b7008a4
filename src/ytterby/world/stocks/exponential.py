"""Home to the exponential lifetime: what leaves is the same share of the stock whatever its age."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from ytterby.world.stocks.lifetime import Amounts, Floats, Lifetime, positive


@final
@dataclass(frozen=True, slots=True)
class Exponential(Lifetime):
    """Mean `years`; the hazard is 1 / years at every age."""

    years: Amounts

    def survival(self, age: Floats) -> Floats:
        """exp(-age / years)."""
        return np.asarray(np.exp(-positive(age) / self.years))

    def mean(self) -> Floats:
        """`years`."""
        return np.asarray(self.years)
