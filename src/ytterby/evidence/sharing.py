"""Home to the part of reading that other hands can do: bytes to a document and its claims.

It hangs on nothing but what is handed over, so it gives the same wherever it is done, and if it is done again. What
hangs on the project (whether bytes are known, of which work a document is a version, what is written and when) stays
with the one process that asks.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from time import monotonic
from typing import Any, Protocol, TypeVar, final

from ytterby.evidence.addresses import canonical
from ytterby.evidence.documents import Document
from ytterby.evidence.items import Item
from ytterby.evidence.reading import Read, read
from ytterby.terms.errors import InputError, RunError, YtterbyError, shown

PARCEL = 16
"""Items handed over together: sending one costs as much as sending some."""
BYTES = 2**20
"""A parcel is closed when its items hold so many bytes."""
SECONDS = 0.25
"""A parcel is closed after so many seconds, so that slow pages are not waited for together."""

LIBRARIES = ("ahocorasick-rs", "lxml", "opencc-python-reimplemented", "pdfplumber", "pypdfium2", "trafilatura")
"""Libraries that decide what is read in a document, beside our own code."""

Given = TypeVar("Given")
Found = TypeVar("Found")


class Stated(Protocol):
    """What an extractor gives back: a claim."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, `id` and `document` among them."""


Extract = Callable[[Document], Sequence[Stated]]


class Hands(Protocol):
    """Who reads: processes of this machine, or a cluster."""

    def each(self, call: Callable[[Given], Found], items: Iterable[Given]) -> Iterator[Found]:
        """`call` of each item, in their order: a module's own function, items and results that can be pickled.

        Items are taken as they are needed, a few ahead.
        """


@dataclass(slots=True)
class Entry:
    """An item on its way into the store."""

    item: Item
    id: str = ""
    read: Read | None = None
    """None where there is nothing to keep: it was refused, or its bytes are known."""
    claims: list[dict[str, Any]] = field(default_factory=list)
    error: InputError | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """The bytes of one item, and all that its reading hangs on."""

    content: bytes
    path: str
    url: str
    media: str
    charset: str
    today: date


@dataclass(frozen=True, slots=True)
class Parcel:
    """Orders handed over together."""

    orders: tuple[Order, ...]
    extract: Extract | None
    """Takes the claims from a document; to be pickled where it is read elsewhere."""
    standing: tuple[str, ...] = ()
    """What the one who asks reads with (see `standing`); empty where it reads itself."""


@dataclass(frozen=True, slots=True)
class Made:
    """What became of an order: a reading and its claims, or an error."""

    read: Read | None = None
    claims: tuple[dict[str, Any], ...] = ()
    error: InputError | None = None


@final
class Reader:
    """Items to entries in their order, each read once.

    Args:
        known: whether the project has the document of an id, read by the same readers.
        extract: takes the claims from a document.
        today: the day of reading; without it the day it is.
        hands: who reads; this process without any.
    """

    def __init__(
        self,
        known: Callable[[str], bool],
        extract: Extract | None = None,
        today: date | None = None,
        hands: Hands | None = None,
    ) -> None:
        self._known = known
        self._extract = extract
        self._today = today
        self._hands = hands
        self._good: set[str] = set()
        """Ids that were read well in this reading: the same bytes under another name are not read again."""
        self._asked: set[str] = set()
        """Ids that are being read."""
        self._line: deque[list[tuple[Entry, bool]]] = deque()
        """Parcels that are out: their items, and whether each was handed over."""

    def through(self, items: Iterable[Item]) -> Iterator[Entry]:
        """An entry for each item, in their order.

        Raises:
            RunError: the hands were lost again and again, or do not read as this process does.
        """
        made = map(prepared, self._parcels(items, 1)) if self._hands is None else self._elsewhere(self._hands, items)
        for found in made:
            answers = iter(found)
            for entry, sent in self._line.popleft():
                yield self._settled(entry, next(answers) if sent else None)

    def _elsewhere(self, hands: Hands, items: Iterable[Item]) -> Iterator[tuple[Made, ...]]:
        return hands.each(prepared, self._parcels(items, PARCEL))

    def _parcels(self, items: Iterable[Item], most: int) -> Iterator[Parcel]:
        ours = () if self._hands is None else standing()
        entries: list[tuple[Entry, bool]] = []
        held, began = 0, monotonic()
        for item in items:
            entries.append(self._begun(item))
            held += len(item.content)
            if len(entries) < most and held < BYTES and monotonic() - began < SECONDS:
                continue
            yield self._closed(entries, ours)
            entries, held, began = [], 0, monotonic()
        if entries:
            yield self._closed(entries, ours)

    def _closed(self, entries: list[tuple[Entry, bool]], ours: tuple[str, ...]) -> Parcel:
        self._line.append(entries)
        return Parcel(tuple(self._order(entry.item) for entry, sent in entries if sent), self._extract, ours)

    def _begun(self, item: Item) -> tuple[Entry, bool]:
        """An entry for an item, and whether it has to be read."""
        if item.error or item.unchanged:
            return Entry(item, error=item.error), False
        name = hashlib.sha256(item.content).hexdigest()
        if name in self._good or name in self._asked or self._known(name):
            return Entry(item, name), False
        self._asked.add(name)
        return Entry(item, name), True

    def _settled(self, entry: Entry, made: Made | None) -> Entry:
        """The entry with what was made of it. The items before it are settled, also those with the same bytes."""
        name = entry.id
        if made is not None:
            self._asked.discard(name)
        if not name or name in self._good:
            return entry
        if made is None:
            if self._known(name):
                return entry
            # the same bytes came before under another name, and were refused under that
            (made,) = prepared(Parcel((self._order(entry.item),), self._extract))
        if made.error is not None:
            return Entry(entry.item, error=made.error)
        self._good.add(name)
        return Entry(entry.item, name, made.read, list(made.claims))

    def _order(self, item: Item) -> Order:
        url = canonical(item.url) if item.url else ""
        return Order(item.content, item.path, url, item.media, item.charset, self._today or date.today())


def prepared(parcel: Parcel) -> tuple[Made, ...]:
    """What is read in each order of a parcel; nothing is written.

    Raises:
        RunError: the process it runs in reads with other libraries or tables than the one that asks.
    """
    if parcel.standing and parcel.standing != standing():
        apart = [f"{a} and {b}" for a, b in zip(parcel.standing, standing(), strict=True) if a != b]
        raise RunError(
            f"a worker would not read the same: {', '.join(apart)}",
            place="reading on several machines",
            remedy="install the same versions of Ytterby and its libraries on every node",
        )
    return tuple(_made(order, parcel.extract) for order in parcel.orders)


def _made(order: Order, extract: Extract | None) -> Made:
    try:
        got = read(
            order.content, path=order.path, url=order.url, media=order.media, charset=order.charset, today=order.today
        )
        return Made(got, tuple(one.to_dict() for one in extract(got.document)) if extract else ())
    except InputError as error:
        return Made(error=error)
    except YtterbyError:
        raise
    except Exception as error:  # one document that breaks the reader must not take the others with it
        cause = f"the reader broke on it: {type(error).__name__} {shown(str(error), 80)}".strip()
        return Made(error=InputError(cause, place=order.path, remedy="please report it with the document"))


@cache
def standing() -> tuple[str, ...]:
    """What decides, beside our own code, what is read in a document: libraries, tables, the properties of letters."""
    from importlib.metadata import PackageNotFoundError, version
    from importlib.resources import files

    told = []
    for name in LIBRARIES:
        try:
            told.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            told.append(f"no {name}")
    digest = hashlib.sha256()
    tables = files("ytterby") / "data"
    for folder in ("baseline", "names", "terms", "."):
        for table in sorted((tables / folder).iterdir(), key=lambda one: one.name):
            if table.is_file():
                digest.update(table.name.encode() + table.read_bytes())
    return (*told, f"tables {digest.hexdigest()[:12]}", f"Unicode {unicodedata.unidata_version}")
