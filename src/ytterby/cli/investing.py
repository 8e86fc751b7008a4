"""Home to the verbs that say which capacity to build, and what a stockpile is good for: invest, stockpile."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from ytterby.cli.speaking import Ask, asks, day, plain, progress, say, table
from ytterby.cli.spreading import elsewhere, on_engines

if TYPE_CHECKING:
    from ytterby.decisions.kept import Decision


def _codes(_context: click.Context, _parameter: click.Parameter, text: str) -> tuple[str, ...]:
    """Countries written as BR,AU."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


@click.command()
@click.argument("scenario", default="self-sufficiency")
@click.option("--region", default="US", show_default=True, help="Whose makers want magnets.", metavar="CODE")
@click.option(
    "--goal", "goals", multiple=True, help="share=0.4@2030 or days=180@2028; may be repeated.", metavar="GOAL"
)
@click.option("--budget", type=float, help="USD to spend at most.", metavar="USD")
@click.option("--year", type=int, default=0, help="Year a budget without a goal is spent for.")
@click.option(
    "--partners", callback=_codes, default="", help="Countries that may feed it, e.g. BR,AU.", metavar="CODES"
)
@click.option("--no-chinese-equipment", is_flag=True, help="Without plant, technology and people from China.")
@click.option("--draws", type=int, default=100, show_default=True, help="How many futures to draw.")
@click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same bits.")
@on_engines
@asks
def invest(
    ask: Ask,
    scenario: str,
    region: str,
    goals: tuple[str, ...],
    budget: float | None,
    year: int,
    partners: tuple[str, ...],
    no_chinese_equipment: bool,
    draws: int,
    seed: int,
    **machines: Any,
) -> None:
    """Say which capacity to build, where and when, for a goal and within a budget.

    The plan is found on the medians of SCENARIO, laid over it, and simulated on the draws beside what happens without
    it. What is promised stands beside what is simulated, and the stage that is the bottleneck after each step of money.
    A goal that cannot be met is answered with the nearest plan and what binds. The answer is kept.
    """
    with elsewhere(ask.project(), machines) as there, progress("invest") as advance:
        made = there.invest(
            scenario,
            region,
            goals,
            budget,
            partners=partners,
            chinese_equipment=not no_chinese_equipment,
            year=year,
            draws=draws,
            seed=seed,
            progress=advance,
        )
    ask.answer(plain(made.to_dict()), lambda: _tell(made))


def _tell(made: Decision) -> None:
    said, promise = made.answer, made.answer["promise"]
    click.echo(made.title["en"])
    click.echo()
    rows = [
        {"stage": o["stage"], "plant": o["name"], "year": o["year"], "t a year": o["size"], "USD m": o["usd"] / 1e6}
        for o in promise["orders"]
    ]
    for want, tonnes in promise["pile"].items():
        usd = tonnes * promise["price"][want] / 1e6
        rows.append({"stage": "stockpile", "plant": want, "year": None, "t a year": tonnes, "USD m": usd})
    if rows:
        band = said["cost_band"]
        title = (
            f"what to order: USD m {promise['cost'] / 1e6:,.1f} ({band['p05'] / 1e6:,.1f} to {band['p95'] / 1e6:,.1f})"
        )
        table(rows, title=title)
        click.echo()
    table(_years(said), title="magnets made at home, % of those wanted: promised, and simulated (median; 5-95 %)")
    click.echo()
    if said["ladder"]:
        table(_rungs(said), title=f"each step of money, for {said['year']}")
        click.echo()
    if said["days"]:
        days = said["days"]
        say(
            f"days without China from {days['year']}: promised {days['promised']:.0f}, simulated {days['median']:.0f} "
            f"({days['p05']:.0f} to {days['p95']:.0f})"
        )
        if days["pile"] and "held" in days:
            say(
                f"of the stockpile's {days['pile']:,.0f} t, {days['held']['median']:,.0f} could be bought outside China"
            )
    if said["absent"]:
        say(
            f"no mine or plant of {', '.join(said['absent'])} stands in the tables: opening one there cannot be planned"
        )
    say(f"duality gap {promise['gap']:.1g}; {len(said['assumed'])} assumed inputs; kept as {made.id}")


def _years(said: Mapping[str, Any]) -> list[dict[str, Any]]:
    promise, rows = said["promise"], []
    for at, year in enumerate(promise["years"]):
        row: dict[str, Any] = {"year": str(year), "announced": 100 * said["announced"]["share"][at]}
        row["promised"] = 100 * promise["share"][at]
        for name, told in said["simulated"].items():
            if year in told["years"]:
                band = told["bands"][told["years"].index(year)]
                row[name] = f"{100 * band['median']:.0f}"
                if name == "capacity and promises":
                    row[name] += f" ({100 * band['p05']:.0f}-{100 * band['p95']:.0f})"
        rows.append(row)
    return rows


def _rungs(said: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "USD m": rung["budget"] / 1e6,
            "share %": 100 * rung["share"],
            "gained": 100 * rung["gained"],
            "spent on": ", ".join(f"{k} {v / 1e6:,.0f}" for k, v in rung["spent"].items() if abs(v) >= 5e5),
            "bottleneck then": rung["bottleneck"],
        }
        for rung in said["ladder"]
    ]


@click.command()
@click.argument("scenario", default="requisition")
@click.option("--region", default="US", show_default=True, help="Whose state buys.", metavar="CODE")
@click.option("--buy", multiple=True, required=True, help="t of a material; may be repeated.", metavar="MATERIAL=T")
@click.option("--from", "start", type=day, help="First day of the purchases.", metavar="DATE")
@click.option("--until", type=day, help="Their last day.", metavar="DATE")
@click.option("--release", type=day, help="Day from which it goes to users at home.", metavar="DATE")
@click.option("--over", type=int, default=180, show_default=True, help="Fewest days it is handed out over.")
@click.option("--draws", type=int, default=100, show_default=True, help="How many futures to draw.")
@click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same bits.")
@on_engines
@asks
def stockpile(
    ask: Ask,
    scenario: str,
    region: str,
    buy: tuple[str, ...],
    start: datetime.date | None,
    until: datetime.date | None,
    release: datetime.date | None,
    over: int,
    draws: int,
    seed: int,
    **machines: Any,
) -> None:
    """Say who goes short under which rule, and what a national stockpile changes.

    SCENARIO is simulated with stocks divided in proportion to what may ship and with military orders first, each
    without a stockpile, with one that is bought and held, and (with --release) one that is handed to the plants and
    makers of the region that lack it. The answer is kept.
    """
    with elsewhere(ask.project(), machines) as there, progress("stockpile") as advance:
        made = there.stockpile(
            scenario, region, buy, start=start, until=until, release=release, over=over, draws=draws, seed=seed,
            progress=advance,
        )  # fmt: skip
    ask.answer(plain(made.to_dict()), lambda: _tell_stockpile(made))


def _tell_stockpile(made: Decision) -> None:
    said = made.answer
    click.echo(made.title["en"])
    click.echo()
    rows = [
        {
            "rule": row["rule"],
            "stockpile": row["holding"],
            "military %": _percent(row["military"]),
            "civil %": _percent(row["civil"]),
            "paid, USD m": row["paid"]["median"] / 1e6 if row["paid"] else None,
        }
        for row in said["policies"]
    ]
    table(rows, title=f"share of their magnets that makers miss since {said['since']}, % (median; 5-95 %)")
    click.echo()
    products = [
        {
            "product": one["product"],
            "military": one["military"],
            **{row["policy"]: 100 * row["products"][at]["median"] for row in said["policies"]},
        }
        for at, one in enumerate(said["policies"][0]["products"])
    ]
    table(products, title="by product, % (median)")
    for material, told in said["policies"][1]["bought"].items():
        least, median, most = (f"{told['held'][q]:,.0f}" for q in ("p05", "median", "p95"))
        text = f"{material}: {told['asked']:g} t asked for, {median} t held at most ({least} to {most})"
        # the third policy is that of a release, where one was asked for
        given = said["policies"][2]["bought"].get(material, {}).get("released")
        say(text + (f", {given['median']:,.0f} t handed out" if given and given["p95"] > 0 else ""))
    say(f"kept as {made.id}")


def _percent(band: Mapping[str, float]) -> str:
    return f"{100 * band['median']:.1f} ({100 * band['p05']:.1f}-{100 * band['p95']:.1f})"


VERBS = (invest, stockpile)
