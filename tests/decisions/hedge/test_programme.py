"""The programme: right where it can be done by hand, never dearer than a plain policy, honest in its promise."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

import numpy as np
import pytest
from smallbuyer import buyer, invented, two_products, weather

from ytterby.decisions.hedge import answer, orders, playing, rivals
from ytterby.decisions.hedge import case as cases
from ytterby.decisions.hedge import plan as plans
from ytterby.decisions.hedge.binding import binding, refused
from ytterby.decisions.hedge.case import Case
from ytterby.decisions.hedge.programme import Limits, Solved, limits_of, solve
from ytterby.decisions.hedge.solver import Infeasible
from ytterby.terms.errors import InputError
from ytterby.world.network import Network

FREE = Limits(1e9, np.inf, 0.0)


@pytest.fixture(scope="module")
def case(network: Network) -> Case:
    return invented(network, two_products(), draws=16)


@pytest.fixture(scope="module")
def solved(case: Case) -> Solved:
    return solve(case, limits_of(case))


def test_stock_for_a_lost_month_by_hand(network: Network) -> None:
    # February does not come and never will: 280 kg at 150 USD spare 280 units at 1,000
    one = cases.build(buyer(), weather(network, [[1, 0, 1, 1, 1, 1]]))
    found = solve(one, FREE)
    assert found.plan.bought[0] == pytest.approx(280.0)
    # what is lost is the premium on what is used instead of what was never delivered: 280 x 50
    assert found.objective == pytest.approx(280 * 50.0)
    assert playing.expected(one, playing.play(one, found.plan)) == pytest.approx(280 * 50.0)


def test_stock_that_costs_more_than_it_spares_is_not_bought(network: Network) -> None:
    # the month fails in one of ten draws, and what is left over is worth nothing: 150 against 0.1 x 1,100
    share = np.ones((10, 6))
    share[0, 1] = 0.0
    company = buyer(salvage=0.0, options={"stock": [{"id": "spot", "material": "uh", "premium": 0.5, "days": 0}]})
    one = cases.build(company, weather(network, share))
    assert solve(one, FREE).plan.bought == pytest.approx([0.0])
    # who fears the worst tenth alone buys until that draw is no worse than the others: 280,000 - 950 e = 150 e
    feared = dataclasses.replace(one, company=company.model_copy(update={"risk": company.risk.model_copy(
        update={"alpha": 0.9})}))  # fmt: skip
    assert solve(feared, FREE, weight=1.0).plan.bought[0] == pytest.approx(280_000 / 1_100)


def test_the_value_at_risk_counts_the_worst_alone(network: Network) -> None:
    share = np.ones((10, 6))
    share[:2, 1] = 0.0, 0.5
    one = cases.build(buyer(cash=0.0, risk={"alpha": 0.8, "weight": 1.0}), weather(network, share))
    found = solve(one, limits_of(one))
    # losses of 280 and 140 units, each with its own share of the worst fifth
    assert found.objective == pytest.approx((280 + 140) / 2 * 1000.0)


def test_promised_is_played_where_one_product_is_built(network: Network) -> None:
    one = invented(network, buyer(holding=0.1, salvage=0.6, cash=3e4), draws=24)
    found = solve(one, limits_of(one))
    assert playing.play(one, found.plan).cost == pytest.approx(found.cost, rel=1e-6, abs=1.0)


def test_promised_and_played_lie_within_a_tenth(case: Case, solved: Solved) -> None:
    played = playing.play(case, solved.plan, playing.best_rule(case, solved.plan))
    assert playing.mixed(case, played) >= solved.objective - 1e-6 * abs(solved.objective)
    assert playing.mixed(case, played) <= 1.1 * solved.objective


def test_the_dual_stands_at_the_primal(solved: Solved) -> None:
    assert solved.gap < 1e-3
    assert solved.dual == pytest.approx(solved.objective, rel=1e-6)
    assert solved.mip_gap <= 1e-3


def test_the_plan_keeps_its_limits_and_fills_every_need(case: Case, solved: Solved) -> None:
    plan, company = solved.plan, case.company
    assert plans.outlay(case, plan) <= company.cash * (1 + 1e-6)
    for row in range(len(case.variants)):
        for material in range(len(case.price)):
            for number, supplier in enumerate(company.materials[material].suppliers):
                at = [
                    k
                    for k, flow in enumerate(case.flows)
                    if (flow.variant, flow.material, flow.supplier) == (row, material, number)
                ]
                if at:
                    assert plan.flows[at].sum() == pytest.approx(supplier.share * plan.variants[row], abs=1e-6)
    for cap in case.caps:
        kg = sum(plan.flows[k] * case.ordered(case.flows[k])[case.flows[k].start :].max() for k in cap.flows)
        assert kg <= cap.most * (1 + 1e-6)
    for step, done in zip(case.steps, plan.steps, strict=True):
        used = [*plan.flows[list(step.flows)], *plan.variants[list(step.variants)]]
        assert done in (0.0, 1.0)
        assert max(used, default=0.0) <= done + 1e-6


def test_no_plain_policy_is_cheaper(case: Case, solved: Solved) -> None:
    for name, plan in rivals.plain(case, solved.plan, limits_of(case)).items():
        priced = solve(case, limits_of(case), held=plan)
        played = playing.mixed(case, playing.play(case, plan))
        # with foresight, and without: both are no better than the optimum
        assert solved.objective <= priced.objective * (1 + 1e-6), name
        assert priced.objective <= played * (1 + 1e-6), name


def test_more_cash_more_room_and_less_service_never_cost_more(case: Case) -> None:
    def cost(**changed: Any) -> float:
        return solve(case, dataclasses.replace(limits_of(case), **changed)).objective

    rich = [cost(cash=usd) for usd in (0.0, 5e3, 1e5)]
    assert all(after <= before * (1 + 1e-6) for before, after in itertools.pairwise(rich))
    roomy = [cost(storage=float(case.stock.sum()) + kg) for kg in (0.0, 1000.0)]
    assert all(after <= before * (1 + 1e-6) for before, after in itertools.pairwise(roomy))


def test_the_worth_of_cash_is_what_a_little_more_of_it_spares(case: Case) -> None:
    limits = dataclasses.replace(limits_of(case), cash=8e3)
    here, more = solve(case, limits), solve(case, dataclasses.replace(limits, cash=8e3 + 5.0))
    if np.array_equal(here.plan.steps, more.plan.steps):
        assert (here.objective - more.objective) / 5.0 == pytest.approx(here.worth["cash"], rel=0.05, abs=0.02)


def test_limits_that_cannot_be_kept_are_named_with_by_how_much(network: Network) -> None:
    # a third of the plan is lost without stock; 95 % take 280 kg less the 5 %
    one = cases.build(buyer(), weather(network, [[1, 0, 1, 1, 1, 1]]))
    limits = Limits(1000.0, 50.0, 0.95)
    with pytest.raises(Infeasible):
        solve(one, limits)
    found = binding(one, limits)
    assert set(found.together) >= {"cash", "storage"} or "service" in found.together
    assert found.alone["cash"] is None  # cash alone finds no room
    assert found.alone["storage"] is None
    units = 181 * 10  # January to June
    short = 280.0 - 0.05 * units
    assert found.alone["service"] == pytest.approx(0.95 - (units - 280 + 1000.0 / 150) / units, rel=1e-3)
    wide = dataclasses.replace(limits, storage=np.inf)
    assert binding(one, wide).alone["cash"] == pytest.approx(short * 150 - 1000.0, rel=1e-3)
    error = refused(one, wide, binding(one, wide))
    assert "cash 1,000 USD" in error.cause
    assert "service 95.00%" in error.cause
    assert "change cash to" in error.remedy
    cash = float(error.remedy.split("cash to ")[1].split(" USD")[0].replace(",", ""))
    assert solve(one, dataclasses.replace(wide, cash=cash)).plan.bought[0] == pytest.approx(short, rel=1e-3)


def test_the_answer_hangs_together(network: Network, case: Case) -> None:
    fresh = invented(network, two_products(), draws=16, seed=5)
    found = answer.hedge(case, limits_of(case), keep=6, points=1, fresh=fresh)
    said = answer.summary(found)
    assert said["solver"]["draws"] <= said["solver"]["of"] == 16
    assert {one["name"] for one in said["rivals"]} == set(rivals.NAMES)
    assert all(one["margin"] >= -1e-6 * abs(one["mixed"]) for one in said["rivals"])
    assert said["plan"]["expected"] == pytest.approx(sum(said["plan"]["parts"].values()))
    assert said["regret"]["mean"] >= 0.0
    assert [one["weight"] for one in said["frontier"]] == [case.company.risk.weight, 0.0, 1.0]
    assert len(said["service"]) == case.months
    assert set(answer.title(said)) == {"en", "zh"}
    for one in said["orders"]:
        dropped = orders.dropped(case, found.solved.plan, one["option"])
        assert one["option"] not in orders.taken(case, dropped)
        shares = [dropped.variants[k] for k, variant in enumerate(case.variants) if variant.product == 0]
        assert sum(shares) == pytest.approx(1.0)
    written = orders.as_csv(said["orders"]).splitlines()
    assert written[0].split(",") == list(orders.COLUMNS)
    assert len(written) == 1 + len(said["orders"])


def test_an_answer_is_refused_with_the_limits_that_bind(network: Network) -> None:
    one = cases.build(buyer(cash=10.0, service=0.99), weather(network, [[1, 0, 1, 1, 1, 1]]))
    with pytest.raises(InputError, match="no plan keeps these limits together"):
        answer.hedge(one, limits_of(one), points=0)
