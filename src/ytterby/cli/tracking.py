"""Home to the verbs of custody: capture, trace, and the ledger's (which without a word scores forecasts)."""

from __future__ import annotations

import base64
import datetime
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from ytterby.cli.answering import export
from ytterby.cli.speaking import Ask, asks, day, plain, progress, say, table

if TYPE_CHECKING:
    from ytterby.project import Project

REFUSED = 1
"""Exit status where everything was refused, or the ledger is not whole."""
QUESTIONS = ("verify", "head", "proof", "refused", "events", "export")
KINDS = ("object", "aggregation", "transaction", "transformation", "association")
SHOWN = 20
"""Lines told to a person before the rest is only counted."""


@click.command()
@click.argument("sources", nargs=-1, type=click.Path(path_type=Path, allow_dash=True), metavar="FILE...")
@click.option("--template", type=click.Choice(KINDS), help="Print a table to fill in for one kind of event, and end.")
@click.option("--lang", type=click.Choice(("en", "zh")), default="en", show_default=True, help="Of the template.")
@click.option("--whole", is_flag=True, help="All or nothing: a file of which anything is refused is not captured.")
@click.option("--strict", multiple=True, metavar="CHECK", help="Refuse what this check would only doubt, e.g. forged.")
@click.option("--workers", type=click.IntRange(0, 64), help="Processes that read; without it as many as pay.")
@asks
def capture(
    ask: Ask,
    sources: tuple[Path, ...],
    template: str | None,
    lang: Literal["en", "zh"],
    whole: bool,
    strict: tuple[str, ...],
    workers: int | None,
) -> None:
    """Capture events of EPCIS from files, folders and standard input (-) into the ledger.

    JSON, JSON-LD, JSON lines, XML and tables (CSV) are told apart by looking. What is reported as captured is on the
    disk; a capture that was stopped goes on where it was when it is made again.
    """
    project = ask.project()
    if template is not None:
        text = project.template(template, lang)
        ask.answer({"kind": template, "template": text}, lambda: click.echo(text, nl=False))
        return
    if not sources:
        raise click.UsageError("name a file, a folder, or - for standard input")
    given: list[Any] = [sys.stdin.buffer if str(one) == "-" else one for one in sources]
    with progress("capture, bytes") as advance:
        done = project.capture(given, whole=whole, workers=workers, progress=advance, strict=strict)
    told = done.to_dict()
    ask.answer(told, lambda: _show_captured(told))
    if done.refused and not done.captured and not done.already:
        raise click.exceptions.Exit(REFUSED)


def _show_captured(told: dict[str, Any]) -> None:
    click.echo(f"captured {told['captured']:,} events, {told['already']:,} were there already")
    if told["refused"]:
        many = len(told["refused"]) + told["more"]
        click.echo(f"refused {many:,}; they are kept: ytterby ledger refused")
        for one in told["refused"][:SHOWN]:
            click.echo(f"  {one['path']}: {one['reason']}" + (f"  ({one['id']})" if one["id"] else ""))
    click.echo(f"head: {told['head']['size']:,} events, root {told['head']['root']}")


@click.command()
@click.argument(
    "question",
    required=False,
    type=click.Choice(QUESTIONS),
    metavar="[QUESTION]",
)
@click.argument("about", required=False, metavar="[EVENT]")
@click.option("--on", type=day, help="Of forecasts: score as of that day; today without it.", metavar="DATE")
@click.option("--rebuild", is_flag=True, help="verify: make again what follows from the log (tree, index, book).")
@click.option(
    "--against", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE",
    help="head: hold a head that was published against the ledger.",
)  # fmt: skip
@click.option("--where", multiple=True, metavar="NAME=VALUE", help="events: a query parameter of EPCIS 2.0.")
@click.option(
    "--limit", type=click.IntRange(1), default=100, show_default=True, help="events, refused: at most so many."
)
@click.option(
    "--to", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="events, refused: write all."
)
@click.option("--parquet", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="export: as Parquet.")
@click.option(
    "--csv", "tables", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="export: as CSV."
)
@asks
def ledger(
    ask: Ask,
    question: str | None,
    about: str | None,
    on: datetime.date | None,
    rebuild: bool,
    against: Path | None,
    where: tuple[str, ...],
    limit: int,
    to: Path | None,
    parquet: Path | None,
    tables: Path | None,
) -> None:
    """Ask the ledger of events: verify, head, proof EVENT, refused, events, export. Without a word: score forecasts.

    verify checks every byte and says what is damaged, exit status 1. head is what to publish. proof shows offline that
    an event is in the ledger. export writes events, moves, balances and shipments as tables. Without one of these
    words: forecasts and targets whose day has come are scored against what is known now.
    """
    if about is not None and question != "proof":
        raise click.UsageError(f"'{about}' is one word too many")
    project = ask.project()
    if question is None:
        rows = [plain(one) for one in project.ledger(on)]
        ask.answer(rows, lambda: table(rows))
    elif question == "verify":
        _verify(ask, project, rebuild)
    elif question == "head":
        _head(ask, project, against)
    elif question == "proof":
        if about is None:
            raise click.UsageError("proof needs the id of an event")
        proof = project.proof(about)
        ask.answer(proof, lambda: click.echo(json.dumps(proof, indent=1)))
    elif question == "refused":
        _refused(ask, project, limit, to)
    elif question == "export":
        folder = parquet or tables
        if folder is None:
            raise click.UsageError("export needs a folder: --parquet DIR or --csv DIR")
        export(ask, project, folder, as_csv=parquet is None)
    else:
        _events(ask, project, where, limit, to)


def _verify(ask: Ask, project: Project, rebuild: bool) -> None:
    with progress("verify, bytes") as advance:
        verdict = project.verify(rebuild=rebuild, progress=advance)
    told = plain(verdict.to_dict())

    def show() -> None:
        click.echo("whole" if told["whole"] else "not whole")
        for one in told["findings"]:
            about = "" if one["event"] < 0 else f", event {one['event']:,}"
            click.echo(f"  {one['file']}, byte {one['offset']:,}, {one['field']}{about}: {one['why']}")
            if one["before"]:
                click.echo(f"    the last whole event before it: {one['before']}")
            if one["after"]:
                click.echo(f"    the next whole one: {one['after']}")
        for note in told["notes"]:
            click.echo(f"  {note}")
        click.echo(f"{told['events']:,} events, {told['heads']:,} heads, {told['refused']:,} refused, "
                   f"{told['bytes']:,} bytes looked at")  # fmt: skip

    ask.answer(told, show)
    if not verdict.whole:
        raise click.exceptions.Exit(REFUSED)


def _head(ask: Ask, project: Project, against: Path | None) -> None:
    if against is None:
        head = project.head()
        ask.answer(head, lambda: click.echo(json.dumps(head, indent=1)))
        return
    from ytterby.terms.errors import BadValue

    try:
        published = json.loads(against.read_text(encoding="utf-8"))
    except ValueError as error:
        remedy = "give the JSON that 'ytterby ledger head --json' printed"
        raise BadValue(f"this is no JSON: {error}", place=str(against), remedy=remedy) from None
    told = project.held(published if isinstance(published, dict) else {})
    held = f"held: the ledger begins with the {told['from']:,} events of that head"
    ask.answer(told, lambda: click.echo(held if told["held"] else f"not held: {told['why']}"))
    if not told["held"]:
        raise click.exceptions.Exit(REFUSED)


def _refused(ask: Ask, project: Project, limit: int, to: Path | None) -> None:
    found = project.refused()
    rows = [{**one.to_dict(), "bytes": one.size, "time": _moment(one.time)} for one in found]
    if to is not None:
        lines = [
            json.dumps({**row, "raw": base64.b64encode(one.raw).decode()}, ensure_ascii=False) + "\n"
            for row, one in zip(rows, found, strict=True)
        ]
        _write(to, "".join(lines).encode())
        say(f"{len(rows):,} refusals written to {to}")
    shown = rows[-limit:]
    ask.answer(shown, lambda: table(shown, ("time", "path", "id", "reason")))


def _events(ask: Ask, project: Project, where: tuple[str, ...], limit: int, to: Path | None) -> None:
    asked: dict[str, list[str]] = {}
    for one in where:
        name, equals, value = one.partition("=")
        if not equals:
            raise click.BadParameter(f"'{one}' is not written NAME=VALUE", param_hint="--where")
        asked.setdefault(name, []).append(value)
    found = project.events(asked, limit=None if to is not None else limit)
    if to is not None:
        form: Literal["json", "xml"] = "xml" if to.suffix.lower() == ".xml" else "json"
        _write(to, project.written(found, form))
        say(f"{len(found):,} events written to {to}")
    rows = [{"sequence": one.sequence, "recorded": _moment(one.recorded), **_told(one.body, one.id)} for one in found]
    ask.answer(rows[:limit], lambda: table(rows[:limit], ("sequence", "time", "type", "step", "id")))


def _told(body: bytes, name: str) -> dict[str, Any]:
    form = json.loads(body)
    return {"id": name, "time": form["eventTime"], "type": form["type"], "step": form.get("bizStep", ""), "event": form}


def _moment(microseconds: int) -> str:
    moment = datetime.datetime.fromtimestamp(microseconds / 1e6, datetime.UTC)
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _write(path: Path, content: bytes) -> None:
    from ytterby.store import atomic

    atomic.write(path, content)


@click.command()
@click.argument("lot")
@click.option("--down", is_flag=True, help="What became of it, and who holds that now.")
@asks
def trace(ask: Ask, lot: str, down: bool) -> None:
    """Trace LOT to where its elements are from, or with --down to who has what became of it."""
    told = ask.project().trace(lot, down=down).to_dict()
    ask.answer(told, lambda: _show_trace(told))


def _show_trace(told: dict[str, Any]) -> None:
    way = "became" if told["holders"] else "came of"
    click.echo(f"{told['lot']}: {told['events']:,} events, {way} {told['lots']:,} other lots")
    rows = [
        {"facility": one["facility"], "place": one["place"], **{k: f"{v:.2%}" for k, v in one["share"].items()}}
        for one in told["origins"]
    ]
    if rows:
        table(rows, title="Origins, share of each element and of the mass")
    if told["holders"]:
        table(told["holders"], ("lot", "state", "party", "place", "kg", "since"), "Who has it now")


VERBS = (capture, ledger, trace)
