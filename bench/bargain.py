"""Home to the measure of bargains: every equilibrium checked by best replies, points against a brute search.

`python -m bench.bargain [DRAWS]` plays the shipped bargains on a project of its own and prints what must hold.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

import ytterby
from ytterby.decisions.bargain.equilibria import solve
from ytterby.decisions.bargain.frontier import frontier, nash_point
from ytterby.decisions.bargain.games import game

GAMES = 300
DRAWS = 32


def rows(project: Any = None, draws: int = DRAWS) -> list[dict[str, Any]]:
    """Figure, value, limit and whether it holds."""
    found = [*_random(), _points()]
    if project is not None:
        return [*found, *_shipped(project, draws)]
    with tempfile.TemporaryDirectory() as folder:
        return [*found, *_shipped(ytterby.init(Path(folder) / "project"), draws)]


def _random() -> list[dict[str, Any]]:
    """Random games, half of them full of ties: every equilibrium against every pure policy, counted anew."""
    rng = np.random.default_rng(0)
    worst, solved, refused, ties, odd, plain = 0.0, 0, 0, 0, 0, 0
    started = time.process_time()
    for k in range(GAMES):
        shape = tuple(rng.integers(1, 6, size=2))
        tables = rng.integers(-2, 3, size=(2, *shape)) if k % 2 else rng.normal(size=(2, *shape))
        one = game(*tables.astype(float))
        told = solve(one)
        solved += len(told.equilibria)
        refused += told.refused
        ties += bool(told.ties)
        plain += not k % 2
        odd += not k % 2 and len(told.equilibria) % 2 == 1
        for each in told.equilibria:
            x, y = np.array(each.first), np.array(each.second)
            gains = [(one.first @ y).max() - x @ one.first @ y, (x @ one.second).max() - x @ one.second @ y]
            spans = [max(np.ptp(t), 1e-6 * np.abs(t).max(), 1e-300) for t in (one.first, one.second)]
            worst = max(worst, *(g / s for g, s in zip(gains, spans, strict=True)))
    taken = (time.process_time() - started) / GAMES
    return [
        _row(f"largest gain from leaving any of {solved} equilibria of {GAMES} games", worst, "<= 1e-9", worst <= 1e-9),
        _row(f"games without ties that have an odd number of equilibria, of {plain}", odd, f"{plain}", odd == plain),
        _row("games with payoffs that tie, told as such", ties, "> 0", ties > 0),
        _row("findings of a solver refused by the check", refused, "", True),
        _row("CPU ms a game", taken * 1e3, "", True),
    ]


def _points() -> dict[str, Any]:
    """Nash's point against a search over lotteries."""
    rng = np.random.default_rng(1)
    worst = 0.0
    for _ in range(100):
        points = rng.normal(size=(6, 2))
        threat = tuple(points.min(axis=0) - 0.1)
        found = nash_point(frontier(points), threat)
        share = np.linspace(0, 1, 401)[:, None]
        lots = np.concatenate([(1 - share) * a + share * b for a in points for b in points]) - threat
        best = float((lots[:, 0] * lots[:, 1])[(lots > 0).all(axis=1)].max())
        product = (found.payoffs[0] - threat[0]) * (found.payoffs[1] - threat[1])
        worst = max(worst, (best - product) / best)
    return _row("Nash's point: most that a search over lotteries does better, share", worst, "<= 0", worst <= 1e-12)


def _shipped(project: Any, draws: int) -> list[dict[str, Any]]:
    found = []
    for one in project.bargains():
        started = time.process_time()
        made = project.bargain(one["id"], draws, years=[])
        taken = time.process_time() - started
        said = made.answer
        worst = max(said["verified"]["worst_gap"], *(each["worst_gap"] for each in said["leverage"]))
        found.append(_row(f"{one['id']}: largest gain from leaving an equilibrium", worst, "<= 1e-9", worst <= 1e-9))
        settled = said["equilibria"][0]
        found.append(_row(f"{one['id']}: draws in which its first equilibrium holds", settled["holds"], "", True))
        gains = " / ".join(f"{gain:.1f}" for gain in said["set"]["nash"]["gains"])
        found.append(_row(f"{one['id']}: a deal's worth, USD bn a year", gains, "", True))
        for rate in said["rates"]:
            ends = f"{rate['low']:.3g} to {'no end' if rate['high'] is None else format(rate['high'], '.3g')}"
            told = ends if rate["on_average"] else "no trade"
            found.append(
                _row(f"{one['id']}: t of {rate['element']} a year for a unit of {rate['payment']}", told, "", True)
            )
        per = taken / (said["trials"] * draws) * 1e3
        found.append(
            _row(f"{one['id']}: CPU ms a simulated world ({said['trials']} trials, {draws} draws)", per, "", True)
        )
    return found


def _row(figure: str, value: Any, limit: str, holds: bool) -> dict[str, Any]:  # noqa: FBT001
    return {"figure": figure, "value": value, "limit": limit, "holds": bool(holds)}


if __name__ == "__main__":
    for row in rows(draws=int(sys.argv[1]) if len(sys.argv) > 1 else DRAWS):
        value = f"{row['value']:.3g}" if isinstance(row["value"], float) else row["value"]
        print(f"{'ok  ' if row['holds'] else 'FAIL'} {row['figure']}: {value} {row['limit']}")
