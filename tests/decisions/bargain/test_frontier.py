"""The bargaining set: points by hand on triangles and kites, and against a dense sample of the hull."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby import BadValue
from ytterby.decisions.bargain.frontier import Agreed, frontier, ideal, kalai_smorodinsky, nash_point

clouds = st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=1, max_size=9)
threats = st.tuples(st.integers(-12, 6), st.integers(-12, 6))


def _at(points: np.ndarray, one: Agreed) -> np.ndarray:
    return sum((weight * points[k] for k, weight in one.mixture), np.zeros(2))


def test_nash_halves_a_straight_cake() -> None:
    # u1 / 4 + u2 / 2 <= 1: the product of gains over (0, 0) is largest in the middle
    edge = frontier(np.array([[4.0, 0.0], [0.0, 2.0], [0.0, 0.0]]))
    found = nash_point(edge, (0.0, 0.0))
    assert found.payoffs == pytest.approx((2.0, 1.0))
    assert found.rate == pytest.approx((0.5, 0.5))
    assert kalai_smorodinsky(edge, (0.0, 0.0)).payoffs == pytest.approx((2.0, 1.0))
    # a better threat of the first side moves the point toward it: 4 - 2 shared in halves
    assert nash_point(edge, (2.0, 0.0)).payoffs == pytest.approx((3.0, 0.5))


def test_nash_and_kalai_smorodinsky_part_on_a_kinked_edge() -> None:
    # (0, 10) - (6, 8) - (10, 0): over (0, 0) the product is 48 at the corner and less on both pieces
    edge = frontier(np.array([[0.0, 10.0], [6.0, 8.0], [10.0, 0.0], [3.0, 3.0]]))
    found = nash_point(edge, (0.0, 0.0))
    assert found.payoffs == (6.0, 8.0)
    assert found.mixture == ((1, 1.0),)
    assert found.rate == pytest.approx((1 / 3, 2.0))
    # equal shares of (10, 10): u1 = u2 on the piece from (6, 8) to (10, 0), 8 - 2 (u - 6) = u
    fair = kalai_smorodinsky(edge, (0.0, 0.0))
    assert fair.payoffs == pytest.approx((20 / 3, 20 / 3))
    assert dict(fair.mixture) == pytest.approx({1: 5 / 6, 2: 1 / 6})


def test_less_for_one_side_moves_only_the_fair_point() -> None:
    # Kalai and Smorodinsky's own argument: cutting the second side's best away leaves Nash's point where it was
    whole = frontier(np.array([[0.0, 1.0], [0.75, 0.7], [1.0, 0.0]]))
    cut = frontier(np.array([[0.0, 0.7], [0.75, 0.7], [1.0, 0.0]]))
    assert nash_point(whole, (0.0, 0.0)).payoffs == nash_point(cut, (0.0, 0.0)).payoffs == (0.75, 0.7)
    assert kalai_smorodinsky(cut, (0.0, 0.0)).payoffs[1] < kalai_smorodinsky(whole, (0.0, 0.0)).payoffs[1]


def test_a_threat_that_nothing_beats_leaves_no_deal() -> None:
    edge = frontier(np.array([[1.0, 0.0], [0.0, 1.0]]))
    for threat in ((1.0, 1.0), (0.5, 0.5), (2.0, -5.0)):
        for point in (nash_point(edge, threat), kalai_smorodinsky(edge, threat)):
            assert point.mixture == ()
            assert point.payoffs == threat


def test_one_point_is_a_set_too() -> None:
    edge = frontier(np.array([[2.0, 3.0]]))
    assert nash_point(edge, (0.0, 0.0)).payoffs == (2.0, 3.0)
    assert kalai_smorodinsky(edge, (0.0, 0.0)).payoffs == (2.0, 3.0)
    assert nash_point(edge, (0.0, 0.0)).rate == (0.0, math.inf)


@settings(max_examples=150, deadline=None)
@given(clouds)
def test_the_edge_is_what_neither_can_better(cloud: list[tuple[int, int]]) -> None:
    points = np.array(cloud, dtype=float)
    edge = frontier(points)
    firsts, seconds = [p[0] for p in edge.points], [p[1] for p in edge.points]
    assert firsts == sorted(set(firsts))
    assert seconds == sorted(set(seconds), reverse=True)
    for k, corner in zip(edge.corners, edge.points, strict=True):
        assert tuple(points[k]) == corner
    # no point and no lottery over two of them lies beyond any piece of the edge
    for a, b in itertools.pairwise(edge.points):
        normal = np.array([a[1] - b[1], b[0] - a[0]])
        assert (points @ normal <= normal @ np.array(a) + 1e-9).all()


@settings(max_examples=150, deadline=None)
@given(clouds, threats)
def test_the_points_beat_a_dense_sample_of_lotteries(cloud: list[tuple[int, int]], threat: tuple[int, int]) -> None:
    points = np.array(cloud, dtype=float)
    edge, stands = frontier(points), (float(threat[0]), float(threat[1]))
    found, fair = nash_point(edge, stands), kalai_smorodinsky(edge, stands)
    share = np.linspace(0, 1, 61)[:, None]
    lots = np.concatenate([(1 - share) * a + share * b for a in points for b in points])
    gains = lots - stands
    best = max((g[0] * g[1] for g in gains if (g > 0).all()), default=0.0)
    product = (found.payoffs[0] - stands[0]) * (found.payoffs[1] - stands[1])
    assert product >= best - 1e-9
    if found.mixture:
        assert _at(points, found) == pytest.approx(found.payoffs)
        assert product <= best * 1.05 + 0.2
    if fair.mixture:
        assert _at(points, fair) == pytest.approx(fair.payoffs)
        top = ideal(edge, stands)
        shares = [(fair.payoffs[s] - stands[s]) / (top[s] - stands[s]) for s in (0, 1)]
        assert shares[0] == pytest.approx(shares[1], abs=1e-9)
        # nothing is better for both than the fair point
        assert not ((lots > np.array(fair.payoffs) + 1e-9).all(axis=1)).any()


@settings(max_examples=60, deadline=None)
@given(clouds, threats, st.floats(0.1, 10), st.floats(0.1, 10), st.floats(-5, 5))
def test_other_units_move_no_lottery(
    cloud: list[tuple[int, int]], threat: tuple[int, int], one: float, two: float, shift: float
) -> None:
    points, scale = np.array(cloud, dtype=float), np.array([one, two])
    for point in (nash_point, kalai_smorodinsky):
        plain = point(frontier(points), (float(threat[0]), float(threat[1])))
        moved = np.array(threat) * scale + shift
        other = point(frontier(points * scale + shift), (float(moved[0]), float(moved[1])))
        assert other.payoffs == pytest.approx(np.array(plain.payoffs) * scale + shift, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(clouds, threats)
def test_neither_point_knows_who_is_first(cloud: list[tuple[int, int]], threat: tuple[int, int]) -> None:
    points = np.array(cloud, dtype=float)
    for point in (nash_point, kalai_smorodinsky):
        plain = point(frontier(points), (float(threat[0]), float(threat[1])))
        swapped = point(frontier(points[:, ::-1]), (float(threat[1]), float(threat[0])))
        assert swapped.payoffs[::-1] == pytest.approx(plain.payoffs, abs=1e-9)


def test_nice_errors() -> None:
    for wrong in (np.zeros((0, 2)), np.zeros((3, 3)), np.array([[1.0, np.nan]])):
        with pytest.raises(BadValue, match="bargaining set"):
            frontier(wrong)
