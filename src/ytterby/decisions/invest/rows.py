"""Home to a linear programme as sparse rows, solved by HiGHS: values, prices of rows, and the distance to the bound.

HiGHS (Huangfu and Hall 2018, doi:10.1007/s12532-017-0130-5) is handed the matrix itself: a ladder solves the same
programme some thirty times, and a modelling layer took longer than the solves.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ytterby.terms.errors import InputError, RunError

Floats = NDArray[np.float64]
MIP_GAP = 1e-6


@dataclass(frozen=True)
class Solved:
    """An optimum."""

    values: Floats  # (column,)
    duals: Mapping[str, Floats]
    """Row family -> change of the objective for one more unit of each row's right-hand side."""
    objective: float
    gap: float
    """Relative distance to the bound: the dual objective worked out from the prices, or the best open node."""


@dataclass
class Rows:
    """A minimum over columns of 0 or more, under families of rows ``matrix @ x <= right``."""

    columns: int
    families: dict[str, tuple[sparse.csr_matrix, Floats]] = field(default_factory=dict)

    def hold(self, name: str, matrix: Any, right: Any) -> None:
        """Add a family of rows (row, column)."""
        made = sparse.csr_matrix(matrix)
        self.families[name] = (made, np.broadcast_to(np.asarray(right, dtype=float), (made.shape[0],)).copy())

    def minimise(self, cost: Floats, whole: NDArray[np.bool_] | None = None) -> Solved | None:
        """The least cost, None where nothing is feasible; columns of `whole` are 0 or 1.

        Raises:
            InputError: HiGHS is not installed.
            RunError: the solver gave up, or the least cost has no end.
        """
        highs = solver()
        model = highs.Highs()
        model.setOptionValue("output_flag", False)
        model.setOptionValue("mip_rel_gap", MIP_GAP)
        model.setOptionValue("time_limit", 300.0)
        matrix = sparse.vstack([part for part, _ in self.families.values()], format="csr")
        right = np.concatenate([part for _, part in self.families.values()])
        model.passModel(_passed(highs, matrix, right, cost, whole))
        model.run()
        status = model.getModelStatus()
        if status in (highs.HighsModelStatus.kInfeasible, highs.HighsModelStatus.kUnboundedOrInfeasible):
            return None
        if status != highs.HighsModelStatus.kOptimal:
            raise RunError(
                f"the solver stopped: {model.modelStatusToString(status)}",
                place="invest",
                remedy="ask for fewer years or partners",
            )
        found = model.getSolution()
        values = np.maximum(np.asarray(found.col_value, dtype=float), 0.0)
        objective = float(cost @ values)
        if whole is not None and whole.any():
            gap = float(model.getInfo().mip_gap)
            return Solved(values, {}, objective, gap if math.isfinite(gap) else 0.0)
        prices = np.asarray(found.row_dual, dtype=float)
        gap = abs(objective - float(prices @ right)) / max(1.0, abs(objective))
        return Solved(values, self._by_family(prices), objective, gap)

    def _by_family(self, prices: Floats) -> dict[str, Floats]:
        ends = np.cumsum([len(right) for _, right in self.families.values()])
        return dict(zip(self.families, np.split(prices, ends[:-1]), strict=True))


def _passed(highs: Any, matrix: sparse.csr_matrix, right: Floats, cost: Floats, whole: NDArray[np.bool_] | None) -> Any:
    rows, columns = matrix.shape
    lp = highs.HighsLp()
    lp.num_row_, lp.num_col_ = rows, columns
    lp.col_cost_ = cost
    lp.col_lower_ = np.zeros(columns)
    upper = np.full(columns, np.inf)
    if whole is not None:
        upper[whole] = 1.0
        kinds = highs.HighsVarType
        lp.integrality_ = [kinds.kInteger if one else kinds.kContinuous for one in whole]
    lp.col_upper_ = upper
    lp.row_lower_, lp.row_upper_ = np.full(rows, -np.inf), right
    lp.a_matrix_.format_ = highs.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    return lp


def solver() -> Any:
    """HiGHS, where it is installed.

    Raises:
        InputError: it is not.
    """
    try:
        import highspy
    except ImportError as error:
        raise InputError(
            "plans need the solver HiGHS, which is not installed",
            place="invest",
            remedy='pip install "ytterby[decisions]"',
        ) from error
    return highspy
