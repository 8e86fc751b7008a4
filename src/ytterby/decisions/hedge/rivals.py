"""Home to the plain policies a plan has to beat: no stock, 90 days of everything, stock in proportion to spend."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from ytterby.decisions.hedge import plan as plans
from ytterby.decisions.hedge.case import Case
from ytterby.decisions.hedge.plan import Plan
from ytterby.decisions.hedge.programme import Limits

Floats = NDArray[np.float64]

DAYS = 90.0
NAMES = ("none", "ninety", "spend")


def plain(case: Case, plan: Plan, limits: Limits) -> dict[str, Plan]:
    """The three policies by name, each within cash and storage: one that would pass a limit is cut back evenly.

    ``none`` does nothing; ``ninety`` brings every material up to 90 days of its mean need; ``spend`` lays out the money
    that `plan` lays out, in proportion to what each material costs in a year.
    """
    need = plans.needs(case)
    ninety = np.maximum(need * DAYS / (365.25 / 12) - case.stock, 0.0)
    spend = need * case.price
    money = plans.outlay(case, plan)
    even = money * spend / spend.sum() / case.price if spend.sum() > 0 else np.zeros_like(spend)
    found = {"none": plans.nothing(case), "ninety": plans.stocked(case, ninety), "spend": plans.stocked(case, even)}
    return {name: within(case, one, limits) for name, one in found.items()}


def within(case: Case, plan: Plan, limits: Limits) -> Plan:
    """A plan of stock alone, cut back evenly until cash and storage hold it."""
    cost, room = plans.outlay(case, plan), limits.storage - float(case.stock.sum())
    kg = float(plan.bought.sum())
    share = min(1.0, limits.cash / cost if cost > 0 else 1.0, max(room, 0.0) / kg if kg > 0 else 1.0)
    return plan if share >= 1.0 else dataclasses.replace(plan, bought=plan.bought * share)
