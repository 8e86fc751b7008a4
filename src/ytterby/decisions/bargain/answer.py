"""Home to the answer: a bargain that was played, as plain data with every figure in it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ytterby.decisions.bargain import drivers, robust, weights
from ytterby.decisions.bargain.equilibria import Equilibrium, Solved, solve
from ytterby.decisions.bargain.frontier import Agreed, Frontier, Payoffs, frontier, ideal, kalai_smorodinsky, nash_point
from ytterby.decisions.bargain.games import Cell, Floats, Game, game, secured
from ytterby.decisions.bargain.playing import Played, Round
from ytterby.decisions.bargain.rates import Exchange
from ytterby.decisions.bargain.repeated import held, threshold
from ytterby.decisions.bargain.table import Bargain
from ytterby.run.metrics import quantiles
from ytterby.world.network import Network

Row = dict[str, Any]


def answered(bargain: Bargain, played: Played, network: Network, *, discount: float, seed: int, spread: bool) -> Row:
    """All that was found, as JSON holds it; payoffs in USD bn a year against how things stand.

    Args:
        bargain: the game.
        played: its trials' payoffs.
        network: the world.
        discount: of the game played again and again.
        seed: of the draws.
        spread: whether the scenario lets the world's figures vary.
    """
    first = played.rounds[0]
    one = mean_game(bargain, first)
    solved = solve(one)
    stands = threat_of(bargain, one, solved, first)
    edge = frontier(np.array([one.at(cell) for cell in one.cells]))
    found = _set(one, edge, stands, first)
    return {
        "bargain": bargain.id,
        "title": bargain.title.model_dump(),
        "question": bargain.question.model_dump(),
        "answers": [each.model_dump() for each in bargain.answers],
        "from": first.window.first.isoformat(),
        "until": first.window.until.isoformat(),
        "trials": played.trials,
        "discount": discount,
        "unit": "USD bn a year",
        "sides": [_side(side) for side in bargain.sides],
        "bystanders": [{"id": each.id, "name": each.name.model_dump()} for each in bargain.bystanders],
        "cells": _cells(bargain, first, one, solved),
        "equilibria": [_equilibrium(each, first) for each in solved.equilibria],
        "ties": [{"side": t.side, "against": t.against, "policies": list(t.policies)} for t in solved.ties],
        "verified": {
            "equilibria": len(solved.equilibria),
            "refused": solved.refused,
            "worst_gap": max(each.gap for each in solved.equilibria),
        },
        "secured": [secured(one.first).value, secured(one.second.T).value],
        "threat": {key: value for key, value in stands.items() if key != "draws"},
        "set": found,
        "repeated": _repeated(one, solved, first, discount),
        "rates": [_rate(bargain, k, each) for k, each in enumerate(played.exchanges)],
        "leverage": [_leverage(bargain, each) for each in played.rounds],
        "inputs": _inputs(bargain),
        "drivers": _drivers(bargain, network, first, found, stands, seed, spread=spread),
        "unvalued": list(played.unvalued),
    }


def mean_game(bargain: Bargain, one: Round) -> Game:
    """The game of mean payoffs."""
    mean = one.totals.mean(axis=-1)
    rows, columns = ([policy.id for policy in side.policies] for side in bargain.sides)
    return game(mean[0], mean[1], rows, columns)


def threat_of(bargain: Bargain, one: Game, solved: Solved, first: Round) -> Row:
    """What each side has without a deal: which rule, its payoffs on the mean, and by draw."""
    used = bargain.threat
    if used == "equilibrium" and len(solved.equilibria) > 1:
        used = "maxmin"
    if used == "status-quo":
        payoffs: Payoffs = (0.0, 0.0)
        draws = np.zeros((2, first.totals.shape[-1]))
    elif used == "equilibrium":
        found = solved.equilibria[0]
        payoffs = found.payoffs
        draws = np.einsum("srcd,r,c->sd", first.totals, np.array(found.first), np.array(found.second))
    else:
        mine, theirs = secured(one.first), secured(one.second.T)
        payoffs = (mine.value, theirs.value)
        draws = np.stack([
            np.einsum("rcd,r->cd", first.totals[0], np.array(mine.mixture)).min(axis=0),
            np.einsum("rcd,c->rd", first.totals[1], np.array(theirs.mixture)).min(axis=0),
        ])  # fmt: skip
    return {"asked": bargain.threat, "used": used, "payoffs": list(payoffs), "draws": draws}


def _side(side: Any) -> Row:
    policies = [
        {"id": p.id, "name": p.name.model_dump(), "about": p.about.model_dump() if p.about else None}
        for p in side.policies
    ]
    return {"id": side.id, "name": side.name.model_dump(), "regions": list(side.regions), "policies": policies}


def _band(values: Floats) -> Row:
    """Mean and quantiles over the draws."""
    points = quantiles(values)
    return {"mean": float(np.mean(values)), **{key: points[key] for key in ("p05", "median", "p95")}}


def _cells(bargain: Bargain, first: Round, one: Game, solved: Solved) -> list[Row]:
    shares = robust.pure_shares(first.totals[0], first.totals[1])
    settled = {each.cell for each in solved.equilibria}
    found = []
    for i, j in one.cells:
        parts = [
            {part: float(values[s, i, j]) for part, values in first.parts.items() if values[s].any()} for s in (0, 1)
        ]
        found.append({
            "row": i, "column": j, "first": _band(first.totals[0, i, j]), "second": _band(first.totals[1, i, j]),
            "parts": parts, "bystanders": {name: _band(v[i, j]) for name, v in first.bystanders.items()},
            "made_abroad": _band(first.made_abroad[i, j]), "equilibrium": (i, j) in settled,
            "share": float(shares[i, j]),
        })  # fmt: skip
    return found


def _equilibrium(found: Equilibrium, first: Round) -> Row:
    regrets = robust.regret(found, first.totals[0], first.totals[1])
    return {
        "first": list(found.first),
        "second": list(found.second),
        "cell": list(found.cell) if found.cell else None,
        "payoffs": list(found.payoffs),
        "gap": found.gap,
        "found_by": list(found.found_by),
        "holds": robust.holds(found, first.totals[0], first.totals[1]),
        "regret": [{"mean": each.mean, "p95": each.p95} for each in regrets],
    }


def _set(one: Game, edge: Frontier, stands: Row, first: Round) -> Row:
    threat: Payoffs = (stands["payoffs"][0], stands["payoffs"][1])
    cells = one.cells
    told: Row = {
        "frontier": [{"row": cells[k][0], "column": cells[k][1], "payoffs": list(p)} for k, p in
                     zip(edge.corners, edge.points, strict=True)],
        "ideal": list(ideal(edge, threat)),
    }  # fmt: skip
    for name, point in (("nash", nash_point(edge, threat)), ("kalai_smorodinsky", kalai_smorodinsky(edge, threat))):
        told[name] = _agreed(cells, point, threat) | _over_draws(first, point, stands["draws"], name)
    return told


def _agreed(cells: list[Cell], point: Agreed, threat: Payoffs) -> Row:
    return {
        "payoffs": list(point.payoffs),
        "gains": [point.payoffs[s] - threat[s] for s in (0, 1)],
        "mixture": [{"row": cells[k][0], "column": cells[k][1], "weight": w} for k, w in point.mixture],
        "rate": [_finite(each) for each in point.rate],
    }


def _over_draws(first: Round, point: Agreed, threat: Floats, name: str) -> Row:
    found = robust.deal(
        first.totals[0], first.totals[1], (threat[0], threat[1]), point.mixture, fair=name == "kalai_smorodinsky"
    )
    return {"drawn": [_band(gain) for gain in found.gains], "both_gain": found.both_gain, "possible": found.possible}


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _repeated(one: Game, solved: Solved, first: Round, discount: float) -> list[Row]:
    """Pairs of policies that both prefer to some equilibrium of a single round."""
    points = [each.payoffs for each in solved.equilibria]
    found = []
    for cell in one.cells:
        mine, theirs = one.at(cell)
        if not any(mine > p[0] and theirs > p[1] for p in points):
            continue
        told = held(one, cell, points, discount)
        back = solved.equilibria[told.back_to] if told.back_to is not None else solved.equilibria[0]
        found.append({
            "row": cell[0], "column": cell[1], "payoffs": [mine, theirs], "temptation": list(told.temptation),
            "least": list(told.least), "patience": told.patience, "bound": told.bound, "trust": list(told.trust),
            "kept": told.patience is not None and told.patience <= discount,
            "share": _kept_share(first, cell, back, discount),
        })  # fmt: skip
    return sorted(found, key=lambda row: -sum(row["payoffs"]))


def _kept_share(first: Round, cell: Cell, back: Equilibrium, discount: float) -> float:
    """Share of draws in which the discount factor is enough for both, the same punishment held out."""
    i, j = cell
    punished = np.einsum("srcd,r,c->sd", first.totals, np.array(back.first), np.array(back.second))
    kept = first.totals[:, i, j]
    broken = np.stack([first.totals[0, :, j].max(axis=0), first.totals[1, i].max(axis=0)])
    need = [
        [threshold(float(k), float(b), float(p)) for k, b, p in zip(kept[s], broken[s], punished[s], strict=True)]
        for s in (0, 1)
    ]
    return float(np.mean([all(d is not None and d <= discount for d in pair) for pair in zip(*need, strict=True)]))


def _rate(bargain: Bargain, k: int, found: Exchange) -> Row:
    rate = bargain.rates[k]
    giver = bargain.side(rate.side)
    payment = next(each for each in bargain.payments if each.id == rate.against)
    told = rate.lever.model_dump(include={"kind", "region", "material", "product"})
    lever = {key: value for key, value in told.items() if value}
    bounded = found.highs[np.isfinite(found.highs)]
    return {
        "giver": giver,
        "lever": lever | {"value": rate.lever.value.median},
        "element": rate.measure.element,
        "to": list(rate.measure.to),
        "payment": payment.id,
        "name": payment.name.model_dump(),
        "unit": payment.unit.model_dump(),
        "moved": _band(found.amount),
        "cost": _over(found.cost),
        "gain": _over(found.gain),
        "low": _finite(found.mean.low) if found.mean else None,
        "high": _finite(found.mean.high) if found.mean else None,
        "middle": _finite(found.mean.middle) if found.mean else None,
        "exists": found.exists,
        "on_average": found.mean is not None,
        "lows": _over(found.lows),
        "highs": _over(bounded),
        "free": float(np.mean(np.isinf(found.highs))) if len(found.highs) else 0.0,
    }


def _over(values: Floats) -> Row | None:
    known = values[np.isfinite(values)]
    return _band(known) if len(known) else None


def _leverage(bargain: Bargain, one: Round) -> Row:
    """What each side can do to the other at one date, what it has without a deal, and what a deal is worth then."""
    mean = mean_game(bargain, one)
    solved = solve(mean)
    stands = threat_of(bargain, mean, solved, one)
    threat: Payoffs = (stands["payoffs"][0], stands["payoffs"][1])
    deal = nash_point(frontier(np.array([mean.at(cell) for cell in mean.cells])), threat)
    costs = []
    for side in (0, 1):
        worst, cost = _harshest(one, side)
        costs.append({"side": side, "policy": worst, **_band(cost)})
    return {
        "year": one.window.first.year,
        "from": one.window.first.isoformat(),
        "costs": costs,
        "threat": list(threat),
        "rule": stands["used"],
        "equilibria": [list(each.cell) if each.cell else None for each in solved.equilibria],
        "nash": [deal.payoffs[s] - threat[s] for s in (0, 1)],
        "made_abroad": _band(one.made_abroad[0, 0]),
        "worst_gap": max(each.gap for each in solved.equilibria),
    }


def _inputs(bargain: Bargain) -> list[Row]:
    """Every number beside the simulation, with its reason."""
    package = weights.load()
    found = []
    for name, spread in weights.spreads(bargain).items():
        told = spread.model_dump(include={"median", "low", "high", "assumed", "why", "parameter"})
        found.append({"name": name, **told, "label": _label(bargain, package, name)})
    return found


def _label(bargain: Bargain, package: weights.Weights, name: str) -> Row:
    kind, _, rest = name.partition(":")
    if kind == "weight":
        one = package.weights[rest]
        return {"en": one.name.en, "zh": one.name.zh, "unit": one.unit.model_dump()}
    if kind == "worth":
        return {"product": rest}
    payment, side = rest.split(":")
    paid = next(each for each in bargain.payments if each.id == payment)
    who = bargain.sides[bargain.side(side)].name
    told = {"en": f"{paid.name.en}, to {who.en}", "zh": f"{paid.name.zh}（对{who.zh}）"}
    return {**told, "unit": paid.unit.model_dump()}


def _drivers(
    bargain: Bargain, network: Network, first: Round, told: Row, stands: Row, seed: int, *, spread: bool
) -> list[Row]:
    """What the deal and both sides' threats follow most closely."""
    targets: dict[str, Floats] = {}
    if told["nash"]["mixture"]:
        agreed = sum((m["weight"] * first.totals[:, m["row"], m["column"]] for m in told["nash"]["mixture"]), 0.0)
        targets = {f"deal:{s}": (agreed - stands["draws"])[s] for s in (0, 1)}
    for s in (0, 1):
        worst, cost = _harshest(first, s)
        plain = first.unpaid[1, worst, 0] if s == 0 else first.unpaid[0, 0, worst]
        if float(np.std(plain)) > 0.0:  # a payment follows nothing but its own worth
            targets[f"threat:{s}"] = cost
    found = drivers.drivers(bargain, network, targets, seed=seed, spread=spread)
    return [
        {"name": one.name, "target": one.target, "rank": one.rank, "assumed": one.assumed,
         "claims": [{"id": claim, "weight": weight} for claim, weight in one.claims]}
        for one in found
    ]  # fmt: skip


def _harshest(one: Round, side: int) -> tuple[int, Floats]:
    """The policy of a side that costs the other most while that one holds still, and the cost (draw,)."""
    done = one.totals[1, :, 0] if side == 0 else one.totals[0, 0]
    worst = int(np.argmin(done.mean(axis=-1)))
    return worst, 0.0 - done[worst]
