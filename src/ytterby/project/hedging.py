"""Home to the project's answers to what a buyer should stock, contract and apply for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ytterby.project.deciding import Deciding
from ytterby.project.opened import Progress, whole_number
from ytterby.terms.errors import InputError

if TYPE_CHECKING:
    from ytterby.decisions.hedge.company import Company
    from ytterby.decisions.kept import Decision


class Hedging(Deciding):
    """The side of a project that says what a buyer should stock, contract and apply for."""

    def companies(self) -> list[dict[str, Any]]:
        """The buyers of the package and those in the project's folder ``companies/``: id, title, about, scenario; one
        whose file cannot be read has ``error``.
        """
        from ytterby.decisions.hedge import company

        found: list[dict[str, Any]] = []
        for name in company.names(self.path):
            try:
                one = company.load(name, self.path)
            except InputError as error:
                found.append({"id": name, "error": error.to_dict()})
                continue
            found.append(
                {"id": name, "title": one.title.model_dump(), "about": one.about, "scenario": one.scenario,
                 "start": one.start, "months": one.months, "cash": one.cash}
            )  # fmt: skip
        return found

    def company(self, name: str | Path) -> Company:
        """One buyer by name, or by the path of her file.

        Raises:
            UnknownName, BadValue: there is none, or a key is wrong; file, line and key are named.
        """
        from ytterby.decisions.hedge import company

        return company.load(name, self.path)

    def hedge(
        self,
        company: str | Path,
        run: str | None = None,
        *,
        scenario: str | None = None,
        draws: int = 200,
        seed: int = 0,
        cvar: float | None = None,
        budget: float | None = None,
        frontier: int = 5,
        keep: int = 64,
        progress: Progress | None = None,
    ) -> Decision:
        """What a buyer should stock, contract, apply for and qualify now, against the draws of a scenario or a run.

        The answer is kept under `decisions/`; the same question on the same inputs gives it back at once.

        Args:
            company: a buyer's name, or the path of her YAML file.
            run: a kept run, whose scenario, draws and seed are taken.
            scenario: asked instead, by name or path; without both, the file's.
            draws: worlds.
            seed: of the draws; the plan is tried on those of the next seed too.
            cvar: the tail is the worst (1 - cvar) of the draws; that of the file without it.
            budget: USD that may be spent now; the file's cash without it.
            frontier: budgets from nothing to all of it to be tried; 0 for none.
            keep: draws the programme is solved on, chosen to stand for all; it is played on all.
            progress: steps done and steps to do.

        Raises:
            InputError: the file, a plant, a number is refused, no plan keeps the limits (those that bind are named),
                or the solver is not installed; nothing was kept.
            RunError: the run's draws cannot be made again, because the project changed since.
        """
        from ytterby.decisions import kept
        from ytterby.decisions.hedge import arrivals, keeping
        from ytterby.evidence import weigh
        from ytterby.world import scenarios

        for value, name, least in (
            (draws, "draws", 1),
            (seed, "seed", 0),
            (frontier, "frontier", 0),
            (keep, "keep", 1),
        ):
            whole_number(value, name, least=least)
        if run is not None and scenario is not None:
            raise InputError("a run and a scenario", place="hedge", remedy="name one of them: a run has its scenario")
        buyer = self.company(company)
        opened = None if run is None else self.open_run(run)
        if opened is not None:
            plan, draws, seed = keeping.of_run(opened)
        else:
            plan = self.scenario(scenario or buyer.scenario)
        asked = keeping.question(
            buyer, plan, draws=draws, seed=seed, keep=keep, points=frontier, run=opened.id if opened else "",
            cvar=cvar, budget=budget,
        )  # fmt: skip
        network, fitted = self.network_of(plan), self._fitted(plan)
        if opened is not None:
            keeping.same_world(opened, network, fitted.hash if fitted else "")
        claims = weigh.claim_set(self.claims(known=plan.world_known), plan.world_known)
        told = keeping.inputs(asked, network, claims, fitted.hash if fitted else "")
        folder = self.path / "decisions"
        if (found := kept.find(folder, "hedge", told)) is not None:
            return found

        def tried(plans: Any, from_seed: int, advance: Progress) -> Any:
            return self.trials(plans, draws, from_seed, keep=arrivals.SERIES, freq="month", progress=advance)

        law = tuple(scenarios.instruments(plan, self.path))
        return keeping.answered(folder, asked, told, network, law, fitted, tried, progress)
