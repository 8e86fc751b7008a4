"""Home to the verbs on claims: claims, accept, reject, reopen, reviews, weigh, moved, lineage."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any, Literal, TypeVar

import click

from ytterby.cli.speaking import Ask, asks, cell, day, plain, say, table

CLAIM_COLUMNS = ("id", "status", "kind", "subject", "value", "low", "high", "unit", "place", "known", "source")
WEIGHED_COLUMNS = ("parameter", "value", "low", "high", "unit", "assumed", "claims", "conflicts")
QUOTED = 90
"""Characters of a quote shown in a table."""

Verb = TypeVar("Verb", bound=Callable[..., Any])


@click.command()
@click.option("--path", "file", help="Only those read from this file, address or table.", metavar="FILE")
@click.option("--document", help="Only those of this document.", metavar="ID")
@click.option("--kind", help="Only this kind: share, production, capacity, price ...", metavar="K")
@click.option("--parameter", help="Only this parameter; all below it with a final ':' or '*'.", metavar="P")
@click.option("--status", help="Only pending, accepted or rejected.", metavar="STATUS")
@click.option("--known", type=day, help="Only what was known on that day.", metavar="DATE")
@click.option("--assumed", is_flag=True, help="Only the assumed ones.")
@asks
def claims(
    ask: Ask,
    file: str | None,
    document: str | None,
    kind: str | None,
    parameter: str | None,
    status: str | None,
    known: datetime.date | None,
    assumed: bool,
) -> None:
    """List every figure with its source, and the words it was read from."""
    found = ask.project().claims(
        kind=kind, parameter=parameter, document=document, known=known, status=status, path=file
    )
    rows = [_row(claim) for claim in found if claim.assumed or not assumed]
    ask.answer(rows, lambda: _draw_claims(rows))


def _row(claim: Any) -> dict[str, Any]:
    """A claim as the machine interface has it: of a date the value is the day itself."""
    fields: dict[str, Any] = plain(claim)
    if claim.kind == "date" and claim.value is None and claim.unit == "date":
        fields["value"] = claim.as_of or None
    return fields


def _draw_claims(rows: list[dict[str, Any]]) -> None:
    short = [{**row, "id": str(row["id"])[:10], "source": _source(row.get("source"))} for row in rows]
    table(short, CLAIM_COLUMNS)
    waiting = sum(row["status"] == "pending" for row in rows)
    say(f"{len(rows):,} claims, {sum(bool(row.get('assumed')) for row in rows):,} of them assumed, {waiting:,} waiting")
    for row in rows:
        for flag in row.get("flags") or ():
            say(f"doubt about {str(row['id'])[:10]}: {flag}")


def _source(source: Any) -> str:
    if isinstance(source, dict):
        return " ".join(str(source[key]) for key in ("publisher", "year") if source.get(key))
    return str(source or "")


def _reviews(function: Verb) -> Verb:
    for option in (
        click.option("--parameter", help="All waiting claims of this parameter.", metavar="P"),
        click.option("--kind", help="All waiting claims of this kind.", metavar="K"),
        click.option("--document", help="All waiting claims of this document.", metavar="ID"),
        click.option("--reason", default="", help="Why.", metavar="TEXT"),
        click.option("--reviewer", envvar="YTTERBY_REVIEWER", required=True, help="Who decides.", metavar="NAME"),
        click.argument("claims", nargs=-1, metavar="[CLAIM]..."),
    ):
        function = option(function)
    return function


def _review(
    ask: Ask, status: Literal["accepted", "rejected", "pending"], claims: tuple[str, ...], **about: Any
) -> None:
    done = ask.project().review(status, claims, **about)
    told = {"status": status, "claims": done}
    ask.answer(told, lambda: click.echo(f"{len(done)} claims are {status} now"))


@click.command()
@_reviews
@asks
def accept(ask: Ask, claims: tuple[str, ...], **about: Any) -> None:
    """Accept claims: from the next build on they count."""
    _review(ask, "accepted", claims, **about)


@click.command()
@_reviews
@asks
def reject(ask: Ask, claims: tuple[str, ...], **about: Any) -> None:
    """Reject claims: they stay on record and count nowhere."""
    _review(ask, "rejected", claims, **about)


@click.command()
@_reviews
@asks
def reopen(ask: Ask, claims: tuple[str, ...], **about: Any) -> None:
    """Take a verdict back: the claims wait again."""
    _review(ask, "pending", claims, **about)


@click.command()
@click.argument("claim", metavar="CLAIM")
@asks
def reviews(ask: Ask, claim: str) -> None:
    """List every verdict on a claim, oldest first: who decided what, when and why."""
    rows = ask.project().reviews(claim)
    ask.answer(rows, lambda: table(rows, ("at", "status", "reviewer", "reason")))


@click.command()
@click.option("--parameter", help="Only this parameter; all below it with a final ':' or '*'.", metavar="P")
@click.option("--known", type=day, help="From what was known on that day.", metavar="DATE")
@click.option("--contested", is_flag=True, help="Only parameters whose claims contradict each other.")
@asks
def weigh(ask: Ask, parameter: str | None, known: datetime.date | None, contested: bool) -> None:
    """Show what each parameter's claims are pooled into, and what contradicts what.

    Each claim is listed with its weight, with the claims that conflict and those that differ in scope only. Claims that
    wait for review, or were rejected, weigh nothing, and show their contradictions all the same.
    """
    project = ask.project()
    asked = project.ask(parameter, known)
    if parameter is not None and not asked:
        from ytterby.terms.errors import UnknownName

        raise UnknownName(parameter, project.ask(known=known), "parameter", place="--parameter")
    rows = [row.to_dict() for row in asked.values() if not contested or row.conflicts]
    short = [{**row, "claims": _count(row["claims"]), "conflicts": _count(row["conflicts"])} for row in rows]
    ask.answer(rows, lambda: table(short, WEIGHED_COLUMNS))


def _count(value: Any) -> int:
    return len(value)


@click.command()
@click.argument("runs", nargs=-1, metavar="[RUN RUN]")
@click.option("--since", type=day, help="Moved since the end of that day.", metavar="DATE")
@click.option("--until", type=day, help="Up to the end of that day; today without it.", metavar="DATE")
@asks
def moved(ask: Ask, runs: tuple[str, ...], since: datetime.date | None, until: datetime.date | None) -> None:
    """Name what moved between two days, or between two runs: each parameter with the sentences that moved it.

    A day has what was known by then, and the verdicts that stood then. A run is an id, the start of one, or latest.
    """
    if len(runs) not in (0, 2) or bool(runs) == (since is not None) or (runs and until):
        raise click.UsageError("name two runs, or a day: ytterby moved --since 2026-01-31")
    project = ask.project()
    found = project.moved_between(*runs) if runs else project.moved(since, until)  # type: ignore[arg-type]
    said = {claim.id: claim for claim in project.claims()} if found else {}
    rows = [{**one.to_dict(), "claims": [_responsible(name, said.get(name)) for name in one.claims]} for one in found]
    ask.answer(rows, lambda: _show_moved(rows))


def _responsible(name: str, claim: Any) -> dict[str, Any]:
    """A claim by what a reader has to see of it; of one that no longer counts the id alone is left."""
    if claim is None:
        return {"id": name, "status": None, "quote": "", "source": "", "path": "", "reviewer": ""}
    quote = claim.quote or f"{claim.subject} {cell(claim.value)} {claim.unit}".strip()
    source = _source(plain(claim.source)) or claim.source.title
    return {"id": name, "status": claim.status, "quote": quote, "source": source, "path": claim.path,
            "reviewer": claim.reviewer}  # fmt: skip


def _show_moved(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        before, after = (cell(row[side]) or "nothing" for side in ("before", "after"))
        if before == after:
            click.echo(f"{row['parameter']}: {after} {row['unit']}, its spread moved")
        else:
            change = "" if row["change"] is None else f" ({row['change']:+.1%})"
            click.echo(f"{row['parameter']}: {before} to {after} {row['unit']}{change}")
        for claim in row["claims"]:
            where = ", ".join(part for part in (claim["source"], claim["path"]) if part)
            click.echo(f"    {claim['id'][:10]} {claim['status'] or 'counts no longer'}: {claim['quote']} ({where})")
    say(f"{len(rows)} parameters moved")


@click.command()
@click.option("--parameter", help="Only this parameter; all below it with a final ':' or '*'.", metavar="P")
@asks
def lineage(ask: Ask, parameter: str | None) -> None:
    """Show who said each repeated figure first, and who repeats it."""
    rows = [plain(line) for line in ask.project().lineage(parameter)]
    ask.answer(rows, lambda: table(rows))


VERBS = (claims, accept, reject, reopen, reviews, weigh, moved, lineage)
