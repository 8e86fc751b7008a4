"""Home to the JSON Schema of a scenario's file, for editors that complete and check YAML as it is typed."""

from __future__ import annotations

from typing import Any

from ytterby.world.scenarios import Scenario
from ytterby.world.spreads import Spread

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def scenario_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a scenario's YAML file.

    A bare number may stand for a spread, only `median` of a spread must be there, and a scenario that extends another
    may leave out whatever the other one says. What no schema can say (that low, median and high rise, that names are in
    the world) is checked when the file is loaded.
    """
    told = Scenario.model_json_schema()
    spread = told["$defs"].pop(Spread.__name__)
    told["$defs"]["Spread"] = {
        "description": spread["description"],
        "anyOf": [{"type": "number"}, {**spread, "required": ["median"]}],
    }
    licensing = told["$defs"]["Licensing"]
    whole = {"required": told.pop("required"), "properties": {"licensing": {"required": licensing.pop("required")}}}
    return {
        "$schema": DIALECT,
        "title": "Scenario",
        **{key: value for key, value in told.items() if key != "title"},
        "if": {"required": ["extends"]},
        "then": {"required": ["id"]},
        "else": whole,
    }
