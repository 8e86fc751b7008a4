"""Home to events to capture: a made-up chain of firms, mine to oxide to metal, as JSON lines of EPCIS 2.0."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

SITES, PARTIES, PRODUCTS, RECENT = 60, 25, 97, 2_000
START = datetime.datetime(2025, 1, 1)


def events(count: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """So many events: lots come into being with an assay, are turned into others, shipped and received."""
    dice = random.Random(seed)
    lots: list[tuple[str, float]] = []
    made = lot = 0
    while made < count:
        for one in _life(dice, lot, made, lots):
            if made == count:
                return
            yield one
            made += 1
        lot += 1
        del lots[: max(len(lots) - RECENT, 0)]


def _life(dice: random.Random, lot: int, at: int, lots: list[tuple[str, float]]) -> Iterator[dict[str, Any]]:
    """What happens to one lot."""
    name = f"urn:epc:class:lgtin:0614141.{100_000 + lot % PRODUCTS:06d}.L{lot:08d}"
    here, there = _site(lot), _site(lot * 7 + 3)
    if len(lots) < 50 or dice.random() < 0.35:
        kg = 1000.0 + dice.randrange(500)
        yield _event(dice, lot, 1, at, "ObjectEvent", here) | {
            "action": "ADD", "bizStep": "commissioning", "disposition": "active",
            "quantityList": [_amount(name, kg)],
            "ilmd": {"ytt:material": "mixed_carbonate", "ytt:assays": _assays(dice)},
        }  # fmt: skip
    else:
        inputs = dict(dice.sample(lots[-RECENT // 4 :], 2))
        kg = round(sum(inputs.values()) / 10 * 0.9, 3)
        yield _event(dice, lot, 2, at, "TransformationEvent", here) | {
            "transformationID": f"urn:uuid:{lot:08x}-0009-4000-8000-{dice.getrandbits(48):012x}",
            "bizStep": "commissioning", "disposition": "active",
            "inputQuantityList": [_amount(one, kg / 10) for one, kg in inputs.items()],
            "outputQuantityList": [_amount(name, kg)],
        }  # fmt: skip
    lots.append((name, kg))
    for number, step, where in ((3, "shipping", here), (4, "receiving", there)):
        if dice.random() < 0.7:
            yield _event(dice, lot, number, at, "ObjectEvent", where) | {
                "action": "OBSERVE", "bizStep": step,
                "disposition": "in_transit" if step == "shipping" else "in_progress",
                "quantityList": [_amount(name, kg)],
                "sourceList": [{"type": "possessing_party", "source": _party(lot)}],
                "destinationList": [{"type": "possessing_party", "destination": _party(lot * 7 + 3)}],
                "bizTransactionList": [{"type": "po", "bizTransaction": f"urn:epc:id:gdti:0614141.00001.{lot}"}],
            }  # fmt: skip


def _event(dice: random.Random, lot: int, number: int, at: int, kind: str, site: str) -> dict[str, Any]:
    when = START + datetime.timedelta(seconds=20 * at + 60 * number)
    return {
        "type": kind,
        "eventID": f"urn:uuid:{lot:08x}-{number:04x}-4000-8000-{dice.getrandbits(48):012x}",
        "eventTime": when.strftime("%Y-%m-%dT%H:%M:%S.000+08:00"),
        "eventTimeZoneOffset": "+08:00",
        "readPoint": {"id": site},
        "bizLocation": {"id": site},
    }


def _amount(lot: str, kg: float) -> dict[str, Any]:
    return {"epcClass": lot, "quantity": kg, "uom": "KGM"}


def _assays(dice: random.Random) -> list[dict[str, Any]]:
    told = (("Nd", 0.16, 0.001), ("Dy", 0.011, 0.0002))
    return [
        {"ytt:element": element, "ytt:fraction": round(share * dice.uniform(0.9, 1.1), 6), "ytt:sigma": sigma}
        for element, share, sigma in told
    ]


def _site(n: int) -> str:
    return f"urn:epc:id:sgln:0614141.{n % SITES:05d}.0"


def _party(n: int) -> str:
    return f"urn:epc:id:pgln:0614141.{n % PARTIES:05d}"


def written(path: Path, count: int) -> Path:
    """A file of so many events."""
    with path.open("wb") as file:
        for one in events(count):
            file.write(orjson.dumps(one) + b"\n")
    return path
