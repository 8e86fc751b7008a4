"""Sequential tests: deviates are standard normal, false alarms as rare as said, a change is found where it began."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import special, stats

from ytterby.custody.sequential import LEAST, WIDEST, deviates, drift, limit, mean_length, sums


def slow_deviates(values: list[float]) -> list[float]:
    """The same by the definition, figure by figure; no figure of these streams is loud."""
    found = [0.0] * len(values)
    for k in range(LEAST, len(values)):
        past = np.array(values[:k])
        t = (values[k] - past.mean()) / past.std(ddof=1) * np.sqrt(k / (k + 1))
        found[k] = float(special.ndtri(stats.t.cdf(t, k - 1)))
    return found


def test_deviates_are_what_the_definition_says() -> None:
    values = np.random.default_rng(11).normal(7.0, 0.2, 60)
    assert np.abs(slow_deviates(values.tolist())).max() < 3.5
    assert deviates(values) == pytest.approx(slow_deviates(values.tolist()), abs=1e-6)


def test_deviates_of_normal_figures_are_standard_normal_and_independent() -> None:
    random = np.random.default_rng(2)
    found = np.array([deviates(random.normal(5.0, 0.1, 40))[LEAST:] for _ in range(1500)])
    assert abs(found.mean()) < 0.02
    assert abs(found.std() - 1.0) < 0.02
    assert stats.kstest(found[:, 0], "norm").pvalue > 1e-3
    assert stats.kstest(found[:, -1], "norm").pvalue > 1e-3
    assert abs(np.corrcoef(found[:, 5], found[:, 6])[0, 1]) < 0.1


@pytest.mark.parametrize("h", [2.0, 3.0])
def test_mean_length_is_that_of_a_simulation(h: float) -> None:
    random = np.random.default_rng(3)
    lengths = []
    for _ in range(300):
        stream = random.standard_normal(6000)
        found = sums(stream, h)
        lengths.append(found.at + 1 if found.at >= 0 else len(stream))
    # Siegmund's approximation is good to some per cent; 300 streams to six
    assert np.mean(lengths) == pytest.approx(mean_length(h), rel=0.2)


def test_limit_is_the_inverse_of_the_mean_length() -> None:
    for rate in (1e-2, 1e-4, 1e-7):
        assert 1.0 / mean_length(limit(rate)) == pytest.approx(rate, rel=1e-6)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_planted_shift_is_found_near_where_it_began(sign: int) -> None:
    random = np.random.default_rng(4)
    off = []
    for _ in range(50):
        values = random.normal(0.0, 0.01, 80)
        values[35:] += sign * 0.02
        found = drift(values, limit(1e-5))
        assert found.sign == sign
        assert 35 <= found.at < 80
        off.append(found.since - 35)
    assert abs(np.median(off)) <= 2


def test_one_gross_error_is_no_drift_and_hides_none_after_it() -> None:
    random = np.random.default_rng(5)
    values = random.normal(0.0, 0.01, 80)
    values[20] += 5.0
    assert drift(values, limit(1e-6)).at < 0
    values[45:] -= 0.03
    found = drift(values, limit(1e-6))
    assert found.sign == -1
    assert 45 <= found.at < 55


def test_uneven_takings_are_found() -> None:
    random = np.random.default_rng(6)
    for _ in range(20):
        values = random.normal(0.0, 0.005, 52)
        values[20::4] += np.log(1 - 0.2)
        found = drift(values, limit(1e-5))
        assert found.sign == -1
        assert found.at < 40


@given(arrays(np.float64, st.integers(0, 40), elements=st.floats(-1e6, 1e6)))
def test_wild_figures_give_finite_deviates_that_scale_with_nothing(values: np.ndarray) -> None:
    found = deviates(values)
    assert found.shape == values.shape
    assert np.isfinite(found).all()
    assert (np.abs(found) <= WIDEST).all()
    assert (found[:LEAST] == 0).all()


@given(arrays(np.float64, 20, elements=st.floats(-1e3, 1e3).map(lambda v: round(v, 3)), unique=True))
def test_deviates_know_no_unit_and_no_origin(values: np.ndarray) -> None:
    assert deviates(8.0 * values) == pytest.approx(deviates(values), abs=1e-6)
