"""Home to doubt about payoffs: how often what holds on the mean holds of the games drawn, and what is regretted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ytterby.decisions.bargain.equilibria import Equilibrium
from ytterby.decisions.bargain.frontier import frontier, kalai_smorodinsky, nash_point
from ytterby.decisions.bargain.games import TOLERANCE, Floats

Drawn = NDArray[np.float64]
"""(row, column, draw) payoffs of a side."""


@dataclass(frozen=True, slots=True)
class Regret:
    """What a side would have gained by another policy, had it known the draw."""

    mean: float
    p95: float


@dataclass(frozen=True, slots=True)
class Deal:
    """How an agreed point fares over the draws."""

    gains: tuple[Floats, Floats]
    """(draw,) what each side gains over its threat, each draw bargained anew."""
    both_gain: float
    """Share of draws in which the point agreed on the mean leaves both at least as well off as the threat."""
    possible: float
    """Share of draws in which some agreement is better for both."""


def pure_shares(first: Drawn, second: Drawn) -> Floats:
    """Share of draws in which each pair of policies is an equilibrium (row, column)."""
    return np.asarray((_best(first, axis=0) & _best(second, axis=1)).mean(axis=2))


def _best(payoffs: Drawn, axis: int) -> NDArray[np.bool_]:
    span = payoffs.max(axis=(0, 1)) - payoffs.min(axis=(0, 1))
    return np.asarray(payoffs >= payoffs.max(axis=axis, keepdims=True) - TOLERANCE * span)


def holds(found: Equilibrium, first: Drawn, second: Drawn) -> float:
    """Share of draws in which an equilibrium's like is one: the same pair, or a mixture of the same policies."""
    if found.cell is not None:
        return float(pure_shares(first, second)[found.cell])
    rows = np.flatnonzero(np.array(found.first) > 1e-9)
    columns = np.flatnonzero(np.array(found.second) > 1e-9)
    if len(rows) != len(columns):
        return 0.0  # only ties make supports of two sizes, and no draw ties in the same place
    hits = [_mixes(first[..., k], second[..., k], rows, columns) for k in range(first.shape[2])]
    return float(np.mean(hits))


def _mixes(first: Floats, second: Floats, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> bool:
    """Whether a draw's game has an equilibrium with exactly these supports."""
    y = _indifferent(first[np.ix_(rows, columns)])
    x = _indifferent(second[np.ix_(rows, columns)].T)
    if x is None or y is None:
        return False
    mine, theirs = first[:, columns] @ y, x @ second[rows]
    slack = [TOLERANCE * float(table.max() - table.min()) for table in (first, second)]
    return bool(mine.max() <= mine[rows].min() + slack[0] and theirs.max() <= theirs[columns].min() + slack[1])


def _indifferent(payoffs: Floats) -> Floats | None:
    """The mixture of the columns that makes all rows equally good; None where there is none with all shares above 0."""
    size = len(payoffs)
    system = np.zeros((size + 1, size + 1))
    system[:size, :size], system[:size, size], system[size, :size] = payoffs, -1.0, 1.0
    try:
        mixed = np.linalg.solve(system, np.append(np.zeros(size), 1.0))[:size]
    except np.linalg.LinAlgError:
        return None
    return mixed if bool((mixed > 0.0).all()) else None


def regret(found: Equilibrium, first: Drawn, second: Drawn) -> tuple[Regret, Regret]:
    """What each side would have gained by its best policy in each draw, the other's mixture given."""
    x, y = np.array(found.first), np.array(found.second)
    mine = np.einsum("rcd,c->rd", first, y)
    theirs = np.einsum("rcd,r->cd", second, x)
    lost = (mine.max(axis=0) - x @ mine, theirs.max(axis=0) - y @ theirs)
    return _regret(lost[0]), _regret(lost[1])


def _regret(lost: Floats) -> Regret:
    ordered = np.sort(np.maximum(lost, 0.0))
    return Regret(float(lost.mean()), float(ordered[max(0, int(np.ceil(0.95 * len(ordered))) - 1)]))


def deal(
    first: Drawn, second: Drawn, threat: tuple[Floats, Floats], mixture: tuple[tuple[int, float], ...], *, fair: bool
) -> Deal:
    """An agreed point over the draws.

    Args:
        first: payoffs of the first side.
        second: payoffs of the second.
        threat: (draw,) what each side has without a deal.
        mixture: the point agreed on the mean: cells (row by row) with probabilities.
        fair: bargain each draw after Kalai and Smorodinsky instead of Nash.
    """
    draws = first.shape[2]
    cells = np.stack([first.reshape(-1, draws), second.reshape(-1, draws)], axis=1)
    pick = kalai_smorodinsky if fair else nash_point
    gains = np.zeros((2, draws))
    possible = np.zeros(draws, dtype=bool)
    for k in range(draws):
        stands = (float(threat[0][k]), float(threat[1][k]))
        point = pick(frontier(cells[:, :, k]), stands)
        gains[:, k] = np.array(point.payoffs) - stands
        possible[k] = bool(point.mixture)
    agreed = np.zeros((2, draws))
    for cell, weight in mixture:
        agreed += weight * cells[cell]
    better = (agreed >= np.stack(threat) - 1e-12).all(axis=0) if mixture else np.zeros(draws, dtype=bool)
    return Deal((gains[0], gains[1]), float(better.mean()), float(possible.mean()))
