"""Home to the drivers: which assumed inputs the verdict hangs on most, from the run's own draws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ytterby.figures import Caption, tornado
from ytterby.findings import naming, wording
from ytterby.findings.ground import Floats, Ground, both
from ytterby.findings.verdict import Verdict
from ytterby.report import Section, Table

THIRD = 1.0908
"""Mean of a standard normal variable within its upper third: turns the gap of the thirds into one per sigma."""
MOST = 12
SURE = 3.0
"""Times what chance gives a single input: among hundreds, some reach twice."""
LEAST = 3
"""Inputs that are shown even where chance could have ranked them."""
FEWEST = 12
"""Draws below which a rank correlation says nothing."""


@dataclass(frozen=True)
class Driver:
    """One input and how the verdict's number moves with it."""

    name: str
    rank: float
    """Spearman's rank correlation."""
    low: float
    """Change of the mean, in the verdict's unit, at one sigma below the input's middle."""
    high: float
    assumed: bool


def drivers(ground: Ground, verdict: Verdict) -> list[Driver]:
    """Every input by how closely the verdict's number follows it; never counts as the end of the run."""
    values = verdict.values
    reached = values[np.isfinite(values)]
    if len(values) < FEWEST or not reached.size:
        return []
    metric = np.where(np.isfinite(values), values, _end(ground, verdict)) * verdict.scale
    if float(metric.std()) == 0.0:
        return []
    found = [
        _driver(ground, name, inputs, metric) for name, inputs in ground.drawn.items() if float(inputs.std()) > 0.0
    ]
    return sorted(found, key=lambda d: (-abs(d.rank), d.name))


def _end(ground: Ground, verdict: Verdict) -> float:
    if verdict.unit == "years":
        return float(ground.end.year + 1)
    return float((ground.end - ground.start).days + 1)


def _driver(ground: Ground, name: str, inputs: Floats, metric: Floats) -> Driver:
    order = _ranks(inputs)
    rank = float(np.corrcoef(order, _ranks(metric))[0, 1])
    lower, upper = order <= len(order) / 3.0, order > 2.0 * len(order) / 3.0
    middle = float(metric.mean())
    low, high = (float(metric[part].mean() - middle) / THIRD for part in (lower, upper))
    return Driver(name, rank, low, high, ground.parameters[name].assumed)


def _ranks(values: Floats) -> Floats:
    """Ranks from 1 on, equal values sharing the mean of theirs."""
    _, where, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2.0)[where])


def section(ground: Ground, verdict: Verdict) -> Section:
    """The assumed inputs that matter most, as a tornado."""
    found = drivers(ground, verdict)
    assumed = [d for d in found if d.assumed]
    if not assumed:
        return Section(
            "Which inputs matter most cannot be told from this run",
            f"It has {wording.count(ground.run.draws)} draws, and the number it is judged by either never "
            "comes or is the same "
            "in all.",
            sources=(ground.by_itself,),
            anchor="drivers",
        )
    noise = 1.0 / float(np.sqrt(max(1, ground.run.draws - 1)))
    top = [d for d in assumed[:MOST] if abs(d.rank) > SURE * noise] or assumed[:LEAST]
    first = naming.parameter(ground, top[0].name)
    title = f"Of the assumed inputs, most hangs on {first}"
    unit = f"{verdict.unit} per ±1σ"
    caption = Caption(
        title,
        f"{unit} · change of the mean {verdict.metric} · {wording.count(ground.run.draws)} draws",
        (ground.by_itself,),
        note=f"Shown: rank correlations above {SURE * noise:.2f}, beyond chance among many; never counts as the end.",
        bare=ground.bare,
    )
    rows = [{"label": naming.parameter(ground, d.name), "low": d.low, "high": d.high, "assumed": True} for d in top]
    drawn = both(lambda width: tornado(rows, caption, most=MOST, sort=False, width=width))
    listed = [*top, *[d for d in found if not d.assumed][:5]]
    table = [_line(ground, d) for d in listed]
    return Section(
        title,
        f"Inputs nobody measured, ranked by how closely the {verdict.metric} follows them over the draws. "
        f"Below them in the table are the {len(listed) - len(top)} sourced inputs that matter most.",
        *drawn,
        Table(
            (
                "Input",
                "Rank correlation",
                f"Low, {verdict.unit}",
                f"High, {verdict.unit}",
                "From",
            ),
            table,
            assumed=frozenset(k for k, d in enumerate(listed) if d.assumed),
        ),
        (ground.by_itself,),
        anchor="drivers",
    )


def _line(ground: Ground, driver: Driver) -> tuple[str | float, ...]:
    low, high = np.quantile(ground.drawn[driver.name], [0.05, 0.95])
    unit = ground.parameters[driver.name].unit
    return (
        naming.parameter(ground, driver.name),
        round(driver.rank, 2),
        driver.low,
        driver.high,
        f"{naming.source(ground, driver.name)} "
        f"(draws: {wording.amount(float(low))}–{wording.amount(float(high))}{' ' + unit if unit else ''})",
    )
