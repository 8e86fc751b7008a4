"""Home to what the tests of runs stand on: small worlds compiled once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # toy, twin and worlds stand beside the tests

import worlds


@pytest.fixture(scope="session")
def world() -> worlds.World:
    """The toy with one event of every kind in its structure, hard minima."""
    return worlds.eventful()


@pytest.fixture(scope="session")
def folded() -> worlds.Outcome:
    """The toy under the licences of April 2025, through the ensemble: 13 draws in chunks of 4."""
    return worlds.ensemble(chunk=4)


@pytest.fixture(scope="module")
def quick_to_compile() -> Iterator[None]:
    """Programs of many kinds that each run once: the compiler's optimisations would take longer than they save."""
    import jax

    jax.config.update("jax_disable_most_optimizations", True)
    yield
    jax.config.update("jax_disable_most_optimizations", False)
