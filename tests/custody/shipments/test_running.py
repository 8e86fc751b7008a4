"""The gate remembers what it judged: whatever comes in whatever order, it stops what it would stop judging all anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest
from tests.custody.magnets import BASE, DAY, at, event, piece
from tests.custody.outgoing import TODAY

from ytterby.custody.balance import ground
from ytterby.custody.book import Book, chunk
from ytterby.custody.capture import capture
from ytterby.custody.epcis import emit
from ytterby.custody.event import Event, Mistake
from ytterby.custody.ledger import Ledger
from ytterby.custody.ledger.rows import again
from ytterby.custody.registry import Facility, Party, Registry
from ytterby.custody.shipments.crossings import crossings
from ytterby.custody.shipments.drawdown import Policy, drawn
from ytterby.custody.shipments.gate import Gate
from ytterby.rules import verdicts
from ytterby.rules.licences import Permit

FIRMS = ("red", "blue")
REGISTRY = Registry(
    facilities=(
        Facility(id="mine", addresses=(at("mine"),), place="CN", stage="mine", party="red"),
        Facility(id="weld", addresses=(at("weld"),), place="AU", stage="mine", party="weld"),
        *(Facility(id=f"{one}-works", addresses=(at(one),), place="CN", stage="magnet", party=one) for one in FIRMS),
        *(Facility(id=name, addresses=(at(name),), place="JP", stage="maker", party=name) for name in ("ono", "abe")),
    ),
    parties=(
        # one firm may sign with either of its addresses
        Party(id="red", addresses=(f"{BASE}/firm/red", f"{BASE}/firm/red-trading"), place="CN"),
        *(Party(id=name, addresses=(f"{BASE}/firm/{name}",), place=place, end_use="civil")
          for name, place in (("blue", "CN"), ("weld", "AU"), ("ono", "JP"), ("abe", "JP"))),
    ),
)  # fmt: skip
PERMITS = tuple(
    Permit.model_validate(
        {"id": f"EL-{firm}-{user}-{n}", "exporter": firm, "end_users": [user], "material": "magnet.SH",
         "quantity_kg": 40 + 30 * n, "from": "2026-01-01", "until": "2026-06-30"}
    )
    for firm in FIRMS for user in ("ono", "abe") for n in range(2)
)  # fmt: skip


@dataclass
class Whole:
    """Another gate, without a memory: with each batch the ledger is read from its beginning and everything judged."""

    gate: Gate

    def stopped(self, ledger: Ledger, book: Any, batch: Any, made: Any, added: Any) -> Mapping[int, str]:
        rows = np.flatnonzero(added).tolist()
        events = [again(kept.body, kept.id) for kept in ledger.walk()]
        first = len(events)
        events += [again(batch.bodies[row], batch.ids[row]) for row in rows]
        anew = Book.afresh(ledger.folder / "anew")
        anew.add(chunk(events), 0)
        held = self.gate
        sent = drawn(crossings(ground(anew, REGISTRY)), held.held, held.permits, REGISTRY).sent
        anew.close(settle=False)
        block = held.policy.undetermined == "block"
        return {
            rows[one.crossing.event - first]: one.why
            for one in sent
            if one.crossing.event >= first and (one.stopped or (block and one.state == "undetermined"))
        }


def stream(seed: int) -> list[Event]:
    """Lots of two makers shipped in parcels, in pallets, under licences that run out; late, wrong and taken back."""
    dice = np.random.default_rng(seed)
    events: list[Event] = []
    n = iter(range(10**6))

    def told(day: float, kind: str, place: str, *pieces: Any, **more: Any) -> Event:
        events.append(replace(event(day, kind, place, *pieces, **more), id=f"{BASE}/event/{seed}-{next(n)}"))
        return events[-1]

    lots = []
    for k in range(8):
        mine, maker = ("mine", "weld")[k % 3 == 0], FIRMS[k % 2]
        start, named = float(dice.uniform(0, 20)), "magnet.SH" if dice.random() < 0.8 else ""
        told(
            start,
            "object",
            mine,
            piece(f"ore{k}", "what", 900, "conc.bastnaesite", Nd=0.1),
            action="ADD",
            step="commissioning",
        )
        assays = {"Nd": 0.29, "Dy": 0.02} if dice.random() < 0.7 else {}
        melt = piece(f"ore{k}", "input", 800), piece(f"M{k}", "output", 300, named, **assays)
        known = "CN" if dice.random() < 0.7 else ""
        told(start + 5, "transformation", maker, *melt, step="commissioning", technology_origin=known)
        lots.append((f"M{k}", maker, start + 5, assays))
    for k in range(60):
        name, maker, start, assays = lots[dice.integers(len(lots))]
        user = ("ono", "abe")[dice.integers(2)]
        day, kg = start + float(dice.uniform(1, 60)), float(dice.integers(1, 25))
        signs = f"{BASE}/firm/{maker}" + ("-trading" if maker == "red" and dice.random() < 0.5 else "")
        more: dict[str, Any] = {} if dice.random() < 0.3 else {"sources": (("possessing_party", signs),)}
        if dice.random() < 0.5:
            more["licences"] = (f"EL-{maker}-{user}-{dice.integers(2)}",)
        goods = piece(name, "what", kg, "magnet.SH" if dice.random() < 0.7 else "")
        if dice.random() < 0.25:
            pallet = f"P{k}"
            told(
                day - 0.5,
                "aggregation",
                maker,
                piece(pallet, "parent", None),
                replace(goods, role="child"),
                action="ADD",
                step="packing",
            )
            goods = piece(pallet, "what", None)
        into = (("possessing_party", f"{BASE}/firm/{user}"), ("location", at(user)))
        sent = told(day, "object", maker, goods, action="OBSERVE", step="shipping", destinations=into,
                    end_user=f"{BASE}/firm/{user}" if dice.random() < 0.8 else "", **more)  # fmt: skip
        if dice.random() < 0.15:  # taken back
            events.append(replace(sent, mistake=Mistake(sent.time + DAY)))
        if not assays and dice.random() < 0.2:
            told(
                day,
                "object",
                maker,
                piece(name, "what", 1, "magnet.SH", Nd=0.29, Dy=0.02),
                action="OBSERVE",
                step="inspecting",
            )
    late = dice.random(len(events)) < 0.15
    order = np.argsort(np.arange(len(events)) + np.where(late, dice.uniform(-20, 20, len(events)), 0.0), kind="stable")
    return [events[k] for k in order]


@pytest.mark.parametrize("seed", range(5))
def test_it_stops_what_it_would_stop_judging_all_anew(tmp_path: Path, seed: int) -> None:
    events, dice = stream(seed), np.random.default_rng(seed)
    policy = Policy(shipments="block", undetermined=("pass", "block")[seed % 2])  # type: ignore[arg-type]
    cuts = np.sort(dice.choice(np.arange(1, len(events)), 12, replace=False)).tolist()
    parts = [b"\n".join(orjson.dumps(emit.raw(one)) for one in events[a:b])
             for a, b in zip([0, *cuts], [*cuts, len(events)], strict=True)]  # fmt: skip
    found = []
    for name in ("memory", "whole"):
        held = Gate(verdicts.law(TODAY.date()), REGISTRY, PERMITS, policy)
        gate: Any = held if name == "memory" else Whole(held)
        # two captures: the second begins with what the first has left
        done = [capture(tmp_path / name, some, workers=0, gate=gate) for some in (parts[:9], parts[9:])]
        refused = [one for each in done for one in each.refused]
        found.append(([one.id for one in refused], [one.captured for one in done], [one.reason for one in refused]))
    assert found[0][:2] == found[1][:2]
    assert any("licence" in reason for reason in found[0][2])
    assert sum(found[0][1]) > len(events) / 3
