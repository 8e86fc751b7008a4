"""Demand: the split over products and regions, and paths over the years."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ytterby.world.demand import proportional_fit
from ytterby.world.network import Network


@given(arrays(float, (4, 3), elements=st.floats(0.1, 100)), arrays(float, 3, elements=st.floats(1, 100)))
def test_fit_keeps_rows_and_columns_and_odds(seed: np.ndarray, columns: np.ndarray) -> None:
    fitted = proportional_fit(seed, columns, rounds=2_000)
    assert fitted.sum(axis=0) == pytest.approx(columns, rel=1e-6)
    assert fitted.sum(axis=1) == pytest.approx(seed.sum(axis=1) * columns.sum() / seed.sum(), rel=1e-6)
    # What makes it *the* biproportional fit: every odds ratio of the seed survives.
    odds = seed[:-1, :-1] * seed[1:, 1:] / (seed[:-1, 1:] * seed[1:, :-1])
    kept = fitted[:-1, :-1] * fitted[1:, 1:] / (fitted[:-1, 1:] * fitted[1:, :-1])
    assert kept == pytest.approx(odds, rel=1e-6)


def test_zeros_stay_zero() -> None:
    seed = np.array([[1.0, 0.0], [1.0, 1.0]])
    assert proportional_fit(seed, np.array([3.0, 1.0]))[0, 1] == 0


@pytest.mark.parametrize(
    ("group", "year", "units"),
    [("defence.f35.US", 2024.5, 150), ("defence.virginia.US", 2024.5, 1.3)],
)
def test_arms_are_counted_by_the_piece(network: Network, group: str, year: float, units: float) -> None:
    row = network.groups.index(group)
    assert np.interp(year, network.demand_years, network.demand[row]) * 365.25 == pytest.approx(units)


def test_units_of_a_country_s_cars_look_like_a_car_market(network: Network) -> None:
    """Eleven million battery cars stand behind the bottom-up; the fit may move them by regions, not by ten."""
    total = sum(
        network.demand[row, 0] * 365.25 for row, product in enumerate(network.group_product) if product == "car.bev"
    )
    assert total == pytest.approx(11_000_000, rel=0.05)


def test_humanoids_follow_their_own_anchors(network: Network) -> None:
    rows = [row for row, product in enumerate(network.group_product) if product == "robot.humanoid"]
    by_year = {int(year): network.demand[rows, k].sum() * 365.25 for k, year in enumerate(network.demand_years)}
    assert by_year[2030] / by_year[2024] == pytest.approx(890_000 / 2_500, rel=1e-6)
    assert by_year[2035] / by_year[2024] == pytest.approx(1_400_000 / 2_500, rel=1e-6)
    assert all(by_year[year] <= by_year[year + 1] for year in range(2024, 2051))


def test_shares_of_designs(network: Network) -> None:
    total = np.bincount(network.terminal_group, network.terminal_share)
    assert total == pytest.approx(np.ones(len(network.groups)))
    assert (network.terminal_share <= network.terminal_share_max).all()
    assert {"bev.UH@car.bev.US", "bev.lean@car.bev.US"} <= set(network.activities)
