"""Home to moves: a pair of policies laid over a scenario as events and law, and which pairs simulate alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from ytterby.decisions.bargain.games import Cell
from ytterby.decisions.bargain.table import Bargain, Law, Lever, Policy
from ytterby.rules.clauses import Assumption
from ytterby.terms.errors import BadValue
from ytterby.world.scenarios import MOST_STEPS, Regimes, Scenario


@dataclass(frozen=True, slots=True)
class Laid:
    """The scenarios of a game's cells, each of them once."""

    plans: tuple[Scenario, ...]
    cells: dict[Cell, int]
    """Pair of policies -> row of its scenario: pairs that differ by payments only share one."""


def begins(bargain: Bargain, year: int | None = None) -> date:
    """The day on which policies begin: the bargain's own, or the first day of a year after it."""
    if year is None or year <= bargain.date.year:
        return bargain.date
    return date(year, 1, 1)


def window(bargain: Bargain, first: date) -> tuple[date, date]:
    """First day that counts, and the first that does not any more."""
    return first, first + timedelta(days=round(bargain.years * 365.25))


def laid(bargain: Bargain, scenario: Scenario, first: date, end: date) -> Laid:
    """Every cell's scenario for a game that begins on `first`, simulated to `end`.

    Raises:
        BadValue: the game begins before the scenario does, or ends after all that can be simulated.
    """
    base = reached(bargain, scenario, first, end)
    rows, columns = (side.policies for side in bargain.sides)
    told: dict[str, int] = {}
    plans: list[Scenario] = []
    cells: dict[Cell, int] = {}
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            plan = with_policies(base, [(bargain.sides[0].id, row), (bargain.sides[1].id, column)], first)
            key = plan.model_dump_json(include={"events", "regimes"})
            if key not in told:
                told[key] = len(plans)
                plans.append(plan)
            cells[i, j] = told[key]
    return Laid(tuple(plans), cells)


def reached(bargain: Bargain, scenario: Scenario, first: date, end: date) -> Scenario:
    """The scenario, as long as the game asks for. Raises as `laid`."""
    place = f"bargain {bargain.id}"
    if first < scenario.start:
        remedy = f"begin on {scenario.start} or later"
        raise BadValue(f"policies begin on {first}, before the scenario {scenario.id} does", place=place, remedy=remedy)
    plan = scenario.model_copy(update={"end": end})
    if plan.steps > MOST_STEPS:
        raise BadValue(
            f"{plan.steps} steps until {end}: at most {MOST_STEPS}", place=place, remedy="ask for fewer years"
        )
    return plan


def with_policies(scenario: Scenario, policies: list[tuple[str, Policy]], first: date) -> Scenario:
    """The scenario with what each side does from `first` on."""
    changed = scenario
    for side, policy in policies:
        for k, lever in enumerate(policy.levers):
            changed = with_lever(changed, lever, f"policy-{side}-{policy.id}-{k + 1}".lower(), first)
        for law in policy.law:
            changed = _with_law(changed, law, first)
    return changed


def with_lever(scenario: Scenario, lever: Lever, name: str, first: date) -> Scenario:
    """The scenario with one more event."""
    event = lever.event(name, first, scenario.known)
    return scenario.model_copy(update={"events": (*scenario.events, event)})


def _with_law(scenario: Scenario, law: Law, first: date) -> Scenario:
    """The scenario with an instrument in force, or suspended, from a day on.

    What the scenario assumed of the instrument until then stays: an assumption that reaches over the day is cut short,
    and where it held from that day or later it falls away. In between the text's own days decide.
    """
    until = None if law.months is None else first + timedelta(days=round(law.months * 30.44) - 1)
    before = []
    for one in scenario.regimes.assume:
        if one.instrument != law.instrument or (law.clause and one.clause and one.clause != law.clause):
            before.append(one)
        elif one.since < first:
            shorter = first - timedelta(days=1) if one.until is None else min(one.until, first - timedelta(days=1))
            before.append(one.model_copy(update={"until": shorter}))
        if until is not None and one not in before and (one.until is None or one.until > until):
            # what was assumed for the time after a passing measure comes back after it
            before.append(one.model_copy(update={"since": max(one.since, until + timedelta(days=1))}))
    fresh = Assumption.model_validate(
        {"instrument": law.instrument, "clause": law.clause, "suspended": law.does == "suspended", "from": first,
         "until": until}
    )  # fmt: skip
    regimes = Regimes(exclude=scenario.regimes.exclude, assume=(*before, fresh))
    return scenario.model_copy(update={"regimes": regimes})
