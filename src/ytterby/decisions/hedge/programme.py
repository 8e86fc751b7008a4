"""Home to the programme: what to decide now, as a two-stage stochastic linear programme with a bound on the tail.

First stage: shares of flows and variants, kg bought, what is done whole. Second stage, for every draw: what is
built and what lies in store, month by month. Minimised is

    (1 - weight) * mean cost + weight * CVaR,    CVaR = min over v of  v + mean(max(cost - v, 0)) / (1 - alpha)

(Rockafellar, R. T. and Uryasev, S. (2000), Optimization of conditional value-at-risk, Journal of Risk 2(3)).

A second stage that sees the future promises too much. So nothing but building is left to it: every order, delivery and
payment follows from the first stage and the draw. It could still hold a scarce material back for a dearer product of a
later month; how much that is worth is what `playing` shows, which cannot.

Amounts are in months of a material's mean need, money in thousandths of what an idle plan would lose.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytterby.decisions.hedge.case import Case, arriving, bought
from ytterby.decisions.hedge.labelled import array, chosen, cube, padded, pick, span, table
from ytterby.decisions.hedge.plan import Plan
from ytterby.decisions.hedge.playing import tail as worst
from ytterby.decisions.hedge.solver import Loaded, Ran, installed, values

Floats = NDArray[np.float64]

LIMITS = ("cash", "storage", "service")
PATIENCE = 300.0
"""Seconds after which a solve is given up."""


@dataclass(frozen=True, slots=True)
class Solved:
    """A plan with what the solver says of it; money in USD."""

    plan: Plan
    objective: float
    dual: float
    """Of the linear programme, what is done whole held fast."""
    expected: float
    tail: float
    cost: Floats
    """(draw,) USD."""
    built: Floats
    """(draw, month, variant) share of the product's plan."""
    mip_gap: float
    """Relative gap of the search over what is done whole; 0 where nothing is."""
    rows: int
    columns: int
    entries: int
    seconds: float
    worth: dict[str, float]
    """What one more unit of a limit would spare: USD a USD of cash, USD a kg of storage."""
    slack: dict[str, float]
    """By how much limits had to give, in their own units, where they might."""

    @property
    def gap(self) -> float:
        """Relative duality gap."""
        return abs(self.objective - self.dual) / max(abs(self.objective), abs(self.dual), 1e-9)


@dataclass(frozen=True, slots=True)
class Limits:
    """What binds the plan: USD, kg (inf without a limit), share."""

    cash: float
    storage: float
    service: float


def limits_of(case: Case) -> Limits:
    """The limits of a company's file."""
    storage = case.company.storage
    return Limits(case.company.cash, np.inf if storage is None else storage, case.company.service)


@dataclass(frozen=True, slots=True)
class Scale:
    """Units in which the programme is well conditioned."""

    kg: Floats
    """(material,)"""
    usd: float


def scale_of(case: Case) -> Scale:
    """Months of mean need, and thousandths of what an idle plan would lose."""
    need = sum(one.need.mean(axis=0) for one in case.variants if not one.design)
    kg = np.where(np.asarray(need) > 0, need, 1.0)
    return Scale(np.maximum(kg, 1e-9), max(1.0, float((case.plan.sum(axis=1) * case.gross).sum()) / 1e3))


def solve(
    case: Case,
    limits: Limits,
    *,
    weight: float | None = None,
    give: tuple[str, ...] = (),
    held: Plan | None = None,
    patience: float = PATIENCE,
) -> Solved:
    """The best plan for a case.

    Args:
        case: draws with their chances.
        limits: cash, storage, service.
        weight: of the tail; without it the company's.
        give: limits that may give: then the least they must is looked for, as a share of each, and cost counts next
            to nothing.
        held: a first stage to price instead of choosing one.
        patience: seconds.

    Raises:
        Infeasible: no plan keeps the limits.
        RunError: the solver gave up.
    """
    installed()
    started = time.perf_counter()
    tail = case.company.risk.weight if weight is None else weight
    made = _Made(case, limits, tail, give, held)
    loaded = Loaded(made.model)
    found, mip_gap = loaded.run(patience), 0.0
    if case.steps and np.abs(found.of(made.steps) - np.round(found.of(made.steps))).max() > 1e-7:
        loaded.whole(made.steps)
        found = loaded.run(patience)
        mip_gap = found.mip_gap
        # the multipliers belong to the linear programme in which what is done whole is settled
        loaded.settle(made.steps, np.round(found.of(made.steps)))
        found = loaded.run(patience)
    return made.told(found, mip_gap, time.perf_counter() - started)


class _Made:
    """The linopy model of a case."""

    def __init__(self, case: Case, limits: Limits, weight: float, give: tuple[str, ...], held: Plan | None) -> None:
        import linopy

        self.case, self.limits, self.weight, self.give = case, limits, weight, give
        self.scale = scale_of(case)
        self.model = linopy.Model()
        self._decide(held)
        self._bind()
        self._second_stage()
        self._balance()
        self._cost()

    # first stage

    def _decide(self, held: Plan | None) -> None:
        case, model = self.case, self.model
        variants = array([one.most if one.design else 1.0 for one in case.variants], "variant")
        self.variants = model.add_variables(0.0, variants, name="variants")
        self.flows = model.add_variables(0.0, 1.0, coords=[span(len(case.flows), "flow")], name="flows")
        most = [min(one.most, 1e12) / self.scale.kg[one.material] for one in case.purchases]
        self.bought = model.add_variables(0.0, array(most, "purchase"), name="bought")
        if case.steps:
            self.steps = model.add_variables(0.0, 1.0, coords=[span(len(case.steps), "step")], name="steps")
        if held is not None:
            model.add_constraints(self.variants == array(held.variants, "variant"), name="held_variants")
            model.add_constraints(self.flows == array(held.flows, "flow"), name="held_flows")
            kg = [x / self.scale.kg[one.material] for x, one in zip(held.bought, case.purchases, strict=True)]
            model.add_constraints(self.bought == array(kg, "purchase"), name="held_bought")

    def _bind(self) -> None:
        """Shares that sum, contracts that end, and what needs a step."""
        case, model = self.case, self.model
        made = np.array([[float(one.product == p) for one in case.variants] for p in range(len(case.plan))])
        model.add_constraints(self._sum(self.variants, made, "variant") == 1.0, name="whole")
        ends: dict[tuple[int, int, int], list[int]] = {}
        for at, flow in enumerate(case.flows):
            ends.setdefault((flow.variant, flow.material, flow.supplier), []).append(at)
        fills, shares = np.zeros((len(ends), len(case.flows))), np.zeros((len(ends), len(case.variants)))
        for row, ((variant, material, supplier), rows) in enumerate(ends.items()):
            fills[row, rows] = 1.0
            shares[row, variant] = case.company.materials[material].suppliers[supplier].share
        left = self._sum(self.flows, fills, "flow") - self._sum(self.variants, shares, "variant")
        model.add_constraints(left == 0.0, name="filled")
        if case.caps:
            taken = np.zeros((len(case.caps), len(case.flows)))
            for row, cap in enumerate(case.caps):
                for at in cap.flows:
                    flow = case.flows[at]
                    taken[row, at] = float(case.ordered(flow)[flow.start :].max(initial=0.0)) / cap.most
            model.add_constraints(self._sum(self.flows, taken, "flow") <= 1.0, name="capped")
        for name, rows_of in (
            ("flow", [step.flows for step in case.steps]),
            ("variant", [s.variants for s in case.steps]),
        ):
            pairs = [(step, at) for step, rows in enumerate(rows_of) for at in rows]
            if pairs:
                steps, ats = (chosen([pair[k] for pair in pairs]) for k in (0, 1))
                what = self.flows.isel(flow=ats) if name == "flow" else self.variants.isel(variant=ats)
                model.add_constraints(what - self.steps.isel(step=steps) <= 0.0, name=f"needs_{name}")
        self._limit()

    def _sum(self, variable: Any, table: Floats, over: str) -> Any:
        """Rows of a table times a variable, summed over the variable."""
        return (variable * array(table, "row", dims=("row", over))).sum(over)

    def _limit(self) -> None:
        case, model, scale = self.case, self.model, self.scale
        usd = [one.price * scale.kg[one.material] / scale.usd for one in case.purchases]
        spent = (self.bought * array(usd, "purchase")).sum()
        spent = spent + (self.flows * array([one.fee / scale.usd for one in case.flows], "flow")).sum()
        if case.steps:
            spent = spent + (self.steps * array([one.cost / scale.usd for one in case.steps], "step")).sum()
        self.spent = spent
        # each limit is written as a share of itself, so that what gives is a share too
        self.gives = {name: model.add_variables(0.0, name=f"gives_{name}") for name in self.give}
        cash = max(self.limits.cash / scale.usd, 1e-6)
        model.add_constraints(spent - self._given("cash", cash) <= self.limits.cash / scale.usd, name="cash")
        if np.isfinite(self.limits.storage):
            kg = float(scale.kg.mean())
            lies = (self.bought * array([scale.kg[one.material] / kg for one in case.purchases], "purchase")).sum()
            room = (self.limits.storage - float(case.stock.sum())) / kg
            give = self._given("storage", max(self.limits.storage / kg, 1e-6))
            model.add_constraints(lies - give <= room, name="storage")

    def _given(self, name: str, unit: float) -> Any:
        return self.gives[name] * unit if name in self.gives else 0.0

    # second stage

    def _second_stage(self) -> None:
        case, model = self.case, self.model
        shape = (case.draws, case.months, len(case.variants))
        coords = [span(n, name) for n, name in zip(shape, ("draw", "month", "variant"), strict=True)]
        self.built = model.add_variables(0.0, 1.0, coords=coords, name="built")
        choice = [at for at, one in enumerate(case.variants) if self._chosen(one.product)]
        if choice:
            part = self.built.isel(variant=choice) - self.variants.isel(variant=choice)
            model.add_constraints(part <= 0.0, name="planned")
        shape = (case.draws, case.months, len(case.price))
        coords = [span(n, name) for n, name in zip(shape, ("draw", "month", "material"), strict=True)]
        self.stock = model.add_variables(0.0, coords=coords, name="stock")

    def _chosen(self, product: int) -> bool:
        """Whether a product may be built in more ways than one."""
        return sum(one.product == product for one in self.case.variants) > 1

    def _balance(self) -> None:
        """Stock of this month = stock before + what arrives - what is built in."""
        case, model, scale = self.case, self.model, self.scale
        flows, weights = padded([one.material for one in case.flows], len(case.price))
        comes = np.stack([sum(arriving(case, one)) for one in case.flows])  # (flow, draw, month)
        comes = comes[flows] * weights[..., None, None] / scale.kg[:, None, None, None]
        comes[np.abs(comes) < 1e-9] = 0.0
        arrived = (self.flows.isel(flow=pick(flows, "flow")) * cube(comes)).sum("slot")
        orders, masks = padded([one.material for one in case.purchases], len(case.price))
        if case.purchases:
            extra = np.stack([bought(case, one) for one in case.purchases])[orders] * masks[..., None, None]
            arrived = arrived + (self.bought.isel(purchase=pick(orders, "purchase")) * cube(extra)).sum("slot")
        takers = [(row, at) for row, one in enumerate(case.variants) for at in np.flatnonzero(one.need.any(axis=0))]
        uses, ones = padded([int(at) for _, at in takers], len(case.price))
        rows = np.array([row for row, _ in takers])[uses]
        need = np.stack([case.variants[row].need[:, at] for row, at in takers])[uses] * ones[..., None]
        need = need / scale.kg[:, None, None]
        used = (self.built.isel(variant=pick(rows, "variant")) * table(need)).sum("slot")
        later = self.stock.isel(month=slice(1, None))
        before = self.stock.isel(month=slice(0, -1)).assign_coords(month=later.coords["month"])
        change = self.stock + used - arrived
        opening = np.zeros((case.months, len(case.price)))
        opening[0] = case.stock / scale.kg
        first = change.isel(month=slice(0, 1))
        model.add_constraints(first == array(opening[:1], "month", dims=("month", "material")), name="opening")
        model.add_constraints(change.isel(month=slice(1, None)) - before == 0.0, name="balance")

    def _cost(self) -> None:
        import linopy

        case, model, scale = self.case, self.model, self.scale
        usd, company = scale.usd, case.company
        cost = self.cost = model.add_variables(coords=[span(case.draws, "draw")], name="cost", lower=-np.inf)
        plan = (case.plan * case.gross[:, None]) / usd
        brings = np.stack([plan[one.product] - one.extra / usd for one in case.variants])
        priced = case.price * scale.kg / usd
        keeps = np.tile(priced * company.holding / 12.0, (case.months, 1))
        keeps[-1] -= company.salvage * priced
        fees = np.array([one.fee for one in case.flows])
        paid = (np.stack([_paid(case, at) for at in range(len(case.flows))]) + fees[:, None]) / usd
        terms = [
            1.0 * cost,
            (self.built * array(brings.T, "month", dims=("month", "variant"))).sum(["month", "variant"]),
            (self.stock * array(-keeps, "month", dims=("month", "material"))).sum(["month", "material"]),
            (self.flows * array(-paid, "flow", dims=("flow", "draw"))).sum("flow"),
        ]
        if case.purchases:
            spent = np.stack(
                [bought(case, one).sum(axis=1) * one.price * scale.kg[one.material] / usd for one in case.purchases]
            )
            terms.append((self.bought * array(-spent, "purchase", dims=("purchase", "draw"))).sum("purchase"))
        if case.steps:
            whole = np.tile(np.array([one.cost / usd for one in case.steps])[:, None], case.draws)
            terms.append((self.steps * array(-whole, "step", dims=("step", "draw"))).sum("step"))
        held = float(case.stock @ case.price) * (company.salvage - company.holding / 12.0 * case.months) / usd
        # what an undisturbed plan would earn, its stock as it was
        base = float((case.plan.sum(axis=1) * case.loss).sum()) / usd
        model.add_constraints(linopy.merge(terms) == base + held, name="cost")
        self._objective(cost)

    def _objective(self, cost: Any) -> None:
        case, model, alpha = self.case, self.model, self.case.company.risk.alpha
        chance = array(case.chance, "draw")
        level = model.add_variables(name="level", lower=-np.inf)
        above = model.add_variables(0.0, coords=[span(case.draws, "draw")], name="above")
        model.add_constraints(above - cost + level >= 0.0, name="tail")
        self._serve()
        mean = (cost * chance).sum()
        worst = level + (above * (chance / (1.0 - alpha))).sum()
        whole = (1.0 - self.weight) * mean + self.weight * worst
        if self.give:
            whole = 1e-6 * whole + sum(1e3 * one for one in self.gives.values())
        model.add_objective(whole)

    def _serve(self) -> None:
        if self.limits.service <= 0.0:
            return
        case = self.case
        weight = case.loss[:, None] * case.plan
        weight = weight / weight.sum() if weight.sum() > 0 else np.full_like(weight, 1.0 / weight.size)
        share = np.stack([weight[one.product] for one in case.variants])
        part = case.chance[:, None, None] * share.T[None]
        served = (self.built * array(part, "draw", dims=("draw", "month", "variant"))).sum()
        self.model.add_constraints(served + self._given("service", 1.0) >= self.limits.service, name="service")

    # answer

    def told(self, found: Ran, mip_gap: float, seconds: float) -> Solved:
        """What was found, in kg and USD."""
        case, scale = self.case, self.scale
        kg = found.of(self.bought) * np.array([scale.kg[one.material] for one in case.purchases])
        steps = np.round(found.of(self.steps)) if case.steps else np.zeros(0)
        flows, variants = (np.clip(found.of(one), 0.0, 1.0) for one in (self.flows, self.variants))
        primal, dual = values(found.solver)
        cost = found.of(self.cost) * scale.usd
        lp = found.solver.getLp()
        worth = {"cash": -found.dual(self.model.constraints["cash"])}
        if "storage" in self.model.constraints:
            worth["storage"] = -found.dual(self.model.constraints["storage"]) * scale.usd / float(scale.kg.mean())
        units = {"cash": max(self.limits.cash, 1e-6 * scale.usd), "storage": self.limits.storage, "service": 1.0}
        slack = {name: float(found.of(one)) * units[name] for name, one in self.gives.items()}
        return Solved(
            Plan(flows, np.maximum(kg, 0.0), variants, steps), primal * scale.usd, dual * scale.usd,
            float(case.chance @ cost), worst(case.chance, cost, case.company.risk.alpha), cost,
            found.of(self.built), mip_gap, int(lp.num_row_), int(lp.num_col_), len(lp.a_matrix_.value_), seconds,
            worth, slack,
        )  # fmt: skip


def _paid(case: Case, at: int) -> Floats:
    """USD paid for what arrives where a flow fills all of its need, (draw,)."""
    flow = case.flows[at]
    before, after = arriving(case, flow)
    if flow.kind in ("regular", "early", "general"):
        return np.asarray((after * flow.price_before).sum(axis=1))
    return np.asarray((before * flow.price_before + after * flow.price_after).sum(axis=1))
