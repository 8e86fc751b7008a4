"""The descriptions of the baseline tables are those that are shipped, and say of every table what is in it."""

from __future__ import annotations

import csv
import json
import re
from importlib.resources import files
from typing import Any

import jsonschema_rs
import pytest

from ytterby.cli.interface import FILES, schema_of
from ytterby.evidence import baseline
from ytterby.evidence.packaged import csv_on_the_web, data_package

HOME = files("ytterby").joinpath("data", "baseline")


def _cells(name: str) -> tuple[list[str], list[list[str]]]:
    rows = list(csv.reader(HOME.joinpath(name).read_text(encoding="utf-8").splitlines()))
    return rows[0], rows[1:]


@pytest.mark.parametrize(("file", "made"), [("datapackage.json", data_package), ("csv-metadata.json", csv_on_the_web)])
def test_what_is_shipped_is_what_is_said(file: str, made: Any) -> None:
    assert json.loads(HOME.joinpath(file).read_text(encoding="utf-8")) == made(), (
        f"ytterby schema {file}: write it anew"
    )


@pytest.mark.parametrize("resource", data_package()["resources"], ids=lambda one: one["name"])
def test_every_cell_is_of_its_fields_type(resource: dict[str, Any]) -> None:
    shapes = {"number": r"-?\d+(\.\d+)?([eE]-?\d+)?", "integer": r"-?\d+", "date": r"\d{4}-\d\d-\d\d", "boolean": "0|1"}
    head, rows = _cells(resource["path"])
    fields = resource["schema"]["fields"]
    assert head == [field["name"] for field in fields]
    assert rows
    for number, row in enumerate(rows, 2):
        for cell, field in zip(row, fields, strict=True):
            allowed = field.get("constraints", {}).get("enum")
            place = f"{resource['path']} line {number}, {field['name']}: {cell}"
            assert not cell or allowed is None or cell in allowed, place
            assert not cell or re.fullmatch(shapes.get(field["type"], r"[\s\S]*"), cell), place


def test_both_descriptions_are_of_the_same_columns() -> None:
    web = {
        table["url"]: [one["name"] for one in table["tableSchema"]["columns"]] for table in csv_on_the_web()["tables"]
    }
    assert web == {
        one["path"]: [field["name"] for field in one["schema"]["fields"]] for one in data_package()["resources"]
    }
    assert set(web) == {one.name for one in HOME.iterdir() if one.name.endswith(".csv")}


def test_every_claim_of_the_baseline_fits_the_schema_of_a_claim() -> None:
    checker = jsonschema_rs.validator_for(schema_of("claim"))
    for claim in baseline.load():
        told = json.loads(json.dumps(claim.to_dict(), default=str))
        assert checker.is_valid(told), [error.message for error in checker.iter_errors(told)]
    assert not checker.is_valid({"value": "many"})


@pytest.mark.parametrize("name", FILES)
def test_each_is_printed_by_its_name(name: str) -> None:
    assert json.dumps(schema_of(name))
