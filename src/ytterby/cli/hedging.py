"""Home to the verb that says what a buyer should stock, contract and apply for: hedge."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ytterby.cli.speaking import Ask, asks, plain, progress, say, table
from ytterby.cli.spreading import elsewhere, on_engines

if TYPE_CHECKING:
    from ytterby.decisions.kept import Decision

ORDERS = ("kind", "material", "kg", "share", "origin", "in_force", "cost_now_usd", "spares_usd", "assumed")
RIVALS = {
    "none": "nothing",
    "ninety": "90 days of everything",
    "spend": "stock in proportion to spend",
}


@click.command()
@click.argument("company", required=False)
@click.option("--run", metavar="RUN", help="Against the draws of a kept run: its scenario, draws and seed.")
@click.option("--scenario", metavar="S", help="Against a scenario; without it the file's.")
@click.option("--draws", type=int, default=200, show_default=True, help="How many futures to draw.")
@click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same bits.")
@click.option("--cvar", type=float, metavar="A", help="The tail is the worst 1-A of the draws, e.g. 0.9.")
@click.option("--budget", type=float, metavar="USD", help="What may be spent now; without it the file's cash.")
@click.option("--frontier", type=int, default=5, show_default=True, metavar="N", help="Budgets to try, 0 for none.")
@click.option("--keep", type=int, default=64, show_default=True, metavar="N", help="Draws to solve on; all are played.")
@click.option("--orders", type=click.Path(path_type=Path), metavar="FILE", help="Write the order list there as CSV.")
@on_engines
@asks
def hedge(
    ask: Ask,
    company: str | None,
    run: str | None,
    scenario: str | None,
    draws: int,
    seed: int,
    cvar: float | None,
    budget: float | None,
    frontier: int,
    keep: int,
    orders: Path | None,
    **machines: Any,
) -> None:
    """Say what COMPANY should stock, contract, apply for and qualify now.

    COMPANY is the name of a buyer, or the path of a YAML file (`ytterby schema company` describes it); without it those
    at hand are listed. The plan is found
    on the simulator's own draws, played again by a buyer who does not see the future, and set beside three plain
    policies. The answer is kept.
    """
    project = ask.project()
    if company is None:
        known = project.companies()
        rows = [
            {
                "id": one["id"],
                "title": one.get("title", {}).get("en", "cannot be read"),
                "scenario": one.get("scenario"),
            }
            for one in known
        ]
        ask.answer(plain(known), lambda: table(rows))
        return
    with elsewhere(project, machines) as there, progress(f"hedge {company}") as advance:
        made = there.hedge(
            company, run, scenario=scenario, draws=draws, seed=seed, cvar=cvar, budget=budget, frontier=frontier,
            keep=keep, progress=advance,
        )  # fmt: skip
    if orders is not None:
        _write(made, orders)
    ask.answer(plain(made.to_dict()), lambda: _tell(made, orders))


def _write(made: Decision, path: Path) -> None:
    from ytterby.decisions.hedge.orders import as_csv
    from ytterby.store import atomic

    atomic.write(path, as_csv(made.answer["orders"]).encode())


def _tell(made: Decision, orders: Path | None) -> None:
    said = made.answer
    click.echo(made.title["en"])
    click.echo()
    if said["orders"]:
        table(said["orders"], ORDERS, title="orders, what spares most first")
    else:
        click.echo("nothing to order")
    click.echo()
    table(_beside(said), title="USD m against a plan without trouble, on the same draws")
    click.echo()
    table(_frontier(said), title="what a budget buys, USD m (weight: of the tail)")
    click.echo()
    solver, gap = said["solver"], said["gap_all"]
    say(f"promised {_m(said['promised']['expected'])}, played {_m(said['plan']['expected'])} ({gap:+.1%}), on another "
        f"seed {_m(said['fresh']['expected'])} ({said['gap_fresh']:+.1%}) USD m")  # fmt: skip
    say(f"solved on {solver['draws']} of {solver['of']} draws (reduction error {solver['reduction_error']:.1%}): "
        f"primal {_m(solver['primal'])}, dual {_m(solver['dual'])}, duality gap {solver['duality_gap']:.1e}, "
        f"gap of the search {solver['mip_gap']:.1e}")  # fmt: skip
    worth = said["limits"]["worth_of_cash"]
    say(f"one more dollar of cash would spare {worth:.2f}" if worth > 1e-6 else "more cash would spare nothing")
    if said["assumed"]:
        say(f"{len(said['assumed'])} products, materials, suppliers and options of the file are assumed")
    say(f"kept as {made.id}" + (f"; orders in {orders}" if orders else ""))


def _beside(said: Any) -> list[dict[str, Any]]:
    rows = [{"policy": "this plan", **_line(said["plan"] | {"outlay": said["outlay"]})}]
    for one in said["rivals"]:
        rows.append(
            {"policy": RIVALS[one["name"]], **_line(one), "plan_is_better_by": one["margin"] / 1e6,
             "in_draws": f"{one['wins']:.0%}"}
        )  # fmt: skip
    return rows


def _line(one: Any) -> dict[str, Any]:
    return {
        "outlay": one["outlay"] / 1e6, "mean": one["expected"] / 1e6, "tail": one["tail"] / 1e6,
        "mixed": one["mixed"] / 1e6, "service": f"{one['service']:.1%}",
    }  # fmt: skip


def _frontier(said: Any) -> list[dict[str, Any]]:
    return [{"cash": one["cash"] / 1e6, "weight": one["weight"], **_line(one)} for one in said["frontier"]]


def _m(usd: float) -> str:
    return f"{usd / 1e6:,.2f}"


VERBS = (hedge,)
