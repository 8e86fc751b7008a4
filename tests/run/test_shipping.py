from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import World, eventful, step_of

from ytterby.run.chain import shipping
from ytterby.run.chain.state import TRANSIT_STAGES, Forcing


def _first(forcing: Forcing) -> Forcing:
    return step_of(forcing, 0)


def test_under_requisition_military_orders_are_filled_first(world: World) -> None:
    s, n = world.chain.forced.structure, world.network
    uh = np.flatnonzero([n.materials[m] == "magnet.UH" for m in n.out_slot_material])[0]
    links = np.flatnonzero(n.link_out == uh)
    military = links[n.link_military[links]]
    civil = links[~n.link_military[links]]
    eligible = np.full((len(n.link_out), 4), 10.0)
    for stock, share_military, share_civil in ((5.0, 0.5, 0.0), (10.0, 1.0, 0.0), (15.0, 1.0, 0.25), (40.0, 1.0, 1.0)):
        state = replace(world.initial, stock_out=jnp.asarray(np.full(world.initial.stock_out.shape, stock)))
        forcing = _first(world.calm(requisition=1.0))
        made = jnp.zeros_like(world.initial.stock_out)
        sent = shipping.allocate(s, state, forcing, made, jnp.asarray(eligible), 7.0, 0.0)
        np.testing.assert_allclose(sent.amount[military], 10.0 * share_military)
        np.testing.assert_allclose(np.asarray(sent.amount)[civil], 10.0 * share_civil, atol=1e-12)
        free = shipping.allocate(s, state, _first(world.calm()), made, jnp.asarray(eligible), 7.0, 0.0)
        np.testing.assert_allclose(np.asarray(free.amount)[links], 10.0 * min(1.0, stock / 30.0))


@given(seed=st.integers(0, 2**31), requisition=st.sampled_from([0.0, 0.3, 1.0]))
def test_a_stock_is_never_overdrawn_and_nothing_is_withheld(seed: int, requisition: float) -> None:
    world = eventful()
    s, n = world.chain.forced.structure, world.network
    rng = np.random.default_rng(seed)
    state = replace(
        world.initial,
        stock_out=jnp.asarray(rng.exponential(5.0, world.initial.stock_out.shape)),
        stockpile=jnp.asarray(rng.exponential(5.0, world.initial.stock_out.shape)),
    )
    eligible = jnp.asarray(rng.exponential(5.0, (len(n.link_out), 4)))
    made = jnp.asarray(rng.exponential(1.0, state.stock_out.shape))
    forcing = _first(world.calm(requisition=requisition, stockpile=rng.normal(0, 3, (1, len(n.out_slot_facility)))))
    sent = shipping.allocate(s, state, forcing, made, eligible, 7.0, 0.0)
    gone = np.zeros(state.stock_out.shape)
    np.add.at(gone, n.link_out, np.asarray(sent.amount))
    before, after = state.stock_out + made + state.stockpile, sent.stock_out + sent.stockpile
    np.testing.assert_allclose(after + gone, before, rtol=1e-12)
    assert np.min(sent.stock_out) >= 0.0
    assert np.min(sent.stockpile) >= 0.0
    assert np.all(np.asarray(sent.amount) <= np.asarray(eligible) * (1 + 1e-12))
    asked = np.zeros_like(gone)
    np.add.at(asked, n.link_out, np.asarray(eligible))
    available = np.asarray(state.stock_out + made - (sent.stockpile - state.stockpile))
    np.testing.assert_allclose(gone, np.minimum(asked, available), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(
    ("dt", "lead"),
    [(1.0, 0.2), (1.0, 3.0), (1.0, 12.0), (7.0, 0.5), (7.0, 7.0), (7.0, 35.0), (30.0, 7.0), (30.0, 200.0)],
)
def test_transit_takes_its_lead_on_average(world: World, dt: float, lead: float) -> None:
    """Impulse response: stage masses are negative binomial, so arrival step k has mass C(k+1, 1) p^2 (1-p)^k."""
    s, n = world.chain.forced.structure, world.network
    links = len(n.link_out)
    constants = replace(world.constants, lead=jnp.asarray(np.full((links, 4), lead)))
    state = replace(world.initial, transit=jnp.zeros((TRANSIT_STAGES, links, 4)))
    p = dt / (dt + lead / TRANSIT_STAGES)
    feeds = np.bincount(n.link_in, minlength=len(n.in_slot_facility))[:, None]
    total, moment = 0.0, 0.0
    for k in range(600):
        shipped = jnp.ones((links, 4)) if k == 0 else jnp.zeros((links, 4))
        transit, arrived = shipping.travel(s, constants, state, shipped, 1.0, dt)
        state = replace(state, transit=transit)
        each = np.asarray(arrived)[feeds[:, 0] > 0] / feeds[feeds[:, 0] > 0]
        np.testing.assert_allclose(each, (k + 1) * p**2 * (1 - p) ** k, rtol=1e-9, atol=1e-300)
        total, moment = total + each[0, 0], moment + k * dt * each[0, 0]
        if total > 1 - 1e-12:
            break
    assert total == pytest.approx(1.0, abs=1e-9)
    # what arrives within the step it left has waited 0 whole steps
    assert moment == pytest.approx(lead, rel=1e-6)


def test_a_detour_lengthens_its_own_links(world: World) -> None:
    far, _ = world.run(world.calm(lead=3.0))
    near, _ = world.run(world.calm())
    hit = world.chain.forced.structure.lead_events[0]
    assert hit.any()
    assert not hit.all()
    on_way = lambda states: states.transit[0].sum(axis=0)  # noqa: E731
    assert np.all(on_way(far)[hit] > on_way(near)[hit])
    np.testing.assert_allclose(on_way(far)[~hit], on_way(near)[~hit], rtol=1e-12)


def test_a_state_buyer_takes_at_most_half_and_returns_only_what_it_has(world: World) -> None:
    bought, _ = world.run(world.calm(stockpile=1e6))
    first = np.asarray(world.initial.stock_out)
    assert np.all(bought.stockpile[0] >= 0.5 * first * (1 - 1e-12))
    _, sold = world.run(world.calm(stockpile=-1e6))
    assert np.all(np.isfinite(sold["exports"]))
    states, _ = world.run(world.calm(stockpile=-1e6))
    assert np.all(states.stockpile == 0.0)


def test_a_requisition_binds_the_region_that_ordered_it(world: World) -> None:
    s, n = world.chain.forced.structure, world.network
    uh = np.flatnonzero([n.materials[m] == "magnet.UH" for m in n.out_slot_material])[0]
    links = np.flatnonzero(n.link_out == uh)
    state = replace(world.initial, stock_out=jnp.asarray(np.full(world.initial.stock_out.shape, 5.0)))
    eligible, made = jnp.full((len(n.link_out), 4), 10.0), jnp.zeros_like(world.initial.stock_out)
    buyer = n.facility_region[n.in_slot_facility[n.link_in]]
    elsewhere = np.ones(len(n.regions))
    elsewhere[buyer[links[n.link_military[links]]]] = 0.0
    sent = [
        np.asarray(shipping.allocate(s, state, _first(world.calm(requisition=value)), made, eligible, 7.0, 0.0).amount)
        for value in (0.0, elsewhere, 1.0)
    ]
    np.testing.assert_array_equal(sent[0][links], sent[1][links])
    assert not np.allclose(sent[0][links], sent[2][links])
