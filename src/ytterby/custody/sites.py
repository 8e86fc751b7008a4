"""Home to sites: which facility a place or a party of the events is, by the registry; an address stands for itself."""

from __future__ import annotations

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
    known = {address: one.id for one in registry.facilities for address in (one.id, *one.addresses)}
    codes: dict[str, int] = {}

    def coded(address: str) -> int:
        return codes.setdefault(known.get(address, address), len(codes))

    places = [coded(book.place_name(code)) for code in range(len(book.names["places"]))]
    parties = [coded(book.party_name(code)) for code in range(len(book.names["parties"]))]
    return Sites(tuple(codes), codes, np.array([*places, -1]), np.array([*parties, -1]))
