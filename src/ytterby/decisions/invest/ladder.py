"""Home to the ladder: what each further step of money buys, on which stage, and which stage is then the bottleneck."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ytterby.decisions.invest.planning import Plan, plan
from ytterby.decisions.invest.programme import Programme

STEPS = 6


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of money."""

    budget: float
    """USD spent up to here."""
    share: float
    """Of what is wanted, in the year aimed at."""
    gained: float
    """Share more than the step before."""
    spent: Mapping[str, float]
    """Stage -> USD of this step more (or, where the plan changes, less) than of the step before."""
    hangs: Mapping[str, float]
    """Stage -> part of the share that hangs on its capacity."""
    bottleneck: str
    """Stage on which the largest part hangs; the material that nobody makes where no plant is to blame; else empty."""


def ladder(p: Programme, year: int, most: float, steps: int = STEPS) -> tuple[Rung, ...]:
    """Rungs from no money to `most` USD in equal steps, each the best plan for its money."""
    rungs: list[Rung] = []
    before: Plan | None = None
    for step in range(steps + 1):
        budget = most * step / steps
        made = plan(p, (), budget, year)
        spent = made.by_stage()
        share = made.share[p.at(year)]
        old = before.by_stage() if before is not None else dict.fromkeys(spent, 0.0)
        largest = max(made.stages, key=lambda stage: made.stages[stage])
        rungs.append(
            Rung(
                budget,
                share,
                share - (rungs[-1].share if rungs else share),
                {stage: spent[stage] - old.get(stage, 0.0) for stage in spent},
                made.stages,
                largest if made.stages[largest] > 1e-6 else next((b.name for b in made.binds if b.name), ""),
            )
        )
        before = made
    return tuple(rungs)
