"""Home to the solver: a linopy model handed to HiGHS, and what HiGHS says of it by the model's own names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ytterby.terms.errors import InputError, RunError

if TYPE_CHECKING:
    import linopy

Floats = NDArray[np.float64]

GAP = 1e-4
"""Relative gap at which a search over what is done whole ends."""


class Infeasible(InputError):
    """No plan keeps the limits."""


def installed() -> None:
    """Refuse to begin without the solver.

    Raises:
        InputError: with how to install it.
    """
    try:
        import highspy  # noqa: F401
        import linopy  # noqa: F401
    except ImportError as error:
        raise InputError(
            f"a hedge needs {error.name}", place="ytterby hedge", remedy='pip install "ytterby[decisions]"'
        ) from error


@dataclass(frozen=True, slots=True)
class Ran:
    """What the solver left: values by the labels of variables, multipliers by those of constraints."""

    values: Floats
    multipliers: Floats
    solver: Any
    mip_gap: float

    def of(self, variable: Any) -> Floats:
        """Values of a variable, in its own shape."""
        return np.asarray(self.values[np.asarray(variable.labels.values)], dtype=np.float64)

    def dual(self, constraint: Any) -> float:
        """Multiplier of a constraint of one row."""
        return float(self.multipliers[int(np.asarray(constraint.labels.values).ravel()[0])])


class Loaded:
    """A model in the solver, to be solved relaxed, whole, and with what is whole held fast.

    It is handed over by hand, because linopy's own way lets the solver write its name on the terminal first.
    """

    def __init__(self, model: linopy.Model) -> None:
        import highspy

        matrices = model.matrices
        table: Any = matrices.A
        table = table.tocsc()
        sense, bound = np.asarray(matrices.sense), np.asarray(matrices.b, dtype=np.float64)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = table.shape[1], table.shape[0]
        lp.col_cost_ = np.asarray(matrices.c, dtype=np.float64)
        lp.col_lower_, lp.col_upper_ = np.asarray(matrices.lb), np.asarray(matrices.ub)
        lp.row_lower_ = np.where(sense == "<", -highspy.kHighsInf, bound)
        lp.row_upper_ = np.where(sense == ">", highspy.kHighsInf, bound)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = table.indptr, table.indices, table.data
        self.solver = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in (("output_flag", False), ("threads", 1), ("random_seed", 1), ("mip_rel_gap", GAP)):
            self.solver.setOptionValue(name, value)
        self.solver.passModel(lp)
        self.columns, self.rows = np.asarray(matrices.vlabels), np.asarray(matrices.clabels)

    def whole(self, variable: Any) -> None:
        """Let a variable take whole values only."""
        import highspy

        for column in self._at(variable):
            self.solver.changeColIntegrality(column, highspy.HighsVarType.kInteger)

    def settle(self, variable: Any, found: Floats) -> None:
        """Hold a variable fast."""
        import highspy

        for column, value in zip(self._at(variable), found.ravel(), strict=True):
            self.solver.changeColIntegrality(column, highspy.HighsVarType.kContinuous)
            self.solver.changeColBounds(column, float(value), float(value))

    def _at(self, variable: Any) -> list[int]:
        labels = np.asarray(variable.labels.values).ravel()
        return [int(np.flatnonzero(self.columns == label)[0]) for label in labels]

    def run(self, patience: float) -> Ran:
        """Solve within `patience` seconds.

        Raises:
            Infeasible: no plan keeps the limits.
            RunError: the solver gave up.
        """
        import highspy

        solver, told = self.solver, highspy.HighsModelStatus
        solver.setOptionValue("time_limit", solver.getRunTime() + patience)
        solver.run()
        status = solver.getModelStatus()
        if status in (told.kInfeasible, told.kUnboundedOrInfeasible):
            raise Infeasible("no plan keeps the limits", place="cash, storage, service")
        info, solution = solver.getInfo(), solver.getSolution()
        if status != told.kOptimal and not (status == told.kTimeLimit and np.isfinite(info.mip_gap)):
            raise RunError(
                f"the solver gave up: {solver.modelStatusToString(status)}", place="hedge",
                remedy="take fewer draws, or fewer options with a fee",
            )  # fmt: skip
        found = np.zeros(int(self.columns.max()) + 1)
        found[self.columns] = solution.col_value
        multipliers = np.zeros(int(self.rows.max()) + 1)
        if len(solution.row_dual):
            multipliers[self.rows] = solution.row_dual
        return Ran(found, multipliers, solver, float(info.mip_gap) if np.isfinite(info.mip_gap) else 0.0)


def values(solver: Any) -> tuple[float, float]:
    """Objective of the primal, and of the dual made from the solver's multipliers and the bounds they rest on."""
    lp, solution = solver.getLp(), solver.getSolution()
    dual = float(lp.offset_)
    for lower, upper, value in (
        (lp.row_lower_, lp.row_upper_, solution.row_dual),
        (lp.col_lower_, lp.col_upper_, solution.col_dual),
    ):
        low, high, y = (np.asarray(one, dtype=np.float64) for one in (lower, upper, value))
        bound = np.where(y > 0, low, high)
        dual += float(np.sum(np.where(np.abs(y) > 1e-12, y * np.where(np.isfinite(bound), bound, 0.0), 0.0)))
    return float(solver.getInfo().objective_function_value), dual
