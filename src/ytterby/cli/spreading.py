"""Home to what lets a run be shared out among machines: the engine, a run's chunks, and the verb that merges them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ytterby.cli.speaking import Ask, asks, plain, progress, table

if TYPE_CHECKING:
    from ytterby.project import Project
    from ytterby.run.parts import Part
    from ytterby.run.record import Run

ENGINES = ("local", "ray")


def share(text: str) -> tuple[int, int]:
    """The part of a run written as 2/4, or a usage error that shows how one is written."""
    match = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text)
    if match is None:
        raise click.BadParameter(f"'{text}' is no part; write the part and how many there are as 2/4")
    return int(match[1]), int(match[2])


def on_engines(verb: Callable[..., Any], workers: str = "Chunks of draws in work at once.") -> Callable[..., Any]:
    """Gives a verb ``--engine``, ``--workers`` and ``--address``; `workers` is what is said of the second."""
    for option in (
        click.option("--address", help="A Ray cluster that runs already, as ray://head:10001.", metavar="ADDRESS"),
        click.option("--workers", type=int, help=workers, metavar="N"),
        click.option(
            "--engine",
            type=click.Choice(ENGINES),
            default=ENGINES[0],
            show_default=True,
            help="This machine, or a Ray cluster; the same bits.",
        ),
    ):
        verb = option(verb)
    return verb


def elsewhere(project: Project, machines: Mapping[str, Any]) -> AbstractContextManager[Project]:
    """The project with its trials where `on_engines` was told."""
    return project.on(machines["engine"], machines["workers"], machines["address"])


def tell_part(part: Part) -> dict[str, Any]:
    """What `run --chunk` answers."""
    return {
        "run": part.run,
        "part": part.which,
        "path": part.path,
        "first": part.edges[0][0] + 1,
        "last": part.edges[-1][1],
        "draws": sum(last - first for first, last in part.edges),
        "seconds": part.info["seconds"],
    }


def told(run: Run, seconds: float) -> dict[str, Any]:
    """What `run` and `merge` answer."""
    return {
        "run": run.id,
        "path": run.path,
        "draws": run.draws,
        "steps": run.steps,
        "mass_residual": run.mass_residual,
        "seconds": round(seconds, 3),
    }


@click.command()
@click.argument("parts", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PART...")
@asks
def merge(ask: Ask, parts: tuple[Path, ...]) -> None:
    """Put a run together from all its parts.

    PART is a folder that `ytterby run SCENARIO --chunk i/n` wrote, or the folder they lie in. The run has the id and
    the bits of one made in one go; parts of different runs, and draws missing or given twice, are refused by name.
    """
    with progress("merge") as advance:
        done = ask.project().merge(parts, advance)
    answer = told(done, done.seconds)
    ask.answer(answer, lambda: table([plain(answer)]))


VERBS = (merge,)
