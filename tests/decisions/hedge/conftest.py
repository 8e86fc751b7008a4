"""Home to what the tests of hedges stand on: the toy world, and buyers made by hand."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))  # bench stands there
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "run"))  # the toy stands there
sys.path.insert(0, str(Path(__file__).resolve().parent))  # the small buyers stand here

from toy import toy

from ytterby.world.network import Network


@pytest.fixture(scope="session")
def network() -> Network:
    pytest.importorskip("linopy")
    pytest.importorskip("highspy")
    return toy()
