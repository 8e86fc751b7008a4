"""Home to what the tests of runs stand on: shapes checked as they run, and small worlds compiled once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # toy, twin and worlds stand beside the tests

from jaxtyping import install_import_hook

# `state` is left out: its records are also made of NumPy arrays and of single steps; test_axes.py checks them.
CHECKED = [
    *(f"ytterby.run.{name}" for name in ("axes", "base", "draws", "lines", "metrics", "minima", "periods")),
    *(
        f"ytterby.run.chain.{name}"
        for name in (
            "behaviour", "capacity", "demand", "events", "forcing", "gate", "initial", "licensing", "model", "observe",
            "orders", "paths", "prices", "production", "shipping", "structure", "use",
        )
    ),
]  # fmt: skip
_hook = install_import_hook(CHECKED, "beartype.beartype")

import worlds  # noqa: E402


@pytest.fixture(scope="session")
def world() -> worlds.World:
    """The toy with one event of every kind in its structure, hard minima."""
    return worlds.eventful()


@pytest.fixture(scope="session")
def folded() -> worlds.Outcome:
    """The toy under the licences of April 2025, through the ensemble: 13 draws in chunks of 4."""
    return worlds.ensemble(chunk=4)
