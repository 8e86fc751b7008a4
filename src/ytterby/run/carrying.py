"""Home to carrying a fit on: what was observed since moves the posterior that is there, without fitting all over again.

The ensemble of a fit is the prior, the new observations are taken in by the same smoother, and the scenario is run once
per round up to the last day observed. With normal errors and a linear model that is the fit to old and new together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytterby.rules.clauses import Instrument
from ytterby.run.chain.forcing import force
from ytterby.run.chain.model import Chain
from ytterby.run.draws import draw, generator
from ytterby.run.ensemble import Engine, Progress
from ytterby.run.fits import Fitted
from ytterby.run.observations import Observation, predicted, unscale
from ytterby.run.periods import by_step
from ytterby.run.smoother import assimilate
from ytterby.terms.errors import BadValue
from ytterby.world.network import Network
from ytterby.world.scenarios import Scenario

Floats = NDArray[np.float64]

ROUNDS = 2
"""Times the observations are taken in: few of them move little at once."""


def carry(
    network: Network,
    scenario: Scenario,
    fitted: Fitted,
    observed: Sequence[Observation],
    *,
    instruments: Iterable[Instrument] | None = None,
    rounds: int = ROUNDS,
    seed: int = 0,
    progress: Progress | None = None,
) -> Fitted:
    """The fit after some more observations.

    Args:
        network: the world, as known now.
        scenario: which one is run up to the last day observed, without levers.
        fitted: the fit so far; its members are kept, one for one.
        observed: what was seen since; see `observations.read`.
        instruments: the law; None is the package's, as the scenario chooses from it.
        rounds: see `smoother.assimilate`.
        seed: of everything that is not fitted, and of the smoother's noise.
        progress: called with rounds done and rounds in all.

    Raises:
        BadValue: nothing observed, or on a day before the scenario begins.
    """
    early = [o.name for o in observed if o.last <= scenario.start]
    if not observed or early:
        what = f"{early[0]} lies before the start {scenario.start}" if early else "nothing was observed"
        raise BadValue(what, place=f"scenario {scenario.id}", remedy="carry on with a day inside the scenario")
    last = max(o.last for o in observed)
    past = scenario.model_copy(update={"end": last + timedelta(days=scenario.step_days), "levers": ()})
    model = Chain(force(network, past, None if instruments is None else tuple(instruments)))
    engine = Engine(model, by_step(model.grid))
    labels = {s.name: s.labels for s in model.series()}
    known = {p.name: p for p in model.parameters()}
    members = fitted.scores.shape[1]
    others = draw(model.parameters(), seed, members)

    def predict(scores: Floats, round_: int) -> Floats:
        values = others | {
            name: known[name].from_normal(np.clip(row, -3.0, 3.0))
            for name, row in zip(fitted.names, scores, strict=True)
            if name in known
        }
        said = predicted(observed, engine.chunk(values, 0, members).series, labels, model.grid)
        if progress:
            progress(round_ + 1, rounds + 1)
        return said

    target = np.array([o.scaled for o in observed])
    error = np.array([o.error for o in observed])
    noise = generator(seed, f"carry:{fitted.hash}:{name_of(observed)}")
    scores, before, after = assimilate(fitted.scores, predict, target, error, rounds, noise)
    about = {
        **fitted.about,
        "until": max(str(fitted.about.get("until", "")), last.isoformat()),
        "carried_from": fitted.hash,
        "carried_on": [_told(o, b, a) for o, b, a in zip(observed, before, after, strict=True)],
    }
    return Fitted(fitted.scenario, fitted.names, np.clip(scores, -3.0, 3.0), about)


def name(fitted: Fitted, scenario: Scenario, observed: Sequence[Observation]) -> str:
    """Twelve hex digits that name a fit carried on: the same for the same fit, licensing and observations."""
    said = f"{fitted.hash}|{scenario.id}|{scenario.licensing.model_dump_json()}|{name_of(observed)}|{ROUNDS}"
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def name_of(observed: Sequence[Observation]) -> str:
    """What was observed, in one line that is the same in any order."""
    return ";".join(sorted(f"{o.claim}:{o.name}:{o.place}:{o.last}:{o.value:.6g}:{o.error:.4g}" for o in observed))


def _told(o: Observation, before: Floats, after: Floats) -> dict[str, Any]:
    def own(values: Floats) -> dict[str, float]:
        points = unscale(o.kind, np.quantile(values, [0.05, 0.5, 0.95]))
        return {label: round(float(v), 4) for label, v in zip(("p05", "median", "p95"), points, strict=True)}

    stated = {"name": o.name, "claim": o.claim, "kind": o.kind, "place": o.place, "last": o.last.isoformat()}
    return {**stated, "value": o.value, "error": round(o.error, 4), "before": own(before), "after": own(after)}
