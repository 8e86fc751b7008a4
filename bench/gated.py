"""Home to the speed of the gate: shipments across a border, judged and drawn down before they are captured.

Runnable alone: ``python -m bench.gated [SHIPMENTS]``.
"""

from __future__ import annotations

import datetime
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from bench.table import Section, as_text

BASE = "https://gated.example"
FIRMS = 20
"""Exporters, who share the shipments; each has a licence for its one end user."""
START = datetime.datetime(2026, 1, 1)


def sections(quick: bool) -> Iterator[Section]:  # noqa: FBT001
    """Capture of shipments with the gate and without."""
    yield section((2_500,) if quick else (2_500, 10_000))


def section(sizes: tuple[int, ...]) -> Section:
    """One row a size."""
    import ytterby
    from ytterby.custody.capture import capture
    from ytterby.custody.shipments.drawdown import Policy
    from ytterby.custody.shipments.gate import Gate

    rows = []
    with tempfile.TemporaryDirectory(prefix="ytterby-bench-") as name:
        law = ytterby.init(Path(name) / "project").law(datetime.date(2026, 6, 1))
        gate = Gate(law, _registry(), _permits(), Policy(shipments="block"))
        for count in sizes:
            made, sent = _events(count)
            took, stopped = [], 0
            for number, held in enumerate((None, gate)):
                folder = Path(name) / f"{count}-{number}"
                assert capture(folder, [made], workers=0).captured == count
                began = time.process_time()
                done = capture(folder, [sent], workers=0, gate=held)
                took.append(time.process_time() - began)
                stopped = len(done.refused) + done.more
                assert done.captured + stopped == count
            rows.append((
                f"{count:,} shipments", f"{count / took[0]:,.0f}/s", f"{count / took[1]:,.0f}/s",
                f"{1e6 * (took[1] - took[0]) / count:,.0f} µs", f"{stopped:,}",
            ))  # fmt: skip
    return Section(
        "Shipments stopped at the gate",
        ("", "captured without it", "with it", "more for each", "stopped"),
        tuple(rows),
        (
            f"{FIRMS} exporters; each shipment is judged by the law on its day with the history of its lots, and drawn "
            "from the licences after all earlier ones of its exporter; one process; every tenth names another end user",
            "batches of 2,500, seconds of the processor; what exporters sent before is judged and drawn once, so that "
            "time grows a little faster than shipments, and not with their square",
        ),
    )


def _registry() -> Any:
    from ytterby.custody.registry import Facility, Party, Registry

    ends = [(f"cn{k}", "CN") for k in range(FIRMS)] + [(f"jp{k}", "JP") for k in range(FIRMS + 1)]
    return Registry(
        facilities=tuple(
            Facility(id=name, addresses=(f"{BASE}/place/{name}",), place=where, party=name, stage="magnet")
            for name, where in ends
        ),
        parties=tuple(
            Party(id=name, addresses=(f"{BASE}/firm/{name}",), place=where, end_use="civil") for name, where in ends
        ),
    )


def _permits() -> Any:
    from ytterby.rules.licences import Permit

    return tuple(
        Permit.model_validate(
            {"id": f"EL-{k}", "exporter": f"cn{k}", "end_users": [f"jp{k}"], "material": "magnet.SH",
             "quantity_kg": 10**6, "from": "2026-01-01", "until": "2026-12-31"}
        )
        for k in range(FIRMS)
    )  # fmt: skip


def _events(count: int) -> tuple[bytes, bytes]:
    """(lots coming into being, their shipments) as JSON lines."""
    made, sent = [], []
    for k in range(count):
        firm, user = k % FIRMS, k % FIRMS if k % 10 else FIRMS
        lot = {"epcClass": f"{BASE}/lot/{k}", "quantity": 10, "uom": "KGM"}
        told = {"ytt:material": "magnet.SH", "ytt:assays": [{"ytt:element": "Dy", "ytt:fraction": 0.02}]}
        made.append(
            _event(k, 1, firm) | {"action": "ADD", "bizStep": "commissioning", "quantityList": [lot], "ilmd": told}
        )
        sent.append(
            _event(k, 2, firm)
            | {
                "action": "OBSERVE", "bizStep": "shipping", "quantityList": [lot], "ytt:licences": [f"EL-{firm}"],
                "ytt:endUser": f"{BASE}/firm/jp{user}",
                "sourceList": [{"type": "possessing_party", "source": f"{BASE}/firm/cn{firm}"}],
                "destinationList": [{"type": "possessing_party", "destination": f"{BASE}/firm/jp{user}"},
                                    {"type": "location", "destination": f"{BASE}/place/jp{user}"}],
            }
        )  # fmt: skip
    return tuple(b"\n".join(map(orjson.dumps, rows)) for rows in (made, sent))  # type: ignore[return-value]


def _event(lot: int, number: int, firm: int) -> dict[str, Any]:
    when = START + datetime.timedelta(minutes=lot + (number - 1) * 60 * 24)
    where = {"id": f"{BASE}/place/cn{firm}"}
    return {
        "type": "ObjectEvent", "eventID": f"urn:uuid:{lot:08x}-{number:04x}-4000-8000-000000000000",
        "eventTime": when.strftime("%Y-%m-%dT%H:%M:%S.000Z"), "eventTimeZoneOffset": "+00:00",
        "readPoint": where, "bizLocation": where,
    }  # fmt: skip


def main() -> None:
    """The command."""
    print(as_text(section(tuple(map(int, sys.argv[1:])) or (2_500, 10_000))))


if __name__ == "__main__":
    main()
