"""Home to the axes of the arrays that run: one list, used in every shape of this room.

| axis | what a row is |
|---|---|
| element | one of the 17 rare earths |
| material | a material as traded |
| zone | a price zone: 0 China, 1 the rest of the world |
| region | a country or bloc |
| facility, activity | a plant; one recipe run at one plant |
| in_slot, out_slot | a stock of one material before or after a plant |
| link | out-slot to in-slot |
| crossing | a link that leaves China: the ones a licence may stop |
| gate | a class of crossings that one rule treats alike |
| terminal, group | a design of a product; a product in a region |
| release | a material that a state hands to its users in a region |
| stage | a stage of an Erlang chain (transit, review, build, use) |
| draw | one world of the ensemble; always last, contiguous |
| step | a time step |
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jax
import numpy as np
from jaxtyping import Float

import ytterby.run.precision  # noqa: F401 - for what it sets

if TYPE_CHECKING:
    Array = Any
else:
    # NumPy on the way in, jax within a run; the static checker sees neither shapes nor which of the two
    Array = jax.Array | np.ndarray

__all__ = ["Array", "Float"]
