"""Home to the equilibria of a game played once: found by nashpy, each checked by enumerating best replies."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ytterby.decisions.bargain.games import Cell, Floats, Game, Tie, gaps, is_equilibrium, pure, slack, ties
from ytterby.terms.errors import InputError, RunError

SAME = 1e-6
"""Largest difference of probabilities between two findings of one equilibrium."""
SMALL = 6
"""Most policies of a side for which every pair of supports is tried (their number doubles with each policy)."""
MOST = 12
"""Most policies a side may have: vertices are enumerated up to there."""


@dataclass(frozen=True, slots=True)
class Equilibrium:
    """Mixtures from which neither side gains by moving alone."""

    first: tuple[float, ...]
    """Probability of each policy of the side that picks the row."""
    second: tuple[float, ...]
    payoffs: tuple[float, float]
    gap: float
    """The largest gain of a side from any pure policy of its own, over the span of its payoffs: 0 but for rounding."""
    found_by: tuple[str, ...]
    """``replies``, ``supports``, ``vertices``, ``lemke-howson``: the ways it was found."""

    @property
    def cell(self) -> Cell | None:
        """The pair of policies, where neither side mixes."""
        i, j = int(np.argmax(self.first)), int(np.argmax(self.second))
        return (i, j) if self.first[i] > 1.0 - SAME and self.second[j] > 1.0 - SAME else None


@dataclass(frozen=True, slots=True)
class Solved:
    """A game and all that was found of it."""

    equilibria: tuple[Equilibrium, ...]
    """Pure ones first, each checked against every pure policy of both sides."""
    ties: tuple[Tie, ...]
    """Payoffs that tie; with any, the equilibria listed may be the corners of continua."""
    refused: int
    """Findings of a solver that did not stand the check, and were left out."""


def solve(one: Game) -> Solved:
    """All equilibria of a game, those of every solver, each verified.

    Pairs of policies by best replies; mixtures by support enumeration and, as a cross-check, by the vertices of the
    best-response polytopes (algorithms 3.4 and 3.5 of Nisan, Roughgarden, Tardos and Vazirani 2007, Algorithmic Game
    Theory); above `SMALL` policies by Lemke and Howson (1964) instead of supports.

    Raises:
        InputError: more policies than `MOST`, or nashpy is not installed.
        RunError: nothing a solver gave stood the check.
    """
    if max(one.shape) > MOST:
        raise InputError(
            f"{max(one.shape)} policies of one side",
            place="game",
            remedy=f"keep at most {MOST}: join those that are alike",
        )
    kept: list[tuple[Floats, Floats, set[str]]] = []
    refused = 0
    for x, y, way in _candidates(one):
        if not is_equilibrium(one, x, y):
            refused += 1
            continue
        twin = next((k for k in kept if _same(k[0], x) and _same(k[1], y)), None)
        if twin is None:
            kept.append((x, y, {way}))
        else:
            twin[2].add(way)
    if not kept:
        raise RunError(
            "no equilibrium stood the check by best replies",
            place=f"game of {one.shape[0]} by {one.shape[1]} policies",
            remedy="bring the payoffs of a side to one size: they differ by more than fifteen digits",
        )  # fmt: skip
    found = [_told(one, *each) for each in kept]
    found.sort(key=lambda e: (e.cell is None, tuple(-p for p in e.first), tuple(-p for p in e.second)))
    return Solved(tuple(found), tuple(ties(one)), refused)


def _told(one: Game, x: Floats, y: Floats, ways: set[str]) -> Equilibrium:
    mine, theirs = gaps(one, x, y)
    spans = [slack(table) / 1e-9 for table in (one.first, one.second)]
    gap = max(0.0, mine / spans[0], theirs / spans[1])
    return Equilibrium(
        tuple(float(p) for p in x), tuple(float(p) for p in y), one.of(x, y), gap, tuple(sorted(ways))
    )  # fmt: skip


def _same(a: Floats, b: Floats) -> bool:
    return bool(np.abs(a - b).max() <= SAME)


def _candidates(one: Game) -> Iterator[tuple[Floats, Floats, str]]:
    height, width = one.shape
    for i, j in pure(one):
        yield np.eye(height)[i], np.eye(width)[j], "replies"
    if min(height, width) == 1:
        return  # against one policy there is nothing to mix for
    try:
        import nashpy
    except ModuleNotFoundError:
        raise InputError(
            "nashpy is not installed, which finds the equilibria", place="bargain",
            remedy='pip install "ytterby[decisions]"',
        ) from None  # fmt: skip
    # solvers compare with absolute tolerances, so each table is brought to 0..1; equilibria do not change by it
    played = nashpy.Game(*(_unit(table) for table in (one.first, one.second)))
    small = max(one.shape) <= SMALL
    yield from (
        _found(lambda: played.support_enumeration(tol=1e-12), "supports")
        if small
        else _found(played.lemke_howson_enumeration, "lemke-howson")
    )
    yield from _found(played.vertex_enumeration, "vertices")


def _unit(table: Floats) -> Floats:
    span = float(table.max() - table.min())
    return (table - table.min()) / span if span > 0.0 else np.ones_like(table)


def _found(ask: Any, way: str) -> Iterator[tuple[Floats, Floats, str]]:
    """What a solver of nashpy gives, as probabilities; what it warns of (ties) is told by `ties` instead."""
    from scipy.spatial import QhullError

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            for x, y in ask():
                pair = [np.asarray(one, dtype=np.float64) for one in (x, y)]
                if any(p.ndim != 1 or not np.isfinite(p).all() or p.min() < -1e-7 for p in pair):
                    continue
                mixed = [np.where(p < 1e-12, 0.0, p) for p in pair]
                if all(p.sum() > 0.0 for p in mixed):
                    yield mixed[0] / mixed[0].sum(), mixed[1] / mixed[1].sum(), way
        except (QhullError, np.linalg.LinAlgError, ValueError, IndexError):
            return  # a degenerate polytope; the other ways remain, and what they give is checked
