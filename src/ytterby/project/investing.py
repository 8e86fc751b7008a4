"""Home to the project's answers to which capacity to build where and when, and what a stockpile is good for."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ytterby.project.deciding import Deciding
from ytterby.project.opened import Progress, whole_number

if TYPE_CHECKING:
    from ytterby.decisions.kept import Decision
    from ytterby.world.network import Network


class Investing(Deciding):
    """The side of a project that says which capacity to build where and when, and what a stockpile is good for."""

    def invest(
        self,
        scenario: str = "self-sufficiency",
        region: str = "US",
        goals: Iterable[str] = (),
        budget: float | None = None,
        *,
        partners: Sequence[str] = (),
        chinese_equipment: bool = True,
        year: int = 0,
        draws: int = 100,
        seed: int = 0,
        progress: Progress | None = None,
    ) -> Decision:
        """Which capacity to order, at which stage and plant and in which year, for goals and within a budget.

        The plan is found on the medians of the scenario, laid over it, and simulated on the draws beside what happens
        without it. The answer is kept under `decisions/`; the same question on the same inputs gives it back at once.

        Args:
            scenario: by name or path; its own public money for the region is taken away and compared.
            region: whose makers want magnets, and where these are to be made.
            goals: ``share=0.4@2030`` (of magnets wanted, made at home without China), ``days=180@2028`` (that makers
                last when nothing comes from China).
            budget: USD; without goals it is spent for the most share in `year`.
            partners: countries whose mines and plants may feed the region.
            chinese_equipment: False where plants are to do without Chinese equipment, technology and people.
            year: that a budget is spent for; without it three years after the first order.
            draws: worlds of each simulated plan.
            seed: of the draws.
            progress: draws done and draws to do, over all plans.

        Raises:
            InputError: a goal, number, region or partner is refused, or the solver is not installed; nothing was kept.
        """
        from ytterby.decisions import kept
        from ytterby.decisions.invest import answering, simulated
        from ytterby.decisions.invest import goals as aims
        from ytterby.run.trials import Trial, trials
        from ytterby.world import scenarios

        whole_number(draws, "draws", least=1)
        whole_number(seed, "seed", least=0)
        asked = answering.question(
            self.scenario(scenario),
            region,
            [aims.read(text) for text in goals],
            budget=budget,
            partners=partners,
            chinese_equipment=chinese_equipment,
            year=year,
            draws=draws,
            seed=seed,
        )
        network, claims = self._with_candidates(asked)
        fitted = self._fitted(asked.scenario)
        told = answering.inputs(asked, network, claims, fitted.hash if fitted else "")
        folder = self.path / "decisions"
        if (found := kept.find(folder, "invest", told)) is not None:
            return found

        def tried(world: Network, plans: Sequence[Any]) -> list[Trial]:
            return trials(
                world,
                plans,
                draws=draws,
                seed=seed,
                keep=simulated.KEEP,
                fitted=fitted,
                instruments=lambda plan: scenarios.instruments(plan, self.path),
                freq="month",
                progress=progress,
                machines=self._machines,
            )

        titles, answer = answering.answer(asked, network, scenarios.instruments(asked.plan, self.path), tried)
        return answering.keep(folder, told, titles, answer)

    def stockpile(
        self,
        scenario: str = "requisition",
        region: str = "US",
        buy: Iterable[str] = (),
        *,
        start: datetime.date | None = None,
        until: datetime.date | None = None,
        release: datetime.date | None = None,
        over: int = 180,
        draws: int = 100,
        seed: int = 0,
        progress: Progress | None = None,
    ) -> Decision:
        """Who goes short, military and civil, under rules of priority and with a national stockpile, on the same draws.

        Args:
            scenario: by name or path; its own requisitions of the region are taken away and compared.
            region: whose state buys outside China, whose makers are looked at, and whose users a release goes to.
            buy: ``oxide.NdPr=500``: t bought in all, evenly.
            start: first day of the purchases; the day after what the scenario knows without it.
            until: their last day; a year later without it.
            release: first day on which what was bought is handed to plants and makers of the region that lack it; never
                without it.
            over: days in which all of it is handed out where enough is lacked.
            draws: worlds of each policy.
            seed: of the draws.
            progress: draws done and draws to do, over all policies.

        Raises:
            InputError: a purchase, day, region or number is refused; nothing was kept.
        """
        from ytterby.decisions import kept
        from ytterby.decisions.stockpile import answering, comparing, policies
        from ytterby.evidence import weigh

        whole_number(draws, "draws", least=1)
        whole_number(seed, "seed", least=0)
        plan = self.scenario(scenario)
        wanted = policies.schedule(plan, policies.read(buy), start, until, release, over)
        network = self.network_of(plan)
        asked = answering.checked(answering.Question(plan, region, wanted, draws, seed), network)
        fitted = self._fitted(plan)
        claims = weigh.claim_set(self.claims(known=plan.world_known), plan.world_known)
        told = answering.inputs(asked, network, claims, fitted.hash if fitted else "")
        folder = self.path / "decisions"
        if (found := kept.find(folder, "stockpile", told)) is not None:
            return found
        trials = self.trials(asked.plans, draws, seed, keep=comparing.KEEP, freq="month", progress=progress)
        titles, answer = answering.answer(asked, network, trials)
        return answering.keep(folder, told, titles, answer)

    def _with_candidates(self, asked: Any) -> tuple[Network, str]:
        from ytterby.decisions.invest import answering
        from ytterby.evidence import weigh
        from ytterby.world import build

        plan = asked.scenario
        claims, known = self.claims(known=plan.world_known), plan.world_known
        tables = answering.tables_of(self._overlay(), asked)
        return build.build(weigh.weigh(claims, known), known, tables, plan.demand_path), weigh.claim_set(claims, known)
