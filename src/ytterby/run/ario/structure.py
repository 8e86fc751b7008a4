"""Home to structure: a table as the arrays of a step, without any matrix of orders between industries.

Orders for input p of industry f from region r are `kappa_rp S_rpf a_pf u_pf`: the supplier's part, the fixed split over
regions S, and the customer's part u. Stocks and orders are counted in normal use (a_pf divided out), so that what an
industry uses of every input is its production.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import jax
import numpy as np
from numpy.typing import NDArray

from ytterby.run.ario.table import Table

Floats = NDArray[np.float64]
ENDLESS = 1e30
"""More than any stock: infinity that survives being multiplied by a derivative of 0."""
LIMITS = 1e-5
"""An input limits an industry if it buys more of it in a year than this share of its output in a step."""
NEAR, RELATIVE = 1e-8, 1e-5
"""Money, and share, within which stocks and orders count as where they belong."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Shared:
    """Arrays that all draws share. n inputs, m regions, N = m n industries."""

    split: Any
    """(n, N, m) S: share of region r in what industry f buys of input p."""
    bought: Any
    """(n, m, N) what industry f buys of input p from region r over its output."""
    per_output: Any
    """(n, N) a: input over output."""
    near: Any
    """(n, N) NEAR in units of normal use; infinite where nothing is bought."""
    free: Any
    """(n, N) 0 where an input limits production, endless where it does not."""
    normal: Any
    """(N,) output of a step."""
    final: Any
    """(N, m) final demand of a step by customers' region."""
    value_added: Any
    """(N,) value added over output."""


@dataclass(frozen=True, eq=False)
class Structure:
    """A table with its step."""

    table: Table
    step_days: int
    year_days: float

    @property
    def inputs(self) -> int:
        """How many sectors: n."""
        return len(self.table.sectors)

    @property
    def regions(self) -> int:
        """How many: m."""
        return len(self.table.regions)

    @cached_property
    def home(self) -> NDArray[np.int64]:
        """(N,) region of each industry."""
        return np.arange(len(self.table.x)) // self.inputs

    @cached_property
    def of(self) -> NDArray[np.int64]:
        """(N,) sector of each industry."""
        return np.arange(len(self.table.x)) % self.inputs

    @cached_property
    def scale(self) -> float:
        """Steps to the year, inverted."""
        return self.step_days / self.year_days

    @cached_property
    def normal(self) -> Floats:
        """(N,) output of a step."""
        return self.table.x * self.scale

    @cached_property
    def bought(self) -> Floats:
        """(m, n, N) yearly purchases by supplier's region and sector."""
        return self.table.Z.reshape(self.regions, self.inputs, -1)

    @cached_property
    def split(self) -> Floats:
        """(m, n, N) share of each region in what an industry buys of an input; 0 where it buys none."""
        whole = self.bought.sum(axis=0)
        return np.divide(self.bought, whole, out=np.zeros_like(self.bought), where=whole > 0.0)

    @cached_property
    def per_output(self) -> Floats:
        """(n, N) input over output; 0 for an industry that makes nothing."""
        whole = self.bought.sum(axis=0)
        return np.divide(whole, self.table.x, out=np.zeros_like(whole), where=self.table.x > 0.0)

    @cached_property
    def final(self) -> Floats:
        """(N, m) final demand of a step by customers' region."""
        return self.table.Y.reshape(len(self.table.x), self.regions, -1).sum(axis=2) * self.scale

    @cached_property
    def shared(self) -> Shared:
        """The arrays of a step."""
        a, x = self.per_output, self.table.x
        limits = self.bought.sum(axis=0) > LIMITS * self.normal
        by_input = self.split.transpose(1, 0, 2)
        near = np.divide(NEAR, a, out=np.full_like(a, np.inf), where=a > 0.0)
        added = np.divide(self.table.value_added, x, out=np.zeros_like(x), where=x > 0.0)
        return Shared(
            split=np.ascontiguousarray(by_input.transpose(0, 2, 1)),
            bought=np.ascontiguousarray(by_input * a[:, None]),
            per_output=a,
            near=near,
            free=np.where(limits & (a > 0.0), 0.0, ENDLESS),
            normal=self.normal,
            final=self.final,
            value_added=added,
        )

    def rebuilding_split(self) -> Floats:
        """(m, n, N) share of each supplier of a sector in rebuilding an industry: as it buys, else as it is made."""
        made = self.normal.reshape(self.regions, self.inputs)
        whole = made.sum(axis=0)
        usual = np.divide(made, whole, out=np.zeros_like(made), where=whole > 0.0)
        return np.where(self.bought.sum(axis=0) > 0.0, self.split, usual[..., None])
