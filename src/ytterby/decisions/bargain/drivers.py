"""Home to what a bargain hangs on: which drawn inputs its gains and its threats follow most closely."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ytterby.decisions.bargain import weights
from ytterby.decisions.bargain.games import Floats
from ytterby.decisions.bargain.table import Bargain
from ytterby.run.draws import Parameter, draw
from ytterby.world.network import Network

SURE = 4.0
"""Times what chance gives a single input: among hundreds and four targets, some reach three times."""
FEWEST = 50
"""Draws below which a rank correlation among hundreds of inputs says nothing."""
MOST = 12
"""Inputs that are named."""


@dataclass(frozen=True, slots=True)
class Driver:
    """An input, and what of the bargain follows it most closely."""

    name: str
    target: str
    """``deal:0``, ``deal:1`` what the agreed point brings a side; ``threat:0``, ``threat:1`` what a side's harshest
    policy costs the other."""
    rank: float
    """Spearman's rank correlation."""
    assumed: bool
    claims: tuple[tuple[str, float], ...]
    """Claims it was weighed from, with their weights."""


def drivers(
    bargain: Bargain, network: Network, targets: Mapping[str, Floats], *, seed: int, spread: bool
) -> list[Driver]:
    """The inputs that stand out from chance, the closest first: the world's own, weights, worths and payments.

    What the licensing was fitted to is left out: its draws are those of the fit.

    Args:
        bargain: the game.
        network: the world, whose uncertain parameters are drawn again by name.
        targets: (draw,) each.
        seed: of the draws.
        spread: whether the scenario lets the world's figures vary.
    """
    moving = {name: values for name, values in targets.items() if float(np.std(values)) > 0.0}
    draws = len(next(iter(targets.values()), ()))
    if draws < FEWEST or not moving:
        return []
    told: dict[str, tuple[Floats, bool, tuple[tuple[str, float], ...]]] = {}
    for name, one in weights.spreads(bargain).items():
        told[name] = (weights.drawn(bargain, seed, draws)[name], one.assumed, ())
    own = [Parameter(u.name, u.median, u.low, u.high, u.unit, u.kind) for u in network.uncertainty[1:] if spread]
    drawn = draw(own, seed, draws)
    told |= {u.name: (drawn[u.name], u.assumed, u.claims) for u in network.uncertainty[1:] if spread}
    found = []
    for name, (values, assumed, claims) in told.items():
        if float(np.std(values)) > 0.0:
            target, rank = _closest(values, moving)
            found.append(Driver(name, target, rank, assumed, claims))
    noise = SURE / float(np.sqrt(draws - 1))
    return sorted((one for one in found if abs(one.rank) > noise), key=lambda one: (-abs(one.rank), one.name))[:MOST]


def _closest(values: Floats, targets: Mapping[str, Floats]) -> tuple[str, float]:
    ranks = {target: correlation(values, series) for target, series in targets.items()}
    best = max(ranks, key=lambda target: abs(ranks[target]))
    return best, ranks[best]


def correlation(one: Floats, other: Floats) -> float:
    """Spearman's rank correlation, equal values sharing the mean of their ranks."""
    from scipy.stats import rankdata

    return float(np.corrcoef(rankdata(one), rankdata(other))[0, 1])
