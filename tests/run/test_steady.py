from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import worlds
from hypothesis import given
from hypothesis import strategies as st
from toy import toy
from worlds import World

from ytterby.run.chain.forcing import force
from ytterby.run.chain.initial import flows
from ytterby.run.chain.model import KEPT, Chain
from ytterby.world.network import Network


def dense(n: Network, demand: np.ndarray, yields: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Steady use, orders and link flows of one draw, by one dense solve: orders = A orders + b."""
    acts, ins, outs, links = (len(x) for x in (n.activities, n.in_slot_facility, n.out_slot_facility, n.link_out))
    inputs = np.zeros((ins, acts))
    np.add.at(inputs, (n.input_slot, n.input_activity), n.input_coef)
    per_order = np.zeros((acts, outs))
    for o in range(outs):
        runs = [a for a in range(acts) if n.activity_drive[a] == o]
        total = sum(n.activity_share[a] for a in runs)
        for a in runs:
            coef = n.output_coef[(n.output_activity == a) & (n.output_slot == o)].sum()
            per_order[a, o] = n.activity_share[a] / total / coef / yields[a]
    to_links = np.zeros((links, ins))
    to_links[np.arange(links), n.link_in] = n.link_share
    from_outs = np.zeros((outs, links))
    from_outs[n.link_out, np.arange(links)] = 1.0
    final = np.zeros(acts)
    np.add.at(final, n.terminal_activity, demand[n.terminal_group] * n.terminal_share)
    upstream = from_outs @ to_links @ inputs
    orders = np.linalg.solve(np.eye(outs) - upstream @ per_order, upstream @ final)
    use = inputs @ (per_order @ orders + final)
    return use, orders, to_links @ use


@given(seed=st.integers(0, 2**31))
def test_first_flows_are_those_of_a_dense_solve(seed: int) -> None:
    n = toy()
    rng = np.random.default_rng(seed)
    share = rng.random(len(n.link_out)) + 0.05
    share = share / np.bincount(n.link_in, weights=share)[n.link_in]
    n = replace(n, link_share=share, terminal_share=np.array([1.0, 0.35, 0.65, 1.0]))
    demand = rng.exponential(1000.0, (3, 3))
    yields = rng.uniform(0.7, 1.0, (len(n.activities), 3))
    found = flows(n, demand, yields)
    for draw in range(3):
        for mine, theirs in zip(found, dense(n, demand[:, draw], yields[:, draw]), strict=True):
            np.testing.assert_allclose(mine[:, draw], theirs, rtol=1e-8, atol=1e-9)


def test_the_first_state_holds_what_the_flows_ask_for(world: World) -> None:
    n, c, s = world.network, world.constants, world.initial
    demand = np.asarray(world.inputs.forcing.demand[0] * c.demand_factor)
    for draw in range(worlds.DRAWS):
        use, orders, link = dense(n, demand[:, draw], np.asarray(c.yields)[:, draw])
        at = lambda name, d=draw: np.asarray(getattr(s, name))[..., d]  # noqa: E731
        np.testing.assert_allclose(at("expected_use"), use, rtol=1e-8)
        np.testing.assert_allclose(at("stock_in"), np.asarray(c.cover)[:, draw] * use, rtol=1e-8)
        np.testing.assert_allclose(at("stock_out"), n.out_slot_cover * orders, rtol=1e-8)
        # Little's law: what is on its way is flow times lead
        np.testing.assert_allclose(at("transit").sum(axis=0), link * np.asarray(c.lead)[:, draw], rtol=1e-8)
        np.testing.assert_allclose(at("backlog"), link * float(c.behaviour["handling_days"][draw]), rtol=1e-8)
    assert np.all(np.asarray(s.log_price) == 0.0)


def balanced() -> Network:
    """The toy with as much scrap as its recycler is asked for, and every plant at its nameplate."""
    n = toy()
    share = n.link_share.copy()
    dysprosium = np.flatnonzero(n.link_in == 3)
    share[dysprosium] = [0.9, 0.1]
    return replace(
        n,
        link_share=share,
        ramp_start=np.full(len(n.facilities), -np.inf),
        demand=np.repeat(n.demand[:, :1], 3, axis=1),
        yield_by=np.zeros_like(n.yield_by),
    )


@pytest.fixture(scope="module")
def still() -> World:
    return World(Chain(force(balanced(), worlds.licences())), draws=2)


def test_a_world_left_alone_stays_as_it_is(still: World) -> None:
    """Constant demand and no controls: a year after it has settled, no flow has left its first level by 1 %."""
    forcing = still.calm(104)
    states, seen = still.run(forcing, constants=still.licensing(patience_days=1e9))
    first = still.initial
    demand = seen["demand"][52:]
    np.testing.assert_allclose(seen["output"][52:], demand, rtol=0.01)
    year = slice(52, 104)
    use = np.asarray(first.expected_use)
    np.testing.assert_allclose(states.expected_use[year], np.broadcast_to(use, (52, *use.shape)), rtol=0.01)
    orders = np.asarray(first.expected_orders)
    scrap = [o for o, m in enumerate(still.network.out_slot_material) if still.network.material_stage[m] == "recycling"]
    kept = [o for o in range(len(orders)) if o not in scrap]
    np.testing.assert_allclose(
        states.expected_orders[year][:, kept], np.broadcast_to(orders[kept], (52, len(kept), 2)), rtol=0.01
    )
    np.testing.assert_allclose(states.log_price[year], 0.0, atol=0.25)


def test_settling_keeps_what_is_told_and_closes_the_mass(still: World) -> None:
    run = lambda c, s, f: (jax.tree.map(lambda a: jnp.asarray(a[-1]), still.run(f, c, s)[0]), None)  # noqa: E731
    settled = still.chain.settle(still.constants, still.initial, still.calm(104), run, 104)
    for name in KEPT:
        np.testing.assert_array_equal(getattr(settled, name), getattr(still.constants.initial, name), err_msg=name)
    from ytterby.run.chain.model import mass

    np.testing.assert_allclose(settled.mass, mass(still.chain.structure, settled), rtol=1e-12)
    assert not np.array_equal(settled.stock_in, still.initial.stock_in)


def test_a_run_that_starts_under_controls_does_not_settle_under_them(still: World) -> None:
    bound = still.calm(104, licensed=1.0)
    untouched = still.chain.settle(still.constants, still.initial, bound, None, 104)
    assert untouched is still.initial
