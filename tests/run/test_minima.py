from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from worlds import World, step_of

from ytterby.run.chain.model import Chain
from ytterby.run.ensemble import SIGNED
from ytterby.run.minima import fulfilment, least, positive

AMOUNTS = arrays(np.float64, (6,), elements=st.one_of(st.just(0.0), st.floats(1e-20, 1e9)))
WIDTHS = st.sampled_from([0.3, 0.1, 0.03, 0.01])


@given(have=AMOUNTS, need=AMOUNTS)
def test_hard_is_exact(have: np.ndarray, need: np.ndarray) -> None:
    a, b = jnp.asarray(have), jnp.asarray(need)
    told = np.asarray(fulfilment(a, b))
    expected = [1.0 if n == 0 else min(1.0, h / n) for h, n in zip(have, need, strict=True)]
    np.testing.assert_allclose(told, expected, rtol=1e-14)
    np.testing.assert_array_equal(least(a, b), np.minimum(have, need))
    np.testing.assert_array_equal(positive(a - b), np.maximum(have - need, 0.0))


@given(have=AMOUNTS, need=AMOUNTS, width=WIDTHS)
def test_smooth_never_overdraws_and_stays_close(have: np.ndarray, need: np.ndarray, width: float) -> None:
    a, b = jnp.asarray(have), jnp.asarray(need)
    soft, hard = np.asarray(fulfilment(a, b, width)), np.asarray(fulfilment(a, b))
    assert np.all(np.isfinite(soft))
    assert np.all((soft >= 0.0) & (soft <= hard * (1 + 1e-12)))
    assert np.all(hard - soft <= 1.0 - 2.0**-width + 1e-9)
    drawn = np.asarray(least(a, b, width))
    assert np.all(drawn <= np.minimum(have, need) * (1 + 1e-12))
    top = np.asarray(positive(a - b, 1.0, width))
    assert np.all(top >= np.maximum(have - need, 0.0) * (1 - 1e-12))
    assert np.all(top - np.maximum(have - need, 0.0) <= 0.5 * width + 1e-6 * np.maximum(have, need))


def test_smooth_goes_to_hard_as_the_width_goes_to_nothing() -> None:
    have, need = jnp.asarray(np.linspace(0.0, 3.0, 61)), jnp.asarray(np.ones(61))
    gaps = [
        float(np.max(np.abs(np.asarray(fulfilment(have, need, w)) - np.asarray(fulfilment(have, need)))))
        for w in (0.2, 0.1, 0.05, 0.01, 0.001)
    ]
    np.testing.assert_allclose(gaps, [1 - 2.0**-w for w in (0.2, 0.1, 0.05, 0.01, 0.001)], rtol=1e-9)


def test_a_smooth_step_goes_to_the_hard_one(world: World) -> None:
    """First order in the width, from a state in which some inputs, capacities and permits bind."""
    state = replace(
        world.initial,
        stock_in=world.initial.stock_in * 0.4,
        allowance=jnp.asarray(np.full(world.initial.allowance.shape, 5.0)),
    )
    forcing = step_of(world.calm(licensed=0.5, throughput=3.0), 0)
    hard, _ = world.chain.step(world.constants, state, forcing)
    gaps = []
    for width in (0.04, 0.02, 0.01):
        soft, _ = Chain(world.chain.forced, width=width).step(world.constants, state, forcing)
        gaps.append(distance(hard, soft))
        assert all(np.min(getattr(soft, f.name)) >= 0.0 for f in fields(soft) if f.name not in SIGNED)
    assert gaps[0] > gaps[1] > gaps[2] > 0.0
    assert gaps[2] < 0.5 * gaps[0]


def distance(a: Any, b: Any) -> float:
    pairs = ((np.asarray(getattr(a, f.name)), np.asarray(getattr(b, f.name))) for f in fields(a))
    return max(
        float(np.max(np.abs(x - y), initial=0.0)) / max(float(np.max(np.abs(x), initial=0.0)), 1.0) for x, y in pairs
    )


FACTORS = ("cover", "lead", "demand_factor", "handling_days", "review_days", "throughput")


@pytest.fixture(scope="module")
def outcome(world: World) -> Any:
    """Cars built abroad and tonnes exported over 30 steps, by factors on six inputs; and the gradient."""
    chain = Chain(world.chain.forced, width=0.1)
    base = jax.tree.map(lambda a: a[..., :1], world.constants)
    first = jax.tree.map(lambda a: a[..., :1], world.initial)
    forcing = world.calm(30, licensed=1.0, throughput=8.0)
    draws_last = (
        "demand",
        "outlook",
        "hold",
        "throughput",
        "speed",
        "grant",
        "general",
        "output",
        "border",
        "lead",
        "tech",
        "restock",
    )
    forcing = replace(forcing, **{name: getattr(forcing, name)[..., :1] for name in draws_last})

    def metric(factors: Any) -> Any:
        cover, lead, demand, handling, review, throughput = jnp.exp(factors)
        constants = replace(
            base,
            cover=base.cover * cover,
            lead=base.lead * lead,
            demand_factor=base.demand_factor * demand,
            behaviour={**base.behaviour, "handling_days": base.behaviour["handling_days"] * handling},
            licensing={**base.licensing, "review_days": base.licensing["review_days"] * review},
        )
        told = replace(forcing, throughput=forcing.throughput * throughput)
        last, seen = jax.lax.scan(lambda s, f: chain.step(constants, s, f), first, told)
        lowest = jnp.stack([jnp.min(getattr(last, f.name), initial=0.0) for f in fields(last) if f.name not in SIGNED])
        closed = jnp.max(jnp.abs(seen["residual"])) / jnp.max(seen["flow"])
        return seen["output"][:, 1].sum() / 1e4 + seen["exports"].sum() / 1e2, (lowest, closed)

    return jax.jit(jax.value_and_grad(metric, has_aux=True))


def test_gradients_agree_with_differences_and_the_smooth_form_conserves(outcome: Any) -> None:
    at = np.full(len(FACTORS), 0.01)
    (value, (lowest, closed)), gradient = outcome(jnp.asarray(at))
    assert np.isfinite(value)
    assert np.min(lowest) >= 0.0
    assert closed <= 1e-9
    differences = []
    for k in range(len(FACTORS)):
        # Richardson on central differences: the error is of fourth order
        slopes = []
        for h in (2e-3, 1e-3):
            up, down = at.copy(), at.copy()
            up[k], down[k] = at[k] + h, at[k] - h
            slopes.append((float(outcome(jnp.asarray(up))[0][0]) - float(outcome(jnp.asarray(down))[0][0])) / (2 * h))
        differences.append((4.0 * slopes[1] - slopes[0]) / 3.0)
    np.testing.assert_allclose(gradient, differences, rtol=1e-5, atol=1e-7 * float(value))
    assert np.all(np.abs(np.asarray(gradient)) > 1e-4), "each of them matters"
