from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twin import Events, Twin, of_draw
from worlds import DRAWS, World, eventful, step_of

from ytterby.run.chain.state import State


def twin_of(world: World) -> Twin:
    s = world.chain.forced.structure
    rows = lambda masks: [list(map(int, np.flatnonzero(m))) for m in masks]  # noqa: E731
    return Twin(
        world.network,
        Events(rows(s.output_events), rows(s.border_events), rows(s.lead_events), rows(s.release_events)),
        world.chain.grid.days,
    )


def agree(theirs: Any, ours: Any, name: str, scale: float = 0.0) -> None:
    """To 1e-12 of each entry; entries that are differences of larger ones, to 1e-12 of the largest of their kind."""
    theirs, ours = np.asarray(theirs, float), np.asarray(ours, float)
    assert theirs.shape == ours.shape, name
    largest = max(scale, float(np.max(np.abs(ours), initial=0.0)))
    np.testing.assert_allclose(theirs, ours, rtol=1e-12, atol=1e-12 * largest, err_msg=name)


def rest_of(name: str, state: dict[str, Any], series: dict[str, Any]) -> tuple[Any, ...]:
    """What a field is the remainder of."""
    return {
        "arrears": (series["demand"],),
        "unfilled": (state["backlog"], state["stock_out"], series["exports"]),
        "allowance": (series["granted"], series["exports"]),
        "review": (series["applied"],),
        "stock_out": (series["production"],),
        "backlog": (series["production"],),
        # what is bought and handed out within a step leaves rounding of what was bought
        "stockpile": (state["stock_out"], series["production"]),
    }.get(name, ())


def compare(world: World, state: State, forcing: Any, draw: int, new: State, seen: dict[str, Any]) -> None:
    twin = twin_of(world)
    state_ = of_draw(state, draw)
    ours, series = twin.step(of_draw(world.constants, draw), state_, of_draw(forcing, draw))
    told = of_draw(new, draw)
    assert set(ours) == {f.name for f in fields(State)}
    for name in ours:
        # what is left of a stock is a difference: it is as exact as what was there, or as what it is the rest of
        before = float(np.max(np.abs(state_[name]), initial=0.0))
        whole = max((float(np.max(np.abs(size), initial=0.0)) for size in rest_of(name, ours, series)), default=0.0)
        agree(told[name], ours[name], name, max(before, whole))
    assert set(series) == set(seen)
    largest = lambda *sizes: max(float(np.max(np.abs(size), initial=0.0)) for size in sizes)  # noqa: E731
    whole = {
        "residual": largest(ours["mass"]),
        "stockpile": largest(state_["stockpile"], state_["stock_out"], series["production"]),
    }
    for name in series:
        agree(np.asarray(seen[name])[:, draw], series[name], name, whole.get(name, 0.0))


@pytest.fixture(scope="module")
def trajectory(world: World) -> tuple[Any, Any, Any]:
    forcing = world.forcing()
    states, seen = world.run(forcing)
    return forcing, states, seen


@pytest.mark.parametrize("step", range(40))
def test_agrees_along_a_trajectory(world: World, trajectory: tuple[Any, Any, Any], step: int) -> None:
    forcing, states, seen = trajectory
    before = world.initial if step == 0 else step_of(states, step - 1)
    f = step_of(forcing, step)
    compare(world, before, f, step % DRAWS, step_of(states, step), {k: v[step] for k, v in seen.items()})


SHARED = ("share", "success", "mix", "supplied", "ramp")


def shaken(state: State, seed: int, size: float, emptied: float) -> State:
    """A state with every entry moved by up to a factor exp(size), some emptied, shares still shares."""
    rng = np.random.default_rng(seed)
    changed = {}
    for field in fields(State):
        value = np.asarray(getattr(state, field.name))
        if field.name == "log_price":
            value = value + size * rng.normal(size=value.shape)
        elif field.name in SHARED:
            value = np.clip(value * rng.uniform(0.5, 1.5, value.shape), 0.0, 1.0)
        else:
            moved = value * np.exp(size * rng.normal(size=value.shape)) + (rng.random(value.shape) < 0.1) * rng.random(
                value.shape
            )
            value = np.where(rng.random(value.shape) < emptied, 0.0, moved)
        changed[field.name] = jnp.asarray(value)
    return State(**changed)


@settings(max_examples=40)
@given(
    seed=st.integers(0, 2**31),
    size=st.sampled_from([0.1, 0.5, 2.0]),
    emptied=st.sampled_from([0.0, 0.2, 0.7]),
    step=st.integers(0, 39),
    wild=st.booleans(),
)
def test_agrees_on_wild_states(seed: int, size: float, emptied: float, step: int, wild: bool) -> None:
    world = eventful()
    state = shaken(world.initial, seed, size, emptied)
    forcing = step_of(world.forcing(), step)
    if wild:
        rng = np.random.default_rng(seed + 1)
        unit = lambda name: jnp.asarray(rng.random(getattr(forcing, name).shape))  # noqa: E731
        names = ("licensed", "same_code", "refused", "hold", "general", "output", "border", "tech")
        names = (*names, "requisition", "offtake")
        given = {"throughput": 10.0 * unit("throughput"), "release": 3.0 * unit("release") ** 3}
        forcing = replace(forcing, **{name: unit(name) for name in names}, **given)
    new, seen = world.step(world.constants, state, forcing)
    compare(world, state, forcing, seed % DRAWS, new, seen)


def test_the_twin_can_disagree(world: World, trajectory: tuple[Any, Any, Any]) -> None:
    forcing, states, seen = trajectory
    bent = replace(step_of(forcing, 20), restock=step_of(forcing, 20).restock * (1.0 + 1e-9))
    with pytest.raises(AssertionError, match=r"stock_|backlog|transit|unfilled|review|allowance"):
        compare(world, step_of(states, 19), bent, 0, step_of(states, 20), {k: v[20] for k, v in seen.items()})


@pytest.mark.slow
def test_agrees_on_the_whole_world() -> None:
    """One draw of April 2025 on the package's own network: before the controls, and in the middle of them."""
    from ytterby.evidence import baseline, weigh
    from ytterby.run.chain.forcing import force
    from ytterby.run.chain.model import Chain
    from ytterby.world import build, scenarios

    told = scenarios.load("april-2025")
    network = build.build(weigh.weigh(baseline.load(), told.world_known), told.world_known)
    world = World(Chain(force(network, told)), draws=1)
    forcing = world.forcing(told.steps)
    state = world.initial
    for step in range(26):
        new, seen = world.step(world.constants, state, step_of(forcing, step))
        if step in (0, 25):
            compare(world, state, step_of(forcing, step), 0, new, seen)
        state = new
