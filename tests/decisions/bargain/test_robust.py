"""Doubt about payoffs: shares of draws by hand, mixtures by brute force, rates that both can live with."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby.decisions.bargain import robust
from ytterby.decisions.bargain.drivers import correlation
from ytterby.decisions.bargain.equilibria import solve
from ytterby.decisions.bargain.frontier import frontier, nash_point
from ytterby.decisions.bargain.games import game
from ytterby.decisions.bargain.rates import exchange, terms

DILEMMA = np.array([[[3, 0], [5, 1]], [[3, 5], [0, 1]]], dtype=float)[..., None]
amounts = st.floats(-5, 5).map(lambda v: round(v, 2))


def test_an_equilibrium_holds_in_the_draws_in_which_it_does() -> None:
    stags = np.array([[[9, 0], [5, 1]], [[9, 5], [0, 1]]], dtype=float)[..., None]  # staying silent pays there
    first, second = np.concatenate([DILEMMA, DILEMMA, stags, stags], axis=-1)
    shares = robust.pure_shares(first, second)
    assert shares.tolist() == [[0.5, 0.0], [0.0, 1.0]]
    found = solve(game(DILEMMA[0, ..., 0], DILEMMA[1, ..., 0])).equilibria[0]
    assert robust.holds(found, first, second) == 1.0
    mine, theirs = robust.regret(found, first, second)
    assert (mine.mean, mine.p95) == (theirs.mean, theirs.p95) == (0.0, 0.0)
    silent = solve(game(stags[0, ..., 0], stags[1, ..., 0])).equilibria[0]
    assert silent.cell == (0, 0)
    assert robust.holds(silent, first, second) == 0.5
    assert robust.regret(silent, first, second)[0].mean == pytest.approx(0.5 * 2.0)
    assert robust.regret(silent, first, second)[0].p95 == pytest.approx(2.0)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6))
def test_a_mixture_holds_where_one_of_its_kind_is_an_equilibrium(seed: int) -> None:
    rng = np.random.default_rng(seed)
    first, second = rng.normal(size=(2, 3, 3, 8))
    one = game(first[..., 0], second[..., 0])
    for found in solve(one).equilibria:
        if found.cell is not None:
            continue
        kind = [tuple(np.flatnonzero(np.array(p) > 1e-9)) for p in (found.first, found.second)]
        hits = 0
        for k in range(8):
            others = solve(game(first[..., k], second[..., k])).equilibria
            hits += any(
                [tuple(np.flatnonzero(np.array(p) > 1e-7)) for p in (e.first, e.second)] == kind for e in others
            )
        assert robust.holds(found, first, second) == pytest.approx(hits / 8)


def test_a_deal_over_the_draws() -> None:
    first, second = np.concatenate([DILEMMA, DILEMMA * 2, DILEMMA * [[[[0.0]]], [[[1.0]]]]], axis=-1)
    threat = (first[1, 1], second[1, 1])
    point = nash_point(frontier(np.array([[3, 3], [0, 5], [5, 0], [1, 1]])), (1.0, 1.0))
    assert point.mixture == ((0, 1.0),)
    found = robust.deal(first, second, threat, point.mixture, fair=False)
    assert found.gains[0].tolist() == pytest.approx([2.0, 4.0, 0.0])
    assert found.possible == pytest.approx(2 / 3)  # in the last draw nothing moves the first side
    assert found.both_gain == 1.0
    assert robust.deal(first, second, threat, (), fair=True).both_gain == 0.0


def test_rates_by_hand() -> None:
    # a tonne costs its giver 2 and brings 5; a unit is worth 10 to the giver and costs the other 10: 2 to 5 tonnes
    found = terms(2.0, 5.0, 10.0, 10.0)
    assert found is not None
    assert (found.low, found.high, found.middle) == (2.0, 5.0, 3.5)
    assert terms(5.0, 2.0, 10.0, 10.0) is None  # worth less to the taker than to the giver
    free = terms(-1.0, 5.0, 10.0, 10.0)  # giving pays by itself
    assert free is not None
    assert (free.low, free.high, free.middle) == (2.0, math.inf, None)
    assert terms(1.0, 0.0, 10.0, 1.0) is None  # the taker has no use for it, and the unit costs it something


@settings(max_examples=300, deadline=None)
@given(amounts, amounts, amounts, amounts, st.floats(0, 20))
def test_between_the_ends_both_gain_and_beyond_one_loses(
    cost: float, gain: float, bought: float, paid: float, t: float
) -> None:
    found = terms(cost, gain, bought, paid)
    both = bought - t * cost >= 0 and t * gain - paid >= 0
    if found is None:
        assert not both or t == 0.0 or t * abs(cost) < 1e-9
    else:
        assert found.low <= found.high
        if found.low + 1e-9 < t < found.high - 1e-9:
            assert both or math.isclose(bought, t * cost, abs_tol=1e-9) or math.isclose(paid, t * gain, abs_tol=1e-9)
        elif t > found.high + 1e-9 or t < found.low - 1e-9:
            assert not both


def test_the_middle_rate_shares_the_gain_best() -> None:
    found = terms(2.0, 5.0, 10.0, 10.0)
    assert found is not None
    grid = np.linspace(found.low, found.high, 2001)
    product = (10.0 - grid * 2.0) * (grid * 5.0 - 10.0)
    assert grid[np.argmax(product)] == pytest.approx(found.middle, abs=2e-3)


def test_rates_over_draws() -> None:
    ones = np.ones(4)
    found = exchange(
        amount=2 * ones, giver=-2 * np.array([2.0, 2.0, 9.0, -1.0]), taker=10 * ones, bought=10 * ones, paid=10 * ones
    )
    assert found.exists == 0.75
    assert found.lows.tolist() == [2.0, 2.0, 2.0]
    assert found.highs.tolist() == [5.0, 5.0, math.inf]
    assert found.mean is not None
    assert found.mean.high == pytest.approx(10 / 3)
    nothing = exchange(0 * ones, -ones, ones, ones, ones)
    assert nothing.mean is None
    assert nothing.exists == 0.0


def test_rank_correlation() -> None:
    values = np.arange(10.0)
    assert correlation(values, values**3) == pytest.approx(1.0)
    assert correlation(values, -np.exp(values)) == pytest.approx(-1.0)
