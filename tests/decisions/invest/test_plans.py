"""Plans: small cases worked out by hand, and what must hold of any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby import BadValue, UnknownName
from ytterby.decisions.invest import goals, leads
from ytterby.decisions.invest.ladder import ladder
from ytterby.decisions.invest.planning import Plan, plan
from ytterby.decisions.invest.programme import Plant, Programme, Recipe

CASES = {one["case"]: one for one in yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text("utf-8"))}
NEAR = 2e-6
"""A share is given up to 1e-6 so that the cheapest of the best plans can be found."""


def _programme(told: Mapping[str, Any]) -> Programme:
    plants = tuple(
        Plant(
            one["id"], one["stage"], "US", tuple(map(float, one["capacity"])), float(one.get("capex", "inf")),
            tuple(map(float, one.get("ready", [1]))), float(one.get("most", "inf")), float(one.get("least", 0)),
        )
        for one in told["plants"]
    )  # fmt: skip
    recipes = tuple(Recipe(**one) for one in told["recipes"])
    table = lambda name: {key: tuple(map(float, row)) for key, row in told.get(name, {}).items()}  # noqa: E731
    made = Programme(
        tuple(told["years"]), plants, recipes, table("needs"), {}, table("stock"), told.get("price", {}), "US"
    )
    return made.checked()


@pytest.mark.parametrize("case", CASES)
def test_small_cases_come_out_as_by_hand(case: str) -> None:
    told = CASES[case]
    p = _programme(told["programme"])
    wanted = [goals.read(text) for text in told.get("goals", [])]
    found = plan(p, wanted, float(told.get("budget", "inf")), told.get("year", 0))
    assert found.met == told.get("met", True)
    sizes: dict[str, float] = {}
    for order in found.orders:
        sizes[order.plant] = sizes.get(order.plant, 0.0) + order.size
    if "orders" in told:
        assert set(sizes) == set(told["orders"])
        for name, size in told["orders"].items():
            assert sizes[name] == pytest.approx(size, rel=1e-5)
    if "cost" in told:
        assert found.cost == pytest.approx(told["cost"], rel=1e-5)
    for year, share in told.get("share", {}).items():
        assert found.share[p.at(year)] == pytest.approx(share, abs=NEAR)
    for name, rows in told.get("surplus", {}).items():
        for year, tonnes in rows.items():
            assert found.surplus[name][p.at(year)] == pytest.approx(tonnes, rel=1e-6)
    if "binds" in told:
        assert found.binds[0].name == told["binds"]
    assert found.gap <= 1e-9


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    """A chain of three stages with any capacities, prices, leads and yields, and two wants."""
    size = st.floats(0.0, 100.0)
    years = (2026, 2027, 2028)
    row = lambda: tuple(draw(size) for _ in years)  # noqa: E731
    ready = lambda: (0.0, draw(st.floats(0.1, 0.9)), 1.0)  # noqa: E731
    plants = (
        Plant("mine", "mine", "AU", row(), draw(st.floats(1e3, 1e5)), ready(), draw(size)),
        Plant("sep", "separation", "US", row(), draw(st.floats(1e3, 1e5)), ready()),
        Plant("mag", "magnet", "US", row(), draw(st.floats(1e3, 1e5)), ready(), yields=(0.9, 0.95, 1.0)),
    )
    light, heavy = draw(st.floats(0.05, 0.5)), draw(st.floats(0.0, 0.01))
    recipes = (
        Recipe("mine", "mine", 1.0, {}, {"conc": 1.0}),
        Recipe("sep", "sep", light, {"conc": 1.0}, {"light": light, "heavy": heavy}),
        Recipe("N", "mag", 1.0, {"light": 0.3}, {"magnet.N": 1.0}),
        Recipe("UH", "mag", 1.1, {"light": 0.3, "heavy": 0.02}, {"magnet.UH": 1.0}),
    )
    needs = {"magnet.N": tuple(v + 1.0 for v in row()), "magnet.UH": row()}
    stock = {name: row() for name in needs}
    return Programme(years, plants, recipes, needs, {}, stock, dict.fromkeys(needs, 5e4), "US").checked()


@settings(max_examples=40, deadline=None)
@given(p=programmes(), budget=st.floats(0.0, 1e7))
def test_money_is_kept_within_and_more_of_it_never_harms(p: Programme, budget: float) -> None:
    found, more = plan(p, (), budget, 2028), plan(p, (), 2.0 * budget, 2028)
    assert found.cost <= budget * (1 + 1e-6) + 1e-3
    assert more.share[2] >= found.share[2] - NEAR
    assert all(-1e-9 <= share <= 1 + 1e-6 for share in found.share)
    assert found.gap <= 1e-7
    # nothing runs before it can: the share of the first year owes nothing to what is ordered then
    idle = plan(p, (), 0.0, 2028)
    assert idle.orders == ()
    assert idle.share[0] == pytest.approx(found.share[0], abs=NEAR)


@settings(max_examples=30, deadline=None)
@given(p=programmes(), part=st.floats(0.05, 0.95))
def test_what_a_goal_costs_buys_the_goal_and_no_less_does(p: Programme, part: float) -> None:
    most = plan(p, (), 1e12, 2028).share[2]
    goal = goals.Goal(2028, "share", part * most)
    found = plan(p, (goal,))
    assert found.met
    assert found.share[2] >= goal.value - NEAR
    if found.cost > 1e4:
        assert not plan(p, (goal,), 0.98 * found.cost).met
    beyond = plan(p, (goals.Goal(2028, "share", min(most + 0.01, 1.0)),))
    assert beyond.met == (most + 0.01 <= 1.0 and beyond.share[2] >= most + 0.01 - NEAR) or most > 0.99


@settings(max_examples=30, deadline=None)
@given(p=programmes(), budget=st.floats(1e5, 1e7))
def test_what_hangs_on_the_stages_is_no_more_than_the_share(p: Programme, budget: float) -> None:
    found = plan(p, (), budget, 2028)
    assert all(part >= -1e-9 for part in found.stages.values())
    assert sum(found.stages.values()) <= found.share[2] + 1e-5


@settings(max_examples=25, deadline=None)
@given(p=programmes(), days=st.floats(1.0, 400.0))
def test_days_are_those_that_every_want_lasts(p: Programme, days: float) -> None:
    found = plan(p, (goals.Goal(2027, "days", days),))
    assert found.met
    assert found.days[1] >= days - 1e-3
    for want, need in p.needs.items():
        short = need[1] * (1.0 - found.by_want[want][1])
        held = p.held(want, 2027) + found.pile.get(want, 0.0)
        assert held * 365.25 >= days * short - 1e-2


def test_the_ladder_climbs_and_names_the_narrow_stage() -> None:
    p = _programme(CASES["one stage short"]["programme"])
    rungs = ladder(p, 2028, 4.8e6)
    assert [rung.share for rung in rungs] == sorted(rung.share for rung in rungs)
    assert sum(rung.gained for rung in rungs) == pytest.approx(rungs[-1].share - rungs[0].share)
    assert rungs[0].bottleneck == "magnet"
    for rung, before in zip(rungs[1:], rungs, strict=False):
        assert sum(rung.spent.values()) == pytest.approx(rung.budget - before.budget, rel=1e-3)
    # where ore is dear and scarce it is the mine
    scarce = replace(p.plants[0], capacity=(30.0, 30.0, 30.0))
    assert ladder(replace(p, plants=(scarce, *p.plants[1:])), 2028, 4.8e6)[-1].bottleneck == "mine"


@pytest.mark.parametrize("slow", [1.0, 0.5])
@pytest.mark.parametrize("build_days", [300.0, 900.0])
def test_an_order_runs_when_the_run_lets_it(build_days: float, slow: float) -> None:
    """The closed form against the run's own chain of stages, by small steps."""
    dt, stages, added, held = 0.5, [0.0, 0.0, 0.0], 0.0, []
    for step in range(int(6 * 365.25 / dt)):
        moving = dt / 365.25 if step * dt < 365.25 else 0.0
        for k in range(3):
            inside = stages[k] + moving
            moving = inside * dt / (dt + build_days / 3.0) * slow
            stages[k] = inside - moving
        added += moving
        held.append(added)
    yearly = np.array(held)[: 6 * 730].reshape(6, -1).mean(axis=1)
    np.testing.assert_allclose(leads.ready(build_days, 6, slow), yearly, atol=3e-3)
    assert leads.ready(0.0, 3) == pytest.approx((0.5, 1.0, 1.0))


FAULTS = {
    "no goal": (lambda: goals.read("soon"), BadValue, "no goal"),
    "a word that is no number": (lambda: goals.read("share=e@2030"), BadValue, "no share"),
    "a share above one": (lambda: goals.read("share=40@2030"), BadValue, "no share"),
    "another kind": (lambda: goals.read("part=0.4@2030"), UnknownName, "part"),
    "two at once": (
        lambda: goals.together([goals.read("share=0.4@2030"), goals.read("share=0.5@2030")]),
        BadValue,
        "exclude each other",
    ),
    "nothing asked": (lambda: plan(_small()), BadValue, "neither goal nor budget"),
    "a negative budget": (lambda: plan(_small(), (), -1.0), BadValue, "budget"),
    "a year too far": (lambda: plan(_small(), [goals.read("share=0.4@2040")]), BadValue, "2040"),
    "nothing wanted": (lambda: plan(replace(_small(), needs={"magnet": (0.0,) * 3}), (), 1.0), BadValue, "wanted"),
    "a plant that is not there": (
        lambda: replace(_small(), recipes=(Recipe("x", "magg", 1.0, {}, {"magnet": 1.0}),)).checked(),
        UnknownName,
        "magg",
    ),
    "too few years": (lambda: replace(_small(), needs={"magnet": (1.0,)}).checked(), BadValue, "1 values for 3 years"),
    "a negative capacity": (
        lambda: replace(_small(), plants=(Plant("mag", "magnet", "US", (1.0, -1.0, 1.0)),), recipes=()).checked(),
        BadValue,
        "negative",
    ),
}


def _small() -> Programme:
    return _programme(CASES["one stage short"]["programme"])


@pytest.mark.parametrize("fault", FAULTS)
def test_nice_errors(fault: str) -> None:
    do, kind, said = FAULTS[fault]
    with pytest.raises(kind, match=said) as caught:
        do()
    assert caught.value.place
    assert caught.value.remedy


def test_a_missing_solver_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "highspy", None)
    with pytest.raises(Exception, match="HiGHS") as caught:
        plan(_small(), (), 1e6)
    assert "ytterby[decisions]" in str(getattr(caught.value, "remedy", ""))


def test_goals_are_read_as_people_write_them() -> None:
    assert goals.read("share=40%@2030") == goals.read(" share = 0.4 @ 2030 ") == goals.Goal(2030, "share", 0.4)
    assert str(goals.read("days=180@2028")) == "days=180@2028"
    assert isinstance(plan(_small(), [goals.read("share=0.5@2028")]), Plan)
