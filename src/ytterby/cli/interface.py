"""Home to the verb that tells what the other verbs answer and what the files one writes may say: schema."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import click

from ytterby.cli.speaking import Ask, asks, emit, table
from ytterby.terms.errors import UnknownName


@click.command()
@click.argument("verb", required=False)
@asks
def schema(ask: Ask, verb: str | None) -> None:
    """Print the JSON Schema of what VERB answers under --json, or list the verbs that have one.

    Instead of a verb: `scenario` and `claim` for the schemas of such files, for editors; `datapackage` and `csvw` for
    the baseline tables as a Frictionless data package and as CSV on the Web.
    """
    if verb is None:
        rows = [{"verb": name, "answers": schema_of(name)["description"]} for name in described()]
        rows += [{"verb": name, "answers": about} for name, (about, _) in FILES.items()]
        ask.answer(rows, lambda: table(rows))
    elif ask.json:
        emit(schema_of(verb))
    else:
        click.echo(json.dumps(schema_of(verb), ensure_ascii=False, indent=1))


def described() -> tuple[str, ...]:
    """The verbs whose answers have a schema, in order of name."""
    found = files("ytterby").joinpath("data", "schemas").iterdir()
    return tuple(sorted(one.name.removesuffix(".json") for one in found if one.name.endswith(".json")))


def schema_of(verb: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a verb's answer, or what is published of a kind of file.

    Raises:
        UnknownName: no verb of that name has one, and no kind of file.
    """
    if verb in FILES:
        return FILES[verb][1]()
    if verb not in described():
        raise UnknownName(verb, (*described(), *FILES), "verb", remedy="'ytterby schema' lists the verbs that have one")
    text = files("ytterby").joinpath("data", "schemas", f"{verb}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def _scenario() -> dict[str, Any]:
    from ytterby.world.published import scenario_schema

    return scenario_schema()


def _company() -> dict[str, Any]:
    from ytterby.decisions.hedge.company import schema

    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema()}


def _claim() -> dict[str, Any]:
    from ytterby.evidence.claims import Claim

    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Claim.model_json_schema(mode="serialization")}


def _package() -> dict[str, Any]:
    from ytterby.evidence.packaged import data_package

    return data_package()


def _web() -> dict[str, Any]:
    from ytterby.evidence.packaged import csv_on_the_web

    return csv_on_the_web()


FILES: dict[str, tuple[str, Callable[[], dict[str, Any]]]] = {
    "scenario": ("A scenario's YAML file: for editors that complete and check it", _scenario),
    "company": ("A buyer's YAML file, as hedge reads it", _company),
    "claim": ("One claim, as the machine interface gives it", _claim),
    "datapackage": ("The baseline tables as a tabular data package (Frictionless)", _package),
    "csvw": ("The baseline tables as metadata of CSV on the Web (W3C)", _web),
}
"""Kind of file -> what is published of it."""

VERBS = (schema,)
