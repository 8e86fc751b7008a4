from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import jax.numpy as jnp
import numpy as np
import pytest
from worlds import World, step_of


def leaving(world: World, seen: dict[str, np.ndarray]) -> np.ndarray:
    return seen["exports"].sum(axis=1)


def test_a_refused_gate_ships_nothing(world: World) -> None:
    _, seen = world.run(world.calm(refused=1.0))
    assert np.all(seen["exports"] == 0.0)
    assert np.all(seen["applied"] == 0.0)
    assert seen["waiting"][-1].max() > 0.0
    free = world.run(world.calm())[1]
    assert leaving(world, free).min() > 0.0


def test_one_refused_gate_stops_its_own_goods_alone(world: World) -> None:
    s = world.chain.forced.structure
    military = s.gate_military.astype(float)
    _, seen = world.run(world.calm(refused=jnp.asarray(military)[None]))
    _, free = world.run(world.calm())
    uh = [r for r, (_, m) in enumerate(s.export_rows) if world.network.materials[m] == "magnet.UH"]
    assert np.all(seen["exports"][:, uh] > 0.0)
    assert np.all(seen["exports"][:, uh] < free["exports"][:, uh])
    others = [r for r in range(len(s.export_rows)) if r not in uh]
    np.testing.assert_allclose(seen["exports"][0, others], free["exports"][0, others], rtol=1e-12)


def test_licensed_without_permits_only_what_leaks_leaves(world: World) -> None:
    tight = world.licensing(leak=0.0)
    _, seen = world.run(world.calm(licensed=1.0, throughput=0.0), constants=tight)
    assert np.all(seen["exports"] == 0.0)
    assert np.all(seen["granted"] == 0.0)
    assert seen["review"][-1].max() > 0.0

    open_hand = world.licensing(leak=0.2, tracking_strength=0.25)
    _, seen = world.run(world.calm(licensed=1.0, throughput=0.0), constants=open_hand)
    _, free = world.run(world.calm())
    np.testing.assert_allclose(seen["exports"][0], 0.2 * 0.75 * free["exports"][0], rtol=1e-12)
    np.testing.assert_allclose(seen["diverted"].sum(axis=1), leaving(world, seen), rtol=1e-12)


@pytest.mark.parametrize("strength", [0.0, 0.5, 1.0])
def test_tracking_stops_its_share_of_leaks(world: World, strength: float) -> None:
    changed = world.licensing(leak=0.1, tracking_strength=strength)
    _, seen = world.run(world.calm(licensed=1.0, throughput=0.0), constants=changed)
    _, free = world.run(world.calm())
    np.testing.assert_allclose(seen["exports"][0], 0.1 * (1 - strength) * free["exports"][0], rtol=1e-9, atol=1e-15)


def test_permits_cover_what_ships(world: World) -> None:
    forcing = world.calm(licensed=1.0, throughput=2.0, grant=0.9)
    states, seen = world.run(forcing)
    permits = np.concatenate([np.asarray(world.initial.allowance)[None], states.allowance])
    drawn_down = seen["exports"].sum(axis=1) - seen["diverted"].sum(axis=1)
    assert drawn_down.max() > 0.0
    # what ships on permits was there before the step
    assert np.all(drawn_down <= permits[:-1].sum(axis=1) * (1 + 1e-12) + 1e-12)
    cumulated = np.cumsum(drawn_down, axis=0)
    assert np.all(cumulated <= np.cumsum(seen["granted"].sum(axis=1), axis=0) * (1 + 1e-12) + 1e-9)


def test_every_application_is_granted_refused_or_pending(world: World) -> None:
    _, seen = world.run(world.calm(licensed=1.0, throughput=4.0, grant=0.7))
    applied = np.cumsum(seen["applied"], axis=0)
    granted, refused = np.cumsum(seen["granted"], axis=0), np.cumsum(seen["refused"], axis=0)
    assert np.all(granted <= applied * (1 + 1e-12))
    np.testing.assert_allclose(applied, granted + refused + seen["review"], rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(0.3 * granted, 0.7 * refused, rtol=1e-9, atol=1e-15)
    decided = (seen["granted"] + seen["refused"]).sum(axis=1)
    assert np.all(decided <= 4.0 * world.chain.grid.days * (1 + 1e-12))
    assert np.isclose(decided, 4.0 * world.chain.grid.days).any(), "the throughput binds somewhere"


def test_permits_expire(world: World) -> None:
    n, dt = world.network, world.chain.grid.days
    held = jnp.asarray(np.full(world.initial.allowance.shape, 100.0))
    forcing = world.calm(licensed=0.0, throughput=0.0)
    states, _ = world.run(forcing, state=replace(world.initial, allowance=held))
    days = np.asarray(world.constants.licensing["validity_days"])
    k = np.arange(1, 41)[:, None, None]
    assert len(n.materials)
    np.testing.assert_allclose(states.allowance, 100.0 * (days / (days + dt)) ** k + 0 * states.allowance, rtol=1e-12)


def test_general_licences_free_their_share(world: World) -> None:
    sealed = world.licensing(leak=0.0)
    _, seen = world.run(world.calm(licensed=1.0, general=0.3, throughput=0.0), constants=sealed)
    _, free = world.run(world.calm())
    np.testing.assert_allclose(seen["exports"][0], 0.3 * free["exports"][0], rtol=1e-12)


def test_goods_that_share_a_code_wait_for_their_test(world: World) -> None:
    sealed = world.licensing(leak=0.0)
    _, seen = world.run(world.calm(same_code=1.0, hold=0.6, throughput=0.0), constants=sealed)
    _, free = world.run(world.calm())
    np.testing.assert_allclose(seen["exports"][0], 0.4 * free["exports"][0], rtol=1e-12)


def test_more_throughput_never_lets_less_out(world: World) -> None:
    shipped = [
        world.run(world.calm(licensed=1.0, throughput=t))[1]["exports"].sum(axis=(0, 1)) for t in (0.0, 1.0, 3.0, 30.0)
    ]
    for less, more in pairwise(shipped):
        assert np.all(more > less)


def test_the_backlog_comes_out_when_the_gate_opens(world: World) -> None:
    shut = np.zeros((40, 1))
    shut[5:15] = 1.0
    _, seen = world.run(world.calm(refused=jnp.asarray(shut)))
    _, free = world.run(world.calm())
    assert np.all(seen["exports"][5:15] == 0.0)
    rebound = seen["exports"][15:20].sum(axis=(0, 1))
    assert np.all(rebound > 1.2 * free["exports"][15:20].sum(axis=(0, 1)))


def test_a_closed_border_holds_its_links_alone(world: World) -> None:
    s = world.chain.forced.structure
    states, seen = world.run(world.calm(border=0.0))
    closed = s.border_events[0]
    inside = np.asarray(world.initial.transit).sum(axis=0)[closed]
    assert np.all(seen["exports"] == 0.0)
    assert np.all(states.transit[-1].sum(axis=0)[closed] < inside)
    assert np.all(states.transit[-1].sum(axis=0)[~closed] > 0.0)


def test_grants_follow_end_use(world: World) -> None:
    grant = np.zeros((40, 2, 1, 1))
    grant[:, 0] = 1.0
    states, _ = world.run(world.calm(licensed=1.0, throughput=50.0, grant=jnp.asarray(grant)))
    military = world.chain.forced.structure.gate_military[world.chain.forced.structure.crossing_gate]
    assert np.all(states.allowance[-1][military] == 0.0)
    assert np.all(states.allowance[-1][~military] > 0.0)
    assert step_of(states, 0).allowance.shape == states.allowance.shape[1:]
