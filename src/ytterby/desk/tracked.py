"""Home to what the desk holds of a project's custody: ledger and book as they were at one head, opened once for many
pages, with what is derived from them.

A page asks `tracked`; it is made anew when the head, the registry, the permits or the rules change, and not when
anything else in the project does.
"""

from __future__ import annotations

import datetime
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from ytterby.desk import shelf
from ytterby.terms.errors import InputError, UnknownName

if TYPE_CHECKING:
    from ytterby.custody.alarms.alarm import Alarm
    from ytterby.custody.balance import Ground
    from ytterby.custody.book import Book
    from ytterby.custody.genealogy.links import Links
    from ytterby.custody.ledger import Refusal
    from ytterby.custody.ledger.heads import Head
    from ytterby.custody.registry import Facility, Registry
    from ytterby.desk.page import Asked
    from ytterby.project import Project

Made = TypeVar("Made")
HELD = 2
"""Projects of which the custody is held at once; a desk has one, tests have several."""

TRIAGE = "triage.jsonl"
"""What people say of alarms changes no alarm."""
LATELY = 8
"""Answers of some size (passports, reports, shipments under a reading) that are kept."""
PATIENCE = 1.0
"""Seconds a page waits for the search for alarms before it says that it goes on."""

_held: dict[Path, tuple[str, Tracked]] = {}
_opening = threading.Lock()


class Tracked:
    """The custody of a project at one head."""

    def __init__(self, project: Project, head: Head) -> None:
        from ytterby.custody.registry import Registry
        from ytterby.project import worldly

        self.project, self.head = project, head
        self.book: Book = project.book()
        self.error: InputError | None = None
        """Why the registry cannot be read."""
        try:
            self.registry: Registry = worldly.completed(project, project.registry(), self.book)
        except InputError as refused:
            self.error, self.registry = refused, Registry()
        self._made: dict[str, Any] = {}
        self._lately: OrderedDict[str, Any] = OrderedDict()
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()
        self._making: dict[str, Making] = {}

    def kept(self, name: str, make: Callable[[], Made]) -> Made:
        """What `make` gives, made once for this head; two readers do not make it twice."""
        with self._lock:
            lock = self._locks.setdefault(name, threading.Lock())
        with lock:
            if name not in self._made:
                self._made[name] = make()
            found: Made = self._made[name]
            return found

    def lately(self, name: str, make: Callable[[], Made]) -> Made:
        """What `make` gives, kept among the last few that were asked for."""
        with self._lock:
            if name in self._lately:
                self._lately.move_to_end(name)
                known: Made = self._lately[name]
                return known
        made = make()
        with self._lock:
            self._lately[name] = made
            while len(self._lately) > LATELY:
                self._lately.popitem(last=False)
        return made

    @property
    def ground(self) -> Ground:
        """What balances and alarms are drawn from."""
        return self.kept("ground", self._ground)

    def _ground(self) -> Ground:
        return self.project.ground(self.book)

    def soon(self, name: str, make: Callable[[], Made], wait: float = PATIENCE) -> Made | None:
        """What `make` gives, made behind the pages; None where it is not there after `wait` seconds, and a page may
        say so.

        Raises:
            Exception: what went wrong in the making.
        """
        with self._lock:
            making = self._making.get(name)
            if making is None:
                making = self._making[name] = Making(make)
                making.start()
                while len(self._making) > LATELY:
                    del self._making[next(iter(self._making))]
        making.join(wait)
        if making.error is not None:
            with self._lock:
                # Whoever asks next may find it mended.
                self._making.pop(name, None)
            raise making.error
        found: Made | None = making.found
        return found

    def alarms(self, wait: float = PATIENCE) -> list[Alarm] | None:
        """What the detectors find; None where they are still looking after `wait` seconds.

        Raises:
            YtterbyError: a detector cannot read what it needs.
        """
        from ytterby.custody.alarms.finding import alarms

        return self.soon("alarms", lambda: alarms(self.ground), wait)

    @property
    def links(self) -> Links:
        """The genealogy."""
        from ytterby.custody.genealogy.links import Links

        return self.kept("links", lambda: Links(self.book))

    @cached_property
    def places(self) -> list[str]:
        """Facility of every place of the book, by code: its id in the registry, else its address."""
        names = [self.book.place_name(code) for code in range(len(self.book.names["places"]))]
        return [self.facility(one) for one in names]

    def facility(self, address: str) -> str:
        """Id of the facility or party an address belongs to; the address where the registry has none."""
        found = self.registry.facility(address)
        if found is not None:
            return found.id
        party = self.registry.party(address)
        return party.id if party is not None else address

    def record(self, name: str) -> Facility | None:
        """What the registry says of a facility."""
        return self.registry.facility(name)

    @cached_property
    def counts(self) -> dict[str, int]:
        """Events by facility, the busiest first; what was declared wrong is left out."""
        place = self.book["events.place"][~self.book.mistaken]
        each = np.bincount(place[place >= 0], minlength=len(self.places))
        found: dict[str, int] = {}
        for code, n in enumerate(each.tolist()):
            if n:
                found[self.places[code]] = found.get(self.places[code], 0) + n
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))

    @cached_property
    def months(self) -> dict[str, int]:
        """Events by month, in order; months without one in between count 0."""
        from ytterby.custody import months

        if not len(self.book):
            return {}
        each = months.month_of(self.book["events.time"][~self.book.mistaken])
        if not len(each):
            return {}
        first = int(each.min())
        return {months.written(first + k): n for k, n in enumerate(np.bincount(each - first).tolist())}

    def lot(self, name: str) -> int:
        """Code of a lot, however its address is spelled.

        Raises:
            UnknownName: no captured event names it.
        """
        from ytterby.custody.epcis.identifiers import address

        code = self.book.lot(name)
        code = self.book.lot(address(name)) if code < 0 else code
        if code < 0:
            remedy = "check the address, or capture the events that name it"
            raise UnknownName(name, (), "lot", remedy=remedy)
        return code

    def at_facility(self, name: str) -> NDArray[np.bool_]:
        """(event,) whether it took place at a facility and counts."""
        here = np.array([one == name for one in self.places] + [False])
        found: NDArray[np.bool_] = here[self.book["events.place"]] & ~self.book.mistaken
        return found


class Making(threading.Thread):
    """Something that takes seconds, made behind the pages."""

    def __init__(self, make: Callable[[], Any]) -> None:
        super().__init__(name="ytterby-custody", daemon=True)
        self._make = make
        self.found: Any = None
        self.error: Exception | None = None

    def run(self) -> None:
        """Makes it, and keeps it, or what went wrong."""
        try:
            self.found = self._make()
        except Exception as error:  # told to whoever asks, on their page
            self.error = error


def tracked(project: Project) -> Tracked | None:
    """The custody of a project as it is now; None before anything was captured.

    Raises:
        StoreError: ledger or book are damaged so that they cannot be read.
    """
    path, now = project.path, stamp(project.path)
    with _opening:
        found = _held.get(path)
        if found is not None and found[0] == now:
            return found[1]
        with project.recorded() as ledger:
            head = ledger.head
        if not head.size:
            _held.pop(path, None)
            return None
        made = Tracked(project, head)
        _held[path] = (now, made)
        for old in [one for one in _held if one != path][: max(0, len(_held) - HELD)]:
            del _held[old]
        return made


def stamp(project: Path) -> str:
    """Changes whenever what was captured, the registry, the permits or the rules may have changed, and every day."""
    names = [project / "custody" / name for name in shelf.CUSTODY if name != TRIAGE]
    for part in ("regimes", "parties"):
        folder = project / part
        names += sorted(folder.iterdir()) if folder.is_dir() else []
    return repr((datetime.date.today(), [shelf.standing(one) for one in names]))


def refusals(project: Project, asked: Asked) -> list[Refusal]:
    """What was refused, oldest first, without the bytes as they came: those stay in the log."""

    def read() -> list[Refusal]:
        with project.recorded() as ledger:
            return [replace(one, raw=b"") for one in ledger.refusals()]

    return asked.kept("custody:refused", read)
