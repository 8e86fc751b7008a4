"""What a fleet asks for, by how long its products serve; and the chain's Erlang life beside the cohort models."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from toy import toy

from ytterby.run.base import Grid
from ytterby.run.chain import paths, use
from ytterby.run.chain.state import USE_STAGES, State
from ytterby.run.chain.structure import Structure
from ytterby.world.scenarios import Demand, Scenario
from ytterby.world.stocks import END, Erlang, Normal, Weibull, inflow_driven

YEARS = np.arange(2025, 2051)


def fleet(lifetime: str, growth: float, life: float = 8.0, **more: object) -> Demand:
    path = {int(y): {"median": float(1e4 * np.exp(growth * (y - 2025)))} for y in YEARS}
    told = {"product": "robot", "kind": "fleet", "lifetime_years": life, "lifetime": lifetime, "path": path, **more}
    return Demand.model_validate(told)


def asked(path: Demand, weeks: int = 52 * 20) -> tuple[np.ndarray, np.ndarray]:
    """Middles of the weeks, and units a year asked for."""
    when = paths._years(Grid(date(2025, 1, 1), weeks, 7.0))
    levels = np.array([[path.path[y].median] for y in sorted(path.path)])
    return when, paths._shipments(path, np.array(sorted(path.path), float), levels, when)[:, 0]


@pytest.mark.parametrize("growth", [-0.02, 0.0, 0.05, 0.4])
def test_an_exponential_life_asks_for_growth_and_fleet_over_life(growth: float) -> None:
    """The closed form: retirements are the stock over the mean life, whatever its ages."""
    when, found = asked(fleet("exponential", growth))
    expected = 1e4 * np.exp(growth * (when - 2025)) * (growth + 1 / 8.0)
    np.testing.assert_allclose(found, expected, rtol=5e-3)


@pytest.mark.parametrize("growth", [0.0, 0.05, 0.4])
def test_an_erlang_life_asks_for_what_its_stages_pass_on(growth: float) -> None:
    z = 1.0 + growth * 8.0 / USE_STAGES
    share = z**-USE_STAGES / sum(8.0 / USE_STAGES * z ** -(j + 1) for j in range(USE_STAGES))
    when, found = asked(fleet("erlang", growth))
    np.testing.assert_allclose(found, 1e4 * np.exp(growth * (when - 2025)) * (growth + share), rtol=1e-2)


@pytest.mark.parametrize("lifetime", ["erlang", "weibull", "normal", "lognormal", "fixed", "exponential"])
def test_a_constant_fleet_is_replaced_once_a_life(lifetime: str) -> None:
    found = asked(fleet(lifetime, 0.0))[1]
    np.testing.assert_allclose(found, 1e4 / 8.0, rtol=2e-2)


def test_a_growing_fleet_is_young_and_asks_for_less() -> None:
    at = {name: asked(fleet(name, 0.35))[1][520] for name in ("exponential", "erlang", "weibull", "normal")}
    assert at["exponential"] > at["erlang"] > at["normal"] > at["weibull"] > 0.75 * at["exponential"]
    assert at["exponential"] / at["erlang"] == pytest.approx(1.17, abs=0.005)
    assert at["exponential"] / at["weibull"] == pytest.approx(1.23, abs=0.005)


def test_a_fleet_that_falls_faster_than_it_wears_out_asks_for_nothing() -> None:
    path = {2025: {"median": 1e4}, 2030: {"median": 1e4}, 2032: {"median": 2e3}}
    told = {"product": "robot", "kind": "fleet", "lifetime_years": 8.0, "path": path}
    when, found = asked(Demand.model_validate(told), 52 * 7)
    assert found.min() == 0.0
    assert np.all(found[(when > 2030.1) & (when < 2031.9)] == 0.0)
    np.testing.assert_allclose(found[when < 2029.9], 1e4 / 8.0, rtol=1e-2)


def test_the_default_life_is_the_chains() -> None:
    assert Demand.model_fields["lifetime"].default == "erlang"
    assert USE_STAGES == 3


def test_a_short_run_and_a_later_start_are_fine() -> None:
    when = np.array([2031.3])
    path = fleet("erlang", 0.1)
    levels = np.array([[path.path[y].median] for y in sorted(path.path)])
    one = paths._shipments(path, np.array(sorted(path.path), float), levels, when)[0, 0]
    many = np.interp(2031.3, *asked(path))
    assert one == pytest.approx(many, rel=1e-2)


# scrap: what a step carries beside what a cohort model would


def scrapped(life_days: float, built: np.ndarray, days: float) -> np.ndarray:
    """What the chain's own step retires of what is built each step, terminal 0 of the toy given that life."""
    network = toy()
    network = replace(network, terminal_life_days=np.full_like(network.terminal_life_days, life_days))
    structure = Structure.of(network)
    terminals = len(network.terminal_activity)
    in_use, out = jnp.zeros((USE_STAGES, terminals, 1)), []
    for amount in built:
        state = object.__new__(State)  # as much of a state as products in use have
        object.__setattr__(state, "in_use", in_use)
        served = use.serve(structure, state, jnp.full((terminals, 1), amount), days)
        in_use = served.in_use
        out.append(float(served.retired[0, 0]))
    return np.array(out)


def test_the_chains_life_is_the_erlang_cohort_model() -> None:
    """The step's implicit stages converge to the cohorts' gamma distribution as the step shortens, at first order."""
    with jax.enable_x64(True):
        off = []
        for days in (28.0, 14.0, 7.0):
            steps = int(8 * 365.25 / days)
            grown = np.exp(0.15 * np.arange(steps) * days / 365.25)
            here = scrapped(5 * 365.25, grown, days)
            t = (np.arange(steps) + 0.5) * days / 365.25
            cohort = inflow_driven(grown[:, None] / (days / 365.25), Erlang(5.0, USE_STAGES), years=t, entry=END)
            there = cohort.outflow[:, 0] * days / 365.25
            off.append(np.abs(np.cumsum(here) - np.cumsum(there)).max() / there.sum())
    assert off[2] < 0.01
    assert 1.6 < off[0] / off[1] < 2.4
    assert 1.6 < off[1] / off[2] < 2.4


def test_how_far_erlang_scrap_lies_from_narrower_lives() -> None:
    """The shape of a life matters to scrap within a life of the start, and hardly in a steady or settled state."""
    years = np.arange(0.0, 30.0, 0.1)
    inflow = np.exp(0.05 * years)[:, None]
    lives = {"erlang": Erlang(8.0, 3), "weibull": Weibull.of(8.0, 2.8), "normal": Normal(8.0, 2.8)}
    out = {name: inflow_driven(inflow, life, years=years).outflow[:, 0] for name, life in lives.items()}
    early, late = np.searchsorted(years, [3.0, 29.0])
    assert out["erlang"][early] > 1.5 * out["weibull"][early]
    for name in ("weibull", "normal"):
        assert out[name][late] == pytest.approx(out["erlang"][late], rel=0.06)


def test_shipped_robots_are_a_fleet_of_erlang_lives() -> None:
    from ytterby.world import scenarios

    shipped: Scenario = scenarios.load("robots-2050")
    assert [(path.kind, path.lifetime) for path in shipped.demand] == [("fleet", "erlang")]
