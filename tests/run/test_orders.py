from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from worlds import World, eventful, step_of

from ytterby.run.chain import demand, orders


def shares_by_slot(world: World, share: np.ndarray) -> np.ndarray:
    n = world.network
    total = np.zeros((len(n.in_slot_facility), share.shape[-1]))
    np.add.at(total, n.link_in, share)
    return total


@given(seed=st.integers(0, 2**31))
def test_shares_keep_their_sum_and_move_toward_who_delivers(seed: int) -> None:
    world = eventful()
    s, n = world.chain.forced.structure, world.network
    rng = np.random.default_rng(seed)
    share = rng.random((len(n.link_out), 4)) + 1e-3
    share = share / shares_by_slot(world, share)[n.link_in]
    ready = rng.exponential(1.0, share.shape)
    shipped = ready * rng.random(share.shape)
    state = replace(world.initial, share=jnp.asarray(share), success=jnp.asarray(rng.random(share.shape)))
    new, success = orders.drift(
        s, world.constants, state, step_of(world.calm(), 0), jnp.asarray(shipped), jnp.asarray(ready), 7.0
    )
    np.testing.assert_allclose(shares_by_slot(world, np.asarray(new)), 1.0, rtol=1e-12)
    assert np.min(new) >= 0.0
    assert np.all((np.asarray(success) >= 0) & (np.asarray(success) <= 1))
    # replicator: without the pull of habit, whoever delivers better than the slot's mean gains, and nobody else
    habit = orders.RETURN * (n.link_drift * 7.0)[:, None] * (n.link_share[:, None] - share)
    mean = np.zeros((len(n.in_slot_facility), 4))
    np.add.at(mean, n.link_in, share * np.asarray(success))
    gain = np.asarray(new) - share - habit
    rivals = np.bincount(n.link_in)[n.link_in] > 1
    better = np.asarray(success) - mean[n.link_in]
    assert np.all(np.sign(gain[rivals]) == np.sign(better[rivals]))


def test_a_supplier_behind_a_shut_gate_loses_to_its_rival(world: World) -> None:
    n = world.network
    states, _ = world.run(world.calm(refused=1.0))
    rivals = [
        k
        for k in range(len(n.link_out))
        if 0 < n.link_share[k] < 1 and n.facility_region[n.in_slot_facility[n.link_in[k]]] == 1
    ]
    crossing = set(world.chain.forced.structure.crossing.tolist())
    for k in rivals:
        moved = states.share[-1][k] - n.link_share[k]
        assert np.all(moved < 0) if k in crossing else np.all(moved > 0)
    np.testing.assert_allclose(shares_by_slot(world, states.share[-1]), 1.0, rtol=1e-10)


def test_orders_meet_use_when_everything_is_on_target(world: World) -> None:
    """Anchor and adjustment: no gap, no adjustment."""
    s, n, c = world.chain.forced.structure, world.network, world.constants
    use = world.initial.expected_use
    pipe = np.asarray(c.pipeline * use)
    transit = np.zeros(world.initial.transit.shape)
    transit[0] = pipe[n.link_in] * n.link_share[:, None]
    state = replace(
        world.initial,
        stock_in=c.cover * use,
        transit=jnp.asarray(transit),
        backlog=jnp.zeros_like(world.initial.backlog),
    )
    placed = orders.place(s, c, state, step_of(world.calm(), 0), use, 7.0, 0.0)
    np.testing.assert_allclose(placed, n.link_share[:, None] * np.asarray(use)[n.link_in] * 7.0, rtol=1e-12)


def test_orders_are_never_negative_and_never_beyond_their_cap(world: World) -> None:
    s, n, c = world.chain.forced.structure, world.network, world.constants
    use = world.initial.expected_use
    forcing = step_of(world.calm(), 0)
    glut = replace(world.initial, stock_in=world.initial.stock_in * 1e3)
    assert np.all(np.asarray(orders.place(s, c, glut, forcing, use, 7.0, 0.0)) == 0.0)
    empty = replace(
        world.initial,
        stock_in=world.initial.stock_in * 0,
        transit=world.initial.transit * 0,
        backlog=world.initial.backlog * 0,
    )
    most = np.asarray(orders.place(s, c, empty, forcing, use, 7.0, 0.0))
    cap = np.asarray(c.behaviour["order_cap"] * use)[n.link_in] * n.link_share[:, None] * 7.0
    assert np.all(most <= cap * (1 + 1e-12))
    assert np.isclose(most, cap).any()


def test_buyers_abroad_alone_restock(world: World) -> None:
    s, c = world.chain.forced.structure, world.constants
    use = world.initial.expected_use
    place = lambda f: np.asarray(orders.place(s, c, world.initial, step_of(f, 0), use, 7.0, 0.0))  # noqa: E731
    usual, more = place(world.calm()), place(world.calm(restock=1.2))
    abroad = s.in_slot_abroad[world.network.link_in]
    assert np.all(more[abroad] > usual[abroad])
    np.testing.assert_array_equal(more[~abroad], usual[~abroad])


def test_demand_falls_with_price_at_its_elasticity(world: World) -> None:
    s, n, c = world.chain.forced.structure, world.network, world.constants
    forcing = step_of(world.calm(), 0)
    base = np.asarray(demand.wanted(s, c, world.initial, forcing))
    doubled = replace(world.initial, log_price=world.initial.log_price + np.log(2.0))
    dear = np.asarray(demand.wanted(s, c, doubled, forcing))
    np.testing.assert_allclose(dear / base, 2.0 ** -n.group_elasticity[:, None] + 0 * base, rtol=1e-12)


@given(seed=st.integers(0, 2**31))
def test_designs_share_their_group_within_their_bounds(seed: int) -> None:
    world = eventful()
    s, n, c = world.chain.forced.structure, world.network, world.constants
    rng = np.random.default_rng(seed)
    desire = jnp.asarray(rng.exponential(10.0, (len(n.terminal_activity), 4)))
    built = desire * 7.0 * rng.random(desire.shape)
    state = replace(world.initial, supplied=jnp.asarray(rng.random(desire.shape)))
    mix, supplied = demand.substitute(s, c, state, desire, built, 7.0)
    total = np.zeros((len(n.groups), 4))
    np.add.at(total, n.terminal_group, np.asarray(mix))
    np.testing.assert_allclose(total, 1.0, rtol=1e-12)
    assert np.min(mix) >= 0.0
    assert np.all((np.asarray(supplied) >= 0) & (np.asarray(supplied) <= 1))


def test_the_design_that_cannot_be_built_loses_share(world: World) -> None:
    n = world.network
    # the gate for UH magnets is shut, that for N magnets is open
    gate = np.array([n.materials[m] == "magnet.UH" for m in world.chain.forced.structure.gate_material], dtype=float)
    states, _ = world.run(world.calm(refused=gate[None]))
    uh, plain = 1, 2
    assert np.all(states.mix[-1][uh] < n.terminal_share[uh])
    assert np.all(states.mix[-1][plain] > n.terminal_share[plain])
    assert np.all(states.mix[:, plain] <= n.terminal_share_max[plain] + 1e-12)


def test_lost_output_is_caught_up_and_then_forgotten(world: World) -> None:
    s, n, c = world.chain.forced.structure, world.network, world.constants
    want = jnp.asarray(np.full((len(n.groups), 4), 10.0))
    none, built = jnp.asarray(np.zeros((len(n.terminal_activity), 4))), jnp.asarray(np.full((4, 4), 70.0))
    share, fade = np.asarray(c.behaviour["catch_up_share"]), np.asarray(c.behaviour["patience_days"])
    fade = fade / (fade + 7.0)
    owed = demand.arrears(s, c, world.initial, want, none, 7.0, 0.0)
    np.testing.assert_allclose(owed, (70.0 * share * fade)[None] + 0 * np.asarray(owed), rtol=1e-12)
    state = replace(world.initial, arrears=owed)
    lines = np.asarray(demand.desired(s, c, state, want, 0.0))
    faster = np.minimum(np.asarray(owed) / demand.CATCH_UP_DAYS, np.asarray(c.behaviour["overtime"]) * 10.0)
    np.testing.assert_allclose(
        np.add.reduceat(lines, [0, 1, 3], axis=0), 10.0 + faster, rtol=1e-12, err_msg="terminals 0 | 1, 2 | 3"
    )
    exact = built.at[1:3].set(35.0)
    forgotten = demand.arrears(s, c, state, want, exact, 7.0, 0.0)
    np.testing.assert_allclose(forgotten, np.asarray(owed) * fade, rtol=1e-12)
    paid = demand.arrears(s, c, state, want, exact * 1.05, 7.0, 0.0)
    np.testing.assert_allclose(paid, np.maximum(np.asarray(owed) - 3.5, 0.0) * fade, rtol=1e-10)


def test_makers_order_for_the_demand_they_see_coming(world: World) -> None:
    s, c = world.chain.forced.structure, world.constants
    use = world.initial.expected_use
    place = lambda f: np.asarray(orders.place(s, c, world.initial, step_of(f, 0), use, 7.0, 0.0))  # noqa: E731
    usual, more = place(world.calm()), place(world.calm(outlook=1.1))
    final = s.in_slot_terminal[world.network.link_in]
    assert np.all(more[final] > usual[final])
    np.testing.assert_array_equal(more[~final], usual[~final])


def test_orders_to_china_are_pulled_ahead_of_the_festival(world: World) -> None:
    s, c = world.chain.forced.structure, world.constants
    use = world.initial.expected_use
    place = lambda f: np.asarray(orders.place(s, c, world.initial, step_of(f, 0), use, 7.0, 0.0))  # noqa: E731
    usual, before, after = (place(world.calm(rush=r)) for r in (0.0, 1.0, -1.0))
    rush = 1.0 + np.asarray(c.behaviour["festival_rush"])
    np.testing.assert_allclose(before[s.crossing], usual[s.crossing] * rush, rtol=1e-12)
    np.testing.assert_allclose(before[s.crossing] + after[s.crossing], 2 * usual[s.crossing], rtol=1e-12)
    inland = np.setdiff1d(np.arange(len(usual)), s.crossing)
    np.testing.assert_array_equal(before[inland], usual[inland])


def test_promises_move_orders_home_by_what_can_run_there(world: World) -> None:
    s, n = world.chain.forced.structure, world.network
    c, state = world.constants, world.initial
    forcing = step_of(world.calm(offtake=0.9), 0)
    amount = jnp.ones_like(state.share)
    seller = n.out_slot_facility[n.link_out]
    home = n.facility_region[seller] == n.facility_region[n.in_slot_facility[n.link_in]]
    runs = np.asarray(c.capacity)[:, 0] * np.asarray(state.ramp)[:, 0] + np.asarray(state.added)[:, 0]
    able = home & np.isfinite(n.capacity[seller]) & (runs[seller] > 0)
    inside = np.zeros(len(n.in_slot_facility))
    for _ in range(400):
        share, _ = orders.drift(s, c, state, forcing, amount, amount, 7.0)
        state = replace(state, share=share)
    np.testing.assert_allclose(shares_by_slot(world, np.asarray(share)), 1.0, rtol=1e-9)
    np.add.at(inside, n.link_in, np.where(home, np.asarray(share)[:, 0], 0.0))
    reached = np.zeros(len(inside), dtype=bool)
    reached[n.link_in[able]] = True
    mixed = reached & (np.bincount(n.link_in, ~home, len(inside)) > 0)
    assert mixed.any()
    # habit pulls back a little; what nobody at home can make stays where it was bought
    assert np.all(inside[mixed] > 0.8)
    nobody = ~reached & (np.bincount(n.link_in, ~home, len(inside)) > 0) & (np.bincount(n.link_in, home) > 0)
    free, _ = orders.drift(s, c, world.initial, step_of(world.calm(), 0), amount, amount, 7.0)
    bound, _ = orders.drift(s, c, world.initial, forcing, amount, amount, 7.0)
    untouched = nobody[n.link_in]
    np.testing.assert_array_equal(np.asarray(free)[untouched], np.asarray(bound)[untouched])
