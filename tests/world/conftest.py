"""The world of the package, built once for all tests of the room."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import pytest

from ytterby.evidence import baseline as claims_of_tables
from ytterby.evidence import weigh
from ytterby.world import build
from ytterby.world.balance import Steady, steady
from ytterby.world.model import World
from ytterby.world.network import Network

TODAY = datetime.date(2026, 11, 21)


@pytest.fixture(scope="session")
def claims() -> list[Any]:
    return claims_of_tables.load()


@pytest.fixture(scope="session")
def weighed(claims: list[Any]) -> Mapping[str, Any]:
    return weigh.weigh(claims, TODAY)


@pytest.fixture(scope="session")
def records(weighed: Mapping[str, Any]) -> World:
    return build.world(weighed, TODAY)


@pytest.fixture(scope="session")
def network(weighed: Mapping[str, Any]) -> Network:
    return build.build(weighed, TODAY)


@pytest.fixture(scope="session")
def at_rest(network: Network) -> Steady:
    return steady(network, 2024.5)
