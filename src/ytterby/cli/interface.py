"""Home to the verb that tells what the other verbs answer: schema."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import click

from ytterby.cli.speaking import Ask, asks, emit, table
from ytterby.terms.errors import UnknownName


@click.command()
@click.argument("verb", required=False)
@asks
def schema(ask: Ask, verb: str | None) -> None:
    """Print the JSON Schema of what VERB answers under --json, or list the verbs that have one."""
    if verb is None:
        rows = [{"verb": name, "answers": schema_of(name)["description"]} for name in described()]
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
    """The JSON Schema (2020-12) of a verb's answer.

    Raises:
        UnknownName: no verb of that name has one.
    """
    if verb not in described():
        raise UnknownName(verb, described(), "verb", remedy="'ytterby schema' lists the verbs that have one")
    text = files("ytterby").joinpath("data", "schemas", f"{verb}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


VERBS = (schema,)
