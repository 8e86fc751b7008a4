from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.run.base import Grid, Series
from ytterby.run.ensemble import Fold
from ytterby.run.periods import calendar, frequency

GRIDS = st.builds(
    Grid,
    start=st.dates(date(2000, 1, 1), date(2080, 1, 1)),
    steps=st.integers(1, 150),
    days=st.sampled_from([1.0, 3.5, 7.0, 14.0, 30.0]),
)


@given(grid=GRIDS, freq=st.sampled_from(["month", "quarter", "year"]), seed=st.integers(0, 100))
def test_flows_fold_exactly_and_levels_are_means(grid: Grid, freq: str, seed: int) -> None:
    laid = calendar(grid, freq)
    rng = np.random.default_rng(seed)
    steps = {"a": rng.exponential(1.0, (grid.steps, 2, 3)), "b": np.full((grid.steps, 1, 3), 5.0)}
    series = (Series("a", ("x", "y"), "t", "flow", ""), Series("b", ("x",), "t", "level", ""))
    fold = Fold(series, laid, 3)
    cut = grid.steps // 3
    fold.add({k: v[:cut] for k, v in steps.items()}, 0, cut)
    fold.add({k: v[cut:] for k, v in steps.items()}, cut, grid.steps)
    np.testing.assert_allclose(fold.total["a"].sum(axis=1), steps["a"].sum(axis=0), rtol=1e-12)
    np.testing.assert_allclose(fold.total["b"], 5.0, rtol=1e-12)
    np.testing.assert_allclose(laid.share.sum(axis=1), 1.0, rtol=1e-12)
    assert len(set(laid.labels)) == len(laid.labels) == len(laid.starts) == laid.share.shape[1]
    assert list(laid.labels) == sorted(laid.labels)


@given(grid=GRIDS)
def test_a_second_way_of_counting_days_agrees(grid: Grid) -> None:
    if grid.days != int(grid.days):
        return
    laid = calendar(grid, "month")
    for k in range(0, grid.steps, 7):
        first = grid.start + timedelta(days=k * grid.days)
        days = [first + timedelta(days=j) for j in range(int(grid.days))]
        for column, label in enumerate(laid.labels):
            counted = sum(f"{d:%Y-%m}" == label for d in days) / grid.days
            assert laid.share[k, column] == pytest.approx(counted, abs=1e-12)


def test_months_run_across_the_end_of_a_year() -> None:
    laid = calendar(Grid(date(2024, 12, 29), 6, 7.0))
    assert laid.labels == ("2024-12", "2025-01", "2025-02")
    assert laid.starts == ("2024-12-29", "2025-01-01", "2025-02-01")
    np.testing.assert_allclose(laid.share[0], [3 / 7, 4 / 7, 0])
    assert laid.complete.tolist() == [False, True, False]


def test_a_whole_period_is_complete_only_when_all_of_it_is_run() -> None:
    exact = calendar(Grid(date(2025, 1, 1), 31, 1.0))
    assert exact.labels == ("2025-01",)
    assert exact.complete.tolist() == [True]
    assert calendar(Grid(date(2025, 1, 1), 30, 1.0)).complete.tolist() == [False]
    assert calendar(Grid(date(2025, 1, 2), 31, 1.0)).complete.tolist() == [False, False]


@pytest.mark.parametrize(
    ("years", "freq", "label"), [(2, "month", "2025-01"), (5, "quarter", "2025-Q1"), (25, "year", "2025")]
)
def test_long_runs_are_told_in_longer_periods(years: int, freq: str, label: str) -> None:
    grid = Grid(date(2025, 1, 6), int(years * 52), 7.0)
    assert frequency(grid) == freq
    assert calendar(grid).labels[0] == label
