"""Home to the outcomes by name, and to the month or year that each takes by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

from ytterby.run.chain.model import Chain
from ytterby.run.gradient.exports import exports
from ytterby.run.gradient.objective import Asked, Objective
from ytterby.run.gradient.prices import price
from ytterby.run.gradient.shortfalls import shortfall
from ytterby.run.gradient.stops import line_stop
from ytterby.run.gradient.sufficiency import sufficiency
from ytterby.run.periods import calendar
from ytterby.terms.errors import UnknownName

METRICS: Mapping[str, Callable[[Chain, Asked], Objective]] = MappingProxyType(
    {
        "line-stop": line_stop,
        "shortfall": shortfall,
        "exports": exports,
        "price": price,
        "self-sufficiency": sufficiency,
    }
)
AFTER = {"shortfall": 182.0, "exports": 61.0, "price": 152.0}
"""Days after the controls in whose month or year an outcome is looked at where none is named."""


def objective(model: Chain, asked: Asked) -> tuple[Objective, Asked]:
    """The outcome asked for, and the question with what it takes by itself filled in.

    Raises:
        UnknownName: no such metric, product, region or material.
        BadValue: no such month or year.
    """
    if asked.metric not in METRICS:
        raise UnknownName(asked.metric, known=METRICS, what="metric", place="explain")
    asked = replace(asked, when=asked.when or _usual(model, asked))
    return METRICS[asked.metric](model, asked), asked


def _usual(model: Chain, asked: Asked) -> str:
    if asked.metric == "line-stop" or asked.goal:
        return ""
    grid = model.grid
    freq = "month" if asked.metric in ("exports", "price") else "year"
    laid = calendar(grid, freq)
    if asked.metric == "self-sufficiency":
        whole = [label for label, all_ in zip(laid.labels, laid.complete, strict=True) if all_]
        return min(whole, key=lambda label: (label > "2030", -int(label)), default=laid.labels[-1])
    day = grid.start + timedelta(days=min(model.watch_from + AFTER[asked.metric], (grid.steps - 1) * grid.days))
    label = f"{day:%Y-%m}" if freq == "month" else str(day.year)
    return label if label in laid.labels else laid.labels[-1]
