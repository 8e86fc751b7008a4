"""Home to the programme's solution: the cheapest for goals, the best for a budget (linear, or with whole plants).

Decided are orders `build[plant, year]`, activity `run[recipe, year]`, what is `served` of each want, and a `pile` of
each finished good. In every year

    sum of load x run                     <= capacity + orders that are ready           for each plant
    served + used by recipes              <= made by recipes + given                    for each material
    served                                <= need                                       for each want
    sum of orders                         <= most                                       for each plant
    sum of capex x orders + price x pile  <= budget
    share:  sum of served                 >= value x sum of need
    days:   stock + pile                  >= value / 365.25 x (need - served)            for each want

What is made beyond its use is surplus: co-products nobody takes, which the plan reports and does not sell.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ytterby.decisions.invest.goals import Goal
from ytterby.decisions.invest.programme import Programme
from ytterby.decisions.invest.rows import Rows

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
MILLION = 1e6
YEAR = 365.25
SMALL = 1e-6
"""Orders below this part of a load unit are none."""


@dataclass(frozen=True)
class Asked:
    """What one solve is asked: goals to hold, a ceiling on cost, and what to aim at."""

    goals: tuple[Goal, ...] = ()
    budget: float = math.inf
    """USD."""
    aim: str = "cost"
    """``cost``, ``share`` (in `year`) or ``path`` (served over all years)."""
    year: int = 0
    orders: Floats | None = None
    """(plant, year) to be taken as given."""
    pile: Floats | None = None
    """(want,) t of the stockpile to be taken as given."""


@dataclass(frozen=True)
class Solution:
    """Values of one solve. Costs in million USD, the share aimed at as a negative cost."""

    build: Floats  # (plant, year)
    run: Floats  # (recipe, year)
    served: Floats  # (want, year)
    pile: Floats  # (want,) t
    objective: float
    gap: float
    duals: Mapping[str, Floats]
    """Row family -> change of the objective for one more unit of each row's right-hand side; ``capacity`` and
    ``balance`` as (plant, year) and (material, year)."""


def solve(programme: Programme, asked: Asked) -> Solution | None:
    """The best values for what is asked, None where nothing can hold it.

    Where some plant has a smallest size worth building, orders are whole plants; the prices of rows are then those with
    the orders held.

    Raises:
        InputError: the solver is not installed.
        RunError: it gave up.
    """
    layout = Layout(programme)
    rows, cost = layout.rows(asked), layout.cost(asked)
    whole = layout.whole if asked.orders is None else np.zeros(layout.columns, dtype=bool)
    found = rows.minimise(cost, whole if whole.any() else None)
    if found is None:
        return None
    build, run, served, pile, _ = layout.split(found.values)
    if whole.any():
        priced = solve(programme, replace(asked, orders=build, pile=pile))
        return None if priced is None else replace(priced, objective=found.objective, gap=found.gap)
    p = programme
    shapes = {"capacity": len(p.plants), "balance": len(p.materials)}
    duals = {
        name: values.reshape(shapes[name], len(p.years)) if name in shapes else values
        for name, values in found.duals.items()
    }
    return Solution(build, run, served, pile, found.objective, found.gap, duals)


@dataclass(frozen=True)
class Layout:
    """Which column is what: the blocks are build, run, served, pile and chosen (of whole plants)."""

    p: Programme

    @cached_property
    def wants(self) -> tuple[str, ...]:
        """What is wanted, in the order of the served rows."""
        return tuple(sorted(self.p.needs))

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Columns of each block."""
        years = len(self.p.years)
        chosen = len(self.p.plants) * years if self._least.any() else 0
        return (
            len(self.p.plants) * years,
            len(self.p.recipes) * years,
            len(self.wants) * years,
            len(self.wants),
            chosen,
        )

    @property
    def columns(self) -> int:
        """All of them."""
        return sum(self.sizes)

    @cached_property
    def whole(self) -> Bools:
        """Columns that are 0 or 1."""
        found = np.zeros(self.columns, dtype=bool)
        found[sum(self.sizes[:4]) :] = True
        return found

    @cached_property
    def _least(self) -> Floats:
        return np.array([plant.least if math.isfinite(plant.capex) else 0.0 for plant in self.p.plants])

    def split(self, values: Floats) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """Values of the columns by block: (plant, year), (recipe, year), (want, year), (want,), chosen."""
        build, run, served, pile, chosen = np.split(values, np.cumsum(self.sizes)[:-1])
        years = len(self.p.years)
        return build.reshape(-1, years), run.reshape(-1, years), served.reshape(-1, years), pile, chosen

    def cost(self, asked: Asked) -> Floats:
        """What is to be least (column,)."""
        p, (build, run, served, _, _) = self.p, self.sizes
        cost = np.zeros(self.columns)
        weight = np.array([1.0 / max(p.wanted(year), 1e-12) for year in p.years])
        wants = cost[build + run : build + run + served].reshape(-1, len(p.years))
        if asked.aim == "cost":
            cost[: len(self.spent)] = self.spent
        elif asked.aim == "path":
            wants -= weight
        else:
            at = p.at(asked.year)
            wants[:, at] = -weight[at]
        return cost

    @cached_property
    def spent(self) -> Floats:
        """Million USD for a unit of each column but the chosen ones."""
        _, run, served, _, _ = self.sizes
        capex = np.array([p.capex / MILLION if math.isfinite(p.capex) else 0.0 for p in self.p.plants])
        prices = np.array([self.p.price.get(want, 0.0) for want in self.wants]) / MILLION
        return np.concatenate([np.repeat(capex, len(self.p.years)), np.zeros(run + served), prices])

    def rows(self, asked: Asked) -> Rows:
        """All that must hold."""
        p, made = self.p, Rows(self.columns)
        build, _, served, _, _ = self.sizes

        def hold(name: str, parts: tuple[object | None, ...], right: object) -> None:
            rows = next(part.shape[0] for part in parts if part is not None)  # type: ignore[attr-defined]
            sizes = zip(parts, self.sizes, strict=True)
            sized = [sparse.csr_matrix((rows, size)) if part is None else part for part, size in sizes]
            made.hold(name, sparse.hstack(sized), right)

        capacity = np.array([plant.capacity for plant in p.plants]).ravel()
        given = np.array([p.given.get(name, (0.0,) * len(p.years)) for name in p.materials]).ravel()
        need = np.array([p.needs[name] for name in self.wants]).ravel()
        hold("capacity", (-self.ready, self._load, None, None, None), capacity)
        hold("balance", (None, -self.net, self.taken, None, None), given)
        hold("need", (None, None, sparse.identity(served, format="csr"), None, None), need)
        self._orders(asked, hold)
        if asked.pile is not None:
            hold("held pile", (None, None, None, sparse.identity(len(self.wants)), None), asked.pile)
        elif not any(goal.kind == "days" for goal in asked.goals):
            hold("no pile", (None, None, None, sparse.identity(len(self.wants)), None), 0.0)
        if math.isfinite(asked.budget):
            spent = self.spent
            parts = (spent[None, :build], None, None, spent[None, build + self.sizes[1] + served :], None)
            hold("budget", parts, asked.budget / MILLION)
        for goal in asked.goals:
            self._goal(goal, hold)
        return made

    def _orders(self, asked: Asked, hold: object) -> None:
        """What may be ordered: nothing before its time, not above the most, whole plants, or just what is given."""
        assert callable(hold)
        p, (build, _, _, _, chosen), years = self.p, self.sizes, len(self.p.years)
        each = sparse.identity(build, format="csr")
        if asked.orders is not None:
            hold("held", (each, None, None, None, None), asked.orders.ravel())
            hold("held too", (-each, None, None, None, None), -asked.orders.ravel())
            return
        late = np.array([year >= p.first for year in p.years])
        open_ = (np.isfinite([plant.capex for plant in p.plants])[:, None] & late[None, :]).ravel()
        hold("closed", (each[~open_] if (~open_).any() else blank_row(build), None, None, None, None), 0.0)
        limited = np.flatnonzero(np.isfinite([plant.most for plant in p.plants]))
        if len(limited):
            sums = sparse.kron(sparse.identity(len(p.plants), format="csr")[limited], np.ones((1, years)))
            hold("most", (sums, None, None, None, None), np.array([p.plants[row].most for row in limited]))
        if chosen:
            least, most = np.repeat(self._least, years), np.where(open_, self._ample, 0.0)
            hold("least", (-each, None, None, None, sparse.diags(least)), 0.0)
            hold("chosen", (each, None, None, None, -sparse.diags(most)), 0.0)

    def _goal(self, goal: Goal, hold: object) -> None:
        assert callable(hold)
        p = self.p
        at, wanted = p.at(goal.year), p.wanted(goal.year)
        mark = np.zeros((len(self.wants), len(p.years)))
        mark[:, at] = 1.0
        made = mark.ravel()[None, :]
        if goal.kind == "share":
            hold(f"goal {goal}", (None, None, -made, None, None), -goal.value * wanted)
        else:
            rate = goal.value / YEAR
            each = np.zeros((len(self.wants), mark.size))
            each[np.arange(len(self.wants)), np.arange(len(self.wants)) * len(p.years) + at] = rate
            right = [p.held(want, goal.year) - rate * p.needs[want][at] for want in self.wants]
            hold(f"goal {goal}", (None, None, -each, -sparse.identity(len(self.wants)), None), right)

    @cached_property
    def _ample(self) -> float:
        """More than any plant could be asked to add: a bound for whole plants."""
        finite = [plant.most for plant in self.p.plants if math.isfinite(plant.most)]
        wanted = max((self.p.wanted(year) for year in self.p.years), default=0.0)
        return max([100.0 * wanted, 10.0 * float(self._least.max(initial=0.0)), *finite])

    @cached_property
    def ready(self) -> sparse.csr_matrix:
        """(plant x year, plant x order) share of an order that runs."""
        years, blocks = len(self.p.years), []
        for plant in self.p.plants:
            block = np.zeros((years, years))
            for order in range(years):
                for year in range(order, years):
                    block[year, order] = plant.ready[min(year - order, len(plant.ready) - 1)]
            blocks.append(block)
        return sparse.block_diag(blocks, format="csr")

    @cached_property
    def _load(self) -> sparse.csr_matrix:
        """(plant x year, recipe x year)."""
        row = {plant.id: k for k, plant in enumerate(self.p.plants)}
        load = np.zeros((len(row), len(self.p.recipes)))
        for k, recipe in enumerate(self.p.recipes):
            load[row[recipe.plant], k] = recipe.load
        return sparse.kron(load, sparse.identity(len(self.p.years)), format="csr")

    @cached_property
    def net(self) -> sparse.csr_matrix:
        """(material x year, recipe x year) made less used, t per unit of activity."""
        p, years = self.p, len(self.p.years)
        row = {name: k for k, name in enumerate(p.materials)}
        yields = {plant.id: plant.yields or (1.0,) * years for plant in p.plants}
        entries: list[tuple[int, int, float]] = []
        for k, recipe in enumerate(p.recipes):
            for year in range(years):
                at = k * years + year
                entries += [(row[m] * years + year, at, -amount) for m, amount in recipe.inputs.items()]
                made = yields[recipe.plant][year]
                entries += [(row[m] * years + year, at, made * amount) for m, amount in recipe.outputs.items()]
        rows, columns, values = zip(*entries, strict=True) if entries else ((), (), ())
        return sparse.csr_matrix((values, (rows, columns)), (len(row) * years, len(p.recipes) * years))

    @cached_property
    def taken(self) -> sparse.csr_matrix:
        """(material x year, want x year) 1 where a want is that material."""
        same = np.array([[float(name == want) for want in self.wants] for name in self.p.materials])
        return sparse.kron(same, sparse.identity(len(self.p.years)), format="csr")


def blank_row(columns: int) -> sparse.csr_matrix:
    """A row of nothing."""
    return sparse.csr_matrix((1, columns))


def orders(found: Solution) -> Sequence[tuple[int, int, float]]:
    """(plant, year, load units a year) of every order worth the name."""
    return [(int(r), int(y), float(found.build[r, y])) for r, y in zip(*np.nonzero(found.build > SMALL), strict=True)]
