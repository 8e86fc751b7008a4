"""Home to what the command line says of the economy that a run was followed into."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ytterby.cli.speaking import progress, say, table

if TYPE_CHECKING:
    from ytterby.project import Project

SHOWN = ("lost_p05", "lost_median", "lost_p95", "direct_median", "indirect_median", "share_median", "unit")
MOST = 8
"""Countries and sectors told after a run; `ytterby show RUN economy` has all."""


def followed(project: Project, run: str, folder: Path | None) -> dict[str, Any]:
    """Follows a run into the economy: where it is kept, and what it loses by country and sector, the most first."""
    from ytterby.run import losses

    with warnings.catch_warnings(record=True) as heard, progress("economy") as advance:
        warnings.simplefilter("always")
        made = project.economy(run, folder, advance)
    for one in heard:
        if one.category.__name__ == "RunawayWarning":
            say(f"warning: {one.message}")
    return losses.cost(made).plain()


def kept(project: Project, run: str) -> dict[str, Any] | None:
    """What a kept run costs by the newest economy it was followed into; None where it was followed into none."""
    from ytterby.run import losses

    found = losses.newest(project.open_run(run))
    return None if found is None else found.plain()


def tell(cost: dict[str, Any]) -> None:
    """What is lost, for a person."""
    from ytterby.run.losses import ALL, WORLD

    rows = cost["rows"]
    whole = next(row for row in rows if (row["region"], row["sector"]) == (WORLD, ALL))
    ranked = sorted(rows, key=lambda row: -row["lost_median"])
    unit = whole["unit"]
    click.echo()
    click.echo(
        f"Value added lost: {amount(whole['lost_median'], unit)} "
        f"(90 %: {amount(whole['lost_p05'], unit)} - {amount(whole['lost_p95'], unit)}), of which "
        f"{amount(whole['indirect_median'], unit)} beyond the lines that stand still."
    )
    money, scale = ("bn USD", 1e9) if unit == "USD" else (unit, 1.0)
    for what, pick in (
        ("country", [r for r in ranked if r["sector"] == ALL and r["region"] != WORLD]),
        ("sector", [r for r in ranked if r["region"] == WORLD and r["sector"] != ALL]),
    ):
        shown = [
            {
                what: row["region"] if row["sector"] == ALL else row["sector"],
                **{q: f"{row[f'lost_{q}'] / scale:,.1f}" for q in ("p05", "median", "p95")},
                "beyond the lines": f"{row['indirect_median'] / scale:,.1f}",
                "of value added": f"{row['share_median']:.2%}",
            }
            for row in pick[:MOST]
        ]
        table(shown, title=f"value added lost by {what}, {money}")
    if cost["assumed"]:
        say("assumed: the table of the economy, or what of it hangs on the lines (docs/economy.md)")


def amount(value: float, unit: str) -> str:
    """An amount of money in a few letters: US dollars in billions, other money as it is counted."""
    return f"{value / 1e9:,.1f} bn USD" if unit == "USD" else f"{value:,.4g} {unit}"
