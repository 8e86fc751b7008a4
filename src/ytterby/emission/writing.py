"""Home to an emitted year on the disk: events, who is who, licences, and the truth, to try the tracking system on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import yaml

from ytterby.custody.epcis import emit
from ytterby.custody.registry import Registry
from ytterby.emission.year import Advance, Year
from ytterby.rules.licences import MICROGRAMS, Permit, in_kg
from ytterby.store import atomic

EVENTS, REGISTRY, PERMITS, TRUTH = "events.jsonl", "registry.yaml", "permits.yaml", "truth.json"


def lines(year: Year, advance: Advance | None = None) -> Iterator[bytes]:
    """The events as EPCIS 2.0, one JSON document a line, in the order they were recorded."""
    for done, (_, event) in enumerate(year.events):
        yield orjson.dumps(emit.raw(event)) + b"\n"
        if advance and done % 5_000 == 0:
            advance(done, len(year.events))


def permits(year: Year) -> tuple[Permit, ...]:
    """The licences that were granted."""
    return tuple(
        Permit.model_validate({
            "id": number, "exporter": exporter, "end_users": (user,), "material": material,
            "quantity_kg": Decimal(mass) / MICROGRAMS, "from": since, "until": until,
        })
        for number, exporter, user, material, mass, since, until in year.permits
    )  # fmt: skip


def write(year: Year, registry: Registry, folder: Path, advance: Advance | None = None) -> None:
    """Writes a year into a new folder: ``events.jsonl``, ``registry.yaml``, ``permits.yaml``, ``truth.json``.

    Raises:
        StoreError: the folder is there already, or the disk refuses.
    """
    with atomic.folder(folder) as work:
        with (work / EVENTS).open("wb") as file:
            file.writelines(lines(year, advance))
        (work / REGISTRY).write_text(_yaml(registry.model_dump(mode="json", exclude_defaults=True)), encoding="utf-8")
        (work / PERMITS).write_text(_yaml({"permits": [_permit(one) for one in permits(year)]}), encoding="utf-8")
        (work / TRUTH).write_text(json.dumps(truth(year), ensure_ascii=False, indent=1), encoding="utf-8")


def truth(year: Year) -> dict[str, Any]:
    """What was planted and what came of it; and what is honestly wrong."""
    return {
        "diversions": [
            {
                "kind": one.planted.kind,
                "facility": one.planted.facility,
                "share_of_flow": one.planted.size,
                "first_week": one.planted.first,
                "weeks": one.planted.weeks,
                "started": one.started,
                "kg": one.mass / MICROGRAMS,
                "events": list(one.events),
            }
            for one in year.truths
        ],
        "mistakes": dict(year.mistakes),
    }


def _permit(one: Permit) -> dict[str, Any]:
    told = one.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {**told, "quantity_kg": in_kg(one.micrograms)}


def _yaml(value: dict[str, Any]) -> str:
    return yaml.dump(value, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper), allow_unicode=True, sort_keys=False)


__all__ = ["lines", "permits", "truth", "write"]
