"""Home to what moves while the weeks go by: stocks, goods on their way, orders owed, licences drawn."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ytterby.custody.event import Piece
from ytterby.emission.diverted import Diverted
from ytterby.emission.holdings import Holding, Store
from ytterby.emission.layout import BASE, Layout
from ytterby.emission.plan import Planted
from ytterby.emission.recording import DAY, HOUR, Recorder, piece

if TYPE_CHECKING:
    from ytterby.run.traffic import Traffic

PERMIT_DAYS = 180


@dataclass
class Licence:
    """A licence while it is drawn down."""

    number: str
    left: int
    until: datetime.date


@dataclass
class Walk:
    """What moves while the weeks go by."""

    layout: Layout
    traffic: Traffic
    recorder: Recorder
    planted: Mapping[str, Planted]
    inside: dict[int, Store] = field(default_factory=lambda: defaultdict(Store))
    outside: dict[int, Store] = field(default_factory=lambda: defaultdict(Store))
    due: dict[int, list[tuple[int, list[Holding], str]]] = field(default_factory=lambda: defaultdict(list))
    """Week -> (link, lots, from): what arrives in it."""
    owed: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    licences: dict[tuple[str, str, str], Licence] = field(default_factory=dict)
    """(exporter, end user, material) -> the one in use."""
    granted: list[tuple[str, str, str, str, int, str, str]] = field(default_factory=list)
    diverted: Diverted = field(default_factory=Diverted)
    used: dict[int, tuple[Piece, ...]] = field(default_factory=dict)
    """Facility -> the inputs of its last batch, where they are booked twice."""
    debts: dict[int, float] = field(default_factory=dict)
    """Facility -> micrograms it has still to send in parcels."""
    lots: int = 0

    @property
    def start(self) -> int:
        """First instant, microseconds UTC."""
        return (self.traffic.grid.start - datetime.date(1970, 1, 1)).days * DAY

    def at(self, week: int, day: float) -> int:
        """An instant of a week, some hours apart from its neighbours."""
        jitter = int(self.recorder.random.integers(0, 8 * 60)) * (HOUR // 60)
        return self.start + int((7 * week + day) * DAY) + jitter

    def lot(self, facility: int, material: str) -> str:
        """Address of a new lot."""
        self.lots += 1
        return f"{BASE}/lot/{self.layout.network.facilities[facility]}/{material}/{self.lots}"

    def plan(self, facility: int, week: int, kind: str) -> Planted | None:
        """What is planted at a facility, where it is of this kind and goes on."""
        found = self.planted.get(self.layout.network.facilities[facility])
        return found if found is not None and found.kind == kind and found.active(week) else None


def commission(
    walk: Walk, lot: str, material: str, written: int, time: int, facility: int, process: str, *, prone: bool = True
) -> str:
    """Writes down that a lot came into being."""
    lay = walk.layout
    assays = walk.recorder.assayed(lay.compositions[lay.network.materials.index(material)])
    pieces = [piece(lot, "what", written, material, assays)]
    address = lay.address(facility)
    return walk.recorder.write(
        "object", time, pieces, address, action="ADD", step="commissioning", process=process, prone=prone
    )


def despatch(
    walk: Walk, week: int, origin: int, target: int, lots: list[Holding], material: str, licences: tuple[str, ...]
) -> tuple[str, int]:
    """Writes down a shipment; returns its event and time."""
    time = walk.at(week, 4.0)
    name = walk.recorder.write(
        "object",
        time,
        [piece(one.lot, "what", one.written, material) for one in lots],
        walk.layout.address(origin),
        action="OBSERVE",
        step="shipping",
        disposition="in_transit",
        sources=(("possessing_party", walk.layout.address(origin)),),
        destinations=(("possessing_party", walk.layout.address(target)),),
        licences=licences,
        end_user=walk.layout.address(target),
    )
    return name, time


def permit(walk: Walk, week: int, origin: int, target: int, material: str, mass: int) -> str:
    """The licence a shipment rests on; a new one, sized for its validity, where the last is spent or over."""
    exporter, user = walk.layout.address(origin), walk.layout.address(target)
    day = walk.traffic.grid.start + datetime.timedelta(days=7 * week)
    held = walk.licences.get((exporter, user, material))
    if held is None or held.left < mass or held.until < day + datetime.timedelta(days=7):
        size = max(mass * PERMIT_DAYS // 7, mass)
        held = Licence(f"EL-{len(walk.granted) + 1:05d}", size, day + datetime.timedelta(days=PERMIT_DAYS))
        walk.granted.append((held.number, exporter, user, material, size, day.isoformat(), held.until.isoformat()))
        walk.licences[exporter, user, material] = held
    held.left -= mass
    return held.number
