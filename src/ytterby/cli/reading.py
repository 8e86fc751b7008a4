"""Home to the verbs that open a project and read into it: init, read, documents, brief, search, topic."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, Literal

import click

from ytterby.cli.speaking import Ask, asks, progress, say, table
from ytterby.cli.spreading import on_engines

REFUSED = 1
"""Exit status where nothing at all could be read."""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@asks
def init(ask: Ask, folder: Path) -> None:
    """Make a project in the new or empty folder DIR."""
    import ytterby

    project = ytterby.init(folder)
    ask.answer({"project": project.path}, lambda: click.echo(f"a project in {project.path}"))


@click.command()
@click.argument("sources", nargs=-1, metavar="PATH...")
@click.option("--sample", is_flag=True, help="Also the documents that come with Ytterby.")
@click.option("--allow-private", is_flag=True, help="Let an address lead to this machine or a private network.")
@partial(on_engines, workers="Processes that read at once, here or on the cluster.")
@asks
def read(ask: Ask, sources: tuple[str, ...], sample: bool, allow_private: bool, **machines: Any) -> None:
    """Read files, folders, feeds and addresses; - is standard input.

    Plain text, Markdown, HTML and PDF, in Chinese and English. Every figure found becomes a claim with the words it was
    read from. What cannot be read is reported with the reason, and the rest proceeds. Whoever reads, the same is kept.
    """
    if not sources and not sample:
        raise click.UsageError("name a file, a folder or an address, or say --sample")
    with progress("reading") as advance:
        project = ask.project()
        chosen = (*sources, *([str(project.sample)] if sample else ()))
        found = project.read(chosen, allow_private=allow_private, progress=advance, **machines)
    rows = [reading.to_dict() for reading in found]
    ask.answer({"documents": rows}, lambda: _show_readings(rows))
    if found and all(reading.status == "refused" for reading in found):
        raise click.exceptions.Exit(REFUSED)


def _show_readings(rows: list[dict[str, Any]]) -> None:
    short = [{**row, "id": str(row["id"])[:10], "path": Path(row["path"]).name or row["path"]} for row in rows]
    table(short, ("status", "id", "date", "lang", "claims", "title", "path"))
    for row in rows:
        if row["error"]:
            say(f"{row['path']}: {row['error']}")
    counts = {status: sum(row["status"] == status for row in rows) for status in ("read", "new version", "refused")}
    claims = sum(int(row["claims"]) for row in rows)
    say(
        f"{counts['read']} read, {counts['new version']} new versions, {counts['refused']} refused, "
        f"{len(rows) - sum(counts.values())} known before; {claims:,} claims wait for review"
    )


@click.command()
@click.option("--alike", is_flag=True, help="Groups that say the same: near-duplicates, Chinese and English twins.")
@asks
def documents(ask: Ask, alike: bool) -> None:
    """List the documents that were read, or which of them say the same."""
    project = ask.project()
    if alike:
        told = project.likenesses()
        ask.answer(told, lambda: _show_alike(told))
        return
    rows: list[dict[str, Any]] = [
        {"id": d.id, "date": d.date, "lang": d.lang, "publisher": d.publisher, "title": d.title, "version": d.version,
         "path": d.path}
        for d in project.documents()
    ]  # fmt: skip
    ask.answer(rows, lambda: table([{**row, "id": row["id"][:10]} for row in rows]))


def _show_alike(told: dict[str, list[dict[str, Any]]]) -> None:
    for group in told["duplicates"]:
        click.echo("say the same: " + " ".join(member[:10] for member in group["members"]))
    for pair in told["twins"]:
        click.echo(f"twins: {pair['zh'][:10]} (zh) and {pair['en'][:10]} (en), sharing {', '.join(pair['shared'][:5])}")
    say(f"{len(told['duplicates'])} groups of near-duplicates, {len(told['twins'])} pairs of twins")


@click.command()
@click.argument("document", metavar="FILE|ID")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of the brief; the document's own without it.")
@click.option("--points", type=click.IntRange(1, 50), help="Most points.")
@asks
def brief(ask: Ask, document: str, lang: Literal["zh", "en"] | None, points: int | None) -> None:
    """Put a document in short: a core and points, each citing passages and checked against them."""
    project = ask.project()
    told = project.brief(document, lang, points).to_dict()
    ask.answer(told, lambda: _show_brief(told))
    for doubt in project.doubts(told["document"]):
        say(f"doubt: {doubt.cause}")


def _show_brief(told: dict[str, Any]) -> None:
    if told["core"]["text"]:
        click.echo(_cited(told["core"]))
    for group in told["groups"]:
        click.echo(f"\n{group['title']}" if group["title"] else "")
        for point in group["points"]:
            click.echo(f"  - {_cited(point)}")
    if told["dropped"]:
        say(f"{len(told['dropped'])} sentences were dropped by the check: they did not stand in what they cite")


def _cited(point: dict[str, Any]) -> str:
    marks = "".join(f"[{n}]" for n in point["cites"])
    return f"{point['text']} {marks}"


@click.command(context_settings={"ignore_unknown_options": True})  # -word is part of a query
@click.argument("query", nargs=-1, required=True, metavar="QUERY")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="Most hits.")
@click.option("--type", "kind_of", help="Only document, claim, rule or facility.", metavar="TYPE")
@click.option("--lang", help="Only zh, zh-Hant or en.", metavar="LANG")
@click.option("--place", help="Only what speaks of this place.", metavar="PLACE")
@click.option("--stage", help="Only this stage of the chain.", metavar="STAGE")
@click.option("--kind", help="Only this kind of claim.", metavar="K")
@click.option("--since", help="From this day, month or year on.", metavar="DATE")
@click.option("--until", help="Up to this day, month or year.", metavar="DATE")
@asks
def search(ask: Ask, query: tuple[str, ...], limit: int, kind_of: str | None, **filters: str | None) -> None:
    """Find documents, claims, rules and facilities; each hit shows the very sentence.

    Terms are found in both languages and both Chinese scripts; "phrases" stand in quotes; -word leaves out.
    """
    for word in query:
        if word.startswith("--"):
            raise click.NoSuchOption(word)
    hits = ask.project().search(" ".join(query), limit, type=kind_of, **filters)  # type: ignore[arg-type]
    rows = [hit.to_dict() for hit in hits]
    ask.answer(rows, lambda: _show_hits(rows))


def _show_hits(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        place = f", passage {row['passage']}" if row["passage"] else ""
        click.echo(f"{row['type']} {str(row['id'])[:24]}{place}, {row['date'] or 'undated'}: {row['title']}")
        click.echo(f"    {row['quote'].strip()}")
    say(f"{len(rows)} hits")


@click.command()
@click.argument("name", required=False)
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of the briefs.")
@asks
def topic(ask: Ask, name: str | None, lang: Literal["zh", "en"] | None) -> None:
    """List the saved topics, or show the page of one: documents, timeline, claims, contested figures."""
    project = ask.project()
    if name is None:
        rows = [{"id": one.id, "zh": one.title.zh, "en": one.title.en} for one in project.topics()]
        ask.answer(rows, lambda: table(rows))
        return
    told = project.topic(name, lang).to_dict()
    ask.answer(told, lambda: _show_topic(told))


def _show_topic(told: dict[str, Any]) -> None:
    click.echo(f"{told['title']['zh']} / {told['title']['en']}\n")
    for entry in told["documents"]:
        click.echo(f"{entry['date'] or 'undated'}  {entry['title']}  ({entry['publisher'] or 'publisher not told'})")
        if entry["brief"] and entry["brief"]["core"]["text"]:
            click.echo(f"    {_cited(entry['brief']['core'])}")
    click.echo("\nTimeline")
    for event in told["timeline"]:
        click.echo(f"  {event['date']}  {event['text']}")
    if told["contested"]:
        click.echo("\nContested")
        for one in told["contested"]:
            first, second = (quote or str(value) for quote, value in zip(one["quotes"], one["values"], strict=True))
            click.echo(f"  {one['why'] or 'conflict'}: “{first}” / “{second}”")
    counts = told["counts"]
    say(f"{counts['documents']} documents, {counts['claims']} claims, {counts['conflicts']} conflicts")


VERBS = (init, read, documents, brief, search, topic)
