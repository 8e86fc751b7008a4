"""Home to a plan: what is decided now, as arrays on a case, and what it costs at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ytterby.decisions.hedge.case import Case

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Plan:
    """Shares of flows and variants, kg bought, and what is done whole."""

    flows: Floats
    """(flow,) share of its variant's need of the material."""
    bought: Floats
    """(purchase,) kg."""
    variants: Floats
    """(variant,) share of its product's plan."""
    steps: Floats
    """(step,) 1 where it is done."""


def nothing(case: Case) -> Plan:
    """The plan of one who does nothing: every supplier as today."""
    suppliers = [material.suppliers for material in case.company.materials]
    flows = [
        suppliers[one.material][one.supplier].share
        if one.kind == "regular" and not case.variants[one.variant].design
        else 0.0
        for one in case.flows
    ]
    variants = [0.0 if one.design else 1.0 for one in case.variants]
    return Plan(np.array(flows), np.zeros(len(case.purchases)), np.array(variants), np.zeros(len(case.steps)))


def stocked(case: Case, kg: Floats) -> Plan:
    """Nothing but extra stock: kg of each material (material,), bought where it is cheapest, as far as each lasts."""
    from dataclasses import replace

    left = np.array(kg, dtype=np.float64)
    amounts = np.zeros(len(case.purchases))
    for at in sorted(range(len(case.purchases)), key=lambda k: case.purchases[k].price):
        one = case.purchases[at]
        amounts[at] = min(left[one.material], one.most)
        left[one.material] -= amounts[at]
    return replace(nothing(case), bought=amounts)


def outlay(case: Case, plan: Plan) -> float:
    """USD spent now: stock, fees and what is done whole."""
    stock = sum(one.price * kg for one, kg in zip(case.purchases, plan.bought, strict=True))
    fees = sum(one.fee * share for one, share in zip(case.flows, plan.flows, strict=True))
    steps = sum(one.cost * done for one, done in zip(case.steps, plan.steps, strict=True))
    return float(stock + fees + steps)


def stored(case: Case, plan: Plan) -> float:
    """Kg in store once all that was bought is there."""
    return float(case.stock.sum() + plan.bought.sum())


def needs(case: Case) -> Floats:
    """Need of each material a month, kg, the products as they are, (material,)."""
    base = [one.need.mean(axis=0) for one in case.variants if not one.design]
    return np.asarray(np.sum(base, axis=0))
