"""A chain told by hand for what goes out: two mines, a separation in China and one in Malaysia, magnets here and there.

Ore of Baotou and of Mount Weld; oxide of both is melted in Ningbo into a magnet alloy; magnets are made of it in Ningbo
and in Narita; they go to Detroit. Masses are round, so that every share can be checked by hand.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ytterby.custody.capture import Captured, capture
from ytterby.custody.epcis import emit
from ytterby.custody.event import MICROGRAMS, WHOLE, Assay, Event, Piece
from ytterby.custody.registry import Facility, Party, Registry

KG = MICROGRAMS
DAY = 86_400_000_000
FIRST = datetime.date(2026, 1, 1)
BASE = "https://chain.example"

REGISTRY = Registry(
    facilities=tuple(
        Facility(id=name, addresses=(f"{BASE}/place/{name}",), place=place, stage=stage, party=firm)
        for name, place, stage, firm in (
            ("baotou", "CN", "mine", "north"), ("weld", "AU", "mine", "weld"), ("ganzhou", "CN", "separation", "north"),
            ("kuantan", "MY", "separation", "weld"), ("ningbo", "CN", "alloy", "ningbo"),
            ("ningbo-magnets", "CN", "magnet", "ningbo"), ("narita", "JP", "magnet", "narita"),
            ("detroit", "US", "maker", "detroit"),
        )
    ),
    parties=tuple(
        Party(id=name, addresses=(f"{BASE}/firm/{name}",), name=name.title(), place=place, end_use="civil")
        for name, place in (("north", "CN"), ("weld", "AU"), ("ningbo", "CN"), ("narita", "JP"), ("detroit", "US"))
    ),
)  # fmt: skip

PERMITS = """\
permits:
  - {id: EL-1, exporter: ningbo, end_users: [narita], material: alloy.SH, quantity_kg: 150, from: 2026-01-01,
     until: 2026-12-31}
  - {id: EL-2, exporter: Ningbo, end_users: [detroit], material: magnet.SH, quantity_kg: 50, from: 2026-01-01,
     until: 2026-12-31}
"""


def at(name: str) -> str:
    return f"{BASE}/place/{name}"


def lot(name: str) -> str:
    return f"{BASE}/lot/{name}"


def piece(name: str, role: str, kg: float | None, material: str = "", **assays: float) -> Piece:
    told = tuple(Assay(element, round(share * WHOLE), round(share * WHOLE) // 200) for element, share in assays.items())
    mass = None if kg is None else round(kg * KG)
    return Piece(lot(name), role, mass, material=material, assays=told)  # type: ignore[arg-type]


def event(day: float, kind: str, place: str, *pieces: Piece, **more: Any) -> Event:
    start = (FIRST - datetime.date(1970, 1, 1)).days * DAY
    name = f"{BASE}/event/{day}-{place}-{kind}-{more.get('step', '')}"
    return Event(name, kind, start + round(day * DAY), 0, pieces, read_point=at(place), location=at(place), **more)  # type: ignore[arg-type]


def born(day: float, place: str, *pieces: Piece) -> Event:
    return event(day, "object", place, *pieces, action="ADD", step="commissioning")


def melted(day: float, place: str, *pieces: Piece, **more: Any) -> Event:
    return event(day, "transformation", place, *pieces, step="commissioning", **more)


def sent(day: float, place: str, firm: str, to: str, *pieces: Piece, **more: Any) -> list[Event]:
    away = (("possessing_party", f"{BASE}/firm/{firm}"),)
    there = next(one for one in REGISTRY.facilities if one.id == to)
    into = (("possessing_party", f"{BASE}/firm/{there.party}"), ("location", at(to)))
    bare = tuple(Piece(one.lot, one.role, one.mass, material=one.material) for one in pieces)
    return [
        event(
            day, "object", place, *pieces, action="OBSERVE", step="shipping", sources=away, destinations=into, **more
        ),
        event(day + 2, "object", to, *bare, action="OBSERVE", step="receiving", sources=away, destinations=into),
    ]


def chain() -> list[Event]:
    """The whole of it; `M1` is made in Ningbo, `M2` in Narita of the same alloy."""
    cn, jp = {"technology_origin": "CN"}, {"technology_origin": "JP"}
    ore, oxide, alloy, magnet = "conc.bastnaesite", "oxide.NdPr", "alloy.SH", "magnet.SH"
    shown = {"Nd": 0.29, "Dy": 0.02}
    narita = {"licences": ("EL-1",), "end_user": f"{BASE}/firm/narita"}
    detroit = {"licences": ("EL-2",), "end_user": f"{BASE}/firm/detroit"}
    works = "ningbo-magnets"
    return [
        born(0, "baotou", piece("ore-b", "what", 1000, ore, Nd=0.1, Dy=0.01)),
        born(0, "weld", piece("ore-w", "what", 1000, ore, Nd=0.1, Dy=0.005)),
        *sent(1, "baotou", "north", "ganzhou", piece("ore-b", "what", 1000, ore)),
        *sent(1, "weld", "weld", "kuantan", piece("ore-w", "what", 1000, ore)),
        melted(5, "ganzhou", piece("ore-b", "input", 1000), piece("ox-b", "output", 100, oxide, Nd=0.7, Dy=0.06), **cn),
        melted(6, "kuantan", piece("ore-w", "input", 1000), piece("ox-w", "output", 100, oxide, Nd=0.7, Dy=0.02), **jp),
        *sent(8, "kuantan", "weld", "ningbo", piece("ox-w", "what", 100, oxide), value_usd=600_000),
        *sent(9, "ganzhou", "north", "ningbo", piece("ox-b", "what", 100, oxide), value_usd=800_000),
        melted(20, "ningbo", piece("ox-b", "input", 100), piece("ox-w", "input", 50),
               piece("al", "output", 300, alloy, Nd=0.3, Dy=0.02), added=200 * KG, **cn),
        *sent(25, "ningbo", "ningbo", "narita", piece("al", "what", 100, alloy), value_usd=1_000_000, **narita),
        *sent(27, "ningbo", "ningbo", works, piece("al", "what", 100, alloy)),
        melted(30, works, piece("al", "input", 100), piece("M1", "output", 90, magnet, **shown), **cn),
        melted(40, "narita", piece("al", "input", 100), piece("M2", "output", 80, magnet, **shown), **jp),
        *sent(45, works, "ningbo", "detroit", piece("M1", "what", 40, magnet), value_usd=800_000, **detroit),
        *sent(50, works, "ningbo", "detroit", piece("M1", "what", 30, magnet), value_usd=600_000, **detroit),
        *sent(55, "narita", "narita", "detroit", piece("M2", "what", 60, magnet), value_usd=900_000),
    ]  # fmt: skip


def captured(folder: Path, events: Sequence[Event] | None = None) -> Captured:
    """The chain, captured."""
    import orjson

    lines = b"\n".join(orjson.dumps(emit.raw(one)) for one in (chain() if events is None else events))
    done = capture(folder, [lines], workers=0)
    assert not done.refused, done.refused
    return done
