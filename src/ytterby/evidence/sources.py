"""Home to the list of sources: what was published by whom, and how many claims rest on it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from ytterby.evidence.claims import Claim, Source
from ytterby.evidence.publishers import grade, publisher


@dataclass(frozen=True)
class SourceUse:
    """One source and what rests on it."""

    publisher: str
    title: str
    year: int | None
    url: str
    claims: int
    """Claims that cite it (stand-ins for later claims not counted)."""
    assumed: int
    """Of these, how many are assumed."""
    access: tuple[tuple[str, int], ...]
    """(how it reached us, claims), most first."""
    kind: str = ""
    """Kind of publisher (see `publishers.GRADES`); empty = unknown."""
    grade: str = "C"
    """What its figures are graded when they are read (see `publishers`)."""


def sources(claims: Iterable[Claim]) -> list[SourceUse]:
    """The sources of some claims, by publisher, year and title; claims without a source are left out."""
    cited: dict[Source, list[Claim]] = defaultdict(list)
    for claim in claims:
        if not claim.carried_from and claim.source != Source():
            cited[claim.source].append(claim)
    return [_use(source, cited[source]) for source in sorted(cited, key=_order)]


def _order(source: Source) -> tuple[str, int, str, str]:
    return source.publisher.casefold(), source.year or 0, source.title, source.url


def _use(source: Source, claims: list[Claim]) -> SourceUse:
    counts = Counter(claim.access for claim in claims)
    known = publisher(source.originator, source.url)
    return SourceUse(
        publisher=source.publisher,
        title=source.title,
        year=source.year,
        url=source.url,
        claims=len(claims),
        assumed=sum(claim.assumed for claim in claims),
        access=tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0]))),
        kind=known.kind if known else "",
        grade=grade(source),
    )
