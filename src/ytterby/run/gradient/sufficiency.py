"""Home to self-sufficiency: how much of the Nd and Pr that a region's makers want passes through its own plants."""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

from ytterby.run.chain.model import Chain
from ytterby.run.gradient.objective import Asked, Floats, Objective, Seen, before_first_below, softest, window
from ytterby.run.periods import calendar
from ytterby.terms.errors import BadValue, UnknownName

STAGES = ("mine", "separation", "metal", "alloy", "magnet")
FOLLOWED = ("Nd", "Pr")
ROUNDED = 0.05
"""Share of the width over which the narrowest stage and the year of reaching a goal are rounded."""


@dataclass(frozen=True)
class Sufficiency(Objective):
    """Nd and Pr in what a region's own plants give out at the narrowest of five stages, over what its makers want.

    As a share (%) of a month or year; or, with a goal, the year in which the yearly share first reaches it, straight
    between the middles of years (the last one's where it never does).
    """

    rows: NDArray[np.int64]  # groups
    weight: Floats  # (row,) t of Nd and Pr in a unit
    given: Floats  # (stage, activity) t of Nd and Pr given out for a unit of the region's activities
    share: Floats  # (step, period) days of a step in each period
    years: tuple[int, ...]
    goal: float
    unit: str = "%"
    in_full: bool = True

    def pick(self, seen: Seen) -> dict[str, Array]:
        """Nd and Pr given out by stage, and wanted."""
        return {
            "made": jnp.asarray(self.given) @ (seen["run"] * seen["yields"]),
            "wanted": jnp.asarray(self.weight[None]) @ seen["demand"][self.rows],
        }

    def value(self, kept: Seen, width: float) -> Array:
        """Share in %, or the year (draw,)."""
        tau = ROUNDED * width
        made = jnp.einsum("sp,srd->prd", self.share, kept["made"])
        wanted = jnp.einsum("sp,srd->prd", self.share, kept["wanted"])
        share = softest(made / wanted, tau, axis=1)
        if not self.years:
            return 100.0 * share[0]
        return self.years[0] + 0.5 + before_first_below(-share, -self.goal, tau)


def sufficiency(model: Chain, asked: Asked) -> Sufficiency:
    """Of a region (the United States without one), in a month or year, or the year of reaching a goal.

    Raises:
        UnknownName: no such region, or it makes nothing with magnets.
        BadValue: a goal that is no share, or a run without two whole years.
    """
    n = model.forced.structure.network
    region = asked.region or "US"
    if region not in n.regions:
        raise UnknownName(region, known=n.regions, what="region", place="explain")
    place = n.regions.index(region)
    rows = np.flatnonzero((n.group_region == place) & n.group_magnet)
    if not rows.size:
        known = dict.fromkeys(n.regions[r] for r, m in zip(n.group_region, n.group_magnet, strict=True) if m)
        raise UnknownName(region, known=known, what="region that builds with magnets", place="explain")
    if not 0.0 <= asked.goal <= 1.0:
        raise BadValue(f"a goal of {asked.goal:g}", place="explain, goal", remedy="give a share such as 0.2")
    held = _held(model)
    if not asked.goal:
        return Sufficiency(rows, held[rows], _given(model, place), window(model.grid, asked.when)[:, None], (), 0.0)
    laid = calendar(model.grid, "year")
    whole = np.flatnonzero(laid.complete)
    if len(whole) < 2:
        raise BadValue("the run has no two whole years", place="explain, goal", remedy="ask for the share of a month")
    years = tuple(int(laid.labels[k]) for k in whole)
    return Sufficiency(rows, held[rows], _given(model, place), laid.share[:, whole], years, asked.goal, "year")


def _held(model: Chain) -> Floats:
    """Tonnes of Nd and Pr in a unit of each group's product (group,)."""
    s = model.forced.structure
    n = s.network
    followed = s.product[:, [n.elements.index(e) for e in FOLLOWED]].sum(axis=1)
    held = np.zeros(len(n.groups))
    np.add.at(held, n.terminal_group, n.terminal_share * followed)
    return held


def _given(model: Chain, place: int) -> Floats:
    n = model.forced.structure.network
    content = n.composition[:, [n.elements.index(e) for e in FOLLOWED]].sum(axis=1)
    material = n.out_slot_material[n.output_slot]
    useful = np.array([stage != "scrap" for stage in n.material_stage])[material]
    facility = n.activity_facility[n.output_activity]
    amount = n.output_coef * content[material] * useful * (n.facility_region[facility] == place)
    stage = np.array(n.facility_stage)[facility]
    given = np.zeros((len(STAGES), len(n.activities)))
    for row, name in enumerate(STAGES):
        np.add.at(given[row], n.output_activity, amount * (stage == name))
    return given
