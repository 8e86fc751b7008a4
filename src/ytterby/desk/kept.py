"""Home to what the desk says of kept runs without waking the room that runs: their list, and the days lines first
slow.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Kept:
    """A finished run as its record tells it."""

    id: str
    scenario: str
    title: Mapping[str, str]
    created: str
    draws: int
    seed: int
    seconds: float
    path: Path
    start: date
    groups: tuple[Mapping[str, Any], ...]
    levers: tuple[str, ...] = ()
    known: str = ""
    """Day of knowledge of the world it ran on."""

    def named(self, lang: str) -> str:
        """The scenario's title in a language."""
        return self.title.get(lang) or self.scenario


def runs(folder: Path) -> list[Kept]:
    """The finished runs in a project's folder of runs, newest first; what cannot be read is left out."""
    found = []
    for path in folder.glob("*/run.json"):
        with suppress(OSError, ValueError, KeyError, TypeError):
            found.append(read(path.parent))
    return sorted(found, key=lambda one: (one.created, one.id), reverse=True)


def read(folder: Path) -> Kept:
    """The run in a folder. Raises `OSError`, `ValueError`, `KeyError` where there is none that can be read."""
    path = folder / "run.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    return Kept(
        id=str(told["id"]),
        scenario=str(told["scenario"]),
        title=told.get("title") or {},
        created=str(told["created"]),
        draws=int(told["draws"]),
        seed=int(told["seed"]),
        seconds=float(told["seconds"]),
        path=path.parent,
        start=date.fromisoformat(told["start"]),
        groups=tuple(told["groups"]),
        levers=tuple(told.get("levers") or ()),
        known=str(told.get("world_known") or ""),
    )


def first_slow(run: Kept) -> dict[str, date]:
    """Group -> the median day its lines first slow (their joint output below 95 % of what they want to build).

    Groups that slow in fewer than half of the draws are left out.
    """
    import numpy as np
    import zarr

    # zarr types the members of a group as arrays or groups; all of ours are arrays
    group: Any = zarr.open_group(str(run.path / "metrics.zarr"), mode="r")
    days = np.asarray(group["first_slow"][:])
    middle = np.median(days, axis=1)
    named = zip(run.groups, middle.tolist(), strict=True)
    return {str(one["id"]): run.start + timedelta(days=round(day)) for one, day in named if np.isfinite(day)}


def moved(new: Kept, old: Kept) -> list[tuple[Mapping[str, Any], date, int]]:
    """The groups whose first slow day differs between two runs: the group, its new day, by how many days it moved."""
    now, then = first_slow(new), first_slow(old)
    groups = {str(one["id"]): one for one in new.groups}
    both = [(groups[name], now[name], (now[name] - then[name]).days) for name in now if name in then]
    return sorted((row for row in both if row[2]), key=lambda row: (-abs(row[2]), row[1]))
