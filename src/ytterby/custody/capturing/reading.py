"""Home to what a worker does with a part: reads it, understands the events, makes the columns of index and book."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from ytterby.custody.book import Chunk, chunk
from ytterby.custody.capturing.sources import Part
from ytterby.custody.epcis.made import Refused
from ytterby.custody.epcis.reading import read
from ytterby.custody.event import Event
from ytterby.custody.headings import headings
from ytterby.custody.ledger.frames import LONGEST_NAME
from ytterby.custody.ledger.refused import Refusal
from ytterby.custody.ledger.rows import Keys, rows
from ytterby.custody.ledger.writing import NONE, Batch

MOST = 6_000
"""Events of a batch."""
_LINE = re.compile(r"#line (\d+)")


@dataclass(frozen=True, slots=True)
class Load:
    """What was read of a part: a batch of it, the last one with what is known of the whole."""

    batch: Batch = NONE
    chunk: Chunk | None = None
    refusals: tuple[Refusal, ...] = ()
    last: bool = False
    digest: bytes = b""
    """SHA-256 of the part, with the last batch."""
    size: int = 0
    lines: int = 0
    """Line ends in the part, with the last batch."""
    already: int = 0
    """Events of a part that is known to be in the ledger whole, and was not read again."""

    def moved(self, lines: int) -> Load:
        """With the numbers of lines counted from so many before the part."""
        refusals = tuple(replace(one, path=shifted(one.path, lines)) for one in self.refusals)
        return replace(self, refusals=refusals)


@dataclass(slots=True)
class _Gathered:
    events: list[Event] = field(default_factory=list)
    digests: list[bytes] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    def load(self) -> Load:
        if not self.events:
            return Load(refusals=tuple(self.refusals))
        heads = headings(self.events)
        made = chunk(self.events, heads)
        known = rows(self.events, _keys(made), heads)
        ids = tuple([event.id for event in self.events])
        return Load(Batch(ids, tuple(self.digests), tuple(self.bodies), known), made, tuple(self.refusals))


def _keys(made: Chunk) -> Keys:
    """Book and index know a name by the same 64 bits of the same hash."""
    lots, transformations = (made.strings[table].keys[:, 0].view("<i8") for table in ("lots", "transformations"))
    of_event = np.append(transformations, np.int64(0))[made.columns["events.transformation"]]
    return Keys(made.columns["events.identity"].view("<i8"), of_event, lots[made.columns["moves.lot"]])


def loads(
    part: Part, known: Mapping[bytes, int], most: int = MOST, strict: frozenset[str] = frozenset()
) -> Iterator[Load]:
    """A part in batches.

    Args:
        part: what to read.
        known: digests of parts that are in the ledger whole, with how many events each has.
        most: events of a batch.
        strict: names of checks whose doubts refuse.
    """
    content = part.read()
    digest = hashlib.sha256(content).digest()
    size, lines = len(content), content.count(b"\n") if part.lines else 0
    if digest in known:
        yield Load(last=True, digest=digest, size=size, lines=lines, already=known[digest])
        return
    gathered = _Gathered()
    for one in read(content, part.where, strict=strict):
        if isinstance(one, Refused):
            gathered.refusals.append(Refusal(one.id, one.reason, one.path, one.raw))
        elif 4 * len(one.event.id) > LONGEST_NAME and _long(one.event.id):
            gathered.refusals.append(
                Refusal("", "identity: the id of the event is too long", part.where, one.canonical)
            )
        else:
            gathered.events.append(one.event)
            gathered.digests.append(one.digest)
            gathered.bodies.append(one.canonical)
        if len(gathered.events) + len(gathered.refusals) >= most:
            yield gathered.load()
            gathered = _Gathered()
    yield replace(gathered.load(), last=True, digest=digest, size=size, lines=lines)


def _long(name: str) -> bool:
    return len(name.encode("utf-8", "surrogatepass")) > LONGEST_NAME


def shifted(path: str, lines: int) -> str:
    """A place in a part as a place in its source.

    >>> shifted("a.jsonl#line 3/quantityList/0", 1000)
    'a.jsonl#line 1003/quantityList/0'
    """
    return _LINE.sub(lambda found: f"#line {int(found[1]) + lines}", path, count=1) if lines else path
