"""Claims read once for the whole room."""

from __future__ import annotations

import pytest

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
