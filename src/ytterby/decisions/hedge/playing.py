"""Home to the buyer without foresight: a plan played month by month on every draw, in plain NumPy.

She takes what arrives, builds all she can of the product that loses most per dollar of material first, and never holds
back for a month she cannot see. Nothing here is taken from the programme: queues are walked, not solved.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ytterby.decisions.hedge.case import Case, Flow
from ytterby.decisions.hedge.plan import Plan
from ytterby.terms.errors import UnknownName

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Played:
    """What a plan came to in every draw."""

    cost: Floats
    """(draw,) USD against a year without trouble and without a plan."""
    parts: dict[str, Floats]
    """(draw,) USD each; they sum to the cost."""
    built: Floats
    """(draw, month, product) units."""
    stock: Floats
    """(draw, month, material) kg at the month's end."""
    arrived: Floats
    """(draw, month, material) kg."""
    used: Floats
    """(draw, month, material) kg."""


RULES = ("dollar", "unit", "line")
"""Whom a buyer serves first: who loses most per dollar of material, per unit, or per month of its line."""


def play(case: Case, plan: Plan, rule: str = RULES[0]) -> Played:
    """Every draw of a case under a plan, products served in the order of a rule of `RULES`."""
    arrived, paid = _arrivals(case, plan)
    draws, months, materials = arrived.shape
    stock = np.broadcast_to(case.stock, (draws, materials)).copy()
    built = np.zeros((draws, months, len(case.plan)))
    kept, used, extra = np.zeros_like(arrived), np.zeros_like(arrived), np.zeros(draws)
    order = priority(case, rule)
    for month in range(months):
        stock += arrived[:, month]
        for row in order:
            variant = case.variants[row]
            need = variant.need[month] * plan.variants[row]
            takes = need > 1e-12
            share = np.ones(draws)
            if takes.any():
                share = np.minimum((np.maximum(stock[:, takes], 0.0) / need[takes]).min(axis=1), 1.0)
            stock -= share[:, None] * need
            used[:, month] += share[:, None] * need
            built[:, month, variant.product] += share * plan.variants[row] * case.plan[variant.product, month]
            extra += share * plan.variants[row] * variant.extra[month]
        kept[:, month] = stock
    return _told(case, plan, built, np.maximum(kept, 0.0), arrived, used, paid, extra)


def priority(case: Case, rule: str = RULES[0]) -> list[int]:
    """Variants in the order in which they are built under a rule of `RULES`.

    Raises:
        UnknownName: no such rule.
    """
    if rule not in RULES:
        raise UnknownName(rule, known=RULES, what="rule of building")

    def worth(row: int) -> float:
        one = case.variants[row]
        units = case.plan[one.product].sum()
        lost = float(case.loss[one.product] * units - one.extra.sum())
        per = {"dollar": float(one.need.sum(axis=0) @ case.price), "unit": float(units), "line": 1.0}[rule]
        return lost / max(per, 1e-12)

    return sorted(range(len(case.variants)), key=lambda row: (-worth(row), row))


def best_rule(case: Case, plan: Plan) -> str:
    """The rule under which a plan costs least on the draws of a case."""
    if len(case.variants) == 1:
        return RULES[0]
    return min(RULES, key=lambda rule: mixed(case, play(case, plan, rule)))


def _arrivals(case: Case, plan: Plan) -> tuple[Floats, Floats]:
    """Kg by (draw, month, material), and USD paid by draw."""
    draws, months = case.draws, case.months
    arrived, paid = np.zeros((draws, months, len(case.price))), np.zeros(draws)
    for flow, share in zip(case.flows, plan.flows, strict=True):
        if share > 0.0:
            _deliver(case, flow, share, arrived, paid)
    for one, kg in zip(case.purchases, plan.bought, strict=True):
        if kg <= 0.0:
            continue
        span = max(1, min(one.months, months))
        waiting = np.zeros(draws)
        for month in range(months):
            if one.origin:
                waiting = waiting + (kg / span if month < span else 0.0)
                gone = np.minimum(waiting, one.passes[:, month] * kg / span)
                waiting = waiting - gone
            else:
                gone = np.full(draws, kg if month == span - 1 else 0.0)
            arrived[:, month, one.material] += gone
            paid += gone * one.price
    return arrived, paid


def _deliver(case: Case, flow: Flow, share: float, arrived: Floats, paid: Floats) -> None:
    """Walk the queue of one flow; under a contract, what was ordered before waits at the old supplier."""
    old = new = np.zeros(case.draws)
    moved = flow.kind in ("contract", "source")
    for month in range(case.months):
        order = share * float(case.ordered(flow)[month])
        later = month >= flow.start
        passes_old = flow.before[:, month] if moved or not later else flow.after[:, month]
        old = old + (0.0 if moved and later else order)
        gone = np.minimum(old, passes_old * order)
        old = old - gone
        paid += gone * flow.price_before[:, month]
        if moved and later:
            new = new + order
            come = np.minimum(new, flow.after[:, month] * order)
            new = new - come
            paid += come * flow.price_after[:, month]
            gone = gone + come
        arrived[:, month, flow.material] += gone


def _told(
    case: Case, plan: Plan, built: Floats, stock: Floats, arrived: Floats, used: Floats, paid: Floats, extra: Floats
) -> Played:
    company = case.company
    missing = np.maximum(case.plan.T[None] - built, 0.0)
    fees = sum(one.fee * share for one, share in zip(case.flows, plan.flows, strict=True))
    steps = sum(one.cost * done for one, done in zip(case.steps, plan.steps, strict=True))
    held = (stock @ case.price).sum(axis=1) * company.holding / 12.0
    usual = float(case.stock @ case.price) * company.holding / 12.0 * case.months
    left = (stock[:, -1] - case.stock) @ case.price
    parts = {
        "lost": missing.sum(axis=1) @ case.loss,
        "materials": paid - case.budgeted() + missing.sum(axis=1) @ (case.gross - case.loss) - left,
        "write-down": left * (1.0 - company.salvage),
        "holding": held - usual,
        "designs": extra,
        "fees": np.full(case.draws, float(fees + steps)),
    }
    return Played(np.sum(list(parts.values()), axis=0), parts, built, stock, arrived, used)


def expected(case: Case, played: Played) -> float:
    """Mean cost, USD."""
    return float(case.chance @ played.cost)


def tail(chance: Floats, cost: Floats, alpha: float) -> float:
    """Mean of the worst (1 - alpha) of the draws: conditional value at risk (Rockafellar and Uryasev 2000, J. Risk 2).

    >>> tail(np.full(4, 0.25), np.array([1.0, 2.0, 3.0, 4.0]), 0.5)
    3.5
    """
    worst = np.argsort(-cost, kind="stable")
    left, total = 1.0 - alpha, 0.0
    for row in worst:
        part = min(left, float(chance[row]))
        total += part * float(cost[row])
        left -= part
        if left <= 1e-15:
            break
    return total / (1.0 - alpha)


def mixed(case: Case, played: Played) -> float:
    """What is minimised: mean and tail, weighed as the company weighs them, USD."""
    risk = case.company.risk
    return (1.0 - risk.weight) * expected(case, played) + risk.weight * tail(case.chance, played.cost, risk.alpha)


def service(case: Case, played: Played) -> Floats:
    """Share of the plan that is built, products weighed by what they lose, (draw,)."""
    weight = case.loss * case.plan.sum(axis=1)
    share = played.built.sum(axis=1) / case.plan.sum(axis=1)
    whole = weight.sum()
    if whole <= 0:
        return np.asarray(share.mean(axis=1))
    return np.asarray(share @ (weight / whole))
