"""Home to the verbs by which custody answers to others: shipments, the monthly report, passports."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from ytterby.cli.speaking import Ask, asks, day, say, table

if TYPE_CHECKING:
    from ytterby.project import Project

REFUSED = 1
"""Exit status where a passport does not hold."""
SHOWN = 40
STATES = ("free", "covered", "declared", "uncovered", "refused", "undetermined")
COLUMNS = (
    "shipment",
    "date",
    "from",
    "to",
    "exporter",
    "end_user",
    "material",
    "kg",
    "state",
    "licence",
    "left_kg",
    "why",
)


@click.command()
@click.option("--reading", metavar="NAME", help="How unsettled texts are read; as custody/policy.yaml says without it.")
@click.option("--known", type=day, metavar="DATE", help="Judge by what was known on that day.")
@click.option("--state", type=click.Choice(STATES), multiple=True, help="Only shipments in that state.")
@click.option(
    "--what-if", "case", multiple=True, metavar="CASE",
    help="Another law: suspended=ID[@FROM[:UNTIL]], resumed=ID[@…], reading=NAME, known=DATE.",
)  # fmt: skip
@asks
def shipments(
    ask: Ask, reading: str | None, known: datetime.date | None, state: tuple[str, ...], case: tuple[str, ...]
) -> None:
    """Judge every captured shipment across a border on its day, and draw it from the licences of custody/permits.yaml.

    With --what-if: which of them would have met another answer under another law, counted.
    """
    project = ask.project()
    if case:
        told = project.shipments_if(case, known, reading).to_dict()
        ask.answer(told, lambda: _moved(told))
        return
    found = project.drawn_down(known, reading).to_dict(datetime.date.today())
    if state:
        found["shipments"] = [one for one in found["shipments"] if one["state"] in state]
    ask.answer(found, lambda: _drawn(found))


def _drawn(found: dict[str, Any]) -> None:
    rows = found["shipments"]
    table(rows[:SHOWN], COLUMNS)
    if len(rows) > SHOWN:
        say(f"{len(rows) - SHOWN:,} more: --json has all of them, --state fewer")
    if found["licences"]:
        table(found["licences"][:SHOWN], ("id", "status", "exporter", "quantity_kg", "drawn_kg", "left_kg", "until"))
    counts = ", ".join(f"{many:,} {state}" for state, many in found["counts"].items() if many)
    say(f"{counts or 'no shipment across a border'}; read as {found['reading']}, as known on {found['known']}")


def _moved(told: dict[str, Any]) -> None:
    table(told["moved"][:SHOWN], ("before", "after", "material", "from", "to", "shipments", "kg", "clauses"))
    for name in ("before", "after"):
        say(f"{name}: " + ", ".join(f"{many:,} {outcome}" for outcome, many in told[name].items()))
    say(f"{told['changed']:,} shipments would have met another answer")


@click.command("report-monthly")
@click.argument("month")
@click.option("--facility", metavar="F", help="Of one facility only.")
@click.option(
    "--disclose", multiple=True, metavar="KIND",
    help="Names shown: facility, counterparty, licence, customs, name=…, none; all of them without it.",
)  # fmt: skip
@click.option("--provisional", is_flag=True, help="Also of a month that is not over.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Write JSON and CSV there."
)
@asks
def report_monthly(
    ask: Ask, month: str, facility: str | None, disclose: tuple[str, ...], provisional: bool, out: Path | None
) -> None:
    """Report the flows of MONTH (2025-04) by facility, material and counterparty; due by the 10th of the next month.

    Names that are not disclosed stand as commitments; what opens them is written beside the report, for you to keep.
    """
    report, openings = ask.project().report_monthly(month, facility, disclose=disclose, provisional=provisional)
    if out is not None:
        from ytterby.custody.monthly import tables

        stem = f"flows-{report['month']}"
        _write(out / f"{stem}.json", report)
        for name, text in tables(report).items():
            _write_text(out / f"{stem}-{name}.csv", text)
        _keep(out / f"{stem}.openings.json", openings)
    ask.answer(report, lambda: _reported(report))


def _reported(report: dict[str, Any]) -> None:
    from ytterby.custody.disclosure import plain

    rows = [
        {"facility": plain(site["facility"]), **line} for site in report["facilities"] for line in site["materials"]
    ]
    table(
        rows[:SHOWN],
        ("facility", "material", "opening_kg", "received_kg", "made_kg", "used_kg", "shipped_kg", "closing_kg"),
    )
    if len(rows) > SHOWN:
        say(f"{len(rows) - SHOWN:,} more: --json or --out has all of them")
    days = report["days_left"]
    when = f"{days} days left" if days >= 0 else f"{-days} days late"
    say(f"{report['month']}: due {report['due']}, {report['status']}, {when}")


@click.command()
@click.argument("lot")
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="[FILE]")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write it there: .json, or .html as a page that prints.")  # fmt: skip
@click.option("--disclose", multiple=True, metavar="KIND",
              help="Names shown: facility, lot, event, name=…, none; all of them without it.")  # fmt: skip
@click.option("--reading", metavar="NAME", help="One reading of the unsettled texts; each of them without it.")
@click.option("--lang", type=click.Choice(("en", "zh")), default="en", show_default=True, help="Of the page.")
@click.option("--address", default="", metavar="URL", help="Where the passport can be had: the QR leads there.")
@click.option("--head", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="HEAD",
              help="verify: a head of the ledger as it was published.")  # fmt: skip
@click.option("--digest", default="", metavar="HEX", help="verify: the digest as the issuer gave it.")
@click.option("--openings", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE",
              help="verify: what opens names that are withheld.")  # fmt: skip
@asks
def passport(
    ask: Ask,
    lot: str,
    file: Path | None,
    out: Path | None,
    disclose: tuple[str, ...],
    reading: str | None,
    lang: Literal["en", "zh"],
    address: str,
    head: Path | None,
    digest: str,
    openings: Path | None,
) -> None:
    """Make the passport of LOT, or check one offline, without a project: passport verify FILE.

    A passport says what a lot is, where it is from, which regimes it satisfies under each reading, and proves the
    events it rests on.
    """
    if lot == "verify":
        if file is None:
            raise click.UsageError("verify needs a file: passport verify FILE")
        _verify(ask, file, head, digest, openings)
        return
    if file is not None:
        raise click.UsageError(f"'{file}' is one word too many")
    made, kept = ask.project().passport(lot, disclose=disclose, reading=reading)
    if out is not None:
        if out.suffix.lower() in (".html", ".htm"):
            from ytterby.custody.passport.page import page

            _write_text(out, page(made, lang, base=address))
        _write(out.with_suffix(".json"), made)
        _keep(out.with_suffix(".openings.json"), kept)
    ask.answer(made, lambda: _shown(made))


def _shown(made: dict[str, Any]) -> None:
    from ytterby.custody.disclosure import plain

    rows = [
        {"facility": plain(one["facility"]) or "(not told)", "country": one["country"],
         **{basis: float(share["value"]) for basis, share in one["share"].items()}}
        for one in made["origins"]
    ]  # fmt: skip
    table(rows)
    table(made["regimes"], ("regime", "reading", "status", "clauses", "missing"))
    say(f"{len(made['evidence']['events']):,} events proven; digest {made['digest']}")


def _verify(ask: Ask, file: Path, head: Path | None, digest: str, openings: Path | None) -> None:
    from ytterby.custody.disclosure import opened
    from ytterby.custody.passport.checking import check

    document = _read(file)
    found = check(document, None if head is None else _read(head), expected=digest)
    told = found.to_dict()
    if openings is not None:
        told["opened"] = {key: one for key, one in opened(document, _read(openings)).items() if key != "evidence"}

    def show() -> None:
        click.echo("sound" if found.sound else "not sound")
        for one in found.checks:
            mark = {True: "yes", False: "NO", None: "–"}[one.passed]
            click.echo(f"  {mark:>3}  {one.check}: {one.what}")

    ask.answer(told, show)
    if not found.sound:
        raise click.exceptions.Exit(REFUSED)


def _read(path: Path) -> dict[str, Any]:
    from ytterby.terms.errors import BadValue

    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadValue(f"this is no JSON: {error}", place=str(path), remedy="give the file as it was written") from None
    if not isinstance(found, dict):
        raise BadValue("this is no passport or head", place=str(path), remedy="give the file as it was written")
    return found


def _write(path: Path, value: dict[str, Any]) -> None:
    _write_text(path, json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def _write_text(path: Path, text: str) -> None:
    from ytterby.store import atomic

    path.parent.mkdir(parents=True, exist_ok=True)
    atomic.write(path, text.encode("utf-8", "surrogatepass"))
    say(f"written: {path}")


def _keep(path: Path, openings: dict[str, Any]) -> None:
    if openings["openings"]:
        _write(path, openings)
        say("the openings are secret: keep them, and give out only those of names you mean to show")


def export(ask: Ask, project: Project, folder: Path, *, as_csv: bool) -> None:
    """The answer to ``ytterby ledger export``."""
    files = [str(one) for one in project.export(folder, "csv" if as_csv else "parquet")]
    ask.answer({"files": files}, lambda: click.echo("\n".join(files)))


VERBS = (shipments, report_monthly, passport)
