"""The schema of a scenario's file takes what the loader takes, and refuses what an editor should underline."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import jsonschema_rs
import pytest
import yaml

from ytterby.world.published import scenario_schema

CHECKER = jsonschema_rs.validator_for(scenario_schema())
SHIPPED = sorted(
    one.name for one in files("ytterby").joinpath("data", "scenarios").iterdir() if one.name.endswith(".yaml")
)


def _told(name: str) -> dict[str, Any]:
    text = files("ytterby").joinpath("data", "scenarios", name).read_text(encoding="utf-8")
    # JSON has no dates: an editor sees them as they are written
    found: dict[str, Any] = json.loads(json.dumps(yaml.safe_load(text), default=str))
    return found


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_scenario_fits(name: str) -> None:
    assert not [f"{error.instance_path}: {error.message}" for error in CHECKER.iter_errors(_told(name))]


@pytest.mark.parametrize(
    ("change", "fits"),
    [
        ({"draws": 3}, False),
        ({"reading": 4}, False),
        ({"events": [{"name": "a", "date": "2025-01-01", "kind": "earthquake"}]}, False),
        (
            {"events": [{"name": "a", "date": "2025-01-01", "kind": "throughput", "value": {"low": 1, "high": 2}}]},
            False,
        ),
        (
            {"events": [{"name": "a", "date": "2025-01-01", "kind": "throughput", "value": {"median": 1, "low": 0}}]},
            True,
        ),
        ({"licensing": {"review_days": 30}}, True),
        ({"licensing": {"review_dayz": 30}}, False),
    ],
)
def test_what_an_editor_underlines(change: dict[str, Any], fits: bool) -> None:
    assert CHECKER.is_valid({**_told("april-2025.yaml"), **change}) is fits


def test_a_scenario_on_its_own_needs_its_licensing_whole() -> None:
    whole = _told("baseline.yaml")
    assert not CHECKER.is_valid({key: value for key, value in whole.items() if key != "licensing"})
    assert not CHECKER.is_valid({**whole, "licensing": {"review_days": 30}})
