"""Home to laying a plan over its scenario: orders as investments, promises as shares of orders, its stockpile."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np

from ytterby.decisions.invest.planning import Plan
from ytterby.run.chain.events import promising, slots
from ytterby.world.network import Network
from ytterby.world.scenarios import Event, Scenario

LEAST = 0.01
"""Promises below this share of orders are not worth a contract."""
HANDED = 30.0
"""Days in which a stockpile is handed out where all of it is lacked."""
STRENGTH: Mapping[str, object] = {
    "median": 0.8,
    "low": 0.4,
    "high": 1.0,
    "kind": "beta",
    "assumed": True,
    "why": "no plant, technology or people from China: as strong as the October package of 2025, back in full",
}


def bare(scenario: Scenario, region: str) -> Scenario:
    """The scenario without public money for plants of the region: what is decided takes its place."""
    kept = tuple(e for e in scenario.events if not (e.kind == "investment" and e.region == region))
    return scenario.model_copy(update={"events": kept, "levers": ()})


def without_equipment(scenario: Scenario, first: int) -> Scenario:
    """The scenario with China's equipment, technology and people kept from plants abroad from a year on."""
    control = {"name": "no-chinese-equipment", "kind": "tech_control", "value": STRENGTH}
    return _with(scenario, [_event(scenario, date(first, 1, 1), source="a choice to be tried", **control)])


def built(scenario: Scenario, plan: Plan) -> Scenario:
    """The scenario with the plan's orders, each spent evenly over its year."""
    orders = [
        _event(
            scenario,
            date(order.year, 1, 1),
            name=_named("plan", order.plant, order.year),
            until=date(order.year, 12, 31),
            kind="investment",
            region=order.region,
            facility=order.plant,
            value={"median": order.usd, "why": "the plan"},
            source="the plan",
        )
        for order in plan.orders
        if order.usd > 0
    ]
    return _with(scenario, orders)


def promised(scenario: Scenario, plan: Plan, network: Network, region: str, first: int) -> Scenario:
    """The scenario with buyers at home promising to order from plants at home what the plan has these make."""
    made = []
    for material, shares in plan.promises.items():
        for year, share in zip(plan.years, shares, strict=True):
            last = year == plan.years[-1]
            if year >= first and share >= LEAST:
                event = _event(
                    scenario,
                    date(year, 1, 1),
                    name=_named("promise", material, year),
                    until=None if last else date(year, 12, 31),
                    kind="offtake",
                    region=region,
                    material=material,
                    value={"median": min(share, 1.0), "why": "the plan"},
                    source="the plan",
                )
                if _sold(event, network):
                    made.append(event)
    return _with(scenario, made)


def stocked(scenario: Scenario, plan: Plan, network: Network, region: str, first: int, year: int) -> Scenario:
    """The scenario with the plan's stockpile bought, outside China, until a year begins, and then handed to the makers
    at home who lack it; what nobody outside China sells is not bought.
    """
    begin, end = date(first, 1, 1) if first < year else scenario.known + timedelta(days=1), date(year, 1, 1)
    made = []
    for material, tonnes in plan.pile.items() if begin < end else ():
        given = {"region": region, "material": material, "source": "the plan"}
        value = {"median": tonnes / (end - begin).days, "why": "the plan"}
        buy = {"kind": "stockpile_buy", "name": _named("buy", material, year), "zone": "XX", "value": value}
        bought = _event(scenario, begin, until=end - timedelta(days=1), **given, **buy)
        if slots(bought, network).any():
            value = {"median": tonnes / HANDED, "why": "the plan"}
            release = {"kind": "stockpile_release", "name": _named("release", material, year), "value": value}
            made += [bought, _event(scenario, end, **given, **release)]
    return _with(scenario, made)


def cut(scenario: Scenario, region: str, year: int) -> Scenario:
    """The scenario with nothing from China for the region from the first day of a year."""
    stop = {"name": "no-chinese-goods", "kind": "refuse_destination", "region": region, "value": 1.0}
    return _with(scenario, [_event(scenario, date(year, 1, 1), source="a choice to be tried", **stop)])


def _sold(event: Event, n: Network) -> bool:
    seller = n.out_slot_facility[n.link_out]
    home = n.facility_region[seller] == n.facility_region[n.in_slot_facility[n.link_in]]
    return bool((home & np.isfinite(n.capacity[seller]) & promising(event, n)[n.link_in]).any())


def _event(scenario: Scenario, day: date, **fields: object) -> Event:
    known = min(scenario.known, day)
    return Event.model_validate({"date": day, "known_from": known, **fields})


def _named(kind: str, what: str, year: int) -> str:
    plain = "".join(c if c.isalnum() and c.isascii() else "-" for c in what.lower())
    return f"{kind}-{plain}-{year}"


def _with(scenario: Scenario, events: list[Event]) -> Scenario:
    return scenario.model_copy(update={"events": (*scenario.events, *events)})
