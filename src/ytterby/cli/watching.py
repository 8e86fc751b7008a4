"""Home to the verb that stays: watch."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ytterby.cli.speaking import Ask, asks, emit, progress, say

if TYPE_CHECKING:
    from ytterby.project import Project
    from ytterby.watch import Workflow

FAILED = 1
"""Exit status of a single pass in which a step failed or an alert could not be delivered."""


@click.command()
@click.argument("workflows", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="WORKFLOW...")
@click.option("--once", is_flag=True, help="One pass, then end: for cron.")
@click.option(
    "--every", type=click.FloatRange(min=1.0), default=60.0, show_default=True, help="Seconds between two looks."
)
@asks
def watch(ask: Ask, workflows: tuple[Path, ...], once: bool, every: float) -> None:
    """Watch folders, feeds and addresses: read, brief, claim, run again, and alert where an outcome moved.

    WORKFLOW is a YAML file, or the name of an order in the project's folder workflows/, which the desk keeps.

    Without --once it stays until Ctrl-C. It goes on where it stopped, and does nothing twice. With --json each pass is
    one JSON value on a line.
    """
    from ytterby import watch as watching
    from ytterby.terms.errors import BadValue

    project = ask.project()
    orders = [_order(path, project) for path in workflows]
    ids = [order.id for order in orders]
    for name in ids:
        if ids.count(name) > 1:
            raise BadValue(f"two workflows have the id '{name}'", place="watch", remedy="give each its own")
    if once:
        with progress("watch") as advance:
            passes = watching.once(project, orders, tell=say, progress=advance)
        rows = [one.to_dict() for one in passes]
        ask.answer({"passes": rows}, lambda: _show(rows))
        if any(one.failures or one.waiting for one in passes):
            raise click.exceptions.Exit(FAILED)
        return
    # Whoever ends a service sends SIGTERM: it ends like Ctrl-C, between two steps that are whole.
    signal.signal(signal.SIGTERM, _interrupt)
    say(f"watching {', '.join(ids)} every {every:g} s; Ctrl-C ends it")
    for one in watching.stay(project, orders, every=every, tell=say):
        row = one.to_dict()
        if ask.json:
            emit(row)
        elif _busy(row):
            _show([row])


def _order(path: Path, project: Project) -> Workflow:
    from ytterby import watch as watching
    from ytterby.watch import orders

    if path.suffix or path.exists():
        return watching.load(path, project.path)
    found = orders.order(str(path), project.path)
    if found.workflow is None:
        assert found.error is not None
        raise found.error
    return found.workflow


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _busy(row: dict[str, Any]) -> bool:
    return bool(row["read"] or row["runs"] or row["alerts"] or row["delivered"])


def _show(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        click.echo(
            f"{row['workflow']}: {row['read']} new documents, {len(row['answered'])} answer, "
            f"{len(row['accepted'])} claims accepted, {row['proposed']} proposed, {len(row['runs'])} runs, "
            f"{len(row['alerts'])} alerts, {row['delivered']} delivered, {row['waiting']} waiting"
        )


VERBS = (watch,)
