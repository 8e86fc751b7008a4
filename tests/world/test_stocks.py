"""Cohort models: a second implementation written loop by loop, closed forms, conservation, and wild input."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from ytterby.terms.errors import BadValue
from ytterby.world import stocks
from ytterby.world.stocks import END, MIDDLE, START, Entry, Lifetime, inflow_driven, stock_driven, through

SHAPE = (3, 4)
PERIODS = 30
RNG = np.random.default_rng(5)
MEAN = RNG.uniform(6.0, 20.0, SHAPE)

FAMILY: dict[str, tuple[Lifetime, Any]] = {
    "fixed": (stocks.Fixed(MEAN), None),
    "normal": (stocks.Normal(MEAN, 0.3 * MEAN), scipy.stats.norm(MEAN, 0.3 * MEAN)),
    "folded": (stocks.Folded(MEAN, 0.8 * MEAN), scipy.stats.foldnorm(1 / 0.8, 0.0, 0.8 * MEAN)),
    "lognormal": (
        stocks.Lognormal(MEAN, 0.4 * MEAN),
        scipy.stats.lognorm(np.sqrt(np.log(1.16)), 0.0, MEAN / np.sqrt(1.16)),
    ),
    "weibull": (stocks.Weibull(MEAN, 2.3), scipy.stats.weibull_min(2.3, 0.0, MEAN)),
    "exponential": (stocks.Exponential(MEAN), scipy.stats.expon(0.0, MEAN)),
    "erlang": (stocks.Erlang(MEAN, 3), scipy.stats.gamma(3, 0.0, MEAN / 3)),
}
ENTRIES = {"start": START, "middle": MIDDLE, "end": END, "through": through(4)}


def slow(driven: str, told: np.ndarray, lifetime: Lifetime, bounds: np.ndarray, entry: Entry) -> np.ndarray:
    """Stock, inflow and outflow with the whole (period, cohort) table, one series and one number at a time."""
    periods = len(told)
    out = np.zeros((3, *told.shape))
    for at in np.ndindex(*told.shape[1:]):
        table = np.zeros((periods, periods))
        for c in range(periods):
            for t in range(c, periods):
                for point, weight in zip(entry.points, entry.weights, strict=True):
                    age = bounds[t + 1] - (point * bounds[c + 1] + (1 - point) * bounds[c])
                    here = lifetime.cohort(c).survival(np.array(age))
                    table[t, c] += weight * np.broadcast_to(here, told.shape[1:])[at]
        length = np.diff(bounds)
        entered = told[(slice(None), *at)] * length if driven == "inflow" else np.zeros(periods)
        if driven == "stock":
            for t in range(periods):
                older = sum(table[t, c] * entered[c] for c in range(t))
                entered[t] = (told[(t, *at)] - older) / table[t, t]
        stock = table @ entered
        gone = np.array([sum((table[t - 1, c] - table[t, c]) * entered[c] for c in range(t)) for t in range(periods)])
        gone += (1 - np.diagonal(table)) * entered
        out[0][(slice(None), *at)] = stock
        out[1][(slice(None), *at)] = entered / length
        out[2][(slice(None), *at)] = gone / length
    return out


def close(found: stocks.Cohorts, expected: np.ndarray, tolerance: float = 1e-11) -> None:
    for what, there in zip((found.stock, found.inflow, found.outflow), expected, strict=True):
        np.testing.assert_allclose(what, there, rtol=0, atol=tolerance * np.abs(there).max())


@pytest.mark.parametrize("name", FAMILY)
def test_survivals_are_those_of_the_distributions(name: str) -> None:
    lifetime, known = FAMILY[name]
    age = np.array([0.0, 0.1, 1.0, 5.0, 11.0, 30.0, 90.0])[:, None, None]
    here = lifetime.survival(age)
    if known is None:
        np.testing.assert_array_equal(here, age < MEAN)
        return
    np.testing.assert_allclose(here, known.sf(age), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(lifetime.mean(), known.mean(), rtol=1e-9)
    if name != "normal":
        area = quad(lambda a: float(lifetime.survival(np.array(a))[0, 0]), 0.0, 400.0, limit=200)[0]
        assert area == pytest.approx(float(lifetime.mean()[0, 0]), rel=1e-6)


@pytest.mark.parametrize("entry", ENTRIES)
@pytest.mark.parametrize("driven", ["stock", "inflow"])
@pytest.mark.parametrize("name", FAMILY)
def test_a_second_implementation_agrees(name: str, driven: str, entry: str) -> None:
    lifetime = FAMILY[name][0]
    told = RNG.uniform(0.5, 1.5, (12, *SHAPE))
    told = np.cumsum(told, axis=0) if driven == "stock" else told
    solve = stock_driven if driven == "stock" else inflow_driven
    close(solve(told, lifetime, entry=ENTRIES[entry]), slow(driven, told, lifetime, np.arange(13.0), ENTRIES[entry]))


@pytest.mark.parametrize("driven", ["stock", "inflow"])
def test_it_agrees_on_uneven_years_and_lifetimes_by_cohort(driven: str) -> None:
    years = np.array([2000, 2001, 2003, 2004, 2008, 2010, 2011, 2015])
    told = np.cumsum(RNG.uniform(0.5, 1.5, (8, *SHAPE)), axis=0)
    mean = RNG.uniform(6.0, 20.0, (8, *SHAPE))
    lifetime = stocks.Weibull(mean, 2.0, by_cohort=True)
    solve = stock_driven if driven == "stock" else inflow_driven
    found = solve(told, lifetime, years=years, entry=through(5))
    assert found.lengths[1] == pytest.approx(1.5)
    close(found, slow(driven, told, lifetime, found.bounds, through(5)))


@given(
    st.integers(1, 25),
    st.integers(1, 600),
    st.sampled_from(sorted(FAMILY)),
    st.sampled_from(sorted(ENTRIES)),
    st.integers(0, 2**32 - 1),
)
def test_there_and_back(periods: int, width: int, name: str, entry: str, seed: int) -> None:
    """Inflow to stock to the same inflow; nothing made of nothing; the table by cohort adds up to the totals."""
    rng = np.random.default_rng(seed)
    mean = rng.uniform(4.0, 30.0, width)
    kinds = {"fixed": (mean,), "exponential": (mean,), "erlang": (mean, 3), "weibull": (mean, 2.0)}
    lifetime = type(FAMILY[name][0])(*kinds.get(name, (mean, 0.3 * mean)))  # type: ignore[call-arg]
    inflow = rng.uniform(0.0, 2.0, (periods, width))
    built = inflow_driven(inflow, lifetime, entry=ENTRIES[entry])
    back = stock_driven(built.stock, lifetime, entry=ENTRIES[entry])
    np.testing.assert_allclose(back.inflow, inflow, atol=1e-8)
    change = np.diff(built.stock, axis=0, prepend=0.0)
    np.testing.assert_allclose(built.inflow - built.outflow, change, atol=1e-12 * max(1.0, float(built.stock.max())))
    assert built.outflow.min() > -1e-9
    if width <= 40:
        np.testing.assert_allclose(built.stock_by_cohort().sum(axis=1), built.stock, atol=1e-9)
        np.testing.assert_allclose(built.outflow_by_cohort().sum(axis=1), built.outflow, atol=1e-9)


def test_a_constant_stock_of_exponential_life_is_replaced_at_its_hazard() -> None:
    found = stock_driven(np.full((40, 1), 10.0), stocks.Exponential(5.0), entry=START)
    # s(1) x = 10 (1 - s(1)): what wore out of the stock, and of the replacement itself, within the year
    np.testing.assert_allclose(found.inflow[1:], 10.0 * np.expm1(0.2))
    assert found.kept is None


def test_when_within_its_year_an_inflow_enters_matters() -> None:
    grown = 1.05 ** np.arange(40.0)[:, None]
    asked = {entry: stock_driven(grown, stocks.Normal(6.0, 2.0), entry=entry).inflow.sum() for entry in (START, END)}
    assert asked[START] / asked[END] == pytest.approx(1.15, abs=0.005)


def test_a_steady_inflow_fills_up_to_inflow_times_life() -> None:
    for name in ("weibull", "lognormal", "erlang", "folded"):
        lifetime = FAMILY[name][0]
        built = inflow_driven(np.ones((400, *SHAPE)), lifetime, entry=through(8))
        np.testing.assert_allclose(built.stock[-1], lifetime.mean(), rtol=1e-4, err_msg=name)


def test_a_growing_fleet_is_young() -> None:
    """Under growth g, retirements of an Erlang life are fleet * (hazard under growth), far below fleet / life.

    With m = life / k and z = 1 + g m, the stock of a unit inflow e^(gt) is sum over stages m z^-j and what leaves z^-k.
    """
    life, stages, growth = 8.0, 3, 0.3
    days = np.arange(0.0, 80.0, 0.02)
    fleet = np.exp(growth * days)[:, None]
    found = stock_driven(fleet, stocks.Erlang(life, stages), years=days)
    z = 1.0 + growth * life / stages
    share = z**-stages / sum(life / stages * z ** -(j + 1) for j in range(stages))
    np.testing.assert_allclose(found.outflow[-1] / found.stock[-1], share, rtol=1e-2)
    assert share < 0.5 / life


def test_early_scrapping_keeps_inflows_and_balances() -> None:
    levels = np.concatenate([np.linspace(1.0, 20.0, 15), np.linspace(18.0, 2.0, 6), np.full(10, 2.0)])
    told = np.stack([levels, np.linspace(1.0, 9.0, 31)], axis=1)
    lifetime = stocks.Weibull.of(12.0, 4.0)
    plain = stock_driven(told, lifetime)
    early = stock_driven(told, lifetime, early=True)
    assert plain.inflow.min() < 0.0 <= early.inflow.min()
    np.testing.assert_array_equal(early.inflow[:, 1], plain.inflow[:, 1])
    assert early.kept is not None
    table = early.stock_by_cohort()
    np.testing.assert_allclose(table.sum(axis=1), told, atol=1e-9)
    assert table.min() >= 0.0
    np.testing.assert_allclose(early.outflow_by_cohort().sum(axis=1), early.outflow, atol=1e-9)
    gone = stock_driven([5.0, 3.0, 0.0, 0.0, 4.0], lifetime, early=True)
    np.testing.assert_allclose(gone.stock_by_cohort().sum(axis=1), [5.0, 3.0, 0.0, 0.0, 4.0])


def test_conventions_differ_as_they_must() -> None:
    told = np.cumsum(np.ones((PERIODS, 1)), axis=0)
    lifetime = stocks.Normal(6.0, 2.0)
    asked = {name: stock_driven(told, lifetime, entry=entry).inflow[-1, 0] for name, entry in ENTRIES.items()}
    assert asked["start"] > asked["middle"] > asked["end"]
    assert asked["through"] == pytest.approx(asked["middle"], rel=2e-3)
    assert asked["start"] / asked["end"] > 1.03


def test_quadrature_points_are_lobattos() -> None:
    np.testing.assert_allclose(through(3).weights, [1 / 6, 4 / 6, 1 / 6])
    for points in range(2, 11):
        made = through(points)
        for degree in range(2 * points - 2):
            area = sum(w * x**degree for x, w in zip(made.points, made.weights, strict=True))
            assert area == pytest.approx(1.0 / (degree + 1), rel=1e-12)


def test_weibull_of_mean_and_spread() -> None:
    made = stocks.Weibull.of([8.0, 20.0], [2.0, 30.0])
    known = scipy.stats.weibull_min(made.shape, 0.0, made.scale)
    np.testing.assert_allclose(known.mean(), [8.0, 20.0])
    np.testing.assert_allclose(known.std(), [2.0, 30.0])


def test_nice_errors() -> None:
    ones = np.ones((4, 2))
    told: list[tuple[str, Any]] = [
        ("above 0", lambda: stocks.Normal(5.0, 0.0)),
        ("above 0", lambda: stocks.Exponential(-1.0)),
        ("give a number", lambda: stocks.Fixed("long")),
        ("above 0", lambda: stocks.Fixed([1.0, np.nan])),
        ("Fixed", lambda: stocks.Weibull.of(5.0, 0.0)),
        ("fill or drop", lambda: inflow_driven([1.0, np.inf], stocks.Fixed(3.0))),
        ("one row for each period", lambda: stock_driven([], stocks.Fixed(3.0))),
        ("(period, ...)", lambda: stock_driven("many", stocks.Fixed(3.0))),
        ("broadcasts", lambda: stock_driven(ones, stocks.Fixed([1.0, 2.0, 3.0]))),
        ("rising", lambda: stock_driven(ones, stocks.Fixed(3.0), years=[1, 2, 2, 3])),
        ("rising", lambda: stock_driven(ones, stocks.Fixed(3.0), years=[1, 2, 3])),
        ("shorter periods", lambda: stock_driven(ones, stocks.Fixed(0.9), entry=START)),
        ("2 to 10", lambda: through(1)),
    ]
    for words, call in told:
        with pytest.raises(BadValue) as error:
            call()
        assert words in error.value.remedy, (words, str(error.value))


def test_records_do_not_change() -> None:
    lifetime = stocks.Normal(5.0, 1.0)
    with pytest.raises(AttributeError):
        lifetime.years = 6.0  # type: ignore[misc]
    assert replace(lifetime, years=6.0).years == 6.0
