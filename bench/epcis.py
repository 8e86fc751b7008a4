"""Home to reading events: `python -m bench.epcis DIR` tries the standard's examples and measures JSON lines on a core.

DIR is a copy of the public repository of EPCIS 2.0, which is no part of Ytterby.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import orjson

from ytterby.custody.epcis import Understood, document, read

FOLDERS = ("JSON", "JSON-simple-context", "XML")
NO_EVENTS = ("CaptureJob", "masterData", "CBV-11.4", "masterdata")
"""Files that hold no events: capture jobs and master data."""


def examples(folder: Path) -> Iterator[Path]:
    """The standard's examples of events."""
    for name in FOLDERS:
        for path in sorted((folder / name).rglob("*")):
            if path.suffix in (".json", ".jsonld", ".xml") and not any(word in str(path) for word in NO_EVENTS):
                yield path


def tried(folder: Path) -> Counter[str]:
    """How many examples and events are captured, and written again alike as JSON, as XML, and as both in turn."""
    count: Counter[str] = Counter()
    for path in examples(folder):
        told = list(read(path.read_bytes(), path.name))
        good = [one for one in told if isinstance(one, Understood)]
        count["documents"] += 1
        count["documents captured whole"] += bool(good) and len(good) == len(told)
        count["events"] += len(told)
        count["events captured"] += len(good)
        count["events in doubt"] += sum(bool(one.event.doubts) for one in good)
        as_xml = document(good, "xml")
        between = [one for one in read(as_xml, "xml") if isinstance(one, Understood)]
        for name, content in (("JSON", document(good)), ("XML", as_xml), ("XML, then JSON", document(between))):
            again = [one.digest for one in read(content, name) if isinstance(one, Understood)]
            count[f"events equal through {name}"] += sum(a == b.digest for a, b in zip(again, good, strict=False))
    return count


def typical(number: int) -> dict[str, object]:
    """One event of a chain: a shipment with licence and order, a separation with assays, a receipt, in turn."""
    lot = "urn:epc:class:lgtin:9521234.00001"
    head = {
        "eventID": f"urn:uuid:5b0c7e0a-0000-4000-8000-{number:012d}",
        "eventTime": "2026-04-05T02:33:31.116Z",
        "eventTimeZoneOffset": "+08:00",
        "bizLocation": {"id": f"urn:epc:id:sgln:9521234.{number % 40:05d}.0"},
    }
    if number % 3 == 1:
        made = f"{lot}2.L{number}"
        return {
            "type": "TransformationEvent", **head, "bizStep": "commissioning", "ytt:process": "rec_sep",
            "inputQuantityList": [
                {"epcClass": f"{lot}1.L{number - back}", "quantity": 50 * back, "uom": "KGM"} for back in (1, 2)
            ],
            "outputQuantityList": [{"epcClass": made, "quantity": 140.25, "uom": "KGM"}],
            "ytt:assays": [
                {"ytt:lot": made, "ytt:element": "Nd", "ytt:fraction": "0.214", "ytt:sigma": "0.001"},
                {"ytt:lot": made, "ytt:element": "Dy", "ytt:fraction": "0.0034", "ytt:sigma": "0.0001"},
            ],
        }  # fmt: skip
    step = "shipping" if number % 3 == 0 else "receiving"
    event = {
        "type": "ObjectEvent", **head, "action": "OBSERVE", "bizStep": step,
        "quantityList": [{"epcClass": f"{lot}1.L{number}", "quantity": 200.5 + number % 100, "uom": "KGM"}],
    }  # fmt: skip
    if number % 3:
        return event
    return {
        **event,
        "disposition": "in_transit",
        "sourceList": [{"type": "possessing_party", "source": "urn:epc:id:pgln:9521234.00225"}],
        "destinationList": [{"type": "possessing_party", "destination": "urn:epc:id:pgln:9525678.00777"}],
        "bizTransactionList": [{"type": "po", "bizTransaction": f"urn:epc:id:gdti:9521234.00001.{number}"}],
        "ytt:licences": ["A-2026-77"],
        "ytt:endUse": "bev",
    }


def speed(events: int = 30_000) -> float:
    """Microseconds of one core per event, from bytes to understood and hashed; the best of three."""
    content = b"\n".join(orjson.dumps(typical(number)) for number in range(events))
    best = float("inf")
    gc.disable()
    for _ in range(3):
        started = time.process_time()
        good = sum(isinstance(one, Understood) for one in read(content, "speed"))
        best = min(best, time.process_time() - started)
        assert good == events
    gc.enable()
    return best / events * 1e6


def main() -> int:
    """The command."""
    asked = argparse.ArgumentParser(prog="python -m bench.epcis", description=__doc__)
    asked.add_argument(
        "folder", nargs="?", type=Path, help="the standard's repository; without it only speed is measured"
    )
    folder = asked.parse_args().folder
    if folder is not None:
        count = tried(folder)
        for name, number in count.items():
            print(f"{number:8d}  {name}")
        if not count["events"] or count["events captured"] != count["events"]:
            return 1
    print(f"{speed():8.1f}  µs of one core per event")
    return 0


if __name__ == "__main__":
    sys.exit(main())
