"""How wide a chunk is: arrays measured without simulating are those that simulating makes."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import jax
import numpy as np
import pytest
import worlds
from puddle import ROWS, Puddle

from ytterby.run import widths
from ytterby.run.draws import CHUNK, draw


def held(tree: Any, draws: int) -> int:
    return sum(np.asarray(leaf).nbytes for leaf in jax.tree.leaves(tree) if np.ndim(leaf)) // draws


def test_a_footprint_is_what_is_held() -> None:
    chain = worlds.short()
    found = widths.footprint(chain)
    inputs = chain.inputs(draw(chain.parameters(), 0, 3))
    assert found.state == held(chain.initial(inputs.constants), 3)
    assert found.constants == held(inputs.constants, 3)
    single = widths.footprint(replace(chain, dtype="float32"))
    assert 2 * single.state == found.state
    assert found.block > found.step > 2 * found.state


def test_a_puddle_is_counted_by_hand() -> None:
    found = widths.footprint(Puddle())
    rows = sum(len(labels) for labels, _, _ in ROWS.values())
    assert (found.constants, found.state, found.forcing, found.seen) == (8, 8, 0, 8 * rows)


@pytest.mark.parametrize("free", [1e3, 1e8, 3e9, 8e10, 1e15])
def test_what_fits_is_a_power_of_two_in_bounds(free: float) -> None:
    width = widths.fitting(free, 3e6)
    assert width & (width - 1) == 0
    assert CHUNK <= width <= widths.WIDEST
    assert width in (CHUNK, widths.WIDEST) or widths.SHARE * free / 2 < 3e6 * width <= widths.SHARE * free


def test_a_processor_takes_chunks_that_its_cache_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    assert widths.suited(Puddle()) == CHUNK
    card = SimpleNamespace(platform="gpu", memory_stats=lambda: {"bytes_limit": 2**30, "bytes_in_use": 2**29})
    monkeypatch.setattr(jax, "devices", lambda: [card])
    assert widths.suited(Puddle()) == widths.WIDEST
    monkeypatch.setattr(card, "memory_stats", lambda: None)
    assert widths.suited(Puddle()) == CHUNK
