"""The hand-written kernel is the same model as the chain's own phases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace

import jax
import numpy as np
import pytest

from bench import kernel, scene, versus


@pytest.fixture(scope="module")
def links() -> Iterator[kernel.Links]:
    with jax.enable_x64(True):
        yield kernel.links_of(scene.chain("baseline", steps=80), draws=5, steps=26)


def test_kernel_and_chain_agree(links: kernel.Links) -> None:
    assert kernel.disagreement(links) <= kernel.AGREEMENT == 1e-12


def test_what_is_compared_is_at_work(links: kernel.Links) -> None:
    """Otherwise two kernels that do nothing would agree as well."""
    start, end = links.start, kernel.by_hand(links)(links.start)
    for field in fields(kernel.Carried):
        if field.name != "stockpile":  # no state buys in the baseline
            assert np.mean(getattr(start, field.name) != getattr(end, field.name)) > 0.2, field.name
    assert np.asarray(links.forcing.licensed).any()
    crossing = links.structure.crossing
    free = replace(links, state=replace(links.state, allowance=np.full_like(links.state.allowance, np.inf)))
    assert (end.backlog[crossing] > kernel.by_hand(free)(free.start).backlog[crossing]).any()


@pytest.mark.parametrize("name", [f.name for f in fields(kernel.Carried)])
def test_disagreement_is_seen(links: kernel.Links, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    bent = kernel.by_hand(links)(links.start)
    array = getattr(bent, name)
    array.flat[np.argmax(np.abs(array))] += 1e-9 * max(1.0, np.max(np.abs(array)))
    monkeypatch.setattr(kernel, "by_hand", lambda _: lambda _: bent)
    assert kernel.disagreement(links) > kernel.AGREEMENT


def test_the_start_is_left_as_it_was(links: kernel.Links) -> None:
    start = links.start
    kernel.by_hand(links)(start)
    for field in fields(kernel.Carried):
        np.testing.assert_array_equal(getattr(start, field.name), getattr(links.start, field.name))


def test_bytes_are_those_of_the_arrays(links: kernel.Links) -> None:
    twice = ("backlog", "share", "success", "transit", "stock_in", "stock_out", "stockpile")
    start = links.start
    bytes_ = sum(2 * getattr(start, name).nbytes for name in twice) + start.unfilled.nbytes
    bytes_ += np.asarray(links.constants.lead).nbytes + links.order.nbytes + links.made.nbytes
    assert kernel.bytes_per_step(links) == bytes_ + np.asarray(links.state.allowance).nbytes


def test_neither_side_has_a_second_thread() -> None:
    assert versus.ONE_THREAD["NPROC"] == versus.ONE_THREAD["NUMBA_NUM_THREADS"] == "1"
