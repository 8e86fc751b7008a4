"""Home to the smallest model that keeps the contract: a puddle per product, for the tests of ensembles and records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, final

import jax
import jax.numpy as jnp
import numpy as np

from ytterby.run.base import Grid, Inputs, Model, Series
from ytterby.run.draws import Parameter

GROUPS = ("car.CN", "car.US")
ROWS = {
    "exports": (("US|magnet.N", "US|magnet.UH", "DE|magnet.N", "DE|oxide.Dy"), "t", "flow"),
    "demand": (GROUPS, "unit", "flow"),
    "output": (GROUPS, "unit", "flow"),
    "cover": (GROUPS, "day", "level"),
    "prices": (("oxide.Dy|CN", "oxide.Dy|EX"), "USD/kg", "level"),
    "stocks": (("oxide.Dy|CN", "oxide.Dy|EX"), "t", "level"),
    "applied": (("US", "DE"), "t", "flow"),
    "granted": (("US", "DE"), "t", "flow"),
    "refused": (("US", "DE"), "t", "flow"),
    "review": (("US", "DE"), "t", "level"),
    "waiting": (("US", "DE"), "t", "level"),
    "diverted": (("US", "DE"), "t", "flow"),
    "mined": (("Nd", "Dy"), "t", "flow"),
    "lost": (("Nd", "Dy"), "t", "flow"),
    "discarded": (("Nd", "Dy"), "t", "flow"),
    "flow": (("Nd", "Dy"), "t", "flow"),
    "residual": (("Nd", "Dy"), "t", "flow"),
}
ABOUT = {
    "groups": [
        {"id": g, "product": "car", "region": g[-2:], "military": False, "unit": "car", "magnet": True} for g in GROUPS
    ],
    "controls_from": "2025-01-26",
}


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Water:
    """What a puddle holds."""

    level: Any


@final
@dataclass(frozen=True)
class Puddle(Model[Any, Water, Any]):
    """Every series is a multiple of the drawn rain; row k of a series rises by k; `leak` breaks the balance."""

    steps: int = 40
    days: float = 7.0
    leak: float = 0.0
    extra: tuple[str, ...] = ()
    drain: float = 0.0

    @property
    def grid(self) -> Grid:
        return Grid(date(2025, 1, 5), self.steps, self.days)

    @property
    def precision(self) -> str:
        return "float64"

    def parameters(self) -> tuple[Parameter, ...]:
        named = (Parameter(f"puddle:{name}", 1.0, 0.5, 2.0, "", "lognormal") for name in self.extra)
        return (Parameter("puddle:rain", 2.0, 1.0, 3.0, "mm", "lognormal"), *named)

    def inputs(self, drawn: Mapping[str, Any]) -> Inputs[Any, Any]:
        return Inputs(jnp.asarray(drawn["puddle:rain"]), jnp.arange(1.0, self.steps + 1.0))

    def initial(self, constants: Any) -> Water:
        return Water(constants[None] - self.drain)

    def step(self, constants: Any, state: Water, forcing: Any) -> tuple[Water, dict[str, Any]]:
        rain = constants * forcing
        seen = {name: jnp.stack([rain * (k + 1) for k in range(len(rows))]) for name, (rows, _, _) in ROWS.items()}
        # the second group builds half of what is wanted from the eleventh step to the twentieth
        short = jnp.where((forcing > 10) & (forcing <= 20), 0.4, 1.0)
        seen["output"] = seen["demand"] * jnp.stack([jnp.ones_like(short), short])[:, None]
        seen["residual"] = self.leak * seen["flow"]
        return Water(state.level + 1.0), seen

    def series(self) -> tuple[Series, ...]:
        return tuple(Series(name, rows, unit, kind, name) for name, (rows, unit, kind) in ROWS.items())


def rain(draws: int, seed: int = 0) -> np.ndarray:
    """The drawn rain of an ensemble."""
    from ytterby.run.draws import draw

    return draw(Puddle().parameters(), seed, draws)["puddle:rain"]
