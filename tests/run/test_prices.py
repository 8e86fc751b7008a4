from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
from worlds import World, step_of

from ytterby.run.chain import prices


def test_a_floor_holds(world: World) -> None:
    level = np.full((40, 4, 2), -np.inf)
    level[10:30, 1, 1] = np.log(1.8)
    states, seen = world.run(world.calm(floor=jnp.asarray(level)))
    assert np.all(states.log_price[10:30, 1, 1] >= np.log(1.8))
    free, _ = world.run(world.calm())
    np.testing.assert_array_equal(states.log_price[:10], free.log_price[:10])
    assert np.all(free.log_price[10, 1, 1] < np.log(1.8)), "the floor binds"
    usd = seen["prices"].reshape(40, 4, 2, 4)[10:30, 1, 1]
    base = world.network.price0[world.chain.forced.structure.priced[1], 1]
    assert np.all(usd >= 1.8 * base * (1 - 1e-12))


def gap(world: World, states: object, material: str) -> np.ndarray:
    names = [world.network.materials[m] for m in world.chain.forced.structure.priced]
    price = states.log_price[:, names.index(material)]
    return np.abs(price[:, 1] - price[:, 0])


def test_zones_are_tied_while_the_gate_is_open_and_part_when_it_shuts(world: World) -> None:
    """Buyers' stocks fall behind the shut gate alone; trade would pull both prices together."""
    tied = world.behaviour(arbitrage=0.5)
    opened, _ = world.run(world.calm(), constants=tied)
    shut, _ = world.run(world.calm(refused=1.0), constants=tied)
    for material in ("magnet.UH",):
        assert np.all(gap(world, shut, material)[-1] > 3.0 * gap(world, opened, material)[-1])
    # with no arbitrage at all, an open gate ties nothing
    loose, _ = world.run(world.calm(), constants=world.behaviour(arbitrage=0.0))
    apart = sum(gap(world, loose, m)[-1] for m in ("magnet.UH", "magnet.N", "metal.NdPr"))
    close = sum(gap(world, opened, m)[-1] for m in ("magnet.UH", "magnet.N", "metal.NdPr"))
    assert np.all(close < apart)


def test_a_strong_tie_makes_one_price(world: World) -> None:
    states, _ = world.run(world.calm(), constants=world.behaviour(arbitrage=1e9))
    before = np.concatenate([np.asarray(world.initial.log_price)[None], states.log_price[:-1]])
    traded = [0, 1, 2, 3]
    np.testing.assert_allclose(states.log_price[1:, traded, 1], before[1:, traded, 0], rtol=1e-6, atol=1e-6)


def test_prices_rise_when_cover_is_short_and_fall_in_a_glut(world: World) -> None:
    s, c = world.chain.forced.structure, world.constants
    one = jnp.asarray(np.ones((4, 4)))
    forcing = step_of(world.calm(), 0)
    move = lambda k: prices.move(  # noqa: E731
        s,
        c,
        world.initial,
        forcing,
        world.initial.stock_in * k,
        world.initial.stock_out * k,
        world.initial.unfilled,
        world.initial.received,
        one,
        7.0,
    )
    short, right, glut = (np.asarray(move(k)) for k in (0.5, 1.0, 1.3))
    np.testing.assert_allclose(right, 0.0, atol=1e-12)
    known = np.any(short != 0.0, axis=-1)
    assert known.sum() >= 6
    assert np.all(short[known] > 0.0)
    assert np.all(glut[known] < 0.0)
    # bounded: an empty world does not move prices faster than the tightest bound
    speed = np.asarray(c.behaviour["price_speed"]) * 7.0 * prices.TIGHTEST
    assert np.all(np.asarray(move(0.0)) <= speed * (1 + 1e-12))


def test_a_cut_moves_prices_before_stocks_fall(world: World) -> None:
    s, c, start = world.chain.forced.structure, world.constants, world.initial
    one = jnp.asarray(np.ones((4, 4)))
    move = lambda received: np.asarray(  # noqa: E731
        prices.move(
            s, c, start, step_of(world.calm(), 0), start.stock_in, start.stock_out, start.unfilled, received, one, 7.0
        )
    )
    used = np.asarray(start.received) > 0.0
    assert used.any()
    half, none, double = move(0.5 * start.received), move(0.0 * start.received), move(2.0 * start.received)
    assert np.all(half[used] > 0.0)
    assert np.all(none[used] > half[used])
    assert np.all(double[used] < 0.0)
    assert np.all(half[~used] == 0.0)
    speed = np.asarray(c.behaviour["price_alarm"]) * 7.0
    assert np.all(none <= speed * prices.SHUT * (1 + 1e-12))


def test_openness_is_what_may_cross_of_what_wants_to(world: World) -> None:
    s = world.chain.forced.structure
    ready = jnp.asarray(np.full((len(world.network.link_out), 4), 2.0))
    assert np.all(np.asarray(prices.openness(s, ready, ready)) == 1.0)
    half = np.asarray(prices.openness(s, 0.5 * ready, ready))
    crosses = np.isin(np.arange(len(s.priced)), s.crossing_price)
    np.testing.assert_allclose(half[crosses], 0.5)
    assert np.all(half[~crosses] == 1.0)
    assert np.all(np.asarray(prices.openness(s, 0 * ready, 0 * ready)) == 1.0)


def test_costs_pass_through(world: World) -> None:
    """With cover on target and zones apart, a price goes to the pass-through of its inputs' prices."""
    s = world.chain.forced.structure
    c = world.behaviour(arbitrage=0.0, price_speed=0.0, price_alarm=0.0, price_return=1e6, pass_through=0.6)
    start = replace(world.initial, log_price=world.initial.log_price.at[:].set(0.0).at[0, 0].set(1.0).at[1, 0].set(0.5))
    one = jnp.asarray(np.ones((4, 4)))
    new = prices.move(
        s, c, start, step_of(world.calm(), 0), start.stock_in, start.stock_out, start.unfilled, start.received, one, 7.0
    )
    names = [world.network.materials[m] for m in s.priced]
    price0 = world.network.price0
    dy, ndpr = (
        price0[world.network.materials.index("oxide.Dy"), 0],
        price0[world.network.materials.index("metal.NdPr"), 0],
    )
    value = np.array([0.016 * dy, 0.40 * ndpr])
    expected = 0.6 * (value @ [1.0, 0.5]) / value.sum()
    np.testing.assert_allclose(new[names.index("magnet.UH"), 0], expected, rtol=1e-5)
