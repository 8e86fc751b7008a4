"""Home to the price: of a material in China or outside it, the mean of a month or year."""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from jax import Array

from ytterby.run.chain.crossings import CHINA
from ytterby.run.chain.model import Chain
from ytterby.run.gradient.objective import Asked, Floats, Objective, Seen, window
from ytterby.terms.errors import UnknownName

AT_HOME, ABROAD = 0, 1
"""Price zones, as the network has them."""
USUAL = "oxide.Dy"


@dataclass(frozen=True)
class Price(Objective):
    """Mean price, USD/kg."""

    row: int
    share: Floats  # (step,), sums to 1
    unit: str = "USD/kg"

    def pick(self, seen: Seen) -> dict[str, Array]:
        """The price."""
        return {"prices": seen["prices"][self.row : self.row + 1]}

    def value(self, kept: Seen, width: float) -> Array:
        """USD/kg (draw,)."""
        return jnp.einsum("s,sd->d", self.share, kept["prices"][:, 0])


def price(model: Chain, asked: Asked) -> Price:
    """The price of a material; in China where the region is CN, else outside it.

    Raises:
        UnknownName: no price of that material is kept.
    """
    s = model.forced.structure
    known = [s.network.materials[m] for m in s.priced]
    wanted = asked.material or USUAL
    if wanted not in known:
        raise UnknownName(wanted, known=known, what="material with a price", place="explain")
    zone = AT_HOME if asked.region == CHINA else ABROAD
    share = window(model.grid, asked.when)
    return Price(known.index(wanted) * len(s.network.zones) + zone, np.asarray(share / share.sum()))
