"""The ensemble smoother against the closed form of a linear model with normal errors."""

from __future__ import annotations

import numpy as np
import pytest

from ytterby.run.smoother import assimilate, update

MEMBERS = 4000


@pytest.mark.parametrize("rounds", [1, 4])
def test_linear_and_normal_gives_the_exact_posterior(rounds: int) -> None:
    rng = np.random.default_rng(3)
    model = np.array([[1.0, 0.5, 0.0], [0.0, 1.0, -1.0]])
    observed, error = np.array([1.2, -0.7]), np.array([0.5, 0.3])
    prior = rng.standard_normal((3, MEMBERS))
    scores, before, after = assimilate(prior, lambda s, _: model @ s, observed, error, rounds, rng)
    precision = np.eye(3) + model.T @ np.diag(1 / error**2) @ model
    exact = np.linalg.solve(precision, model.T @ (observed / error**2))
    assert scores.mean(axis=1) == pytest.approx(exact, abs=0.06)
    assert np.cov(scores) == pytest.approx(np.linalg.inv(precision), abs=0.06)
    assert before == pytest.approx(model @ prior)
    assert after == pytest.approx(model @ scores)


def test_an_observation_without_information_moves_nothing() -> None:
    rng = np.random.default_rng(0)
    prior = rng.standard_normal((2, 500))
    moved = update(prior, rng.standard_normal((1, 500)), np.array([0.0]), np.array([1e9]), rng)
    assert moved == pytest.approx(prior, abs=1e-6)


def test_a_parameter_nothing_depends_on_keeps_its_spread() -> None:
    rng = np.random.default_rng(1)
    prior = rng.standard_normal((2, MEMBERS))
    scores, _, _ = assimilate(prior, lambda s, _: s[:1], np.array([2.0]), np.array([0.1]), 4, rng)
    assert scores[0].std() < 0.2
    assert scores[1].std() == pytest.approx(1.0, abs=0.05)
    assert scores[1].mean() == pytest.approx(0.0, abs=0.1)
