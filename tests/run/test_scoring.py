"""Scores against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.run.scoring import crps, score


def _normal_crps(mean: float, sd: float, seen: float) -> float:
    """Gneiting and Raftery (2007), eq. 5."""
    z = (seen - mean) / sd
    density = math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    return sd * (z * math.erf(z / math.sqrt(2)) + 2 * density - 1 / math.sqrt(math.pi))


@pytest.mark.parametrize("seen", [-1.0, 0.3, 2.5])
def test_a_normal_ensemble_has_the_closed_form(seen: float) -> None:
    sample = np.random.default_rng(0).normal(0.4, 1.3, 40_000)
    assert crps(sample, seen) == pytest.approx(_normal_crps(0.4, 1.3, seen), abs=0.01)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_one_member_scores_its_absolute_error(guess: float, seen: float) -> None:
    assert crps(np.array([guess]), seen) == pytest.approx(abs(guess - seen))


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=12), st.floats(-1e3, 1e3))
def test_it_is_the_mean_distance_less_half_the_spread(values: list[float], seen: float) -> None:
    x = np.array(values)
    slow = np.mean([abs(a - seen) for a in x]) - np.mean([abs(a - b) for a in x for b in x]) / 2
    assert crps(x, seen) == pytest.approx(slow, abs=1e-6)


def test_scores_by_hand() -> None:
    samples = np.array([[90.0, 100.0, 110.0], [190.0, 200.0, 210.0], [1.0, 2.0, 3.0]])
    made = score(samples, np.array([100.0, 250.0, np.nan]))
    assert (made.months, made.coverage) == (2, 0.5)
    assert made.error == pytest.approx(0.1)
    assert made.bias == pytest.approx(-0.1)


def test_nothing_observed_has_no_score() -> None:
    made = score(np.ones((2, 3)), np.array([np.nan, np.nan]))
    assert made.months == 0
    assert math.isnan(made.crps)
