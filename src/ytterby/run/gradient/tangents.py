"""Home to the chain rule's other half: from derivatives by constants and forcing to derivatives by named parameters.

The map from parameters to what a run is given is plain NumPy and costs a hundredth of a run. Every draw's world is laid
out once more for each parameter, a little below and a little above; the inner product of that difference with the
derivatives of the reverse pass is the derivative by the parameter. A central difference of so smooth and cheap a map
is exact to about 1e-9.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import jax
import numpy as np
from numpy.typing import NDArray

from ytterby.run.base import Inputs
from ytterby.run.chain.forcing import Forced
from ytterby.run.chain.state import Constants, Forcing
from ytterby.run.draws import Parameter
from ytterby.run.gradient.adjoint import MOVED, Slopes

Floats = NDArray[np.float64]
Drawn = Mapping[str, Floats]

NUDGE = 1e-4
"""Relative step of a difference (of the spread where the value is 0)."""
AT_ONCE = 64
"""Worlds laid out at once."""


PATHS = ("licensing:", "event:", "path:")
"""Beginnings of the names of parameters that enter the forcing; all others enter the constants alone."""


def by_parameter(forced: Forced, drawn: Drawn, slopes: Slopes, names: Sequence[str] | None = None) -> dict[str, Floats]:
    """Derivative of the outcome by each parameter, in the outcome's unit per the parameter's, per draw.

    Args:
        forced: what makes inputs of parameters.
        drawn: the values the slopes were taken at, (draw,) each.
        slopes: of the reverse pass.
        names: which parameters; None is every one that is not certain.
    """
    wanted = [p for p in forced.parameters if (p.name in names if names is not None else p.kind != "point")]
    draws = len(slopes.value)
    found = {p.name: np.empty(draws) for p in wanted}
    for draw in range(draws):
        gradient = _at(slopes, draw)
        here = {name: float(values[draw]) for name, values in drawn.items()}
        forcing = forced.inputs({name: np.array([value]) for name, value in here.items()}).forcing
        for part in _parts(wanted):
            steps = np.array([nudge(p, here[p.name]) for p in part])
            columns = {name: np.full(2 * len(part), value) for name, value in here.items()}
            for k, p in enumerate(part):
                columns[p.name][k] -= steps[k]
                columns[p.name][len(part) + k] += steps[k]
            if part[0].name.startswith(PATHS):
                along = contract(gradient, forced.inputs(columns))
            else:
                along = contract(gradient, Inputs(forced.constants(columns, forcing), forcing))
            for k, p in enumerate(part):
                found[p.name][draw] = (along[len(part) + k] - along[k]) / (2.0 * steps[k])
    return found


def nudge(parameter: Parameter, value: float, size: float = NUDGE) -> float:
    """How far a parameter is moved to each side: `size` times its value, or its spread where that is larger or 0."""
    return size * max(abs(value), 0.1 * (parameter.high - parameter.low), 1e-12)


def contract(gradient: tuple[Constants, Mapping[str, Floats]], inputs: Inputs[Constants, Forcing]) -> Floats:
    """Inner product of derivatives (of one draw) with inputs (…, column): (column,).

    Entries that are not finite stand for "no limit" in every world and have no derivative.
    """
    constants, moved = gradient
    pairs = zip(jax.tree.leaves(constants), jax.tree.leaves(inputs.constants), strict=True)
    total: Any = sum(_inner(slope, values) for slope, values in pairs)
    # what all columns share adds nothing to a difference: its sum broadcasts as 0
    return np.asarray(total + sum(_inner(moved[name], getattr(inputs.forcing, name)) for name in MOVED))


def _inner(slope: Floats, values: Floats) -> Floats:
    flat = slope.reshape(-1)
    rows = np.flatnonzero(flat)
    if not rows.size:
        return np.zeros(values.shape[-1])
    picked = values.reshape(-1, values.shape[-1])[rows]
    # differences to the first column: what is the same in all columns would drown the last digits
    return np.asarray(flat[rows] @ np.where(np.isfinite(picked), picked - picked[:, :1], 0.0))


def _at(slopes: Slopes, draw: int) -> tuple[Constants, dict[str, Floats]]:
    constants = jax.tree.map(lambda a: a[..., draw], slopes.constants)
    return constants, {name: a[..., draw] for name, a in slopes.forcing.items()}


def _parts(items: Sequence[Parameter]) -> Iterator[Sequence[Parameter]]:
    """Those that enter the forcing and those that do not, apart, as many at once as are laid out."""
    for kind in (True, False):
        some = [p for p in items if p.name.startswith(PATHS) == kind]
        for first in range(0, len(some), AT_ONCE // 2):
            yield some[first : first + AT_ONCE // 2]
