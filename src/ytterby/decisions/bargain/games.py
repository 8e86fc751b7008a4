"""Home to a game of two sides played once: payoffs, best replies, ties, and what each side can secure alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ytterby.terms.errors import BadValue

Floats = NDArray[np.float64]
Cell = tuple[int, int]
"""Row of the first side's policy, column of the second's."""

TOLERANCE = 1e-9
"""Share of the span of a side's payoffs below which two of them count as equal."""


@dataclass(frozen=True, slots=True)
class Game:
    """Two payoff tables; `game` makes one that is sound."""

    first: Floats
    """(row, column) what the side that picks the row gets."""
    second: Floats
    """(row, column) what the side that picks the column gets."""
    rows: tuple[str, ...]
    columns: tuple[str, ...]

    @property
    def shape(self) -> Cell:
        """Policies of the first side, of the second."""
        return len(self.rows), len(self.columns)

    @property
    def cells(self) -> list[Cell]:
        """Every pair of policies."""
        return [(i, j) for i in range(len(self.rows)) for j in range(len(self.columns))]

    def at(self, cell: Cell) -> tuple[float, float]:
        """Payoffs of a pair of policies."""
        return float(self.first[cell]), float(self.second[cell])

    def of(self, x: Floats, y: Floats) -> tuple[float, float]:
        """Payoffs of a pair of mixtures, x over rows and y over columns."""
        return float(x @ self.first @ y), float(x @ self.second @ y)


@dataclass(frozen=True, slots=True)
class Tie:
    """Several policies of one side that answer a policy of the other equally well."""

    side: int
    """0 for the side that picks the row, 1 for the other."""
    against: int
    """The other side's policy."""
    policies: tuple[int, ...]


def game(first: ArrayLike, second: ArrayLike, rows: Sequence[str] = (), columns: Sequence[str] = ()) -> Game:
    """A game from two tables of payoffs, (row, column) each.

    Raises:
        BadValue: a side without policies, tables of two shapes, a payoff that is no number; the cell is named.
    """
    tables = [np.array(one, dtype=np.float64) for one in (first, second)]
    for table, whose in zip(tables, ("first", "second"), strict=True):
        if table.ndim != 2 or 0 in table.shape:
            raise BadValue(
                f"payoffs of shape {table.shape}: a side has no policies",
                place=f"game, payoffs of the {whose} side",
                remedy="give each side at least one policy: a table of one row a policy, one column a reply",
            )
    if tables[0].shape != tables[1].shape:
        raise BadValue(
            f"the sides' payoffs have shapes {tables[0].shape} and {tables[1].shape}",
            place="game",
            remedy="both tables have one row a policy of the first side, one column a policy of the second",
        )
    height, width = tables[0].shape
    names = tuple(rows) or tuple(f"row {k + 1}" for k in range(height))
    replies = tuple(columns) or tuple(f"column {k + 1}" for k in range(width))
    if (len(names), len(replies)) != (height, width):
        raise BadValue(
            f"{len(names)} and {len(replies)} names for {height} and {width} policies", place="game",
            remedy="name every policy once",
        )  # fmt: skip
    for table, whose in zip(tables, ("first", "second"), strict=True):
        wild = np.argwhere(~np.isfinite(table))
        if len(wild):
            i, j = (int(k) for k in wild[0])
            raise BadValue(
                f"the payoff of the {whose} side is {table[i, j]}",
                place=f"game, {names[i]} against {replies[j]}",
                remedy="give a finite number",
            )
        table.setflags(write=False)
    return Game(tables[0], tables[1], names, replies)


def slack(payoffs: NDArray[Any]) -> float:
    """The difference below which two payoffs of a side count as equal: `TOLERANCE` of their span."""
    span = float(payoffs.max() - payoffs.min())
    return TOLERANCE * max(span, 1e-6 * float(np.abs(payoffs).max()), 1e-300)


def gaps(one: Game, x: Floats, y: Floats) -> tuple[float, float]:
    """What each side would gain by its best pure policy against the other's mixture: 0 for both in an equilibrium."""
    first, second = one.of(x, y)
    return float((one.first @ y).max()) - first, float((x @ one.second).max()) - second


def is_equilibrium(one: Game, x: Floats, y: Floats) -> bool:
    """Whether no pure policy of either side does better than its mixture, by enumerating all of them."""
    shares = all(float(p.min()) >= -TOLERANCE and abs(float(p.sum()) - 1.0) <= 1e-9 for p in (x, y))
    mine, theirs = gaps(one, x, y)
    return shares and mine <= slack(one.first) and theirs <= slack(one.second)


def best_rows(one: Game, column: int) -> tuple[int, ...]:
    """Rows that answer a column best; more than one where they tie."""
    values = one.first[:, column]
    return tuple(int(k) for k in np.flatnonzero(values >= values.max() - slack(one.first)))


def best_columns(one: Game, row: int) -> tuple[int, ...]:
    """Columns that answer a row best; more than one where they tie."""
    values = one.second[row]
    return tuple(int(k) for k in np.flatnonzero(values >= values.max() - slack(one.second)))


def pure(one: Game) -> list[Cell]:
    """Every pair of policies that answer each other best."""
    return [(i, j) for i, j in one.cells if i in best_rows(one, j) and j in best_columns(one, i)]


def ties(one: Game) -> list[Tie]:
    """Where several policies answer one policy equally well: there equilibria may come in continua."""
    height, width = one.shape
    found = [Tie(0, j, best_rows(one, j)) for j in range(width)] + [
        Tie(1, i, best_columns(one, i)) for i in range(height)
    ]
    return [tie for tie in found if len(tie.policies) > 1]


@dataclass(frozen=True, slots=True)
class Secured:
    """What a side can secure whatever the other does."""

    value: float
    mixture: tuple[float, ...]
    """Of its policies, that secures it."""


def secured(payoffs: NDArray[Any]) -> Secured:
    """The most a side can be sure of, by a mixture: max over x of min over the other's policies of x @ payoffs.

    A linear programme (von Neumann 1928, Zur Theorie der Gesellschaftsspiele, Mathematische Annalen 100); by the
    minimax theorem it is also what the other side can hold it down to.

    Args:
        payoffs: (own policy, other's policy) what the side gets.
    """
    from scipy.optimize import linprog

    own, other = payoffs.shape
    centre, span = float(payoffs.mean()), float(payoffs.max() - payoffs.min()) or 1.0
    scaled = (np.asarray(payoffs, dtype=np.float64) - centre) / span
    # maximise v subject to v <= x @ column for every column
    found = linprog(
        np.append(np.zeros(own), -1.0),
        A_ub=np.hstack([-scaled.T, np.ones((other, 1))]),
        b_ub=np.zeros(other),
        A_eq=np.append(np.ones(own), 0.0)[None],
        b_eq=[1.0],
        bounds=[(0.0, 1.0)] * own + [(None, None)],
    )
    x = np.maximum(np.asarray(found.x[:own]), 0.0)
    x /= x.sum()
    return Secured(float((x @ payoffs).min()), tuple(float(p) for p in x))
