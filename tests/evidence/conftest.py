"""Claims read once for the whole room."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # said stands beside the tests

from ytterby.evidence.baseline import load
from ytterby.evidence.claims import Claim


@pytest.fixture(scope="session")
def claims() -> tuple[Claim, ...]:
    return tuple(load())


@pytest.fixture(scope="session")
def by_parameter(claims: tuple[Claim, ...]) -> dict[str, list[Claim]]:
    found: dict[str, list[Claim]] = {}
    for claim in claims:
        found.setdefault(claim.parameter, []).append(claim)
    return found
