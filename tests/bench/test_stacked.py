"""A stacked world is several worlds: nothing is lost, nothing passes between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import jax
import numpy as np
import pytest
from bench.stacked import BESIDE, NAMES, OF_LINKS, POINTS_AT, beside_idle, split, stack
from toy import toy
from worlds import licences

from ytterby.run.chain.forcing import force
from ytterby.run.chain.model import Chain
from ytterby.run.draws import draw
from ytterby.world.network import Network

COPIES, DRAWS, STEPS = 3, 3, 30
SHARED = {
    "known", "elements", "regions", "zones", "materials", "material_stage", "material_unit", "composition", "price0",
    "demand_years", "uncertainty", "notes",
}  # fmt: skip


def simulate(network: Network) -> dict[str, np.ndarray]:
    chain = Chain(force(network, licences()))
    inputs = chain.inputs(draw(chain.parameters(), 0, DRAWS))
    forcing = jax.tree.map(lambda a: a[:STEPS], inputs.forcing)
    scan = jax.jit(lambda c, s, f: jax.lax.scan(lambda state, now: chain.step(c, state, now), s, f))
    _, seen = scan(inputs.constants, chain.initial(inputs.constants), forcing)
    return {name: np.asarray(values) for name, values in seen.items()}


@pytest.fixture(scope="module")
def seen() -> Iterator[dict[str, np.ndarray]]:
    with jax.enable_x64(True):
        yield simulate(stack(toy(), COPIES))


@pytest.fixture(scope="module")
def alone() -> Iterator[dict[str, np.ndarray]]:
    with jax.enable_x64(True):
        yield simulate(toy())


def test_every_field_is_known() -> None:
    assert {*BESIDE, *NAMES, *POINTS_AT} | SHARED == {f.name for f in fields(Network)}
    assert len({*BESIDE, *NAMES, *POINTS_AT}) == len(BESIDE) + len(NAMES) + len(POINTS_AT)


def test_sizes_multiply_and_names_differ() -> None:
    one, many = toy(), stack(toy(), COPIES)
    for axis, size in one.sizes().items():
        assert many.sizes()[axis] == size * (1 if axis in ("element", "material", "parameter") else COPIES), axis
    for name in NAMES:
        assert len(set(getattr(many, name))) == COPIES * len(set(getattr(one, name)))
        assert getattr(many, name)[: len(getattr(one, name))] == getattr(one, name)


def test_no_link_leaves_its_copy() -> None:
    one, many = toy(), stack(toy(), COPIES)
    copy_of = lambda rows: np.asarray(rows) // len(one.facilities)  # noqa: E731
    out, in_ = many.out_slot_facility[many.link_out], many.in_slot_facility[many.link_in]
    np.testing.assert_array_equal(copy_of(out), copy_of(in_))
    assert set(copy_of(out)) == set(range(COPIES))


def test_one_copy_is_the_network_itself() -> None:
    one, same = toy(), stack(toy(), 1)
    for field in fields(Network):
        np.testing.assert_array_equal(getattr(same, field.name), getattr(one, field.name))


def test_stacked_world_conserves_every_element(seen: dict[str, np.ndarray]) -> None:
    flow = seen["flow"].mean(axis=0)
    assert (flow > 0.0).any()
    assert np.all(np.abs(seen["residual"]).max(axis=0) <= 1e-9 * flow)


def test_copies_are_alike(seen: dict[str, np.ndarray]) -> None:
    for name in ("demand", "output", "cover"):
        first, *others = np.split(seen[name], COPIES, axis=1)
        for other in others:
            np.testing.assert_allclose(other, first, rtol=1e-12)


def test_copies_do_as_one_alone_until_they_share_an_authority(
    seen: dict[str, np.ndarray], alone: dict[str, np.ndarray]
) -> None:
    before = slice(0, int(np.argmax(alone["applied"].sum(axis=(1, 2)) > 0.0)))
    assert before.stop > 5
    for name in ("mined", "flow", "production", "exports", "stocks"):
        np.testing.assert_allclose(seen[name][before], COPIES * alone[name][before], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(seen["prices"][before], alone["prices"][before], rtol=1e-12)


def test_a_split_link_is_the_link(alone: dict[str, np.ndarray]) -> None:
    with jax.enable_x64(True):
        found = simulate(split(toy(), 3))
    assert {f.name for f in fields(Network) if f.name.startswith("link_")} | {"lead_by"} == {*OF_LINKS, "link_share"}
    for name in ("exports", "output", "stocks", "prices", "granted"):
        np.testing.assert_allclose(found[name], alone[name], rtol=1e-8, atol=1e-9 * np.abs(alone[name]).max())


def test_idle_copies_trade_with_nobody() -> None:
    world, more = toy(), beside_idle(toy(), COPIES)
    assert len(more.facilities) == COPIES * len(world.facilities)
    for name in (*OF_LINKS, "link_share"):
        assert np.array_equal(getattr(more, name), getattr(world, name)), name
    own = len(world.facilities)
    assert more.in_slot_facility[more.link_in].max() < own
    assert more.out_slot_facility[more.link_out].max() < own
