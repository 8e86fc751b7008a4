"""Home to the balance: per facility, element and month, what came, what went, what lies there, and what is missing.

    in + opening = out + closing + loss + unexplained

In is what was received and commissioned, out what was shipped and removed. Closing is what was counted at the month's
last stock-taking, carried to its end by the movements since, and of what the registry has a later declared count of
(`declared`), that; without a count it is what the books say. Loss is what the
recipes of the processes that ran lead one to expect of what they used; of a process without a recipe, what it declared.
What is left is unexplained: positive where material is missing, negative where it came from nowhere.

Its uncertainty adds up weighings, assays, counts (independent) and the width of the declared yields (uniform over their
interval, the same for the whole month). Its significance is two-sided, for a normal deviate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ytterby.custody import months
from ytterby.custody.book.book import Book
from ytterby.custody.book.layout import REFERENCES
from ytterby.custody.contents import Contents, contents
from ytterby.custody.declared import COUNTING, Declared, declared
from ytterby.custody.movements import Flow, Movements, movements
from ytterby.custody.registry import Recipe, Registry
from ytterby.custody.sites import Sites, sites
from ytterby.terms.elements import ELEMENTS, INDEX
from ytterby.terms.errors import UnknownName

if TYPE_CHECKING:
    from ytterby.rules.licences import Permit
    from ytterby.rules.parties import PartyList
    from ytterby.rules.screening import Decision
    from ytterby.rules.verdicts import Law

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WEIGHING = 0.001
"""Relative standard uncertainty of one weighing where nothing else is told (assumed: class III scales at half load)."""
NINETY = 1.6448536269514722
"""Half-width of a 90 % interval in standard deviations."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a balance; kilograms of the element (`element` empty: of the material as traded)."""

    facility: str
    month: str
    element: str
    received: float
    commissioned: float
    shipped: float
    removed: float
    opening: float
    closing: float
    loss: float
    """Expected of what was used."""
    unexplained: float
    low: float
    """90 % interval of the unexplained."""
    high: float
    p_value: float
    counted: bool
    """Whether closing rests on a stock-taking or a declared count of this month."""
    known: float
    """Share of the mass moved whose content of the element is known."""

    def to_dict(self) -> dict[str, object]:
        """The line by the names of the machine interface."""
        return {
            "facility": self.facility,
            "month": self.month,
            "element": self.element,
            "in": self.received + self.commissioned,
            "out": self.shipped + self.removed,
            "opening": self.opening,
            "closing": self.closing,
            "loss": self.loss,
            "unexplained": self.unexplained,
            "low": self.low,
            "high": self.high,
            "p_value": self.p_value,
            "counted": self.counted,
            "known": self.known,
        }


@dataclass(frozen=True)
class Ground:
    """What balances and alarms are drawn from, derived from the book once."""

    book: Book
    registry: Registry
    movements: Movements
    contents: Contents
    sites: Sites
    permits: tuple[Permit, ...] = ()
    """Licences as granted; without them a licence's number is only a number."""
    law: Law | None = None
    """What shipments are judged by; without it nobody says which of them needs a licence."""
    lists: Mapping[str, PartyList] = field(default_factory=dict)
    decided: Mapping[str, Decision] = field(default_factory=dict)
    """What people decided about names of parties."""

    @cached_property
    def site(self) -> Ints:
        """Facility of every movement."""
        return self.sites.of_place[self.movements.place]

    @cached_property
    def month(self) -> Ints:
        """Month of every movement."""
        return months.month_of(self.movements.time)

    @cached_property
    def counterpart(self) -> Ints:
        """Facility at the other end of every movement: the place told, else the party's; -1 where there is none."""
        moves = self.movements
        to, source = (self.book[f"events.{end}_place"][moves.event] for end in ("destination", "source"))
        sent, taken = moves.flow == Flow.SHIPPED, moves.flow == Flow.RECEIVED
        place = self.sites.of_place[np.where(sent, to, np.where(taken, source, -1))]
        return np.where(place >= 0, place, self.sites.of_party[moves.counterpart])

    @cached_property
    def place(self) -> NDArray[np.str_]:
        """(site + 1,) ISO code of every facility's place, empty where nobody says; the last is for -1."""
        told = {one.id: one.place for one in self.registry.parties}
        told |= {one.id: one.place for one in self.registry.facilities}
        return np.array([*(told.get(name, "") for name in self.sites.names), ""])

    def resting_on(self, kind: str) -> NDArray[np.bool_]:
        """Of every event, whether it has a reference of this kind (`layout.REFERENCES`)."""
        found = np.zeros(len(self.book), dtype=bool)
        found[self.book["references.event"][self.book["references.kind"] == REFERENCES.index(kind)]] = True
        return found

    @cached_property
    def process(self) -> Ints:
        """Process of every event, a code of the book's `names`; -1 where none is told."""
        rows = self.book["references.kind"] == REFERENCES.index("process")
        found = np.full(len(self.book), -1, dtype=np.int64)
        found[self.book["references.event"][rows]] = self.book["references.name"][rows]
        return found

    @cached_property
    def _by_site(self) -> tuple[Ints, Ints]:
        order = np.argsort(self.site, kind="stable")
        return order, np.searchsorted(self.site[order], np.arange(len(self.sites.names) + 1))

    def at_site(self, code: int) -> Ints:
        """Rows of the movements of a facility, in the order of time."""
        order, edges = self._by_site
        return order[edges[code] : edges[code + 1]]


def ground(
    book: Book,
    registry: Registry | None = None,
    permits: Sequence[Permit] = (),
    law: Law | None = None,
    lists: Mapping[str, PartyList] | None = None,
    decided: Mapping[str, Decision] | None = None,
) -> Ground:
    """The ground of a book and a registry, and of what is known of licences, law and lists."""
    known = registry or Registry()
    return Ground(
        book, known, movements(book), contents(book, known), sites(book, known), tuple(permits), law, lists or {},
        decided or {},
    )  # fmt: skip


def balance(
    at: Ground, facility: str | None = None, month: str | None = None, elements: Sequence[str] = ("", *ELEMENTS)
) -> list[Line]:
    """Lines of every facility, month and element, or of those named; the element "" is the mass as traded.

    Raises:
        UnknownName: no event took place at the facility.
        BadValue: the month is none.
    """
    wanted = None if month is None else months.number(month)
    if facility is None:
        chosen: Sequence[int] = range(len(at.sites.names))
    else:
        if facility not in at.sites.codes:
            raise UnknownName(facility, at.sites.names, "facility", "the events captured")
        chosen = [at.sites.codes[facility]]
    if not len(at.movements):
        return []
    return [
        line
        for code in chosen
        for line in _of_facility(at, code, elements)
        if wanted is None or months.number(line.month) == wanted
    ]


def _of_facility(at: Ground, code: int, elements: Sequence[str]) -> Iterator[Line]:
    rows = at.at_site(code)
    if not len(rows):
        return
    here, month = at.movements.only(rows), at.month[rows]
    first, last = int(month.min()), int(month.max())
    yields = _expected(at, here) if any(elements) else {}
    counts = declared(at, code)
    for element in elements:
        share, sigma, known = _shares(at.contents, here, element)
        if element and not (share > 0.0).any():
            continue
        yield from _lines(at.sites.names[code], here, month - first, last - first + 1, first, element,
                          share, sigma, known, yields.get(element, yields.get("*")), counts)  # fmt: skip


def _shares(known: Contents, here: Movements, element: str) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Mass fraction of the element in every movement, its uncertainty, and whether it is known."""
    if not element:
        ones = np.ones(len(here))
        return ones, np.zeros(len(here)), np.ones(len(here), dtype=bool)
    share = known.share[here.lot, INDEX[element]]
    told = ~np.isnan(share)
    return np.where(told, share, 0.0), np.where(told, known.sigma[here.lot, INDEX[element]], 0.0), told


@dataclass(frozen=True, slots=True)
class Expected:
    """Of what every movement used, the share that should come out."""

    low: Floats
    high: Floats
    told: NDArray[np.bool_]
    """Whether a recipe says so."""


def _expected(at: Ground, here: Movements) -> dict[str, Expected]:
    """By element: the yield its recipe gives each movement that used something; ``*`` for all other elements."""
    recipes = {one.id: one for one in at.registry.recipes}
    used = here.flow == Flow.USED
    codes, which = np.unique(np.where(used, at.process[here.event], -1), return_inverse=True)
    run = [recipes.get(at.book.name("names", code)) for code in codes.tolist()]
    symbols = {symbol for one in run if one is not None for symbol in one.yields}
    found = {}
    for symbol in (*sorted(symbols - {""}), "*"):
        table = np.array([_yield(one, symbol) or (np.nan, np.nan) for one in run]).reshape(-1, 2)[which]
        told = ~np.isnan(table[:, 0])
        found[symbol] = Expected(np.nan_to_num(table[:, 0]), np.nan_to_num(table[:, 1]), told)
    return found


def _yield(recipe: Recipe | None, symbol: str) -> tuple[float, float] | None:
    if recipe is None:
        return None
    return recipe.yields.get(symbol, recipe.yields.get(""))


def _lines(
    facility: str,
    here: Movements,
    month: Ints,
    count: int,
    first: int,
    element: str,
    share: Floats,
    sigma: Floats,
    known: NDArray[np.bool_],
    expected: Expected | None,
    counts: Sequence[Declared],
) -> Iterator[Line]:
    amount = here.mass * share / 1e9
    by_flow = [_summed(month[rows], amount[rows], count) for rows in (here.flow == flow for flow in Flow)]
    commissioned, made, received, used, shipped, removed, _ = by_flow
    booked = np.cumsum(commissioned + made + received - used - shipped - removed)
    gap, counted, gap_variance = _gaps(here, month, count, amount, first, counts, whole=not element)
    loss, loss_variance = _losses(here, month, count, amount, made, used, expected, whole=not element)
    variance = loss_variance + gap_variance + _measured(here, month, count, share, sigma)
    closing = booked - gap
    opening = np.concatenate([[0.0], closing[:-1]])
    unexplained = received + commissioned + opening - shipped - removed - closing - loss
    spread = np.sqrt(variance)
    moved = _summed(month, here.mass / 1e9, count)
    told = _summed(month[known], here.mass[known] / 1e9, count)
    for k in range(count):
        z = unexplained[k] / spread[k] if spread[k] > 0.0 else 0.0
        yield Line(
            facility, months.written(first + k), element,
            float(received[k]), float(commissioned[k]), float(shipped[k]), float(removed[k]),
            float(opening[k]), float(closing[k]), float(loss[k]), float(unexplained[k]),
            float(unexplained[k] - NINETY * spread[k]), float(unexplained[k] + NINETY * spread[k]),
            float(2.0 * special.ndtr(-abs(z))), bool(counted[k]),
            float(told[k] / moved[k]) if moved[k] > 0.0 else 1.0,
        )  # fmt: skip


def _summed(row: Ints, amount: Floats, count: int) -> Floats:
    return np.bincount(row, amount, count).astype(np.float64)


def _gaps(
    here: Movements, month: Ints, count: int, amount: Floats, first: int, counts: Sequence[Declared], *, whole: bool
) -> tuple[Floats, NDArray[np.bool_], Floats]:
    """Books less count at each month's last stock-taking, and at declared counts since; carried on where none was held;
    and the variance of its change: of this count and of the one before.
    """
    gap, counted, variance = np.zeros(count), np.zeros(count, dtype=bool), np.zeros(count)
    carried = before_it = 0.0
    signed = np.sign(here.signed) * amount
    total = np.cumsum(np.where(here.flow == Flow.COUNTED, 0.0, signed))
    since, taken = -1, np.zeros(0, dtype=np.int64)
    known: dict[str, tuple[Declared, float, float]] = {}
    for k in range(count):
        last = stock_taking(here, month, k)
        if len(last):
            before = total[last[0] - 1] if last[0] else 0.0
            carried = float(before - amount[last].sum())
            counted[k] = True
            of_count = float((COUNTING**2 * amount[last] ** 2).sum())
            variance[k], before_it = of_count + before_it, of_count
            since, taken, known = int(here.time[last[-1]]), last, {}
        for one in counts:
            if one.month - first != k or one.time <= since:
                continue
            # of what was counted only this changes: what was found of it, and of parts of it, before makes room
            base = _gap_of(one, signed, amount, taken)
            inner = [known.pop(name) for name, (other, _, _) in list(known.items()) if one.covers(other)]
            old = base + sum(more for _, more, _ in inner)
            each = 1.0 if whole else _content(one, here, signed)
            now, own = float(signed[one.rows].sum()) - one.count.kg * each, (one.sigma * each) ** 2
            carried += now - old
            counted[k] = True
            variance[k] += own + sum(spread for _, _, spread in inner)
            known[one.item] = (one, now - base, own)
        gap[k] = carried
    return gap, counted, variance


def _gap_of(one: Declared, signed: Floats, amount: Floats, taken: Ints) -> float:
    """Books less count of the same thing at the stock-taking before; 0 where there was none."""
    if not len(taken):
        return 0.0
    before = one.rows[one.rows < taken[0]]
    return float(signed[before].sum() - amount[np.intersect1d(taken, one.rows)].sum())


def _content(one: Declared, here: Movements, signed: Floats) -> float:
    """Kilograms of the element in a kilogram of what was counted, as the books have it."""
    mass = np.sign(here.signed[one.rows]) * here.mass[one.rows] / 1e9
    left = float(mass.sum())
    if left > 0.0:
        return float(signed[one.rows].sum()) / left
    moved = float(np.abs(mass).sum())
    return float(np.abs(signed[one.rows]).sum()) / moved if moved else 0.0


def stock_taking(here: Movements, month: Ints, wanted: int) -> Ints:
    """Rows of the last stock-taking of a month at a facility; none where none was held."""
    rows = np.flatnonzero((here.flow == Flow.COUNTED) & (month == wanted))
    return rows[here.event[rows] == here.event[rows[-1]]] if len(rows) else rows


def _losses(
    here: Movements, month: Ints, count: int, amount: Floats, made: Floats, used: Floats,
    expected: Expected | None, *, whole: bool,
) -> tuple[Floats, Floats]:  # fmt: skip
    """Loss that is expected of what was used, and its variance from the width of the yields."""
    using = here.flow == Flow.USED
    if expected is None or whole or not (expected.told & using).any():
        return used - made, np.zeros(count)
    middle = 0.5 * (expected.low + expected.high)
    rows = using & expected.told
    loss = _summed(month[rows], (amount * (1.0 - middle))[rows], count)
    width = _summed(month[rows], (amount * 0.5 * (expected.high - expected.low))[rows], count)
    told = _summed(month[rows], amount[rows], count)
    # what processes without a recipe used is taken to be lost as booked
    untold = np.where(used > 0.0, 1.0 - told / np.where(used > 0.0, used, 1.0), 0.0)
    return loss + untold * (used - made), width**2 / 3.0


def _measured(here: Movements, month: Ints, count: int, share: Floats, sigma: Floats) -> Floats:
    """Variance of what was used and made, from weighings and from assays: one assay serves all of its lot."""
    process = (here.flow == Flow.USED) | (here.flow == Flow.MADE)
    mass = here.mass / 1e9
    weighed = _summed(month[process], ((WEIGHING * mass * share) ** 2)[process], count)
    if not process.any():
        return weighed
    lots, inverse = np.unique(here.lot[process], return_inverse=True)
    cell = month[process] * len(lots) + inverse
    net = _summed(cell, (mass * sigma)[process], count * len(lots)).reshape(count, len(lots))
    return np.asarray(weighed + (net**2).sum(axis=1))
