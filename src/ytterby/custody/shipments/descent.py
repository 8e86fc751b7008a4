"""Home to the descent of lots: in which countries each was made, and in which the stages before it were.

Countries are bits of one word per lot, carried down the genealogy until nothing changes. What nobody told is a bit of
its own: a lot of which one ancestor's mine is unknown may have been mined anywhere.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ytterby.custody.balance import Ground
from ytterby.custody.book.layout import (
    ADD,
    AGGREGATION,
    ASSOCIATION,
    CHILD,
    DELETE,
    INPUT,
    OBJECT,
    OUTPUT,
    PARENT,
    REFERENCES,
    TRANSFORMATION,
    WHAT,
)
from ytterby.rules.facts import Facts, Item
from ytterby.terms.errors import InputError, UnknownName
from ytterby.terms.materials import material
from ytterby.terms.places import place

Bits = NDArray[np.uint64]

UNTOLD = np.uint64(1)
"""The bit of a country nobody told."""
MOST = 63
"""Countries that have a bit; any beyond counts as untold."""

STAGES = ("mined", "refined", "melted")
"""Stages told apart; melting counts the making of magnets with it, as the rules that ask for it do."""
_STAGE_OF = {
    "mine": "mined", "separation": "refined", "recycling": "refined", "metal": "melted", "alloy": "melted",
    "magnet": "melted",
}  # fmt: skip
"""Stage of the registry's facilities to the stage of the law; others are none of them."""
_PASSED = {
    "concentrate": ("mined",), "compound": ("mined", "refined"), "oxide": ("mined", "refined"),
    "metal": STAGES, "alloy": STAGES, "magnet": STAGES,
}  # fmt: skip
"""Stages that a thing of a form has behind it; where it appears from nowhere they are untold."""
TECHNOLOGY = "technology"


@dataclass(frozen=True, eq=False)
class Descent:
    """Countries of every lot; bit 0 is the untold, bit k the country `countries[k]`."""

    countries: tuple[str, ...]
    made: Bits
    """(lot,) where it was made last, or commissioned."""
    passed: Mapping[str, Bits]
    """Stage of `STAGES` (and ``technology``) to (lot,)."""

    def one(self, bits: int, named: Collection[str]) -> str:
        """The country that a fact of one word tells of a mix: the one there is; of several one that is `named` by the
        law, since a part is enough for it; empty where it may be any.
        """
        found = [code for k, code in enumerate(self.countries) if k and bits >> k & 1]
        caught = sorted(code for code in found if code in named)
        if caught:
            return caught[0]
        return "" if bits & 1 or not found else found[0]

    def all(self, bits: int) -> tuple[str, ...]:
        """Every country of a mix, by code; the empty one for what is not told."""
        return tuple(sorted(code for k, code in enumerate(self.countries) if bits >> k & 1))


def country(code: str, where: str) -> str:
    """The code of a country the registry names. Raises `UnknownName` with the entry."""
    try:
        return place(code).code if code else ""
    except InputError:
        raise UnknownName(code, (), "place", f"registry.yaml, {where}", "write an ISO 3166 alpha-2 code") from None


def descent(at: Ground) -> Descent:
    """The descent of every lot of a book.

    Raises:
        UnknownName: a place of the registry nobody knows.
    """
    known = [at.registry.facility(at.book.place_name(code)) for code in range(len(at.book.names["places"]))]
    codes = [country(one.place, one.id) if one else "" for one in known]
    technologies = _technologies(at)
    countries = ("", *sorted({*codes, *technologies} - {""}))[: MOST + 1]
    bit = {code: np.uint64(1 << k) for k, code in enumerate(countries)}
    of_place = np.array([*(bit.get(code, UNTOLD) for code in codes), UNTOLD], dtype=np.uint64)
    stage_of = [_STAGE_OF.get(one.stage, "") if one and one.stage else "?" for one in known]
    made, roots = _made(at, of_place)
    passed = {}
    inner = _Ancestry(at)
    forms = _forms(at)
    for stage in STAGES:
        does = np.array([*(name in (stage, "?") for name in stage_of), True])
        surely = np.array([*(name == stage for name in stage_of), False])
        own = np.where(does, np.where(surely, of_place, UNTOLD), np.uint64(0))
        passed[stage] = inner.carried(own, _started(at, roots, forms, stage, own))
    told = np.array([bit.get(one, UNTOLD) for one in technologies], dtype=np.uint64)
    passed[TECHNOLOGY] = inner.told(told, np.zeros(at.book.lots, np.uint64))
    return Descent(countries, made, passed)


def _technologies(at: Ground) -> list[str]:
    """Technology told of every event, by code of a country; empty where none is."""
    found = [""] * len(at.book)
    book = at.book
    rows = book["references.kind"] == REFERENCES.index("technology")
    codes: dict[int, str] = {}
    for event, name in zip(
        book["references.event"][rows].tolist(), book["references.name"][rows].tolist(), strict=True
    ):
        if name not in codes:
            codes[name] = _code(book.name("names", name))
        found[event] = codes[name]
    return found


def _code(name: str) -> str:
    try:
        return place(name).code
    except InputError:
        return ""


def _made(at: Ground, of_place: Bits) -> tuple[Bits, NDArray[np.bool_]]:
    """Countries in which lots were made, or else commissioned; and the pieces by which lots came from nowhere."""
    book = at.book
    event, lot, role = book["moves.event"], book["moves.lot"], book["moves.role"]
    kind, counts = book["events.kind"][event], ~book.mistaken[event]
    output = counts & (kind == TRANSFORMATION) & (role == OUTPUT)
    added = counts & (kind == OBJECT) & (book["events.action"][event] == ADD) & (role == WHAT)
    made = np.zeros(book.lots, np.uint64)
    where = of_place[book["events.place"]][event]
    np.bitwise_or.at(made, lot[output], where[output])
    bare = made == 0
    roots = added & bare[lot]
    np.bitwise_or.at(made, lot[roots], where[roots])
    return np.where(made == 0, UNTOLD, made), roots


def _forms(at: Ground) -> list[tuple[str, ...]]:
    """Stages that each material has behind it, the last entry for no material."""
    found: list[tuple[str, ...]] = []
    for code in range(len(at.book.names["materials"])):
        form = form_of(at.book.name("materials", code))
        found.append(_PASSED.get(form, STAGES))
    return [*found, STAGES]


@lru_cache(maxsize=4096)
def form_of(name: str) -> str:
    """Form of a material as the rules have it; empty for one nobody knows."""
    try:
        return Facts(item=Item(material=material(name).id)).form if name else ""
    except InputError:
        return ""


def _started(at: Ground, roots: NDArray[np.bool_], forms: list[tuple[str, ...]], stage: str, own: Bits) -> Bits:
    """Bits that lots have from the beginning: a mine's own, the untold of what appears elsewhere."""
    book = at.book
    begun = np.zeros(book.lots, np.uint64)
    rows = np.flatnonzero(roots)
    lot, where = book["moves.lot"][rows], book["events.place"][book["moves.event"][rows]]
    behind = np.array([stage in one for one in forms])[book["moves.material"][rows]]
    none = _bare(at)[lot]
    mined = own[where] if stage == "mined" else np.zeros(len(rows), np.uint64)
    bits = np.where(mined > 0, mined, np.where(behind, UNTOLD, np.uint64(0)))
    np.bitwise_or.at(begun, lot, np.where(none, np.uint64(0), bits))
    nobody = np.ones(book.lots, bool)
    nobody[lot] = False
    produced = np.zeros(book.lots, bool)
    event = book["moves.event"]
    output = (book["moves.role"] == OUTPUT) & ~book.mistaken[event]
    produced[book["moves.lot"][output]] = True
    return np.where(nobody & ~produced, UNTOLD, begun)


def _bare(at: Ground) -> NDArray[np.bool_]:
    """Lots that are known to hold no rare earths."""
    share = at.contents.share
    return np.asarray(~np.isnan(share[:, 0]) & (np.nan_to_num(share).sum(axis=1) == 0.0))


class _Ancestry:
    """What lots were made of, as pairs (lot, knot) in and out, for passing bits down."""

    def __init__(self, at: Ground) -> None:
        book = self.book = at.book
        event, role = book["moves.event"].astype(np.int64), book["moves.role"]
        kind, action = book["events.kind"][event], book["events.action"][event]
        counts = ~book.mistaken[event]
        packs = counts & ((kind == AGGREGATION) | (kind == ASSOCIATION)) & (action != DELETE)
        makes = counts & (kind == TRANSFORMATION)
        # Events of one transformation are one knot.
        first = np.arange(len(book))
        name = book["events.transformation"]
        some = np.flatnonzero(name >= 0)
        _, lead, group = np.unique(name[some], return_index=True, return_inverse=True)
        first[some] = some[lead][group]
        self.knot = first
        into = np.flatnonzero((makes & (role == INPUT)) | (packs & (role == CHILD)))
        out = np.flatnonzero((makes & (role == OUTPUT)) | (packs & (role == PARENT)))
        lot = book["moves.lot"].astype(np.int64)
        order = np.argsort(lot[into], kind="stable")
        self.into_lot, self.into_knot = lot[into][order], first[event[into]][order]
        order = np.argsort(first[event[out]], kind="stable")
        self.out_lot, self.out_knot = lot[out][order], first[event[out]][order]
        self.works = np.flatnonzero((book["events.kind"] == TRANSFORMATION) & ~book.mistaken)

    def carried(self, of_place: Bits, begun: Bits) -> Bits:
        """Bits of lots, where each transformation adds those of its place."""
        return self.told(of_place[self.book["events.place"]], begun)

    def told(self, of_event: Bits, begun: Bits) -> Bits:
        """Bits of lots, where each transformation adds its own."""
        knots = np.zeros(len(self.book), np.uint64)
        np.bitwise_or.at(knots, self.knot[self.works], of_event[self.works])
        lots = begun.copy()
        np.bitwise_or.at(lots, self.out_lot, knots[self.out_knot])
        fresh = np.flatnonzero(lots)
        while len(fresh):
            at = _within(self.into_lot, fresh)
            before = knots[self.into_knot[at]]
            np.bitwise_or.at(knots, self.into_knot[at], lots[self.into_lot[at]])
            grown = np.unique(self.into_knot[at][knots[self.into_knot[at]] != before])
            rows = _within(self.out_knot, grown)
            had = lots[self.out_lot[rows]]
            np.bitwise_or.at(lots, self.out_lot[rows], knots[self.out_knot[rows]])
            fresh = np.unique(self.out_lot[rows][lots[self.out_lot[rows]] != had])
        return lots


def _within(keys: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.int64]:
    """Places of some keys in a sorted column."""
    begin, end = np.searchsorted(keys, wanted, "left"), np.searchsorted(keys, wanted, "right")
    count = end - begin
    total = int(count.sum())
    if not total:
        return np.zeros(0, np.int64)
    ends = np.cumsum(count)
    found: NDArray[np.int64] = np.repeat(begin - (ends - count), count) + np.arange(total)
    return found
