"""Home to exports: tonnes of a material that leave China for a place, or for anywhere, in a month or year."""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

from ytterby.run.chain.model import Chain
from ytterby.run.gradient.objective import Asked, Floats, Objective, Seen, window
from ytterby.terms.errors import UnknownName

MAGNETS = "magnets"


@dataclass(frozen=True)
class Exports(Objective):
    """Tonnes that left China."""

    rows: NDArray[np.int64]
    share: Floats  # (step,)
    unit: str = "t"

    def pick(self, seen: Seen) -> dict[str, Array]:
        """What left, together."""
        return {"exports": seen["exports"][self.rows].sum(axis=0, keepdims=True)}

    def value(self, kept: Seen, width: float) -> Array:
        """Tonnes (draw,); linear, so the same at every width."""
        return jnp.einsum("s,sd->d", self.share, kept["exports"][:, 0])


def exports(model: Chain, asked: Asked) -> Exports:
    """Exports of a material (``magnets`` are all magnets) to a region, to the world without one.

    Raises:
        UnknownName: nothing of that name leaves China for there.
    """
    s, wanted = model.forced.structure, asked.material or MAGNETS
    n = s.network
    labels = [(n.regions[r], n.materials[m]) for r, m in s.export_rows]
    of = [k for k, (_, m) in enumerate(labels) if m == wanted or (wanted == MAGNETS and m.startswith("magnet."))]
    if not of:
        known = [MAGNETS, *dict.fromkeys(m for _, m in labels)]
        raise UnknownName(wanted, known=known, what="material that leaves China", place="explain")
    rows = [k for k in of if asked.region in ("", "WLD", labels[k][0])]
    if not rows:
        known = list(dict.fromkeys(labels[k][0] for k in of))
        raise UnknownName(asked.region, known=known, what=f"buyer of {wanted}", place="explain")
    return Exports(np.array(rows), window(model.grid, asked.when))
