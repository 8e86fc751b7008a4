"""Home to the verbs that say which figure, and which sentence behind it, moves an outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ytterby.cli.speaking import Ask, asks, plain, progress, say, table
from ytterby.cli.spreading import elsewhere, on_engines

if TYPE_CHECKING:
    from ytterby.decisions.kept import Decision

METRICS = ("line-stop", "shortfall", "exports", "price", "self-sufficiency")


@click.command()
@click.argument("scenario", default="baseline")
@click.option("--metric", type=click.Choice(METRICS), default="line-stop", show_default=True, help="Which outcome.")
@click.option("--product", default="", help="Of line stops and shortfalls, e.g. car or wind.", metavar="NAME")
@click.option("--region", default="", help="Whose makers; the buyer of exports.", metavar="CODE")
@click.option("--material", default="", help="Of exports and prices, e.g. magnets or oxide.Dy.", metavar="NAME")
@click.option("--month", "when", default="", help="Month or year looked at, e.g. 2026-03 or 2026.", metavar="WHEN")
@click.option("--goal", type=float, default=0.0, help="Share of self-sufficiency whose first year is asked for.")
@click.option("--top", type=click.IntRange(1), default=12, show_default=True, help="How many inputs to print.")
@click.option("--draws", type=int, default=256, show_default=True, help="Futures for its spread and worth of knowing.")
@click.option("--sobol", type=int, default=0, help="Sobol indices too, from so many samples, e.g. 64.", metavar="N")
@click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same bits.")
@on_engines
@asks
def explain(
    ask: Ask,
    scenario: str,
    top: int,
    engine: str,
    workers: int | None,
    address: str | None,
    **question: Any,
) -> None:
    """Say which figure, and which sentence behind it, moves an outcome of SCENARIO.

    One reverse pass gives the slope of the outcome by every input and every number of the network. Each is shown per
    standard deviation of its own spread, with the sentences it is weighed from. The answer is kept.
    """
    machines = {"engine": engine, "workers": workers, "address": address}
    with elsewhere(ask.project(), machines) as there, progress("explain") as advance:
        made = there.explain(scenario, progress=advance, **question)
    ask.answer(plain(made.to_dict()), lambda: _tell(made, top))


def _tell(made: Decision, top: int) -> None:
    said = made.answer
    unit = said["unit"]
    click.echo(made.title["en"])
    click.echo()
    rows = [
        {
            "input": row["label"]["en"],
            "typical": round(row["typical"], 3),
            "at -1 sigma": round(row["low"], 3),
            "at +1 sigma": round(row["high"], 3),
            "worth knowing": round(row["worth"], 3),
            "assumed": row["assumed"],
            "from": _source(said, row),
        }
        for row in said["inputs"][:top]
    ]
    table([plain(row) for row in rows], title=f"{said['asked']['metric']}, {unit} per standard deviation")
    if said["sobol"]:
        table([plain({k: round(v, 3) if k != "name" else v for k, v in row.items()}) for row in said["sobol"]],
              title="Sobol indices")  # fmt: skip
        say(f"{said['agreed']} of the first ten by slope are among the first ten by total index")
    say(f"{said['count']:,} slopes in one pass; kept as {made.id}")


def _source(said: dict[str, Any] | Any, row: dict[str, Any]) -> str:
    """The heaviest sentence behind an input, by publisher and day."""
    for claim, _ in sorted(row["claims"], key=lambda pair: -pair[1]):
        if claim in said["claims"]:
            one = said["claims"][claim]
            return ", ".join(part for part in (one["publisher"] or one["title"], one["date"]) if part)
    return "assumed" if row["assumed"] else ""


VERBS: tuple[click.Command, ...] = (explain,)
