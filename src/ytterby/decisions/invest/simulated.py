"""Home to what the draws make of a plan: the share made at home by year, and days without Chinese goods, as bands."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytterby.decisions.invest.deriving import per_unit
from ytterby.run.metrics import quantiles
from ytterby.run.trials import Trial
from ytterby.world.network import Network

Floats = NDArray[np.float64]
KEEP = ("demand", "output", "made", "stockpile")
"""Series that have to be kept of a trial."""
SLOWED = 0.95
"""Share of what makers want below which they are taken to have run out."""


def years_of(trial: Trial) -> tuple[int, ...]:
    """Calendar years that a trial covers whole."""
    months: dict[int, int] = {}
    for start in trial.starts:
        day = date.fromisoformat(start)
        months[day.year] = months.get(day.year, 0) + 1
    most = max(months.values())
    return tuple(year for year, count in months.items() if count == most)


def share(trial: Trial, n: Network, region: str) -> tuple[tuple[int, ...], Floats]:
    """Magnets made at home over magnets wanted at home (year, draw)."""
    made = trial.rows("made", lambda label: label == f"{region}|magnet").sum(axis=0)
    wanted = _wanted(trial, n, region, "demand")
    years = years_of(trial)
    top, below = _by_year(trial, made, years), _by_year(trial, wanted, years)
    return years, np.divide(top, below, out=np.zeros_like(top), where=below > 0)


def held(trial: Trial, materials: Collection[str]) -> Floats:
    """The most that states held of some materials together, t (draw,)."""
    return np.asarray(trial.rows("stockpile", lambda label: label in materials).sum(axis=0, dtype=float).max(axis=0))


def days(trial: Trial, n: Network, region: str, year: int) -> Floats:
    """Days from the start of a year to the first period in which makers at home build less than 95 % (draw,).

    To the middle of that period; the days to the trial's end where that never happens.
    """
    wanted, built = _wanted(trial, n, region, "demand"), _wanted(trial, n, region, "output")
    met = np.divide(built, wanted, out=np.ones_like(built), where=wanted > 0)
    starts = np.array([date.fromisoformat(day).toordinal() for day in trial.starts], dtype=float)
    ends = np.append(starts[1:], starts[-1] + (starts[-1] - starts[-2] if len(starts) > 1 else 0.0))
    cut = float(date(year, 1, 1).toordinal())
    later = starts >= cut
    low = (met < SLOWED) & later[:, None]
    first = np.argmax(low, axis=0)
    middle = (starts + ends) / 2.0 - cut
    return np.asarray(np.where(low.any(axis=0), middle[first], ends[-1] - cut))


def band(values: Floats) -> list[dict[str, float]]:
    """5, 25, 50, 75 and 95 % points of every row (row, draw)."""
    return [quantiles(row) for row in values]


def compared(promise: Sequence[float], found: Floats) -> dict[str, Any]:
    """A promised value beside what was simulated (draw,)."""
    points = quantiles(found)
    return {"promised": float(promise[-1]), **points, "kept": float(np.mean(found >= promise[-1] - 1e-9))}


def _wanted(trial: Trial, n: Network, region: str, series: str) -> Floats:
    """Tonnes of magnets in what makers at home want or build (period, draw)."""
    home = {group for k, group in enumerate(n.groups) if n.regions[n.group_region[k]] == region}
    rows = trial.rows(series, lambda label: label in home).astype(float)
    weight = per_unit(n)[[n.groups.index(label) for label in trial.labels[series] if label in home]]
    return np.asarray(np.einsum("g,gpd->pd", weight, rows))


def _by_year(trial: Trial, values: Floats, years: Sequence[int]) -> Floats:
    own = np.array([date.fromisoformat(day).year for day in trial.starts])
    return np.stack([values[own == year].sum(axis=0, dtype=float) for year in years])
