"""Home to the fixed lifetime: all that was made together leaves together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from ytterby.world.stocks.lifetime import Amounts, Floats, Lifetime


@final
@dataclass(frozen=True, slots=True)
class Fixed(Lifetime):
    """In use until `years` old, gone at that age."""

    years: Amounts

    def survival(self, age: Floats) -> Floats:
        """1 before the age, 0 from it on."""
        return np.asarray(age < self.years, dtype=np.float64)

    def mean(self) -> Floats:
        """The years themselves."""
        return np.asarray(self.years)
