"""Home to playing: every pair of policies simulated on the same draws, and the payoffs of both sides from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ytterby.decisions.bargain import moves, payoffs, weights
from ytterby.decisions.bargain.games import Cell, Floats
from ytterby.decisions.bargain.payoffs import HARM, PARTS, Outcome, Window
from ytterby.decisions.bargain.rates import Exchange, exchange
from ytterby.decisions.bargain.table import Bargain, Rate
from ytterby.run.trials import Trial
from ytterby.terms.errors import BadValue, UnknownName
from ytterby.world.network import Network
from ytterby.world.scenarios import Scenario

Try = Callable[[Sequence[Scenario], Callable[[Trial], None]], object]
"""Simulates plans on the same draws, and hands each trial over as it is made."""


@dataclass(frozen=True, slots=True)
class Round:
    """The game as played from one day on; all payoffs against how things stand (each side's first policy)."""

    window: Window
    totals: Floats
    """(side, row, column, draw) USD bn a year."""
    parts: Mapping[str, Floats]
    """Part -> (side, row, column) means, USD bn a year."""
    unpaid: Floats
    """(side, row, column, draw) without the payments."""
    bystanders: Mapping[str, Floats]
    """Bystander -> (row, column, draw)."""
    made_abroad: Floats
    """(row, column, draw) t of magnets made outside China in the last year of the window."""


@dataclass(frozen=True, slots=True)
class Played:
    """A bargain, simulated."""

    rounds: tuple[Round, ...]
    """The game of the bargain's own day first, then those of later years."""
    exchanges: tuple[Exchange, ...]
    """One for each of the bargain's rates."""
    trials: int
    """Scenarios that were simulated."""
    unvalued: tuple[str, ...]
    """Products that no weight gives a worth: their lines count for nothing."""


def play(
    bargain: Bargain, scenario: Scenario, network: Network, tried: Try, *, draws: int, seed: int, later: Sequence[int]
) -> Played:
    """Simulate every cell of the game, at every date, on the same draws.

    Args:
        bargain: the game.
        scenario: the world's future as things stand.
        network: the world.
        tried: simulates.
        draws: worlds.
        seed: of the draws.
        later: years in which the game is played again.

    Raises:
        UnknownName: a region, element or product nobody knows.
        BadValue: a day before the scenario begins, or more steps than can be simulated.
    """
    _check(bargain, network)
    firsts = list(dict.fromkeys([bargain.date, *(moves.begins(bargain, year) for year in sorted(later))]))
    windows = [Window(*moves.window(bargain, first)) for first in firsts]
    end = max(scenario.end, max(window.until for window in windows))
    layouts = [moves.laid(bargain, scenario, window.first, end) for window in windows]
    plans = [plan for layout in layouts for plan in layout.plans]
    of = [window for layout, window in zip(layouts, windows, strict=True) for _ in layout.plans]
    base = moves.reached(bargain, scenario, windows[0].first, end)
    for k, rate in enumerate(bargain.rates):
        plans.append(moves.with_lever(base, rate.lever, f"rate-{k + 1}", windows[0].first))
        of.append(windows[0])
    worth = weights.drawn(bargain, seed, draws)
    parties = {one.id: one.regions for one in bargain.parties}
    outcomes: list[Outcome] = []
    tried(plans, lambda trial: outcomes.append(payoffs.outcome(trial, network, parties, worth, of[len(outcomes)])))
    rounds, at = [], 0
    for layout, window in zip(layouts, windows, strict=True):
        here = outcomes[at : at + len(layout.plans)]
        rounds.append(_round(bargain, window, {cell: here[row] for cell, row in layout.cells.items()}, worth))
        at += len(layout.plans)
    still = outcomes[layouts[0].cells[0, 0]]
    exchanges = [_exchange(bargain, rate, still, outcomes[at + k], worth) for k, rate in enumerate(bargain.rates)]
    valued = {name.removeprefix("worth:") for name in worth if name.startswith("worth:")}
    unvalued = tuple(sorted(set(network.group_product) - valued))
    return Played(tuple(rounds), tuple(exchanges), len(plans), unvalued)


def _check(bargain: Bargain, n: Network) -> None:
    place = f"bargain {bargain.id}"
    for party in bargain.parties:
        for region in party.regions:
            if region not in n.regions:
                raise UnknownName(region, n.regions, "region", f"{place}, {party.id}")
    mine, theirs = (set(side.regions) for side in bargain.sides)
    if mine & theirs:
        raise BadValue(
            f"both sides have {', '.join(sorted(mine & theirs))}", place=place, remedy="give each region to one side"
        )
    for rate in bargain.rates:
        if rate.measure.element not in n.elements:
            raise UnknownName(rate.measure.element, n.elements, "element", f"{place}, rates")
        for region in rate.measure.to:
            if region not in n.regions:
                raise UnknownName(region, n.regions, "region", f"{place}, rates")


def _round(bargain: Bargain, window: Window, cells: Mapping[Cell, Outcome], worth: Mapping[str, Floats]) -> Round:
    height, width = (len(side.policies) for side in bargain.sides)
    draws = len(next(iter(worth.values())))
    raw = {part: np.zeros((2, height, width, draws)) for part in PARTS}
    aside = {one.id: np.zeros((height, width, draws)) for one in bargain.bystanders}
    made = np.zeros((height, width, draws))
    for (i, j), outcome in cells.items():
        for s, side in enumerate(bargain.sides):
            for part, values in outcome.parts[side.id].items():
                raw[part][s, i, j] = values
            raw["payments"][s, i, j] = _paid(bargain, (i, j), side.id, worth, draws)
        for one in bargain.bystanders:
            aside[one.id][i, j] = sum(outcome.parts[one.id].values(), np.zeros(draws))
        made[i, j] = outcome.made_abroad
    against = {part: values - values[:, :1, :1] for part, values in raw.items()}
    harm = sum((against[part] for part in HARM), np.zeros((2, height, width, draws)))
    against["rivalry"] = -worth["weight:relative"] * harm[::-1]
    totals = sum(against.values(), np.zeros((2, height, width, draws)))
    return Round(
        window,
        totals,
        {part: values.mean(axis=-1) for part, values in against.items()},
        totals - against["payments"],
        {name: values - values[:1, :1] for name, values in aside.items()},
        made,
    )


def _paid(bargain: Bargain, cell: Cell, side: str, worth: Mapping[str, Floats], draws: int) -> Floats:
    total = np.zeros(draws)
    for one, chosen in zip(bargain.sides, cell, strict=True):
        for paid in one.policies[chosen].pays:
            total = total + paid.units * worth.get(f"payment:{paid.payment}:{side}", np.zeros(draws))
    return total


def _exchange(bargain: Bargain, rate: Rate, still: Outcome, moved: Outcome, worth: Mapping[str, Floats]) -> Exchange:
    giver = bargain.side(rate.side)
    names = [bargain.sides[giver].id, bargain.sides[1 - giver].id]
    draws = len(next(iter(worth.values())))

    def shipped(one: Outcome) -> Floats:
        by_region = one.shipped.get(rate.measure.element, {})
        return sum((by_region[r] for r in rate.measure.to if r in by_region), np.zeros(draws))

    parts = {
        name: {p: moved.parts[name][p] - still.parts[name][p] for p in moved.parts[name]} for name in names
    }  # fmt: skip
    harm = {name: sum((parts[name][p] for p in HARM), np.zeros(draws)) for name in names}
    change = [
        sum(parts[name].values(), np.zeros(draws)) - worth["weight:relative"] * harm[other]
        for name, other in zip(names, reversed(names), strict=True)
    ]
    unit = [worth.get(f"payment:{rate.against}:{name}", np.zeros(draws)) for name in names]
    # a unit may be a burden on the giver of the lever (a tariff): then what is offered is a unit less of it
    sign = -1.0 if float(np.mean(unit[0])) < 0.0 else 1.0
    return exchange(shipped(moved) - shipped(still), change[0], change[1], sign * unit[0], -sign * unit[1])
