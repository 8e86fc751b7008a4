"""Home to Sobol indices: which share of an outcome's variance each of a few inputs carries, alone and with the others.

The hard model is run on Saltelli's design of a scrambled Sobol sequence (SALib; Saltelli et al. 2010,
doi:10.1016/j.cpc.2009.09.018), inputs drawn apart from each other, all others in their middle.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytterby.decisions.explain.inputs import Input
from ytterby.terms.errors import BadValue

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Index:
    """One input's share of the variance, with half the width of its 95 % interval (bootstrap)."""

    name: str
    first: float
    first_off: float
    total: float
    total_off: float

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        return {name: getattr(self, name) for name in self.__slots__}


def sobol(
    found: Sequence[Input], values: Callable[[dict[str, Floats]], Floats], samples: int, seed: int
) -> tuple[Index, ...]:
    """Indices of the inputs, the largest total first; empty where the outcome does not vary at all.

    Args:
        found: at least two inputs.
        values: the outcome (row,) of worlds in which the inputs have these values (row,), all else in its middle.
        samples: a power of two; the model is run samples x (inputs + 2) times.
        seed: of the scrambling and of the bootstrap.

    Raises:
        BadValue: too few inputs, or samples that are no power of two; the extra ``decisions`` is missing.
    """
    if len(found) < 2 or samples < 2 or samples & (samples - 1):
        raise BadValue(
            f"{samples} samples of {len(found)} inputs",
            place="sobol",
            remedy="give a power of two such as 64, and 2 inputs",
        )
    analyze, sample = _salib()
    problem = {"num_vars": len(found), "names": [one.name for one in found], "bounds": [[0.0, 1.0]] * len(found)}
    unit = sample(problem, samples, calc_second_order=False, scramble=True, seed=seed)
    told = values({one.name: one.quantile(unit[:, k]) for k, one in enumerate(found)})
    if float(np.std(told)) <= 1e-12 * max(1.0, float(np.abs(told).max())):
        return ()
    said = analyze(problem, told, calc_second_order=False, conf_level=0.95, seed=seed)
    columns = [said[key] for key in ("S1", "S1_conf", "ST", "ST_conf")]
    made = [Index(one.name, *(float(column[k]) for column in columns)) for k, one in enumerate(found)]
    return tuple(sorted(made, key=lambda one: (-one.total, one.name)))


def _salib() -> tuple[Any, Any]:
    try:
        from SALib.analyze import sobol as analysis
        from SALib.sample import sobol as sampling
    except ImportError as error:
        raise BadValue(
            "Sobol indices need SALib", place="explain", remedy='pip install "ytterby[decisions]"'
        ) from error
    return analysis.analyze, sampling.sample
