"""Home to the schema of EPCIS 2.0: one compiled validator per kind of event, and the reason where one is not met."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema_rs

from ytterby.custody.epcis.made import Flaw
from ytterby.terms.errors import shown

KINDS = ("ObjectEvent", "AggregationEvent", "TransactionEvent", "TransformationEvent", "AssociationEvent")


@cache
def schema() -> Mapping[str, Any]:
    """The JSON Schema (2020-12) of documents and events, written for Ytterby from the standard."""
    text = files("ytterby").joinpath("data", "epcis", "schema.json").read_text(encoding="utf-8")
    made: Mapping[str, Any] = json.loads(text)
    return made


@cache
def validator(name: str) -> jsonschema_rs.Validator:
    """The compiled validator of one definition: a kind of event, ``document`` or ``queryDocument``."""
    whole = schema()
    one = {"$schema": whole["$schema"], "$ref": f"#/$defs/{name}", "$defs": whole["$defs"]}
    # patterns run in linear time: no text can make them slow
    return jsonschema_rs.validator_for(one, pattern_options=jsonschema_rs.RegexOptions())


def check(raw: Any, name: str) -> None:
    """Raise `Flaw` where `raw` does not meet a definition of the schema."""
    compiled = validator(name)
    if compiled.is_valid(raw):
        return
    raise Flaw("schema", *_why(raw, compiled))


def _why(raw: Any, compiled: jsonschema_rs.Validator) -> tuple[str, str]:
    """(reason, path) of the deepest thing that is wrong: the nearest to what was written."""
    found = max(compiled.iter_errors(raw), key=lambda error: len(error.instance_path))
    path = "/".join(str(step) for step in found.instance_path)
    return shown(found.message.replace("\n", " "), 300), path
