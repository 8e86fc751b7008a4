"""Home to a small game over the toy world, and to trials of it written by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from ytterby.decisions.bargain.table import Bargain
from ytterby.run.base import Grid
from ytterby.run.trials import Trial
from ytterby.world.network import Network
from ytterby.world.scenarios import Scenario

DRAWS = 6
QUARTERS = ("2025-01-01", "2025-04-01", "2025-07-01", "2025-10-01")
WORDS = {"en": "x", "zh": "某"}
PLAIN = {"output": 1.0, "pressure": 0.0, "arms": 1.0, "surplus": 1.0, "rent": 0.0, "stickiness": 0.0, "industry": 0.0,
         "relative": 0.0}  # fmt: skip
"""Weights under which payoffs can be added up by hand."""


def told(**changed: Any) -> dict[str, Any]:
    """A bargain over the toy, as its file would say it."""
    words = {"name": WORDS}
    raw: dict[str, Any] = {
        "id": "small",
        "title": WORDS,
        "question": WORDS,
        "date": date(2025, 7, 1),
        "years": 0.5,
        "sides": [
            {"id": "china", **words, "regions": ["CN"], "policies": [
                {"id": "hold", **words},
                {"id": "slow", **words, "levers": [{"kind": "review_speed", "region": "US", "value": 0.3}]},
            ]},
            {"id": "us", **words, "regions": ["US"], "policies": [
                {"id": "hold", **words},
                {"id": "pay", **words, "pays": [{"payment": "chips", "units": 2}]},
                {"id": "buy", **words, "levers": [{"kind": "price_floor", "material": "oxide.Dy", "value": 300}]},
            ]},
        ],
        "payments": [
            {"id": "chips", **words, "unit": WORDS, "worth": {"china": 1.5, "us": -1.0}, "source": "invented"}
        ],
        "rates": [
            {"side": "china", "lever": {"kind": "general_licence", "region": "US", "value": 0.5},
             "measure": {"element": "Dy", "to": ["US"]}, "against": "chips"}
        ],
        "weights": PLAIN,
        "worths": {"car": 10_000, "mil": 1_000_000},
    }  # fmt: skip
    return raw | changed


def small(**changed: Any) -> Bargain:
    """It, typed."""
    return Bargain.model_validate(told(**changed))


class ByHand:
    """Trials of the toy without a simulation: makers miss a share of what they want, exports and prices are flat."""

    def __init__(
        self, network: Network, share: dict[str, float], draws: int = DRAWS, starts: tuple[str, ...] = QUARTERS
    ) -> None:
        self.network, self.share, self.draws, self.starts = network, share, draws, starts

    def __call__(self, plan: Scenario) -> Trial:
        n, starts = self.network, self.starts
        slow = any(e.kind == "review_speed" and e.name.startswith("policy") for e in plan.events)
        free = any(e.name.startswith("rate") for e in plan.events)
        demand = np.full((len(n.groups), len(starts), self.draws), 1000.0, dtype=np.float32)
        missing = np.array([self.share.get(g, 0.0) for g in n.groups]) * (2.0 if slow else 0.5 if free else 1.0)
        labels = {
            "demand": n.groups, "output": n.groups, "exports": ("US|oxide.Dy", "US|magnet.UH"),
            "prices": tuple(f"{m}|{z}" for m in ("oxide.Dy", "magnet.UH") for z in n.zones),
        }  # fmt: skip
        left = 10.0 * (0.5 if slow else 1.5 if free else 1.0)
        prices = np.array([100.0, 200.0, 50.0, 60.0])
        series = {
            "demand": demand,
            "output": (demand * (1.0 - missing[:, None, None])).astype(np.float32),
            "exports": np.full((2, len(starts), self.draws), left, dtype=np.float32),
            "prices": np.broadcast_to(prices[:, None, None], (4, len(starts), self.draws)).astype(np.float32),
        }
        nothing = np.zeros((len(n.groups), self.draws), dtype=np.float32)
        whole = (date(int(starts[-1][:4]) + 1, 1, 1) - date(2025, 1, 1)).days
        grid = Grid(date(2025, 1, 1), 52, whole / 52)
        return Trial(plan, grid, 93.0, starts, starts, labels, series, {}, {}, nothing)
