"""Home to the verbs that open a project and show what is known: init, claims, weigh."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path
from typing import Any

import click

from ytterby.cli.speaking import Ask, asks, day, plain, say, table

CLAIM_COLUMNS = ("id", "parameter", "place", "value", "low", "high", "unit", "known", "assumed", "source")
WEIGHED_COLUMNS = ("parameter", "value", "low", "high", "unit", "assumed", "claims")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@asks
def init(ask: Ask, folder: Path) -> None:
    """Make a project in the new or empty folder DIR."""
    import ytterby

    project = ytterby.init(folder)
    ask.answer({"project": project.path}, lambda: click.echo(f"a project in {project.path}"))


@click.command()
@click.option("--path", "file", help="Only those read from this file or table.", metavar="FILE")
@click.option("--document", help="Only those of this document.", metavar="ID")
@click.option("--kind", help="Only this kind: share, production, capacity, price ...", metavar="K")
@click.option("--parameter", help="Only this parameter; all below it with a final ':' or '*'.", metavar="P")
@click.option("--known", type=day, help="Only what was known on that day.", metavar="DATE")
@click.option("--assumed", is_flag=True, help="Only the assumed ones.")
@asks
def claims(
    ask: Ask,
    file: str | None,
    document: str | None,
    kind: str | None,
    parameter: str | None,
    known: datetime.date | None,
    assumed: bool,
) -> None:
    """List every figure with its source."""
    found = ask.project().claims(kind=kind, parameter=parameter, document=document, known=known)
    rows = [plain(claim) for claim in found if claim.assumed or not assumed]
    if file is not None:
        rows = [row for row in rows if _from_file(row, file)]
    ask.answer(rows, lambda: _draw_claims(rows))


def _from_file(row: dict[str, Any], file: str) -> bool:
    return row["path"] in {file, Path(file).name} or row["document"] == f"baseline:{Path(file).stem}"


def _draw_claims(rows: list[dict[str, Any]]) -> None:
    short = [{**row, "id": str(row["id"])[:10], "source": _source(row.get("source"))} for row in rows]
    table(short, CLAIM_COLUMNS)
    say(f"{len(rows):,} claims, {sum(bool(row.get('assumed')) for row in rows):,} of them assumed")


def _source(source: Any) -> str:
    if isinstance(source, dict):
        return " ".join(str(source[key]) for key in ("publisher", "year") if source.get(key))
    return str(source or "")


@click.command()
@click.option("--parameter", help="Only this parameter; all below it with a final ':' or '*'.", metavar="P")
@click.option("--known", type=day, help="From what was known on that day.", metavar="DATE")
@asks
def weigh(ask: Ask, parameter: str | None, known: datetime.date | None) -> None:
    """Show what each parameter's claims are pooled into.

    Each claim is listed with its weight, with the claims that conflict and those that differ in scope only.
    """
    weighed = ask.project().weigh(parameter, known)
    if parameter is not None and not weighed:
        from ytterby.terms.errors import UnknownName

        raise UnknownName(parameter, ask.project().weigh(known=known), "parameter", place="--parameter")
    rows = [_weighed(row) for row in weighed.values()]
    ask.answer(rows, lambda: table([{**row, "claims": len(row["claims"])} for row in rows], WEIGHED_COLUMNS))


def _weighed(row: Any) -> dict[str, Any]:
    fields: dict[str, Any] = plain(row if hasattr(row, "to_dict") else dataclasses.asdict(row))
    fields["claims"] = [{"id": claim, "weight": weight} for claim, weight in row.claims]
    return fields


VERBS = (init, claims, weigh)
