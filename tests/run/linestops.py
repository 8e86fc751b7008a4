"""Home to kept runs for tests of what follows from line stops: as the record writes them, never simulated."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import zarr

from ytterby.run import record
from ytterby.run.record import Run

PERIODS = ("2025-01", "2025-02", "2025-03", "2025-04")
STARTS = ("2025-01-01", "2025-02-01", "2025-03-01", "2025-04-01")
GROUPS = (
    ("car.bev", "DE", 100.0),
    ("car.ice", "DE", 300.0),
    ("car.bev", "US", 50.0),
    ("robot.industrial", "JP", 20.0),
    ("defence.other", "US", 5.0),
)


def kept(folder: Path, draws: int = 6, *, seed: int = 0, short: Any = None, name: str = "abcdef012345") -> Run:
    """A run of 17 weeks; `short` (group, period, draw) is the share of demand that is not built."""
    rng = np.random.default_rng(seed)
    demand = np.array([g[2] for g in GROUPS])[:, None, None] * np.ones((len(GROUPS), len(PERIODS), draws))
    if short is None:
        short = rng.uniform(0.0, 0.8, demand.shape)
        short[:, 0] = 0.0
        short[-1] = -0.1  # catches up: no loss
    arrays = {"demand": demand, "output": demand * (1.0 - short)}
    groups = [{"product": p, "region": r, "military": False, "unit": "x", "id": f"{p}.{r}"} for p, r, _ in GROUPS]
    path = folder / name
    path.mkdir(parents=True)
    store = zarr.open_group(str(path / "metrics.zarr"), mode="w")
    for key, values in arrays.items():
        store.create_array(key, data=values.astype(np.float32))
    info = {
        "layout": record.LAYOUT,
        "id": name,
        "model": "chain",
        "scenario": "stopped",
        "draws": draws,
        "seed": 7,
        "steps": 17,
        "step_days": 7.0,
        "start": "2025-01-01",
        "freq": "month",
        "periods": PERIODS,
        "period_starts": STARTS,
        "complete": [True, True, True, False],
        "groups": groups,
        "series": {key: {"labels": [g["id"] for g in groups]} for key in arrays},
        "created": f"2026-11-22T00:00:0{seed}+00:00",
        "mass_residual": 0.0,
        "seconds": 1.0,
    }
    (path / "run.json").write_text(json.dumps(info), encoding="utf-8")
    return record.load(folder, name)
