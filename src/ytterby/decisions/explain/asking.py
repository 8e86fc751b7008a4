"""Home to the question itself: one outcome of a scenario, everything that moves it, and the answer as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytterby.decisions.explain import naming
from ytterby.decisions.explain.effects import Effect, effects
from ytterby.decisions.explain.inputs import Input, inputs, middle_world, values
from ytterby.decisions.explain.sentences import Sentence, sentences
from ytterby.decisions.explain.sobol import Index, sobol
from ytterby.decisions.explain.worth import Best, of_lack, of_readiness, worth
from ytterby.rules.clauses import Instrument
from ytterby.run import fits
from ytterby.run.chain.forcing import force
from ytterby.run.chain.model import Chain
from ytterby.run.draws import draw
from ytterby.run.engines.contract import Machines
from ytterby.run.ensemble import Progress
from ytterby.run.fits import Fitted
from ytterby.run.gradient.adjoint import WIDTH, Adjoint
from ytterby.run.gradient.many import Many
from ytterby.run.gradient.named import objective
from ytterby.run.gradient.numbers import Numbers, numbers
from ytterby.run.gradient.objective import Asked, Objective
from ytterby.run.gradient.stops import LineStop
from ytterby.run.gradient.tangents import by_parameter
from ytterby.world import scenarios
from ytterby.world.network import Network
from ytterby.world.scenarios import Scenario

Floats = NDArray[np.float64]
COMPILING = 40
"""Share of the work, in draws, that compiling the reverse pass is told as."""
CANDIDATES = 12
NUMBERS = 60


@dataclass(frozen=True, slots=True)
class Plan:
    """How thoroughly it is asked."""

    slopes: int = 15
    """Draws, beside the middle world, in which slopes are taken."""
    draws: int = 256
    """Draws of the hard model for the outcome's spread and the worth of knowing."""
    sobol: int = 0
    """Samples of the Sobol sequence, a power of two; 0 asks for no indices."""
    candidates: int = CANDIDATES
    """Inputs that Sobol indices are taken of, those that move most."""
    seed: int = 0


@dataclass(frozen=True)
class Explained:
    """What moves an outcome."""

    asked: Asked
    objective: Objective
    network: Network
    middle: float
    """The outcome of the hard model in the middle world."""
    smooth: float
    """The same in the smooth form that slopes are taken in."""
    outcome: Floats
    """The hard model's (draw,)."""
    effects: tuple[Effect, ...]
    sentences: tuple[Sentence, ...]
    numbers: tuple[Numbers, ...]
    indices: tuple[Index, ...]
    worth: Mapping[str, float]
    controls: str
    """First day of the licences (ISO), empty without."""
    start: str
    """First day of the run (ISO)."""

    @property
    def count(self) -> int:
        """How many derivatives the pass gave: of drawn inputs and of numbers of the network."""
        return len(self.effects) + sum(len(one.labels) for one in self.numbers)

    @property
    def agreed(self) -> int:
        """How many of the first ten by effect are among the first ten by total Sobol index."""
        ten = {one.name for one in self.indices[:10]}
        return len(ten & {one.input.name for one in self.effects[:10]})


def explain(
    network: Network,
    scenario: Scenario,
    asked: Asked,
    plan: Plan = Plan(),
    *,
    fitted: Fitted | None = None,
    instruments: Sequence[Instrument] | None = None,
    claims_of: Mapping[str, tuple[tuple[str, float], ...]] | None = None,
    progress: Progress | None = None,
    machines: Machines | None = None,
) -> Explained:
    """Everything that moves an outcome of a scenario.

    Args:
        network: the world.
        scenario: the scenario.
        asked: the outcome.
        plan: how many draws, and whether Sobol indices too.
        fitted: posterior of the licensing, as for a forecast.
        instruments: the law; None is the package's.
        claims_of: (claim, weight) of the weighed parameters, for inputs that a scenario takes from one.
        progress: called with draws done and draws to do.
        machines: where the hard model's draws and samples are simulated (this process); it changes no bit.

    Raises:
        InputError: the outcome, a number or a name is refused.
    """
    forced = force(network, scenario, None if instruments is None else tuple(instruments))
    soft = Chain(forced, width=WIDTH)
    wanted, asked = objective(soft, asked)
    found = inputs(forced.parameters, fitted)
    told = _Told(progress, COMPILING + plan.draws + (plan.sobol * (plan.candidates + 2)))
    drawn, middle = _drawn(forced.parameters, fitted, plan.draws, plan.seed), middle_world(forced.parameters, found)
    few = _drawn(forced.parameters, fitted, plan.slopes, plan.seed)

    adjoint = Adjoint(soft, wanted)
    together = values(few, middle)
    slopes = adjoint.slopes(together)
    told.more(COMPILING // 2)
    by = by_parameter(forced, together, slopes, [one.name for one in found])
    ranked = effects(found, by, few, plan.seed)
    parts = numbers(forced, forced.inputs({k: v[:1] for k, v in together.items()}), slopes)
    told.more(COMPILING - COMPILING // 2)

    hard = Many(Adjoint(replace(soft, width=0.0), wanted), machines)
    centre = float(hard.values(middle, 1)[0])
    outcome = hard.values(drawn, plan.draws, told.more)
    indices: tuple[Index, ...] = ()
    if plan.sobol:
        candidates = [one.input for one in ranked[: plan.candidates]]
        indices = sobol(candidates, lambda moved: _moved(hard, middle, moved, told), plan.sobol, plan.seed)
    known = worth(outcome, {one.name: drawn[one.name] for one in found}, _best(asked), plan.seed)
    extra = _extra(scenario, found, claims_of or {})
    day = forced.controls_from
    return Explained(
        asked, wanted, network, centre, float(slopes.value[0]), outcome, ranked, sentences(ranked, extra), parts,
        indices, known, day.isoformat() if day else "", forced.grid.start.isoformat(),
    )  # fmt: skip


def _best(asked: Asked) -> Best:
    """What it costs not to know: a lack is prepared for from above, a day or an amount from below."""
    return of_lack if asked.metric in ("shortfall", "price") or asked.goal else of_readiness


def _drawn(parameters: Sequence[Any], fitted: Fitted | None, draws: int, seed: int) -> dict[str, Floats]:
    drawn = draw(parameters, seed, draws)
    return drawn | (fits.values(fitted, parameters, draws) if fitted is not None else {})


def _moved(hard: Many, middle: Mapping[str, Floats], moved: Mapping[str, Floats], told: _Told) -> Floats:
    rows = len(next(iter(moved.values())))
    return hard.values({name: np.repeat(v, rows) for name, v in middle.items()} | dict(moved), rows, told.more)


def _extra(
    scenario: Scenario, found: Sequence[Input], claims_of: Mapping[str, tuple[tuple[str, float], ...]]
) -> dict[str, tuple[tuple[str, float], ...]]:
    """The claims of inputs that the scenario takes from a weighed parameter, by input."""
    spreads = scenarios.spreads(scenario)
    names = {one.name: spreads[one.name].parameter for one in found if one.name in spreads}
    return {name: claims_of[parameter] for name, parameter in names.items() if parameter in claims_of}


class _Told:
    """Counts what is done."""

    def __init__(self, progress: Progress | None, whole: int) -> None:
        self.progress, self.whole, self.done = progress, whole, 0
        self.more(0)

    def more(self, done: int) -> None:
        """So many more are done."""
        self.done += done
        if self.progress:
            self.progress(min(self.done, self.whole), self.whole)


def never(found: Explained) -> float:
    """Share of the draws in which what is asked for never comes."""
    if not isinstance(found.objective, LineStop):
        return 0.0
    return float(np.mean(found.outcome >= found.objective.never - 1e-6))


def to_dict(found: Explained) -> dict[str, Any]:
    """The answer as plain data, as it is kept."""
    unit = found.objective.unit
    named = {one.input.name for one in found.effects}
    extra = {name for one in found.sentences for name, _ in one.figures if name in named}
    return {
        "asked": found.asked.to_dict(),
        "unit": unit,
        "start": found.start,
        "controls_from": found.controls,
        "middle": found.middle,
        "smooth": found.smooth,
        "draws": {str(q): float(np.quantile(found.outcome, q / 100.0)) for q in (5, 25, 50, 75, 95)},
        "never": never(found),
        "count": found.count,
        "inputs": [
            one.to_dict() | {"worth": found.worth[one.input.name], "sourced": one.input.name in extra}
            for one in found.effects
        ],
        "sentences": [one.to_dict() for one in found.sentences],
        "numbers": naming.largest(found.numbers, found.network, NUMBERS, 1e-6 * abs(found.middle)),
        "kinds": {one.kind: len(one.labels) for one in found.numbers},
        "sobol": [one.to_dict() for one in found.indices],
        "agreed": found.agreed if found.indices else None,
    }
