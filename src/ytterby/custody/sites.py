"""Home to sites: which facility a place or a party of the events is, by the registry; an address stands for itself.

A firm with one facility is that facility; one with several is only itself, unless the event tells the place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ytterby.custody.book.book import Book
from ytterby.custody.registry import Registry

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Sites:
    """Facilities as codes."""

    names: tuple[str, ...]
    codes: Mapping[str, int]
    of_place: Ints
    """(place + 1,): facility of every place of the book; the last, for -1, is -1."""
    of_party: Ints
    """(party + 1,)."""


def sites(book: Book, registry: Registry) -> Sites:
    """The facilities of a book's places and parties."""
    owned = Counter(one.party for one in registry.facilities if one.party)
    only = {one.party: one.id for one in registry.facilities if owned[one.party] == 1}
    codes: dict[str, int] = {}

    def coded(address: str) -> int:
        facility = registry.facility(address)
        if facility is not None:
            return codes.setdefault(facility.id, len(codes))
        party = registry.party(address)
        name = address if party is None else only.get(party.id, party.id)
        return codes.setdefault(name, len(codes))

    places = [coded(book.place_name(code)) for code in range(len(book.names["places"]))]
    parties = [coded(book.party_name(code)) for code in range(len(book.names["parties"]))]
    return Sites(tuple(codes), codes, np.array([*places, -1]), np.array([*parties, -1]))
