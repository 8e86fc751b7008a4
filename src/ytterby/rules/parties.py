"""Home to lists of parties: who is on which authority's list, from when, and under which names.

A list may be incomplete here; it then says so, and a name that is not on it is not proved to be off it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property, lru_cache
from importlib import resources
from pathlib import Path
from typing import Annotated

from pydantic import Field, Strict, StringConstraints

from ytterby.rules import pages
from ytterby.rules.clauses import Confidence, Record, Source, Word
from ytterby.terms.errors import BadValue
from ytterby.terms.text import fold


class Party(Record):
    """One member of a list."""

    name: Word
    zh: str = ""
    aliases: tuple[Word, ...] = ()
    """Other names in any script."""
    country: Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]
    since: date | None = Field(None, alias="from")
    """Where it joined later than the list began."""
    until: date | None = None
    """Last day on the list."""
    confidence: Confidence = "B"
    note: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Every name it goes by."""
        return tuple(name for name in (self.name, self.zh, *self.aliases) if name)


class PartyList(Record):
    """One list of one authority."""

    id: Annotated[str, StringConstraints(pattern="^[a-z0-9-]+$")]
    title: Word
    title_zh: str = ""
    authority: Word
    instrument: Word
    since: date = Field(alias="from")
    until: date | None = None
    known: date
    complete: Annotated[bool, Strict()] = True
    """False where not every member is known here."""
    size: int | None = None
    """How many members the authority names."""
    members: tuple[Party, ...] = ()
    sources: tuple[Source, ...] = Field(min_length=1)
    doubts: tuple[Word, ...] = ()

    @cached_property
    def by_name(self) -> Mapping[str, Party]:
        """Members by the spelling of each of their names, see `spelt`."""
        return {spelt(name): party for party in self.members for name in party.names}

    def days(self, party: Party) -> tuple[date, date]:
        """First and last day `party` stands on it."""
        last = min(self.until or date.max, party.until or date.max)
        return max(self.since, party.since or self.since), last


def spelt(name: str) -> str:
    """A name as it is compared: folded, without case, blanks and punctuation.

    >>> spelt("三菱重工業") == spelt("三菱重工业"), spelt("FN Herstal, S.A.")
    (True, 'fnherstalsa')
    """
    return "".join(char for char in fold(name).casefold() if char.isalnum())


def load(folder: Path | None = None) -> dict[str, PartyList]:
    """The package's lists and those of a project's `folder` (one YAML file each), by id.

    Raises:
        BadValue, UnknownName, DateOrder: with file, line and key.
    """
    found = dict(_package())
    own: set[str] = set()
    for path in sorted(folder.glob("*.yaml")) if folder is not None else ():
        one = pages.read(path, PartyList)
        if one.id in own:
            raise BadValue(f"list '{one.id}' twice", place=path.name, remedy="rename one")
        own.add(one.id)
        found[one.id] = one
    return found


@lru_cache(maxsize=1)
def _package() -> dict[str, PartyList]:
    folder = Path(str(resources.files("ytterby"))) / "data" / "parties"
    lists = [pages.read(path, PartyList) for path in sorted(folder.glob("*.yaml"))]
    return {one.id: one for one in lists}
