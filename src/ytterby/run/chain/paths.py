"""Home to demand paths: the world's anchors between years, and the paths a scenario puts in their place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from ytterby.run.base import Grid
from ytterby.run.chain import events
from ytterby.run.chain.state import USE_STAGES
from ytterby.run.draws import Z95, Parameter
from ytterby.world.network import Network
from ytterby.world.scenarios import Demand, Scenario
from ytterby.world.spreads import Spread
from ytterby.world.stocks import (
    Erlang,
    Exponential,
    Fixed,
    Lifetime,
    Lognormal,
    Normal,
    Weibull,
    inflow_driven,
    stock_driven,
)

Floats = NDArray[np.float64]
YEAR = 365.25

WEEK = 7.0 / YEAR

HISTORY = 3.0
"""Lifetimes before its first anchor at which a fleet's history begins: less than 1 % of products last longer."""

OUTLOOK_DAYS = 60.0
"""About what a magnet takes from order to line: a month of making, a month at sea."""


def path_parameters(scenario: Scenario) -> tuple[Parameter, ...]:
    """One score per path (a fleet that grows fast keeps growing fast) and one per weight of a unit."""
    made = []
    for path in scenario.demand:
        name = f"path:{path.product}:{path.region or 'all'}"
        made.append(Parameter(name, 0.0, -Z95, Z95, "sigma", "normal"))
        if path.kg_per_unit is not None:
            kg = path.kg_per_unit
            made.append(Parameter(f"{name}:kg", kg.median, kg.low, kg.high, "kg/unit", kg.kind, kg.assumed))
    return tuple(made)


def demand_paths(scenario: Scenario, n: Network, grid: Grid, drawn: Mapping[str, Floats]) -> Floats:
    """Demand of each group at the middle of each step, units per day (step, group, draw)."""
    when = _years(grid)
    draws = len(next(iter(drawn.values())))
    base = np.stack([_between(when, n.demand_years, row) for row in n.demand], axis=1)
    demand = np.repeat(base[:, :, None], draws, axis=2)
    for path in scenario.demand:
        _replace(demand, path, n, when, drawn)
    for event in scenario.events:
        if event.kind == "demand":
            share = events.active(event, grid.ordinals(), grid.days)
            demand[:, events.groups(event, n)] *= events.factor(event, drawn, share)[:, None]
    abroad = np.array([code != "CN" for code in n.regions])[n.group_region] & n.group_magnet
    demand[:, abroad] *= drawn["licensing:import_demand"]
    return demand


def outlook(demand: Floats, days: float) -> Floats:
    """Demand OUTLOOK_DAYS ahead over demand now, of the same shape: makers order for the plan they will build to."""
    ahead = max(1, round(OUTLOOK_DAYS / days))
    later = np.concatenate([demand[ahead:], np.repeat(demand[-1:], min(ahead, len(demand)), axis=0)])[: len(demand)]
    ratio = np.divide(later, demand, out=np.ones_like(demand), where=demand > 0.0)
    return np.asarray(np.clip(ratio, 0.5, 2.0))


def _years(grid: Grid) -> Floats:
    middle = [grid.start + timedelta(days=(k + 0.5) * grid.days) for k in range(grid.steps)]
    return np.array([d.year + (d - date(d.year, 1, 1)).days / YEAR for d in middle])


def _between(when: Floats, years: Floats, values: Floats) -> Floats:
    """Geometric between anchors where both are positive, linear otherwise; flat outside."""
    if np.all(values > 0.0):
        return np.asarray(np.exp(np.interp(when, years, np.log(values))))
    return np.asarray(np.interp(when, years, values))


def _beyond(when: Floats, years: Floats, values: Floats) -> Floats:
    """As `_between`, and growing on at the last pace after the last anchor."""
    inside = _between(when, years, values)
    if len(years) < 2 or not np.all(values > 0.0):
        return inside
    pace = np.log(values[-1] / values[-2]) / (years[-1] - years[-2])
    return np.asarray(inside * np.exp(pace * np.maximum(when - years[-1], 0.0)))


def _replace(demand: Floats, path: Demand, n: Network, when: Floats, drawn: Mapping[str, Floats]) -> None:
    """Put a scenario's path in the place of the world's, shared over regions as the world shares them."""
    hit = np.array([p == path.product for p in n.group_product])
    if path.region:
        hit &= np.array([n.regions[r] == path.region for r in n.group_region])
    rows = np.flatnonzero(hit)
    name = f"path:{path.product}:{path.region or 'all'}"
    years = np.array(sorted(path.path), dtype=float)
    score = drawn[name]
    levels = np.stack([_at(path.path[int(y)], score) for y in years])  # (year, draw)
    if path.kind == "factor":
        curve = np.stack([np.interp(when, years, levels[:, d]) for d in range(levels.shape[1])], axis=1)
        demand[:, rows] *= curve[:, None]
        return
    fleet = path.kind == "fleet"
    # a fleet is stated for a point in time, shipments for a year: its middle
    total = _shipments(path, years, levels, when) if fleet else _curves(when, years + 0.5, levels)
    if path.kg_per_unit is not None:
        total = total * drawn[f"{name}:kg"] / path.kg_per_unit.median
    share = demand[:, rows] / np.maximum(demand[:, rows].sum(axis=1, keepdims=True), 1e-300)
    demand[:, rows] = share * (total / YEAR)[:, None]


def _at(spread: Spread, score: Floats) -> Floats:
    return Parameter("", spread.median, spread.low, spread.high, "", spread.kind).from_normal(score)


def _curves(when: Floats, anchors: Floats, levels: Floats) -> Floats:
    """`levels` (anchor, draw) at `when`, (when, draw); they grow on at their last pace after the last anchor."""
    return np.stack([_beyond(when, anchors, levels[:, d]) for d in range(levels.shape[1])], axis=1)


def _shipments(path: Demand, years: Floats, levels: Floats, when: Floats) -> Floats:
    """Units a year that a fleet asks for at `when`: its growth, and in the place of what is retired, (when, draw).

    A fleet is stated for a point in time. How old it is decides what it retires: it is taken to have grown before its
    first anchor as it grows after it. One that falls faster than it wears out asks for nothing.
    """
    lifetime = _lifetime(path)
    step = float(np.mean(np.diff(when))) if len(when) > 1 else WEEK
    begun = min(when[0], years[0]) - HISTORY * float(path.lifetime_years or 1.0)
    before = int(np.ceil((when[0] - begun) / step))
    middles = when[0] + step * np.arange(-before, len(when))
    ends = middles + 0.5 * step
    fleet = _curves(ends, years, levels)
    past = int(np.searchsorted(ends, years[0]))
    grows = len(years) > 1 and bool(np.all(levels[:2] > 0.0))
    pace = np.log(levels[1] / levels[0]) / (years[1] - years[0]) if grows else np.zeros(levels.shape[1])
    # a fleet of all ages: what a steadily growing inflow has built up by the first anchor
    history = inflow_driven(np.exp(pace * (ends[:past, None] - years[0])), lifetime, years=middles[:past]).stock
    fleet[:past] = history / history[-1] * levels[0] * np.exp(pace * (ends[past - 1] - years[0]))
    return stock_driven(fleet, lifetime, years=middles, early=True).inflow[before:]


def _lifetime(path: Demand) -> Lifetime:
    years = float(path.lifetime_years or 1.0)
    spread = path.lifetime_spread * years
    members: dict[str, Callable[[], Lifetime]] = {
        "erlang": lambda: Erlang(years, USE_STAGES),
        "exponential": lambda: Exponential(years),
        "weibull": lambda: Weibull.of(years, spread),
        "normal": lambda: Normal(years, spread),
        "lognormal": lambda: Lognormal(years, spread),
        "fixed": lambda: Fixed(years),
    }
    return members[path.lifetime]()
