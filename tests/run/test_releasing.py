"""Releases of a state's stockpile: who gets them, in which order, and that nothing is lost on the way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy import toy
from worlds import DRAWS, World, event, eventful, licences, row, step_of

from ytterby import BadValue
from ytterby.run.chain import events, releasing
from ytterby.run.chain.forcing import force
from ytterby.run.chain.model import Chain
from ytterby.run.ensemble import residual
from ytterby.world.scenarios import Scenario

DT = 7.0
SEEDS = st.integers(0, 2**31)


def handed(
    world: World, seed: int, *, requisition: float, width: float = 0.0, release: Any = None, **changed: Any
) -> tuple[np.ndarray, ...]:
    """Held before, stock, target, and what `give` makes of them: given and held after; any draw."""
    n, rng = world.network, np.random.default_rng(seed)
    slots = (len(n.in_slot_facility), DRAWS)
    made = {
        "held": rng.exponential(5.0, (len(n.out_slot_facility), DRAWS)) * (rng.random((1, DRAWS)) < 0.8),
        "stock": rng.exponential(30.0, slots),
        "use": rng.exponential(1.0, slots) * (rng.random(slots) < 0.8),
    } | changed
    rates = rng.exponential(1.0, len(world.chain.forced.structure.release_events)) if release is None else release
    forcing = step_of(world.calm(requisition=requisition, release=rates), 0)
    found = releasing.give(
        world.chain.forced.structure, world.constants, forcing,
        *(jnp.asarray(made[name]) for name in ("held", "stock", "use")), DT, width,
    )  # fmt: skip
    target = np.asarray(world.constants.cover) * made["use"]
    return made["held"], made["stock"], target, *(np.asarray(one) for one in found)


def by_material(values: np.ndarray, material: np.ndarray, materials: int) -> np.ndarray:
    total = np.zeros((materials, values.shape[1]))
    np.add.at(total, material, values)
    return total


@given(seed=SEEDS, requisition=st.sampled_from([0.0, 0.4, 1.0]), width=st.sampled_from([0.0, 0.02, 0.3]))
def test_what_is_given_is_what_is_held_no_more(seed: int, requisition: float, width: float) -> None:
    world = eventful()
    n = world.network
    held, _, _, given_, after = handed(world, seed, requisition=requisition, width=width)
    assert given_.min() >= 0.0
    assert after.min() >= 0.0
    assert np.all(after <= held * (1 + 1e-15))
    got = by_material(given_, n.in_slot_material, len(n.materials))
    gone = by_material(held - after, n.out_slot_material, len(n.materials))
    np.testing.assert_allclose(got, gone, rtol=0, atol=1e-13 * held.sum())
    # every plant's store loses the same part
    for o, m in enumerate(n.out_slot_material):
        pool = held[n.out_slot_material == m].sum(axis=0)
        part = np.divide(gone[m], pool, out=np.zeros(DRAWS), where=pool > 0)
        np.testing.assert_allclose(held[o] - after[o], held[o] * part, rtol=0, atol=1e-13 * held.sum())


@given(seed=SEEDS, requisition=st.sampled_from([0.0, 1.0]))
def test_users_at_home_get_what_they_lack_in_proportion_and_nobody_else_does(seed: int, requisition: float) -> None:
    world = eventful()
    s, n = world.chain.forced.structure, world.network
    rates = np.random.default_rng(seed).exponential(1.0, len(s.release_events))
    held, stock, target, given_, _ = handed(world, seed, requisition=requisition, release=rates)
    gap = np.maximum(target - stock, 0.0)
    assert np.all(given_ <= gap * (1 + 1e-12))
    pool = by_material(held, n.out_slot_material, len(n.materials))
    asked = {e: np.minimum(rates[e] * DT, gap[users].sum(axis=0)) for e, users in enumerate(s.release_events)}
    material = [int(n.in_slot_material[np.flatnonzero(users)[0]]) for users in s.release_events]
    for e, users in enumerate(s.release_events):
        rivals = sum(asked[k] for k, m in enumerate(material) if m == material[e])
        whole = asked[e] * np.minimum(1.0, np.divide(pool[material[e]], rivals, out=np.ones(DRAWS), where=rivals > 0))
        np.testing.assert_allclose(given_[users].sum(axis=0), whole, rtol=1e-12, atol=1e-15)
        military = users & s.in_slot_terminal & n.group_military[s.in_slot_group]
        region = n.regions[n.facility_region[n.in_slot_facility[np.flatnonzero(users)[0]]]]
        if requisition and military.any():
            full = np.isclose(given_[military].sum(axis=0), gap[military].sum(axis=0), rtol=1e-12, atol=1e-15)
            assert np.all(full | (given_[users & ~military].sum(axis=0) <= 1e-12 * whole)), region
        else:
            part = np.divide(whole, gap[users].sum(axis=0), out=np.zeros(DRAWS), where=gap[users].sum(axis=0) > 0)
            np.testing.assert_allclose(given_[users], gap[users] * part, rtol=1e-11, atol=1e-15)
    outside = ~np.any(s.release_events, axis=0)
    assert outside.any()
    assert np.all(given_[outside] == 0.0)


def test_what_nobody_lacks_stays_held(world: World) -> None:
    n = world.network
    full = np.full((len(n.in_slot_facility), DRAWS), 1e6)
    held, _, _, given_, after = handed(world, 1, requisition=1.0, stock=full)
    assert held.sum() > 0.0
    assert np.all(given_ == 0.0)
    np.testing.assert_array_equal(after, held)


def _cut_off(release: float) -> Scenario:
    """Magnets bought in China until the end of June; nothing for the US from July on, but for what is released."""
    from datetime import date

    cut = {"date": date(2025, 6, 30), "until": None, "region": "US"}
    told = [
        event("stockpile_buy", region="CN", material="magnet.UH", value=1.0),
        event("border", **cut, value=0.0),
        event("requisition", **cut),
        event("stockpile_release", **cut, material="magnet.UH", value=release),
    ]
    return licences().model_copy(update={"events": tuple(told), "end": date(2025, 12, 28)})


@pytest.mark.usefixtures("quick_to_compile")
def test_a_release_keeps_those_at_home_running_arms_before_cars() -> None:
    """Compared draw by draw with the same world in which as much is bought and nothing handed out."""
    worlds_ = [World(Chain(force(toy(), _cut_off(rate)))) for rate in (0.0, 0.6)]
    steps = worlds_[0].chain.grid.steps
    (held, idle), (given_, seen) = (one.run(one.forcing(steps)) for one in worlds_)
    n = worlds_[0].network
    assert residual(seen) <= 1e-9
    uh = row(n.materials, "magnet.UH")
    assert np.all(given_.stockpile[-1].sum(axis=0) < held.stockpile[-1].sum(axis=0))
    assert np.all(np.diff(seen["stockpile"][-20:, uh], axis=0) <= 1e-12)
    built = {name: [out["output"][:, row(n.groups, name)].sum(axis=0) for out in (idle, seen)] for name in n.groups}
    assert np.all(built["mil.US"][1] > built["mil.US"][0])
    assert np.all(built["car.US"][1] >= built["car.US"][0] - 1e-9)
    # nobody abroad gets any of it
    first = int(np.argmax(np.any(seen["stockpile"][:, uh] != idle["stockpile"][:, uh], axis=-1)))
    abroad = n.facility_region[n.in_slot_facility] != n.regions.index("US")
    np.testing.assert_array_equal(given_.stock_in[first][abroad], held.stock_in[first][abroad])
    more = given_.stock_in[first] - held.stock_in[first]
    military = np.array([n.facilities[f] == "mil_us" for f in n.in_slot_facility])
    assert np.all(more[military] > 0.0)
    target = np.asarray(worlds_[1].constants.cover) * given_.expected_use[first]
    short = given_.stock_in[first][military] < target[military] * (1 - 1e-9)
    assert np.all(more[~military & ~abroad].sum(axis=0)[short.any(axis=0)] <= 1e-12)


def test_releases_of_one_material_and_region_add_up() -> None:
    one = event("stockpile_release", region="US", material="magnet.UH", value=0.5)
    two = event("stockpile_release", "more", region="US", material="magnet.UH", value=0.25)
    other = event("stockpile_release", "other", region="US", material="magnet.N", value=1.0)
    told = force(toy(), licences().model_copy(update={"events": (one, other, two)}))
    assert events.releases((one, other, two)) == (("magnet.UH", "US"), ("magnet.N", "US"))
    world = World(Chain(told))
    np.testing.assert_allclose(np.asarray(world.inputs.forcing.release).max(axis=0), [0.75, 1.0])
    n = world.network
    slots = [{n.facilities[n.in_slot_facility[i]] for i in np.flatnonzero(u)} for u in told.structure.release_events]
    assert slots == [{"car_us", "mil_us"}, {"car_us"}]
    assert World(Chain(force(toy(), licences()))).inputs.forcing.release.shape[1] == 0


def test_a_release_nobody_can_use_is_refused() -> None:
    told = licences().model_copy(update={"events": (event("stockpile_release", region="US", material="oxide.Dy"),)})
    with pytest.raises(BadValue, match="no plant or maker in US uses oxide") as caught:
        force(toy(), told)
    assert "stockpile-release" in caught.value.place
    with pytest.raises(ValueError, match="must not be negative"):
        event("stockpile_release", region="US", material="magnet.UH", value=-1.0)
    for missing in ({"region": "US"}, {"material": "magnet.UH"}):
        with pytest.raises(ValueError, match="needs"):
            event("stockpile_release", **missing)


@given(seed=SEEDS, requisition=st.sampled_from([0.0, 0.4, 1.0]))
def test_the_smooth_form_goes_to_the_hard_one(seed: int, requisition: float) -> None:
    world = eventful()
    hard, near, nearer = (handed(world, seed, requisition=requisition, width=w)[3] for w in (0.0, 1e-2, 1e-4))
    scale = hard.sum() + 1.0
    assert np.abs(near - hard).max() <= 0.1 * scale
    assert np.abs(nearer - hard).max() <= 2e-3 * scale


@given(seed=SEEDS, requisition=st.sampled_from([0.0, 0.4, 1.0]))
def test_slopes_are_those_of_differences(seed: int, requisition: float) -> None:
    """By what is held, what users have and use, and by the rate, along any direction."""
    world, rng = eventful(), np.random.default_rng(seed)
    s, n = world.chain.forced.structure, world.network
    forcing = step_of(world.calm(requisition=requisition), 0)
    slots, outs = (len(n.in_slot_facility), DRAWS), (len(n.out_slot_facility), DRAWS)
    start = {
        "held": rng.uniform(0.5, 9.0, outs),
        "stock": rng.uniform(5.0, 60.0, slots),
        "use": rng.uniform(0.1, 3.0, slots),
        "release": rng.uniform(0.1, 2.0, len(s.release_events)),
    }
    weights = [rng.normal(size=slots), rng.normal(size=outs)]

    def value(at: Any) -> Any:
        told = replace(forcing, release=at["release"])
        found = releasing.give(s, world.constants, told, at["held"], at["stock"], at["use"], DT, 0.05)
        return sum(jnp.sum(w * one) for w, one in zip(weights, found, strict=True))

    at = {name: jnp.asarray(values) for name, values in start.items()}
    slopes = jax.grad(value)(at)
    for name, values in start.items():
        way = rng.normal(size=values.shape)
        told = float(jnp.sum(slopes[name] * way))
        step = 1e-5
        ends = [float(value(at | {name: at[name] + sign * step * way})) for sign in (-1.0, 1.0)]
        assert told == pytest.approx((ends[1] - ends[0]) / (2 * step), rel=1e-5, abs=1e-5), name
