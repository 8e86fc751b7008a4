"""Home to small real runs of every scenario, made once for all tests of the findings."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest

import ytterby
from ytterby import findings
from ytterby.evidence.claims import Claim
from ytterby.project import Project
from ytterby.report import Report
from ytterby.run import fits
from ytterby.run.hindcast import Hindcast
from ytterby.run.record import Run
from ytterby.world.network import Network

DRAWS = 8
UNTIL = "2025-06-30"
ENDS = {
    "april-2025": (2025, 9, 30),
    "baseline": (2025, 9, 30),
    "october-2025": (2026, 1, 31),
    "requisition": (2026, 12, 31),
    "robots-2050": (2027, 12, 31),
    "self-sufficiency": (2026, 12, 31),
}
FITTED = ("licensing:review_days", "licensing:grant_civil", "licensing:throughput_max")


@dataclass(frozen=True)
class Told:
    """A run with all that was made of it."""

    project: Project
    run: Run
    report: Report
    headline: list[str]
    hindcast: Hindcast | None
    hindcast_run: Run | None


def invented_fit() -> fits.Fitted:
    """A fit as `ytterby fit` keeps one, with scores of its own."""
    scores = np.random.default_rng(1).standard_normal((len(FITTED), 4))
    observed = {"name": "trade:export:CN:WLD:magnets:2025-05", "kind": "exports", "place": "WLD", "value": 1238.0}
    observed |= {"posterior": {"p05": 1100.0, "median": 1300.0, "p95": 1500.0}}
    about: dict[str, Any] = {"until": UNTIL, "members": 4, "rounds": 1, "discrepancy": 0.1, "observations": [observed]}
    return fits.Fitted("april-2025", FITTED, scores, about)


@pytest.fixture(scope="session")
def tell(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Told]:
    project = ytterby.init(tmp_path_factory.mktemp("findings") / "project")
    # the claims stay the same here, so a world of one day is built once
    claims_once, built = cache(project._claims), project._built
    worlds: dict[Any, Network] = {}

    def build(claims: list[Claim], day: datetime.date, path: Any) -> Network:
        if (day, path) not in worlds:
            worlds[day, path] = built(claims, day, path)
        return worlds[day, path]

    project.__dict__.update(_claims=claims_once, _built=build)
    fits.save(invented_fit(), project.path / "fits")

    @cache
    def make(name: str) -> Told:
        plan = project.scenario(name)
        update: dict[str, Any] = {"end": datetime.date(*ENDS[name]), "step_days": 14.0}
        if plan.fit is not None:
            update["fit"] = plan.fit.model_copy(update={"predict_until": "2025-09"})
        run = project._forecast(plan.model_copy(update=update), DRAWS, 0)
        made = project._hindcast_of(run, None)
        claims = project._claims()
        scored = None if made is None else project._scored(made, claims)
        network, fitted = project.world_of(run, claims), project.fit_of(run)
        report = findings.compose(run, claims, network, scored, hindcast_run=made, fitted=fitted)
        lines = findings.headline(run, claims, network, scored, fitted=fitted)
        return Told(project, run, report, lines, scored, made)

    return make
