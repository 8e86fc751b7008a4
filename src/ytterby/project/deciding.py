"""Home to what every decision of a project asks for: scenarios tried on the same draws, and nothing kept."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, Self

from ytterby.project.opened import Progress, whole_number
from ytterby.project.runs import Runs

if TYPE_CHECKING:
    from ytterby.decisions.kept import Decision
    from ytterby.run.engines.contract import Machines
    from ytterby.run.laboratory import Laboratory
    from ytterby.run.trials import Trial
    from ytterby.world.network import Network
    from ytterby.world.scenarios import Scenario


class Deciding(Runs):
    """The side of a project that compares what could be decided."""

    _machines: Machines | None = None
    """Where trials are simulated; this machine without any."""

    @contextmanager
    def on(self, engine: str = "local", workers: int | None = None, address: str | None = None) -> Iterator[Self]:
        """This project with its trials simulated elsewhere: ``with project.on("ray", workers=8) as there:``.

        ``there.bargain(…)`` and every other decision asks for the same and gets the same bits; machines are given back
        at the end of the block.

        Args:
            engine: ``local`` or ``ray``.
            workers: chunks of draws in work at once.
            address: of a Ray cluster that runs already.

        Raises:
            InputError: no such engine, fewer than one worker, or an address for this machine.
            RunError: Ray is not installed, or the cluster cannot be reached.
        """
        from ytterby.run.engines.choosing import chosen

        with chosen(engine, workers, address) as machines:
            there = copy.copy(self)
            there._machines = machines
            yield there

    def answers(self, kind: str = "") -> list[Decision]:
        """Answers that were kept, newest first: of one verb (``explain``, ``hedge``, …), or of all."""
        from ytterby.decisions import kept

        return kept.listing(self.path / "decisions", kind)

    def answer(self, kind: str, name: str = "latest") -> Decision:
        """One kept answer by the verb that gave it and its id, the start of it, or ``latest``.

        Raises:
            UnknownName: there is none, or the start fits several.
        """
        from ytterby.decisions import kept

        return kept.load(self.path / "decisions", kind, name)

    def network_of(self, plan: Scenario) -> Network:
        """The network that a run of `plan` is simulated on: as known on the scenario's day."""
        return self._built(self.claims(known=plan.world_known), plan.world_known, plan.demand_path)

    def laboratory(
        self,
        scenario: str,
        outcomes: Sequence[str],
        dtype: Literal["float64", "float32"] = "float64",
        *,
        machines: Machines | None = None,
    ) -> Laboratory:
        """A scenario as a function from parameters to `outcomes`, for experiments designed elsewhere.

        A laboratory of ``with project.on("ray", workers=8) as there`` has its experiments simulated there, with the
        same bits, until the block ends.

        Args:
            scenario: by name or path.
            outcomes: as ``output:car.bev.US``, ``exports:US|magnet.sintered`` or ``first_slow:car.bev.US``.
            dtype: precision.
            machines: where experiments are simulated, from `run.engines.choosing.chosen`; those of `on` without any.

        Raises:
            UnknownName: no such scenario, series, row or group.
        """
        from ytterby.run.chain.forcing import force
        from ytterby.run.chain.model import Chain
        from ytterby.run.laboratory import Laboratory
        from ytterby.world import scenarios

        plan = self.scenario(scenario)
        forced = force(self.network_of(plan), plan, scenarios.instruments(plan, self.path))
        return Laboratory(Chain(forced, dtype=dtype), outcomes, machines or self._machines)

    def trials(
        self,
        plans: Sequence[Scenario],
        draws: int = 100,
        seed: int = 0,
        *,
        keep: Collection[str] = ("demand", "output"),
        dtype: Literal["float64", "float32"] = "float64",
        freq: Literal["month", "quarter", "year"] | None = None,
        progress: Progress | None = None,
        each: Callable[[Trial], None] | None = None,
    ) -> list[Trial]:
        """Every plan simulated on the world of the first one for the same draws, in their order; nothing is kept.

        Draw k of a plan is draw k of the run that `run` would make of it with the same seed, where it asks for as many
        draws.

        Args:
            plans: scenarios, as `scenario` gives them, changed as the decision would have it.
            draws: worlds of each.
            seed: of the draws.
            keep: series to keep.
            dtype: precision.
            freq: how long the reporting periods are; without it what suits the span.
            progress: draws done and draws to do, over all plans.
            each: called with every trial as soon as it is made; none is kept then, and the list is empty.

        Raises:
            InputError: no plan, a number refused, or a plan names what the world does not have.
        """
        from ytterby.run.trials import trials
        from ytterby.world import scenarios

        whole_number(draws, "draws", least=1)
        whole_number(seed, "seed", least=0)
        plans = tuple(plans)
        return trials(
            self.network_of(plans[0]) if plans else self.world(),
            plans,
            draws=draws,
            seed=seed,
            keep=keep,
            fitted=self._fitted(plans[0]) if plans else None,
            instruments=lambda plan: scenarios.instruments(plan, self.path),
            dtype=dtype,
            freq=freq,
            progress=progress,
            machines=self._machines,
            each=each,
        )
