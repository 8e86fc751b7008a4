"""Home to the contract of an outcome: what is kept of each step, and one number per draw made of it.

An outcome is a frozen record with the rows it needs. With the width 0 of its run it is the hard one; with a positive
one every kink in it is rounded over a scale that goes to 0 with the width, so that it converges to the hard one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

from ytterby.run.base import Grid
from ytterby.run.chain.model import Chain
from ytterby.run.periods import calendar
from ytterby.terms.errors import BadValue, UnknownName

Floats = NDArray[np.float64]
Seen = Mapping[str, Array]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which outcome is asked for. Empty fields stand for all, or for what the outcome takes by itself."""

    metric: str
    product: str = ""
    region: str = ""
    material: str = ""
    when: str = ""
    """A month (``2026-03``) or a year (``2026``)."""
    goal: float = 0.0
    """The share that is to be reached, where the outcome is a year."""

    def to_dict(self) -> dict[str, Any]:
        """Plain values by field."""
        return {name: getattr(self, name) for name in self.__slots__}


class Objective(ABC):
    """One outcome of a run."""

    unit: str
    in_full: bool = False
    """Whether it looks at every activity (see `Chain.in_full`)."""

    @abstractmethod
    def pick(self, seen: Seen) -> dict[str, Array]:
        """What is kept of a step: a few rows (row, draw) by name."""

    @abstractmethod
    def value(self, kept: Seen, width: float) -> Array:
        """The outcome (draw,) from what was kept of all steps, (step, row, draw) by name."""


def groups(model: Chain, asked: Asked) -> NDArray[np.int64]:
    """Rows of the groups asked for: of a product (or all that begin with its name) and a region; else magnets abroad.

    Raises:
        UnknownName: no such product or region in the world, or not together.
    """
    n = model.forced.structure.network
    hit = np.array(
        [not asked.product or p == asked.product or p.startswith(f"{asked.product}.") for p in n.group_product]
    )
    if not hit.any():
        families = (p.partition(".")[0] for p in n.group_product)
        known = dict.fromkeys((*families, *n.group_product))
        raise UnknownName(asked.product, known=known, what="product", place="explain")
    if asked.region:
        if asked.region not in n.regions:
            raise UnknownName(asked.region, known=n.regions, what="region", place="explain")
        hit &= n.group_region == n.regions.index(asked.region)
    else:
        hit &= n.group_region != n.regions.index("CN")
    if not asked.product:
        hit &= n.group_magnet & ~n.group_military
    if not hit.any():
        places = dict.fromkeys(
            n.regions[r] for r, p in zip(n.group_region, n.group_product, strict=True) if asked.product in ("", p)
        )
        raise UnknownName(asked.region, known=places, what=f"region that makes {asked.product}", place="explain")
    return np.flatnonzero(hit)


def window(grid: Grid, when: str) -> Floats:
    """Share of each step's days that lies in a month or a year (step,).

    Raises:
        BadValue: neither a month nor a year, or outside the run.
    """
    freq = {4: "year", 7: "month"}.get(len(when), "")
    laid = calendar(grid, freq) if freq else None
    if laid is None or when not in laid.labels:
        months = calendar(grid, "month").labels
        raise BadValue(
            f"'{when[:20]}' is no month or year of the run",
            place="explain, when",
            remedy=f"give one from {months[0]} to {months[-1]}, such as {months[min(17, len(months) - 1)]}, or a year",
        )
    return np.asarray(laid.share[:, laid.labels.index(when)])


def before_first_below(path: Array, level: float, tau: float) -> Array:
    """Steps until a path (step, draw) first falls below a level, straight between steps; all but one if it never does.

    With `tau` 0 the crossing is exact. Otherwise the running minimum is the one of log-sum-exp and each straight piece
    counts by the mean of the logistic of its distance to the level over `tau`: smooth, and the exact one as tau goes to
    0.
    """
    if tau == 0.0:
        low = jax.lax.associative_scan(jnp.minimum, path, axis=0)
        before, after = low[:-1], low[1:]
        fall = before - after
        share = jnp.where(fall > 0.0, (before - level) / jnp.where(fall > 0.0, fall, 1.0), 1.0)
        return jnp.where(before < level, 0.0, jnp.where(after >= level, 1.0, share)).sum(axis=0)
    low = -tau * jax.lax.cumlogsumexp(-path / tau, axis=0)
    return _mean_logistic((low[:-1] - level) / tau, (low[1:] - level) / tau).sum(axis=0)


CLOSE = 0.05


def _mean_logistic(first: Array, last: Array) -> Array:
    """Mean of the logistic between two points, first >= last; by its series where they are close."""
    gap = first - last
    far = gap > CLOSE
    safe = jnp.where(far, gap, 1.0)
    exact = (jax.nn.softplus(first) - jax.nn.softplus(jnp.where(far, last, first - 1.0))) / safe
    s = jax.nn.sigmoid(0.5 * (first + last))
    second = s * (1.0 - s) * (1.0 - 2.0 * s)
    fourth = second * (1.0 - 12.0 * s + 12.0 * s * s)
    return jnp.where(far, exact, s + gap**2 / 24.0 * second + gap**4 / 1920.0 * fourth)


def softest(values: Array, tau: float, axis: int) -> Array:
    """The least of several along an axis; with a positive `tau` by log-sum-exp, at most tau ln(n) below it."""
    if tau == 0.0:
        return jnp.min(values, axis=axis)
    least: Array = -tau * jax.scipy.special.logsumexp(-values / tau, axis=axis)
    return least
