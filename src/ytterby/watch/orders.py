"""Home to the standing orders a project keeps in its folder `workflows/`, and to what each of them did.

The steps stand in the store; what a pass did as a whole (also one that found nothing): ``logs/watch/<id>.json``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from ytterby.rules import pages
from ytterby.store import atomic, database, folder, watches
from ytterby.store.records import now
from ytterby.terms.errors import BadValue, InputError, StoreError, UnknownName
from ytterby.watch.passes import Pass
from ytterby.watch.workflows import Workflow, load

FOLDER = "workflows"
PASSES = Path("logs") / "watch"
EXAMPLE = "eu-licences"
"""The order that comes with the package."""
NAMED = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
LARGEST = 100_000
"""Characters of an order."""


@dataclass(frozen=True, slots=True)
class Order:
    """A workflow's file: its text, and what it says; or why it cannot be read."""

    id: str
    """Name of the file without its ending; the workflow bears the same."""
    path: Path
    text: str
    workflow: Workflow | None = None
    error: InputError | None = None


@dataclass(frozen=True, slots=True)
class History:
    """What a workflow did so far."""

    documents: list[dict[str, Any]] = field(default_factory=list)
    """Records of what it read, newest first, each with ``at``."""
    runs: list[dict[str, Any]] = field(default_factory=list)
    alerts: list[dict[str, Any]] = field(default_factory=list)
    waiting: list[tuple[str, str, str]] = field(default_factory=list)
    """(alert, channel, why) of what could not go out yet."""
    last: Mapping[str, Any] = field(default_factory=dict)
    """The newest pass, as `Pass.to_dict` with ``at``; empty before the first."""


def orders(project: Path) -> list[Order]:
    """The orders in a project's folder, by name; one that cannot be read says why."""
    return [_read(path, project) for path in sorted((project / FOLDER).glob("*.yaml")) if path.name[0] != "."]


def order(name: str, project: Path) -> Order:
    """One order by its name. Raises `UnknownName`."""
    path = project / FOLDER / f"{name}.yaml"
    known = [one.stem for one in (project / FOLDER).glob("*.yaml")]
    if name not in known:
        raise UnknownName(name, known, "workflow", remedy="" if known else "copy the example on the page of watches")
    return _read(path, project)


def example() -> str:
    """The text of the order that comes with the package."""
    return files("ytterby").joinpath("data", "workflows", f"{EXAMPLE}.yaml").read_text(encoding="utf-8")


def write(name: str, text: str, project: Path, was: str | None) -> Order:
    """Keeps an order, checked first: what is refused changes nothing.

    Args:
        name: its name: the ``id`` in the text is the same.
        text: the YAML.
        project: the project's folder.
        was: the text it takes the place of, None for a new one.

    Raises:
        InputError: the text is refused (line and key are named), the name is taken, or somebody changed the file.
        StoreError: it cannot be written.
    """
    if not NAMED.fullmatch(name):
        remedy = "write small letters, digits and hyphens, at most 64"
        raise BadValue(f"'{name:.80}' is no name of a workflow", place="name", remedy=remedy)
    path = project / FOLDER / f"{name}.yaml"
    made = checked(name, text, project)
    found = path.read_text(encoding="utf-8", errors="replace") if path.exists() else None
    if was is None and found is not None:
        raise BadValue(f"there is a workflow '{name}' already", place=f"{FOLDER}/", remedy="choose another name")
    if was is not None and (found or "") != was:
        raise BadValue(
            "the file was changed meanwhile", place=path.name, remedy="open the page anew, and make the change again"
        )
    atomic.write(path, made.text.encode("utf-8", "replace"))
    return made


def checked(name: str, text: str, project: Path) -> Order:
    """The order that a text would be. Raises `InputError` with line and key."""
    path = project / FOLDER / f"{name}.yaml"
    if len(text) > LARGEST:
        raise BadValue(f"{len(text):,} characters", place=path.name, remedy=f"keep it below {LARGEST:,}")
    return _typed(name, path, text.replace("\r\n", "\n").replace("\r", "\n"), project)


def renamed(text: str, name: str) -> str:
    """An order under another name: its line ``id:``, the rest to the letter."""
    lines = text.splitlines(keepends=True)
    return "".join(f"id: {name}\n" if line.startswith("id:") else line for line in lines)


def history(name: str, project: Path) -> History:
    """What a workflow did; empty where it did nothing yet."""
    with database.open(folder.find(project)) as db:
        steps = {step: watches.all(db, name, step) for step in ("document", "run", "alert", "undelivered")}
        delivered = watches.keys(db, name, "delivered")
    newest = {step: [{"at": one["at"], **one["record"]} for one in reversed(found)] for step, found in steps.items()}
    waiting = [
        (*one["key"].split(" ", 1), str(one["record"].get("why", "")))
        for one in steps["undelivered"]
        if one["key"] not in delivered
    ]
    return History(newest["document"], newest["run"], newest["alert"], waiting, last(name, project))


def strangers(project: Path, known: Iterable[str]) -> list[str]:
    """Workflows that worked on a project from files elsewhere."""
    with database.open(folder.find(project)) as db:
        return [name for name in watches.workflows(db) if name not in set(known)]


def keep(project: Path, done: Pass) -> Pass:
    """Keeps what a pass did, in place of what the one before it did; a disk that refuses stops no watch."""
    told = {"at": now(), **done.to_dict()}
    with suppress(StoreError):
        atomic.write(project / PASSES / f"{done.workflow}.json", json.dumps(told, ensure_ascii=False).encode())
    return done


def last(name: str, project: Path) -> dict[str, Any]:
    """What the newest pass of a workflow did; empty before the first."""
    try:
        found = json.loads((project / PASSES / f"{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _read(path: Path, project: Path) -> Order:
    text = ""
    try:
        text = pages.text_of(path)
        return _typed(path.stem, path, text, project)
    except InputError as error:
        return Order(path.stem, path, text, error=error)


def _typed(name: str, path: Path, text: str, project: Path) -> Order:
    found = load(path, project, text=text)
    if found.id != name:
        remedy = f"write 'id: {name}', or give it the name {found.id}"
        raise BadValue(f"the id '{found.id}' is not the name of the file", place=path.name, remedy=remedy)
    return Order(name, path, text, workflow=found)
