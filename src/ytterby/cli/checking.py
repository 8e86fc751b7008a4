"""Home to the verbs that ask the law: check, calendar, licence, exposure, replay, rules."""

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


@click.command()
@click.argument("applied", type=day, required=False, metavar="[DATE]")
@click.option("--known", type=day, help="From what was observed by that day.", metavar="DATE")
@asks
def calendar(ask: Ask, applied: datetime.date | None, known: datetime.date | None) -> None:
    """Say when a licence applied for on DATE (today) may be decided.

    The statutory clock counts Chinese working days with their make-up days; beside it stands how long reviews really
    took, fitted from what was observed, with its 90 % band.
    """
    told = ask.project().calendar(applied, known).to_dict()
    ask.answer(told, lambda: _show_calendar(told))


def _show_calendar(told: dict[str, Any]) -> None:
    clock = told["statute"]
    click.echo(f"accepted on {clock['accepted']}: {clock['working_days']} working days end on {clock['due']}")
    if clock["provisional"]:
        click.echo(f"  provisional: {clock['provisional']}")
    for one in told["decided"]:
        click.echo(f"{one['share']:.0%} are decided by {one['day']} (90 % band {one['low']} to {one['high']})")
    share = told["approval"]
    click.echo(
        f"granted: {share['median']:.0%} of civil applications (90 % band {share['low']:.0%} to {share['high']:.0%})"
    )
    say(
        f"from {told['observations']} observations of practice; filing comes before acceptance, and nothing bounds that"
    )


@click.command()
@click.argument("holdings", type=click.Path(path_type=Path), metavar="HOLDINGS.yaml")
@click.option("--on", type=day, help="The day to look from; today without it.", metavar="DATE")
@click.option("--known", type=day, help="Judge orders by what was known on that day.", metavar="DATE")
@click.option("--reading", help="One reading of the unsettled texts.", metavar="NAME")
@click.option("--revoke", help="What if this licence were revoked.", metavar="ID")
@asks
def licence(
    ask: Ask,
    holdings: Path,
    on: datetime.date | None,
    known: datetime.date | None,
    reading: str | None,
    revoke: str | None,
) -> None:
    """Show what is left of each licence, which planned orders are covered, and when stocks run out."""
    told = ask.project().licences(holdings, on, known, reading, revoke).to_dict()
    ask.answer(told, lambda: _show_licences(told))


def _show_licences(told: dict[str, Any]) -> None:
    table(told["licences"], ("id", "kind", "status", "left_kg", "quantity_kg", "until", "apply_for_renewal_by"))
    if told["uncovered"]:
        table(told["uncovered"], ("shipment", "why"), title="Shipments that no licence covers")
    if told["orders"]:
        table(told["orders"], ("order", "date", "outcome", "licence", "why"), title="Planned orders")
    if told["stocks"]:
        table(told["stocks"], ("stock", "empty"), title="First empty day of each stock")


@click.command()
@click.argument("bill", type=click.Path(path_type=Path), metavar="BILL")
@click.option("--root", help="The product, where the bill holds several.", metavar="NAME")
@click.option("--origin", default="CN", show_default=True, help="Origin whose thresholds to look at.", metavar="PLACE")
@asks
def exposure(ask: Ask, bill: Path, root: str | None, origin: str) -> None:
    """Roll up a bill of materials (CSV, JSON, Excel): shares by origin, exactly, and the margin to each threshold."""
    from ytterby.terms.places import place

    rolled = ask.project().exposure(bill, root)
    margins = [margin.to_dict() for margin in rolled.margins(place(origin, "--origin").code)]
    told = {**rolled.to_dict(), "margins": margins}
    ask.answer(told, lambda: _show_exposure(told))


def _show_exposure(told: dict[str, Any]) -> None:
    click.echo(f"{told['root']}: {told['value_usd']:,.2f} USD, {told['mass_kg']:,.4g} kg a piece")
    table(told["origins"], ("origin", "value_usd", "value_share", "mass_kg", "mass_share"))
    rows = [{**m, "share": f"{m['share']['low']:.4%} to {m['share']['high']:.4%}", "at": f"{m['at']:.4%}"}
            for m in told["margins"]]  # fmt: skip
    table(rows, ("line", "what", "share", "at", "verdict", "source"))
    for origin, parts in told["technology"].items():
        click.echo(f"made with technology of {origin}: {', '.join(parts[:8])}{' …' if len(parts) > 8 else ''}")
    if told["missing"]:
        first = told["missing"][0]
        say(f"{len(told['missing'])} facts are missing; the first: {first['part']}, {first['what']}")


@click.command()
@click.argument("transfers", type=click.Path(path_type=Path), metavar="TRANSFERS.csv")
@click.option("--on", "on", type=day, multiple=True, help="Two days to compare; once: both cases.", metavar="DATE")
@click.option("--known", type=day, multiple=True, help="Two days of knowledge; once: both cases.", metavar="DATE")
@click.option("--reading", multiple=True, help="Two readings; once: both cases.", metavar="NAME")
@asks
def replay(
    ask: Ask, transfers: Path, on: tuple[datetime.date, ...], known: tuple[datetime.date, ...], reading: tuple[str, ...]
) -> None:
    """Say for which TRANSFERS the verdict differs between two days, two states of knowledge or two readings."""
    rows = _table(transfers)
    found = ask.project().replay(rows, _two(on, "--on"), _two(known, "--known"), _two(reading, "--reading"))
    ask.answer(found, lambda: table(found, ("row", "before", "after", "clauses")))
    say(f"{len(found)} of {max((len(cells) for cells in rows.values()), default=0)} transfers change")


def _two(given: tuple[Any, ...], name: str) -> tuple[Any, Any]:
    if len(given) > 2:
        raise click.UsageError(f"{name} is given {len(given)} times; give it once or twice")
    return (given[0], given[-1]) if given else (None, None)


def _table(path: Path) -> dict[str, list[str]]:
    import csv

    from ytterby.terms.errors import BadValue

    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except UnicodeDecodeError as error:
        raise BadValue(f"not UTF-8 at byte {error.start}", place=str(path), remedy="save it as UTF-8") from None
    names = list(rows[0]) if rows else []
    if any(None in row for row in rows):
        raise BadValue("a row has more cells than there are columns", place=str(path), remedy="mend the row")
    return {name: [row.get(name) or "" for row in rows] for name in names}


@click.command()
@click.argument("instrument", required=False)
@click.option("--on", type=day, help="Standing on that day; today without it.", metavar="DATE")
@click.option("--reading", help="One reading of the unsettled texts.", metavar="NAME")
@click.option(
    "--timeline", type=click.Path(path_type=Path), help="Also draw what was in force, as SVG.", metavar="FILE"
)
@asks
def rules(
    ask: Ask, instrument: str | None, on: datetime.date | None, reading: str | None, timeline: Path | None
) -> None:
    """List the instruments, or show the page of one: clauses, standing, sources, doubts."""
    project = ask.project()
    if timeline is not None:
        say(f"drawn: {project.draw_timeline(timeline, reading)}")
    if instrument is not None:
        from ytterby.rules.replay import markdown

        page = project.instrument(instrument, on, reading)
        ask.answer(page, lambda: click.echo(markdown(page)))
        return
    rows = [
        {
            "id": one.id,
            "authority": one.authority,
            "issued": one.issued,
            "clauses": len(one.clauses),
            "title": one.title,
        }
        for one in project.instruments()
    ]
    ask.answer(rows, lambda: table(rows, ("id", "authority", "issued", "clauses", "title")))


VERBS = (check, calendar, licence, exposure, replay, rules)
