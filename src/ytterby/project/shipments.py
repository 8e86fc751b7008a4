"""Home to the shipments somebody keeps an eye on: facts under a name, a YAML file each in the folder `shipments`."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ytterby.terms.errors import BadValue, InputError, UnknownName, shown

if TYPE_CHECKING:
    from ytterby.rules.facts import Facts

FOLDER = "shipments"
LONGEST = 60
"""Letters a name may have."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A shipment that is watched."""

    name: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Flip:
    """A day on which the verdict on a watched shipment changes."""

    shipment: str
    day: datetime.date
    before: str
    """Outcome until then."""
    after: str
    clauses: tuple[str, ...]
    """Clauses that decide on one side of the day only."""
    readings: tuple[str, ...]
    """Readings under which it changes so."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "shipment": self.shipment,
            "day": self.day.isoformat(),
            "before": self.before,
            "after": self.after,
            "clauses": list(self.clauses),
            "readings": list(self.readings),
        }


def load(project: Path) -> tuple[list[Watched], list[InputError]]:
    """The shipments that are watched, by name, and what is wrong with the files that cannot be read."""
    from ytterby.rules import facts

    found: list[Watched] = []
    refused: list[InputError] = []
    for path in sorted((project / FOLDER).glob("*.yaml")):
        try:
            found.append(Watched(path.stem, facts.load(path)))
        except InputError as error:
            refused.append(error)
    return found, refused


def keep(project: Path, name: str, one: Facts) -> Path:
    """Keeps facts under a name; what bears that name already is never written over.

    Raises:
        BadValue: a name that is none, or that is taken by other facts.
    """
    from ytterby.rules import facts
    from ytterby.store import atomic

    path = _path(project, name)
    if path.exists():
        if facts.load(path) == one:
            return path
        raise BadValue(f"there is a shipment '{shown(name)}' already", place=FOLDER, remedy="choose another name")
    atomic.write(path, written(one).encode("utf-8"))
    return path


def drop(project: Path, name: str) -> None:
    """Watches a shipment no longer; its file is put aside beside the others, not destroyed.

    Raises:
        UnknownName: nobody watches it.
    """
    path = _path(project, name)
    if not path.is_file():
        raise UnknownName(name, [one.stem for one in (project / FOLDER).glob("*.yaml")], "shipment", FOLDER)
    aside = path.with_suffix(".yaml.dropped")
    path.replace(aside)


def written(one: Facts) -> str:
    """Facts as YAML that `rules.facts.load` reads back."""
    import yaml

    text: str = yaml.safe_dump(record(one), allow_unicode=True, sort_keys=False)
    return text


def record(one: Facts) -> dict[str, Any]:
    """Facts as plain values under the keys of a facts file; what was not told is left out."""
    told: dict[str, Any] = one.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return told


def _path(project: Path, name: str) -> Path:
    plain = name.strip()
    fit = plain and len(plain) <= LONGEST and all(sign.isalnum() or sign in "-_ " for sign in plain)
    if not fit:
        remedy = f"give up to {LONGEST} letters, digits, blanks and hyphens"
        raise BadValue(f"'{shown(name)}' is no name for a shipment", place=FOLDER, remedy=remedy)
    return project / FOLDER / f"{plain}.yaml"
