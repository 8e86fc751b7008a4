"""Home to a hedge on file: what was asked, what it was made from, and the answer put together."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ytterby.decisions import kept
from ytterby.decisions.hedge import answer, arrivals, case, programme
from ytterby.decisions.hedge.arrivals import Outlook
from ytterby.decisions.hedge.company import Company
from ytterby.decisions.hedge.drivers import drivers
from ytterby.decisions.hedge.solver import installed
from ytterby.decisions.kept import Decision
from ytterby.rules.clauses import Instrument
from ytterby.run import fits, record
from ytterby.run.chain.forcing import force
from ytterby.run.draws import draw
from ytterby.run.fits import Fitted
from ytterby.run.record import Run
from ytterby.run.trials import Trial
from ytterby.terms.errors import BadValue, RunError
from ytterby.world.network import Network
from ytterby.world.scenarios import Scenario

Progress = Callable[[int, int], None]
Tried = Callable[[tuple[Scenario, Scenario], int, Progress], list[Trial]]
"""Two scenarios tried for a seed, progress told."""


@dataclass(frozen=True, slots=True)
class Asked:
    """All that was asked."""

    company: Company
    scenario: Scenario
    draws: int
    seed: int
    keep: int
    points: int
    run: str = ""
    """The run whose draws these are, where one was named."""


def question(
    company: Company, scenario: Scenario, *, draws: int, seed: int, keep: int, points: int, run: str = "",
    cvar: float | None = None, budget: float | None = None,
) -> Asked:  # fmt: skip
    """What is asked, checked.

    Args:
        company: the buyer.
        scenario: whose draws she faces.
        draws: worlds.
        seed: of the draws.
        keep: draws the programme is solved on.
        points: budgets along the frontier.
        run: id of a run.
        cvar: takes the place of the file's alpha.
        budget: takes the place of the file's cash, USD.

    Raises:
        InputError: a number out of range, a plan outside of the scenario, no solver.
    """
    installed()
    changed: dict[str, Any] = {}
    if cvar is not None:
        if not 0.0 <= cvar < 1.0:
            raise BadValue(f"a tail of {cvar!r}", place="cvar of the hedge", remedy="give 0 or more, below 1, e.g. 0.9")
        changed["risk"] = company.risk.model_copy(update={"alpha": float(cvar)})
    if budget is not None:
        if not (math.isfinite(budget) and budget >= 0.0):
            raise BadValue(f"a budget of {budget!r}", place="budget of the hedge", remedy="give USD, 0 or more")
        changed["cash"] = float(budget)
    if points > 25:
        raise BadValue(f"{points} budgets along the frontier", place="frontier of the hedge", remedy="give 0 to 25")
    told = company.model_copy(update=changed) if changed else company
    return Asked(told, arrivals.within(scenario, told), draws, seed, keep, points, run)


def of_run(run: Run) -> tuple[Scenario, int, int]:
    """Scenario, draws and seed of a run."""
    return Scenario.model_validate(run.info["scenario_document"]), run.draws, int(run.info["seed"])


def same_world(run: Run, network: Network, fit: str) -> None:
    """Refuse a run whose draws can no longer be made again.

    Raises:
        RunError: the world, the fit or the code have changed since.
    """
    changed = [
        what
        for what, then, now in (
            ("world", run.info["network"], record.fingerprint(network)),
            ("fit", run.info.get("fit", ""), fit),
            ("code", run.info["code"], record.code()),
        )
        if then != now
    ]
    if changed:
        raise RunError(
            f"{' and '.join(changed)} changed since the run was made",
            place=f"run {run.id}", remedy=f"run it again: ytterby run {run.scenario} --draws {run.draws}",
        )  # fmt: skip


def inputs(asked: Asked, network: Network, claims: str, fit: str) -> dict[str, Any]:
    """What an answer is made from, by hash where it is long."""
    return {
        "company": asked.company.id,
        "company_hash": _hash(asked.company.model_dump_json()),
        "scenario": asked.scenario.id,
        "scenario_hash": _hash(asked.scenario.model_dump_json()),
        "network": record.fingerprint(network),
        "claims": claims,
        "fit": fit,
        "code": record.code(),
        "hedge_code": _own_code(),
        "draws": asked.draws,
        "seed": asked.seed,
        "keep": asked.keep,
        "frontier": asked.points,
    }


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _own_code() -> str:
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def answered(
    folder: Path,
    asked: Asked,
    told: dict[str, Any],
    network: Network,
    law: tuple[Instrument, ...],
    fitted: Fitted | None,
    tried: Tried,
    progress: Progress | None = None,
) -> Decision:
    """Simulate, solve, play, and put the answer on file.

    Args:
        folder: where decisions are kept.
        asked: the question.
        told: its `inputs`.
        network: the world it is asked in.
        law: the instruments the scenario runs under.
        fitted: posterior of the licensing, where there is one.
        tried: simulates two scenarios for a seed.
        progress: steps done and steps to do.
    """
    arrivals.names_known(network, asked.company)
    quiet = arrivals.calm(asked.scenario, [one.id for one in law])
    share = _Share(progress, asked.draws)
    cases = []
    for number, seed in enumerate((asked.seed, asked.seed + 1)):
        real, still = tried((asked.scenario, quiet), seed, share.of_trials(number))
        outlook = Outlook(network, real, still, asked.company.start, asked.company.months)
        cases.append(case.build(asked.company, outlook))
    limits = programme.limits_of(cases[0])
    found = answer.hedge(
        cases[0], limits, keep=asked.keep, points=asked.points, fresh=cases[1], progress=share.of_steps()
    )
    said = answer.summary(found)
    said |= {"file": asked.company.model_dump(mode="json"), "scenario": asked.scenario.id, "run": asked.run}
    said["plants"] = _plants(network, asked.company)
    said["drivers"] = _drivers(asked, network, law, fitted, found)
    return kept.keep(folder, "hedge", told, answer.title(said), asked.run, said)


def _plants(network: Network, company: Company) -> dict[str, dict[str, str]]:
    """Names of the plants that the company's file names."""
    dealt = [one.origin for material in company.materials for one in material.suppliers]
    dealt += [one.origin for one in (*company.options.contracts, *company.options.sources)]
    rows = {name: network.facilities.index(name) for name in dealt if name in network.facilities}
    return {
        name: {"en": network.facility_name[row], "zh": network.facility_name_zh[row] or network.facility_name[row]}
        for name, row in rows.items()
    }


def _drivers(
    asked: Asked, network: Network, law: tuple[Instrument, ...], fitted: Fitted | None, found: answer.Hedged
) -> list[dict[str, Any]]:
    parameters = force(network, asked.scenario, law).parameters
    drawn = draw(parameters, asked.seed, asked.draws)
    if fitted is not None:
        drawn |= fits.values(fitted, parameters, asked.draws)
    cost = np.asarray(found.rivals["none"][1].cost)
    return drivers(parameters, drawn, cost, fitted.names if fitted is not None else ())


@dataclass(slots=True)
class _Share:
    """Progress of trials and of the solver in one count: a trial is a draw, a step of the solver a quarter of them."""

    told: Progress | None
    draws: int
    done: int = 0

    def _whole(self) -> int:
        return 8 * self.draws

    def of_trials(self, number: int) -> Progress:
        def advance(done: int, whole: int) -> None:
            if self.told is not None:
                self.told(2 * self.draws * number + done, self._whole())

        return advance

    def of_steps(self) -> Progress:
        def advance(done: int, whole: int) -> None:
            if self.told is not None:
                self.told(4 * self.draws + 4 * self.draws * done // max(whole, 1), self._whole())

        return advance
