"""Scenario reduction: chances stay whole, more is never worse, and the distance is Kantorovich's."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from smallbuyer import invented, two_products

from ytterby.decisions.hedge.reduction import features, reduce, reduced
from ytterby.terms.errors import BadValue
from ytterby.world.network import Network


def cloud(seed: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(count, 3)), rng.dirichlet(np.ones(count))


@given(st.integers(0, 10_000), st.integers(2, 12))
@settings(max_examples=20)
def test_chances_stay_whole_and_more_is_never_worse(seed: int, count: int) -> None:
    points, chance = cloud(seed, count)
    errors = []
    for keep in range(1, count + 1):
        found = reduce(points, chance, keep)
        assert found.chance.sum() == pytest.approx(1.0)
        assert len(set(found.rows.tolist())) == keep
        errors.append(found.error)
    assert errors[0] == pytest.approx(1.0)
    assert errors[-1] == 0.0
    assert all(after <= before + 1e-9 for before, after in itertools.pairwise(errors))


def test_one_kept_is_the_best_one() -> None:
    points, chance = cloud(3, 9)
    distance = np.linalg.norm(points[:, None] - points[None], axis=2)
    assert reduce(points, chance, 1).rows.tolist() == [int(np.argmin(chance @ distance))]


def test_the_stated_error_is_the_cheapest_way_to_carry_the_chances_over() -> None:
    points, chance = cloud(7, 8)
    found = reduce(points, chance, 3)
    distance = np.linalg.norm(points[:, None] - points[found.rows][None], axis=2)
    rows, columns = distance.shape
    leave = np.kron(np.eye(rows), np.ones(columns))
    reach = np.kron(np.ones(rows), np.eye(columns))
    carried = linprog(distance.ravel(), A_eq=np.vstack([leave, reach]), b_eq=np.concatenate([chance, found.chance]))
    single = float(np.min(chance @ np.linalg.norm(points[:, None] - points[None], axis=2)))
    assert found.error == pytest.approx(carried.fun / single)


def test_a_case_is_cut_to_its_draws(network: Network) -> None:
    case = invented(network, two_products(), draws=12)
    small, found = reduced(case, 4)
    assert small.draws == 4
    assert small.flows[0].before == pytest.approx(case.flows[0].before[found.rows])
    assert features(case).shape[0] == 12
    assert reduced(case, 99)[0] is case


def test_nice_errors() -> None:
    with pytest.raises(BadValue, match="0 draws to keep"):
        reduce(np.ones((3, 1)), np.ones(3) / 3, 0)
