"""Home to the measure of explain: slopes against differences, the reverse pass against a forward run, against Sobol."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from ytterby.decisions.explain.asking import Plan, explain
from ytterby.decisions.explain.inputs import inputs, middle_world
from ytterby.project import Project
from ytterby.run.chain.forcing import Forced, force
from ytterby.run.chain.model import Chain
from ytterby.run.draws import Parameter
from ytterby.run.gradient.adjoint import WIDTH, Adjoint
from ytterby.run.gradient.named import objective
from ytterby.run.gradient.numbers import numbers
from ytterby.run.gradient.objective import Asked
from ytterby.run.gradient.tangents import by_parameter, nudge
from ytterby.world import scenarios
from ytterby.world.network import Network

Floats = np.ndarray[Any, np.dtype[np.float64]]
CHECKED = 50
STENCIL = np.array([1.0, -8.0, 8.0, -1.0]) / 12.0
PLACES = np.array([-2.0, -1.0, 1.0, 2.0])
STEPS = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2)
"""Relative steps; a weak input needs a long one, or rounding of the run drowns its difference."""
WIDE = 32
FINE = 3e-7
"""Relative error of a difference that can still tell whether a slope is right to 1e-6."""
AT_ONCE = 16
LATE = "2030"
"""Year whose exports are looked at: five years of steps lie before it, and most inputs have a say in it."""


def rows(project: Project, scenario: str = "baseline", samples: int = 64) -> list[dict[str, Any]]:
    """Every figure that explain must show, one a row: what, value, unit, bound."""
    plan = project.scenario(scenario)
    network = project.network_of(plan)
    law = tuple(scenarios.instruments(plan, project.path))
    forced = force(network, plan, law)
    model = Chain(forced, width=WIDTH)
    adjoint = Adjoint(model, objective(model, Asked("exports", when=LATE))[0])
    middle = middle_world(forced.parameters, inputs(forced.parameters, None))
    worst, passed = agreement(adjoint, forced, middle)
    ratio = backward(adjoint, middle)
    slopes = adjoint.slopes(middle)
    many = sum(len(one.labels) for one in numbers(forced, forced.inputs(middle), slopes))
    drawn = sum(p.kind != "point" for p in forced.parameters)
    agreed = against_sobol(project, network, plan, law, samples)
    return [
        {"what": f"slopes against differences, worst of {CHECKED} random inputs ({passed} not resolved)",
         "value": worst, "unit": "relative", "bound": "<= 1e-6"},
        {"what": "reverse pass over forward run, same world", "value": ratio, "unit": "times", "bound": "<= 5"},
        {"what": "slopes in one pass", "value": drawn + many, "unit": "", "bound": ">= 500"},
        {"what": "first ten by slope among first ten by total Sobol index of 20", "value": agreed, "unit": "of 10",
         "bound": ">= 7"},
    ]  # fmt: skip


def agreement(adjoint: Adjoint, forced: Forced, middle: dict[str, Floats], seed: int = 0) -> tuple[float, int]:
    """Worst relative difference between slopes and central differences of the whole smooth run, and inputs passed over.

    Inputs are taken at random until `CHECKED` are resolved. Differences are of the fourth order at several steps; each
    input takes the step from which the next one differs least, without a look at the slope. That difference, or the
    rounding of the outcome over the step if that is more, is the error of the difference itself; where it is more than
    `FINE` of the slope the input is passed over: it hardly moves the outcome, or stands at a kink.
    """
    found = by_parameter(forced, middle, adjoint.slopes(middle))
    live = [p for p in forced.parameters if p.kind != "point"]
    order = [live[k] for k in np.random.default_rng(seed).permutation(len(live))]
    rounding = 4.0 * np.finfo(float).eps * abs(float(adjoint.values(middle)[0]))
    errors: list[float] = []
    passed = 0
    for first in range(0, len(order), AT_ONCE):
        chosen = order[first : first + AT_ONCE]
        told = np.stack([_differences(adjoint, middle, chosen, size) for size in STEPS])
        for k, p in enumerate(chosen):
            noise = np.array([rounding / nudge(p, float(middle[p.name][0]), size) for size in STEPS[:-1]])
            own = np.maximum(np.abs(np.diff(told[:, k])), noise)
            best = int(np.argmin(own))
            value = float(told[best, k])
            if own[best] > FINE * abs(value):
                passed += 1
            elif len(errors) < CHECKED:
                errors.append(abs(float(found[p.name][0]) - value) / abs(value))
        if len(errors) == CHECKED:
            break
    return max(errors), passed


def _differences(adjoint: Adjoint, middle: dict[str, Floats], chosen: list[Parameter], size: float) -> Floats:
    moves = [(p.name, float(k) * nudge(p, float(middle[p.name][0]), size)) for p in chosen for k in PLACES]
    values = []
    for first in range(0, len(moves), WIDE):
        part = moves[first : first + WIDE]
        drawn = {name: np.full(WIDE, v[0]) for name, v in middle.items()}
        for column, (name, by) in enumerate(part):
            drawn[name][column] += by
        values.append(adjoint.values(drawn)[: len(part)])
    steps = np.array([nudge(p, float(middle[p.name][0]), size) for p in chosen])
    return np.asarray(np.concatenate(values).reshape(len(chosen), -1) @ STENCIL / steps)


def backward(adjoint: Adjoint, drawn: dict[str, Floats], times: int = 5) -> float:
    """CPU time of a reverse pass (forward included) over that of a forward run of the same world, least of some."""
    return _least(lambda: adjoint.slopes(drawn), times) / _least(lambda: adjoint.values(drawn), times)


def _least(do: Callable[[], object], times: int) -> float:
    do()
    spent = []
    for _ in range(times):
        began = time.process_time()
        do()
        spent.append(time.process_time() - began)
    return min(spent)


def against_sobol(project: Project, network: Network, plan: Any, law: tuple[Any, ...], samples: int) -> int:
    """How many of the first ten inputs by slope are among the first ten by total Sobol index of twenty candidates."""
    found = explain(
        network, plan, Asked("exports"), Plan(draws=64, sobol=samples, candidates=20),
        fitted=project._fitted(plan), instruments=law,
    )  # fmt: skip
    return found.agreed
