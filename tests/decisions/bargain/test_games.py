"""A game played once: the textbook's games by hand, and wild ones against enumeration of best replies."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ytterby import BadValue, InputError
from ytterby.decisions.bargain.equilibria import MOST, Solved, solve
from ytterby.decisions.bargain.games import Game, game, pure, secured, ties

DILEMMA = ([[3, 0], [5, 1]], [[3, 5], [0, 1]])
SEXES = ([[2, 0], [0, 1]], [[1, 0], [0, 2]])
PENNIES = ([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])

shapes = st.tuples(st.integers(1, 4), st.integers(1, 4))
whole = shapes.flatmap(lambda s: st.tuples(*[arrays(np.float64, s, elements=st.integers(-3, 3))] * 2))
scales = st.sampled_from([1.0, 1e-6, 1e9])


def wild(seed: int, shape: tuple[int, int]) -> Game:
    rng = np.random.default_rng(seed)
    return game(rng.normal(size=shape), rng.normal(size=shape))


def _replies(one: Game, found: Solved) -> None:
    """Every equilibrium against every pure policy of both sides, written anew."""
    for each in found.equilibria:
        x, y = np.array(each.first), np.array(each.second)
        assert x.min() >= 0
        assert y.min() >= 0
        assert x.sum() == pytest.approx(1)
        assert y.sum() == pytest.approx(1)
        height, width = one.shape
        mine = sum(x[i] * y[j] * one.first[i, j] for i in range(height) for j in range(width))
        theirs = sum(x[i] * y[j] * one.second[i, j] for i in range(height) for j in range(width))
        spans = [max(np.ptp(t), 1e-6 * np.abs(t).max()) for t in (one.first, one.second)]
        for i in range(height):
            assert sum(y[j] * one.first[i, j] for j in range(width)) <= mine + 2e-9 * spans[0] + 1e-300
        for j in range(width):
            assert sum(x[i] * one.second[i, j] for i in range(height)) <= theirs + 2e-9 * spans[1] + 1e-300
        assert each.payoffs == pytest.approx((mine, theirs), abs=1e-9 * max(1.0, *spans))
        assert 0.0 <= each.gap <= 1e-9


def test_two_prisoners_confess() -> None:
    found = solve(game(*DILEMMA))
    assert [each.cell for each in found.equilibria] == [(1, 1)]
    assert found.equilibria[0].payoffs == (1, 1)
    assert found.ties == ()


def test_a_couple_meets_at_either_place_or_mixes() -> None:
    found = solve(game(*SEXES))
    assert [each.cell for each in found.equilibria] == [(0, 0), (1, 1), None]
    mixed = found.equilibria[2]
    assert mixed.first == pytest.approx((2 / 3, 1 / 3))
    assert mixed.second == pytest.approx((1 / 3, 2 / 3))
    assert mixed.payoffs == pytest.approx((2 / 3, 2 / 3))
    assert set(mixed.found_by) == {"supports", "vertices"}


def test_pennies_are_matched_half_of_the_time() -> None:
    (only,) = solve(game(*PENNIES)).equilibria
    assert only.first == pytest.approx((0.5, 0.5))
    assert only.second == pytest.approx((0.5, 0.5))
    assert only.payoffs == pytest.approx((0, 0))


def test_payoffs_that_tie_are_told() -> None:
    one = game([[1, 1], [0, 1]], [[1, 0], [0, 1]])
    found = solve(one)
    assert [(t.side, t.against, t.policies) for t in found.ties] == [(0, 1, (0, 1))]
    assert ties(game(*DILEMMA)) == []
    _replies(one, found)


def test_where_nothing_matters_every_pair_holds_and_says_so() -> None:
    found = solve(game(np.zeros((2, 3)), np.zeros((2, 3))))
    assert {each.cell for each in found.equilibria} >= {(i, j) for i in range(2) for j in range(3)}
    assert len(found.ties) == 5


@settings(max_examples=80, deadline=None)
@given(whole, scales, st.floats(-5, 5))
def test_every_equilibrium_stands_enumeration_also_with_ties(
    tables: tuple[np.ndarray, np.ndarray], scale: float, shift: float
) -> None:
    one = game(tables[0] * scale + shift, tables[1])
    found = solve(one)
    assert found.equilibria
    _replies(one, found)
    cells = {each.cell for each in found.equilibria}
    assert set(pure(one)) <= cells


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.tuples(st.integers(2, 4), st.integers(2, 4)))
def test_games_without_ties_have_an_odd_number_of_equilibria(seed: int, shape: tuple[int, int]) -> None:
    # Wilson (1971), Computing equilibria of n-person games, SIAM J. Appl. Math. 21
    one = wild(seed, shape)
    found = solve(one)
    _replies(one, found)
    assert len(found.equilibria) % 2 == 1
    assert all({"supports", "vertices"} <= set(each.found_by) for each in found.equilibria)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.1, 50), st.floats(-20, 20))
def test_units_and_zero_points_do_not_move_an_equilibrium(seed: int, scale: float, shift: float) -> None:
    one = wild(seed, (3, 3))
    other = game(one.first * scale + shift, one.second / scale - shift)
    for a, b in zip(solve(one).equilibria, solve(other).equilibria, strict=True):
        assert a.first == pytest.approx(b.first, abs=1e-6)
        assert a.second == pytest.approx(b.second, abs=1e-6)


@pytest.mark.parametrize("size", [7])
def test_larger_games_are_solved_by_other_means(size: int) -> None:
    one = wild(size, (size, size))
    found = solve(one)
    _replies(one, found)
    assert "vertices" in {way for each in found.equilibria for way in each.found_by}


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.tuples(st.integers(1, 4), st.integers(1, 4)))
def test_what_is_secured_is_the_value_of_the_zero_sum_game(seed: int, shape: tuple[int, int]) -> None:
    payoffs = wild(seed, shape).first
    best = secured(payoffs)
    held_down = secured(-payoffs.T)
    assert best.value == pytest.approx(-held_down.value, abs=1e-9)
    assert solve(game(payoffs, -payoffs)).equilibria[0].payoffs[0] == pytest.approx(best.value, abs=1e-7)
    assert (np.array(best.mixture) @ payoffs).min() == best.value


def test_nice_errors() -> None:
    with pytest.raises(BadValue, match="a side has no policies"):
        game([], [])
    with pytest.raises(BadValue, match="a side has no policies"):
        game(np.zeros((0, 2)), np.zeros((0, 2)))
    with pytest.raises(BadValue, match=r"second side is nan.*hold against cut"):
        game([[1.0, 2.0]], [[1.0, float("nan")]], ["hold"], ["raise", "cut"])
    with pytest.raises(BadValue, match="is inf"):
        game([[float("inf")]], [[0.0]])
    with pytest.raises(BadValue, match=r"\(1, 2\) and \(2, 1\)"):
        game([[1, 2]], [[1], [2]])
    with pytest.raises(BadValue, match="1 and 1 names for 1 and 2 policies"):
        game([[1, 2]], [[1, 2]], ["a"], ["b"])
    with pytest.raises(InputError, match=f"at most {MOST}"):
        solve(game(np.zeros((MOST + 1, 1)), np.zeros((MOST + 1, 1))))


def test_a_missing_solver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "nashpy", None)
    with pytest.raises(InputError, match=r"nashpy is not installed") as told:
        solve(game(*SEXES))
    assert "ytterby[decisions]" in told.value.remedy
