"""Home to the project's answers to which figure, and which sentence behind it, moves an outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.project.deciding import Deciding
from ytterby.project.opened import Progress, whole_number

if TYPE_CHECKING:
    from ytterby.decisions.kept import Decision


class Explaining(Deciding):
    """The side of a project that says which figure, and which sentence behind it, moves an outcome."""

    def explain(
        self,
        scenario: str,
        metric: str = "line-stop",
        *,
        product: str = "",
        region: str = "",
        material: str = "",
        when: str = "",
        goal: float = 0.0,
        draws: int = 256,
        sobol: int = 0,
        seed: int = 0,
        progress: Progress | None = None,
    ) -> Decision:
        """Which inputs, numbers and sentences move an outcome of a scenario, and by how much; kept and handed back.

        Args:
            scenario: its name, or the path of its file.
            metric: ``line-stop``, ``shortfall``, ``exports``, ``price`` or ``self-sufficiency``.
            product: of line stops and shortfalls, e.g. ``car`` or ``wind``.
            region: whose; the buyer's of exports, CN for the price in China.
            material: of exports and prices, e.g. ``magnets``, ``oxide.Dy``.
            when: a month (2026-03) or a year (2026); each metric has its own without one.
            goal: of self-sufficiency, the share whose first year is asked for.
            draws: of the hard model, for its spread and the worth of knowing.
            sobol: samples of a Sobol sequence (a power of two), 0 without indices.
            seed: of the draws.
            progress: work done and work to do.

        Raises:
            InputError: a name or a number is refused; nothing was kept.
        """
        from ytterby.decisions.explain import answer
        from ytterby.decisions.explain.asking import Plan
        from ytterby.run.gradient.objective import Asked
        from ytterby.world import scenarios

        whole_number(draws, "draws", least=8)
        whole_number(seed, "seed", least=0)
        whole_number(sobol, "sobol", least=0)
        asked = Asked(metric, product, region, material, when, goal)
        plan = self.scenario(scenario)
        claims = self.claims(known=plan.world_known)
        return answer.ask(
            self.path / "decisions",
            self._built(claims, plan.world_known, plan.demand_path),
            plan,
            asked,
            Plan(draws=draws, sobol=sobol, seed=seed),
            claims=claims,
            fitted=self._fitted(plan),
            instruments=scenarios.instruments(plan, self.path),
            progress=progress,
            machines=self._machines,
        )
