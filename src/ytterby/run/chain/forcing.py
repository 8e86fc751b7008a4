"""Home to forcing: a scenario on a network, as constants of each draw and inputs of each step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytterby.rules import calendar, gates, regimes
from ytterby.rules.calendar import EPOCH
from ytterby.rules.clauses import Instrument
from ytterby.run.base import Grid, Inputs
from ytterby.run.chain import crossings, events, licensing
from ytterby.run.chain.behaviour import BEHAVIOUR
from ytterby.run.chain.initial import first_state
from ytterby.run.chain.paths import demand_paths, outlook, path_parameters
from ytterby.run.chain.state import Constants, Forcing
from ytterby.run.chain.structure import Structure
from ytterby.run.draws import Parameter
from ytterby.terms.errors import BadValue
from ytterby.world import scenarios
from ytterby.world.network import Network
from ytterby.world.scenarios import Event, Scenario

Floats = NDArray[np.float64]

LONGEST_STEP = 14.0
"""Days; shorter than the shortest target stock of a maker."""

NEVER = -1.0
"""Days since the controls start, before they do."""


@dataclass(frozen=True)
class Forced:
    """Everything about a scenario that does not depend on a draw, and how to make the rest."""

    structure: Structure
    scenario: Scenario
    grid: Grid
    parameters: tuple[Parameter, ...]
    gates: gates.Gates
    since: Floats  # (step,) days since the first licence duty on magnets, NEVER before

    @property
    def controls_from(self) -> date | None:
        """First day on which some class of crossing needs a licence."""
        bound = self.gates.licensed.any(axis=0) if len(self.gates.classes) else np.zeros(1, dtype=bool)
        return EPOCH + timedelta(days=int(self.gates.days[int(np.argmax(bound))])) if bound.any() else None

    @property
    def controls_after(self) -> float:
        """Days from the start of the run to `controls_from`, 0 without controls."""
        day = self.controls_from
        return 0.0 if day is None else float((day - self.grid.start).days)

    def inputs(self, drawn: Mapping[str, Floats]) -> Inputs[Constants, Forcing]:
        """Constants and forcing of a chunk of draws (NumPy arrays)."""
        forcing = _forcing(self, drawn)
        return Inputs(_constants(self, drawn, forcing), forcing)

    def constants(self, drawn: Mapping[str, Floats], forcing: Forcing) -> Constants:
        """Constants alone, for draws that share their forcing (its draw axis is 1, or theirs)."""
        return _constants(self, drawn, forcing)


def force(network: Network, scenario: Scenario, instruments: tuple[Instrument, ...] | None = None) -> Forced:
    """Lay a scenario over a network.

    Raises:
        UnknownName: the scenario names a facility, region, material or product that the network does not have.
        BadValue: a step longer than stocks last, or an event that would touch nothing.
    """
    scenarios.check_names(
        scenario,
        facilities=network.facilities,
        regions=network.regions,
        materials=network.materials,
        products=tuple(dict.fromkeys(network.group_product)),
    )
    grid = Grid(scenario.start, scenario.steps, scenario.step_days)
    if grid.days > LONGEST_STEP:
        raise BadValue(
            f"a step of {grid.days:g} days is longer than many stocks last",
            place=f"scenario {scenario.id}, step_days",
            remedy=f"give at most {LONGEST_STEP:g}: goods would run short only because of the step",
        )
    told = replace_events(scenario)
    for event in told.events:
        events.check(event, network)
    law = instruments or scenarios.instruments(scenario)

    def compiled_for(classes: list[gates.GateClass]) -> gates.Gates:
        return gates.gates(classes, _days(grid), told.known, told.reading, law)

    structure = _with_events(Structure.of(network, crossings.reached(network, compiled_for)), told.events)
    compiled = compiled_for([crossings.gate_class(network, key) for key in structure.gates])
    since = _since(compiled, grid)
    parameters = (
        *_network_parameters(network, spread=scenario.uncertainty.claims),
        *BEHAVIOUR,
        *(
            Parameter(k, s.median, s.low, s.high, "", s.kind, s.assumed)
            for k, s in scenarios.spreads(told).items()
            if _drawn(k)
        ),
        *licensing.drift_parameters(float(since.max(initial=0.0)) + grid.days),
        *path_parameters(told),
    )
    return Forced(structure, told, grid, parameters, compiled, since)


def replace_events(scenario: Scenario) -> Scenario:
    """The scenario without the events that were not yet known on its knowledge date."""
    return scenario.at(scenario.known)


def _drawn(name: str) -> bool:
    # paths have one score per path, not one parameter per year: a fleet that grows fast keeps growing fast
    return not name.startswith("demand:")


def _network_parameters(n: Network, *, spread: bool) -> tuple[Parameter, ...]:
    made = []
    for u in n.uncertainty[1:]:
        low, high, kind = (u.low, u.high, u.kind) if spread else (u.median, u.median, "point")
        made.append(Parameter(u.name, u.median, low, high, u.unit, kind, u.assumed, u.claims))
    return tuple(made)


def _with_events(structure: Structure, told: tuple[Event, ...]) -> Structure:
    n = structure.network
    hits = tuple(events.facilities(e, n) for e in told if e.kind == "supply_loss")
    borders = tuple(events.border(e, n) for e in told if e.kind == "border")
    leads = tuple(events.links(e, n) for e in told if e.kind in ("reroute", "air_freight"))
    handed = tuple(events.users(*pair, n) for pair in events.releases(told))
    first = any(e.kind == "requisition" for e in told)
    bound = any(e.kind == "offtake" for e in told)
    return replace(
        structure, requisitions=first, offtakes=bound, output_events=hits, lead_events=leads, border_events=borders,
        release_events=handed,
    )  # fmt: skip


def _days(grid: Grid) -> NDArray[np.int64]:
    """Every day of the run, since 1970-01-01 (day,): a rule that starts within a step binds for the rest of it."""
    first = int(grid.ordinals()[0])
    return np.arange(first, first + int(np.ceil(grid.steps * grid.days)), dtype=np.int64)


def _by_step(daily: NDArray[np.bool_], grid: Grid) -> Floats:
    """Share of each step's days on which something holds: (…, day) to (step, …)."""
    edges = np.floor(np.arange(grid.steps) * grid.days).astype(int)
    counts = np.diff([*edges, daily.shape[-1]])
    summed = np.add.reduceat(daily.astype(float), edges, axis=-1)
    return np.asarray(np.moveaxis(summed / counts, -1, 0))


def _since(compiled: gates.Gates, grid: Grid) -> Floats:
    """Days since the first day on which some class of crossing needs a licence, NEVER before (step,)."""
    bound = compiled.licensed.any(axis=0) if len(compiled.classes) else np.zeros(1, dtype=bool)
    if not bound.any():
        return np.full(grid.steps, NEVER)
    ends = grid.ordinals() + grid.days
    first = float(compiled.days[int(np.argmax(bound))])
    return np.where(ends > first, np.maximum(grid.ordinals() - first, 0.0), NEVER)


def _factors(n: Network, drawn: Mapping[str, Floats]) -> Floats:
    """Drawn value over median of every row of the uncertainty table (parameter, draw)."""
    draws = len(next(iter(drawn.values())))
    rows = [np.ones(draws)]
    rows += [drawn[u.name] / u.median for u in n.uncertainty[1:]]
    return np.vstack(rows)


def _constants(forced: Forced, drawn: Mapping[str, Floats], forcing: Forcing) -> Constants:
    s, n = forced.structure, forced.structure.network
    factor = _factors(n, drawn)
    levels = np.ones((len(n.facilities), factor.shape[1]))
    mines = n.output_by > 0
    levels[n.activity_facility[mines]] = factor[n.output_by[mines]]
    capacity = np.where(np.isfinite(n.capacity), n.capacity, np.inf)[:, None] * factor[n.capacity_by] * levels
    lead = n.link_lead[:, None] * factor[n.lead_by]
    behaviour = {p.name.split(":", 1)[1]: drawn[p.name] for p in BEHAVIOUR}
    slots = len(n.in_slot_facility)
    pipeline = np.zeros((slots, lead.shape[1]))
    np.add.at(pipeline, n.link_in, n.link_share[:, None] * (lead + behaviour["handling_days"]))
    ramp_days = np.maximum(n.ramp_days, 1.0)[:, None] * factor[n.ramp_by]
    starts = _starts(forced, drawn, lead.shape[1])
    day = forcing.day[0]
    ramp = np.clip((day - starts) / ramp_days, 0.0, 1.0)
    yields = np.minimum(factor[n.yield_by], s.yield_limit[:, None])
    cover = n.in_slot_cover[:, None] * factor[n.cover_by]
    demand_factor = factor[n.demand_by]
    demand = forcing.demand[0] * demand_factor
    past = growth(n)
    initial = first_state(
        s,
        demand,
        past,
        cover,
        lead,
        behaviour["handling_days"],
        yields,
        ramp,
        np.maximum(forcing.floor[0], -50.0),
        forced.scenario.licensing.review_stages,
    )
    scalars = {k.split(":", 1)[1]: v for k, v in drawn.items() if k.startswith("licensing:") and k.count(":") == 1}
    return Constants(
        capacity=capacity,
        ramp_rate=1.0 / ramp_days,
        ramp_start=np.maximum(starts, -1e6),
        yields=yields,
        cover=cover,
        lead=lead,
        pipeline=pipeline,
        demand_factor=demand_factor,
        behaviour=behaviour,
        licensing=scalars,
        initial=initial,
    )


def _starts(forced: Forced, drawn: Mapping[str, Floats], draws: int) -> Floats:
    """Start day of each facility (facility, draw), moved by `facility_start` and `investment` events."""
    n = forced.structure.network
    starts = np.repeat(n.ramp_start[:, None], draws, axis=1)
    for event in forced.scenario.events:
        if event.kind == "facility_start":
            starts[events.facilities(event, n)] += drawn[f"event:{event.name}"]
    return starts


def growth(n: Network) -> Floats:
    """Yearly growth of demand between the first two anchors, as it is taken to have been before (group,)."""
    first, second = np.maximum(n.demand[:, 0], 1e-12), np.maximum(n.demand[:, 1], 1e-12)
    return np.clip(np.log(second / first) / (n.demand_years[1] - n.demand_years[0]), -0.1, 0.5)


def _forcing(forced: Forced, drawn: Mapping[str, Floats]) -> Forcing:
    s, n, grid, told = forced.structure, forced.structure.network, forced.grid, forced.scenario
    starts, draws = grid.ordinals(), len(next(iter(drawn.values())))
    ones = np.ones((grid.steps, draws))
    law = forced.gates
    pace = _authority(forced, drawn, starts)
    controls = forced.since >= 0.0
    season = calendar.seasonality(grid.start, grid.steps, grid.days)
    floor = _floors(forced, starts)
    tech = np.repeat(_by_step(law.technology, grid)[:, None], draws, axis=1)
    for event, share in _of(told.events, starts, grid, "tech_control"):
        tech = np.maximum(tech, share[:, None] * drawn[f"event:{event.name}"])
    requisition = np.zeros((grid.steps, len(n.regions)))
    offtake = np.zeros((grid.steps, len(n.in_slot_facility)))
    stockpile = np.zeros((grid.steps, len(n.out_slot_facility)))
    for event, share in _of(told.events, starts, grid, "requisition"):
        requisition = np.maximum(requisition, share[:, None] * events.regions(event, n))
    for event, share in _of(told.events, starts, grid, "offtake"):
        offtake = np.maximum(offtake, share[:, None] * events.promising(event, n) * event.value.median)
    for event, share in _of(told.events, starts, grid, "stockpile_buy"):
        stockpile += share[:, None] * events.slots(event, n) * event.value.median
    refused = _by_step(law.refused | crossings.new_bans(law), grid)
    for event, share in _of(told.events, starts, grid, "refuse_destination", "buyer_ban"):
        hit = events.regions(event, n)[s.gate_region] & _end_use(event, s.gate_military)
        refused = np.maximum(refused, share[:, None] * hit)
    factors = lambda *kinds: [events.factor(e, drawn, w) for e, w in _of(told.events, starts, grid, *kinds)]  # noqa: E731
    stack = lambda rows: np.stack(rows, axis=1) if rows else np.ones((grid.steps, 0, draws))  # noqa: E731
    demand = demand_paths(forced.scenario, n, grid, drawn)
    return Forcing(
        day=starts,
        demand=demand,
        outlook=outlook(demand, grid.days),
        season=season,
        rush=calendar.festival(grid.start, grid.steps, grid.days),
        licensed=_by_step(law.licensed, grid),
        same_code=_by_step(law.same_code, grid),
        refused=refused,
        hold=np.where(controls[:, None], licensing.hold(drawn, forced.since), 0.0),
        throughput=pace["throughput"],
        speed=pace["speed"],
        grant=pace["grant"],
        general=pace["general"],
        output=stack(factors("supply_loss")),
        border=stack(factors("border")),
        lead=stack(factors("reroute", "air_freight")),
        floor=floor,
        tech=np.clip(tech, 0.0, 1.0),
        requisition=requisition,
        offtake=offtake,
        stockpile=stockpile,
        release=_releases(forced, starts),
        investment=_investment(forced, starts),
        restock=np.where(controls[:, None], licensing.restock(drawn, forced.since), ones),
    )


def _of(told: tuple[Event, ...], starts: Floats, grid: Grid, *kinds: str) -> list[tuple[Event, Floats]]:
    return [(e, events.active(e, starts, grid.days)) for e in told if e.kind in kinds]


def _end_use(event: Event, military: NDArray[np.bool_]) -> NDArray[np.bool_]:
    if event.end_use == "any":
        return np.ones_like(military)
    return np.asarray(military == (event.end_use == "military"))


def _authority(forced: Forced, drawn: Mapping[str, Floats], starts: Floats) -> dict[str, Floats]:
    """Throughput (step, draw), speed and general licences (step, region, draw), grants (step, use, region, draw)."""
    n, grid, told = forced.structure.network, forced.grid, forced.scenario
    draws = len(next(iter(drawn.values())))
    throughput = licensing.throughput(drawn, forced.since)
    regions_ = len(n.regions)
    speed = np.ones((grid.steps, regions_, draws))
    for row, code in enumerate(n.regions):
        if f"licensing:destination_speed:{code}" in drawn:
            speed[:, row] *= drawn[f"licensing:destination_speed:{code}"]
    grant = np.empty((grid.steps, 2, regions_, draws))
    grant[:, 0], grant[:, 1] = drawn["licensing:grant_civil"], drawn["licensing:grant_military"]
    general = np.empty((grid.steps, regions_, draws))
    general[:] = drawn["licensing:general_licence_share"]
    for event in told.events:
        share = events.active(event, starts, grid.days)
        hit = events.regions(event, n)
        value = drawn[f"event:{event.name}"]
        if event.kind == "throughput":
            throughput = throughput * events.factor(event, drawn, share)
        elif event.kind == "review_speed":
            speed[:, hit] *= events.factor(event, drawn, share)[:, None]
        elif event.kind == "grant":
            for use in (0, 1):
                if event.end_use in ("any", ("civil", "military")[use]):
                    weight = share[:, None, None]
                    grant[:, use, hit] = (1.0 - weight) * grant[:, use, hit] + weight * value
        elif event.kind == "general_licence":
            general[:, hit] = np.maximum(general[:, hit], share[:, None, None] * value)
    return {"throughput": throughput, "speed": speed, "grant": grant, "general": general}


def _investment(forced: Forced, starts: Floats) -> Floats:
    """USD a day that events put into each facility (step, facility): equal parts by stage, then by nameplate."""
    n, grid = forced.structure.network, forced.grid
    spent = np.zeros((grid.steps, len(n.facilities)))
    for event, share in _of(forced.scenario.events, starts, grid, "investment"):
        days = ((event.until or forced.scenario.end) - event.date).days + 1
        spent += share[:, None] * events.projects(event, n) * event.value.median / days
    return spent


def _releases(forced: Forced, starts: Floats) -> Floats:
    """Most that is handed out of what states hold, t/day (step, release); events of one material and region add up."""
    grid, told = forced.grid, forced.scenario.events
    pairs = events.releases(told)
    rate = np.zeros((grid.steps, len(pairs)))
    for event, share in _of(told, starts, grid, "stockpile_release"):
        rate[:, pairs.index((event.material, event.region))] += share * event.value.median
    return rate


def _floors(forced: Forced, starts: Floats) -> Floats:
    """ln(floor / base price) (step, price, zone), -inf where there is none."""
    s, n, grid = forced.structure, forced.structure.network, forced.grid
    floor = np.full((grid.steps, len(s.priced), len(n.zones)), -np.inf)
    for event, share in _of(forced.scenario.events, starts, grid, "price_floor"):
        row = s.price_row[n.materials.index(event.material)]
        for zone, name in enumerate(n.zones):
            if not event.zone or event.zone == name:
                usd = event.value.median
                level = np.where(share > 0.5, np.log(usd / s.price_base[row, zone]), -np.inf)
                floor[:, row, zone] = np.maximum(floor[:, row, zone], level)
    return floor


def summary(forced: Forced) -> dict[str, Any]:
    """What a record keeps of the forcing: when the controls start, under which reading, with how many parameters."""
    day = forced.controls_from
    return {
        "reading": forced.scenario.reading,
        "known": forced.scenario.known.isoformat(),
        "controls_from": day.isoformat() if day else None,
        "parameters": len(forced.parameters),
        "clauses": sorted(name for name, held in forced.gates.in_force.items() if held.any()),
        "default_reading": regimes.DEFAULT_READING,
    }
