"""Home to contents: how much of each element is in a lot, from its assays, else from what the registry says of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ytterby.custody.book.book import Book
from ytterby.custody.event import WHOLE
from ytterby.custody.registry import Registry
from ytterby.terms.elements import ELEMENTS

Floats = NDArray[np.float64]
UNTOLD_SPREAD = 0.02
"""Relative standard uncertainty of a mass fraction whose own was not told (assumed)."""


@dataclass(frozen=True)
class Contents:
    """Mass fractions of lots."""

    share: Floats
    """(lot, element); 0 where the lot is known and has none, NaN where nothing is known of it."""
    sigma: Floats
    """(lot, element), absolute."""

    @property
    def known(self) -> NDArray[np.bool_]:
        """Lots of which something is known (lot,)."""
        return np.asarray(~np.isnan(self.share[:, 0]))


def contents(book: Book, registry: Registry | None = None) -> Contents:
    """Contents of every lot of a book: several assays of a lot are averaged by their uncertainty."""
    lots, elements = book.lots, len(ELEMENTS)
    counts = ~book.mistaken[book["assays.event"]]
    lot = book["assays.lot"][counts].astype(np.int64)
    cell = lot * elements + book["assays.element"][counts]
    share = book["assays.ppb"][counts] / WHOLE
    sigma = book["assays.sigma"][counts] / WHOLE
    sigma = np.where(sigma > 0.0, sigma, UNTOLD_SPREAD * share + 1e-9)
    weight = 1.0 / sigma**2
    total = np.bincount(cell, weight, lots * elements)
    mean = np.bincount(cell, weight * share, lots * elements)
    told = total > 0.0
    known = np.zeros(lots, dtype=bool)
    known[lot] = True
    shares = np.full((lots, elements), np.nan)
    spreads = np.zeros((lots, elements))
    shares[known] = 0.0
    flat = shares.reshape(-1)
    flat[told] = mean[told] / total[told]
    spreads.reshape(-1)[told] = total[told] ** -0.5
    _from_registry(book, registry, shares, spreads)
    return Contents(shares, spreads)


def _from_registry(book: Book, registry: Registry | None, shares: Floats, spreads: Floats) -> None:
    """Lots without an assay take what the registry says of lots that begin so."""
    if registry is None or not registry.lots:
        return
    rules = sorted((one for one in registry.lots if one.composition), key=lambda one: -len(one.prefix))
    for lot in np.flatnonzero(np.isnan(shares[:, 0])).tolist():
        name = book.lot_name(lot)
        rule = next((one for one in rules if name.startswith(one.prefix)), None)
        if rule is None:
            continue
        shares[lot] = [rule.composition.get(symbol, 0.0) for symbol in ELEMENTS]
        spreads[lot] = UNTOLD_SPREAD * shares[lot]
