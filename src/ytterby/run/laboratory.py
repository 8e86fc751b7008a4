"""Home to the laboratory: a scenario as a function from parameters to outcomes, for whoever designs experiments.

Sensitivity packages and exploratory workbenches bring their own designs and ask for a model as a function: this is it,
for one experiment or for thousands at once, simulated in the ensemble's chunks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, final

import numpy as np
from numpy.typing import NDArray

from ytterby.run.chain.model import Chain
from ytterby.run.draws import CHUNK, Parameter
from ytterby.run.ensemble import Engine, Folded, Progress, in_chunks
from ytterby.run.lines import THRESHOLDS
from ytterby.terms.errors import BadValue, UnknownName

if TYPE_CHECKING:
    from ytterby.run.engines.contract import Machines

Floats = NDArray[np.float64]

DAYS = tuple(f"first_{name}" for name in THRESHOLDS)
"""Outcomes in days from the run's start; a line that never stops counts as stopping when the run ends."""


@final
class Laboratory:
    """A scenario ready for experiments.

    Args:
        model: the chain under a scenario.
        outcomes: ``SERIES:ROW`` is a series of `run.chain.observe` over the whole run, summed where it is a flow and
            averaged where it is a level or a ratio; ``first_slow:GROUP`` and ``first_half:GROUP`` are days from the
            start to the first step below 95 % and 50 %; ``missed:GROUP`` is units wanted and not built.
        machines: where experiments are simulated, taken already (``with chosen("ray", workers=8) as machines``); this
            machine without any. They change no bit.

    Raises:
        BadValue: no outcome.
        UnknownName: a series, row or group that the model does not have.
    """

    def __init__(self, model: Chain, outcomes: Sequence[str], machines: Machines | None = None) -> None:
        if not outcomes:
            raise BadValue("no outcome is asked for", place="laboratory", remedy="name one, as output:car.bev.US")
        self.model = model
        self.outcomes = tuple(outcomes)
        self._labels = {one.name: one.labels for one in model.series()}
        self._kinds = {one.name: one.kind for one in model.series()}
        for name in self.outcomes:
            self._find(name)
        self._engine = Engine(model)
        self._machines = machines

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The uncertain parameters: those that are not certain."""
        return tuple(one for one in self.model.parameters() if one.kind != "point" and one.low < one.high)

    def problem(self, names: Sequence[str] = ()) -> dict[str, Any]:
        """The problem as SALib wants it, over probabilities: every name runs from 0 to 1 (see `from_probabilities`).

        Args:
            names: the parameters to vary; all of them without it.
        """
        known = {one.name for one in self.parameters}
        for name in names:
            if name not in known:
                raise UnknownName(name, known=known, what="uncertain parameter", place=self.model.forced.scenario.id)
        chosen = list(names) or [one.name for one in self.parameters]
        return {"num_vars": len(chosen), "names": chosen, "bounds": [[0.0, 1.0]] * len(chosen)}

    def from_probabilities(self, problem: Mapping[str, Any], points: Floats) -> dict[str, Floats]:
        """Values of each parameter at a design's `points` (experiment, parameter) between 0 and 1."""
        by_name = {one.name: one for one in self.parameters}
        # the quantile of 0 or 1 may be infinite
        inside = np.clip(points, 1e-9, 1.0 - 1e-9)
        return {name: by_name[name].quantile(inside[:, k]) for k, name in enumerate(problem["names"])}

    def evaluate(self, values: Mapping[str, Floats], progress: Progress | None = None) -> dict[str, Floats]:
        """Outcomes (experiment,) by name, of values (experiment,) by parameter; what is not named stays at its median.

        Raises:
            UnknownName: a parameter the scenario does not have.
            BadValue: no experiment, a value that is no number, or parameters with different numbers of experiments.
            RunError: the machines were given back, or their workers were lost again and again.
        """
        experiments = self._checked(values)
        drawn = {one.name: np.full(experiments, one.median) for one in self.model.parameters()}
        drawn |= {name: np.asarray(given, dtype=np.float64) for name, given in values.items()}
        width = min(CHUNK, experiments)
        chunks = in_chunks(self._engine, drawn, experiments, width, machines=self._machines, progress=progress)
        parts = list(chunks)
        return {name: self._outcome(name, parts) for name in self.outcomes}

    def __call__(self, **values: float) -> dict[str, float]:
        """Outcomes of one experiment."""
        found = self.evaluate({name: np.array([value]) for name, value in values.items()})
        return {name: float(outcome[0]) for name, outcome in found.items()}

    def _checked(self, values: Mapping[str, Floats]) -> int:
        place = f"experiments on {self.model.forced.scenario.id}"
        known = {one.name for one in self.model.parameters()}
        for name, given in values.items():
            if name not in known:
                raise UnknownName(name, known=known, what="parameter", place=place)
            if not np.isfinite(given).all():
                raise BadValue(f"a value of {name} is no number", place=place, remedy="give finite numbers")
        counts = {name: len(given) for name, given in values.items()}
        if len(set(counts.values())) > 1:
            (one, few), (other, many) = sorted(counts.items(), key=lambda item: item[1])[:: len(counts) - 1]
            cause = f"{one} has {few} values and {other} has {many}"
            raise BadValue(cause, place=place, remedy="give one value per experiment")
        experiments = next(iter(counts.values()), 1)
        if not experiments:
            raise BadValue("no experiment", place=place, remedy="give at least one")
        return experiments

    def _find(self, name: str) -> tuple[str, int]:
        series, _, row = name.partition(":")
        groups = self._labels["output"]
        rows = groups if series in (*DAYS, "missed") else self._labels.get(series)
        if rows is None:
            known = (*self._labels, *DAYS, "missed")
            raise UnknownName(series, known=known, what="series", place=f"outcome '{name}'")
        if row not in rows:
            raise UnknownName(row, known=rows, what=f"row of {series}", place=f"outcome '{name}'")
        return series, rows.index(row)

    def _outcome(self, name: str, parts: Sequence[Folded]) -> Floats:
        series, row = self._find(name)
        if series in DAYS:
            days = np.concatenate([part.lines.first[series.removeprefix("first_")][row] for part in parts])
            return np.asarray(np.minimum(days, self.model.grid.steps * self.model.grid.days), dtype=np.float64)
        if series == "missed":
            return np.asarray(np.concatenate([part.lines.lost[row] for part in parts]), dtype=np.float64)
        values = np.concatenate([part.series[series][row] for part in parts], axis=-1).astype(np.float64)
        # period means weigh alike: the short last period of a run hardly moves them
        return values.sum(axis=0) if self._kinds[series] == "flow" else values.mean(axis=0)
