"""Home to the hindcast: fitting a scenario's licensing on what was known, and scoring what it said of later months."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytterby.run import scoring
from ytterby.run.chain.forcing import force
from ytterby.run.chain.model import Chain
from ytterby.run.draws import Parameter, draw, generator
from ytterby.run.ensemble import Engine, Progress
from ytterby.run.fits import Fitted
from ytterby.run.observations import Observation, Statement, best, gather, inside, predicted, unscale
from ytterby.run.periods import by_step
from ytterby.run.record import Run
from ytterby.run.smoother import assimilate
from ytterby.terms.errors import BadValue
from ytterby.world.network import Network
from ytterby.world.scenarios import Scenario

Floats = NDArray[np.float64]

MEMBERS = 256
ROUNDS = 4
ALSO = tuple(
    f"behaviour:{name}" for name in ("stop_spread", "festival_rush", "handling_days", "prepare_days", "price_alarm")
)
LEAST_DISCREPANCY = 0.05
"""What no fit to three months may claim to do better than: rounding, reprints, days of customs clearance."""


def fit(
    network: Network,
    scenario: Scenario,
    claims: Iterable[Statement],
    *,
    members: int = MEMBERS,
    rounds: int = ROUNDS,
    seed: int = 0,
    progress: Progress | None = None,
) -> Fitted:
    """Fit the licensing parameters of a scenario on its own observations, none of them about a day after `fit.until`.

    The scenario is taken as one could have written it on that day: later events and clauses are left out.

    Raises:
        BadValue: the scenario names no observations, or one that is too late.
        UnknownName: an observation nobody made.
    """
    plan = scenario.fit
    if plan is None:
        raise BadValue(f"scenario {scenario.id} has no 'fit'", place=scenario.id, remedy="say what it may be fitted on")
    observed = gather(claims, plan.observations, plan.until)
    past = scenario.at(plan.until).model_copy(update={"end": plan.until, "levers": ()})
    forced = force(network, past)
    model = Chain(forced)
    engine = Engine(model, by_step(model.grid))
    labels = {s.name: s.labels for s in model.series()}
    names = tuple(p.name for p in model.parameters() if _fitted(p))
    known = {p.name: p for p in model.parameters()}
    others = draw(model.parameters(), seed, members)
    start = np.stack([generator(seed, f"fit:{name}").standard_normal(members) for name in names])

    def predict(scores: Floats, round_: int) -> Floats:
        values = others | {
            name: known[name].from_normal(np.clip(row, -3.0, 3.0)) for name, row in zip(names, scores, strict=True)
        }
        said = predicted(observed, engine.chunk(values, 0, members).series, labels, model.grid)
        if progress:
            progress(round_ + 1, rounds + 1)
        return said

    target = np.array([o.scaled for o in observed])
    error = np.array([o.error for o in observed])
    scores, before, after = assimilate(start, predict, target, error, rounds, generator(seed, "fit:noise"))
    return Fitted(
        scenario.id,
        names,
        np.clip(scores, -3.0, 3.0),
        {
            "until": plan.until.isoformat(),
            "members": members,
            "rounds": rounds,
            "seed": seed,
            "prior": hashlib.sha256(scenario.licensing.model_dump_json().encode()).hexdigest()[:16],
            "discrepancy": discrepancy(observed, after),
            "observations": [_told(o, b, a) for o, b, a in zip(observed, before, after, strict=True)],
        },
    )


def _fitted(p: Parameter) -> bool:
    """The licensing block, and what the observations say of buyers: when first lines stop, how January orders run."""
    free = p.kind != "point" and p.low < p.high
    return free and (p.name.startswith("licensing:") or p.name in ALSO)


def discrepancy(observed: Iterable[Observation], said: Floats) -> float:
    """Root mean square of ln(observed / median) over the fitted world totals, at least LEAST_DISCREPANCY."""
    gaps = [
        o.scaled - float(np.median(s))
        for o, s in zip(observed, said, strict=True)
        if o.kind == "exports" and o.place == "WLD"
    ]
    return max(LEAST_DISCREPANCY, float(np.sqrt(np.mean(np.square(gaps)))) if gaps else 0.0)


def _told(o: Observation, before: Floats, after: Floats) -> dict[str, Any]:
    """An observation beside what prior and posterior say of it, on its own scale."""

    def own(values: Floats) -> dict[str, float]:
        points = unscale(o.kind, np.quantile(values, [0.05, 0.5, 0.95]))
        return {name: round(float(v), 4) for name, v in zip(("p05", "median", "p95"), points, strict=True)}

    stated = {key: str(value) if key in ("first", "last") else value for key, value in asdict(o).items()}
    return {**stated, "prior": own(before), "posterior": own(after)}


@dataclass(frozen=True)
class Hindcast:
    """What a fitted run said of each month, what happened, and how that scores."""

    rows: list[dict[str, Any]]
    scores: dict[str, scoring.Score]


def hindcast(
    run: Run, claims: Iterable[Statement], places: Iterable[str] = ("WLD", "US", "DE", "EU", "JP")
) -> Hindcast:
    """Predicted median and 90 % band of each month and destination, beside what was observed and two naive forecasts.

    `last year` repeats the same month of the year before; `last month` repeats the last month before the forecast was
    made. Both know no more than the forecast did.
    """
    about = run.info.get("fit_about") or {}
    until = str(about.get("until", ""))[:7]
    noise = float(about.get("discrepancy", LEAST_DISCREPANCY))
    seen = {name: float(c.value or 0.0) for name, c in best(claims).items() if name.startswith("trade:export:CN:")}
    rows, samples, truths = [], [], []
    naive: dict[str, list[float]] = {"last year": [], "last month": []}
    for place in places:
        for k, month in enumerate(run.info["periods"]):
            if not run.info["complete"][k]:
                continue
            sample = _sample(run, place, k, noise)
            observed = seen.get(_name(place, month), np.nan)
            last_year = seen.get(_name(place, f"{int(month[:4]) - 1}{month[4:]}"), np.nan)
            last_month = seen.get(_name(place, until), np.nan)
            low, mid, high = np.quantile(sample, [0.05, 0.5, 0.95])
            predicted_ = month > until
            rows.append(
                {
                    "period": month,
                    "destination": place,
                    "phase": "predicted" if predicted_ else "fitted",
                    "p05": float(low),
                    "median": float(mid),
                    "p95": float(high),
                    "observed": _or_none(observed),
                    "last_year": _or_none(last_year),
                    "last_month": _or_none(last_month) if predicted_ else None,
                    "error": _or_none((mid - observed) / observed),
                    "inside": None if np.isnan(observed) else bool(low <= observed <= high),
                    "unit": "t",
                }
            )
            if place == "WLD" and predicted_:
                samples.append(sample)
                truths.append(observed)
                naive["last year"].append(last_year)
                naive["last month"].append(last_month)
    return Hindcast(rows, _scores(samples, truths, naive))


def _scores(samples: list[Floats], truths: list[float], naive: Mapping[str, list[float]]) -> dict[str, scoring.Score]:
    if not samples:
        return {}
    truth = np.array(truths)
    made = {"ytterby": scoring.score(np.stack(samples), truth)}
    for name, values in naive.items():
        # a naive forecaster is scored where it has something to say
        guess = np.array(values)
        made[name] = scoring.score(guess[:, None], np.where(np.isfinite(guess), truth, np.nan))
    return made


def _sample(run: Run, place: str, period: int, noise: float) -> Floats:
    """Draws of a month's magnet exports to a place, with what the model cannot explain on top (draw,)."""
    labels = [label.split("|") for label in run.labels("exports")]
    rows = [
        k for k, (region, material) in enumerate(labels) if material.startswith("magnet.") and inside(place, region)
    ]
    amount = _exports(run)[rows, period].sum(axis=0).astype(float)
    stream = generator(int(run.info["seed"]), f"discrepancy:{place}:{period}")
    return np.asarray(amount * np.exp(noise * stream.standard_normal(len(amount))))


def _exports(run: Run) -> NDArray[np.float32]:
    return run.array("exports")


def _name(place: str, month: str) -> str:
    return f"trade:export:CN:{place}:magnets:{month}"


def _or_none(value: float) -> float | None:
    return None if not np.isfinite(value) else float(value)
