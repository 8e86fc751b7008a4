"""Home to a year of events: the weeks of a run's traffic walked lot by lot, with what was planted.

What the model moves as flows moves here as lots, as far as they are there: stocks are what the model begins with,
transit has whole days, and nothing is shipped that does not exist. Every quantity of the truth is a whole number of
micrograms; what firms write of it passes through `recording`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ytterby.custody.event import Assay, Event, Piece
from ytterby.emission import diverting
from ytterby.emission.holdings import GRAM, KILOGRAM, TONNE, Holding, Store, total
from ytterby.emission.layout import Step, layout
from ytterby.emission.plan import Noise, Planted, Truth
from ytterby.emission.recording import DAY, Recorder, piece
from ytterby.emission.walk import Walk, commission, despatch, permit

if TYPE_CHECKING:
    from ytterby.run.traffic import Traffic

LEAST_SHIPMENT = 5 * KILOGRAM
"""Smaller orders wait until they are worth a parcel."""
LEAST_BATCH = 100 * GRAM
"""No plant runs for less."""
PRODUCT = 20 * GRAM
"""Magnet in one product, as products are counted (assumed)."""
LICENSED = "CN"
"""Goods that leave it carry the number of a licence."""

FILLER = 1.05
"""Mass that goes into a batch over what comes out, where metals without rare earths make up the rest (assumed)."""

Advance = Callable[[int, int], None]


@dataclass(frozen=True)
class Year:
    """The events of a year and the truth behind them."""

    events: tuple[tuple[int, Event], ...]
    """(when recorded, event) in the order they were recorded."""
    truths: tuple[Truth, ...]
    mistakes: Mapping[str, str]
    """Id of an event -> what is honestly wrong with it."""
    permits: tuple[tuple[str, str, str, str, int, str, str], ...]
    """(number, exporter, end user, material, micrograms, from, until)."""


def year(
    traffic: Traffic,
    planted: Sequence[Planted] = (),
    noise: Noise | None = None,
    *,
    seed: int = 0,
    advance: Advance | None = None,
) -> Year:
    """A year of events of a world's traffic.

    Args:
        traffic: what every activity ran and every link carried, by week.
        planted: diversions, at most one per facility.
        noise: how firms measure and err; the default where None.
        seed: the same seed gives the same events.
        advance: told (weeks done, weeks).
    """
    recorder = Recorder(noise or Noise(), np.random.default_rng(seed))
    walk = Walk(layout(traffic.network), traffic, recorder, {one.facility: one for one in planted})
    _open(walk)
    for week in range(traffic.grid.steps):
        _arrive(walk, week)
        _collect(walk, week)
        for step in walk.layout.steps:
            _make(walk, step, week)
        _ship(walk, week)
        if week % 4 == 3:
            _count(walk, week)
        if advance:
            advance(week + 1, traffic.grid.steps)
    truths = tuple(walk.diverted.truth(one) for one in planted)
    return Year(tuple(recorder.events()), truths, recorder.mistakes, tuple(walk.granted))


def _open(walk: Walk) -> None:
    """Opening stocks: commissioned on the eve, one lot a slot."""
    t, lay = walk.traffic, walk.layout
    n = lay.network
    for slot, mass in enumerate(t.stock_out):
        _commission(walk, int(n.out_slot_facility[slot]), lay.out_material(slot), mass, walk.outside[slot])
    arriving = np.bincount(n.link_in, weights=t.transit, minlength=len(n.in_slot_facility))
    for slot, mass in enumerate(t.stock_in + arriving):
        _commission(walk, int(n.in_slot_facility[slot]), lay.in_material(slot), mass, walk.inside[slot])


def _commission(walk: Walk, facility: int, material: str, tonnes: float, store: Store) -> None:
    mass = int(tonnes * TONNE)
    if mass < KILOGRAM:
        return
    lot = walk.lot(facility, material)
    written = walk.recorder.weighed(mass)
    commission(walk, lot, material, written, walk.start - DAY, facility, "opening stock", prone=False)
    store.put([Holding(lot, mass, written)])


def _arrive(walk: Walk, week: int) -> None:
    n = walk.layout.network
    for link, lots, sender in walk.due.pop(week, ()):
        slot = int(n.link_in[link])
        facility, material = int(n.in_slot_facility[slot]), walk.layout.in_material(slot)
        time = walk.at(week, 0.2)
        skim = walk.plan(facility, week, "transit_skim")
        if skim is not None:
            lots = diverting.skimmed(lots, skim.size)
        arrived = [Holding(one.lot, one.mass, walk.recorder.weighed(one.mass)) for one in lots]
        pieces = [piece(one.lot, "what", one.written, material) for one in arrived]
        name = walk.recorder.write(
            "object",
            time,
            pieces,
            walk.layout.address(facility),
            action="OBSERVE",
            step="receiving",
            sources=(("possessing_party", sender),),
            destinations=(("possessing_party", walk.layout.address(facility)),),
        )
        if skim is not None:
            walk.diverted.note(skim, name, time, total(lots) * skim.size / (1.0 - skim.size))
        walk.inside[slot].put(arrived)
        diverting.passed_on(walk, slot, facility, week, material, total(arrived))


def _collect(walk: Walk, week: int) -> None:
    """Scrap that came back from use: new lots at the collectors."""
    n = walk.layout.network
    for slot in np.flatnonzero(walk.traffic.collected[week] > 0.0).tolist():
        mass = int(walk.traffic.collected[week, slot] * TONNE)
        if mass < KILOGRAM:
            continue
        facility, material = int(n.out_slot_facility[slot]), walk.layout.out_material(slot)
        lot, written = walk.lot(facility, material), walk.recorder.weighed(mass)
        commission(walk, lot, material, written, walk.at(week, 1.0), facility, "collection")
        walk.outside[slot].put([Holding(lot, mass, written)])


def _make(walk: Walk, step: Step, week: int) -> None:
    run = float(walk.traffic.run[week, step.row])
    if run <= 0.0:
        return
    for slot, coefficient in step.inputs:
        run = min(run, walk.inside[slot].mass / (coefficient * TONNE)) if coefficient > 0.0 else run
    if run <= 0.0 or (step.outputs and max(coefficient for _, coefficient in step.outputs) * run * TONNE < LEAST_BATCH):
        return
    taken = [(slot, walk.inside[slot].take(int(coefficient * run * TONNE))) for slot, coefficient in step.inputs]
    if not step.outputs:
        _consume(walk, step, week, taken)
    elif not step.inputs:
        _mine(walk, step, week, run)
    else:
        _transform(walk, step, week, run, taken)


def _consume(walk: Walk, step: Step, week: int, taken: list[tuple[int, list[Holding]]]) -> None:
    """Magnets that go into products leave the chain here; the products are counted."""
    lay, recorder = walk.layout, walk.recorder
    more = diverting.booked_as_used(walk, step, week, taken)
    pieces = [
        piece(one.lot, "what", one.written, lay.in_material(slot))
        for slot, lots in (*taken, *more)
        for one in lots
        if one.mass
    ]
    if not pieces:
        return
    where, time = lay.address(step.facility), walk.at(week, 2.5)
    name = recorder.write("object", time, pieces, where, action="DELETE", step="decommissioning", process=step.id)
    luck = 1.0 + recorder.noise.batch_yield * float(recorder.random.standard_normal())
    count = round(sum(total(lots) for _, lots in taken) * luck / PRODUCT)
    if count > 0:
        products = Piece(walk.lot(step.facility, "product"), "what", count=float(count))
        recorder.write(
            "object", time, [products], where, action="ADD", step="commissioning", process=step.id, prone=False
        )
    planted = walk.plan(step.facility, week, "hidden_reexport")
    if planted is not None:
        walk.diverted.note(planted, name, time, sum(total(lots) for _, lots in more))


def _mine(walk: Walk, step: Step, week: int, run: float) -> None:
    for slot, coefficient in step.outputs:
        mass = int(coefficient * run * float(walk.traffic.yields[week, step.row]) * TONNE)
        if mass < KILOGRAM:
            continue
        material = walk.layout.out_material(slot)
        lot, written = walk.lot(step.facility, material), walk.recorder.weighed(mass)
        commission(walk, lot, material, written, walk.at(week, 2.0), step.facility, step.id)
        walk.outside[slot].put([Holding(lot, mass, written)])


def _transform(walk: Walk, step: Step, week: int, run: float, taken: list[tuple[int, list[Holding]]]) -> None:
    lay, recorder, time = walk.layout, walk.recorder, walk.at(week, 2.0)
    luck = 1.0 + recorder.noise.batch_yield * float(recorder.random.standard_normal())
    factor = float(walk.traffic.yields[week, step.row]) * luck
    made = [(slot, int(coefficient * run * factor * TONNE)) for slot, coefficient in step.outputs]
    pieces = [piece(one.lot, "input", one.written, lay.in_material(slot)) for slot, lots in taken for one in lots]
    pieces += _filler(walk, step, week, sum(one.mass or 0 for one in pieces), sum(mass for _, mass in made))
    change = diverting.batch(walk, step, week, pieces, made)
    outputs: list[Piece] = []
    for slot, mass in change.made:
        if mass < GRAM:
            continue
        material = lay.out_material(slot)
        lot, written = walk.lot(step.facility, material), recorder.weighed(mass)
        composition = lay.compositions[lay.network.materials.index(material)]
        outputs.append(piece(lot, "output", written, material, recorder.assayed(composition)))
        walk.outside[slot].put([Holding(lot, mass, written)])
    if not outputs or not change.pieces:
        return
    name = recorder.write(
        "transformation",
        time,
        [*change.pieces, *outputs],
        lay.address(step.facility),
        step="commissioning",
        process=step.id,
    )
    if change.planted is not None:
        walk.diverted.note(change.planted, name, time, change.mass)


def _filler(walk: Walk, step: Step, week: int, put_in: int, made: int) -> list[Piece]:
    """Iron, boron, cobalt: what alloys hold besides rare earths, which the world's recipes leave out."""
    missing = int(made * FILLER) - put_in
    if missing <= 0:
        return []
    lot, written = walk.lot(step.facility, "filler"), walk.recorder.weighed(missing)
    # an assay that finds none: without it nobody could say what the alloy's rare earths come of
    pieces = [piece(lot, "what", written, "", tuple(Assay(symbol, 0) for symbol in walk.layout.network.elements))]
    address = walk.layout.address(step.facility)
    walk.recorder.write(
        "object", walk.at(week, 1.0), pieces, address, action="ADD", step="commissioning", process="filler", prone=False
    )
    return [piece(lot, "input", written, "")]


def _ship(walk: Walk, week: int) -> None:
    n, lay = walk.layout.network, walk.layout
    for link in np.flatnonzero(walk.traffic.shipped[week] > 0.0).tolist():
        more = diverting.ordered(walk, int(n.in_slot_facility[n.link_in[link]]), week)
        walk.owed[link] += int(walk.traffic.shipped[week, link] * TONNE * more)
    by_slot: dict[int, list[int]] = defaultdict(list)
    for link, owed in walk.owed.items():
        if owed >= LEAST_SHIPMENT:
            by_slot[int(n.link_out[link])].append(link)
    for slot, links in by_slot.items():
        store = walk.outside[slot]
        wanted = sum(walk.owed[link] for link in links)
        ratio = min(1.0, store.mass / wanted) if wanted else 0.0
        for link in links:
            lots = store.take(int(walk.owed[link] * ratio))
            if not lots:
                continue
            walk.owed[link] -= min(total(lots), walk.owed[link])
            _send(walk, week, link, lots, lay.out_material(slot))


def _send(walk: Walk, week: int, link: int, lots: list[Holding], material: str) -> None:
    n, lay = walk.layout.network, walk.layout
    origin = int(n.out_slot_facility[n.link_out[link]])
    target = int(n.in_slot_facility[n.link_in[link]])
    arrival = week + max(1, -(-int(n.link_lead[link]) // 7))
    crossing = lay.region(origin) == LICENSED != lay.region(target)
    split = walk.plan(origin, week, "split_shipments")
    if split is not None and crossing:
        parcels, lots = diverting.parcels(walk, split, week, origin, target, lots, material)
        if parcels:
            walk.due[arrival].append((link, parcels, lay.address(origin)))
    if not lots:
        return
    licences = (permit(walk, week, origin, target, material, total(lots)),) if crossing else ()
    despatch(walk, week, origin, target, lots, material, licences)
    walk.due[arrival].append((link, lots, lay.address(origin)))


def _count(walk: Walk, week: int) -> None:
    """Stock-taking every fourth week: what lies at each facility, lot by lot."""
    n, lay = walk.layout.network, walk.layout
    # a lot may lie in two stocks of a facility: what it made, and what came back to it
    lying: dict[int, dict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
    for slots, owner, material in (
        (walk.inside, n.in_slot_facility, lay.in_material),
        (walk.outside, n.out_slot_facility, lay.out_material),
    ):
        for slot, store in slots.items():
            for one in store.holdings:
                lying[int(owner[slot])][one.lot, material(slot)] += one.mass
    spread = walk.recorder.noise.counting
    for facility, lots in sorted(lying.items()):
        pieces = [
            piece(lot, "what", walk.recorder.weighed(mass, spread), material)
            for (lot, material), mass in lots.items()
            if mass >= GRAM
        ]
        if not pieces:
            continue
        walk.recorder.write(
            "object",
            walk.at(week, 6.5),
            pieces,
            lay.address(facility),
            action="OBSERVE",
            step="stock_taking",
            prone=False,
        )
