"""Home to the verbs that ask the law: check."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import click

from ytterby.cli.speaking import Ask, asks, day, say, table


@click.command()
@click.argument("facts", type=click.Path(path_type=Path), metavar="FACTS.yaml")
@click.option("--on", type=day, help="Day of the transfer; the facts' own date, else today.", metavar="DATE")
@click.option("--known", type=day, help="Judge by what was known on that day; today without it.", metavar="DATE")
@click.option("--reading", help="One reading of the unsettled texts; all side by side without it.", metavar="NAME")
@click.option("--trace", is_flag=True, help="Also every clause that was passed over, and why.")
@asks
def check(
    ask: Ask,
    facts: Path,
    on: datetime.date | None,
    known: datetime.date | None,
    reading: str | None,
    trace: bool,
) -> None:
    """Say what the law wants of one transfer: free, reported, licence, refused, or what to find out first."""
    found = [verdict.to_dict() for verdict in ask.project().check(facts, on, known, reading)]
    value = found[0] if reading is not None else {"readings": found}
    ask.answer(value, lambda: _show(found, trace))


def _show(found: list[dict[str, Any]], trace: bool) -> None:
    for verdict in found:
        kind = f" ({verdict['licence']})" if verdict["licence"] else ""
        click.echo(f"{verdict['outcome']}{kind}, on {verdict['on']}, read as {verdict['reading']}")
        for line in verdict["reasons"]:
            click.echo(f"  {line}")
        for line in verdict["notes"]:
            click.echo(f"  note: {line}")
        change = verdict["next_change"] or "no day known"
        click.echo(f"  confidence {verdict['confidence']}; the answer changes next: {change}")
        if trace:
            table(verdict["passed_over"], ("clause", "why"))
        click.echo("")
    say(f"{len(found[0]['passed_over'])} other clauses were looked at" + ("" if trace else "; --trace shows why not"))


VERBS = (check,)
