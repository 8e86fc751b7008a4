"""Home to reporting periods: how steps of a run fall into months, quarters or years.

A step that straddles two periods is divided between them by days, so flows add up exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from ytterby.rules.calendar import EPOCH
from ytterby.run.base import Grid


@dataclass(frozen=True)
class Calendar:
    """Reporting periods of a run."""

    labels: tuple[str, ...]
    """``2025-04``, ``2025-Q2`` or ``2025``."""
    starts: tuple[str, ...]
    """First day of each period that the run covers (ISO)."""
    share: NDArray[np.float64]
    """(step, period) share of a step's days that falls into the period; rows sum to 1."""
    complete: NDArray[np.bool_]
    """(period,) whether the run covers all of it."""
    freq: str
    """``month``, ``quarter`` or ``year``."""


def frequency(grid: Grid) -> str:
    """Months up to three years, quarters up to twelve, years beyond: what a reader can take in and a disk can hold."""
    years = grid.steps * grid.days / 365.25
    return "month" if years <= 3.0 else "quarter" if years <= 12.0 else "year"


def calendar(grid: Grid, freq: str | None = None) -> Calendar:
    """Lay the reporting periods over the steps."""
    freq = freq or frequency(grid)
    edges, labels = _edges(grid, freq)
    starts = grid.ordinals()
    ends = starts + grid.days
    low, high = edges[:-1], edges[1:]
    overlap = np.minimum(ends[:, None], high[None]) - np.maximum(starts[:, None], low[None])
    share = np.clip(overlap, 0.0, None) / grid.days
    covered = share.sum(axis=0) * grid.days >= (high - low) - 1e-9
    first = [max(edge, starts[0]) for edge in low]
    return Calendar(
        tuple(labels),
        tuple((EPOCH + timedelta(days=float(f))).isoformat() for f in first),
        share,
        covered,
        freq,
    )


def by_step(grid: Grid) -> Calendar:
    """Every step a period of its own: what a fit to dated observations needs."""
    starts = grid.ordinals()
    labels = tuple((EPOCH + timedelta(days=float(s))).isoformat() for s in starts)
    return Calendar(labels, labels, np.eye(grid.steps), np.ones(grid.steps, dtype=bool), "step")


def _edges(grid: Grid, freq: str) -> tuple[NDArray[np.float64], list[str]]:
    months = {"month": 1, "quarter": 3, "year": 12}[freq]
    last = grid.start + timedelta(days=grid.steps * grid.days)
    month = ((grid.start.month - 1) // months) * months
    current = date(grid.start.year, month + 1, 1)
    edges, labels = [], []
    while current < last:
        edges.append((current - EPOCH).days)
        labels.append(_label(current, freq))
        total = current.year * 12 + current.month - 1 + months
        current = date(total // 12, total % 12 + 1, 1)
    edges.append((current - EPOCH).days)
    return np.array(edges, dtype=float), labels


def _label(day: date, freq: str) -> str:
    if freq == "month":
        return f"{day:%Y-%m}"
    return f"{day.year}-Q{(day.month - 1) // 3 + 1}" if freq == "quarter" else str(day.year)
