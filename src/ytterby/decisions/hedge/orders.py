"""Home to the order list of a plan: what to do, how much, with whom, by when, at what cost, and what it spares."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ytterby.decisions.hedge import plan as plans
from ytterby.decisions.hedge import playing
from ytterby.decisions.hedge.case import Case, arriving
from ytterby.decisions.hedge.company import Contract, Design, Licence, Mix, Stock
from ytterby.decisions.hedge.plan import Plan

COLUMNS = (
    "kind", "option", "material", "grade", "kg", "share", "origin", "decide_by", "in_force", "cost_now_usd",
    "cost_later_usd", "spares_usd", "assumed", "why",
)  # fmt: skip
SMALL = 5e-4
"""Share of a need, or of a month's need, below which a line is dust of the solver."""


def listed(case: Case, plan: Plan, rule: str) -> list[dict[str, Any]]:
    """One row for each option that the plan takes, what spares most first.

    ``kg`` is bought, or ordered under the option over the plan; ``share`` of the need it fills; ``in_force`` the first
    day of the month from which it helps; ``spares_usd`` what the plan would cost more without it (mean and tail as the
    company weighs them; orders fall back to the supplier of today).
    """
    whole = playing.mixed(case, playing.play(case, plan, rule))
    rows = []
    for option in taken(case, plan):
        without = playing.mixed(case, playing.play(case, dropped(case, plan, option), rule))
        rows.append(_row(case, plan, option) | {"spares_usd": without - whole})
    return sorted(rows, key=lambda row: (-row["spares_usd"], row["option"]))


def taken(case: Case, plan: Plan) -> list[str]:
    """Options that the plan takes, in the order of the file."""
    found: dict[str, None] = {}
    month = plans.needs(case)
    for one, kg in zip(case.purchases, plan.bought, strict=True):
        if kg > SMALL * max(month[one.material], 1e-9):
            found[one.option] = None
    for flow, share in zip(case.flows, plan.flows, strict=True):
        if flow.option and share > SMALL:
            found[flow.option] = None
    for variant, share in zip(case.variants, plan.variants, strict=True):
        if variant.design and share > SMALL:
            found[variant.design] = None
    return list(found)


def dropped(case: Case, plan: Plan, option: str) -> Plan:
    """The plan without one option: what it filled falls back to the supplier, and the product, of today."""
    flows, bought, variants = plan.flows.copy(), plan.bought.copy(), plan.variants.copy()
    steps = np.array([0.0 if one.option == option else done for one, done in zip(case.steps, plan.steps, strict=True)])
    for at, one in enumerate(case.purchases):
        if one.option == option:
            bought[at] = 0.0
    regular = {(f.variant, f.material, f.supplier): at for at, f in enumerate(case.flows) if f.kind == "regular"}
    for at, flow in enumerate(case.flows):
        if flow.option == option and flows[at] > 0.0:
            flows[regular[flow.variant, flow.material, flow.supplier]] += flows[at]
            flows[at] = 0.0
    for row, variant in enumerate(case.variants):
        if variant.design == option and variants[row] > 0.0:
            base = next(k for k, one in enumerate(case.variants) if one.product == variant.product and not one.design)
            _grow(case, flows, base, float(variants[base]), float(variants[base] + variants[row]))
            variants[base] += variants[row]
            variants[row] = 0.0
            flows[[at for at, flow in enumerate(case.flows) if flow.variant == row]] = 0.0
    return Plan(flows, bought, variants, steps)


def _grow(case: Case, flows: Any, base: int, before: float, after: float) -> None:
    for at, flow in enumerate(case.flows):
        if flow.variant != base:
            continue
        if before > 0.0:
            flows[at] *= after / before
        elif flow.kind == "regular":
            flows[at] = after * case.company.materials[flow.material].suppliers[flow.supplier].share


def _row(case: Case, plan: Plan, option: str) -> dict[str, Any]:
    company = case.company
    told = {one.id: one for one in company.options.every()}.get(option)
    start = company.start
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    row |= {"option": option, "decide_by": start.isoformat(), "assumed": bool(told and told.assumed)}
    row["why"] = told.why if told else ""
    row |= {"kind": _kind(case, option, told), "cost_now_usd": 0.0, "cost_later_usd": 0.0}
    row["cost_now_usd"] += sum(
        one.cost * done for one, done in zip(case.steps, plan.steps, strict=True) if one.option == option
    )
    for one, kg in zip(case.purchases, plan.bought, strict=True):
        if one.option == option:
            material = company.materials[one.material]
            row |= {"material": material.id, "grade": material.grade or material.id, "kg": float(kg)}
            row |= {"origin": one.origin, "in_force": _day(case, max(0, one.months - 1))}
            row["share"] = float(kg / max(plans.needs(case)[one.material] * case.months, 1e-9))
            row["cost_now_usd"] += float(one.price * kg)
    _flowed(case, plan, option, row)
    for variant, share in zip(case.variants, plan.variants, strict=True):
        if variant.design == option:
            row |= {"material": company.products[variant.product].id, "share": float(share)}
            row |= {"in_force": _day(case, variant.start)}
            row["cost_later_usd"] += float(variant.extra.sum() * share)
    return row


def _flowed(case: Case, plan: Plan, option: str, row: dict[str, Any]) -> None:
    company = case.company
    kg, need, names = 0.0, 0.0, []
    for flow, share in zip(case.flows, plan.flows, strict=True):
        if flow.option != option:
            continue
        later = case.ordered(flow)[flow.start :].sum()
        kg += float(share * later)
        need += float(plan.variants[flow.variant] * later) * _supplied(case, flow)
        row["cost_now_usd"] += flow.fee * share
        _, after = arriving(case, flow)
        row["cost_later_usd"] += float(
            share * (case.chance @ (after * (flow.price_after - flow.price_before)).sum(axis=1))
        )
        row |= {"origin": flow.origin, "in_force": _day(case, flow.start)}
        if share > SMALL:
            names.append(company.materials[flow.material])
    if names:
        row |= {"kg": kg, "share": kg / need if need > 0 else 0.0}
        row["material"] = ", ".join(dict.fromkeys(one.id for one in names))
        row["grade"] = ", ".join(dict.fromkeys(one.grade or one.id for one in names))


def _supplied(case: Case, flow: Any) -> float:
    return float(case.company.materials[flow.material].suppliers[flow.supplier].share)


def _kind(case: Case, option: str, told: Stock | Contract | Licence | Design | Mix | None) -> str:
    if isinstance(told, Licence):
        return "early licence" if told.kind == "early" else "general licence"
    if isinstance(told, Contract):
        return "second source" if any(one.id == option for one in case.company.options.sources) else "contract"
    if isinstance(told, Design):
        return "design"
    return "mix" if isinstance(told, Mix) else "stock"


def _day(case: Case, month: int) -> str | None:
    if month >= case.months:
        return None
    return max(case.starts[month], case.company.start.isoformat()) if month == 0 else case.starts[month]


def as_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """The order list as CSV; numbers rounded to what can be ordered."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: _cell(row.get(key)) for key in COLUMNS})
    return out.getvalue()


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4f}" if abs(value) <= 1.0 else f"{value:.0f}"
    return value.isoformat() if isinstance(value, datetime.date) else value
