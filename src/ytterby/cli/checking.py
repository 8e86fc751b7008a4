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
@click.option(
    "--holdings", type=click.Path(path_type=Path), help="Who owns whom, as {firm: {owner: share}}.", metavar="FILE"
)
@click.option("--trace", is_flag=True, help="Also every clause that was passed over, and why.")
@click.option(
    "--keep", help="Watch the shipment under this name: the desk tells when its verdict flips.", metavar="NAME"
)
@asks
def check(
    ask: Ask,
    facts: Path,
    on: datetime.date | None,
    known: datetime.date | None,
    reading: str | None,
    holdings: Path | None,
    trace: bool,
    keep: str | None,
) -> None:
    """Say what the law wants of one transfer: free, reported, licence, refused, or what to find out first."""
    project = ask.project()
    found = [verdict.to_dict() for verdict in project.check(facts, on, known, reading, holdings=holdings)]
    if keep is not None:
        say(f"watched: {project.keep_shipment(keep, facts)}")
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
        f"granted: {share['median']:.0%} of all that are filed by then (90 % band {share['low']:.0%} to "
        f"{share['high']:.0%}), pending files counted as not granted"
    )
    settled = told["approval_of_decided"]
    if settled is not None:
        click.echo(
            f"of the decided, {settled['median']:.0%} (90 % band {settled['low']:.0%} to {settled['high']:.0%}), "
            f"from {settled['decided']} decisions"
        )
    say(
        f"from {told['observations']} observations of practice; filing comes before acceptance, and nothing bounds that"
    )


@click.command()
@click.argument("holdings", type=click.Path(path_type=Path), metavar="HOLDINGS.yaml")
@click.option("--on", type=day, help="The day to look from, and of a what-if; today without it.", metavar="DATE")
@click.option("--known", type=day, help="Judge orders by what was known on that day.", metavar="DATE")
@click.option("--reading", help="One reading of the unsettled texts.", metavar="NAME")
@click.option("--revoke", multiple=True, help="What if this licence were revoked.", metavar="ID")
@click.option("--listed", multiple=True, help="What if this party were put on that list.", metavar="PARTY=LIST")
@click.option(
    "--lapsed", multiple=True, help="What if this instrument's or clause's suspension lapsed.", metavar="INSTRUMENT"
)
@click.option("--against", help="What if the unsettled texts were read so instead.", metavar="NAME")
@asks
def licence(
    ask: Ask,
    holdings: Path,
    on: datetime.date | None,
    known: datetime.date | None,
    reading: str | None,
    revoke: tuple[str, ...],
    listed: tuple[str, ...],
    lapsed: tuple[str, ...],
    against: str | None,
) -> None:
    """Show what is left of each licence, which planned orders are covered, and when stocks run out.

    With a what-if, the same after it, and what it changes: orders, the last day of stocks, links of the world.
    """
    from ytterby.rules.planned import WhatIf

    case = WhatIf(on or datetime.date.today(), revoke, tuple(_pair(one) for one in listed), lapsed)
    if not case and against is None:
        told = ask.project().licences(holdings, on, known, reading).to_dict()
    else:
        after, compared, links = ask.project().licences_if(holdings, case, known, reading, against)
        told = {**after.to_dict(), "what_if": {**compared.to_dict(), "links": links}}
    ask.answer(told, lambda: _show_licences(told))


def _pair(text: str) -> tuple[str, str]:
    name, equals, which = text.rpartition("=")
    if not equals or not name.strip():
        raise click.UsageError(f"--listed '{text}': write PARTY=LIST, e.g. 'Muster GmbH=cn-eu-control-2026-07-24'")
    return name.strip(), which.strip()


def _show_licences(told: dict[str, Any]) -> None:
    table(told["licences"], ("id", "kind", "status", "left_kg", "quantity_kg", "until", "apply_for_renewal_by"))
    if told["uncovered"]:
        table(told["uncovered"], ("shipment", "why"), title="Shipments that no licence covers")
    if told["orders"]:
        table(told["orders"], ("order", "date", "outcome", "licence", "why"), title="Planned orders")
    if told["stocks"]:
        table(told["stocks"], ("stock", "empty"), title="First day each stock falls short")
    changes = told.get("what_if")
    if changes is None:
        return
    columns = ("from", "to", "material", "military", "links", "before", "after", "clauses")
    shown = changes["links"][:MOST_LINKS]
    for rows, names, title in (
        (changes["orders"], ("order", "before", "after", "why"), "Orders that change"),
        (changes["stocks"], ("stock", "before", "after"), "Stocks whose first short day moves"),
        (shown, columns, "Links of the world that change"),
    ):
        if rows:
            table(rows, names, title=title)
        else:
            click.echo(f"{title}: none")
    if len(changes["links"]) > len(shown):
        say(f"{len(changes['links']) - len(shown)} more kinds of links change; --json lists them")


MOST_LINKS = 20
"""Kinds of links that the terminal shows."""


@click.command()
@click.argument("bill", type=click.Path(path_type=Path), metavar="BILL")
@click.option("--root", help="The product, where the bill holds several.", metavar="NAME")
@click.option("--origin", default="CN", show_default=True, help="Origin whose thresholds to look at.", metavar="PLACE")
@click.option(
    "--prices",
    type=click.Path(path_type=Path),
    help="Also the shares at each day's prices (date, material, usd_per_kg).",
    metavar="FILE",
)
@asks
def exposure(ask: Ask, bill: Path, root: str | None, origin: str, prices: Path | None) -> None:
    """Roll up a bill of materials (CSV, JSON, Excel): shares by origin, exactly, and the margin to each threshold."""
    from ytterby.rules.pricing import crossings
    from ytterby.terms.places import place

    project, code = ask.project(), place(origin, "--origin").code
    rolled = project.exposure(bill, root)
    told = {
        **rolled.to_dict(),
        "margins": [margin.to_dict() for margin in rolled.margins(code)],
        "taint": rolled.taint(code).to_dict(),
    }
    if prices is not None:
        series = project.exposure_by_price(bill, prices, root, code)
        told["price_dates"] = [one.to_dict() for one in series]
        told["crossings"] = [one.to_dict() for one in crossings(series)]
    ask.answer(told, lambda: _show_exposure(told))


def _show_exposure(told: dict[str, Any]) -> None:
    worth = "value not told" if told["value_usd"] is None else f"{told['value_usd']:,.2f} USD"
    weight = "mass not told" if told["mass_kg"] is None else f"{told['mass_kg']:,.4g} kg"
    click.echo(f"{told['root']}: {worth}, {weight} a piece")
    table(told["origins"], ("origin", "value_usd", "value_share", "mass_kg", "mass_share"))
    rows = [{**m, "share": _span(m["share"]), "at": f"{m['at']:.4%}"} for m in told["margins"]]
    table(rows, ("line", "what", "share", "at", "verdict", "note", "source"))
    taint = told["taint"]
    if taint["verdict"] != "below":
        parts = taint["parts"] or taint["untold"]
        word = "made with" if taint["parts"] else "nobody told whether made with"
        click.echo(f"{word} technology of {taint['origin']}: {', '.join(parts[:8])}{' …' if len(parts) > 8 else ''}")
    if "crossings" in told:
        table(told["crossings"], ("line", "date", "before", "after"), title="Price dates that move a share over a line")
    if told["missing"]:
        first = told["missing"][0]
        say(f"{len(told['missing'])} facts are missing; the first: {first['part']}, {first['what']}")


def _span(share: dict[str, Any] | None) -> str:
    if share is None:
        return "none"
    if share["exact"] is not None:
        return f"{share['low']:.4%}"
    return f"{share['low']:.4%} to {share['high']:.4%}"


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


@click.command()
@click.argument("name")
@click.option("--country", help="Country of the party.", metavar="PLACE")
@click.option("--on", type=day, help="Lists as of that day; every list without it.", metavar="DATE")
@click.option("--is", "party", help="Decide: the name is this listed party.", metavar="PARTY")
@click.option("--nobody", is_flag=True, help="Decide: the name is nobody on a list.")
@click.option("--reviewer", envvar="YTTERBY_REVIEWER", help="Who decides.", metavar="NAME")
@click.option("--reason", default="", help="Why.", metavar="TEXT")
@asks
def screen(
    ask: Ask,
    name: str,
    country: str | None,
    on: datetime.date | None,
    party: str | None,
    nobody: bool,
    reviewer: str | None,
    reason: str,
) -> None:
    """Compare a party's NAME with the lists; similar names are proposed, a person decides, verdicts follow.

    A name that a list gives itself is a match; whatever is merely alike stops nothing until somebody decided.
    """
    project = ask.project()
    if party is not None or nobody:
        if party is not None and nobody:
            raise click.UsageError("--is and --nobody exclude each other")
        if not reviewer:
            raise click.UsageError("say who decides: --reviewer NAME")
        project.decide(name, party, reviewer=reviewer, reason=reason)
    rows = [candidate.to_dict() for candidate in project.screen(name, country, on)]
    ask.answer(rows, lambda: table(rows, ("party", "zh", "country", "list", "score", "match", "why")))
    say(f"{len(rows)} candidates")


VERBS = (check, calendar, licence, exposure, replay, rules, screen)
