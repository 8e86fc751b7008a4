"""Home to the scenario files of a project: shown, copied and changed so that nothing is lost.

What a file said before stands in ``scenarios/older/<name>/``; a file that somebody else changed meanwhile is not
written over; the package's own scenarios are never written at all.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import yaml

from ytterby.rules import pages
from ytterby.store import atomic
from ytterby.terms.errors import BadValue, UnknownName
from ytterby.world import scenarios
from ytterby.world.scenarios import Scenario

OLDER = "older"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*\Z")
LONGEST_NAME = 80
FIELDS = ("title.en", "title.zh", "question", "start", "end", "step_days", "known", "demand_path", "reading")
"""Keys of a scenario that `changed` may set, in the order a file has them."""
_BARE = frozenset({"start", "end", "step_days", "known"})
"""Fields that stand unquoted: days and numbers."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A scenario's file."""

    name: str
    path: Path
    text: str
    own: bool
    """Whether it is the project's own, so that it may be changed."""

    @property
    def version(self) -> str:
        """Changes with its text."""
        return hashlib.blake2b(self.text.encode(), digest_size=8).hexdigest()


def draft(name: str, folder: Path) -> Draft:
    """The file of a scenario, the project's before the package's. Raises `UnknownName`."""
    # Names only: a path would let a page read any file.
    if name not in (known := scenarios.names(folder)):
        raise UnknownName(name, known, "scenario")
    path = scenarios.path_of(name, folder)
    return Draft(name, path, pages.text_of(path), path.parent == folder / "scenarios")


def copied(source: Draft, name: str, folder: Path) -> Draft:
    """A copy of a scenario under a new name, in the project's ``scenarios/``.

    Raises:
        BadValue: the name is none, or there is one already; nothing was written.
        StoreError: the disk refused.
    """
    place = "name of the copy"
    if not _NAME.match(name) or len(name) > LONGEST_NAME:
        raise BadValue(f"'{name:.80}' is no name", place=place, remedy="use a-z, 0-9 and hyphens, as slow-autumn")
    if name in scenarios.names(folder):
        raise BadValue(f"there is a scenario '{name}' already", place=place, remedy="choose another name")
    text = changed(source.text, {"id": name}, source.path.name)
    scenarios.read(text, f"{name}.yaml", folder)
    return _written(Draft(name, folder / "scenarios" / f"{name}.yaml", text, own=True), "")


def saved(name: str, text: str, seen: str, folder: Path) -> tuple[Draft, Scenario]:
    """Writes a project's scenario anew; what it said before is kept under ``older/``.

    Args:
        name: the scenario.
        text: the whole of its file.
        seen: `Draft.version` of the file that the change began from.
        folder: the project.

    Raises:
        InputError: the text is refused, with line and key; the file is the package's; or it was changed meanwhile.
        StoreError: the disk refused.
    """
    now = draft(name, folder)
    if not now.own:
        raise BadValue(f"'{name}' comes with the package and is never changed", place=name, remedy="copy it first")
    if seen != now.version:
        remedy = "open it again in another window and take over what was changed; what you typed stands below"
        raise BadValue("the file was changed since you opened it", place=now.path.name, remedy=remedy)
    text = text.replace("\r\n", "\n").rstrip() + "\n"
    plan = scenarios.read(text, now.path.name, folder)
    if plan.id != name:
        raise BadValue(f"its id is '{plan.id}'", place=now.path.name, remedy=f"keep `id: {name}`, or copy it anew")
    if text == now.text:
        return now, plan
    return _written(Draft(name, now.path, text, own=True), now.text), plan


def older(name: str, folder: Path) -> list[tuple[str, Path]]:
    """What a scenario's file said before: when it was taken over from (UTC), and the file, newest first."""
    kept = (folder / "scenarios" / OLDER / name).glob("*.yaml")
    return sorted(((path.stem, path) for path in kept), reverse=True)


def changed(text: str, fields: Mapping[str, str], name: str) -> str:
    """The text of a scenario with some of its top keys set; all else, comments too, stays letter for letter.

    Args:
        text: of the file.
        fields: key (of `FIELDS`, or ``id``) -> what it is to say; empty leaves it as it is.
        name: what errors call the file.

    Raises:
        UnknownName: a key that is none of these.
        BadValue: the text is no page.
    """
    unknown = [key for key in fields if key not in (*FIELDS, "id")]
    if unknown:
        raise UnknownName(unknown[0], FIELDS, "field")
    for key, value in fields.items():
        if value and "." not in key:
            text = _set(text, key, _spelled(key, value), name)
    titles = {part: value for part in ("en", "zh") if (value := fields.get(f"title.{part}", ""))}
    if titles:
        node = pages.compose(text, name)
        stated: object = next((pages.plain(value) for key, value in node.value if key.value == "title"), {})
        old = dict(stated) if isinstance(stated, dict) else {}
        both = {part: str(titles.get(part) or old.get(part, "")) for part in ("en", "zh")}
        told = ", ".join(f"{part}: {_quoted(value)}" for part, value in both.items() if value)
        text = _set(text, "title", f"{{{told}}}", name)
    return text


def _set(text: str, key: str, spelled: str, name: str) -> str:
    node = pages.compose(text, name)
    for at, value in node.value:
        if at.value == key:
            first, last = value.start_mark.index, value.end_mark.index
            if isinstance(value, yaml.ScalarNode) or value.flow_style:
                return text[:first] + spelled + text[last:]
            # A mapping on lines of its own ends where the next key begins: its last line break stays.
            return text[: at.end_mark.index] + f": {spelled}\n" + text[last:].lstrip("\n")
    head = next((at.start_mark.index for at, _ in node.value if at.value not in ("id", "extends")), len(text))
    return f"{text[:head]}{key}: {spelled}\n{text[head:]}"


def _spelled(key: str, value: str) -> str:
    return value if key in _BARE and re.fullmatch(r"[0-9.eE+-]+", value) else _quoted(value)


def _quoted(value: str) -> str:
    """A text as YAML has it on one line: JSON's quotes are YAML's too."""
    return json.dumps(" ".join(value.split()), ensure_ascii=False)


def _written(new: Draft, before: str) -> Draft:
    if before:
        stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S.%fZ")
        atomic.write(new.path.parent / OLDER / new.name / f"{stamp}.yaml", before.encode())
    atomic.write(new.path, new.text.encode())
    return new
