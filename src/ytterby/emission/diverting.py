"""Home to how each kind of diversion is done: what truly happens, and what is written down instead.

- `relabelled`: material from outside the books leaves as the plant's own product: more comes out than went in.
- `overreported_loss`: part of the product is sold off the books and written down as loss: less comes out.
- `uneven_loss`: the same at an uneven pace: one batch in four, four times as much.
- `split_shipments`: a shipment abroad leaves in parcels just below the mass that asks for a licence number.
- `reexport`: a licensed end user sends part of what it received on to a trader in another country.
- `hidden_reexport`: a maker orders more than it needs, books all of it as used in its products, and sells the rest on.
- `ghost_recycling`: a recycler books scrap that it has used before, and passes primary material off as recycled.
- `transit_skim`: less is received than was sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ytterby.custody.event import Piece
from ytterby.emission.holdings import KILOGRAM, Holding, Store, total
from ytterby.emission.layout import BASE, Step
from ytterby.emission.plan import THRESHOLD_KG, Planted
from ytterby.emission.recording import piece
from ytterby.emission.walk import Walk, despatch

TRADER = f"{BASE}/facility/trader.third-country"
"""The trader that re-exports go to; nobody's licence names it."""
TRADERS_PLACE = "KZ"
ONE_IN = 4
"""Batches, of which an uneven loss is taken from one."""
UNDER = 0.98
"""A parcel weighs at most this share of the threshold."""


@dataclass(frozen=True, slots=True)
class Change:
    """A batch as it was truly run and as its inputs are written down."""

    pieces: Sequence[Piece]
    made: Sequence[tuple[int, int]]
    """(out-slot, micrograms)."""
    planted: Planted | None = None
    mass: int = 0
    """Diverted in it."""


def batch(walk: Walk, step: Step, week: int, pieces: Sequence[Piece], made: Sequence[tuple[int, int]]) -> Change:
    """What a transformation becomes at a facility where something is planted."""
    planted = walk.planted.get(walk.layout.network.facilities[step.facility])
    if planted is None or not planted.active(week):
        return Change(pieces, made)
    size, whole = planted.size, sum(mass for _, mass in made)
    if planted.kind == "relabelled":
        return Change(pieces, [(slot, int(mass * (1 + size))) for slot, mass in made], planted, int(whole * size))
    if planted.kind == "uneven_loss":
        size *= ONE_IN if walk.recorder.random.random() < 1.0 / ONE_IN else 0
    if planted.kind in ("overreported_loss", "uneven_loss"):
        return Change(pieces, [(slot, int(mass * (1 - size))) for slot, mass in made], planted, int(whole * size))
    if planted.kind == "ghost_recycling" and pieces:
        ghosts = tuple(replace(one, mass=int((one.mass or 0) * size)) for one in walk.used.get(step.facility, ()))
        walk.used[step.facility] = tuple(pieces)
        if ghosts:
            more = [(slot, int(mass * (1 + size))) for slot, mass in made]
            return Change([*pieces, *ghosts], more, planted, sum(one.mass or 0 for one in ghosts))
    return Change(pieces, made)


def skimmed(lots: Sequence[Holding], size: float) -> list[Holding]:
    """What arrives of a shipment that was lightened on its way."""
    return [Holding(one.lot, int(one.mass * (1.0 - size)), one.written) for one in lots]


def parcels(
    walk: Walk, planted: Planted, week: int, origin: int, target: int, lots: list[Holding], material: str
) -> tuple[list[Holding], list[Holding]]:
    """(what went in parcels, what is left to be sent as it should).

    Over its weeks, the exporter sends `size` of its flow this way: a debt that each shipment adds to and parcels pay.
    """
    store = Store()
    store.put(lots)
    debt = walk.debts.get(origin, 0.0) + planted.size * store.mass
    most = int(THRESHOLD_KG * UNDER * KILOGRAM)
    sent: list[Holding] = []
    while debt >= most and store.mass > most:
        parcel = store.take(int(most * (0.9 + 0.1 * float(walk.recorder.random.random()))))
        debt -= total(parcel)
        name, time = despatch(walk, week, origin, target, parcel, material, ())
        walk.diverted.note(planted, name, time, total(parcel))
        sent.extend(parcel)
    walk.debts[origin] = debt
    return sent, list(store.holdings)


def passed_on(walk: Walk, slot: int, facility: int, week: int, material: str, arrived: int) -> None:
    """A licensed end user sends part of what came on to the trader."""
    planted = walk.plan(facility, week, "reexport")
    if planted is None:
        return
    lots = walk.inside[slot].take(int(arrived * planted.size))
    if not lots:
        return
    pieces = [piece(one.lot, "what", one.written, material) for one in lots]
    address, time = walk.layout.address(facility), walk.at(week, 5.0)
    name = _handed_on(walk, "shipping", time, pieces, address, address)
    _handed_on(walk, "receiving", walk.at(week + 2, 0.5), pieces, TRADER, address)
    walk.diverted.note(planted, name, time, total(lots))


def booked_as_used(
    walk: Walk, step: Step, week: int, taken: Sequence[tuple[int, list[Holding]]]
) -> list[tuple[int, list[Holding]]]:
    """What a maker takes beyond its products, to be written down with them; by in-slot."""
    planted = walk.plan(step.facility, week, "hidden_reexport")
    if planted is None:
        return []
    return [(slot, walk.inside[slot].take(int(total(lots) * planted.size))) for slot, lots in taken]


def ordered(walk: Walk, facility: int, week: int) -> float:
    """Factor on what a facility orders."""
    planted = walk.plan(facility, week, "hidden_reexport")
    return 1.0 + planted.size if planted is not None else 1.0


def _handed_on(walk: Walk, step: str, time: int, pieces: Sequence[Piece], where: str, sender: str) -> str:
    return walk.recorder.write(
        "object",
        time,
        pieces,
        where,
        action="OBSERVE",
        step=step,
        sources=(("possessing_party", sender),),
        destinations=(("possessing_party", TRADER),),
    )
