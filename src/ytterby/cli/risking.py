"""Home to the verb that tells risk indices: indices."""

from __future__ import annotations

import datetime

import click

from ytterby.cli.speaking import Ask, asks, day, say, table

SHOWN = ("element", "stage", "country", "index", "p05", "median", "p95", "leader", "leader_share", "assumed_share")
ALL = "all"


@click.command()
@click.option("--element", "elements", multiple=True, help="Of an element, NdPr or REO; may be repeated.", metavar="E")
@click.option("--stage", "stages", multiple=True, help="At mine, separation, metal or magnet; may be repeated.")
@click.option(
    "--country", "countries", multiple=True, help="Of a country, EU for the 27, or all; may be repeated.", metavar="C"
)
@click.option("--known", type=day, help="On the world as known on that day.", metavar="DATE")
@click.option("--draws", type=int, default=200, show_default=True, help="How many worlds to draw for the bands.")
@click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same numbers.")
@asks
def indices(
    ask: Ask,
    elements: tuple[str, ...],
    stages: tuple[str, ...],
    countries: tuple[str, ...],
    known: datetime.date | None,
    draws: int,
    seed: int,
) -> None:
    """Tell risk indices by element, stage and country.

    HHI of the world, import dependence and reliance and the GeoPolRisk score of a country, the supply risk of the EU:
    each with its 5 to 95 % band. Without --country those of the world and the EU.
    """
    chosen = None if ALL in countries else countries or ("EU",)
    rows = ask.project().indices(elements or None, stages or None, chosen, known, draws, seed)

    def show() -> None:
        table([{**row, "country": row["country"] if row["country"] != "WLD" else "world"} for row in rows], SHOWN)
        say("assumed_share: of what the index stands on, from plants or scores that are assumed (docs/indices.md)")

    ask.answer(rows, show)


VERBS = (indices,)
