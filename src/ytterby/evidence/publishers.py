"""Home to publishers: who prints what, and how far a figure may be trusted for having been printed there.

A table of names and addresses (`data/publishers.csv`) gives every publisher a kind, and the kind its grade: A for those
who make the figure (gazettes, customs, statistical offices, company filings), B for those who check it (news agencies,
trade press, newspapers, research), C for those who pass it on (aggregators, self-media) and for whoever is not in the
table: nobody has looked at them yet. A figure of grade C counts as assumed wherever it shows. A figure that a page only
hands on is graded by the page, not by the voice it names; where a source reads "X via Y", by the worse of the two.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from urllib.parse import urlsplit

from ytterby.evidence.claims import Claim, Confidence, Source
from ytterby.evidence.naming import is_read
from ytterby.terms.tables import several
from ytterby.terms.text import fold

GRADES: Mapping[str, Confidence] = MappingProxyType(
    {
        "official": "A",
        "filing": "A",
        "agency": "B",
        "specialist": "B",
        "research": "B",
        "press": "B",
        "aggregator": "C",
        "self-media": "C",
    }
)
"""Kind of publisher to the grade of its figures."""

UNKNOWN: Confidence = "C"
"""Grade of a publisher that is not in the table."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """One publisher."""

    name: str
    names: tuple[str, ...]
    """Other names, Chinese and English."""
    domains: tuple[str, ...]
    """Hosts it publishes at; subdomains belong to them."""
    kind: str
    place: str

    @property
    def grade(self) -> Confidence:
        """Grade of what it publishes."""
        return GRADES[self.kind]


@cache
def publishers() -> tuple[Publisher, ...]:
    """All publishers of the table."""
    text = files("ytterby").joinpath("data", "publishers.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(
        Publisher(row["name"], several(row["names"]), several(row["domains"]), row["kind"], row["place"])
        for row in rows
    )


@lru_cache(maxsize=4096)
def publisher(name: str = "", url: str = "") -> Publisher | None:
    """The publisher of a name, else of an address; None where neither is known.

    >>> publisher("路透社").name, publisher(url="https://www.argusmedia.com/en/news/1").kind
    ('Reuters', 'specialist')
    """
    found = _by_name().get(_key(name))
    # Where a page tells no publisher, its host stands in the name's place.
    return found or (_by_host(name) if "." in name and " " not in name else None) or _by_host(url)


def grade(source: Source) -> Confidence:
    """Grade of a source: of the publisher itself, or of the hands it came through where those are worse."""
    hands = [part for part in source.publisher.split(" via ") if part.strip()]
    found = [_grade_of(hand) for hand in hands]
    at = publisher(url=source.url)
    if at is not None and (not found or any(publisher(hand) is None for hand in hands)):
        # The address is known where the name is not: it says who really prints the page.
        found = [at.grade]
    return max(found, default=UNKNOWN)


def _grade_of(hand: str) -> Confidence:
    """Grade of one hand; of several who issue together, where all are known, that of the first."""
    one = publisher(hand)
    if one is not None:
        return one.grade
    parts = [publisher(part) for part in re.split(r"[\s、,，/&]+", hand) if part]
    return parts[0].grade if len(parts) > 1 and all(parts) and parts[0] is not None else UNKNOWN


def graded(claims: Iterable[Claim]) -> list[Claim]:
    """The claims, those that were read with the confidence their publisher earns; rows of tables keep theirs.

    Confidence is part of what a claim says: grading comes before a claim is kept or reviewed, as naming does.
    """
    return [_with(claim, grade(claim.source)) if is_read(claim) else claim for claim in claims]


def _with(claim: Claim, confidence: Confidence) -> Claim:
    if claim.confidence == confidence:
        return claim
    copied = claim.model_copy(update={"confidence": confidence})
    # The copy must not inherit the hash of what it was copied from.
    copied.__dict__.pop("id", None)
    return copied


def _key(name: str) -> str:
    return " ".join(fold(name).casefold().split())


@cache
def _by_name() -> dict[str, Publisher]:
    return {_key(name): one for one in publishers() for name in (one.name, *one.names)}


@cache
def _domains() -> dict[str, Publisher]:
    return {domain: one for one in publishers() for domain in one.domains}


def _by_host(url: str) -> Publisher | None:
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:
        return None
    parts = host.casefold().split(".")
    ends = (".".join(parts[at:]) for at in range(len(parts) - 1))
    return next((one for end in ends if (one := _domains().get(end)) is not None), None)
