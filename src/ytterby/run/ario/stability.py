"""Home to stability: a collapse that a shock causes, told from one that the ordering rule causes by itself.

Orders follow actual production (need = gap / tau + a x). An industry short of an input makes xi of its normal output
and orders, over normal, xi + (1 - psi xi) s / tau; suppliers share out in proportion, so its stock grows only if that
is above 1. It is not once xi falls below (1 - s/tau) / (1 - psi s/tau): from there a shortage feeds itself. For
s >= tau there is no such point. (One sector with s days of target stock and tau of restoration; exact at that point,
as demand is normal then.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ytterby.run.ario.preparing import Ground

Floats = NDArray[np.float64]
FALLS = 0.01
"""Share of normal output by which it must have fallen after the last shock for a runaway."""


class RunawayWarning(UserWarning):
    """Output keeps falling when no shock is left: the ordering rule takes the economy down, not the shock."""


@dataclass(frozen=True, slots=True, eq=False)
class Stability:
    """How a run stood."""

    threshold: Floats
    """(sector, draw) share of normal output below which a shortage of that input feeds itself; 0: never."""
    at_end_of_shocks: Floats
    """(draw,) world output over normal in the first step in which nothing is lost any more."""
    at_end: Floats
    """(draw,) in the last step."""
    runaway: NDArray[np.bool_]
    """(draw,)"""
    over: NDArray[np.int64]
    """(draw,) first step in which nothing is lost any more; the number of steps, if that is never seen."""

    def told(self) -> str:
        """One sentence for a reader."""
        count, draws = int(self.runaway.sum()), len(self.runaway)
        if not count:
            return "output does not fall once the shocks are over"
        worst = int(np.argmin(np.where(self.runaway, self.at_end, np.inf)))
        point = float(self.threshold[:, worst].max())
        cause = (
            f"Stocks are small for the time they are restored in: below {point:.0%} of normal output a shortage feeds "
            "itself; give inventory_days of at least restoration_days, or a lower psi"
            if point > 0.0
            else "No input does it alone: what is asked for beside normal demand starves orders; look at production"
        )
        of = f" in {count} of {draws} draws" if draws > 1 else ""
        return (
            f"runaway{of}: world output falls from {self.at_end_of_shocks[worst]:.1%} of normal in step "
            f"{self.over[worst]}, when the last shock is over, to {self.at_end[worst]:.1%}: a failure of the ordering "
            f"rule, not of supply. {cause}"
        )


def thresholds(psi: Floats, inventory: Floats, restoration: Floats) -> Floats:
    """Share of normal output below which a shortage of an input feeds itself, in [0, 1]; 0 where none does.

    Args:
        psi: (draw,)
        inventory: (sector, draw) target stock, steps of use; may be infinite.
        restoration: (sector, draw) steps.
    """
    cover = np.where(np.isfinite(inventory), inventory / restoration, np.inf)
    short = np.where(cover < 1.0, cover, 1.0)
    return np.asarray((1.0 - short) / np.where(cover < 1.0, 1.0 - psi * short, 1.0))


def judge(ground: Ground, production: Floats, over: NDArray[np.int64], stopped: NDArray[np.bool_]) -> Stability:
    """How a run stood, from production (step, industry, draw) and the step from which nothing is lost."""
    draws, steps = production.shape[-1], production.shape[0]
    normal = max(float(ground.structure.normal.sum()), 1e-300)
    world = production.sum(axis=1) / normal
    world = np.where(stopped, 0.0, world)
    after = world[np.minimum(over, steps - 1), np.arange(draws)]
    made = ground.behaviour.laid(ground.table, draws)
    point = thresholds(made["psi"], made["inventory"], made["restoration"])
    runaway = (over < steps) & (world[-1] < after - FALLS)
    return Stability(point, after, world[-1], runaway, over)
