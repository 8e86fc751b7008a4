"""Home to what policies come to: who goes short of what, military and civil, and what the stockpile costs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytterby.run.metrics import quantiles
from ytterby.run.trials import Trial
from ytterby.world.balance import magnets_per_unit
from ytterby.world.network import Network

Floats = NDArray[np.float64]
KEEP = ("demand", "output", "prices", "stockpile")
"""Series that have to be kept of a trial."""
KG = 1000.0


def rows(trial: Trial, n: Network, region: str, since: date) -> list[dict[str, Any]]:
    """By product of the region: what was wanted and not built since a day, share of what was wanted (5, 50, 95 %)."""
    later = _since(trial, since)
    found = []
    for k, group in enumerate(n.groups):
        if n.regions[n.group_region[k]] != region or not n.group_magnet[k]:
            continue
        wanted, built = (_row(trial, name, group)[later].astype(float) for name in ("demand", "output"))
        share = _share(np.maximum(wanted - built, 0.0).sum(axis=0), wanted.sum(axis=0))
        found.append(
            {"group": group, "product": n.group_product[k], "military": bool(n.group_military[k])} | quantiles(share)
        )
    return found


def totals(trial: Trial, n: Network, region: str, since: date) -> dict[str, dict[str, float]]:
    """``military`` and ``civil``: the share of their magnets that is missing since a day, over the draws."""
    weight, later = magnets_per_unit(n), _since(trial, since)
    found = {}
    for name, military in (("military", True), ("civil", False)):
        rows_ = [k for k in range(len(n.groups)) if _counts(n, k, region) and bool(n.group_military[k]) == military]
        missing = wanted = np.zeros(trial.series["demand"].shape[-1])
        for k in rows_:
            want, built = (_row(trial, series, n.groups[k])[later].astype(float) for series in ("demand", "output"))
            missing = missing + weight[k] * np.maximum(want - built, 0.0).sum(axis=0)
            wanted = wanted + weight[k] * want.sum(axis=0)
        found[name] = quantiles(_share(missing, wanted))
    return found


def purchases(trial: Trial, n: Network, materials: Mapping[str, float]) -> dict[str, dict[str, Any]]:
    """By material: the most that was held and what was handed out, t, and what was paid at the model's prices abroad,
    USD; over the draws.

    Purchases are the rises of what is held from period to period, each paid at that period's price, and what is handed
    out are its falls; a state buys at most half of a stock in a step, so it may get less than it asks for.
    """
    found = {}
    for material, asked in materials.items():
        held = _row(trial, "stockpile", material).astype(float)
        moves = np.diff(np.concatenate([np.zeros((1, held.shape[1])), held]), axis=0)
        rises = np.maximum(moves, 0.0)
        label = f"{material}|{n.zones[1]}"
        priced = label in trial.labels["prices"]
        price = _row(trial, "prices", label).astype(float) if priced else np.zeros_like(held)
        found[material] = {
            "asked": asked,
            "held": quantiles(held.max(axis=0)),
            "released": quantiles(np.maximum(-moves, 0.0).sum(axis=0)),
            "paid": quantiles((rises * price * KG).sum(axis=0)) if priced else None,
        }
    return found


def paid(trial: Trial, n: Network, materials: Mapping[str, float]) -> Floats:
    """USD for all purchases (draw,)."""
    total = np.zeros(trial.series["demand"].shape[-1])
    for material in materials:
        label = f"{material}|{n.zones[1]}"
        if label in trial.labels["prices"]:
            held, price = (_row(trial, *pair).astype(float) for pair in (("stockpile", material), ("prices", label)))
            rises = np.maximum(np.diff(np.concatenate([np.zeros((1, held.shape[1])), held]), axis=0), 0.0)
            total = total + (rises * price * KG).sum(axis=0)
    return total


def _counts(n: Network, k: int, region: str) -> bool:
    return n.regions[n.group_region[k]] == region and bool(n.group_magnet[k])


def _row(trial: Trial, series: str, label: str) -> NDArray[np.float32]:
    return np.asarray(trial.series[series][trial.labels[series].index(label)])


def _since(trial: Trial, day: date) -> NDArray[np.bool_]:
    starts = [date.fromisoformat(start) for start in trial.starts]
    return np.array([start >= day.replace(day=1) for start in starts])


def _share(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
