from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import World, eventful, step_of

from ytterby.run.chain.model import mass
from ytterby.run.chain.state import State
from ytterby.run.ensemble import SIGNED, residual, smallest

CASES: dict[str, dict[str, Any]] = {
    "calm": {},
    "licensed": {"licensed": 1.0, "throughput": 3.0},
    "refused": {"refused": 1.0},
    "half refused": {"refused": 0.5},
    "tested": {"same_code": 1.0, "hold": 0.6},
    "border": {"border": 0.0},
    "supply loss": {"output": 0.0},
    "requisition": {"requisition": 1.0, "licensed": 1.0, "throughput": 1.0},
    "stockpile": {"stockpile": 500.0},
    "sold back": {"stockpile": -5.0},
    "handed out": {"stockpile": 2.0, "release": 5.0, "requisition": 0.5, "border": 0.1},
    "technology": {"tech": 1.0},
    "detour": {"lead": 4.0},
    "by air": {"lead": 0.01},
    "money": {"investment": 1e7},
    "promises": {"offtake": 1.0},
    "no demand": {"demand": 0.0},
    "ten times the demand": {"demand": 1e5},
    "floor": {"floor": 1.0},
    "everything": {"licensed": 0.5, "refused": 0.3, "border": 0.4, "output": 0.5, "requisition": 0.7, "stockpile": 3.0},
}  # fmt: skip

UNSIGNED = [f.name for f in fields(State) if f.name not in SIGNED]


@pytest.mark.parametrize("case", CASES)
def test_every_element_is_accounted_for_and_nothing_is_negative(world: World, case: str) -> None:
    states, seen = world.run(world.calm(**CASES[case]))
    assert residual(seen) <= 1e-9
    moved = np.concatenate([world.initial.mass[None], states.mass])
    told = seen["mined"] - seen["lost"] - seen["discarded"]
    np.testing.assert_allclose(np.diff(moved, axis=0), told, rtol=0, atol=1e-9 * float(seen["flow"].max()))
    for name in UNSIGNED:
        assert np.min(getattr(states, name), initial=0.0) >= 0.0, name
    assert smallest(states) >= 0.0
    for name, values in seen.items():
        if name != "residual":
            assert np.all(np.isfinite(values)), name
            assert np.min(values) >= -1e-9 * np.max(np.abs(values)), name


def test_the_scenario_with_every_shock_is_accounted_for(world: World) -> None:
    states, seen = world.run(world.forcing())
    assert residual(seen) <= 1e-9
    assert smallest(states) >= 0.0


@settings(max_examples=30)
@given(seed=st.integers(0, 2**31))
def test_any_forcing_on_any_state_is_accounted_for(seed: int) -> None:
    world = eventful()
    rng = np.random.default_rng(seed)
    forcing = world.calm()
    shape = lambda name: getattr(forcing, name).shape  # noqa: E731
    units = ("licensed", "refused", "same_code", "hold", "general", "border", "output", "tech")
    units = (*units, "requisition", "offtake")
    wild = {name: jnp.asarray(rng.random(shape(name)) ** 3) for name in units}
    wild["throughput"] = jnp.asarray(rng.exponential(10.0, shape("throughput")))
    wild["lead"] = jnp.asarray(rng.exponential(1.0, shape("lead")))
    wild["stockpile"] = jnp.asarray(rng.normal(0.0, 20.0, shape("stockpile")))
    wild["release"] = jnp.asarray(rng.exponential(3.0, shape("release")))
    wild["demand"] = forcing.demand * jnp.asarray(rng.exponential(1.0, shape("demand")))
    start = jax.tree.map(lambda a: jnp.asarray(a * rng.exponential(1.0, a.shape)), world.initial)
    shares = {"share": world.initial.share, "mix": world.initial.mix, "ramp": jnp.minimum(start.ramp, 1.0)}
    start = replace(start, **shares)
    start = replace(start, mass=mass(world.chain.structure, start))
    states, seen = world.run(replace(forcing, **wild), state=start)
    # the flow of a stopped world is nothing, so what is unexplained is held against what there is as well
    tolerance = 1e-9 * np.abs(seen["flow"]) + 1e-13 * states.mass
    assert np.all(np.abs(seen["residual"]) <= tolerance)
    assert smallest(states) >= 0.0


def test_a_leak_is_found(world: World) -> None:
    forcing = world.calm()
    states, _ = world.run(forcing)
    before = step_of(states, 5)
    lighter = replace(before, stock_in=before.stock_in * 0.999)
    _, seen = world.run(forcing, state=jax.tree.map(jnp.asarray, lighter))
    assert residual(seen) > 1e-6


def test_yields_cannot_make_matter(world: World) -> None:
    n, s = world.network, world.chain.forced.structure
    given_out = np.zeros((len(n.activities), len(n.elements)))
    np.add.at(given_out, n.output_activity, n.output_coef[:, None] * n.composition[n.out_slot_material[n.output_slot]])
    taken_in = np.zeros_like(given_out)
    np.add.at(taken_in, n.input_activity, n.input_coef[:, None] * n.composition[n.in_slot_material[n.input_slot]])
    fed = taken_in.any(axis=1)
    for a in np.flatnonzero(fed & given_out.any(axis=1)):
        best = given_out[a] * s.yield_limit[a]
        assert np.all(best <= taken_in[a] * (1 + 1e-12))
        assert np.any(np.isclose(best[taken_in[a] > 0], taken_in[a][taken_in[a] > 0]))
    assert np.all(np.asarray(world.constants.yields) <= s.yield_limit[:, None])
