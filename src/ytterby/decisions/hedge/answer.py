"""Home to the answer: a case solved, played, compared with plain policies and along the frontier, as plain data."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytterby.decisions.hedge import orders, playing, rivals
from ytterby.decisions.hedge import plan as plans
from ytterby.decisions.hedge.binding import binding, refused
from ytterby.decisions.hedge.case import Case
from ytterby.decisions.hedge.plan import Plan
from ytterby.decisions.hedge.playing import Played
from ytterby.decisions.hedge.programme import Limits, Solved, solve
from ytterby.decisions.hedge.reduction import Reduced, reduced
from ytterby.decisions.hedge.solver import Infeasible

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]

KEEP = 64
"""Draws the programme is solved on, unless told otherwise; it is played on all."""
POINTS = 5
"""Budgets along the frontier."""


@dataclasses.dataclass(frozen=True, slots=True)
class Point:
    """A plan along the frontier, played on all draws."""

    weight: float
    """Of the tail."""
    cash: float
    """USD that might be spent."""
    plan: Plan
    played: Played


@dataclasses.dataclass(frozen=True, slots=True)
class Hedged:
    """What was found."""

    case: Case
    small: Case
    reduction: Reduced
    limits: Limits
    solved: Solved
    rule: str
    played: Played
    rivals: Mapping[str, tuple[Plan, Played]]
    frontier: tuple[Point, ...]
    fresh: tuple[Case, Played] | None
    """The plan on draws of another seed."""


def hedge(
    case: Case,
    limits: Limits,
    *,
    keep: int = KEEP,
    points: int = POINTS,
    fresh: Case | None = None,
    progress: Progress | None = None,
) -> Hedged:
    """The best plan, and what is to be known of it.

    Where a plain policy turns out better on all draws than a plan found on a few of them, more are kept and it is
    solved again.

    Args:
        case: a company in all draws of an outlook.
        limits: cash, storage, service.
        keep: draws the programme is solved on.
        points: budgets along the frontier, from nothing to all the cash; 0 for none.
        fresh: the same company in draws of another seed.
        progress: steps done and steps to do.

    Raises:
        InputError: no plan keeps the limits; those that bind are named, with by how much.
    """
    steps = 3 + len(_along(case.company.risk.weight, points))
    told = progress or (lambda done, whole: None)
    told(0, steps)
    while True:
        small, reduction = reduced(case, keep)
        try:
            solved = solve(small, limits)
        except Infeasible:
            raise refused(case, limits, binding(small, limits)) from None
        told(1, steps)
        rule = playing.best_rule(case, solved.plan)
        played = playing.play(case, solved.plan, rule)
        others = {
            name: (plan, playing.play(case, plan, rule))
            for name, plan in rivals.plain(case, solved.plan, limits).items()
        }
        mine = playing.mixed(case, played)
        if keep >= case.draws or all(mine <= playing.mixed(case, one) for _, one in others.values()):
            break
        keep *= 2
    told(2, steps)
    curve = []
    for number, (weight, share) in enumerate(_along(case.company.risk.weight, points)):
        # along the frontier the service is what comes of it
        bound = dataclasses.replace(limits, cash=limits.cash * share, service=0.0)
        plan = solve(small, bound, weight=weight).plan
        curve.append(Point(weight, bound.cash, plan, playing.play(case, plan, rule)))
        told(3 + number, steps)
    again = None if fresh is None else (fresh, playing.play(fresh, solved.plan, rule))
    told(steps, steps)
    return Hedged(case, small, reduction, limits, solved, rule, played, others, tuple(curve), again)


def _along(weight: float, points: int) -> list[tuple[float, float]]:
    """(weight of the tail, share of the cash): budgets at the company's weight, then all cash for mean and tail."""
    if points <= 0:
        return []
    # the first dollars spare most, so budgets lie closer where they are small
    budgets = np.linspace(0.0, 1.0, points) ** 2 if points > 1 else np.ones(1)
    return [*((weight, float(share)) for share in budgets), (0.0, 1.0), (1.0, 1.0)]


def summary(found: Hedged) -> dict[str, Any]:
    """Everything a page, a terminal or a file tells of it: plain, finite data. Money in USD."""
    case, solved = found.case, found.solved
    company = case.company
    small = playing.play(found.small, solved.plan, found.rule)
    none = found.rivals["none"][1]
    mine = _figures(case, found.played)
    answer: dict[str, Any] = {
        "company": company.id,
        "title": company.title.model_dump(),
        "start": company.start.isoformat(),
        "months": list(case.periods),
        "alpha": company.risk.alpha,
        "weight": company.risk.weight,
        "limits": _limits(found),
        "outlay": plans.outlay(case, solved.plan),
        "stored": plans.stored(case, solved.plan),
        "rule": found.rule,
        "plan": mine | {"parts": _parts(case, found.played)},
        "none": _figures(case, none) | {"parts": _parts(case, none)},
        "promised": {"expected": solved.expected, "tail": solved.tail, "objective": solved.objective},
        "played_small": _figures(found.small, small),
        "fresh": None if found.fresh is None else _figures(*found.fresh),
        "gap": _gap(solved.expected, playing.expected(found.small, small)),
        "gap_all": _gap(solved.expected, mine["expected"]),
        "gap_fresh": None if found.fresh is None else _gap(solved.expected, playing.expected(*found.fresh)),
        "orders": orders.listed(case, solved.plan, found.rule),
        "rivals": [_rival(found, name) for name in rivals.NAMES],
        "frontier": [
            {"weight": one.weight, "cash": one.cash, "outlay": plans.outlay(case, one.plan)}
            | _figures(case, one.played)
            for one in found.frontier
        ],
        "regret": _regret(found),
        "solver": {
            "draws": found.small.draws, "of": case.draws, "reduction_error": found.reduction.error,
            "rows": solved.rows, "columns": solved.columns, "entries": solved.entries, "seconds": solved.seconds,
            "primal": solved.objective, "dual": solved.dual, "duality_gap": solved.gap, "mip_gap": solved.mip_gap,
        },
        "arrivals": _arrivals(case),
        "service": _service(found),
        "assumed": company.assumed(),
    }  # fmt: skip
    return answer


def title(answer: Mapping[str, Any]) -> dict[str, str]:
    """The finding in both languages."""
    spent, plan, none = answer["outlay"], answer["plan"], answer["none"]
    money = {"spent": _millions(spent), "loss": _millions(none["tail"]), "left": _millions(plan["tail"])}
    tail = (1.0 - float(answer["alpha"])) * 100
    name = answer["title"]
    if spent < 1.0:
        return {
            "en": f"{name['en']}: nothing on offer is worth its price; the worst {tail:.0f} % of draws cost "
            f"${money['loss']} m on average",
            "zh": f"{name['zh']}：现有选项均不值其价；最差 {tail:.0f}% 的抽样平均损失 {money['loss']} 百万美元",
        }
    return {
        "en": f"{name['en']}: ${money['spent']} m spent now bring the mean of the worst {tail:.0f} % of draws from "
        f"${money['loss']} m to ${money['left']} m",
        "zh": f"{name['zh']}：现在投入 {money['spent']} 百万美元，最差 {tail:.0f}% 抽样的平均成本由 {money['loss']} "
        f"百万降至 {money['left']} 百万美元",
    }


def _millions(usd: float) -> str:
    value = usd / 1e6
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.1f}" if abs(value) >= 1 else f"{value:,.2f}"


def _figures(case: Case, played: Played) -> dict[str, float]:
    served = playing.service(case, played)
    return {
        "expected": playing.expected(case, played),
        "tail": playing.tail(case.chance, played.cost, case.company.risk.alpha),
        "mixed": playing.mixed(case, played),
        "service": float(case.chance @ served),
        "service_p05": float(np.quantile(served, 0.05)),
    }


def _parts(case: Case, played: Played) -> dict[str, float]:
    return {name: float(case.chance @ values) for name, values in played.parts.items()}


def _gap(promised: float, came: float) -> float:
    """Difference as a share of what was promised."""
    return (came - promised) / max(abs(promised), 1.0)


def _limits(found: Hedged) -> dict[str, Any]:
    limits, worth = found.limits, found.solved.worth
    storage = limits.storage if np.isfinite(limits.storage) else None
    told = {"cash": limits.cash, "storage": storage, "service": limits.service}
    return told | {"worth_of_cash": worth.get("cash", 0.0), "worth_of_storage": worth.get("storage", 0.0)}


def _rival(found: Hedged, name: str) -> dict[str, Any]:
    case = found.case
    plan, played = found.rivals[name]
    figures = _figures(case, played)
    mine = playing.mixed(case, found.played)
    return {
        "name": name, "outlay": plans.outlay(case, plan), **figures,
        "margin": figures["mixed"] - mine,
        "margin_expected": figures["expected"] - playing.expected(case, found.played),
        "wins": float(case.chance @ (found.played.cost <= played.cost + 1e-9)),
    }  # fmt: skip


def _regret(found: Hedged) -> dict[str, float]:
    """What the plan costs more than the best, in each draw, of all plans that were tried."""
    costs = [
        found.played.cost,
        *(one.cost for _, one in found.rivals.values()),
        *(one.played.cost for one in found.frontier),
    ]
    least = np.min(costs, axis=0)
    regret = found.played.cost - least
    none = found.rivals["none"][1].cost - least
    chance = found.case.chance
    return {
        "mean": float(chance @ regret), "p95": float(np.quantile(regret, 0.95)), "most": float(regret.max()),
        "of_nothing": float(chance @ none), "plans": float(len(costs)),
    }  # fmt: skip


def _arrivals(case: Case) -> list[dict[str, Any]]:
    """Share of the orders that arrives as today, by material, origin and month: 5 %, median, 95 %."""
    rows = []
    seen = set()
    for flow in case.flows:
        material = case.company.materials[flow.material]
        key = (material.id, flow.origin, case.regions[case.variants[flow.variant].product])
        if flow.kind != "regular" or key in seen:
            continue
        seen.add(key)
        points = np.quantile(flow.before, (0.05, 0.5, 0.95), axis=0)
        for month, period in enumerate(case.periods):
            low, mid, high = (float(one) for one in points[:, month])
            rows.append(
                {"material": key[0], "grade": material.grade or material.id, "origin": key[1], "region": key[2],
                 "period": period, "p05": low, "median": mid, "p95": high}
            )  # fmt: skip
    return rows


def _service(found: Hedged) -> list[dict[str, Any]]:
    """Share of the month's plan that is built, with the plan and without: 5 %, mean and 95 % over the draws."""
    case, none = found.case, found.rivals["none"][1]
    weight = case.loss[:, None] * case.plan
    total = np.maximum(weight.sum(axis=0), 1e-12)
    rows = []
    for month, period in enumerate(case.periods):
        row: dict[str, Any] = {"period": period}
        for name, one in (("plan", found.played), ("none", none)):
            share = (one.built[:, month] * case.loss).sum(axis=1) / total[month]
            low, high = (float(one) for one in np.quantile(share, (0.05, 0.95)))
            row |= {f"{name}_p05": low, f"{name}_mean": float(case.chance @ share), f"{name}_p95": high}
        rows.append(row)
    return rows
