"""Home to the verbs on what custody adds up to: balance, alarms and their triage, and emit, to try them on."""

from __future__ import annotations

import datetime
import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ytterby.cli.speaking import Ask, asks, day, progress, say, table

if TYPE_CHECKING:
    from ytterby.project import Project

COLUMNS = ("month", "element", "in", "out", "opening", "closing", "loss", "unexplained", "low", "high", "p_value")
SHOWN = 40
GRADES = ("diversion", "law", "record")
STATES = ("open", "looking", "explained", "confirmed", "dismissed")


@click.command()
@click.argument("facility")
@click.option("--month", metavar="M", help="One month, as 2025-04; all of them without it.")
@asks
def balance(ask: Ask, facility: str, month: str | None) -> None:
    """Balance what came to FACILITY, went from it and lies there, by element and month, in kg.

    FACILITY is an id of the registry, or an address in the events. What is unexplained has its 90 % interval and the
    chance of so much where nothing is wrong.
    """
    rows = [one.to_dict() for one in ask.project().balance(facility, month)]
    ask.answer(rows, lambda: _balanced(rows))


def _balanced(rows: list[dict[str, Any]]) -> None:
    told = [{**row, "element": row["element"] or "(mass)"} for row in rows]
    table(told, COLUMNS)
    uncounted = sum(not row["counted"] for row in rows)
    if uncounted:
        say(f"{uncounted} of {len(rows)} lines have no stock-taking in their month: closing is what the books say")


@click.command()
@click.argument("words", nargs=-1, metavar="[triage ID STATE]")
@click.option("--kind", metavar="K", help="Alarms of one kind.")
@click.option("--grade", type=click.Choice(GRADES), help="Material gone or from nowhere, law broken, records wrong.")
@click.option("--since", type=day, metavar="DATE", help="Called on that day or later.")
@click.option("--state", type=click.Choice(STATES), help="Where they stand.")
@click.option("--facility", metavar="F", help="At that facility, or with it.")
@click.option("--only", multiple=True, metavar="DETECTOR", help="Ask these detectors only.")
@click.option("--reading", metavar="NAME", help="How unsettled law is read.")
@click.option("--why", default="", metavar="TEXT", help="triage: the reason.")
@click.option("--who", default="", metavar="NAME", help="triage: who decided; without it, who is logged in.")
@asks
def alarms(
    ask: Ask,
    words: tuple[str, ...],
    kind: str | None,
    grade: str | None,
    since: datetime.date | None,
    state: str | None,
    facility: str | None,
    only: tuple[str, ...],
    reading: str | None,
    why: str,
    who: str,
) -> None:
    """Look for what cannot be, or is hardly chance, in what was captured; or keep what was made of an alarm.

    `alarms triage ID STATE --why TEXT` sets an alarm to open, looking, explained, confirmed or dismissed; what was said
    before stays.
    """
    project = ask.project()
    if words:
        _triage(ask, project, words, why, who)
        return
    if why or who:
        raise click.UsageError("--why and --who go with: alarms triage ID STATE")
    with progress("detectors") as advance:
        found = project.alarms(
            kind=kind, grade=grade, since=since, state=state, facility=facility, only=only, reading=reading,
            progress=advance,
        )  # fmt: skip
    rows = [one.to_dict() for one in found]
    ask.answer(rows, lambda: _listed(rows))


def _triage(ask: Ask, project: Project, words: tuple[str, ...], why: str, who: str) -> None:
    if words[0] != "triage" or len(words) != 3:
        raise click.UsageError("write: alarms triage ID STATE --why TEXT")
    said = project.triage(words[1], words[2], who=who or _logged_in(), why=why).to_dict()
    ask.answer(said, lambda: click.echo(f"{said['alarm']} is {said['state']}, says {said['who']}: {said['why']}"))


def _logged_in() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        raise click.UsageError("nobody is logged in by a name: give --who NAME") from None


def _listed(rows: list[dict[str, Any]]) -> None:
    for row in rows[:SHOWN]:
        with_whom = f" with {row['counterpart']}" if row["counterpart"] else ""
        click.echo(f"{row['id']}  {row['grade']:9}  {row['state']:9}  {row['kind']} at {row['facility']}{with_whom}")
        click.echo(f"              since {row['since'][:10]}, called {row['called'][:10]}: {row['why']}")
    many = {grade: sum(row["grade"] == grade for row in rows) for grade in GRADES}
    click.echo(f"{len(rows):,} alarms: " + ", ".join(f"{count:,} of grade {grade}" for grade, count in many.items()))
    if len(rows) > SHOWN:
        click.echo(f"the surest {SHOWN} are shown; --json tells all, --kind, --grade, --since and --state choose")


@click.command()
@click.argument("scenario")
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="DIR", help="A new folder to write to.")
@click.option("--planted", default=16, show_default=True, metavar="N", help="Diversions to plant, of all kinds.")
@click.option("--seed", default=0, show_default=True, metavar="S", help="The same seed gives the same events.")
@click.option("--weeks", default=52, show_default=True, metavar="N", help="Weeks of events.")
@asks
def emit(ask: Ask, scenario: str, out: Path, planted: int, seed: int, weeks: int) -> None:
    """Write invented events of SCENARIO's world, with diversions planted, to try the tracking system on.

    The folder gets events.jsonl (EPCIS 2.0), registry.yaml and permits.yaml (for the project's custody/), and
    truth.json: what was planted, and what is honestly wrong.
    """
    project = ask.project()
    with progress("weeks") as advance:
        made = project.emit(scenario, out, planted=planted, seed=seed, weeks=weeks, progress=advance)
    ask.answer(made, lambda: _emitted(made))


def _emitted(made: dict[str, Any]) -> None:
    click.echo(f"{made['events']:,} events, {made['diversions']} diversions, {made['mistakes']} honest mistakes, "
               f"{made['permits']} licences in {made['path']}")  # fmt: skip
    click.echo("to try it: copy registry.yaml and permits.yaml into a project's custody/ and capture events.jsonl")


VERBS = (balance, alarms, emit)
