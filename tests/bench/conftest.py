"""Home to what the tests of the measurements stand on: the root, where `bench` is, and the toy of the runs' tests."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "run")]

pytest.importorskip("numba")

import jax  # noqa: E402

jax.config.update("jax_numpy_rank_promotion", "allow")
