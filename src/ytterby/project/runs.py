"""Home to the project's runs: the world as known on a day, scenarios simulated, and what they found."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ytterby.project.evidence import Evidence
from ytterby.project.opened import Date, Progress, whole_number
from ytterby.terms.errors import BadValue, InputError

if TYPE_CHECKING:
    from ytterby.evidence.claims import Claim
    from ytterby.evidence.weigh import Moved, Weighed
    from ytterby.run.engines.contract import Machines
    from ytterby.run.fits import Fitted
    from ytterby.run.hindcast import Hindcast
    from ytterby.run.record import Run
    from ytterby.world.atlas import Atlas
    from ytterby.world.network import Network
    from ytterby.world.scenarios import Scenario

DemandPath: TypeAlias = Literal["iea", "adamas"]

AS_KNOWN = "-as-known-"
"""Stands between a scenario's name and the day of its fit in the name of its hindcast."""

CARRIED = Path("fits") / "carried"
"""Where a project keeps fits that were carried on; the fits it was made with stay as they are."""

LICENSING_FIT = "april-2025"
"""The scenario whose fit speaks for the authority wherever a scenario has no fit of its own: there is one authority."""


class Runs(Evidence):
    """The side of a project that simulates."""

    # world

    def world(self, known: Date = None, demand_path: DemandPath = "iea") -> Network:
        """The world as arrays, built from the claims known on the day `known` (today without it) and the overlay."""
        day = known or datetime.date.today()
        return self._built(self._claims(), day, demand_path)

    def atlas(self, known: Date = None, claims: Sequence[Claim] | None = None) -> Atlas:
        """The world as one looks at it, as known on the day `known` (today without it).

        Args:
            known: the knowledge date.
            claims: the project's claims, where the caller has them already.

        Raises:
            InputError: no world can be built from what was known on that day, or from the overlay.
        """
        from ytterby.evidence import weigh
        from ytterby.world import atlas, build

        day = known or datetime.date.today()
        weighed = weigh.weigh(self._claims() if claims is None else claims, day)
        return atlas.draw(build.world(weighed, day, self._overlay()))

    def _built(self, claims: list[Claim], day: datetime.date, demand_path: DemandPath) -> Network:
        from ytterby.evidence import weigh
        from ytterby.world import build

        return build.build(weigh.weigh(claims, day), day, self._overlay(), demand_path)

    def check_world(self, known: Date = None) -> list[dict[str, Any]]:
        """The balance mine → magnet by element, in t/y, from a world that was found sound.

        Raises:
            Unbalanced: a recipe makes matter, or shares do not sum to one; the row is named.
        """
        from ytterby.world import checks

        network = self.world(known)
        checks.check(network)
        return [dict(row) for row in checks.balance(network)]

    def _overlay(self) -> Any:
        from ytterby.world import overlay

        return overlay.load(self.path / "overlay")

    # runs

    def scenarios(self) -> list[Scenario]:
        """The scenarios of the package and those in the project's folder `scenarios/`."""
        from ytterby.world import scenarios

        return list(scenarios.all(self.path))

    def scenario(self, name: str) -> Scenario:
        """One scenario by name, or by the path of its file."""
        from ytterby.world import scenarios

        return scenarios.load(name, self.path)

    def run(
        self,
        scenario: str,
        draws: int = 1000,
        seed: int = 0,
        dtype: Literal["float64", "float32"] = "float64",
        *,
        step_days: float | None = None,
        progress: Progress | None = None,
        known: Date = None,
        levers: Iterable[str] = (),
        engine: str = "local",
        workers: int | None = None,
        address: str | None = None,
    ) -> Run:
        """Simulates `scenario` for `draws` draws, keeps the run in the project's folder `runs/` and hands it back.

        `engine` is where: ``local``, this machine with `workers` chunks of draws in work at once, or ``ray``, a cluster
        at `address` or one started here. It changes no bit.

        Raises:
            InputError: the scenario, a lever, the engine or a number is refused; nothing was written.
            RunError: the run did not finish; nothing was kept.
        """
        from ytterby.run.engines.choosing import chosen

        whole_number(draws, "draws", least=1)
        whole_number(seed, "seed", least=0)
        levers = tuple(dict.fromkeys(levers))
        plan = self._planned(scenario, levers, known, step_days)
        with chosen(engine, workers, address) as machines:
            return self._forecast(plan, draws, seed, dtype, levers=levers, machines=machines, progress=progress)

    def _planned(self, scenario: str, levers: Iterable[str], known: Date, step_days: float | None) -> Scenario:
        plan = self.scenario(scenario).with_levers(levers)
        plan = plan if known is None else plan.at(known)
        return plan if step_days is None else _with_steps(plan, step_days)

    def _forecast(
        self,
        plan: Scenario,
        draws: int,
        seed: int,
        dtype: Literal["float64", "float32"] = "float64",
        *,
        levers: Iterable[str] = (),
        machines: Machines | None = None,
        progress: Progress | None = None,
    ) -> Run:
        from ytterby.run.forecast import forecast

        given = self._given(plan, draws, seed, dtype, levers)
        return forecast(runs=self._folder.runs, machines=machines, progress=progress, **given)

    def _given(
        self,
        plan: Scenario,
        draws: int,
        seed: int,
        dtype: Literal["float64", "float32"],
        levers: Iterable[str],
    ) -> dict[str, Any]:
        """What a forecast of `plan` is made from, whole or in parts."""
        from ytterby.evidence import weigh
        from ytterby.world import scenarios

        claims = self.claims(known=plan.world_known)
        return {
            "network": self._built(claims, plan.world_known, plan.demand_path),
            "scenario": plan,
            "draws": draws,
            "seed": seed,
            "dtype": dtype,
            "fitted": self._fitted(plan),
            "claims": weigh.claim_set(claims, plan.world_known),
            "levers": levers,
            "instruments": scenarios.instruments(plan, self.path),
        }

    def _fitted(self, plan: Scenario) -> Fitted | None:
        from ytterby.run import fits

        own = self.path / "fits"
        fitted = fits.find(plan.id.partition(AS_KNOWN)[0], own) or fits.find(LICENSING_FIT, own)
        if fitted is None or str(fitted.about["until"]) > plan.known.isoformat():
            return None  # what was observed later must not speak for that day
        return fitted

    def runs(self) -> list[dict[str, Any]]:
        """What was run here, newest first: id, scenario, created, seed, draws, path."""
        from ytterby.run import record

        return record.listing(self._folder.runs)

    def open_run(self, run: str) -> Run:
        """A kept run by its id, the start of it, a scenario's name (its newest run) or ``latest``."""
        from ytterby.run import record

        kept = record.listing(self._folder.runs)
        if not kept:
            raise InputError(
                "nothing was run in this project yet", place=str(self.path), remedy="ytterby run april-2025"
            )
        if run == "latest":
            # a report makes a hindcast beside the run it tells: nobody means that one
            asked = [row for row in kept if AS_KNOWN not in str(row["scenario"])]
            run = str((asked or kept)[0]["id"])
        return record.load(self._folder.runs, run)

    def show(self, run: str, metric: str, against: str | None = None) -> list[dict[str, Any]]:
        """The rows of one metric of a run, or of its difference to the run `against`, draw by draw."""
        from ytterby.run import metrics

        other = None if against is None else self.open_run(against)
        return metrics.rows(self.open_run(run), metric, other)

    def moved_between(self, before: str, after: str) -> list[Moved]:
        """The parameters on which two runs do not agree, and the claims responsible.

        Each run is asked of the claims that counted when it was made: they are known again by the hash the run keeps.
        Where they are not, because a document was read anew or a table changed since, the parameters that the runs
        keep themselves are compared: those that are drawn.

        Args:
            before: a run, as for `open_run`.
            after: the other one.
        """
        from ytterby.evidence import weigh

        runs = [self.open_run(name).info for name in (before, after)]
        one, other = (self._weighed_for(info) for info in runs)
        if one is None or other is None:
            one, other = (weigh.recorded(info["parameters"]) for info in runs)
        return weigh.moved(one, other)

    def _weighed_for(self, info: Mapping[str, Any]) -> dict[str, Weighed] | None:
        """The parameters from the claims a run was built from; None where they are no longer what they were."""
        from ytterby.evidence import weigh

        known = datetime.date.fromisoformat(info["world_known"])
        claims = self._claims_on(str(info["created"])[: len("2026-11-21T22:12:53")])
        return weigh.weigh(claims, known) if weigh.claim_set(claims, known) == info["claims"] else None

    def fit(self, scenario: str, progress: Progress | None = None) -> Fitted:
        """Fits the licensing of `scenario` to what was observed up to its fitting day, and keeps the fit in `fits/`."""
        from ytterby.evidence import naming
        from ytterby.run import fits, hindcast

        plan = self.scenario(scenario)
        claims = self._claims()
        # the world, too, as it was known on the fitting day
        past = plan.at(plan.fit.until) if plan.fit else plan
        network = self._built(claims, past.world_known, past.demand_path)
        fitted = hindcast.fit(network, plan, naming.statements(claims), progress=progress)
        fits.save(fitted, self.path / "fits")
        return fitted

    def hindcast(
        self, scenario: str, draws: int = 1000, seed: int = 0, progress: Progress | None = None
    ) -> tuple[Run, Hindcast]:
        """What `scenario`, run as known on the day of its fit, said of later months, beside what was printed since.

        The run is kept like any other; the months reach to the scenario's `predict_until`.

        Raises:
            BadValue: the scenario names no fit.
        """
        whole_number(draws, "draws", least=1)
        whole_number(seed, "seed", least=0)
        plan = self.scenario(scenario)
        if plan.fit is None:
            remedy = "choose one that has: ytterby hindcast april-2025"
            raise BadValue(
                f"scenario {plan.id} has no 'fit', so no day to look forward from", place=plan.id, remedy=remedy
            )
        run = self._forecast(_as_known(plan), draws, seed, progress=progress)
        return run, self._scored(run, self._claims())

    def _scored(self, run: Run, claims: list[Claim]) -> Hindcast:
        from ytterby.evidence import naming
        from ytterby.run import hindcast

        return hindcast.hindcast(run, naming.statements(claims))

    def findings(self, run: str = "latest") -> list[str]:
        """What a kept run found, in a few sentences."""
        from ytterby import findings

        opened = self.open_run(run)
        claims = self._claims()
        return findings.headline(opened, claims, self.world_of(opened, claims), fitted=self.fit_of(opened))

    def report(self, run: str = "latest", path: Path | None = None, *, progress: Progress | None = None) -> Path:
        """Writes a run as one self-contained page, beside the run or at `path`, and hands back where it stands.

        Where the run's scenario has a fit, the hindcast with the same draws and seed is made (or found) and told too.
        """
        return self.told(run, path, progress=progress)[1]

    def told(
        self,
        run: str = "latest",
        path: Path | None = None,
        figures: Path | None = None,
        progress: Progress | None = None,
    ) -> tuple[list[str], Path, list[Path]]:
        """Writes a run's report, and each of its figures as an SVG file into `figures` where that is given.

        Returns what was found in a few sentences, the path of the page and those of the figures.
        """
        from ytterby import findings, report
        from ytterby.store import atomic

        opened = self.open_run(run)
        claims = self._claims()
        network, fitted = self.world_of(opened, claims), self.fit_of(opened)
        made = self._hindcast_of(opened, progress)
        scored = None if made is None else self._scored(made, claims)
        page = findings.compose(opened, claims, network, scored, hindcast_run=made, fitted=fitted)
        target = report.write(page, path or self.path / "reports" / f"{opened.id}.html")
        drawn: list[Path] = []
        if figures is not None:
            alone = findings.compose(opened, claims, network, scored, hindcast_run=made, fitted=fitted, bare=False)
            for section in alone.sections:
                if section.figure:
                    drawn.append(figures / f"{section.anchor}.svg")
                    atomic.write(drawn[-1], section.figure.encode())
        return findings.headline(opened, claims, network, scored, fitted=fitted), target, drawn

    def _hindcast_of(self, run: Run, progress: Progress | None) -> Run | None:
        """The run as known on the day of the fit with the draws of `run`; None where its scenario has no fit."""
        plan = self._plan_of(run)
        if plan.fit is None or not run.info.get("fit"):
            return None
        past = _as_known(plan)
        if past == plan:
            return run
        return self._forecast(past, run.draws, int(run.info["seed"]), progress=progress)

    def _plan_of(self, run: Run) -> Scenario:
        from ytterby.world.scenarios import Scenario

        return Scenario.model_validate(run.info["scenario_document"])

    def world_of(self, run: Run, claims: list[Claim]) -> Network:
        """The world a run ran on, from the claims known on its day."""
        plan = self._plan_of(run)
        known = [claim for claim in claims if claim.known is not None and claim.known <= plan.world_known]
        return self._built(known, plan.world_known, plan.demand_path)

    def fit_of(self, run: Run) -> Fitted | None:
        """The fit a run used, also one a watch carried on; None where it used none or it is no longer on file."""
        from ytterby.run import fits

        used = run.info.get("fit")
        if not used:
            return None
        fitted = self._fitted(self._plan_of(run))
        if fitted is not None and fitted.hash == used:
            return fitted
        scenario = fitted.scenario if fitted is not None else "*"
        kept = (fits.load(path) for path in sorted((self.path / CARRIED).glob(f"*/{scenario}.json")))
        return next((one for one in kept if one.hash == used), None)


def _as_known(plan: Scenario) -> Scenario:
    """The scenario as one could have written it on the day of its fit, long enough for every month to be predicted."""
    from ytterby.terms.periods import parse_period

    assert plan.fit is not None
    last = parse_period(plan.fit.predict_until).end
    name = plan.id if AS_KNOWN in plan.id else f"{plan.id}{AS_KNOWN}{plan.fit.until}"
    return plan.at(plan.fit.until).model_copy(update={"id": name, "end": max(plan.end, last)})


def _with_steps(plan: Scenario, days: float) -> Scenario:
    span = (plan.end - plan.start).days
    if not 0 < days <= span:
        remedy = f"give a number of days above 0 and up to the scenario's {span}, e.g. 7"
        raise BadValue(f"a step of {days:g} days", place="step_days of the run", remedy=remedy)
    return type(plan).model_validate({**plan.model_dump(), "step_days": days})
