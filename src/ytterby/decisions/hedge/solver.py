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


def run(model: linopy.Model, patience: float) -> Ran:
    """Solve within `patience` seconds.

    Raises:
        Infeasible: no plan keeps the limits.
        RunError: the solver gave up.
    """
    import highspy

    solver, columns, rows = _passed(model)
    solver.setOptionValue("time_limit", patience)
    solver.run()
    status = solver.getModelStatus()
    told = highspy.HighsModelStatus
    if status in (told.kInfeasible, told.kUnboundedOrInfeasible):
        raise Infeasible("no plan keeps the limits", place="cash, storage, service")
    info, solution = solver.getInfo(), solver.getSolution()
    if status != told.kOptimal and not (status == told.kTimeLimit and np.isfinite(info.mip_gap)):
        raise RunError(
            f"the solver gave up: {solver.modelStatusToString(status)}", place="hedge",
            remedy="take fewer draws, or fewer options with a fee",
        )  # fmt: skip
    found = np.zeros(int(columns.max()) + 1)
    found[columns] = solution.col_value
    multipliers = np.zeros(int(rows.max()) + 1)
    if len(solution.row_dual):
        multipliers[rows] = solution.row_dual
    return Ran(found, multipliers, solver, float(info.mip_gap) if np.isfinite(info.mip_gap) else 0.0)


def _passed(model: linopy.Model) -> tuple[Any, NDArray[np.int64], NDArray[np.int64]]:
    """The solver with the model in it, and the labels of its columns and rows.

    By hand, because linopy's own way lets the solver write its name on the terminal first.
    """
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
    types = np.asarray(matrices.vtypes)
    whole = (types == "B") | (types == "I")
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in (("output_flag", False), ("threads", 1), ("random_seed", 1), ("mip_rel_gap", GAP)):
        solver.setOptionValue(name, value)
    if whole.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(one)] for one in whole]
    solver.passModel(lp)
    return solver, np.asarray(matrices.vlabels), np.asarray(matrices.clabels)


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
