"""The buyer without foresight: nothing is made of nothing, the parts are the whole, and a calm year costs nothing."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from smallbuyer import buyer, invented, two_products, weather

from ytterby.decisions.hedge import case as cases
from ytterby.decisions.hedge import plan as plans
from ytterby.decisions.hedge import playing
from ytterby.decisions.hedge.case import Case
from ytterby.decisions.hedge.plan import Plan
from ytterby.terms.errors import UnknownName
from ytterby.world.network import Network


def some_plan(case: Case, seed: int) -> Plan:
    """A plan that shares every need out at random, and does everything."""
    rng = np.random.default_rng(seed)
    variants = np.zeros(len(case.variants))
    for product in range(len(case.plan)):
        rows = [k for k, one in enumerate(case.variants) if one.product == product]
        variants[rows] = rng.dirichlet(np.ones(len(rows)))
    flows = np.zeros(len(case.flows))
    for row in range(len(case.variants)):
        for material in range(len(case.price)):
            for number, supplier in enumerate(case.company.materials[material].suppliers):
                at = [
                    k
                    for k, flow in enumerate(case.flows)
                    if (flow.variant, flow.material, flow.supplier) == (row, material, number)
                ]
                if at:
                    flows[at] = rng.dirichlet(np.ones(len(at))) * supplier.share * variants[row]
    return Plan(flows, rng.uniform(0, 200, len(case.purchases)), variants, np.ones(len(case.steps)))


@given(st.integers(0, 10_000))
@settings(max_examples=8)
def test_what_comes_in_is_what_is_used_and_what_lies(seed: int) -> None:
    from toy import toy

    case = invented(toy(), two_products(), seed=seed)
    plan = some_plan(case, seed)
    for rule in playing.RULES:
        found = playing.play(case, plan, rule)
        before = np.concatenate([np.broadcast_to(case.stock, found.stock[:, :1].shape), found.stock[:, :-1]], axis=1)
        assert found.stock == pytest.approx(before + found.arrived - found.used, abs=1e-6)
        assert found.stock.min() >= 0.0
        assert np.all(found.built <= case.plan.T[None] + 1e-6)
        assert found.cost == pytest.approx(sum(found.parts.values()))


@given(st.integers(0, 10_000))
@settings(max_examples=8)
def test_the_queues_that_are_walked_are_those_that_are_solved(seed: int) -> None:
    from toy import toy

    case = invented(toy(), two_products(), seed=seed)
    plan = some_plan(case, seed)
    arrived = np.zeros((case.draws, case.months, len(case.price)))
    for flow, share in zip(case.flows, plan.flows, strict=True):
        arrived[:, :, flow.material] += share * np.sum(cases.arriving(case, flow), axis=0)
    for one, kg in zip(case.purchases, plan.bought, strict=True):
        arrived[:, :, one.material] += kg * cases.bought(case, one)
    assert playing.play(case, plan).arrived == pytest.approx(arrived, abs=1e-6)


def test_orders_never_bring_more_than_was_ordered(network: Network) -> None:
    case = invented(network, two_products())
    for flow in case.flows:
        came = np.cumsum(np.sum(cases.arriving(case, flow), axis=0), axis=1)
        assert np.all(came <= np.cumsum(case.ordered(flow)) + 1e-6)


def test_a_calm_year_costs_nothing(network: Network) -> None:
    company = buyer(holding=0.2)
    case = cases.build(company, weather(network, np.ones((3, 6))))
    found = playing.play(case, plans.nothing(case))
    assert found.cost == pytest.approx(np.zeros(3), abs=1e-6)
    assert playing.service(case, found) == pytest.approx(np.ones(3))


def test_a_month_without_deliveries_costs_its_margin(network: Network) -> None:
    case = cases.build(buyer(), weather(network, [[1, 0, 1, 1, 1, 1], [1, 0, 2, 1, 1, 1]]))
    found = playing.play(case, plans.nothing(case))
    # in the first draw the month is lost for good; in the second what waited comes a month late, too late to build
    february = 28 * 10 * 1000.0
    assert found.parts["lost"] == pytest.approx([february, february])
    assert found.stock[:, -1, 0] == pytest.approx([0.0, 28 * 10 * 1.0])


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=30), st.floats(0, 0.99))
def test_the_tail_is_the_least_of_rockafellar_and_uryasevs_function(costs: list[float], alpha: float) -> None:
    cost = np.array(costs)
    chance = np.full(len(cost), 1 / len(cost))
    # the minimum of a convex piecewise linear function lies at one of its kinks
    least = min(v + float(chance @ np.maximum(cost - v, 0.0)) / (1 - alpha) for v in cost)
    assert playing.tail(chance, cost, alpha) == pytest.approx(least, abs=1e-6)


def test_a_rule_nobody_knows_is_told(network: Network) -> None:
    case = invented(network, two_products())
    with pytest.raises(UnknownName, match="rule of building"):
        playing.play(case, plans.nothing(case), "dolar")


def test_the_best_rule_is_no_worse_than_the_others(network: Network) -> None:
    case = invented(network, two_products(), draws=20)
    plan = plans.nothing(case)
    best = playing.mixed(case, playing.play(case, plan, playing.best_rule(case, plan)))
    assert best <= min(playing.mixed(case, playing.play(case, plan, rule)) for rule in playing.RULES) + 1e-9


def test_chances_weigh(network: Network) -> None:
    case = invented(network, two_products(), draws=6)
    twice = case.taken(np.repeat(np.arange(6), 2), np.repeat(case.chance / 2, 2))
    one, other = (playing.play(each, plans.nothing(each)) for each in (case, twice))
    assert playing.mixed(case, one) == pytest.approx(playing.mixed(twice, other))
    assert dataclasses.replace(case, chance=case.chance).draws == 6
