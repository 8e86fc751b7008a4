"""Home to what every side of a project shares: its folder, its claims and the overlay laid over the world."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from ytterby.terms.errors import BadValue, StoreError

if TYPE_CHECKING:
    from ytterby.evidence.claims import Claim
    from ytterby.store.folder import Folder

Date: TypeAlias = datetime.date | None
Progress: TypeAlias = Callable[[int, int], None]


class Opened:
    """An open project folder."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._findable = False
        """Whether this opening has put rules, facilities and tables where a search finds them."""
        self._told: dict[str, tuple[Claim, dict[str, Any]]] = {}
        """Rows of tables by id, with what the store should hold of each."""

    def __repr__(self) -> str:
        return f"<Project {self.path}>"

    @property
    def path(self) -> Path:
        """The folder itself."""
        return self._folder.path

    def _tables(self) -> list[Claim]:
        """The claims of the package's tables and of the project's overlay."""
        from ytterby.evidence import baseline

        return list(baseline.load(self.path))

    def _claims(self, *, keep: bool = False) -> list[Claim]:
        """The claims of the tables, with the verdicts of their reviews, then those of documents that were read.

        Rows of tables are put into the store where it does not have them as they are; a store that cannot be written
        to is read all the same, unless they have to be kept there (`keep`).
        """
        from ytterby.evidence.claims import Claim
        from ytterby.store import claims, database

        tables = {claim.id: claim for claim in self._tables()}
        # Nobody who only reads waits long for one who writes.
        with database.open(self._folder, wait=10.0 if keep else 1.0) as db:
            kept = {record["id"]: record for record in claims.all(db, superseded=False)}
            fresh = self._fresh(tables)
            stale = [name for name, record in fresh.items() if _unreviewed(kept.get(name)) != _unreviewed(record)]
            if stale:
                try:
                    claims.put(db, [fresh[name] for name in stale])
                    kept = {record["id"]: record for record in claims.all(db, superseded=False)}
                except StoreError:
                    if keep:
                        raise
                    kept |= {name: fresh[name] | _verdict(kept.get(name)) for name in stale}
        reviewed = {name for name in tables if kept[name] != fresh[name]}
        # A row that left the tables stays in the store, and counts no longer.
        read = [record for record in kept.values() if not record["document"].startswith(("baseline:", "overlay"))]
        listed = [Claim.from_dict(kept[name]) if name in reviewed else claim for name, claim in tables.items()]
        return [*listed, *sound(read)]

    def _fresh(self, tables: dict[str, Claim]) -> dict[str, dict[str, Any]]:
        """The records of rows of tables; the package's rows are the same objects each time, and told once."""
        held = self._told
        told = {
            name: known if (known := held.get(name)) is not None and known[0] is claim else (claim, claim.to_dict())
            for name, claim in tables.items()
        }
        self._told = told
        return {name: record for name, (_, record) in told.items()}


_VERDICT = ("status", "reviewer", "reason", "when")


def sound(records: Iterable[dict[str, Any]]) -> Iterator[Claim]:
    """The claims of records whose id fits what they say. One that does not (kept by an older Ytterby, or meddled with)
    stays in the store and counts nowhere: one bad record must not take a project's every verb with it.
    """
    from ytterby.evidence.claims import Claim

    for record in records:
        try:
            yield Claim.from_dict(record)
        except BadValue:
            continue


def _unreviewed(record: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if record is None else {field: value for field, value in record.items() if field not in _VERDICT}


def _verdict(record: dict[str, Any] | None) -> dict[str, Any]:
    """The verdict a record carries; nothing where nobody reviewed it."""
    return {field: record[field] for field in _VERDICT} if record and record["reviewer"] else {}


def whole_number(value: object, name: str, least: int) -> None:
    """Refuses what is no whole number of at least `least`, naming it."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise BadValue(
            f"{name} is {value!r}", place=f"{name} of the run", remedy=f"give a whole number of {least} or more"
        )
