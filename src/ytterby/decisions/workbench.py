"""Home to the connector to the EMA workbench (Kwakkel 2017, doi:10.1016/j.envsoft.2017.06.054).

The workbench runs a model once per experiment. `experiments` simulates a whole design at once instead and hands back
what its analyses (PRIM, feature scoring, dimensional stacking) take.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ytterby.terms.errors import BadValue

if TYPE_CHECKING:
    import pandas as pd

    from ytterby.run.ensemble import Progress
    from ytterby.run.laboratory import Laboratory


def workbench_model(laboratory: Laboratory, name: str = "ytterby") -> Any:
    """An `ema_workbench.Model`: an uncertainty per parameter from its 5 % to its 95 % point, a scalar outcome each.

    The workbench's names are those of Python, so what is no letter or digit becomes an underscore; `variable_name`
    keeps ours.

    Raises:
        BadValue: the workbench is not installed, or `name` is not of letters and digits.
    """
    ema = _workbench()
    if not name.isalnum():
        raise BadValue(f"the workbench takes no model called '{name}'", place="name", remedy="use letters and digits")
    ours = {_word(one.name): one.name for one in laboratory.parameters}
    theirs = {_word(one): one for one in laboratory.outcomes}

    def function(**values: float) -> dict[str, float]:
        found = laboratory(**{ours[word]: value for word, value in values.items()})
        return {word: found[one] for word, one in theirs.items()}

    model = ema.Model(name, function=function)
    model.uncertainties = [ema.RealParameter(_word(one.name), one.low, one.high) for one in laboratory.parameters]
    model.outcomes = [ema.ScalarOutcome(word) for word in theirs]
    return model


def experiments(
    laboratory: Laboratory, design: pd.DataFrame | Sequence[Any], progress: Progress | None = None
) -> tuple[pd.DataFrame, dict[str, NDArray[np.float64]]]:
    """A design of the workbench, simulated at once: (experiments, outcomes) as its `perform_experiments` gives them.

    Args:
        laboratory: what the design was made for.
        design: a table with a column per uncertainty, or the workbench's own samples.
        progress: experiments done and to do.

    Raises:
        UnknownName: a column that is no parameter.
    """
    import pandas as pd

    table = design if isinstance(design, pd.DataFrame) else pd.DataFrame([dict(one) for one in design])
    ours = {_word(one.name): one.name for one in laboratory.parameters}
    values = {ours.get(word, word): table[word].to_numpy(dtype=float) for word in table.columns}
    found = laboratory.evaluate(values, progress)
    return table, {_word(name): outcome for name, outcome in found.items()}


def _word(name: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in name)


def _workbench() -> ModuleType:
    try:
        with warnings.catch_warnings():
            # it says so when a package it can do without is missing
            warnings.simplefilter("ignore")
            import ema_workbench
    except ImportError as error:
        remedy = 'pip install "ytterby[workbench]"'
        raise BadValue("the EMA workbench is not installed", place="workbench_model", remedy=remedy) from error
    found: ModuleType = ema_workbench
    return found
