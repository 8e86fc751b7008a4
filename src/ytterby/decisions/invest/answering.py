"""Home to the whole answer: plan, ladder and what the draws make of them, as plain data, with the finding in words."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ytterby.decisions import kept
from ytterby.decisions.invest import candidates, ladder, laying, saying, simulated
from ytterby.decisions.invest.deriving import Given, programme
from ytterby.decisions.invest.goals import Goal, together
from ytterby.decisions.invest.planning import Plan, plan
from ytterby.decisions.invest.programme import STAGES, Programme
from ytterby.decisions.kept import Decision
from ytterby.rules.clauses import Instrument
from ytterby.run import record
from ytterby.run.chain.behaviour import BEHAVIOUR
from ytterby.run.chain.forcing import force
from ytterby.run.draws import draw
from ytterby.run.metrics import quantiles
from ytterby.run.trials import Trial
from ytterby.terms.errors import BadValue
from ytterby.terms.places import place
from ytterby.world.network import Network
from ytterby.world.scenarios import Scenario

Tried = Callable[[Network, Sequence[Scenario]], list[Trial]]
"""Simulates scenarios on a network for the question's draws, months kept."""
FIRST_ORDER = 2027
"""Today is late in 2026: what is decided now is ordered next year."""
LAST = 2035
"""No later year is planned for."""
SURPLUS = 1.0
"""Tonnes a year below which nobody speaks of a surplus."""
USED = ("capex_mine", "capex_separation", "capex_metal", "capex_alloy", "capex_magnet", "tech_ramp", "tech_yield")


@dataclass(frozen=True, slots=True)
class Question:
    """All that was asked."""

    scenario: Scenario
    region: str
    goals: tuple[Goal, ...] = ()
    budget: float = math.inf
    """USD."""
    partners: tuple[str, ...] = ()
    chinese_equipment: bool = True
    year: int = 0
    """Year a budget without goals is spent for."""
    first: int = FIRST_ORDER
    draws: int = 100
    seed: int = 0

    @property
    def aim(self) -> int:
        """The year that is looked at."""
        shares = [goal.year for goal in self.goals if goal.kind == "share"]
        return max(shares or [goal.year for goal in self.goals] or [self.year])

    @property
    def plan(self) -> Scenario:
        """The scenario before anything is decided."""
        told = laying.bare(self.scenario, self.region)
        return told if self.chinese_equipment else laying.without_equipment(told, self.first)


def question(scenario: Scenario, region: str, goals: Iterable[Goal], **asked: Any) -> Question:
    """The question, found sound.

    Raises:
        BadValue: neither goal nor budget, two goals that exclude each other, a partner twice or China among them.
        UnknownName: a partner that is no country.
    """
    held = together(goals)
    budget = asked.pop("budget", None)
    partners = tuple(dict.fromkeys(place(code).code for code in asked.pop("partners", ())))
    if "CN" in (region, *partners):
        raise BadValue("China is what others depend on", place="region, partners", remedy="name other countries")
    if not held and budget is None:
        remedy = "give one: --goal share=0.4@2030, or --budget 1.3e9"
        raise BadValue("neither goal nor budget", place="invest", remedy=remedy)
    if budget is not None and not (budget >= 0 and math.isfinite(budget)):
        raise BadValue(f"a budget of {budget:g} USD", place="budget", remedy="give 0 or more, e.g. 1.3e9")
    year = asked.pop("year", 0) or (0 if held else min(LAST, scenario.end.year, asked.get("first", FIRST_ORDER) + 3))
    other = tuple(code for code in partners if code != region)
    return Question(scenario, region, held, math.inf if budget is None else budget, other, year=year, **asked)


def inputs(asked: Question, network: Network, claims: str, fit: str) -> dict[str, Any]:
    """What an answer is made from, by hash where it is long."""
    return {
        "scenario": asked.scenario.id,
        "scenario_hash": hashlib.sha256(asked.scenario.model_dump_json().encode()).hexdigest()[:16],
        "network": record.fingerprint(network),
        "claims": claims,
        "fit": fit,
        "code": record.code(),
        "region": asked.region,
        "goals": [str(goal) for goal in asked.goals],
        "budget": asked.budget if math.isfinite(asked.budget) else None,
        "partners": list(asked.partners),
        "chinese_equipment": asked.chinese_equipment,
        "year": asked.aim,
        "first": asked.first,
        "draws": asked.draws,
        "seed": asked.seed,
    }


def solved(asked: Question, network: Network, instruments: Iterable[Instrument] | None) -> tuple[Programme, Plan, Plan]:
    """The programme, the plan, and what the announced plants can make without it.

    Raises:
        InputError: the solver is not installed, or years and regions do not fit the scenario.
    """
    forced = force(network, asked.plan, None if instruments is None else tuple(instruments))
    given = Given.of(forced)
    within = [code for code in asked.partners if code in network.regions]
    last = max([goal.year for goal in asked.goals] + [asked.aim])
    until = min(max(last + 3, asked.first), given.years()[-1] if given.years() else last)
    made = programme(given, asked.region, within, asked.first, max(until, last))
    return made, plan(made, asked.goals, asked.budget, asked.aim), plan(made, (), 0.0, asked.aim)


def answer(
    asked: Question, network: Network, instruments: Iterable[Instrument] | None, tried: Tried
) -> tuple[dict[str, str], dict[str, Any]]:
    """The finding, by language, and the answer as plain data."""
    made, best, announced = solved(asked, network, instruments)
    most = best.cost if best.cost > 0 else (asked.budget if math.isfinite(asked.budget) else 0.0)
    rungs = ladder.ladder(made, asked.aim, most) if most > 0 else ()
    plans = _plans(asked, best, announced, network)
    trials = dict(zip(plans, tried(network, list(plans.values())), strict=True))
    told = {
        "region": asked.region,
        "year": asked.aim,
        "goals": [{"kind": goal.kind, "value": goal.value, "year": goal.year} for goal in asked.goals],
        "budget": asked.budget if math.isfinite(asked.budget) else None,
        "partners": list(asked.partners),
        "absent": _absent(asked, network),
        "chinese_equipment": asked.chinese_equipment,
        "promise": _promise(best, made, network),
        "cost_band": _cost_band(best, asked),
        "announced": {"years": list(announced.years), "share": list(announced.share), "days": list(announced.days)},
        "ladder": [asdict(rung) for rung in rungs],
        "simulated": {name: _share(trials[name], network, asked.region) for name in trials if name != "cut off"},
        "gap": _gap(asked, best, trials, network),
        "days": _days(asked, best, trials, network),
        "assumed": _assumed(best, network, made),
    }
    return saying.titles(told), told


def _plans(asked: Question, best: Plan, announced: Plan, network: Network) -> dict[str, Scenario]:
    base = asked.plan
    built = laying.built(base, best)
    whole = laying.promised(built, best, network, asked.region, asked.first)
    days = [goal.year for goal in asked.goals if goal.kind == "days"]
    if days:
        whole = laying.stocked(whole, best, network, asked.region, asked.first, max(days))
    found = {
        "as things go": base,
        "capacity alone": built,
        "promises alone": laying.promised(base, announced, network, asked.region, asked.first),
        "capacity and promises": whole,
    }
    if laying.bare(asked.scenario, asked.region).events != asked.scenario.events:
        found["money as the scenario spreads it"] = asked.scenario.model_copy(update={"levers": ()})
    if days:
        found["cut off"] = laying.cut(whole, asked.region, max(days))
    return found


def _share(trial: Trial, network: Network, region: str) -> dict[str, Any]:
    years, values = simulated.share(trial, network, region)
    return {"years": list(years), "bands": simulated.band(values)}


def _gap(asked: Question, best: Plan, trials: Mapping[str, Trial], network: Network) -> dict[str, Any]:
    """The promised share of the year beside the simulated one."""
    years, values = simulated.share(trials["capacity and promises"], network, asked.region)
    if asked.aim not in years:
        return {}
    promised = best.share[best.years.index(asked.aim)]
    found = values[years.index(asked.aim)]
    points = quantiles(found)
    return {
        "promised": promised,
        **points,
        "held": float(np.mean(found >= promised)),
        "off": points["median"] - promised,
    }


def _days(asked: Question, best: Plan, trials: Mapping[str, Trial], network: Network) -> dict[str, Any]:
    if "cut off" not in trials:
        return {}
    year = max(goal.year for goal in asked.goals if goal.kind == "days")
    found = simulated.days(trials["cut off"], network, asked.region, year)
    return {
        "year": year,
        "promised": best.days[best.years.index(year)],
        "pile": sum(best.pile.values()),
        "held": quantiles(simulated.held(trials["cut off"], best.pile)),
        **quantiles(found),
    }


def _promise(best: Plan, made: Programme, network: Network) -> dict[str, Any]:
    said = asdict(best)
    said["orders"] = [_order(order, network) for order in said["orders"]]
    called = {name: (n_en, n_zh) for name, n_en, n_zh in _names(network)}
    said["binds"] = [
        {
            **bind,
            "called": called.get(bind["name"], (bind["name"],) * 2)[0],
            "called_zh": called.get(bind["name"], (bind["name"],) * 2)[1],
        }
        for bind in said["binds"]
    ]
    said["goals"] = [str(goal) for goal in best.goals]
    said["by_stage"] = best.by_stage()
    said["surplus"] = {
        name: list(row) for name, row in best.surplus.items() if max(row) >= SURPLUS and not name.startswith("scrap")
    }
    said["wanted"] = [made.wanted(year) for year in made.years]
    said["stock"] = {name: list(row) for name, row in made.stock.items()}
    said["price"] = dict(made.price)
    return said


def _names(n: Network) -> Iterable[tuple[str, str, str]]:
    return zip(n.facilities, n.facility_name, n.facility_name_zh, strict=True)


def _order(order: dict[str, Any], n: Network) -> dict[str, Any]:
    row = n.facilities.index(order["plant"])
    parameter = n.uncertainty[int(n.capacity_by[row])]
    claims = sorted(parameter.claims, key=lambda one: -one[1])
    return {
        **order,
        "name": n.facility_name[row],
        "name_zh": n.facility_name_zh[row],
        "build_days": float(n.build_days[row]),
        "parameter": "" if order["new"] else parameter.name,
        "claims": [claim for claim, _ in claims[:3]],
    }


def _cost_band(best: Plan, asked: Question) -> dict[str, float]:
    """What the same capacity costs when the prices of capacity are drawn, USD."""
    drawn = draw(BEHAVIOUR, asked.seed, max(asked.draws, 200))
    medians = {one.name: one.median for one in BEHAVIOUR}
    total = np.zeros(max(asked.draws, 200))
    for order in best.orders:
        name = f"behaviour:capex_{order.stage}"
        total += order.usd * drawn[name] / medians[name]
    return quantiles(total + best.cost - sum(order.usd for order in best.orders))


def _assumed(best: Plan, n: Network, made: Programme) -> list[dict[str, Any]]:
    """Inputs that nobody's document states: prices of capacity, build times, what controls cost, plants."""
    stages = {order.stage for order in best.orders}
    wanted = {f"behaviour:{name}" for name in USED if name.removeprefix("capex_") in stages or name.startswith("tech")}
    rows = [
        {"name": one.name, "median": one.median, "low": one.low, "high": one.high, "unit": one.unit}
        for one in BEHAVIOUR
        if one.name in wanted
    ]
    for stage in STAGES:
        days = sorted({float(n.build_days[n.facilities.index(o.plant)]) for o in best.orders if o.stage == stage})
        rows += [{"name": f"build:{stage}", "median": day, "low": None, "high": None, "unit": "day"} for day in days]
    for plant in made.plants:
        if plant.assumed and not plant.new:
            one = n.uncertainty[int(n.capacity_by[n.facilities.index(plant.id)])]
            told = {"median": one.median, "low": one.low, "high": one.high, "unit": one.unit}
            rows.append({"name": f"capacity:{plant.id}", **told})
    return rows


def _absent(asked: Question, network: Network) -> list[str]:
    """Partners of which the tables hold no mine or plant: opening one there cannot be planned from what is known."""
    homes = {
        network.regions[r] for r, c in zip(network.facility_region, network.capacity, strict=True) if math.isfinite(c)
    }
    return [code for code in asked.partners if code not in homes]


def keep(folder: Path, told: dict[str, Any], titles: Mapping[str, str], found: dict[str, Any]) -> Decision:
    """The answer on file."""
    return kept.keep(folder, "invest", told, titles, "", kept.finite(found))


def tables_of(tables: Any, asked: Question) -> Any:
    """The world's tables with the candidates the question may build."""
    return candidates.laid_over(tables, asked.region, asked.partners)
