from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
from worlds import World, step_of

from ytterby.run.chain import capacity, events
from ytterby.run.chain.state import BUILD_STAGES


def test_a_ramp_runs_from_its_start_at_its_rate(world: World) -> None:
    f = world.network.facilities.index("mag_us")
    day = np.asarray(world.forcing().day)
    states, _ = world.run(world.calm(day=day))
    start, rate = np.asarray(world.constants.ramp_start)[f], np.asarray(world.constants.ramp_rate)[f]
    begun = day[:, None] >= start[None]
    expected = np.minimum(np.cumsum(begun, axis=0) * rate * 7.0, 1.0)
    np.testing.assert_allclose(states.ramp[:, f], expected, rtol=1e-12)
    others = [g for g in range(len(world.network.facilities)) if g != f]
    assert np.all(states.ramp[:, others] == 1.0)


def test_technology_controls_slow_ramps_by_dependence(world: World) -> None:
    f = world.network.facilities.index("mag_us")
    day = np.asarray(world.forcing().day)
    free, _ = world.run(world.calm(day=day))
    held, _ = world.run(world.calm(day=day, tech=1.0))
    lost = np.asarray(world.constants.behaviour["tech_ramp"]) * world.network.tech_dependence[f]
    grown = free.ramp[-1, f] > 0
    assert grown.all()
    np.testing.assert_allclose(held.ramp[-1, f], free.ramp[-1, f] * (1.0 - lost), rtol=1e-12)
    assert np.all(held.ramp[-1, f] < free.ramp[-1, f])


def test_technology_controls_cost_yield_while_a_plant_ramps(world: World) -> None:
    s, c = world.chain.forced.structure, world.constants
    a = world.network.activities.index("N_us")
    rest = [x for x in range(len(world.network.activities)) if x != a]
    bound = step_of(world.calm(tech=1.0), 0)
    young = np.asarray(capacity.yields(s, c, world.initial, bound) / c.yields)
    np.testing.assert_allclose(young[a], 1.0 - 0.8 * np.asarray(c.behaviour["tech_yield"]), rtol=1e-12)
    np.testing.assert_array_equal(young[rest], 1.0)
    grown = replace(world.initial, ramp=jnp.ones_like(world.initial.ramp))
    np.testing.assert_array_equal(np.asarray(capacity.yields(s, c, grown, bound)), np.asarray(c.yields))


def test_prices_call_forth_capacity_after_its_build_time(world: World) -> None:
    s, n = world.chain.forced.structure, world.network
    f = n.facilities.index("metal_us")
    price = world.initial.log_price + np.log(4.0)
    state = replace(world.initial, log_price=price)
    forcing = step_of(world.calm(), 0)
    ordered = np.asarray(world.constants.behaviour["invest_rate"]) / 365.25 * 2.0 * n.capacity[f] * 7.0
    _, added, building = capacity.grow(s, world.constants, state, forcing, 7.0, 0.0)
    np.testing.assert_allclose(np.asarray(added)[f] + np.asarray(building)[:, f].sum(axis=0), ordered, rtol=1e-12)
    # none at plants that do not invest, none at base prices
    quiet = ~n.invests
    assert np.all(np.asarray(building)[:, quiet] == 0.0)
    _, added, building = capacity.grow(s, world.constants, world.initial, forcing, 7.0, 0.0)
    assert np.all(np.asarray(building) == 0.0)
    # the mean build time is the plant's
    state = replace(world.initial, building=jnp.zeros((BUILD_STAGES, len(n.facilities), 4)).at[0, f].set(1.0))
    mean, done = 0.0, 0.0
    grow = jax.jit(lambda state: capacity.grow(s, world.constants, state, forcing, 30.0, 0.0))
    for k in range(300):
        _, added, building = grow(state)
        out = float(added[f, 0] - state.added[f, 0])
        mean, done = mean + out * 30.0 * (k + 1), done + out
        state = replace(state, added=added, building=building)
    assert done > 1.0 - 1e-9
    # what lies in the first stage has waited a step when it could first move on
    np.testing.assert_allclose(mean, n.build_days[f] + 30.0, rtol=1e-6)


def test_public_money_buys_capacity_at_its_price(world: World) -> None:
    s, n = world.chain.forced.structure, world.network
    f, mine = n.facilities.index("mag_us"), n.facilities.index("mine_cn")
    priced = {name.removeprefix("capex_") for name in world.constants.behaviour if name.startswith("capex_")}
    others = np.array([stage not in priced for stage in n.facility_stage])
    assert priced == set(events.BOUGHT)
    assert others.any()
    _, added, building = capacity.grow(
        s, world.constants, world.initial, step_of(world.calm(investment=1e6), 0), 7.0, 0.0
    )
    bought = np.asarray(added)[f] + np.asarray(building)[:, f].sum(axis=0)
    cost = np.asarray(world.constants.behaviour["capex_magnet"])
    np.testing.assert_allclose(bought, 7e6 / (cost * 365.25), rtol=1e-12)
    dug = np.asarray(added)[mine] + np.asarray(building)[:, mine].sum(axis=0)
    np.testing.assert_allclose(dug, 7e6 / (np.asarray(world.constants.behaviour["capex_mine"]) * 365.25), rtol=1e-12)
    assert np.all(np.asarray(building)[:, others] == 0.0)


def test_nothing_is_made_beyond_capacity(world: World) -> None:
    n = world.network
    _, seen = world.run(world.calm(demand=1e5))
    mine = seen["production"][:, n.materials.index("conc.x")]
    most = np.asarray(world.constants.capacity)[n.facilities.index("mine_cn")] * 7.0
    assert np.all(mine <= most * (1 + 1e-12))
    assert np.isclose(mine, most[None]).any(), "the capacity binds"
    _, half = world.run(world.calm(demand=1e5, output=0.5))
    assert np.all(half["production"][:, n.materials.index("conc.x")] <= 0.5 * most * (1 + 1e-12))
    _, lost = world.run(world.calm(output=0.0))
    assert np.all(lost["production"][:, n.materials.index("conc.x")] == 0.0)
