"""Home to the measure of decisions: the figures of each room as one table, every limit beside its figure."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import ytterby
from bench import bargain, explain, hedge, invest
from bench.table import Section

COLUMNS = ("figure", "measured", "limit", "holds")


def sections(quick: bool) -> Iterator[Section]:  # noqa: FBT001
    """Explain, hedge, invest and bargain, each on an empty project."""
    with tempfile.TemporaryDirectory() as folder:
        project = ytterby.init(Path(folder) / "project")
        told = (_bound(row) for row in explain.rows(project, samples=16 if quick else 64))
        yield _section("Explain: slopes, one reverse pass, and Sobol", told, "the scenario is baseline")
        told = (_limited(row) for row in hedge.rows(project, 50 if quick else 200))
        yield _section("Hedge: a buyer's programme on drawn futures", told, "an invented buyer and invented arrivals")
        promised = "the shipped questions, simulated on the draws of self-sufficiency"
        yield _section(
            "Invest: what is promised, and what is simulated", invest.rows(project, 8 if quick else 32), promised
        )
        games = "random games, then the four that are shipped"
        yield _section("Bargain: equilibria and points, checked", bargain.rows(project, 8 if quick else 32), games)


def _section(title: str, rows: Iterable[Mapping[str, Any]], note: str) -> Section:
    told = tuple((str(row["figure"]), _said(row["value"]), row["limit"] or "–", _holds(row)) for row in rows)
    return Section(title, COLUMNS, told, (note,))


def _said(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _holds(row: Mapping[str, Any]) -> str:
    return "–" if not row["limit"] else "yes" if row["holds"] else "NO"


def _bound(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of explain: its bound is written with its sign."""
    sign, bound = row["bound"].split()
    holds = row["value"] <= float(bound) if sign == "<=" else row["value"] >= float(bound)
    limit = f"{row['bound']} {row['unit']}".strip()
    return {"figure": row["what"], "value": row["value"], "limit": limit, "holds": holds}


def _limited(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of hedge: the plan's rivals cost more than it, everything else stays below its limit."""
    rival = "over that of the plan" in row["what"]
    holds = row["value"] > row["limit"] if rival else row["value"] <= row["limit"]
    limit = f"{'>' if rival else '<='} {row['limit']:g}"
    return {"figure": row["what"].removeprefix("hedge: "), "value": row["value"], "limit": limit, "holds": holds}
