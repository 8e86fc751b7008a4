"""Home to the verbs that build the world and run it: world, scenarios, run, show, fit, hindcast, report, runs."""

from __future__ import annotations

import dataclasses
import datetime
import textwrap
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from ytterby.cli import economical
from ytterby.cli.speaking import Ask, asks, comma_separated, day, plain, progress, say, table
from ytterby.cli.spreading import on_engines, share, tell_part, told
from ytterby.world.listing import LISTS, listing

if TYPE_CHECKING:
    from ytterby.run.hindcast import Hindcast

SHOWN = {
    "line-stops": (
        *("product", "region", "military", "slows", "stops", "first_slow_median"),
        *("days_to_slow_p05", "days_to_slow_median", "days_to_slow_p95", "days_slow_median"),
    ),
    "economy": ("period", "region", "sector", *economical.SHOWN),
}
"""Columns for a person where a metric has too many for a screen; --json and --csv give all."""


@click.command()
@click.option("--check", is_flag=True, help="Prove that it balances, and print mine to magnet by element.")
@click.option("--list", "listed", type=click.Choice(sorted(LISTS)), help="List its parts.")
@click.option("--known", type=day, help="As it was known on that day.", metavar="DATE")
@asks
def world(ask: Ask, check: bool, listed: str | None, known: datetime.date | None) -> None:
    """Build the world of mines, plants and links."""
    project = ask.project()
    if check:
        balance = project.check_world(known)
        ask.answer({"sound": True, "balance": balance}, lambda: _draw_balance(balance))
        return
    network = project.world(known)
    if listed is not None:
        rows = listing(network, listed)
        ask.answer(rows, lambda: table(rows))
        return
    sizes = network.sizes()
    counted = [{"part": part, "rows": count} for part, count in sizes.items()]
    ask.answer(
        {"known": network.known, **sizes}, lambda: table(counted, title=f"the world as known on {network.known}")
    )


def _draw_balance(balance: list[dict[str, Any]]) -> None:
    table(balance, title="mine to magnet by element, t a year")
    say("sound: no recipe makes matter, every share sums to one")


@click.command()
@asks
def scenarios(ask: Ask) -> None:
    """List the scenarios and what each one asks."""
    found = [
        {"id": s.id, "title": s.title.en, "start": s.start, "end": s.end, "question": s.question}
        for s in ask.project().scenarios()
    ]
    ask.answer(found, lambda: table([plain(row) for row in found], ("id", "start", "end", "question")))


@click.command()
@click.argument("scenario")
@click.option("--draws", type=int, default=1000, show_default=True, help="How many futures to draw.")
@click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same bits.")
@click.option("--dtype", type=click.Choice(["float64", "float32"]), default="float64", show_default=True)
@click.option("--step-days", type=float, help="Days in a step; the scenario says it otherwise.")
@click.option("--lever", "levers", multiple=True, help="Switch on one of the scenario's levers.", metavar="NAME")
@click.option("--known", type=day, help="On the world as known on that day.", metavar="DATE")
@click.option("--chunk", "chunk", type=share, help="Only this part of it; merge puts them together.", metavar="I/N")
@on_engines
@click.option("--economy", is_flag=True, help="Follow the line stops into the economy, draw by draw.")
@click.option(
    "--economy-table",
    type=click.Path(path_type=Path),
    help="Folder with an input-output table of your own; implies --economy.",
    metavar="DIR",
)
@asks
def run(
    ask: Ask,
    scenario: str,
    draws: int,
    seed: int,
    dtype: Literal["float64", "float32"],
    step_days: float | None,
    levers: tuple[str, ...],
    known: datetime.date | None,
    chunk: tuple[int, int] | None,
    engine: str,
    workers: int | None,
    address: str | None,
    economy: bool,
    economy_table: Path | None,
) -> None:
    """Simulate SCENARIO for many draws and keep the run.

    SCENARIO is a name from `ytterby scenarios`, or the path of a YAML file.
    """
    project = ask.project()
    if economy_table is not None:
        # before a long run, not after it
        project.check_economy(economy_table)
    started = time.monotonic()
    given: dict[str, Any] = {"step_days": step_days, "known": known, "levers": levers}
    given |= {"engine": engine, "workers": workers, "address": address}
    if chunk is not None:
        if economy or economy_table is not None:
            raise click.UsageError("--economy asks for the whole run: give it once the chunks are merged")
        with progress(f"{scenario} {chunk[0]}/{chunk[1]}") as advance:
            part = tell_part(project.part(scenario, *chunk, draws, seed, dtype, progress=advance, **given))
        ask.answer(part, lambda: table([plain(part)]))
        return
    with progress(scenario) as advance:
        done = project.run(scenario, draws, seed, dtype, progress=advance, **given)
    answer = told(done, time.monotonic() - started)
    if not (economy or economy_table is not None):
        ask.answer(answer, lambda: _tell_run(answer, project.findings(done.id)))
        return
    cost = economical.followed(project, done.id, economy_table)
    ask.answer({**answer, "economy": cost}, lambda: _tell_cost(answer, project.findings(done.id), cost))


def _tell_cost(answer: dict[str, Any], found: list[str], cost: dict[str, Any]) -> None:
    _tell_run(answer, found)
    economical.tell(cost)


def _tell_run(answer: dict[str, Any], found: list[str]) -> None:
    table([plain(answer)])
    click.echo()
    _tell(found[:2])


def _tell(found: list[str]) -> None:
    for sentence in found:
        click.echo(textwrap.fill(sentence, width=100, subsequent_indent="  ", break_on_hyphens=False))


@click.command()
@click.argument("run")
@click.argument("metric")
@click.option("--against", help="Show the difference to this run, draw by draw.", metavar="RUN")
@click.option("--csv", "as_csv", is_flag=True, help="Comma-separated rows on standard output.")
@asks
def show(ask: Ask, run: str, metric: str, against: str | None, as_csv: bool) -> None:
    """Show one METRIC of a kept RUN.

    METRIC is one of exports, shortage, line-stops, prices, stocks, balance, licences, economy.
    RUN is a run's id or the start of it, a scenario's name (its newest run), or `latest`.
    """
    if as_csv and ask.json:
        raise click.UsageError("--json and --csv exclude each other")
    rows = ask.project().show(run, metric, against)
    if as_csv:
        comma_separated(rows)
    else:
        ask.answer(rows, lambda: table(rows, SHOWN.get(metric)))


@click.command()
@click.argument("scenario")
@asks
def fit(ask: Ask, scenario: str) -> None:
    """Fit the licensing of SCENARIO to what was observed.

    Only observations up to the scenario's fitting day are used, never later ones.
    """
    with progress(f"fit {scenario}") as advance:
        fitted = ask.project().fit(scenario, advance)
    moved = [
        {"parameter": name, "mean": float(scores.mean()), "sd": float(scores.std())}
        for name, scores in zip(fitted.names, fitted.scores, strict=True)
    ]
    title = "how far the observations moved each parameter, in standard deviations of its prior"
    answer = {"scenario": fitted.scenario, "about": fitted.about, "parameters": moved}
    ask.answer(answer, lambda: table(moved, title=title))


@click.command()
@click.argument("scenario", default="april-2025")
@click.option("--draws", type=int, default=1000, show_default=True, help="How many futures to draw.")
@click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same bits.")
@asks
def hindcast(ask: Ask, scenario: str, draws: int, seed: int) -> None:
    """Score SCENARIO against the months it had not seen.

    It is run as known on the day of its fit; every later month's median and 90 % band stands beside what the customs
    printed, and the scores beside those of two forecasters who only look back.
    """
    with progress(f"hindcast {scenario}") as advance:
        made, found = ask.project().hindcast(scenario, draws, seed, advance)
    until = str((made.info["fit_about"] or {}).get("until", "")) or None
    answer = {"run": made.id, "until": until, "months": found.rows, "scores": found.scores}
    ask.answer(answer, lambda: _draw_hindcast(found, until))


def _draw_hindcast(found: Hindcast, until: str | None) -> None:
    known = [
        row for row in found.rows if row["phase"] == "predicted" and (row["destination"] == "WLD" or row["observed"])
    ]
    columns = (
        "period",
        "destination",
        "p05",
        "median",
        "p95",
        "observed",
        "error",
        "inside",
        "last_year",
        "last_month",
    )
    table(known, columns, title=f"magnets from China, t a month, as known on {until}")
    click.echo()
    scores = [{"forecaster": name, **dataclasses.asdict(score)} for name, score in found.scores.items()]
    table(scores, title="scores over the observed months, the world (error, bias: of the median; crps: t)")


@click.command()
@click.argument("run", default="latest")
@click.option("--to", "target", type=click.Path(path_type=Path), help="Write it there.", metavar="FILE")
@click.option(
    "--figures", "folder", type=click.Path(path_type=Path), help="Its figures as SVG files too.", metavar="DIR"
)
@asks
def report(ask: Ask, run: str, target: Path | None, folder: Path | None) -> None:
    """Write RUN as one self-contained page.

    Without RUN it is the newest one. Prints what was found and where the page stands. Where the scenario has a fit, the
    run as known on its day is made too, and scored in the report. A run that was followed into the economy is told with
    what it costs.
    """
    project = ask.project()
    chosen = project.open_run(run).id
    with progress("hindcast") as advance:
        found, written, drawn = project.told(chosen, target, folder, advance)
    answer = {"run": chosen, "path": written, "findings": found, "figures": drawn}
    if (cost := economical.kept(project, chosen)) is not None:
        answer["economy"] = cost
    ask.answer(answer, lambda: _tell_report(found, [written, *drawn]))


def _tell_report(found: list[str], paths: list[Path]) -> None:
    _tell(found)
    click.echo()
    for path in paths:
        click.echo(str(path))


@click.command()
@asks
def runs(ask: Ask) -> None:
    """List the runs kept in the project, newest first."""
    kept = ask.project().runs()
    ask.answer(kept, lambda: table([plain(row) for row in kept]) if kept else say("no run yet: ytterby run april-2025"))


VERBS = (world, scenarios, run, show, fit, hindcast, report, runs)
