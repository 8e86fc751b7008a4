"""Home to a plan: what to order where and when, what that promises year by year, and what binds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ytterby.decisions.invest.goals import Goal
from ytterby.decisions.invest.programme import STAGES, Programme
from ytterby.decisions.invest.solving import MILLION, SMALL, YEAR, Asked, Layout, Solution, orders, solve
from ytterby.terms.errors import BadValue, RunError

Floats = NDArray[np.float64]
GIVEN_UP = 1e-6
"""Share (or part of the budget) given up so that the cheapest of the best plans is found."""
BINDING = 1e-9
MOST_DAYS = 3650.0
"""Days beyond which nobody asks how long stocks would last."""


@dataclass(frozen=True, slots=True)
class Order:
    """Capacity ordered in a year."""

    plant: str
    stage: str
    region: str
    year: int
    size: float
    """Load units a year."""
    usd: float
    assumed: bool
    new: bool


@dataclass(frozen=True, slots=True)
class Bind:
    """Something that more of would help."""

    what: str
    """``capacity``, ``material``, ``most`` or ``budget``."""
    name: str
    """Plant or material, empty for the budget."""
    stage: str
    value: float
    """Part of the share at stake: how much of it hangs on this row (its price times what it allows)."""


@dataclass(frozen=True)
class Plan:
    """An answer of the programme."""

    goals: tuple[Goal, ...]
    met: bool
    orders: tuple[Order, ...]
    cost: float
    """USD, the stockpile included."""
    pile: Mapping[str, float]
    """Want -> t bought for a stockpile, those above nothing."""
    years: tuple[int, ...]
    share: tuple[float, ...]
    """(year,) of what is wanted, served through the chain."""
    days: tuple[float, ...]
    """(year,) all makers last at full rate when imports stop, at most `MOST_DAYS`: until the first want runs out."""
    by_want: Mapping[str, tuple[float, ...]]
    """Material -> (year,) share of its need that is served."""
    promises: Mapping[str, tuple[float, ...]]
    """Material -> (year,) share of what plants and makers at home use of it that plants at home make."""
    surplus: Mapping[str, tuple[float, ...]]
    """Material -> (year,) t made beyond all use."""
    stages: Mapping[str, float]
    """Stage -> part of the last goal year's share that hangs on its capacity: a percent more of that is worth a percent
    of this."""
    binds: tuple[Bind, ...]
    gap: float
    """Largest relative duality gap of the solves it took."""

    def by_stage(self) -> dict[str, float]:
        """USD by stage."""
        found = dict.fromkeys(STAGES, 0.0)
        for order in self.orders:
            found[order.stage] = found.get(order.stage, 0.0) + order.usd
        return found


def plan(p: Programme, goals: Sequence[Goal] = (), budget: float = math.inf, year: int = 0) -> Plan:
    """The cheapest plan that holds the goals within the budget; without goals, the most share in `year` for the budget.

    Where the goals cannot be held, the plan that comes nearest: it has the most share in the last year a share is asked
    for, and `met` is false.

    Args:
        p: what can be made and what is wanted.
        goals: what to hold.
        budget: USD.
        year: the year a budget without a goal is spent for; 0 is the last one.

    Raises:
        BadValue: neither goal nor budget, a negative budget, a year outside the programme, nothing wanted.
    """
    if not budget >= 0:
        raise BadValue(f"a budget of {budget:g} USD", place="budget", remedy="give an amount of 0 or more, e.g. 1.3e9")
    if not goals and not math.isfinite(budget):
        raise BadValue(
            "neither goal nor budget", place="invest", remedy="give one: --goal share=0.4@2030, --budget 1.3e9"
        )
    aim = _year_of(p, goals, year)
    if not p.wanted(aim) > 0:
        raise BadValue(f"nothing is wanted in {aim}", place="invest", remedy="name a region whose makers use magnets")
    for goal in goals:
        p.at(goal.year)
    goals = tuple(goals)
    if goals:
        found = solve(p, Asked(goals, budget))
        if found is not None:
            return _told(p, goals, found, aim, met=True, budget=budget)
    return _told(p, goals, best(p, aim, budget, _apart_from(goals, aim)), aim, met=not goals, budget=budget)


def _year_of(p: Programme, goals: Sequence[Goal], year: int) -> int:
    shares = [goal.year for goal in goals if goal.kind == "share"]
    aim = max(shares or [goal.year for goal in goals] or [year or p.years[-1]])
    p.at(aim)
    return aim


def _apart_from(goals: tuple[Goal, ...], aim: int) -> tuple[Goal, ...]:
    """Goals to keep holding while the share of a year is made as large as it can be."""
    return tuple(goal for goal in goals if goal.kind == "days" and goal.year != aim)


def best(p: Programme, year: int, budget: float, beside: tuple[Goal, ...] = ()) -> Solution:
    """The most share in a year for a budget, and of all plans that reach it the cheapest."""
    most = solve(p, Asked(beside, budget, "share", year))
    if most is None and beside:
        return best(p, year, budget)
    assert most is not None, "doing nothing is always feasible"
    at = p.at(year)
    reached = float(most.served[:, at].sum()) / p.wanted(year)
    asked = Asked((*beside, Goal(year, "share", max(reached - GIVEN_UP, 0.0))), budget)
    cheap = solve(p, asked)
    return (
        most
        if cheap is None
        else Solution(
            cheap.build, cheap.run, cheap.served, cheap.pile, cheap.objective, max(most.gap, cheap.gap), cheap.duals
        )
    )


def _told(p: Programme, goals: tuple[Goal, ...], found: Solution, aim: int, *, met: bool, budget: float) -> Plan:
    # what is made goes to where the goals want it, and beyond that to whoever can be served
    held = solve(p, Asked(goals if met else (), math.inf, "path", aim, found.build, found.pile))
    held = held or solve(p, Asked((), math.inf, "path", aim, found.build, found.pile))
    priced = _priced(p, found, aim)
    if held is None or priced is None:
        raise RunError("a plan cannot be run through its own programme", place="invest", remedy="please report it")
    wants = Layout(p).wants
    wanted = np.array([p.wanted(year) for year in p.years])
    served = held.served.sum(axis=0)
    share = np.divide(served, wanted, out=np.zeros_like(wanted), where=wanted > 0)
    made = tuple(
        Order(q.id, q.stage, q.region, p.years[year], size, size * q.capex, q.assumed, q.new)
        for row, year, size in orders(found)
        for q in (p.plants[row],)
    )
    return Plan(
        goals,
        met,
        tuple(sorted(made, key=lambda one: (STAGES.index(one.stage), one.year, one.plant))),
        sum(order.usd for order in made) + float(Layout(p).spent[-len(wants) :] @ found.pile) * MILLION,
        {want: float(tonnes) for want, tonnes in zip(wants, found.pile, strict=True) if tonnes > SMALL},
        p.years,
        tuple(share.tolist()),
        tuple(
            min(_days(p.held(w, year) + found.pile[k], p.needs[w][at], held.served[k, at]) for k, w in enumerate(wants))
            for at, year in enumerate(p.years)
        ),
        {want: tuple(_parts(held.served[k], p.needs[want])) for k, want in enumerate(wants)},
        _promises(p, held),
        _surplus(p, held),
        _stages(p, priced),
        _binds(p, priced, budget),
        max(found.gap, held.gap, priced.gap),
    )


def _priced(p: Programme, found: Solution, aim: int) -> Solution | None:
    """The most share for what the plan costs: its prices say what the share hangs on, orders being free to move.

    With whole plants no such prices exist; then those with the orders held.
    """
    if Layout(p).whole.any():
        return solve(p, Asked((), math.inf, "share", aim, found.build, found.pile))
    spent = float(np.sum(Layout(p).spent[: found.build.size] * found.build.ravel())) * MILLION
    return solve(p, Asked((), spent, "share", aim))


def _parts(served: Floats, need: Sequence[float]) -> list[float]:
    return [float(have / want) if want > 0 else 1.0 for have, want in zip(served, need, strict=True)]


def _days(stock: float, need: float, have: float) -> float:
    """Days at full rate without imports: what is in stock, over what is used of it a day."""
    short = float(need - have) / YEAR
    return min(float(stock) / short, MOST_DAYS) if short > 1e-9 else MOST_DAYS


def _promises(p: Programme, held: Solution) -> dict[str, tuple[float, ...]]:
    home = {plant.id for plant in p.plants if plant.region == p.home}
    used = {name: np.zeros(len(p.years)) for name in p.materials}
    made = {name: np.zeros(len(p.years)) for name in p.materials}
    factors = {plant.id: np.array(plant.yields or (1.0,) * len(p.years)) for plant in p.plants}
    for recipe, run in zip(p.recipes, held.run, strict=True):
        if recipe.plant in home:
            for name, amount in recipe.inputs.items():
                used[name] += amount * run
            for name, amount in recipe.outputs.items():
                made[name] += amount * run * factors[recipe.plant]
    for name, row in p.needs.items():
        used[name] += np.array(row)
    return {
        name: tuple(float(min(m / u, 1.0)) if u > 1e-9 else 0.0 for m, u in zip(made[name], used[name], strict=True))
        for name in p.materials
        if made[name].any() and used[name].any()
    }


def _surplus(p: Programme, held: Solution) -> dict[str, tuple[float, ...]]:
    layout = Layout(p)
    years = len(p.years)
    left = (layout.net @ held.run.ravel() - layout.taken @ held.served.ravel()).reshape(-1, years)
    left += np.array([p.given.get(name, (0.0,) * years) for name in p.materials]).reshape(-1, years)
    return {name: tuple(np.maximum(row, 0.0).tolist()) for name, row in zip(p.materials, left, strict=True)}


def _capacity(p: Programme, found: Solution) -> Floats:
    """(plant, year) with what is ready of the orders."""
    own = np.array([plant.capacity for plant in p.plants]).reshape(len(p.plants), len(p.years))
    return np.asarray(own + (Layout(p).ready @ found.build.ravel()).reshape(own.shape))


def _stages(p: Programme, priced: Solution) -> dict[str, float]:
    worth = -priced.duals["capacity"] * _capacity(p, priced)
    total = dict.fromkeys(STAGES, 0.0)
    for plant, row in zip(p.plants, worth, strict=True):
        total[plant.stage] = total.get(plant.stage, 0.0) + float(row.sum())
    return total


def _binds(p: Programme, priced: Solution, budget: float) -> tuple[Bind, ...]:
    """What the share of the goal year hangs on, the largest part first."""
    able, years = _capacity(p, priced), len(p.years)
    added = priced.build.sum(axis=1)
    binds = []
    for k, plant in enumerate(p.plants):
        worth = float((-priced.duals["capacity"][k] * able[k]).sum())
        if worth > BINDING:
            full = math.isfinite(plant.most) and added[k] >= plant.most * (1 - 1e-6)
            binds.append(Bind("most" if full else "capacity", plant.id, plant.stage, worth))
    given = np.array([p.given.get(name, (0.0,) * years) for name in p.materials]).reshape(-1, years)
    prices = -priced.duals["balance"]
    makers = {name for recipe in p.recipes if _stands(p, recipe.plant, able) for name in recipe.outputs}
    for k, name in enumerate(p.materials):
        if name not in makers and float(prices[k].max(initial=0.0)) > BINDING:
            binds.append(Bind("material", name, "", float((prices[k] * given[k]).sum())))
    if math.isfinite(budget) and float(-priced.duals["budget"].sum() if "budget" in priced.duals else 0.0) > BINDING:
        binds.append(Bind("budget", "", "", 0.0))
    return tuple(sorted(binds, key=lambda one: -one.value))


def _stands(p: Programme, plant: str, able: Floats) -> bool:
    row = next(k for k, one in enumerate(p.plants) if one.id == plant)
    return bool(able[row].max(initial=0.0) > 0)
