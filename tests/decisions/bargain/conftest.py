"""Home to what the tests of bargains stand on: the toy world of the tests of runs, under the licences of April 2025."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "run"))  # toy and worlds stand there
sys.path.insert(0, str(Path(__file__).resolve().parent))  # the small game stands here

from toy import toy
from worlds import licences

from ytterby.world.network import Network
from ytterby.world.scenarios import Scenario


@pytest.fixture(scope="session")
def network() -> Network:
    return toy()


@pytest.fixture(scope="session")
def scenario() -> Scenario:
    return licences()


@pytest.fixture(scope="module")
def quick_to_compile() -> Iterator[None]:
    """Programs that run once: the compiler's optimisations would take longer than they save."""
    import jax

    jax.config.update("jax_disable_most_optimizations", True)
    yield
    jax.config.update("jax_disable_most_optimizations", False)
